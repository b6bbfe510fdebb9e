"""Blocks of a page made from the records that `cells` checked: findings, verdicts, tables, sources."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from briefs.display import i18n
from briefs.render import frame, svg, wording
from briefs.render.blocks import (
    Block,
    FigureBlock,
    FileDownload,
    FindingBlock,
    Link,
    ReadingRow,
    Record,
    SourceItem,
    TableBlock,
    TableColumn,
    VerdictBlock,
)
from briefs.render.cells import Entry, PublishError
from briefs.render.frame import PageAddress
from briefs.render.results import csv

_LEFT = ("text", "date", "month", "year")
_NAMED_SOURCES = 3
_SHORT = 10  # characters; an ISO date, or a code, isn't broken at its hyphens


class BlockMaker:
    """Makes the blocks of one page, in order: figures and tables are numbered through it.

    Parameters
    ----------
    brief : mapping
        Record of the kind ``brief``.
    sources : mapping
        The page's sources by id.
    """

    def __init__(self, brief: Record, page: PageAddress, sources: dict[str, SourceItem]) -> None:
        self._brief, self._page, self._sources = brief, page, sources
        self._counts: Counter[str] = Counter()

    def block(self, entry: Entry) -> Block:
        """Make the block of a finding, a verdict, a figure or a table."""
        record = entry.record
        if entry.kind == "finding":
            return FindingBlock(record["id"], record["text"], bool(record.get("headline")))
        if entry.kind == "verdict":
            return self.verdict(record)
        shared = self._tabular(record)
        if entry.kind == "table":
            return TableBlock(**shared)
        try:
            drawing = svg.clean(entry.text, record["id"])
        except svg.DrawingError as error:
            raise PublishError(f"figure {record['id']!r}: {error}", entry.cell) from None
        return FigureBlock(**shared, alt=record["alt"], svg=drawing)

    def verdict(self, record: Record) -> VerdictBlock:
        """Make the block of a verdict, or its row where its evidence is on another page."""
        name, elsewhere = record["id"], record.get("page") or ""
        target = frame.page_of(elsewhere, self._brief, self._page) if elsewhere else ""
        line = wording.deciding_reading(record)
        return VerdictBlock(
            id=name,
            verdict=record["verdict"],
            label=record.get("label") or wording.verdict_word(record["verdict"]),
            statement=record["statement"],
            quoted=record.get("wording") == "quote",
            said=wording.said(record),
            reason=record.get("reason") or "",
            quantity=record.get("quantity") or "",
            rule=record.get("rule") or "",
            rule_changed=_rule_changes(record),
            attribution=record.get("attribution") or "",
            interest=record.get("interest") or "",
            would_change=record.get("would_change") or "",
            page=elsewhere,
            href=f"{target}#{name}",
            history=frame.history_of(name, self._brief, self._page),
            summary=record.get("summary") or line["quantity"] or "",
            line=wording.estimate(line.get("estimate")),
            estimate=wording.estimate(record.get("estimate")),
            readings=[_reading(reading) for reading in record.get("readings") or ()],
            sources=[self._sources[source] for source in record.get("sources", ())],
        )

    def _tabular(self, record: Record) -> dict[str, Any]:
        """Return what figures and tables share."""
        kind = record["kind"]
        self._counts[kind] += 1
        number = self._counts[kind]
        kinds = [column["kind"] for column in record["columns"]]
        rows = [
            [i18n.cell(*pair) for pair in zip(kinds, row, strict=True)] for row in record["rows"]
        ]
        text = csv(record)
        return {
            "id": record["id"],
            "number": wording.numbered(kind, number),
            "title": record["title"],
            "subtitle": record.get("subtitle", ""),
            "note": record.get("note", ""),
            "columns": columns(record, rows),
            "rows": rows,
            "csv": text,
            "download": wording.download(number, kind, text),
            "files": [_file(file) for file in record.get("files", ())],
            **self._source_line(record),
        }

    def _source_line(self, record: Record) -> dict[str, Any]:
        named = [self._sources[name] for name in dict.fromkeys(record["sources"])]
        return {
            "sources": named[:_NAMED_SOURCES],
            "more_sources": [source.number for source in named[_NAMED_SOURCES:]],
            "further": wording.further(len(named) - _NAMED_SOURCES),
            "accessed": wording.accessed_all([s.accessed_on for s in named if s.verified]),
        }


def columns(record: Record, rows: list[list[str]]) -> list[TableColumn]:
    """Describe the columns of a table whose cells are written as `rows`."""
    return [
        TableColumn(
            label=column["label"],
            numeric=column["kind"] not in _LEFT,
            whole=not any(len(row[i]) > _SHORT or " " in row[i] for row in rows),
        )
        for i, column in enumerate(record["columns"])
    ]


def _file(file: dict[str, str]) -> FileDownload:
    label = wording.file_download(file["name"], file["text"])
    return FileDownload(file["name"], file["mediatype"], file["text"], label)


def _reading(reading: Record) -> ReadingRow:
    return ReadingRow(
        wording.quantity(reading),
        reading["verdict"],
        wording.verdict_word(reading["verdict"]),
        wording.estimate(reading.get("estimate")),
    )


def _rule_changes(record: Record) -> str:
    changes = record.get("rule_history", ())
    return " ".join(f"{wording.date(change['date'])}: {change['reason']}" for change in changes)


def sources(items: Iterable[Record]) -> dict[str, SourceItem]:
    """Number the sources of a page, by id."""
    return {item["source_id"]: _source(number, item) for number, item in enumerate(items, 1)}


def _source(number: int, item: Record) -> SourceItem:
    read, url = item.get("verified", True) is True, str(item.get("url") or "")
    return SourceItem(
        id=item["source_id"],
        number=number,
        publisher=item.get("publisher") or "",
        title=item.get("title") or item["source_id"],
        year=str(item.get("published") or "")[:4] or i18n._("undated"),
        published=wording.date(item.get("published")),
        url=url if url.startswith(("https://", "http://")) else "",
        license=item.get("license") or "",
        accessed=wording.accessed(item.get("accessed"), read),
        accessed_on=item.get("accessed") or "",
        verified=read,
        note=(item.get("note") or "").rstrip("."),
        lang="" if i18n.language() == "en" else "en",
    )


def cited(found: Iterable[SourceItem], blocks: Iterable[Block]) -> list[SourceItem]:
    """Note with each source where on the page it is used."""
    links: dict[int, list[Link]] = {source.number: [] for source in found}
    for block in blocks:
        if isinstance(block, TableBlock):
            link, others = Link(f"#{block.id}", block.number), block.more_sources
        elif isinstance(block, VerdictBlock):
            link, others = Link(f"#{block.id}", block.id), []
        else:
            continue
        for number in [*(source.number for source in block.sources), *others]:
            links[number].append(link)
    return [replace(source, cited=links[source.number]) for source in found]
