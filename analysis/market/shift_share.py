"""What became of the layers' shares since the claim: growth of each layer, and shift-share.

No count by layer reaches past the claim. So shares are carried on from the last edition by the growth
of the parts, with bounds for what nobody splits, and the method is tried on a year that was counted.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.market.cloud import LAYERS, PARTS, PROVIDERS, SOFTWARE, yearly
from analysis.uncertainty import generator, percentile_interval
from briefs.values import N_, POINTS, SHARE_PER_YEAR, Estimate

#: Companies stand for a layer only where their revenue is between this part and all of its spending.
LEAST_COVERAGE, MOST_COVERAGE = 1 / 3, 1.0
#: Part of the joint growth of platform and infrastructure that platforms may have had.
ALL_OR_NONE = (0.0, 1.0)
#: How much of the gap of the counted year a draw of software's growth takes on, least and most.
SOFTWARE_GAP = {"between": (0.0, 1.0), "companies": (0.0, 0.0), "corrected": (1.0, 1.0)}
GARTNER = "gartner"


def _of(revenue: pd.DataFrame, group: str) -> pd.DataFrame:
    """Revenue of a group's companies by calendar year."""
    return yearly(revenue[(revenue["layer"] == group) & ~revenue["segment"].isin(PARTS)])


def _pair(table: pd.DataFrame, first: int, last: int) -> np.ndarray:
    """Both years of every company that has them: an array of shape (2, companies)."""
    return table.reindex([first, last]).dropna(axis=1).to_numpy(float)


def _growth(pair: np.ndarray) -> float:
    """Growth of companies together from the one year to the other; ``nan`` without any."""
    before, after = pair.sum(axis=1)
    return float(after / before - 1) if before else np.nan


@dataclass(frozen=True)
class Basis:
    """What is known of the growth of the layers between two full years, `first` and `last`.

    `spent` is spending by layer in the first year; growth is over the whole span. The gaps are what a
    counted layer grew above what the method says for the same years. `part` has the least and the
    greatest part of joint growth that editions and counts give to platforms.
    """

    first: int
    last: int
    spent: dict[str, float]
    joint: float
    joint_gap: float
    software: np.ndarray
    software_gap: float
    part: tuple[float, float]
    grades: tuple[str, ...]

    @property
    def coverage(self) -> float:
        """Part of the spending on software that the companies' revenue amounts to."""
        return float(self.software[0].sum() / self.spent["SaaS"])

    @property
    def usable(self) -> bool:
        return (
            np.isfinite(self.joint)
            and self.software.shape[1] > 1
            and LEAST_COVERAGE <= self.coverage <= MOST_COVERAGE
        )


def _joint(quarters: pd.DataFrame, first: int, last: int) -> float:
    """Growth of infrastructure and platforms together, by Synergy's sums of four quarters."""
    ends = quarters[quarters["quarter_end"].dt.month == 12]
    by = ends.set_index(ends["quarter_end"].dt.year)["year_usd_bn"].dropna()
    return float(by[last] / by[first] - 1) if {first, last} <= set(by.index) else np.nan


def _platform_part(moves: pd.DataFrame) -> tuple[float, float]:
    """Least and greatest part of joint growth that went, or was expected to go, to platforms."""
    grown = moves.assign(more=moves["spending_usd_m"] * moves["growth"] / (1 + moves["growth"]))
    wide = grown.pivot_table(index=["source_id", "year"], columns="layer", values="more")
    part = (wide["PaaS"] / (wide["PaaS"] + wide["IaaS"])) if len(wide) else pd.Series(dtype=float)
    return (float(part.min()), float(part.max())) if len(part) else ALL_OR_NONE


def basis_of(
    shares: pd.DataFrame,
    moves: pd.DataFrame,
    quarters: pd.DataFrame,
    revenue: pd.DataFrame,
    claim_date: pd.Timestamp,
    weights: str = GARTNER,
    joint: str = "synergy",
) -> Basis | None:
    """Gather what shift-share needs for the years since the one before the claim; None when it lacks.

    `weights` names whose edition the shares start from: the last one for that year, or the last that
    was counted up to it. Joint growth of platform and infrastructure is Synergy's, or with "providers"
    that of the four largest providers' segments, which reach into other layers too.
    """
    first = pd.Timestamp(claim_date).year - 1
    software = _of(revenue, SOFTWARE)
    providers = _of(revenue, PROVIDERS)

    def grown(a: int, b: int) -> float:
        return _joint(quarters, a, b) if joint == "synergy" else _growth(_pair(providers, a, b))

    start = shares[shares["source_id"].str.startswith(weights) & (shares["year"] <= first)]
    start = start[start["year"] == (first if weights == GARTNER else start["year"].max())]
    start = start[start["published"] == start["published"].max()]
    years = [y for y in software.index if y > first and np.isfinite(grown(first, y))]
    if start.empty or not years:
        return None
    last = max(years)
    counted = moves[moves["status"] == "actual"]
    counted = counted[counted["year"] == counted["year"].max()]
    gaps = _gaps(counted, grown, software)
    ends = quarters[quarters["year_usd_bn"].notna() & (quarters["quarter_end"].dt.month == 12)]
    ends = ends[ends["quarter_end"].dt.year.isin([first, last])]
    own = revenue[(revenue["layer"] == SOFTWARE) & (revenue["frequency"] == "year")].tail(2)
    grades = tuple(g for rows in (start, ends, own, counted) for g in rows["grade"])
    return Basis(
        first,
        last,
        dict(zip(start["layer"], start["spending_usd_m"], strict=True)),
        grown(first, last),
        gaps[0],
        _pair(software, first, last),
        gaps[1],
        _platform_part(moves),
        grades,
    )


def _gaps(
    counted: pd.DataFrame, grown: Callable[[int, int], float], software: pd.DataFrame
) -> tuple[float, float]:
    """By how much counted layers grew above what the method says of that year: joint, and software."""
    if counted.empty:
        return 0.0, 0.0
    year = int(counted["year"].iloc[0])
    rows = counted.set_index("layer")
    before = rows["spending_usd_m"] / (1 + rows["growth"])
    both = rows.loc[["PaaS", "IaaS"], "spending_usd_m"].sum() / before[["PaaS", "IaaS"]].sum() - 1
    own = rows.loc["SaaS", "growth"] - _growth(_pair(software, year - 1, year))
    gaps = both - grown(year - 1, year), own
    joint, software_gap = (float(g) if np.isfinite(g) else 0.0 for g in gaps)
    return joint, software_gap


@dataclass(frozen=True)
class Grown:
    """Growth of each layer over a span of years: draws that go together, and how far the split may go.

    `ends` are the least and the greatest part of joint growth that platforms may have had.
    """

    basis: Basis
    software: np.ndarray
    joint: np.ndarray
    ends: tuple[float, float]

    def layers(self, part: float) -> dict[str, np.ndarray]:
        """Growth by layer when platforms had a `part` of the joint growth; the first draw is the value."""
        spent = self.basis.spent
        more = self.joint * (spent["PaaS"] + spent["IaaS"])
        return {
            "PaaS": part * more / spent["PaaS"],
            "IaaS": (1 - part) * more / spent["IaaS"],
            "SaaS": self.software,
        }


def grown(
    basis: Basis | None,
    size: int,
    seed: int,
    software: str = "between",
    split: str = "all_or_none",
    strict: bool = True,
) -> Grown | None:
    """Growth of software, and of platforms and infrastructure together, with what isn't known of it.

    Software is read off listed companies: a ratio of sums, whose error comes from how far each company
    is off it, with Student's t since they are few (W. G. Cochran, 1977, Sampling Techniques, chapter
    6). In the year that was counted their layer grew faster than they did, and a draw adds between
    none and all of that gap. The joint growth
    of platforms and infrastructure takes on its own gap likewise. How the two share it isn't known:
    platforms had anything from none to all of it, or with `split` "published" what counts and editions
    have ever given them. Unless `strict` is off, companies must cover enough of software.
    """
    if basis is None or (strict and not basis.usable):
        return None
    rng = generator(seed, "cloud layers")
    n = basis.software.shape[1]
    own = _growth(basis.software)
    before, after = basis.software
    off = after - (1 + own) * before
    error = np.sqrt(n / (n - 1) * (off**2).sum()) / before.sum()
    own = own + error * np.append(0.0, rng.standard_t(n - 1, size))
    low, high = SOFTWARE_GAP[software]
    gap, joint_gap = np.hstack([np.full((2, 1), 0.5), rng.uniform(size=(2, size))])
    growth = own + (low + (high - low) * gap) * basis.software_gap
    joint = basis.joint + joint_gap * basis.joint_gap
    return Grown(basis, growth, joint, ALL_OR_NONE if split == "all_or_none" else basis.part)


def _estimate(
    found: Grown, layer: str, measure: Callable[[float], np.ndarray], level: float, unit: str
) -> Estimate:
    """Estimate of a measure of a layer, given the part of joint growth that platforms had.

    Of software the part is no matter, and there is an interval. Of the other two there are bounds:
    nothing says where between its ends the part lies, and a probability over it would be made up
    (C. F. Manski, 2003, Partial Identification of Probability Distributions). The ends are those of
    the interval at either end of the part (G. W. Imbens, C. F. Manski, 2004, Confidence intervals for
    partially identified parameters, Econometrica 72(6)), and every value between counts alike.
    """
    n, grades = found.basis.software.shape[1], found.basis.grades
    ends = np.array([measure(part) for part in found.ends])
    if layer == "SaaS":
        method = N_("growth of listed companies, with the gap to their layer in the counted year")
        value, *draws = ends[0]
        return percentile_interval(value, np.array(draws), level, n, unit, method).graded(grades)
    method = N_("joint growth of platforms and infrastructure, bounds for how they share it")
    low = np.quantile(ends.min(axis=0), (1 - level) / 2)
    high = np.quantile(ends.max(axis=0), (1 + level) / 2)
    middle = float(ends[:, 0].mean())
    between = Estimate(middle, low, high, None, n, unit, method, bounded=True)
    return between.graded(grades)


def share_change(found: Grown | None, layer: str, level: float) -> Estimate:
    """Change of a layer's share since the year before the claim, by shift-share; n counts companies.

    References
    ----------
    E. S. Dunn (1960), A statistical and analytical technique for regional analysis, Papers of the
    Regional Science Association 6(1): a share changes by how far its part outgrows the whole.
    """
    if found is None:
        method = N_("shift-share needs a full year of growth since the claim, of enough of a layer")
        return Estimate.missing(POINTS, method)
    spent = found.basis.spent
    before = spent[layer] / sum(spent.values())

    def change(part: float) -> np.ndarray:
        now = {x: spent[x] * (1 + growth) for x, growth in found.layers(part).items()}
        return 100 * (now[layer] / sum(now.values()) - before)

    return _estimate(found, layer, change, level, POINTS)


def layer_growth(found: Grown | None, layer: str, level: float) -> Estimate:
    """Yearly growth of spending on a layer since the year before the claim; n counts companies."""
    if found is None:
        method = N_("no full year of growth since the claim, of enough of a layer")
        return Estimate.missing(SHARE_PER_YEAR, method)
    span = found.basis.last - found.basis.first

    def growth(part: float) -> np.ndarray:
        return (1 + found.layers(part)[layer]) ** (1 / span) - 1

    return _estimate(found, layer, growth, level, SHARE_PER_YEAR)


def back_test(
    moves: pd.DataFrame,
    quarters: pd.DataFrame,
    revenue: pd.DataFrame,
    level: float,
    size: int,
    seed: int,
) -> pd.DataFrame:
    """What the method would have said of every year that was counted by layer, and what was counted.

    Without the gaps, which come from such years. Columns: ``year``, ``layer``, ``estimate`` (change of
    share, points), ``counted``, ``held`` (the interval holds it), ``source_id``.
    """
    software, rows = _of(revenue, SOFTWARE), []
    for (source, year), own in moves[moves["status"] == "actual"].groupby(["source_id", "year"]):
        own = own.set_index("layer")
        spent = (own["spending_usd_m"] / (1 + own["growth"])).to_dict()
        known = _pair(software, year - 1, year)
        both = _joint(quarters, year - 1, year)
        if not np.isfinite(both) or known.shape[1] < 2:
            continue
        basis = Basis(year - 1, year, spent, both, 0.0, known, 0.0, ALL_OR_NONE, ("C",))
        for layer in LAYERS:
            told = share_change(grown(basis, size, seed, strict=False), layer, level)
            counted = own.loc[layer, "change"]
            rows.append((year, layer, told, counted, told.low <= counted <= told.high, source))
    return pd.DataFrame(rows, columns="year layer estimate counted held source_id".split())
