"""The page of a brief made from an executed notebook, in the reader's order.

Headline findings and the verdicts' scoreboard come first, then the notebook's sections,
then what changed, sources and how it was made. All text is ready to print, in the brief's language;
the templates only place it. The records stay in it untouched, for ``results.json``.
"""

from collections import Counter
from dataclasses import replace
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
    SourceItem,
    TableBlock,
    VerdictBlock,
)
from briefs.render.cells import RESERVED, CellRef, Entry, PublishError, entries
from briefs.render.frame import PageAddress
from briefs.render.make_blocks import BlockMaker
from briefs.render.markdown import MarkdownError, Node, Reader, plain, split_title
from briefs.values import VERDICTS


def build(
    notebook: Any, page: PageAddress | None = None, origin: dict[str, Any] | None = None
) -> Document:
    """Make the document of an executed notebook.

    Without a `page` it is by itself and links to no neighbour; `origin` is what
    `provenance.Sources.origin` returns. Something that must not be published, or lacks what every
    reader needs, is a `PublishError` that names the cell.
    """
    found = entries(notebook)
    brief = next(entry.record for entry in found if entry.kind == "brief")
    try:
        with i18n.in_language(brief["language"]):
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
    sections, intro = _sections(found, reader, maker, sources)
    blocks = [block for section in sections for block in section.blocks]
    verdicts = [block for block in blocks if isinstance(block, VerdictBlock)]
    verdicts += [maker.verdict(entry.record) for entry in found if _is_elsewhere(entry)]
    counts = Counter(verdict.verdict for verdict in verdicts)
    document = Document(
        report=brief["report"],
        title=brief["title"],
        subtitle=brief.get("subtitle", ""),
        language=brief["language"],
        as_of=wording.date(brief["as_of"]),
        frame=frame.frame(brief, page),
        findings=_headlines(found, blocks, verdicts),
        verdicts=verdicts,
        tally=[Count(v, wording.verdict_word(v), counts[v]) for v in VERDICTS if counts[v]],
        sections=sections,
        contents=_contents(sections, reader, sources),
        notes=reader.notes,
        sources=list(sources.values()),
        sources_intro=intro,
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
    return replace(document, head=metadata.head(document, brief, page))


def _is_elsewhere(entry: Entry) -> bool:
    """Whether it's a verdict whose evidence is on another page, as in the overview."""
    return entry.kind == "verdict" and bool(entry.record.get("page"))


def _sections(
    found: list[Entry], reader: Reader, maker: BlockMaker, sources: dict[str, SourceItem]
) -> tuple[list[Section], list[Block]]:
    """Cut the notebook at its second-level headings; that of the sources stands apart."""
    sections = [Section("introduction", i18n._("Introduction"))]
    of_sources: Section | None = None
    links: dict[str, CellRef] = {}
    for entry in found:
        if entry.kind == "markdown":
            for node in _read(entry, reader):
                _add_prose(sections, node)
            links = dict.fromkeys(reader.targets, entry.cell) | links
        elif entry.kind == "code":
            sections[-1].code.append(entry.text)
        elif entry.kind == "sources":
            of_sources = sections[-1]
        elif entry.kind != "brief" and not _is_elsewhere(entry):
            sections[-1].blocks.append(maker.block(entry))
    known = reader.ids | {f"source:{source.number}" for source in sources.values()}
    for name, cell in links.items():
        if name not in known:
            raise PublishError(f"links to #{name}, which isn't on the page", cell)
    kept = [_without_repeats(section) for section in sections if section is not of_sources]
    intro = _without_repeats(of_sources).blocks if of_sources else []
    return [section for section in kept if section.blocks], intro


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


def _contents(
    sections: list[Section], reader: Reader, sources: dict[str, SourceItem]
) -> list[tuple[str, str]]:
    tail = [
        ("notes", i18n._("Notes"), reader.notes),
        ("changes", i18n._("What changed in this edition"), True),
        ("sources", i18n._("Sources"), sources),
        ("made", i18n._("How this was made"), True),
    ]
    named = [(section.id, section.title) for section in sections]
    return named + [(name, title) for name, title, there in tail if there]


def _headlines(
    found: list[Entry], blocks: list[Block], verdicts: list[VerdictBlock]
) -> list[Headline]:
    """List the headline findings; the first that has an interval leads."""
    records = [e.record for e in found if e.kind == "finding" and e.record.get("headline")]
    lead = next((record for record in records if _has_interval(record)), None)
    shown = {block.id for block in blocks if not isinstance(block, Prose)}
    judged = {verdict.id: verdict for verdict in verdicts}
    return [
        Headline(
            id=record["id"],
            text=record["text"],
            verdict=judged.get(record.get("claim") or ""),
            target=record["id"] if record["id"] in shown else "",
        )
        for record in sorted(records, key=lambda record: record is not lead)
    ]


def _has_interval(finding: Record) -> bool:
    return any(
        None not in (number["value"], number.get("low"), number.get("high"))
        and number["low"] < number["high"]
        for number in (finding.get("numbers") or {}).values()
    )
