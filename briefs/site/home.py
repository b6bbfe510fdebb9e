"""The index of a language, and the root page where a reader chooses one."""

from collections.abc import Iterator
from typing import Any

from briefs.display import i18n
from briefs.display.i18n import _, localized
from briefs.project import FORMATS
from briefs.render import address, editions, metadata, wording
from briefs.render.frame import LANGUAGES
from briefs.site import claims, pages, search, tables
from briefs.site.shelf import Brief, Shelf
from briefs.values import VERDICTS

SCRIPT = "index.js"


def files(shelf: Shelf, language: str, evidence: tables.Evidence) -> Iterator[tuple[str, bytes]]:
    """Write the index page of a language."""
    fronts = shelf.front(language)
    page = pages.Page(
        language,
        metadata.site_name(),
        _description(shelf, language),
        shelf.languages,
        default="",
        script=SCRIPT,
        data=(_machines(language, fronts),),
        **pages.picture(fronts[0]),
    )
    rows = _claims(page, shelf)
    yield (
        f"{language}/{address.PAGE}",
        pages.render(
            "index.html.j2",
            page,
            words=_words(),
            briefs=_briefs(page, shelf),
            claims=rows,
            filters=_filters(rows),
            editions=_editions(page, shelf),
            earlier=_earlier(page, shelf),
            others=[
                {"title": brief.title, "name": brief.name, "href": page.to(brief.place)}
                for brief in shelf.others(language)
            ],
            entries=metadata.inline_json(search.entries(page, shelf, evidence.tables)),
        ),
    )


def root(shelf: Shelf) -> Iterator[tuple[str, bytes]]:
    """Write the page where a reader chooses a language."""
    edition = editions.current()
    choices = []
    for language in shelf.languages:
        with wording.in_language(language):
            fronts = shelf.front(language)
            choices.append(
                {
                    "language": language,
                    "name": LANGUAGES[language],
                    "title": metadata.site_name(),
                    "href": address.relative("", language),
                    "finding": fronts[0].finding,
                    "edition": _("Edition of {month}", month=wording.edition_name(edition)),
                    "updated": _("Updated {date}", date=wording.date(edition.updated.isoformat())),
                }
            )
    first = shelf.languages[0]
    with wording.in_language(first):
        page = pages.Page(
            "",
            _("Evidence briefs on AI: choose a language"),
            _description(shelf, first),
            shelf.languages,
            default="",
        )
        yield address.PAGE, pages.render("root.html.j2", page, choices=choices, language=first)


def _description(shelf: Shelf, language: str) -> str:
    text = _(
        "{n} claims about the cost, the markets and the regulation of AI, tested on public data by rules fixed "
        "beforehand.",
        n=i18n.number(len(claims.known(shelf, language))),
    )
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
        "publisher": pages.publisher(language),
        "license": wording.LICENSE_URL,
        "dateModified": editions.current().updated.isoformat(),
        "hasPart": [
            {"@type": "Article", "headline": brief.title, "url": site.url(brief.place)}
            for brief in fronts
        ],
    }


def _briefs(page: pages.Page, shelf: Shelf) -> list[dict[str, Any]]:
    everywhere = [brief for language in shelf.languages for brief in shelf.front(language)]
    return [
        {
            **_links(page, brief),
            "title": brief.title,
            "finding": brief.finding,
            "as_of": wording.date(brief.as_of),
            "languages": [
                {
                    "language": other.language,
                    "name": LANGUAGES[other.language],
                    "href": page.to(other.place),
                }
                for other in everywhere
                if other.report == brief.report
            ],
        }
        for brief in shelf.front(page.language)
    ]


def _links(page: pages.Page, brief: Brief) -> dict[str, Any]:
    """Link the files of a brief, as far as they are there."""
    found = {kind: page.to(brief.place, FORMATS[kind]) for kind in brief.formats()}
    for kind, name in (("results", "results.json"), ("notebook", "notebook.ipynb")):
        if brief.file(name):
            found[kind] = page.to(brief.place, name)
    return {
        "links": found,
        "csv": [
            {"title": item["title"], "href": page.to(brief.place, item["csv"])}
            for item in (*brief.results.get("figures", ()), *brief.results.get("tables", ()))
            if brief.file(item["csv"])
        ],
    }


def _claims(page: pages.Page, shelf: Shelf) -> list[dict[str, Any]]:
    rows = []
    for name, (claim, brief, result) in claims.known(shelf, page.language).items():
        line = wording.deciding_reading(result)
        rows.append(
            {
                "id": name,
                "theme": claim.report,
                "theme_label": brief.title,
                "verdict": result["verdict"],
                "label": wording.verdict_word(result["verdict"]),
                "statement": result.get("statement") or localized(claim.statement.model_dump()),
                "href": page.to(claims.place_of(page.language, name)),
                "summary": line["quantity"] or "",
                "line": wording.estimate(line["estimate"]),
            }
        )
    return rows


def _filters(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the choices that leave something to see, each with its count."""
    themes = list(dict.fromkeys((row["theme"], row["theme_label"]) for row in rows))
    verdicts = [
        (verdict, wording.verdict_word(verdict))
        for verdict in VERDICTS
        if any(row["verdict"] == verdict for row in rows)
    ]
    return [
        {
            "group": group,
            "label": label,
            "choices": [{"value": "", "label": _("All"), "count": len(rows)}]
            + [
                {"value": value, "label": word, "count": sum(row[group] == value for row in rows)}
                for value, word in choices
            ],
        }
        for group, label, choices in (
            ("theme", _("Topic"), themes),
            ("verdict", _("Verdict"), verdicts),
        )
    ]


def _editions(page: pages.Page, shelf: Shelf) -> list[dict[str, Any]]:
    """List every edition that is published, newest first."""
    rows = []
    for edition in editions.load():
        if briefs := shelf.edition(page.language, edition.id):
            rows.append(
                {
                    "id": edition.id,
                    "name": wording.edition_name(edition),
                    "published": wording.date(edition.published.isoformat()),
                    "updated": wording.date(edition.updated.isoformat()),
                    "changes": localized(edition.changes.model_dump()),
                    "briefs": [
                        {**_links(page, brief), "title": brief.title, "finding": brief.finding}
                        for brief in briefs
                    ],
                }
            )
    return rows


def _earlier(page: pages.Page, shelf: Shelf) -> list[dict[str, Any]]:
    return [
        {
            "date": wording.date(date),
            "briefs": [{"title": b.title, "href": page.to(b.place)} for b in briefs],
        }
        for date, briefs in shelf.earlier(page.language).items()
    ]


def _words() -> dict[str, str]:
    """Return the fixed words of the index."""
    return {
        "title": metadata.site_name(),
        "lead": _("What was claimed, what the evidence says, and how sure one can be."),
        "briefs": _("Briefs"),
        "html": _("Read"),
        "pdf": _("PDF"),
        "results": _("Data (JSON)"),
        "notebook": _("Notebook"),
        "csv": _("Tables as CSV ({n})"),
        "as_of": _("Data as of {date}"),
        "claims": _("The claims at a glance"),
        "filters": _("Filter the claims"),
        "filtered": _("{shown} of {total} claims shown"),
        "editions": _("Editions"),
        "published": _("Published {date}"),
        "updated": _("Updated {date}"),
        "edition": _("Edition of {month}"),
        "changes": _("What changed"),
        "no_editions": _("No edition has been frozen yet; the briefs above are the current state."),
        "earlier": _("As readers of earlier dates could have known it"),
        "earlier_note": _(
            "The same briefs, from nothing but what had been published by the date named."
        ),
        "others": _("The same briefs with other parameters"),
        "search": _("Search all briefs"),
        "search_for": _("Claims, findings, figures, sources, data"),
        "found_all": _("Results found: {total}"),
        "found_some": _("Results found: {total}. The best {shown} are listed."),
        "found_none": _("Nothing found for “{query}”. Try fewer letters, or one word."),
        "go": _("Go to the first result"),
        "file_of": _("{file}: {title}"),
    }
