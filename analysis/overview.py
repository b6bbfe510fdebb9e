"""All briefs together, as of a date, and how their verdicts moved between two dates."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from analysis import params
from analysis.cost import summary as cost
from analysis.market import summary as market
from analysis.regulation import summary as regulation
from briefs.values import Verdict


class Summaries(NamedTuple):
    """What the briefs find, in the order of the article."""

    cost: cost.Summary
    market: market.Summary
    regulation: regulation.Summary

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Verdicts of all claims in the order of the article."""
        return tuple(verdict for brief in self for verdict in brief.verdicts)

    def to_frame(self) -> pd.DataFrame:
        """A row per claim: its verdict, and the reading that speaks for it with its estimate."""
        return pd.concat([brief.to_frame() for brief in self], ignore_index=True)


def summaries(
    as_of: dt.date, level: float, n_boot: int, seed: int, other_choices: str = "all"
) -> Summaries:
    """Summarise every brief as of a date; other parameters than these have their defaults."""
    common = {"as_of": as_of, "level": level, "n_boot": n_boot, "seed": seed}
    common |= {"other_choices": other_choices}
    rules = params.RegulatoryOutlook.parse(common)
    return Summaries(
        cost.summary(params.CostRevolution.parse(common)),
        market.summary(params.MarketImpact.parse(common)),
        regulation.summary(rules, cost.change_of_decline(rules.break_date, rules)),
    )


def changes(before: Iterable[Verdict], now: Iterable[Verdict]) -> pd.DataFrame:
    """How each claim's verdict and main estimate moved between two dates.

    Both are of the same claims. Columns: ``id``, ``before`` and ``now`` (the `Verdict` at each date),
    ``changed``: whether the verdict did.
    """
    earlier = {judged.claim["id"]: judged for judged in before}
    pairs = [(earlier[judged.claim["id"]], judged) for judged in now]
    rows = [(new.claim["id"], old, new, old.verdict != new.verdict) for old, new in pairs]
    return pd.DataFrame(rows, columns=["id", "before", "now", "changed"])
