"""Census Bureau, Business Trends and Outlook Survey: firms that used AI, by size, with standard errors.

The question was put in other words from 17 November 2025 on; the two wordings are two series.
"""

import datetime as dt
import io
from collections.abc import Iterator
from typing import Any

from briefs.evidence.upstream.contract import (
    Address,
    Connector,
    Layout,
    Row,
    Settings,
    UpstreamError,
)

ESTIMATES, ERRORS, DATES = (
    "Response Estimates",
    "Response Standard Errors",
    "Collection and Reference Dates",
)
_KEYS = ("Empsize", "Question ID", "Question", "Answer ID", "Answer")
_ASKED, _NEW = (
    "In the last two weeks, did this business use Artificial Intelligence",
    "business functions",
)


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the share of each size class that answered yes, by the fortnight it was asked about."""
    from openpyxl import load_workbook  # late: only this needs it

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    if lacking := [name for name in (ESTIMATES, ERRORS, DATES) if name not in book.sheetnames]:
        raise UpstreamError("layout", f"no sheet {', '.join(lacking)}")
    starts = {
        str(row["Smpdt"]).strip(): row["Ref Start"]
        for row in _rows(book[DATES], ("Smpdt", "Ref Start"))
    }
    errors = {_place(row): row for row in _rows(book[ERRORS], _KEYS)}
    for row in _rows(book[ESTIMATES], _KEYS):
        question = str(row["Question"] or "")
        if question.startswith(_ASKED) and str(row["Answer"]).strip() == "Yes":
            wording = "new" if _NEW in question else "old"
            yield from _of_cycles(row, errors.get(_place(row), {}), starts, wording)


def _of_cycles(
    row: dict[str, Any], error: dict[str, Any], starts: dict[str, Any], wording: str
) -> Iterator[Row]:
    for cycle in (name for name in row if name.isdigit() and len(name) == 6):
        share, spread = _share(row[cycle]), _share(error.get(cycle))
        if share is not None and spread is not None and cycle in starts:
            about = {"wording": wording, "size": str(row["Empsize"]).strip()}
            yield {**about, "start": _day(starts[cycle]), "share": share, "standard_error": spread}


def _rows(sheet: Any, needed: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the rows of a sheet by the names of its first row."""
    lines = sheet.iter_rows(values_only=True)
    names = [str(cell).strip() for cell in next(lines, ())]
    if lacking := [name for name in needed if name not in names]:
        raise UpstreamError("layout", f"sheet {sheet.title} has no {', '.join(lacking)}")
    yield from (dict(zip(names, line, strict=False)) for line in lines if any(line))


def _place(row: dict[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name]).strip() for name in ("Empsize", "Question ID", "Answer ID"))


def _share(cell: Any) -> float | None:
    """Read ``19.8%``; a lone point stands where nothing was collected."""
    text = str(cell if cell is not None else "").strip()
    return round(float(text.rstrip("%")) / 100, 6) if text.endswith("%") else None


def _day(cell: Any) -> dt.date:
    return cell.date() if isinstance(cell, dt.datetime) else dt.date.fromisoformat(str(cell)[:10])


CONNECTOR = Connector(
    id="census-btos",
    title="Business Trends and Outlook Survey, by employment size class",
    publisher="U.S. Census Bureau",
    url="https://www.census.gov/hfp/btos/data_downloads",
    licence="US government work, public domain",
    rhythm=14,
    transport=Address(
        "https://www.census.gov/hfp/btos/downloads/Employment%20Size%20Class.xlsx",
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
    ),
    layout=Layout(
        columns=("wording", "size", "start", "share", "standard_error"),
        key=("wording", "size", "start"),
        least=100,
        must=(("new", "A"), ("new", "G")),
        bounds={"share": (0.005, 0.9), "standard_error": (0.0001, 0.2)},
    ),
    extract=extract,
)
