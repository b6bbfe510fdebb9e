"""What a run leaves for machines: ``results.json``, one CSV per figure and table, and the outline of its page."""

import csv as csv_module
import io
import json
from typing import Any

from briefs.display.forecasts import FRAMES
from briefs.render import changes, whatif
from briefs.render.blocks import Block, Document, FindingBlock, Grounds, Prose, Record
from briefs.render.cells import PublishError
from briefs.render.markdown import Node, plain

_OF_CLAIM = """
    id name statement verdict cause probability confidence answer reason reading estimate readings specifications
""".split()
#: Kept beside the page, so that links, search and sitemap of the site needn't read HTML.
OUTLINE = "outline.json"


def csv(record: Record) -> str:
    """Write the data of a figure's or table's record as CSV (RFC 4180), dates in ISO form."""
    stream = io.StringIO()
    writer = csv_module.writer(stream, lineterminator="\r\n")
    writer.writerow([column["name"] for column in record["columns"]])
    writer.writerows(
        [{True: "true", False: "false"}[v] if isinstance(v, bool) else v for v in row]
        for row in record["rows"]
    )
    return stream.getvalue()


def from_records(records: list[Record]) -> dict[str, Any]:
    """Gather the records of a run, of which one is its brief, into ``results.json``; the runner adds provenance."""
    of: dict[str, list[Record]] = {}
    for record in records:
        of.setdefault(record["kind"], []).append(record)
    brief, findings = of["brief"][0], of.get("finding", [])
    return {
        **_pick(brief, "report", "title", "language", "as_of", "evidence_date"),
        "parameters": {p["name"]: p["value"] for p in brief.get("parameters", ())},
        "claims": [_claim(r) for r in of.get("verdict", ())],
        "findings": [_pick(r, "id", "text", "headline", "claim") for r in findings],
        "numbers": _numbers(findings),
        "figures": [{**_tabular(r), "alt": r["alt"]} for r in of.get("figure", ())],
        "tables": [_tabular(r) for kind in ("table", "grid") for r in of.get(kind, ())],
        "forecasts": [_pick(r, "id", "title", "lesson", *FRAMES) for r in of.get("forecasts", ())],
        "sources": [item for r in of.get("sources", ()) for item in r["items"]],
    }


def _claim(record: Record) -> dict[str, Any]:
    """One claim; ``page`` only where its evidence stands on another page.

    Why other choices leave it open stands in the outline: editions were frozen without that.
    """
    found = _pick(record, *_OF_CLAIM)
    if tried := found["specifications"]:
        rows = [{n: v for n, v in row.items() if n != "cause"} for row in tried["rows"]]
        found["specifications"] = {**tried, "rows": rows}
    return {**found, "page": record["page"]} if record.get("page") else found


def _pick(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: record.get(name) for name in names}


def _tabular(record: Record) -> dict[str, Any]:
    return {
        "id": record["id"],
        "title": record["title"],
        "csv": f"data/{record['id']}.csv",
        "rows": len(record["rows"]),
    }


def _numbers(findings: list[Record]) -> dict[str, Any]:
    numbers: dict[str, Any] = {}
    for finding in findings:
        for name, value in (finding.get("numbers") or {}).items():
            if numbers.setdefault(name, value) != value:
                raise PublishError(f"two findings give the number {name!r} different values")
    return numbers


def outline(document: Document) -> bytes:
    """Write the outline of a document as JSON.

    It has ``canonical`` and ``alternates`` as the head of the page has them, and ``sections`` with
    ``id``, ``title``, ``text`` (running text alone) and ``holds``, the ids of what is shown there;
    ``changes`` are lines on what its edition changed, ``causes`` say of a claim why each combination of
    other choices leaves it open.
    """
    blocks = {section.id: section.all_blocks for section in document.sections}
    texts = {name: list(map(_text, found)) for name, found in blocks.items()}
    texts["notes"] = [plain(note["children"]) for note in document.notes]
    texts["changes"] = [document.frame.changes]
    sections = [
        {
            "id": name,
            "title": title,
            "text": " ".join(" ".join(texts.get(name, ())).split()),
            "holds": [b.id for b in blocks.get(name, ()) if not isinstance(b, Prose | Grounds)],
        }
        for name, title in document.contents
    ]
    head = {name: document.head[name] for name in ("canonical", "alternates")}
    told = [document.frame.changes, *(changes.lines(document.changes) if document.changes else ())]
    causes = {r["id"]: whatif.causes(r) for r in document.records if r["kind"] == "verdict"}
    found = {**head, "sections": sections, "changes": told, "causes": causes}
    return f"{json.dumps(found, ensure_ascii=False)}\n".encode()


def _text(block: Block) -> str:
    if isinstance(block, Prose):
        return " ".join(map(_words, block.nodes))
    return block.text if isinstance(block, FindingBlock) else ""


def _words(node: Node) -> str:
    """Words of a node, those of its items apart."""
    if node["type"] in ("ul", "ol", "li", "blockquote"):
        return " ".join(map(_words, node["children"]))
    return plain([node])
