"""The parameters of a report, for people."""

from collections.abc import Iterator, Sequence
from typing import Any


def lines(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Write rows of `parameters.describe`, two lines each: what may be given, and what it means."""
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        default = ",".join(row["default"]) if isinstance(row["default"], list) else row["default"]
        unit = f" ({row['unit']})" if row["unit"] else ""
        allowed = f"; {row['allowed']}" if row["allowed"] else ""
        yield f"{row['name']:{width}}  {row['type']}{unit}; default {default}{allowed}"
        yield f"{'':{width}}  {row['meaning']}"
