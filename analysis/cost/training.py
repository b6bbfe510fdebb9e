"""What it costs to train a model: the frontier, a fixed capability, and the case of DeepSeek.

Costs are US dollars on one basis at a time (amortised hardware and energy; rented cloud time;
one reported run): bases are never mixed in a fit or a ratio.
"""

import numpy as np
import pandas as pd

from analysis.uncertainty import (
    percentile_interval,
    published,
    regression,
    split_normal,
    student,
    transformed,
)
from briefs.values import FACTOR_PER_YEAR, N_, RATIO, SHARE_PER_YEAR, Estimate, Phrase

#: Epoch AI's rule for a frontier model: among the ten largest by training compute when released.
FRONTIER_RANK = 10
FRONTIER_BASIS = "amortised_hw_energy"
#: The run that is held against others, and the test on which others score about as well.
MODEL, BENCHMARK = "DeepSeek-V3", "GPQA-Diamond"
#: Rent that DeepSeek assumed for an hour of its chips, and chips of that kind.
RENT = 2.0
HOPPER = ("NVIDIA H100", "NVIDIA H800")
#: A model compares with another when their scores differ by no more than this many points.
SCORE_MARGIN = 3.0
MEASURES = {
    "training_compute_flop": N_("training compute"),
    "gpu_hours": N_("GPU-hours"),
    "rental_usd": N_("rental cost"),
}
#: What each reading of the claim is measured by.
READINGS = {"cost_ratio": "rental_usd", "compute_ratio": "training_compute_flop"}
#: Published estimates of what better methods save: of the preprint, and of the version in print.
ALGORITHMS = {"preprint": "epoch_algorithms_arxiv", "proceedings": "epoch_algorithms_neurips"}


def _growth(rows: pd.DataFrame, values: pd.Series, level: float, method: str) -> Estimate:
    """Factor per year of a log-linear fit on ``release_date`` with HC3 errors."""
    if len(rows) < 5:
        return Estimate.missing(FACTOR_PER_YEAR, method, len(rows))
    days = (rows["release_date"] - pd.Timestamp("2020-01-01")).dt.days
    fit = regression(np.log(values), pd.DataFrame({"years": days / 365.25}), level).loc["years"]
    slope = student(fit["value"], fit["se"], len(rows) - 2, level, len(rows), "1", method)
    return transformed(slope, np.exp, FACTOR_PER_YEAR).graded(rows["grade"])


def frontier_runs(
    runs: pd.DataFrame, basis: str = FRONTIER_BASIS, rank: int = FRONTIER_RANK
) -> pd.DataFrame:
    """Training runs with a cost on one basis, among the `rank` largest by compute when released."""
    known = runs.dropna(subset=["training_compute_flop"])
    models = known.drop_duplicates("model")
    dates, compute = models["release_date"].to_numpy(), models["training_compute_flop"].to_numpy()
    costed = known[(known["cost_basis"] == basis) & known["training_cost_usd"].notna()]
    larger = [
        int(((dates <= r.release_date) & (compute > r.training_compute_flop)).sum())
        for r in costed.itertuples()
    ]
    return costed[np.array(larger, int) < rank].sort_values("release_date", ignore_index=True)


def frontier_growth(runs: pd.DataFrame, level: float) -> Estimate:
    """Factor by which the cost of frontier training runs grows in a year.

    References
    ----------
    B. Cottier et al. (2024), The rising costs of training frontier AI models, arXiv:2405.21015.
    """
    return _growth(runs, runs["training_cost_usd"], level, N_("log-linear fit, HC3 errors"))


def priced_chips(hardware: pd.DataFrame, every: bool = False) -> pd.DataFrame:
    """Data-centre accelerators with tensor cores that had a market price, or `every` one with a price.

    Google's chips aren't sold; their purchase-equivalent prices are estimates and stay out.
    ``flops_per_usd`` is FP16 operations per second per dollar.
    """
    kept = hardware[hardware["datacentre"] & hardware["price_usd"].notna()]
    if not every:
        estimated = kept["price_basis"].str.contains("estimate", na=False)
        kept = kept[(kept["fp16_kind"] == "tensor") & ~estimated]
    kept = kept.assign(flops_per_usd=kept["peak_fp16_tflops"] * 1e12 / kept["price_usd"])
    kept = kept.dropna(subset=["flops_per_usd"])
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
    algorithms: str = "preprint",
) -> pd.DataFrame:
    """Decline of the cost of training to a fixed capability, and its two parts.

    Cost falls with what a dollar buys in hardware and with the compute that better algorithms
    save; both intervals are carried through by simulation, as independent. `algorithms` is a key of
    `ALGORITHMS`.

    Columns: ``part`` (hardware, algorithms, both) and ``estimate``, share per year.

    References
    ----------
    A. Ho et al. (2024), Algorithmic progress in language models, arXiv:2403.05812.
    """
    hardware = hardware_growth(chips, 0.95)
    trend = trends[trends["trend_id"] == ALGORITHMS[algorithms]]
    bounds = trend[["annual_factor", "low_factor", "high_factor"]].to_numpy(float)
    method = N_(
        "hardware fit times published algorithmic efficiency, intervals carried through by simulation"
    )
    if not hardware.known or not len(bounds):
        missing = Estimate.missing(SHARE_PER_YEAR, method, hardware.n)
        return pd.DataFrame({"part": ["both"], "estimate": [missing]})
    value, low, high = np.log([hardware.value, hardware.low, hardware.high])
    log_hardware = -split_normal(value, low, high, 0.95, n_boot, rng)
    value, low, high = np.log(bounds[0])
    at = float(trend["bound_level"].iloc[0])
    log_algorithms = split_normal(value, low, high, at, n_boot, rng)
    n, fit, given = hardware.n, hardware.method, N_("published estimate and interval")
    both = value - np.log(hardware.value)
    parts = [
        ("hardware", -np.log(hardware.value), log_hardware, n, fit),
        ("algorithms", value, log_algorithms, 1, given),
        ("both", both, log_algorithms + log_hardware, n + 1, method),
    ]
    grades = chips["grade"], trend["grade"]
    rows = {
        part: percentile_interval(-np.expm1(log), -np.expm1(draws), level, n, SHARE_PER_YEAR, how)
        for part, log, draws, n, how in parts
    }
    graded = [(part, estimate.graded(*grades)) for part, estimate in rows.items()]
    return pd.DataFrame(graded, columns=["part", "estimate"])


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


def run_cost(
    amounts: pd.DataFrame, with_stage: bool = True, others: bool = True, rent: float = RENT
) -> Estimate:
    """What the full run behind DeepSeek's reasoning model is reported to have cost, in US dollars.

    The developer's own figure for the base model's final run, plus (`with_stage`) its figure for the
    later reasoning stage once published. The spread is over the amounts that `others` estimated for
    the same scope; amounts merely repeated in the press don't count. n counts the figures; there is no
    level, since published figures aren't a sample. At another `rent` of a chip's hour all of them
    change in proportion.
    """
    method = N_(
        "developer's figure; ends are the least and greatest published estimates of the same scope"
    )
    amounts = amounts[amounts["model"].str.startswith("DeepSeek")]
    runs, own = amounts["basis"] == "final_run_rental", amounts["figure_kind"] == "reported"
    base = amounts[runs & own]
    if base.empty:
        return Estimate.missing("USD", method)
    stage = _stages(amounts) if with_stage else amounts.iloc[:0]
    estimated = amounts[runs & (amounts["figure_kind"] == "estimated") & others]
    if not with_stage:
        estimated = estimated[estimated["model"] == base["model"].iloc[0]]
    value = base["amount_usd"].iloc[0] + stage["amount_usd"].sum()
    figures = rent / RENT * np.array([value, *estimated["amount_usd"]])
    n = len(base) + len(stage) + len(estimated)
    ends = figures.min(), figures.max()
    found = Estimate(figures[0], *ends, None, n, "USD", method, figures)
    return found.graded(base["grade"], stage["grade"], estimated["grade"])


def last_stage(amounts: pd.DataFrame, rent: float = RENT) -> Estimate:
    """What DeepSeek says that the last stage of its reasoning model cost, on top of the base model."""
    stage = _stages(amounts[amounts["model"].str.startswith("DeepSeek")])
    figures = rent / RENT * stage["amount_usd"]
    found = published(figures, len(stage), "USD", N_("developer's figure"))
    return found.graded(stage["grade"])


def _stages(amounts: pd.DataFrame) -> pd.DataFrame:
    """Amounts that the developer reports for a later stage of training."""
    reported = amounts["figure_kind"] == "reported"
    return amounts[reported & (amounts["basis"] == "incremental_stage")]


def per_model(runs: pd.DataFrame, scored: pd.DataFrame, benchmark: str = BENCHMARK) -> pd.DataFrame:
    """One row per model of what is known of its training, and its score on a benchmark.

    `scored` is as `prices.scores` returns. Columns: ``model``, ``release_date``, ``score``,
    ``training_compute_flop``, ``gpu_hours``, ``rental_usd`` (hours of chips of DeepSeek's kind, at the
    rent that it assumed: published rents differ threefold for one chip), ``source_id``, ``grade``.
    """
    points = scored[scored["benchmark"] == benchmark].set_index("model")["score"]
    table = runs.assign(
        score=runs["capability_model"].map(points),
        rental_usd=RENT * runs["gpu_hours"].where(runs["hardware"].str.startswith(HOPPER)),
    )
    # the developer's report before estimates
    table = table.sort_values("figure_kind", ascending=False, kind="stable")
    return table.groupby("model", as_index=False).agg(
        release_date=("release_date", "min"),
        score=("score", "first"),
        gpu_hours=("gpu_hours", "max"),
        training_compute_flop=("training_compute_flop", "max"),
        rental_usd=("rental_usd", "max"),
        source_id=("source_id", "first"),
        grade=("grade", "max"),
    )


def comparable_runs(
    table: pd.DataFrame,
    window_months: int,
    peers: str = "either",
    margin: float = SCORE_MARGIN,
    model: str = MODEL,
) -> pd.DataFrame:
    """Runs of the months before a model's release that it is held against, from `per_model`.

    Peers (`peers`) are ``close``, with a score within `margin` points, ``largest``, among the ten
    largest runs of those months by compute, or ``either``. The compared model comes last, marked in
    the column ``compared``. Empty when the model or its score isn't known.
    """
    own = table[table["model"] == model].dropna(subset=["score"])
    if own.empty:
        return table.iloc[:0].assign(compared=pd.Series(dtype=bool))
    date, score = own["release_date"].iloc[0], own["score"].iloc[0]
    window = table["release_date"].between(date - pd.DateOffset(months=window_months), date)
    before = table[window & (table["model"] != model)]
    close = (before["score"] - score).abs() <= margin
    largest = before["training_compute_flop"].rank(ascending=False) <= FRONTIER_RANK
    chosen = {"close": close, "largest": largest, "either": close | largest}[peers]
    kept = pd.concat([before[chosen].sort_values("release_date"), own])
    return kept.assign(compared=kept["model"] == model).reset_index(drop=True)


def _ratios(runs: pd.DataFrame, measure: str) -> np.ndarray:
    """A model's cost over that of each comparable run that has a figure, on a log scale."""
    compared = runs["compared"].astype(bool)
    own, others = runs.loc[compared, measure].dropna(), runs.loc[~compared, measure].dropna()
    return np.log(own.iloc[0] / others.to_numpy(float)) if len(own) else np.array([])


def ratio_to_comparable(
    runs: pd.DataFrame, measure: str, level: float, centre: str = "mean"
) -> Estimate:
    """A model's cost as a multiple of the typical comparable run, by a measure of `MEASURES`.

    Ratio to the geometric mean of the runs, or to their median, with Student's t interval on logs;
    the standard error of a median is that of the mean of normal values times the root of pi / 2. Two
    runs are no sample: then the ratios to either are the spread. n counts the comparable runs;
    missing with fewer than two.
    """
    middles = {"mean": N_("geometric mean"), "median": N_("median")}
    text = N_("ratio of {measure} to the {centre} of comparable runs, t interval on logs")
    words = {"measure": ("message", MEASURES[measure]), "centre": ("message", middles[centre])}
    ratios, grades = _ratios(runs, measure), runs["grade"]
    if len(ratios) < 3:
        each = Phrase(N_("ratio of {measure} to that of each comparable run"), words)
        if len(ratios) < 2:
            return Estimate.missing(RATIO, each, len(ratios))
        return published(np.exp(ratios), len(ratios), RATIO, each).graded(grades)
    error = ratios.std(ddof=1) / np.sqrt(len(ratios))
    middle, stretch = (
        (np.median(ratios), np.sqrt(np.pi / 2)) if centre == "median" else (ratios.mean(), 1.0)
    )
    freedom, method = len(ratios) - 1, Phrase(text, words)
    found = student(middle, error * stretch, freedom, level, len(ratios), "1", method)
    return transformed(found, np.exp, RATIO).graded(grades)


def leave_one_out(runs: pd.DataFrame, measure: str) -> tuple[float, float]:
    """Least and greatest ratio to the geometric mean when any one of the comparable runs is left out."""
    ratios = _ratios(runs, measure)
    if len(ratios) < 2:
        return np.nan, np.nan
    means = np.exp((ratios.sum() - ratios) / (len(ratios) - 1))
    return float(means.min()), float(means.max())
