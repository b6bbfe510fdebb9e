"""Drawing of what surveys found on too much and too little regulation."""

import textwrap
from collections.abc import Iterable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_

#: Survey -> the name that a label has room for.
_SHORT = {
    "Pew": "Pew",
    "AI Index 2026": "AI Index",
    "Gallup": "Gallup",
    "AI Policy": "AIPI",
    "Penn": "Annenberg",
    "Echelon": "Echelon",
    "Axios": "Axios",
    "Authority": "Auth. Hacker",
    "Ipsos": "Ipsos",
    "AI Index and": "McKinsey",
}
#: What an answer leans to -> its colour, its mark and its name.
_SIDES = {
    "more": (style.MAIN, "o", N_("More or firmer rules")),
    "fewer": (style.ACCENT, "s", N_("Fewer rules")),
    "uncertainty": (style.THREE[2], "D", N_("Unclear rules hinder")),
}


def surveys(opinions: pd.DataFrame, sources: Iterable[str]) -> Figure | Card:
    """Draw what surveys found, for more rules and for fewer: ``rivalry.opinions``."""
    partisan = opinions["population"].str.contains("Democrats|Republicans")
    order = opinions["leaning"].map(list(_SIDES).index)
    rows = opinions[~partisan].loc[order[~partisan].sort_values(kind="stable").index]
    rows = rows.reset_index(drop=True)
    sides = rows.groupby(["survey", "question"])["leaning"].transform("nunique")
    both = rows[(sides > 1) & rows["question"].str.contains("too far")]
    if both.empty:
        text = _(
            "No survey published by then gives both who finds regulation too weak and who finds it too strict."
        )
        return finding("surveys-none", text, "regulation-2")
    unit = _("answers whose number asked isn't known have none; n counts people")
    sample = charts.interval_note(rows["estimate"], unit) or _(
        "No survey says how many were asked, so there are no intervals."
    )
    asked = both[both["survey"] == both.sort_values("year")["survey"].iloc[-1]]
    pair = asked.drop_duplicates("leaning").set_index("leaning")["percent"] / 100
    words = charts.period(rows["year"], "year", ("first", "last")) | {
        "more": i18n.percent(pair["more"]),
        "fewer": i18n.percent(pair["fewer"]),
    }
    high = 0.27 * len(rows) + 1.5
    names = ("survey", "population", "question", "answer")
    texts = {name: i18n.texts(rows[name]) for name in names}
    return charts.figure(
        charts.drawing("fig-surveys", 0.4 * len(rows) + 1.4, _draw_surveys, rows, wide=high),
        words,
        # a number asked that nobody states is unknown, not zero
        charts.spread(rows.drop(columns="n")).assign(n=rows["n"], **texts),
        sources=sources,
        title=_("Too little regulation, say {more}; too much, {fewer}"),
        subtitle=_(
            "Share giving an answer, {n} answers in surveys of the public and of business leaders, United "
            "States and world, {first} to {last}"
        ),
        alt=_(
            "Dot chart of {n} survey answers on regulating AI, where in the latest question that offers both, {more} "
            "expect too little regulation and {fewer} too much."
        ),
        note=_("Wording, sponsors and samples differ.") + f" {sample}",
        columns=(
            Column("survey", _("Survey")),
            Column("population", _("Asked")),
            Column("question", _("Question")),
            Column("answer", _("Answer")),
            *charts.spread_columns("percent", _("Share")),
        ),
    )


def _draw_surveys(ax: Axes, rows: pd.DataFrame) -> None:
    room = 60 if style.wide(ax) else 26
    labels = [_label(r.survey, _(r.label), room) for r in rows.itertuples()]
    colours, marks, groups = zip(*rows["leaning"].map(_SIDES), strict=True)
    looks: Any = {"marker": marks, "group": [_(group) for group in groups]}
    charts.forest(ax, labels, rows["estimate"], colours, **looks)
    ax.set_xlim(0, 1)
    ax.set_xticks([0, 0.5, 1])
    ax.set_xlabel(_("Share giving the answer"))


def _label(survey: str, answer: str, room: int) -> str:
    short = [name for start, name in _SHORT.items() if survey.startswith(start)]
    return textwrap.fill(f"{answer} ({short[-1] if short else survey})", room)
