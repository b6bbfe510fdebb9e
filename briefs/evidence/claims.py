"""The claims under test, and the verdict that an estimate earns by one rule for all of them.

``data/claims.yml`` says who claimed what and the decision rule of each reading; `assess`
applies the rule to estimates and gives the reason in whole sentences. The rule looks at
probabilities and at nothing else, so no verdict can be argued up or down.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from briefs import yaml_nodes
from briefs.evidence.model import Claim as Claim, ClaimError as ClaimError, closed
from briefs.evidence.verdicts import combine as combine, judge as judge
from briefs.project import data_folder
from briefs.values import Estimate, Trial, Verdict

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


def load_claims(path: str | Path | None = None) -> dict[str, Claim]:
    """Read the claims, in the order of the file, by default that of the data folder.

    A `ClaimError` names file, claim, field, value and rule of every breach.
    """
    path = Path(path) if path else data_folder() / "claims.yml"
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
            continue
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
        node = yaml_nodes.compose(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError:
        raise ClaimError(f"{path.name}: must be UTF-8 text") from None
    except yaml_nodes.YamlError as error:
        raise ClaimError(str(error)) from None
    entries = yaml_nodes.values(node)
    if not isinstance(entries, list) or not entries:
        raise ClaimError(f"{path.name}: must hold a list of claims")
    return entries


def _breach(entry: Any, position: int, error: Mapping[str, Any]) -> str:
    """Say in our words what pydantic found: claim, field, value and rule."""
    given = entry.get("id") if isinstance(entry, dict) else None
    field, here = "", entry
    for part in error["loc"]:
        try:
            here = here[part]
        except (LookupError, TypeError):
            here = None
        if isinstance(part, int):
            field += f"[{here.get('id', part) if isinstance(here, dict) else part}]"
        else:
            field += f".{part}"
    field = field.removeprefix(".") or "(all)"
    value = "" if error["type"] == "missing" else f" is {_short(error['input'])}"
    rule = RULES.get(error["type"]) or re.sub(
        r"^(\w+ should|Value error, must)", "must", error["msg"]
    )
    return f"claim {given or f'number {position}'}, field {field}{value}: {rule}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def claimed(claim_id: str, reading: str) -> tuple[float, float]:
    """Return the figure claimed in a reading, as a range whose ends are equal for a single figure."""
    for found in _claim(claim_id).readings:
        if found.id == reading and found.claimed is not None:
            return closed(found.claimed)
    raise ClaimError(f"{claim_id} has no reading {reading!r} with a claimed figure")


def _claim(claim_id: str) -> Claim:
    claims = load_claims()
    if claim_id not in claims:
        raise ClaimError(f"there is no claim {claim_id!r}; the claims are {', '.join(claims)}")
    return claims[claim_id]


def assess(
    claim_id: str,
    estimates: Mapping[str, Estimate],
    otherwise: Trial | None = None,
    first: bool = False,
) -> Verdict:
    """Judge a claim on an estimate for each of its readings, by their ids; see `judge`."""
    return judge(_claim(claim_id), estimates, otherwise, first)
