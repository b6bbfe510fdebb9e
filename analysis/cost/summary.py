"""The brief on costs in numbers: what its notebook and the overview both read.

Each claim's section below goes from the evidence to the verdict. A number is computed when it is
first asked for and then kept, so a reader of a few pays for no more.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import params, uncertainty
from analysis.cost import levels, prices, robustness, scenarios, training
from briefs.evidence import catalog, claims
from briefs.values import Estimate, Verdict

#: What the brief reads.
TABLES = """
    model-prices capability training-runs hardware deepseek-claims published-trends
    training-speedruns exchange-rates
""".split()
#: Part of a workload's tokens that are input, where a brief has no parameter for it.
INPUT_SHARE = 0.75


def summary(p: params.CostRevolution) -> "Summary":
    """Load the evidence as of the parameters' day."""
    return Summary(p, {table: catalog.load(table, p.as_of) for table in TABLES})


def change_of_decline(date: dt.date, p: params.Common) -> Estimate:
    """Rate of decline of prices after a day, relative to the rate before, for the other briefs."""
    scored = prices.scores(catalog.load("capability", p.as_of))
    offered = prices.offers(catalog.load("model-prices", p.as_of), scored, INPUT_SHARE)
    return rate_change(prices.price_ladder(offered, p.as_of), date, p)["ratio"]


def rate_change(ladder: prices.Ladder, date: dt.date, p: params.Common) -> dict[str, Estimate]:
    """Rates of decline before and after a day, by `robustness.rate_change`."""
    draws = uncertainty.generator(p.seed, "break")
    return robustness.rate_change(ladder, date, p.level, p.n_boot, draws)


@dataclass(frozen=True, eq=False)
class Summary:
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
    def cost_1(self) -> Verdict:
        return claims.assess("cost-1", run_cost=self.run_cost)

    # cost-2: a tenth of the earlier standard

    @cached_property
    def scored(self) -> pd.DataFrame:
        """One score for each model and benchmark."""
        return prices.scores(self.evidence["capability"])

    @cached_property
    def peers(self) -> pd.DataFrame:
        """Training runs of DeepSeek-V3 and of the models it is compared with."""
        return training.comparable_runs(
            self.evidence["training-runs"],
            self.scored,
            "DeepSeek-V3",
            "GPQA-Diamond",
            self.p.window_months,
        )

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
        return claims.assess("cost-2", compute_ratio=self.compute_ratio, cost_ratio=self.cost_ratio)

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
        return claims.assess(
            "cost-3", fixed_capability=self.fixed, frontier=training.decline_of(self.growth)
        )

    # cost-4: inference costs

    @cached_property
    def offered(self) -> pd.DataFrame:
        """List prices of scored models, blended for the workload."""
        return prices.offers(self.evidence["model-prices"], self.scored, self.p.input_share)

    @cached_property
    def ladder(self) -> prices.Ladder:
        """Cheapest price of each provider, for each level of capability and month."""
        return prices.price_ladder(self.offered, self.p.as_of)

    @cached_property
    def declines(self) -> pd.DataFrame:
        """Yearly decline of the cheapest price: common to all levels, then level by level."""
        draws = uncertainty.generator(self.p.seed, "prices")
        return prices.declines(self.ladder, self.p.level, self.p.n_boot, draws)

    @cached_property
    def decline(self) -> Estimate:
        """Yearly decline of the cheapest price, common to all levels."""
        return self.declines["estimate"].iloc[0]

    @cached_property
    def hedonic(self) -> Estimate:
        """Yearly decline of all list prices at equal quality."""
        return robustness.hedonic(self.offered, self.p.benchmark, self.p.level)

    @cached_property
    def cost_4(self) -> Verdict:
        return claims.assess("cost-4", frontier_price=self.decline, quality_adjusted=self.hedonic)

    # cost-5: before and after DeepSeek

    @cached_property
    def change(self) -> dict[str, Estimate]:
        """Rates of decline ``before`` and ``after`` the date of the break, and their ``ratio``."""
        return rate_change(self.ladder, self.p.break_date, self.p)

    @cached_property
    def other_dates(self) -> pd.DataFrame:
        """The same change at every other month."""
        return robustness.placebo(self.ladder, self.p.break_date)

    @cached_property
    def cost_5(self) -> Verdict:
        placebo = robustness.placebo_share(self.other_dates)
        return claims.assess("cost-5", rate_change=self.change["ratio"], placebo=placebo)

    # what it means for a buyer

    @cached_property
    def levels(self) -> tuple[float, ...]:
        """Scores around the one that the buyer asks for."""
        return levels.levels_around(self.p.benchmark, self.p.threshold)

    @cached_property
    def bills(self) -> pd.DataFrame:
        """What the workload costs a month at each level, in US dollars and in ringgit."""
        return scenarios.bills_by_level(
            self.offered,
            self.p.benchmark,
            self.levels,
            self.p.as_of,
            self.p.million_tokens,
            self.evidence["exchange-rates"],
        )
