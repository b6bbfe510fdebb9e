"""What services of statistics have in common: a row is the value of one series in one place and year."""

import json
from typing import Any

from briefs.evidence.upstream.contract import Layout, Row, UpstreamError

COLUMNS = ("series", "place", "year", "value")
_YEARS = (1960.0, 2100.0)


def layout(least: int, values: tuple[float, float], *must: tuple[str, ...]) -> Layout:
    """Layout of a service with at least so many values between two bounds, among them some of these series."""
    return Layout(COLUMNS, COLUMNS[:3], least, must, {"year": _YEARS, "value": values})


def row(series: str, place: str, year: Any, value: float) -> Row:
    """Write a row; a share is a part of 1."""
    return {"series": series, "place": place, "year": int(year), "value": value}


def share(percent: Any) -> float:
    """Read a percentage."""
    return round(float(percent) / 100, 6)


def read(data: bytes, kind: type) -> Any:
    """Read JSON, which must be an object or a list."""
    found = json.loads(data)
    if not isinstance(found, kind):
        raise UpstreamError("layout", f"{type(found).__name__} where {kind.__name__} was known")
    return found
