"""Parameters: a frozen, typed model for each notebook, written by the project and read here.

Names, types, defaults, ranges, units and meaning live in the models and nowhere else;
``briefs check`` holds each notebook's ``parameters`` cell to them. Values may come as text
(command line, YAML, a cell that papermill wrote): the field decides what a text means, never
the look of the text, so ``007`` stays ``"007"`` where the field is text.
"""

import ast
import datetime as dt
import difflib
import importlib
import json
import sys
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ClassVar,
    Literal,
    Self,
    Union,
    get_args,
    get_origin,
)

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)
from pydantic.fields import FieldInfo

from briefs.project import data_folder, project
from briefs.values import LANGUAGES, N_, PSEUDO

_SHOWN = 100


class ParameterError(ValueError):
    """A parameter is unknown, of the wrong type, or out of range; the message says what is right."""


def evidence_date() -> dt.date:
    """Day on which the evidence was last collected: ``created`` of its package."""
    path = data_folder() / "datapackage.json"
    try:
        return dt.date.fromisoformat(json.loads(path.read_bytes())["created"][:10])
    except (OSError, ValueError, LookupError, TypeError):
        raise ParameterError(f"{path} says no day on which the evidence was collected") from None


def nearest(name: str, names: Iterable[str]) -> str:
    """Say which of `names` was probably meant by `name`, or list them all."""
    close = difflib.get_close_matches(name, names := list(names), n=1)
    return f"did you mean {close[0]}?" if close else f"choose from {', '.join(names)}"


def cut(text: str) -> str:
    """Shorten what a message shows of a text that may be of any length."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def plain(text: str) -> str:
    """Return a text as it is where it can be read in a line, else as Python writes it."""
    return text if text.isprintable() else repr(text)


def day(value: Any) -> Any:
    """Take a date, or its ISO text; pydantic alone would read 20250101 as seconds since 1970."""
    if isinstance(value, dt.datetime) and value.time() == dt.time(0):
        return value.date()
    if type(value) is dt.date:
        return value
    try:
        if not isinstance(value, str | int) or not str(value).isascii():
            raise ValueError
        return dt.datetime.strptime(str(value), "%Y-%m-%d").date()
    except ValueError:
        raise ValueError("is not a date (write YYYY-MM-DD)") from None


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("is not a number")
    return value


def unique(values: Any) -> Any:
    """Refuse a list that names a choice twice."""
    if isinstance(values, (list, tuple)) and any(values.count(v) > 1 for v in values):
        raise ValueError("names one of them twice")
    return values


Day = Annotated[dt.date, BeforeValidator(day)]
Whole = Annotated[int, BeforeValidator(_no_bool)]
Number = Annotated[float, BeforeValidator(_no_bool), Field(allow_inf_nan=False)]


if TYPE_CHECKING:
    Language = str
else:  # a checker can't know them
    Language = Literal[(*LANGUAGES, PSEUDO)]


class Parameters(BaseModel):
    """What every notebook is asked for; a project's models add ``as_of`` and what its notebooks need."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)
    report: ClassVar[str] = ""
    #: In these, reports that tell how a verdict moved may differ: the verdict hangs on none but the date.
    indifferent: ClassVar[tuple[str, ...]] = ("as_of", "language")

    language: Language = Field(
        "en",
        description=N_("Language of the brief."),
        json_schema_extra={
            "hint": f"{PSEUDO} is accented English, which shows what isn't translated"
        },
    )

    @field_validator("language")
    @classmethod
    def _is_of_the_project(cls, name: str) -> str:
        known = (*project().languages, PSEUDO)
        if name not in known:
            raise ValueError(f"is not one of {', '.join(known)}")
        return name

    @classmethod
    def parse(cls, mapping: Mapping[str, Any]) -> Self:
        """Validate `mapping`; text is taken for what the field is."""
        known, faults = cls.model_fields, []
        values = {
            name: _from_text(known[name].annotation, value)
            for name, value in mapping.items()
            if name in known
        }
        try:
            found = cls(**values)
        except ValidationError as error:
            faults = [_explain(cls, e) for e in error.errors()]
        for name in map(str, mapping):
            if name not in known:
                meant = nearest(name, known)
                faults.append(f"{cut(plain(name))}: unknown parameter of {cls.report}; {meant}")
        if faults:
            raise ParameterError("\n".join(faults))
        return found

    @classmethod
    def from_cell(cls, namespace: Mapping[str, Any]) -> Self:
        """Take the parameters from a notebook's ``globals()``.

        papermill only warns of a name that the notebook doesn't know; the cell that it injects
        is among IPython's inputs, so such a name is an error here as well.
        """
        if lacking := [name for name in cls.model_fields if name not in namespace]:
            raise ParameterError(
                f"the parameters cell of {cls.report} does not set {', '.join(lacking)}"
            )
        names = {*cls.model_fields, *_injected_names(namespace.get("In", ()))}
        return cls.parse({name: namespace[name] for name in names if name in namespace})


def reports() -> dict[str, type[Parameters]]:
    """Return the parameter model of each report of the project, in the order of its readers."""
    here = project()
    if str(here.root) not in sys.path:  # of a project that isn't installed
        sys.path.insert(0, str(here.root))
    models: dict[str, type[Parameters]] = importlib.import_module(here.parameters).REPORTS
    return models


def rank(report: str) -> int:
    """Place of a report in the order of its readers; unknown ones come last."""
    return [*reports(), report].index(report)


def model_for(report: str) -> type[Parameters]:
    """Return the parameter model of `report`."""
    models = reports()
    if report not in models:
        raise ParameterError(f"{report}: unknown report; {nearest(report, models)}")
    return models[report]


def parse(report: str, mapping: Mapping[str, Any]) -> Parameters:
    """Validate the parameters of `report`; raise `ParameterError` with every fault, a line each."""
    return model_for(report).parse(mapping)


def injected(model: Parameters) -> dict[str, Any]:
    """Return the parameters as plain JSON values, for papermill to write into the notebook."""
    return model.model_dump(mode="json")


def describe(report: str) -> list[dict[str, Any]]:
    """List the parameters of `report`: name, type, default, allowed, unit, meaning."""
    model = model_for(report)
    defaults = injected(model())
    return [
        {
            "name": name,
            "type": type_name(field.annotation),
            "default": defaults[name],
            "allowed": allowed(field),
            "unit": extra(field, "unit"),
            "meaning": field.description,
        }
        for name, field in model.model_fields.items()
    ]


def lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Write what `describe` lists, two lines each: what may be given, and what it means."""
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        default = ",".join(row["default"]) if isinstance(row["default"], list) else row["default"]
        unit = f" ({row['unit']})" if row["unit"] else ""
        allowed = f"; {row['allowed']}" if row["allowed"] else ""
        yield f"{row['name']:{width}}  {row['type']}{unit}; default {default}{allowed}"
        yield f"{'':{width}}  {row['meaning']}"


def _from_text(annotation: Any, value: Any) -> Any:
    """Give a text the shape that the field has: a list, or nothing; all else pydantic converts."""
    if not isinstance(value, str):
        return value
    if type(None) in get_args(annotation) and value.strip() in ("null", "None"):
        return None
    if any(get_origin(a) is list for a in (annotation, *get_args(annotation))):
        return [part.strip(" '\"") for part in value.strip(" []").split(",") if part.strip()]
    return value


def _injected_names(inputs: Iterable[str]) -> set[str]:
    """Names that papermill's cell sets, which begins with the comment ``# Parameters``."""
    cells = [ast.parse(source) for source in inputs if source.startswith("# Parameters\n")]
    names = (node for cell in cells for node in ast.walk(cell) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _explain(model: type[Parameters], error: Mapping[str, Any]) -> str:
    """Put one of pydantic's findings into words: parameter, value, rule."""
    if not error["loc"]:  # parameters that don't go together
        return str(error["ctx"]["error"])
    name, kind, value = str(error["loc"][0]), error["type"], error["input"]
    shown = cut(repr(value))
    field = model.model_fields[name]
    hint = f" ({extra(field, 'hint')})" if extra(field, "hint") else ""
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return f"{name}: {cut(str(value))} is not {allowed(field)}{hint}"
    if kind == "literal_error":
        near = difflib.get_close_matches(str(value), list(choices(field.annotation)), n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        return f"{name}: {shown} is not {allowed(field)}{hint}{meant}"
    if kind == "value_error":
        return f"{name}: {shown} {error['ctx']['error']}"
    if kind == "too_short":
        return f"{name}: name at least one; it is {allowed(field)}"
    return f"{name}: {shown} is not a {type_name(field.annotation)}"


def extra(field: FieldInfo, key: str) -> str | None:
    """Return the ``unit`` or the ``hint`` of a parameter, if it has one."""
    found = field.json_schema_extra
    return str(found[key]) if isinstance(found, dict) and key in found else None


def choices(annotation: Any) -> tuple[str, ...]:
    """Return the values to choose from; none where others are allowed."""
    if annotation == Language:
        return (*project().languages, PSEUDO)
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(c for a in get_args(annotation) for c in choices(a))


def bounds(field: FieldInfo) -> dict[str, Any]:
    """Return the ends of the range of a field: ``ge``, ``gt``, ``le``, ``lt``, those that it has."""
    return {
        k: getattr(m, k) for m in field.metadata for k in ("ge", "gt", "le", "lt") if hasattr(m, k)
    }


def is_list(field: FieldInfo) -> bool:
    """Whether a parameter takes several values."""
    return get_origin(field.annotation) is list


def allowed(field: FieldInfo) -> str:
    """Say what a field allows: a range, or the choices."""
    ends = bounds(field)
    if "gt" in ends:
        return f"above {ends['gt']:g} and at most {ends['le']:g}"
    if ends:
        return f"between {ends['ge']} and {ends['le']}"
    found = choices(field.annotation)
    some = "one or more of " if is_list(field) else "one of "
    return (some if len(found) > 1 else "") + ", ".join(found)


def type_name(annotation: Any) -> str:
    """Name the type of a parameter for a reader: ``date``, ``whole number or nothing``."""
    if get_origin(annotation) in (Union, types.UnionType):
        return " or ".join(type_name(a) for a in get_args(annotation))
    if get_origin(annotation) is list:
        return "list"
    return {
        dt.date: "date",
        int: "whole number",
        float: "number",
        str: "text",
        type(None): "nothing",
    }.get(annotation, "choice")
