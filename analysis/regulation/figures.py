"""Figures on regulation; a sentence where nothing had been published."""

import datetime as dt
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.regulation.words import jurisdiction
from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_, Estimate

#: Height of one panel of the net direction, inches, and width of a bar, years.
_PANEL, _BAR = 1.2, 0.7
#: Line of the day of the change.
_CHANGE: Any = {"color": style.INK, "lw": 1, "ls": style.DASHES[2]}
_IN_CORNER: Any = {"xycoords": "axes fraction", "xytext": (3, 0), "textcoords": "offset points"}
_WRITTEN = {"written": "net", "total": "index"}
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
#: What an answer leans to -> its colour, its mark and its name.
_SIDES = {
    "more": (style.MAIN, "o", N_("More or firmer rules")),
    "fewer": (style.ACCENT, "s", N_("Fewer rules")),
    "uncertainty": (style.THREE[2], "D", N_("Unclear rules hinder")),
}
#: Years since take-off that the comparison shows.
_AGES = 12


def stance(
    index: pd.DataFrame, places: list[str], change: dt.date, weighting: str, sources: Iterable[str]
) -> Figure:
    """Draw the net direction of each year, from ``decisions.stance``, a panel a place."""
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
    rows = by_year(index)
    panels = {jurisdiction(name): rows[rows["place"] == name] for name in places}
    height, kind = _PANEL * len(places) + 0.4, "integer" if weighting == "equal" else "decimal"
    return charts.figure(
        charts.drawing(
            "fig-stance", height, _draw_stance, panels, change, panels=len(places), wide=3.6
        ),
        words,
        rows.assign(place=[jurisdiction(name) for name in rows["place"]]),
        sources=sources,
        title=_("Net tightening since {since}: {top} {most}, {low} {least}")
        if len(places) > 1
        else _("Net tightening since {since}: {top} {most}"),
        subtitle=_(
            "Tightening less loosening decisions of each year, in {unit}, {places}, {since} to {until}"
        ),
        alt=_(
            "Bar charts of tightening less loosening decisions by year in {n} panels, adding up to {most} for {top} "
            "and {least} for {low} from {since} to {until}."
        ),
        note=_("The dotted line is {day}. The last year isn't over."),
        columns=(
            Column("place", _("Place")),
            Column("year", _("Year"), "year"),
            Column("net", _("Net in the year"), kind),
            Column("index", _("Added up"), kind),
        ),
    )


def by_year(index: pd.DataFrame) -> pd.DataFrame:
    """Split the index of ``decisions.stance`` by year: ``net`` of each, and the ``index`` at its end."""
    first, last = (index["date"].dt.year.agg(end) for end in ("min", "max"))
    ends = index.assign(year=index["date"].dt.year).groupby(["place", "year"])["index"].last()
    years = pd.RangeIndex(first, last + 1, name="year")
    table = ends.unstack("place").reindex(years).ffill().fillna(0.0)
    rows = table.unstack().rename("index").reset_index()
    net = rows.groupby("place")["index"].diff()
    return rows.assign(net=net.fillna(rows["index"]))


def _draw_stance(panes: list[Axes], panels: dict[str, pd.DataFrame], change: dt.date) -> None:
    say = charts.say(
        _("{place}, {year}: net {net}, {index} so far"),
        year="year:year",
        net="written",
        index="total",
    )
    for ax, (name, rows) in zip(panes, panels.items(), strict=True):
        looser = rows["net"] < 0
        colours = looser.map({False: style.MAIN, True: style.ACCENT})
        ax.bar(rows["year"], rows["net"], _BAR, color=colours, lw=0)
        ax.axhline(0, color=style.INK, lw=0.8)
        ax.axvline(change.year + change.timetuple().tm_yday / 366 - 0.5, **_CHANGE)
        told = {column: [_points(v) for v in rows[name]] for column, name in _WRITTEN.items()}
        charts.mark_rows(ax, rows.assign(place=name, **told), "year", "net", say, _BAR)
        _annotate(ax, rows)
        axes.y_title(ax, f"{name}: {_points(rows['index'].iloc[-1])}")
        axes.whole_axis(ax.yaxis)
        ax.spines["bottom"].set_visible(False)
    _label_years(panes, next(iter(panels.values()))["year"])
    panes[0].annotate(_("tightens"), (0, 1), **_IN_CORNER, va="top")
    panes[0].annotate(_("loosens"), (0, 0), **_IN_CORNER, va="bottom")


def _annotate(ax: Axes, rows: pd.DataFrame) -> None:
    """Write what the year of most tightening, and that of most loosening, came to."""
    extremes = {rows["net"].idxmax(), rows["net"].idxmin()}
    for year, net in rows.loc[sorted(extremes), ["year", "net"]].itertuples(index=False):
        if net:
            up = net > 0
            side: Any = {"va": "bottom" if up else "top", "xytext": (0, 2 if up else -2)}
            ax.annotate(_points(net), (year, net), textcoords="offset points", ha="center", **side)


def _label_years(panes: list[Axes], years: pd.Series) -> None:
    first, last = years.min(), years.max()
    for ax in panes:
        ax.set_xlim(first - 0.6, last + 0.6)
        ax.margins(y=0.2)
        ax.xaxis.set_major_formatter(lambda year, _at: f"{year:.0f}")
        every = 3 if len(panes) > 1 and style.wide(ax) else 1 + (last - first) // 6
        ax.set_xticks(range(last, first - 1, -every))
        ax.tick_params(axis="x", length=0)


def _points(value: float) -> str:
    """Write an index without needless decimals."""
    return i18n.number(value, 0 if float(value).is_integer() else 1)


def surveys(opinions: pd.DataFrame, sources: Iterable[str]) -> Figure | Card:
    """Draw what surveys found, for more rules and for fewer: ``rivalry.opinions``."""
    partisan = opinions["population"].str.contains("Democrats|Republicans")
    order = opinions["leaning"].map(list(_SIDES).index)
    rows = opinions[~partisan].loc[order[~partisan].sort_values(kind="stable").index]
    rows = rows.reset_index(drop=True)
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
    high = 0.27 * len(rows) + 1.5
    names = ("survey", "population", "question", "answer")
    texts = {name: i18n.texts(rows[name]) for name in names}
    return charts.figure(
        charts.drawing("fig-surveys", 0.4 * len(rows) + 1.4, _draw_surveys, rows, wide=high),
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
        note=_("Wording, sponsors and samples differ.") + f" {sample}",
        columns=(
            Column("survey", _("Survey")),
            Column("population", _("Asked")),
            Column("question", _("Question")),
            Column("answer", _("Answer")),
            *charts.spread_columns("percent", _("Share")),
        ),
    )


def _draw_surveys(ax: Axes, rows: pd.DataFrame) -> None:
    room = 60 if style.wide(ax) else 26
    labels = [_label(r.survey, _(r.label), room) for r in rows.itertuples()]
    colours, marks, groups = zip(*rows["leaning"].map(_SIDES), strict=True)
    looks: Any = {"marker": marks, "group": [_(group) for group in groups]}
    charts.forest(ax, labels, rows["estimate"], colours, **looks)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1])
    ax.set_xlabel(_("Share giving the answer"))


def _label(survey: str, answer: str, room: int) -> str:
    short = [name for start, name in _SHORT.items() if survey.startswith(start)]
    return textwrap.fill(f"{answer} ({short[-1] if short else survey})", room)


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
        charts.drawing("fig-adoption", 3.0, _draw_adoption, lines, ai, wide=4.2),
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
    labels = [_("AI, {share}", share=i18n.percent(share)) for share in ai["share"]]
    axes.measure(ax, _("Users, % of people"), ends)
    axes.point_labels(ax, list(zip(ai["age"], ai["percent"], labels, strict=True)))


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
        charts.drawing("fig-gaps", 2.9, _draw_leads, looks, change, wide=4.2),
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
            "lacks models that were retired by its day. The dotted line is {day}."
        )
        if len(back)
        else _(
            "Bars: 95% intervals, errors of the two ratings taken as independent, n = {n} readings. The dotted line "
            "is {day}."
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
    ax.axvline(pd.Timestamp(change), **_CHANGE)
    published = next(iter(looks.values()))
    ax.vlines(published["date"], published["low"], published["high"], color=style.MAIN, lw=1.4)
    colours = (style.MAIN, style.ACCENT)
    ends = charts.lines(
        ax, looks, "date", "lead", say, colours=colours, dashes=style.DASHES, markers="oo"
    )
    axes.over_time(ax, _("US lead over China, points"), ends)
    axes.point_labels(ax, _rivals(published, style.wide(ax)))


def _rivals(rows: pd.DataFrame, wide: bool) -> list[tuple[Any, float, str]]:
    """Label the readings at which the lead fell most, and where it's wide those at which it rose most.

    Named is the model of the side that gained.
    """
    change = rows["lead"].diff()
    falls = rows.loc[change.nsmallest(2 if wide else 1).index]
    rises = rows.loc[change.nlargest(2 if wide else 0).index]
    found = pd.concat([falls.assign(name=falls["best_china"]), rises.assign(name=rises["best_us"])])
    return list(zip(found["date"], found["lead"], found["name"], strict=True))
