"""What a buyer's workload costs: lowest price of a level, past bill, bills to come by scenario."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis.cost import prices
from briefs.values import Estimate

#: The estimated rate of decline goes on, the one claimed comes true, the price falls half as fast
#: (half the log rate), or it stays where it is.
SCENARIOS = ("trend", "claimed", "half", "flat")

_RINGGIT = (
    "threshold month model provider then same_model same now_model now rate_alone rate sources"
).split()


def price_path(
    offered: pd.DataFrame, benchmark: str, threshold: float, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Who sold a capability most cheaply, month by month: a score of at least `threshold`.

    Columns: ``month``, ``usd_per_mtok``, ``provider``, ``model`` (name to show), ``score``,
    ``source_id``; from the first month in which anyone sold it. Empty when nobody did.
    """
    columns = ["month", "usd_per_mtok", "provider", "model", "score", "source_id"]
    rows = offered[(offered["benchmark"] == benchmark) & (offered["score"] >= threshold)]
    if rows.empty:
        return pd.DataFrame(columns=columns)
    months = pd.date_range(offered["start"].min() + pd.offsets.MonthBegin(0), as_of, freq="MS")
    log_price = prices.in_force(rows, months)
    sold = np.isfinite(log_price).any(axis=0)
    cheapest = rows.iloc[log_price.argmin(axis=0)[sold]].reset_index(drop=True)
    return cheapest.assign(month=months[sold], model=cheapest["display_name"])[columns]


def levels_around(benchmark: str, threshold: float) -> tuple[float, ...]:
    """Four levels of a benchmark to show: its rungs, with the nearest one moved to `threshold`."""
    rungs = prices.RUNGS[benchmark]
    nearest = min(rungs, key=lambda rung: abs(rung - threshold))
    return tuple(sorted({float(threshold if rung == nearest else rung) for rung in rungs}))


def latest_rate(rates: pd.DataFrame, currency: str) -> pd.Series:
    """Latest row of ``exchange-rates`` for a currency: the average of the last year, or of its days so far.

    It's a `ValueError` when none was published by the date that `rates` was loaded for.
    """
    known = rates[rates["currency"] == currency].sort_values("year")
    if known.empty:
        raise ValueError(f"no exchange rate for {currency} in the table exchange-rates")
    latest: pd.Series = known.iloc[-1]
    return latest


def in_currency(usd: pd.Series, rates: pd.DataFrame, currency: str) -> tuple[pd.Series, float]:
    """Turn US dollars into a currency at its `latest_rate`.

    Gives the amounts, and the rate used: one for all dates, so that the figure shows prices and not
    the exchange.
    """
    if currency == "USD":
        return usd, 1.0
    rate = float(latest_rate(rates, currency)["units_per_usd"])
    return usd * rate, rate


def monthly_bill(
    path: pd.DataFrame, million_tokens: float, rates: pd.DataFrame, currency: str
) -> pd.DataFrame:
    """Bill of a fixed monthly workload, had it always been bought where it was cheapest.

    Columns: ``month``, ``bill`` (in `currency`), ``provider``, ``model``, ``source_id``,
    ``rate_source`` (that of the exchange rate, empty for US dollars).
    """
    bill, _rate = in_currency(path["usd_per_mtok"] * million_tokens, rates, currency)
    source = "" if currency == "USD" else latest_rate(rates, currency)["source_id"]
    columns = ["month", "bill", "provider", "model", "source_id", "rate_source"]
    return path.assign(bill=bill, rate_source=source)[columns]


def in_ringgit(
    offered: pd.DataFrame,
    benchmark: str,
    thresholds: Iterable[float],
    as_of: pd.Timestamp,
    million_tokens: float,
    rates: pd.DataFrame,
) -> pd.DataFrame:
    """Bill of a workload in ringgit, level by level: when the level was first sold, and now.

    A bill of then is at the average exchange rate of its year, or the latest where that of the year
    isn't known yet; one of now at the `latest_rate`.

    Columns: ``threshold``, ``month`` and ``model`` first sold, by ``provider``, at ``then`` a month;
    ``same_model`` and ``same``, the cheapest now of that provider (none if it sells none);
    ``now_model`` and ``now``, the cheapest of all; ``rate_alone``, the bill of then at the rate of
    now; ``rate``, ringgit per US dollar now; ``sources``. Levels that nobody sells now are left out.
    """
    latest, rows = latest_rate(rates, "MYR"), []
    per_usd, today = million_tokens * latest["units_per_usd"], pd.Timestamp(as_of).replace(day=1)
    for threshold in thresholds:
        path = price_path(offered, benchmark, threshold, as_of)
        if path.empty or path["month"].iloc[-1] != today:
            continue
        first, now = path.iloc[0], path.iloc[-1]
        sold = offered[offered["provider"] == first["provider"]]
        own = price_path(sold, benchmark, threshold, as_of).set_index("month")
        rate = _rate_of(rates, "MYR", first["month"].year)
        names = ["source_id", "usd_per_mtok", "model"]
        source, usd, model = own[names].reindex([now["month"]]).iloc[0]
        rows.append(
            {
                "threshold": threshold,
                **first[["month", "model", "provider"]],
                "then": first["usd_per_mtok"] * million_tokens * rate["units_per_usd"],
                "same_model": model,
                "same": usd * per_usd,
                "now_model": now["model"],
                "now": now["usd_per_mtok"] * per_usd,
                "rate_alone": first["usd_per_mtok"] * per_usd,
                "rate": latest["units_per_usd"],
                "sources": [first["source_id"], source, now["source_id"], rate["source_id"]],
            }
        )
    return pd.DataFrame(rows, columns=_RINGGIT)


def _rate_of(rates: pd.DataFrame, currency: str, year: int) -> pd.Series:
    """Return the row of ``exchange-rates`` for a year, or the latest where there is none for it."""
    known = rates[(rates["currency"] == currency) & (rates["year"] == year)]
    return latest_rate(known if len(known) else rates, currency)


def _rates(decline: float, claimed: tuple[float, float]) -> dict[str, float]:
    """Log rate per year of each scenario; for a range claimed, the middle of its log rates."""
    trend = np.log1p(-decline)
    return {
        "trend": trend,
        "claimed": np.log1p(-np.array(claimed)).mean(),
        "half": trend / 2,
        "flat": 0.0,
    }


def cheapest_ever(listed: pd.DataFrame, input_share: float) -> pd.Series:
    """Return the row of the lowest list price of any model so far, with ``usd_per_mtok``, blended.

    `listed` is ``model-prices``, of which standard prices count; scored or not. It's the floor of the
    scenarios: no seller has gone below it yet, and nothing in the evidence says how much energy a
    token takes.
    """
    rows = listed[listed["price_kind"].isin(prices.STANDARD_KINDS)]
    blend = input_share * rows["input_usd_per_mtok"]
    blend = blend + (1 - input_share) * rows["output_usd_per_mtok"]
    lowest: pd.Series = rows.assign(usd_per_mtok=blend).nsmallest(1, "usd_per_mtok").iloc[0]
    return lowest


def project(
    bill: pd.DataFrame,
    horizon: int,
    decline: Estimate,
    claimed: tuple[float, float],
    names: Iterable[str] = SCENARIOS,
    floor: float = 0.0,
    fan: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Project a bill from its last month to the end of a year under named scenarios.

    The `bill` is as `monthly_bill` returns, and the projection ends on the last day of the year
    `horizon`; `decline` and `claimed` (a range) are shares per year. Scenarios have no probability.
    None falls below `floor`, in the bill's currency. Where there is a `fan` (as `fan_of_bills` gives
    it) they are given from its end on.

    Columns: ``scenario``, ``date``, ``value``, in the bill's currency; one row a quarter, the bill's
    last month first. Empty when there is no bill or no estimate; a `ValueError` when the horizon is
    before the bill's last month, or a scenario isn't known.
    """
    names = tuple(names)
    if unknown := [name for name in names if name not in SCENARIOS]:
        raise ValueError(f"scenario {unknown[0]!r} is not one of {', '.join(SCENARIOS)}")
    columns = ["scenario", "date", "value"]
    if bill.empty or not decline.known:
        return pd.DataFrame(columns=columns)
    start, amount = bill[["month", "bill"]].iloc[-1]
    end = pd.Timestamp(horizon, 12, 31)
    if end <= start:
        raise ValueError(f"horizon {horizon} is before the last month of the bill, {start.date()}")
    first = start if fan is None or fan.empty else fan["date"].max()
    dates = pd.DatetimeIndex(
        [first, *pd.date_range(first, end, freq="QE", inclusive="neither"), end]
    ).unique()
    years, least = (dates - start).days.to_numpy() / 365.25, min(floor, amount)
    rates = _rates(decline.value, claimed)
    paths = {name: np.maximum(amount * np.exp(rates[name] * years), least) for name in names}
    parts = [pd.DataFrame({"scenario": n, "date": dates, "value": v}) for n, v in paths.items()]
    return pd.concat(parts, ignore_index=True)


def fan_of_bills(fan: pd.DataFrame, bill: pd.DataFrame, per_usd: float) -> pd.DataFrame:
    """Turn a fan of prices into one of bills, which opens from the last bill.

    `fan` is as ``published.fan`` gives it for one level; `per_usd` turns US dollars per million
    tokens into a bill. Columns: ``date`` and the quantiles; empty where nothing is drawn.
    """
    table = fan.assign(value=fan["value"] * per_usd)
    wide = table.pivot(index="target", columns="quantile", values="value")
    if wide.empty or bill.empty:
        return pd.DataFrame(columns=["date"])
    month, amount = bill[["month", "bill"]].iloc[-1]
    first = pd.DataFrame(amount, [month], wide.columns)
    found = pd.concat([first, wide])
    return found.rename_axis(index="date", columns=None).reset_index()
