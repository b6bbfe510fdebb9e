"""How the counts grew, and what is shown of it."""

import pandas as pd

from briefs.display import i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure, Table
from briefs.values import N_, Estimate

COUNTERS = N_("median of the counters, range over the counters")


def growth(counts: pd.DataFrame, middle: str = "median") -> Estimate:
    """Riders a day in the last year over those of the first, of the middle counter."""
    wide = counts.pivot(index="counter", columns="year", values="riders_a_day")
    ratios = wide[wide.columns.max()] / wide[wide.columns.min()]
    ends = ratios.min(), ratios.max()
    found = Estimate(ratios.agg(middle), *ends, None, len(ratios), "ratio", COUNTERS, ratios)
    return found.graded(counts["grade"])


def readings(counts: pd.DataFrame, middle: str = "median") -> dict[str, Estimate]:
    """Estimate of each reading of the claim."""
    return {"growth": growth(counts, middle)}


def doubled(found: Estimate) -> Card:
    """Say how the counts grew."""
    text = _(
        "Riders a day are {ratio} times those of the first year ({low} to {high}).",
        ratio=i18n.number(found.value, 2),
        low=i18n.number(found.low, 2),
        high=i18n.number(found.high, 2),
    )
    return finding("growth", text, "cycling-1", headline=True, growth=found)


def table(counts: pd.DataFrame) -> Table:
    """Every count."""
    columns = (
        Column("counter", _("Counter")),
        Column("year", _("Year"), "year"),
        Column("riders_a_day", _("Riders a day"), "number"),
    )
    return Table(
        "tab-counts",
        _("Four counters in three years"),
        counts[[column.name for column in columns]],
        columns,
        tuple(counts["source_id"]),
    )


def figure(counts: pd.DataFrame) -> Figure:
    """Each counter's line."""
    columns = (
        Column("year", _("Year"), "year"),
        Column("counter", _("Counter")),
        Column("riders_a_day", _("Riders a day"), "number"),
    )
    with style.house():
        drawn, ax = style.canvas(2.5)
        for counter, rows in counts.groupby("counter"):
            ax.plot(rows["year"], rows["riders_a_day"], color=style.MAIN)
            ax.annotate(counter, (rows["year"].iloc[-1], rows["riders_a_day"].iloc[-1]))
        ax.set_xticks(sorted(counts["year"].unique()))
        picture = style.svg(drawn, "fig-counts")
    last = counts[counts["year"] == counts["year"].max()]["riders_a_day"]
    return Figure(
        "fig-counts",
        _("Every counter saw more riders"),
        counts[[column.name for column in columns]],
        columns,
        tuple(counts["source_id"]),
        subtitle=_("Riders a day at each counter, mean of the year"),
        svg=picture,
        alt=_(
            "Line chart of riders a day at four counters, which all rise; in the last year "
            "they count from {low} to {high} riders a day.",
            low=i18n.number(last.min()),
            high=i18n.number(last.max()),
        ),
    )
