"""A calendar file of dated entries (RFC 5545), so that readers can take the dates along."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from icalendar import Calendar, Event


def ics(entries: Iterable[Mapping[str, Any]], title: str, as_of: dt.date) -> str:
    """Write a calendar of whole-day entries; the same data give the same bytes.

    Each entry has ``date`` (ISO), ``summary``, ``description``, ``category`` and ``fixed`` (whether
    the date stands; otherwise it is tentative). Its unique id depends on nothing but its content, and
    `as_of` stands in for the time of writing.
    """
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Evidence briefs//Regulatory outlook//EN")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", title)
    for entry in entries:
        calendar.add_component(_event(entry, as_of))
    return calendar.to_ical(sorted=False).decode()


def _event(entry: Mapping[str, Any], as_of: dt.date) -> Event:
    day = dt.date.fromisoformat(entry["date"])
    content = "|".join((entry["date"], entry["summary"], entry["description"]))
    event = Event()
    event.add("uid", f"{hashlib.sha256(content.encode()).hexdigest()[:24]}@regulatory-outlook")
    event.add("dtstamp", dt.datetime.combine(as_of, dt.time(), dt.UTC))
    event.add("dtstart", day)
    event.add("dtend", day + dt.timedelta(days=1))
    event.add("summary", entry["summary"])
    event.add("description", entry["description"])
    event.add("categories", [entry["category"]])
    event.add("status", "CONFIRMED" if entry["fixed"] else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    return event
