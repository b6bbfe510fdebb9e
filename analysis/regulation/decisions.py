"""Dated decisions on AI, how strict they are, and the stance index that adds them up.

A decision is an event that changes what is or may become the rule; the day on which an earlier
decision takes effect is none. Its direction is 1 (tightens), -1 (loosens) or 0. Its ``place`` is
its jurisdiction, but that the United States is two, federal and states, since they move apart.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

#: Events that repeat an earlier decision.
REPEATS = ("in_force", "obligation_applies")
#: Events after which something is law, or no longer is: no proposal, and no end of one.
ENACTED = ("adopted", "signed", "amended", "delayed", "revoked", "court_block")
#: A stringency of 2, the middle of its scale, weighs as much as a decision that isn't weighted.
MIDDLE = 2
FEATURES = ("duty_before_release", "penalties", "reach_abroad", "outright_bans")
UNITED_STATES = ("US-federal", "US-states")
#: Grades of sources that stand near to who made the figure.
NEAR = ("A", "B")


def stringency(instruments: pd.DataFrame) -> pd.Series:
    """Score instruments from what can be observed in their text, 0 to 4; their own score is not read.

    An instrument that binds private actors scores 2 with at most one of duty before release,
    penalties, reach abroad and bans, 3 with two, 4 with more; else 1 for a soft norm or duties on
    government alone, and 0 for none.
    """
    features = instruments[list(FEATURES)].sum(axis=1)
    binds = 2 + (features >= 2).astype(int) + (features >= 3).astype(int)
    return binds.where(
        instruments["binds_private_actors"], instruments["soft_norm_or_government_only"].astype(int)
    )


def place(jurisdiction: pd.Series) -> pd.Series:
    """Name the place of each jurisdiction: itself, but for the two levels of the United States."""
    state = jurisdiction.str.startswith("US-")
    return jurisdiction.where(~state, "US-states").replace({"US": "US-federal"})


def _kind(instruments: pd.DataFrame) -> np.ndarray:
    """Sort instruments into binding, proposal (bills and drafts) and soft."""
    draft = (instruments["instrument_type"] == "bill") | (
        (instruments["instrument_type"] == "regulation") & ~instruments["binding"]
    )
    return np.select([instruments["binding"], draft], ["binding", "proposal"], "soft")


def decisions(
    instruments: pd.DataFrame, events: pd.DataFrame, repeats: bool = False
) -> pd.DataFrame:
    """Decisions with what is known of their instrument.

    `repeats` keeps the days on which an earlier decision takes effect; for lists, never for counts.

    One row per event that is no repeat, oldest first: the columns of `events`, with
    ``jurisdiction``, ``place``, ``kind`` (binding, soft, proposal), ``topic``, ``export_control``,
    ``short_title``, ``stringency`` (of the instrument that a loosening act takes back, where it
    names one) and ``grade`` (the worse of event and instrument).
    """
    known = instruments.assign(
        place=place(instruments["jurisdiction"]),
        kind=_kind(instruments),
        stringency=stringency(instruments),
        known=instruments["grade"],
    )
    scores = known.set_index("instrument_id")["stringency"]
    columns = (
        "instrument_id jurisdiction place kind topic export_control short_title stringency known"
    )
    counted = events[repeats | ~events["event"].isin(REPEATS)]
    rows = counted.merge(known[columns.split()], on="instrument_id")
    target = rows["acts_on"].map(scores).fillna(0)
    rows = rows.assign(
        stringency=np.maximum(rows["stringency"], target),
        grade=rows["grade"].where(rows["grade"] > rows["known"], rows["known"]),
    )
    return rows.sort_values(["date", "instrument_id"], ignore_index=True).drop(columns="known")


def signs(
    rows: pd.DataFrame,
    counted: str = "all",
    weighting: str = "equal",
    export_controls: str = "counted",
    coding: str = "first",
    sources: str = "all",
) -> np.ndarray:
    """Direction of each decision times its weight, 0 where a choice leaves it out.

    `coding` is the reader's whose direction counts; what the second hasn't coded counts as the first
    did. Weighted by stringency, a decision counts half its instrument's score.
    """
    signed = rows["direction"].astype(float)
    if coding == "second":
        signed = rows["direction_second"].astype(float).fillna(signed)
    if weighting == "stringency":
        signed = signed * rows["stringency"] / MIDDLE
    kept = {
        "all": pd.Series(True, rows.index),
        "binding": rows["kind"] == "binding",
        "enacted": rows["event"].isin(ENACTED),
    }[counted]
    if export_controls == "left_out":
        kept = kept & ~rows["export_control"].astype(bool)
    if sources == "near":
        kept = kept & rows["grade"].isin(NEAR)
    return signed.where(kept, 0.0).to_numpy()


def stance(
    rows: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp,
    places: list[str],
    weighting: str,
) -> pd.DataFrame:
    """Stance index per place: tightening less loosening decisions from `start` to `end`, added up.

    Columns: ``place``, ``date``, ``index`` (in decisions, or in decisions of middling stringency). A
    row per place and day on which it changes, and one at either end.
    """
    start, end = pd.Timestamp(start), pd.Timestamp(end)
    rows = rows[(rows["date"] >= start) & rows["place"].isin(places)]
    steps = rows.assign(step=signs(rows, weighting=weighting))
    added = steps.pivot_table(index="date", columns="place", values="step", aggfunc="sum")
    days = sorted({start, *added.index, end})
    index = added.reindex(days, columns=pd.Index(places, name="place")).fillna(0.0).cumsum()
    found = index.rename_axis("date").unstack().rename("index").reset_index()
    changed = found.groupby("place")["index"].diff().ne(0)  # the first differs from nothing
    order = found[changed | (found["date"] == end)].sort_values(["place", "date"])
    return order.reset_index(drop=True)


def between(rows: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Decisions from `start` on, and before `end`."""
    inside = (rows["date"] >= pd.Timestamp(start)) & (rows["date"] < pd.Timestamp(end))
    return rows[inside].reset_index(drop=True)


def since(rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Decisions from `day` on."""
    return between(rows, day, pd.Timestamp.max)


def of_places(rows: pd.DataFrame, places: Iterable[str]) -> pd.DataFrame:
    """Decisions of some places."""
    return rows[rows["place"].isin(list(places))].reset_index(drop=True)


def sources_of(rows: pd.DataFrame) -> list[str]:
    """Ids of the sources of decisions, those of most rows first."""
    counts = rows["source_id"].value_counts().rename_axis("source_id").reset_index(name="rows")
    order = counts.sort_values(["rows", "source_id"], ascending=[False, True])
    return order["source_id"].to_list()
