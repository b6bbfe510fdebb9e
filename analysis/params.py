"""Parameters: one frozen, typed model per notebook.

Names, types, defaults, ranges, units and meaning live here and nowhere else; `check` holds
each notebook's ``parameters`` cell to them. Values may come as text (command line, YAML, a
cell that papermill wrote): the field decides what a text means, never the look of the text,
so ``007`` stays ``"007"`` where the field is text.
"""

import ast
import datetime as dt
import difflib
import types
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal, Self, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from analysis.values import LANGUAGES, N_, PSEUDO

#: Day the evidence was last collected: ``created`` of data/datapackage.json (a test compares them).
EVIDENCE_DATE = dt.date(2026, 11, 23)

ELO = "LMArena-Elo"


class ParameterError(ValueError):
    """A parameter is unknown, of the wrong type, or out of range; the message says what is right."""


def nearest(name: str, names: Iterable[str]) -> str:
    """Say which of `names` was probably meant by `name`, or list them all."""
    close = difflib.get_close_matches(name, names := list(names), n=1)
    return f"did you mean {close[0]}?" if close else f"choose from {', '.join(names)}"


def _day(value: Any) -> Any:
    """Take a date, or its ISO text; pydantic alone would read 20250101 as seconds since 1970."""
    if isinstance(value, dt.datetime) and value.time() == dt.time(0):
        return value.date()
    if type(value) is dt.date:
        return value
    try:
        return dt.datetime.strptime(str(value), "%Y-%m-%d").date()
    except ValueError:
        raise ValueError("is not a date (write YYYY-MM-DD)") from None


def _no_bool(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("is not a number")
    return value


def _unique(values: Any) -> Any:
    if isinstance(values, (list, tuple)) and any(values.count(v) > 1 for v in values):
        raise ValueError("names one of them twice")
    return values


Day = Annotated[dt.date, BeforeValidator(_day)]
Whole = Annotated[int, BeforeValidator(_no_bool)]
Number = Annotated[float, BeforeValidator(_no_bool), Field(allow_inf_nan=False)]
Benchmark = Literal["GPQA-Diamond", "MMLU", "MATH-500", "HumanEval", "LMArena-Elo", "SWE-bench-Verified"]
Scenario = Literal["trend", "claimed", "half", "flat"]
Group = Literal["accelerators", "equipment", "power", "cloud", "software", "rest"]
Place = Literal["US-federal", "US-states", "EU", "GB", "CN", "KR", "IN", "VN", "SG", "MY", "ASEAN", "BR", "CA", "INT"]


class Common(BaseModel):
    """Parameters of every notebook."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)
    report: ClassVar[str] = "common"
    #: Reports whose notebooks this one reads, besides its own.
    gathers: ClassVar[tuple[str, ...]] = ()

    language: Literal[(*LANGUAGES, PSEUDO)] = Field(
        "en", description=N_("Language of the brief."),
        json_schema_extra={"hint": f"{PSEUDO} is accented English, which shows what isn't translated"})
    as_of: Day = Field(
        EVIDENCE_DATE, ge=dt.date(2025, 1, 1), le=EVIDENCE_DATE,
        description=N_("Only what had been published by this day counts."),
        json_schema_extra={"hint": f"the evidence was last collected on {EVIDENCE_DATE}"})
    level: Number = Field(
        0.9, ge=0.5, le=0.99, description=N_("Probability content of the intervals."),
        json_schema_extra={"unit": N_("share"), "hint": "a share: 90% is 0.9"})
    n_boot: Whole = Field(1000, ge=100, le=20_000, description=N_("Bootstrap draws behind each interval."),
                          json_schema_extra={"unit": N_("draws")})
    seed: Whole = Field(2025, ge=0, le=2**32 - 1,
                        description=N_("Start of the random numbers; same seed, same result."))

    @classmethod
    def parse(cls, mapping: Mapping[str, Any]) -> Self:
        """Validate `mapping`; text is taken for what the field is."""
        values = {name: _from_text(cls.model_fields[name].annotation, value) if name in cls.model_fields else value
                  for name, value in mapping.items()}
        try:
            return cls(**values)
        except ValidationError as error:
            raise ParameterError("\n".join(_explain(cls, e) for e in error.errors())) from None

    @classmethod
    def from_cell(cls, namespace: Mapping[str, Any]) -> Self:
        """Take the parameters from a notebook's ``globals()``.

        papermill only warns of a name that the notebook doesn't know; the cell that it injects
        is among IPython's inputs, so such a name is an error here as well.
        """
        if lacking := [name for name in cls.model_fields if name not in namespace]:
            raise ParameterError(f"the parameters cell of {cls.report} does not set {', '.join(lacking)}")
        names = {*cls.model_fields, *_injected_names(namespace.get("In", ()))}
        return cls.parse({name: namespace[name] for name in names if name in namespace})


class CostRevolution(Common):
    """Parameters of the cost-revolution brief."""

    report: ClassVar[str] = "cost-revolution"

    benchmark: Benchmark = Field("GPQA-Diamond", description=N_("Test whose score stands for a model's capability."))
    threshold: Number = Field(
        50.0, ge=0, le=1700, description=N_("Score that the model bought must reach."),
        json_schema_extra={"unit": N_("percent; rating points for LMArena-Elo"),
                           "hint": f"0 to 100 for a test in percent, 800 to 1700 for {ELO}"})
    input_share: Number = Field(
        0.75, ge=0, le=1, description=N_("Part of a workload's tokens that are input."),
        json_schema_extra={"unit": N_("share"), "hint": "a share: 75% is 0.75"})
    million_tokens: Number = Field(100.0, gt=0, le=1e9, description=N_("Size of the workload."),
                                   json_schema_extra={"unit": N_("million tokens per month")})
    horizon: Whole = Field(2030, ge=2027, le=2040, description=N_("Last year of the projections."),
                           json_schema_extra={"unit": N_("year")})
    scenarios: Annotated[list[Scenario], BeforeValidator(_unique)] = Field(
        ["trend", "claimed", "half", "flat"], min_length=1,
        description=N_("Paths that prices may take until the horizon."))
    currency: Literal["USD", "MYR"] = Field("USD", description=N_("Currency of the bills."))
    window_months: Whole = Field(12, ge=3, le=36,
                                 description=N_("Months before a training run that its peers come from."),
                                 json_schema_extra={"unit": N_("months")})
    break_date: Day = Field(
        dt.date(2025, 1, 20), ge=dt.date(2023, 7, 1), le=dt.date(2026, 6, 30),
        description=N_("Day at which the rate of decline is tested for a change."))

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        low, high, scale = (800, 1700, "a rating") if self.benchmark == ELO else (0, 100, "scored in percent")
        faults = []
        if not low <= self.threshold <= high:
            faults.append(
                f"threshold: {self.threshold:g} is not between {low} and {high} ({self.benchmark} is {scale})")
        if self.horizon <= self.as_of.year:
            faults.append(f"horizon: {self.horizon} is not after the year of as_of ({self.as_of})")
        if faults:
            raise ParameterError("\n".join(faults))
        return self


class RegulatoryOutlook(Common):
    """Parameters of the regulatory-outlook brief."""

    report: ClassVar[str] = "regulatory-outlook"

    jurisdictions: Annotated[list[Place], BeforeValidator(_unique)] = Field(
        ["US-federal", "US-states", "EU", "CN"], min_length=1, description=N_("Places whose stance is followed."))
    start: Day = Field(dt.date(2019, 1, 1), ge=dt.date(2016, 1, 1), le=dt.date(2024, 6, 30),
                       description=N_("First day of the stance index, and of the time before the change."))
    change_date: Day = Field(dt.date(2025, 1, 1), ge=dt.date(2024, 7, 1), le=dt.date(2026, 6, 30),
                             description=N_("Day at which the direction of decisions is tested for a change."))
    weighting: Literal["equal", "stringency"] = Field(
        "equal", description=N_("Whether a decision counts as one, or by how strict its text is."))
    internet_start: Day = Field(dt.date(1993, 4, 22), ge=dt.date(1991, 1, 1), le=dt.date(1995, 12, 31),
                                description=N_("Take-off of the internet: the first release of the Mosaic browser."))
    break_date: Day = Field(dt.date(2025, 1, 20), ge=dt.date(2023, 7, 1), le=dt.date(2026, 6, 30),
                            description=N_("Entry of foreign rivals: day at which the fall of prices is tested."))


class MarketImpact(Common):
    """Parameters of the market-impact brief."""

    report: ClassVar[str] = "market-impact"

    event_date: Day = Field(
        dt.date(2025, 1, 27), ge=dt.date(2024, 8, 1), le=dt.date(2025, 12, 31),
        description=N_("Day of the news whose effect on share prices is studied."),
        json_schema_extra={"hint": "returns are held from January 2024 to December 2025"})
    claim_date: Day = Field(
        dt.date(2025, 1, 28), ge=dt.date(2024, 1, 1), le=EVIDENCE_DATE,
        description=N_("Day of the forecasts: they are judged on what became known after it."))
    benchmark: Literal["SPY", "RSP", "QQQ", "IWM"] = Field(
        "SPY", description=N_("Fund that stands for the market in the market model."))
    exposed: Annotated[list[Group], BeforeValidator(_unique)] = Field(
        ["accelerators", "equipment", "power"], min_length=1,
        description=N_("Groups of shares that count as exposed to AI."))
    estimation_days: Whole = Field(120, ge=60, le=250,
                                   description=N_("Trading days that the market model is fitted on."),
                                   json_schema_extra={"unit": N_("trading days")})
    gap_days: Whole = Field(10, ge=0, le=60, description=N_("Trading days left out between that window and the event."),
                            json_schema_extra={"unit": N_("trading days")})
    window_days: Whole = Field(
        5, ge=1, le=20, description=N_("Trading days, from the event on, over which abnormal returns add up."),
        json_schema_extra={"unit": N_("trading days")})


class Overview(Common):
    """Parameters of the overview."""

    report: ClassVar[str] = "overview"
    #: The briefs in the order of the article.
    gathers: ClassVar[tuple[str, ...]] = ("cost-revolution", "market-impact", "regulatory-outlook")

    then: Day = Field(
        dt.date(2025, 2, 1), ge=dt.date(2025, 1, 1), le=EVIDENCE_DATE,
        description=N_("Earlier day that today's verdicts are compared with."))


REPORTS: dict[str, type[Common]] = {
    model.report: model for model in (Overview, CostRevolution, MarketImpact, RegulatoryOutlook)}


def model_for(report: str) -> type[Common]:
    """Return the parameter model of `report`."""
    if report not in REPORTS:
        raise ParameterError(f"{report}: unknown report; {nearest(report, REPORTS)}")
    return REPORTS[report]


def parse(report: str, mapping: Mapping[str, Any]) -> Common:
    """Validate the parameters of `report`; raise `ParameterError` with every fault, a line each."""
    return model_for(report).parse(mapping)


def injected(model: Common) -> dict[str, Any]:
    """Return the parameters as plain JSON values, for papermill to write into the notebook."""
    return model.model_dump(mode="json")


def describe(report: str) -> list[dict[str, Any]]:
    """List the parameters of `report`: name, type, default, allowed, unit, meaning."""
    model = model_for(report)
    defaults = injected(model())
    return [{
        "name": name, "type": _type_name(field.annotation), "default": defaults[name],
        "allowed": _allowed(field), "unit": _extra(field, "unit"), "meaning": field.description,
    } for name, field in model.model_fields.items()]


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
    return {target.id for cell in cells for s in cell.body if isinstance(s, ast.Assign)
            for target in s.targets if isinstance(target, ast.Name)}


def _explain(model: type[Common], error: Mapping[str, Any]) -> str:
    """Put one of pydantic's findings into words: parameter, value, rule."""
    if not error["loc"]:  # parameters that don't go together
        return str(error["ctx"]["error"])
    name, kind, value = str(error["loc"][0]), error["type"], error["input"]
    if kind == "extra_forbidden":
        return f"{name}: unknown parameter of {model.report}; {nearest(name, model.model_fields)}"
    field = model.model_fields[name]
    hint = f" ({_extra(field, 'hint')})" if _extra(field, "hint") else ""
    if kind in ("greater_than", "greater_than_equal", "less_than", "less_than_equal"):
        return f"{name}: {value} is not {_allowed(field)}{hint}"
    if kind == "literal_error":
        near = difflib.get_close_matches(str(value), list(_choices(field.annotation)), n=1)
        return f"{name}: {value!r} is not {_allowed(field)}{hint}" + (f"; did you mean {near[0]}?" if near else "")
    if kind == "value_error":
        return f"{name}: {value!r} {error['ctx']['error']}"
    if kind == "too_short":
        return f"{name}: name at least one; it is {_allowed(field)}"
    return f"{name}: {value!r} is not a {_type_name(field.annotation)}"


def _extra(field: FieldInfo, key: str) -> str | None:
    return (field.json_schema_extra or {}).get(key)


def _choices(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return tuple(c for a in get_args(annotation) for c in _choices(a))


def _allowed(field: FieldInfo) -> str:
    """Say what a field allows: a range, or the choices."""
    bounds = {k: getattr(m, k) for m in field.metadata for k in ("ge", "gt", "le", "lt") if hasattr(m, k)}
    if "gt" in bounds:
        return f"above {bounds['gt']:g} and at most {bounds['le']:g}"
    if bounds:
        return f"between {bounds['ge']} and {bounds['le']}"
    choices = _choices(field.annotation)
    some = "one or more of " if get_origin(field.annotation) is list else "one of " if len(choices) > 1 else ""
    return some + ", ".join(choices)


def _type_name(annotation: Any) -> str:
    if get_origin(annotation) in (Union, types.UnionType):
        return " or ".join(_type_name(a) for a in get_args(annotation))
    if get_origin(annotation) is list:
        return "list"
    return {dt.date: "date", int: "whole number", float: "number", str: "text", type(None): "nothing"}.get(
        annotation, "choice")
