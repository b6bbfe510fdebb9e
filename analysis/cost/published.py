"""Projections as they are stored with an edition, and what came of them."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.cost import vintages
from analysis.cost.hindcast import Forecasts, series

#: Unit of the stored values.
UNIT = "USD per million tokens"
#: Probabilities of the stored quantiles.
STORED = (0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
#: Horizons, in months, that an edition stores.
STORED_HORIZONS = (3, 6, 12)


def latest(made: Forecasts, benchmark: str, thresholds: Sequence[float]) -> Forecasts:
    """Forecasts of some levels of a benchmark from the last vintage that made any for them."""
    rows = made.rows
    chosen = (rows["benchmark"] == benchmark) & rows["threshold"].isin(thresholds)
    return made.where(chosen & (rows["vintage"] == rows["vintage"].max()))


def fan(made: Forecasts, horizons: Sequence[int]) -> pd.DataFrame:
    """Quantiles of the price at some horizons, a row per forecast and quantile of `STORED`.

    Columns: ``series``, ``made`` (day of the vintage), ``target``, ``horizon_months``, ``quantile``,
    ``value`` in US dollars per million tokens.
    """
    chosen = made.where(made.rows["horizon_months"].isin(horizons))
    rows = chosen.rows.assign(series=series(chosen.rows), made=chosen.rows["origin"])
    columns = ["series", "made", "target", "horizon_months"]
    parts = [
        rows[columns].assign(quantile=p, value=np.exp(rows["start"] + chosen.at(p))) for p in STORED
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["series", "target", "quantile"], ignore_index=True)


def rows(made: Forecasts, as_of: pd.Timestamp) -> pd.DataFrame:
    """Quantiles to store with an edition, said to be made on its day `as_of`, drawn or not.

    Only so can a model that hasn't passed its test be held to dates that nobody has seen.
    Columns: ``series``, ``made``, ``target``, ``unit``, ``quantile``, ``value``.
    """
    columns = ["series", "made", "target", "unit", "quantile", "value"]
    return fan(made, STORED_HORIZONS).assign(made=as_of, unit=UNIT)[columns]


def published(
    stored: pd.DataFrame,
    evidence: Mapping[str, pd.DataFrame],
    input_share: float,
    as_of: pd.Timestamp,
    level: float = 0.8,
) -> pd.DataFrame:
    """Hold stored projections against what came by a day.

    `stored` is as `forecasts.load` of `briefs.evidence` gives it; `evidence` is as
    `vintages.history` takes it. Columns: ``edition``, ``series``, ``made``, ``target``, ``unit``,
    ``level`` (that of the band from ``low`` to ``high``), ``median``, ``came`` (the price on the day
    of the target, ``nan`` while that hasn't come or where the benchmark no longer follows the
    market), ``inside`` (``None`` while open).
    """
    columns = ["edition", "series", "made", "target", "unit"]
    stored = stored.astype({"made": "datetime64[ns]", "target": "datetime64[ns]"})
    wide = stored.pivot_table(index=columns, columns="quantile", values="value")
    wide = wide.reindex(columns=STORED).set_axis([round(p, 3) for p in STORED], axis=1)
    ends = {"low": (1 - level) / 2, "median": 0.5, "high": (1 + level) / 2}
    table = wide.reset_index()[columns].assign(level=level)
    table = table.assign(**{n: wide[round(p, 3)].to_numpy() for n, p in ends.items()})
    came = _came(table, evidence, input_share, as_of) if len(table) else []
    table["came"] = np.asarray(came, float)
    held = table["came"].between(table["low"], table["high"])
    return table.assign(inside=held.astype(object).where(table["came"].notna(), None))


def _came(
    table: pd.DataFrame,
    evidence: Mapping[str, pd.DataFrame],
    input_share: float,
    as_of: pd.Timestamp,
) -> pd.Series:
    """Price of each row's level on its target, by the evidence of a day."""
    named = table["series"].str.rsplit(" ", n=1, expand=True)
    rungs: dict[str, list[float]] = {}
    for benchmark, threshold in sorted({(b, float(t)) for b, t in named.to_numpy()}):
        rungs.setdefault(benchmark, []).append(threshold)
    found = vintages.history(evidence, input_share, as_of, rungs)
    price = np.where(found.followed[-1], np.exp(found.price[-1]), np.nan)
    prices = pd.DataFrame(price, series(found.levels), found.months).stack()
    at = pd.MultiIndex.from_frame(table[["series", "target"]])
    return prices.reindex(at)
