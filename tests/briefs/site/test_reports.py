import json

import pytest

from briefs import site
from briefs.site.reports import Reports

pytestmark = pytest.mark.usefixtures("few_tables")


def test_reports_are_sorted_into_fronts_editions_and_earlier_dates(made):
    reports = Reports.read(made)
    assert reports.languages == ("en", "ms")
    assert [b.place for b in reports.front("ms")] == ["ms/cost-revolution", "ms/market-impact"]
    assert [b.place for b in reports.edition("en", "2026-11")] == [
        "en/cost-revolution/2026-11",
        "en/market-impact/2026-11",
    ]
    assert {date: [b.report for b in briefs] for date, briefs in reports.earlier("en").items()} == {
        "2025-12-31": ["cost-revolution", "market-impact"],
        "2025-02-01": ["cost-revolution", "market-impact"],
    }


def test_the_history_of_a_claim_runs_over_the_dates_once_each(made):
    reports = Reports.read(made)
    moments = reports.history(reports.front("en")[0], "cost-4")
    assert [(b.place, c["verdict"]) for b, c in moments] == [
        ("en/cost-revolution/as-of-2025-02-01", "unresolved"),
        ("en/cost-revolution/as-of-2025-12-31", "unresolved"),
        ("en/cost-revolution", "supported"),
    ]


def test_a_set_with_other_parameters_is_no_part_of_the_history(maker, tmp_path):
    maker.put(tmp_path)
    maker.put(
        tmp_path,
        name="strict",
        as_of="2025-06-30",
        parameters={"language": "en", "as_of": "2025-06-30", "level": 0.99},
    )
    reports = Reports.read(tmp_path)
    assert [b.as_of for b, _ in reports.history(reports.front("en")[0], "cost-4")] == ["2026-11-23"]
    assert reports.earlier("en") == {}
    assert [b.place for b in reports.others("en")] == ["en/cost-revolution/strict"]


def test_a_page_of_before_there_were_outlines_is_listed_all_the_same(maker, tmp_path):
    (maker.put(tmp_path) / "outline.json").unlink()
    site.publish(tmp_path)
    assert "A zebra chart" in (tmp_path / "en/index.html").read_text("utf-8")
    page = (tmp_path / "en/claims/cost-4/index.html").read_text("utf-8")
    assert 'class="evidence"' not in page and "cost-revolution/index.html#cost-4" in page


def test_results_that_no_build_put_there_are_no_report(maker, tmp_path):
    maker.put(tmp_path)
    aside = tmp_path / "en/my-own"
    aside.mkdir()
    (aside / "results.json").write_text(json.dumps({"as_of": "2026-11-23"}))
    assert [brief.place for brief in Reports.read(tmp_path).briefs] == ["en/cost-revolution"]
