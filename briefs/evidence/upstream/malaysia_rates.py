"""Bank Negara Malaysia's daily rates at noon, from data.gov.my: yearly means of ringgit to a currency."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from statistics import fmean

from briefs.evidence.upstream.contract import Address, Connector, Layout, Row, Settings


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the mean of each year's middle rates of ``settings["against"]``."""
    rates: dict[int, list[float]] = defaultdict(list)
    last: dict[int, str] = {}
    for day in json.loads(data):
        if day["rate_type"] == "middle" and day[settings["against"]] is not None:
            year = int(day["date"][:4])
            rates[year].append(float(day[settings["against"]]))
            last[year] = max(last.get(year, ""), day["date"])
    for year, found in sorted(rates.items()):
        row = {"currency": "MYR", "year": year, "rate": round(fmean(found), 4), "days": len(found)}
        yield {**row, "last_day": dt.date.fromisoformat(last[year])}


CONNECTOR = Connector(
    id="malaysia-rates",
    title="Daily exchange rates at 12 noon (exchangerates_daily_1200)",
    publisher="Bank Negara Malaysia",
    url="https://data.gov.my/data-catalogue/exchangerates_daily_1200",
    licence="Open Government Licence (Malaysia)",
    rhythm=30,
    transport=Address(
        "https://api.data.gov.my/data-catalogue?id=exchangerates_daily_1200"
        "&filter=middle@rate_type&sort=-date&limit={limit}",
        ("application/json",),
    ),
    layout=Layout(
        columns=("currency", "year", "rate", "days", "last_day"),
        key=("currency", "year"),
        bounds={"rate": (1, 10), "days": (1, 366)},
    ),
    extract=extract,
)
