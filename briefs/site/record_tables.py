"""Tables of the record's page: their headings and cells, written in the active language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from briefs.display import forecasts, i18n
from briefs.display.i18n import _
from briefs.evidence import track
from briefs.render import wording

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """A table with its heading, whose id is that of the table."""

    id: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


def of_forecasts(record: Row, place: str) -> list[Table]:
    """Tables of one record of forecasts that have rows, with ids that begin with `place`."""
    found = [
        Table(
            f"{place}-coverage",
            _("How often the ranges held"),
            [
                _("Months"),
                _("Level"),
                _("Held"),
                _("Forecasts"),
                _("Origins"),
                _("Drawn"),
            ],
            [_covered(row) for row in forecasts.held_out(record["scores"])],
        ),
        Table(
            f"{place}-skill",
            _("Skill against simpler forecasts"),
            [_("Months"), _("No change"), _("The claimed rate"), _("A plain trend")],
            list(_skills(forecasts.held_out(record["scores"]))),
        ),
        Table(
            f"{place}-misses",
            _("The worst misses"),
            [_("What"), _("Made"), _("For"), _("Range of {p}", p=i18n.percent(0.9)), _("Came")],
            [_missed(row) for row in record["misses"]],
        ),
        Table(
            f"{place}-published",
            _("What editions projected, and what came"),
            [_("Edition"), _("What"), _("Made"), _("For"), _("Range"), _("Came"), _("Inside")],
            [_published(row) for row in record["published"]],
        ),
    ]
    return [table for table in found if table.rows]


def _covered(row: Row) -> list[str]:
    return [
        i18n.number(row["horizon_months"]),
        i18n.percent(row["nominal"]),
        forecasts.share(row),
        i18n.number(row["n"]),
        i18n.number(row["origins"]),
        i18n.cell("text", row["drawn"]),
    ]


def _skills(scores: Sequence[Row]) -> Iterator[list[str]]:
    """Row for each horizon, whose levels all have the same skill."""
    for horizon, row in sorted({row["horizon_months"]: row for row in scores}.items()):
        yield [
            i18n.number(horizon),
            *(_skill(row, reference) for reference in ("flat", "claimed", "trend")),
        ]


def _skill(row: Row, reference: str) -> str:
    skill, p = row[f"skill_{reference}"], row[f"p_{reference}"]
    text = i18n.percent(skill)
    return text if skill is None or p is None else _("{skill} (p = {p})", skill=text, p=_p(p))


def _p(value: float) -> str:
    return i18n.number(value, 3 if value < 0.1 else 2)


def _missed(row: Row) -> list[str]:
    return [
        row["series"],
        wording.date(row["origin"]),
        wording.date(row["target"]),
        _("{low} to {high}", **{end: i18n.cell("number", row[end]) for end in ("low", "high")}),
        i18n.cell("number", row["came"]),
    ]


def _published(row: Row) -> list[str]:
    write = {end: i18n.amount(row["unit"], row[end]) for end in ("low", "high")}
    return [
        row["edition"],
        row["series"],
        wording.date(row["made"]),
        wording.date(row["target"]),
        _("{level}: {low} to {high}", level=i18n.percent(row["level"]), **write),
        i18n.amount(row["unit"], row["came"]),
        i18n.cell("text", row["inside"]),
    ]


def stored(rows: pd.DataFrame) -> Table | None:
    """Table of what the editions projected and when it falls due; None if none projected anything."""
    if rows.empty:
        return None
    keys = ["edition", "report", "series", "target"]
    by = rows.drop_duplicates(keys).groupby("edition")["target"].agg(["size", "min", "max"])
    return Table(
        "stored",
        _("Projections kept to be scored"),
        [_("Edition"), _("Projections"), _("The first falls due"), _("The last")],
        [
            [str(edition), i18n.number(row["size"]), i18n.day(row["min"]), i18n.day(row["max"])]
            for edition, row in by.iterrows()
        ],
    )


def dates(found: pd.DataFrame) -> Table:
    """Table of how many verdicts as of each date are those of now."""
    rows = [
        [
            wording.date(row["as_of"]),
            _("{k} of {n}", k=i18n.number(row["same"]), n=i18n.number(row["n"])),
        ]
        for row in found.to_dict("records")
    ]
    return Table("dates", _("By date"), [_("As of"), _("The same verdict as now")], rows)


def _events() -> dict[str, str]:
    return {"supported": _("Support"), "partly": _("Support, at least in part")}


def reliability(found: Mapping[str, pd.DataFrame]) -> Table:
    """Table of how often what had a probability as of an earlier date is so now."""
    rows = [
        [
            _events()[event],
            _("{low} to {high}", low=i18n.percent(row["low"]), high=i18n.percent(row["high"])),
            i18n.percent(row["p"]),
            i18n.percent(row["came"]),
            i18n.number(row["n"]),
            i18n.number(row["claims"]),
        ]
        for event, table in found.items()
        for row in table.to_dict("records")
    ]
    head = [_("Probability of"), _("Said then"), _("Mean"), _("So now"), "n", _("Claims")]
    return Table("reliability", _("Probabilities said then against outcomes now"), head, rows)


def brier(scored: Mapping[str, pd.DataFrame]) -> Table:
    """Table of Brier scores, beside that of saying the share that came each time."""
    rows = []
    for event, own in scored.items():
        score, share = track.brier(own), own["came"].mean()
        value, low, high = (i18n.number(x, 2) for x in (score.value, score.low, score.high))
        rows.append(
            [
                _events()[event],
                _("{value} ({low} to {high})", value=value, low=low, high=high),
                i18n.number(share * (1 - share), 2),
                i18n.number(score.n),
                i18n.number(score.claims),
            ]
        )
    head = [_("Probability of"), _("Brier score"), _("Same share each time"), "n", _("Claims")]
    return Table("brier", _("Brier score"), head, rows)
