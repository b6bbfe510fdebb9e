"""The claims under test, and the verdict that an estimate earns by a rule fixed beforehand.

``data/claims.yml`` says who claimed what and the decision rule of each reading; `assess`
applies the rule to estimates and gives the reason in whole sentences. The rule looks at
the ends of an interval and at nothing else, so nobody can argue a verdict up or down.
"""

import datetime as dt
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
)

from briefs.evidence.verdicts import KINDS, ClaimError, closed, combine, encloses, judge
from briefs.values import Estimate, Verdict

__all__ = ["Claim", "ClaimError", "assess", "claimed", "combine", "judge", "load_claims"]

#: What pydantic found wrong -> the rule in words; other errors carry their own words.
RULES = {
    "missing": "is required",
    "extra_forbidden": "is no field of a claim; check its spelling",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "string_type": "must be text",
    "float_type": "must be a number",
    "finite_number": "must be a finite number; write null for an open end",
}


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


def _ordered(ends: tuple[float | None, float | None]) -> tuple[float | None, float | None]:
    if ends == (None, None):
        raise ValueError("must have at least one end, or it could not fail")
    low, high = closed(ends)
    if low > high:
        raise ValueError("must run from its low to its high end")
    return ends


def _pair(value: Any) -> Any:
    return value if value is None or isinstance(value, list | tuple) else (value, value)


Words = Annotated[str, AfterValidator(_not_blank)]
PartialDate = Annotated[str, BeforeValidator(str), AfterValidator(_partial_date)]
FullDate = Annotated[str, BeforeValidator(str), AfterValidator(_full_date)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Range = Annotated[tuple[Number | None, Number | None], AfterValidator(_ordered)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(_Strict):
    """A text in both languages of the briefs."""

    en: Words
    ms: Words


class Wording(_Strict):
    """How the claim was put: the speaker's own words, or ours for them."""

    kind: Literal["quote", "paraphrase"]
    text: Words
    language: Literal["en", "ms"]


class RuleChange(_Strict):
    """One change of a claim's rule after it was fixed: the day and the reason."""

    date: FullDate
    reason: Text


class Reading(_Strict):
    """One way to read a claim: the quantity it speaks of, and the ranges that decide.

    An end that is ``None`` is open. ``claimed`` is a pair, equal for a single figure. A
    ``forecast`` reading is shown beside the others and decides nothing: what was foreseen is
    no evidence of what happened.
    """

    id: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
    quantity: Text
    unit: Literal[tuple(KINDS)]
    supported: Range
    partly: Range
    claimed: Annotated[Range | None, BeforeValidator(_pair)] = None
    forecast: bool = False

    @field_validator("id")
    @classmethod
    def _free_name(cls, value):
        if value == "verified":
            raise ValueError("must differ from the name 'verified', which assess takes for itself")
        return value

    @field_validator("partly")
    @classmethod
    def _wider_than_supported(cls, value, info):
        if (supported := info.data.get("supported")) and not encloses(value, supported):
            raise ValueError(f"must enclose the range of 'supported', {list(supported)}")
        return value

    @field_validator("claimed")
    @classmethod
    def _supported_if_true(cls, value, info):
        if value and (supported := info.data.get("supported")) and not encloses(supported, value):
            raise ValueError(f"must lie within the range of 'supported', {list(supported)}")
        return value


class Claim(_Strict):
    """A claim: what it says, who said it, how the attribution stands, and what decides it."""

    id: Annotated[str, Field(pattern=r"^(cost|market|regulation)-[1-9]\d*$")]
    report: Literal["cost-revolution", "market-impact", "regulatory-outlook"]
    kind: Literal["measurable", "forecast", "opinion"]
    statement: Text
    wording: Wording
    said_by: Text
    said_on: PartialDate
    outlet: Text
    attribution: Text
    interest: Text | None
    source_ids: Annotated[tuple[Words, ...], Field(min_length=1)]
    readings: tuple[Reading, ...]
    opinion_part: Text | None = None
    would_change: Text
    rule_history: tuple[RuleChange, ...] = ()

    @field_validator("readings")
    @classmethod
    def _fits_kind(cls, value, info):
        if (info.data.get("kind") == "opinion") is bool(value):
            raise ValueError(
                "must be empty for an opinion and hold at least one reading for any other claim"
            )
        if len({r.id for r in value}) < len(value):
            raise ValueError("must have a different id each")
        return value

    def context(self) -> dict[str, Any]:
        """Return the claim as a plain dictionary, as the verdict card and the results file hold it."""
        return self.model_dump(mode="json")


class _Loader(yaml.SafeLoader):
    """YAML that refuses a key given twice; plain YAML keeps the last one in silence."""

    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key.value!r} is given twice", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def load_claims(path: str | Path | None = None) -> dict[str, Claim]:
    """Read and check the claims, in the order of the file.

    Parameters
    ----------
    path : path, optional
        The YAML file; by default ``claims.yml`` of the data folder.

    Raises
    ------
    ClaimError
        Naming file, claim, field, value and rule of every breach.
    """
    if path is None:
        from briefs.evidence import (
            catalog,  # here, so that reading a given file needs no data folder
        )

        path = catalog.data_root() / "claims.yml"
    path = Path(path)
    if not path.is_file():
        raise ClaimError(f"{path}: there is no such file")
    return dict(_load(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=8)
def _load(path: Path, modified: int) -> dict[str, Claim]:
    claims, breaches = {}, []
    for position, entry in enumerate(_parse(path), 1):
        try:
            claim = Claim.model_validate(entry)
        except ValidationError as error:
            breaches += [f"{path.name}: {_breach(entry, position, e)}" for e in error.errors()]
        else:
            if claim.id in claims:
                breaches.append(
                    f"{path.name}: claim {claim.id}, field id: each claim needs an id of its own"
                )
            claims[claim.id] = claim
    if breaches:
        raise ClaimError("\n".join(breaches))
    return claims


def _parse(path: Path) -> list[Any]:
    try:
        entries = yaml.load(path.read_text(encoding="utf-8"), _Loader)
    except UnicodeDecodeError:
        raise ClaimError(f"{path.name}: must be UTF-8 text") from None
    except yaml.MarkedYAMLError as error:
        raise ClaimError(
            f"{path.name}, line {error.problem_mark.line + 1}: not YAML: {error.problem}"
        ) from None
    except yaml.YAMLError as error:
        raise ClaimError(f"{path.name}: not YAML: {error}") from None
    if not isinstance(entries, list) or not entries:
        raise ClaimError(f"{path.name}: must hold a list of claims")
    return entries


def _breach(entry: Any, position: int, error: dict[str, Any]) -> str:
    """Say in our words what pydantic found: claim, field, value and rule."""
    given = entry.get("id") if isinstance(entry, dict) else None
    field, here = "", entry
    for part in error["loc"]:
        below = here[part] if _has(here, part) else None
        name = below.get("id", part) if isinstance(part, int) and isinstance(below, dict) else part
        field, here = (
            f"{field}[{name}]" if isinstance(part, int) else f"{field}.{name}".lstrip("."),
            below,
        )
    value = "" if error["type"] == "missing" else f" is {_short(error['input'])}"
    rule = RULES.get(error["type"]) or re.sub(
        r"^(\w+ should|Value error, must)", "must", error["msg"]
    )
    return f"claim {given or f'number {position}'}, field {field or '(all)'}{value}: {rule}"


def _has(container: Any, key: Any) -> bool:
    return (
        key in container
        if isinstance(container, dict)
        else isinstance(container, list) and key < len(container)
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def claimed(claim_id: str, reading: str) -> tuple[float, float]:
    """Return the figure claimed, as a range whose ends are equal for a single figure.

    Parameters
    ----------
    claim_id, reading : str
        Such as ``"cost-4"`` and ``"frontier_price"``.
    """
    for found in _claim(claim_id).readings:
        if found.id == reading and found.claimed is not None:
            return found.claimed
    raise ClaimError(f"{claim_id} has no reading {reading!r} with a claimed figure")


def _claim(claim_id: str) -> Claim:
    claims = load_claims()
    if claim_id not in claims:
        raise ClaimError(f"there is no claim {claim_id!r}; the claims are {', '.join(claims)}")
    return claims[claim_id]


def assess(claim_id: str, /, *, verified: bool = True, **estimates: Estimate) -> Verdict:
    """Judge a claim of ``data/claims.yml`` on estimates; see `judge`.

    Parameters
    ----------
    claim_id : str
        Such as ``"cost-3"``.
    verified : bool
        Whether any source behind the estimates was seen; if none was, nothing is settled.
    **estimates : Estimate
        One for each reading of the claim, by its id.
    """
    return judge(_claim(claim_id), estimates, verified=verified)
