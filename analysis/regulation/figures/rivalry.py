"""Figures on the analogy with the internet and on rivalry; a sentence where nothing had been published."""

import datetime as dt
from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

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
            "Line chart of internet use by years since take-off in the United States and Malaysia, with {n} figures "
            "of AI use in the United States, {low} to {high}, at the age of AI."
        ),
        note=_(
            "Diamonds: {n} published figures of AI use in the United States, each of its own definition. The "
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
        ),
        note=_(
            "Bars: 95% intervals, the two ratings taken as independent. The look back lacks models that were "
            "retired by its day. Dotted: {day}."
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


def token_use(tokens: pd.DataFrame, change: Estimate) -> Figure | Card:
    """Draw the share of tokens that open models had, week by week; `change` is over the period."""
    if not change.known:
        text = _("No share of use of open models had been published for long enough by then.")
        return finding("token-use-none", text, "regulation-4")
    rows = tokens.sort_values("week", ignore_index=True).assign(
        open_percent=100 * tokens["open_share"], china_percent=100 * tokens["china_share"]
    )
    words = charts.period(rows["week"]) | {
        "then": i18n.percent(rows["open_share"].iloc[0]),
        "now": i18n.percent(rows["open_share"].iloc[-1]),
        "n": i18n.number(len(rows)),
    }
    return charts.figure(
        charts.drawing("fig-token-use", 3.0, _draw_tokens, rows),
        words,
        rows,
        sources=rows["source_id"],
        title=_("Open models' tokens: {then} in {since}, {now} in {until}"),
        subtitle=_(
            "Share of the weekly tokens of OpenRouter's nine or ten most used models, world, {since} to {until}"
        ),
        alt=_(
            "Line chart of open models' share of weekly tokens over {n} weeks, from {then} in {since} to {now} in "
            "{until}, with that of models from China."
        ),
        note=_("One reseller of models, its most used ones only; free variants count."),
        columns=(
            Column("week", _("Week from"), "date"),
            Column("open_share", _("Open weights"), "percent"),
            Column("open_share_by_name", _("Open by name"), "percent"),
            Column("china_share", _("From China"), "percent"),
        ),
    )


def _draw_tokens(ax: Axes, rows: pd.DataFrame) -> None:
    say = charts.say(
        _("{what}, week of {day}: {share}"), what="series", day="week:date", share="share:percent"
    )
    series = {
        _("Open weights"): rows.assign(y=rows["open_percent"], share=rows["open_share"]),
        _("From China"): rows.assign(y=rows["china_percent"], share=rows["china_share"]),
    }
    colours = (style.MAIN, style.ACCENT)
    ends = charts.lines(ax, series, "week", "y", say, colours=colours, dashes=style.DASHES)
    ax.set_ylim(0, 100)
    axes.over_time(ax, _("Share of tokens, %"), ends)
