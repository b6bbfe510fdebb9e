"""Drawing of the net direction of rules, by place and year."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.regulation.words import jurisdiction
from briefs.display import axes, charts, i18n, style
from briefs.display.i18n import _
from briefs.display.records import Column, Figure

#: Height of one panel of the net direction, inches, and width of a bar, years.
_PANEL, _BAR = 0.88, 0.7
#: Line of the day of the change.
_CHANGE: Any = {"color": style.INK, "lw": 1, "ls": style.DASHES[2]}
_IN_CORNER: Any = {"xycoords": "axes fraction", "xytext": (3, 0), "textcoords": "offset points"}
_WRITTEN = {"written": "net", "total": "index"}


def stance(
    index: pd.DataFrame, places: list[str], change: dt.date, weighting: str, sources: Iterable[str]
) -> Figure:
    """Draw the net direction of each year, from ``decisions.stance``, a panel a place."""
    last = index.groupby("place").last()["index"]
    words = charts.period(index["date"]) | {
        "n": i18n.number(len(places)),
        "places": i18n.words([jurisdiction(name) for name in places]),
        "top": jurisdiction(last.idxmax()),
        "most": _points(last.max()),
        "low": jurisdiction(last.idxmin()),
        "least": _points(last.min()),
        "unit": _("decisions") if weighting == "equal" else _("decisions of middling stringency"),
        "day": i18n.day(change),
    }
    rows = by_year(index)
    panels = {jurisdiction(name): rows[rows["place"] == name] for name in places}
    height, kind = _PANEL * len(places) + 0.4, "integer" if weighting == "equal" else "decimal"
    return charts.figure(
        charts.drawing(
            "fig-stance", height, _draw_stance, panels, change, panels=len(places), wide=3.6
        ),
        words,
        rows.assign(place=[jurisdiction(name) for name in rows["place"]]),
        sources=sources,
        title=_("Net tightening since {since}: {top} {most}, {low} {least}")
        if len(places) > 1
        else _("Net tightening since {since}: {top} {most}"),
        subtitle=_(
            "Tightening less loosening decisions of each year, in {unit}, {places}, {since} to {until}"
        ),
        alt=_(
            "Bar charts of tightening less loosening decisions by year in {n} panels, adding up to {most} for {top} "
            "and {least} for {low} from {since} to {until}."
        ),
        note=_("The dotted line is {day}. The last year isn't over."),
        columns=(
            Column("place", _("Place")),
            Column("year", _("Year"), "year"),
            Column("net", _("Net in the year"), kind),
            Column("index", _("Added up"), kind),
        ),
    )


def by_year(index: pd.DataFrame) -> pd.DataFrame:
    """Split the index of ``decisions.stance`` by year: ``net`` of each, and the ``index`` at its end."""
    first, last = (index["date"].dt.year.agg(end) for end in ("min", "max"))
    ends = index.assign(year=index["date"].dt.year).groupby(["place", "year"])["index"].last()
    years = pd.RangeIndex(first, last + 1, name="year")
    table = ends.unstack("place").reindex(years).ffill().fillna(0.0)
    rows = table.unstack().rename("index").reset_index()
    net = rows.groupby("place")["index"].diff()
    return rows.assign(net=net.fillna(rows["index"]))


def _draw_stance(panes: list[Axes], panels: dict[str, pd.DataFrame], change: dt.date) -> None:
    say = charts.say(
        _("{place}, {year}: net {net}, {index} so far"),
        year="year:year",
        net="written",
        index="total",
    )
    for ax, (name, rows) in zip(panes, panels.items(), strict=True):
        looser = rows["net"] < 0
        colours = looser.map({False: style.MAIN, True: style.ACCENT})
        ax.bar(rows["year"], rows["net"], _BAR, color=colours, lw=0)
        ax.axhline(0, color=style.INK, lw=0.8)
        ax.axvline(change.year + change.timetuple().tm_yday / 366 - 0.5, **_CHANGE)
        told = {column: [_points(v) for v in rows[name]] for column, name in _WRITTEN.items()}
        charts.mark_rows(ax, rows.assign(place=name, **told), "year", "net", say, _BAR)
        _annotate(ax, rows)
        axes.y_title(ax, f"{name}: {_points(rows['index'].iloc[-1])}")
        axes.whole_axis(ax.yaxis, 3)
        ax.spines["bottom"].set_visible(False)
    _label_years(panes, next(iter(panels.values()))["year"])
    panes[0].annotate(_("tightens"), (0, 1), **_IN_CORNER, va="top")
    panes[0].annotate(_("loosens"), (0, 0), **_IN_CORNER, va="bottom")


def _annotate(ax: Axes, rows: pd.DataFrame) -> None:
    """Write what the year of most tightening, and that of most loosening, came to."""
    extremes = {rows["net"].idxmax(), rows["net"].idxmin()}
    for year, net in rows.loc[sorted(extremes), ["year", "net"]].itertuples(index=False):
        if net:
            up = net > 0
            side: Any = {"va": "bottom" if up else "top", "xytext": (0, 2 if up else -2)}
            ax.annotate(_points(net), (year, net), textcoords="offset points", ha="center", **side)


def _label_years(panes: list[Axes], years: pd.Series) -> None:
    first, last = years.min(), years.max()
    for ax in panes:
        ax.set_xlim(first - 0.6, last + 0.6)
        ax.margins(y=0.2)
        ax.xaxis.set_major_formatter(lambda year, _at: f"{year:.0f}")
        every = 3 if len(panes) > 1 and style.wide(ax) else 1 + (last - first) // 6
        ax.set_xticks(range(last, first - 1, -every))
        ax.tick_params(axis="x", length=0)


def _points(value: float) -> str:
    """Write an index without needless decimals."""
    return i18n.number(value, 0 if float(value).is_integer() else 1)
