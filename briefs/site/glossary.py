"""The page of all terms, each with its explanation, in the order of its language."""

from collections.abc import Iterator

from briefs.display.i18n import _
from briefs.render import glossary
from briefs.site import pages
from briefs.site.evidence import Evidence
from briefs.site.pages import File
from briefs.site.reports import Reports


def files(reports: Reports, language: str, evidence: Evidence) -> Iterator[File]:
    """Write the glossary, if the project has one."""
    terms = sorted(glossary.load().values(), key=lambda term: term.name.casefold())
    if not terms:
        return
    text = _("What the terms of the briefs mean, each in a sentence or two, in alphabetical order.")
    page = pages.of(reports, f"{language}/{glossary.FOLDER}", _("Glossary"), text)
    yield pages.render("glossary.html.j2", page, listed=terms, sources=evidence.sources)
