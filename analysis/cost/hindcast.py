"""How forecasts made at past dates would have done, by what was known on each of them.

An *origin* is the first day of a month since January 2024: prices, scores and past errors are those
that its vintage knows. What came is the price at the target by the evidence of the last day, where
the benchmark still followed the market. Origins from `SPLIT` on are held out.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scoringrules

from analysis.cost import projections
from analysis.cost.projections import HORIZONS, NOMINAL, PROBABILITIES
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

    `rows` has ``vintage`` and ``level`` (positions in the history), ``horizon_months``, ``origin``,
    ``target``, ``benchmark``, ``threshold``, ``age``, ``start`` (log price at the origin), ``trend``
    (mean past step times the horizon) and ``change`` (what came, ``nan`` where it isn't known);
    `quantiles` those of each row at `projections.PROBABILITIES`.
    """

    rows: pd.DataFrame
    quantiles: np.ndarray

    def where(self, kept: "pd.Series[bool]") -> "Forecasts":
        """Some of the forecasts."""
        return Forecasts(self.rows[kept].reset_index(drop=True), self.quantiles[kept.to_numpy()])


def forecasts(history: History) -> Forecasts:
    """Forecast every level, vintage and horizon by what the vintage knew."""
    rows, walked = _walked(history)
    came = _came(history, rows, np.full(len(rows), history.n_vintages - 1))
    rows["change"] = came - rows["start"]
    quantiles = np.full((len(rows), len(PROBABILITIES)), np.nan)
    for horizon in HORIZONS:
        for vintage, part in rows[rows["horizon_months"] == horizon].groupby("vintage"):
            fell = _fell(history, rows, walked, int(vintage), horizon)
            asked = projections.calibrated(fell, PROBABILITIES)
            quantiles[part.index] = projections.quantiles(walked[part.index], asked)
    return Forecasts(rows, quantiles)


def _walked(history: History) -> tuple[pd.DataFrame, np.ndarray]:
    """Every forecast that can be made, and the walk's distribution for it."""
    parts, walked = [], [np.empty((0, projections.BINS))]
    for vintage in range(history.n_vintages):
        age, step = history.changes(vintage)
        level = np.flatnonzero(history.live[vintage])
        if len(step) < projections.MIN_STEPS or not len(level):
            continue
        start = history.age[vintage, level]
        walked.append(projections.walks(age, step, start).reshape(-1, projections.BINS))
        parts.append(
            pd.DataFrame(
                {
                    "vintage": vintage,
                    "level": level.repeat(len(HORIZONS)),
                    "horizon_months": np.tile(HORIZONS, len(level)),
                    "age": start.repeat(len(HORIZONS)),
                    "start": history.start[vintage, level].repeat(len(HORIZONS)),
                    "trend": step.mean(),
                }
            )
        )
    columns = ["vintage", "level", "horizon_months", "age", "start", "trend"]
    rows = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    rows["trend"] *= rows["horizon_months"]
    named = history.levels.iloc[rows["level"].astype(int)].reset_index(drop=True)
    month = rows["vintage"].astype(int).to_numpy()
    end = pd.date_range(history.vintages[0], periods=history.n_vintages + max(HORIZONS), freq="MS")
    rows["origin"] = end[month]
    rows["target"] = end[month + rows["horizon_months"].astype(int).to_numpy()]
    return pd.concat([rows, named], axis=1), np.concatenate(walked)


def _came(history: History, rows: pd.DataFrame, vintage: np.ndarray) -> np.ndarray:
    """Log price of each row at its target, as a vintage knows it; ``nan`` where it can't yet."""
    target = (rows["vintage"] + rows["horizon_months"]).astype(int).to_numpy()
    month, level = history.first + np.minimum(target, history.n_vintages - 1), rows["level"]
    at = vintage, level.astype(int).to_numpy(), month
    known = (target <= vintage) & history.followed[at]
    return np.where(known, history.price[at], np.nan)


def _fell(
    history: History, rows: pd.DataFrame, walked: np.ndarray, vintage: int, horizon: int
) -> np.ndarray:
    """Where outcomes known at a vintage fell in the forecasts at a horizon made before it."""
    past = rows["horizon_months"].eq(horizon) & (rows["vintage"] + horizon <= vintage)
    made = rows[past]
    change = _came(history, made, np.full(len(made), vintage)) - made["start"].to_numpy(float)
    known = np.isfinite(change)
    return projections.position(walked[made.index[known]], change[known])


def known(made: Forecasts) -> Forecasts:
    """Forecasts that are scored: of origins that count, with an outcome."""
    rows = made.rows
    return made.where(rows["change"].notna() & (rows["origin"] >= START))


def band(made: Forecasts, nominal: float) -> tuple[np.ndarray, np.ndarray]:
    """Ends of the band of a probability content: log changes."""
    low, high = ((1 - nominal) / 2, (1 + nominal) / 2)
    at = [int(np.abs(PROBABILITIES - p).argmin()) for p in (low, high)]
    return made.quantiles[:, at[0]], made.quantiles[:, at[1]]


def inside(made: Forecasts, nominal: float) -> np.ndarray:
    """Whether what came lies in the band, to the width of the grid."""
    low, high = band(made, nominal)
    change, slack = made.rows["change"].to_numpy(float), projections.WIDTH / 2 + 1e-9
    found: np.ndarray = (low - slack <= change) & (change <= high + slack)
    return found


def losses(made: Forecasts, claimed: tuple[float, float]) -> pd.DataFrame:
    """CRPS of each forecast and of the references, in log price.

    ``fan`` is that of the forecast. A reference is one number, whose CRPS is its absolute error:
    ``flat`` no change, ``claimed`` the yearly fall claimed (the middle of the range, of log rates),
    ``trend`` the mean past step.
    """
    rows, change = made.rows, made.rows["change"].to_numpy(float)
    rate = np.log1p(-np.array(claimed)).mean() / 12
    fan = scoringrules.crps_quantile(change, made.quantiles, PROBABILITIES)
    months = rows["horizon_months"].to_numpy(float)
    return pd.DataFrame(
        {
            "fan": fan,
            "flat": np.abs(change),
            "claimed": np.abs(change - rate * months),
            "trend": np.abs(change - rows["trend"].to_numpy(float)),
        }
    )


def pinball(made: Forecasts, nominal: float) -> float:
    """Mean pinball loss of the two ends of a band, in log price."""
    change = made.rows["change"].to_numpy(float)
    ends = zip(band(made, nominal), ((1 - nominal) / 2, (1 + nominal) / 2), strict=True)
    return float(np.mean([scoringrules.quantile_score(change, q, p) for q, p in ends]))


def scores(
    made: Forecasts,
    claimed: tuple[float, float],
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """How the forecasts did, a row per part (``fit``, ``test``), horizon and nominal content.

    Columns: ``part``, ``horizon_months``, ``nominal``, ``coverage`` with ``low`` and ``high`` (its
    interval at `level`), ``n`` forecasts from so many ``origins``, mean ``crps`` and ``pinball``
    loss in log price, and for each reference ``skill_*`` (1 - CRPS / its CRPS) and ``p_*`` (of
    Diebold and Mariano's test); ``drawn`` says whether the fan passed at this horizon.
    """
    scored = known(made)
    test = scored.rows["origin"] >= SPLIT
    rows = []
    for part, chosen in (("fit", ~test), ("test", test)):
        for horizon in HORIZONS:
            those = scored.where(chosen & (scored.rows["horizon_months"] == horizon))
            skill = _skill(losses(those, claimed), those.rows["vintage"], horizon)
            for nominal in NOMINAL:
                covered = _coverage(those, nominal, horizon, level, n_boot, rng)
                rows.append({"part": part, "horizon_months": horizon, **covered, **skill})
    table = pd.DataFrame(rows)
    passing = {horizon: drawn(table, horizon) for horizon in HORIZONS}
    return table.assign(drawn=table["horizon_months"].map(passing))


def drawn(table: pd.DataFrame, horizon: int) -> bool:
    """Whether the fan at a horizon may be drawn: the rule of `projections`, point 4."""
    test = table[(table["part"] == "test") & (table["horizon_months"] == horizon)]
    held = test.set_index("nominal")
    covers = all(low <= held["coverage"][n] <= high for n, (low, high) in PASSES.items())
    return bool(covers and (test["skill_flat"] > 0).all() and (test["origins"] >= horizon).all())


def _coverage(
    those: Forecasts,
    nominal: float,
    horizon: int,
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> dict[str, float]:
    """Share of outcomes in the band, its interval over origins, and its pinball loss."""
    if not len(those.rows):
        missing = dict.fromkeys(("coverage", "low", "high", "pinball"), np.nan)
        return {"nominal": nominal, **missing}
    hits = pd.Series(inside(those, nominal)).groupby(those.rows["vintage"]).agg(["sum", "size"])
    ends = block_interval(
        hits["sum"].to_numpy(), hits["size"].to_numpy(), horizon, level, n_boot, rng
    )
    share = hits["sum"].sum() / hits["size"].sum()
    return {
        "nominal": nominal,
        "coverage": share,
        "low": min(ends[0], share),
        "high": max(ends[1], share),
        "pinball": pinball(those, nominal),
    }


def _skill(lost: pd.DataFrame, vintage: pd.Series, horizon: int) -> dict[str, float]:
    """Mean CRPS, and against each reference the skill and whether it may be chance."""
    mean, by_origin = lost.mean(), lost.groupby(vintage.to_numpy()).mean()
    found = {"n": len(lost), "origins": len(by_origin), "crps": mean["fan"]}
    for name in REFERENCES:
        worse = mean["fan"] - mean[name]
        found[f"skill_{name}"] = -worse / mean[name] if worse else worse
        difference = (by_origin["fan"] - by_origin[name]).to_numpy()
        found[f"p_{name}"] = diebold_mariano(difference, horizon)
    return found


def misses(made: Forecasts, most: int = 10) -> pd.DataFrame:
    """Worst misses of the 90% band, one a level at most; prices in US dollars per million tokens.

    Columns: ``series``, ``origin``, ``target``, ``horizon_months``, ``low``, ``median``, ``high``,
    ``came``; the farthest off, by ratio, first.
    """
    scored = known(made)
    rows, start = scored.rows, scored.rows["start"].to_numpy(float)
    low, high = band(scored, 0.9)
    change = rows["change"].to_numpy(float)
    off = np.maximum(low - change, change - high)
    median = scored.quantiles[:, len(PROBABILITIES) // 2]
    table = rows[["origin", "target", "horizon_months"]].assign(
        series=series(rows), off=off, low=np.exp(start + low), median=np.exp(start + median)
    )
    table = table.assign(high=np.exp(start + high), came=np.exp(start + change))
    worst = table[~inside(scored, 0.9)].sort_values("off", ascending=False, kind="stable")
    columns = ["series", "origin", "target", "horizon_months", "low", "median", "high", "came"]
    return worst.drop_duplicates("series").head(most)[columns].reset_index(drop=True)


def series(levels: pd.DataFrame) -> pd.Series:
    """Name each level by its benchmark and score."""
    return levels["benchmark"] + " " + levels["threshold"].map("{:g}".format)
