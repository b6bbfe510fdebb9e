"""The claims' estimates under choices that a careful analyst could have made otherwise.

Each function takes the evidence and the parameters and returns what gives a claim's readings for
one combination of its grid in ``claims.yml``. What combinations share is computed once, and few
draws serve: the verdict of each counts, not its last digit.
"""

from collections.abc import Mapping
from functools import cache

import pandas as pd

from analysis import params, uncertainty
from analysis.cost import arrival, decline, prices, robustness, training
from briefs.values import Estimate, Trial

DRAWS = 100
SHARES = {"tenth": prices.TENTH, "fifth": prices.FIFTH, "cheapest": prices.CHEAPEST}
PICKS = {"median": "median", "best": "max"}

Evidence = Mapping[str, pd.DataFrame]


def _graded(rows: pd.DataFrame, sources: str) -> pd.DataFrame:
    """All rows, or those of grades A and B."""
    return rows if sources == "all" else rows[rows["grade"].isin(["A", "B"])]


def cost_1(evidence: Evidence) -> Trial:
    """Scope of the run, whose figures, rent of a chip's hour, sources."""

    @cache
    def found(scope: str, figures: str, sources: str) -> tuple[Estimate, Estimate]:
        amounts = _graded(evidence["deepseek-claims"], sources)
        run = training.run_cost(amounts, scope == "with_stage", figures == "everyone")
        return run, training.last_stage(amounts)

    def trial(scope: str, figures: str, rent: float, sources: str) -> dict[str, Estimate]:
        run, stage = (
            uncertainty.transformed(estimate, lambda usd: usd * rent / training.RENT, "USD")
            for estimate in found(scope, figures, sources)
        )
        return {"run_cost": run, "last_stage": stage}

    return trial


def cost_2(table: pd.DataFrame, p: params.CostRevolution) -> Trial:
    """Who is a peer, how close, how long before, and which middle of the peers."""

    @cache
    def runs(peers: str, margin: float, window_months: float) -> pd.DataFrame:
        return training.comparable_runs(table, int(window_months), peers, margin)

    def trial(peers: str, margin: float, window_months: float, centre: str) -> dict[str, Estimate]:
        found = runs(peers, margin, window_months)
        return {
            reading: training.ratio_to_comparable(found, measure, p.level, centre)
            for reading, measure in training.READINGS.items()
        }

    return trial


def cost_3(evidence: Evidence, p: params.CostRevolution) -> Trial:
    """Estimate of algorithmic progress, chips that count, size and basis of frontier runs."""

    @cache
    def fixed(algorithms: str, chips: str) -> Estimate:
        priced = training.priced_chips(evidence["hardware"], chips == "all")
        trends, rng = evidence["published-trends"], uncertainty.generator(p.seed, "grid")
        parts = training.fixed_capability(priced, trends, p.level, DRAWS, rng, algorithms)
        return training.combined(parts)

    @cache
    def frontier(basis: str, rank: float) -> Estimate:
        runs = training.frontier_runs(evidence["training-runs"], basis, int(rank))
        return training.frontier_growth(runs, p.level)

    def trial(algorithms: str, chips: str, rank: float, basis: str) -> dict[str, Estimate]:
        return {"fixed_capability": fixed(algorithms, chips), "frontier": frontier(basis, rank)}

    return trial


def cost_4(evidence: Evidence, p: params.CostRevolution) -> Trial:
    """Which offers are the lowest, months, score of a model, what is pooled, sources."""

    @cache
    def offered(scores: str, sources: str) -> pd.DataFrame:
        listed, ends = (_graded(evidence[t], sources) for t in ("model-prices", "model-end-dates"))
        scored = prices.scores(_graded(evidence["capability"], sources), PICKS[scores])
        return prices.offers(prices.on_sale(listed, ends), scored, p.input_share)

    @cache
    def ladder(scores: str, sources: str) -> prices.Ladder:
        return prices.price_ladder(offered(scores, sources), p.as_of)

    @cache
    def market(frontier: str, scores: str, sources: str) -> decline.Market:
        rng = uncertainty.generator(p.seed, "grid")
        return decline.market(ladder(scores, sources), SHARES[frontier], DRAWS, rng, whole=True)

    @cache
    def others(scores: str, sources: str) -> dict[str, Estimate]:
        rates = robustness.published_rates(_graded(evidence["published-trends"], sources))
        hedonic = robustness.hedonic(offered(scores, sources), p.benchmark, p.level)
        return {"quality_adjusted": hedonic, "published_rates": rates}

    def trial(
        frontier: str, coverage: str, scores: str, pooling: str, sources: str
    ) -> dict[str, Estimate]:
        rest = others(scores, sources)
        if offered(scores, sources).empty:
            return {"frontier_price": decline.none(), **rest}
        found = market(frontier, scores, sources).until(coverage == "followed")
        fall = decline.decline(found, p.level, pooling)
        return {"frontier_price": fall.graded(offered(scores, sources)["grade"]), **rest}

    return trial


def cost_5(offered: pd.DataFrame, date: pd.Timestamp, p: params.CostRevolution) -> Trial:
    """Months on either side, which offers are the lowest, age of levels, when a level is served."""

    @cache
    def market(frontier: str, fine: bool) -> decline.Market:
        ladder = prices.price_ladder(offered, p.as_of, arrival.FINE if fine else prices.RUNGS)
        rng = uncertainty.generator(p.seed, "grid")
        return decline.market(ladder, SHARES[frontier], DRAWS, rng)

    @cache
    def compared(frontier: str, fine: bool, months: float, age: str) -> arrival.Sides:
        return arrival.sides(market(frontier, fine), date, int(months), age == "adjusted")

    def trial(months: float, frontier: str, age: str, served: str) -> dict[str, Estimate]:
        fine = compared(frontier, True, months, age)
        rungs, days = market(frontier, True).ladder.rungs, arrival.DAYS[served]
        reached = arrival.served(offered, rungs, date, days)
        gap, _least = arrival.difference(fine, *reached, p.level)
        rates = arrival.rate_change(compared(frontier, False, months, age), p.level)
        grades = offered["grade"]
        return {
            "served_levels": gap.graded(grades),
            "rate_change": rates["ratio"].graded(grades),
        }

    return trial
