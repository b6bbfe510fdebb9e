"""The page of a brief made from an executed notebook, in the reader's order.

What was found and the chart of all claims come first, then on what a reader's trust can rest and
the notebook's sections, then what changed, sources and how it was made. All text is ready to
print, in the brief's language; the templates only place it. The records stay in it untouched, for ``results.json``.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

from briefs.display import i18n
from briefs.render import about, changes, claims_chart, frame, make_blocks, metadata, wording
from briefs.render.blocks import Block, Document, Fold, Grounds, Prose, Record, Section
from briefs.render.cells import RESERVED, CellRef, Entry, PublishError, entries
from briefs.render.claim_blocks import Count, SourceItem, VerdictBlock
from briefs.render.frame import PageAddress
from briefs.render.make_blocks import BlockMaker
from briefs.render.markdown import MarkdownError, Node, Reader, plain, split_title
from briefs.values import VERDICTS

Made = TypeVar("Made", bound=Block)


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
    blocks = [block for section in sections for block in section.all_blocks]
    shown = {block.id: block for block in blocks if isinstance(block, VerdictBlock)}
    shown |= {
        e.record["id"]: _made(lambda e: maker.verdict(e.record), e)
        for e in found
        if _is_elsewhere(e)
    }
    records = {e.record["id"]: e.record for e in found if e.kind == "verdict"}
    verdicts, judged = list(shown.values()), [records[name] for name in shown]
    counts = Counter(verdict.verdict for verdict in verdicts)
    tally = [Count(v, wording.verdict_word(v), counts[v]) for v in VERDICTS if counts[v]]
    around, read = frame.frame(brief, page), listed.get("checksums", {})
    own = [entry.record for entry in found if entry.record]
    document = Document(
        report=brief["report"],
        title=brief["title"],
        subtitle=brief.get("subtitle", ""),
        language=brief["language"],
        as_of=wording.date(brief["as_of"]),
        frame=around,
        lead=_lead(found) or brief.get("subtitle", ""),
        counted=wording.counted(tally),
        verdicts=verdicts,
        tally=tally,
        chart=claims_chart.chart([(r, v.href) for r, v in zip(judged, verdicts, strict=True)]),
        trust=about.trust(judged, listed.get("items", ()), changes.searched(around, brief, read)),
        changes=changes.made(around, brief, own, read, page.site),
        promise=changes.promise(around, brief, read),
        sections=sections,
        contents=_contents(sections, reader, sources),
        notes=reader.notes,
        sources=list(sources.values()),
        sources_intro=intro,
        parameters=[
            (p["name"], wording.parameter_text(p["value"]), p["meaning"])
            for p in brief.get("parameters", ())
        ],
        checksums=sorted(read.items()),
        command=frame.command(brief, page),
        origin=wording.origin(origin),
        licence=wording.licence(),
        licence_url=wording.LICENSE_URL,
        records=own,
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
    part: Section | Fold = sections[0]
    of_sources: Section | None = None
    links: dict[str, CellRef] = {}
    for entry in found:
        if entry.kind == "markdown":
            for node in _read(entry, reader):
                part = _add_prose(sections, part, node, entry.folded)
            links = dict.fromkeys(reader.targets, entry.cell) | links
        elif entry.kind == "code":
            part.code.append(entry.text)
        elif entry.kind == "sources":
            of_sources = sections[-1]
        elif not (entry.kind == "brief" or _is_elsewhere(entry) or _leads(entry)):
            part.blocks.append(_made(maker.block, entry))
    known = reader.ids | {f"source:{source.number}" for source in sources.values()}
    for name, cell in links.items():
        if name not in known:
            raise PublishError(f"links to #{name}, which isn't on the page", cell)
    kept = [_with_grounds(section) for section in sections if section is not of_sources]
    return [section for section in kept if section.blocks], of_sources.blocks if of_sources else []


def _made(make: Callable[[Entry], Made], entry: Entry) -> Made:
    """Make a block of an entry; a record of another's whose values are none that a page can show is at fault."""
    try:
        return make(entry)
    except (PublishError, i18n.UntranslatedError):
        raise
    except Exception as error:
        what = f"{entry.kind} {entry.record.get('id', '')!r}"
        why = f"{type(error).__name__}: {error}"
        raise PublishError(f"{what} holds what a page can't show ({why})", entry.cell) from error


def _read(entry: Entry, reader: Reader) -> list[Node]:
    """Read a markdown cell; the notebook's own ``# Title`` stays out."""
    try:
        return reader.read(split_title(entry.text)[1])
    except MarkdownError as error:
        raise PublishError(str(error), entry.cell) from None


def _add_prose(
    sections: list[Section], part: Section | Fold, node: Node, folded: bool
) -> Section | Fold:
    """Add a node to the part of the page that it belongs to, a heading by opening one; return that part.

    A heading of the second level opens a section, a folded one of the third a fold, which ends with
    the next heading of its level.
    """
    level = node["level"] if node["type"] == "h" else 0
    if level == 2:
        sections.append(Section(node["id"], plain(node["children"]), folded))
        return sections[-1]
    if level == 3:
        part = sections[-1]
        if folded:
            fold = Fold(node["id"], plain(node["children"]))
            part.blocks.append(fold)
            return fold
    if part.blocks and isinstance(part.blocks[-1], Prose):
        part.blocks[-1].nodes.append(node)
    else:
        part.blocks.append(Prose([node]))
    return part


def _with_grounds(section: Section) -> Section:
    """Put what the section's verdicts stand on, and its code, into its fold, made where it has none."""
    verdicts = [block for block in section.blocks if isinstance(block, VerdictBlock)]
    folds = [block for block in section.blocks if isinstance(block, Fold)]
    if not (verdicts or folds):
        return section
    fold = folds[0] if folds else Fold(f"{section.id}-how", i18n._("How we know"))
    grounds: list[Block] = [Grounds(verdict) for verdict in verdicts]
    filled = replace(fold, blocks=grounds + fold.blocks, code=section.code + fold.code)
    blocks = [filled if block is fold else block for block in section.blocks]
    return replace(section, blocks=blocks if folds else [*blocks, filled], code=[])


def _leads(entry: Entry) -> bool:
    """Whether it's the finding that opens the page."""
    return entry.kind == "finding" and bool(entry.record.get("headline"))


def _lead(found: list[Entry]) -> str:
    """Return what was found above all: the first finding that leads."""
    return next((str(entry.record["text"]) for entry in found if _leads(entry)), "")


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
