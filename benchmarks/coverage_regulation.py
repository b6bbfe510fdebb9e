"""Coverage of the intervals on regulation, in made-up worlds whose answer is known.

Run: python benchmarks/coverage_regulation.py [WORLDS] [SEED]

Prints how often the 90% interval holds the truth, by method and kind of world; the second line of
each pair of net indices is the plain bootstrap that picks instruments, for comparison.
"""

import sys
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from scipy import stats

from analysis.regulation import direction, era, rivalry

LEVEL, DRAWS = 0.9, 400
Draws = Callable[[np.ndarray, int, np.random.Generator], np.ndarray]
Rate = tuple[str, float]


def picked(found: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Net index of instruments picked with replacement."""
    counts = rng.multinomial(len(found), np.full(len(found), 1 / len(found)), size) @ found
    return (counts[:, 0] - counts[:, 1]) / counts.sum(axis=1)


def indices(worlds: int, rng: np.random.Generator) -> Iterator[Rate]:
    """Net index: instruments of one to three decisions that point one way, or each its own."""
    for instruments, share, alike in (
        (80, 0.37, True),
        (50, 0.4, True),
        (30, 0.33, True),
        (20, 0.3, True),
        (12, 0.05, True),
        (50, 0.4, False),
    ):
        for name, draw in (("prior", direction.index_draws), ("picked", picked)):
            held = [_index_held(instruments, share, alike, draw, rng) for _ in range(worlds)]
            kind = "one way" if alike else "each its own"
            yield f"net index, {instruments} instruments, {share:.0%}, {kind}: {name}", mean(held)


def _index_held(
    instruments: int, share: float, alike: bool, draw: Draws, rng: np.random.Generator
) -> bool:
    many = rng.choice([1, 2, 3], instruments, p=[0.7, 0.2, 0.1])
    loose = many * (rng.random(instruments) < share) if alike else rng.binomial(many, share)
    low, high = np.quantile(
        draw(np.column_stack([loose, many - loose]).astype(float), DRAWS, rng), [0.05, 0.95]
    )
    return bool(low <= 2 * share - 1 <= high)


def kappas(worlds: int, rng: np.random.Generator) -> Iterator[Rate]:
    """Kappa: two readers of 60 and 190 decisions who guess in three codes one time in five."""
    shares, guess = np.array([0.2, 0.35, 0.45]), 0.2
    # agreement is 1 - guess + guess * chance, so kappa is 1 - guess, whatever the shares
    for n in (60, 190):
        held = []
        for _world in range(worlds):
            first = rng.choice([-1, 0, 1], n, p=shares)
            other = rng.choice([-1, 0, 1], n, p=shares)
            second = np.where(rng.random(n) < guess, other, first)
            rows = pd.DataFrame(
                {
                    "instrument_id": np.arange(n),
                    "direction": first,
                    "direction_second": second,
                    "grade": "A",
                }
            )
            found = direction.kappa(rows, LEVEL, DRAWS, rng)
            held.append(found.low <= 1 - guess <= found.high)
        yield f"kappa, {n} decisions", mean(held)


def rates(worlds: int, rng: np.random.Generator) -> Iterator[Rate]:
    """Ratio of rates: Poisson counts of the size that the laws of the two eras have."""
    for rate, base in ((4, 3), (12, 6)):
        counts = rng.poisson((rate, base), (worlds, 2))
        found = [era.rate_ratio(int(a), 1, int(b), 1, LEVEL) for a, b in counts]
        held = [e.low <= rate / base <= e.high for e in found if e.known]
        middle = [
            np.quantile(e.draws, 0.05) <= rate / base <= np.quantile(e.draws, 0.95)
            for e in found
            if e.known and e.draws is not None
        ]
        yield f"ratio of rates, {rate} against {base}: interval", mean(held)
        yield f"ratio of rates, {rate} against {base}: draws", mean(middle)


def gaps(worlds: int, rng: np.random.Generator) -> Iterator[Rate]:
    """Change of a lead: two readings whose normal errors are those published."""
    held = []
    for _world in range(worlds):
        half = 1.96 * np.array([6.5, 5.5])
        lead = np.array([50, 35]) + rng.normal(0, half / 1.96)
        rows = pd.DataFrame(
            {
                "date": pd.to_datetime(["2025-01-01", "2026-01-01"]),
                "lead": lead,
                "low": lead - half,
                "high": lead + half,
                "grade": "A",
            }
        )
        found = rivalry.lead_change(rows, pd.Timestamp("2025-01-01").date(), LEVEL, DRAWS, rng)
        held.append(found.low <= -15 <= found.high)
    yield "change of a lead", mean(held)


def shares(worlds: int, rng: np.random.Generator) -> Iterator[Rate]:
    """Change of a share over 26 weeks with a trend and noise that remembers the week before."""
    trend = np.linspace(0.2, 0.6, 26)
    for memory in (0.0, 0.3, 0.6, 0.8):
        for weeks in (1, 4):
            true = 100 * (trend[-weeks:].mean() - trend[:weeks].mean())
            held = []
            for _world in range(worlds):
                noise = rng.normal(0, 0.06, 26)
                for week in range(1, 26):
                    noise[week] += memory * noise[week - 1]
                rows = pd.DataFrame({"week": range(26), "open_share": trend + noise, "grade": "C"})
                found = rivalry.open_share_change(rows, LEVEL, weeks)
                held.append(found.low <= true <= found.high)
            yield f"change of a share, memory {memory}, ends of {weeks} weeks", mean(held)


def surveys(worlds: int, rng: np.random.Generator) -> Iterator[Rate]:
    """Change of a survey answer: two waves of 1,000 whose weights cost a third of the sample."""
    held, effective = [], 1000 / rivalry.DESIGN_EFFECT
    for _world in range(worlds):
        percent = 100 * rng.binomial(int(effective), (0.2, 0.26)) / int(effective)
        rows = pd.DataFrame(
            {
                "survey": ["Poll 2023", "Poll 2025"],
                "year": [2023, 2025],
                "population": "adults",
                "question": "too far",
                "sign": 1,
                "percent": percent,
                "n": 1000,
                "grade": "A",
            }
        )
        found = rivalry.repeated(rows, LEVEL)
        held.append(found.low <= 6 <= found.high)
    yield "change of an answer", mean(held)


def mean(held: list[bool]) -> float:
    """Share of worlds whose interval held the truth."""
    return float(np.mean(held))


def main() -> None:
    """Print the seed, the error of a rate, and one line a rate."""
    worlds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 2025
    rng = np.random.default_rng(seed)
    error = stats.norm.ppf(0.975) * np.sqrt(LEVEL * (1 - LEVEL) / worlds)
    print(
        f"seed {seed}, {worlds} worlds, nominal {LEVEL:.0%}, chance alone: {error:.1%} either way"
    )
    for method in (indices, kappas, rates, gaps, shares, surveys):
        for name, rate in method(worlds, rng):
            print(f"{rate:6.1%}  {name}")


if __name__ == "__main__":
    main()
