"""What other choices make of a claim, as its record holds it."""

from typing import Any

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.values import Estimate, Verdict


def plain_estimate(found: Estimate) -> dict[str, Any]:
    """Return an estimate as a record holds it, its method in the active language."""
    return found.to_json() | {"method": i18n.message(found.method)}


def recorded(judged: Verdict) -> dict[str, Any] | None:
    """Return what other choices make of a claim, as its record holds it."""
    tried = judged.specifications
    if tried is None:
        return None
    axes = judged.claim["grid"]
    return {
        "holding": tried.holding,
        "tested": tried.tested,
        "axes": [
            {
                "id": axis["id"],
                "name": i18n.localized(axis["name"]),
                "choices": [{"id": c["id"], "name": _choice(c)} for c in axis["choices"]],
            }
            for axis in axes
        ],
        "rows": [
            {
                "choices": {axis["id"]: row[axis["id"]] for axis in axes},
                **{name: row[name] for name in ("verdict", "cause", "reading")},
                "estimate": plain_estimate(row["estimate"]),
            }
            for row in tried.rows.to_dict("records")
        ],
    }


def axis_named(axis: dict[str, Any]) -> str:
    """Name an axis of a grid and its choices."""
    names = map(_choice, axis["choices"])
    return _("{name}: {value}", name=i18n.localized(axis["name"]), value=", ".join(names))


def _choice(choice: dict[str, Any]) -> str:
    """Name a choice of an axis; one without a name is a number."""
    return i18n.localized(choice["name"]) if choice["name"] else i18n.exact(choice["id"])
