"""The overview says what the briefs say: both read the same summaries."""

import json
from pathlib import Path

import pytest

from analysis import overview, params
from briefs.desk import readme
from briefs.evidence.claims import load_claims

ROOT = Path(__file__).parents[2]
BRIEFS = ("cost-revolution", "market-impact", "regulatory-outlook")


@pytest.fixture(scope="session")
def briefs(whole_site):
    return {report: results_of(whole_site / "en" / report) for report in BRIEFS}


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
    assert text.partition(readme.BEGIN)[2].partition(readme.END)[0].strip() == readme.claims_list(
        whole_site
    )


def test_what_changed_is_computed_from_both_dates(folder, results):
    rows = (folder / "data" / "tab-changes.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + len(results["claims"])
    assert rows[0] == "claim,verdict_before,verdict_now,estimate_before,estimate_now"


def test_the_summaries_give_the_verdicts_of_the_built_briefs(briefs):
    p = params.Overview()
    judged = overview.summaries(p.as_of, p.level, p.n_boot, p.seed).verdicts
    built = [claim for found in briefs.values() for claim in found["claims"]]
    assert [(v.claim["id"], v.verdict) for v in judged] == [(c["id"], c["verdict"]) for c in built]
    estimates = [v.estimate and v.estimate.to_json() for v in judged]
    assert estimates == [claim["estimate"] for claim in built]
