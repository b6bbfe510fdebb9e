"""The market-impact brief from evidence to page, built as a reader's copy is."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from analysis.params import MarketImpact
from briefs.evidence import claims
from briefs.values import Estimate

ROOT = Path(__file__).parents[1]
REPORT = "market-impact"
IDS = [f"market-{n}" for n in range(1, 10)]


@pytest.fixture(scope="session")
def folder(tmp_path_factory, build):
    return build(tmp_path_factory.mktemp("market"), REPORT)


@pytest.fixture(scope="session")
def results(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def estimate_of(record):
    if record["value"] is None:
        return Estimate.missing(record["unit"], record["method"], record["n"])
    return Estimate(**record)


def test_every_claim_has_a_verdict_that_its_rule_gives_again(results):
    assert [claim["id"] for claim in results["claims"]] == IDS
    for claim in results["claims"]:
        again = claims.assess(
            claim["id"], **{r["id"]: estimate_of(r["estimate"]) for r in claim["readings"]}
        )
        assert again.verdict == claim["verdict"]
        assert len(claim["reason"].split()) <= 60, claim["reason"]


def test_estimates_carry_interval_n_unit_and_method(results):
    for name, number in results["numbers"].items():
        if number["value"] is not None:
            assert number["low"] <= number["value"] <= number["high"], name
            assert number["n"] > 0 and number["unit"] and number["method"]


def test_key_findings_are_few_and_short(results):
    shown = [finding for finding in results["findings"] if finding["headline"]]
    assert 3 <= len(shown) <= 6
    for finding in shown:
        assert len(finding["text"].split()) <= 35, finding["text"]


def test_every_figure_and_table_has_its_data(folder, results):
    assert len(results["figures"]) == 12 and len(results["tables"]) == 13
    for item in [*results["figures"], *results["tables"]]:
        assert len(pd.read_csv(folder / item["csv"])) == item["rows"] > 0


def test_every_source_shown_has_a_licence(results):
    assert len(results["sources"]) > 50
    assert all(source["license"] for source in results["sources"])


def test_no_price_and_no_holding_is_passed_on(folder):
    """The bulk tables behind may not be republished: only returns and measures go out."""
    for path in (folder / "data").glob("*.csv"):
        assert not set(pd.read_csv(path).columns) & {
            "close",
            "adj_close",
            "weight_percent",
            "shares_held",
        }, path.name


def test_the_page_and_the_pdf_have_every_claim(folder, results):
    page = (folder / "index.html").read_text(encoding="utf-8")
    for trace in ("In [", "Traceback", "/home/", "/tmp/", ">nan<", ">None<"):
        assert trace not in re.sub(r"data:[^\"]+", "", page)
    text = "".join(sheet.extract_text() for sheet in PdfReader(folder / "brief.pdf").pages)
    for claim in results["claims"]:
        assert f"Claim {claim['id']}" in text
        assert claim["statement"].replace("'", "&#39;") in page
    assert len(page.encode()) < 1_000_000


def test_the_day_of_judgement_is_as_of(tmp_path, build):
    """Early in February 2025 the shares had fallen, and no forecast could be judged."""
    folder = build(tmp_path, REPORT, as_of="2025-02-01", n_boot="100")
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    claim = {c["id"]: c for c in found["claims"]}
    assert claim["market-1"]["readings"][0]["verdict"] == "supported"
    for name in ("market-4", "market-5", "market-6"):
        assert claim[name]["estimate"]["value"] is None  # the change since
    for name in ("market-7", "market-9"):
        assert {r["verdict"] for r in claim[name]["readings"]} == {"unresolved"}
    for item in [*found["figures"], *found["tables"]]:
        frame = pd.read_csv(folder / item["csv"])
        for column in frame.columns.intersection(
            ["date", "back", "since", "period_end", "quarter"]
        ):
            assert (pd.to_datetime(frame[column].dropna(), format="mixed") <= "2025-02-01").all(), (
                item["id"],
                column,
            )


@pytest.mark.parametrize(
    "parameters",
    [
        {"as_of": "2025-01-01"},
        {"benchmark": "RSP", "event_date": "2025-04-03", "exposed": "cloud,software"},
        {
            "event_date": "2025-12-31",
            "gap_days": "0",
            "estimation_days": "250",
            "window_days": "20",
            "level": "0.99",
        },
        {"claim_date": "2026-11-01", "event_date": "2024-08-01", "estimation_days": "60"},
        {"claim_date": "2024-01-01", "as_of": "2026-01-01"},
    ],
)
def test_it_builds_with_other_parameters(tmp_path, build, parameters):
    found = json.loads(
        (build(tmp_path, REPORT, n_boot="100", **parameters) / "results.json").read_text("utf-8")
    )
    assert [claim["id"] for claim in found["claims"]] == IDS


def test_same_parameters_same_bytes(tmp_path, build):
    first, second = (build(tmp_path / name, REPORT, n_boot="100") for name in ("a", "b"))
    for path in (p for p in first.rglob("*") if p.is_file()):
        assert path.read_bytes() == (second / path.relative_to(first)).read_bytes(), path.name


def test_plain_papermill_gives_the_same_verdicts(tmp_path, results):
    """Only the package: no runner of ours, a parameter as text on the command line."""
    executed, source = tmp_path / "out.ipynb", ROOT / "notebooks" / f"{REPORT}.ipynb"
    subprocess.run(
        [
            sys.executable,
            "-m",
            "papermill",
            source,
            executed,
            "-k",
            "python3",
            "--no-progress-bar",
            "-p",
            "event_date",
            "2025-01-27",
        ],
        check=True,
        capture_output=True,
    )
    text = executed.read_text(encoding="utf-8")
    for claim in results["claims"]:
        assert json.dumps(claim["reason"], ensure_ascii=False)[1:-1] in text


def test_defaults_are_the_edition_s(results):
    assert results["parameters"] == MarketImpact().model_dump(mode="json")
