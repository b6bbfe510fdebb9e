"""A claim's page says what results.json says, for today and for every date before."""

import csv
import json
import re

from briefs.render.wording import in_language
from briefs.site import moves


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
    assert "judged as of one date only" in text and 'class="moves"' not in text


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


def moment(date, verdict="unresolved", **found):
    import datetime as dt

    return moves.Moment(
        dt.date.fromisoformat(date), verdict, {"value": None, "unit": "USD", "n": 3, **found}
    )


def draw(*moments, unit="USD", supported=(4e5, 9e5), partly=(2e5, 1.8e6)):
    with in_language("en"):
        return moves.chart(moments, "Cost of the run", unit, supported, partly)


def test_nothing_is_drawn_without_an_estimate():
    assert draw(moment("2025-02-01"), moment("2026-11-23")) is None


def test_the_chart_says_in_words_what_it_shows():
    found = draw(
        moment("2025-02-01", "unresolved", value=5.6e6, low=5e6, high=6e6, level=0.9),
        moment("2026-11-23", "contradicted", value=5.9e6, low=5.4e6, high=6.8e6, level=0.9),
    )
    assert found["alt"] == (
        "Dot chart with 2 dates. Cost of the run: US$5.6 million on 1 February 2025, "
        "US$5.9 million on 23 November 2026. The verdict was first “Unresolved” and is now "
        "“Contradicted”."
    )
    assert found["log"] is True
    assert (
        "<title>23 November 2026: Contradicted, US$5.9 million (90% interval: US$5.4 million to US$6.8 million)"
        in found["svg"]
    )


def test_a_verdict_that_came_back_is_not_called_a_change():
    found = draw(
        moment("2025-02-01", "unresolved", value=1e6),
        moment("2025-06-30", "supported", value=1e6),
        moment("2026-11-23", "unresolved", value=1e6),
    )
    assert found["alt"].endswith("The verdict was another in between, and is “Unresolved” again.")


def test_heights_follow_the_values():
    scale = moves.Scale.over([0.0, 1.0])
    assert not scale.log
    assert scale.y(1.0) < scale.y(0.5) < scale.y(0.0)
    assert scale.y(0.5) == moves.TOP + moves.PLOT / 2
    assert scale.y(float("inf")) == moves.TOP and scale.y(float("-inf")) == moves.TOP + moves.PLOT
    log = moves.Scale.over([1.0, 100.0])
    assert log.log and log.y(10.0) == moves.TOP + moves.PLOT / 2


def test_ticks_are_round_few_and_within():
    for low, high in (
        (0.55, 0.97),
        (-300.0, 100.0),
        (0.0, 0.041),
        (1985, 2002),
        (0.9, 1.1),
        (2, 2.0000001),
    ):
        scale = moves.Scale.over([low, high])
        assert 2 <= len(scale.ticks()) <= 7, (low, high)
        assert all(scale.low <= tick <= scale.high for tick in scale.ticks())
    assert moves.Scale.over([0.55, 0.9667]).ticks() == [0.6, 0.7, 0.8, 0.9]
    assert moves.Scale.over([0.05, 13]).ticks() == [0.1, 1.0, 10.0]


def test_a_band_covers_its_range_and_no_more():
    found = draw(
        moment("2025-02-01", value=1e6),
        moment("2026-11-23", value=1e6),
        supported=(None, 9e5),
        partly=(None, 1.8e6),
    )
    band = re.search(
        r'<rect class="band-supported" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"/>',
        found["svg"],
    )
    top, height = map(float, band.groups())
    assert round(top + height) == moves.TOP + moves.PLOT  # open below
    assert moves.TOP < top < moves.TOP + moves.PLOT
