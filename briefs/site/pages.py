"""What all pages of the site share: their frame, their links, their policy."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.project import data_folder
from briefs.render import address, editions, exporters, metadata, wording
from briefs.render.frame import FEED
from briefs.site.reports import Brief

TEMPLATES = Path(__file__).parent / "templates"
#: File of the data folder with what the pages say of this project alone.
PROJECT = "site.yml"


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
    data : mapping
        Description for machines (JSON-LD).
    picture : Brief
        The brief whose picture goes with a link to the page.
    """

    place: str
    title: str
    description: str
    languages: tuple[str, ...] = ()
    default: str | None = None
    script: str = ""
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
            return {name: name for name in self.languages}
        return address.alternates(self.place, self.languages)

    def to(self, place: str, file: str = address.PAGE) -> str:
        """Return the link from this page to a file of the site."""
        return address.relative(self.place, place, file)

    def head(self) -> dict[str, Any]:
        """Return what the world outside reads of the page: its address and its translations."""
        return {
            "canonical": address.site().url(self.place),
            "alternates": metadata.alternates(self.translations, self.default),
        }


@dataclass(frozen=True)
class File:
    """A file of the site: its path below the root, its content, and its page if it is one."""

    path: str
    data: bytes
    page: Page | None = None


@lru_cache
def _environment() -> Environment:
    """Return the templates of the site, which use those of the briefs; each translates its words."""
    environment = exporters.templates().overlay(
        loader=FileSystemLoader([TEMPLATES, exporters.TEMPLATES])
    )
    environment.filters = {
        **environment.filters,
        "date": lambda day: wording.date(str(day or "")),
        "localized": lambda words: i18n.localized(words.model_dump()),
        "verdict": wording.verdict_word,
        "estimate": wording.estimate,
        "quantity": wording.quantity,
        "name": i18n.name,
        "message": i18n.message,
        "number": i18n.number,
        "day": i18n.day,
        "in_language": in_language,
    }
    return environment


def _text(*names: str) -> Markup:
    """Return files that stand beside the templates, one after another."""
    environment = _environment()
    loader = environment.loader
    assert loader
    return Markup("".join(loader.get_source(environment, name)[0] for name in names))


def render(template: str, page: Page, **context: Any) -> File:
    """Write a page in the active language."""
    style, script = _text("brief.css", "site.css"), _text(page.script) if page.script else ""
    text = (
        _environment()
        .get_template(template)
        .render(
            page=page,
            head=page.head() | _preview(page),
            data=_linked_data(page),
            style=style,
            script=script,
            policy=exporters.policy(style, script),
            links=_links(page),
            feed=page.to("", FEED.format(language=page.language)),
            review=wording.review(page.language, editions.current()),
            licence=wording.licence(),
            licence_url=wording.LICENSE_URL,
            **context,
        )
    )
    return File(f"{page.place}/{address.PAGE}".lstrip("/"), text.encode(), page)


def _links(page: Page) -> list[dict[str, Any]]:
    """List the parts of the site, as each page names them."""
    parts = (
        (_("Briefs"), "", "#briefs"),
        (_("Claims"), "", "#claims"),
        (_("Data"), "/data", ""),
        (_("Method"), "/method", ""),
    )
    return [
        {
            "text": text,
            "href": page.to(page.language + folder) + anchor,
            "current": page.place == page.language + folder and not anchor,
        }
        for text, folder, anchor in parts
    ]


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


def _linked_data(page: Page) -> Markup | str:
    graph = {"@context": "https://schema.org", "@graph": [page.data]}
    return metadata.inline_json(graph) if page.data else ""


def in_language(text: str) -> dict[str, str]:
    """Return an English text of the project in the active language, and which language that is."""
    translated, language = _(text) if text else "", i18n.language()
    return {"text": translated, "language": "en" if translated == text else language}


def project_words(name: str) -> Any:
    """Return what ``site.yml`` of the data folder has under `name`; empty where it says nothing."""
    path = data_folder() / PROJECT
    return (_read(path, path.stat().st_mtime_ns).get(name) if path.is_file() else None) or {}


@lru_cache(maxsize=8)
def _read(path: Path, modified: int) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
