"""Tables of the cost-revolution brief."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import pandas as pd

from analysis import params
from analysis.uncertainty import transformed
from briefs.display import charts, i18n
from briefs.display.findings import finding
from briefs.display.grids import Grid
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Table
from briefs.values import FACTOR_PER_YEAR, Estimate

#: Parameters of the brief that a reader can choose otherwise.
_CHOSEN = ("million_tokens", "threshold", "currency", "as_of")


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


def bills(rows: pd.DataFrame, benchmark: str, million_tokens: float) -> Table | Card:
    """Show the bill of a workload in ringgit when each level was first sold, and now.

    `rows` are as ``scenarios.in_ringgit`` gives them.
    """
    if rows.empty:
        return finding("bills-none", _("No model on sale reaches any of the scores."))
    words = {
        "tokens": i18n.exact(million_tokens),
        "rate": i18n.number(rows["rate"].iloc[0], 4),
        "n": i18n.number(len(rows)),
    }
    return charts.table(
        "tab-bills",
        words,
        rows,
        sources=rows["sources"].explode().dropna().unique(),
        title=_("The bill in ringgit, first and now, at {n} scores"),
        subtitle=_(
            "{tokens} million tokens a month at list price: when the score was first sold, at the exchange rate of "
            "that year, and now, at RM{rate} to the US dollar"
        ),
        note=_("Taxes and local charges are left out."),
        columns=(
            Column("threshold", _("{benchmark} score", benchmark=benchmark), "number"),
            Column("month", _("First sold"), "month"),
            Column("model", _("Model then")),
            Column("then", _("RM then"), "myr"),
            Column("same_model", _("The same seller now")),
            Column("same", _("RM now"), "myr"),
            Column("now_model", _("Cheapest now")),
            Column("now", _("RM now"), "myr"),
        ),
    )


def workloads(rows: pd.DataFrame, p: params.CostRevolution) -> Grid | Card:
    """Let a reader try the bill of other workloads; `rows` are as ``workloads.workloads`` gives them."""
    if rows.empty:
        return finding("workloads-none", _("No other workload was computed here."))
    options = {name: sorted({*rows[name], getattr(p, name)}) for name in _CHOSEN}
    axes = {**options, "threshold": map(i18n.exact, options["threshold"])}
    scores = [i18n.score(score, p.benchmark) for score in rows["threshold"]]
    level = [_("{score} on {benchmark}", score=score, benchmark=p.benchmark) for score in scores]
    return Grid(
        id="grid-workloads",
        title=_("What would your own workload cost?"),
        subtitle=_(
            "At list prices known on the day, {input} of the tokens input, without taxes and discounts",
            input=i18n.percent(p.input_share),
        ),
        data=rows.assign(threshold=rows["threshold"].map(i18n.exact), level=level),
        sources=tuple(filter(None, (*rows["source_id"], *rows["rate_source"]))),
        axes={name: tuple(values) for name, values in axes.items()},
        chosen={n: getattr(p, n) for n in _CHOSEN} | {"threshold": i18n.exact(p.threshold)},
        sentence=_(
            "{bill} a month at the cheapest list price, that of {model}; half of the {n} offers cost {half} or less. "
            "When the score was first sold, in {month}, the cheapest cost {first}."
        ),
        texts=tuple(_workload(row) for row in rows.itertuples()),
        none=_("No model on sale reached this score on that day."),
        lane="level",
        span=("usd", "usd", "usd_half"),
        unit="USD",
        columns=(
            Column("million_tokens", _("Million tokens a month"), "number"),
            Column("threshold", _("{benchmark} score", benchmark=p.benchmark)),
            Column("currency", _("Currency")),
            Column("as_of", _("As of"), "date"),
            Column("level", _("Level")),
            Column("bill", _("Cheapest bill"), "number"),
            Column("half", _("Bill that half of the offers don't exceed"), "number"),
            Column("first", _("Bill when first sold"), "number"),
            Column("month", _("First sold"), "month"),
            Column("model", _("Model")),
            Column("provider", _("Seller")),
            Column("offers", _("Offers"), "integer"),
            Column("usd", _("Cheapest bill, US$"), "usd"),
            Column("usd_half", _("Bill that half of the offers don't exceed, US$"), "usd"),
        ),
    )


def _workload(row: Any) -> dict[str, str]:
    money = partial(i18n.money, currency=row.currency)
    bills = {name: money(getattr(row, name)) for name in ("bill", "half", "first")}
    return bills | {
        "model": row.model,
        "n": i18n.number(row.offers),
        "month": i18n.month(row.month),
    }


def tests_of_forecasts(
    scores: pd.DataFrame, reported: pd.DataFrame, pinball: pd.Series, split: pd.Timestamp
) -> pd.DataFrame:
    """Put the tests of all forecasts together: a row per run, part and horizon, named in ``what``.

    `scores` and `reported` are ``hindcast.scores``, the latter by scores dated by their report alone;
    `pinball` is ``hindcast.pinballs``.
    """
    words = {"split": i18n.month(split)}
    names = {"fit": _("before {split}", **words), "test": _("held out", **words)}
    runs = {"": scores, _("scores by day of report"): reported[reported["part"] == "test"]}
    parts = []
    for run, table in runs.items():
        rows = _by_horizon(table[table["n"] > 0])
        months = rows["horizon_months"].map(i18n.number)
        dates = rows["part"].map(names)
        what = [_("{n} months", n=n) for n in months]
        rows["what"] = [
            ", ".join(filter(None, parts))
            for parts in zip(what, dates, [run] * len(rows), strict=True)
        ]
        if not run:
            keys = zip(rows["part"], rows["horizon_months"], strict=True)
            rows["pinball"] = [pinball[key] for key in keys]
        parts.append(rows)
    return pd.concat(parts, ignore_index=True)


def forecasts(tests: pd.DataFrame, split: pd.Timestamp, sources: Iterable[str]) -> Table | Card:
    """Show how often bands of forecasts held what came; `tests` are `tests_of_forecasts`."""
    if tests.empty:
        return finding("forecasts-none", _("No forecast made by then has had its outcome yet."))
    return charts.table(
        "tab-forecasts",
        {"split": i18n.month(split)},
        tests,
        sources=sources,
        title=_("{n} tests of forecasts of the lowest price"),
        subtitle=_(
            "Forecasts of the lowest price at a level of capability, made monthly from January 2024 by what was "
            "known then; held out: since {split}, and nothing was fitted to them"
        ),
        note=_(
            "Drawn: the 80% band held 75% to 85% and the 90% band 85% to 95%, skill over no change is above zero, and "
            "there are no fewer dates than months ahead."
        ),
        columns=(
            Column("what", _("Forecast")),
            Column("n", "n", "integer"),
            Column("origins", _("Dates"), "integer"),
            *(
                Column(name, _("{band} band held", band=name), "percent")
                for name in ("50%", "80%", "90%")
            ),
            Column("drawn", _("Drawn")),
        ),
    )


def skill(tests: pd.DataFrame, split: pd.Timestamp, sources: Iterable[str]) -> Table | Card:
    """Show the error of forecasts, and their skill against three references; see `forecasts`."""
    if tests.empty:
        return finding("skill-none", _("No forecast made by then has had its outcome yet."))
    return charts.table(
        "tab-skill",
        {"split": i18n.month(split)},
        tests,
        sources=sources,
        title=_("Error, and skill over simpler forecasts, in {n} tests"),
        subtitle=_(
            "Forecasts of the lowest price at a level of capability, made monthly from January 2024 by what was "
            "known then; held out: since {split}, and nothing was fitted to them"
        ),
        note=_(
            "Skill over no change, the rate claimed and the trend (the mean past step) is 1 less the error (CRPS, of "
            "log price) over theirs; below zero it is worse. p: Diebold and Mariano's test, corrected for few dates. "
            "Pinball: loss of the ends of the 80% band."
        ),
        columns=(
            Column("what", _("Forecast")),
            Column("crps", _("Error"), "number"),
            Column("pinball", _("Pinball"), "number"),
            Column("skill_flat", _("No change"), "percent"),
            Column("p_flat", "p", "probability"),
            Column("skill_claimed", _("Rate claimed"), "percent"),
            Column("p_claimed", "p", "probability"),
            Column("skill_trend", _("Trend"), "percent"),
            Column("p_trend", "p", "probability"),
        ),
    )


def _by_horizon(scores: pd.DataFrame) -> pd.DataFrame:
    """Put what bands of several contents held side by side, a row per part and horizon."""
    keys = ["part", "horizon_months"]
    held = scores.pivot(index=keys, columns="nominal", values="coverage")
    held = held.rename(columns="{:.0%}".format).reset_index()
    return held.merge(scores.drop_duplicates(keys), on=keys, how="left")
