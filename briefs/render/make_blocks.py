"""Blocks of a page made from the records that `cells` checked: findings, verdicts, tables, sources."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from briefs.display import forecasts, i18n
from briefs.display.i18n import _
from briefs.display.records import cells
from briefs.render import address, blocks, claim_blocks, frame, svg, whatif, wording
from briefs.render.blocks import Record
from briefs.render.cells import Entry, PublishError
from briefs.render.choices import WhatIf
from briefs.render.claim_blocks import SourceItem
from briefs.render.frame import PageAddress
from briefs.render.results import csv

_LEFT = ("text", "date", "month", "year")
_SHORT = 10  # characters; an ISO date, or a code, isn't broken at its hyphens
#: Texts of a verdict's record that its block has as they are.
_TEXTS = """
    name answer reason quantity rule confidence horizon attribution interest would_change page
""".split()


class BlockMaker:
    """Makes the blocks of one page, in order: figures and tables are numbered through it.

    Each of the page's `sources`, by id, learns where it is used.
    """

    def __init__(self, brief: Record, page: PageAddress, sources: dict[str, SourceItem]) -> None:
        self._brief, self._page, self._sources = brief, page, sources
        self._counts: Counter[str] = Counter()

    def block(self, entry: Entry) -> blocks.Block:
        """Make the block of a finding, a verdict, a figure, a table, a grid or the record of forecasts."""
        record = entry.record
        if entry.kind == "finding":
            return blocks.FindingBlock(record["id"], record["text"], bool(record.get("headline")))
        if entry.kind == "verdict":
            return self._cited(self.verdict(record), record["id"])
        if entry.kind == "forecasts":
            return self._forecasts(record)
        if entry.kind == "grid":
            return self._grid(record)
        shared = self._tabular(record)
        if entry.kind == "table":
            return self._cited(blocks.TableBlock(**shared), shared["number"])
        return self._cited(self._figure(entry, shared), shared["number"])

    def _cited(
        self, block: claim_blocks.VerdictBlock | blocks.TableBlock, name: str
    ) -> blocks.Block:
        for source in block.sources:
            source.cited.append(claim_blocks.Link(f"#{block.id}", name))
        return block

    def verdict(self, record: Record) -> claim_blocks.VerdictBlock:
        """Make the block of a verdict, or its row where its evidence is on another page."""
        name, elsewhere = record["id"], record.get("page")
        target = frame.page_of(elsewhere, self._brief, self._page) if elsewhere else ""
        return claim_blocks.VerdictBlock(
            id=name,
            verdict=record["verdict"],
            label=record.get("label") or wording.verdict_word(record["verdict"]),
            statement=record["statement"],
            quoted=record.get("wording") == "quote",
            said=wording.said(record),
            cause=wording.cause(record),
            first=wording.first_verdict(record.get("rule_history", ())),
            rule_changed=wording.rule_changes(record),
            robustness=wording.robustness(record),
            href=f"{target}#{name}",
            history=frame.history_of(name, self._brief, self._page),
            estimate=wording.estimate(record.get("estimate")),
            readings=[_reading(reading) for reading in record.get("readings") or ()],
            whatif=whatif.of_claim(record, whatif.causes(record)),
            sources=self._named(record),
            **{text: record.get(text) or "" for text in _TEXTS},
        )

    def _forecasts(self, record: Record) -> blocks.ForecastsBlock:
        return blocks.ForecastsBlock(
            id=record["id"],
            title=record["title"],
            note=wording.tried(record["scores"]),
            columns=forecasts.headings(),
            rows=forecasts.coverage(record["scores"]),
            lesson=record["lesson"],
            href=frame.record_of(self._brief, self._page),
            url=address.site().url(frame.record_place(self._brief)),
        )

    def _grid(self, record: Record) -> WhatIf:
        text = csv(record)
        words = _("Download all combinations (CSV, {size})", size=wording.size(text))
        for source in self._named(record):
            source.cited.append(claim_blocks.Link(f"#{record['id']}", record["title"]))
        return whatif.of_grid(record, text, words)

    def _figure(self, entry: Entry, shared: dict[str, Any]) -> blocks.FigureBlock:
        name, address = entry.record["id"], frame.permalink(self._brief, self._page)
        narrow, wide = (entry.narrow, entry.text) if entry.narrow else (entry.text, "")
        try:
            drawing = svg.clean(narrow, name)
            wide = wide and svg.clean(wide, f"{name}-wide")
        except svg.DrawingError as error:
            raise PublishError(f"figure {name!r}: {error}", entry.cell) from None
        return blocks.FigureBlock(
            **shared,
            alt=entry.record["alt"],
            svg=drawing,
            wide=wide,
            link=f"{address}#{name}",
            picture=f"{address}data/{name}.svg",
        )

    def _named(self, record: Record) -> list[SourceItem]:
        return [self._sources[name] for name in dict.fromkeys(record.get("sources", ()))]

    def _tabular(self, record: Record) -> dict[str, Any]:
        kind, text = record["kind"], csv(record)
        sources = _openable_first(self._named(record))
        self._counts[kind] += 1
        number = self._counts[kind]
        rows = cells(record)
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
            "files": [
                {**file, "label": wording.file_download(file["name"], file["text"])}
                for file in record.get("files", ())
            ],
            "sources": sources,
        }


def _openable_first(sources: list[SourceItem]) -> list[SourceItem]:
    """Put the first source that a reader can open before all others: it alone is named in full."""
    first = next((source for source in sources if source.url), None)
    return sorted(sources, key=lambda source: source is not first)


def columns(record: Record, rows: list[list[str]]) -> list[blocks.TableColumn]:
    """Describe the columns of a table whose cells are written as `rows`."""
    return [
        blocks.TableColumn(
            label=column["label"],
            numeric=column["kind"] not in _LEFT,
            whole=not any(len(row[i]) > _SHORT or " " in row[i] for row in rows),
        )
        for i, column in enumerate(record["columns"])
    ]


def _reading(reading: Record) -> claim_blocks.ReadingRow:
    return claim_blocks.ReadingRow(
        reading["quantity"],
        reading["outcome"],
        wording.verdict_word(reading["outcome"]),
        wording.cause(reading),
        wording.estimate(reading.get("estimate")),
        wording.probabilities(reading),
        i18n.probability(reading["power"]) if reading.get("power") is not None else "",
    )


def sources(items: Iterable[Record]) -> dict[str, SourceItem]:
    """Number the sources of a page, by id."""
    return {item["source_id"]: _source(number, item) for number, item in enumerate(items, 1)}


def _source(number: int, item: Record) -> SourceItem:
    url = item.get("url") or ""
    return SourceItem(
        id=item["source_id"],
        number=number,
        publisher=item.get("publisher") or "",
        title=item.get("title") or item["source_id"],
        year=str(item.get("published") or "")[:4] or i18n._("undated"),
        published=wording.date(item.get("published")),
        url=url if url.startswith(("https://", "http://")) else "",
        license=item.get("license") or "",
        accessed=wording.accessed(item.get("accessed")),
        grade=item.get("grade") or "",
        best=item.get("best_source") or "",
        note=(item.get("note") or "").rstrip("."),
        lang="" if i18n.language() == "en" else "en",
    )
