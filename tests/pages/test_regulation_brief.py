"""The regulatory-outlook brief from evidence to page."""

import json
import re

import pytest
from pypdf import PdfReader

from briefs.evidence import claims
from briefs.values import Estimate

REPORT = "regulatory-outlook"
IDS = [f"regulation-{n}" for n in range(1, 5)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, build):
    return build(tmp_path_factory.mktemp("regulation"), REPORT, n_boot="200")


@pytest.fixture(scope="module")
def results(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def page(folder):
    return re.sub(r"\s+", " ", (folder / "index.html").read_text(encoding="utf-8"))


def test_every_claim_has_the_verdict_that_its_rule_gives(results):
    assert [claim["id"] for claim in results["claims"]] == IDS
    for claim in results["claims"]:
        found = {
            r["id"]: Estimate(**r["estimate"])
            if r["estimate"]["value"] is not None
            else Estimate.missing(r["estimate"]["unit"], r["estimate"]["method"])
            for r in claim["readings"]
        }
        assert claims.assess(claim["id"], **found).verdict == claim["verdict"]


def test_key_findings_are_few_short_and_on_the_page(results, page):
    shown = [finding for finding in results["findings"] if finding["headline"]]
    assert 3 <= len(shown) <= 6
    for finding in shown:
        assert len(finding["text"].split()) <= 35
        assert finding["text"].replace("'", "&#39;") in page


def test_numbers_carry_interval_n_unit_and_method(results):
    for name, number in results["numbers"].items():
        if number["value"] is not None:
            assert number["low"] <= number["value"] <= number["high"], name
            assert number["n"] > 0 and number["unit"] and number["method"], name


def test_the_page_has_the_parts_of_a_brief(page):
    for heading in (
        "What this means for Malaysia",
        "Method",
        "Assumptions",
        "Limits",
        "What the evidence can't settle",
        "What changed in this edition",
        "Sources",
    ):
        assert heading.replace("'", "&#39;") in page or heading in page, heading


def test_the_calendar_can_be_taken_along(folder, page):
    text = (folder / "data" / "ai-obligations.ics").read_bytes().decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.count("BEGIN:VEVENT") == 20
    assert 'download="ai-obligations.ics" href="data:text/calendar' in page


def test_the_price_effect_is_the_one_of_the_cost_brief(results, cost_brief):
    """The same test on the same evidence: with as many draws, to the digit; here, the same point."""
    cost = json.loads((cost_brief / "results.json").read_text(encoding="utf-8"))
    assert results["numbers"]["rate_change"]["value"] == cost["numbers"]["rate_change"]["value"]


def test_the_pdf_has_every_claim(folder):
    text = "".join(page.extract_text() for page in PdfReader(folder / "brief.pdf").pages)
    assert all(f"Claim {name}" in text for name in IDS)


@pytest.mark.parametrize("as_of", ["2025-01-01", "2025-02-01"])
def test_a_reader_of_an_early_day_gets_a_brief_that_says_what_is_open(tmp_path, build, as_of):
    folder = build(tmp_path, REPORT, as_of=as_of, n_boot="100")
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert {c["id"]: c["verdict"] for c in found["claims"]}["regulation-3"] == "unresolved"
    assert not list((folder / "data").glob("*.ics"))
