"""A forecast of next year's riders, tried on the years that have come, and made for the next one."""

from typing import Any

import pandas as pd

from briefs.display.i18n import _

#: Quantiles of next year's riders, as factors of this year's.
FACTORS = {0.05: 1.3, 0.1: 1.35, 0.5: 1.4, 0.9: 1.5, 0.95: 1.6}
#: Lower and upper quantile of the range of each level.
RANGES = {0.8: (0.1, 0.9), 0.9: (0.05, 0.95)}


def record(counts: pd.DataFrame) -> dict[str, Any]:
    """Return what `findings.forecasts` shows: each counter's next year lies in a range of this one."""
    return {
        "title": _("Next year's riders: how ranges held that were tried on two years"),
        "scores": pd.DataFrame([_score(counts, level, *ends) for level, ends in RANGES.items()]),
        "misses": pd.DataFrame(),
        "published": pd.DataFrame(),
        "lesson": _("Two years are too few to learn more than that the ranges aren't absurd."),
        "now": _now(counts),
    }


def _score(counts: pd.DataFrame, level: float, low: float, high: float) -> dict[str, Any]:
    rows = counts.sort_values("year")
    growth = (rows.groupby("counter")["riders_a_day"].pct_change() + 1).dropna()
    unknown = dict.fromkeys("low high crps".split())
    for reference in ("flat", "claimed", "trend"):
        unknown |= {f"skill_{reference}": None, f"p_{reference}": None}
    return {
        "part": "test",
        "horizon_months": 12,
        "nominal": level,
        "coverage": growth.between(FACTORS[low], FACTORS[high]).mean(),
        "n": len(growth),
        "origins": counts["year"].nunique() - 1,
        "drawn": False,
        **unknown,
    }


def _now(counts: pd.DataFrame) -> pd.DataFrame:
    """Quantiles of the riders of each counter in the year after the last."""
    last = int(counts["year"].max())
    rows = [
        {
            "series": row.counter,
            "made": f"{last + 1}-01-31",
            "target": f"{last + 1}-12-31",
            "unit": "riders a day",
            "quantile": quantile,
            "value": factor * row.riders_a_day,
        }
        for row in counts[counts["year"] == last].itertuples()
        for quantile, factor in FACTORS.items()
    ]
    return pd.DataFrame(rows)
