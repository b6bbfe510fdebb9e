"""What the overview shows: every claim on a line, and what changed since the article."""

import datetime as dt
import html
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd
from IPython.display import publish_display_data

from briefs.display import charts, findings, i18n
from briefs.display.i18n import _
from briefs.display.records import LAB_ONLY, MIME, Column, Shown, Table, as_prose, cite
from briefs.values import Verdict


@dataclass(frozen=True)
class Scoreboard(Shown):
    """All verdicts, each a record that points to the brief where its evidence stands."""

    records: tuple[dict[str, Any], ...]

    def lab_html(self) -> str:
        rows = "".join(
            "<tr><td>{id}</td><td>{statement}</td><td>{label}</td><td>{summary}</td></tr>".format(
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


def scoreboard(verdicts: Iterable[Verdict]) -> Scoreboard:
    """Show every claim with its verdict, how sure one can be, and the sentence that decided."""
    return Scoreboard(tuple(_row(judged) for judged in verdicts))


def _row(judged: Verdict) -> dict[str, Any]:
    record = findings.verdict(judged).record()
    summary = i18n.phrase(judged.reason[0])
    if record["confidence"]:
        summary += " " + _("{confidence}.", confidence=record["confidence"].capitalize())
    return record | {"page": judged.claim["report"], "summary": summary}


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
