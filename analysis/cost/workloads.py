"""What other workloads than the brief's own cost: of another size or level, in another currency, on another day."""

import datetime as dt
import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.cost import prices, scenarios

#: Million tokens a month.
SIZES = (1.0, 10.0, 100.0, 1000.0, 10_000.0)
#: The first quarter of which a bill is asked for ends here.
SINCE = dt.date(2025, 3, 31)
_COLUMNS = """
    million_tokens threshold currency as_of bill half first month model provider offers usd usd_half source_id
    rate_source
""".split()

#: Offers, and the table ``exchange-rates``, as they were known on a day.
Market = tuple[pd.DataFrame, pd.DataFrame]


def days(as_of: dt.date) -> list[dt.date]:
    """Return the last day of each quarter so far, and the day itself."""
    quarters = pd.date_range(SINCE, as_of, freq="QE")
    return sorted({*(quarter.date() for quarter in quarters), as_of})


def workloads(
    markets: Mapping[dt.date, Market],
    benchmark: str,
    thresholds: Sequence[float],
    million_tokens: float,
) -> pd.DataFrame:
    """Bills of workloads at the cheapest list price on each day: of the `SIZES`, and of one of our own.

    Columns: ``million_tokens`` a month, ``threshold``, ``currency``, ``as_of``; the ``bill`` a month of
    the cheapest of all ``offers`` that reach the score, its ``model`` and ``provider``; what ``half`` of
    them don't exceed; the ``first`` bill, of the ``month`` when the score was first sold, at the same
    exchange rate; ``usd`` and ``usd_half``, two of these in US dollars; ``source_id`` and
    ``rate_source``. Where nobody sells the score there is no row.
    """
    sizes = sorted({*SIZES, million_tokens})
    rows = []
    for (day, (offered, rates)), threshold in itertools.product(markets.items(), thresholds):
        if price := _prices(offered, benchmark, threshold, pd.Timestamp(day)):
            own = {"threshold": threshold, "as_of": day}
            rows += [row | own for row in _bills(price, sizes, rates)]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _prices(
    offered: pd.DataFrame, benchmark: str, threshold: float, as_of: pd.Timestamp
) -> dict[str, Any] | None:
    """Return the cheapest and the median list price of a level on a day, and that of its first month."""
    path = scenarios.price_path(offered, benchmark, threshold, as_of)
    today = as_of.replace(day=1)
    if path.empty or path["month"].iloc[-1] != today:
        return None
    reach = offered[(offered["benchmark"] == benchmark) & (offered["score"] >= threshold)]
    in_force = np.exp(prices.in_force(reach, pd.DatetimeIndex([today]))[:, 0])
    sold = in_force[np.isfinite(in_force)]
    first, now = path.iloc[0], path.iloc[-1]
    return {
        **now[["model", "provider", "source_id"]],
        "usd": now["usd_per_mtok"],
        "usd_half": float(np.median(sold)),
        "offers": len(sold),
        "month": first["month"],
        "first": first["usd_per_mtok"],
    }


def _bills(
    price: dict[str, Any], sizes: Sequence[float], rates: pd.DataFrame
) -> Iterator[dict[str, Any]]:
    """Yield the bills at a price, in each currency and of each size."""
    ringgit = scenarios.latest_rate(rates, "MYR")
    per_usd = {"USD": (1.0, ""), "MYR": (ringgit["units_per_usd"], ringgit["source_id"])}
    for (currency, (rate, source)), size in itertools.product(per_usd.items(), sizes):
        usd = {name: price[name] * size for name in ("usd", "usd_half")}
        bills = {"bill": usd["usd"], "half": usd["usd_half"], "first": price["first"] * size}
        yield {
            **price,
            **usd,
            **{name: amount * rate for name, amount in bills.items()},
            "million_tokens": size,
            "currency": currency,
            "rate_source": source,
        }
