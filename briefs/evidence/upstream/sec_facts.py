"""Securities and Exchange Commission: what a company filed of one concept (XBRL company facts).

Later filings repeat earlier periods and may restate them: of each period the value filed last
counts, which is what a reader finds today.
"""

import datetime as dt
import json
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

#: Days of a period that is a quarter, and of one that is a year; others are sums of several.
LENGTHS = {"quarter": (80, 100), "year": (350, 380)}


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the values of the first of ``settings["concepts"]`` that covers a period, in millions of dollars."""
    found = json.loads(data)
    if int(found["cik"]) != int(settings["cik"]):
        raise UpstreamError("layout", f"the facts are of {found['cik']}, not of {settings['cik']}")
    facts, filed = found["facts"]["us-gaap"], dict[tuple[str, str], dict[str, Any]]()
    for concept in reversed(settings["concepts"]):
        values = facts.get(concept, {}).get("units", {}).get("USD", ())
        newest = {
            (v["start"], v["end"]): v for v in sorted(values, key=lambda value: value["filed"])
        }
        filed |= newest
    for (start, end), value in sorted(filed.items(), key=lambda item: item[0][1]):
        if how_often := frequency(start, end):
            about = {"ticker": settings["ticker"], "frequency": how_often}
            day = dt.date.fromisoformat(value["filed"])
            row = {**about, "end": dt.date.fromisoformat(end), "usd_m": value["val"] / 1e6}
            yield {**row, "filed": day, "form": value["form"]}


def frequency(start: str, end: str) -> str:
    """Say whether a period is a quarter or a year; empty of a sum of several quarters."""
    days = (dt.date.fromisoformat(end) - dt.date.fromisoformat(start)).days
    return next((name for name, (low, high) in LENGTHS.items() if low <= days <= high), "")


CONNECTOR = Connector(
    id="sec-facts",
    title="Company facts (XBRL)",
    publisher="U.S. Securities and Exchange Commission",
    url="https://www.sec.gov/search-filings/edgar-application-programming-interfaces",
    licence="US government work, public domain",
    rhythm=30,
    transport=Address(
        "https://data.sec.gov/api/xbrl/companyfacts/CIK{cik}.json",
        ("application/json",),
        most_bytes=50_000_000,
    ),
    layout=Layout(
        columns=("ticker", "frequency", "end", "usd_m", "filed", "form"),
        key=("ticker", "frequency", "end"),
        least=8,
        bounds={"usd_m": (1, 2_000_000)},
    ),
    extract=extract,
)
