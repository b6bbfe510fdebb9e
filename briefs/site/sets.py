"""The list of many reports, as a matrix makes them: a page that pages and searches without a server."""

from collections.abc import Sequence
from typing import Any

from briefs import parameters
from briefs.display.i18n import _
from briefs.render import wording
from briefs.site import pages
from briefs.site.pages import File, Page
from briefs.site.reports import Brief, Reports

FOLDER = "sets"
#: From so many on, the sets of a language have a page of their own instead of a list on its index.
MANY = 20


def files(reports: Reports, language: str) -> list[File]:
    """Write the page of a language's sets with parameters of their own, where they are many."""
    found = reports.others(language)
    return [_page(f"{language}/{FOLDER}", found, (language,))] if len(found) >= MANY else []


def root(briefs: Sequence[Brief]) -> File:
    """Write the first page of a folder that holds nothing but sets: all of them, in all languages."""
    languages = tuple(dict.fromkeys(brief.language for brief in briefs))
    with wording.in_language(languages[0]):
        return _page("", briefs, languages)


def _page(place: str, briefs: Sequence[Brief], languages: tuple[str, ...]) -> File:
    title = _("Reports with parameters of their own")
    page = Page(place, title, title, languages, scripts=("sets.js",))
    rows = [(brief, _set(brief)) for brief in briefs]
    return pages.render("sets.html.j2", page, rows=rows, many=len(languages) > 1)


def _set(brief: Brief) -> str:
    """Write the parameters in which a brief differs from its report's defaults."""
    model = parameters.reports().get(brief.report)
    usual = parameters.injected(model()) if model else {}
    found = {n: value for n, value in brief.choices().items() if usual.get(n) != value}
    return ", ".join(f"{name}={_text(value)}" for name, value in found.items())


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
