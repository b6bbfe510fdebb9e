"""Figures on the direction of regulation: the stance index, shares, surveys, the calendar."""

import datetime as dt
import textwrap
from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes

from analysis.regulation.words import place, scope, standing
from briefs.display import charts, i18n, style
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
    "Authority": "Auth. Hacker",
    "Ipsos": "Ipsos",
    "AI Index and": "McKinsey",
}
_SIDES = {"more": style.MAIN, "fewer": style.ACCENT, "uncertainty": style.THREE[2]}


def _span(row: pd.Series) -> str:
    return _(
        "{value} ({low} to {high})",
        value=_points(row["index"]),
        low=_points(row["low"]),
        high=_points(row["high"]),
    )


def _points(value: float) -> str:
    """Write an index without needless decimals."""
    return i18n.number(value, 0 if float(value).is_integer() else 1)


def _panel(ax: Axes, rows: pd.DataFrame, name: str, change: dt.date) -> None:
    ax.axhline(0, color=style.QUIET, lw=1)
    ax.axvline(pd.Timestamp(change), color=style.INK, lw=1, ls=style.DASHES[2])
    ax.fill_between(
        rows["date"], rows["low"], rows["high"], step="post", color=style.MAIN, alpha=0.25, lw=0
    )
    ax.step(rows["date"], rows["index"], where="post", color=style.MAIN)
    charts.mark(
        ax,
        rows["date"],
        rows["index"],
        [
            _(
                "{place}, from {day}: {span}",
                place=place(name),
                day=i18n.day(row["date"]),
                span=_span(row),
            )
            for _i, row in rows.iterrows()
        ],
    )
    charts.y_title(ax, f"{place(name)}: {_span(rows.iloc[-1])}")


def stance(
    index: pd.DataFrame, places: list[str], change: dt.date, weighting: str, sources: Iterable[str]
) -> Figure:
    """Draw the stance index of each place with the band over other codings, one panel a place.

    Parameters
    ----------
    index : DataFrame
        As ``regulation.stance`` returns.
    places : list of str
        In the order of the panels.
    change : date
        Day marked by a dotted line.
    """
    with style.house():
        figure, axes = style.canvas(
            _PANEL * len(places) + 0.3, nrows=len(places), sharex=True, sharey=True, squeeze=False
        )
        for ax, name in zip(axes[:, 0], places, strict=True):
            _panel(ax, index[index["place"] == name], name, change)
        charts.years_axis(axes[-1, 0])
        drawing = style.svg(figure, "fig-stance")
    last = index.groupby("place").last()["index"]
    unit = _("decisions") if weighting == "equal" else _("decisions of middling stringency")
    words = {
        "n": i18n.number(len(places)),
        "places": i18n.words([place(name) for name in places]),
        "top": place(last.idxmax()),
        "most": _points(last.max()),
        "low": place(last.idxmin()),
        "least": _points(last.min()),
        "unit": unit,
        "since": i18n.month(index["date"].min()),
        "until": i18n.month(index["date"].max()),
        "day": i18n.day(change),
    }
    shown = index.assign(place=[place(name) for name in index["place"]])
    return Figure(
        id="fig-stance",
        svg=drawing,
        data=shown,
        sources=tuple(sources),
        title=_("Net tightening since {since}: {top} {most}, {low} {least}", **words)
        if len(places) > 1
        else _("Net tightening since {since}: {top} {most}", **words),
        subtitle=_(
            "Tightening less loosening decisions, added up, in {unit}, {places}, {since} to {until}",
            **words,
        ),
        alt=_(
            "Stepped lines of the stance index in {n} panels, where {top} reached {most} by {until} and {low} "
            "{least}, with bands for other ways of coding.",
            **words,
        ),
        note=_(
            "Shaded: least and greatest over other codings (each source dropped in turn; weighted the other way; "
            "binding instruments only; enacted ones only; no export controls; nothing from memory). It carries no "
            "probability. Dotted: {day}.",
            **words,
        ),
        columns=(
            Column("place", _("Place")),
            Column("date", _("From"), "date"),
            Column("index", _("Index"), "number"),
            Column("low", _("Low"), "number"),
            Column("high", _("High"), "number"),
        ),
    )


def directions(found: pd.DataFrame, change: dt.date, sources: Iterable[str]) -> Figure | Card:
    """Draw the loosening share after a day by place and kind, with that before it.

    Parameters
    ----------
    found : DataFrame
        As ``regulation_direction.directions`` returns.

    Returns
    -------
    Figure or Card
        A sentence when no decision had been taken since the day.
    """
    rows = found[[e.known for e in found["estimate"]]].reset_index(drop=True)
    if rows.empty or rows["scope"].iloc[0] != "all":
        return finding(
            "directions-none",
            _("No decision since {day} was known by then.", day=i18n.day(change)),
            claim="regulation-1",
        )
    total = rows["estimate"].iloc[0]
    labels = [textwrap.fill(scope(name), 22) for name in rows["scope"]]

    def draw(ax: Axes) -> None:
        ax.axvline(0.5, color=style.QUIET, lw=1.2)
        charts.forest(ax, labels, list(rows["estimate"]), [style.MAIN] * len(rows))
        ax.plot(
            [e.value for e in rows["before"]],
            range(len(rows)),
            "D",
            color=style.ACCENT,
            mfc="none",
            mew=1.6,
            ms=7,
            clip_on=False,
        )
        charts.mark(
            ax,
            [e.value for e in rows["before"]],
            range(len(rows)),
            [
                _(
                    "{what}, before {day}: {share}",
                    what=scope(r.scope),
                    day=i18n.day(change),
                    share=i18n.cell("percent", r.before.value),
                )
                for r in rows.itertuples()
            ],
        )
        ax.set_xlim(-0.04, 1)  # room for a diamond at nothing
        ax.set_xlabel(_("Share of decisions that loosen"))

    words = {
        "value": i18n.percent(total.value),
        "estimate": i18n.estimate(total),
        "n": i18n.number(total.n),
        "day": i18n.day(change),
        "before": i18n.estimate(rows["before"].iloc[0]),
        "nb": i18n.number(rows["before"].iloc[0].n),
    }
    shown = charts.spread(
        rows.assign(
            label=[scope(name) for name in rows["scope"]],
            earlier=[e.value if e.known else None for e in rows["before"]],
            n_before=[e.n for e in rows["before"]],
        ).drop(columns=["before", "odds"])
    )
    return charts.finish(
        draw,
        "fig-directions",
        0.37 * len(rows) + 0.8,
        data=shown,
        sources=tuple(sources),
        title=_("{value} of decisions since {day} loosen", **words),
        subtitle=_(
            "Loosening as a share of decisions with a direction, by place and kind of instrument, "
            "world, before and since {day}",
            **words,
        ),
        alt=_(
            "Dot chart of the share of decisions that loosen, where all since {day} come to {estimate} of {n}, "
            "against {before} of {nb} before.",
            **words,
        ),
        note=" ".join(
            [
                charts.interval_note(total, _("n counts decisions"), list(rows["estimate"])),
                _("Hollow diamonds: before {day}. Grey line: half.", **words),
            ]
        ),
        columns=(
            Column("label", _("What")),
            *charts.spread_columns("percent", _("Share since")),
            Column("earlier", _("Share before"), "percent"),
            Column("n_before", _("n before"), "integer"),
            Column("after_loosening", _("Loosening since"), "integer"),
            Column("before_loosening", _("Loosening before"), "integer"),
        ),
    )


def _label(survey: str, answer: str) -> str:
    short = [name for start, name in _SHORT.items() if survey.startswith(start)]
    return textwrap.fill(f"{answer} ({short[-1] if short else survey})", 26)


def _asked(rows: pd.DataFrame) -> pd.DataFrame:
    """Spread estimates, texts translated; a number asked that nobody states is unknown, not nothing."""
    texts = {
        name: i18n.texts(rows[name]) for name in ("survey", "population", "question", "answer")
    }
    return charts.spread(rows.drop(columns="n")).assign(n=rows["n"], **texts)


def _sample_note(estimates: list[Estimate]) -> str:
    """Say what the intervals of survey answers are, and how many have one."""
    known = [e for e in estimates if e.level is not None]
    if not known:
        return _("No survey says how many were asked, so there are no intervals.")
    return charts.interval_note(
        known[0], _("answers whose number asked isn't known have none; n counts people"), known
    )


def surveys(opinions: pd.DataFrame, sources: Iterable[str]) -> Figure | Card:
    """Draw what surveys found, for more rules and for fewer.

    Parameters
    ----------
    opinions : DataFrame
        As ``regulation_rivalry.opinions`` returns.

    Returns
    -------
    Figure or Card
        A sentence when no survey had been published.
    """
    rows = opinions[~opinions["population"].str.contains("Democrats|Republicans")].reset_index(
        drop=True
    )
    both = (rows.groupby(["survey", "question"])["leaning"].transform("nunique") > 1) & rows[
        "question"
    ].str.contains("too far")
    if not both.any():
        text = _(
            "No survey published by then gives both who finds regulation too weak and who finds it too strict."
        )
        return finding("surveys-none", text, claim="regulation-2")
    pair = rows[both].drop_duplicates("leaning").set_index("leaning")["percent"] / 100
    colours = [_SIDES[side] for side in rows["leaning"]]

    def draw(ax: Axes) -> None:
        charts.forest(
            ax,
            [_label(r.survey, _(r.label)) for r in rows.itertuples()],
            list(rows["estimate"]),
            colours,
        )
        ax.set_xlim(0, 1)
        ax.set_xticks([0, 0.5, 1])
        ax.set_xlabel(_("Share giving the answer"))

    words = {
        "more": i18n.percent(pair["more"]),
        "fewer": i18n.percent(pair["fewer"]),
        "n": i18n.number(len(rows)),
        "first": i18n.cell("year", rows["year"].min()),
        "last": i18n.cell("year", rows["year"].max()),
    }
    return charts.finish(
        draw,
        "fig-surveys",
        0.39 * len(rows) + 0.7,
        data=_asked(rows),
        sources=tuple(sources),
        title=_("Too little regulation, say {more}; too much, {fewer}", **words),
        subtitle=_(
            "Share giving an answer, {n} answers in surveys of the public and of business leaders, United "
            "States and world, {first} to {last}",
            **words,
        ),
        alt=_(
            "Dot chart of {n} survey answers on regulating AI, where in the one question that offers both, {more} "
            "expect too little regulation and {fewer} too much.",
            **words,
        ),
        note=" ".join(
            (
                _(
                    "Green: for more or firmer rules. Orange: for fewer. Violet: unclear rules named as an "
                    "obstacle. Wording, sponsors and samples differ."
                ),
                _sample_note(list(rows["estimate"])),
            )
        ),
        columns=(
            Column("survey", _("Survey")),
            Column("population", _("Asked")),
            Column("question", _("Question")),
            Column("answer", _("Answer")),
            *charts.spread_columns("percent", _("Share")),
        ),
    )


def calendar(dates: pd.DataFrame, as_of: dt.date) -> Figure | Card:
    """Draw what starts to apply when, a row a place.

    Parameters
    ----------
    dates : DataFrame
        As ``regulation_rivalry.calendar`` returns.

    Returns
    -------
    Figure or Card
        A sentence when no date was known.
    """
    if dates.empty:
        return finding("calendar-none", _("No obligation with a later date was known by then."))
    order = list(dict.fromkeys(dates["jurisdiction"]))
    styles = {
        "legislated": ("o", style.MAIN, style.MAIN),
        "announced": ("D", style.ACCENT, "none"),
        "proposed": ("s", style.THREE[2], "none"),
    }

    def draw(ax: Axes) -> None:
        for name, (marker, colour, fill) in styles.items():
            rows = dates[dates["confidence"] == name]
            if len(rows):
                ax.plot(
                    rows["date"],
                    [order.index(j) for j in rows["jurisdiction"]],
                    marker,
                    color=colour,
                    mfc=fill,
                    mew=1.6,
                    ms=8,
                    label=standing(name),
                    clip_on=False,
                )
        charts.mark(
            ax,
            dates["date"],
            [order.index(j) for j in dates["jurisdiction"]],
            [
                _(
                    "{place}, {day}: {instrument} ({standing})",
                    place=place(r.jurisdiction),
                    day=i18n.day(r.date),
                    instrument=_(r.short_title),
                    standing=standing(r.confidence),
                )
                for r in dates.itertuples()
            ],
        )
        ax.set_yticks(range(len(order)), [place(name) for name in order])
        ax.set_ylim(len(order) - 0.5, -0.5)
        charts.years_axis(ax)
        ax.legend(
            loc="lower center",
            bbox_to_anchor=(0.3, 1.0),
            ncols=3,
            handletextpad=0.2,
            columnspacing=0.8,
        )

    fixed = int((dates["confidence"] == "legislated").sum())
    words = {
        "n": i18n.number(len(dates)),
        "fixed": i18n.number(fixed),
        "places": i18n.number(len(order)),
        "as_of": i18n.day(as_of),
        "first": i18n.day(dates["date"].min()),
        "last": i18n.day(dates["date"].max()),
    }
    shown = dates.assign(
        place=[place(j) for j in dates["jurisdiction"]],
        short_title=i18n.texts(dates["short_title"]),
        firm=[standing(name) for name in dates["confidence"]],
    )
    return charts.finish(
        draw,
        "fig-calendar",
        0.34 * len(order) + 1.0,
        data=shown,
        sources=tuple(dates["source_id"]),
        title=_("{fixed} of {n} coming dates stand in law", **words),
        subtitle=_(
            "Days from which obligations apply or fall due, after {as_of}, {places} places, {first} to {last}",
            **words,
        ),
        alt=_(
            "Dot chart of {n} coming obligations on a time axis in {places} places, where {fixed} stand in law and "
            "the first falls on {first}.",
            **words,
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
