"""The brief on markets in numbers: what its notebook and the overview both read.

Built as that on costs is: a section for each claim, numbers computed when first asked for.
"""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import params
from analysis.market import chips, cloud, concentration, event_inference, event_study
from briefs.evidence import catalog, claims
from briefs.values import N_, RATIO, Estimate, Verdict

#: What the brief reads, but for tables that it only shows.
TABLES = """
    event-returns event-facts accelerator-shares inference-offerings cloud-spending
    cloud-infrastructure company-revenue index-snapshots concentration-figures size-deciles
    notable-models ai-adoption startup-funding
""".split()


def summary(p: params.MarketImpact) -> "Summary":
    """Load the evidence as of the parameters' day."""
    return Summary(p, {table: catalog.load(table, p.as_of) for table in TABLES})


@dataclass(frozen=True, eq=False)
class Summary:
    """What the brief on markets finds; `evidence` maps a table's name to its rows by ``p.as_of``."""

    p: params.MarketImpact
    evidence: dict[str, pd.DataFrame]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Verdicts in the order of the claims."""
        return tuple(getattr(self, f"market_{number}") for number in range(1, 10))

    # market-1: the capital markets

    @cached_property
    def daily(self) -> pd.DataFrame:
        """Daily returns of shares and funds."""
        return event_study.panel(self.evidence["event-returns"])

    @cached_property
    def day(self) -> int | None:
        """Row of the event's trading day in `daily`."""
        return event_study.event_day(self.daily.index, self.p.event_date)

    @cached_property
    def groups(self) -> pd.DataFrame:
        """Daily returns of groups of shares, and of the exposed groups together."""
        return event_study.portfolios(self.daily, self.p.exposed)

    @cached_property
    def model(self) -> event_study.Model:
        """Market model of every group."""
        benchmark = self.daily.get(self.p.benchmark)
        return event_study.market_model(
            self.groups, benchmark, self.p.estimation_days, self.p.gap_days
        )

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Abnormal returns of every group, on the day and over the window."""
        return event_study.group_effects(self.model, self.day, self.p.window_days, self.p.level)

    @cached_property
    def abnormal(self) -> Estimate:
        """Abnormal return of the exposed shares on the day."""
        return self.effects["day"].iloc[0]

    @cached_property
    def placebo(self) -> Estimate:
        """Share of other days on which the exposed shares fell as far."""
        returns = self.model.abnormal[event_study.EXPOSED]
        return event_inference.placebo_share(returns, self.day, self.p.level)

    @cached_property
    def whole_market(self) -> Estimate:
        """Share of other days on which the whole market fell as far."""
        returns = self.daily.get(event_study.MARKET)
        return event_inference.placebo_share(returns, self.day, self.p.level)

    @cached_property
    def market_1(self) -> Verdict:
        return claims.assess(
            "market-1",
            abnormal_return=self.abnormal,
            placebo=self.placebo,
            whole_market=self.whole_market,
        )

    # market-2: chips for training

    @cached_property
    def training_share(self) -> Estimate:
        """NVIDIA's published share of chips for training."""
        return chips.share_spread(self.evidence["accelerator-shares"], "training")

    @cached_property
    def accelerator_share(self) -> Estimate:
        """NVIDIA's published share of revenue from AI chips of every kind."""
        published = self.evidence["accelerator-shares"]
        return chips.share_spread(published, "AI accelerator", bases=["revenue"])

    @cached_property
    def market_2(self) -> Verdict:
        return claims.assess(
            "market-2",
            training_share=self.training_share,
            accelerator_share=self.accelerator_share,
        )

    # market-3: chips for inference

    @cached_property
    def inference_share(self) -> Estimate:
        """NVIDIA's published share of chips for inference."""
        return chips.share_spread(self.evidence["accelerator-shares"], "inference")

    @cached_property
    def inference_growth(self) -> Estimate:
        """Yearly growth of revenue from chips for inference."""
        return chips.inference_growth(
            self.evidence["company-revenue"], self.evidence["accelerator-shares"]
        )

    @cached_property
    def offered(self) -> pd.DataFrame:
        """New chips, with the day from which each counts."""
        return chips.offered(self.evidence["inference-offerings"])

    @cached_property
    def focus(self) -> Estimate:
        """Share of new chips made for inference alone, after the claim relative to before."""
        return chips.focus(self.offered, self.p.claim_date, self.p.level)

    @cached_property
    def market_3(self) -> Verdict:
        return claims.assess(
            "market-3",
            nvidia_ratio=chips.ratio_of(self.inference_share, self.training_share),
            growth=self.inference_growth,
            focus=self.focus,
        )

    # market-4, 5 and 6: platform, infrastructure and software services

    @cached_property
    def layers(self) -> pd.DataFrame:
        """Each cloud layer's share of spending, by edition and year."""
        return cloud.layer_shares(self.evidence["cloud-spending"])

    @cached_property
    def moves(self) -> pd.DataFrame:
        """Change of each layer's share from year to year, by edition."""
        return cloud.changes(self.layers)

    @cached_property
    def expected(self) -> dict[str, Estimate]:
        """Layer -> change of its share that was forecast before the claim."""
        return cloud.each_layer(cloud.expected_change, self.moves, self.p.claim_date)

    @cached_property
    def measured(self) -> dict[str, Estimate]:
        """Layer -> change of its share since the claim."""
        return cloud.each_layer(cloud.measured_change, self.moves, self.p.claim_date)

    def _layer(self, claim: str, layer: str) -> Verdict:
        return claims.assess(
            claim, share_change=self.measured[layer], expected_change=self.expected[layer]
        )

    @cached_property
    def market_4(self) -> Verdict:
        return self._layer("market-4", "PaaS")

    @cached_property
    def market_5(self) -> Verdict:
        return self._layer("market-5", "IaaS")

    @cached_property
    def market_6(self) -> Verdict:
        return self._layer("market-6", "SaaS")

    # market-7: growth of all three

    @cached_property
    def companies(self) -> pd.DataFrame:
        """Growth of each company's revenue since the claim."""
        return cloud.company_growth(self.evidence["company-revenue"], self.p.claim_date)

    @cached_property
    def covered(self) -> dict[str, float]:
        """Layer -> part of its spending that the companies' revenue amounts to."""
        return cloud.covered(self.companies, self.layers, self.p.claim_date.year - 1)

    @cached_property
    def grown(self) -> dict[str, Estimate]:
        """Layer -> its yearly growth since the claim."""
        return cloud.layers_grown(
            self.companies, self.covered, self.p.level, self.p.n_boot, self.p.seed
        )

    @cached_property
    def market_7(self) -> Verdict:
        return claims.assess(
            "market-7",
            platform_growth=self.grown["PaaS"],
            infrastructure_growth=self.grown["IaaS"],
            software_growth=self.grown["SaaS"],
        )

    # market-8: concentration of the stock market

    @cached_property
    def top_ten(self) -> Estimate:
        """Share of the ten largest stocks now, relative to the Depression."""
        return concentration.top_ten_ratio(self.evidence["concentration-figures"])

    @cached_property
    def market_8(self) -> Verdict:
        largest = N_("no weight of the largest stock in the 1930s was found")
        over_p75 = N_("no ratio of the largest to the 75th-percentile stock in 1932 was found")
        return claims.assess(
            "market-8",
            top_ten=self.top_ten,
            largest=Estimate.missing(RATIO, largest),
            speakers_measure=Estimate.missing(RATIO, over_p75),
        )

    # market-9: smaller firms

    @cached_property
    def index(self) -> pd.DataFrame:
        """Concentration of the S&P 500 day by day."""
        return concentration.index_path(
            self.evidence["index-snapshots"], self.evidence["concentration-figures"]
        )

    @cached_property
    def fallen(self) -> Estimate:
        """Share of the ten largest stocks now, relative to the month of the claim."""
        return concentration.since_claim(self.index, self.p.claim_date)

    @cached_property
    def small_firms(self) -> Estimate:
        """Growth of AI use among small firms since the claim, relative to large ones."""
        return concentration.small_over_large(self.evidence["ai-adoption"], self.p.claim_date)

    @cached_property
    def market_9(self) -> Verdict:
        models = self.evidence["notable-models"]
        return claims.assess(
            "market-9",
            concentration=self.fallen,
            entrants=concentration.organisations_ratio(models, self.p.claim_date),
            small_firms=self.small_firms,
        )
