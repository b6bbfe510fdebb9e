"""How forecasts made at past dates would have done, by what was known on each of them.

An *origin* is the first day of a month since January 2024: prices, scores and past errors are those
that its vintage knows. What came is the price at the target by the evidence of the last day, where
the benchmark still followed the market. Origins from `SPLIT` on are held out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import scoringrules

from analysis.cost import projections
from analysis.cost.projections import BINS, HORIZONS, NOMINAL, PROBABILITIES
from analysis.cost.scoring import block_interval, diebold_mariano
from analysis.cost.vintages import History

#: First origin, and the first one that is held out: nothing was fitted from it on.
START, SPLIT = pd.Timestamp("2024-01-01"), pd.Timestamp("2025-07-01")
#: Least and greatest share of outcomes that a fan may hold and be drawn.
PASSES = {0.8: (0.75, 0.85), 0.9: (0.85, 0.95)}
#: What a fan is compared with.
REFERENCES = ("flat", "claimed", "trend")


@dataclass(frozen=True, eq=False)
class Forecasts:
    """Forecasts of log changes of price.

    `rows` has ``vintage`` and ``level`` (positions in the history), ``benchmark``, ``threshold``,
    ``horizon_months``, ``origin``, ``target``, ``age``, ``start`` (log price at the origin),
    ``trend`` (mean past step times the horizon), ``repeated`` (the level says nothing new: not
    scored) and ``change`` (what came, ``nan`` where it isn't known); `quantiles` those of each row at
    `projections.PROBABILITIES`.
    """

    rows: pd.DataFrame
    quantiles: np.ndarray

    def where(self, kept: "pd.Series[bool]") -> "Forecasts":
        """Some of the forecasts."""
        return Forecasts(self.rows[kept].reset_index(drop=True), self.quantiles[kept.to_numpy()])

    def at(self, probability: float) -> np.ndarray:
        """Log change of each forecast at a probability."""
        found: np.ndarray = self.quantiles[:, int(np.abs(PROBABILITIES - probability).argmin())]
        return found

    def band(self, nominal: float) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the band of a probability content: log changes."""
        return self.at((1 - nominal) / 2), self.at((1 + nominal) / 2)


def forecasts(history: History) -> Forecasts:
    """Forecast every level, vintage and horizon by what the vintage knew."""
    rows, walked = _walked(history)
    start, level, scored = (rows[name].to_numpy() for name in ("start", "level", "repeated"))
    target, scored = (rows["vintage"] + rows["horizon_months"]).to_numpy(), ~scored
    rows["change"] = _came(history, level, target, history.n_vintages - 1) - start
    quantiles = np.full((len(rows), len(PROBABILITIES)), np.nan)
    months = rows["horizon_months"].to_numpy()
    for (horizon, vintage), part in rows.groupby(["horizon_months", "vintage"]).indices.items():
        past = np.flatnonzero(scored & (months == horizon) & (target <= vintage))
        change = _came(history, level[past], target[past], vintage) - start[past]
        known = np.isfinite(change)
        fell = projections.position(walked[past[known]], change[known])
        asked = projections.calibrated(fell, PROBABILITIES)
        quantiles[part] = projections.quantiles(walked[part], asked)
    return Forecasts(rows, quantiles)


def _walked(history: History) -> tuple[pd.DataFrame, np.ndarray]:
    """Every forecast that can be made, and the walk's distribution for it."""
    parts, walked = [], [np.empty((0, BINS))]
    for vintage in range(history.n_vintages):
        age, step = history.changes(vintage)
        level = np.flatnonzero(history.live[vintage])
        if len(step) >= projections.MIN_STEPS and len(level):
            parts.append((np.full(len(level), vintage), level, np.full(len(level), step.mean())))
            walk = projections.walks(age, step, history.age[vintage, level])
            walked.append(walk.reshape(-1, BINS))
    none = np.array([], int), np.array([], int), np.array([], float)
    made = [np.concatenate(column) for column in zip(none, *parts, strict=True)]
    return _rows(history, *made), np.concatenate(walked)


def _rows(
    history: History, vintages: np.ndarray, level: np.ndarray, rate: np.ndarray
) -> pd.DataFrame:
    """Rows of `Forecasts` but for what came: each level of a vintage, with its trend, at every horizon."""
    levels, months = level.repeat(len(HORIZONS)), np.tile(HORIZONS, len(level))
    vintage = vintages.repeat(len(HORIZONS))
    origin = history.vintages.to_numpy()[vintage]
    return pd.DataFrame(
        {
            "vintage": vintage,
            "level": levels,
            "benchmark": history.levels["benchmark"].to_numpy()[levels],
            "threshold": history.levels["threshold"].to_numpy()[levels],
            "horizon_months": months,
            "origin": origin,
            "target": origin.astype("datetime64[M]") + months,
            "age": history.age[vintage, levels],
            "start": history.start[vintage, levels],
            "trend": rate.repeat(len(HORIZONS)) * months,
            "repeated": history.repeated[vintage, levels],
        }
    ).astype({"target": "datetime64[ns]", "origin": "datetime64[ns]"})


def _came(history: History, level: np.ndarray, target: np.ndarray, vintage: int) -> np.ndarray:
    """Log price of each level at its target, as a vintage knows it; ``nan`` where it can't."""
    month = history.first + np.minimum(target, history.n_vintages - 1)
    at = vintage, level, month
    return np.where((target <= vintage) & history.followed[at], history.price[at], np.nan)


def known(made: Forecasts) -> Forecasts:
    """Forecasts that are scored: of origins that count, with an outcome."""
    rows = made.rows
    return made.where(rows["change"].notna() & ~rows["repeated"] & (rows["origin"] >= START))


def inside(made: Forecasts, nominal: float) -> np.ndarray:
    """Whether what came lies in the band, to the width of the grid."""
    low, high = made.band(nominal)
    change, slack = made.rows["change"].to_numpy(float), projections.WIDTH / 2 + projections.SLACK
    found: np.ndarray = (low - slack <= change) & (change <= high + slack)
    return found


def losses(made: Forecasts, claimed: Sequence[float]) -> pd.DataFrame:
    """CRPS of each forecast and of the references, in log price.

    ``fan`` is that of the forecast. A reference is one number, whose CRPS is its absolute error:
    ``flat`` no change, ``claimed`` the yearly fall claimed (the middle of the range, of log rates),
    ``trend`` the mean past step.
    """
    rows, change = made.rows, made.rows["change"].to_numpy(float)
    rate = np.log1p(-np.array(claimed)).mean() / 12
    return pd.DataFrame(
        {
            "fan": scoringrules.crps_quantile(change, made.quantiles, PROBABILITIES),
            "flat": np.abs(change),
            "claimed": np.abs(change - rate * rows["horizon_months"].to_numpy()),
            "trend": np.abs(change - rows["trend"].to_numpy()),
        }
    )


def pinball(made: Forecasts, probability: float) -> np.ndarray:
    """Pinball loss of a quantile of each forecast, in log price."""
    change = made.rows["change"].to_numpy(float)
    found: np.ndarray = scoringrules.quantile_score(change, made.at(probability), probability)
    return found


def scores(
    made: Forecasts,
    claimed: Sequence[float],
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """How the forecasts did, a row per part (``fit``, ``test``), horizon and nominal content.

    Columns: ``part``, ``horizon_months``, ``nominal``, ``coverage`` with ``low`` and ``high`` (its
    interval at `level`), ``n`` forecasts from so many ``origins``, mean ``crps`` in log price, and
    for each reference ``skill_*`` (1 - CRPS / its CRPS) and ``p_*`` (of Diebold and Mariano's test);
    ``drawn`` says whether the fan passed at this horizon.
    """
    rows = []
    for (part, horizon), those in parts(made).items():
        skills = _skills(losses(those, claimed), those.rows["vintage"], horizon)
        for nominal in NOMINAL:
            held = coverage(those, nominal, horizon, level, n_boot, rng)
            row = {"part": part, "horizon_months": horizon, "nominal": nominal}
            rows.append(row | dict(zip(("coverage", "low", "high"), held, strict=True)) | skills)
    table = pd.DataFrame(rows)
    passing = {horizon: drawn(table, horizon) for horizon in HORIZONS}
    return table.assign(drawn=table["horizon_months"].map(passing))


def pinballs(made: Forecasts, nominal: float = 0.8) -> pd.Series:
    """Mean pinball loss of the two ends of a band, in log price, by part and horizon."""
    ends = (1 - nominal) / 2, (1 + nominal) / 2
    found = {key: [pinball(those, end) for end in ends] for key, those in parts(made).items()}
    mean = {key: np.mean(loss) if np.size(loss) else np.nan for key, loss in found.items()}
    return pd.Series(mean).rename_axis(["part", "horizon_months"])


def parts(made: Forecasts) -> dict[tuple[str, int], Forecasts]:
    """Forecasts that are scored, by part and horizon."""
    scored = known(made)
    part = np.where(scored.rows["origin"] >= SPLIT, "test", "fit")
    return {
        (name, horizon): scored.where((part == name) & (scored.rows["horizon_months"] == horizon))
        for name in ("fit", "test")
        for horizon in HORIZONS
    }


def drawn(table: pd.DataFrame, horizon: int) -> bool:
    """Whether the fan at a horizon may be drawn: the rule of `projections`, point 4."""
    test = table[(table["part"] == "test") & (table["horizon_months"] == horizon)]
    held = test.set_index("nominal")["coverage"]
    covers = all(low <= held[nominal] <= high for nominal, (low, high) in PASSES.items())
    return bool(covers and (test["skill_flat"] > 0).all() and (test["origins"] >= horizon).all())


def coverage(
    those: Forecasts,
    nominal: float,
    block: int,
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> tuple[float, float, float]:
    """Share of outcomes in the band, and the ends of its interval over origins; ``nan`` without any."""
    if those.rows.empty:
        return np.nan, np.nan, np.nan
    by_origin = pd.Series(inside(those, nominal)).groupby(those.rows["vintage"])
    hits, tries = by_origin.sum().to_numpy(), by_origin.size().to_numpy()
    return hits.sum() / tries.sum(), *block_interval(hits, tries, block, level, n_boot, rng)


def _skills(lost: pd.DataFrame, vintage: "pd.Series[int]", horizon: int) -> dict[str, float]:
    """Mean CRPS, and against each reference the skill and whether it may be chance."""
    mean, by_origin = lost.mean(), lost.groupby(vintage.to_numpy()).mean()
    found = {"n": len(lost), "origins": len(by_origin), "crps": mean["fan"]}
    for name in REFERENCES:
        found[f"skill_{name}"] = skill(mean["fan"], mean[name])
    for name in REFERENCES:
        difference = (by_origin["fan"] - by_origin[name]).to_numpy()
        found[f"p_{name}"] = diebold_mariano(difference, horizon)
    return found


def skill(error: float, reference: float) -> float:
    """Share of a reference's error that is avoided: none where both are alike, ``nan`` where only it has none."""
    if error == reference:
        return 0.0
    return 1 - error / reference if reference else np.nan


def misses(made: Forecasts, most: int = 10) -> pd.DataFrame:
    """Worst misses of the 90% band, one a level at most; prices in US dollars per million tokens.

    Columns: ``series``, ``origin``, ``target``, ``horizon_months``, ``low``, ``median``, ``high``,
    ``came``; the farthest off, by ratio, first.
    """
    scored = known(made)
    rows, (low, high) = scored.rows, scored.band(0.9)
    logs = {"low": low, "median": scored.at(0.5), "high": high, "came": rows["change"]}
    prices = {name: np.exp(rows["start"] + change) for name, change in logs.items()}
    off = np.maximum(low - rows["change"], rows["change"] - high)
    table = rows.assign(series=series(rows), off=off, **prices)[~inside(scored, 0.9)]
    worst = table.sort_values("off", ascending=False, kind="stable").drop_duplicates("series")
    columns = ["series", "origin", "target", "horizon_months", *prices]
    return worst.head(most)[columns].reset_index(drop=True)


def series(levels: pd.DataFrame) -> pd.Series:
    """Name each level by its benchmark and score: ``GPQA-Diamond 50``."""
    return levels["benchmark"] + " " + levels["threshold"].map("{:g}".format)
