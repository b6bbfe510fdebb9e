"""Estimates in words: the value in its unit, and what its interval is."""

import math
from typing import Any

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.values import UNIT_FORMATS


def value(record: dict[str, Any]) -> str:
    """Write the value of an estimate's record with its unit: ``72% a year``."""
    unit = record["unit"]
    text = i18n.amount(unit, record["value"])
    message = {
        "share per year": _("{value} a year"),
        "factor per year": _("{value} a year"),
        "months": _("{value} months"),
        "years": _("{value} years"),
        "FLOP": _("{value} FLOP"),
        "percentage points": _("{value} percentage points"),
    }.get(unit)
    if message:
        return message.format(value=text)
    return text if unit in UNIT_FORMATS else f"{text} {unit}"


def interval(record: dict[str, Any]) -> str:
    """Write the interval of an estimate's record: ``90% interval: 59% to 83%``; empty where it is a point."""
    unit, level = record["unit"], record.get("level")
    low, high = record.get("low"), record.get("high")
    if low is None or high is None or low == high:
        return ""
    span = _("{low} to {high}", low=i18n.amount(unit, low), high=i18n.amount(unit, high))
    if record.get("bounded"):
        return _("bounds: {span}", span=span)
    if not level:
        return _("range of published figures: {span}", span=span)
    whole = math.isclose(level * 100, round(level * 100))
    return _("{level} interval: {span}", level=i18n.percent(level, 0 if whole else 1), span=span)


def short(record: dict[str, Any] | None) -> str:
    """Write an estimate's record with its ends, without saying what those are."""
    if not record or record.get("value") is None:
        return i18n.UNKNOWN
    if not interval(record):
        return value(record)
    low, high = (i18n.amount(record["unit"], record[end]) for end in ("low", "high"))
    return _("{value} ({low} to {high})", value=value(record), low=low, high=high)


def sentence(record: dict[str, Any] | None) -> str:
    """Write an estimate's record: ``72% a year (90% interval: 59% to 83%)``; a dash where there is none."""
    if not record or record.get("value") is None:
        return i18n.UNKNOWN
    ends = interval(record)
    return f"{value(record)} ({ends})" if ends else value(record)
