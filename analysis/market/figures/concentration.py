"""Figures on concentration: the index since 2021, a century of the market, models, adoption."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from briefs.display import charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_, Estimate

_BASES = {"disclosed": N_("disclosed"), "rolled": N_("rolled forward or back")}


def _percent_axis(axis: object) -> None:
    """Label an axis of shares in percent."""
    axis.set_major_formatter(FuncFormatter(lambda value, _position: i18n.percent(value)))


def index_path(path: pd.DataFrame, change: Estimate, claim_date: pd.Timestamp) -> Figure | Card:
    """Draw the weight of the ten largest stocks of the S&P 500.

    Parameters
    ----------
    path : DataFrame
        As ``market.index_path`` returns.
    change : Estimate
        Ratio now over the month of the claim.
    """
    if path.empty:
        return finding(
            "index-path-none",
            _("No weights of the index had been published by then."),
            claim="market-9",
        )
    told, rolled = (path[path["basis"] == basis] for basis in ("disclosed", "rolled"))

    def draw(ax: Axes) -> None:
        ax.plot(path["date"], path["top10"], color=style.MAIN, lw=1)
        ax.plot(told["date"], told["top10"], "o", color=style.MAIN)
        ax.plot(rolled["date"], rolled["top10"], "s", color=style.ACCENT, mfc="none", mew=1.6)
        charts.mark(
            ax,
            path["date"],
            path["top10"],
            [
                _(
                    "{day}: {share} in the ten largest ({basis})",
                    day=i18n.day(r.date),
                    share=i18n.cell("percent", r.top10),
                    basis=_(_BASES[r.basis]),
                )
                for r in path.itertuples()
            ],
        )
        ax.axvline(claim_date, color=style.QUIET, ls="--")
        ax.yaxis.set_major_locator(MaxNLocator(5, steps=(1, 2, 5, 10)))
        _percent_axis(ax.yaxis)
        charts.years_axis(ax)
        charts.y_title(ax, _("Weight of the ten largest"))

    words = {
        "now": i18n.percent(path["top10"].iloc[-1], 1),
        "first": i18n.percent(path["top10"].iloc[0], 1),
        "since": i18n.month(path["date"].iloc[0]),
        "until": i18n.month(path["date"].iloc[-1]),
        "ratio": i18n.estimate(change),
        "day": i18n.day(claim_date),
        "n": i18n.number(len(path)),
    }
    return charts.finish(
        draw,
        "fig-index-concentration",
        3.0,
        data=path.assign(basis=[_(_BASES[name]) for name in path["basis"]]),
        sources=tuple(path["source_id"]),
        title=_("Ten largest stocks: {first} of the index in {since}, {now} now", **words),
        subtitle=_(
            "Weight of the ten largest issuers in the S&P 500, float-adjusted, United States, {since} to "
            "{until}; dashed: {day}, when the claim was made",
            **words,
        ),
        alt=_(
            "Line chart of the weight of the ten largest issuers in the S&P 500 on {n} days, from {first} in {since} "
            "to {now} in {until}, {ratio} of the month of the claim.",
            **words,
        ),
        note=_(
            "Filled: holdings disclosed by a fund. Open: weights rolled from the nearest disclosure with prices, "
            "good to about 0.3 percentage points. n = {n} days.",
            **words,
        ),
        columns=(
            Column("date", _("Day"), "date"),
            Column("top1", _("Largest"), "percent"),
            Column("top10", _("Ten largest"), "percent"),
            Column("effective_number", _("Effective number of issuers"), "decimal"),
            Column("basis", _("Basis")),
        ),
    )


def century(deciles: pd.DataFrame, figures: pd.DataFrame) -> Figure | Card:
    """Draw a century of concentration by two measures that reach back to the 1930s.

    Parameters
    ----------
    deciles, figures : DataFrame
        Tables ``size-deciles`` and ``concentration-figures``.
    """
    ten = figures[(figures["measure"] == "top10") & (figures["series"] == "Finaeon")]
    if deciles.empty or ten.empty:
        return finding(
            "century-none",
            _("Series that reach back to the 1930s are only dated after that day."),
            claim="market-8",
        )
    ten = ten[ten["year"] >= deciles["year"].min()].sort_values("year")
    shown = pd.concat(
        [
            deciles[["year", "december_share"]]
            .rename(columns={"december_share": "share"})
            .assign(measure=_("Largest tenth of firms")),
            ten[["year", "value"]]
            .rename(columns={"value": "share"})
            .assign(measure=_("Ten largest stocks")),
        ],
        ignore_index=True,
    )
    peak = deciles.loc[deciles["peak_share"].where(deciles["year"].between(1929, 1940)).idxmax()]
    last = deciles.iloc[-1]

    def draw(ax: Axes) -> None:
        ax.axvspan(1929, 1939, color=style.QUIET, alpha=0.3, lw=0)
        ax.text(1940, 1.0, _("Depression"), ha="left", va="top")
        ax.plot(deciles["year"], deciles["december_share"], color=style.MAIN)
        ax.plot(ten["year"], ten["value"], "s", color=style.ACCENT)
        for _measure, own in shown.groupby("measure", sort=False):
            charts.mark(
                ax,
                own["year"],
                own["share"],
                [
                    _(
                        "{what}, {year}: {share}",
                        what=r.measure,
                        year=i18n.cell("year", r.year),
                        share=i18n.cell("percent", r.share),
                    )
                    for r in own.itertuples()
                ],
            )
        ax.set_ylim(0, 1.02)
        _percent_axis(ax.yaxis)
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        charts.y_title(ax, _("Share of market value"))
        charts.end_labels(
            ax,
            [
                (float(last["year"]), last["december_share"], _("Largest tenth"), style.MAIN),
                (
                    float(ten["year"].iloc[-1]),
                    ten["value"].iloc[-1],
                    _("Ten largest"),
                    style.ACCENT,
                ),
            ],
        )

    words = {
        "then": i18n.percent(peak["peak_share"]),
        "year": i18n.cell("year", peak["year"]),
        "now": i18n.percent(last["december_share"]),
        "until": i18n.cell("year", last["year"]),
        "ten": i18n.percent(ten["value"].iloc[-1]),
        "since": i18n.cell("year", deciles["year"].iloc[0]),
    }
    return charts.finish(
        draw,
        "fig-century",
        3.2,
        data=shown,
        sources=("french_me", *ten["source_id"]),
        title=_("The largest tenth of firms: {then} in {year}, {now} in {until}", **words),
        subtitle=_(
            "Share of the value of listed stocks held by the largest tenth of firms (a lower bound), and by the "
            "ten largest of the 500, United States, {since} to {until}",
            **words,
        ),
        alt=_(
            "Line chart of the share of the largest tenth of US firms, {then} at its peak of the 1930s in {year} and "
            "{now} in {until}, with the ten largest at {ten}.",
            **words,
        ),
        note=_(
            "Exchanges join in 1962 and 1973, which adds small firms and lifts the upper line. The lower marks are "
            "rounded, ten years apart, and miss 1932."
        ),
        columns=(
            Column("measure", _("Measure")),
            Column("year", _("Year"), "year"),
            Column("share", _("Share"), "percent"),
        ),
    )


def organisations(models: pd.DataFrame) -> Figure | Card:
    """Draw how concentrated and how open the making of notable models is.

    Parameters
    ----------
    models : DataFrame
        Table ``notable-models``.
    """
    kinds = {
        "share_top5_organizations": _("Five busiest makers"),
        "share_open_weights": _("Open weights"),
    }
    rows = models[models["measure"].isin(kinds) & (models["place"] == "World")].sort_values("year")
    if rows.empty:
        return finding(
            "organisations-none",
            _("No count of notable models is dated by then."),
            claim="market-9",
        )
    rows = rows.assign(what=rows["measure"].map(kinds))
    counts = (
        models[models["measure"] == "distinct_organizations"]
        .set_index("year")["value"]
        .sort_index()
    )

    def draw(ax: Axes) -> None:
        ends = []
        for (what, own), colour, marker in zip(
            rows.groupby("what"), style.THREE, style.MARKERS, strict=False
        ):
            ax.plot(own["year"], own["value"], color=colour, marker=marker, ms=5)
            ends.append((float(own["year"].iloc[-1]), own["value"].iloc[-1], what, colour))
            charts.mark(
                ax,
                own["year"],
                own["value"],
                [
                    _(
                        "{what}, {year}: {share}",
                        what=what,
                        year=i18n.cell("year", r.year),
                        share=i18n.cell("percent", r.value),
                    )
                    for r in own.itertuples()
                ],
            )
        ax.set_ylim(0, None)
        _percent_axis(ax.yaxis)
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        charts.y_title(ax, _("Share of notable models"))
        charts.end_labels(ax, ends)

    top = rows[rows["measure"] == "share_top5_organizations"]
    words = {
        "top": i18n.percent(top["value"].iloc[-1]),
        "until": i18n.cell("year", top["year"].iloc[-1]),
        "before": i18n.percent(top["value"].iloc[-2]),
        "prior": i18n.cell("year", top["year"].iloc[-2]),
        "since": i18n.cell("year", top["year"].iloc[0]),
        "n": i18n.number(counts.iloc[-1]),
        "m": i18n.number(counts.iloc[-2]),
    }
    return charts.finish(
        draw,
        "fig-organisations",
        3.0,
        data=rows,
        sources=tuple(rows["source_id"]),
        title=_("Five organisations made {top} of notable models in {until}", **words),
        subtitle=_(
            "Share of notable AI models by the five busiest organisations, and share with open weights among "
            "those of known access, world, {since} to {until}",
            **words,
        ),
        alt=_(
            "Line chart of the share of notable models made by the five busiest organisations, {before} in {prior} "
            "and {top} in {until}, with the share of open weights.",
            **words,
        ),
        note=_(
            "Organisations counted: {m} in {prior}, {n} in {until}. The last year is under-reported, since models "
            "are added with a delay, and nothing after {until} was counted.",
            **words,
        ),
        columns=(
            Column("what", _("What")),
            Column("year", _("Year"), "year"),
            Column("value", _("Share"), "percent"),
        ),
    )


def adoption(surveys: pd.DataFrame, ratio: Estimate) -> Figure | Card:
    """Draw the use of AI by size of firm in the European Union.

    Parameters
    ----------
    surveys : DataFrame
        Table ``ai-adoption``.
    ratio : Estimate
        Growth among small firms over growth among large ones.
    """
    sizes = {
        "Large (250+)": _("250 and more"),
        "Medium (50-249)": _("50 to 249"),
        "Small (10-49)": _("10 to 49"),
    }
    rows = surveys[
        (surveys["survey"] == "firms_using_ai_eu") & surveys["group"].isin(sizes)
    ].sort_values("year")
    if rows["year"].nunique() < 2 or rows["group"].nunique() < len(sizes):
        return finding(
            "adoption-none",
            _("No two surveys of firms by size are dated by then."),
            claim="market-9",
        )
    rows = rows.assign(size=rows["group"].map(sizes))

    def draw(ax: Axes) -> None:
        ends = []
        for group, colour, marker in zip(sizes, style.THREE, style.MARKERS, strict=False):
            own = rows[rows["group"] == group]
            ax.plot(own["year"], own["share"], color=colour, marker=marker)
            ends.append((float(own["year"].iloc[-1]), own["share"].iloc[-1], sizes[group], colour))
            charts.mark(
                ax,
                own["year"],
                own["share"],
                [
                    _(
                        "{size} employees, {year}: {share}",
                        size=sizes[group],
                        year=i18n.cell("year", r.year),
                        share=i18n.cell("percent", r.share),
                    )
                    for r in own.itertuples()
                ],
            )
        ax.set_ylim(0, None)
        _percent_axis(ax.yaxis)
        ax.set_xticks(sorted(rows["year"].unique()))
        charts.y_title(ax, _("Firms that use AI, by employees"))
        charts.end_labels(ax, ends)

    wide = rows.pivot(index="year", columns="group", values="share")
    words = {
        "small": i18n.percent(wide["Small (10-49)"].iloc[-1]),
        "large": i18n.percent(wide["Large (250+)"].iloc[-1]),
        "ratio": i18n.estimate(ratio),
        "since": i18n.cell("year", wide.index[0]),
        "until": i18n.cell("year", wide.index[-1]),
    }
    return charts.finish(
        draw,
        "fig-adoption",
        3.0,
        data=rows,
        sources=tuple(rows["source_id"]),
        title=_("{small} of small and {large} of large firms use AI", **words),
        subtitle=_(
            "Share of enterprises that use AI, by number of employees, European Union, {since} to {until}",
            **words,
        ),
        alt=_(
            "Line chart of the share of EU firms that use AI, where in {until} {large} of large and {small} of small "
            "firms do, from {since} on.",
            **words,
        ),
        note=_(
            "Growth factor of small firms' use over that of large firms' in the last year: {ratio}, ends by "
            "rounding. In percentage points large firms gained more.",
            **words,
        ),
        columns=(
            Column("size", _("Employees")),
            Column("year", _("Year"), "year"),
            Column("share", _("Share using AI"), "percent"),
        ),
    )
