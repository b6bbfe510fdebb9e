"""Figures on the direction of regulation: stance, shares, surveys, dates; a sentence where nothing was known."""

import datetime as dt
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.regulation.words import SCOPES, STANDINGS, jurisdiction
from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure

#: Height of one panel of the stance index, inches.
_PANEL = 1.05
#: Survey -> the name that a label has room for.
_SHORT = {
    "Pew": "Pew",
    "AI Index 2026": "AI Index",
    "Gallup": "Gallup",
    "AI Policy": "AIPI",
    "Penn": "Annenberg",
    "Echelon": "Echelon",
    "Axios": "Axios",
    "Authority": "Auth. Hacker",
    "Ipsos": "Ipsos",
    "AI Index and": "McKinsey",
}
_SIDES = {"more": style.MAIN, "fewer": style.ACCENT, "uncertainty": style.THREE[2]}


def stance(
    index: pd.DataFrame, places: list[str], change: dt.date, weighting: str, sources: Iterable[str]
) -> Figure:
    """Draw ``decisions.stance`` with its band, one panel a place; a dotted line marks the day of `change`."""
    last = index.groupby("place").last()["index"]
    words = charts.period(index["date"]) | {
        "n": i18n.number(len(places)),
        "places": i18n.words([jurisdiction(name) for name in places]),
        "top": jurisdiction(last.idxmax()),
        "most": _points(last.max()),
        "low": jurisdiction(last.idxmin()),
        "least": _points(last.min()),
        "unit": _("decisions") if weighting == "equal" else _("decisions of middling stringency"),
        "day": i18n.day(change),
    }
    height = _PANEL * len(places) + 0.3
    panels = {jurisdiction(name): index[index["place"] == name] for name in places}
    return charts.figure(
        charts.drawing("fig-stance", height, _draw_stance, panels, change, panels=len(places)),
        words,
        index.assign(place=[jurisdiction(name) for name in index["place"]]),
        sources=sources,
        title=_("Net tightening since {since}: {top} {most}, {low} {least}")
        if len(places) > 1
        else _("Net tightening since {since}: {top} {most}"),
        subtitle=_(
            "Tightening less loosening decisions, added up, in {unit}, {places}, {since} to {until}"
        ),
        alt=_(
            "Stepped lines of the stance index in {n} panels, where {top} reached {most} by {until} and {low} "
            "{least}, with bands for other ways of coding."
        ),
        note=_(
            "Shaded: least and greatest over other codings (each source dropped in turn; weighted the other way; "
            "binding instruments only; enacted ones only; no export controls; the second reader's; no sources of "
            "grades C and D). It carries no probability. Dotted: {day}."
        ),
        columns=(
            Column("place", _("Place")),
            Column("date", _("From"), "date"),
            Column("index", _("Index"), "number"),
            Column("low", _("Low"), "number"),
            Column("high", _("High"), "number"),
        ),
    )


def _draw_stance(panes: list[Axes], panels: dict[str, pd.DataFrame], change: dt.date) -> None:
    band: Any = {"color": style.MAIN, "alpha": 0.25, "lw": 0}
    for ax, (name, rows) in zip(panes, panels.items(), strict=True):
        dates, spans = rows["date"], [_span(row) for _index, row in rows.iterrows()]
        say = charts.say(_("{place}, from {day}: {span}"), day="date:date")
        ax.axhline(0, color=style.QUIET, lw=1)
        ax.axvline(pd.Timestamp(change), color=style.INK, lw=1, ls=style.DASHES[2])
        ax.fill_between(dates, rows["low"], rows["high"], step="post", **band)
        ax.step(dates, rows["index"], where="post", color=style.MAIN)
        charts.mark_rows(ax, rows.assign(place=name, span=spans), "date", "index", say)
        axes.y_title(ax, f"{name}: {spans[-1]}")
    axes.years_axis(panes[-1])


def _span(row: pd.Series) -> str:
    value, low, high = (_points(row[name]) for name in ("index", "low", "high"))
    return _("{value} ({low} to {high})", value=value, low=low, high=high)


def _points(value: float) -> str:
    """Write an index without needless decimals."""
    return i18n.number(value, 0 if float(value).is_integer() else 1)


def directions(found: pd.DataFrame, change: dt.date, sources: Iterable[str]) -> Figure | Card:
    """Draw ``direction.directions``: the net index by place and kind, after a day and before."""
    rows = found[[e.known for e in found["estimate"]]].reset_index(drop=True)
    words = {"day": i18n.day(change)}
    if rows.empty or rows["scope"].iloc[0] != "all":
        text = _("No decision since {day} was known by then.", **words)
        return finding("directions-none", text, "regulation-1")
    rows = rows.assign(
        label=[_(SCOPES[name]) for name in rows["scope"]],
        row=rows.index,
        day=words["day"],
        earlier=[e.value if e.known else None for e in rows["before"]],
        n_before=[e.n for e in rows["before"]],
    )
    total, before = rows["estimate"].iloc[0], rows["before"].iloc[0]
    words |= {
        "value": i18n.percent(total.value),
        "estimate": i18n.estimate(total),
        "n": i18n.number(total.n),
        "before": i18n.estimate(before),
        "nb": i18n.number(before.n),
    }
    return charts.figure(
        charts.drawing("fig-directions", 0.37 * len(rows) + 0.8, _draw_directions, rows),
        words,
        charts.spread(rows.drop(columns=["before", "change"])),
        sources=sources,
        title=_("Loosening less tightening since {day}: {value} of both"),
        subtitle=_(
            "Loosening less tightening decisions as a share of both, by place and kind of instrument, "
            "world, before and since {day}"
        ),
        alt=_(
            "Dot chart of the balance of decisions, where all since {day} come to {estimate} over {n} instruments, "
            "against {before} over {nb} before."
        ),
        intervals=charts.interval_note(rows["estimate"], _("n counts instruments")),
        note=_(
            "Hollow diamonds: before {day}. Grey line: as many loosen as tighten. Right: loosening."
        ),
        columns=(
            Column("label", _("What")),
            *charts.spread_columns("percent", _("Balance since")),
            Column("earlier", _("Balance before"), "percent"),
            Column("n_before", _("n before"), "integer"),
            Column("after_loosening", _("Loosening since"), "integer"),
            Column("after_tightening", _("Tightening since"), "integer"),
        ),
    )


def _draw_directions(ax: Axes, rows: pd.DataFrame) -> None:
    say = charts.say(_("{what}, before {day}: {share}"), what="label", share="earlier:percent")
    labels = [textwrap.fill(label, 22) for label in rows["label"]]
    ax.axvline(0, color=style.QUIET, lw=1.2)
    charts.forest(ax, labels, rows["estimate"], [style.MAIN] * len(rows))
    diamonds: Any = {"color": style.ACCENT, "mfc": "none", "mew": 1.6, "ms": 7, "clip_on": False}
    ax.plot(rows["earlier"], rows["row"], "D", **diamonds)
    charts.mark_rows(ax, rows, "earlier", "row", say)
    ax.set_xlim(-1.04, 1.04)  # room for diamonds at the ends
    ax.set_xlabel(_("Loosening less tightening, share of both"))


def surveys(opinions: pd.DataFrame, sources: Iterable[str]) -> Figure | Card:
    """Draw what surveys found, for more rules and for fewer: ``rivalry.opinions``."""
    partisan = opinions["population"].str.contains("Democrats|Republicans")
    rows = opinions[~partisan].reset_index(drop=True)
    sides = rows.groupby(["survey", "question"])["leaning"].transform("nunique")
    both = rows[(sides > 1) & rows["question"].str.contains("too far")]
    if both.empty:
        text = _(
            "No survey published by then gives both who finds regulation too weak and who finds it too strict."
        )
        return finding("surveys-none", text, "regulation-2")
    unit = _("answers whose number asked isn't known have none; n counts people")
    sample = charts.interval_note(rows["estimate"], unit) or _(
        "No survey says how many were asked, so there are no intervals."
    )
    asked = both[both["survey"] == both.sort_values("year")["survey"].iloc[-1]]
    pair = asked.drop_duplicates("leaning").set_index("leaning")["percent"] / 100
    words = charts.period(rows["year"], "year", ("first", "last")) | {
        "more": i18n.percent(pair["more"]),
        "fewer": i18n.percent(pair["fewer"]),
    }
    names = ("survey", "population", "question", "answer")
    texts = {name: i18n.texts(rows[name]) for name in names}
    return charts.figure(
        charts.drawing("fig-surveys", 0.39 * len(rows) + 0.7, _draw_surveys, rows),
        words,
        # a number asked that nobody states is unknown, not zero
        charts.spread(rows.drop(columns="n")).assign(n=rows["n"], **texts),
        sources=sources,
        title=_("Too little regulation, say {more}; too much, {fewer}"),
        subtitle=_(
            "Share giving an answer, {n} answers in surveys of the public and of business leaders, United "
            "States and world, {first} to {last}"
        ),
        alt=_(
            "Dot chart of {n} survey answers on regulating AI, where in the latest question that offers both, {more} "
            "expect too little regulation and {fewer} too much."
        ),
        note=_(
            "Green: for more or firmer rules. Orange: for fewer. Violet: unclear rules named as an "
            "obstacle. Wording, sponsors and samples differ."
        )
        + f" {sample}",
        columns=(
            Column("survey", _("Survey")),
            Column("population", _("Asked")),
            Column("question", _("Question")),
            Column("answer", _("Answer")),
            *charts.spread_columns("percent", _("Share")),
        ),
    )


def _draw_surveys(ax: Axes, rows: pd.DataFrame) -> None:
    labels = [_label(r.survey, _(r.label)) for r in rows.itertuples()]
    charts.forest(ax, labels, rows["estimate"], rows["leaning"].map(_SIDES))
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1])
    ax.set_xlabel(_("Share giving the answer"))


def _label(survey: str, answer: str) -> str:
    short = [name for start, name in _SHORT.items() if survey.startswith(start)]
    return textwrap.fill(f"{answer} ({short[-1] if short else survey})", 26)


def calendar(dates: pd.DataFrame, as_of: dt.date) -> Figure | Card:
    """Draw what starts to apply when, a row a place: ``rivalry.calendar``."""
    if dates.empty:
        return finding("calendar-none", _("No obligation with a later date was known by then."))
    order = list(dict.fromkeys(dates["jurisdiction"]))
    words = charts.period(dates["date"], "date", ("first", "last")) | {
        "fixed": i18n.number(int((dates["confidence"] == "legislated").sum())),
        "places": i18n.number(len(order)),
        "as_of": i18n.day(as_of),
    }
    shown = dates.assign(
        row=[order.index(name) for name in dates["jurisdiction"]],
        place=[jurisdiction(name) for name in dates["jurisdiction"]],
        short_title=i18n.texts(dates["short_title"]),
        firm=[_(STANDINGS[name]) for name in dates["confidence"]],
    )
    labels = [jurisdiction(name) for name in order]
    return charts.figure(
        charts.drawing("fig-calendar", 0.34 * len(order) + 1.0, _draw_calendar, shown, labels),
        words,
        shown,
        title=_("{fixed} of {n} coming dates stand in law"),
        subtitle=_(
            "Days from which obligations apply or fall due, after {as_of}, {places} places, {first} to {last}"
        ),
        alt=_(
            "Dot chart of {n} coming obligations on a time axis in {places} places, where {fixed} stand in law and "
            "the first falls on {first}."
        ),
        note=_(
            "Where sources differ on a date, each reading is a mark. The table gives what applies."
        ),
        columns=(
            Column("date", _("Date"), "date"),
            Column("place", _("Place")),
            Column("short_title", _("Instrument")),
            Column("firm", _("Standing")),
        ),
    )


def _draw_calendar(ax: Axes, dates: pd.DataFrame, places: Sequence[str]) -> None:
    say = charts.say(
        _("{place}, {day}: {instrument} ({standing})"),
        day="date:date",
        instrument="short_title",
        standing="firm",
    )
    looks = {
        "legislated": ("o", style.MAIN, style.MAIN),
        "announced": ("D", style.ACCENT, "none"),
        "proposed": ("s", style.THREE[2], "none"),
    }
    for name, (marker, colour, fill) in looks.items():
        rows = dates[dates["confidence"] == name]
        look: Any = {"color": colour, "mfc": fill, "mew": 1.6, "ms": 8, "clip_on": False}
        if len(rows):
            ax.plot(rows["date"], rows["row"], marker, label=_(STANDINGS[name]), **look)
    charts.mark_rows(ax, dates, "date", "row", say)
    ax.set_yticks(range(len(places)), places)
    ax.set_ylim(len(places) - 0.5, -0.5)
    axes.years_axis(ax)
    above: Any = {"loc": "lower center", "bbox_to_anchor": (0.3, 1.0), "ncols": 3}
    ax.legend(handletextpad=0.2, columnspacing=0.8, **above)
