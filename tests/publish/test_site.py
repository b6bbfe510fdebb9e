"""The site around the briefs, made from results.json files alone."""

import json
import re
from html.parser import HTMLParser

import pytest

from analysis.publish import site
from analysis.publish.plan import Result
from analysis.publish.runner import published

ESTIMATE = {"value": 0.893, "low": 0.755, "high": 0.93, "level": 0.9, "n": 36, "unit": "share per year",
            "method": "fit"}


class Links(HTMLParser):
    """Collect every address that a page leads to or loads."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name in ("href", "src")]


def links(page):
    parser = Links()
    parser.feed(page)
    return parser.found


def put(out, report="cost-revolution", **changes):
    """Publish a report as the runner leaves it."""
    folder = out / "en" / report
    folder.mkdir(parents=True, exist_ok=True)
    results = {
        "report": report, "title": f"Title of {report} <b>", "as_of": "2025-02-01",
        "findings": [{"id": "small", "text": "A detail.", "headline": False},
                     {"id": "main", "text": "Prices fall by 89% a year & more.", "headline": True}],
        "claims": [{"id": "cost-4", "statement": "Cost falls 85–90% a year", "verdict": "partly supported",
                    "estimate": ESTIMATE},
                   {"id": "cost-9", "statement": "It is too early", "verdict": "opinion", "estimate": None}], **changes}
    (folder / "results.json").write_text(json.dumps(results))
    for name in ("index.html", "brief.pdf", "notebook.ipynb"):
        (folder / name).write_text("x")
    return published(out, f"en/{report}")


def outcome(report="cost-revolution", status="built", error=None, paths=None):
    return Result(report, "en", status, "asked for", 1.25, {"execute": 1.0}, error, paths or {})


def read(path):
    return path.read_text("utf-8")


def test_both_index_pages_link_what_is_there_relatively(tmp_path):
    site.publish(tmp_path, [outcome(paths=put(tmp_path))])
    for page in ("index.html", "en/index.html"):
        found = [link for link in links(read(tmp_path / page)) if not link.startswith("#")]
        assert len(found) == 7  # the title, four files, two verdicts
        for link in found:
            assert not re.match(r"[a-z]+:|/", link)
            assert ((tmp_path / page).parent / link.partition("#")[0]).is_file(), link


def test_the_index_shows_finding_verdict_and_estimate(tmp_path):
    put(tmp_path)
    page = site.index_page(tmp_path, "en", "")
    assert "Title of cost-revolution &lt;b&gt;" in page
    assert "Prices fall by 89% a year &amp; more." in page and "A detail." not in page
    assert "As of 1 February 2025" in page
    assert '<a href="cost-revolution/index.html#cost-4">Cost falls 85–90% a year</a>' in page
    assert "Partly supported" in page and "Opinion, not checkable" in page
    assert "89.3% a year" in page and "90% interval: 75.5% to 93.0%" in page
    assert "<script" not in page and "://" not in page


def test_a_missing_pdf_has_no_link(tmp_path):
    put(tmp_path)
    (tmp_path / "en" / "cost-revolution" / "brief.pdf").unlink()
    assert not any(link.endswith(".pdf") for link in links(site.index_page(tmp_path, "en", "")))


def test_the_build_report_says_what_became_of_each(tmp_path):
    error = {"notebook": "b.ipynb", "cell": 4, "line": "x", "name": "ValueError", "message": "m", "text": "t"}
    paths = put(tmp_path)
    site.publish(tmp_path, [outcome("zeta", "failed", error), outcome(paths=paths)])
    first, second = json.loads(read(tmp_path / "build.json"))["reports"]
    assert first == {"report": "cost-revolution", "language": "en", "status": "built", "reason": "asked for",
                     "seconds": 1.25, "stages": {"execute": 1.0}, "error": None, "paths": paths}
    assert (second["report"], second["status"], second["error"]["cell"]) == ("zeta", "failed", 4)


def test_a_failed_report_is_listed_with_its_former_version(tmp_path):
    paths = put(tmp_path)
    site.publish(tmp_path, [outcome(paths=paths)])
    before = read(tmp_path / "index.html")
    site.publish(tmp_path, [outcome(status="failed", error={"text": "t"}, paths=paths)])
    assert read(tmp_path / "index.html") == before
    [entry] = json.loads(read(tmp_path / "build.json"))["reports"]
    assert (entry["status"], entry["paths"]["html"]) == ("failed", "en/cost-revolution/index.html")


def test_reports_that_a_build_does_not_touch_keep_their_place(tmp_path):
    site.publish(tmp_path, [outcome(paths=put(tmp_path)), outcome("other", paths=put(tmp_path, "other"))])
    site.publish(tmp_path, [outcome("other", "failed", {"text": "t"})])
    entries = {e["report"]: e["status"] for e in json.loads(read(tmp_path / "build.json"))["reports"]}
    assert entries == {"cost-revolution": "built", "other": "failed"}
    page = read(tmp_path / "index.html")
    assert page.index("Title of cost-revolution") < page.index("Title of other")


def test_with_nothing_published_there_is_a_build_report_only(tmp_path):
    site.publish(tmp_path, [outcome(status="failed", error={"text": "t"})])
    assert [path.name for path in tmp_path.iterdir()] == ["build.json"]


def test_a_damaged_file_is_named(tmp_path):
    put(tmp_path)
    (tmp_path / "en" / "cost-revolution" / "results.json").write_text("{")
    with pytest.raises(site.SiteError, match=r"results\.json is damaged .*; delete it and build again"):
        site.publish(tmp_path, [])


def test_the_same_results_give_the_same_page(tmp_path):
    put(tmp_path)
    assert site.index_page(tmp_path, "en", "") == site.index_page(tmp_path, "en", "")
