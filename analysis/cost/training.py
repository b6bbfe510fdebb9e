"""What it costs to train a model: the frontier, a fixed capability, and the case of DeepSeek.

Costs are US dollars on one basis at a time (amortised hardware and energy; rented cloud time;
one reported run): bases are never mixed in a fit or a ratio.
"""

import numpy as np
import pandas as pd

from analysis.cost.prices import DECLINE
from analysis.uncertainty import geometric_mean, percentile_interval, regression, split_normal
from briefs.values import N_, Estimate, Phrase

#: Epoch AI's rule for a frontier model: among the ten largest by training compute when released.
FRONTIER_RANK = 10
FRONTIER_BASIS = "amortised_hw_energy"
#: Bases that value every chip hour at a rental price.
RENTAL_BASES = ("cloud", "final_run_rental")
#: A model compares with another when it scored no more than this many points lower.
SCORE_MARGIN = 10
FACTOR = "factor per year"
MEASURES = {
    "training_compute_flop": N_("training compute"),
    "gpu_hours": N_("GPU-hours"),
    "rental_usd": N_("rental cost"),
}
ALGORITHMS = "epoch_algorithms_arxiv"


def _years(dates: pd.Series) -> pd.Series:
    """Years since the start of 2020."""
    return (dates - pd.Timestamp("2020-01-01")).dt.days / 365.25


def _growth(rows: pd.DataFrame, values: pd.Series, level: float, method: str) -> Estimate:
    """Factor per year of a log-linear fit on ``release_date`` with HC3 errors."""
    if len(rows) < 5:
        return Estimate.missing(FACTOR, method, len(rows))
    fit = regression(
        np.log(values), pd.DataFrame({"years": _years(rows["release_date"])}), level
    ).loc["years"]
    return Estimate(
        *np.exp([fit["value"], fit["low"], fit["high"]]), level, len(rows), FACTOR, method
    )


def frontier_runs(runs: pd.DataFrame, basis: str = FRONTIER_BASIS) -> pd.DataFrame:
    """Training runs with a cost on one basis, among the ten largest by compute when released."""
    models = runs.dropna(subset=["training_compute_flop"]).drop_duplicates("model")
    dates, compute = models["release_date"].to_numpy(), models["training_compute_flop"].to_numpy()
    costed = runs[
        (runs["cost_basis"] == basis)
        & runs["training_cost_usd"].notna()
        & runs["training_compute_flop"].notna()
    ]
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
    if not growth.known:
        return Estimate.missing(DECLINE, growth.method, growth.n)
    return Estimate(
        1 - growth.value,
        1 - growth.high,
        1 - growth.low,
        growth.level,
        growth.n,
        DECLINE,
        growth.method,
    )


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

    Returns
    -------
    DataFrame
        ``part`` (hardware, algorithms, both) and ``estimate``, share per year.

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
        return pd.DataFrame(
            {"part": ["both"], "estimate": [Estimate.missing(DECLINE, method, hardware.n)]}
        )
    log_hardware = -split_normal(
        *np.log([hardware.value, hardware.low, hardware.high]), 0.95, n_boot, rng
    )
    bounds = published[["annual_factor", "low_factor", "high_factor"]].to_numpy(float)
    log_algorithms = split_normal(*np.log(bounds), float(published["bound_level"]), n_boot, rng)
    parts = {
        "hardware": (
            -np.log(hardware.value),
            log_hardware,
            hardware.n,
            N_("log-linear fit, HC3 errors"),
        ),
        "algorithms": (np.log(bounds[0]), log_algorithms, 1, N_("published estimate and interval")),
        "both": (
            np.log(bounds[0] / hardware.value),
            log_algorithms + log_hardware,
            hardware.n + 1,
            method,
        ),
    }
    return pd.DataFrame(
        [
            {
                "part": part,
                "estimate": percentile_interval(
                    -np.expm1(value), -np.expm1(draws), level, n, DECLINE, how
                ),
            }
            for part, (value, draws, n, how) in parts.items()
        ]
    )


def combined(parts: pd.DataFrame) -> Estimate:
    """Decline of both parts together, from what `fixed_capability` returns."""
    return parts.set_index("part")["estimate"]["both"]


def anchored_pairs(runs: pd.DataFrame) -> pd.DataFrame:
    """Pairs of runs that reached the same capability at different times.

    Returns
    -------
    DataFrame
        ``anchor``, ``first_model``, ``last_model``, ``first_usd``, ``last_usd``, ``years``,
        ``decline`` (share per year), ``bases``, ``source_ids``. A pair is one observation: it has no
        interval.
    """
    rows = []
    costed = runs.dropna(subset=["capability_anchor", "training_cost_usd"]).sort_values(
        "release_date"
    )
    for anchor, group in costed.groupby(
        costed["capability_anchor"].str.replace(r" \(.*\)$", "", regex=True)
    ):
        first, last = group.iloc[0], group.iloc[-1]
        years = (last["release_date"] - first["release_date"]).days / 365.25
        if years > 0.5:
            before, after = first["training_cost_usd"], last["training_cost_usd"]
            rows.append(
                (
                    anchor,
                    first["model"],
                    last["model"],
                    before,
                    after,
                    years,
                    1 - (after / before) ** (1 / years),
                    " / ".join(dict.fromkeys((first["cost_basis"], last["cost_basis"]))),
                    tuple(dict.fromkeys(group["source_id"])),
                )
            )
    return pd.DataFrame(
        rows,
        columns=[
            "anchor",
            "first_model",
            "last_model",
            "first_usd",
            "last_usd",
            "years",
            "decline",
            "bases",
            "source_ids",
        ],
    )


def speedrun_declines(speedruns: pd.DataFrame) -> pd.DataFrame:
    """Annual decline of the measured chip time to a fixed target, per series.

    The chip stays the same, so this is algorithms and engineering alone, on small models.

    Returns
    -------
    DataFrame
        ``series``, ``records``, ``first_hours``, ``last_hours``, ``years``, ``decline`` (share per
        year), ``source_id``.
    """
    rows = []
    for series, group in (
        speedruns[speedruns["is_record"]].sort_values(["date", "record"]).groupby("series")
    ):
        group = group[group["gpu"] == group["gpu"].iloc[-1]]
        first, last = group.iloc[0], group.iloc[-1]
        years = (last["date"] - first["date"]).days / 365.25
        if years >= 1:
            before, after = first["gpu_hours"], last["gpu_hours"]
            rows.append(
                (
                    series,
                    len(group),
                    before,
                    after,
                    years,
                    1 - (after / before) ** (1 / years),
                    last["source_id"],
                )
            )
    return pd.DataFrame(
        rows,
        columns=["series", "records", "first_hours", "last_hours", "years", "decline", "source_id"],
    )


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
    runs = amounts[
        (amounts["basis"] == "final_run_rental")
        & amounts["figure_kind"].isin(["reported", "estimated"])
    ]
    reported = runs["amount_usd"][runs["figure_kind"] == "reported"]
    if reported.empty:
        return Estimate.missing("USD", method)
    stage = amounts[
        (amounts["basis"] == "incremental_stage") & (amounts["figure_kind"] == "reported")
    ]
    value = reported.iloc[0] + stage["amount_usd"].sum()
    return Estimate(
        value,
        min(value, runs["amount_usd"].min()),
        max(value, runs["amount_usd"].max()),
        None,
        len(runs) + len(stage),
        "USD",
        method,
    )


def comparable_runs(
    runs: pd.DataFrame,
    scored: pd.DataFrame,
    model: str,
    benchmark: str,
    window_months: int,
) -> pd.DataFrame:
    """Runs of the months before a model's release whose models perform about as well.

    Parameters
    ----------
    scored : DataFrame
        As `cost.scores` returns.
    benchmark : str
        Where performance is measured; at most `SCORE_MARGIN` points lower counts as comparable.
    window_months : int
        How far back.

    Returns
    -------
    DataFrame
        One row per run and model, the compared model last: ``model``, ``release_date``, ``score``,
        ``training_compute_flop``, ``gpu_hours``, ``rental_usd`` (cost on a rental basis),
        ``compared``, ``source_id``. Empty when the model or its score isn't known.
    """
    points = scored[scored["benchmark"] == benchmark].set_index("model")["score"]
    table = runs.assign(
        score=runs["capability_model"].map(points),
        rental_usd=runs["training_cost_usd"].where(runs["cost_basis"].isin(RENTAL_BASES)),
    )
    table = table.sort_values(
        "figure_kind", ascending=False, kind="stable"
    )  # the developer's report before estimates
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
    method = Phrase(
        N_("ratio of {measure} to the geometric mean of comparable runs, t interval on logs"),
        {"measure": ("message", MEASURES[measure])},
    )
    own = runs.loc[runs["compared"].astype(bool), measure].dropna()
    others = runs.loc[~runs["compared"].astype(bool), measure].dropna()
    if own.empty or len(others) < 3:
        return Estimate.missing("ratio", method, len(others))
    mean, low, high = geometric_mean(others.to_numpy(), level)
    value = own.iloc[0]
    return Estimate(value / mean, value / high, value / low, level, len(others), "ratio", method)
