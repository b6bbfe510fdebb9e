"""A claim's page says what results.json says, for today and for every date before."""

import csv
import json
import re
from html import unescape

import pytest

from briefs.evidence.claims import load_claims
from briefs.render import wording

pytestmark = pytest.mark.usefixtures("few_tables")


def page(made, claim="cost-4", language="en"):
    return (made / language / "claims" / claim / "index.html").read_text("utf-8")


def rows(text):
    table = re.search(r'<table class="history".*?</table>', text, re.S)[0]
    return [
        re.sub(r"<[^>]+>", " ", row).split()
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.S)
    ][1:]


def test_the_page_has_statement_verdict_reason_and_rule(made):
    text = page(made)
    assert "Costs &lt;fall&gt; &amp; fall (cost-4)" in text and "<fall>" not in text
    assert "Reason of cost-4." in text and "Rule of frontier_price." in text
    assert "Cathie Wood (ARK Invest), 28 January 2025" in text
    assert "held shares in Palantir" in text  # the interest declared
    assert "90% interval: 80.0% to 90.0%" in text


def answer(text):
    """The words of the answer on top of a claim's page, without its drawings."""
    block = re.search(r'<section class="answer.*?</section>', text, re.S)[0]
    return " ".join(unescape(re.sub("<[^>]+>", " ", block)).split())


def test_the_answer_says_how_sure_and_how_robust_it_is(made):
    said = answer(page(made))
    assert said.startswith(
        "Supported Answer to cost-4. Quantity frontier_price 89.3% a year 90% interval: 80.0%"
    )
    for part in (
        "The verdict holds in 5 of 12 combinations of other choices (window and peers).",
        "Medium confidence.",
        "By the first rule: Partly supported (until 29 November 2026)",
    ):
        assert part in said, part


def test_what_is_open_says_why_and_what_nobody_tried_is_no_choice(made):
    open_, mixed = answer(page(made, "market-9")), answer(page(made, "market-3"))
    assert open_.startswith("Unresolved waits for an outcome Answer to market-9. Reason of")
    assert mixed.startswith("Mixed Answer to market-3. Quantity chip_share 30.0%")
    assert "combinations" not in open_ + mixed


def test_each_reading_has_its_outcome_rule_probability_and_power(made):
    def rows(reading):
        block = re.search(rf'id="reading-{reading}">.*?</dl>', page(made), re.S)[0]
        terms = re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", block, re.S)
        return {name: " ".join(re.sub("<[^>]+>", " ", value).split()) for name, value in terms}

    tested, first = rows("frontier_price"), rows("quality_adjusted")
    assert tested["Outcome"] == "Supported" and tested["Rule"] == "Rule of frontier_price."
    assert (tested["Probability of support"], tested["Power"]) == ("87%; in part over 99%", "42%")
    assert (first["Outcome"], first["Estimate"]) == ("Untested no data", "–")
    assert not {"Probability of support", "Power"} & set(first)


def test_a_changed_rule_is_told_with_its_date_its_reason_and_the_verdict_before(made):
    for name in ("market-2", "market-3", "market-9", "cost-4"):
        text = unescape(page(made, name))
        history = load_claims()[name].rule_history
        assert history
        for change in history:
            said = (
                f"{wording.date(change.date)}: {change.reason.en} "
                f"{wording.results_seen(change.results_seen)}"
            )
            if change.verdict:
                said += f" By the rule before: {wording.verdict_word(change.verdict)}."
            assert f"<li>{said}</li>" in text


def test_the_history_agrees_with_the_results_of_each_date(made):
    found = rows(page(made))
    assert [" ".join(row) for row in found] == [
        "23 November 2026 Supported 89.3% a year 90% interval: 80.0% to 90.0% n = 36",
        "31 December 2025 Unresolved too imprecise 70.0% a year 90% interval: 50.0% to 95.0% n = 9",
        "1 February 2025 Unresolved no data – –",
    ]
    assert 'href="../../cost-revolution/as-of-2025-12-31/index.html#cost-4"' in page(made)


def test_the_csv_has_every_reading_of_every_date(made):
    with (made / "en/claims/cost-4/history.csv").open(newline="", encoding="utf-8") as stream:
        found = list(csv.DictReader(stream))
    assert list(found[0]) == (
        "as_of verdict reading outcome value low high level n unit method brief".split()
    )
    assert [(r["as_of"], r["reading"], r["verdict"], r["outcome"], r["value"]) for r in found] == [
        ("2025-02-01", "quality_adjusted", "unresolved", "untested", ""),
        ("2025-02-01", "frontier_price", "unresolved", "untested", ""),
        ("2025-12-31", "quality_adjusted", "unresolved", "untested", ""),
        ("2025-12-31", "frontier_price", "unresolved", "unresolved", "0.7"),
        ("2026-11-23", "quality_adjusted", "supported", "untested", ""),
        ("2026-11-23", "frontier_price", "supported", "supported", "0.893"),
    ]
    assert found[-2]["brief"] == "en/cost-revolution"


def test_the_evidence_is_what_stands_in_the_section_of_the_claim(made):
    block = re.search(r'<ul class="evidence">.*?</ul>', page(made), re.S)[0]
    assert re.findall(r'href="([^"]+)"', block) == [
        "../../cost-revolution/index.html#fig-cost-revolution",
        "../../cost-revolution/data/fig-cost-revolution.csv",
    ]


def test_a_claim_with_one_date_says_so_and_draws_nothing(maker, tmp_path):
    from briefs import site

    maker.put(tmp_path)
    site.publish(tmp_path)
    text = page(tmp_path)
    assert "judged as of one date only" in text and 'class="moved"' not in text


def test_the_review_for_machines_agrees_with_the_page(made):
    for claim, word, value in (
        ("cost-4", "Supported", 3),
        ("market-2", "Contradicted", 1),
        ("market-3", "Mixed", None),
        ("market-9", "Unresolved", None),
    ):
        text = page(made, claim)
        [review] = json.loads(re.search(r'ld\+json">(.*?)</script>', text, re.S)[1])["@graph"]
        assert review["@type"] == "ClaimReview" and review["url"].endswith(f"/en/claims/{claim}/")
        assert review["reviewRating"]["alternateName"] == word
        assert review["reviewRating"].get("ratingValue") == value
        assert f"<title>Claim {claim}: {word}</title>" in text
