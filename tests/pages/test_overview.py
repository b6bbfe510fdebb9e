"""The overview says what the briefs say: it runs their own statements."""

import json
from pathlib import Path

import pytest

from analysis import overview
from analysis.params import ParameterError
from briefs.desk import readme
from briefs.evidence.claims import load_claims
from briefs.values import Verdict

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def briefs(whole_site):
    return {report: results_of(whole_site / "en" / report) for report in overview.BRIEFS}


@pytest.fixture(scope="session")
def folder(whole_site):
    return whole_site / "en" / "overview"


@pytest.fixture(scope="session")
def results(folder):
    return results_of(folder)


def results_of(folder):
    return json.loads((folder / "results.json").read_text(encoding="utf-8"))


def test_every_claim_of_the_article_is_there_and_in_order(results):
    assert [claim["id"] for claim in results["claims"]] == list(load_claims())


def test_every_number_is_the_brief_s(results, briefs):
    judged = {claim["id"]: claim for found in briefs.values() for claim in found["claims"]}
    for claim in results["claims"]:
        brief = judged[claim["id"]]
        assert {name: claim[name] for name in brief} == brief
    numbers = {name: value for found in briefs.values() for name, value in found["numbers"].items()}
    assert len(results["numbers"]) >= 5
    for name, value in results["numbers"].items():
        assert numbers[name] == value, name


def test_every_claim_leads_to_its_evidence(folder, results, briefs):
    page = (folder / "index.html").read_text(encoding="utf-8")
    for report, found in briefs.items():
        for claim in found["claims"]:
            assert f'href="../{report}/index.html#{claim["id"]}"' in page


def test_the_readme_shows_these_verdicts(whole_site):
    """After a change of a number: make readme."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.partition(readme.BEGIN)[2].partition(readme.END)[0].strip() == readme.claims_table(
        whole_site
    )


def test_what_changed_is_computed_from_both_dates(folder, results):
    rows = (folder / "data" / "tab-changes.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + len(results["claims"])
    assert rows[0] == "claim,verdict_before,verdict_now,estimate_before,estimate_now"


def test_computed_gives_the_names_of_the_notebook_as_of_a_date():
    names = overview.computed("cost-revolution", as_of="2025-02-01", n_boot=100)
    assert isinstance(names["cost_1"], Verdict)
    assert names["run_cost"].value == 5_576_000
    assert names["p"].as_of.isoformat() == "2025-02-01"


def test_computed_refuses_what_the_brief_refuses():
    with pytest.raises(ParameterError, match="as_of"):
        overview.computed("cost-revolution", as_of="tomorrow")


def test_changes_compares_claim_by_claim():
    names = {"b": overview.computed("cost-revolution", as_of="2025-02-01", n_boot=100)}
    before = overview.verdicts(names)
    moved = overview.changes(before, list(reversed(before)))
    assert list(moved["id"]) == ["cost-5", "cost-4", "cost-3", "cost-2", "cost-1"]
    assert not moved["changed"].any()
