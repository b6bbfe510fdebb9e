"""Figures on the analogy with the internet and on rivalry; a sentence where nothing had been published."""

import datetime as dt
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.regulation.words import jurisdiction
from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_, Estimate

#: Years since take-off that the comparison shows.
_AGES = 12
#: Counts of ``era.law_rates``.
_LAWS = {
    "internet_young": N_("Internet laws"),
    "internet_decade": N_("Internet laws"),
    "internet_bills": N_("Internet bills"),
    "ai_federal": N_("AI laws"),
    "ai_federal_decade": N_("AI laws"),
    "ai_states": N_("State AI laws"),
    "ai_bills": N_("AI bills"),
}
#: Tests whose names aren't all capitals.
_TESTS = {"humaneval": "HumanEval", "arena": "Arena"}


def adoption(
    internet: pd.DataFrame,
    malaysia: pd.DataFrame,
    aligned: pd.DataFrame,
    start: dt.date,
    equal: Estimate,
) -> Figure | Card:
    """Draw internet use by age in the United States and Malaysia, and today's use of AI.

    `internet` and `malaysia` are ``era.curve``, `aligned` is ``era.align``; `start` is the internet's
    take-off, and `equal` the year of equal adoption.
    """
    if not equal.known:
        text = _("No figure of people's use of AI in the United States had been published by then.")
        return finding("adoption-none", text, "regulation-3")
    lines = {
        _("Internet, US"): _aged(internet, start),
        _("Internet, Malaysia"): _aged(malaysia, start),
    }
    ai = aligned.assign(what=i18n.texts(aligned["measure"]), share=aligned["percent"] / 100)
    first, last = i18n.cell("year", equal.low), i18n.cell("year", equal.high)
    words = {
        "years": first if first == last else _("{first} to {last}", first=first, last=last),
        "n": i18n.number(equal.n),
        **charts.extent(ai["share"]),
        "start": i18n.day(start),
    }
    return charts.figure(
        charts.drawing("fig-adoption", 3.3, _draw_adoption, lines, ai),
        words,
        pd.concat(
            [*(rows.assign(what=name) for name, rows in lines.items()), ai], ignore_index=True
        ),
        sources=(*internet["source_id"], *aligned["source_id"]),
        title=_("AI use today is the internet's of {years}"),
        subtitle=_(
            "Share of people using each, by years since take-off: internet from {start}, AI from the release "
            "of ChatGPT; United States and Malaysia"
        ),
        alt=_(
            "Line chart of internet use by years since take-off in the United States and Malaysia, where {n} figures "
            "of AI use, {low} to {high}, lie far above the internet at the same age."
        ),
        note=_(
            "Diamonds: {n} published figures of AI use in the United States, each of its own definition. The "
            "internet series counts people; an earlier take-off, the public web, would put AI further ahead."
        ),
        columns=(
            Column("what", _("What")),
            Column("age", _("Years since take-off"), "decimal"),
            Column("percent", _("Users, %"), "number"),
        ),
    )


def _aged(internet: pd.DataFrame, start: dt.date) -> pd.DataFrame:
    """Internet use by years since take-off."""
    origin = start.year + start.timetuple().tm_yday / 365.25
    rows = internet.assign(age=internet["year"] - origin, share=internet["percent"] / 100)
    return rows[rows["age"].between(0, _AGES)]


def _draw_adoption(ax: Axes, lines: dict[str, pd.DataFrame], ai: pd.DataFrame) -> None:
    fields = {"years": "age:decimal", "share": "share:percent"}
    message = _("{what}, {years} years on: {share} of people")
    colours = (style.MAIN, style.THREE[2])
    say = charts.say(message, what="series", **fields)
    ends = charts.lines(ax, lines, "age", "percent", say, colours=colours, dashes=style.DASHES)
    ax.plot(ai["age"], ai["percent"], "D", color=style.ACCENT, ms=8)
    charts.mark_rows(ax, ai, "age", "percent", charts.say(message, **fields))
    ax.set_xlabel(_("Years since take-off"))
    ax.set_xlim(-1.6, None)  # room for labels to the left of points
    ax.set_xticks(range(0, _AGES + 1, 3))
    ax.set_ylim(0, None)
    axes.y_title(ax, _("Users, % of people"))
    labels = [_("AI, {share}", share=i18n.percent(share)) for share in ai["share"]]
    axes.point_labels(ax, list(zip(ai["age"], ai["percent"], labels, strict=True)))
    axes.end_labels(ax, ends)


def laws(rates: pd.DataFrame, ratio: Estimate) -> Figure:
    """Draw ``era.law_rates`` of both eras; `ratio` is AI over internet at the same age."""
    rows = rates[[e.low > 0 for e in rates["estimate"]]].reset_index(drop=True)
    words = {
        "factor": i18n.factor(ratio.value),
        "ratio": i18n.estimate(ratio),
        "states": i18n.number(rows.loc[rows["what"] == "ai_states", "count"].sum()),
        "level": i18n.percent(rows["estimate"].iloc[0].level),
        **charts.period(rows["period"].str.findall(r"\d{4}").explode(), "text"),
    }
    shown = rows.assign(what=[_(_LAWS[name]) for name in rows["what"]])
    return charts.figure(
        charts.drawing("fig-laws", 0.34 * len(rows) + 0.9, _draw_laws, shown),
        words,
        charts.spread(shown),
        sources=rates["source_id"].dropna(),
        title=_("AI laws a year: {factor} the internet's at its age")
        if ratio.known
        else _("Laws a year on the internet and AI, {n} counts"),
        subtitle=_(
            "Laws, or bills, a year on the internet (green) and on AI (orange), United States, by count and "
            "period, {since} to {until}"
        ),
        alt=_(
            "Dot chart on a log scale of laws and bills a year in two eras by {n} counts, where federal AI laws over "
            "internet laws at the same age come to {ratio}, and states passed {states} in the latest year."
        ),
        note=_(
            "Not like for like: statutes then, laws that mention AI now. Lines are {level} exact Poisson intervals; "
            "n = {n} counts. The internet list is of well-known acts; bills of the 1990s are “more than”. "
            "All federal but for the row on states."
        ),
        columns=(
            Column("what", _("Count")),
            Column("period", _("Period")),
            Column("count", _("Number"), "integer"),
            Column("years", _("Years"), "decimal"),
            *charts.spread_columns("number", _("A year")),
        ),
    )


def _draw_laws(ax: Axes, rows: pd.DataFrame) -> None:
    labels = rows["what"] + ", " + rows["period"]
    colours = [style.MAIN if era == "internet" else style.ACCENT for era in rows["era"]]
    charts.forest(ax, labels, rows["estimate"], colours, "number")
    ax.set_xscale("log")
    ax.set_xlim(None, 2 * max(e.high for e in rows["estimate"]))
    axes.log_axis(ax.xaxis, lambda value: i18n.significant(value, 1))
    ax.set_xlabel(_("Laws or bills a year (log scale)"))


def gaps(rows: pd.DataFrame, ratio: Estimate) -> Figure | Card:
    """Draw ``rivalry.gaps``: the US lead by test; `ratio` is the Arena gap now over that of early 2025."""
    if rows.empty:
        text = _("No measure of the gap between countries had been published by then.")
        return finding("gaps-none", text, "regulation-4")
    words = charts.period(rows["date"]) | {
        "wide": i18n.number(rows["value"].iloc[0], 1),
        "now": i18n.number(rows["value"].iloc[-1], 1),
        "n": i18n.number(rows["test"].nunique()),
    }
    names = [_TESTS.get(test, test.upper()) for test in rows["test"]]
    shown = rows.assign(group=rows["test"], test=names, unit=i18n.texts(rows["unit"]))
    return charts.figure(
        charts.drawing("fig-gaps", 3.2, _draw_gaps, shown),
        words,
        shown,
        title=_("Closed by early 2025, the gap has widened to {now}%")
        if ratio.known and ratio.low > 1
        else _("US lead over China on {n} tests"),
        subtitle=_(
            "Lead of the best US model over the best Chinese model: percentage points on four tests, percent "
            "of the rating on Arena, {since} to {until}"
        ),
        alt=_(
            "Line chart of the US lead over China on {n} tests, where it fell from up to {wide} points in {since} "
            "and stood at {now}% of the Arena rating in {until}."
        ),
        note=_(
            "Different tests are not comparable with one another. Arena ratings carry errors of their own, which "
            "the source of these figures leaves out. n = {n} tests."
        ),
        columns=(
            Column("test", _("Test")),
            Column("date", _("Date"), "date"),
            Column("value", _("Lead"), "number"),
            Column("unit", _("Unit")),
        ),
    )


def _draw_gaps(ax: Axes, rows: pd.DataFrame) -> None:
    say = charts.say(_("{test}, {day}: {lead} {unit}"), day="date:date", lead="value:number")
    for (test, group), marker in zip(rows.groupby("group"), ("D", *style.MARKERS), strict=False):
        arena = test == "arena"
        colour, side = (style.ACCENT, "left") if arena else (style.MAIN, "right")
        ax.plot(group["date"], group["value"], "-", marker=marker, color=colour)
        charts.mark_rows(ax, group, "date", "value", say)
        name, x, y = group[["test", "date", "value"]].iloc[-1 if arena else 0]
        place: Any = {"textcoords": "offset points", "ha": side, "va": "center"}
        ax.annotate(name, (x, y), (8 if arena else -8, 0), **place)
    first, last = rows["date"].min(), rows["date"].max()
    ax.set_xlim(first - (last - first) * 0.45, last + (last - first) * 0.25)
    ax.set_ylim(0, None)
    axes.over_time(ax, _("US lead over China, points or %"))


def open_weights(rows: pd.DataFrame) -> Figure | Card:
    """Draw the share of notable models with open weights, by country: ``rivalry.open_shares``."""
    if rows.empty:
        text = _("No share of open-weight models had been published by then.")
        return finding("open-weights-none", text, "regulation-4")
    last = rows.groupby("place").last()["percent"] / 100
    words = charts.period(rows["year"], "year", ("first", "year")) | {
        "china": i18n.percent(last["CN"]),
        "us": i18n.percent(last["US"]),
    }
    shown = rows.assign(
        place=[jurisdiction(name) for name in rows["place"]], share=rows["percent"] / 100
    )
    return charts.figure(
        charts.drawing("fig-open-weights", 3.0, _draw_open, shown),
        words,
        shown,
        title=_("{china} of China's notable models are open, {us} of the US's"),
        subtitle=_(
            "Share of notable models whose weights can be downloaded, of those with known access, China, "
            "United States and world, {first} to {year}"
        ),
        alt=_(
            "Line chart of the share of notable models with open weights, where China stands at {china} in {year} "
            "and the United States at {us}."
        ),
        note=_(
            "Models released, not models used. {year} covers part of the year; the number of models behind a share "
            "is not published with it."
        ),
        columns=(
            Column("place", _("Place")),
            Column("year", _("Year"), "year"),
            Column("percent", _("Open weights, %"), "number"),
        ),
    )


def _draw_open(ax: Axes, rows: pd.DataFrame) -> None:
    say = charts.say(
        _("{what}, {year}: {share}"), what="series", year="year:year", share="share:percent"
    )
    places = {
        name: rows[rows["place"] == name] for name in map(jurisdiction, ("CN", "World", "US"))
    }
    ends = charts.lines(ax, places, "year", "percent", say, dashes=style.DASHES, markers="ooo")
    ax.set_ylim(0, 100)
    ax.set_xticks(range(rows["year"].min(), rows["year"].max() + 1, 2))
    axes.measure(ax, _("Open weights, % of notable models"), ends)
