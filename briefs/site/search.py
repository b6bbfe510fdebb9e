"""What a reader can search for, as entries that a small script on the index page looks through.

The entries stand in the page itself, since a page opened from a disk may load nothing.
"""

from collections.abc import Iterator
from typing import Any

from briefs.display.i18n import _, localized
from briefs.site import claims, pages, tables
from briefs.site.shelf import Brief, Shelf, texts

_FIGURES = "figures"


def entries(page: pages.Page, shelf: Shelf, found: list[tables.Table]) -> list[dict[str, Any]]:
    """List everything that can be found from `page`.

    Returns
    -------
    list of dict
        ``t`` title, ``u`` link, ``k`` what it is, and where they add something ``w`` where it
        stands and ``x`` text to look in. The order decides between equals.
    """
    rows = [*_claims(page, shelf)]
    fronts = shelf.front(page.language)
    for brief in fronts:
        rows.append(_entry(brief.title, page.to(brief.place), _("Brief"), text=brief.finding))
    for brief in fronts:
        rows += _brief(page, brief)
    for table in found:
        rows.append(
            _entry(
                tables.in_language(table.about["title"])["text"],
                page.to(tables.place_of(page.language, table.name)),
                _("Data"),
                text=f"{table.name} {tables.in_language(table.about['description'])['text']}",
            )
        )
    rows += _sources(page, fronts)
    return rows


def _entry(title: str, url: str, kind: str, where: str = "", text: str = "") -> dict[str, Any]:
    return {"t": title, "u": url, "k": kind} | {
        name: value for name, value in (("w", where), ("x", text)) if value
    }


def _claims(page: pages.Page, shelf: Shelf) -> Iterator[dict[str, Any]]:
    for name, (claim, brief, result) in claims.known(shelf, page.language).items():
        yield _entry(
            result.get("statement") or localized(claim.statement.model_dump()),
            page.to(claims.place_of(page.language, name)),
            _("Claim"),
            brief.title,
            f"{name} {result.get('reason') or ''}",
        )


def _brief(page: pages.Page, brief: Brief) -> Iterator[dict[str, Any]]:
    """Findings, sections, figures and tables of a brief; findings lead to the section that they stand in."""
    href = page.to(brief.place)
    for finding in brief.results.get("findings", ()):
        section = brief.outline.holding(finding["id"])
        anchor = (
            f"#{finding['id']}"
            if section
            else f"#{finding['claim']}"
            if _has(brief, finding)
            else ""
        )
        yield _entry(finding["text"], href + anchor, _("Finding"), brief.title)
    for section in texts(brief.outline):
        yield _entry(section.title, f"{href}#{section.id}", _("Section"), brief.title, section.text)
    for kind, word in ((_FIGURES, _("Figure")), ("tables", _("Table"))):
        for item in brief.results.get(kind, ()):
            yield _entry(
                item["title"], f"{href}#{item['id']}", word, brief.title, item.get("alt", "")
            )


def _has(brief: Brief, finding: dict[str, Any]) -> bool:
    return bool(finding.get("claim") and brief.outline.holding(finding["claim"]))


def _sources(page: pages.Page, fronts: list[Brief]) -> Iterator[dict[str, Any]]:
    """Each source once, where the first brief that names it lists it."""
    seen: set[str] = set()
    for brief in fronts:
        for number, item in enumerate(brief.results.get("sources", ()), 1):
            if item["source_id"] not in seen:
                seen.add(item["source_id"])
                yield _entry(
                    item.get("title") or item["source_id"],
                    f"{page.to(brief.place)}#source:{number}",
                    _("Source"),
                    item.get("publisher") or "",
                )
