"""What other programs read: a feed of editions per language, a sitemap, robots.txt, and the page for lost readers."""

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from briefs.display.i18n import _, localized
from briefs.evidence import vintages
from briefs.render import about, address, changes, editions, metadata, wording
from briefs.render.editions import ALL, Edition
from briefs.render.frame import FEED
from briefs.site import pages
from briefs.site.pages import File, Page
from briefs.site.reports import Reports

SITEMAP, ROBOTS, LOST = "sitemap.xml", "robots.txt", "404.html"


def feed(reports: Reports, language: str) -> bytes:
    """Write the Atom feed (RFC 4287) of a language: one entry per brief and edition, newest first.

    Ids are made from the address in ``matrix.yml`` as tag URIs (RFC 4151), so they outlive a
    move of the site; ``updated`` is the day of the last logged change, not of the build.
    """
    log, site = editions.load(), address.site()
    with wording.in_language(language):
        author = about.project_words("author")
        found = [
            (edition, brief, _changed(edition, brief.report))
            for edition in log
            for brief in reports.edition(language, edition.id)
        ]
        return pages.write(
            "feed.xml.j2",
            language=language,
            site=metadata.site_name(),
            first=min(edition.published for edition in log),
            updated=max((e.updated for e, _brief, _day in found), default=log[0].updated),
            own=site.url("", FEED.format(language=language)),
            author=localized(author) if author else metadata.site_name(),
            licence=wording.licence(),
            entries=found,
            tag=_tag,
            url=site.url,
        )


def _tag(day: dt.date, what: str) -> str:
    """Return an identifier for good; the day is one on which the name of the host was ours."""
    return f"tag:{address.home().host},{day}:{what}"


def _changed(edition: Edition, report: str) -> dt.date:
    return max([edition.published, *(c.date for c in edition.corrections_of(report))])


def sitemap(heads: Mapping[str, Mapping[str, Any]]) -> bytes:
    """List every page that is its own canonical address, with its last change and its translations.

    `heads` has by place the ``canonical`` and ``alternates`` that the head of the page there names.
    """
    site, log, rows = address.site(), editions.load(), []
    for place, head in sorted(heads.items()):
        edition = next((e for e in log if place.endswith(f"/{e.id}")), log[0])
        report = place.split("/")[1] if "/" in place else ALL
        changed = edition.updated if report == ALL else _changed(edition, report)
        if head["canonical"] == site.url(place):
            rows.append((site.url(place), changed, head["alternates"]))
    return pages.write("sitemap.xml.j2", rows=rows)


def _lost(reports: Reports) -> File:
    """Write the page for an address that leads nowhere, in all languages.

    A server shows it at any depth, so its links start at the root of the site's address.
    """
    parts: list[dict[str, Any]] = []
    for language in reports.languages:
        with wording.in_language(language):
            root = f"{urlsplit(address.site().base).path}{language}/"
            links = ((_("All briefs"), ""), (_("Data"), "data/"), (_("Method"), "method/"))
            parts.append(
                {
                    "language": language,
                    "title": _("There is no page at this address"),
                    "text": _(
                        "It may have moved, or the address has a slip in it. All briefs, claims and "
                        "data can be found from these pages."
                    ),
                    "links": [(text, f"{root}{place}{address.PAGE}") for text, place in links],
                }
            )
    with wording.in_language(reports.languages[0]):
        page = Page("", parts[0]["title"], parts[0]["text"], reports.languages)
        return File(LOST, pages.render("404.html.j2", page, parts=parts).data)


def files(reports: Reports) -> Iterator[File]:
    """Write the feeds, what each edition changed as data, robots.txt and the page for lost readers."""
    for language in reports.languages:
        yield File(FEED.format(language=language), feed(reports, language))
    for edition in editions.load():
        if told := vintages.changes(edition.id):
            text = json.dumps(told, indent=1, ensure_ascii=False)
            yield File(f"{changes.FOLDER}/{edition.id}/{vintages.CHANGES}", f"{text}\n".encode())
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {address.site().url('', SITEMAP)}\n"
    yield File(ROBOTS, robots.encode())
    yield _lost(reports)
