"""Figures on the analogy with the internet, and on rivalry between countries."""

import datetime as dt

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.regulation.words import place
from briefs.display import charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import Estimate

#: Years since take-off that the comparison shows.
_AGES = 12


def _aged(internet: pd.DataFrame, start: dt.date) -> pd.DataFrame:
    """Internet use by years since take-off."""
    origin = start.year + start.timetuple().tm_yday / 365.25
    rows = internet.assign(age=internet["year"] - origin)
    return rows[(rows["age"] >= 0) & (rows["age"] <= _AGES)]


def adoption(
    internet: pd.DataFrame,
    malaysia: pd.DataFrame,
    aligned: pd.DataFrame,
    start: dt.date,
    equal: Estimate,
) -> Figure | Card:
    """Draw internet use by age in two countries, and today's use of AI.

    Parameters
    ----------
    internet, malaysia : DataFrame
        As ``regulation_era.curve`` returns, of the United States and of Malaysia.
    aligned : DataFrame
        As ``regulation_era.align`` returns.
    start : date
        Take-off of the internet.
    equal : Estimate
        Year of equal adoption.

    Returns
    -------
    Figure or Card
        A sentence when no figure of AI use had been published.
    """
    if not equal.known:
        text = _("No figure of people's use of AI in the United States had been published by then.")
        return finding("adoption-none", text, claim="regulation-3")
    lines = {
        _("Internet, US"): _aged(internet, start),
        _("Internet, Malaysia"): _aged(malaysia, start),
    }

    def draw(ax: Axes) -> None:
        ends = []
        for (name, rows), colour, dash in zip(
            lines.items(), (style.MAIN, style.THREE[2]), style.DASHES, strict=False
        ):
            ax.plot(rows["age"], rows["percent"], color=colour, ls=dash)
            ends.append((rows["age"].iloc[-1], rows["percent"].iloc[-1], name, colour))
            charts.mark(ax, rows["age"], rows["percent"], _aged_texts(rows, name))
        ax.plot(aligned["age"], aligned["percent"], "D", color=style.ACCENT, ms=8)
        charts.mark(
            ax,
            aligned["age"],
            aligned["percent"],
            _aged_texts(aligned.assign(measure=i18n.texts(aligned["measure"]))),
        )
        ax.set_xlabel(_("Years since take-off"))
        ax.set_xlim(-1.6, None)  # room for labels to the left of points
        ax.set_xticks(range(0, _AGES + 1, 3))
        ax.set_ylim(0, None)
        charts.y_title(ax, _("Users, % of people"))
        charts.point_labels(
            ax,
            [
                (r.age, r.percent, _("AI, {share}", share=i18n.percent(r.percent / 100)))
                for r in aligned.itertuples()
            ],
        )
        charts.end_labels(ax, ends)

    marks = pd.concat(
        [
            *(rows.assign(what=name) for name, rows in lines.items()),
            aligned.assign(what=i18n.texts(aligned["measure"])),
        ],
        ignore_index=True,
    )
    first, last = i18n.cell("year", equal.low), i18n.cell("year", equal.high)
    years = first if first == last else _("{first} to {last}", first=first, last=last)
    words = {
        "years": years,
        "n": i18n.number(equal.n),
        "low": i18n.percent(aligned["percent"].min() / 100),
        "high": i18n.percent(aligned["percent"].max() / 100),
        "start": i18n.day(start),
    }
    return charts.finish(
        draw,
        "fig-adoption",
        3.3,
        data=marks,
        sources=(*internet["source_id"], *aligned["source_id"]),
        title=_("AI use today is the internet's of {years}", **words),
        subtitle=_(
            "Share of people using each, by years since take-off: internet from {start}, AI from the release "
            "of ChatGPT; United States and Malaysia",
            **words,
        ),
        alt=_(
            "Line chart of internet use by years since take-off in the United States and Malaysia, where {n} figures "
            "of AI use, {low} to {high}, lie far above the internet at the same age.",
            **words,
        ),
        note=_(
            "Diamonds: {n} published figures of AI use in the United States, each of its own definition. The "
            "internet series counts people; an earlier take-off, the public web, would put AI further ahead.",
            **words,
        ),
        columns=(
            Column("what", _("What")),
            Column("age", _("Years since take-off"), "decimal"),
            Column("percent", _("Users, %"), "number"),
        ),
    )


def _aged_texts(rows: pd.DataFrame, name: str = "") -> list[str]:
    """Say what share of people used something so many years after it began."""
    return [
        _(
            "{what}, {years} years on: {share} of people",
            what=name or r.measure,
            years=i18n.cell("decimal", r.age),
            share=i18n.cell("percent", r.percent / 100),
        )
        for r in rows.itertuples()
    ]


def _law_words() -> dict[str, str]:
    return {
        "internet_young": _("Internet laws"),
        "internet_decade": _("Internet laws"),
        "internet_bills": _("Internet bills"),
        "ai_federal": _("AI laws"),
        "ai_federal_decade": _("AI laws"),
        "ai_states": _("State AI laws"),
        "ai_bills": _("AI bills"),
    }


def laws(rates: pd.DataFrame, ratio: Estimate) -> Figure:
    """Draw laws a year in both eras, by every count there is.

    Parameters
    ----------
    rates : DataFrame
        As ``regulation_era.law_rates`` returns.
    ratio : Estimate
        AI over internet at the same age.
    """
    names = _law_words()
    rows = rates[[e.low > 0 for e in rates["estimate"]]].reset_index(drop=True)
    labels = [f"{names[r.what]}, {r.period}" for r in rows.itertuples()]
    colours = [style.MAIN if era == "internet" else style.ACCENT for era in rows["era"]]

    def draw(ax: Axes) -> None:
        charts.forest(ax, labels, list(rows["estimate"]), colours, "number")
        ax.set_xscale("log")
        ax.set_xlim(None, 2 * max(e.high for e in rows["estimate"]))
        charts.log_axis(ax.xaxis, lambda value: i18n.significant(value, 1))
        ax.set_xlabel(_("Laws or bills a year (log scale)"))

    years = rows["period"].str.findall(r"\d{4}").sum()
    words = {
        "ratio": i18n.estimate(ratio),
        "n": i18n.number(len(rows)),
        "states": i18n.number(rows.loc[rows["what"] == "ai_states", "count"].sum()),
        "level": i18n.percent(rows["estimate"].iloc[0].level),
        "since": min(years),
        "until": max(years),
    }
    title = (
        _("AI laws a year: {factor} the internet's at its age", factor=i18n.factor(ratio.value))
        if ratio.known
        else _("Laws a year on the internet and AI, {n} counts", **words)
    )
    known = rates.dropna(subset=["source_id"])
    shown = charts.spread(rows.assign(what=[names[name] for name in rows["what"]]))
    return charts.finish(
        draw,
        "fig-laws",
        0.34 * len(rows) + 0.9,
        data=shown,
        sources=tuple(known["source_id"]),
        title=title,
        subtitle=_(
            "Laws, or bills, a year on the internet (green) and on AI (orange), United States, by count and "
            "period, {since} to {until}",
            **words,
        ),
        alt=_(
            "Dot chart on a log scale of laws and bills a year in two eras by {n} counts, where federal AI laws over "
            "internet laws at the same age come to {ratio}, and states passed {states} in the latest year.",
            **words,
        ),
        note=_(
            "Not like for like: statutes then, laws that mention AI now. Lines are {level} exact Poisson intervals; "
            "n = {n} counts. The internet list is of well-known acts; bills of the 1990s are “more than”. "
            "All federal but for the row on states.",
            **words,
        ),
        columns=(
            Column("what", _("Count")),
            Column("period", _("Period")),
            Column("count", _("Number"), "integer"),
            Column("years", _("Years"), "decimal"),
            *charts.spread_columns("number", _("A year")),
        ),
    )


def gaps(rows: pd.DataFrame, ratio: Estimate) -> Figure | Card:
    """Draw the lead of the best US model over the best Chinese one, by test.

    Parameters
    ----------
    rows : DataFrame
        As ``regulation_rivalry.gaps`` returns.
    ratio : Estimate
        Arena gap now over that of early 2025.

    Returns
    -------
    Figure or Card
        A sentence when no gap had been published.
    """
    if rows.empty:
        text = _("No measure of the gap between countries had been published by then.")
        return finding("gaps-none", text, claim="regulation-4")
    names = {
        "humaneval": "HumanEval",
        "math": "MATH",
        "mmlu": "MMLU",
        "mmmu": "MMMU",
        "arena": "Arena",
    }

    def draw(ax: Axes) -> None:
        for (test, group), marker in zip(rows.groupby("test"), ("D", *style.MARKERS), strict=False):
            colour, side = (style.ACCENT, "left") if test == "arena" else (style.MAIN, "right")
            ax.plot(group["date"], group["value"], "-", marker=marker, color=colour)
            charts.mark(
                ax,
                group["date"],
                group["value"],
                [
                    _(
                        "{test}, {day}: {lead} {unit}",
                        test=names[test],
                        day=i18n.day(r.date),
                        lead=i18n.cell("number", r.value),
                        unit=_(r.unit),
                    )
                    for r in group.itertuples()
                ],
            )
            point = group.iloc[-1] if test == "arena" else group.iloc[0]
            ax.annotate(
                names[test],
                (point["date"], point["value"]),
                (8 if side == "left" else -8, 0),
                textcoords="offset points",
                ha=side,
                va="center",
            )
        span = rows["date"].max() - rows["date"].min()
        ax.set_xlim(rows["date"].min() - span * 0.45, rows["date"].max() + span * 0.25)
        ax.set_ylim(0, None)
        charts.y_title(ax, _("US lead over China, points or %"))
        charts.years_axis(ax)

    first, last = rows.iloc[0], rows.iloc[-1]
    words = {
        "since": i18n.month(rows["date"].min()),
        "until": i18n.month(rows["date"].max()),
        "wide": i18n.number(first["value"], 1),
        "now": i18n.number(last["value"], 1),
        "n": i18n.number(rows["test"].nunique()),
        "ratio": i18n.estimate(ratio),
    }
    title = (
        _("Closed by early 2025, the gap has widened to {now}%", **words)
        if ratio.known and ratio.low > 1
        else _("US lead over China on {n} tests", **words)
    )
    return charts.finish(
        draw,
        "fig-gaps",
        3.2,
        data=rows.assign(test=rows["test"].map(names), unit=i18n.texts(rows["unit"])),
        sources=tuple(rows["source_id"]),
        title=title,
        subtitle=_(
            "Lead of the best US model over the best Chinese model: percentage points on four tests, percent "
            "of the rating on Arena, {since} to {until}",
            **words,
        ),
        alt=_(
            "Line chart of the US lead over China on {n} tests, where it fell from up to {wide} points in {since} "
            "and stood at {now}% of the Arena rating in {until}.",
            **words,
        ),
        note=_(
            "Different tests are not comparable with one another. Arena ratings carry errors of their own, which "
            "the source of these figures leaves out. n = {n} tests.",
            **words,
        ),
        columns=(
            Column("test", _("Test")),
            Column("date", _("Date"), "date"),
            Column("value", _("Lead"), "number"),
            Column("unit", _("Unit")),
        ),
    )


def open_weights(rows: pd.DataFrame) -> Figure | Card:
    """Draw the share of notable models with open weights, by country.

    Parameters
    ----------
    rows : DataFrame
        As ``regulation_rivalry.open_shares`` returns.

    Returns
    -------
    Figure or Card
        A sentence when no share had been published.
    """
    if rows.empty:
        text = _("No share of open-weight models had been published by then.")
        return finding("open-weights-none", text, claim="regulation-4")
    last = rows.groupby("place").last()["percent"]

    def draw(ax: Axes) -> None:
        ends = []
        for name, colour, dash in zip(
            ("CN", "World", "US"), style.THREE, style.DASHES, strict=False
        ):
            group = rows[rows["place"] == name]
            ax.plot(group["year"], group["percent"], color=colour, ls=dash)
            ax.plot(group["year"], group["percent"], "o", color=colour, ms=4)
            ends.append((group["year"].iloc[-1], group["percent"].iloc[-1], place(name), colour))
            charts.mark(
                ax,
                group["year"],
                group["percent"],
                [
                    _(
                        "{what}, {year}: {share}",
                        what=place(name),
                        year=i18n.cell("year", r.year),
                        share=i18n.cell("percent", r.percent / 100),
                    )
                    for r in group.itertuples()
                ],
            )
        ax.set_ylim(0, 100)
        ax.set_xticks(np.arange(rows["year"].min(), rows["year"].max() + 1, 2))
        charts.y_title(ax, _("Open weights, % of notable models"))
        charts.end_labels(ax, ends)

    words = {
        "china": i18n.percent(last["CN"] / 100),
        "us": i18n.percent(last["US"] / 100),
        "year": i18n.cell("year", rows["year"].max()),
        "first": i18n.cell("year", rows["year"].min()),
    }
    return charts.finish(
        draw,
        "fig-open-weights",
        3.0,
        data=rows.assign(place=[place(name) for name in rows["place"]]),
        sources=tuple(rows["source_id"]),
        title=_("{china} of China's notable models are open, {us} of the US's", **words),
        subtitle=_(
            "Share of notable models whose weights can be downloaded, of those with known access, China, "
            "United States and world, {first} to {year}",
            **words,
        ),
        alt=_(
            "Line chart of the share of notable models with open weights, where China stands at {china} in {year} "
            "and the United States at {us}.",
            **words,
        ),
        note=_(
            "Models released, not models used. {year} covers part of the year; the number of models behind a share "
            "is not published with it.",
            **words,
        ),
        columns=(
            Column("place", _("Place")),
            Column("year", _("Year"), "year"),
            Column("percent", _("Open weights, %"), "number"),
        ),
    )
