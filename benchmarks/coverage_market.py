"""How often the intervals of the market theme hold an answer that is known, on simulated data.

Run: python benchmarks/coverage_market.py [RUNS [SEED]]

Each world is made so that the truth is known, and its method asked for 90%. A method that claims bounds
or the widest error should hold more than it claims; one that holds less says too much.
"""

import sys
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from analysis.market import adoption, chips, concentration, event_study, shift_share
from analysis.uncertainty import published, wilson
from briefs.values import Estimate

LEVEL, RUNS, SEED = 0.9, 1000, 20261129
WINDOW, GAP = 120, 10
CLAIM = pd.Timestamp("2025-01-28")
Told = Iterator[tuple[Estimate, float]]


def _days(rng: np.random.Generator, tails: float) -> tuple[pd.DataFrame, np.ndarray, int]:
    """Returns of all shares: market, group and own moves; days differ in how wild they are."""
    n, day = WINDOW + GAP + 1, WINDOW + GAP
    wild = np.exp(rng.normal(0, 0.3, n))
    market = rng.normal(0, 0.008, n)
    columns, group_moves = {"SPY": market}, rng.normal(0, 0.005, (len(event_study.GROUPS), n))
    scale = 0.015 / np.sqrt(tails / (tails - 2))
    for (_group, tickers), common in zip(event_study.GROUPS.items(), group_moves, strict=True):
        for ticker in tickers:
            own = wild * scale * rng.standard_t(tails, n)
            columns[ticker] = rng.normal(1.2, 0.3) * market + common + own
    return pd.DataFrame(columns, index=pd.bdate_range("2024-01-01", periods=n)), market, day


def abnormal(rng: np.random.Generator, runs: int) -> Told:
    """Exposed shares fall by a tenth beyond the market."""
    for _run in range(runs):
        daily, _market, day = _days(rng, 4)
        exposed = [t for g in ("accelerators", "equipment", "power") for t in event_study.GROUPS[g]]
        daily.loc[daily.index[day], exposed] -= 0.1
        groups = event_study.portfolios(daily, ("accelerators", "equipment", "power"))
        model = event_study.market_model(groups[["exposed"]], daily["SPY"], WINDOW, GAP)
        yield event_study.cumulative(model, "exposed", day, 1, LEVEL), -0.1


def above_all(rng: np.random.Generator, runs: int) -> Told:
    """Exposed shares fall by a tenth and the others by a twentieth."""
    for _run in range(runs):
        daily, _market, day = _days(rng, 4)
        groups = ("accelerators", "equipment", "power")
        for group, tickers in event_study.GROUPS.items():
            daily.loc[daily.index[day], list(tickers)] -= 0.1 if group in groups else 0.05
        found = event_study.above_all(daily, groups, daily["SPY"], day, WINDOW, GAP, LEVEL)
        yield found, -0.05


def _shock(rng: np.random.Generator, runs: int, measure: str) -> Told:
    n, day = WINDOW + GAP + 1, WINDOW + GAP
    tickers = [t for group in event_study.TECHNOLOGY for t in event_study.GROUPS[group]]
    for _run in range(runs):
        wild = np.exp(rng.normal(0, 0.3, n))
        wild[day] = 3.0
        moves = 0.01 * wild[:, None] * rng.standard_t(4, (n, len(tickers)))
        daily = pd.DataFrame(moves, columns=tickers)
        yield event_study.shock(daily, day, WINDOW, GAP, LEVEL, 200, rng, measure), 3.0


def shock(rng: np.random.Generator, runs: int) -> Told:
    """The day's spread is three times that of the median day, tails are heavy."""
    return _shock(rng, runs, "standard")


def shock_absolute(rng: np.random.Generator, runs: int) -> Told:
    """The same by distances from the median."""
    return _shock(rng, runs, "absolute")


def trained(rng: np.random.Generator, runs: int) -> Told:
    """Four models in five are trained on NVIDIA's chips, sixty are known."""
    for _run in range(runs):
        yield wilson(rng.binomial(60, 0.8) / 60, 60, LEVEL, ""), 0.8


def _shipments(power: dict[str, float], errors: np.ndarray, spread: float) -> pd.DataFrame:
    ends = pd.to_datetime(["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"])
    step = np.exp(1.6449 * spread)
    rows = [
        (vendor, "chip", end, told := p * np.exp(error) / 4, told / step, told * step, "A")
        for (vendor, p), error in zip(power.items(), errors, strict=True)
        for end in ends
    ]
    names = "vendor chip quarter_end h100e h100e_low h100e_high grade"
    return pd.DataFrame(rows, columns=names.split())


POWER = {"NVIDIA": 68.0, "Google TPU": 22.0, "AMD": 5.0, "Amazon Trainium": 5.0}


def shipped(rng: np.random.Generator, runs: int) -> Told:
    """A maker's figures are off by a factor of their own, as wide as the percentiles say."""
    for run in range(runs):
        table = _shipments(POWER, rng.normal(0, 0.15, 4), 0.15)
        yield chips.shipped_share(table, LEVEL, 400, run), 0.68


def competition(rng: np.random.Generator, runs: int) -> Told:
    """Shares in inference and training are 0.6 and 0.8; the part is anywhere in the published range."""
    columns = "market vendor year share figure_kind source_id grade".split()
    rows = [
        (chips.INFERENCE_PART, "All vendors", 2025, s, "estimate", i, "C")
        for s, i in ((0.4, "a"), (0.6, "b"))
    ]
    shares = pd.DataFrame(rows, columns=columns)
    for run in range(runs):
        part = rng.uniform(0.4, 0.6)
        whole = part * 0.6 + (1 - part) * 0.8
        rest = {"NVIDIA": 100 * whole, "Google TPU": 100 * (1 - whole)}
        table = _shipments(rest, rng.normal(0, 0.15, 2), 0.15)
        told = chips.shipped_share(table, LEVEL, 400, run)
        known = wilson(rng.binomial(60, 0.8) / 60, 60, LEVEL, "").graded("B")
        yield chips.competition(told, known, shares, LEVEL, run), 0.75


def focus(rng: np.random.Generator, runs: int) -> Told:
    """Of twenty new chips each side three in ten are for inference before, nine in twenty after."""
    since = pd.to_datetime(["2024-06-01"] * 20 + ["2025-06-01"] * 20)
    for run in range(runs):
        made = np.concatenate([rng.random(20) < 0.3, rng.random(20) < 0.45])
        target = np.where(made, "inference", "both")
        table = pd.DataFrame(
            {"since": since, "target": target, "target_basis": "stated", "grade": "B"}
        )
        yield chips.focus(table, CLAIM, 2, LEVEL, run), 1.5


def _cloud(rng: np.random.Generator, runs: int, layer: str) -> Told:
    spent = {"PaaS": 170.0, "IaaS": 170.0, "SaaS": 250.0}
    for run in range(runs):
        before = rng.lognormal(2.5, 0.7, 6)
        after = before * (1.12 + rng.normal(0, 0.06, 6))
        before, after = before * 100 / before.sum(), after * 100 / before.sum()
        gap, joint_gap, part = rng.random(3)
        truth = {"SaaS": 0.12 + 0.05 * gap}
        more = (0.26 + 0.03 * joint_gap) * 340
        truth |= {"PaaS": part * more / 170, "IaaS": (1 - part) * more / 170}
        pair = np.array([before, after])
        grades = ("B",)
        basis = shift_share.Basis(2024, 2025, spent, 0.26, 0.03, pair, 0.05, (0.2, 0.6), grades)
        now = {x: spent[x] * (1 + truth[x]) for x in spent}
        change = 100 * (now[layer] / sum(now.values()) - spent[layer] / 590)
        yield shift_share.share_change(shift_share.grown(basis, 400, run), layer, LEVEL), change


def software(rng: np.random.Generator, runs: int) -> Told:
    """Six companies scatter around a growth that their layer exceeds by some of the gap."""
    return _cloud(rng, runs, "SaaS")


def platform(rng: np.random.Generator, runs: int) -> Told:
    """Platforms have any part of the joint growth."""
    return _cloud(rng, runs, "PaaS")


def since_claim(rng: np.random.Generator, runs: int) -> Told:
    """Weights swing by half a point from day to day around 38% and 39%, and rolling adds an error."""
    for _run in range(runs):
        days = pd.to_datetime(["2025-01-10", "2025-01-20", "2025-01-31"])
        now = pd.to_datetime(["2026-06-30", "2026-07-20", "2026-08-03"])
        true = np.concatenate([rng.normal(0.38, 0.005, 3), rng.normal(0.39, 0.005, 3)])
        told = true + np.repeat(rng.uniform(-0.003, 0.003, 2), 3)
        path = pd.DataFrame({"date": days.append(now), "top10": told, "error": 0.003, "grade": "B"})
        yield concentration.since_claim(path, CLAIM, LEVEL), 0.39 / 0.38


def small_firms(rng: np.random.Generator, runs: int) -> Told:
    """Log odds rise evenly, a third faster among small firms; shares carry their standard errors."""
    starts = pd.date_range("2024-11-11", "2025-10-27", freq="14D")
    for _run in range(runs):
        tables = []
        for size, start, rise, error in (("1-4", -2.6, 0.4, 0.002), ("250+", -1.5, 0.3, 0.008)):
            odds = start + rise * np.linspace(0, 1, len(starts))
            true = 1 / (1 + np.exp(-odds))
            told = rng.normal(true, error)
            tables.append(
                pd.DataFrame(
                    {"wording": "old", "size": size, "period_start": starts, "share": told,
                     "standard_error": error, "grade": "B"}
                )
            )  # fmt: skip
        found = adoption.us_ratio(pd.concat(tables), "1-4", CLAIM, 6, LEVEL)
        # the means of six periods at either end lie six periods less one from the ends' middle
        steps = (len(starts) - 6) / (len(starts) - 1)
        yield found, float(np.exp(0.1 * steps))


def newcomers(rng: np.random.Generator, runs: int) -> Told:
    """Sixty organisations, then fifty; of the last year some are listed late, as of the year before."""
    for run in range(runs):
        then, last = rng.poisson(60), rng.poisson(50)
        late = 1 + 0.2 * rng.random()
        early = then / 1.2
        rows = [
            (2024, early, "2025-05-19"),
            (2024, then, "2026-07-23"),
            (2025, last / late, "2026-07-23"),
        ]
        table = pd.DataFrame(rows, columns=["year", "value", "published"])
        table = table.assign(
            measure="distinct_organizations",
            published=pd.to_datetime(table["published"]),
            grade="B",
        )
        yield adoption.newcomers(table, CLAIM, LEVEL, 400, run), 50 / 60


def rounded(rng: np.random.Generator, runs: int) -> Told:
    """A ratio of two shares that sources give in whole percent; the ends are those of rounding."""
    for _run in range(runs):
        now, then = rng.uniform(0.3, 0.4), rng.uniform(0.2, 0.3)
        a, b = round(now, 2), round(then, 2)
        ends = [(a + e) / (b - e) for e in (0, -concentration.ROUNDING, concentration.ROUNDING)]
        yield published(ends, 2, "ratio", ""), now / then


WORLDS: tuple[Callable[[np.random.Generator, int], Told], ...] = (
    abnormal,
    above_all,
    shock,
    shock_absolute,
    trained,
    shipped,
    competition,
    focus,
    software,
    platform,
    since_claim,
    small_firms,
    newcomers,
    rounded,
)


def coverage(world: Callable[[np.random.Generator, int], Told], runs: int, seed: int) -> float:
    """Share of simulated data sets whose interval holds the truth; an estimate that is missing doesn't."""
    told = list(world(np.random.default_rng(seed), runs))
    return float(
        np.mean([found.known and found.low <= truth <= found.high for found, truth in told])
    )


def main() -> None:
    """Print a row per world."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    print(f"seed {seed}, {runs} runs each, intervals of {LEVEL:.0%}\n")
    print("| world | what is true | held |\n|---|---|--:|")
    for world in WORLDS:
        what = (world.__doc__ or "").splitlines()[0]
        print(f"| {world.__name__} | {what} | {coverage(world, runs, seed):.1%} |", flush=True)


if __name__ == "__main__":
    main()
