"""Figures on inference prices: levels, declines, the break test, a buyer's bill."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from briefs.display import charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import Estimate

#: Sources of the exchange rate of a currency, beside those of the prices.
_EXCHANGE = {"MYR": ("fed_g5a",)}


def price_levels(
    paths: pd.DataFrame, benchmark: str, threshold: float, sources: Iterable[str]
) -> Figure | Card:
    """Draw the cheapest price of four levels of capability over time.

    Parameters
    ----------
    paths : DataFrame
        As ``price_levels.price_changes`` returns.
    threshold : float
        Level that the title speaks of.

    Returns
    -------
    Figure or Card
        A sentence when no model on sale reached the level.
    """
    main = paths[paths["threshold"] == threshold]
    if main.empty:
        text = _(
            "No model on sale by then reached a score of {score} on {benchmark}.",
            score=i18n.score(threshold, benchmark),
            benchmark=benchmark,
        )
        return finding("price-levels-none", text, claim="cost-4")
    levels = sorted(paths["threshold"].unique())
    end = paths["until"].max()

    def draw(ax: Axes) -> None:
        ax.set_yscale("log")
        ends = []
        for level, colour, dash in zip(levels, style.FOUR, style.DASHES, strict=False):
            rows = paths[paths["threshold"] == level]
            ax.step(
                [*rows["month"], end],
                [*rows["usd_per_mtok"], rows["usd_per_mtok"].iloc[-1]],
                where="post",
                color=colour,
                ls=dash,
            )
            ends.append((end, rows["usd_per_mtok"].iloc[-1], i18n.score(level, benchmark), colour))
            charts.mark(
                ax,
                rows["month"],
                rows["usd_per_mtok"],
                [
                    _(
                        "{score} or more, from {month} on: {price} per million tokens ({model}, {provider})",
                        score=i18n.score(level, benchmark),
                        month=i18n.month(r.month),
                        price=i18n.money(r.usd_per_mtok),
                        model=r.model,
                        provider=r.provider,
                    )
                    for r in rows.itertuples()
                ],
            )
        charts.log_money(ax.yaxis)
        charts.years_axis(ax)
        charts.y_title(ax, _("Price per million tokens (log scale)"))
        charts.end_labels(ax, ends)

    first, now = main.iloc[0], main.iloc[-1]
    words = {
        "score": i18n.score(first["threshold"], benchmark),
        "benchmark": benchmark,
        "first": i18n.money(first["usd_per_mtok"]),
        "last": i18n.money(now["usd_per_mtok"]),
        "since": i18n.month(first["month"]),
        "until": i18n.month(end),
    }
    return charts.finish(
        draw,
        "fig-price-levels",
        3.4,
        data=paths,
        sources=tuple(sources),
        title=_("Scoring {score} on {benchmark}: from {first} to {last}", **words),
        subtitle=_(
            "Cheapest list price in force of a model with at least that score, US$ per million tokens, three "
            "parts input to one of output unless set otherwise, world, {since} to {until}",
            **words,
        ),
        alt=_(
            "Step chart of the cheapest price per million tokens by score reached on {benchmark}, where the price "
            "of a score of {score} went from {first} in {since} to {last} in {until}.",
            **words,
        ),
        note=_(
            "List prices of first parties without discounts; a price can rise when an offer ends."
        ),
        columns=(
            Column("threshold", _("Score reached"), "number"),
            Column("month", _("From"), "month"),
            Column("until", _("Until"), "month"),
            Column("usd_per_mtok", _("US$ per million tokens"), "usd"),
            Column("provider", _("Seller")),
            Column("model", _("Model")),
        ),
    )


def price_declines(
    declines: pd.DataFrame,
    hedonic: Estimate,
    benchmark: str,
    claimed: Sequence[float],
    sources: Iterable[str],
) -> Figure:
    """Draw the annual decline of inference prices by method and benchmark, with the range claimed.

    Parameters
    ----------
    declines : DataFrame
        As ``cost.declines`` returns.
    hedonic : Estimate
        Decline of list prices at equal score on `benchmark`.
    claimed : pair of float
        The range claimed, as shares per year.
    """
    pooled, parts = declines["estimate"].iloc[0], declines[declines["scope"] == "benchmark"]
    rows = pd.DataFrame(
        {
            "label": [_("All levels"), _("Equal quality"), *parts["benchmark"]],
            "estimate": [pooled, hedonic, *parts["estimate"]],
        }
    )
    rows = rows[[e.known for e in rows["estimate"]]].reset_index(drop=True)
    colours = [
        style.ACCENT if label == _("Equal quality") else style.MAIN for label in rows["label"]
    ]
    low = min(e.low for e in rows["estimate"])
    left = min(max(0.3, low - 0.03), *(e.value - 0.05 for e in rows["estimate"]), claimed[0] - 0.03)

    def draw(ax: Axes) -> None:
        ax.axvspan(*claimed, color=style.QUIET, alpha=0.35, lw=0)
        ax.text(np.mean(claimed), -0.75, _("claimed"), ha="center", va="bottom")
        charts.forest(ax, list(rows["label"]), list(rows["estimate"]), colours)
        ax.set_xlim(left, 1)
        ax.set_xlabel(_("Fall of the price in a year"))

    notes = [
        charts.interval_note(
            pooled,
            _("n counts providers for the cheapest price, prices for the regression"),
            list(rows["estimate"]),
        )
    ]
    if low < left:
        notes.append(_("Intervals reaching beyond the left edge are cut."))
    return charts.finish(
        draw,
        "fig-price-declines",
        0.34 * len(rows) + 1.0,
        data=charts.spread(rows),
        title=_(
            "Inference prices at fixed capability fall {value} a year",
            value=i18n.percent(pooled.value),
        ),
        subtitle=_(
            "Annual fall of list prices per million tokens: cheapest at a fixed level, by benchmark, and all "
            "offers at equal {benchmark} score, world, {since} to {until}",
            benchmark=benchmark,
            since=i18n.month(declines["first_month"].iloc[0]),
            until=i18n.month(declines["last_month"].iloc[0]),
        ),
        alt=_(
            "Dot chart of the annual fall in inference prices, where all levels of capability together fall "
            "{estimate} a year, against {low} to {high} claimed.",
            estimate=i18n.estimate(pooled),
            low=i18n.percent(claimed[0]),
            high=i18n.percent(claimed[1]),
        ),
        note=" ".join(notes),
        sources=tuple(sources),
        columns=(
            Column("label", _("What"), "text"),
            *charts.spread_columns("percent", _("Fall in a year")),
        ),
    )


def break_test(dates: pd.DataFrame, ratio: Estimate, sources: Iterable[str]) -> Figure | Card:
    """Draw the change of the rate of decline at the date tested, and at every other month.

    Parameters
    ----------
    dates : DataFrame
        As ``price_tests.placebo`` returns.
    ratio : Estimate
        Annual price factor after over before, at the date tested.

    Returns
    -------
    Figure or Card
        A sentence while too few months have passed to test.
    """
    tested = dates[dates["tested"]]
    if tested.empty or not ratio.known:
        text = _(
            "Too few months have passed since that date to compare rates of decline before and after it."
        )
        return finding("break-test-too-early", text, claim="cost-5")
    others, month = dates[~dates["tested"]], tested["month"].iloc[0]

    def draw(ax: Axes) -> None:
        ax.set_yscale("log")
        ax.axhline(1, color=style.QUIET, lw=1.2)
        ax.plot(
            others["month"], others["ratio"], "o", color=style.THREE[2], ms=6, mfc="none", mew=1.6
        )
        ax.plot([month, month], [ratio.low, ratio.high], color=style.ACCENT, lw=2.5)
        ax.plot(tested["month"], tested["ratio"], "D", color=style.ACCENT, ms=8)
        charts.mark(
            ax,
            dates["month"],
            dates["ratio"],
            [
                _(
                    "{month}: {ratio}, yearly price factor after over before",
                    month=i18n.month(r.month),
                    ratio=i18n.factor(r.ratio),
                )
                for r in dates.itertuples()
            ],
        )
        charts.log_axis(ax.yaxis, lambda value: i18n.significant(value, 1) + "×")
        charts.years_axis(ax)
        charts.y_title(ax, _("Yearly price factor, after over before (log scale)"))
        charts.point_labels(ax, [(month, tested["ratio"].iloc[0], i18n.month(month))])

    count = int((others["ratio"] <= tested["ratio"].iloc[0]).sum())
    words = {
        "k": i18n.number(count),
        "n": i18n.number(len(others)),
        "ratio": i18n.estimate(ratio),
        "month": i18n.month(month),
        "level": i18n.percent(ratio.level),
        "since": i18n.month(dates["month"].min()),
        "until": i18n.month(dates["month"].max()),
    }
    return charts.finish(
        draw,
        "fig-break-test",
        3.2,
        data=dates,
        sources=tuple(sources),
        title=_("{k} of {n} other dates show as large a speed-up", **words),
        subtitle=_(
            "Yearly factor of frontier prices after a month over that before it, levels of capability in their "
            "first 18 months, 18 months either side, world, tested at {since} to {until}",
            **words,
        ),
        alt=_(
            "Dot chart of the change in the rate of price decline at each month, where {month} has a ratio of "
            "{ratio} and {k} of {n} other months show at least as large a speed-up.",
            **words,
        ),
        note=_(
            "Below 1: prices fell faster afterwards. Filled diamond: {month}, with its {level} interval of a "
            "cluster bootstrap over providers; circles: the same test at other months, n = {n}.",
            **words,
        ),
        columns=(
            Column("month", _("Month"), "month"),
            Column("before", _("Fall a year, before"), "percent"),
            Column("after", _("Fall a year, after"), "percent"),
            Column("ratio", _("After over before"), "factor"),
        ),
    )


def monthly_bill(
    past: pd.DataFrame,
    future: pd.DataFrame,
    million_tokens: float,
    benchmark: str,
    threshold: float,
    currency: str,
    level: float,
) -> Figure | Card:
    """Draw a workload's monthly bill, past and projected.

    Parameters
    ----------
    past : DataFrame
        As ``scenarios.monthly_bill`` returns.
    future : DataFrame
        As ``scenarios.project`` returns.
    million_tokens : float
        Size of the workload, millions a month.
    benchmark, threshold
        Capability that is bought.
    level : float
        Level of the fan.

    Returns
    -------
    Figure or Card
        A sentence when no model on sale reached the capability.
    """
    if past.empty or future.empty:
        text = (
            _("No bill can be shown: no model on sale by then reached the score.")
            if past.empty
            else _("No bill can be projected: the evidence by then gives no rate of decline.")
        )
        return finding("monthly-bill-none", text)
    names = {
        "trend": _("trend"),
        "claimed": _("as claimed"),
        "half": _("half as fast"),
        "flat": _("no change"),
    }
    last, end = past.iloc[-1], future["date"].max()
    money = "usd" if currency == "USD" else "myr"
    shown = pd.concat(
        [
            past.rename(columns={"month": "date", "bill": "value"})[["date", "value"]].assign(
                scenario=_("observed")
            ),
            future.assign(scenario=future["scenario"].map(names)),
        ],
        ignore_index=True,
    )
    words = {
        "tokens": i18n.exact(million_tokens),
        "capability": _(
            "{score} on {benchmark}", score=i18n.score(threshold, benchmark), benchmark=benchmark
        ),
        "first": i18n.money(past["bill"].iloc[0], currency),
        "now": i18n.money(last["bill"], currency),
        "since": i18n.month(past["month"].iloc[0]),
        "month": i18n.month(last["month"]),
        "until": i18n.cell("year", end.year),
        "level": i18n.percent(level),
        "sign": i18n.CURRENCY_SIGNS[currency],
    }
    return charts.finish(
        lambda ax: _draw_bill(ax, past, future, names, currency),
        "fig-monthly-bill",
        3.5,
        data=shown,
        sources=(*past["source_id"], *_EXCHANGE.get(currency, ())),
        title=_("{tokens} million tokens a month: {first} then, {now} now", **words),
        subtitle=_(
            "Monthly bill of {tokens} million tokens at {capability}, bought at the cheapest list price, "
            "{sign}, world, {since} to {month}; dashed: scenarios to {until}",
            **words,
        ),
        alt=_(
            "Line chart of the monthly bill for {tokens} million tokens on a log scale, where it went from {first} "
            "in {since} to {now} in {month}, with scenarios to {until}.",
            **words,
        ),
        note=_(
            "Solid: observed prices, n = {n} months. Dashed: scenarios, not forecasts; shaded: {level} fan of the "
            "rate that is claimed, or estimated over all levels with a bootstrap over providers. The same tokens "
            "are assumed throughout.",
            n=i18n.number(len(past)),
            **words,
        ),
        columns=(
            Column("scenario", _("Scenario")),
            Column("date", _("Date"), "month"),
            Column("value", _("Bill a month"), money),
            Column("low", _("Low"), money),
            Column("high", _("High"), money),
        ),
    )


def _draw_bill(
    ax: Axes, past: pd.DataFrame, future: pd.DataFrame, names: dict[str, str], currency: str
) -> None:
    """Draw the bill as it was, solid, and as each scenario has it, dashed."""
    ax.set_yscale("log")
    ax.step(past["month"], past["bill"], where="post", color=style.INK)
    charts.mark(
        ax,
        past["month"],
        past["bill"],
        [
            _(
                "{month}, observed: {bill} a month",
                month=i18n.month(r.month),
                bill=i18n.money(r.bill, currency),
            )
            for r in past.itertuples()
        ],
    )
    ends = []
    for name, colour, dash in zip(names, style.FOUR, style.DASHES[1:], strict=True):
        rows = future[future["scenario"] == name]
        if len(rows):
            ax.fill_between(rows["date"], rows["low"], rows["high"], color=colour, alpha=0.18, lw=0)
            ax.plot(rows["date"], rows["value"], color=colour, ls=dash)
            ends.append((rows["date"].iloc[-1], rows["value"].iloc[-1], names[name], colour))
            charts.mark(
                ax,
                rows["date"],
                rows["value"],
                [
                    _(
                        "{month}, {scenario}: {bill} a month ({low} to {high})",
                        month=i18n.month(r.date),
                        scenario=names[name],
                        bill=i18n.money(r.value, currency),
                        low=i18n.money(r.low, currency),
                        high=i18n.money(r.high, currency),
                    )
                    if r.low < r.high
                    else _(
                        "{month}, {scenario}: {bill} a month",
                        month=i18n.month(r.date),
                        scenario=names[name],
                        bill=i18n.money(r.value, currency),
                    )
                    for r in rows.itertuples()
                ],
            )
    charts.log_money(ax.yaxis, currency)
    charts.years_axis(ax)
    charts.y_title(ax, _("Bill a month (log scale)"))
    charts.end_labels(ax, ends)
