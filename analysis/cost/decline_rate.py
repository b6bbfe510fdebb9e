"""The rate at which prices fall, from tables to an estimate: what several briefs ask for."""

import datetime as dt
from collections.abc import Mapping

import pandas as pd

from analysis import params, uncertainty
from analysis.cost import arrival, decline, prices
from briefs.values import Estimate

TABLES = ("model-prices", "model-end-dates", "capability")
#: Part of a workload's tokens that are input, where a brief has no parameter for it.
INPUT_SHARE = 0.75


def after(evidence: Mapping[str, pd.DataFrame], date: dt.date, p: params.Common) -> Estimate:
    """Rate of decline of prices after a day, relative to the rate before; `evidence` has `TABLES`."""
    scored = prices.scores(evidence["capability"])
    listed = prices.on_sale(evidence["model-prices"], evidence["model-end-dates"])
    offered = prices.offers(listed, scored, INPUT_SHARE)
    found = market_of(prices.price_ladder(offered, p.as_of), p)
    change = arrival.rate_change(arrival.sides(found, pd.Timestamp(date)), p.level)
    return change["ratio"].graded(offered["grade"])


def market_of(ladder: prices.Ladder, p: params.Common) -> decline.Market:
    """Fit the decline of prices to a ladder with the brief's own draws."""
    draws = uncertainty.generator(p.seed, "prices")
    return decline.market(ladder, prices.TENTH, p.n_boot, draws)
