"""World Bank indicators: one indicator of one country, a value a year."""

from collections.abc import Iterator

from briefs.evidence.upstream import yearly
from briefs.evidence.upstream.contract import (
    Address,
    Connector,
    Row,
    Settings,
    UpstreamError,
)


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the years that have a value; the series is the indicator."""
    found = yearly.read(data, list)
    if len(found) != 2 or "pages" not in found[0]:
        raise UpstreamError("layout", "not a head and a list")
    if found[0]["pages"] != 1:
        raise UpstreamError("layout", f"{found[0]['pages']} pages, where one was asked for")
    for year in found[1]:
        if year["value"] is not None:
            series, place = year["indicator"]["id"], year["countryiso3code"]
            yield yearly.row(series, place, year["date"], float(year["value"]))


CONNECTOR = Connector(
    id="world-bank",
    title="World Bank indicators",
    publisher="World Bank",
    url="https://data.worldbank.org",
    licence="terms of the World Bank not read",
    rhythm=180,
    transport=Address(
        "https://api.worldbank.org/v2/country/{country}/indicator/{indicator}?format=json&per_page=500",
        ("application/json",),
    ),
    layout=yearly.layout(10, (0, 1e15)),
    extract=extract,
)
