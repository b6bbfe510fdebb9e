"""Figures on regulation; a sentence where nothing had been published."""

import datetime as dt
import textwrap
from collections.abc import Iterable, Mapping

import pandas as pd
from matplotlib.axes import Axes

from analysis.regulation.words import jurisdiction
from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import Estimate

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
#: Years since take-off that the comparison shows.
_AGES = 12


def stance(
    index: pd.DataFrame, places: list[str], change: dt.date, weighting: str, sources: Iterable[str]
) -> Figure:
    """Draw ``decisions.stance``, one panel a place; a dotted line marks the day of `change`."""
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
            "Stepped lines of the stance index in {n} panels, where {top} reached {most} by {until} and {low} {least}."
        ),
        note=_("Dotted: {day}. Down: loosening."),
        columns=(
            Column("place", _("Place")),
            Column("date", _("From"), "date"),
            Column("index", _("Index"), "number"),
        ),
    )


def _draw_stance(panes: list[Axes], panels: dict[str, pd.DataFrame], change: dt.date) -> None:
    say = charts.say(_("{place}, from {day}: {index}"), day="date:date", index="written")
    for ax, (name, rows) in zip(panes, panels.items(), strict=True):
        written = [_points(value) for value in rows["index"]]
        ax.axhline(0, color=style.QUIET, lw=1)
        ax.axvline(pd.Timestamp(change), color=style.INK, lw=1, ls=style.DASHES[2])
        ax.step(rows["date"], rows["index"], where="post", color=style.MAIN)
        charts.mark_rows(ax, rows.assign(place=name, written=written), "date", "index", say)
        axes.y_title(ax, f"{name}: {written[-1]}")
    axes.years_axis(panes[-1])


def _points(value: float) -> str:
    """Write an index without needless decimals."""
    return i18n.number(value, 0 if float(value).is_integer() else 1)


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
        title=_("AI use is the internet's of {years}"),
        subtitle=_(
            "Share of people using each, by years since take-off: internet from {start}, AI from the release "
            "of ChatGPT; United States and Malaysia"
        ),
        alt=_(
            "Line chart of internet use by years since take-off in the United States and Malaysia, with the figures "
            "of AI use in the United States ({n}; {low} to {high}) at the age of AI."
        ),
        note=_(
            "Diamonds: published figures of AI use in the United States ({n}), each of its own definition. The "
            "internet series counts people."
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


def leads(found: Mapping[str, pd.DataFrame], change: dt.date) -> Figure | Card:
    """Draw ``rivalry.leads``, as published and looked back on; a dotted line marks the day of `change`."""
    rows, back = found["as_published"], found["one_version"]
    if rows.empty:
        text = _("No lead of one country over another had been published by then.")
        return finding("gaps-none", text, "regulation-4")
    first, last = rows.iloc[0], rows.iloc[-1]
    words = charts.period(rows["date"]) | {
        "then": i18n.number(first["lead"]),
        "now": i18n.number(last["lead"]),
        "n": i18n.number(len(rows)),
        "day": i18n.day(change),
    }
    looks = {_("As published"): rows, _("Looked back on"): back}
    every = pd.concat([part.assign(what=name) for name, part in looks.items()], ignore_index=True)
    return charts.figure(
        charts.drawing("fig-gaps", 3.2, _draw_leads, looks, change),
        words,
        every,
        sources=every["source_id"],
        title=_("US Arena lead: {then} points in {since}, {now} in {until}"),
        subtitle=_(
            "Rating of the best US model less that of the best Chinese model on the LMArena leaderboard, points, "
            "{since} to {until}"
        ),
        alt=_(
            "Line chart of the lead of the United States over China on the Arena in {n} readings as published, "
            "{then} points in {since} and {now} in {until}, with 95% bars, and as looked back on by one version."
        )
        if len(back)
        else _(
            "Line chart of the lead of the United States over China on the Arena in {n} readings as published, "
            "{then} points in {since} and {now} in {until}, with 95% bars."
        ),
        note=_(
            "Bars: 95% intervals, errors of the two ratings taken as independent, n = {n} readings. The look back "
            "lacks models that were retired by its day. Dotted: {day}."
        )
        if len(back)
        else _(
            "Bars: 95% intervals, errors of the two ratings taken as independent, n = {n} readings. Dotted: {day}."
        ),
        columns=(
            Column("what", _("What")),
            Column("date", _("Date"), "date"),
            Column("lead", _("Lead"), "number"),
            Column("low", _("Low"), "number"),
            Column("high", _("High"), "number"),
            Column("best_us", _("Best US model")),
            Column("best_china", _("Best Chinese model")),
        ),
    )


def _draw_leads(ax: Axes, looks: dict[str, pd.DataFrame], change: dt.date) -> None:
    say = charts.say(
        _("{what}, {day}: {lead} points"), what="series", day="date:date", lead="lead:number"
    )
    ax.axhline(0, color=style.QUIET, lw=1)
    ax.axvline(pd.Timestamp(change), color=style.INK, lw=1, ls=style.DASHES[2])
    published = next(iter(looks.values()))
    ax.vlines(published["date"], published["low"], published["high"], color=style.MAIN, lw=1.4)
    colours = (style.MAIN, style.ACCENT)
    ends = charts.lines(
        ax, looks, "date", "lead", say, colours=colours, dashes=style.DASHES, markers="oo"
    )
    axes.over_time(ax, _("US lead over China, points"), ends)
