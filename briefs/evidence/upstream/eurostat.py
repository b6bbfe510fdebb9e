"""Eurostat's statistics service (JSON-stat 2.0): a table, or the part of it that the address asks for."""

from collections.abc import Iterator
from itertools import product

from briefs.evidence.upstream import yearly
from briefs.evidence.upstream.contract import (
    Address,
    Connector,
    Row,
    Settings,
    UpstreamError,
)


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the values that are there; the series is the size class."""
    found = yearly.read(data, dict)
    if found.get("class") != "dataset" or found.get("version") != "2.0":
        raise UpstreamError("layout", "no dataset of JSON-stat 2.0")
    codes = [_codes(found["dimension"][name]["category"]["index"]) for name in found["id"]]
    if [len(names) for names in codes] != found["size"]:
        raise UpstreamError("layout", "sizes and codes of the dimensions differ")
    for place, names in enumerate(product(*codes)):
        value = found["value"].get(str(place))  # cells without a value are left out
        if value is not None:
            about = dict(zip(found["id"], names, strict=True))
            yield yearly.row(about["size_emp"], about["geo"], about["time"], yearly.share(value))


def _codes(index: dict[str, int]) -> list[str]:
    return sorted(index, key=lambda code: index[code])


CONNECTOR = Connector(
    id="eurostat",
    title="Artificial intelligence by size class of enterprise (isoc_eb_ai)",
    publisher="Eurostat",
    url="https://ec.europa.eu/eurostat/databrowser/view/isoc_eb_ai/default/table",
    licence="terms of Eurostat not read",
    rhythm=180,
    transport=Address(
        "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data/isoc_eb_ai?lang=en&freq=A"
        "&nace_r2=C10-S951_X_K&indic_is=E_AI_TANY&unit=PC_ENT&geo={geo}",
        ("application/json",),
    ),
    layout=yearly.layout(4, (0.001, 1), ("GE10",)),
    extract=extract,
)
