"""What all pages of the site share: their frame, their links, their policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from briefs.display.i18n import _
from briefs.render import address, editions, exporters, metadata, wording
from briefs.render.frame import FEED, LANGUAGES
from briefs.site.shelf import Brief


@dataclass(frozen=True)
class Page:
    """One page of the site.

    Attributes
    ----------
    place : str
        Folder of the page below the root.
    title, description : str
        What a search engine shows of it.
    languages : tuple of str
        Languages that the page exists in, its own among them.
    default : str
        Place that readers of any other language are sent to, if it isn't the English page.
    script : str
        Script that the page's policy lets run.
    data : tuple of mapping
        Descriptions for machines (JSON-LD).
    card, card_text : str
        Place of the brief whose picture goes with a link to the page, and the picture in words.
    """

    place: str
    title: str
    description: str
    languages: tuple[str, ...] = ()
    default: str | None = None
    script: str = ""
    data: tuple[Mapping[str, Any], ...] = field(default=())
    card: str = ""
    card_text: str = ""

    @property
    def language(self) -> str:
        return address.language_of(self.place)

    def to(self, place: str, file: str = address.PAGE) -> str:
        """Return the link from this page to a file of the site."""
        return address.relative(self.place, place, file)


def render(template: str, page: Page, **context: Any) -> bytes:
    """Write a page in the active language."""
    style, script = _text("brief.css", "site.css"), _text(page.script) if page.script else ""
    return (
        exporters.templates()
        .get_template(template)
        .render(
            page=page,
            feed=page.to("", FEED.format(language=page.language)),
            style=style,
            script=script,
            policy=exporters.policy(style, script),
            labels=labels(),
            links=links(page),
            head=head(page),
            translations=translations(page),
            review=wording.review(page.language, editions.current()),
            licence=wording.licence(),
            licence_url=wording.LICENSE_URL,
            **context,
        )
        .encode()
    )


def _text(*names: str) -> Markup:
    return Markup(
        "".join((exporters.TEMPLATES / name).read_text(encoding="utf-8") for name in names)
    )


def links(page: Page) -> list[dict[str, Any]]:
    """List the parts of the site, as each page names them."""
    parts = [
        (_("Briefs"), page.language, "briefs"),
        (_("Claims"), page.language, "claims"),
        (_("Data"), f"{page.language}/data", ""),
        (_("Method"), f"{page.language}/method", ""),
    ]
    return [
        {
            "text": text,
            "href": page.to(place) + (f"#{anchor}" if anchor else ""),
            "current": page.place == place and not anchor,
        }
        for text, place, anchor in parts
    ]


def translations(page: Page) -> list[dict[str, Any]]:
    """List this page in all its languages, for the reader."""
    return [
        {
            "language": language,
            "name": LANGUAGES[language],
            "href": page.to(place),
            "current": language == page.language,
        }
        for language, place in spots(page).items()
    ]


def spots(page: Page) -> dict[str, str]:
    """Map each language to where the page stands in it; from the root, to the index of the language."""
    return (
        address.alternates(page.place, page.languages)
        if page.place
        else {name: name for name in page.languages}
    )


def head(page: Page) -> dict[str, Any]:
    """Return what the world outside reads of a page: its own address and those of its translations."""
    site = address.site()
    others = [
        {"language": language, "url": site.url(place)} for language, place in spots(page).items()
    ]
    if others:
        first = next(
            (other["url"] for other in others if other["language"] == "en"), others[0]["url"]
        )
        others.append(
            {
                "language": "x-default",
                "url": first if page.default is None else site.url(page.default),
            }
        )
    data = {"@context": "https://schema.org", "@graph": list(page.data)}
    return {
        "canonical": site.url(page.place),
        "alternates": others,
        "graph": _graph(page, site),
        "data": metadata.inline_json(data) if page.data else "",
    }


def _graph(page: Page, site: address.Address) -> list[tuple[str, str]]:
    """Return what a preview of a link to the page shows (Open Graph)."""
    own = page.language or next(iter(page.languages), "en")
    locales = metadata.OPEN_GRAPH_LOCALES
    rows = [
        ("og:title", page.title),
        ("og:description", page.description),
        ("og:type", "website"),
        ("og:url", site.url(page.place)),
        ("og:site_name", metadata.site_name()),
        ("og:locale", locales.get(own, own)),
        *(
            ("og:locale:alternate", locales.get(name, name))
            for name in page.languages
            if name != own
        ),
    ]
    if page.card:
        width, height = metadata.CARD_SIZE
        rows += [
            ("og:image", site.url(page.card, metadata.CARD)),
            ("og:image:type", "image/png"),
            ("og:image:width", str(width)),
            ("og:image:height", str(height)),
            ("og:image:alt", page.card_text),
        ]
    return rows


def picture(brief: Brief) -> dict[str, str]:
    """Return what of a `Page` names the picture of a brief, if it has one."""
    if not brief.file(metadata.CARD):
        return {}
    return {
        "card": brief.place,
        "card_text": _("{title}: {finding}", title=brief.title, finding=brief.finding),
    }


def publisher(language: str) -> dict[str, str]:
    """Return who publishes the site, for machines."""
    return {
        "@type": "Organization",
        "name": metadata.site_name(),
        "url": address.site().url(language),
    }


def labels() -> dict[str, str]:
    """Return the fixed words of the site in the active language."""
    return {
        **wording.labels(),
        "site_nav": _("Parts of the site"),
        "language_nav": _("Language"),
        "feed": _("Feed of editions (Atom)"),
        "date": _("Date"),
    }
