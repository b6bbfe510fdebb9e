"""The page of the record: forecasts, verdicts as forecasts, and the data behind both."""

import csv
import io
import json
import re
from html import unescape

import pytest

from briefs import site
from briefs.evidence import forecasts
from briefs.site.links import broken

pytestmark = pytest.mark.usefixtures("few_tables")


def text_of(path):
    page = re.sub(r"<(script|style|svg)\b.*?</\1>", "", path.read_text("utf-8"), flags=re.S)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture(scope="session")
def page(made):
    return text_of(made / "en/record/index.html")


def test_it_opens_with_what_the_record_comes_to(page):
    # market's six and none of the two of cost-4 are the verdict now
    assert (
        "Tried on past dates, ranges meant to hold 90% of what came held 87% of it. "
        "Of 8 verdicts as of earlier dates, 6 are still the verdict now." in page
    )


def test_coverage_is_that_of_held_out_dates(page):
    assert "3 80% 77% (70% to 85%) 80 6 yes" in page
    assert "18 90% 87% (80% to 95%) 13 6 no" in page
    assert page.count("77% (70% to 85%)") == 4


def test_skill_misses_and_what_editions_projected_are_shown(page):
    assert "3 20% (p = 0.011) −10% (p = 0.30) –" in page
    assert "Okapi <50> 31 March 2024 31 March 2025 0.200 to 2.10 0.0800" in page
    assert "23 November 2026 28 February 2027 90%: US$0.50 to US$1.00 US$0.80 yes" in page
    assert "31 August 2027 90%: US$0.50 to US$1.00 – –" in page
    assert "Old levels fall more slowly." in page


def test_verdicts_are_held_against_those_of_now(page):
    assert "The same verdict as now 75% of 8" in page
    assert "Settled then, and another verdict now 0% of 4" in page
    assert "Unresolved then, and settled now 50% of 4" in page
    assert (
        "from one date to the next: 1 of 8" in page
        and "cost-4 23 November 2026 Unresolved Supported" in page
    )


def test_agreement_is_shown_by_date(page):
    assert "1 February 2025 3 of 4 31 December 2025 3 of 4" in page


def test_the_scores_of_probabilities_are_those_worked_out_by_hand(made):
    """cost-4 said 0.2 of what is so now; two claims said 0 twice each, and are contradicted."""
    found = json.loads((made / "en/record/record.json").read_text("utf-8"))["verdicts"]
    brier = found["brier"]["supported"]
    assert brier["value"] == pytest.approx(0.8**2 / 5) and (brier["n"], brier["claims"]) == (5, 3)
    assert [(row["n"], row["came"]) for row in found["reliability"]["supported"]] == [
        (4, 0),
        (1, 1),
    ]
    assert found["against_now"]["settled"]["value"] == 0.5
    assert {row["claim"] for row in found["moments"]} == {
        "cost-4",
        "market-2",
        "market-3",
        "market-9",
    }


def test_the_data_are_those_of_the_briefs(made):
    found = json.loads((made / "en/record/record.json").read_text("utf-8"))
    results = json.loads((made / "en/cost-revolution/results.json").read_text("utf-8"))
    assert found["forecasts"] == [{"report": "cost-revolution", **results["forecasts"][0]}]
    text = (made / "en/record/verdicts.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 12 and rows[0]["claim"] == "cost-4" and rows[0]["supported"] == ""
    assert [row["verdict"] for row in rows[:3]] == ["unresolved", "unresolved", "supported"]


def test_the_chart_says_in_words_what_it_shows(made):
    page = (made / "en/record/index.html").read_text("utf-8")
    alt = re.search(r'role="img" aria-label="([^"]*horizons[^"]*)"', page)[1]
    assert "4 horizons" in alt and "Ranges of 90% held 87%." in alt
    assert "<title>12 months, 80% range: held 77% (70% to 85%)</title>" in page


def test_it_is_reached_from_everywhere_and_listed(made):
    for path in ("en/index.html", "en/claims/cost-4/index.html", "ms/method/index.html"):
        assert "record/index.html" in (made / path).read_text("utf-8"), path
    assert "/en/record/" in (made / "sitemap.xml").read_text("utf-8")
    assert "Harga unjuran" in text_of(made / "ms/record/index.html")


def test_without_forecasts_it_says_what_there_is(maker, tmp_path):
    for date in ("", "as-of-2025-02-01"):
        changes = {"as_of": date[6:]} if date else {}
        maker.put(tmp_path, "cost-revolution", "en", date, forecasts=[], **changes)
    site.publish(tmp_path)
    page = text_of(tmp_path / "en/record/index.html")
    assert "Of 1 verdicts as of earlier dates, 0 are still the verdict now." in page
    assert (
        "Tried on past dates" not in page and "Unresolved then, and settled now 100% of 1" in page
    )
    assert "Settled then, and another verdict now –" in page
    assert "No reading had a probability then and is settled now." in page
    assert list(broken(tmp_path)) == []


def test_of_one_date_alone_nothing_can_be_said(maker, tmp_path):
    maker.put(tmp_path, "cost-revolution", "en", forecasts=[])
    site.publish(tmp_path)
    page = text_of(tmp_path / "en/record/index.html")
    assert "Nothing that was said earlier can be held against what came yet." in page
    assert "No claim has been judged as of more than one date yet." in page
    found = json.loads((tmp_path / "en/record/record.json").read_text("utf-8"))
    assert found["verdicts"]["brier"]["supported"]["n"] == 0


def test_a_brief_of_before_there_were_forecasts_is_read(maker, tmp_path):
    path = maker.put(tmp_path) / "results.json"
    old = json.loads(path.read_text("utf-8"))
    del old["forecasts"]
    path.write_text(json.dumps(old))
    site.publish(tmp_path)
    assert (tmp_path / "en/record/index.html").is_file()


def test_what_editions_stored_is_counted_with_its_dates(maker, tmp_path, monkeypatch):
    row = {"report": "r", "series": "s", "made": "2026-11-23", "unit": "USD", "quantile": 0.5}
    rows = [{**row, "target": day, "value": 1} for day in ("2027-02-28", "2027-08-31")]
    forecasts.store("2026-11", rows, root=tmp_path)
    stored = forecasts.load(root=tmp_path)
    monkeypatch.setattr("briefs.site.record.load", lambda: stored)
    maker.put(tmp_path / "site")
    site.publish(tmp_path / "site")
    page = text_of(tmp_path / "site/en/record/index.html")
    assert "2026-11 2 28 February 2027 31 August 2027" in page
