"""What a reader can try on a page: choices, what came of their combinations, and where they lie on a scale."""

from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Tick(NamedTuple):
    """A label of a scale and its place; a spare one isn't shown where the scale is short."""

    place: float
    label: str
    spare: bool = False


@dataclass(frozen=True)
class Axis:
    """A choice: its options, each as it stands in the address and as a reader sees it, and the page's own."""

    id: str
    name: str
    options: list[tuple[str, str]]
    own: int


@dataclass(frozen=True)
class Lane:
    """Combinations that came out alike, with the places of their estimates on the scale, in thousandths.

    ``verdict`` is what they came out as, if that is one; ``count`` says how many they are of all.
    """

    verdict: str
    label: str
    count: str
    places: list[int]


@dataclass(frozen=True)
class Outcome:
    """What came of a combination: its lane, its low end, value and high end in thousandths, and its words."""

    lane: int
    span: tuple[int, int, int] | None
    texts: tuple[str, ...]


@dataclass(frozen=True)
class WhatIf:
    """Choices that a reader can make, looked up in what was computed.

    ``parts`` are those of the sentence that says what came of a combination: a text, or the number of
    the outcome's words that stands there. ``own`` is what came of the page's own choices; None if
    nothing, of which ``none`` speaks. ``supported`` and ``partly`` are the ranges that decide, if
    there are any. ``data`` are all combinations, as the page's script reads them.
    """

    id: str
    title: str
    hint: str
    axes: list[Axis]
    parts: list[str | int]
    none: str
    own: Outcome | None
    lanes: list[Lane]
    partly: tuple[float, float] | None
    supported: tuple[float, float] | None
    scale: str
    ticks: list[Tick]
    data: dict[str, Any]
    csv: str = ""
    download: str = ""
    type: str = field(default="whatif", init=False)
