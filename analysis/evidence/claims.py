"""The claims under test, and the verdict that an estimate earns by a rule fixed beforehand.

``data/claims.yml`` says who claimed what and the decision rule of each reading; `assess`
applies the rule to estimates and gives the reason in whole sentences. The rule looks at
the ends of an interval and at nothing else, so nobody can argue a verdict up or down.
"""

import datetime as dt
import math
import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from analysis.values import Estimate, Phrase, Verdict
from analysis.values import Reading as ReadingResult

#: How an estimate of each unit is written: a key of the display's kinds. A rule in a unit
#: that isn't here could not be shown to a reader.
KINDS = {
    "USD": "usd", "MYR": "myr", "1": "number", "ratio": "factor", "share": "percent", "share per year": "percent",
    "factor per year": "factor", "months": "number", "years": "number", "FLOP": "number",
    "percentage points": "number", "year": "year",
}

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


def N_(message: str) -> str:
    """Mark `message` for translators; it's translated where it is shown."""
    return message


#: The sentences of a reason. Each is whole, so that a translator owns its word order.
MEASURED = {
    "level": N_("{quantity}: {value} ({level} interval {low} to {high})."),
    "published": N_("{quantity}: {value} (from {low} to {high} in published figures)."),
    "missing": N_("{quantity}: the evidence allows no estimate, which leaves it open."),
}
RULE = {
    "supported": {
        "between": N_("All of that lies between {floor} and {ceiling}, fixed in advance for support."),
        "least": N_("All of that is {floor} or more, fixed in advance for support."),
        "most": N_("All of that is {ceiling} or less, fixed in advance for support."),
    },
    "partly supported": {
        "between": N_("All of that lies between {floor} and {ceiling}, fixed in advance for partial support."),
        "least": N_("All of that is {floor} or more, fixed in advance for partial support."),
        "most": N_("All of that is {ceiling} or less, fixed in advance for partial support."),
    },
    "contradicted": {
        "between": N_("None of that lies between {floor} and {ceiling}, fixed in advance for any support."),
        "least": N_("None of that is {floor} or more, fixed in advance for any support."),
        "most": N_("None of that is {ceiling} or less, fixed in advance for any support."),
    },
    "unresolved": {
        "between": N_("Only part of that lies between {floor} and {ceiling}, fixed in advance for any support."),
        "least": N_("Only part of that is {floor} or more, fixed in advance for any support."),
        "most": N_("Only part of that is {ceiling} or less, fixed in advance for any support."),
    },
}
CONTRAST = {
    "supported": N_("{quantity}: {value} ({low} to {high}), which supports it."),
    "partly supported": N_("{quantity}: {value} ({low} to {high}), which supports it in part."),
    "contradicted": N_("{quantity}: {value} ({low} to {high}), which contradicts it."),
    "unresolved": N_("{quantity}: {value} ({low} to {high}), which leaves it open."),
}
AGREED = N_("The {n} readings agree.")
NONE_SETTLES = N_("None of the {n} readings settles it.")
TOGETHER = {
    "partly supported": N_("Together the readings support it in part."),
    "unresolved": N_("Together the readings leave it open."),
}
OPINION = N_("This is an opinion: no figure could show it true or false.")
OPINION_PART = N_("The rest of the claim is opinion, not tested.")
UNVERIFIED = N_("These figures rest on sources that were not seen, so the claim stays unresolved.")


class ClaimError(ValueError):
    """A claim, or an estimate given for one, breaks a rule; the message says which."""


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _partial_date(text: str) -> str:
    if not re.fullmatch(r"\d{4}(-\d{2}){0,2}", text):
        raise ValueError("must be a date: YYYY-MM-DD, YYYY-MM or YYYY")
    try:
        dt.date.fromisoformat(text + "-01-01"[len(text) - 4:])
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
    low, high = _closed(ends)
    if low > high:
        raise ValueError("must run from its low to its high end")
    return ends


def _pair(value: Any) -> Any:
    return value if value is None or isinstance(value, list | tuple) else (value, value)


def _closed(ends: tuple[float | None, float | None]) -> tuple[float, float]:
    low, high = ends
    return -math.inf if low is None else low, math.inf if high is None else high


def _encloses(outer: tuple[float | None, float | None], inner: tuple[float | None, float | None]) -> bool:
    (outer_low, outer_high), (low, high) = _closed(outer), _closed(inner)
    return outer_low <= low and high <= outer_high


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

    An end that is ``None`` is open. ``claimed`` is a pair, equal for a single figure.
    """

    id: Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]
    quantity: Text
    unit: Literal[tuple(KINDS)]
    supported: Range
    partly: Range
    claimed: Annotated[Range | None, BeforeValidator(_pair)] = None

    @field_validator("id")
    @classmethod
    def _free_name(cls, value):
        if value == "verified":
            raise ValueError("must differ from the name 'verified', which assess takes for itself")
        return value

    @field_validator("partly")
    @classmethod
    def _wider_than_supported(cls, value, info):
        if (supported := info.data.get("supported")) and not _encloses(value, supported):
            raise ValueError(f"must enclose the range of 'supported', {list(supported)}")
        return value

    @field_validator("claimed")
    @classmethod
    def _supported_if_true(cls, value, info):
        if value and (supported := info.data.get("supported")) and not _encloses(supported, value):
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
            raise ValueError("must be empty for an opinion and hold at least one reading for any other claim")
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
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} is given twice", problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def load_claims(path: str | Path | None = None) -> dict[str, Claim]:
    """Read and check the claims, in the order of the file.

    Parameters
    ----------
    path : path, optional
        The YAML file; by default ``claims.yml`` of the data folder.

    Returns
    -------
    dict of str to Claim

    Raises
    ------
    ClaimError
        Naming file, claim, field, value and rule of every breach.
    """
    if path is None:
        from analysis.evidence import catalog  # here, so that reading a given file needs no data folder
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
                breaches.append(f"{path.name}: claim {claim.id}, field id: each claim needs an id of its own")
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
        raise ClaimError(f"{path.name}, line {error.problem_mark.line + 1}: not YAML: {error.problem}") from None
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
        field, here = f"{field}[{name}]" if isinstance(part, int) else f"{field}.{name}".lstrip("."), below
    value = "" if error["type"] == "missing" else f" is {_short(error['input'])}"
    rule = RULES.get(error["type"]) or re.sub(r"^(\w+ should|Value error, must)", "must", error["msg"])
    return f"claim {given or f'number {position}'}, field {field or '(all)'}{value}: {rule}"


def _has(container: Any, key: Any) -> bool:
    return key in container if isinstance(container, dict) else isinstance(container, list) and key < len(container)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def claimed(claim_id: str, reading: str) -> tuple[float, float]:
    """Return the figure claimed, as a range whose ends are equal for a single figure.

    Parameters
    ----------
    claim_id, reading : str
        Such as ``"cost-4"`` and ``"frontier_price"``.

    Returns
    -------
    tuple of float
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

    Returns
    -------
    Verdict
    """
    return judge(_claim(claim_id), estimates, verified=verified)


def judge(claim: Claim, estimates: dict[str, Estimate], *, verified: bool = True) -> Verdict:
    """Apply a claim's rule to estimates.

    A reading is supported or partly supported when the whole interval lies within the range
    for it, contradicted when the interval lies wholly outside both, else unresolved. The
    claim takes what its readings agree on; where they differ it's partly supported if any
    gives support, else unresolved. A claim with a part that is opinion is at best partly
    supported.
    """
    _check_estimates(claim, estimates)
    if claim.kind == "opinion":
        return Verdict(claim.context(), "opinion", (Phrase(OPINION, {}),), ())
    results = tuple(_result(r, estimates[r.id], verified) for r in claim.readings)
    verdict = combine([r.verdict for r in results])
    if claim.opinion_part and verdict == "supported":
        verdict = "partly supported"
    return Verdict(claim.context(), verdict, tuple(_reason(claim, results, verified)), results)


def combine(verdicts: list[str]) -> str:
    """Verdict of a claim from those of its readings."""
    if len(set(verdicts)) == 1:
        return verdicts[0]
    return "partly supported" if {"supported", "partly supported"} & set(verdicts) else "unresolved"


def _check_estimates(claim: Claim, estimates: dict[str, Estimate]) -> None:
    units = {r.id: r.unit for r in claim.readings}
    if unknown := ", ".join(name for name in estimates if name not in units):
        raise ClaimError(f"{claim.id} has no reading {unknown}; its readings are {', '.join(units) or 'none'}")
    if absent := ", ".join(name for name in units if name not in estimates):
        raise ClaimError(f"{claim.id} needs an estimate for {absent}; give Estimate.missing if there is none")
    for name, unit in units.items():
        if (given := estimates[name].unit) != unit:
            raise ClaimError(f"{claim.id}, reading {name}: the rule is in {unit!r}, the estimate in {given!r}")


def _result(reading: Reading, estimate: Estimate, verified: bool) -> ReadingResult:
    outcome = _outcome(reading, estimate) if verified and estimate.known else "unresolved"
    return ReadingResult(reading.id, reading.quantity.model_dump(), _closed(reading.supported),
                         _closed(reading.partly), outcome, estimate)


def _outcome(reading: Reading, estimate: Estimate) -> str:
    interval = (estimate.low, estimate.high)
    if _encloses(reading.supported, interval):
        return "supported"
    if _encloses(reading.partly, interval):
        return "partly supported"
    low, high = _closed(reading.partly)
    return "contradicted" if estimate.high < low or high < estimate.low else "unresolved"


def _reason(claim: Claim, results: tuple[ReadingResult, ...], verified: bool):
    """Yield the sentences: the main estimate, its rule, then what the other readings change."""
    main, *others = results
    yield _measured(main)
    if not verified:
        yield Phrase(UNVERIFIED, {})
        return
    if main.estimate.known:
        yield _rule(main)
    if differing := next((r for r in others if r.verdict != main.verdict), None):
        yield _contrast(differing)
        if not claim.opinion_part:  # its own sentence has the last word
            yield Phrase(TOGETHER[combine([r.verdict for r in results])], {})
    elif others:
        yield Phrase(NONE_SETTLES if main.verdict == "unresolved" else AGREED, {"n": ("integer", len(results))})
    if claim.opinion_part:
        yield Phrase(OPINION_PART, {})


def _numbers(result: ReadingResult) -> dict[str, tuple[str, Any]]:
    kind, e = KINDS[result.estimate.unit], result.estimate
    return {"quantity": ("localized", result.quantity),
            "value": (kind, e.value), "low": (kind, e.low), "high": (kind, e.high)}


def _measured(result: ReadingResult) -> Phrase:
    values = _numbers(result)
    if not result.estimate.known:
        return Phrase(MEASURED["missing"], {"quantity": values["quantity"]})
    if result.estimate.level is None:
        return Phrase(MEASURED["published"], values)
    # a level is written alike in both languages, and without the decimal of other percentages
    return Phrase(MEASURED["level"], values | {"level": ("text", f"{result.estimate.level * 100:.4g}%")})


def _rule(result: ReadingResult) -> Phrase:
    kind = KINDS[result.estimate.unit]
    low, high = result.supported if result.verdict == "supported" else result.partly
    ends = {name: (kind, end) for name, end in (("floor", low), ("ceiling", high)) if math.isfinite(end)}
    shape = "between" if len(ends) == 2 else "least" if "floor" in ends else "most"
    return Phrase(RULE[result.verdict][shape], ends)


def _contrast(result: ReadingResult) -> Phrase:
    return Phrase(CONTRAST[result.verdict], _numbers(result)) if result.estimate.known else _measured(result)
