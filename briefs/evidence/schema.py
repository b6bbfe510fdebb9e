"""The contract of a table, as far as `catalog` enforces it.

Whatever of the standard isn't understood here (another field type, another constraint) is an
error in the package, so that no rule is written down and then silently not held.
"""

import calendar
import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from briefs.files import OutsideError, inside

SOURCES = "sources"
#: Columns of the days on which a row was taken in, and given up; a table may do without.
RECORDED, WITHDRAWN = "recorded", "withdrawn"
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?")
_PARTIAL = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
#: Years that evidence can speak of; pandas can't hold dates far beyond them.
_YEARS = range(1900, 2200)


#: Spreadsheets skip blanks before a formula; those of East Asia take wide signs for the plain ones.
_FORMULA = re.compile(r"\s*([=@\uff1d\uff20]|[+\uff0b\uff0d-].*[(|!])", re.DOTALL)
#: Where the decimal sign is a comma, spreadsheets part cells at these; blanks before a sign are prose but for ``=``.
_PARTED = re.compile(r"[;\t\r\n](\s*[=\uff1d]|[@\uff20]|[+\uff0b\uff0d-][^;]*[(|!])")


def is_formula(text: str) -> bool:
    """Whether a spreadsheet that opens a table would run a cell: its functions, or programs by them."""
    return bool(_FORMULA.match(text) or _PARTED.search(text))


def last_day(text: str) -> dt.date:
    """Last day of a date that may be a year or a month only: ``2024-02`` is 29 February 2024."""
    try:
        if not _PARTIAL.fullmatch(text):
            raise ValueError
        year, *rest = (int(part) for part in text.split("-"))
        month = rest[0] if rest else 12
        day = rest[1] if len(rest) > 1 else calendar.monthrange(year, month)[1]
        found = dt.date(year, month, day)
    except ValueError:
        raise ValueError("must be a date that exists: YYYY-MM-DD, YYYY-MM or YYYY") from None
    return _in_time(found)


def _in_time(day: dt.date) -> dt.date:
    if day.year not in _YEARS:
        raise ValueError(f"must be a date from {_YEARS[0]} to {_YEARS[-1]}")
    return day


def _text(text: str) -> str:
    if text != text.strip():
        raise ValueError("must not begin or end with a blank")
    if not text.isprintable():
        odd = next(char for char in text if not char.isprintable())
        raise ValueError(
            f"must be one line of visible characters and plain blanks, without {odd!r}"
        )
    if is_formula(text):
        raise ValueError(
            "must not begin as a formula, nor go on as one after a semicolon: a spreadsheet would run it"
        )
    return text


def _number(text: str) -> float:
    if not _NUMBER.fullmatch(text):
        raise ValueError("must be a number, written plainly with a decimal point")
    if math.isinf(float(text)):
        raise ValueError("must be a finite number")
    return float(text)


def _integer(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        raise ValueError("must be a whole number")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("must be true or false")
    return text == "true"


def _date(text: str) -> dt.date:
    # fromisoformat alone would also take 20240131 and 2024-W05-3.
    try:
        if len(text) != 10 or text[4] != "-":
            raise ValueError
        found = dt.date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a date that exists, as YYYY-MM-DD") from None
    return _in_time(found)


_PARSERS: dict[str, Callable[[str], Any]] = {
    "string": _text,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "date": _date,
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)


class Constraints(_Part):
    """What the cells of a column must satisfy."""

    model_config = ConfigDict(extra="forbid")

    required: bool = False
    unique: bool = False
    minimum: float | str | None = None
    maximum: float | str | None = None
    enum: list[str] | None = Field(None, min_length=1)
    pattern: str | None = None


class FieldSpec(_Part):
    """One column; two fields of it aren't in the standard.

    ``partialDate`` marks text that is a day, month or year. ``translate`` marks text that pages show
    in their own language: the whole of it, or its first clause, or the values listed in a column of
    names that are words.
    """

    name: str
    type: Literal["string", "number", "integer", "boolean", "date"]
    constraints: Constraints = Constraints()
    partial_date: bool = Field(False, alias="partialDate")
    translate: Literal["whole", "first clause"] | list[str] | None = None

    @model_validator(mode="after")
    def _constraints_fit(self) -> Self:
        rules, fit = self.constraints, {"string": {"pattern", "enum"}, "boolean": set()}
        if (
            odd := rules.model_fields_set
            - {"required", "unique"}
            - fit.get(self.type, {"minimum", "maximum"})
        ):
            raise ValueError(
                f"of column {self.name}: {' and '.join(sorted(odd))} can't be held for a {self.type}"
            )
        try:
            re.compile(rules.pattern or "")
        except re.error as error:
            raise ValueError(
                f"of column {self.name}: the pattern isn't a regular expression: {error}"
            ) from None
        _ = self.bounds  # a limit that is none of its type is found here
        return self

    @cached_property
    def bounds(self) -> tuple[Any, Any]:
        """Values of ``minimum`` and ``maximum``, which may be written as text."""
        parse, rules = _PARSERS[self.type], self.constraints
        low, high = (
            parse(limit) if isinstance(limit, str) else limit
            for limit in (rules.minimum, rules.maximum)
        )
        return low, high

    def read(self, text: str) -> Any:
        """Return the value of a cell, None of an empty one; `ValueError` says which rule it breaks."""
        rules, (low, high) = self.constraints, self.bounds
        if not text:
            if rules.required:
                raise ValueError("must not be empty")
            return None
        value = _PARSERS[self.type](text)
        if low is not None and value < low:
            raise ValueError(f"must be greater than or equal to {_plain(low)}")
        if high is not None and value > high:
            raise ValueError(f"must be less than or equal to {_plain(high)}")
        if rules.pattern and not re.fullmatch(rules.pattern, text):
            raise ValueError(f"must match {rules.pattern}")
        if rules.enum and text not in rules.enum:
            *most, last = map(repr, rules.enum)
            raise ValueError(f"must be {', '.join(most)} or {last}" if most else f"must be {last}")
        if self.partial_date:
            last_day(text)
        return value


def _plain(limit: Any) -> str:
    return str(limit).removesuffix(".0")


class Reference(_Part):
    """Where a foreign key points."""

    resource: str
    fields: list[str] = Field(min_length=1, max_length=1)


class ForeignKey(_Part):
    """A column whose values are keys of another table."""

    fields: list[str] = Field(min_length=1, max_length=1)
    reference: Reference


class TableSchema(_Part):
    """Columns and keys of a table."""

    fields: list[FieldSpec] = Field(min_length=1)
    primary_key: list[str] = Field(alias="primaryKey", min_length=1)
    foreign_keys: list[ForeignKey] = Field([], alias="foreignKeys")

    @property
    def names(self) -> list[str]:
        return [field.name for field in self.fields]


class AsOf(_Part):
    """Which column dates a row, and which dates may lie after that and are blanked."""

    published: str
    blank: list[str] = []


class Licence(_Part):
    """Terms under which a table may be passed on; ``path`` is where they can be read."""

    name: str
    title: str = ""
    path: str = Field("", pattern=r"^(https?://\S+)?$")


class Resource(_Part):
    """One table and its file; ``hash``, ``bytes`` and ``rows`` are what the file was when it was accepted.

    A table gets new rows every ``updatePeriodDays``, or is ``closed``: about what is over.
    """

    name: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$")
    path: str
    title: str = ""
    description: str = ""
    licenses: list[Licence] = []
    hash: str | None = Field(None, pattern="^sha256:[0-9a-f]{64}$")
    bytes: int | None = None
    rows: int | None = None
    update_period: int | None = Field(None, alias="updatePeriodDays", ge=1)
    closed: bool = False
    table: TableSchema = Field(alias="schema")
    as_of: AsOf = Field(alias="asOf")

    @field_validator("path")
    @classmethod
    def _inside(cls, path: str) -> str:
        try:
            inside(Path(), path)
        except OutsideError:
            raise ValueError("must be a path below the folder of the package") from None
        return path

    @model_validator(mode="after")
    def _closed_or_moving(self) -> Self:
        if self.closed and self.update_period:
            raise ValueError(
                f"of {self.name} is closed and yet has updatePeriodDays: a closed table waits for no row"
            )
        return self

    @model_validator(mode="after")
    def _columns_exist(self) -> Self:
        keys = [column for key in self.table.foreign_keys for column in key.fields]
        for column in (*self.table.primary_key, self.as_of.published, *self.as_of.blank, *keys):
            if column not in self.table.names:
                raise ValueError(f"of {self.name} names a column {column!r} that the schema lacks")
        kinds = {
            field.name: "date" if field.partial_date else field.type for field in self.table.fields
        }
        kept = [name for name in (RECORDED, WITHDRAWN) if name in kinds]
        for column in kept:
            if kinds[column] != "date":
                raise ValueError(f"of {self.name}: column {column} must be a date")
        if len(kept) == 1:
            raise ValueError(f"of {self.name} has a column {kept[0]} and needs both of the two")
        for column in (self.as_of.published, *self.as_of.blank):
            if kinds[column] != "date":
                raise ValueError(
                    f"of {self.name}: column {column} stands under asOf, so it must be a date"
                )
        return self


class Package(_Part):
    """The whole of ``datapackage.json``. ``created`` is the day the evidence was last collected."""

    created: dt.date
    resources: list[Resource] = Field(min_length=1)

    @field_validator("created", mode="before")
    @classmethod
    def _day(cls, created: str) -> str:
        return str(created)[:10]

    @model_validator(mode="after")
    def _links_exist(self) -> Self:
        for names in ([r.name for r in self.resources], [r.path for r in self.resources]):
            if again := sorted({name for name in names if names.count(name) > 1}):
                raise ValueError(f"has {', '.join(again)} twice")
        tables = {resource.name: resource.table.names for resource in self.resources}
        if lacking := {"source_id", "publisher", "published", "grade"} - set(
            tables.get(SOURCES, ())
        ):
            raise ValueError(f"needs a table {SOURCES} with {', '.join(sorted(lacking))}")
        for resource in self.resources:
            for key in resource.table.foreign_keys:
                if key.reference.fields[0] not in tables.get(key.reference.resource, ()):
                    raise ValueError(f"has a foreign key of {resource.name} that leads nowhere")
        return self


def rule_of(error: Mapping[str, Any]) -> str:
    """Say in our words which rule a pydantic error stands for."""
    if error["type"] == "value_error":
        return str(error["ctx"]["error"])
    if error["type"] == "string_pattern_mismatch":
        return f"must match {error['ctx']['pattern']}"
    return (
        error["msg"].replace("Input should be", "must be").replace("Field required", "is missing")
    )
