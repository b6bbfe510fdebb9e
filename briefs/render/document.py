"""The page of a brief made from an executed notebook, in the reader's order.

Headline findings and the verdicts' scoreboard come first, then the notebook's sections,
then what changed, sources and how it was made. All text is ready to print, in the brief's language;
the templates only place it. The records stay in it untouched, for ``results.json``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from briefs.display import i18n
from briefs.render import frame, make_blocks, metadata, wording
from briefs.render.blocks import (
    Block,
    Count,
    Document,
    FindingBlock,
    Headline,
    Prose,
    Record,
    Section,
    TableBlock,
    VerdictBlock,
)
from briefs.render.cells import RESERVED, CellRef, Entry, PublishError, entries
from briefs.render.frame import PageAddress
from briefs.render.make_blocks import BlockMaker
from briefs.render.markdown import MarkdownError, Node, Reader, plain, split_title
from briefs.render.wording import in_language
from briefs.values import VERDICTS


def build(
    notebook: Any, page: PageAddress | None = None, origin: dict[str, Any] | None = None
) -> Document:
    """Make the document of an executed notebook.

    Parameters
    ----------
    notebook : NotebookNode or mapping
        Executed, in nbformat 4.
    page : PageAddress, optional
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
    brief = next(entry.record for entry in found if entry.kind == "brief")
    try:
        with in_language(brief["language"]):
            return _compose(found, brief, page or PageAddress(), origin or {})
    except i18n.UntranslatedError as error:
        raise PublishError(f"the page {error}") from error


def _compose(
    found: list[Entry], brief: Record, page: PageAddress, origin: dict[str, Any]
) -> Document:
    reader = Reader({*RESERVED, *(entry.record["id"] for entry in found if "id" in entry.record)})
    listed = next((entry.record for entry in found if entry.kind == "sources"), {})
    sources = make_blocks.sources(listed.get("items", ()))
    maker = BlockMaker(brief, page, sources)
    body = _body(found, reader, maker)
    blocks = [block for section in body.sections for block in section.blocks]
    verdicts = [block for block in blocks if isinstance(block, VerdictBlock)]
    verdicts += [maker.verdict(entry.record) for entry in found if _is_elsewhere(entry)]
    document = Document(
        report=brief["report"],
        title=brief["title"],
        subtitle=brief.get("subtitle", ""),
        language=brief["language"],
        as_of=wording.date(brief["as_of"]),
        frame=frame.frame(brief, page),
        findings=_headlines(found, blocks, verdicts),
        verdicts=verdicts,
        tally=_tally(verdicts),
        sections=body.sections,
        contents=_contents(body.sections, reader.notes, sources),
        notes=reader.notes,
        sources=make_blocks.cited(sources.values(), blocks),
        sources_intro=body.sources_intro,
        parameters=[
            (p["name"], wording.parameter_text(p["value"]), p["meaning"])
            for p in brief.get("parameters", ())
        ],
        checksums=sorted(listed.get("checksums", {}).items()),
        command=frame.command(brief, page),
        origin=wording.origin(origin),
        licence=wording.licence(),
        licence_url=wording.LICENSE_URL,
        records=[entry.record for entry in found if entry.record],
    )
    _check_links(document, reader.ids, body.prose)
    return replace(document, head=metadata.head(document, brief, page))


def _contents(sections: list[Section], notes: list[Any], sources: Any) -> list[tuple[str, str]]:
    return [
        *((section.id, section.title) for section in sections),
        *([("notes", i18n._("Notes"))] if notes else []),
        ("changes", i18n._("What changed in this edition")),
        *([("sources", i18n._("Sources"))] if sources else []),
        ("made", i18n._("How this was made")),
    ]


def _is_elsewhere(entry: Entry) -> bool:
    """Whether it's a verdict whose evidence is on another page, as in the overview."""
    return entry.kind == "verdict" and bool(entry.record.get("page"))


@dataclass(frozen=True)
class _Body:
    """The notebook cut into sections, and the tree of each markdown cell."""

    sections: list[Section]
    sources_intro: list[Block]
    prose: list[tuple[CellRef, list[Node]]]


def _body(found: list[Entry], reader: Reader, maker: BlockMaker) -> _Body:
    """Cut the notebook at its second-level headings."""
    sections = [Section("introduction", i18n._("Introduction"))]
    trees: list[tuple[CellRef, list[Node]]] = []
    of_sources: Section | None = None
    for entry in found:
        if entry.kind == "markdown":
            nodes = _read(entry, reader)
            trees.append((entry.cell, nodes))
            for node in nodes:
                _add_prose(sections, node)
        elif entry.kind == "code":
            sections[-1].code.append(entry.text)
        elif entry.kind == "sources":
            of_sources = sections[-1]
        elif entry.kind != "brief" and not _is_elsewhere(entry):
            sections[-1].blocks.append(maker.block(entry))
    kept = [_without_repeats(section) for section in sections if section is not of_sources]
    intro = _without_repeats(of_sources).blocks if of_sources else []
    return _Body([section for section in kept if section.blocks], intro, trees)


def _read(entry: Entry, reader: Reader) -> list[Node]:
    """Read a markdown cell; the notebook's own ``# Title`` stays out."""
    try:
        return reader.read(split_title(entry.text)[1])
    except MarkdownError as error:
        raise PublishError(str(error), entry.cell) from None


def _add_prose(sections: list[Section], node: Node) -> None:
    if node["type"] == "h" and node["level"] == 2:
        sections.append(Section(node["id"], plain(node["children"])))
        return
    blocks = sections[-1].blocks
    if blocks and isinstance(blocks[-1], Prose):
        blocks[-1].nodes.append(node)
    else:
        blocks.append(Prose([node]))


def _without_repeats(section: Section) -> Section:
    """Leave headline findings, which open the page, out of sections that add no evidence to them."""
    if any(isinstance(block, VerdictBlock | TableBlock) for block in section.blocks):
        return section
    kept = [b for b in section.blocks if not (isinstance(b, FindingBlock) and b.headline)]
    return replace(section, blocks=kept)


def _tally(verdicts: list[VerdictBlock]) -> list[Count]:
    """Count the verdicts of each kind, in a fixed order."""
    kinds = [verdict.verdict for verdict in verdicts]
    return [
        Count(kind, wording.verdict_word(kind), kinds.count(kind))
        for kind in VERDICTS
        if kind in kinds
    ]


def _headlines(
    found: list[Entry], blocks: list[Block], verdicts: list[VerdictBlock]
) -> list[Headline]:
    """List the headline findings; the first that has an interval leads."""
    records = [e.record for e in found if e.kind == "finding" and e.record.get("headline")]
    lead = next((record for record in records if _has_interval(record)), None)
    shown = {block.id for block in blocks if not isinstance(block, Prose)}
    judged = {verdict.id: verdict for verdict in verdicts}
    return [
        _headline(record, judged.get(record.get("claim") or ""), record["id"] in shown)
        for record in sorted(records, key=lambda record: record is not lead)
    ]


def _headline(record: Record, verdict: VerdictBlock | None, shown: bool) -> Headline:
    """Lead a headline to the verdict that it rests on, else to where it's shown again."""
    name, text = record["id"], record["text"]
    if verdict:
        return Headline(
            name, text, verdict.id, verdict.href, verdict.id, verdict.verdict, verdict.label
        )
    target = name if shown else ""
    return Headline(name, text, target, target and f"#{target}", "", "", "")


def _has_interval(finding: Record) -> bool:
    return any(
        None not in (number["value"], number.get("low"), number.get("high"))
        and number["low"] < number["high"]
        for number in (finding.get("numbers") or {}).values()
    )


def _check_links(
    document: Document, ids: set[str], trees: list[tuple[CellRef, list[Node]]]
) -> None:
    """Find links to ids that the page doesn't have."""
    known = ids | {f"source:{source.number}" for source in document.sources}
    for cell, nodes in [*trees, (None, document.notes)]:
        for url in _urls(nodes):
            if url.startswith("#") and url[1:] not in known:
                raise PublishError(f"links to {url}, which isn't on the page", cell)


def _urls(value: Any) -> Iterator[str]:
    """Addresses of all links in a tree of markdown."""
    if isinstance(value, dict):
        if value.get("type") == "a":
            yield value["url"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _urls(item)
