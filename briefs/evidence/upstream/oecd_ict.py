"""OECD, ICT access and usage by businesses (SDMX as CSV): one measure of enterprises by size class.

The service answers ``Accept: text/csv`` with an error, so none is sent.
"""

import csv
import io
from collections.abc import Iterator

from briefs.evidence.upstream import yearly
from briefs.evidence.upstream.contract import (
    Address,
    Connector,
    Row,
    Settings,
    UpstreamError,
)

_NEEDED = ("REF_AREA", "MEASURE", "UNIT_MEASURE", "SIZE_CLASS", "TIME_PERIOD", "OBS_VALUE")


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the values that are there; the series is the size class."""
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    if lacking := [name for name in _NEEDED if name not in (reader.fieldnames or ())]:
        raise UpstreamError("layout", f"no column {', '.join(lacking)}")
    for found in reader:
        if None in found.values():
            raise UpstreamError("broken", f"line {reader.line_num} ends early")
        about = found["MEASURE"], found["UNIT_MEASURE"]
        if about != (settings["measure"], "PT_ENT"):
            raise UpstreamError("layout", f"{' in '.join(about)} wasn't asked for")
        if found["OBS_VALUE"]:
            place, year = found["REF_AREA"], found["TIME_PERIOD"]
            value = yearly.share(found["OBS_VALUE"])
            yield yearly.row(found["SIZE_CLASS"], place, year, value)


CONNECTOR = Connector(
    id="oecd-ict",
    title="ICT access and usage by businesses (DSD_ICT_B@DF_BUSINESSES)",
    publisher="OECD",
    url="https://data-explorer.oecd.org/vis?df[ds]=DisseminateFinalDMZ&df[id]=DSD_ICT_B@DF_BUSINESSES&df[ag]=OECD.STI.DEP",
    licence="CC BY 4.0",
    rhythm=180,
    transport=Address(
        "https://sdmx.oecd.org/public/rest/data/OECD.STI.DEP,DSD_ICT_B@DF_BUSINESSES,1.0/"
        "{areas}.A.{measure}.PT_ENT._T.{sizes}?startPeriod=2020"
        "&dimensionAtObservation=AllDimensions&format=csvfilewithlabels",
        ("application/vnd.sdmx.data+csv", "text/csv"),
    ),
    layout=yearly.layout(4, (0.001, 1), ("S_GE10",)),
    extract=extract,
)
