"""The rate at which prices fall, from tables to an estimate: what several briefs ask for."""

import datetime as dt

import pandas as pd

from analysis import params, uncertainty
from analysis.cost import arrival, decline, prices
from briefs.evidence import catalog
from briefs.values import Estimate

#: Part of a workload's tokens that are input, where a brief has no parameter for it.
INPUT_SHARE = 0.75


def change_of_decline(date: dt.date, p: params.Common) -> Estimate:
    """Rate of decline of prices after a day, relative to the rate before, for the other briefs."""
    scored = prices.scores(catalog.load("capability", p.as_of))
    ends = catalog.load("model-end-dates", p.as_of)
    listed = prices.on_sale(catalog.load("model-prices", p.as_of), ends)
    offered = prices.offers(listed, scored, INPUT_SHARE)
    found = market_of(prices.price_ladder(offered, p.as_of), p)
    change = arrival.rate_change(arrival.sides(found, pd.Timestamp(date)), p.level)
    return change["ratio"].graded(offered["grade"])


def market_of(ladder: prices.Ladder, p: params.Common) -> decline.Market:
    """Fit the decline of prices to a ladder with the brief's own draws."""
    draws = uncertainty.generator(p.seed, "prices")
    return decline.market(ladder, prices.TENTH, p.n_boot, draws)
