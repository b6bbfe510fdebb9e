"""What other workloads than the brief's own cost: of another size or level, in another currency, on another day."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis import params
from analysis.cost import prices, scenarios
from analysis.cost.summary import Summary
from briefs.evidence import catalog

#: Million tokens a month.
SIZES = (1.0, 10.0, 100.0, 1000.0, 10_000.0)
CURRENCIES = ("USD", "MYR")
#: The first quarter of which a bill is asked for ends here.
SINCE = dt.date(2025, 3, 31)
_TABLES = ("model-prices", "model-end-dates", "capability", "exchange-rates")
_COLUMNS = """
    million_tokens threshold currency as_of bill half first month model provider offers usd usd_half source_id
    rate_source
""".split()


def days(as_of: dt.date) -> list[dt.date]:
    """Return the last day of each quarter so far, and the day itself."""
    quarters = pd.date_range(SINCE, as_of, freq="QE")
    return sorted({*(quarter.date() for quarter in quarters), as_of})


def workloads(p: params.CostRevolution) -> pd.DataFrame:
    """Bills of workloads at the cheapest list price, as of each of the `days` by what was known then.

    Columns: ``million_tokens`` a month, ``threshold``, ``currency``, ``as_of``; the ``bill`` a month of
    the cheapest of all ``offers`` that reach the score, its ``model`` and ``provider``; what ``half`` of
    them don't exceed; the ``first`` bill, of the ``month`` when the score was first sold, at the same
    exchange rate; ``usd`` and ``usd_half``, two of these in US dollars; ``source_id`` and
    ``rate_source``. Where nobody sells the score there is no row; none at all if no other choices
    are asked for.
    """
    if p.other_choices == "none":
        return pd.DataFrame(columns=_COLUMNS)
    rows = [row for day in days(p.as_of) for row in _of_day(p.model_copy(update={"as_of": day}))]
    return pd.DataFrame(rows, columns=_COLUMNS)


def _of_day(p: params.CostRevolution) -> Iterator[dict[str, Any]]:
    found = Summary(p, {table: catalog.load(table, p.as_of) for table in _TABLES})
    rates = found.evidence["exchange-rates"]
    for threshold in found.levels:
        price = _prices(found.offered, p.benchmark, threshold, pd.Timestamp(p.as_of))
        if price is None:
            continue
        for size in sorted({*SIZES, p.million_tokens}):
            usd = {name: price[name] * size for name in ("usd", "usd_half")}
            for currency in CURRENCIES:
                amounts = pd.Series([usd["usd"], usd["usd_half"], price["first_usd"] * size])
                bills = scenarios.in_currency(amounts, rates, currency)[0]
                source = (
                    "" if currency == "USD" else scenarios.latest_rate(rates, currency)["source_id"]
                )
                yield {
                    **price,
                    **usd,
                    **dict(zip(("bill", "half", "first"), bills, strict=True)),
                    "million_tokens": size,
                    "threshold": threshold,
                    "currency": currency,
                    "as_of": p.as_of,
                    "rate_source": source,
                }


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
        "first_usd": first["usd_per_mtok"],
    }
