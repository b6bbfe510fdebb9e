"""What the overview shows: every claim on a line, and what changed since the article."""

import datetime as dt
import html
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from IPython.display import publish_display_data

from analysis import uncertainty
from analysis.cost import answers as cost
from analysis.market import answers as market
from analysis.overview import Summaries
from analysis.regulation import answers as regulation
from briefs.display import charts, findings, i18n
from briefs.display.i18n import _
from briefs.display.records import LAB_ONLY, MIME, Card, Column, Shown, Table, as_prose, cite
from briefs.values import N_, SHARE, Verdict


@dataclass(frozen=True)
class Scoreboard(Shown):
    """All verdicts, each a record that points to the brief where its evidence stands."""

    records: tuple[dict[str, Any], ...]

    def lab_html(self) -> str:
        rows = "".join(
            "<tr><td>{id}</td><td>{statement}</td><td>{label}</td><td>{answer}</td></tr>".format(
                **{key: html.escape(str(value)) for key, value in record.items()}
            )
            for record in self.records
        )
        return f"<table>{rows}</table>"

    def _ipython_display_(self) -> None:
        for record in self.records:
            cite(record["sources"])
            publish_display_data({MIME: record, "text/plain": f"{record['id']}: {record['label']}"})
        publish_display_data({"text/html": as_prose(self.lab_html())}, metadata={LAB_ONLY: True})


def answers(now: Summaries) -> dict[str, str]:
    """Say what was found of each claim of the article, in its order."""
    return {
        **cost.answers(now.cost),
        **market.answers(now.market),
        **regulation.answers(now.regulation),
    }


def lead(now: Summaries) -> str:
    """Say whether AI gets cheaper as fast as claimed, and what became of the other claims."""
    main = now.cost.cost_4
    others = [judged.verdict for judged in now.verdicts if judged is not main]
    weigh = now.market.market_9.readings[0].estimate
    words = {
        "n": i18n.number(len(others)),
        "holding": i18n.number(others.count("supported")),
        "size": i18n.size(uncertainty.transformed(weigh, lambda ratio: ratio - 1, SHARE)),
    }
    if not weigh.known:
        text = N_("Of the other {n} claims evidence backs {holding} in full.")
    elif weigh.value > 1:
        text = N_(
            "Of the other {n} claims evidence backs {holding} in full; the ten largest stocks weigh {size} more than "
            "before."
        )
    else:
        text = N_(
            "Of the other {n} claims evidence backs {holding} in full; the ten largest stocks weigh {size} less than "
            "before."
        )
    return f"{cost.cost_4(now.cost)} {_(text, **words)}"


def card(now: Summaries) -> Card:
    """Show the lead at the head of the overview."""
    main = now.cost.cost_4.headline, now.market.market_9.readings[0]
    numbers = {reading.id: reading.estimate for reading in main if reading}
    return findings.finding("finding-lead", lead(now), None, True, **numbers)


def scoreboard(verdicts: Iterable[Verdict], said: Mapping[str, str] | None = None) -> Scoreboard:
    """Show every claim with its verdict and the sentence that `answers` says of it."""
    return Scoreboard(
        tuple(_row(judged, (said or {}).get(judged.claim["id"], "")) for judged in verdicts)
    )


def _row(judged: Verdict, answer: str) -> dict[str, Any]:
    record = findings.verdict(judged, answer).record()
    return record | {"page": judged.claim["report"], "summary": record["answer"]}


def changes(moved: pd.DataFrame, then: dt.date) -> Table:
    """Show how verdicts and estimates moved since the article, from ``overview.changes``."""
    rows = pd.DataFrame(
        {
            "claim": [i18n.localized(v.claim["statement"]) for v in moved["now"]],
            "verdict_before": [i18n.verdict_word(v.verdict) for v in moved["before"]],
            "verdict_now": [i18n.verdict_word(v.verdict) for v in moved["now"]],
            "estimate_before": [i18n.estimate(v.estimate) for v in moved["before"]],
            "estimate_now": [i18n.estimate(v.estimate) for v in moved["now"]],
        }
    )
    day = i18n.day(then)
    words = {
        "n": i18n.number(int(moved["changed"].sum())),
        "total": i18n.number(len(moved)),
        "day": day,
    }
    return charts.table(
        "tab-changes",
        words,
        rows,
        sources=tuple(s for v in moved["now"] for s in v.claim["source_ids"]),
        title=_("{n} of {total} verdicts changed since {day}"),
        subtitle=_(
            "Verdict and main estimate with its interval, as they could be known on {day} and now"
        ),
        note=_(
            "The same rules and methods at both dates; only the evidence published by then differs."
        ),
        columns=(
            Column("claim", _("Claim")),
            Column("verdict_before", _("Then")),
            Column("verdict_now", _("Now")),
            Column("estimate_before", _("Estimate then")),
            Column("estimate_now", _("Estimate now")),
        ),
    )
