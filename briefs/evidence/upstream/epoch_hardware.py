"""Epoch AI's table of machine-learning hardware: release prices of chips."""

from collections.abc import Iterator

from briefs.evidence.upstream import epoch
from briefs.evidence.upstream.contract import Connector, Layout, Row, Settings

_CHIP, _DAY, _PRICE = "Hardware name", "Release date", "Release price (USD)"


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the chips that have a release day and price."""
    for line in epoch.table(data, "ml_hardware.csv", _CHIP, _DAY, _PRICE):
        released, price = epoch.day(line[_DAY]), epoch.number(line[_PRICE])
        if released and price:
            yield {"chip": line[_CHIP], "released": released, "price": price}


CONNECTOR = Connector(
    id="epoch-hardware",
    title="Machine learning hardware",
    publisher=epoch.PUBLISHER,
    url="https://epoch.ai/data/machine-learning-hardware",
    licence=epoch.LICENCE,
    rhythm=90,
    transport=epoch.address("ml_hardware.zip"),
    layout=Layout(
        columns=("chip", "released", "price"),
        key=("chip",),
        least=20,
        bounds={"price": (50, 500_000)},
    ),
    extract=extract,
)
