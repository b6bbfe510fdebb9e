"""The overview's drawing: how each claim's verdict moved between two dates."""

import datetime as dt
from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.marks import mark
from briefs.display.records import Card, Column, Figure

#: From top to bottom; it is an order for the eye, and no scale.
LEVELS = ("supported", "partly supported", "mixed", "unresolved", "contradicted", "opinion")
#: Inches that a claim takes, and slots of a level besides those of its claims.
_SLOT, _HEAD = 0.175, 1.5
#: How close claims stand where they have no name, in slots.
_CLOSE = 0.5


def moved(changes: pd.DataFrame, then: dt.date) -> Figure | Card:
    """Draw where the claims whose verdict changed stood then, and stand now; `changes` are ``overview.changes``."""
    total, changes = len(changes), changes[changes["changed"]]
    if changes.empty:
        return finding(
            "finding-moved", _("No verdict has changed since {day}.", day=i18n.day(then))
        )
    rows = pd.DataFrame(
        {
            "claim": [i18n.localized(v.claim["name"]) for v in changes["now"]],
            "before": [v.verdict for v in changes["before"]],
            "now": [v.verdict for v in changes["now"]],
            "verdict_before": [i18n.verdict_word(v.verdict) for v in changes["before"]],
            "verdict_now": [i18n.verdict_word(v.verdict) for v in changes["now"]],
            "estimate_before": [i18n.estimate(v.estimate) for v in changes["before"]],
            "estimate_now": [i18n.estimate(v.estimate) for v in changes["now"]],
        }
    )
    tops = _tops(rows)
    rows = rows.assign(
        at_before=_slots(rows["before"], tops, _CLOSE), at_now=_slots(rows["now"], tops, 1)
    )
    height = 0.55 + _SLOT * (1 + max(rows["at_before"].max(), rows["at_now"].max()))
    day = i18n.day(then)
    counts = rows["now"].value_counts()
    words = {
        "total": i18n.number(total),
        "day": day,
        "supported": i18n.number(int(counts.get("supported", 0))),
        "unresolved": i18n.number(int((rows["before"] == "unresolved").sum())),
        "open": i18n.number(int(counts.get("unresolved", 0))),
    }
    return charts.figure(
        charts.drawing("fig-moved", height, _draw, rows, tops, i18n.month(then)),
        words,
        rows,
        sources=tuple(s for v in changes["now"] for s in v.claim["source_ids"]),
        title=_("{n} of {total} verdicts changed since {day}"),
        subtitle=_("Verdict on each claim by what could be known on {day}, and by now"),
        alt=_(
            "Slope chart of the {n} claims whose verdict changed: {unresolved} of them were unresolved on {day}, "
            "{open} are now, and {supported} are supported now."
        ),
        note=_(
            "Rules and methods are the same at both dates; only what had been published by then differs. The order of "
            "the verdicts is for the eye and no scale."
        ),
        columns=(
            Column("claim", _("Claim")),
            Column("verdict_before", _("Then")),
            Column("verdict_now", _("Now")),
            Column("estimate_before", _("Estimate then")),
            Column("estimate_now", _("Estimate now")),
        ),
    )


def _tops(rows: pd.DataFrame) -> dict[str, float]:
    """Return the first slot of each level that a claim has at either date."""
    before, now = (rows[side].value_counts() for side in ("before", "now"))
    tops, top = {}, 0.0
    for level in LEVELS:
        if most := max(_CLOSE * before.get(level, 0), now.get(level, 0)):
            tops[level] = top
            top += most + _HEAD
    return tops


def _slots(levels: pd.Series, tops: dict[str, float], pitch: float) -> list[float]:
    """Give each claim a slot of its own within its level, in the order of the claims."""
    return [
        tops[level] + 1 + pitch * place
        for level, place in zip(levels, levels.groupby(levels).cumcount(), strict=True)
    ]


def _draw(ax: Axes, rows: pd.DataFrame, tops: dict[str, float], then: str) -> None:
    for level, top in tops.items():
        ax.axhline(top - 0.65, color=style.QUIET, lw=0.6, alpha=0.5)
        ax.text(1.08, top, i18n.verdict_word(level), va="center", weight="bold")
    for row in rows.to_dict("records"):
        colour = style.ACCENT if row["now"] == "contradicted" else style.MAIN
        ends: Sequence[float] = (row["at_before"], row["at_now"])
        ax.plot([0, 1], ends, color=colour, lw=1.6)
        ax.plot(0, ends[0], "o", color=colour, mfc="none", ms=5)
        ax.plot(1, ends[1], "o", color=colour, ms=5)
        ax.text(1.08, ends[1], row["claim"], va="center")
    texts = [
        _("{claim}: {before}, now {now}", claim=r.claim, before=r.verdict_before, now=r.verdict_now)
        for r in rows.itertuples()
    ]
    mark(ax, [1] * len(rows), rows["at_now"], texts)
    last = max(rows["at_before"].max(), rows["at_now"].max())
    ax.set_ylim(last + 0.6, -0.9)
    ax.set_xlim(-0.05, 3.4)
    ax.text(0, -0.9, then, va="bottom")
    ax.text(1.08, -0.9, _("now"), va="bottom")
    ax.set_xticks([])
    ax.set_yticks([])
    ax.grid(visible=False)
    ax.spines["bottom"].set_visible(False)
