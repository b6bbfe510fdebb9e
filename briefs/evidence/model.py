"""What ``claims.yml`` holds: claims, the rules of their readings, and the ranges that decide.

`claims` reads the file into these, `verdicts` applies the rules.
"""

import datetime as dt
import math
import re
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    ValidationInfo,
    field_validator,
    model_validator,
)

from briefs.parameters import reports
from briefs.project import project
from briefs.values import UNIT_FORMATS, VERDICTS

#: The ends of a range; one that is None is open.
Ends = tuple[float | None, float | None]


class ClaimError(ValueError):
    """A claim, or an estimate given for one, breaks a rule; the message says which."""


def closed(ends: Ends) -> tuple[float, float]:
    """Give open ends of a range their infinities."""
    low, high = ends
    return -math.inf if low is None else low, math.inf if high is None else high


def encloses(outer: Ends, inner: Ends) -> bool:
    """Say whether one range lies wholly in another; ends belong to a range."""
    (outer_low, outer_high), (low, high) = closed(outer), closed(inner)
    return outer_low <= low and high <= outer_high


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _partial_date(text: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        raise ValueError("must be a date: YYYY-MM-DD, YYYY-MM or YYYY")
    try:
        dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        raise ValueError("must be a day of the calendar") from None
    return text


def _full_date(text: str) -> str:
    if len(text) != 10:
        raise ValueError("must be a whole date: YYYY-MM-DD")
    return _partial_date(text)


def _ordered(ends: Ends) -> Ends:
    if ends == (None, None):
        raise ValueError("must have at least one end, or it could not fail")
    low, high = closed(ends)
    if low > high:
        raise ValueError("must run from its low to its high end")
    return ends


def _known_unit(text: str) -> str:
    if text not in UNIT_FORMATS:
        raise ValueError(f"must be {', '.join(map(repr, UNIT_FORMATS))}")
    return text


def _known_verdict(text: str | None) -> str | None:
    if text is not None and text not in VERDICTS:
        raise ValueError(f"must be {', '.join(map(repr, VERDICTS))}")
    return text


def _choice(value: Any) -> Any:
    return {"id": value} if isinstance(value, int | float) else value


def _different(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    if len({part.id for part in parts}) < len(parts):
        raise ValueError("must have a different id each")
    return parts


def _pair(value: Any) -> Any:
    return value if value is None or isinstance(value, list | tuple) else (value, value)


Words = Annotated[str, AfterValidator(_not_blank)]
PartialDate = Annotated[str, BeforeValidator(str), AfterValidator(_partial_date)]
FullDate = Annotated[str, BeforeValidator(str), AfterValidator(_full_date)]
DIFFERENT = AfterValidator(_different)
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Range = Annotated[tuple[Number | None, Number | None], AfterValidator(_ordered)]


class Strict(BaseModel):
    """What is fixed once read, and has no other fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Strict):
    """A text in each language of the project."""

    en: Words
    ms: Words | None

    @model_validator(mode="before")
    @classmethod
    def _by_language(cls, words: Any) -> Any:
        if not isinstance(words, dict):
            return words
        if "ms" in project().languages:
            return {name: text for name, text in words.items() if text is not None}
        return {"ms": None, **words}


class Wording(Strict):
    """How the claim was put: the speaker's own words, or ours for them."""

    kind: Literal["quote", "paraphrase"]
    text: Words
    language: Literal["en", "ms"]


class RuleChange(Strict):
    """One change of a claim's rule after it was first written down.

    ``verdict`` is what the rule before had made of the evidence of that day; ``results_seen``
    whether whoever changed it knew.
    """

    date: FullDate
    reason: Text
    results_seen: bool
    verdict: Annotated[str | None, AfterValidator(_known_verdict)] = None


class Choice(Strict):
    """One way to do a step of an estimate: a name that code knows, or a number that needs no other."""

    id: StrictInt | Number | Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
    name: Annotated[Text | None, Field(validate_default=True)] = None

    @field_validator("name")
    @classmethod
    def _words_have_names(cls, value: Text | None, info: ValidationInfo) -> Text | None:
        if value is None and isinstance(info.data.get("id"), str):
            raise ValueError("must say in both languages what the choice is")
        return value


class Axis(Strict):
    """A step of an estimate that a careful analyst could have done otherwise; the first choice is ours."""

    id: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
    name: Text
    choices: Annotated[
        tuple[Annotated[Choice, BeforeValidator(_choice)], ...], Field(min_length=2), DIFFERENT
    ]


class ReadingRule(Strict):
    """One way to read a claim: the quantity it speaks of, and the ranges that decide.

    An end that is ``None`` is open. ``claimed`` is a pair, equal for a single figure. ``if_right`` is
    the value that the quantity has if the claim is right, from which its power is computed; by
    default the middle of what is claimed.
    """

    id: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
    quantity: Text
    unit: Annotated[str, AfterValidator(_known_unit)]
    supported: Range
    partly: Range
    claimed: Annotated[Range | None, BeforeValidator(_pair)] = None
    if_right: Number | None = None

    @field_validator("partly")
    @classmethod
    def _wider_than_supported(cls, value: Ends, info: ValidationInfo) -> Ends:
        if (supported := info.data.get("supported")) and not encloses(value, supported):
            raise ValueError(f"must enclose the range of 'supported', {list(supported)}")
        return value

    @field_validator("claimed")
    @classmethod
    def _supported_if_true(cls, value: Ends | None, info: ValidationInfo) -> Ends | None:
        if value and (supported := info.data.get("supported")) and not encloses(supported, value):
            raise ValueError(f"must lie within the range of 'supported', {list(supported)}")
        return value

    @model_validator(mode="after")
    def _says_what_is_right(self) -> Self:
        low, high = closed(self.supported)
        if not (math.isfinite(self.right) and low <= self.right <= high):
            raise ValueError("must claim a figure, or say with if_right one that is supported")
        return self

    @property
    def right(self) -> float:
        """Value of the quantity if the claim is right; ``nan`` when the rule doesn't say."""
        if self.if_right is not None:
            return self.if_right
        return math.nan if self.claimed is None else sum(closed(self.claimed)) / 2


Readings = Annotated[tuple[ReadingRule, ...], DIFFERENT]


class Claim(Strict):
    """A claim: what it says, who said it, how the attribution stands, and what decides it.

    ``name`` is what a chart of all claims calls it, in a few words.
    ``combine`` says what several readings are to one another: measures of one thing, parts that are
    all meant to hold, or senses of the same words. A forecast states its ``horizon``. The axes of
    ``grid`` are the choices over which a verdict is tried.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*-[1-9]\d*$")]
    report: str
    name: Text
    kind: Literal["measurable", "forecast", "opinion"]
    statement: Text
    wording: Wording
    said_by: Text
    said_on: PartialDate
    outlet: Text
    attribution: Text
    interest: Text | None
    source_ids: Annotated[tuple[Words, ...], Field(min_length=1)]
    readings: Readings
    combine: Literal["measures", "parts", "senses"] | None = None
    horizon: Text | None = None
    grid: Annotated[tuple[Axis, ...], DIFFERENT] = ()
    opinion_part: Text | None = None
    would_change: Text
    rule_history: tuple[RuleChange, ...] = ()

    @field_validator("report")
    @classmethod
    def _is_one_of_the_project(cls, value: str) -> str:
        if value not in reports():
            raise ValueError(f"must be one of {', '.join(map(repr, reports()))}")
        return value

    @field_validator("readings")
    @classmethod
    def _fits_kind(cls, value: Readings, info: ValidationInfo) -> Readings:
        if info.data.get("kind") == "opinion" and value:
            raise ValueError("must be empty for an opinion")
        if info.data.get("kind") != "opinion" and not value:
            raise ValueError(
                "must hold at least one reading, with the ranges that decide, written by a person "
                "before any number is seen; until then the claim is a draft"
            )
        return value

    @model_validator(mode="after")
    def _says_how(self) -> Self:
        if (len(self.readings) > 1) is (self.combine is None):
            raise ValueError(
                "must say under combine what its readings are to one another, if several"
            )
        if (self.kind == "forecast") is (self.horizon is None):
            raise ValueError("must state a horizon if it is a forecast, and no other claim does")
        return self

    def context(self) -> dict[str, Any]:
        """Return the claim as a plain dictionary, as the verdict card and the results file hold it."""
        return self.model_dump(mode="json")
