"""What other programs read: a feed of editions per language, a sitemap, robots.txt, and the page for lost readers."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from briefs.display.i18n import _, localized
from briefs.render import address, editions, metadata, wording
from briefs.render.editions import ALL, Edition
from briefs.render.frame import FEED
from briefs.site import pages
from briefs.site.pages import File, Page
from briefs.site.reports import Brief, Reports

ATOM, MAP, XHTML = (
    "http://www.w3.org/2005/Atom",
    "http://www.sitemaps.org/schemas/sitemap/0.9",
    "http://www.w3.org/1999/xhtml",
)
SITEMAP, ROBOTS, LOST = "sitemap.xml", "robots.txt", "404.html"


def feed(reports: Reports, language: str) -> bytes:
    """Write the Atom feed (RFC 4287) of a language: one entry per brief and edition, newest first.

    Ids are made from the address in ``matrix.yml`` as tag URIs (RFC 4151), so they outlive a
    move of the site; ``updated`` is the day of the last logged change, not of the build.
    """
    log = editions.load()
    found = [(edition, brief) for edition in log for brief in reports.edition(language, edition.id)]
    changed = max((edition.updated for edition, _brief in found), default=log[0].updated)
    own = address.site().url("", FEED.format(language=language))
    root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})
    with wording.in_language(language):
        author = pages.project_words("author")
        _add(root, "id", tag(min(edition.published for edition in log), language))
        _add(root, "title", metadata.site_name())
        subtitle = _("What was claimed, what the evidence says, and how sure one can be.")
        _add(root, "subtitle", subtitle)
        _add(root, "updated", stamp(changed))
        _add(root, "link", rel="self", type="application/atom+xml", href=own)
        _page_link(root, language, language)
        _add(root, "rights", wording.licence())
        name = localized(author) if author else metadata.site_name()
        _add(_add(root, "author"), "name", name)
        for edition, brief in found:
            _entry(root, edition, brief)
    return _xml(root)


def _entry(root: ET.Element, edition: Edition, brief: Brief) -> None:
    month = wording.edition_name(edition)
    entry = _add(root, "entry")
    _add(entry, "id", tag(edition.published, f"{brief.language}/{brief.report}/{edition.id}"))
    _add(entry, "title", _("{title}: edition of {month}", title=brief.title, month=month))
    _add(entry, "published", stamp(edition.published))
    _add(entry, "updated", stamp(_changed(edition, brief.report)))
    _add(entry, "summary", brief.finding, type="text")
    _page_link(entry, brief.language, brief.place)
    if path := brief.file("brief.pdf"):
        href, length = address.site().url(brief.place, path.name), str(path.stat().st_size)
        _add(entry, "link", rel="enclosure", type="application/pdf", length=length, href=href)


def _page_link(parent: ET.Element, language: str, place: str) -> None:
    href = address.site().url(place)
    _add(parent, "link", rel="alternate", type="text/html", hreflang=language, href=href)


def _changed(edition: Edition, report: str) -> dt.date:
    """Day on which an edition of a report last changed."""
    return max([edition.published, *(c.date for c in edition.corrections_of(report))])


def tag(day: dt.date, what: str) -> str:
    """Return an identifier for good; the day is one on which the name of the host was ours."""
    return f"tag:{address.home().host},{day.isoformat()}:{what}"


def stamp(day: dt.date) -> str:
    """Write a day as the time stamp that feeds want (RFC 3339)."""
    return f"{day.isoformat()}T00:00:00Z"


def sitemap(heads: Mapping[str, Mapping[str, Any]]) -> bytes:
    """List every page that is its own canonical address, with its last change and its translations.

    Parameters
    ----------
    heads : mapping
        Place -> ``canonical`` and ``alternates``, as the head of the page there has them.
    """
    site, log = address.site(), editions.load()
    root = ET.Element("urlset", {"xmlns": MAP, "xmlns:xhtml": XHTML})
    for place, head in sorted(heads.items()):
        if head["canonical"] != site.url(place):
            continue
        edition = next((e for e in log if place.endswith(f"/{e.id}")), log[0])
        report = place.split("/")[1] if "/" in place else ALL
        changed = edition.updated if report == ALL else _changed(edition, report)
        row = _add(root, "url")
        _add(row, "loc", site.url(place))
        _add(row, "lastmod", changed.isoformat())
        for other in head["alternates"]:
            _add(row, "xhtml:link", rel="alternate", hreflang=other["language"], href=other["href"])
    return _xml(root)


def robots() -> bytes:
    """Let every crawler in, and tell it where the map is."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {address.site().url('', SITEMAP)}\n".encode()


def lost(reports: Reports) -> File:
    """Write the page for an address that leads nowhere, in all languages.

    A server shows it at any depth, so its links start at the root of the site's address.
    """
    parts = []
    for language in reports.languages:
        with wording.in_language(language):
            parts.append(_lost(language))
    with wording.in_language(reports.languages[0]):
        page = Page("", parts[0]["title"], parts[0]["text"], reports.languages)
        return File(LOST, pages.render("404.html.j2", page, parts=parts).data)


def _lost(language: str) -> dict[str, Any]:
    root = urlsplit(address.site().base).path
    links = ((_("All briefs"), ""), (_("Data"), "data/"), (_("Method"), "method/"))
    return {
        "language": language,
        "title": _("There is no page at this address"),
        "text": _(
            "It may have moved, or the address has a slip in it. All briefs, claims and data can be "
            "found from these pages."
        ),
        "links": [(text, f"{root}{language}/{place}{address.PAGE}") for text, place in links],
    }


def files(reports: Reports) -> Iterator[File]:
    """Write the feeds, robots.txt and the page for lost readers."""
    for language in reports.languages:
        yield File(FEED.format(language=language), feed(reports, language))
    yield File(ROBOTS, robots())
    yield lost(reports)


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    element.text = text
    return element


def _xml(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
