"""The claims' estimates under choices that a careful analyst could have made otherwise.

Each function takes the evidence, or what the summary has of it, and returns what gives a claim's
readings for one combination of its grid in ``claims.yml``. What combinations share is computed once,
and few draws serve: the verdict of each counts, not its last digit.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache

import pandas as pd

from analysis import params
from analysis.market import adoption, chips, cloud, concentration, event_study, shift_share
from analysis.uncertainty import generator
from briefs.values import Estimate, Trial

FEW_DRAWS = 200
EXPOSED = {
    "suppliers": ("accelerators", "equipment", "power"),
    "hardware": ("accelerators", "equipment"),
    "chips": ("accelerators",),
}
VENDORS = {"three": tuple(chips.DISCLOSED), "nvidia": ("NVDA",)}
FIRM_SIZES = {"from_1_to_4": "1-4", "from_10_to_19": "10-19", "from_20_to_49": "20-49"}
#: Layer -> name of its reading of growth.
GROWTH = {
    "PaaS": "platform_growth",
    "IaaS": "infrastructure_growth",
    "SaaS": "software_growth",
}

Evidence = Mapping[str, pd.DataFrame]
Bases = Mapping[tuple[str, str], shift_share.Basis | None]
#: Growth of the layers under the choices of the claims on cloud services.
Layers = Callable[..., shift_share.Grown | None]


def market_1(
    daily: pd.DataFrame, day: int | None, grades: Iterable[str], p: params.MarketImpact
) -> Trial:
    """Fund for the market, days of estimation, who counts as exposed, measure of spread."""

    @cache
    def spread_of(window: int, measure: str) -> Estimate:
        rng = generator(p.seed, "shock")
        found = event_study.shock(daily, day, window, p.gap_days, p.level, FEW_DRAWS, rng, measure)
        return found.graded(grades)

    @cache
    def fall_of(benchmark: str, window: int, exposed: str) -> dict[str, Estimate]:
        market = daily.get(benchmark.upper())
        found = event_study.fall(daily, EXPOSED[exposed], market, day, window, p.gap_days, p.level)
        return {name: e.graded(grades) for name, e in found.items()}

    def trial(
        benchmark: str, estimation_days: float, exposed: str, spread: str
    ) -> dict[str, Estimate]:
        window = int(estimation_days)
        return {"shock": spread_of(window, spread), **fall_of(benchmark, window, exposed)}

    return trial


def market_2(
    hardware: pd.DataFrame, others: Mapping[str, Estimate], p: params.MarketImpact
) -> Trial:
    """Full years that count, which models, and how models of two makers' chips do."""

    def trial(years: float, models: str, joint: str) -> dict[str, Estimate]:
        found = chips.trained_share(hardware, int(years), p.level, models, joint)
        return {"training_models": found, **others}

    return trial


def market_3(
    evidence: Evidence, competition: Mapping[str, Estimate], p: params.MarketImpact
) -> Trial:
    """Whose revenue, how competition is had, years around the claim, who says what a chip is for."""
    offered = chips.offered(evidence["inference-offerings"])

    @cache
    def growth(vendors: str) -> Estimate:
        revenue, shares = evidence["company-revenue"], evidence["accelerator-shares"]
        return chips.inference_growth(revenue, shares, VENDORS[vendors])

    @cache
    def focus(years: float, targets: str) -> Estimate:
        return chips.focus(offered, p.claim_date, years, p.level, p.seed, targets)

    way = competition

    def trial(
        vendors: str, competition: str, window_years: float, targets: str
    ) -> dict[str, Estimate]:
        return {
            "growth": growth(vendors),
            "competition": way[competition],
            "focus": focus(window_years, targets),
        }

    return trial


def bases(
    evidence: Evidence, shares: pd.DataFrame, moves: pd.DataFrame, p: params.MarketImpact
) -> Bases:
    """What shift-share starts from, by edition and by the count of joint growth."""
    counted, revenue, day = (
        evidence["cloud-infrastructure"],
        evidence["company-revenue"],
        p.claim_date,
    )
    return {
        (weights, joint): shift_share.basis_of(shares, moves, counted, revenue, day, weights, joint)
        for weights in ("gartner", "idc")
        for joint in ("synergy", "providers")
    }


def layers(found: Bases, p: params.MarketImpact) -> Layers:
    """Edition to start from, bounds of the split, count of joint growth, gap of software."""

    def grown(
        weights: str,
        joint: str,
        software: str,
        split: str = "all_or_none",
        draws: int = FEW_DRAWS,
    ) -> shift_share.Grown | None:
        return shift_share.grown(found[weights, joint], draws, p.seed, software, split)

    return grown


def share_of(grown: Layers, layer: str, p: params.MarketImpact) -> Trial:
    """Change of one layer's share (market-4, 5 and 6)."""

    def trial(**choice: str) -> dict[str, Estimate]:
        return {"share_change": shift_share.share_change(grown(**choice), layer, p.level)}

    return trial


def market_7(grown: Layers, p: params.MarketImpact) -> Trial:
    """Growth of all three layers."""

    def trial(**choice: str) -> dict[str, Estimate]:
        return growth_of(grown(**choice), p.level)

    return trial


def growth_of(found: shift_share.Grown | None, level: float) -> dict[str, Estimate]:
    """Reading -> yearly growth of its layer."""
    return {GROWTH[layer]: shift_share.layer_growth(found, layer, level) for layer in cloud.LAYERS}


def market_8(figures: pd.DataFrame, path: pd.DataFrame, others: Mapping[str, Estimate]) -> Trial:
    """Last year of the era, which stocks, whose figure is the latest."""

    def trial(era: str, universe: str, now: str) -> dict[str, Estimate]:
        last = int(era.removeprefix("to_"))
        found = concentration.top_ten_ratio(figures, path, last, universe, now)
        return {"top_ten": found, **others}

    return trial


def market_9(
    evidence: Evidence, fallen: Estimate, european: Estimate, p: params.MarketImpact
) -> Trial:
    """Whose survey, size of small firms, periods averaged, allowance for organisations listed late."""

    @cache
    def firms(small: str, periods: float) -> Estimate:
        use, size = evidence["ai-use-by-size"], FIRM_SIZES[small]
        return adoption.us_ratio(use, size, p.claim_date, int(periods), p.level)

    @cache
    def entrants(delay: str) -> Estimate:
        models, day = evidence["notable-models"], p.claim_date
        return adoption.newcomers(models, day, p.level, FEW_DRAWS, p.seed, delay)

    def trial(survey: str, small: str, periods: float, delay: str) -> dict[str, Estimate]:
        return {
            "concentration": fallen,
            "small_firms": european if survey == "eu" else firms(small, periods),
            "entrants": entrants(delay),
        }

    return trial
