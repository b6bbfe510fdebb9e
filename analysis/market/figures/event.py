"""The figure on the event study; a sentence where too little was published."""

from collections.abc import Iterable

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Figure
from briefs.values import N_

GROUPS = {
    "exposed": N_("Exposed to AI"),
    "accelerators": N_("Accelerators"),
    "equipment": N_("Servers, networks"),
    "power": N_("Electricity"),
    "cloud": N_("Cloud"),
    "software": N_("Software"),
    "rest": N_("The rest"),
}


def group_returns(
    effects: pd.DataFrame, date: pd.Timestamp, benchmark: str, sources: Iterable[str]
) -> Figure | Card:
    """Draw ``event_study.group_effects`` on the day of the event, the exposed portfolio first."""
    rows = effects[[e.known for e in effects["day"]]].reset_index(drop=True)
    if rows.empty:
        text = _(
            "No returns had been published by then for that day and the days before that the market model needs."
        )
        return finding("event-not-known", text, "market-1")
    rows = _in_order(rows.assign(label=[_(GROUPS[group]) for group in rows["group"]]))
    main = rows["day"].iloc[0]
    values = pd.Series([e.value for e in rows["day"]])
    words = {
        "day": i18n.day(date),
        "value": i18n.percent(main.value, 1),
        "size": i18n.percent(abs(main.value), 1),
        "estimate": i18n.estimate(main, lambda share: i18n.percent(share, 1)),
        "benchmark": benchmark,
        "level": i18n.percent(main.level),
        "n": i18n.number(main.n),
        "lowest": rows.loc[values.idxmin(), "label"],
        "highest": rows.loc[values.idxmax(), "label"],
        **charts.extent(values),
    }
    return charts.figure(
        charts.drawing("fig-event-groups", 0.31 * len(rows) + 1.0, _draw_groups, rows),
        words,
        charts.spread(rows, "day"),
        sources=sources,
        title=_("Exposed shares moved {value} beyond the market on {day}")
        if main.low <= 0 <= main.high
        else _("Exposed shares fell {size} beyond the market on {day}")
        if main.value < 0
        else _("Exposed shares rose {size} beyond the market on {day}"),
        subtitle=_(
            "Abnormal return of equally weighted groups of shares against {benchmark}, United States exchanges, {day}"
        ),
        alt=_(
            "Dot chart of abnormal returns by group on {day}, where shares exposed to AI moved {estimate}, from "
            "{low} ({lowest}) to {high} ({highest})."
        ),
        note=_(
            "Lines are {level} t intervals of the forecast error of the market model; n = {n} days of estimation."
        ),
        columns=charts.spread_columns("percent", _("Abnormal return"), label=_("Group")),
    )


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the exposed portfolio first, then the groups from the one that fell most."""
    first = rows["group"].eq("exposed")
    value = [e.value for e in rows["day"]]
    return rows.assign(first=~first, value=value).sort_values(
        ["first", "value"], ignore_index=True
    )[rows.columns]


def _draw_groups(ax: Axes, rows: pd.DataFrame) -> None:
    charts.reference(ax, 0, _("as the market"))
    colours = [style.ACCENT, *[style.MAIN] * (len(rows) - 1)]
    charts.forest(ax, rows["label"], rows["day"], colours)
    ax.set_xlabel(_("Abnormal return on the day"))
