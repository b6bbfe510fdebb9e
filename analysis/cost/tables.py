"""Tables of the cost-revolution brief."""

from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.uncertainty import transformed
from briefs.display import charts, i18n
from briefs.display.i18n import _
from briefs.display.records import Column, Table
from briefs.values import FACTOR_PER_YEAR, N_, Estimate

_VARIANTS = {
    "base": N_("Base case"),
    "fifth": N_("Lowest fifth of the offers"),
    "cheapest": N_("The cheapest offer alone"),
    "whole": N_("Months after a benchmark stopped following the market counted, too"),
    "levels": N_("All levels pooled alike, without the spread between benchmarks"),
    "best_score": N_("Best reported score of a model instead of the median"),
    "developer_scores": N_("Scores reported by a model's own developer counted"),
    "even_blend": N_("Half input, half output tokens"),
    "all_prices": N_("Promotions, off-peak rates and third-party hosts counted"),
    "known_dates": N_("Only prices whose starting day is known"),
    "without_deepseek": N_("Without DeepSeek's models"),
    "without_openai": N_("Without OpenAI's models"),
}


def sensitivity(variants: pd.DataFrame, sources: Iterable[str]) -> Table:
    """Show how the pooled decline moves with choices that could have been made otherwise."""
    rows = charts.spread(
        variants.assign(variant=[_(_VARIANTS[name]) for name in variants["variant"]])
    )
    return charts.table(
        "tab-sensitivity",
        charts.extent(rows["value"]),
        rows,
        sources=sources,
        title=_("Other choices give {low} to {high} a year"),
        subtitle=_("Annual fall of the price at fixed capability, one choice changed at a time"),
        note=_(
            "n counts benchmarks, or providers where all levels are pooled alike. Intervals as in the base case, from "
            "fewer draws."
        ),
        columns=(
            Column("variant", _("Choice")),
            *charts.spread_columns("factor", _("Factor a year")),
        ),
    )


def rungs(declines: pd.DataFrame, sources: Iterable[str]) -> Table:
    """Show every level of capability with its window, prices and decline."""
    rows = charts.spread(declines[declines["scope"] == "rung"].reset_index(drop=True))
    rows["level"] = [
        f"{row.benchmark}, {i18n.score(row.threshold, row.benchmark)}" for row in rows.itertuples()
    ]
    known = rows["value"].dropna()
    return charts.table(
        "tab-levels",
        charts.extent(known),
        rows,
        sources=sources,
        title=_("From {low} to {high} a year, by level of capability"),
        subtitle=_(
            "Lowest list prices at each level, US$ per million tokens, and their fall in a year"
        ),
        note=_(
            "A level needs a year of prices for a rate; below zero is a rise. A window ends when its benchmark stopped "
            "following the market. The price is one that a tenth of the offers don't exceed."
        ),
        columns=(
            Column("level", _("Level")),
            *charts.spread_columns("factor", _("Factor a year"))[:3],
            Column("first_usd", _("First price"), "usd"),
            Column("last_usd", _("Last price"), "usd"),
            Column("first_month", _("From"), "month"),
            Column("last_month", _("To"), "month"),
        ),
    )


def half_lives(by_age: pd.DataFrame, by_year: pd.DataFrame, sources: Iterable[str]) -> Table:
    """Show in how many months a price halves, by age of the level and by calendar year."""
    parts = [
        rows.assign(label=[message.format(label=label) for label in rows["label"]])
        for message, rows in (
            (_("Levels {label} months on sale"), by_age),
            (_("Year {label}"), by_year),
        )
    ]
    rows = charts.spread(pd.concat(parts, ignore_index=True))
    known = rows["value"].dropna()
    words = {"n": i18n.number(len(rows)), "k": i18n.number(len(known))}
    return charts.table(
        "tab-half-lives",
        words,
        rows,
        sources=sources,
        title=_("{k} of {n} rates let a price halve"),
        subtitle=_("Months in which the lowest prices halve, at the rate of that age or year"),
        note=_(
            "Empty where prices don't fall, or the interval reaches no fall. n counts benchmarks."
        ),
        columns=charts.spread_columns("decimal", _("Months to half"), label=_("Rate of")),
    )


def published(
    trends: pd.DataFrame, own: Mapping[str, Estimate], sources: Mapping[str, str]
) -> Table:
    """Hold our rates against those that others published.

    `own` takes a metric of the table ``published-trends`` to our estimate, as decline or factor per
    year; `sources` a source id to its name.
    """
    kinds = {"estimate": _("estimate"), "forecast": _("forecast"), "claim": _("claim")}
    rows = trends[trends["metric"].isin(own) & trends["annual_factor"].notna()]
    rows = rows.assign(
        who=rows["source_id"].map(sources).map(i18n.name, na_action="ignore"),
        value=rows["annual_factor"],
        low=rows["low_factor"],
        high=rows["high_factor"],
        kind=rows["figure_kind"].map(kinds),
        defined=i18n.texts(rows["definition"].str.split(";").str[0]),
    )
    shown = pd.concat([_ours(own), _by_benchmark(rows)]).sort_values(
        "metric", key=lambda metrics: metrics.map(list(own).index), kind="stable"
    )
    shown = shown.assign(
        what=[f"{_(row.metric).capitalize()}. {row.defined}" for row in shown.itertuples()]
    )
    return charts.table(
        "tab-published",
        {"n": i18n.number(len(rows))},
        shown.reset_index(drop=True),
        sources=rows["source_id"],
        title=_("{n} published rates beside ours"),
        subtitle=_(
            "Cost or price after a year relative to before, as each source defines it: 0.1 is a fall to a tenth, "
            "3 a threefold rise"
        ),
        note=_(
            "Low and high are the sources' own intervals, mostly at 90%; where a row stands for several scores, the "
            "rate is their median, low and high the least and greatest. Figures that a source states as a total "
            "were turned into yearly rates only where it gives the period."
        ),
        columns=(
            Column("what", _("What")),
            Column("who", _("Who")),
            Column("kind", _("Kind")),
            *charts.spread_columns("factor", _("Factor a year"))[:3],
        ),
    )


def _ours(own: Mapping[str, Estimate]) -> pd.DataFrame:
    """Our known estimates, as rows beside the published ones."""
    known = {metric: _factor(e) for metric, e in own.items() if e.known}
    if not known:
        return pd.DataFrame()
    rows = charts.spread(pd.DataFrame(known.items(), columns=["metric", "estimate"]))
    methods = [i18n.message(e.method) for e in known.values()]
    return rows.assign(who=_("This brief"), kind=_("estimate"), defined=methods)


def _factor(found: Estimate) -> Estimate:
    """Turn a decline per year into what is left after it."""
    if found.unit == FACTOR_PER_YEAR:
        return found
    return transformed(found, lambda fall: 1 - fall, FACTOR_PER_YEAR)


def _by_benchmark(rows: pd.DataFrame) -> pd.DataFrame:
    """Put rates for several scores on one benchmark, by one source, into one row."""
    benchmark = rows["definition"].str.extract(r"at or above .+ on ([^;]+)", expand=False)
    parts = [rows[benchmark.isna()]]
    for (name, *_same), group in rows.groupby([benchmark, "metric", "source_id"]):
        if len(group) > 1:
            words = {"n": i18n.number(len(group)), "benchmark": name}
            text = _("Cheapest model at or above each of {n} scores on {benchmark}", **words)
            rates = group["value"].agg(value="median", low="min", high="max")
            group = group.head(1).assign(defined=text, **rates)
        parts.append(group)
    return pd.concat(parts)


def bills(rows: pd.DataFrame, benchmark: str, million_tokens: float) -> Table:
    """Show the bill of a workload in US dollars and ringgit at several levels of capability."""
    return charts.table(
        "tab-bills",
        {"tokens": i18n.exact(million_tokens), "rate": i18n.number(rows["rate"].iloc[0], 4)},
        rows,
        sources=(*rows["source_id"], *rows["rate_source"]),
        title=_("The bill of {tokens} million tokens in ringgit"),
        subtitle=_(
            "Cheapest list price in the last month, {tokens} million tokens a month, US$ and RM"
        ),
        note=_(
            "RM{rate} to the US dollar, the latest average published; taxes and local charges are left out."
        ),
        columns=(
            Column("threshold", _("{benchmark} score", benchmark=benchmark), "number"),
            Column("model", _("Cheapest model")),
            Column("bill_usd", _("US$ a month"), "usd"),
            Column("bill_myr", _("RM a month"), "myr"),
        ),
    )
