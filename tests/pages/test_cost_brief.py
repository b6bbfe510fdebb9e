"""The cost-revolution brief from evidence to page, built as a reader's copy is."""

import json
import re
import shlex
import subprocess
import sys
from html import unescape
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from pypdf import PdfReader

from analysis.params import CostRevolution
from briefs import site
from briefs.evidence import claims
from briefs.render import exporters
from briefs.values import Estimate

ROOT = Path(__file__).parents[1]
REPORT = "cost-revolution"
IDS = [f"cost-{n}" for n in range(1, 6)]


def results_of(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def folder(cost_brief):
    return cost_brief


@pytest.fixture(scope="session")
def then(tmp_path_factory, build):
    return build(tmp_path_factory.mktemp("then"), REPORT, as_of="2025-02-01", n_boot="200")


@pytest.fixture(scope="session")
def results(folder):
    return results_of(folder)


@pytest.fixture(scope="session")
def page(folder):
    return (folder / "index.html").read_text(encoding="utf-8")


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
        assert claim["estimate"] == claim["readings"][0]["estimate"]


def test_estimates_carry_interval_n_unit_and_method(results):
    for name, number in results["numbers"].items():
        if number["value"] is None:
            continue
        assert number["low"] <= number["value"] <= number["high"], name
        assert number["n"] > 0
        assert number["unit"]
        assert number["method"]


def test_key_findings_are_the_ones_of_the_results(results, page):
    text = re.sub(r"\s+", " ", page)
    shown = [finding for finding in results["findings"] if finding["headline"]]
    assert 3 <= len(shown) <= 6
    for finding in shown:
        assert len(finding["text"].split()) <= 35, finding["text"]
        assert finding["text"].replace("'", "&#39;") in text


def test_the_page_bears_no_trace_of_jupyter(page, then):
    for text in (page, (then / "index.html").read_text(encoding="utf-8")):
        for trace in ("In&nbsp;[", "In [", "Traceback", "jp-", "/home/", "/tmp/", "nan", ">None<"):
            assert not re.search(
                rf"(?<![\w-]){re.escape(trace)}(?![\w-])", re.sub(r"data:[^\"]+", "", text)
            ), trace


def test_every_figure_and_table_has_its_data(folder, results):
    assert len(results["figures"]) == 9
    for item in [*results["figures"], *results["tables"]]:
        frame = pd.read_csv(folder / item["csv"])
        assert len(frame) == item["rows"] > 0
    for figure in results["figures"]:
        assert 80 <= len(figure["alt"]) <= 300, figure["alt"]
        assert re.search(r"\d", figure["alt"])
        assert len(figure["title"].split()) <= 12, figure["title"]


def test_every_source_shown_resolves_and_has_a_licence(results):
    assert len(results["sources"]) > 20
    assert all(source["license"] for source in results["sources"])


def test_the_pdf_is_tagged_and_says_what_the_page_says(folder, results):
    pdf = PdfReader(folder / "brief.pdf")
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    text = re.sub(r"[\s\u00ad-]+", "", "".join(page.extract_text() for page in pdf.pages))
    for claim in results["claims"]:
        assert re.sub(r"[\s-]+", "", claim["statement"]) in text
    assert len(pdf.outline[-1]) > 5  # sections, below the title


def test_the_index_lists_the_brief_and_its_verdicts(folder, results):
    site.publish(folder.parents[1])
    index = (folder.parents[1] / "en" / "index.html").read_text(encoding="utf-8")
    for claim in results["claims"]:
        assert claim["statement"].replace("'", "&#39;") in index
    assert f"{REPORT}/index.html" in index


def test_same_parameters_same_bytes(tmp_path, build):
    first, second = (build(tmp_path / name, REPORT, n_boot="100") for name in ("a", "b"))
    names = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert names == sorted(path.relative_to(second) for path in second.rglob("*") if path.is_file())
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_as_of_an_earlier_day_nothing_later_leaks_in(then):
    found = results_of(then)
    assert found["as_of"] == "2025-02-01"
    verdicts = {claim["id"]: claim for claim in found["claims"]}
    assert verdicts["cost-5"]["verdict"] == "unresolved"
    assert verdicts["cost-5"]["estimate"]["value"] is None
    assert (
        verdicts["cost-1"]["estimate"]["value"] == 5_576_000
    )  # the reasoning stage was published in September 2025
    for item in [*found["figures"], *found["tables"]]:
        frame = pd.read_csv(then / item["csv"])
        if item["id"] == "fig-monthly-bill":
            frame = frame[frame["scenario"] == "observed"]
        dated = ["date", "month", "first_month", "last_month", "release_date", "published"]
        for column in frame.columns.intersection(dated):
            assert (pd.to_datetime(frame[column].dropna()) <= "2025-02-01").all(), (
                item["id"],
                column,
            )
    html = re.sub(r"data:[^\"]+", "", (then / "index.html").read_text(encoding="utf-8"))
    body = html.partition('id="sources"')[0]  # sources say when the copy that we read was made
    assert "GPT-5" not in body
    assert "R1: last stage" not in body


@pytest.mark.parametrize(
    "parameters",
    [
        {"as_of": "2025-01-01"},
        {"benchmark": "LMArena-Elo", "threshold": "1250", "currency": "MYR"},
        {
            "benchmark": "SWE-bench-Verified",
            "threshold": "99",
            "window_months": "3",
            "scenarios": "flat",
            "level": "0.5",
        },
        {
            "benchmark": "MATH-500",
            "as_of": "2025-01-01",
            "break_date": "2024-06-01",
            "input_share": "0",
        },
    ],
)
def test_it_builds_with_other_parameters(tmp_path, build, parameters):
    found = results_of(build(tmp_path, REPORT, n_boot="100", **parameters))
    assert [claim["id"] for claim in found["claims"]] == IDS


def test_plain_papermill_and_nbconvert_give_the_same_brief(tmp_path, results):
    """Only the package: no runner of ours, the parameter as text on the command line."""
    executed = tmp_path / "out.ipynb"
    source = ROOT / "notebooks" / f"{REPORT}.ipynb"
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
            "as_of",
            "2026-11-23",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    html, _resources = exporters.BriefHTMLExporter().from_notebook_node(nbformat.read(executed, 4))
    for claim in results["claims"]:
        assert claim["reason"].replace("'", "&#39;") in html


def test_the_command_on_the_page_builds_the_same_brief(then, tmp_path):
    html = (then / "index.html").read_text(encoding="utf-8")
    (command,) = re.findall(r"<code>(briefs build .*?)</code>", html, re.S)
    name, *arguments = shlex.split(unescape(command))
    assert name == "briefs"
    subprocess.run(
        [sys.executable, "-m", "analysis", *arguments, "--out", tmp_path],
        check=True,
        capture_output=True,
    )
    again = tmp_path / "en" / REPORT
    assert (again / "index.html").read_bytes() == (then / "index.html").read_bytes()
    assert (again / "results.json").read_bytes() == (then / "results.json").read_bytes()


def test_the_command_line_answers_with_the_build_report(tmp_path):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "analysis",
            "build",
            REPORT,
            "-p",
            "n_boot=100",
            "--formats",
            "html",
            "--out",
            tmp_path,
            "--json",
        ],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    (entry,) = json.loads(done.stdout)["reports"]
    assert entry["status"] == "built"
    assert (tmp_path / "en" / REPORT / "index.html").is_file()
    assert not (tmp_path / "en" / REPORT / "brief.pdf").exists()


def test_defaults_are_the_edition_s(results):
    assert results["parameters"] == CostRevolution().model_dump(mode="json")
