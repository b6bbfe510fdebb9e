"""Drawing of use of AI beside that of the internet at the same age."""

import datetime as dt

import pandas as pd
from matplotlib.axes import Axes

from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import Estimate

#: Years since take-off that the comparison shows.
_AGES = 12


def adoption(
    internet: pd.DataFrame,
    malaysia: pd.DataFrame,
    aligned: pd.DataFrame,
    start: dt.date,
    equal: Estimate,
) -> Figure | Card:
    """Draw internet use by age in the United States and Malaysia, and today's use of AI.

    `internet` and `malaysia` are ``era.curve``, `aligned` is ``era.align``; `start` is the internet's
    take-off, and `equal` the year of equal adoption.
    """
    if not equal.known:
        text = _("No figure of people's use of AI in the United States had been published by then.")
        return finding("adoption-none", text, "regulation-3")
    lines = {
        _("Internet, US"): _aged(internet, start),
        _("Internet, Malaysia"): _aged(malaysia, start),
    }
    ai = aligned.assign(what=i18n.texts(aligned["measure"]), share=aligned["percent"] / 100)
    first, last = i18n.cell("year", equal.low), i18n.cell("year", equal.high)
    words = {
        "years": first if first == last else _("{first} to {last}", first=first, last=last),
        "n": i18n.number(equal.n),
        **charts.extent(ai["share"]),
        "start": i18n.day(start),
    }
    return charts.figure(
        charts.drawing("fig-adoption", 3.0, _draw_adoption, lines, ai, wide=4.2),
        words,
        pd.concat(
            [*(rows.assign(what=name) for name, rows in lines.items()), ai], ignore_index=True
        ),
        sources=(*internet["source_id"], *aligned["source_id"]),
        title=_("AI use is the internet's of {years}"),
        subtitle=_(
            "Share of people using each, by years since take-off: internet from {start}, AI from the release "
            "of ChatGPT; United States and Malaysia"
        ),
        alt=_(
            "Line chart of internet use by years since take-off in the United States and Malaysia, with the figures "
            "of AI use in the United States ({n}; {low} to {high}) at the age of AI."
        ),
        note=_(
            "Diamonds: published figures of AI use in the United States ({n}), each of its own definition. The "
            "internet series counts people."
        ),
        columns=(
            Column("what", _("What")),
            Column("age", _("Years since take-off"), "decimal"),
            Column("percent", _("Users, %"), "number"),
        ),
    )


def _aged(internet: pd.DataFrame, start: dt.date) -> pd.DataFrame:
    """Internet use by years since take-off."""
    origin = start.year + start.timetuple().tm_yday / 365.25
    rows = internet.assign(age=internet["year"] - origin, share=internet["percent"] / 100)
    return rows[rows["age"].between(0, _AGES)]


def _draw_adoption(ax: Axes, lines: dict[str, pd.DataFrame], ai: pd.DataFrame) -> None:
    fields = {"years": "age:decimal", "share": "share:percent"}
    message = _("{what}, {years} years on: {share} of people")
    colours = (style.MAIN, style.THREE[2])
    say = charts.say(message, what="series", **fields)
    ends = charts.lines(ax, lines, "age", "percent", say, colours=colours, dashes=style.DASHES)
    ax.plot(ai["age"], ai["percent"], "D", color=style.ACCENT, ms=8)
    charts.mark_rows(ax, ai, "age", "percent", charts.say(message, **fields))
    ax.set_xlabel(_("Years since take-off"))
    ax.set_xlim(-1.6, None)  # room for labels to the left of points
    ax.set_xticks(range(0, _AGES + 1, 3))
    ax.set_ylim(0, None)
    labels = [_("AI, {share}", share=i18n.percent(share)) for share in ai["share"]]
    axes.measure(ax, _("Users, % of people"), ends)
    axes.point_labels(ax, list(zip(ai["age"], ai["percent"], labels, strict=True)))
