"""What a reader can search for, as entries that a small script on the index page looks through.

The entries stand in the page itself, since a page opened from a disk may load nothing.
"""

import csv
from collections.abc import Iterator
from typing import Any

from briefs.display.i18n import _
from briefs.project import project
from briefs.site import claims, tables
from briefs.site.evidence import Table
from briefs.site.pages import Page, in_language
from briefs.site.reports import Brief, Reports

#: Beside the catalogues: words that a reader may use for each other in any language, a row each.
ALIKE = "search.csv"


def alike() -> list[list[str]]:
    """List the words of which each also finds the others of its row; none where the project names none."""
    path = project().locale / ALIKE
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.reader(file) if row]


def entries(page: Page, reports: Reports, evidence: list[Table]) -> list[dict[str, str]]:
    """List everything that can be found from `page`; the order decides between equals.

    An entry has ``t`` title, ``u`` link, ``k`` what it is, and where they add something ``w`` where
    it stands and ``x`` text to look in.
    """
    fronts = reports.front(page.language)
    return [
        *_claims(page, reports),
        *(_entry(b.title, page.to(b.place), _("Brief"), text=b.finding) for b in fronts),
        *(entry for brief in fronts for entry in _brief(page, brief)),
        *(_table(page, table) for table in evidence),
        *_sources(page, fronts),
    ]


def _entry(title: str, url: str, kind: str, where: str = "", text: str = "") -> dict[str, str]:
    found = {"t": title, "u": url, "k": kind, "w": where, "x": text}
    return {name: value for name, value in found.items() if value}


def _claims(page: Page, reports: Reports) -> Iterator[dict[str, str]]:
    for name, found in claims.judged(reports, page.language).items():
        text = f"{name} {found.reason}"
        yield _entry(found.statement, page.to(found.place), _("Claim"), found.brief.title, text)


def _brief(page: Page, brief: Brief) -> Iterator[dict[str, str]]:
    href, title = page.to(brief.place), brief.title
    for finding in brief.results.get("findings", ()):
        yield _entry(finding["text"], href + _anchor(brief, finding), _("Finding"), title)
    for section in brief.outline.get("sections", ()):
        if section["id"] != "sources":
            link = f"{href}#{section['id']}"
            yield _entry(section["title"], link, _("Section"), title, section["text"])
    for kind, word in (("figures", _("Figure")), ("tables", _("Table"))):
        for item in brief.results.get(kind, ()):
            yield _entry(item["title"], f"{href}#{item['id']}", word, title, item.get("alt", ""))


def _anchor(brief: Brief, finding: dict[str, Any]) -> str:
    """Return where a finding stands on the page, or else its claim."""
    names = filter(None, (finding["id"], finding.get("claim")))
    return next((f"#{name}" for name in names if brief.section_of(name)), "")


def _table(page: Page, table: Table) -> dict[str, str]:
    title, text = (in_language(table.about[key])["text"] for key in ("title", "description"))
    link = page.to(tables.place_of(page.language, table.name))
    return _entry(title, link, _("Data"), text=f"{table.name} {text}")


def _sources(page: Page, fronts: list[Brief]) -> Iterator[dict[str, str]]:
    """Each source once, where the first brief that names it lists it."""
    seen: set[str] = set()
    for brief in fronts:
        for number, item in enumerate(brief.results.get("sources", ()), 1):
            if item["source_id"] not in seen:
                seen.add(item["source_id"])
                title, link = item.get("title") or item["source_id"], page.to(brief.place)
                where = item.get("publisher") or ""
                yield _entry(title, f"{link}#source:{number}", _("Source"), where)
