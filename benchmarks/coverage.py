"""How often the interval of the price decline holds the true one, in made-up markets with a known slope.

Run: python benchmarks/coverage.py [MARKETS] [DRAWS] [SEED]

In each market sellers with lasting differences in price launch models at random times. A model's
price is set at its launch, on a line that falls by a known rate, and holds for the year that it is
on sale. Each benchmark tests some of the models and has a rate of its own around the common one,
and a window of its own; each level of it opens to each seller at a random time.
"""

import sys

import numpy as np
import pandas as pd

from analysis.cost import decline, prices

MONTHS, SELLERS, BENCHMARKS, LEVELS, LIFE = 42, 12, 7, 4, 12
#: Log change per year that is common to all benchmarks, and how benchmarks differ in theirs.
SLOPE, SPREAD = np.log(0.15), 0.4
#: Standard deviation of log prices between sellers, and between a seller's models.
BETWEEN, WITHIN = 0.6, 0.6


def market(rng: np.random.Generator, opening: int, spread: float = SPREAD) -> prices.Ladder:
    """Make a market whose levels open to sellers over so many months, at once with 0."""
    n = rng.poisson(SELLERS * (MONTHS + LIFE) / 4)  # a model in four months, from each seller
    seller, launch = rng.integers(SELLERS, size=n), rng.uniform(-LIFE, MONTHS, n)
    price = rng.normal(0, BETWEEN, SELLERS)[seller] + rng.normal(0, WITHIN, n)
    months = np.arange(MONTHS)
    sold = (launch[:, None] <= months) & (months < launch[:, None] + LIFE)
    rows, offers = [], []
    for benchmark in range(BENCHMARKS):
        rate = SLOPE + rng.normal(0, spread)
        tested, start = rng.random(n) < 0.7, rng.integers(0, MONTHS - 18)
        end = rng.integers(start + 18, MONTHS + 1)
        log_price = price + rate * launch / 12
        for level in range(LEVELS):
            opens = start + rng.uniform(0, 1, SELLERS) * opening
            open_ = (months >= opens[seller][:, None]) & (months >= start) & (months < end)
            order = np.argsort(log_price[tested])
            shown = (log_price[tested], seller[tested], (sold & open_)[tested])
            offers.append(tuple(part[order] for part in shown))
            rows.append((f"B{benchmark}", float(level), int(tested.sum())))
    table = pd.DataFrame(rows, columns=["benchmark", "threshold", "models"])
    names = tuple(f"S{i}" for i in range(SELLERS))
    followed = np.ones((len(rows), MONTHS), bool)
    first = pd.date_range("2023-01-01", periods=MONTHS, freq="MS")
    return prices.Ladder(first, names, table, tuple(offers), followed)


def tested(rng: np.random.Generator, draws: int, share: float, opening: int) -> tuple[bool, bool]:
    """Say whether the 90% interval of one market holds the known decline, and whether its own estimate."""
    found = decline.market(market(rng, opening), share, draws, rng)
    estimate = decline.decline(found, 0.9)
    truth = 1 - np.exp(SLOPE)
    return estimate.low <= truth <= estimate.high, estimate.low < estimate.value < estimate.high


def main() -> None:
    """Print a row per frontier and kind of market."""
    given = [int(value) for value in sys.argv[1:]]
    markets, draws, seed = (*given, *(1000, 200, 2025)[len(given) :])
    print(f"{markets} markets of each kind, {draws} draws each, seed {seed}, nominal 90%\n")
    print("| frontier | levels open over | covered | estimate inside |\n|---|---|---|---|")
    for name, share in (("lowest tenth", 0.1), ("lowest fifth", 0.2), ("cheapest", 0.0)):
        for opening in (0, 12):
            rng = np.random.default_rng([seed, opening])
            results = np.array([tested(rng, draws, share, opening) for _ in range(markets)])
            covered, inside = results.mean(axis=0)
            print(f"| {name} | {opening} months | {covered:.1%} | {inside:.1%} |", flush=True)


if __name__ == "__main__":
    main()
