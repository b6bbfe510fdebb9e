"""A claim's page says what results.json says, for today and for every date before."""

import csv
import json
import re


def page(made, claim="cost-4", language="en"):
    return (made / language / "claims" / claim / "index.html").read_text("utf-8")


def rows(text):
    table = re.search(r'<table class="history".*?</table>', text, re.S)[0]
    return [
        re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)
    ][1:]


def test_the_page_has_statement_verdict_reason_and_rule(made):
    text = page(made)
    assert "Costs &lt;fall&gt; &amp; fall (cost-4)" in text and "<fall>" not in text
    assert "Reason of cost-4." in text and "Rule of frontier_price." in text
    assert "Cathie Wood (ARK Invest), 28 January 2025" in text
    assert "held shares in Palantir" in text  # the interest declared
    assert "The rule has not changed since it was fixed." in text
    assert "90% interval: 80.0% to 90.0%" in text


def test_a_changed_rule_is_told_with_its_date_and_reason(made):
    from briefs.evidence.claims import load_claims

    changed = [
        c
        for c in load_claims().values()
        if c.rule_history and c.id in ("market-2", "market-9", "cost-4")
    ]
    for claim in changed:
        assert claim.rule_history[0].reason.en.split(".")[0][:40] in page(made, claim.id).replace(
            "&#39;", "'"
        )


def test_the_history_agrees_with_the_results_of_each_date(made):
    found = rows(page(made))
    assert [" ".join(row) for row in found] == [
        "23 November 2026 Supported 89.3% a year 90% interval: 80.0% to 90.0% n = 36",
        "31 December 2025 Unresolved 70.0% a year 90% interval: 50.0% to 95.0% n = 9",
        "1 February 2025 Unresolved – –",
    ]
    assert 'href="../../cost-revolution/as-of-2025-12-31/index.html#cost-4"' in page(made)


def test_the_csv_has_every_reading_of_every_date(made):
    with (made / "en/claims/cost-4/history.csv").open(newline="", encoding="utf-8") as stream:
        found = list(csv.DictReader(stream))
    assert [
        (r["as_of"], r["reading"], r["verdict"], r["reading_verdict"], r["value"]) for r in found
    ] == [
        ("2025-02-01", "frontier_price", "unresolved", "unresolved", ""),
        ("2025-02-01", "hedonic", "unresolved", "unresolved", ""),
        ("2025-12-31", "frontier_price", "unresolved", "unresolved", "0.7"),
        ("2025-12-31", "hedonic", "unresolved", "unresolved", ""),
        ("2026-11-23", "frontier_price", "supported", "supported", "0.893"),
        ("2026-11-23", "hedonic", "supported", "unresolved", ""),
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
        ("market-9", "Unresolved", None),
    ):
        text = page(made, claim)
        [review] = json.loads(re.search(r'ld\+json">(.*?)</script>', text, re.S)[1])["@graph"]
        assert review["@type"] == "ClaimReview" and review["url"].endswith(f"/en/claims/{claim}/")
        assert review["reviewRating"]["alternateName"] == word
        assert review["reviewRating"].get("ratingValue") == value
        assert f"<title>Claim {claim}: {word}</title>" in text
