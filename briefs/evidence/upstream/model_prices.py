"""``model-prices``: per-token list prices, each with what its date rests on."""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from briefs.evidence.upstream import list_prices
from briefs.evidence.upstream.contract import Connector, Package, Row, Settings, UpstreamError

_BASES = {
    "documented": list_prices.DOCUMENTED,
    "models.dev commit": list_prices.RECORDED,
    "first observed": list_prices.OBSERVED,
}


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the standard prices of every model."""
    found = json.loads(data)
    if found.get("schema") != 1:
        raise UpstreamError("layout", f"schema {found.get('schema')}, where 1 was known")
    for provider, models in found["prices"].items():
        for model, modes in models.items():
            segments = modes.get("standard", ())
            rows = (row for part in segments for row in _rows(provider, model, part))
            yield from list_prices.histories(rows)


def dated(data: bytes) -> dt.date:
    """Day on which the catalogue was last brought up to date."""
    return dt.date.fromisoformat(json.loads(data)["updated_at"][:10])


def _rows(provider: str, model: str, part: dict[str, Any]) -> Iterator[Row]:
    rates = part["rates"]
    if rates is None:
        return
    day = part["start"] or rates["valid_from"]
    if (basis := rates["valid_from_basis"]) not in _BASES:
        raise UpstreamError("layout", f"{model}: an unknown basis of a date, {basis!r}")
    yield from list_prices.price(
        provider,
        model,
        dt.date.fromisoformat(day[:10]) if day else None,
        (rates.get("input"), rates.get("output")),
        _BASES[basis],
    )


CONNECTOR = Connector(
    id="model-prices",
    title="model-prices Python package (price history with dated corrections)",
    publisher="wakamex",
    url="https://github.com/wakamex/model-prices",
    licence="MIT",
    rhythm=30,
    transport=Package("pypi", "model-prices", "model_prices/snapshot.json"),
    layout=list_prices.layout(600, ("openai", "gpt-4o"), ("deepseek", "deepseek-v4-pro")),
    extract=extract,
    dated=dated,
)
