"""What stands published: every ``results.json`` of a site, and what its page holds for links and search.

A report that failed today keeps its former version, so nothing here asks what a build did.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from briefs.parameters import reports
from briefs.project import FORMATS
from briefs.render import editions

#: The bulk of a page, and nothing that is looked for.
_DRAWING = re.compile(r"<(svg|script|style|table)\b.*?</\1>", re.DOTALL)
_AS_OF = ("as_of", "language")


class SiteError(ValueError):
    """The site can't be made from what is published, or must not be."""


@dataclass(frozen=True)
class Brief:
    """One published brief, which is one parameter set of a report in one language."""

    out: Path
    place: str
    results: dict[str, Any]

    @property
    def language(self) -> str:
        return self.place.split("/")[0]

    @property
    def report(self) -> str:
        return self.place.split("/")[1]

    @property
    def name(self) -> str:
        """Slug of the parameter set; empty for the defaults."""
        return "/".join(self.place.split("/")[2:])

    @property
    def title(self) -> str:
        return self.results.get("title") or self.report

    @property
    def as_of(self) -> str:
        return self.results["as_of"]

    @property
    def finding(self) -> str:
        """Headline finding that opens the brief."""
        found = self.results.get("findings", ())
        return next(
            (f["text"] for f in found if f.get("headline")), found[0]["text"] if found else ""
        )

    @property
    def claims(self) -> list[dict[str, Any]]:
        """Claims that the brief itself judges, not those it only lists."""
        return [claim for claim in self.results.get("claims", ()) if not claim.get("page")]

    def file(self, name: str) -> Path | None:
        """Return a file of the brief, if there is one."""
        path = self.out / self.place / name
        return path if path.is_file() else None

    def formats(self) -> list[str]:
        """List the formats that the brief is published in."""
        return [kind for kind, name in FORMATS.items() if self.file(name)]

    @cached_property
    def outline(self) -> "Outline":
        """Sections of the published page."""
        page = self.file(FORMATS["html"])
        return Outline.of(page.read_text(encoding="utf-8") if page else "")

    def choices(self) -> dict[str, Any]:
        """Return the parameters but for the date and the language, which the same brief may differ in."""
        return {
            name: value
            for name, value in self.results.get("parameters", {}).items()
            if name not in _AS_OF
        }


@dataclass(frozen=True)
class Shelf:
    """All that stands published at `out`."""

    out: Path
    briefs: tuple[Brief, ...]
    languages: tuple[str, ...]

    @classmethod
    def read(cls, out: Path, languages: Iterable[str] | None = None) -> "Shelf":
        """Read every ``results.json`` at `out`, in `languages` or in all.

        Raises
        ------
        SiteError
            If one can't be read.
        """
        paths = sorted([*out.glob("*/*/results.json"), *out.glob("*/*/*/results.json")])
        wanted = None if languages is None else set(languages)
        briefs = [
            Brief(out, path.parent.relative_to(out).as_posix(), _json(path)) for path in paths
        ]
        briefs = [brief for brief in briefs if wanted is None or brief.language in wanted]
        found = {brief.language for brief in briefs if not brief.name}
        order = (
            list(languages)
            if languages is not None
            else sorted(found, key=lambda name: (name != "en", name))
        )
        return cls(
            out, tuple(sorted(briefs, key=_order)), tuple(name for name in order if name in found)
        )

    def front(self, language: str) -> list[Brief]:
        """List the briefs with their defaults, in reading order."""
        return [b for b in self.briefs if b.language == language and not b.name]

    def sets(self, language: str, report: str) -> list[Brief]:
        """List the further parameter sets of a report."""
        return [b for b in self.briefs if b.language == language and b.report == report and b.name]

    def edition(self, language: str, edition: str) -> list[Brief]:
        """List the briefs of an edition."""
        return [b for b in self.briefs if b.language == language and b.name == edition]

    def earlier(self, language: str) -> dict[str, list[Brief]]:
        """Map each date that briefs were also built as of to those briefs, latest date first."""
        dates: dict[str, list[Brief]] = {}
        for front in self.front(language):
            for brief in self.sets(language, front.report):
                if not editions.named(brief.name) and same_choices(brief, front):
                    dates.setdefault(brief.as_of, []).append(brief)
        return dict(sorted(dates.items(), reverse=True))

    def others(self, language: str) -> list[Brief]:
        """List what is neither an edition nor one of the `earlier` dates: sets with parameters of their own."""
        known = {brief.place for briefs in self.earlier(language).values() for brief in briefs}
        return [
            brief
            for brief in self.briefs
            if brief.language == language
            and brief.name
            and brief.place not in known
            and not editions.named(brief.name)
        ]

    def claims(self, language: str) -> dict[str, tuple[Brief, dict[str, Any]]]:
        """Map each claim to the brief that judges it and to its entry there."""
        return {
            claim["id"]: (brief, claim) for brief in self.front(language) for claim in brief.claims
        }

    def history(self, front: Brief, claim: str) -> list[tuple[Brief, dict[str, Any]]]:
        """List what a claim came to as of each date, earliest first; `front` is the brief with the defaults."""
        moments: dict[str, tuple[Brief, dict[str, Any]]] = {}
        # later ones win: an as-of page says more than an edition of the same date, the front page most
        sets = sorted(
            self.sets(front.language, front.report), key=lambda b: editions.named(b.name) is None
        )
        for brief in [*(b for b in sets if same_choices(b, front)), front]:
            if found := next((c for c in brief.claims if c["id"] == claim), None):
                moments[brief.as_of] = (brief, found)
        return [moments[date] for date in sorted(moments)]


def same_choices(one: Brief, other: Brief) -> bool:
    """Say whether two briefs differ in nothing but their date and language."""
    return one.choices() == other.choices()


def _order(brief: Brief) -> tuple[Any, ...]:
    known = list(reports())
    rank = known.index(brief.report) if brief.report in known else len(known)
    return brief.language, rank, brief.report, brief.name


def _json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        found["as_of"]
    except (ValueError, TypeError, KeyError) as error:
        raise SiteError(f"{path} is damaged ({error}); delete it and build again") from None
    return found


@dataclass
class Section:
    """One section of a page: its anchor, its heading, its running text, and the ids that it holds."""

    id: str
    title: str = ""
    text: str = ""
    ids: list[str] = field(default_factory=list)


class Outline(HTMLParser):
    """Collect the sections of a published page."""

    #: What is no running text of the page.
    _APART = frozenset(
        {"svg", "details", "table", "figure", "article", "style", "script", "nav", "dl", "sup"}
    )
    _BLOCKS = frozenset(
        {"p", "li", "ul", "ol", "div", "h2", "h3", "h4", "blockquote", "pre", "section", *_APART}
    )
    _HELD = frozenset({"figure", "article", "div", "p"})

    def __init__(self):
        super().__init__()
        self.sections: list[Section] = []
        self._apart: list[str] = []
        self._heading = self._anchor = False

    @classmethod
    def of(cls, page: str) -> "Outline":
        """Read a page."""
        outline = cls()
        outline.feed(_DRAWING.sub("", page))
        for section in outline.sections:
            section.title, section.text = (
                " ".join(section.title.split()),
                " ".join(section.text.split()),
            )
        return outline

    def holding(self, id: str) -> Section | None:
        """Return the section that holds what has this id."""
        return next((section for section in self.sections if id in section.ids), None)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if tag == "section":
            self.sections.append(Section(known.get("aria-labelledby") or ""))
        if self.sections and tag in self._HELD and known.get("id"):
            self.sections[-1].ids.append(known["id"])
        if tag in self._APART:
            self._apart.append(tag)
        self._heading = self._heading or tag == "h2"
        self._anchor = tag == "a" and "anchor" in (known.get("class") or "").split()

    def handle_endtag(self, tag):
        if self._apart and self._apart[-1] == tag:
            self._apart.pop()
        self._heading = self._heading and tag != "h2"
        if tag == "a":
            self._anchor = False
        if self.sections and tag in self._BLOCKS:
            self.sections[-1].text += " "

    def handle_data(self, data):
        if not self.sections or self._apart or self._anchor:
            return
        if self._heading:
            self.sections[-1].title += data
        else:
            self.sections[-1].text += data


def texts(outline: Outline) -> Iterator[Section]:
    """List the sections with text of their own: those with a plain anchor, but for the list of sources."""
    return (
        section
        for section in outline.sections
        if section.id and ":" not in section.id and section.id != "sources" and section.title
    )
