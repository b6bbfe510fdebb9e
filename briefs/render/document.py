"""One document from an executed notebook: a plain dictionary in the reader's order.

Headline findings and the verdicts' scoreboard come first, then the notebook's sections,
then what changed, sources and how it was made. All text is ready to print, in the brief's language;
the templates only place it. The records stay in it untouched, for ``results.json``.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from briefs.display import i18n
from briefs.render import frame, metadata, prose, sanitize, svg, wording
from briefs.render.cells import RESERVED, Entry, Place, PublishError, entries
from briefs.render.frame import Spot
from briefs.render.markdown import MarkdownError, Node, Reader, plain
from briefs.render.results import csv, from_records

__all__ = ["PublishError", "build", "csv", "results", "speaking"]

_LEFT = ("text", "date", "month", "year")
_NAMED_SOURCES = 3
_SHORT = 10  # characters; an ISO date, or a code, isn't broken at its hyphens
_VERDICTS = ("supported", "partly supported", "contradicted", "unresolved", "opinion")
_FILE_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.[a-z0-9]+")

Block = dict[str, Any]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Write in `language` for a while, then in the one before."""
    before = i18n.language()
    i18n.activate(language)
    try:
        yield
    finally:
        i18n.activate(before)


def build(
    notebook: Any, spot: Spot | None = None, origin: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Make the document of an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode or mapping
        Executed, in nbformat 4.
    spot : Spot, optional
        Where the page stands on the site; without it the page is by itself and links to no
        neighbour.
    origin : mapping, optional
        Provenance, as `provenance.collect` returns.

    Raises
    ------
    PublishError
        If something in it must not be published, or lacks what every reader needs; names
        the cell.
    """
    found = entries(notebook)
    brief = next(entry for entry in found if entry.kind == "brief")
    try:
        with speaking(brief.record["language"]):
            return _compose(found, brief.record, spot or Spot(), origin or {})
    except i18n.UntranslatedError as error:
        raise PublishError(f"the page {error}") from error
    except (KeyError, TypeError, AttributeError) as error:
        raise PublishError(
            f"a record lacks what the page needs: {type(error).__name__} {error}"
        ) from error


def _compose(
    found: list[Entry], brief: dict[str, Any], spot: Spot, origin: dict[str, Any]
) -> dict[str, Any]:
    reader = Reader({*RESERVED, *(entry.record["id"] for entry in found if "id" in entry.record)})
    sources = _sources(found)
    sections, places = _sections(found, reader, sources)
    listed = [section for section in sections if section["role"] != "sources"]
    # in the overview the verdicts stand on the briefs' own pages
    verdicts = [b for b in _blocks(listed) if b["type"] == "verdict"] + [
        _verdict(e.record, sources) for e in found if e.kind == "verdict" and e.record.get("page")
    ]
    for verdict in verdicts:
        page = frame.page_of(verdict["page"], brief, spot) if verdict["page"] else ""
        verdict |= {
            "href": f"{page}#{verdict['id']}",
            "history": frame.history_of(verdict["id"], brief, spot),
        }
    _cite(sources, _blocks(listed))
    document = {
        "report": brief["report"],
        "title": brief["title"],
        "subtitle": brief.get("subtitle", ""),
        "language": brief["language"],
        "labels": wording.labels(),
        **frame.frame(brief, spot),
        "as_of": wording.date(brief["as_of"]),
        "findings": _headlines(found, [*_blocks(listed), *verdicts]),
        "verdicts": verdicts,
        "tally": _tally(verdicts),
        "sections": listed,
        "notes": reader.notes,
        "sources": list(sources.values()),
        "sources_intro": [
            b for section in sections if section["role"] == "sources" for b in section["blocks"]
        ],
        "parameters": [
            {**p, "value": wording.parameter_text(p["value"])} for p in brief.get("parameters", ())
        ],
        "checksums": [{"table": t, "sha256": s} for t, s in sorted(_checksums(found).items())],
        "command": frame.command(brief, spot),
        "origin": wording.origin(origin),
        "licence": wording.licence(),
        "licence_url": wording.LICENSE_URL,
        "records": [entry.record for entry in found if entry.record],
    }
    document["contents"] = _contents(document)
    document["head"] = metadata.head(document, brief, spot)
    _check_links(document, reader.ids, places)
    return document


def _blocks(sections: list[dict[str, Any]]) -> Iterator[Block]:
    return (block for section in sections for block in section["blocks"])


def _sections(
    found: list[Entry], reader: Reader, sources: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[Any]]:
    """Cut the notebook at its second-level headings; return sections, and the cell of each tree."""
    sections = [_section("introduction", i18n._("Introduction"))]
    counts: dict[str, int] = {}
    places: list[tuple[Place, list[Node]]] = []
    for entry in found:
        if entry.kind == "markdown":
            nodes = _read(entry, reader)
            places.append((entry.place, nodes))
            for node in nodes:
                _add_prose(sections, node)
        elif entry.kind == "code":
            sections[-1]["code"].append(entry.text)
        elif entry.kind == "sources":
            sections[-1]["role"] = "sources"
        elif entry.kind != "brief" and not (entry.kind == "verdict" and entry.record.get("page")):
            sections[-1]["blocks"].append(_block(entry, counts, sources))
    return [
        section
        for section in map(_without_repeats, sections)
        if section["blocks"] or section["role"]
    ], places


def _section(name: str, title: str) -> dict[str, Any]:
    return {"id": name, "title": title, "level": 2, "role": "", "blocks": [], "code": []}


def _read(entry: Entry, reader: Reader) -> list[Node]:
    """Read a markdown cell in the page's language; the notebook's own ``# Title`` stays out."""
    text = prose.split_title(entry.text)[1]
    try:
        return reader.read(prose.translated(text, i18n._), original=text)
    except MarkdownError as error:
        raise PublishError(str(error), entry.place) from None


def _add_prose(sections: list[dict[str, Any]], node: Node) -> None:
    if node["type"] == "heading" and node["level"] == 2:
        sections.append(_section(node["id"], plain(node["children"])))
    elif sections[-1]["blocks"] and sections[-1]["blocks"][-1]["type"] == "prose":
        sections[-1]["blocks"][-1]["nodes"].append(node)
    else:
        sections[-1]["blocks"].append({"type": "prose", "nodes": [node]})


def _without_repeats(section: dict[str, Any]) -> dict[str, Any]:
    """Leave headline findings, which open the page, out of sections that add no evidence to them."""
    if any(block["type"] in ("verdict", "figure", "table") for block in section["blocks"]):
        return section
    return {
        **section,
        "blocks": [b for b in section["blocks"] if not (b["type"] == "finding" and b["headline"])],
    }


def _block(entry: Entry, counts: dict[str, int], sources: dict[str, Any]) -> Block:
    record, kind = entry.record, entry.kind
    if kind == "finding":
        return {
            "type": kind,
            "id": record["id"],
            "text": record["text"],
            "headline": bool(record.get("headline")),
        }
    if kind == "verdict":
        return _verdict(record, sources)
    counts[kind] = counts.get(kind, 0) + 1
    if kind == "html":
        label = sanitize.caption(entry.text) or wording.shown(counts[kind])
        return {
            "type": kind,
            "html": entry.text,
            "label": label,
            "nodes": sanitize.nodes(entry.text),
        }
    block = _tabular(record, counts[kind], sources)
    if kind == "figure":
        try:
            block |= {"alt": record["alt"], "svg": svg.clean(entry.text, record["id"])}
        except svg.DrawingError as error:
            raise PublishError(f"figure {record['id']!r}: {error}", entry.place) from None
    return block


def _verdict(record: dict[str, Any], sources: dict[str, Any]) -> Block:
    readings = [
        {
            **reading,
            "label": wording.verdict_word(reading["verdict"]),
            "quantity": wording.quantity(reading),
            "estimate": wording.estimate(reading.get("estimate")),
        }
        for reading in record.get("readings") or ()
    ]
    line = wording.telling(record)
    keep = (
        "id",
        "verdict",
        "reason",
        "statement",
        "quantity",
        "attribution",
        "interest",
        "rule",
        "would_change",
        "page",
    )
    return {
        "type": "verdict",
        **{name: record.get(name) or "" for name in keep},
        "summary": record.get("summary") or line["quantity"] or "",
        "line": wording.estimate(line["estimate"]),
        "href": f"#{record['id']}",
        "history": "",
        "label": record.get("label") or wording.verdict_word(record["verdict"]),
        "said": wording.said(record),
        "quoted": record.get("wording") == "quote",
        "rule_changed": " ".join(
            f"{wording.date(change['date'])}: {change['reason']}"
            for change in record.get("rule_history", ())
        ),
        "estimate": wording.estimate(record.get("estimate")),
        "readings": readings,
        "sources": [sources[name] for name in record.get("sources", ())],
    }


def _tabular(record: dict[str, Any], number: int, sources: dict[str, Any]) -> Block:
    kinds = [c["kind"] for c in record["columns"]]
    rows = [[i18n.cell(*pair) for pair in zip(kinds, row, strict=True)] for row in record["rows"]]
    columns = [
        {
            "label": c["label"],
            "numeric": c["kind"] not in _LEFT,
            "whole": not any(len(row[i]) > _SHORT or " " in row[i] for row in rows),
        }
        for i, c in enumerate(record["columns"])
    ]
    named = [sources[name] for name in dict.fromkeys(record["sources"])]
    text = csv(record)
    return {
        "type": record["kind"],
        "id": record["id"],
        "number": wording.numbered(record["kind"], number),
        "title": record["title"],
        "subtitle": record.get("subtitle", ""),
        "note": record.get("note", ""),
        "columns": columns,
        "csv": text,
        "download": wording.download(number, record["kind"], text),
        "files": [
            {**file, "label": wording.file_download(file["name"], file["text"])}
            for file in _files(record)
        ],
        "rows": rows,
        "sources": named[:_NAMED_SOURCES],
        "more_sources": [s["number"] for s in named[_NAMED_SOURCES:]],
        "further": wording.further(len(named) - _NAMED_SOURCES),
        "accessed": wording.accessed_all([s["accessed_on"] for s in named if s["verified"]]),
    }


def _files(record: dict[str, Any]) -> list[dict[str, str]]:
    """Return the further files of a table; a name must be safe in a folder and no CSV's."""
    files = record.get("files", [])
    for file in files:
        if not _FILE_NAME.fullmatch(file["name"]) or file["name"].endswith(".csv"):
            raise PublishError(
                f"{record['id']!r}: {file['name']!r} is no name for a file to download"
            )
    return files


def _sources(found: list[Entry]) -> dict[str, dict[str, Any]]:
    items = [item for entry in found if entry.kind == "sources" for item in entry.record["items"]]
    return {
        item["source_id"]: {
            "id": item["source_id"],
            "number": number,
            **wording.source(item),
            "url": _web(item.get("url")),
            "published": wording.date(item.get("published")),
            "license": item.get("license") or "",
            "accessed_on": item.get("accessed") or "",
            "verified": item.get("verified", True) is True,
            "note": (item.get("note") or "").rstrip("."),
            "cited": [],
            "lang": "" if i18n.language() == "en" else "en",
        }
        for number, item in enumerate(items, 1)
    }


def _checksums(found: list[Entry]) -> dict[str, str]:
    """Return the hashes of the tables that the brief read, which stand with its sources."""
    return {
        table: digest
        for entry in found
        if entry.kind == "sources"
        for table, digest in entry.record.get("checksums", {}).items()
    }


def _cite(sources: dict[str, Any], blocks: Iterator[Block]) -> None:
    """Note with each source where on the page it is used."""
    cited = {source["number"]: source["cited"] for source in sources.values()}
    for block in blocks:
        numbers = [source["number"] for source in block.get("sources", ())] + block.get(
            "more_sources", []
        )
        for number in numbers:
            cited[number].append(
                {"href": f"#{block['id']}", "text": block.get("number") or block["id"]}
            )


def _web(url: str | None) -> str:
    return url if str(url or "").startswith(("https://", "http://")) else ""


def _tally(verdicts: list[Block]) -> list[dict[str, Any]]:
    """Count the verdicts of each kind, in a fixed order."""
    kinds = [verdict["verdict"] for verdict in verdicts]
    return [
        {"verdict": kind, "label": wording.verdict_word(kind), "count": kinds.count(kind)}
        for kind in _VERDICTS
        if kind in kinds
    ]


def _headlines(found: list[Entry], blocks: list[Block]) -> list[dict[str, Any]]:
    """List headline findings, each with the verdict or the place that it rests on; one with an interval leads."""
    shown = {block["id"]: block for block in blocks if "id" in block}
    rows, leads = [], []
    for record in (
        entry.record for entry in found if entry.kind == "finding" and entry.record.get("headline")
    ):
        verdict = shown.get(record.get("claim") or "")
        target = verdict["id"] if verdict else record["id"] if record["id"] in shown else ""
        rows.append(
            {
                "id": record["id"],
                "text": record["text"],
                "target": target,
                "href": verdict["href"] if verdict else f"#{target}" if target else "",
                "claim": verdict["id"] if verdict else "",
                "verdict": verdict["verdict"] if verdict else "",
                "label": verdict["label"] if verdict else "",
            }
        )
        leads.append(
            any(_has_interval(number) for number in (record.get("numbers") or {}).values())
        )
    first = leads.index(True) if True in leads else 0
    return [*rows[first : first + 1], *rows[:first], *rows[first + 1 :]]


def _has_interval(number: dict[str, Any]) -> bool:
    return (
        None not in (number.get("value"), number.get("low"), number.get("high"))
        and number["low"] < number["high"]
    )


def _contents(document: dict[str, Any]) -> list[dict[str, str]]:
    labels = document["labels"]
    tail = [
        {"id": name, "title": labels[name]}
        for name in ("notes", "changes", "sources")
        if document[name]
    ]
    return [
        *({"id": s["id"], "title": s["title"]} for s in document["sections"]),
        *tail,
        {"id": "made", "title": labels["made"]},
    ]


def _check_links(
    document: dict[str, Any], ids: set[str], places: list[tuple[Place | None, list[Node]]]
) -> None:
    """Find links to places that the page doesn't have."""
    known = ids | {f"source:{source['number']}" for source in document["sources"]}
    for place, nodes in [*places, (None, document["notes"])]:
        for url in _urls(nodes):
            if url.startswith("#") and url[1:] not in known:
                raise PublishError(f"links to {url}, which isn't on the page", place)


def _urls(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") == "link":
            yield value["url"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _urls(item)


def results(source: Any) -> dict[str, Any]:
    """Return what ``results.json`` says of a run, without the provenance that the runner adds.

    Parameters
    ----------
    source : mapping
        An executed notebook, or the document that `build` made of one.
    """
    document = source if "records" in source else build(source)
    try:
        return from_records(document["records"])
    except ValueError as error:
        raise PublishError(str(error)) from None
