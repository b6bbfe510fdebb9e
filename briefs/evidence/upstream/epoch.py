"""What Epoch AI's files have in common: a CSV in a zip, blank or infinite where nothing is known."""

import csv
import datetime as dt
import io
import math
from collections.abc import Iterator

from briefs.evidence.upstream.archives import member, names
from briefs.evidence.upstream.contract import Address, UpstreamError

PUBLISHER, LICENCE = "Epoch AI", "CC BY 4.0"


def address(file: str) -> Address:
    """Return where a zip lies."""
    types = ("application/zip", "application/x-zip-compressed")
    return Address(f"https://epoch.ai/data/{file}", types)


def table(data: bytes, file: str, *needed: str) -> Iterator[dict[str, str]]:
    """Yield the lines of a file of the zip, which must have these columns."""
    # by its whole name: others end with the same words
    inside = [name for name in names(data) if name == file or name.endswith(f"/{file}")]
    if len(inside) != 1:
        raise UpstreamError("layout", f"{file} is {len(inside)} times in the archive")
    reader = csv.DictReader(io.StringIO(member(data, inside[0]).decode("utf-8")))
    if lacking := sorted(set(needed) - set(reader.fieldnames or ())):
        raise UpstreamError("layout", f"{file} has no {', '.join(lacking)}")
    yield from reader


def number(cell: str) -> float | None:
    """Read a number; None of a blank, and of a ratio of nought, which is Infinity there."""
    found = float(cell or "nan")
    return found if math.isfinite(found) else None


def day(cell: str) -> dt.date | None:
    """Read a day; None of a blank."""
    return dt.date.fromisoformat(cell[:10]) if cell else None
