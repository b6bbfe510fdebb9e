"""What the claims came to as of each date, as the rows that `evidence.track` compares."""

from typing import Any

import pandas as pd

from briefs.site.reports import Brief, Reports

_COLUMNS = "claim as_of verdict reading supported partly verdict_now outcome_now now".split()


def moments(reports: Reports, language: str) -> pd.DataFrame:
    """Return a row per claim and date, the last date of each claim marked as ``now``.

    Opinions, which nothing can change, are left out, and so are claims that were judged once.
    """
    rows: list[dict[str, Any]] = []
    for name, (front, latest) in reports.claims(language).items():
        history = reports.history(front, name)
        if latest["verdict"] != "opinion" and len(history) > 1:
            rows += [_moment(name, brief, then, latest, brief is front) for brief, then in history]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _moment(
    name: str, brief: Brief, then: dict[str, Any], latest: dict[str, Any], now: bool
) -> dict[str, Any]:
    """Row of a claim as of the date of a brief; its reading of then is looked up among those of now."""
    reading = _reading(then, then.get("reading"))
    return {
        "claim": name,
        "as_of": brief.as_of,
        "verdict": then["verdict"],
        "reading": then.get("reading"),
        "supported": reading.get("probability_supported"),
        "partly": reading.get("probability_partly"),
        "verdict_now": latest["verdict"],
        "outcome_now": _reading(latest, then.get("reading")).get("outcome"),
        "now": now,
    }


def _reading(claim: dict[str, Any], name: str | None) -> dict[str, Any]:
    return next((found for found in claim.get("readings") or () if found["id"] == name), {})
