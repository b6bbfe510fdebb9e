"""What the briefs compute, gathered: the notebooks' own calls, run without drawing anything.

A notebook is the only place where evidence, science and display meet. The overview needs the
verdicts of all of them, as of two dates, so it runs the statements of each notebook that
compute something and leaves out the expressions that only show it. Nothing is written twice,
and the overview can't disagree with a brief.
"""

import ast
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import params
from briefs.values import Verdict

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
BRIEFS = params.Overview.gathers


def computed(report: str, **parameters: Any) -> dict[str, Any]:
    """Run what a brief's notebook computes.

    Parameters
    ----------
    report : str
        Name of the brief.
    **parameters
        As ``briefs build -p`` takes them; the others have their defaults.

    Returns
    -------
    dict
        The names that the notebook's cells define.
    """
    notebook = json.loads((NOTEBOOKS / f"{report}.ipynb").read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = parameters.injected(parameters.parse(report, parameters))
    for number, cell in enumerate(cells):
        if "parameters" in cell["metadata"].get("tags", ()):
            continue
        tree = ast.parse("".join(cell["source"]))
        tree.body = [statement for statement in tree.body if not isinstance(statement, ast.Expr)]
        exec(
            compile(tree, f"{report} code cell {number + 1}", "exec"), names
        )  # the project's own notebook
    return names


def all_computed(as_of: dt.date, level: float, n_boot: int, seed: int) -> dict[str, dict[str, Any]]:
    """Run every brief as of a date.

    Parameters
    ----------
    level, n_boot, seed
        Common parameters of the notebooks.

    Returns
    -------
    dict
        Report -> what `computed` returns.
    """
    return {
        report: computed(report, as_of=as_of, level=level, n_boot=n_boot, seed=seed)
        for report in BRIEFS
    }


def verdicts(found: Mapping[str, Mapping[str, Any]]) -> list[Verdict]:
    """Every verdict among what was computed, in the order of the briefs."""
    return [
        value for names in found.values() for value in names.values() if isinstance(value, Verdict)
    ]


def changes(before: Iterable[Verdict], now: Iterable[Verdict]) -> pd.DataFrame:
    """How each claim's verdict and main estimate moved between two dates.

    Parameters
    ----------
    before, now : iterable of Verdict
        Of the same claims.

    Returns
    -------
    DataFrame
        ``id``, ``before`` and ``now`` (the `Verdict` at each date), ``changed``: whether the verdict did.
    """
    earlier = {judged.claim["id"]: judged for judged in before}
    rows = [(judged.claim["id"], earlier[judged.claim["id"]], judged) for judged in now]
    table = pd.DataFrame(rows, columns=["id", "before", "now"])
    return table.assign(
        changed=[b.verdict != n.verdict for b, n in zip(table["before"], table["now"], strict=True)]
    )
