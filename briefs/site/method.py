"""The method page: how a claim becomes a verdict, what the words mean, and how to check all of it."""

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.likelihood import LIKELIHOODS
from briefs.render import about, address, editions, metadata, wording
from briefs.site import claims, pages
from briefs.site.pages import File
from briefs.site.reports import Reports

FOLDER = "method"
COMMANDS = "make reports\n.venv/bin/briefs check"


def page(reports: Reports, language: str) -> File:
    """Write the method page of a language; its text stands in the template."""
    text = _(
        "How a claim becomes a verdict: the rule, probabilities, readings, dates, sources, limits, and "
        "how to check or rebuild it all."
    )
    title = _("How the briefs reach their verdicts")
    page = pages.of(reports, f"{language}/{FOLDER}", title, text)
    corrections = [found for edition in editions.load() for found in edition.corrections]
    return pages.render(
        "method.html.j2",
        page,
        likelihoods=LIKELIHOODS,
        limits=[i18n.localized(text) for text in about.project_words("limits")],
        example=next(iter(claims.judged(reports, language).values()), None),
        command=COMMANDS,
        corrections=sorted(corrections, key=lambda found: found.date, reverse=True),
        site=metadata.site_name(),
        month=wording.edition_name(editions.current()),
        url=address.site().url(language),
    )
