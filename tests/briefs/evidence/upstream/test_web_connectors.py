"""Connectors of files on the web, on the layouts recorded of their upstreams, by a server on this machine."""

import csv
import datetime as dt
import importlib
import io
import json
import re
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from briefs.evidence import catalog, differences, feeds, holdings, memory
from briefs.evidence.upstream import connector, fetch, web
from briefs.evidence.upstream.contract import Listed, UpstreamError

sys.path.append(str(Path(__file__).parent))
test_web = importlib.import_module("test_web")
test_connectors = importlib.import_module("test_connectors")

OLD = (
    "In the last two weeks, did this business use Artificial Intelligence (AI) in producing goods or services? "
    "(Examples of AI: machine learning, natural language processing, virtual agents, voice recognition, etc.)"
)
NEW = OLD.replace("producing goods or services", "any of its business functions")
NEXT = "During the next six months, do you think this business will be using Artificial Intelligence (AI)"
CYCLES = ("202617", "202523", "202510")


def btos(**changes):
    keys = ["Empsize", "Question ID", "Question", "Answer ID", "Answer", *CYCLES]
    estimates = [
        ["A", 7, NEW, 1, "Yes", "20.1%", ".", "."],
        ["A", 7, NEW, 2, "No", "79.9%", ".", "."],
        ["A", 27, OLD, 1, "Yes", ".", ".", "8.5%"],
        ["G", 7, NEW, 1, "Yes", "40.3%", ".", "."],
        ["G", 8, NEXT, 1, "Yes", "44.0%", ".", "."],
    ]
    errors = [
        ["A", 7, NEW, 1, "Yes", "0.44%", ".", "."],
        ["A", 27, OLD, 1, "Yes", ".", ".", "0.3%"],
        ["G", 7, NEW, 1, "Yes", "2.47%", ".", "."],
    ]
    dates = [[c, dt.datetime(2026, 7, 27)] for c in CYCLES[:2]] + [
        ["202510", dt.datetime(2025, 4, 28)]
    ]
    sheets = {
        "Response Estimates": [keys, *estimates],
        "Response Standard Errors": [keys, *errors],
        "Collection and Reference Dates": [["Smpdt", "Ref Start"], *dates],
    }
    book, stream = Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in (sheets | changes).items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(stream)
    return stream.getvalue()


def eurostat(**changes):
    def dimension(*codes):
        return {"category": {"index": {code: place for place, code in enumerate(codes)}}}

    found = {
        "version": "2.0",
        "class": "dataset",
        "id": ["freq", "size_emp", "geo", "time"],
        "size": [1, 2, 1, 3],
        "dimension": {
            "freq": dimension("A"),
            "size_emp": dimension("GE10", "GE250"),
            "geo": dimension("EU27_2020"),
            "time": dimension("2023", "2024", "2025"),
        },
        "value": {"0": 8.06, "1": 13.48, "2": 19.95, "4": 41.17, "5": 55.03},
    }
    return json.dumps(found | changes).encode()


def fact(start, end, value, filed):
    return {"start": start, "end": end, "val": value, "filed": filed, "form": "10-K", "accn": "x"}


def facts(cik=1045810):
    old = [
        fact("2024-01-29", "2025-01-26", 130_497_000_000, "2025-02-26"),
        fact("2023-01-30", "2024-01-28", 60_000_000_000, "2024-02-21"),
        fact("2023-01-30", "2024-01-28", 60_922_000_000, "2025-02-26"),  # restated
        fact("2024-01-29", "2024-10-27", 91_166_000_000, "2024-11-20"),  # three quarters
        fact("2024-07-29", "2024-10-27", 35_082_000_000, "2024-11-20"),
    ]
    new = [fact("2024-01-29", "2025-01-26", 130_497_000_000, "2025-02-26")]
    concepts = {"Revenues": old, "RevenueFromContract": new}
    gaap = {name: {"units": {"USD": values}} for name, values in concepts.items()}
    return json.dumps({"cik": cik, "entityName": "NVIDIA", "facts": {"us-gaap": gaap}}).encode()


def rates():
    days = [
        {"date": "2026-10-30", "rate_type": "middle", "usd": 4.06},
        {"date": "2026-10-29", "rate_type": "middle", "usd": 4.04},
        {"date": "2026-10-29", "rate_type": "buying", "usd": 1.0},
        {"date": "2025-12-31", "rate_type": "middle", "usd": None},
        {"date": "2025-12-30", "rate_type": "middle", "usd": 4.1},
    ]
    return json.dumps(days).encode()


def bank(pages=1):
    def year(number, value):
        about = {
            "indicator": {"id": "IT.NET.USER.ZS", "value": "Individuals"},
            "countryiso3code": "MYS",
        }
        return {**about, "date": str(number), "value": value}

    years = [year(2025, None), *(year(2024 - n, 97.0 - n) for n in range(12))]
    return json.dumps([{"page": 1, "pages": pages, "total": len(years)}, years]).encode()


def chips(name="ml_hardware.csv", column="Release price (USD)"):
    stream, archive = io.StringIO(), io.BytesIO()
    writer = csv.writer(stream)
    writer.writerow(["Hardware name", "Manufacturer", "Release date", column, "FLOP/$"])
    writer.writerows([f"Chip {n}", "Maker", "2024-03-18", 1000 + n, "Infinity"] for n in range(25))
    writer.writerow(["Without a price", "Maker", "2024-03-18", "", ""])
    with zipfile.ZipFile(archive, "w") as found:
        found.writestr(name, stream.getvalue())
    return archive.getvalue()


def zipped(name, header, *lines):
    stream, archive = io.StringIO(), io.BytesIO()
    csv.writer(stream).writerows([header, *lines])
    with zipfile.ZipFile(archive, "w") as found:
        found.writestr(f"folder/{name}", stream.getvalue())
    return archive.getvalue()


SOLD = ["Name", "Chip manufacturer", "Chip type", "Start date", "End date", "Incomplete"]
SIDES = ("median", "5th percentile", "95th percentile")


def sales(*columns):
    """By type of chip and quarter, as Epoch AI's zip of October 2026 has it; cumulative files end alike."""
    header = [*SOLD, *(columns or (f"Compute estimate in H100e ({side})" for side in SIDES))]
    first = ["A100 Q1 2022", "Nvidia", "A100", "2022-01-01", "2022-03-31", ""]
    open_ = ["v7 Q2 2026", "Google", "TPU v7", "2026-04-01", "2026-06-30", "True"]
    tpu = ["v5p Q1 2024", "Google", "TPU v5p", "2024-01-01", "2024-03-31", "False"]
    wide = ["v4 Q1 2023", "Google", "TPU v4", "2023-01-01", "2023-03-31", "False"]
    values, lines = ["66883", "51547", "87166"], (first, open_, tpu)
    whole = [[*about, *values] for about in lines]
    return zipped("timelines_by_chip.csv", header, *whole, [*wide, "5", "", "9"])


def models(column="Training compute (FLOP)"):
    header = ["Model", "Organization", "Publication date", column, "Confidence"]
    known = ["GPT-4", "OpenAI", "2023-03-14", "2.1e25", "Likely"]
    return zipped(
        "notable_ai_models.csv",
        header,
        known,
        ["Secret", "Lab", "2026-01-01", "", ""],
        ["Undated", "Lab", "", "1e24", ""],
    )


def oecd(measure="G14_B", **columns):
    """The columns that the service gives with ``format=csvfilewithlabels``, as far as they are read."""
    about = {"STRUCTURE": "DATAFLOW", "ACTION": "I", "REF_AREA": "EU27", "Reference area": "EU"}
    about |= {"FREQ": "A", "MEASURE": measure, "UNIT_MEASURE": "PT_ENT", "ACTIVITY": "_T"}
    cells = [("S_GE10", 2024, "13.48"), ("S_GE10", 2025, "19.95"), ("S_GE100", 2025, "")]
    rows = [
        {**about, "SIZE_CLASS": size, "TIME_PERIOD": year, "OBS_VALUE": value} | columns
        for size, year, value in cells
    ]
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def releases(**changes):
    """An answer of Zenodo's search; other collections have AGORA in their descriptions."""
    agora = {"title": "AGORA dataset", "publication_date": "2026-10-19", "version": "v25"}
    other = {"title": "A market of Athens", "publication_date": "2026-01-01"}
    hits = [
        {"id": number, "doi": f"10.5281/zenodo.{number}", "metadata": about}
        for number, about in ((17001, agora), (17002, other))
    ]
    return json.dumps({"hits": {"hits": hits, "total": 2}, "aggregations": {}} | changes).encode()


def context(name, start, *members):
    dimensions = "".join(
        f'<xbrldi:explicitMember dimension="srt:ProductOrServiceAxis">{member}</xbrldi:explicitMember>'
        for member in members
    )
    end = "2025-10-26"
    return (
        f'<context id="{name}"><entity><identifier>0001045810</identifier>'
        f"<segment>{dimensions}</segment></entity><period><startDate>{start}</startDate>"
        f"<endDate>{end}</endDate></period></context>"
    )


CENTER, COMPUTE = "nvda:DataCenterMember", "nvda:ComputeMember"


def instance(member=CENTER, tag="Revenues"):
    """A quarter's report: the segment by itself, marked as one, split further, and of three quarters."""
    quarter, year = "2025-07-28", "2025-01-27"
    contexts = [
        context("c-1", quarter),
        context("c-2", quarter, member, "us-gaap:OperatingSegmentsMember"),
        context("c-3", quarter, member, COMPUTE),
        context("c-4", year, member),
        '<context id="c-5"><period><instant>2025-10-26</instant></period></context>',
    ]
    values = {"c-1": 57_006, "c-2": 51_215, "c-3": 43_000, "c-4": 131_400}
    facts = "".join(
        f'<us-gaap:{tag} contextRef="{name}" unitRef="usd">{value}000000</us-gaap:{tag}>'
        for name, value in values.items()
    )
    spaces = {
        "": "http://www.xbrl.org/2003/instance",
        ":xbrldi": "http://xbrl.org/2006/xbrldi",
        ":us-gaap": "http://fasb.org/us-gaap/2025",
    }
    named = " ".join(f'xmlns{name}="{uri}"' for name, uri in spaces.items())
    return f"<xbrl {named}>{''.join(contexts)}{facts}</xbrl>".encode()


def filings(*forms, document="nvda-20251026.htm"):
    count = len(forms)
    recent = {"form": list(forms), "accessionNumber": ["0001045810-25-000230"] * count}
    recent |= {"primaryDocument": [document] * count}
    return json.dumps({"cik": "1045810", "filings": {"recent": recent}}).encode()


def register():
    document = {
        "document_number": "2026-12345",
        "title": "Ensuring something about artificial intelligence",
        "publication_date": "2026-11-03",
        "html_url": "https://www.federalregister.gov/d/2026-12345",
    }
    return json.dumps({"count": 1, "total_pages": 1, "results": [document]}).encode()


def arena(**changes):
    def entry(model, rating, category="overall"):
        row = {
            "model_name": model,
            "organization": "Lab",
            "license": "Proprietary",
            "rating": rating,
        }
        row |= {
            "rating_lower": rating - 5,
            "rating_upper": rating + 5,
            "vote_count": 9000,
            "rank": 1,
        }
        return {"row": {**row, "category": category, "leaderboard_publish_date": "2026-12-10"}}

    rows = [entry("gpt-4o", 1312.34), entry("new-model", 1500.0), entry("gpt-4o", 1290.0, "coding")]
    return json.dumps({"rows": rows, "num_rows_total": 3, "partial": False} | changes).encode()


def acts(relation="resource_legal_amends_resource_legal"):
    name = f"http://publications.europa.eu/ontology/cdm#{relation}"
    found = {
        "relation": {"type": "uri", "value": name},
        "celex": {"type": "literal", "value": "32026R0999"},
    }
    return json.dumps(
        {"head": {"vars": ["relation", "celex"]}, "results": {"bindings": [found]}}
    ).encode()


SEC = {"cik": "0001045810", "ticker": "NVDA", "concepts": ["RevenueFromContract", "Revenues"]}
WEB = {
    "census_btos": (btos(), {}),
    "eurostat": (eurostat(), {"geo": "EU27_2020"}),
    "sec_facts": (facts(), SEC),
    "malaysia_rates": (rates(), {"against": "usd", "limit": 10}),
    "world_bank": (bank(), {"country": "MYS", "indicator": "IT.NET.USER.ZS"}),
    "epoch_hardware": (chips(), {}),
    "lmarena": (arena(), {"category": "overall"}),
    "eur_lex": (acts(), {"celex": "32024R1689"}),
    "federal_register": (register(), {"term": "ai"}),
    "epoch_chips": (sales(), {}),
    "epoch_models": (models(), {}),
    "oecd_ict": (oecd(), {"areas": "EU27", "measure": "G14_B", "sizes": "S_GE10"}),
    "agora": (releases(), {"title": "AGORA dataset"}),
    "sec_segments": (
        instance(),
        {"cik": "0001045810", "ticker": "NVDA", "segment": "Data Center", "member": CENTER}
        | {"concepts": ["RevenueFromContract", "Revenues"]},
    ),
}
LISTS = {"sec_segments": filings("8-K", "10-Q", "10-K")}


def small(name):
    """Return a connector that takes a cut-out, which has fewer rows than the whole."""
    found = connector(name)
    return replace(found, layout=replace(found.layout, least=1))


def rows(name, data=None):
    kept, settings = WEB[name]
    return small(name).rows(kept if data is None else data, settings)


def fault(name, data):
    with pytest.raises(UpstreamError) as caught:
        rows(name, data)
    return caught.value.fault


def local(address, url):
    return replace(address, url=f"{url}/{address.url.partition('://')[2].partition('/')[2]}")


@pytest.mark.parametrize("name", WEB)
def test_fetched_from_a_server_each_gives_its_rows(name):
    data, settings = WEB[name]
    found, answers = small(name), [*filter(None, [LISTS.get(name)]), data]
    steps = found.transport
    addresses = [steps.index, steps.file] if isinstance(steps, Listed) else [steps]
    assert all(address.url.startswith("https://") for address in addresses)
    replies = [
        test_web.sending(answer, kind=address.types[0])
        for answer, address in zip(answers, addresses, strict=True)
    ]
    turns = iter(replies)
    with test_web.serving(lambda handler: next(turns)(handler)) as (url, asked):
        there = [local(address, url) for address in addresses]
        steps = Listed(there[0], steps.pick, there[1]) if len(there) > 1 else there[0]
        _url, got = web.Web(test_web.RULES).follow(steps, settings)
    assert got == data and found.rows(got, settings) == rows(name)
    assert not any(re.search(r"\{\w+\}", path) for path, _headers in asked) and rows(name)


@pytest.mark.parametrize("name", WEB)
@pytest.mark.parametrize("part", [0.0, 0.5, 0.95])
def test_half_a_file_is_an_error_that_says_so(name, part):
    data = WEB[name][0]
    assert fault(name, data[: int(len(data) * part)]) in ("broken", "layout")


@pytest.mark.parametrize("name", WEB)
def test_a_page_of_html_is_no_data(name):
    """One of them answers a wrong address with 58 kB of it, another with status 200."""
    assert fault(name, b"<html>" + b" " * 58_000) in ("broken", "layout")


def test_all_connectors_are_quick():
    start = time.monotonic()
    for name in WEB:
        rows(name)
    for name in test_connectors.MODULES:
        test_connectors.rows(name)
    assert len(WEB) + len(test_connectors.MODULES) >= 10 and time.monotonic() - start < 20


def test_btos_keeps_the_two_wordings_apart_and_has_errors():
    found = [
        (r["wording"], r["size"], r["start"], r["share"], r["standard_error"])
        for r in rows("census_btos")
    ]
    assert found == [
        ("new", "A", dt.date(2026, 7, 27), 0.201, 0.0044),
        ("old", "A", dt.date(2025, 4, 28), 0.085, 0.003),
        ("new", "G", dt.date(2026, 7, 27), 0.403, 0.0247),
    ]


def test_btos_of_another_layout():
    assert (
        fault("census_btos", btos(**{"Response Standard Errors": [["Size", "Question ID"]]}))
        == "layout"
    )
    assert fault("census_btos", btos(**{"Collection and Reference Dates": [["Smpdt"]]})) == "layout"


def test_eurostat_cells_stand_where_their_number_says():
    found = {(r["series"], r["year"]): r["value"] for r in rows("eurostat")}
    assert found == {
        ("GE10", 2023): 0.0806,
        ("GE10", 2024): 0.1348,
        ("GE10", 2025): 0.1995,
        ("GE250", 2024): 0.4117,
        ("GE250", 2025): 0.5503,
    }
    assert fault("eurostat", eurostat(size=[1, 2, 1, 4])) == "layout"
    assert fault("eurostat", eurostat(version="1.0")) == "layout"


def test_sec_takes_what_was_filed_last_and_no_sums_of_quarters():
    found = [(r["frequency"], r["end"].isoformat(), r["usd_m"]) for r in rows("sec_facts")]
    assert found == [
        ("year", "2024-01-28", 60_922.0),
        ("quarter", "2024-10-27", 35_082.0),
        ("year", "2025-01-26", 130_497.0),
    ]
    assert fault("sec_facts", facts(cik=1)) == "layout"


def test_rates_of_malaysia_are_means_of_middle_rates():
    found = {row["year"]: (row["rate"], row["days"]) for row in rows("malaysia_rates")}
    assert found == {2025: (4.1, 1), 2026: (4.05, 2)}


def test_the_world_bank_gives_one_page():
    found = rows("world_bank")
    assert len(found) == 12 and found[0] == {
        "series": "IT.NET.USER.ZS",
        "place": "MYS",
        "year": 2024,
        "value": 97.0,
    }
    assert fault("world_bank", bank(pages=2)) == "layout"


def test_chips_without_a_price_are_left_out():
    assert len(rows("epoch_hardware")) == 25
    assert fault("epoch_hardware", chips(column="Price")) == "layout"
    assert fault("epoch_hardware", chips(name="other.csv")) == "layout"


def test_quarters_under_way_and_without_an_interval_are_left_out():
    found, other = rows("epoch_chips")
    values = {"h100e": 66883.0, "low": 51547.0, "high": 87166.0}
    about = {"maker": "Nvidia", "chip": "A100", "quarter_end": dt.date(2022, 3, 31)}
    assert found == about | values and other["chip"] == "TPU v5p"
    columns = ("Compute estimate in H100e (median)", "Units", "Power in MW (median)")
    assert fault("epoch_chips", sales(*columns)) == "layout"


def test_models_without_a_day_or_their_compute_are_left_out():
    (found,) = rows("epoch_models")
    assert (found["model"], found["flop"], found["confidence"]) == ("GPT-4", 2.1e25, "Likely")
    assert fault("epoch_models", models(column="Compute")) == "layout"


def test_the_oecd_gives_what_was_asked_for():
    found = [(r["series"], r["place"], r["year"], r["value"]) for r in rows("oecd_ict")]
    assert found == [("S_GE10", "EU27", 2024, 0.1348), ("S_GE10", "EU27", 2025, 0.1995)]
    assert fault("oecd_ict", oecd(measure="B1_B")) == "layout"
    assert fault("oecd_ict", oecd(UNIT_MEASURE="PT_EMP")) == "layout"


def test_a_segment_is_what_a_report_says_of_it_alone():
    found = [(r["segment"], r["frequency"], r["end"].isoformat()) for r in rows("sec_segments")]
    assert found == [("Data Center", "quarter", "2025-10-26")]
    assert [r["usd_m"] for r in rows("sec_segments")] == [51_215.0]
    assert fault("sec_segments", instance(member="nvda:GamingMember")) == "layout"


def test_the_newest_report_is_taken_and_its_address_must_be_one():
    pick = connector("sec_segments").transport.pick
    assert pick(filings("8-K", "10-Q"), {"cik": "0001045810"}) == {
        "number": 1045810,
        "folder": "000104581025000230",
        "file": "nvda-20251026_htm.xml",
    }
    for data in (filings("8-K"), filings("10-Q", document="../../x.htm")):
        with pytest.raises(UpstreamError, match="layout"):
            pick(data, {"cik": "0001045810"})


def test_documents_are_news():
    (found,) = rows("federal_register")
    assert found["date"] == "2026-11-03" and connector("federal_register").watches


def test_releases_of_one_collection_are_news():
    (found,) = rows("agora")
    assert found["title"] == "AGORA dataset v25" and connector("agora").watches
    assert found["url"] == "https://doi.org/10.5281/zenodo.17001"


def test_lmarena_gives_the_board_of_a_day():
    assert [(r["model"], r["rating"], r["board"]) for r in rows("lmarena")] == [
        ("gpt-4o", 1312.3, "text overall, leaderboard of 2026-12-10"),
        ("new-model", 1500.0, "text overall, leaderboard of 2026-12-10"),
    ]
    assert fault("lmarena", arena(partial=True)) == "layout"


def test_acts_say_what_they_do_to_the_one_that_is_watched():
    (found,) = rows("eur_lex")
    assert found["title"] == "32026R0999 amends it (32024R1689)" and connector("eur_lex").watches
    assert fault("eur_lex", acts("resource_legal_cites")) == "layout"


def test_a_gap_says_so():
    with pytest.raises(UpstreamError, match="added by hand") as caught:
        fetch(connector("gaps"), {}, "", web.today())
    assert caught.value.fault == "gap"


# -- the project's own feeds ---------------------------------------------------------------------


def test_every_feed_of_the_project_has_a_connector_and_columns_of_its_table():
    assert len(feeds.load()) >= 10
    for feed in feeds.load():
        found = connector(feed.connector)
        assert bool(found.gap) == (feed.role == "gap") and found.watches == (feed.role == "news")
        if feed.columns:
            resource = holdings.read(catalog.data_root(), feed.table).resource
            names = {column.name for column in resource.table.fields}
            assert feed.columns.keys() <= names and {*feed.where} <= names
            known = {*found.layout.columns, *found.layout.optional, feeds.LOOKED}
            assert {name for c in feed.columns.values() for name in c.upstream} <= known
            assert feed.take.keys() <= known
        if feed.role == "rows":
            needed = {c.name for c in resource.table.fields if c.constraints.required}
            assert needed - {"recorded"} <= feed.columns.keys()


@pytest.mark.parametrize(
    "feed", [f.id for f in feeds.load() if f.connector in WEB and f.role != "news"]
)
def test_what_a_feed_gives_can_be_compared_with_its_table(feed):
    (found,) = [one for one in feeds.load() if one.id == feed]
    data, settings = WEB[found.connector]
    if found.connector == "sec_facts":
        settings = {**found.settings, "concepts": SEC["concepts"]}
    looked = [
        {**row, feeds.LOOKED: "2026-12-15"} for row in small(found.connector).rows(data, settings)
    ]
    held = holdings.read(catalog.data_root(), found.table)
    compared = differences.compare(found, "1", looked, held, memory.Memory())
    assert found.role == "check" or compared.counts["seen"] > 0
    kinds = {item.kind for item in compared.items}
    assert kinds <= (
        {"held"} if found.role == "check" else {"appeared", "disputed", "held", "unmatched"}
    )
