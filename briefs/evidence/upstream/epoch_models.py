"""Epoch AI's notable models: how much compute their training took."""

from collections.abc import Iterator

from briefs.evidence.upstream import epoch
from briefs.evidence.upstream.contract import Connector, Layout, Row, Settings

_MODEL, _DAY = "Model", "Publication date"
_COMPUTE, _SURE = "Training compute (FLOP)", "Confidence"


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the models whose compute is known or estimated, and how sure that is."""
    for line in epoch.table(data, "notable_ai_models.csv", _MODEL, _DAY, _COMPUTE, _SURE):
        released, flop = epoch.day(line[_DAY]), epoch.number(line[_COMPUTE])
        if released and flop:
            about = {"model": line[_MODEL], "released": released}
            yield {**about, "flop": flop, "confidence": line[_SURE] or "Unknown"}


CONNECTOR = Connector(
    id="epoch-models",
    title="Notable AI models",
    publisher=epoch.PUBLISHER,
    url="https://epoch.ai/data/ai-models",
    licence=epoch.LICENCE,
    rhythm=30,
    transport=epoch.address("ai_models.zip"),
    layout=Layout(
        columns=("model", "released", "flop", "confidence"),
        key=("model", "released"),
        least=300,
        bounds={"flop": (1, 1e29)},
    ),
    extract=extract,
)
