"""Dated decisions on AI, how strict they are, and the stance index that adds them up.

A decision is an event that changes what is or may become the rule; the day on which an earlier
decision takes effect is none. Its direction is 1 (tightens), -1 (loosens) or 0. Its ``place`` is
its jurisdiction, but that the United States is two, federal and states, since they move apart.
"""

from collections.abc import Iterable, Iterator

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
    names one) and ``seen`` (whether the sources of event and instrument were).
    """
    known = instruments.assign(
        place=place(instruments["jurisdiction"]),
        kind=_kind(instruments),
        stringency=stringency(instruments),
        seen=instruments["verified"],
    )
    scores = known.set_index("instrument_id")["stringency"]
    columns = (
        "instrument_id jurisdiction place kind topic export_control short_title stringency seen"
    )
    counted = events[repeats | ~events["event"].isin(REPEATS)]
    rows = counted.merge(known[columns.split()], on="instrument_id")
    target = rows["acts_on"].map(scores).fillna(0)
    rows = rows.assign(
        stringency=np.maximum(rows["stringency"], target), seen=rows["seen"] & rows["verified"]
    )
    return rows.sort_values(["date", "instrument_id"], ignore_index=True)


def weights(rows: pd.DataFrame, weighting: str) -> pd.Series:
    """Weigh decisions: all 1 (``"equal"``), or by half their stringency (``"stringency"``)."""
    return rows["stringency"] / MIDDLE if weighting == "stringency" else pd.Series(1.0, rows.index)


def stance(
    rows: pd.DataFrame,
    start: pd.Timestamp,
    end: pd.Timestamp,
    places: list[str],
    weighting: str,
) -> pd.DataFrame:
    """Stance index per place: tightening less loosening decisions from `start` to `end`, added up.

    Columns: ``place``, ``date``, ``index`` (in decisions, or in decisions of middling stringency)
    and ``low``, ``high``: least and greatest index over the other codings of `codings`, base
    included. A row per place and day on which one of them changes, and one at either end.
    """
    start, end = pd.Timestamp(start), pd.Timestamp(end)
    rows = rows[(rows["date"] >= start) & rows["place"].isin(places)]
    days = pd.DatetimeIndex(sorted({start, *rows["date"], end}))
    cell = days.get_indexer(rows["date"]), pd.Index(places).get_indexer(rows["place"])
    signed = {
        how: (rows["direction"] * weights(rows, how)).to_numpy() for how in ("equal", "stringency")
    }
    paths = []
    for _name, kept, how in codings(rows, weighting):
        steps = np.zeros((len(days), len(places)))
        np.add.at(steps, cell, np.where(kept, signed[how], 0))  # several decisions may share a cell
        paths.append(steps.cumsum(axis=0))
    parts = {"index": paths[0], "low": np.min(paths, axis=0), "high": np.max(paths, axis=0)}
    frames = {
        name: pd.DataFrame(path, pd.Index(days, name="date"), pd.Index(places, name="place"))
        for name, path in parts.items()
    }
    long = [frame.stack().rename(name) for name, frame in frames.items()]
    found = pd.concat(long, axis=1).reset_index().sort_values(["place", "date"])
    moves = found.groupby("place")[list(parts)].diff()
    changed = moves.ne(0).any(axis=1)  # the first differs from nothing
    return found[changed | (found["date"] == end)].reset_index(drop=True)


def codings(rows: pd.DataFrame, weighting: str) -> Iterator[tuple[str, np.ndarray, str]]:
    """Name the codings that could have been used instead, with the rows they keep and their weighting; base first."""
    every, sources = np.ones(len(rows), bool), rows["source_id"].to_numpy()
    yield "base", every, weighting
    yield "other_weighting", every, "equal" if weighting == "stringency" else "stringency"
    yield "binding", (rows["kind"] == "binding").to_numpy(), weighting
    yield "enacted", rows["event"].isin(ENACTED).to_numpy(), weighting
    yield "no_export_controls", ~rows["export_control"].to_numpy(bool), weighting
    yield "seen", rows["seen"].to_numpy(bool), weighting
    for source in dict.fromkeys(sources):
        yield f"without {source}", sources != source, weighting


def undated(instruments: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """Instruments whose decision has no recorded day, as one decision each on the day they became known.

    As `decisions` returns, with the direction of the text; those that point nowhere are left out.
    """
    decided = events.loc[~events["event"].isin(REPEATS), "instrument_id"]
    rows = instruments[~instruments["instrument_id"].isin(decided)]
    sign = rows["stance"].map({"tightening": 1, "loosening": -1}).fillna(0).astype(int)
    stand_in = rows.assign(
        date=rows["published"],
        event="adopted",
        direction=sign,
        acts_on=None,
        date_basis="memory",
        note="",
    )[[*events.columns]]
    return decisions(instruments, stand_in[sign != 0])


def between(rows: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Decisions with a direction from `start` on, and before `end`."""
    inside = (rows["date"] >= pd.Timestamp(start)) & (rows["date"] < pd.Timestamp(end))
    return rows[inside & (rows["direction"] != 0)]


def since(rows: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Decisions with a direction from `day` on."""
    return between(rows, day, pd.Timestamp.max)


def of_places(rows: pd.DataFrame, places: Iterable[str]) -> pd.DataFrame:
    """Decisions of some places."""
    return rows[rows["place"].isin(list(places))].reset_index(drop=True)


def sources_of(rows: pd.DataFrame) -> list[str]:
    """Ids of the sources of decisions, those of most rows first, and those that nobody saw last."""
    counts = rows.groupby(["source_id", "verified"]).size().rename("rows").reset_index()
    order = ["verified", "rows", "source_id"]
    return counts.sort_values(order, ascending=[False, False, True])["source_id"].to_list()


def any_seen(rows: pd.DataFrame) -> bool:
    """Whether decisions rest on anything but memory; so does none at all, which is then no estimate."""
    return bool(rows["seen"].any()) or rows.empty
