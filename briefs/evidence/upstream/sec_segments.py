"""Securities and Exchange Commission: one segment's revenue, from the XBRL of a company's newest report.

Company facts have no segments: these stand only in the instance that each filing comes with. The list of
the company's filings says which that is.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from defusedxml.ElementTree import fromstring

from briefs.evidence.upstream.contract import (
    Address,
    Connector,
    Layout,
    Listed,
    Row,
    Settings,
    UpstreamError,
)
from briefs.evidence.upstream.sec_facts import frequency

_REPORTS = ("10-Q", "10-K")
#: What a filing may say of a segment's context besides the segment.
_PLAIN = {"us-gaap:OperatingSegmentsMember"}


def newest(data: bytes, settings: Settings) -> Settings:
    """Read from a company's list of filings where the instance of its newest report lies."""
    recent = json.loads(data)["filings"]["recent"]
    columns = "form accessionNumber primaryDocument".split()
    for form, accession, document in zip(*(recent[name] for name in columns), strict=True):
        if form in _REPORTS:
            folder, name = accession.replace("-", ""), re.sub(r"\.htm$", "_htm.xml", document)
            if not (re.fullmatch(r"\d{18}", folder) and re.fullmatch(r"[\w-]+_htm\.xml", name)):
                raise UpstreamError("layout", f"{accession}/{document} names no report")
            return {"number": int(settings["cik"]), "folder": folder, "file": name}
    raise UpstreamError("layout", f"no {' or '.join(_REPORTS)} among the newest filings")


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the quarters and years of ``settings["member"]``, in millions of dollars.

    Of ``settings["concepts"]`` the first that has the segment counts.
    """
    root = fromstring(data)
    periods = {c.get("id"): found for c in root if _name(c) == "context" and (found := _period(c))}
    if not periods:
        raise UpstreamError("layout", "no context with a period")
    for concept in settings["concepts"]:
        rows = {
            _key(period): float(fact.text or "") / 1e6
            for fact in root
            if _name(fact) == concept
            and (period := periods.get(fact.get("contextRef")))
            and period["members"] - _PLAIN == {settings["member"]}
        }
        if rows:
            about = {"ticker": settings["ticker"], "segment": settings["segment"]}
            for (how_often, end), value in sorted(rows.items()):
                if how_often:
                    yield {**about, "frequency": how_often, "end": end, "usd_m": value}
            return
    raise UpstreamError("layout", f"no revenue of {settings['member']}")


def _name(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _period(context: Any) -> dict[str, Any]:
    """Read start, end and members of a context; nothing of one that is a moment."""
    parts = {_name(part): (part.text or "").strip() for part in context.iter()}
    if not {"startDate", "endDate"} <= parts.keys():
        return {}
    members = (p for p in context.iter() if _name(p) in ("explicitMember", "typedMember"))
    said = {(member.text or "").strip() for member in members}
    return {"start": parts["startDate"], "end": parts["endDate"], "members": said}


def _key(period: Mapping[str, Any]) -> tuple[str, dt.date]:
    return frequency(period["start"], period["end"]), dt.date.fromisoformat(period["end"])


CONNECTOR = Connector(
    id="sec-segments",
    title="Segments in a company's reports (inline XBRL)",
    publisher="U.S. Securities and Exchange Commission",
    url="https://www.sec.gov/search-filings/edgar-application-programming-interfaces",
    licence="US government work, public domain",
    rhythm=30,
    transport=Listed(
        Address("https://data.sec.gov/submissions/CIK{cik}.json", ("application/json",)),
        newest,
        Address(
            "https://www.sec.gov/Archives/edgar/data/{number}/{folder}/{file}",
            ("application/xml", "text/xml"),
            most_bytes=50_000_000,
        ),
    ),
    layout=Layout(
        columns=("ticker", "segment", "frequency", "end", "usd_m"),
        key=("ticker", "segment", "frequency", "end"),
        bounds={"usd_m": (1, 2_000_000)},
    ),
    extract=extract,
)
