"""Each brief from evidence to files: its numbers, its rules, other parameters, another day, another way to build it.

What all pages must have stands in ``test_checklist.py``; here is what one brief says, and must go on saying.
"""

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
from typer.testing import CliRunner

from analysis.params import REPORTS
from briefs.__main__ import app
from briefs.evidence import catalog, claims
from briefs.render import exporters
from briefs.values import CAUSES

ROOT = Path(__file__).parents[2]
BRIEFS = [report for report in REPORTS if report != "overview"]
# -- what a report's own evidence must not become, as it grows: claims, and at least so many of these
LEAST = {
    "cost-revolution": {"claims": 5, "figures": 9, "tables": 5, "sources": 20},
    "market-impact": {"claims": 9, "figures": 7, "tables": 6, "sources": 50},
    "regulatory-outlook": {"claims": 4, "figures": 4, "tables": 4, "sources": 20},
}
THEN = "2025-02-01"
#: Columns that hold days of the evidence; a projection's lie ahead.
DATED = """date month first_month last_month release_date published back since period_end quarter""".split()
#: Kept from passing on: the bulk tables behind the market brief may not be republished.
NOT_OURS = {"close", "adj_close", "weight_percent", "shares_held"}


def results_of(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def words_of(folder):
    """Text of a page, without what can be downloaded from it."""
    return re.sub(r"data:[^\"]+", "", (folder / "index.html").read_text(encoding="utf-8"))


@pytest.fixture(params=BRIEFS)
def folder(request, whole_site):
    return whole_site / "en" / request.param


@pytest.fixture
def then(build, tmp_path):
    """Return what builds a brief as of a day when little was known."""
    return lambda report: build(
        tmp_path / "then", report, as_of=THEN, n_boot="100", other_choices="none"
    )


def outcome_of(reading):
    """What the probabilities of a reading's record come to; of published figures only its own word."""
    full, any_ = reading["probability_supported"], reading["probability_partly"]
    if full is None or reading["estimate"]["grade"] == "D":
        return reading["outcome"]
    if full >= 2 / 3 - 1e-6:
        return "supported"
    if any_ >= 2 / 3 - 1e-6:
        return "partly supported"
    return "contradicted" if any_ <= 1 / 3 + 1e-6 else "unresolved"


def assert_follows_its_rule(claim):
    """From the record alone: outcomes from probabilities, the verdict from outcomes, one headline."""
    rule, readings = claims.load_claims()[claim["id"]], claim["readings"]
    assert [r["id"] for r in readings] == [r.id for r in rule.readings]
    for reading in readings:
        tested = reading["estimate"]["value"] is not None
        assert (reading["outcome"] != "untested") == tested
        assert not tested or outcome_of(reading) == reading["outcome"]
        assert bool(reading["cause"]) == (reading["outcome"] in ("unresolved", "untested"))
        assert reading["cause"] in ("", *CAUSES)
    outcomes = [r["outcome"] for r in readings]
    verdict = claims.combine(rule.combine, outcomes)
    if rule.opinion_part and verdict != "mixed":
        verdict = claims.combine("parts", [verdict, "untested"])
    assert claim["verdict"] == verdict and bool(claim["cause"]) == (verdict == "unresolved")
    spoken = next((r for r in readings if r["outcome"] != "untested"), readings[0])
    assert (claim["reading"], claim["estimate"]) == (spoken["id"], spoken["estimate"])
    if tried := claim["specifications"]:
        held = [row["verdict"] == verdict for row in tried["rows"]]
        assert (tried["holding"], tried["tested"]) == (sum(held), len(held))


# -- one brief, as published ------------------------------------------------------------------------


def test_every_verdict_is_the_one_that_its_rule_gives_again(folder):
    for claim in results_of(folder)["claims"]:
        assert_follows_its_rule(claim)


def test_numbers_carry_interval_n_unit_and_method(folder):
    known = {n: v for n, v in results_of(folder)["numbers"].items() if v["value"] is not None}
    assert known
    for name, number in known.items():
        assert number["low"] <= number["value"] <= number["high"], name
        assert number["n"] > 0 and number["unit"] and number["method"], name


def test_nothing_got_lost_and_every_figure_and_table_has_its_data(folder):
    results = results_of(folder)
    theme = results["claims"][0]["id"].partition("-")[0]
    wanted = LEAST[folder.name]
    assert [c["id"] for c in results["claims"]] == [
        f"{theme}-{n}" for n in range(1, wanted["claims"] + 1)
    ]
    for name, least in wanted.items():
        assert len(results[name]) >= least, name
    for item in [*results["figures"], *results["tables"]]:
        frame = pd.read_csv(folder / item["csv"])
        assert len(frame) == item["rows"] > 0
        assert not set(frame.columns) & NOT_OURS, item["csv"]
    assert all(source["license"] for source in results["sources"])


def test_the_pdf_is_tagged_and_has_every_claim(folder):
    pdf = PdfReader(folder / "brief.pdf")
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.trailer["/Root"]["/Lang"] == "en"
    text = re.sub(r"[\s\u00ad-]+", "", "".join(page.extract_text() for page in pdf.pages))
    for claim in results_of(folder)["claims"]:
        assert re.sub(r"[\s-]+", "", f"Claim {claim['id']}") in text
        assert re.sub(r"[\s-]+", "", claim["statement"]) in text


def test_parameters_are_the_defaults(folder):
    assert results_of(folder)["parameters"] == REPORTS[folder.name]().model_dump(mode="json")


def test_the_index_lists_every_claim(folder, whole_site):
    index = unescape((whole_site / "en" / "index.html").read_text(encoding="utf-8"))
    assert f"{folder.name}/index.html" in index
    for claim in results_of(folder)["claims"]:
        assert claim["name"] in index and claim["answer"] in index


def test_the_calendar_can_be_taken_along(whole_site):
    folder = whole_site / "en" / "regulatory-outlook"
    text = (folder / "data" / "ai-obligations.ics").read_bytes().decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    dates = pd.to_datetime(catalog.load("obligations")["date"])
    ahead = int((dates > results_of(folder)["as_of"]).sum())
    assert text.count("BEGIN:VEVENT") == text.count("END:VEVENT") == ahead > 5
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert 'download="ai-obligations.ics" href="data:text/calendar' in page


def test_two_briefs_say_the_same_of_the_same_number(whole_site):
    cost, regulation = (
        results_of(whole_site / "en" / report)["numbers"]["rate_change"]
        for report in ("cost-revolution", "regulatory-outlook")
    )
    assert cost == regulation


# -- built again ------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("report", "options"),
    [("market-impact", ["-p", "event_date", "2025-01-27"]), ("overview", [])],
)
def test_plain_papermill_and_nbconvert_give_the_same_brief(tmp_path, whole_site, report, options):
    """Only the packages: no runner of ours, the parameter as text on the command line."""
    executed, source = tmp_path / "out.ipynb", ROOT / "notebooks" / f"{report}.ipynb"
    command = [sys.executable, "-m", "papermill", source, executed, "-k", "python3", *options]
    subprocess.run([*command, "--no-progress-bar"], check=True, capture_output=True)
    html, _resources = exporters.BriefHTMLExporter().from_notebook_node(nbformat.read(executed, 4))
    page, folder = unescape(html), whole_site / "en" / report
    built = unescape((folder / "index.html").read_text(encoding="utf-8"))
    parts = ("name", "answer", "statement", "reason")
    texts = [claim[part] for claim in results_of(folder)["claims"] for part in parts]
    assert any(text in built for text in texts)  # the overview leaves reasons to the briefs
    assert [text for text in texts if (text in page) != (text in built)] == []


@pytest.mark.slow
def test_the_command_on_the_page_builds_the_same_brief(build, tmp_path):
    # both anew: what is kept of an earlier run may name an earlier commit
    small = {"n_boot": "100", "other_choices": "none"}
    folder = build(tmp_path / "then", "regulatory-outlook", fresh=True, as_of=THEN, **small)
    html = (folder / "index.html").read_text(encoding="utf-8")
    (command,) = re.findall(r"<code>(briefs build .*?)</code>", html, re.S)
    name, *arguments = shlex.split(unescape(command))
    assert name == "briefs"
    found = CliRunner().invoke(app, [*arguments, "--out", str(tmp_path / "again"), "--no-cache"])
    assert found.exit_code == 0, found.output
    again = tmp_path / "again" / "en" / "regulatory-outlook"
    for file in ("index.html", "results.json", "brief.pdf"):
        assert (again / file).read_bytes() == (folder / file).read_bytes(), file


# -- with other parameters --------------------------------------------------------------------------

#: Sets of each report; all but its second are slow tests.
OTHERS = {
    "cost-revolution": [
        {"as_of": "2025-01-01"},
        {
            "benchmark": "SWE-bench-Verified",
            "threshold": "99",
            "window_months": "3",
            "scenarios": "flat",
            "level": "0.5",
        },
        {"benchmark": "LMArena-Elo", "threshold": "1250", "currency": "MYR"},
        {
            "benchmark": "MATH-500",
            "as_of": "2025-01-01",
            "break_date": "2024-06-01",
            "input_share": "0",
        },
    ],
    "market-impact": [
        {"as_of": "2025-01-01"},
        {
            "event_date": "2025-12-31",
            "gap_days": "0",
            "estimation_days": "250",
            "window_days": "20",
            "level": "0.99",
        },
        {"benchmark": "RSP", "event_date": "2025-04-03", "exposed": "cloud,software"},
        {"claim_date": "2026-11-01", "event_date": "2024-08-01", "estimation_days": "60"},
        {"claim_date": "2024-01-01", "as_of": "2026-01-01"},
    ],
    "regulatory-outlook": [{"as_of": "2025-01-01"}, {"change_date": "2025-06-01", "level": "0.5"}],
}


@pytest.mark.parametrize(
    ("report", "parameters"),
    [
        pytest.param(report, parameters, marks=[] if number == 1 else pytest.mark.slow)
        for report, sets in OTHERS.items()
        for number, parameters in enumerate(sets)
    ],
)
def test_it_builds_with_other_parameters_and_says_so(tmp_path, build, report, parameters):
    folder = build(tmp_path, report, n_boot="100", **parameters)
    results = results_of(folder)
    assert len(results["claims"]) == LEAST[report]["claims"]
    for name, value in parameters.items():
        used = results["parameters"][name]
        assert (",".join(used) if isinstance(used, list) else str(used)).removesuffix(".0") == value
    if level := parameters.get("level"):
        levels = {n["level"] for n in results["numbers"].values() if n["value"] is not None}
        assert float(level) in levels and 0.9 not in levels
    for claim in results["claims"]:
        assert_follows_its_rule(claim)
    for trace in ("Traceback", "/home/", "/tmp/", ">nan<", ">None<", ">NaN<", "{", "}"):
        text = re.sub(r"<(style|script|pre|code)\b.*?</\1>", "", words_of(folder), flags=re.S)
        assert trace not in text, trace


# -- as of an earlier day ---------------------------------------------------------------------------


@pytest.mark.parametrize("report", BRIEFS)
def test_as_of_an_earlier_day_nothing_later_leaks_in(then, report):
    folder = then(report)
    results, days = results_of(folder), 0
    assert results["as_of"] == THEN
    for item in [*results["figures"], *results["tables"]]:
        frame = pd.read_csv(folder / item["csv"])
        if "scenario" in frame:
            frame = frame[frame["scenario"] == "observed"]
        for column in frame.columns.intersection(DATED):
            texts = frame[column].dropna().astype(str)
            found = pd.to_datetime(texts[texts.str.match(r"\d{4}-\d\d")], format="mixed")
            days += len(found)
            assert (found <= THEN).all(), (item["id"], column)
    assert days > 0


def test_what_cost_could_say_in_february_2025(then):
    folder = then("cost-revolution")
    claim = {claim["id"]: claim for claim in results_of(folder)["claims"]}
    assert (claim["cost-5"]["verdict"], claim["cost-5"]["cause"]) == ("unresolved", "no data")
    assert claim["cost-5"]["estimate"]["value"] is None
    # the reasoning stage was published in September 2025
    assert claim["cost-1"]["estimate"]["value"] == 5_576_000
    # sources say when the copy that we read was made
    body = words_of(folder).partition('id="sources"')[0]
    assert "GPT-5" not in body and "R1: last stage" not in body


def test_what_the_market_could_say_in_february_2025(then):
    """The shares had fallen, and no forecast could be judged."""
    claim = {claim["id"]: claim for claim in results_of(then("market-impact"))["claims"]}
    assert claim["market-1"]["readings"][0]["outcome"] == "supported"
    for name in ("market-4", "market-5", "market-6", "market-7", "market-9"):
        assert {r["outcome"] for r in claim[name]["readings"]} == {"untested"}
        assert claim[name]["cause"] == "waits for an outcome"


def test_what_regulation_could_say_in_february_2025(then):
    folder = then("regulatory-outlook")
    verdicts = {claim["id"]: claim["verdict"] for claim in results_of(folder)["claims"]}
    assert verdicts["regulation-3"] == "unresolved"
    assert not list((folder / "data").glob("*.ics"))
