"""The overview says what the briefs say: both read the same summaries."""

import csv
import json
import re
from pathlib import Path

import html5lib
import pytest

from analysis import overview, params
from briefs.desk import readme
from briefs.evidence.claims import load_claims
from briefs.render import claims_chart, wording

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


@pytest.mark.parametrize("language", ["en", "ms"])
def test_one_estimate_speaks_for_a_claim_wherever_it_stands(whole_site, language):
    """In its brief, the overview, the list of all claims and on its page, machines' part included."""
    root, seen = whole_site / language, 0
    places = {name: tree_of(root / name) for name in ("overview", *BRIEFS)}
    home = tree_of(root)
    for claim in results_of(root / "overview")["claims"]:
        with wording.in_language(language):
            found = wording.estimate(claim["estimate"])
        if not found:
            continue
        name, seen = claim["id"], seen + 1
        page = tree_of(root / "claims" / name)
        answer = next(part for part in page.iter("section") if "answer" in part.get("class", ""))
        grounds = next(
            part
            for part in places[claim["page"]].iter("div")
            if part.get("id") == f"{name}:grounds"
        )
        (review,) = [
            json.loads(script.text)["@graph"][0]
            for script in page.iter("script")
            if script.get("type") == "application/ld+json"
        ]
        assert review["reviewBody"] == claim["reason"]
        for part in (answer, grounds):
            number = next(e for e in part.iter("strong") if e.get("class") == "number")
            assert words(number) == found.value, name
        with wording.in_language(language):
            charted = claims_chart.chart([(claim, "")])[0].rows[0].found
        for tree, end in (
            (home, f"claims/{name}/index.html"),
            (places["overview"], f"#{name}"),
            (places[claim["page"]], f"#{name}"),
        ):
            assert [words(shown) for shown in found_in(tree, end)] == [charted], name
        for tree, end in ((home, f"claims/{name}/index.html"), (places["overview"], f"#{name}")):
            (said,) = rows_of(tree, "answers", end)
            assert words(said).endswith(f": {' '.join(claim['answer'].split())}"), name
    assert seen > 10


def tree_of(folder):
    text = (folder / "index.html").read_text(encoding="utf-8")
    return html5lib.parse(text, namespaceHTMLElements=False)


def rows_of(tree, name, end):
    """Items of the parts of a class whose first link ends so."""
    parts = [part for part in tree.iter() if name in str(part.get("class", "")).split()]
    items = [item for part in parts for item in part.iter("li")]
    return [item for item in items if next(item.iter("a")).get("href").endswith(end)]


def found_in(tree, end):
    """What the chart of all claims says was found of the claim whose link ends so."""
    rows = rows_of(tree, "claims", end)
    return [part for row in rows for part in row.iter("span") if part.get("class") == "found"]


def words(element):
    return " ".join("".join(element.itertext()).split())


def test_no_reading_is_a_rank_or_a_p_value(briefs):
    """A failure to find something is a diagnostic and never against a claim."""
    readings = [r for found in briefs.values() for c in found["claims"] for r in c["readings"]]
    methods = [reading["estimate"]["method"] for reading in readings]
    assert len(methods) > 30 and not [m for m in methods if re.search(r"\brank\b|p-value", m)]


def test_the_readme_shows_these_verdicts(whole_site):
    """After a change of a number: make readme."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert text.partition(readme.BEGIN)[2].partition(readme.END)[0].strip() == readme.claims_table(
        whole_site
    )


def test_what_changed_is_computed_from_both_dates(folder, results):
    with (folder / "data" / "fig-moved.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == "claim verdict_before verdict_now estimate_before estimate_now".split()
    with wording.in_language("en"):
        now = {c["name"]: wording.verdict_word(c["verdict"]) for c in results["claims"]}
    assert 0 < len(rows) < len(now)
    for row in rows:
        assert row["verdict_now"] == now[row["claim"]] != row["verdict_before"]


def test_the_summaries_give_the_verdicts_of_the_built_briefs(briefs):
    p = params.Overview()
    judged = overview.summaries(p.as_of, p.level, p.n_boot, p.seed).verdicts
    built = [claim for found in briefs.values() for claim in found["claims"]]
    assert [(v.claim["id"], v.verdict) for v in judged] == [(c["id"], c["verdict"]) for c in built]
    estimates = [v.estimate and v.estimate.to_json() for v in judged]
    assert estimates == [claim["estimate"] for claim in built]
