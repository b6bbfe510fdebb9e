"""What stands published: each brief with its ``results.json`` and the outline of its page.

A report that failed today keeps its former version, so nothing here asks what a build did.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from briefs import parameters
from briefs.engine import staging
from briefs.engine.staging import RESULTS
from briefs.project import FORMATS
from briefs.render import editions, results


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
        return str(self.results["as_of"])

    @property
    def finding(self) -> str:
        """Headline finding that opens the brief."""
        found = self.results.get("findings", ())
        first = found[0]["text"] if found else ""
        return next((f["text"] for f in found if f.get("headline")), first)

    @property
    def claims(self) -> list[dict[str, Any]]:
        """Claims that the brief itself judges, not those it only lists."""
        return [claim for claim in self.results.get("claims", ()) if not claim.get("page")]

    @property
    def downloads(self) -> list[dict[str, Any]]:
        """Figures and tables whose data stand beside the page."""
        return [item for item in self.shown if self.file(item["csv"])]

    @property
    def shown(self) -> list[dict[str, Any]]:
        return [*self.results.get("figures", ()), *self.results.get("tables", ())]

    def file(self, name: str) -> Path | None:
        path = self.out / self.place / name
        return path if path.is_file() else None

    @cached_property
    def outline(self) -> dict[str, Any]:
        """What is known of the published page, see `results.outline`; empty for one of before it was kept."""
        path = self.file(results.OUTLINE)
        return _json(path) if path and self.file(FORMATS["html"]) else {}

    def section_of(self, name: str) -> dict[str, Any]:
        """Return the section of the page that holds what has this id; empty if none does."""
        sections = self.outline.get("sections", ())
        return next((section for section in sections if name in section["holds"]), {})

    def choices(self) -> dict[str, Any]:
        """Return the parameters but for those that reports on the same question may differ in, as the date."""
        found = self.results.get("parameters", {})
        model = parameters.reports().get(self.report, parameters.Parameters)
        return {name: value for name, value in found.items() if name not in model.indifferent}


@dataclass(frozen=True)
class Reports:
    """All briefs that stand published at `out`, in reading order."""

    out: Path
    briefs: tuple[Brief, ...]
    languages: tuple[str, ...]

    @classmethod
    def read(cls, out: Path, languages: Iterable[str] | None = None) -> "Reports":
        """Read every report that stands at `out`, in `languages` or in all; `SiteError` names a damaged one."""
        briefs = cls.all_of(out)
        found = {brief.language for brief in briefs if not brief.name}
        order = sorted(found, key=lambda name: (name != "en", name))
        chosen = tuple(
            name for name in (order if languages is None else languages) if name in found
        )
        briefs = sorted((brief for brief in briefs if brief.language in chosen), key=_order)
        return cls(out, tuple(briefs), chosen)

    @classmethod
    def all_of(cls, out: Path) -> list[Brief]:
        """Read every brief that stands at `out`, also where no language has one with the defaults."""
        briefs = [
            Brief(out, place, _results(out / place / RESULTS)) for place in staging.places(out)
        ]
        return sorted(briefs, key=_order)

    def front(self, language: str) -> list[Brief]:
        return [b for b in self.briefs if b.language == language and not b.name]

    def translations(self, brief: Brief) -> list[Brief]:
        others = [language for language in self.languages if language != brief.language]
        fronts = [other for language in others for other in self.front(language)]
        return [other for other in fronts if other.report == brief.report]

    def sets(self, language: str, report: str) -> list[Brief]:
        return [b for b in self.briefs if b.language == language and b.report == report and b.name]

    def edition(self, language: str, edition: str) -> list[Brief]:
        return [b for b in self.briefs if b.language == language and b.name == edition]

    def earlier(self, language: str) -> dict[str, list[Brief]]:
        """Map each date that briefs were also built as of to those briefs, latest date first."""
        dates: dict[str, list[Brief]] = {}
        for front in self.front(language):
            for brief in self.sets(language, front.report):
                if not editions.named(brief.name) and brief.choices() == front.choices():
                    dates.setdefault(brief.as_of, []).append(brief)
        return dict(sorted(dates.items(), reverse=True))

    def others(self, language: str) -> list[Brief]:
        """List what is neither an edition nor one of the `earlier` dates: sets with parameters of their own."""
        known = [brief for briefs in self.earlier(language).values() for brief in briefs]
        return [
            b
            for b in self.briefs
            if b.language == language and b.name and b not in known and not editions.named(b.name)
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
        for brief in [*(b for b in sets if b.choices() == front.choices()), front]:
            if found := next((c for c in brief.claims if c["id"] == claim), None):
                moments[brief.as_of] = (brief, found)
        return [moments[date] for date in sorted(moments)]

    def heads(self) -> dict[str, dict[str, Any]]:
        """Map the place of each page to what it says of its address and its translations."""
        return {brief.place: brief.outline for brief in self.briefs if brief.outline}


def _order(brief: Brief) -> tuple[Any, ...]:
    return brief.language, parameters.rank(brief.report), brief.report, brief.name


def _results(path: Path) -> dict[str, Any]:
    found = _json(path)
    if "as_of" not in found:
        raise SiteError(f"{path} is damaged (it has no 'as_of'); delete it and build again")
    return found


def _json(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise SiteError(f"{path} is damaged ({error}); delete it and build again") from None
