"""A page per claim: who made it, what the evidence says, and how that moved with the date."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from briefs.display.i18n import _, localized
from briefs.evidence.claims import Claim, load_claims
from briefs.render import address, editions, metadata, whatif, wording
from briefs.render.choices import WhatIf
from briefs.site import compare, pages
from briefs.site.evidence import Evidence
from briefs.site.pages import File, Page
from briefs.site.reports import Brief, Reports

if TYPE_CHECKING:
    from briefs.site.chart import Chart

HISTORY = "history.csv"
FOLDER = "claims"

_ESTIMATE = ("value", "low", "high", "level", "n", "unit", "method")

#: What a claim came to as of each date, earliest first.
History = list[tuple[Brief, dict[str, Any]]]


@dataclass(frozen=True)
class Judged:
    """A claim with a page, the brief that judges it and its entry in the results there."""

    claim: Claim
    brief: Brief
    result: dict[str, Any]

    @property
    def place(self) -> str:
        return f"{self.brief.language}/{FOLDER}/{self.claim.id}"

    @property
    def statement(self) -> str:
        return self.result.get("statement") or localized(self.claim.statement.model_dump())

    @property
    def name(self) -> str:
        return self.result.get("name") or localized(self.claim.name.model_dump())

    @property
    def answer(self) -> str:
        """One plain sentence; of a report from before there were any, the reason."""
        return self.result.get("answer") or self.reason

    @property
    def verdict(self) -> str:
        return str(self.result["verdict"])

    @property
    def reason(self) -> str:
        return self.result.get("reason") or ""

    @property
    def headline(self) -> dict[str, Any]:
        """The reading that speaks for the claim; empty for an opinion."""
        named = self.result.get("reading")
        return next((r for r in self.readings if r["id"] == named), {})

    @property
    def readings(self) -> list[dict[str, Any]]:
        return self.result.get("readings") or []

    @property
    def said(self) -> dict[str, Any]:
        """Who made the claim, when, where and whether in these words, as a record has it."""
        return {
            "said_by": localized(self.claim.said_by.model_dump()),
            "said_on": self.claim.said_on,
            "outlet": localized(self.claim.outlet.model_dump()),
            "wording": self.claim.wording.kind,
            "verdict": self.verdict,
        }

    @property
    def causes(self) -> list[str]:
        """Why each combination of other choices leaves the claim open, see `whatif.causes`."""
        return list(self.brief.outline.get("causes", {}).get(self.claim.id, ()))

    @property
    def shown(self) -> list[dict[str, Any]]:
        """Figures and tables that stand in the claim's section of the brief."""
        held = self.brief.section_of(self.claim.id).get("holds", ())
        return [item for item in self.brief.shown if item["id"] in held]


def judged(reports: Reports, language: str) -> dict[str, Judged]:
    """Map the name of each claim with a page to the claim.

    A claim of an old brief that ``claims.yml`` no longer has stays on that brief's page alone.
    """
    found = reports.claims(language)
    return {
        name: Judged(claim, *found[name]) for name, claim in load_claims().items() if name in found
    }


def files(reports: Reports, language: str, evidence: Evidence) -> Iterator[File]:
    """Write the page and the CSV of every claim."""
    found = list(judged(reports, language).values())
    for before, claim, after in zip([None, *found], found, [*found[1:], None], strict=False):
        history = reports.history(claim.brief, claim.claim.id)
        sources = [evidence.sources[source] for source in claim.claim.source_ids]
        charts, tried = _charts(claim, history), whatif.of_claim(claim.result, claim.causes)
        yield pages.render(
            "claim.html.j2",
            _page(reports, claim, sources, _scripts(history, charts, tried)),
            judged=claim,
            whatif=tried,
            combinations=whatif.inline([tried] if tried else []),
            claim=claim.claim,
            brief=claim.brief,
            said=wording.said(claim.said),
            sources=sources,
            history=list(reversed(history)),
            csv=HISTORY,
            charts=charts,
            changes=compare.changes(history),
            first=wording.first_verdict(claim.claim.context()["rule_history"]),
            robustness=wording.robustness(claim.result),
            before=before,
            after=after,
        )
        yield File(f"{claim.place}/{HISTORY}", history_csv(history).encode())


def _scripts(history: History, charts: dict[str, "Chart"], tried: WhatIf | None) -> tuple[str, ...]:
    """Name the scripts of a claim's page, which does without them where nothing moved or was tried."""
    needed = {"hover.js": charts, "compare.js": len(history) > 1, "whatif.js": tried}
    return ("scroll.js", *(name for name, need in needed.items() if need))


def _page(
    reports: Reports, claim: Judged, sources: list[dict[str, Any]], scripts: tuple[str, ...]
) -> Page:
    name, word = claim.claim.id, wording.verdict_word(claim.verdict)
    tail = _(
        "Verdict: {verdict}. How it moved with the evidence, and what would change it.",
        verdict=word,
    )
    room = metadata.DESCRIPTION_LENGTH - len(tail) - 1
    own, edition = address.site().url(claim.place), editions.current()
    appearances = [(source["title"], source["url"]) for source in sources]
    review = {
        **metadata.review(claim.said, claim.statement, appearances),
        "@id": f"{own}#review",
        "url": own,
        "reviewBody": claim.reason,
        "inLanguage": claim.brief.language,
        "author": metadata.publisher(claim.brief.language),
        "datePublished": edition.published.isoformat(),
        "dateModified": edition.updated.isoformat(),
    }
    return Page(
        claim.place,
        _("Claim {id}: {verdict}", id=name, verdict=word),
        f"{metadata.shortened(claim.statement, room)} {tail}",
        tuple(language for language in reports.languages if name in reports.claims(language)),
        scripts=scripts,
        data=review,
        picture=claim.brief,
    )


def _charts(claim: Judged, history: History) -> dict[str, "Chart"]:
    """Draw how the estimate of each reading moved, if it was judged more than once."""
    if len(history) < 2:
        return {}
    # late: matplotlib takes a while, and a page without history needs none
    from briefs.site import chart

    drawn = {}
    rules = {rule.id: rule for rule in claim.claim.readings}
    for reading in claim.readings:
        name = reading["id"]
        moments = [
            chart.Moment.of(brief.as_of, found)
            for brief, result in history
            for found in result.get("readings") or ()
            if found["id"] == name
        ]
        if name in rules and len(moments) > 1 and any(moment.span for moment in moments):
            place = f"{claim.claim.id}-{name}"
            drawn[name] = chart.draw(place, moments, rules[name], reading["quantity"])
    return drawn


def history_csv(history: History) -> str:
    """Write what a claim came to as of each date, one row per reading, dates in ISO form."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(["as_of", "verdict", "reading", "outcome", *_ESTIMATE, "brief"])
    for brief, claim in history:
        for reading in claim.get("readings") or [{}]:
            found = reading.get("estimate") or {}
            start = brief.as_of, claim["verdict"], reading.get("id"), reading.get("outcome")
            writer.writerow([*start, *map(found.get, _ESTIMATE), brief.place])
    return stream.getvalue()
