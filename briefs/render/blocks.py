"""What the page of a brief consists of, in its reader's order; `document.build` makes it.

All text is ready to print in the brief's language, and empty where there is none. The HTML
templates read the attributes; Typst reads the same as JSON, see `pdf`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from briefs.render.choices import WhatIf
from briefs.render.claim_blocks import ChartScale, Count, Link, SourceItem, VerdictBlock

#: What a notebook left of one thing that it shows, see `display.records`.
Record = dict[str, Any]


@dataclass(frozen=True)
class Prose:
    """Markdown between what the cells show, as the tree that `markdown.Reader` returns."""

    nodes: list[dict[str, Any]]
    type: str = field(default="prose", init=False)


@dataclass(frozen=True)
class FindingBlock:
    """A finding where its evidence stands."""

    id: str
    text: str
    headline: bool
    type: str = field(default="finding", init=False)


@dataclass(frozen=True)
class TableColumn:
    """Heading of a column; ``whole`` says that its texts are too short to be broken."""

    label: str
    numeric: bool
    whole: bool


@dataclass(frozen=True)
class TableBlock:
    """A table, ``Table 1`` by its ``number``, with its data to download and where they are from.

    ``files`` are further files, each with the words of its link as ``label``.
    """

    id: str
    number: str
    title: str
    subtitle: str
    note: str
    columns: list[TableColumn]
    rows: list[list[str]]
    csv: str
    download: str
    files: list[dict[str, str]]
    sources: list[SourceItem]
    type: str = field(default="table", init=False)


@dataclass(frozen=True)
class FigureBlock(TableBlock):
    """A drawing with its text alternative, and the data that it shows.

    ``wide`` is another drawing for whatever has room for it, empty where there is none. ``link`` is
    the permanent address of the figure, ``picture`` that of its drawing as a file.
    """

    alt: str
    svg: str
    wide: str
    link: str
    picture: str
    type: str = field(default="figure", init=False)


@dataclass(frozen=True)
class ForecastsBlock:
    """How forecasts of past dates held, in short.

    ``href`` leads from the page to the record of forecasts, empty for a page by itself; ``url`` is its
    address for paper.
    """

    id: str
    title: str
    note: str
    columns: list[str]
    rows: list[list[str]]
    lesson: str
    href: str
    url: str
    type: str = field(default="forecasts", init=False)


@dataclass(frozen=True)
class Grounds:
    """What a verdict stands on: its rule, readings, robustness and sources."""

    verdict: VerdictBlock
    type: str = field(default="grounds", init=False)


@dataclass(frozen=True)
class Fold:
    """A part of a section that is closed until a reader opens it, and the code that made the section."""

    id: str
    title: str
    blocks: list["Block"] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    type: str = field(default="fold", init=False)


Block = Prose | FindingBlock | VerdictBlock | Grounds | TableBlock | ForecastsBlock | WhatIf | Fold


@dataclass(frozen=True)
class Section:
    """What stands under one second-level heading, and the code that made it.

    ``folded`` says that the page shows its heading alone until a reader opens it.
    """

    id: str
    title: str
    folded: bool = False
    blocks: list[Block] = field(default_factory=list)
    code: list[str] = field(default_factory=list)

    @property
    def all_blocks(self) -> list[Block]:
        """Its blocks, those in its folds too."""
        inside = [b.blocks if isinstance(b, Fold) else [b] for b in self.blocks]
        return [block for part in inside for block in part]


@dataclass(frozen=True)
class Notice:
    """What a reader must know before reading on; ``kind`` is ``older``, ``as-of`` or ``variant``."""

    kind: str
    texts: list[str]
    href: str
    link: str


@dataclass(frozen=True)
class Links:
    """What a page links to beside itself, ``languages`` to itself in each; nothing of a page by itself."""

    parts: Sequence[Link] = ()
    glossary: str = ""
    pdf: str = ""
    annex: str = ""
    feed: str = ""
    languages: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """What stands around a brief: nothing of it comes from the notebook.

    ``edition`` is ``November 2026``, ``edition_id`` ``2026-11``. Days are ISO dates, which
    ``dateline`` says in words; ``corrections`` are pairs of date and text.
    """

    edition: str
    edition_id: str
    published: str
    updated: str
    dateline: list[str]
    notice: Notice | None
    review: str
    changes: str
    corrections: list[tuple[str, str]]
    permalink: str
    citation: str
    links: Links


@dataclass(frozen=True)
class Changes:
    """What an edition changed since the one ``before``, beside the sentence of a person.

    ``verdicts`` and ``notes``, on rows of evidence and on code, are sentences, ``rows`` the numbers that
    moved under their ``columns``; ``file`` leads to all of it as data.
    """

    before: str
    verdicts: list[str]
    columns: list[str]
    rows: list[list[str]]
    notes: list[str]
    file: str


@dataclass(frozen=True)
class Document:
    """The page of a brief.

    ``lead`` is what was found above all, ``tally`` how many claims came out how, ``counted`` the same
    in words. ``verdicts`` are those of the sections, then those whose evidence is on another page,
    ``chart`` shows them all, and ``trust`` says in terms and words on what a reader's trust can rest,
    ``promise`` how it is kept up to date; ``changes`` is None of a first edition.
    ``contents`` are ids and titles of the parts of the page, ``notes`` footnotes as
    `markdown.Reader` leaves them, ``checksums`` hashes of the tables that were read, ``origin`` the
    code and tools that the page was made with, ``head`` what it tells machines (`metadata.head`),
    and ``records`` the notebook's records, untouched, for ``results.json``.
    """

    report: str
    title: str
    subtitle: str
    language: str
    as_of: str
    frame: Frame
    lead: str
    counted: str
    verdicts: list[VerdictBlock]
    tally: list[Count]
    chart: list[ChartScale]
    trust: list[tuple[str, str]]
    changes: Changes | None
    promise: list[tuple[str, str]]
    sections: list[Section]
    contents: list[tuple[str, str]]
    notes: list[dict[str, Any]]
    sources: list[SourceItem]
    sources_intro: list[Block]
    parameters: list[tuple[str, str, str]]
    checksums: list[tuple[str, str]]
    command: str
    origin: list[tuple[str, str]]
    licence: str
    licence_url: str
    records: list[Record]
    head: dict[str, Any] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Block]:
        return [block for section in self.sections for block in section.all_blocks]
