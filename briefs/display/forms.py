"""A form of a notebook's parameters: other values, the cells below run again, and what came of each try."""

import html
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

import pandas as pd
from IPython import display
from IPython.core.getipython import get_ipython

from briefs.display import estimates, i18n, lab, parameter_text
from briefs.display.i18n import _
from briefs.display.nearest import nearest_right
from briefs.display.rerun import Cells
from briefs.parameters import ParameterError, Parameters, injected

_open: "Form | None" = None


def form(parameters: Parameters) -> "Form | HowTo":
    """Return a form that starts from these parameters, or where there is none to be had, how to set them.

    It stands above the cells that it runs again. What it sets are the notebook's own variables: each
    parameter by its name, and each variable that holds all of them.
    """
    global _open
    shell: Any = get_ipython()
    if shell is None or find_spec("ipywidgets") is None:  # it is of the extra ``lab``
        return HowTo(parameters)
    if _open:
        _open.close()
    _open = Form(parameters, shell)
    return _open


class HowTo:
    """How to set parameters, in words: for a notebook without ipywidgets, and for whoever reads text."""

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters

    def __repr__(self) -> str:
        rows = parameter_text.listing(self._parameters)
        width = max(len(row["name"]) for row in rows)
        lines = [f"{r['name']:{width}}  {r['value']}  {r['told']}" for r in rows]
        report = self._parameters.report
        return "\n".join(
            [
                _(
                    "Change values in the cell of parameters at the top and run all cells, or build with "
                    "others: {command}",
                    command=f"briefs build {report} -p {rows[-1]['name']}={rows[-1]['value']}",
                ),
                _("A form stands here where ipywidgets is installed."),
                *lines,
            ]
        )

    def _repr_html_(self) -> str:
        rows = [list(row.values()) for row in parameter_text.listing(self._parameters)]
        head = (_("Parameter"), _("Value"), _("Meaning"))
        first, second, *_rest = repr(self).splitlines()
        table = lab.table([(label, "text") for label in head], rows)
        return f"<p>{html.escape(first)}</p><p>{html.escape(second)}</p>{table}"


class Form:
    """A form of parameters; `tried` has what came of each set that was run."""

    def __init__(self, parameters: Parameters, shell: Any) -> None:
        from briefs.display import widgets  # late: it takes long, and reports don't need it

        self._model, self._parameters, self._shell = type(parameters), parameters, shell
        self._cells = Cells(shell, self._model.model_fields)
        self._first = injected(parameters)
        #: By a text of the values: these, and the record of each verdict.
        self._tries: dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]] = {}
        self._view = widgets.View(parameters, self)

    def close(self) -> None:
        """Note no more cells: another form takes this one's place."""
        self._cells.close()

    def _ipython_display_(self) -> None:
        bundle = {**self._view.box._repr_mimebundle_(), "text/plain": repr(HowTo(self._parameters))}
        display.publish_display_data(bundle)  # type: ignore[no-untyped-call]

    def fault(self, values: Mapping[str, Any]) -> tuple[str, str, Any]:
        """Say what is wrong with values: the words, the first parameter at fault, what would be right."""
        with i18n.in_language(self._parameters.language):
            try:
                self._model.parse(values)
            except ParameterError as error:
                name = str(error).partition(":")[0]
                known = name in self._model.model_fields
                return str(error), name, nearest_right(self._model, values, name) if known else None
            return "", "", None

    def run(self, values: Mapping[str, Any]) -> tuple[bool, str]:
        """Set the values, run the cells below again, and note what came.

        Returns whether a cell failed, and what is to be said.
        """
        self._note()
        chosen = self._model.parse(values)
        names = self._shell.user_ns
        for name in [n for n, value in names.items() if value is self._parameters]:
            names[name] = chosen
        names.update(injected(chosen))
        self._parameters = chosen
        with i18n.in_language(chosen.language):
            failed = self._cells.run()
            if failed:
                return True, _("Stopped at the cell that begins with: {line}", line=failed)
            self._note()
            if not self._cells:
                return False, _("Run the cells below once; from then on they run again from here.")
            return False, _("Cells run again: {n}.", n=i18n.number(len(self._cells)))

    def _note(self) -> None:
        """Note the verdicts that stand in the notebook now, once for each set of parameters."""
        values = injected(self._parameters)
        shown = self._cells.session.shown.values()
        found = {record["id"]: record for record in shown if record.get("kind") == "verdict"}
        if found:
            self._tries[str(values)] = values, found

    @property
    def tried(self) -> pd.DataFrame:
        """A row for each claim of each set tried: the parameters, the verdict, the headline estimate."""
        rows = [
            {**values, "claim": name, "verdict": record["verdict"], **_numbers(record)}
            for values, found in self._tries.values()
            for name, record in found.items()
        ]
        return pd.DataFrame(rows)

    def table(self) -> str:
        """Write what was tried: a row for each set, with what differs from the first; a column for each claim."""
        if not self._tries:
            return ""
        tries = list(self._tries.values())
        claims = list(tries[0][1])
        with i18n.in_language(self._parameters.language):
            rows = [
                [self._differing(values), *(_said(found.get(name)) for name in claims)]
                for values, found in tries
            ]
            return lab.table([(label, "text") for label in (_("Parameters"), *claims)], rows)

    def _differing(self, values: Mapping[str, Any]) -> str:
        """Write the parameters that aren't as the form was opened with."""
        changed = {name: value for name, value in values.items() if value != self._first[name]}
        said = (f"{name}={parameter_text.written(value)}" for name, value in changed.items())
        return " ".join(said) or _("as opened")


def _numbers(record: Mapping[str, Any]) -> dict[str, Any]:
    found = record.get("estimate") or {}
    return {name: found.get(name) for name in ("value", "low", "high", "unit")}


def _said(record: Mapping[str, Any] | None) -> str:
    if record is None:
        return i18n.UNKNOWN
    return f"{record['label']}: {estimates.short(record.get('estimate'))}"
