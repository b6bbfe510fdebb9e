"""What other programs read: a feed of editions per language, a sitemap, robots.txt, and the page for lost readers."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from briefs.display.i18n import _
from briefs.render import address, editions, metadata, wording
from briefs.render.editions import ALL, Edition
from briefs.render.frame import FEED
from briefs.site import pages
from briefs.site.shelf import Brief, Shelf

ATOM, MAP, XHTML = (
    "http://www.w3.org/2005/Atom",
    "http://www.sitemaps.org/schemas/sitemap/0.9",
    "http://www.w3.org/1999/xhtml",
)
SITEMAP, ROBOTS, LOST = "sitemap.xml", "robots.txt", "404.html"
_HEAD = 200_000  # more than any head with its style sheet and metadata takes
_CANONICAL = re.compile(rb'<link rel="canonical" href="([^"]+)">')
_ALTERNATE = re.compile(rb'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">')


def feed(shelf: Shelf, language: str) -> bytes:
    """Write the Atom feed (RFC 4287) of a language: one entry per brief and edition, newest first.

    Ids are made from the address in ``matrix.yml`` as tag URIs (RFC 4151), so they outlive a
    move of the site; ``updated`` is the day of the last logged change, not of the build.
    """
    site = address.site()
    with wording.in_language(language):
        entries = [
            (edition, brief)
            for edition in editions.load()
            for brief in shelf.edition(language, edition.id)
        ]
        changed = max(
            (edition.updated for edition, _brief in entries), default=editions.current().updated
        )
        root = ET.Element("feed", {"xmlns": ATOM, "xml:lang": language})
        _add(root, "id", tag(_first_published(), language))
        _add(root, "title", metadata.site_name())
        _add(
            root,
            "subtitle",
            _("What was claimed, what the evidence says, and how sure one can be."),
        )
        _add(root, "updated", stamp(changed))
        _add(
            root,
            "link",
            rel="self",
            type="application/atom+xml",
            href=site.url("", FEED.format(language=language)),
        )
        _add(
            root,
            "link",
            rel="alternate",
            type="text/html",
            hreflang=language,
            href=site.url(language),
        )
        _add(root, "rights", wording.licence())
        _add(_add(root, "author"), "name", _("AI Cost Briefs contributors"))
        for edition, brief in entries:
            _entry(root, site, edition, brief)
    return _xml(root)


def _entry(root: ET.Element, site: address.Address, edition: Edition, brief: Brief) -> None:
    corrections = edition.corrections_of(brief.report)
    changed = max([edition.published, *(correction.date for correction in corrections)])
    entry = _add(root, "entry")
    _add(entry, "id", tag(edition.published, f"{brief.language}/{brief.report}/{edition.id}"))
    _add(
        entry,
        "title",
        _("{title}: edition of {month}", title=brief.title, month=wording.edition_name(edition)),
    )
    _add(entry, "published", stamp(edition.published))
    _add(entry, "updated", stamp(changed))
    _add(entry, "summary", brief.finding, type="text")
    _add(
        entry,
        "link",
        rel="alternate",
        type="text/html",
        hreflang=brief.language,
        href=site.url(brief.place),
    )
    if "pdf" in brief.formats():
        path = brief.file("brief.pdf")
        _add(
            entry,
            "link",
            rel="enclosure",
            type="application/pdf",
            length=str(path.stat().st_size),
            href=site.url(brief.place, path.name),
        )


def tag(day: dt.date, what: str) -> str:
    """Return an identifier for good; the day is one on which the name of the host was ours."""
    return f"tag:{address.home().host},{day.isoformat()}:{what}"


def _first_published() -> dt.date:
    return min(edition.published for edition in editions.load())


def stamp(day: dt.date) -> str:
    """Write a day as the time stamp that feeds want (RFC 3339)."""
    return f"{day.isoformat()}T00:00:00Z"


def sitemap(out: Path) -> bytes:
    """List every page that is its own canonical address, with its last change and its translations.

    What a page says of itself in its head decides, so map and pages can't disagree.
    """
    site, log = address.site(), editions.load()
    root = ET.Element("urlset", {"xmlns": MAP, "xmlns:xhtml": XHTML})
    for path in sorted(out.rglob(address.PAGE)):
        place = path.parent.relative_to(out).as_posix().removeprefix(".")
        if any(part.startswith(".") for part in place.split("/")):
            continue  # left by a build that is still at work, or was ended
        head = _head(path)
        canonical = _CANONICAL.search(head)
        if not canonical or canonical[1].decode() != site.url(place):
            continue
        row = _add(root, "url")
        _add(row, "loc", site.url(place))
        edition = next((e for e in log if place.endswith(f"/{e.id}")), log[0])
        _add(row, "lastmod", _changed(edition, place).isoformat())
        for language, url in _ALTERNATE.findall(head):
            _add(row, "xhtml:link", rel="alternate", hreflang=language.decode(), href=url.decode())
    return _xml(root)


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(_HEAD).partition(b"</head>")[0]


def _changed(edition: Edition, place: str) -> dt.date:
    """Day on which what stands at a place last changed."""
    report = place.split("/")[1] if "/" in place else ALL
    days = [c.date for c in edition.corrections_of(report)] if report != ALL else [edition.updated]
    return max([edition.published, *days])


def robots() -> bytes:
    """Let every crawler in, and tell it where the map is."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {address.site().url('', SITEMAP)}\n".encode()


def lost(shelf: Shelf) -> bytes:
    """Write the page for an address that leads nowhere, in all languages.

    A server shows it at any depth, so its links start at the root of the site's address.
    """
    root = urlsplit(address.site().base).path
    parts = []
    for language in shelf.languages:
        with wording.in_language(language):
            parts.append(
                {
                    "language": language,
                    "title": _("There is no page at this address"),
                    "text": _(
                        "It may have moved, or the address has a slip in it. All briefs, claims and data can be "
                        "found from these pages."
                    ),
                    "links": [
                        {"text": text, "href": root + place}
                        for text, place in (
                            (_("All briefs"), f"{language}/{address.PAGE}"),
                            (_("Data"), f"{language}/data/{address.PAGE}"),
                            (_("Method"), f"{language}/method/{address.PAGE}"),
                        )
                    ],
                }
            )
    with wording.in_language(shelf.languages[0]):
        page = pages.Page("", parts[0]["title"], parts[0]["text"])
        return pages.render("404.html.j2", page, parts=parts, language=shelf.languages[0])


def files(shelf: Shelf) -> Iterator[tuple[str, bytes]]:
    """Write the feeds, robots.txt and the page for lost readers."""
    for language in shelf.languages:
        yield FEED.format(language=language), feed(shelf, language)
    yield ROBOTS, robots()
    yield LOST, lost(shelf)


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, name, attributes)
    element.text = text
    return element


def _xml(root: ET.Element) -> bytes:
    ET.indent(root, " ")
    return ET.tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"
