"""What stands around a brief: its edition, its dates, where it can be found, what else there is.

None of it comes from the notebook. It depends on where the page stands (its place on the
site), on the log of editions, and on whether its parameters are those that were published.
"""

import datetime as dt
import shlex
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from briefs import parameters, values
from briefs.display import i18n
from briefs.display.i18n import _
from briefs.project import ANNEX, FORMATS
from briefs.render import address, editions, glossary, wording
from briefs.render.blocks import Frame, Links, Notice, Record
from briefs.render.claim_blocks import Link
from briefs.render.editions import Edition

#: What each language calls itself.
LANGUAGES = {values.PSEUDO: values.PSEUDO} | {
    code: language.name for code, language in values.LANGUAGES.items()
}
#: File of the site that announces new editions, by language.
FEED = "feed.{language}.xml"
#: Folder, in a language, of the record of verdicts and forecasts.
RECORD = "record"


@dataclass(frozen=True)
class PageAddress:
    """Where a page stands on the site, and the languages and formats that it can link to from there.

    A page by itself has no `place`, and no neighbours. One that is `listed` has its parameters in the
    project's matrix, under the name of its set. One that is `alone` has other sets beside it and the
    list of them, and no site.
    """

    place: str | None = None
    languages: Collection[str] = ()
    formats: Collection[str] = ()
    listed: bool = False
    alone: bool = False

    @property
    def site(self) -> str | None:
        """The page's place if there is a site around it, whose pages can be linked to."""
        return None if self.alone else self.place

    def home(self, brief: Record) -> str:
        """Return the page's place; for one by itself, where its brief stands on the site."""
        return self.place or latest(brief)

    @property
    def edition(self) -> Edition | None:
        """The edition that the page is frozen in; None if it moves with the times."""
        return editions.named((self.place or "").rpartition("/")[2])


def latest(brief: Record) -> str:
    """Return the place of the newest edition of a brief."""
    return f"{brief['language']}/{brief['report']}"


def frame(brief: Record, page: PageAddress) -> Frame:
    """Return what the page says of itself, in the active language; `brief` is the record of that kind."""
    edition = page.edition or editions.current()
    name = wording.edition_name(edition)
    address_kept = permalink(brief, page)
    return Frame(
        edition=name,
        edition_id=edition.id,
        published=edition.published.isoformat(),
        updated=edition.updated.isoformat(),
        dateline=wording.dateline(brief, edition),
        notice=_notice(brief, page, edition),
        review=wording.review(brief["language"], edition),
        changes=i18n.localized(edition.changes.model_dump()),
        corrections=[
            (wording.date(c.date.isoformat()), i18n.localized(c.text.model_dump()))
            for c in edition.corrections_of(brief["report"])
        ],
        permalink=address_kept,
        citation=wording.citation(brief, name, address_kept),
        links=_links(brief, page),
    )


def permalink(brief: Record, page: PageAddress) -> str:
    """Address that will always show this page: that of the edition, or of a set of its own."""
    place, edition = page.home(brief), page.edition or editions.current()
    if place == latest(brief) and not _changed(brief):
        place = f"{place}/{edition.id}"
    return address.site().url(place)


def _notice(brief: Record, page: PageAddress, edition: Edition) -> Notice | None:
    """Say what a reader must know before reading on; nothing on a page of the current edition."""
    changed, newest = _changed(brief), editions.current()
    place = page.home(brief)
    href = link = ""
    if page.site is not None and place != latest(brief):
        href = address.relative(place, latest(brief))
        link = _("Read the latest edition, {edition}", edition=wording.edition_name(newest))
    if edition.id != newest.id:
        return Notice("older", [_("A newer edition of this brief is available.")], href, link)
    if dt.date.fromisoformat(brief["as_of"]) < edition.published:
        changed.pop("as_of", None)
        known = _(
            "As a reader of {date} could have known it: all that was published later is left out.",
            date=wording.date(brief["as_of"]),
        )
        return Notice("as-of", [known, *_variant(changed)], href, link)
    return Notice("variant", _variant(changed), href, link) if changed else None


def _variant(changed: dict[str, Any]) -> list[str]:
    if not changed:
        return []
    listed = (f"{name} = {wording.parameter_text(value)}" for name, value in changed.items())
    return [
        _(
            "Computed with other parameters than the published edition: {parameters}.",
            parameters=", ".join(listed),
        )
    ]


def _changed(brief: Record) -> dict[str, Any]:
    """Parameters that differ from those that editions are published with, the language apart."""
    try:
        defaults = parameters.injected(parameters.model_for(brief["report"])())
    except parameters.ParameterError:  # a report of somebody's own
        return {}
    return {
        p["name"]: p["value"]
        for p in brief.get("parameters", ())
        if p["name"] in defaults and p["name"] != "language" and p["value"] != defaults[p["name"]]
    }


def _links(brief: Record, page: PageAddress) -> Links:
    """Link what stands beside the page; a page by itself has nothing beside it."""
    place, language = page.place, brief["language"]
    if place is None:
        return Links()
    home = address.relative(place, language)
    beside = Links(
        parts=[Link(address.relative(place, ""), _("All reports"))],
        pdf=FORMATS["pdf"] if "pdf" in page.formats else "",
        annex=ANNEX if "pdf" in page.formats else "",
        languages={
            name: address.relative(place, there)
            for name, there in address.alternates(place, page.languages).items()
        },
    )
    if page.alone:
        return beside
    return replace(
        beside,
        parts=[
            Link(f"{home}#briefs", _("Briefs")),
            Link(f"{home}#claims", _("Claims")),
            Link(address.relative(place, f"{language}/data"), _("Data")),
            Link(address.relative(place, f"{language}/method"), _("Method")),
            Link(address.relative(place, f"{language}/{RECORD}"), _("Record")),
        ],
        glossary=address.relative(place, f"{language}/{glossary.FOLDER}")
        if glossary.load()
        else "",
        feed=address.relative(place, "", FEED.format(language=language)),
    )


def command(brief: Record, page: PageAddress) -> str:
    """Return the command that builds this very page, and so names its set, languages and formats."""
    words = ["briefs", "build", brief["report"]]
    if name := "/".join((page.place or "").split("/")[2:]):
        words += ["--set", name]
    # languages of the same page are built together, as each names the others
    together = len(page.languages) > 1
    if together or page.listed:
        words += ["--language", ",".join(page.languages)]
    if page.formats and not set(page.formats) >= set(FORMATS):
        words += ["--formats", ",".join(page.formats)]
    for parameter in () if page.listed else brief.get("parameters", ()):
        if not (together and parameter["name"] == "language"):
            words += ["-p", f"{parameter['name']}={wording.parameter_text(parameter['value'])}"]
    return shlex.join(words)


def history_of(claim: str, brief: Record, page: PageAddress) -> str:
    """Return the link to the page that shows how a claim's verdict moved; empty for a page by itself."""
    return address.relative(page.site, f"{brief['language']}/claims/{claim}") if page.site else ""


def record_place(brief: Record) -> str:
    """Return the place of the page with the record of verdicts and forecasts."""
    return f"{brief['language']}/{RECORD}"


def record_of(brief: Record, page: PageAddress) -> str:
    """Return the link to that page; empty for a page by itself."""
    return address.relative(page.site, record_place(brief)) if page.site else ""


def page_of(report: str, brief: Record, page: PageAddress) -> str:
    """Return the link from this page to another report: of the same edition, else the latest."""
    target = f"{brief['language']}/{report}"
    if edition := page.edition:
        target = f"{target}/{edition.id}"
    return address.relative(page.home(brief), target)
