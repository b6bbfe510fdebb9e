"""The data pages: every table with its dictionary, licence, sources, freshness and download.

The tables are published once, beside all languages, with the Data Package that describes
them. A table that states no licence, or one that doesn't let others pass it on, stops the
build: nothing may be published that its owner forbids.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.evidence import catalog
from briefs.render import address, metadata, wording
from briefs.site import pages
from briefs.site.shelf import Shelf, SiteError

FOLDER, PACKAGE, SOURCES = "data", "datapackage.json", "sources"
#: Licences by their Frictionless names that let anyone pass the data on.
OPEN = frozenset(
    {
        "CC0-1.0",
        "CC-BY-4.0",
        "CC-BY-SA-4.0",
        "ODC-PDDL-1.0",
        "ODC-BY-1.0",
        "ODbL-1.0",
        "OGL-UK-3.0",
        "public-domain",
    }
)


@dataclass(frozen=True)
class Evidence:
    """All tables, read once for every page.

    Attributes
    ----------
    tables : list of Table
        In the order of the package, the sources last.
    sources : mapping
        Source -> what is known of it.
    checksums : mapping
        Table -> SHA-256 of its file.
    collected : date
        Day on which the evidence was last collected.
    """

    tables: list["Table"]
    sources: dict[str, dict[str, Any]]
    checksums: dict[str, str]
    collected: dt.date

    @classmethod
    def read(cls) -> "Evidence":
        """Read the tables of the data folder; raise `SiteError` if one of them must not be published."""
        sources = {
            row["source_id"]: {**row, "url": row["url"] if row["url"].startswith("http") else ""}
            for row in catalog.sources().fillna("").to_dict("records")
        }
        tables = sorted(
            (Table(name, sources) for name in catalog.tables()),
            key=lambda table: table.name == SOURCES,
        )
        for table in tables:
            table.check()
        return cls(tables, sources, catalog.checksums(), catalog.evidence_date())


class Table:
    """One table of the evidence, with what a reader needs to know before using it."""

    def __init__(self, name: str, sources: dict[str, dict[str, Any]]):
        self.name = name
        self.about = catalog.describe(name)
        self.frame = catalog.load(name)
        self._sources = sources

    @property
    def place(self) -> str:
        return f"{FOLDER}/{self.name}.csv"

    @cached_property
    def data(self) -> bytes:
        return (catalog.data_root() / self.about["path"]).read_bytes()

    @property
    def licences(self) -> list[dict[str, str]]:
        """Licences, each with a name and where to read it."""
        return self.about.get("licenses") or []

    def check(self) -> None:
        """Raise `SiteError` unless every licence is known to let others pass the table on."""
        if not self.licences:
            raise SiteError(
                f"{PACKAGE}: table {self.name} states no licence, so it can't be published"
            )
        for licence in self.licences:
            if licence.get("name") not in OPEN:
                raise SiteError(
                    f"{PACKAGE}: table {self.name} has the licence {licence.get('name')!r}, which isn't "
                    f"known to let others pass it on; those that do are {', '.join(sorted(OPEN))}"
                )

    @property
    def days(self) -> pd.Series:
        """Days from which the rows could be known."""
        return self.frame[self.about["asOf"]["published"]].dropna()

    @property
    def source_columns(self) -> list[str]:
        """Columns whose values name a source."""
        return [
            key["fields"][0]
            for key in self.about["schema"].get("foreignKeys", ())
            if key["reference"]["resource"] == SOURCES
        ]

    @cached_property
    def sources(self) -> list[dict[str, Any]]:
        """Sources of the rows, those behind most rows first."""
        named = zip(*(self.frame[column] for column in self.source_columns), strict=True)
        # a row may name a source in two columns
        counts = Counter(
            name for row in named for name in set(row) if isinstance(name, str) and name
        )
        rows = [{**self._sources[name], "rows": count} for name, count in counts.items()]
        return sorted(rows, key=lambda row: (-row["rows"], row["publisher"], row["title"]))

    @property
    def verified(self) -> float | None:
        """Share of the rows whose sources were all seen."""
        return (
            float(self.frame["verified"].mean())
            if len(self.frame) and "verified" in self.frame
            else None
        )

    def freshness(self, collected: dt.date) -> dict[str, Any]:
        """Say how old the last row was when the evidence was collected, against what is expected."""
        expected = self.about.get("updatePeriodDays")
        if not len(self.days):
            return {"last": None, "age": None, "expected": expected, "overdue": False, "next": None}
        last = min(self.days.max().date(), collected)
        age = (collected - last).days
        return {
            "last": last,
            "age": age,
            "expected": expected,
            "overdue": bool(expected and age > expected),
            "next": last + dt.timedelta(days=expected) if expected else None,
        }


def downloads(evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Write the tables, and the Data Package that describes them where they stand."""
    described = json.loads((catalog.data_root() / PACKAGE).read_text(encoding="utf-8"))
    by_name = {table.name: table for table in evidence.tables}
    for resource in described["resources"]:
        table = by_name[resource["name"]]
        resource |= {
            "path": f"{table.name}.csv",
            "bytes": len(table.data),
            "hash": f"sha256:{evidence.checksums[table.name]}",
        }
        yield table.place, table.data
    yield (
        f"{FOLDER}/{PACKAGE}",
        (json.dumps(described, indent=1, ensure_ascii=False) + "\n").encode(),
    )


def files(shelf: Shelf, language: str, evidence: Evidence) -> Iterator[tuple[str, bytes]]:
    """Write the page of all tables and the page of each, as path below the root and content."""
    text = _(
        "Every table behind the briefs, with its dictionary, licence, sources, freshness and download."
    )
    home = pages.Page(
        f"{language}/{FOLDER}",
        _("Data behind the briefs"),
        text,
        shelf.languages,
        data=(_catalogue(language, evidence.tables),),
        **pages.picture(shelf.front(language)[0]),
    )
    groups: dict[str, list[dict[str, Any]]] = {}
    for table in evidence.tables:
        groups.setdefault(_group(table), []).append(_row(home, table, evidence.collected))
    yield (
        f"{home.place}/{address.PAGE}",
        pages.render(
            "data.html.j2",
            home,
            words=_words(),
            groups=[{"title": t, "tables": rows} for t, rows in groups.items()],
            package=home.to(FOLDER, PACKAGE),
            collected=i18n.day(evidence.collected),
            count=i18n.number(len(evidence.tables)),
            total=i18n.number(sum(len(table.frame) for table in evidence.tables)),
        ),
    )
    for table in evidence.tables:
        page = _page(shelf, language, table, evidence.checksums[table.name])
        yield (
            f"{page.place}/{address.PAGE}",
            pages.render(
                "table.html.j2",
                page,
                words=_words(),
                package=page.to(FOLDER, PACKAGE),
                home=page.to(home.place),
                table=_table(page, table, shelf, evidence),
            ),
        )


def place_of(language: str, table: str) -> str:
    """Return the folder of a table's page."""
    return f"{language}/{FOLDER}/{table}"


def _page(shelf: Shelf, language: str, table: Table, digest: str) -> pages.Page:
    title, description = in_language(table.about["title"]), in_language(table.about["description"])
    told = _(
        "{title}: dictionary, licence, sources, freshness and download. {description}",
        title=title["text"],
        description=description["text"],
    )
    return pages.Page(
        place_of(language, table.name),
        metadata.shortened(_("Data: {title}", title=title["text"]), metadata.TITLE_LENGTH),
        metadata.shortened(told, metadata.DESCRIPTION_LENGTH),
        shelf.languages,
        data=(_dataset(language, table, digest),),
        **pages.picture(shelf.front(language)[0]),
    )


def _catalogue(language: str, found: list[Table]) -> dict[str, Any]:
    """Describe the page of all tables for machines."""
    own = address.site().url(f"{language}/{FOLDER}")
    return {
        "@type": "DataCatalog",
        "@id": f"{own}#catalogue",
        "url": own,
        "name": _("Data behind the briefs"),
        "inLanguage": language,
        "publisher": pages.publisher(language),
        "dataset": [
            {
                "@type": "Dataset",
                "@id": f"{_own(language, table)}#dataset",
                "name": table.about["title"],
            }
            for table in found
        ],
    }


def _dataset(language: str, table: Table, digest: str) -> dict[str, Any]:
    """Describe a table for machines (schema.org)."""
    site, days = address.site(), table.days
    about = {
        "@type": "Dataset",
        "@id": f"{_own(language, table)}#dataset",
        "url": _own(language, table),
        "name": in_language(table.about["title"])["text"],
        "description": in_language(table.about["description"])["text"],
        "identifier": table.name,
        "license": [licence.get("path") or licence["name"] for licence in table.licences],
        "creator": pages.publisher(language),
        "isAccessibleForFree": True,
        "inLanguage": "en",
        "isBasedOn": [source["url"] for source in table.sources if source["url"]],
        "variableMeasured": [
            {
                "@type": "PropertyValue",
                "name": field["name"],
                "description": in_language(field.get("description", ""))["text"],
                **({"unitText": field["unit"]} if field.get("unit") else {}),
            }
            for field in table.about["schema"]["fields"]
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentSize": f"{len(table.data)} B",
                "sha256": digest,
                "contentUrl": site.url(FOLDER, f"{table.name}.csv"),
            }
        ],
    }
    if len(days):
        about["temporalCoverage"] = (
            f"{days.min().date().isoformat()}/{days.max().date().isoformat()}"
        )
    return about


def _own(language: str, table: Table) -> str:
    return address.site().url(place_of(language, table.name))


def in_language(text: str) -> dict[str, str]:
    """Return a text of the package in the active language, and which language that is."""
    translated = _(text) if text else ""
    untouched = translated == text and i18n.language() != "en"
    return {"text": translated, "language": "en" if untouched else i18n.language()}


def _row(page: pages.Page, table: Table, collected: dt.date) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": in_language(table.about["title"]),
        "href": page.to(place_of(page.language, table.name)),
        "rows": i18n.number(len(table.frame)),
        "csv": page.to(FOLDER, f"{table.name}.csv"),
        "size": wording.size(table.data.decode()),
        **_fresh(table.freshness(collected)),
    }


def _group(table: Table) -> str:
    """Name the part of the evidence that a table belongs to, from its folder."""
    folder = table.about["path"].partition("/")[0]
    return {"cost": _("Cost"), "market": _("Markets"), "regulation": _("Regulation")}.get(
        folder, _("Sources")
    )


def _fresh(found: dict[str, Any]) -> dict[str, Any]:
    """Put freshness into words."""
    if found["last"] is None:
        return {"fresh": _("No row is dated."), "overdue": False, "last": i18n.UNKNOWN, "next": ""}
    words = {"last": i18n.day(found["last"]), "age": i18n.number(found["age"])}
    if not found["expected"]:
        told = _("Last row of {last}, {age} days before the evidence was collected.", **words)
    else:
        told = _(
            "Expected every {period} days; last row of {last}, {age} days before the evidence was collected.",
            period=i18n.number(found["expected"]),
            **words,
        )
    return {
        "fresh": told,
        "overdue": found["overdue"],
        "last": words["last"],
        "next": i18n.day(found["next"]) if found["next"] else "",
    }


def _table(page: pages.Page, table: Table, shelf: Shelf, evidence: Evidence) -> dict[str, Any]:
    readers = [
        {"title": brief.title, "href": page.to(brief.place)}
        for brief in shelf.front(page.language)
        if table.name in brief.results.get("provenance", {}).get("evidence", {})
    ]
    days, verified, collected = table.days, table.verified, i18n.day(evidence.collected)
    return {
        "name": table.name,
        "title": in_language(table.about["title"]),
        "description": in_language(table.about["description"]),
        "group": _group(table),
        "fields": [_field(field, table) for field in table.about["schema"]["fields"]],
        "key": table.about["schema"]["primaryKey"],
        "licences": [
            {**licence, "title": i18n.message(licence.get("title") or licence["name"])}
            for licence in table.licences
        ],
        "sources": [
            {
                **source,
                "publisher": i18n.name(source["publisher"]),
                "license": i18n.message(source["license"]),
            }
            for source in table.sources
        ],
        "verified": i18n.percent(verified) if verified is not None else "",
        "coverage": _("{first} to {last}", first=i18n.day(days.min()), last=i18n.day(days.max()))
        if len(days)
        else "",
        **_fresh(table.freshness(evidence.collected)),
        "rows": i18n.number(len(table.frame)),
        "columns": i18n.number(len(table.about["schema"]["fields"])),
        "collected": collected,
        "sha256": evidence.checksums[table.name],
        "csv": page.to(FOLDER, f"{table.name}.csv"),
        "file": f"{table.name}.csv",
        "size": wording.size(table.data.decode()),
        "readers": readers,
        "citation": _(
            "“{title}”. {site}: evidence, collected to {date}. {url}",
            site=metadata.site_name(),
            title=in_language(table.about["title"])["text"],
            date=collected,
            url=address.site().url(page.place),
        ),
    }


def _field(field: dict[str, Any], table: Table) -> dict[str, Any]:
    rules = field.get("constraints", {})
    names = {
        "string": _("text"),
        "number": _("number"),
        "integer": _("whole number"),
        "boolean": _("true or false"),
        "date": _("date"),
    }
    kind = _("date, whole or partial") if field.get("partialDate") else names[field["type"]]
    unit = in_language(field["unit"]) if field.get("unit") else None
    return {
        "name": field["name"],
        "type": kind,
        "unit": unit,
        "meaning": in_language(field.get("description", "")),
        "required": bool(rules.get("required")),
        "allowed": rules.get("enum", ()),
        "key": field["name"] in table.about["schema"]["primaryKey"],
    }


def _words() -> dict[str, str]:
    """Return the fixed words of the data pages."""
    return {
        "title": _("Data behind the briefs"),
        "kicker": _("Data"),
        "lead": _(
            "Every number in the briefs comes from these tables: {tables} of them, {rows} rows, each row with "
            "its source and the day from which it could be known."
        ),
        "collected": _("Evidence collected to {date}."),
        "package": _("Description of all tables (Frictionless Data Package, JSON)"),
        "how": _("How these data are produced"),
        "caveats": _("What to keep in mind"),
        "how_1": _(
            "Each figure was copied by hand or by a script from a published source, with the name of that "
            "source in the same row. Figures that the briefs compute are not in the tables; the briefs give "
            "those as CSV files of their own."
        ),
        "how_2": _(
            "“Verified” says that the figure was seen in a copy of the page or file it is credited to. It says "
            "nothing about whether that source is right."
        ),
        "how_3": _(
            "A brief as of an earlier date leaves out every row that was published later, so it shows what a "
            "reader of that day could have known."
        ),
        "how_4": _(
            "The licence is that of the table as compiled here. Single figures keep the terms of their sources, "
            "which the table of sources states."
        ),
        "all": _("All tables"),
        "rows": _("Rows"),
        "columns": _("Columns"),
        "download": _("Download {file} (CSV, {size})"),
        "csv": _("CSV"),
        "fresh": _("Freshness"),
        "on_time": _("on time"),
        "overdue": _("older than expected"),
        "last": _("Last row"),
        "dictionary": _("What each column means"),
        "required": _("always filled"),
        "key": _("part of the key"),
        "values": _("One of:"),
        "coverage": _("Rows published"),
        "next": _("Next update expected"),
        "verified": _("Rows from verified sources"),
        "licence": _("Licence"),
        "readers": _("Read by"),
        "sha256": _("SHA-256 of the file"),
        "sources": _("Where the rows come from"),
        "source": _("Source"),
        "terms": _("Terms of the source"),
        "unverified": _("not yet checked against the source"),
        "cite": _("How to cite this table"),
        "facts": _("At a glance"),
        "none": _("This table is itself the list of sources."),
        "sources_region": _("Sources of the table"),
    }
