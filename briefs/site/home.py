"""The index of a language, and the root page where a reader chooses one."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from briefs.display import i18n
from briefs.display.i18n import _, localized
from briefs.project import FILES
from briefs.render import about, address, claims_chart, editions, metadata, wording
from briefs.render.claim_blocks import Count
from briefs.site import claims, compare, pages, search, sets
from briefs.site.evidence import Evidence
from briefs.site.pages import File, Page
from briefs.site.reports import Brief, Reports
from briefs.values import VERDICTS

#: A button of a filter: value, label, how many it leaves.
Choice = tuple[str, str, int]


def page(reports: Reports, language: str, evidence: Evidence) -> File:
    """Write the index page of a language."""
    fronts = reports.front(language)
    judged = claims.judged(reports, language)
    board = compare.board(reports, judged.values())
    page = pages.of(
        reports,
        language,
        metadata.site_name(),
        _description(len(judged)),
        default="",
        scripts=("index.js", *(("scroll.js", "board.js") if len(board.dates) > 1 else ())),
        data=_machines(language, fronts),
    )
    return pages.render(
        "index.html.j2",
        page,
        reports=reports,
        many=sets.MANY,
        claims=judged.values(),
        board=board,
        verdicts=VERDICTS,
        chart=claims_chart.chart((row.result, page.to(row.place)) for row in judged.values()),
        counted=_counted(judged.values()),
        subject=about.words("subject"),
        filters=_filters(judged.values()),
        editions=editions.load(),
        files=FILES,
        entries=metadata.inline_json(search.entries(page, reports, evidence.tables)),
        alike=metadata.inline_json(search.alike()),
    )


def root(reports: Reports) -> File:
    """Write the page where a reader chooses a language."""
    choices, edition = [], editions.current()
    for language in reports.languages:
        with wording.in_language(language):
            choices.append(
                {
                    "language": language,
                    "title": metadata.site_name(),
                    "finding": reports.front(language)[0].finding,
                    "edition": _("Edition of {month}", month=wording.edition_name(edition)),
                    "updated": _("Updated {date}", date=i18n.day(edition.updated)),
                }
            )
    with wording.in_language(reports.languages[0]):
        words = about.project_words("choose")
        title = localized(words) if words else metadata.site_name()
        count = len(claims.judged(reports, reports.languages[0]))
        page = Page("", title, _description(count), reports.languages, default="")
        return pages.render("root.html.j2", page, choices=choices)


def _description(count: int) -> str:
    words = about.project_words("description")
    if not words:
        return _("What was claimed, what the evidence says, and how sure one can be.")
    text = localized(words).replace("{n}", i18n.number(count))
    return metadata.shortened(text, metadata.DESCRIPTION_LENGTH)


def _machines(language: str, fronts: list[Brief]) -> dict[str, Any]:
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


def _counted(rows: Collection[claims.Judged]) -> str:
    counts = Counter(row.verdict for row in rows)
    return wording.counted(
        [Count(v, wording.verdict_word(v), counts[v]) for v in VERDICTS if counts[v]]
    )


def _filters(rows: Collection[claims.Judged]) -> list[tuple[str, str, list[Choice]]]:
    """Return the choices that leave something to see, each with its count."""
    titles = {row.claim.report: row.brief.title for row in rows}
    themes = Counter(row.claim.report for row in rows)
    verdicts = Counter(row.verdict for row in rows)
    every = ("", _("All"), len(rows))
    themed = [(name, titles[name], count) for name, count in themes.items()]
    found = [(v, wording.verdict_word(v), verdicts[v]) for v in VERDICTS if v in verdicts]
    return [("theme", _("Topic"), [every, *themed]), ("verdict", _("Verdict"), [every, *found])]
