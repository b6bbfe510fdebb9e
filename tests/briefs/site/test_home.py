"""The index of a language: every brief, claim, edition and earlier date, and nothing twice."""

import datetime as dt
import re

import pytest

from briefs import site
from briefs.render import editions, wording

pytestmark = pytest.mark.usefixtures("few_tables")


def section(text, name):
    return re.search(rf'<h2 id="{name}">.*?</section>', text, re.S)[0]


def index(out, language="en"):
    return (out / language / "index.html").read_text("utf-8")


def test_each_brief_has_its_finding_its_date_and_its_files(made):
    briefs = section(index(made), "briefs")
    assert briefs.count('<article class="card">') == 2
    assert "Prices of cost-revolution fall by 89% a year &amp; more." in briefs
    assert briefs.count("Data as of 23 November 2026") == 2
    for file, word in (
        ("index.html", ""),
        ("brief.pdf", "PDF: The cost revolution"),
        ("results.json", "Data (JSON): The cost revolution"),
        ("data/fig-cost-revolution.csv", ""),
    ):
        assert f'href="cost-revolution/{file}"' in briefs
        assert word in briefs
    assert 'href="../ms/cost-revolution/index.html" lang="ms" hreflang="ms"' in briefs


def test_a_file_that_is_not_there_has_no_link(maker, tmp_path):
    (maker.put(tmp_path) / "brief.pdf").unlink()
    site.publish(tmp_path)
    assert "brief.pdf" not in index(tmp_path)


def test_each_claim_has_its_sentence_once(made):
    board = section(index(made), "claims")
    claims = ["cost-4", "market-2", "market-3", "market-9"]
    assert re.findall(r'href="claims/([^/]+)/index.html"', board) == claims
    assert [f"Answer to {name}." in board for name in claims] == [True] * 4
    # a row each, and the filter's button
    assert (
        board.count("v-contradicted") == board.count("v-mixed") == board.count("v-unresolved") == 2
    )


def test_the_chart_shows_the_reading_that_speaks_for_a_claim(made):
    """The first of the first claim was never tested."""
    chart = re.search(r'<section id="answer".*?</section>', index(made), re.S)[0]
    assert re.findall(r'href="claims/([^/]+)/index.html"', chart) == [
        "cost-4",
        "market-2",
        "market-3",
        "market-9",
    ]
    assert "89.3% (80.0% to 90.0%)" in chart
    assert "Of 4 claims: " in chart


def test_every_edition_is_listed_newest_first(maker, tmp_path, monkeypatch):
    current = editions.named("2026-11")
    older = current.model_copy(
        update={"id": "2026-08", "published": dt.date(2026, 8, 20), "updated": dt.date(2026, 8, 20)}
    )
    monkeypatch.setattr(editions, "load", lambda path=None: (current, older))
    maker.put(tmp_path)
    for name in ("2026-08", "2026-11"):
        maker.put(tmp_path, name=name)
    site.publish(tmp_path)
    listed = section(index(tmp_path), "editions")
    assert re.findall(r'<h3 id="edition-([^"]+)">([^<]+)', listed) == [
        ("2026-11", "Edition of November 2026"),
        ("2026-08", "Edition of August 2026"),
    ]
    assert "Published 20 August 2026" in listed
    for name in ("2026-08", "2026-11"):
        for file in ("index.html", "brief.pdf", "results.json"):
            assert f'href="cost-revolution/{name}/{file}"' in listed
    assert "Prices of cost-revolution fall by 89% a year" in listed


def test_earlier_dates_and_other_sets_are_listed(made, maker, tmp_path):
    dates = section(index(made), "editions")
    assert re.findall(r"<strong>(\d[^<]+)</strong>", dates) == [
        "31 December 2025",
        "1 February 2025",
    ]
    assert (
        'href="market-impact/as-of-2025-02-01/index.html"' in dates and 'id="others"' not in dates
    )
    maker.put(tmp_path)
    maker.put(
        tmp_path, name="strict", parameters={"language": "en", "as_of": "2026-11-23", "level": 0.99}
    )
    site.publish(tmp_path)
    other = index(tmp_path)
    assert '<a href="cost-revolution/strict/index.html">The cost revolution · strict</a>' in other
    assert 'id="earlier"' not in other


def test_the_root_lets_the_reader_choose_and_marks_each_language(made):
    text = (made / "index.html").read_text("utf-8")
    assert re.findall(r'<section lang="(\w+)">', text) == ["en", "ms"]
    assert '<a class="button" href="ms/index.html" hreflang="ms">Bahasa Melayu</a>' in text
    assert f"Edition of {wording.edition_name(editions.current())}" in text
