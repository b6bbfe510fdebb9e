"""The index of a language, and the root page where a reader chooses one."""

from collections import Counter
from typing import Any

from briefs.display import i18n
from briefs.display.i18n import _, localized
from briefs.project import FORMATS
from briefs.render import address, editions, metadata, wording
from briefs.site import claims, pages, search
from briefs.site.evidence import Evidence
from briefs.site.pages import File, Page
from briefs.site.reports import Brief, Reports
from briefs.values import VERDICTS

#: Files that machines and analysts take, besides the formats for readers.
_FURTHER = {"results": "results.json", "notebook": "notebook.ipynb"}


def page(reports: Reports, language: str, evidence: Evidence) -> File:
    """Write the index page of a language."""
    fronts = reports.front(language)
    judged = claims.judged(reports, language)
    page = Page(
        language,
        metadata.site_name(),
        _description(len(judged)),
        reports.languages,
        default="",
        script="index.js",
        data=_machines(language, fronts),
        picture=fronts[0],
    )
    return pages.render(
        "index.html.j2",
        page,
        briefs=[_row(page, brief) for brief in fronts],
        translated={brief.report: _translations(brief, reports) for brief in fronts},
        claims=judged.values(),
        filters=_filters(list(judged.values())),
        editions=_editions(page, reports),
        earlier=reports.earlier(language),
        others=reports.others(language),
        entries=metadata.inline_json(search.entries(page, reports, evidence.tables)),
    )


def root(reports: Reports) -> File:
    """Write the page where a reader chooses a language."""
    choices = []
    for language in reports.languages:
        with wording.in_language(language):
            choices.append(_choice(language, reports.front(language)[0]))
    first = reports.languages[0]
    with wording.in_language(first):
        words = pages.project_words("choose")
        page = Page(
            "",
            localized(words) if words else metadata.site_name(),
            _description(len(claims.judged(reports, first))),
            reports.languages,
            default="",
        )
        return pages.render("root.html.j2", page, choices=choices)


def _choice(language: str, brief: Brief) -> dict[str, str]:
    edition = editions.current()
    return {
        "language": language,
        "title": metadata.site_name(),
        "finding": brief.finding,
        "edition": _("Edition of {month}", month=wording.edition_name(edition)),
        "updated": _("Updated {date}", date=i18n.day(edition.updated)),
    }


def _description(count: int) -> str:
    words = pages.project_words("description")
    if not words:
        return _("What was claimed, what the evidence says, and how sure one can be.")
    text = localized(words).format(n=i18n.number(count))
    return metadata.shortened(text, metadata.DESCRIPTION_LENGTH)


def _machines(language: str, fronts: list[Brief]) -> dict[str, Any]:
    """Describe the index for machines."""
    site = address.site()
    return {
        "@type": "CollectionPage",
        "@id": f"{site.url(language)}#page",
        "url": site.url(language),
        "name": metadata.site_name(),
        "inLanguage": language,
        "publisher": metadata.publisher(language),
        "license": wording.LICENSE_URL,
        "dateModified": editions.current().updated.isoformat(),
        "hasPart": [
            {"@type": "Article", "headline": brief.title, "url": site.url(brief.place)}
            for brief in fronts
        ],
    }


def _row(page: Page, brief: Brief) -> dict[str, Any]:
    """Return a brief with links to its files, as far as they are there."""
    links = {kind: page.to(brief.place, FORMATS[kind]) for kind in brief.formats()}
    further = {kind: page.to(brief.place, name) for kind, name in _FURTHER.items()}
    links |= {kind: further[kind] for kind, name in _FURTHER.items() if brief.file(name)}
    return {"brief": brief, "links": links}


def _translations(brief: Brief, reports: Reports) -> list[Brief]:
    """List the same brief in the other languages."""
    others = [language for language in reports.languages if language != brief.language]
    fronts = [other for language in others for other in reports.front(language)]
    return [other for other in fronts if other.report == brief.report]


def _filters(rows: list[claims.Judged]) -> list[tuple[str, str, list[tuple[str, str, int]]]]:
    """Return the choices that leave something to see, each with its count."""
    themes: dict[str, str] = {row.claim.report: row.brief.title for row in rows}
    found = {row.verdict: row.word for row in rows}
    verdicts = {verdict: found[verdict] for verdict in VERDICTS if verdict in found}
    themed: Counter[str] = Counter(row.claim.report for row in rows)
    judged = Counter(row.verdict for row in rows)
    groups = (("theme", _("Topic"), themes, themed), ("verdict", _("Verdict"), verdicts, judged))
    every = ("", _("All"), len(rows))
    return [
        (group, label, [every, *((name, word, counts[name]) for name, word in choices.items())])
        for group, label, choices, counts in groups
    ]


def _editions(page: Page, reports: Reports) -> list[dict[str, Any]]:
    """List every edition that is published, newest first."""
    return [
        {
            "edition": edition,
            "name": wording.edition_name(edition),
            "briefs": [_row(page, brief) for brief in briefs],
        }
        for edition in editions.load()
        if (briefs := reports.edition(page.language, edition.id))
    ]
