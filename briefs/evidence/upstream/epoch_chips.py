"""Epoch AI's estimates of AI chips sold: by type of chip and quarter, in equivalents of an H100."""

from collections.abc import Iterator

from briefs.evidence.upstream import epoch
from briefs.evidence.upstream.contract import Connector, Layout, Row, Settings

_COMPUTE = "Compute estimate in H100e ({})"
_SIDES = {"h100e": "median", "low": "5th percentile", "high": "95th percentile"}
_COLUMNS = {name: _COMPUTE.format(side) for name, side in _SIDES.items()}
_ABOUT = ("Chip manufacturer", "Chip type", "End date", "Incomplete")


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the quarters that are complete, with the 5th and the 95th percentile."""
    for line in epoch.table(data, "timelines_by_chip.csv", *_ABOUT, *_COLUMNS.values()):
        values = {name: epoch.number(line[column]) for name, column in _COLUMNS.items()}
        end = epoch.day(line["End date"])
        if end and all(values.values()) and line["Incomplete"].strip().lower() != "true":
            about = {"maker": line["Chip manufacturer"], "chip": line["Chip type"]}
            yield {**about, "quarter_end": end, **values}


CONNECTOR = Connector(
    id="epoch-chips",
    title="AI chip sales",
    publisher=epoch.PUBLISHER,
    url="https://epoch.ai/data/ai-chip-sales",
    licence=epoch.LICENCE,
    rhythm=90,
    transport=epoch.address("ai_chip_sales.zip"),
    layout=Layout(
        columns=("maker", "chip", "quarter_end", *_SIDES),
        key=("maker", "chip", "quarter_end"),
        least=80,
        must=(("Nvidia",), ("Google",)),
        bounds=dict.fromkeys(_SIDES, (1, 50_000_000)),
    ),
    extract=extract,
)
