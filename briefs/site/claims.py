"""A page per claim: who made it, what the evidence says, and how that moved with the date."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from briefs.display import i18n
from briefs.display.i18n import _, localized
from briefs.evidence.claims import Claim, load_claims
from briefs.render import address, editions, metadata, wording
from briefs.site import moves, pages
from briefs.site.shelf import Brief, Shelf
from briefs.site.tables import Evidence

HISTORY = "history.csv"
FOLDER = "claims"

_COLUMNS = (
    "as_of",
    "verdict",
    "reading",
    "reading_verdict",
    "value",
    "low",
    "high",
    "level",
    "n",
    "unit",
    "method",
    "brief",
)


def place_of(language: str, claim: str) -> str:
    """Return the folder of a claim's page."""
    return f"{language}/{FOLDER}/{claim}"


def known(shelf: Shelf, language: str) -> dict[str, tuple[Claim, Brief, dict[str, Any]]]:
    """Map each claim with a page to the claim, the brief that judges it and its entry there.

    A claim of an old brief that ``claims.yml`` no longer has stays on that brief's page alone.
    """
    judged = shelf.claims(language)
    return {name: (claim, *judged[name]) for name, claim in load_claims().items() if name in judged}


def files(shelf: Shelf, language: str, evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Write the page and the CSV of every claim, as path below the root and content."""
    found = known(shelf, language)
    names = list(found)
    for position, (name, (claim, brief, result)) in enumerate(found.items()):
        place, history = place_of(language, name), shelf.history(brief, name)
        sources = [evidence.sources[source] for source in claim.source_ids]
        page = _page(shelf, place, claim, brief, _review(place, claim, result, sources))
        around = {
            "before": names[position - 1] if position else None,
            "after": names[position + 1] if position + 1 < len(names) else None,
        }
        readings = [_reading(claim, reading, history) for reading in result.get("readings") or ()]
        yield (
            f"{place}/{address.PAGE}",
            pages.render(
                "claim.html.j2",
                page,
                words=_words(),
                claim=_claim(page, claim, brief, result, sources),
                around={
                    side: {"id": other, "href": page.to(place_of(language, other))}
                    if other
                    else None
                    for side, other in around.items()
                },
                readings=readings,
                charted=next((reading["id"] for reading in readings if reading["chart"]), ""),
                history=_history(page, history),
                csv=HISTORY,
            ),
        )
        yield f"{place}/{HISTORY}", history_csv(history).encode()


def _page(
    shelf: Shelf, place: str, claim: Claim, brief: Brief, review: dict[str, Any]
) -> pages.Page:
    """Frame a claim's page, which its review describes for machines."""
    verdict = review["reviewRating"]["alternateName"]
    tail = _(
        "Verdict: {verdict}. How it moved with the evidence, and what would change it.",
        verdict=verdict,
    )
    short = metadata.shortened(review["claimReviewed"], metadata.DESCRIPTION_LENGTH - len(tail) - 1)
    return pages.Page(
        place,
        _("Claim {id}: {verdict}", id=claim.id, verdict=verdict),
        f"{short} {tail}",
        tuple(other for other in shelf.languages if claim.id in shelf.claims(other)),
        data=(review,),
        **pages.picture(brief),
    )


def _review(
    place: str,
    claim: Claim,
    result: dict[str, Any],
    sources: list[dict[str, Any]],
) -> dict[str, Any]:
    """Describe the page for machines; a verdict that has no place on the scale is a word alone."""
    own, language = address.site().url(place), address.language_of(place)
    rating: dict[str, Any] = {
        "@type": "Rating",
        "alternateName": wording.verdict_word(result["verdict"]),
    }
    if result["verdict"] in metadata.RATINGS:
        rating |= {
            "ratingValue": metadata.RATINGS[result["verdict"]],
            "worstRating": 1,
            "bestRating": 3,
        }
    edition = editions.current()
    return {
        "@type": "ClaimReview",
        "@id": f"{own}#review",
        "url": own,
        "claimReviewed": _statement(claim, result),
        "reviewBody": result.get("reason") or "",
        "inLanguage": language,
        "author": pages.publisher(language),
        "datePublished": edition.published.isoformat(),
        "dateModified": edition.updated.isoformat(),
        "reviewRating": rating,
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Thing", "name": localized(claim.said_by.model_dump())},
            "datePublished": claim.said_on,
            "appearance": [
                {
                    "@type": "CreativeWork",
                    "name": source["title"],
                    **({"url": source["url"]} if source["url"] else {}),
                }
                for source in sources
            ],
        },
    }


def _claim(
    page: pages.Page,
    claim: Claim,
    brief: Brief,
    result: dict[str, Any],
    sources: list[dict[str, Any]],
) -> dict[str, Any]:
    line = wording.deciding_reading(result)
    quoted = claim.wording.kind == "quote"
    said = {
        "said_by": localized(claim.said_by.model_dump()),
        "said_on": claim.said_on,
        "outlet": localized(claim.outlet.model_dump()),
        "wording": claim.wording.kind,
    }
    section = brief.outline.holding(claim.id)
    return {
        "id": claim.id,
        "statement": _statement(claim, result),
        "quoted": quoted,
        "said": wording.said(said),
        "verdict": result["verdict"],
        "label": wording.verdict_word(result["verdict"]),
        "reason": result.get("reason") or "",
        "quantity": line["quantity"] or "",
        "estimate": wording.estimate(line["estimate"]),
        "words": claim.wording.text
        if claim.wording.text != localized(claim.statement.model_dump())
        else "",
        "words_language": claim.wording.language,
        "attribution": localized(claim.attribution.model_dump()),
        "interest": localized(claim.interest.model_dump()) if claim.interest else "",
        "opinion_part": localized(claim.opinion_part.model_dump()) if claim.opinion_part else "",
        "would_change": localized(claim.would_change.model_dump()),
        "rule_history": [
            {"date": wording.date(change.date), "reason": localized(change.reason.model_dump())}
            for change in claim.rule_history
        ],
        "as_of": wording.date(brief.as_of),
        "brief": brief.title,
        "href": page.to(brief.place) + f"#{claim.id}",
        "evidence": _evidence(page, brief, section),
        "sources": [
            {
                **source,
                "publisher": i18n.name(source["publisher"]),
                "published": wording.date(source["published"]),
            }
            for source in sources
        ],
        "all_sources": page.to(brief.place) + "#sources",
    }


def _statement(claim: Claim, result: dict[str, Any]) -> str:
    return result.get("statement") or localized(claim.statement.model_dump())


def _evidence(page: pages.Page, brief: Brief, section: Any) -> list[dict[str, str]]:
    """List the figures and tables that stand in the claim's section of the brief."""
    held = set(section.ids) if section else set()
    shown = [*brief.results.get("figures", ()), *brief.results.get("tables", ())]
    return [
        {
            "title": item["title"],
            "href": page.to(brief.place) + f"#{item['id']}",
            "csv": page.to(brief.place, item["csv"]) if brief.file(item["csv"]) else "",
        }
        for item in shown
        if item["id"] in held
    ]


def _reading(
    claim: Claim, reading: dict[str, Any], history: list[tuple[Brief, dict[str, Any]]]
) -> dict[str, Any]:
    """One reading of the claim: today's outcome, its rule, and its chart."""
    rule = next((r for r in claim.readings if r.id == reading["id"]), None)
    moments = [
        moves.Moment(
            dt.date.fromisoformat(brief.as_of), found["verdict"], found.get("estimate") or {}
        )
        for brief, found in _tested(history, reading["id"])
    ]
    drawn = None
    if rule and len(moments) > 1:
        drawn = moves.chart(
            moments, wording.quantity(reading), rule.unit, rule.supported, rule.partly
        )
    return {
        "id": reading["id"],
        "quantity": wording.quantity(reading),
        "verdict": reading["verdict"],
        "label": wording.verdict_word(reading["verdict"]),
        "estimate": wording.estimate(reading.get("estimate")),
        "rule": reading.get("rule") or "",
        "chart": drawn,
    }


def _tested(
    history: list[tuple[Brief, dict[str, Any]]], reading: str
) -> Iterator[tuple[Brief, dict[str, Any]]]:
    return (
        (brief, found)
        for brief, claim in history
        for found in claim.get("readings") or ()
        if found["id"] == reading
    )


def _history(page: pages.Page, history: list[tuple[Brief, dict[str, Any]]]) -> list[dict[str, Any]]:
    """Rows of the table, newest first: the reading that tells most, as the claim's own line shows it."""
    rows = []
    for brief, claim in reversed(history):
        main = (claim.get("readings") or [{"estimate": claim.get("estimate")}])[0]
        rows.append(
            {
                "date": wording.date(brief.as_of),
                "href": page.to(brief.place) + f"#{claim['id']}",
                "verdict": claim["verdict"],
                "label": wording.verdict_word(claim["verdict"]),
                "estimate": wording.estimate(main.get("estimate")),
            }
        )
    return rows


def history_csv(history: list[tuple[Brief, dict[str, Any]]]) -> str:
    """Write what a claim came to as of each date, one row per reading, dates in ISO form."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for brief, claim in history:
        for reading in claim.get("readings") or [{}]:
            found = reading.get("estimate") or {}
            writer.writerow(
                [
                    brief.as_of,
                    claim["verdict"],
                    reading.get("id"),
                    reading.get("verdict"),
                    *(found.get(name) for name in _COLUMNS[4:-1]),
                    brief.place,
                ]
            )
    return stream.getvalue()


def _words() -> dict[str, str]:
    """Return the fixed words of a claim's page."""
    return {
        "claim": _("Claim"),
        "as_put": _("As it was put"),
        "as_of": _("As of {date}"),
        "said_title": _("Who said it"),
        "evidence": _("The evidence for the verdict"),
        "read_in": _("Read it in the brief “{brief}”"),
        "csv": _("Data (CSV)"),
        "how": _("How each reading comes out"),
        "one": _("What is measured, and the rule"),
        "moved": _("How the verdict moved"),
        "moved_note": _(
            "Each row judges the claim on what had been published by that date, by the same rule. "
            "The estimate is that of the first reading."
        ),
        "moved_none": _("So far the claim has been judged as of one date only."),
        "history_csv": _("Download the verdict and every reading’s estimate by date (CSV)"),
        "chart_title": _("How the estimate moved"),
        "band_supported": _("range for Supported"),
        "band_partly": _("range for Partly supported"),
        "log": _("Log scale."),
        "chart_note": _("Bars are intervals; the icons on top give this reading’s verdict."),
        "rule_history": _("How the rule changed"),
        "rule_unchanged": _("The rule has not changed since it was fixed."),
        "opinion_part": _("The part that is opinion"),
        "sources": _("Where the claim was found"),
        "all_sources": _("All sources of the evidence"),
        "before": _("Previous claim: {id}"),
        "after": _("Next claim: {id}"),
        "n": _("n = {n}"),
        "no_reading": _("An opinion has no reading: nothing is measured, so there is no rule."),
        "around": _("Other claims"),
        "no_interest": _("None known."),
    }
