"""Epoch AI's table of machine-learning hardware: release prices of chips."""

import csv
import datetime as dt
import io
import math
from collections.abc import Iterator

from briefs.evidence.upstream.archives import member, names
from briefs.evidence.upstream.contract import (
    Address,
    Connector,
    Layout,
    Row,
    Settings,
    UpstreamError,
)

_FILE = "ml_hardware.csv"
_NEEDED = {"Hardware name", "Release date", "Release price (USD)"}


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the chips that have a release day and price."""
    inside = [name for name in names(data) if name == _FILE or name.endswith(f"/{_FILE}")]
    if len(inside) != 1:
        raise UpstreamError("layout", f"{_FILE} is {len(inside)} times in the archive")
    reader = csv.DictReader(io.StringIO(member(data, inside[0]).decode("utf-8")))
    if lacking := sorted(_NEEDED - set(reader.fieldnames or ())):
        raise UpstreamError("layout", f"{_FILE} has no {', '.join(lacking)}")
    for chip in reader:
        price = float(chip["Release price (USD)"] or "nan")
        if math.isfinite(price) and chip["Release date"]:  # a ratio of nought is Infinity there
            released = dt.date.fromisoformat(chip["Release date"][:10])
            yield {"chip": chip["Hardware name"], "released": released, "price": price}


CONNECTOR = Connector(
    id="epoch-hardware",
    title="Machine learning hardware",
    publisher="Epoch AI",
    url="https://epoch.ai/data/machine-learning-hardware",
    licence="CC BY 4.0",
    rhythm=90,
    transport=Address(
        "https://epoch.ai/data/ml_hardware.zip", ("application/zip", "application/x-zip-compressed")
    ),
    layout=Layout(
        columns=("chip", "released", "price"),
        key=("chip",),
        least=20,
        bounds={"price": (50, 500_000)},
    ),
    extract=extract,
)
