"""Coverage of forecasts against what it should be, a line for each horizon, in the house style."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, forecasts, i18n, style
from briefs.display.i18n import _
from briefs.render import svg

_HEIGHT = 3.4


@dataclass(frozen=True)
class Chart:
    """A drawing, and what it shows in words."""

    svg: str
    alt: str


def draw(name: str, scores: list[dict[str, Any]]) -> Chart:
    """Draw the coverage of each horizon by nominal level; `name` is the drawing's id on its page."""
    rows = pd.DataFrame(scores).sort_values(["horizon_months", "nominal"])
    drawn = charts.small(name, _HEIGHT, _draw, rows)
    return Chart(svg.clean(drawn, name), _alt(rows))


def _draw(ax: Axes, rows: pd.DataFrame) -> None:
    levels = sorted(rows["nominal"].unique())
    ends = [min(levels) - 0.03, max(levels) + 0.03]
    ax.plot(ends, ends, color=style.QUIET, ls=style.DASHES[1], lw=1.5, zorder=1)
    by = {
        _("{n} months", n=i18n.number(horizon)): own.assign(text=_texts(own))
        for horizon, own in rows.groupby("horizon_months")
    }
    for own, colour in zip(by.values(), style.FOUR, strict=False):
        known = own.dropna(subset=["low", "high"])
        ax.vlines(known["nominal"], known["low"], known["high"], color=colour, lw=1.2, alpha=0.6)
    labels = charts.lines(
        ax,
        by,
        "nominal",
        "coverage",
        lambda row: row.text,
        colours=style.FOUR,
        dashes=style.DASHES,
        markers=style.MARKERS,
    )
    ax.set_ylim(0, 1.02)
    ax.set_xticks(levels)
    for axis in (ax.xaxis, ax.yaxis):
        axes.percent_axis(axis)
    ax.set_xlabel(_("Level of the range"))
    axes.measure(ax, _("Share of outcomes inside"), labels)


def _texts(rows: pd.DataFrame) -> list[str]:
    return [
        _(
            "{n} months, {level} range: held {share}",
            n=i18n.number(row["horizon_months"]),
            level=i18n.percent(row["nominal"]),
            share=forecasts.share(row),
        )
        for row in rows.to_dict("records")
    ]


def _alt(rows: pd.DataFrame) -> str:
    top = rows[rows["nominal"] == rows["nominal"].max()]
    return _(
        "Line chart of the share of outcomes inside ranges of several levels, a line for each of {n} "
        "horizons beside a diagonal. Ranges of {level} held {share}.",
        n=i18n.number(rows["horizon_months"].nunique()),
        level=i18n.percent(top["nominal"].iloc[0]),
        share=forecasts.span(top["coverage"]),
    )
