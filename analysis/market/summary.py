"""The brief on markets in numbers: what its notebook and the overview both read.

Built as that on costs is: a section for each claim, numbers computed when first asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pandas as pd

from analysis import params
from analysis.market import (
    adoption,
    chips,
    cloud,
    concentration,
    event_inference,
    event_study,
    shift_share,
)
from analysis.uncertainty import generator
from briefs.evidence import catalog, claims
from briefs.values import Estimate, Verdict

#: What the brief reads, but for tables that it only shows.
TABLES = """
    event-returns event-facts accelerator-shares chip-shipments training-hardware
    inference-offerings cloud-spending cloud-infrastructure company-revenue index-snapshots
    concentration-figures size-deciles notable-models ai-adoption ai-use-by-size startup-funding
""".split()
#: Draws of an estimate under other choices, enough to tell its outcome.
FEW_DRAWS = 200
#: Choices of the grids -> what they stand for.
EXPOSED = {
    "suppliers": ("accelerators", "equipment", "power"),
    "hardware": ("accelerators", "equipment"),
    "chips": ("accelerators",),
}
VENDORS = {"three": tuple(chips.DISCLOSED), "nvidia": ("NVDA",)}
FIRM_SIZES = {"from_1_to_4": "1-4", "from_10_to_19": "10-19", "from_20_to_49": "20-49"}
YEARS_AROUND, PERIODS, MODEL_YEARS = 2, 6, 2
#: Layer -> name of its reading of growth.
GROWTH = {
    "PaaS": "platform_growth",
    "IaaS": "infrastructure_growth",
    "SaaS": "software_growth",
}


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
    def return_grade(self) -> list[str]:
        """Grade of the returns, once for their many rows."""
        return [str(self.evidence["event-returns"]["grade"].max())] if len(self.daily) else []

    def _shock(self, window: int, measure: str, draws: int) -> Estimate:
        rng = generator(self.p.seed, "shock")
        found = event_study.shock(
            self.daily, self.day, window, self.p.gap_days, self.p.level, draws, rng, measure
        )
        return found.graded(self.return_grade)

    def _fall(self, benchmark: str, window: int, exposed: tuple[str, ...]) -> dict[str, Estimate]:
        market, gap, level = self.daily.get(benchmark), self.p.gap_days, self.p.level
        groups = event_study.portfolios(self.daily, exposed)[[event_study.EXPOSED]]
        model = event_study.market_model(groups, market, window, gap)
        own = event_study.cumulative(model, event_study.EXPOSED, self.day, 1, level)
        excess = event_study.above_all(self.daily, exposed, market, self.day, window, gap, level)
        found = {"exposed": own, "above_all": excess}
        return {name: e.graded(self.return_grade) for name, e in found.items()}

    @cached_property
    def shock(self) -> Estimate:
        """Spread of technology shares' returns on the day, over that of the median day."""
        return self._shock(self.p.estimation_days, "standard", self.p.n_boot)

    @cached_property
    def fall(self) -> dict[str, Estimate]:
        """Abnormal return of the exposed shares, and its excess over other technology shares."""
        return self._fall(self.p.benchmark, self.p.estimation_days, tuple(self.p.exposed))

    @cached_property
    def market_1(self) -> Verdict:
        @cache
        def spread_of(window: int, measure: str) -> Estimate:
            return self._shock(window, measure, FEW_DRAWS)

        @cache
        def fall_of(benchmark: str, window: int, exposed: str) -> dict[str, Estimate]:
            return self._fall(benchmark.upper(), window, EXPOSED[exposed])

        def otherwise(
            benchmark: str, estimation_days: float, exposed: str, spread: str
        ) -> Mapping[str, Estimate]:
            window = int(estimation_days)
            return {"shock": spread_of(window, spread), **fall_of(benchmark, window, exposed)}

        return claims.assess("market-1", {"shock": self.shock, **self.fall}, otherwise)

    # market-2: chips for training

    def _trained(self, years: float, models: str, joint: str) -> Estimate:
        hardware = self.evidence["training-hardware"]
        return chips.trained_share(hardware, int(years), self.p.level, models, joint)

    @cached_property
    def trained_share(self) -> Estimate:
        """Share of notable models that were trained on NVIDIA's chips."""
        return self._trained(MODEL_YEARS, "notable", "whole")

    @cached_property
    def shipped_share(self) -> Estimate:
        """NVIDIA's share of computing power shipped."""
        shipments = self.evidence["chip-shipments"]
        return chips.shipped_share(shipments, self.p.level, self.p.n_boot, self.p.seed)

    @cached_property
    def accelerator_share(self) -> Estimate:
        """NVIDIA's published share of revenue from AI chips of every kind."""
        shares = self.evidence["accelerator-shares"]
        return chips.published_share(shares, "AI accelerator", bases=["revenue"])

    @cached_property
    def market_2(self) -> Verdict:
        others = {"shipments": self.shipped_share, "published": self.accelerator_share}

        def otherwise(**choice: Any) -> Mapping[str, Estimate]:
            return {"training_models": self._trained(**choice), **others}

        return claims.assess(
            "market-2", {"training_models": self.trained_share, **others}, otherwise
        )

    # market-3: chips for inference

    @cached_property
    def inference_growth(self) -> dict[str, Estimate]:
        """Yearly growth of revenue from inference chips, by whose revenue it is."""
        revenue, shares = self.evidence["company-revenue"], self.evidence["accelerator-shares"]
        return {
            whose: chips.inference_growth(revenue, shares, tickers)
            for whose, tickers in VENDORS.items()
        }

    @cached_property
    def turning_point(self) -> Estimate:
        """Part of revenue that inference would have to be for it to have grown less than strongly."""
        return chips.turning_point(
            self.evidence["company-revenue"], self.evidence["accelerator-shares"]
        )

    @cached_property
    def competition(self) -> dict[str, Estimate]:
        """NVIDIA's share in inference over that in training, by the way it is had."""
        shares = self.evidence["accelerator-shares"]
        return {
            "identity": chips.competition(
                self.shipped_share, self.trained_share, shares, self.p.level, self.p.seed
            ),
            "published": chips.published_ratio(shares),
        }

    @cached_property
    def offered(self) -> pd.DataFrame:
        """New chips, with the day from which each counts."""
        return chips.offered(self.evidence["inference-offerings"])

    @cached_property
    def _focus(self) -> dict[tuple[float, str], Estimate]:
        day, level, seed = self.p.claim_date, self.p.level, self.p.seed
        return {
            (years, targets): chips.focus(self.offered, day, years, level, seed, targets)
            for years in (1, 2, 3)
            for targets in ("alone", "stated")
        }

    @cached_property
    def focus(self) -> Estimate:
        """Share of new chips made for inference alone, after the claim relative to before."""
        return self._focus[YEARS_AROUND, "alone"]

    @cached_property
    def market_3(self) -> Verdict:
        def otherwise(
            vendors: str, competition: str, window_years: float, targets: str
        ) -> Mapping[str, Estimate]:
            return {
                "growth": self.inference_growth[vendors],
                "competition": self.competition[competition],
                "focus": self._focus[window_years, targets],
            }

        chosen = otherwise("three", "identity", YEARS_AROUND, "alone")
        return claims.assess("market-3", chosen, otherwise)

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
    def _bases(self) -> dict[tuple[str, str], shift_share.Basis | None]:
        """What shift-share starts from, by edition and by the count of joint growth."""
        tables = (
            self.layers,
            self.moves,
            self.evidence["cloud-infrastructure"],
            self.evidence["company-revenue"],
            self.p.claim_date,
        )
        return {
            (weights, joint): shift_share.basis_of(*tables, weights, joint)
            for weights in ("gartner", "idc")
            for joint in ("synergy", "providers")
        }

    def _grown(
        self, weights: str, joint: str, software: str, split: str = "all_or_none", draws: int = 0
    ) -> shift_share.Grown | None:
        basis, size = self._bases[weights, joint], draws or FEW_DRAWS
        return shift_share.grown(basis, size, self.p.seed, software, split)

    @cached_property
    def layer_growth(self) -> shift_share.Grown | None:
        """Growth of every layer since the year before the claim."""
        return self._grown("gartner", "synergy", "between", draws=self.p.n_boot)

    @cached_property
    def measured(self) -> dict[str, Estimate]:
        """Layer -> change of its share since the claim."""
        return {
            layer: shift_share.share_change(self.layer_growth, layer, self.p.level)
            for layer in cloud.LAYERS
        }

    @cached_property
    def back_test(self) -> pd.DataFrame:
        """What the method would have said of a year that was counted by layer."""
        return shift_share.back_test(
            self.moves,
            self.evidence["cloud-infrastructure"],
            self.evidence["company-revenue"],
            self.p.level,
            self.p.n_boot,
            self.p.seed,
        )

    def _layer(self, claim: str, layer: str) -> Verdict:
        def otherwise(**choice: Any) -> Mapping[str, Estimate]:
            found = self._grown(**choice)
            return {"share_change": shift_share.share_change(found, layer, self.p.level)}

        return claims.assess(claim, {"share_change": self.measured[layer]}, otherwise)

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

    def _growth(self, found: shift_share.Grown | None) -> dict[str, Estimate]:
        return {
            name: shift_share.layer_growth(found, layer, self.p.level)
            for layer, name in GROWTH.items()
        }

    @cached_property
    def grown(self) -> dict[str, Estimate]:
        """Layer -> its yearly growth since the claim."""
        found = self._growth(self.layer_growth)
        return {layer: found[name] for layer, name in GROWTH.items()}

    @cached_property
    def market_7(self) -> Verdict:
        def otherwise(**choice: Any) -> Mapping[str, Estimate]:
            return self._growth(self._grown(**choice))

        return claims.assess("market-7", self._growth(self.layer_growth), otherwise)

    # market-8: concentration of the stock market

    @cached_property
    def index(self) -> pd.DataFrame:
        """Concentration of the S&P 500 day by day."""
        return concentration.index_path(
            self.evidence["index-snapshots"], self.evidence["concentration-figures"]
        )

    @cached_property
    def top_ten(self) -> Estimate:
        """Share of the ten largest stocks now, relative to the Depression."""
        return concentration.top_ten_ratio(self.evidence["concentration-figures"], self.index)

    @cached_property
    def _other_measures(self) -> dict[str, Estimate]:
        figures = self.evidence["concentration-figures"]
        return {
            "largest_tenth": concentration.tenth_ratio(self.evidence["size-deciles"]),
            "speakers_measure": concentration.speakers_ratio(figures),
        }

    @cached_property
    def market_8(self) -> Verdict:
        def otherwise(era: str, universe: str, now: str) -> Mapping[str, Estimate]:
            figures, last = self.evidence["concentration-figures"], int(era.removeprefix("to_"))
            found = concentration.top_ten_ratio(figures, self.index, last, universe, now)
            return {"top_ten": found, **self._other_measures}

        return claims.assess(
            "market-8", {"top_ten": self.top_ten, **self._other_measures}, otherwise
        )

    # market-9: smaller firms

    @cached_property
    def fallen(self) -> Estimate:
        """Share of the ten largest stocks now, relative to the month of the claim."""
        return concentration.since_claim(self.index, self.p.claim_date, self.p.level)

    @cached_property
    def small_firms(self) -> Estimate:
        """Growth of the odds of using AI since the claim, small firms over large ones, United States."""
        return self._small_firms("us", "from_1_to_4", PERIODS)

    @cached_property
    def small_firms_eu(self) -> Estimate:
        """The same in the European Union, which surveys once a year and prints no standard errors."""
        return adoption.eu_ratio(self.evidence["ai-adoption"], self.p.claim_date)

    @cached_property
    def entrants(self) -> Estimate:
        """Organisations with notable models, latest full year over the year before the claim."""
        return self._entrants("between", self.p.n_boot)

    def _small_firms(self, survey: str, small: str, periods: float) -> Estimate:
        if survey == "eu":
            return self.small_firms_eu
        use, day = self.evidence["ai-use-by-size"], self.p.claim_date
        return adoption.us_ratio(use, FIRM_SIZES[small], day, int(periods), self.p.level)

    def _entrants(self, delay: str, draws: int) -> Estimate:
        models, day = self.evidence["notable-models"], self.p.claim_date
        return adoption.newcomers(models, day, self.p.level, draws, self.p.seed, delay)

    @cached_property
    def market_9(self) -> Verdict:
        small_firms, entrants = cache(self._small_firms), cache(self._entrants)

        def otherwise(
            survey: str, small: str, periods: float, delay: str
        ) -> Mapping[str, Estimate]:
            return {
                "concentration": self.fallen,
                "small_firms": small_firms(survey, small, periods),
                "entrants": entrants(delay, FEW_DRAWS),
            }

        chosen = {
            "concentration": self.fallen,
            "small_firms": self.small_firms,
            "entrants": self.entrants,
        }
        return claims.assess("market-9", chosen, otherwise)
