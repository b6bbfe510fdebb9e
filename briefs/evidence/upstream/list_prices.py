"""What catalogues of list prices have in common: a row is one price of one model from one day on."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from briefs.evidence.upstream.contract import Layout, Row

COLUMNS = ("provider", "model", "start", "input", "output", "basis")
OPTIONAL = ("name", "open_weights", "released")
#: How good a start is: the provider says it; a history recorded it; it was there when first looked
#: at; nobody knows.
DOCUMENTED, RECORDED, OBSERVED, UNDATED = "documented", "recorded", "observed", "undated"
#: US dollars per million tokens: below it stands a price per token or per thousand, above it a slip.
BOUNDS = {"input": (0.001, 1000.0), "output": (0.001, 2000.0)}


def layout(least: int, *must: tuple[str, ...]) -> Layout:
    """Layout of a catalogue with at least so many prices, among them some of these models."""
    key = ("provider", "model", "start", "input", "output")
    return Layout(COLUMNS, key, least, must, BOUNDS, OPTIONAL)


def price(
    provider: str,
    model: str,
    start: dt.date | None,
    rates: tuple[Any, Any],
    basis: str,
    **more: Any,
) -> Iterator[Row]:
    """Yield a row unless a price is lacking or nil: free offers are no list prices."""
    given, taken = (_number(rate) for rate in rates)
    if given and taken:
        row = {"provider": provider, "model": model, "start": start, "input": given}
        yield {**row, "output": taken, "basis": basis if start else UNDATED, **more}


def histories(rows: Iterable[Row]) -> Iterator[Row]:
    """Leave out of each model's prices, oldest first, those that repeat the one before.

    Of several on one day the last counts, on the best of its grounds: others were slips, put right
    within hours.
    """
    for _key, found in groupby(rows, lambda row: (row["provider"], row["model"])):
        before: tuple[Any, Any] | None = None
        for _day, alike in groupby(found, lambda row: row["start"]):
            day = list(alike)
            rates = _rates(day[-1])
            if rates != before:
                yield next(row for row in day if _rates(row) == rates)
            before = rates


def _rates(row: Row) -> tuple[Any, Any]:
    return row["input"], row["output"]


def _number(rate: Any) -> float | None:
    return None if rate is None or isinstance(rate, bool) else float(rate)
