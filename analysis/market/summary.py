"""The brief on markets in numbers: what its notebook and the overview both read.

Built as that on costs is: a section for each claim, numbers computed when first asked for.
"""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import params
from analysis.market import (
    adoption,
    chips,
    choices,
    cloud,
    concentration,
    event_study,
    shift_share,
)
from analysis.uncertainty import generator
from briefs.evidence import catalog, claims
from briefs.values import Estimate, Judged, Verdict

#: What the brief reads, but for tables that it only shows.
TABLES = """
    event-returns event-facts accelerator-shares chip-shipments training-hardware
    inference-offerings cloud-spending cloud-infrastructure company-revenue index-snapshots
    concentration-figures size-deciles notable-models ai-adoption ai-use-by-size startup-funding
""".split()
#: Years on either side of the claim, averaged periods of a survey, and full years of models.
YEARS_AROUND, PERIODS, MODEL_YEARS = 2, 6, 2


def summary(p: params.MarketImpact) -> "Summary":
    """Load the evidence as of the parameters' day."""
    return Summary(p, {table: catalog.load(table, p.as_of) for table in TABLES})


@dataclass(frozen=True, eq=False, repr=False)
class Summary(Judged):
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

    @property
    def traded(self) -> pd.Timestamp:
        """Trading day that is studied: the first on or after the news, where it is known."""
        return pd.Timestamp(self.p.event_date) if self.day is None else self.daily.index[self.day]

    @cached_property
    def model(self) -> event_study.Model:
        """Market model of the exposed shares together and of every group."""
        p, benchmark = self.p, self.daily.get(self.p.benchmark)
        groups = event_study.portfolios(self.daily, p.exposed)
        return event_study.market_model(groups, benchmark, p.estimation_days, p.gap_days)

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Abnormal returns of every group, on the day and over the window."""
        return event_study.group_effects(self.model, self.day, self.p.window_days, self.p.level)

    @cached_property
    def placebo(self) -> Estimate:
        """Share of other days on which the exposed shares fell as far."""
        returns = self.model.abnormal[event_study.EXPOSED]
        return event_study.placebo_share(returns, self.day, self.p.level)

    @cached_property
    def whole_market(self) -> Estimate:
        """Share of other days on which the whole market fell as far."""
        returns = self.daily.get(event_study.MARKET)
        return event_study.placebo_share(returns, self.day, self.p.level)

    @cached_property
    def return_grade(self) -> list[str]:
        """Grade of the returns, once for their many rows."""
        return [str(self.evidence["event-returns"]["grade"].max())] if len(self.daily) else []

    @cached_property
    def shock(self) -> Estimate:
        """Spread of technology shares' returns on the day, over that of the median day."""
        p, rng = self.p, generator(self.p.seed, "shock")
        found = event_study.shock(
            self.daily, self.day, p.estimation_days, p.gap_days, p.level, p.n_boot, rng
        )
        return found.graded(self.return_grade)

    @cached_property
    def fall(self) -> dict[str, Estimate]:
        """Abnormal return of the exposed shares, and its excess over other technology shares."""
        p, market = self.p, self.daily.get(self.p.benchmark)
        found = event_study.fall(
            self.daily, p.exposed, market, self.day, p.estimation_days, p.gap_days, p.level
        )
        return {name: e.graded(self.return_grade) for name, e in found.items()}

    @cached_property
    def market_1(self) -> Verdict:
        trial = choices.market_1(self.daily, self.day, self.return_grade, self.p)
        return claims.assess("market-1", {"shock": self.shock, **self.fall}, *self.p.tried(trial))

    # market-2: chips for training

    @cached_property
    def trained_share(self) -> Estimate:
        """Share of notable models that were trained on NVIDIA's chips."""
        hardware = self.evidence["training-hardware"]
        return chips.trained_share(hardware, MODEL_YEARS, self.p.level)

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
        trial = choices.market_2(self.evidence["training-hardware"], others, self.p)
        return claims.assess(
            "market-2", {"training_models": self.trained_share, **others}, *self.p.tried(trial)
        )

    # market-3: chips for inference

    @cached_property
    def inference_growth(self) -> Estimate:
        """Yearly growth of revenue from inference chips."""
        return chips.inference_growth(
            self.evidence["company-revenue"], self.evidence["accelerator-shares"]
        )

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
    def focus(self) -> Estimate:
        """Share of new chips made for inference alone, after the claim relative to before."""
        day, level, seed = self.p.claim_date, self.p.level, self.p.seed
        return chips.focus(self.offered, day, YEARS_AROUND, level, seed)

    @cached_property
    def market_3(self) -> Verdict:
        chosen = {
            "growth": self.inference_growth,
            "competition": self.competition["identity"],
            "focus": self.focus,
        }
        trial = choices.market_3(self.evidence, self.competition, self.p)
        return claims.assess("market-3", chosen, *self.p.tried(trial))

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
    def _bases(self) -> choices.Bases:
        return choices.bases(self.evidence, self.layers, self.moves, self.p)

    def _grown(self) -> choices.Layers:
        return choices.layers(self._bases, self.p)

    @cached_property
    def layer_growth(self) -> shift_share.Grown | None:
        """Growth of every layer since the year before the claim."""
        return self._grown()("gartner", "synergy", "between", draws=self.p.n_boot)

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
        trial = choices.share_of(self._grown(), layer, self.p)
        return claims.assess(claim, {"share_change": self.measured[layer]}, *self.p.tried(trial))

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
    def grown(self) -> dict[str, Estimate]:
        """Layer -> its yearly growth since the claim."""
        found = choices.growth_of(self.layer_growth, self.p.level)
        return {layer: found[name] for layer, name in choices.GROWTH.items()}

    @cached_property
    def market_7(self) -> Verdict:
        chosen = {name: self.grown[layer] for layer, name in choices.GROWTH.items()}
        return claims.assess(
            "market-7", chosen, *self.p.tried(choices.market_7(self._grown(), self.p))
        )

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
    def market_8(self) -> Verdict:
        figures = self.evidence["concentration-figures"]
        others = {
            "largest_tenth": concentration.tenth_ratio(self.evidence["size-deciles"]),
            "speakers_measure": concentration.speakers_ratio(figures),
        }
        trial = choices.market_8(figures, self.index, others)
        return claims.assess("market-8", {"top_ten": self.top_ten, **others}, *self.p.tried(trial))

    # market-9: smaller firms

    @cached_property
    def fallen(self) -> Estimate:
        """Share of the ten largest stocks now, relative to the month of the claim."""
        return concentration.since_claim(self.index, self.p.claim_date, self.p.level)

    @cached_property
    def small_firms(self) -> Estimate:
        """Growth of the odds of using AI since the claim, small firms over large ones, United States."""
        use, day = self.evidence["ai-use-by-size"], self.p.claim_date
        return adoption.us_ratio(use, "1-4", day, PERIODS, self.p.level)

    @cached_property
    def small_firms_eu(self) -> Estimate:
        """The same in the European Union, which surveys once a year and prints no standard errors."""
        return adoption.eu_ratio(self.evidence["ai-adoption"], self.p.claim_date)

    @cached_property
    def entrants(self) -> Estimate:
        """Organisations with notable models, latest full year over the year before the claim."""
        models, p = self.evidence["notable-models"], self.p
        return adoption.newcomers(models, p.claim_date, p.level, p.n_boot, p.seed)

    @cached_property
    def market_9(self) -> Verdict:
        chosen = {
            "concentration": self.fallen,
            "small_firms": self.small_firms,
            "entrants": self.entrants,
        }
        trial = choices.market_9(self.evidence, self.fallen, self.small_firms_eu, self.p)
        return claims.assess("market-9", chosen, *self.p.tried(trial))
