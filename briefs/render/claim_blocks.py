"""What a page says of claims and of the sources that it stands on: the types of it, ready to print."""

from dataclasses import dataclass, field

from briefs.render.choices import Tick, WhatIf


@dataclass(frozen=True)
class Link:
    """A link and its words."""

    href: str
    text: str


@dataclass(frozen=True)
class EstimateText:
    """An estimate in words: its value, its interval, how many observations and how it was made."""

    value: str
    interval: str
    n: str
    method: str


@dataclass(frozen=True)
class SourceItem:
    """A source: when it was read, in words, and where on the page it is used.

    ``grade`` says how near it stands to who made the figure, ``best`` what would stand nearest.
    ``lang`` is the language of its title, where that isn't the page's.
    """

    id: str
    number: int
    publisher: str
    title: str
    year: str
    published: str
    url: str
    license: str
    accessed: str
    grade: str
    best: str
    note: str
    lang: str
    cited: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class ReadingRow:
    """One reading of a claim and how it came out: ``cause`` says why it is open.

    ``probability`` is that of support, and of any support; both it and ``power`` are empty for
    published figures.
    """

    quantity: str
    outcome: str
    label: str
    cause: str
    estimate: EstimateText | None
    probability: str
    power: str


@dataclass(frozen=True)
class VerdictBlock:
    """A claim and what the evidence says of it: ``answer`` in one plain sentence, ``reason`` by the rule.

    ``page`` is the report whose page has the evidence, where this one only lists the verdict;
    ``href`` leads to it, ``history`` to how the verdict moved over time. The estimate is that of the
    headline reading.
    ``name`` is what a chart calls the claim; ``cause`` says why it is open, ``robustness`` in how many
    other combinations of choices it holds, which are there to try as ``whatif``, ``first`` what the first
    rule made of the claim.
    """

    id: str
    verdict: str
    label: str
    cause: str
    name: str
    statement: str
    quoted: bool
    said: str
    answer: str
    reason: str
    quantity: str
    rule: str
    first: str
    rule_changed: str
    confidence: str
    robustness: str
    horizon: str
    attribution: str
    interest: str
    would_change: str
    page: str
    href: str
    history: str
    estimate: EstimateText | None
    readings: list[ReadingRow]
    whatif: WhatIf | None
    sources: list[SourceItem]
    type: str = field(default="verdict", init=False)


@dataclass(frozen=True)
class ChartRow:
    """A claim in the chart of all claims; places are shares of the width of its scale.

    ``partly`` and ``supported`` are the ends of the ranges that decide, ``span`` those of the
    interval and ``at`` the place of the estimate: none of a claim without. ``needed`` and ``found``
    say the same in words.
    """

    id: str
    name: str
    href: str
    verdict: str
    label: str
    partly: tuple[float, float] | None
    supported: tuple[float, float] | None
    span: tuple[float, float] | None
    at: float | None
    needed: str
    found: str


@dataclass(frozen=True)
class ChartScale:
    """Claims that share a unit and so a scale: its name, and its ticks."""

    title: str
    ticks: list[Tick]
    rows: list[ChartRow]


@dataclass(frozen=True)
class Count:
    """How many claims came out one way."""

    verdict: str
    label: str
    count: int
