"""What all pages of the site share: their frame, their links, their policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.render import address, editions, glossary, html, metadata, policy, wording
from briefs.render.frame import FEED
from briefs.site.reports import Brief, Reports

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Page:
    """One page of the site: its folder below the root, and what a search engine shows of it.

    It exists in `languages`, its own among them. Readers of any other are sent to the place
    `default` if it isn't the English page. Its policy lets `scripts` run alone; `data`
    describes it for machines (JSON-LD), and the brief's `picture` goes with a link to it.
    """

    place: str
    title: str
    description: str
    languages: tuple[str, ...] = ()
    default: str | None = None
    scripts: tuple[str, ...] = ()
    data: Mapping[str, Any] | None = None
    picture: Brief | None = None

    @property
    def language(self) -> str:
        """Language of the page; the first one of the site where it belongs to none."""
        return self.place.partition("/")[0] or next(iter(self.languages), "en")

    @property
    def translations(self) -> dict[str, str]:
        """Where the page stands in each language; the root leads to the index of the language."""
        if not self.place:
            return {name: name for name in self.languages} if len(self.languages) > 1 else {}
        return address.alternates(self.place, self.languages)

    def to(self, place: str, file: str = address.PAGE) -> str:
        """Return the link from this page to a file of the site."""
        return address.relative(self.place, place, file)

    def head(self) -> dict[str, Any]:
        return {
            "canonical": address.site().url(self.place),
            "alternates": metadata.alternates(self.translations, self.default),
        }


def of(reports: Reports, place: str, title: str, text: str, **more: Any) -> Page:
    """Return a page in every language of the site, its title and description as long as they are shown."""
    return Page(
        place,
        metadata.shortened(title, metadata.TITLE_LENGTH),
        metadata.shortened(text, metadata.DESCRIPTION_LENGTH),
        reports.languages,
        picture=reports.front(place.partition("/")[0])[0],
        **more,
    )


@dataclass(frozen=True)
class File:
    """A file of the site: its path below the root, its content, and its page if it is one."""

    path: str
    data: bytes
    page: Page | None = None


@lru_cache
def _environment() -> Environment:
    """Return the templates of the site, which use those of the briefs; each translates its words."""
    environment = html.templates().overlay(loader=FileSystemLoader([TEMPLATES, policy.TEMPLATES]))
    environment.filters = {
        **environment.filters,
        "date": lambda day: wording.date(str(day or "")),
        "localized": lambda words: i18n.localized(words.model_dump()),
        "verdict": wording.verdict_word,
        "estimate": wording.estimate,
        "cause": wording.cause,
        "results_seen": wording.results_seen,
        "probabilities": wording.probabilities,
        "probability": i18n.probability,
        "month": wording.edition_name,
        "name": i18n.name,
        "message": i18n.message,
        "number": i18n.number,
        "percent": i18n.percent,
        "day": i18n.day,
        "in_language": in_language,
    }
    return environment


@lru_cache
def _text(*names: str) -> Markup:
    environment = _environment()
    loader = environment.loader
    assert loader
    return Markup("".join(loader.get_source(environment, name)[0] for name in names))


def write(template: str, **context: Any) -> bytes:
    """Write a file that is no page, in the active language."""
    return _environment().get_template(template).render(**context).encode() + b"\n"


def render(template: str, page: Page, **context: Any) -> File:
    """Write a page in the active language."""
    style, script = _text("brief.css", "site.css") + html.dark_colours(), _text(*page.scripts)
    graph = {"@context": "https://schema.org", "@graph": [page.data]}
    text = (
        _environment()
        .get_template(template)
        .render(
            page=page,
            terms=glossary.Marker(),
            glossary=page.to(f"{page.language}/{glossary.FOLDER}") if glossary.load() else "",
            head=page.head() | _preview(page),
            data=metadata.inline_json(graph) if page.data else "",
            style=style,
            script=script,
            policy=policy.policy(style, script),
            feed=page.to("", FEED.format(language=page.language)),
            review=wording.review(page.language, editions.current()),
            licence=wording.licence(),
            licence_url=wording.LICENSE_URL,
            **context,
        )
    )
    return File(f"{page.place}/{address.PAGE}".lstrip("/"), text.encode(), page)


def _preview(page: Page) -> dict[str, Any]:
    """Return what a preview of a link to the page shows (Open Graph)."""
    card = None
    if page.picture and page.picture.file(metadata.CARD):
        words = _("{title}: {finding}", title=page.picture.title, finding=page.picture.finding)
        card = {"url": address.site().url(page.picture.place, metadata.CARD), "words": words}
    return {
        "title": page.title,
        "description": page.description,
        "type": "website",
        "card": card,
        "territories": metadata.territories(page.language, page.languages),
        "site": metadata.site_name(),
    }


def in_language(text: str) -> dict[str, str]:
    """Return an English text of the project in the active language, and which language that is."""
    translated, language = _(text) if text else "", i18n.language()
    return {"text": translated, "language": "en" if translated == text else language}
