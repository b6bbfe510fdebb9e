"""The data pages: every table with its dictionary, licence, sources, freshness and download.

The tables are published once, beside all languages, with the Data Package that describes them.
"""

import json
from collections.abc import Iterator
from typing import Any

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.evidence import catalog
from briefs.render import about, address, metadata, wording
from briefs.site import pages, rows
from briefs.site.evidence import PACKAGE, Evidence, Table
from briefs.site.pages import File, Page
from briefs.site.reports import Reports

FOLDER = "data"


def downloads(evidence: Evidence) -> Iterator[File]:
    """Write the tables, and the Data Package that describes them where they stand."""
    described = json.loads((catalog.data_root() / PACKAGE).read_text(encoding="utf-8"))
    by_name = {table.name: table for table in evidence.tables}
    for resource in described["resources"]:
        table = by_name[resource["name"]]
        resource["path"] = table.file
        yield File(f"{FOLDER}/{table.file}", table.data)
    text = json.dumps(described, indent=1, ensure_ascii=False)
    yield File(f"{FOLDER}/{PACKAGE}", f"{text}\n".encode())


def files(reports: Reports, language: str, evidence: Evidence) -> Iterator[File]:
    """Write the page of all tables and the page of each."""
    home = _home(reports, language, evidence.tables)
    groups: dict[str, list[dict[str, Any]]] = {}
    for table in evidence.tables:
        groups.setdefault(_group(table), []).append(_common(home, table, evidence))
    yield pages.render(
        "data.html.j2",
        home,
        groups=groups,
        package=home.to(FOLDER, PACKAGE),
        collected=evidence.collected,
        count=len(evidence.tables),
        total=sum(len(table.frame) for table in evidence.tables),
    )
    for table in evidence.tables:
        page = _page(reports, language, table)
        yield pages.render(
            "table.html.j2",
            page,
            **_common(page, table, evidence),
            rows=rows.Rows(page, table, evidence),
            group=_group(table),
            home=page.to(home.place),
            url=address.site().url(page.place),
            collected=evidence.collected,
            site=metadata.site_name(),
            readers=[
                brief
                for brief in reports.front(language)
                if table.name in brief.results.get("provenance", {}).get("evidence", {})
            ],
        )


def place_of(language: str, table: str) -> str:
    """Return the place of a table's page."""
    return f"{language}/{FOLDER}/{table}"


def _home(reports: Reports, language: str, tables: list[Table]) -> Page:
    text = _(
        "Every table behind the briefs, with its dictionary, licence, sources, freshness and download."
    )
    title, data = _("Data behind the briefs"), _catalogue(language, tables)
    return pages.of(reports, f"{language}/{FOLDER}", title, text, data=data)


def _page(reports: Reports, language: str, table: Table) -> Page:
    title, description = (
        pages.in_language(table.about[key])["text"] for key in ("title", "description")
    )
    text = _(
        "{title}: dictionary, licence, sources, freshness and download. {description}",
        title=title,
        description=description,
    )
    data = _dataset(language, table, title, description)
    place = place_of(language, table.name)
    title = _("Data: {title}", title=title)
    return pages.of(reports, place, title, text, data=data, scripts=("scroll.js", "rows.js"))


def _catalogue(language: str, tables: list[Table]) -> dict[str, Any]:
    own = address.site().url(f"{language}/{FOLDER}")
    return {
        "@type": "DataCatalog",
        "@id": f"{own}#catalogue",
        "url": own,
        "name": _("Data behind the briefs"),
        "inLanguage": language,
        "publisher": metadata.publisher(language),
        "dataset": [
            {
                "@type": "Dataset",
                "@id": f"{_url(language, table)}#dataset",
                "name": table.about["title"],
            }
            for table in tables
        ],
    }


def _dataset(language: str, table: Table, title: str, description: str) -> dict[str, Any]:
    own, span = _url(language, table), table.span
    return {
        "@type": "Dataset",
        "@id": f"{own}#dataset",
        "url": own,
        "name": title,
        "description": description,
        "identifier": table.name,
        "license": [licence.get("path") or licence["name"] for licence in table.about["licenses"]],
        "creator": metadata.publisher(language),
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "isBasedOn": [source["url"] for source in table.sources if source["url"]],
        "variableMeasured": [_variable(field) for field in table.about["schema"]["fields"]],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentSize": f"{len(table.data)} B",
                "sha256": table.sha256,
                "contentUrl": address.site().url(FOLDER, table.file),
            }
        ],
        **({"temporalCoverage": f"{span[0]}/{span[1]}"} if span else {}),
    }


def _variable(field: dict[str, Any]) -> dict[str, str]:
    meaning = pages.in_language(field.get("description", ""))["text"]
    unit = {"unitText": field["unit"]} if field.get("unit") else {}
    return {"@type": "PropertyValue", "name": field["name"], "description": meaning, **unit}


def _url(language: str, table: Table) -> str:
    return address.site().url(place_of(language, table.name))


def _group(table: Table) -> str:
    """Name the part of the evidence that a table belongs to, from its folder."""
    folder = table.about["path"].partition("/")[0]
    named = about.project_words("groups").get(folder)
    return i18n.localized(named) if named else _("Sources")


def _common(page: Page, table: Table, evidence: Evidence) -> dict[str, Any]:
    return {
        "table": table,
        "fresh": table.freshness(evidence.collected),
        "href": page.to(place_of(page.language, table.name)),
        "csv": page.to(FOLDER, table.file),
        "size": wording.size(table.data.decode()),
    }
