"""Tables of the regulatory-outlook brief; a sentence where there is nothing to list yet."""

import datetime as dt
from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.regulation.era import WEB_PUBLIC
from analysis.regulation.ics import ics
from analysis.regulation.words import (
    BASES,
    DIRECTIONS,
    EVENTS,
    SCOPES,
    STANDINGS,
    jurisdiction,
)
from briefs.display import charts, i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Download, Table


def directions(found: pd.DataFrame, change: dt.date, sources: Iterable[str]) -> Table:
    """Show loosening and tightening before and after a day, with the net index, by place and kind."""
    rows = found.assign(
        what=[_(SCOPES[name]) for name in found["scope"]],
        pair_before=_pairs(found, "before"),
        pair_since=_pairs(found, "after"),
        index_before=[i18n.estimate(e) for e in found["before"]],
        index_since=[i18n.estimate(e) for e in found["estimate"]],
        moved=[i18n.estimate(e) for e in found["change"]],
    )
    first = rows.iloc[0]
    words = {
        "day": i18n.day(change),
        "loose": i18n.number(first["after_loosening"]),
        "tight": i18n.number(first["after_tightening"]),
    }
    return charts.table(
        "tab-directions",
        words,
        rows.drop(columns=["before", "estimate", "change"]),
        sources=sources,
        title=_("{loose} loosening and {tight} tightening decisions since {day}"),
        subtitle=_(
            "Loosening and tightening decisions before and since {day}, their balance, and its change"
        ),
        note=_(
            "Balance: loosening less tightening, as a share of both, with the interval over instruments. The cuts "
            "overlap."
        ),
        columns=(
            Column("what", _("What")),
            Column("pair_before", _("Before")),
            Column("index_before", _("Balance before")),
            Column("pair_since", _("Since")),
            Column("index_since", _("Balance since")),
            Column("moved", _("Change")),
        ),
    )


def _pairs(found: pd.DataFrame, when: str) -> list[str]:
    """Write loosening and tightening decisions side by side: ``33 : 43``."""
    counts = zip(found[f"{when}_loosening"], found[f"{when}_tightening"], strict=True)
    return [f"{i18n.number(loose)} : {i18n.number(tight)}" for loose, tight in counts]


def alignment(aligned: pd.DataFrame, start: dt.date) -> Table | Card:
    """Show where each figure of AI use lies on the internet's path, which begins at `start`."""
    if aligned.empty:
        text = _("No figure of people's use of AI had been published by then.")
        return finding("alignment-none", text, "regulation-3")
    rows = aligned.assign(
        measure=i18n.texts(aligned["measure"]),
        share=aligned["percent"] / 100,
        equal=np.floor(aligned["equal_year"]),
    )
    return charts.table(
        "tab-alignment",
        charts.period(rows["equal"], "year", ("low", "high"))
        | {"start": i18n.day(start), "web": i18n.day(WEB_PUBLIC)},
        rows,
        title=_("{n} figures put AI in the internet's {low} to {high}"),
        subtitle=_(
            "AI use in the United States, the year of equal internet use, and the ratio at equal age"
        ),
        note=_(
            "Age of AI from the release of ChatGPT. The first ratio counts the internet's age from {start}, the "
            "second from the opening of the public web on {web}."
        ),
        columns=(
            Column("measure", _("Published figure")),
            Column("date", _("Date"), "date"),
            Column("share", _("Use"), "percent"),
            Column("equal", _("Internet's year"), "year"),
            Column("age", _("Age, years"), "decimal"),
            Column("ratio", _("First ratio"), "factor"),
            Column("web_ratio", _("Second ratio"), "factor"),
        ),
    )


def _decisions(
    name: str, rows: pd.DataFrame, words: dict[str, str], *where: Column, **texts: str
) -> Table:
    """List decisions in words, with the columns that say where after the date."""
    shown = rows.assign(
        short_title=i18n.texts(rows["short_title"]),
        what=[_(EVENTS[e]) for e in rows["event"]],
        where=[jurisdiction(name) for name in rows["jurisdiction"]],
        way=[_(DIRECTIONS[sign]) for sign in rows["direction"]],
        rests=[_(BASES[name]) for name in rows["date_basis"]],
    )
    columns = (
        Column("date", _("Date"), "date"),
        *where,
        Column("short_title", _("Instrument")),
        Column("what", _("What happened")),
        Column("way", _("Direction")),
        Column("rests", _("Date read")),
    )
    return charts.table(name, words | charts.period(rows["date"]), shown, columns=columns, **texts)


def controls(rows: pd.DataFrame) -> Table | Card:
    """List the decisions on export controls."""
    if rows.empty:
        text = _("No decision on export controls was known by then.")
        return finding("controls-none", text, "regulation-4")
    tight, loose = (int((rows["direction"] == sign).sum()) for sign in (1, -1))
    return _decisions(
        "tab-controls",
        rows,
        {"tight": i18n.number(tight), "loose": i18n.number(loose)},
        title=_("Export controls: {tight} tightened, {loose} loosened"),
        subtitle=_("Decisions on exports of chips and models, {since} to {until}"),
    )


def region(rows: pd.DataFrame) -> Table | Card:
    """List the decisions of Malaysia, ASEAN and its members, with the days on which they take effect."""
    if rows.empty:
        return finding("region-none", _("No decision of Malaysia or ASEAN was known by then."))
    return _decisions(
        "tab-region",
        rows,
        {"directed": i18n.number(int((rows["direction"] != 0).sum()))},
        Column("where", _("Place")),
        title=_("{directed} of {n} steps in the region add or remove duties"),
        subtitle=_(
            "Decisions on AI of Malaysia, ASEAN, Singapore, Indonesia and Vietnam, {since} to {until}"
        ),
        note=_(
            "Guides and strategies count as neither tightening nor loosening. A chosen list, not a census."
        ),
    )


def calendar(dates: pd.DataFrame, as_of: dt.date) -> Table | Card:
    """List what starts to apply after a day, with a calendar file of it."""
    if dates.empty:
        text = _("No date of a coming obligation was known by then.")
        return finding("calendar-table-none", text)
    rows = dates.assign(
        where=[jurisdiction(name) for name in dates["jurisdiction"]],
        short_title=i18n.texts(dates["short_title"]),
        what_applies=i18n.texts(dates["what_applies"]),
        firm=[_(STANDINGS[name]) for name in dates["confidence"]],
    )
    first = i18n.day(rows["date"].min())
    return charts.table(
        "tab-calendar",
        {"day": first, "as_of": i18n.day(as_of)},
        rows,
        title=_("{n} coming dates, {day} on"),
        subtitle=_(
            "Obligations that start to apply or fall due after {as_of}, with how firm the date is"
        ),
        note=_(
            "Legislated: the date stands in the text in force. Proposed: in a text not yet adopted. Announced: "
            "said by an authority. Where sources differ, both readings are rows."
        ),
        columns=(
            Column("date", _("Date"), "date"),
            Column("where", _("Place")),
            Column("short_title", _("Instrument")),
            Column("what_applies", _("What applies")),
            Column("firm", _("Standing")),
        ),
        files=(Download("ai-obligations.ics", "text/calendar", _calendar_file(rows, as_of)),),
    )


def _calendar_file(rows: pd.DataFrame, as_of: dt.date) -> str:
    entries = [
        {
            "date": f"{r.date:%Y-%m-%d}",
            "summary": f"{r.where}: {r.short_title}",
            "description": f"{r.what_applies} ({r.firm})",
            "category": r.where,
            "fixed": r.confidence == "legislated",
        }
        for r in rows.itertuples()
    ]
    return ics(entries, _("AI obligations after {day}", day=i18n.day(as_of)), as_of)
