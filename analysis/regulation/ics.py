"""A calendar file of dated entries (RFC 5545), so that readers can take the dates along."""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping

#: Longest line in octets, without its break (RFC 5545, section 3.1).
LINE = 75


def escape(text: str) -> str:
    """Write text as a property value of type TEXT (RFC 5545, section 3.3.11)."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def fold(line: str) -> str:
    """Break a line after at most 75 octets, never inside a character; what follows begins with a space."""
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > LINE:
            parts.append(" ")
            size = 1
        parts[-1] += character
        size += width
    return "\r\n".join(parts)


def _event(entry: Mapping[str, str], stamp: str, host: str) -> list[str]:
    day = dt.date.fromisoformat(entry["date"])
    key = hashlib.sha256(
        "|".join((entry["date"], entry["summary"], entry["description"])).encode()
    ).hexdigest()[:24]
    return [
        "BEGIN:VEVENT",
        f"UID:{key}@{host}",
        f"DTSTAMP:{stamp}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escape(entry['summary'])}",
        f"DESCRIPTION:{escape(entry['description'])}",
        f"CATEGORIES:{escape(entry['category'])}",
        f"STATUS:{'CONFIRMED' if entry['fixed'] else 'TENTATIVE'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def ics(
    entries: Iterable[Mapping[str, str]],
    title: str,
    as_of: dt.date,
    host: str = "regulatory-outlook",
) -> str:
    """Write a calendar of whole-day entries.

    Parameters
    ----------
    entries : iterable of mapping
        Each has ``date`` (ISO), ``summary``, ``description``, ``category`` and ``fixed`` (whether the date
        stands; otherwise the entry is tentative).
    title : str
        Name of the calendar.
    as_of : date
        Stands in for the time of writing, so that the same data give the same bytes.
    host : str
        Right-hand side of the entries' unique ids, which depend on nothing but their content.

    Returns
    -------
    str
        With CRLF line breaks, as the standard demands.

    References
    ----------
    B. Desruisseaux (2009), Internet Calendaring and Scheduling Core Object Specification, RFC 5545.
    """
    stamp = f"{as_of:%Y%m%d}T000000Z"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Evidence briefs//Regulatory outlook//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escape(title)}",
    ]
    for entry in entries:
        lines += _event(entry, stamp, host)
    return "\r\n".join(fold(line) for line in [*lines, "END:VCALENDAR"]) + "\r\n"
