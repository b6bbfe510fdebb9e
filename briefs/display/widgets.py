"""The widgets of a form, made from the parameters' model; importing this needs ipywidgets."""

import datetime as dt
import math
from html import escape
from typing import Any, Protocol

import ipywidgets as w
from pydantic.fields import FieldInfo

from briefs.display.i18n import _
from briefs.display.parameter_text import told
from briefs.parameters import Parameters, bounds, choices, is_list

#: A range of more steps has no slider.
STEPS, MOST = 200, 1e6
_LABEL, _FIELD = "9em", "30em"


class Owner(Protocol):
    """What a view asks: whether values are right, and to run with them."""

    def fault(self, values: dict[str, Any]) -> tuple[str, str, Any]: ...
    def run(self, values: dict[str, Any]) -> tuple[bool, str]: ...
    def table(self) -> str: ...


class View:
    """Fields, buttons, what is said of both, and the table of tries."""

    def __init__(self, parameters: Parameters, owner: Owner) -> None:
        self._owner, model = owner, type(parameters)
        self._first = {name: getattr(parameters, name) for name in model.model_fields}
        self.fields = {
            name: field_for(name, field, self._first[name])
            for name, field in model.model_fields.items()
        }
        self.run = w.Button(description=_("Run the cells below"), button_style="primary")
        self.reset = w.Button(description=_("As opened"))
        self.mend = w.Button(layout={"display": "none", "width": "auto"})
        for button in (self.run, self.reset):
            button.layout.width = "auto"
        self.said, self.tries, self.rest = w.HTML(), w.HTML(), w.Output()
        self.run.on_click(self._run)
        self.reset.on_click(self._reset)
        self.mend.on_click(self._mend)
        for field in self.fields.values():
            field.observe(self._changed, "value")
        rows = [
            w.HBox(
                [
                    self.fields[name],
                    w.HTML(f"<small style='line-height:1.3'>{escape(told(field))}</small>"),
                ]
            )
            for name, field in model.model_fields.items()
        ]
        buttons = w.HBox([self.run, self.reset, self.mend, self.said])
        self.others = w.Accordion([self.rest], titles=[_("Other outputs of the cells run again")])
        self.others.layout.display = "none"
        self.box = w.VBox([*rows, buttons, self.tries, self.others])

    @property
    def values(self) -> dict[str, Any]:
        """What the fields hold."""
        held = {name: field.value for name, field in self.fields.items()}
        return {n: list(v) if isinstance(v, tuple) else v for n, v in held.items()}

    def _changed(self, _change: Any = None) -> None:
        text, name, right = self._owner.fault(self.values)
        self.run.disabled = bool(text)
        self.said.value = "<br>".join(map(escape, text.splitlines()))
        self._better = (name, right)
        self.mend.layout.display = "none" if right is None else ""
        self.mend.description = f"{name} = {right}"

    def _mend(self, _button: Any) -> None:
        name, right = self._better
        self.fields[name].value = tuple(right) if isinstance(right, list) else right

    def _reset(self, _button: Any) -> None:
        for name, value in self._first.items():
            self.fields[name].value = tuple(value) if isinstance(value, list) else value

    def _run(self, _button: Any) -> None:
        self.run.disabled = True
        self.said.value = escape(_("Running …"))
        self.rest.clear_output()
        with self.rest:
            stopped, text = self._owner.run(self.values)
        self.said.value = escape(text)
        self.others.layout.display, self.others.selected_index = "", 0 if stopped else None
        self.tries.value = self._owner.table()
        self.run.disabled = False


def field_for(name: str, field: FieldInfo, value: Any) -> Any:
    """Return the widget that fits a parameter: a calendar, a list, a slider, a box for numbers or text."""
    shared = {
        "description": name,
        "style": {"description_width": _LABEL},
        "layout": {"width": _FIELD, "flex": "0 0 auto"},
    }
    known, ends = choices(field.annotation), bounds(field)
    if is_list(field) and known:
        rows = min(len(known), 6)
        return w.SelectMultiple(options=known, value=tuple(value), rows=rows, **shared)
    if known:
        return w.Dropdown(options=known, value=value, **shared)
    if isinstance(value, dt.date):
        return w.DatePicker(value=value, min=ends.get("ge"), max=ends.get("le"), **shared)
    if isinstance(value, int | float) and ends:
        return _number(value, ends, shared)
    return w.Text(value="" if value is None else str(value), continuous_update=False, **shared)


def _number(value: float, ends: dict[str, Any], shared: dict[str, Any]) -> Any:
    """Return a slider where a range has ends that a hand can find, else a box."""
    low, high = ends.get("ge", ends.get("gt")), ends.get("le", ends.get("lt"))
    assert low is not None and high is not None  # a range has two ends
    whole, slides = isinstance(value, int), "ge" in ends and high - low <= MOST
    step = 10 ** math.floor(math.log10((high - low) / STEPS))
    step *= 5 if (high - low) / step / 5 >= STEPS else 1
    limits = {"value": value, "min": low, "max": high, "continuous_update": False}
    if slides:
        kind = w.IntSlider if whole else w.FloatSlider
        shown = {"readout_format": "d" if whole else ".6"}
        return kind(step=max(1, step) if whole else step, **shown, **limits, **shared)
    return (w.BoundedIntText if whole else w.BoundedFloatText)(**limits, **shared)
