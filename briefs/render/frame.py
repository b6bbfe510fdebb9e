"""What stands around a brief: its edition, its dates, where it can be found, what else there is.

None of it comes from the notebook. It depends on where the page stands (its place on the
site), on the log of editions, and on whether its parameters are those that were published.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from briefs import parameters, values
from briefs.display import i18n
from briefs.display.i18n import _
from briefs.project import FORMATS
from briefs.render import address, editions, wording
from briefs.render.address import Address
from briefs.render.editions import Edition

#: What each language calls itself.
LANGUAGES = {values.PSEUDO: values.PSEUDO} | {
    code: language.name for code, language in values.LANGUAGES.items()
}
#: File of the site that tells of new editions, by language.
FEED = "feed.{language}.xml"


@dataclass(frozen=True)
class Spot:
    """A page's place on the site, and what it can link to from there.

    Attributes
    ----------
    place : str or None
        Folder of the page; None for a page by itself, which has no neighbours.
    languages : collection of str
        Languages that the site is published in.
    formats : collection of str
        Formats that the report is rendered in.
    site : Address
        Where the site is published.
    """

    place: str | None = None
    languages: Collection[str] = ()
    formats: Collection[str] = ()
    site: Address | None = None

    def url(self, brief: dict[str, Any], file: str = "") -> str:
        """Return the page's absolute address, or that of a file beside it."""
        return (self.site or address.site()).url(self.home(brief), file)

    def home(self, brief: dict[str, Any]) -> str:
        """Return the page's place; for one by itself, where its brief stands on the site."""
        return self.place or latest(brief)


def latest(brief: dict[str, Any]) -> str:
    """Return the place of the newest edition of a brief."""
    return f"{brief['language']}/{brief['report']}"


def frame(brief: dict[str, Any], spot: Spot) -> dict[str, Any]:
    """Return what the page says of itself, in the active language.

    Parameters
    ----------
    brief : mapping
        Record of the kind ``brief``.
    """
    own = editions.of_place(spot.place) if spot.place else None
    edition = own or editions.current()
    name = wording.edition_name(edition)
    permalink = _permalink(brief, spot, edition, own)
    return {
        "edition": name,
        "edition_id": edition.id,
        "published": edition.published.isoformat(),
        "updated": edition.updated.isoformat(),
        "dateline": wording.dateline(brief, edition),
        "notice": _notice(brief, spot, edition),
        "review": wording.review(brief["language"], edition),
        "changes": _changes(brief, edition),
        "permalink": permalink,
        "citation": wording.citation(brief, name, permalink),
        "links": _links(brief, spot),
    }


def _permalink(brief: dict[str, Any], spot: Spot, edition: Edition, own: Edition | None) -> str:
    """Address that will always show this page: that of the edition, or of a set of its own."""
    place = spot.home(brief)
    if not own and place == latest(brief) and not _changed(brief):
        place = f"{place}/{edition.id}"
    return (spot.site or address.site()).url(place)


def _notice(brief: dict[str, Any], spot: Spot, edition: Edition) -> dict[str, Any] | None:
    """Say what a reader must know before reading on; nothing on a page of the current edition."""
    changed = _changed(brief)
    newest = editions.current()
    place = spot.home(brief)
    elsewhere = spot.place is not None and place != latest(brief)
    href = address.relative(place, latest(brief)) if elsewhere else ""
    link = (
        _("Read the latest edition, {edition}", edition=wording.edition_name(newest))
        if href
        else ""
    )
    if edition.id != newest.id:
        said = [_("A newer edition of this brief is available.")]
        return {"kind": "older", "texts": said, "href": href, "link": link}
    if dt.date.fromisoformat(brief["as_of"]) < edition.published:
        changed.pop("as_of", None)
        said = [
            _(
                "As a reader of {date} could have known it: all that was published later is left out.",
                date=wording.date(brief["as_of"]),
            ),
            *_variant(changed),
        ]
        return {"kind": "as-of", "texts": said, "href": href, "link": link}
    return (
        {"kind": "variant", "texts": _variant(changed), "href": href, "link": link}
        if changed
        else None
    )


def _variant(changed: dict[str, Any]) -> list[str]:
    listed = ", ".join(
        f"{name} = {wording.parameter_text(value)}" for name, value in changed.items()
    )
    return (
        [
            _(
                "Computed with other parameters than the published edition: {parameters}.",
                parameters=listed,
            )
        ]
        if changed
        else []
    )


def _changed(brief: dict[str, Any]) -> dict[str, Any]:
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


def _changes(brief: dict[str, Any], edition: Edition) -> dict[str, Any]:
    log = [
        {"date": wording.date(c.date.isoformat()), "text": i18n.localized(c.text.model_dump())}
        for c in edition.corrections_of(brief["report"])
    ]
    return {"text": i18n.localized(edition.changes.model_dump()), "corrections": log}


def _links(brief: dict[str, Any], spot: Spot) -> dict[str, Any]:
    """Link what stands beside the page; a page by itself has nothing beside it."""
    place = spot.place
    if place is None:
        return {"parts": [], "pdf": "", "results": "", "notebook": "", "feed": "", "languages": []}
    language = brief["language"]
    home = address.relative(place, language)
    return {
        "parts": [
            {"text": _("Briefs"), "href": f"{home}#briefs"},
            {"text": _("Claims"), "href": f"{home}#claims"},
            {"text": _("Data"), "href": address.relative(place, f"{language}/data")},
            {"text": _("Method"), "href": address.relative(place, f"{language}/method")},
        ],
        "pdf": "brief.pdf" if "pdf" in spot.formats else "",
        "results": "results.json",
        "notebook": "notebook.ipynb",
        "feed": address.relative(place, "", FEED.format(language=language)),
        "languages": [
            {
                "language": name,
                "name": LANGUAGES.get(name, name),
                "href": address.relative(place, there),
                "current": name == language,
            }
            for name, there in address.alternates(place, spot.languages).items()
        ],
    }


def command(brief: dict[str, Any], spot: Spot) -> str:
    """Return the command that builds this very page, and so names its set, languages and formats."""
    name = "/".join((spot.place or "").split("/")[2:])
    some = () if set(spot.formats) >= set(FORMATS) else spot.formats
    return wording.command(brief, name, spot.languages, some)


def history_of(claim: str, brief: dict[str, Any], spot: Spot) -> str:
    """Return the link to the page that shows how a claim's verdict moved; empty for a page by itself."""
    return address.relative(spot.place, f"{brief['language']}/claims/{claim}") if spot.place else ""


def page_of(report: str, brief: dict[str, Any], spot: Spot) -> str:
    """Return the link from this page to another report: of the same edition, else the latest."""
    target = f"{brief['language']}/{report}"
    place = spot.home(brief)
    if spot.place and (edition := editions.of_place(spot.place)):
        target = f"{target}/{edition.id}"
    return address.relative(place, target)
