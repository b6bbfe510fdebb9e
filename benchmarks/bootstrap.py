"""Time the bootstrap of the whole price ladder, on the evidence as it is and with many times the rows.

Run: python benchmarks/bootstrap.py [TIMES]
"""

import sys
import time

import numpy as np
import pandas as pd

from analysis.cost import decline, prices as cost
from briefs.evidence import catalog


def run(prices: pd.DataFrame, capability: pd.DataFrame, draws: int = 1000) -> tuple[float, float]:
    """Seconds to build the ladder, and to bootstrap it."""
    start = time.perf_counter()
    offered = cost.offers(prices, cost.scores(capability), 0.75)
    ladder = cost.price_ladder(offered, pd.Timestamp(catalog.evidence_date()))
    built = time.perf_counter()
    decline.declines(decline.market(ladder, cost.TENTH, draws, np.random.default_rng(2025)), 0.9)
    return built - start, time.perf_counter() - built


def repeated(frame: pd.DataFrame, times: int) -> pd.DataFrame:
    """Stack copies of a table under other model names, at slightly other prices."""
    copies = [frame.assign(model=frame["model"] + f"#{i}") for i in range(times)]
    return pd.concat(copies, ignore_index=True)


def main() -> None:
    """Print one row per size."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    prices, capability = catalog.load("model-prices"), catalog.load("capability")
    run(prices, capability, 10)  # imports and caches
    rows = [(size, *run(repeated(prices, size), repeated(capability, size))) for size in (1, times)]
    print(
        "| rows of prices | ladder, s | 1,000 draws, s | all, × the smallest |\n|---|---|---|---|"
    )
    for size, build, draws in rows:
        print(
            f"| {size * len(prices):,} | {build:.2f} | {draws:.2f} | {(build + draws) / sum(rows[0][1:]):.1f} |"
        )


if __name__ == "__main__":
    main()
