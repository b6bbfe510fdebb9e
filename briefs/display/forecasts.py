"""The record of forecasts that a brief leaves: how often what came lay in them, and what was learnt."""

import html
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from briefs.display import i18n, lab
from briefs.display.i18n import _
from briefs.display.records import Card, DisplayError, plain

#: Origins on which the forecasts were fitted, and those held out.
PARTS = FIT, TEST = "fit", "test"
#: Columns of each frame of the record.
FRAMES = {
    "scores": tuple(
        "part horizon_months nominal coverage low high n origins crps skill_flat skill_claimed "
        "skill_trend p_flat p_claimed p_trend drawn".split()
    ),
    "misses": tuple("series origin target horizon_months low median high came".split()),
    "published": tuple("edition series made target unit level low median high came inside".split()),
    "now": tuple("series made target unit quantile value".split()),
}
#: Levels of the intervals whose coverage a brief shows.
SHOWN = (0.8, 0.9)

Rows = list[dict[str, Any]]


def forecasts(
    id: str,
    title: str,
    scores: pd.DataFrame,
    misses: pd.DataFrame,
    published: pd.DataFrame,
    lesson: str,
    now: pd.DataFrame | None = None,
) -> Card:
    """Show how forecasts of past dates and those of earlier editions held.

    Parameters
    ----------
    id : str
        Name of what is forecast, unique in the notebook.
    scores : DataFrame
        A row per ``part`` (`PARTS`), horizon in months and nominal level (share): coverage with the
        ends of its interval, how many forecasts and origins, CRPS in the unit of what is forecast, skill
        (1 - CRPS over that of the reference) with p-values, and ``drawn``, whether a fan is drawn. A row
        of no forecasts, ``n`` being 0, is left out.
    misses : DataFrame
        The worst misses of the 90% interval, ``came`` being what did.
    published : DataFrame
        What earlier editions published; ``came`` and ``inside`` are unknown until the target's day.
    lesson : str
        What was learnt, in the active language.
    now : DataFrame, optional
        Quantiles of what is projected now; `briefs check --site DIR --accept` stores those of a
        published edition.

    Raises
    ------
    DisplayError
        If title or lesson is empty, or a frame lacks a column of `FRAMES`.
    """
    frames = {"scores": scores, "misses": misses, "published": published, "now": now}
    if lacking := [name for name, text in (("title", title), ("lesson", lesson)) if not text]:
        raise DisplayError(f"forecasts {id!r} has no {', '.join(lacking)}")
    found = {name: _rows(f"forecasts {id!r}", name, frame) for name, frame in frames.items()}
    found["scores"] = [row for row in found["scores"] if row["n"]]
    record = {"kind": "forecasts", "id": id, "title": title, "lesson": lesson, **found}
    table = lab.table([(name, "text") for name in headings()], coverage(found["scores"]))
    return Card(record, f"<h4>{html.escape(title)}</h4>{table}<p>{html.escape(lesson)}</p>")


def _rows(what: str, name: str, frame: pd.DataFrame | None) -> Rows:
    if frame is None or frame.empty:
        return []
    if lacking := [column for column in FRAMES[name] if column not in frame]:
        raise DisplayError(f"{what} has no {', '.join(lacking)} in {name}")
    rows = frame[list(FRAMES[name])].astype(object).to_dict("records")
    return [{str(key): plain(value) for key, value in row.items()} for row in rows]


def held_out(scores: Rows) -> Rows:
    """Scores of the origins that no forecast was fitted on; all of them where none was held out."""
    return [row for row in scores if row["part"] == TEST] or scores


def headings() -> list[str]:
    """Headings of the rows of `coverage`."""
    levels = [_("{level} range held", level=i18n.percent(level)) for level in SHOWN]
    return [_("Months"), *levels, _("Forecasts")]


def coverage(scores: Rows) -> list[list[str]]:
    """Write the coverage of held-out forecasts by horizon, with its intervals and how many they were."""
    by: dict[int, dict[float, Mapping[str, Any]]] = {}
    for row in held_out(scores):
        by.setdefault(row["horizon_months"], {})[round(row["nominal"], 6)] = row
    return [
        [
            i18n.number(horizon),
            *(share(rows[level]) if level in rows else i18n.UNKNOWN for level in SHOWN),
            i18n.number(max(row["n"] for row in rows.values())),
        ]
        for horizon, rows in sorted(by.items())
    ]


def share(row: Mapping[str, Any], name: str = "coverage") -> str:
    """Write a share with the ends of its interval where it has one."""
    value, low, high = (i18n.percent(row.get(part)) for part in (name, "low", "high"))
    if i18n.UNKNOWN in (low, high):
        return value
    return _("{value} ({low} to {high})", value=value, low=low, high=high)


def span(shares: Iterable[float]) -> str:
    """Write the least and the greatest of some shares, or the one that all are."""
    known = list(shares)
    low, high = i18n.percent(min(known)), i18n.percent(max(known))
    return low if low == high else _("{low} to {high}", low=low, high=high)
