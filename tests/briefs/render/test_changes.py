"""What an edition changed, and what is promised of a brief, as its page says it."""

import datetime as dt
import io
import json
from dataclasses import replace
from types import SimpleNamespace

import pypdf
import pytest
from lxml import html as lxml_html

from briefs.display import i18n
from briefs.display.records import MIME
from briefs.evidence import living, vintages
from briefs.render import changes, document, html, pdf, results
from briefs.render.blocks import Notice

FIRST, LOOK = dt.date(2026, 11, 23), dt.date(2026, 12, 15)

TWO = """
- id: "2026-12"
  published: 2026-12-31
  updated: 2026-12-31
  changes: {en: Prices of three models were added., ms: Harga tiga model ditambah.}
- id: "2026-11"
  published: 2026-11-23
  updated: 2026-11-23
  changes: {en: The first., ms: Yang pertama.}
"""


def number(name, old, new, half_widths, report="cost-revolution", unit="share per year"):
    def side(word, ends):
        value, low, high = ends or (None, None, None)
        return {word: value, f"{word}_low": low, f"{word}_high": high}

    about = {"report": report, "number": name, "unit": unit, "half_widths": half_widths}
    return {**about, **side("old", old), **side("new", new), "difference": None}


MOVED = {
    "edition": "2026-12",
    "before": "2026-11",
    "verdicts": [
        {"claim": "cost-1", "report": "x", "was": "mixed", "becomes": "contradicted"},
        {"claim": "of-another-page", "report": "x", "was": "mixed", "becomes": "supported"},
    ],
    "numbers": [
        number("price-decline", (0.9, 0.8, 0.95), (0.893, 0.755, 0.93), -0.0933),
        number("half-life", (3.71, 3.1, 5.9), (3.7, 3.1, 5.9), -0.007, unit="months"),
        number("that_is_gone", (2.0, 2.0, 2.0), None, None, unit="ratio"),
        number("price-decline", (0.9, 0.8, 0.95), (0.893, 0.755, 0.93), 9.0, report="overview"),
    ],
    "tables": [
        {"table": "model-prices", "added": 7, "withdrawn": 2},
        {"table": "sources", "added": 1, "withdrawn": 0},
    ],
    "code": False,
}
TABLES = {"model-prices": "x", "sources": "y"}


@pytest.fixture(autouse=True)
def two(log, monkeypatch):
    """The log of two editions, what the second changed, and no look at any upstream yet."""
    log(TWO)
    monkeypatch.setattr(vintages, "changes", lambda edition: MOVED if edition == "2026-12" else {})
    monkeypatch.setattr(living, "looks", lambda tables, root=None: {})
    i18n.activate("en")


def around(edition="2026-12", notice=None):
    return SimpleNamespace(edition_id=edition, notice=notice)


def made(sample, frame=None, place="en/cost-revolution", tables=TABLES):
    outputs = (output for cell in sample.cells() for output in cell.get("outputs", ()))
    records = [output["data"][MIME] for output in outputs if MIME in output["data"]]
    return changes.made(frame or around(), sample.BRIEF, records, tables, place)


def test_a_number_is_named_by_its_reading_else_by_its_finding(sample):
    rows = {row[0]: row[1:] for row in made(sample).rows}
    moved = ["90.0% (80.0% to 95.0%)", "89.3% (75.5% to 93.0%)", "\u22120.093"]
    assert rows == {
        "All benchmarks pooled": moved,
        "At that pace a price halves every 4 months.": [
            "3.7 (3.1 to 5.9)",
            "3.7 (3.1 to 5.9)",
            "under 0.01",
        ],
        "that is gone": ["2.0×", "–", "–"],
    }


def test_verdicts_and_rows_are_those_of_the_page(sample):
    found = made(sample)
    assert found.verdicts == ["Name of cost-1: Mixed, now Contradicted"]
    assert found.before == "November 2026"
    assert found.notes == [
        "Rows of evidence: List prices of language models: 7 taken in, 2 given up."
    ]
    assert made(sample, tables={"hardware"}).notes == []
    assert found.file == "../../data/editions/2026-12/changes.json"
    assert made(sample, place=None).file == ""


def test_of_many_numbers_those_that_moved_most_are_shown_and_counts_are_whole(sample, monkeypatch):
    many = [number(f"n{i}", (float(i), 0, 9), (i + 1.0, 0, 9), 1.0, unit="1") for i in range(14)]
    monkeypatch.setattr(vintages, "changes", lambda edition: {**MOVED, "numbers": many})
    found = made(sample)
    assert len(found.rows) == 12 and found.notes[0] == "2 other numbers moved less."
    assert found.rows[3][:3] == ["n3", "3 (0 to 9)", "4 (0 to 9)"]


def test_changed_code_is_told(sample, monkeypatch):
    monkeypatch.setattr(vintages, "changes", lambda edition: {**MOVED, "code": True})
    assert made(sample).notes[-1] == "The code behind the numbers changed as well."


@pytest.mark.parametrize(
    ("edition", "kind", "told"),
    [
        ("2026-12", None, True),
        ("2026-12", "older", True),
        ("2026-12", "as-of", False),
        ("2026-12", "variant", False),
        ("2026-11", None, False),
    ],
)
def test_only_an_editions_own_pages_tell_what_it_changed(sample, edition, kind, told):
    notice = Notice(kind, [], "", "") if kind else None
    assert (made(sample, around(edition, notice)) is not None) == told


# -- the promise ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("look", "taken", "said"),
    [
        (None, 0, "None has been recorded yet."),
        (LOOK, 0, "15 December 2026, at 1 of 2 upstreams; nothing that came could be taken in."),
        (LOOK, 3, "15 December 2026, at 1 of 2 upstreams; rows taken in: 3."),
    ],
)
def test_the_last_look_is_told_though_nothing_came(sample, monkeypatch, look, taken, said):
    monkeypatch.setattr(living, "looks", lambda tables, root=None: {"a": look, "b": None})
    monkeypatch.setattr(living, "taken", lambda tables, day: taken)
    found = dict(changes.promise(around(), sample.BRIEF, TABLES))
    assert found["Last look"] == said and len(found) == 4
    assert changes.searched(around(), sample.BRIEF, TABLES) == (look or FIRST).isoformat()
    older = around(notice=Notice("older", [], "", ""))
    assert changes.promise(older, sample.BRIEF, TABLES) == []
    assert changes.searched(older, sample.BRIEF, TABLES) == FIRST.isoformat()


# -- on the page, on paper, for programs ---------------------------------------------------------


@pytest.fixture
def told(notebook, sample):
    promise = [("Last look", "15 December 2026; rows taken in: 3.")]
    return replace(document.build(notebook), changes=made(sample), promise=promise)


def test_the_page_has_it_closed_and_the_annex_in_full(told):
    page = lxml_html.fromstring(html.render_html(told))
    (section,) = page.xpath("//section[@aria-labelledby='changes']")
    assert section.xpath("details[not(@open)]")
    cells = [" ".join(row.itertext()) for row in section.xpath(".//tbody/tr")]
    assert len(cells) == 3 and "All benchmarks pooled" in cells[0]
    assert section.xpath(".//dd/text()") == ["15 December 2026; rows taken in: 3."]
    words = text(pdf.render_annex(told))
    assert "All benchmarks pooled" in words and "rows taken in: 3" in words
    assert "rows taken in: 3" not in text(pdf.render_pdf(told))


def test_the_outline_has_it_in_lines_for_the_feed(told):
    first, *lines = json.loads(results.outline(told))["changes"]
    assert first == told.frame.changes
    assert (
        "that is gone: 2.0× → –" in lines and lines[0] == "Name of cost-1: Mixed, now Contradicted"
    )


def text(data):
    pages = pypdf.PdfReader(io.BytesIO(data)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())
