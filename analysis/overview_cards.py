"""What the overview says: its lead, and every claim on a line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.cost import answers as cost
from analysis.market import answers as market
from analysis.overview import Summaries
from analysis.regulation import answers as regulation
from briefs.display import findings, lab
from briefs.display.i18n import _
from briefs.display.records import LAB_ONLY, MIME, Card, Shown, as_prose, cite, publish
from briefs.values import Verdict


@dataclass(frozen=True)
class Scoreboard(Shown):
    """All verdicts, each a record that points to the brief where its evidence stands."""

    records: tuple[dict[str, Any], ...]

    def lab_html(self) -> str:
        names = {
            "id": _("Claim"),
            "statement": _("Statement"),
            "label": _("Verdict"),
            "answer": _("What was found"),
        }
        rows = [[str(record[name]) for name in names] for record in self.records]
        return lab.table([(label, "text") for label in names.values()], rows)

    def _ipython_display_(self) -> None:
        for record in self.records:
            cite(record["sources"])
            publish({MIME: record})
        publish({"text/html": as_prose(self.lab_html())}, metadata={LAB_ONLY: True})


def answers(now: Summaries) -> dict[str, str]:
    """Say what was found of each claim of the article, in its order."""
    return {
        **cost.answers(now.cost),
        **market.answers(now.market),
        **regulation.answers(now.regulation),
    }


def lead(now: Summaries) -> str:
    """Say whether AI gets cheaper as fast as claimed, and what the news did to the market."""
    return f"{cost.cost_4(now.cost)} {market.day(now.market)}"


def card(now: Summaries) -> Card:
    """Show the lead at the head of the overview."""
    main = now.cost.cost_4.headline, now.market.market_1.readings[1]
    numbers = {reading.id: reading.estimate for reading in main if reading}
    return findings.finding("finding-lead", lead(now), None, True, **numbers)


def scoreboard(verdicts: Iterable[Verdict], said: Mapping[str, str]) -> Scoreboard:
    """Show every claim with its verdict and the sentence of `answers` that is `said` of it."""
    return Scoreboard(
        tuple(
            findings.verdict(judged, said[judged.claim["id"]]).record()
            | {"page": judged.claim["report"]}
            for judged in verdicts
        )
    )
