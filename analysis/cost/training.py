"""What it costs to train a model: the frontier, a fixed capability, and the case of DeepSeek.

Costs are US dollars on one basis at a time (amortised hardware and energy; rented cloud time;
one reported run): bases are never mixed in a fit or a ratio.
"""

import numpy as np
import pandas as pd

from analysis.uncertainty import (
    geometric_mean,
    percentile_interval,
    regression,
    split_normal,
    transformed,
)
from briefs.values import FACTOR_PER_YEAR, N_, RATIO, SHARE_PER_YEAR, Estimate, Phrase

#: Epoch AI's rule for a frontier model: among the ten largest by training compute when released.
FRONTIER_RANK = 10
FRONTIER_BASIS = "amortised_hw_energy"
#: Bases that value every chip hour at a rental price.
RENTAL_BASES = ("cloud", "final_run_rental")
#: A model compares with another when it scored no more than this many points lower.
SCORE_MARGIN = 10
MEASURES = {
    "training_compute_flop": N_("training compute"),
    "gpu_hours": N_("GPU-hours"),
    "rental_usd": N_("rental cost"),
}
ALGORITHMS = "epoch_algorithms_arxiv"


def _growth(rows: pd.DataFrame, values: pd.Series, level: float, method: str) -> Estimate:
    """Factor per year of a log-linear fit on ``release_date`` with HC3 errors."""
    if len(rows) < 5:
        return Estimate.missing(FACTOR_PER_YEAR, method, len(rows))
    days = (rows["release_date"] - pd.Timestamp("2020-01-01")).dt.days
    fit = regression(np.log(values), pd.DataFrame({"years": days / 365.25}), level).loc["years"]
    slope = Estimate(fit["value"], fit["low"], fit["high"], level, len(rows), "1", method)
    return transformed(slope, np.exp, FACTOR_PER_YEAR)


def frontier_runs(runs: pd.DataFrame, basis: str = FRONTIER_BASIS) -> pd.DataFrame:
    """Training runs with a cost on one basis, among the ten largest by compute when released."""
    known = runs.dropna(subset=["training_compute_flop"])
    models = known.drop_duplicates("model")
    dates, compute = models["release_date"].to_numpy(), models["training_compute_flop"].to_numpy()
    costed = known[(known["cost_basis"] == basis) & known["training_cost_usd"].notna()]
    larger = [
        int(((dates <= r.release_date) & (compute > r.training_compute_flop)).sum())
        for r in costed.itertuples()
    ]
    return costed[np.array(larger, int) < FRONTIER_RANK].sort_values(
        "release_date", ignore_index=True
    )


def frontier_growth(runs: pd.DataFrame, level: float) -> Estimate:
    """Factor by which the cost of frontier training runs grows in a year.

    References
    ----------
    B. Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return _growth(runs, runs["training_cost_usd"], level, N_("log-linear fit, HC3 errors"))


def decline_of(growth: Estimate) -> Estimate:
    """Decline per year from the growth factor of a cost: 0.25 is a fall of 75%; 3 is one of -200%, a rise."""
    return transformed(growth, lambda factor: 1 - factor, SHARE_PER_YEAR)


def priced_chips(hardware: pd.DataFrame) -> pd.DataFrame:
    """Data-centre accelerators with tensor cores that had a market price.

    Google's chips aren't sold; their purchase-equivalent prices are estimates and stay out.
    ``flops_per_usd`` is FP16 operations per second per dollar.
    """
    kept = hardware[
        hardware["datacentre"]
        & (hardware["fp16_kind"] == "tensor")
        & hardware["price_usd"].notna()
        & ~hardware["price_basis"].str.contains("estimate", na=False)
    ]
    kept = kept.assign(flops_per_usd=kept["peak_fp16_tflops"] * 1e12 / kept["price_usd"])
    return kept.sort_values("release_date", ignore_index=True)


def hardware_growth(chips: pd.DataFrame, level: float) -> Estimate:
    """Factor by which a dollar buys more peak computing speed each year."""
    return _growth(chips, chips["flops_per_usd"], level, N_("log-linear fit, HC3 errors"))


def fixed_capability(
    chips: pd.DataFrame,
    trends: pd.DataFrame,
    level: float,
    n_boot: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Decline of the cost of training to a fixed capability, and its two parts.

    Cost falls with what a dollar buys in hardware and with the compute that better algorithms
    save; both intervals are carried through by simulation, as independent.

    Columns: ``part`` (hardware, algorithms, both) and ``estimate``, share per year.

    References
    ----------
    A. Ho et al. (2024), Algorithmic progress in language models, arXiv:2403.05812.
    """
    hardware = hardware_growth(chips, 0.95)
    published = trends.set_index("trend_id").reindex([ALGORITHMS]).iloc[0]
    method = N_(
        "hardware fit times published algorithmic efficiency, intervals carried through by simulation"
    )
    if not hardware.known or not np.isfinite(published["annual_factor"]):
        missing = Estimate.missing(SHARE_PER_YEAR, method, hardware.n)
        return pd.DataFrame({"part": ["both"], "estimate": [missing]})
    value, low, high = np.log([hardware.value, hardware.low, hardware.high])
    log_hardware = -split_normal(value, low, high, 0.95, n_boot, rng)
    bounds = published[["annual_factor", "low_factor", "high_factor"]].to_numpy(float)
    value, low, high = np.log(bounds)
    log_algorithms = split_normal(value, low, high, float(published["bound_level"]), n_boot, rng)
    n, fit, given = hardware.n, hardware.method, N_("published estimate and interval")
    both = np.log(bounds[0] / hardware.value)
    parts = [
        ("hardware", -np.log(hardware.value), log_hardware, n, fit),
        ("algorithms", np.log(bounds[0]), log_algorithms, 1, given),
        ("both", both, log_algorithms + log_hardware, n + 1, method),
    ]
    rows = {
        part: percentile_interval(-np.expm1(value), -np.expm1(draws), level, n, SHARE_PER_YEAR, how)
        for part, value, draws, n, how in parts
    }
    return pd.DataFrame(rows.items(), columns=["part", "estimate"])


def combined(parts: pd.DataFrame) -> Estimate:
    """Decline of both parts together, from what `fixed_capability` returns."""
    return parts.set_index("part")["estimate"]["both"]


def _yearly_fall(before: float, after: float, years: float) -> float:
    """Share by which a cost falls in a year, from its start and end."""
    return 1 - (after / before) ** (1 / years)


def anchored_pairs(runs: pd.DataFrame) -> pd.DataFrame:
    """Pairs of runs that reached the same capability at different times.

    Columns: ``anchor``, ``first_model``, ``last_model``, ``first_usd``, ``last_usd``, ``years``,
    ``decline`` (share per year), ``bases``, ``source_ids``. A pair is one observation: it has no
    interval.
    """
    names = "anchor first_model last_model first_usd last_usd years decline bases source_ids"
    rows = []
    costed = runs.dropna(subset=["capability_anchor", "training_cost_usd"])
    anchors = costed["capability_anchor"].str.replace(r" \(.*\)$", "", regex=True)
    for anchor, group in costed.sort_values("release_date").groupby(anchors):
        first, last = group.iloc[0], group.iloc[-1]
        years = (last["release_date"] - first["release_date"]).days / 365.25
        if years > 0.5:
            usd = first["training_cost_usd"], last["training_cost_usd"]
            bases = " / ".join(dict.fromkeys((first["cost_basis"], last["cost_basis"])))
            sources = tuple(dict.fromkeys(group["source_id"]))
            models = first["model"], last["model"]
            rows.append((anchor, *models, *usd, years, _yearly_fall(*usd, years), bases, sources))
    return pd.DataFrame(rows, columns=names.split())


def speedrun_declines(speedruns: pd.DataFrame) -> pd.DataFrame:
    """Annual decline of the measured chip time to a fixed target, per series.

    The chip stays the same, so this is algorithms and engineering alone, on small models.

    Columns: ``series``, ``records``, ``first_hours``, ``last_hours``, ``years``, ``decline`` (share
    per year), ``source_id``.
    """
    names = "series records first_hours last_hours years decline source_id"
    rows = []
    records = speedruns[speedruns["is_record"]].sort_values(["date", "record"])
    for series, group in records.groupby("series"):
        group = group[group["gpu"] == group["gpu"].iloc[-1]]
        first, last = group.iloc[0], group.iloc[-1]
        years = (last["date"] - first["date"]).days / 365.25
        if years >= 1:
            hours = first["gpu_hours"], last["gpu_hours"]
            fall = _yearly_fall(*hours, years)
            rows.append((series, len(group), *hours, years, fall, last["source_id"]))
    return pd.DataFrame(rows, columns=names.split())


def run_cost(amounts: pd.DataFrame) -> Estimate:
    """What the full run behind DeepSeek's reasoning model is reported to have cost, in US dollars.

    The developer's own figure for the base model's final run, plus its figure for the later
    reasoning stage once published. The ends are the least and greatest amounts that others
    estimated for the same scope; amounts merely repeated in the press don't count. n counts the
    figures; there is no level, since published figures aren't a sample.
    """
    method = N_(
        "developer's figure; ends are the least and greatest published estimates of the same scope"
    )
    amounts = amounts[amounts["model"].str.startswith("DeepSeek")]
    amounts = amounts[amounts["figure_kind"].isin(["reported", "estimated"])]
    own = amounts["figure_kind"] == "reported"
    run, later = (amounts["basis"] == basis for basis in ("final_run_rental", "incremental_stage"))
    runs, stage = amounts.loc[run, "amount_usd"], amounts.loc[later & own, "amount_usd"]
    reported = amounts.loc[run & own, "amount_usd"]
    if reported.empty:
        return Estimate.missing("USD", method)
    value = reported.iloc[0] + stage.sum()
    low, high = min(value, runs.min()), max(value, runs.max())
    return Estimate(value, low, high, None, len(runs) + len(stage), "USD", method)


def comparable_runs(
    runs: pd.DataFrame,
    scored: pd.DataFrame,
    model: str,
    benchmark: str,
    window_months: int,
) -> pd.DataFrame:
    """Runs of the months before a model's release whose models perform about as well.

    Performance is the score on `benchmark` in `scored`, which is as `prices.scores` returns; at most
    `SCORE_MARGIN` points lower counts as comparable.

    One row per run and model, the compared model last: ``model``, ``release_date``, ``score``,
    ``training_compute_flop``, ``gpu_hours``, ``rental_usd`` (cost on a rental basis), ``compared``,
    ``source_id``. Empty when the model or its score isn't known.
    """
    points = scored[scored["benchmark"] == benchmark].set_index("model")["score"]
    table = runs.assign(
        score=runs["capability_model"].map(points),
        rental_usd=runs["training_cost_usd"].where(runs["cost_basis"].isin(RENTAL_BASES)),
    )
    # the developer's report before estimates
    table = table.sort_values("figure_kind", ascending=False, kind="stable")
    table = table.groupby("model", as_index=False).agg(
        release_date=("release_date", "min"),
        score=("score", "first"),
        gpu_hours=("gpu_hours", "max"),
        training_compute_flop=("training_compute_flop", "max"),
        rental_usd=("rental_usd", "first"),
        source_id=("source_id", "first"),
    )
    own = table[table["model"] == model].dropna(subset=["score"])
    if own.empty:
        return table.iloc[:0].assign(compared=pd.Series(dtype=bool))
    date, score = own["release_date"].iloc[0], own["score"].iloc[0]
    near = (
        table["release_date"].between(date - pd.DateOffset(months=window_months), date)
        & (table["model"] != model)
        & (table["score"] >= score - SCORE_MARGIN)
    )
    kept = pd.concat([table[near].sort_values("release_date"), own])
    return kept.assign(compared=kept["model"] == model).reset_index(drop=True)


def ratio_to_comparable(runs: pd.DataFrame, measure: str, level: float) -> Estimate:
    """A model's cost as a multiple of the typical comparable run, by a measure of `MEASURES`.

    Ratio to the geometric mean, with Student's t interval on logs; n counts the comparable runs.
    Missing with fewer than three.
    """
    text = N_("ratio of {measure} to the geometric mean of comparable runs, t interval on logs")
    method = Phrase(text, {"measure": ("message", MEASURES[measure])})
    compared = runs["compared"].astype(bool)
    own, others = runs.loc[compared, measure].dropna(), runs.loc[~compared, measure].dropna()
    if own.empty or len(others) < 3:
        return Estimate.missing(RATIO, method, len(others))
    mean, low, high = geometric_mean(others.to_numpy(), level)
    value = own.iloc[0]
    return Estimate(value / mean, value / high, value / low, level, len(others), RATIO, method)
