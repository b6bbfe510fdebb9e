"""Rows of a table on its page: an address, a source, a grade, and a way to dispute each."""

import base64
import gzip
import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from briefs import site
from briefs.evidence import catalog
from briefs.render import about, address
from briefs.site import contact, rows
from briefs.site.evidence import Evidence, Table


def page(made, table, language="en"):
    return (made / language / "data" / table / "index.html").read_text("utf-8")


def shown(text):
    """Rows of a page: id and HTML of the cells."""
    table = re.search(r'<table class="rows".*?</table>', text, re.S)[0]
    body = table.partition("<tbody")[2]
    return [
        (
            unescape(name),
            [cell for _tag, cell in re.findall(r"<(t[hd])[^>]*>(.*?)</\1>", row, re.S)],
        )
        for name, row in re.findall(r'<tr id="([^"]+)">(.*?)</tr>', body, re.S)
    ]


def words(cell):
    return unescape(re.sub("<[^>]+>", "", cell))


def packed(text):
    data = re.search(r'id="packed">([^<]+)</script>', text)[1]
    return json.loads(gzip.decompress(base64.b64decode(data)))


@pytest.fixture(scope="module")
def tables():
    return Evidence.read().tables


# -- addresses ----------------------------------------------------------------------------------


def test_every_row_has_an_address_of_its_own(tables):
    for table in tables:
        names = [rows.name_of([row[column] for column in table.key]) for row in table.rows]
        assert len(set(names)) == len(names) == len(table.frame), table.name
        assert all(re.fullmatch(r"row-[A-Za-z0-9._~-]+", name) for name in names), table.name


def test_an_address_says_the_key_and_tells_apart_what_it_cant_say():
    assert rows.name_of(["NVDA", "2025-01-27"]) == "row-NVDA~2025-01-27"
    said = rows.name_of(["a b", "c"])
    assert said.startswith("row-a-b~c~") and said != rows.name_of(["a-b", "c"])
    assert rows.name_of(["a", "b"]) != rows.name_of(["a~b", ""])
    long = [rows.name_of(["x" * 60 + end]) for end in "yz"]
    assert long[0] != long[1] and len(long[0]) < 60


def test_a_corrected_row_keeps_its_address(tables):
    assert all("recorded" not in table.key for table in tables)
    assert "recorded" in catalog.describe("model-prices")["schema"]["primaryKey"]


# -- what a page shows --------------------------------------------------------------------------


def test_a_page_shows_the_first_rows_and_holds_all_of_them(made, tables):
    for table in tables:
        text = page(made, table.name)
        found, all_ = shown(text), packed(text)
        columns = [name for name in table.rows[0] if name != "grade"] + ["grade"]
        assert len(found) == min(len(table.rows), rows.SHOWN), table.name
        for row, (_name, cells) in zip(table.rows, found, strict=False):
            assert [words(cell) for cell in cells[1:]] == [row[name] for name in columns]
        assert [name for name, _cells in found] == all_["names"][: len(found)]
        assert len(all_["names"]) == len(table.rows)
        assert all_["columns"] == [[row[name] for row in table.rows] for name in columns]


def test_a_row_links_to_itself_and_to_its_source(made):
    name, cells = shown(page(made, "model-prices"))[0]
    assert f'href="#{name}"' in cells[0]
    source = catalog.sources([words(cells[-4])]).iloc[0]
    assert f'href="{source["url"]}"' in unescape(cells[-4])
    assert words(cells[-1]) == catalog.load("model-prices")["grade"].iloc[0]


def test_no_page_is_heavy(made):
    heavy = {
        path.parent.name: path.stat().st_size
        for path in made.glob("*/data/*/index.html")
        if path.stat().st_size > 400_000
    }
    assert heavy == {}


def test_a_table_that_has_withdrawn_rows_shows_none_of_them(made):
    withdrawn = [row for row in rows_of_the_file("capability") if row["withdrawn"]]
    assert withdrawn and len(packed(page(made, "capability"))["names"]) == len(
        catalog.load("capability")
    )


def rows_of_the_file(name):
    import csv

    path = catalog.data_root() / catalog.describe(name)["path"]
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


# -- disputes -----------------------------------------------------------------------------------


def told(monkeypatch, to):
    monkeypatch.setattr(
        about,
        "project_words",
        lambda name, known=about.project_words: to if name == "contact" else known(name),
    )


def test_without_a_contact_the_page_names_the_file_and_the_key(made):
    text = page(made, "model-prices")
    assert "name the file <code>data/cost/model_prices.csv</code>" in text
    assert "(<span>provider, model, effective_from, price_kind</span>)" in text
    assert 'data-dispute=""' in text and "mailto:" not in text


@pytest.mark.parametrize(
    ("to", "title", "body"),
    [
        ("https://tracker.example/new?labels=data", "title", "body"),
        ("mailto:desk@example.org", "subject", "body"),
    ],
)
def test_each_row_has_a_link_that_says_which_row(maker, tmp_path, monkeypatch, to, title, body):
    told(monkeypatch, to)
    maker.fill(tmp_path, ("en",))
    site.publish(tmp_path)
    name, cells = shown(page(tmp_path, "exchange-rates"))[0]
    href = unescape(re.search('href="([^"]+)"', cells[-1])[1])
    filled = parse_qs(urlsplit(href).query)
    assert href.startswith(to) and filled[title] == [f"Dispute: exchange-rates, row {name}"]
    own = address.site().url("en/data/exchange-rates")
    assert filled[body][0].startswith(f"Row: {own}#{name}\n")
    assert "data/cost/exchange_rates.csv" in filled[body][0]
    assert "Edition: 2026-" in filled[body][0]


@pytest.mark.parametrize(
    "to", ["http://a.example/", "desk@example.org", "javascript:x", "https:", "mailto:x"]
)
def test_a_contact_that_no_link_can_use_is_a_breach(monkeypatch, to):
    told(monkeypatch, to)
    assert [line.partition(":")[0] for line in contact.problems()] == ["site.yml"]


def test_a_project_needs_no_contact(monkeypatch):
    told(monkeypatch, {})
    assert list(contact.problems()) == [] and contact.address() == ""


# -- closed tables ------------------------------------------------------------------------------


def test_a_closed_table_waits_for_no_row(made):
    for name in ("internet-acts", "event-facts", "event-returns"):
        text = page(made, name)
        assert "older than expected" not in text and "closed: no new rows" in text
        assert "Next update expected" not in text
    assert "older than expected" in page(made, "size-deciles")


class Empty(Table):
    def __init__(self):
        self.name, self.about = "x", {"schema": {"primaryKey": ["a", "recorded"]}}


def test_the_day_of_recording_names_no_row():
    assert Empty().key == ["a"]
