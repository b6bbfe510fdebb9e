"""What the page itself says around the records: labels, and records put into sentences."""

import datetime as dt
import json
import math
import shlex
from collections.abc import Collection
from typing import Any

from babel.dates import format_date

from briefs.display import i18n
from briefs.display.i18n import _, verdict_word as verdict_word
from briefs.project import project
from briefs.render.editions import Edition
from briefs.values import LANGUAGES

LICENSE_URL = "https://creativecommons.org/licenses/by/4.0/"


def labels() -> dict[str, str]:
    """Return the fixed words of page and PDF in the active language."""
    return {
        "kicker": _("Evidence brief"),
        "skip": _("Skip to main content"),
        "contents": _("Contents"),
        "findings": _("Key findings"),
        "scoreboard": _("The claims at a glance"),
        "notes": _("Notes"),
        "sources": _("Sources"),
        "made": _("How this was made"),
        "parameters": _("Parameters used in this run"),
        "evidence": _("Evidence tables"),
        "rebuild": _("Reproduce this brief"),
        "cite": _("How to cite"),
        "licence": _("Licence"),
        "claim": _("Claim"),
        "verdict": _("Verdict"),
        "estimate": _("Estimate"),
        "name": _("Name"),
        "value": _("Value"),
        "meaning": _("Meaning"),
        "sha256": _("SHA-256"),
        "interest": _("Declared interest"),
        "attribution": _("Attribution"),
        "measured": _("What is measured"),
        "rule": _("Rule fixed beforehand"),
        "rule_changed": _("Rule changed"),
        "method": _("Method"),
        "readings": _("How each reading of the claim comes out"),
        "reading": _("Reading"),
        "note": _("Note"),
        "source": _("Source"),
        "why_here": _("See the evidence"),
        "observations": _("Observations"),
        "data": _("Data of this figure"),
        "back": _("Back to the text"),
        "permalink": _("Link to this section"),
        "page": _("Page {current} of {total}"),
        "unverified": _("not yet checked against the source"),
        "advice": _("This is not investment advice."),
        "also": _("also"),
        "command": _("Command"),
        "would_change": _("What would change our view"),
        "claim_source": _("Source of the claim"),
        "changes": _("What changed in this edition"),
        "corrections": _("Corrections"),
        "no_corrections": _("None so far."),
        "code": _("Show the code of this section"),
        "permanent": _("Permanent address"),
        "machine": _("Results for machines (JSON)"),
        "notebook": _("Notebook as it ran"),
        "as_pdf": _("PDF"),
        "language": _("Language"),
        "feed": _("New editions (Atom feed)"),
        "environment": _("Code and tools"),
        "site": _(project().title),
        "more_sources": _("The other sources, by number"),
        "notice": _("About this page"),
        "site_nav": _("Parts of the site"),
        "history": _("How this verdict moved over time"),
        "cited": _("Used in"),
    }


def date(text: str | None) -> str:
    """Write an ISO date, whole or partial: ``2025``, ``2025-01``, ``2025-01-28``."""
    text = str(text or "")
    if len(text) == 10:
        return i18n.day(dt.date.fromisoformat(text))
    return i18n.month(dt.date.fromisoformat(text + "-01")) if len(text) == 7 else text


def _amount(unit: str, value: float | None) -> str:
    return i18n.cell(i18n.UNIT_FORMATS.get(unit, "number"), value)


def _with_unit(unit: str, text: str) -> str:
    message = {
        "share per year": _("{value} a year"),
        "factor per year": _("{value} a year"),
        "months": _("{value} months"),
        "years": _("{value} years"),
        "FLOP": _("{value} FLOP"),
    }.get(unit)
    if message is None and unit not in i18n.UNIT_FORMATS:
        message = "{value} " + unit.replace("{", "{{").replace("}", "}}")
    return message.format(value=text) if message else text


def estimate(record: dict[str, Any] | None) -> dict[str, Any] | None:
    """Put an estimate into words: ``value``, ``interval``, ``n`` and ``method``."""
    if not record or record.get("value") is None:
        return None
    unit, level = record["unit"], record.get("level")
    interval = ""
    low, high = record.get("low"), record.get("high")
    if None not in (low, high) and low != high:
        span = _(
            "{low} to {high}", low=_amount(unit, record["low"]), high=_amount(unit, record["high"])
        )
        interval = (
            _("{level} interval: {span}", level=_level(level), span=span)
            if level
            else _("range of published figures: {span}", span=span)
        )
    return {
        "value": _with_unit(unit, _amount(unit, record["value"])),
        "interval": interval,
        "n": i18n.number(record["n"]) if record.get("n") else "",
        "method": record.get("method", ""),
    }


def _level(level: float) -> str:
    return i18n.percent(level, 0 if math.isclose(level * 100, round(level * 100)) else 1)


def quantity(reading: dict[str, Any]) -> str:
    """Say what a reading measures, and whether it counts."""
    if reading.get("forecast"):
        return _("{quantity} (a forecast, which doesn't count)", quantity=reading["quantity"])
    return reading["quantity"]


def telling(claim: dict[str, Any]) -> dict[str, Any]:
    """Reading of a claim to show on one line: the main one, or the first that settled the claim if that one didn't."""
    readings = claim.get("readings") or ()
    main = (
        readings[0]
        if readings
        else {"quantity": claim.get("quantity"), "estimate": claim.get("estimate")}
    )
    if claim["verdict"] == "unresolved":
        return main
    return next(
        (r for r in readings if r["verdict"] != "unresolved" and not r.get("forecast")), main
    )


def said(record: dict[str, Any]) -> str:
    """Say who made a claim, when and where, and whether these are the words."""
    parts = [record.get("said_by"), date(record.get("said_on")), record.get("outlet")]
    kind = {"quote": _("Quotation"), "paraphrase": _("Paraphrase")}.get(
        record.get("wording"), record.get("wording")
    )
    return " · ".join(filter(None, (", ".join(filter(None, parts)), kind)))


def source(item: dict[str, Any]) -> dict[str, str]:
    """Name a source the way a figure's source line does, and say when it was read."""
    year, read = str(item.get("published") or "")[:4], item.get("verified", True) is True
    return {
        "publisher": item.get("publisher") or "",
        "title": item.get("title") or item["source_id"],
        "year": year or _("undated"),
        "accessed": accessed(item.get("accessed"), read),
    }


def accessed(day: str | None, read: bool) -> str:
    """Say when a source was read, or that it was not."""
    if not read:
        return _("not read; cited after others")
    return _("accessed {date}", date=date(day)) if day else ""


def further(count: int) -> str:
    """Say how many sources a line leaves out."""
    return _("and {n} more", n=i18n.number(count)) if count > 0 else ""


def accessed_all(days: list[str]) -> str:
    """Say once when the sources of a figure were read."""
    if not (days := sorted(set(filter(None, days)))):
        return ""
    if len(days) == 1:
        return _("accessed {date}", date=date(days[0]))
    return _("accessed {first} to {last}", first=date(days[0]), last=date(days[-1]))


def dateline(brief: dict[str, Any], edition: Edition) -> list[str]:
    """Say which edition this is, when it was published and changed, and where its data end."""
    days = (edition.published.isoformat(), edition.updated.isoformat(), brief["as_of"])
    published, updated, cutoff = map(date, days)
    return [
        _("Edition of {month}", month=edition_name(edition)),
        _("Published {date}", date=published),
        _("Updated {date}", date=updated),
        _("Data up to {date}", date=cutoff),
    ]


def edition_name(edition: Edition) -> str:
    """Name an edition by its month: ``November 2026``."""
    return format_date(
        dt.date.fromisoformat(f"{edition.id}-01"), "MMMM y", locale=i18n.LOCALES[i18n.language()]
    )


def review(language: str, edition: Edition) -> str:
    """Say who signed a translation off; nothing of the language that the briefs are written in."""
    if language not in LANGUAGES or language == "en":
        return ""
    if signed := edition.reviewed.get(language):
        return _(
            "Translation reviewed by {name}, {date}.",
            name=signed.name,
            date=date(signed.date.isoformat()),
        )
    return _(
        "This translation was made with the help of a machine and has not been reviewed by a fluent reader."
    )


def citation(brief: dict[str, Any], edition: str, permalink: str) -> str:
    """Write the line by which others cite the brief."""
    return _(
        "“{title}”. {site}, edition of {month}, data up to {date}. {url}",
        site=_(project().title),
        title=brief["title"],
        month=edition,
        date=date(brief["as_of"]),
        url=permalink,
    )


def licence() -> str:
    """Say under which terms the brief may be used again."""
    return _(
        "Free to reuse with credit (CC BY 4.0). Source data keep the licences of their publishers."
    )


def command(
    brief: dict[str, Any],
    name: str = "",
    languages: Collection[str] = (),
    formats: Collection[str] = (),
) -> str:
    """Write the command that builds this page again.

    Parameters
    ----------
    brief : mapping
        Record of the kind ``brief``.
    name : str
        Of the set, where it has a folder of its own.
    languages : collection of str
        Languages of the same page; with more than one they are built together, as each names the others.
    formats : collection of str
        Empty for all that there are.
    """
    together = languages if len(languages) > 1 else ()
    words = [
        "briefs",
        "build",
        brief["report"],
        *(["--set", name] if name else []),
        *(["--language", ",".join(together)] if together else []),
        *(["--formats", ",".join(formats)] if formats else []),
    ]
    for parameter in brief.get("parameters", ()):
        if not (together and parameter["name"] == "language"):
            words += ["-p", f"{parameter['name']}={parameter_text(parameter['value'])}"]
    return shlex.join(words)


def origin(found: dict[str, Any]) -> list[dict[str, str]]:
    """Say from what code and tools a page was made: a list of names and values; empty if unknown."""
    commit = found.get("commit")
    if commit and found.get("dirty"):
        commit = _("{commit}, with changes that were not committed", commit=commit)
    tools = ", ".join(
        f"{name} {version}" for name, version in found.get("versions", {}).items() if version
    )
    rows = [
        (_("Commit"), commit),
        (_("Built from sources of"), found.get("built")),
        (_("SHA-256 of the code"), found.get("package_sha256")),
        (_("SHA-256 of the list of packages"), found.get("lock_sha256")),
        (_("Versions"), tools),
    ]
    return [{"name": name, "value": value} for name, value in rows if value]


def shown(number: int) -> str:
    """Name a table that has no caption of its own."""
    return _("Further table {n}", n=number)


def parameter_text(value: Any) -> str:
    """Write a parameter's value as the command line takes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def size(text: str) -> str:
    """Write the size of a download: ``1.2 kB``."""
    count = len(text.encode())
    if count < 1000:
        return _("{size} bytes", size=i18n.number(count))
    return _("{size} kB", size=i18n.number(count / 1000, 1))


def download(number: int, kind: str, text: str) -> str:
    """Write the words of a download link, which name the figure and the size."""
    if kind == "figure":
        return _("Download the data for Figure {n} (CSV, {size})", n=number, size=size(text))
    return _("Download the data for Table {n} (CSV, {size})", n=number, size=size(text))


def file_download(name: str, text: str) -> str:
    """Write the words of the link to a further file of a table."""
    if name.endswith(".ics"):
        return _("Download as a calendar (ICS, {size})", size=size(text))
    return _("Download {name} ({size})", name=name, size=size(text))


def numbered(kind: str, number: int) -> str:
    """Write the number of a figure or table: ``Figure 1``."""
    return _("Figure {n}", n=number) if kind == "figure" else _("Table {n}", n=number)
