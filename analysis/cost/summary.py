"""The brief on costs in numbers: what its notebook and the overview both read.

Each claim's section goes from the evidence to the verdict; a number is computed when first asked
for and then kept.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import params, uncertainty
from analysis.cost import (
    arrival,
    choices,
    decline,
    decline_rate,
    hindcast as forecasting,
    prices,
    published as editions,
    robustness,
    scenarios,
    training,
    vintages,
    workloads as buying,
)
from briefs.evidence import catalog, claims, forecasts
from briefs.values import Estimate, Judged, Verdict

#: What the brief reads.
TABLES = """
    model-prices model-end-dates capability training-runs hardware deepseek-claims published-trends
    training-speedruns exchange-rates
""".split()


def summary(p: params.CostRevolution) -> "Summary":
    """Load the evidence as of the parameters' day."""
    return Summary(p, {table: catalog.load(table, p.as_of) for table in TABLES})


def change_of_decline(date: dt.date, p: params.Common) -> Estimate:
    """Rate of decline of prices after a day, relative to the rate before, for the other briefs."""
    evidence = {table: catalog.load(table, p.as_of) for table in decline_rate.TABLES}
    return decline_rate.after(evidence, date, p)


@dataclass(frozen=True, eq=False, repr=False)
class Summary(Judged):
    """What the brief on costs finds; `evidence` maps a table's name to its rows by ``p.as_of``."""

    p: params.CostRevolution
    evidence: dict[str, pd.DataFrame]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Verdicts in the order of the claims."""
        return self.cost_1, self.cost_2, self.cost_3, self.cost_4, self.cost_5

    # cost-1: a model for US$600,000

    @cached_property
    def claimed_amount(self) -> float:
        """US dollars that the model is said to have cost."""
        return claims.claimed("cost-1", "run_cost")[0]

    @cached_property
    def run_cost(self) -> Estimate:
        """Published cost of DeepSeek's final training run."""
        return training.run_cost(self.evidence["deepseek-claims"])

    @cached_property
    def last_stage(self) -> Estimate:
        """Published cost of its last stage of training alone."""
        return training.last_stage(self.evidence["deepseek-claims"])

    @cached_property
    def cost_1(self) -> Verdict:
        readings = {"run_cost": self.run_cost, "last_stage": self.last_stage}
        return claims.assess("cost-1", readings, *self.p.tried(choices.cost_1(self.evidence)))

    # cost-2: a tenth of the earlier standard

    @cached_property
    def scored(self) -> pd.DataFrame:
        """One score for each model and benchmark."""
        return prices.scores(self.evidence["capability"])

    @cached_property
    def models(self) -> pd.DataFrame:
        """What is known of each model's training, and its score."""
        return training.per_model(self.evidence["training-runs"], self.scored)

    @cached_property
    def peers(self) -> pd.DataFrame:
        """Training runs of DeepSeek-V3 and of the models it is compared with."""
        return training.comparable_runs(self.models, self.p.window_months)

    @cached_property
    def compute_ratio(self) -> Estimate:
        """Computing work that DeepSeek-V3 took, relative to its peers."""
        return training.ratio_to_comparable(self.peers, "training_compute_flop", self.p.level)

    @cached_property
    def cost_ratio(self) -> Estimate:
        """Rent of the chips that DeepSeek-V3 took, relative to its peers."""
        return training.ratio_to_comparable(self.peers, "rental_usd", self.p.level)

    @cached_property
    def cost_2(self) -> Verdict:
        readings = {"cost_ratio": self.cost_ratio, "compute_ratio": self.compute_ratio}
        return claims.assess("cost-2", readings, *self.p.tried(choices.cost_2(self.models, self.p)))

    # cost-3: training costs

    @cached_property
    def chips(self) -> pd.DataFrame:
        """Chips with a price."""
        return training.priced_chips(self.evidence["hardware"])

    @cached_property
    def frontier(self) -> pd.DataFrame:
        """Training runs that were among the largest when released."""
        return training.frontier_runs(self.evidence["training-runs"])

    @cached_property
    def parts(self) -> pd.DataFrame:
        """Decline of the cost of a fixed capability, by hardware, by algorithms and by both."""
        return training.fixed_capability(
            self.chips,
            self.evidence["published-trends"],
            self.p.level,
            self.p.n_boot,
            uncertainty.generator(self.p.seed, "training"),
        )

    @cached_property
    def fixed(self) -> Estimate:
        """Yearly decline of what it costs to train a fixed capability."""
        return training.combined(self.parts)

    @cached_property
    def growth(self) -> Estimate:
        """Yearly growth of what the frontier runs cost."""
        return training.frontier_growth(self.frontier, self.p.level)

    @cached_property
    def cost_3(self) -> Verdict:
        readings = {"fixed_capability": self.fixed, "frontier": self.growth}
        return claims.assess(
            "cost-3", readings, *self.p.tried(choices.cost_3(self.evidence, self.p))
        )

    # cost-4: inference costs

    @cached_property
    def listed(self) -> pd.DataFrame:
        """Prices of models, each until the model was taken off sale."""
        return prices.on_sale(self.evidence["model-prices"], self.evidence["model-end-dates"])

    @cached_property
    def offered(self) -> pd.DataFrame:
        """List prices of scored models, blended for the workload."""
        return prices.offers(self.listed, self.scored, self.p.input_share)

    @cached_property
    def market(self) -> decline.Market:
        """Price frontier of each level of capability and month, as it is and resampled."""
        return decline_rate.market_of(prices.price_ladder(self.offered, self.p.as_of), self.p)

    @cached_property
    def declines(self) -> pd.DataFrame:
        """Yearly decline of the lowest prices: of all benchmarks, of each, of each level."""
        return decline.declines(self.market, self.p.level)

    @cached_property
    def decline(self) -> Estimate:
        """Yearly decline of the lowest prices, over benchmarks."""
        fall: Estimate = self.declines["estimate"].iloc[0]
        return fall.graded(self.offered["grade"])

    @cached_property
    def further(self) -> Estimate:
        """Where the decline would lie on a further benchmark of the same kind."""
        return decline.further(self.market, self.p.level)

    @cached_property
    def by_age(self) -> pd.DataFrame:
        """Yearly decline by the age of a level of capability."""
        return decline.by_age(self.market, self.p.level)

    @cached_property
    def by_year(self) -> pd.DataFrame:
        """Yearly decline in each calendar year."""
        return decline.by_year(self.market, self.p.level)

    @cached_property
    def hedonic(self) -> Estimate:
        """Yearly decline of all list prices at equal quality."""
        return robustness.hedonic(self.offered, self.p.benchmark, self.p.level)

    @cached_property
    def others(self) -> Estimate:
        """Yearly decline that others measured at fixed capability."""
        return robustness.published_rates(self.evidence["published-trends"])

    @cached_property
    def cost_4(self) -> Verdict:
        readings = {
            "frontier_price": self.decline,
            "quality_adjusted": self.hedonic,
            "published_rates": self.others,
        }
        return claims.assess(
            "cost-4", readings, *self.p.tried(choices.cost_4(self.evidence, self.p))
        )

    # cost-5: before and after DeepSeek

    @cached_property
    def date(self) -> pd.Timestamp:
        """Day at which the rate of decline is tested for a change."""
        return pd.Timestamp(self.p.break_date)

    @cached_property
    def change(self) -> dict[str, Estimate]:
        """Rates of decline ``before`` and ``after`` the date of the break, and their ``ratio``."""
        found = arrival.rate_change(arrival.sides(self.market, self.date), self.p.level)
        return {name: rate.graded(self.offered["grade"]) for name, rate in found.items()}

    @cached_property
    def gap(self) -> tuple[Estimate, float]:
        """Change of the price factor at levels served over that at others, and the least detectable."""
        found = decline_rate.market_of(
            prices.price_ladder(self.offered, self.p.as_of, arrival.FINE), self.p
        )
        days = arrival.DAYS["within_month"]
        reached = arrival.served(self.offered, found.ladder.rungs, self.date, days)
        sides = arrival.sides(found, self.date)
        ratio, least = arrival.difference(sides, *reached, self.p.level)
        return ratio.graded(self.offered["grade"]), least

    @cached_property
    def other_dates(self) -> pd.DataFrame:
        """The change of the rate at every other month."""
        return arrival.placebo(self.market, self.date, self.p.level)

    @cached_property
    def cost_5(self) -> Verdict:
        readings = {"served_levels": self.gap[0], "rate_change": self.change["ratio"]}
        trial = choices.cost_5(self.offered, self.date, self.p)
        return claims.assess("cost-5", readings, *self.p.tried(trial))

    # what it means for a buyer

    @cached_property
    def levels(self) -> tuple[float, ...]:
        """Scores around the one that the buyer asks for."""
        return scenarios.levels_around(self.p.benchmark, self.p.threshold)

    @cached_property
    def bills(self) -> pd.DataFrame:
        """What the workload cost in ringgit when each level was first sold, and costs now."""
        p, rates = self.p, self.evidence["exchange-rates"]
        given = self.offered, p.benchmark, self.levels, p.as_of, p.million_tokens
        return scenarios.in_ringgit(*given, rates)

    @cached_property
    def bill(self) -> pd.DataFrame:
        """What the workload cost each month, had it always been bought where it was cheapest."""
        p, rates = self.p, self.evidence["exchange-rates"]
        path = scenarios.price_path(self.offered, p.benchmark, p.threshold, p.as_of)
        return scenarios.monthly_bill(path, p.million_tokens, rates, p.currency)

    @cached_property
    def floor(self) -> pd.Series:
        """Lowest list price of any model so far, and the ``bill`` of the workload at it."""
        row = scenarios.cheapest_ever(self.evidence["model-prices"], self.p.input_share)
        return pd.concat([row, pd.Series({"bill": row["usd_per_mtok"] * self.per_usd})])

    @cached_property
    def per_usd(self) -> float:
        """Bill of the workload at a price of one US dollar per million tokens."""
        p, rates = self.p, self.evidence["exchange-rates"]
        return p.million_tokens * scenarios.in_currency(pd.Series(), rates, p.currency)[1]

    @cached_property
    def workloads(self) -> pd.DataFrame:
        """Bills of other workloads, see `workloads.workloads`; none unless other choices are asked for."""
        days = buying.days(self.p.as_of) if self.p.other_choices == "all" else []
        known = [summary(self.p.model_copy(update={"as_of": day})) for day in days]
        markets = {it.p.as_of: (it.offered, it.evidence["exchange-rates"]) for it in known}
        return buying.workloads(markets, self.p.benchmark, self.levels, self.p.million_tokens)

    # forecasts, and how they did

    @cached_property
    def hindcast(self) -> forecasting.Forecasts:
        """Forecasts of the lowest prices from every month, by what was known in it."""
        return self._hindcast(self.evidence["capability"])

    @cached_property
    def scores(self) -> pd.DataFrame:
        """How the forecasts did; see `hindcast.scores`."""
        return self._scores(self.hindcast)

    @cached_property
    def scores_reported(self) -> pd.DataFrame:
        """How those did that know only scores whose report has a day, from that day on."""
        return self._scores(self._hindcast(vintages.reported(self.evidence["capability"])))

    @cached_property
    def misses(self) -> pd.DataFrame:
        """The worst misses; see `hindcast.misses`."""
        return forecasting.misses(self.hindcast)

    @property
    def drawn(self) -> tuple[int, ...]:
        """Horizons, in months, at which the fan passed its test."""
        return tuple(self.scores.loc[self.scores["drawn"], "horizon_months"].unique())

    @cached_property
    def projection(self) -> pd.DataFrame:
        """Fan of the workload's bill up to the longest horizon that passed; see `scenarios.fan_of_bills`."""
        made = editions.latest(self.hindcast, self.p.benchmark, [self.p.threshold])
        return scenarios.fan_of_bills(editions.fan(made, self.drawn), self.bill, self.per_usd)

    @cached_property
    def projected(self) -> pd.DataFrame:
        """Quantiles to keep with an edition, drawn or not, of all levels of the buyer's benchmark."""
        made = editions.latest(self.hindcast, self.p.benchmark, self.levels)
        return editions.rows(made, pd.Timestamp(self.p.as_of))

    @cached_property
    def published(self) -> pd.DataFrame:
        """What earlier editions projected, and what came; see `published.published`."""
        stored = forecasts.load(self.p.as_of)
        own = stored[stored["report"] == self.p.report]
        return editions.published(own, self.evidence, self.p.input_share, self.p.as_of)

    def _hindcast(self, capability: pd.DataFrame) -> forecasting.Forecasts:
        evidence, p = {**self.evidence, "capability": capability}, self.p
        rungs = {**prices.RUNGS, p.benchmark: self.levels}
        return forecasting.forecasts(vintages.history(evidence, p.input_share, p.as_of, rungs))

    def _scores(self, made: forecasting.Forecasts) -> pd.DataFrame:
        claimed, p = claims.claimed("cost-4", "frontier_price"), self.p
        rng = uncertainty.generator(p.seed, "hindcast")
        return forecasting.scores(made, claimed, p.level, p.n_boot, rng)
