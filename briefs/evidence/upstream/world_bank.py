"""World Bank indicators: one indicator of one country, a value a year."""

import json
from collections.abc import Iterator

from briefs.evidence.upstream.contract import (
    Address,
    Connector,
    Layout,
    Row,
    Settings,
    UpstreamError,
)


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the years that have a value."""
    found = json.loads(data)
    if not isinstance(found, list) or len(found) != 2 or "pages" not in found[0]:
        raise UpstreamError("layout", "not a head and a list")
    if found[0]["pages"] != 1:
        raise UpstreamError("layout", f"{found[0]['pages']} pages, where one was asked for")
    for year in found[1]:
        if year["value"] is not None:
            about = {"indicator": year["indicator"]["id"], "country": year["countryiso3code"]}
            yield {**about, "year": int(year["date"]), "value": float(year["value"])}


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
    layout=Layout(
        columns=("indicator", "country", "year", "value"),
        key=("indicator", "country", "year"),
        least=10,
        bounds={"year": (1960, 2100)},
    ),
    extract=extract,
)
