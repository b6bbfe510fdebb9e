import pandas as pd
import pytest

from analysis.cost import findings as statements
from briefs.values import Estimate

MISSING = Estimate.missing("share per year", "none")


def share(value, low, high, unit="share per year", n=12):
    return Estimate(value, low, high, 0.9, n, unit, "made up")


FELL, HEDONIC = share(0.929, 0.889, 0.932), share(0.904, 0.804, 0.953)
TRAINED = share(0.717, 0.606, 0.832)
COST = Estimate(5.87e6, 5.39e6, 6.77e6, None, 5, "USD", "made up")
RATIO = share(0.18, 0.1, 0.33, "ratio", 6)
HALF, TENTH = share(3.14, 3.08, 3.78, "months"), share(10.45, 10.4, 12.6, "months")
NO_RATIO = Estimate.missing("ratio", "none", 2)
NO_COST = Estimate.missing("USD", "none")

#: Claim that a statement is about, and whether it's a headline.
ABOUT = {
    statements.run_cost: ("cost-1", True),
    statements.needed_standard: ("cost-2", False),
    statements.compute_ratio: ("cost-2", True),
    statements.training: ("cost-3", True),
    statements.inference: ("cost-4", True),
    statements.agreement: ("cost-4", False),
    statements.rate_change: ("cost-5", True),
    statements.neighbouring_month: ("cost-5", False),
    statements.buyer: (None, True),
}
BOTH = (
    "93% (89% to 93%) for the cheapest offer, 90% (80% to 95%) for all offers. The second is wider"
)
CHANGE = "90% (80% to 95%) a year, against 93% (89% to 93%) before."
GROWTH, NO_GROWTH = (
    share(3.03, 2.41, 3.8, "factor per year"),
    Estimate.missing("factor per year", "none"),
)
LOWER, UNSURE = share(0.5, 0.2, 0.9, "ratio"), share(1.4, 0.3, 13, "ratio")
NEVER = share(6, 3, float("inf"), "months")

#: (statement, arguments, what it says with them): every branch.
EVERY = [
    (statements.run_cost, (COST, 600_000), "5.87 million (US$5.39 million to US$6.77 million in"),
    (statements.run_cost, (COST, 600_000), "published figures): 9.8× the US$600,000 claimed."),
    (statements.run_cost, (NO_COST, 600_000), "No figure of DeepSeek's own"),
    (
        statements.needed_standard,
        (COST, 600_000),
        "US$58.7 million for the run as reported, or US$6",
    ),
    (statements.needed_standard, (NO_COST, 600_000), "would have to be US$6 million."),
    (
        statements.compute_ratio,
        (RATIO, NO_RATIO),
        "18% (10% to 33%) of the typical training compute",
    ),
    (statements.compute_ratio, (RATIO, NO_RATIO), "of 6 models of similar score"),
    (statements.compute_ratio, (RATIO, NO_RATIO), "too few of them have a published cost"),
    (
        statements.compute_ratio,
        (RATIO, share(0.25, 0.2, 0.3, "ratio", 4)),
        "before, and cost 25% (20% to 30%) as much at rental prices.",
    ),
    (statements.compute_ratio, (NO_RATIO, NO_RATIO), "Too few comparable models disclose"),
    (
        statements.training,
        (TRAINED, GROWTH),
        "gets 72% (61% to 83%) cheaper a year. A frontier run,",
    ),
    (
        statements.training,
        (TRAINED, GROWTH),
        "though, costs 3.0× (2.4× to 3.8×) as much each year.",
    ),
    (statements.training, (TRAINED, NO_GROWTH), "gets 72% (61% to 83%) cheaper a year."),
    (statements.training, (MISSING, GROWTH), "3.0× (2.4× to 3.8×) as much each year; for a fixed"),
    (statements.training, (MISSING, NO_GROWTH), "gives no rate for the cost of training."),
    (
        statements.inference,
        (FELL, HEDONIC),
        "price at a fixed capability falls 93% (89% to 93%) a year;",
    ),
    (statements.inference, (FELL, HEDONIC), "all offers, at equal quality, fall 90% (80% to 95%)."),
    (statements.inference, (FELL, MISSING), "capability falls 93% (89% to 93%) a year."),
    (statements.inference, (MISSING, HEDONIC), "at equal quality, fall 90% (80% to 95%) a year."),
    (statements.inference, (MISSING, MISSING), "gives no rate for the price of inference."),
    (statements.agreement, (FELL, HEDONIC), f"agree within their intervals: {BOTH}"),
    # the second isn't wider: no reason
    (statements.agreement, (HEDONIC, FELL), "cheapest offer, 93% (89% to 93%) for all offers."),
    (
        statements.agreement,
        (share(0.9, 0.85, 0.95), share(0.5, 0.4, 0.6)),
        "disagree: 90% (85% to 95%) for the cheapest offer, 50% (40% to 60%) for all offers. The cheapest",
    ),
    (
        statements.agreement,
        (share(0.5, 0.4, 0.6), share(0.9, 0.85, 0.95)),
        "disagree: 50% (40% to 60%) for the cheapest offer, 90% (85% to 95%) for all offers.",
    ),
    (statements.agreement, (FELL, MISSING), "Only one of the two methods gives a rate."),
    (statements.agreement, (MISSING, MISSING), "Neither of the two methods gives a rate."),
    (
        statements.rate_change,
        (FELL, HEDONIC, LOWER),
        f"Prices fell faster after DeepSeek's arrival: {CHANGE}",
    ),
    (
        statements.rate_change,
        (FELL, HEDONIC, share(2, 1.1, 3, "ratio")),
        f"Prices fell more slowly after DeepSeek's arrival: {CHANGE}",
    ),
    (
        statements.rate_change,
        (FELL, HEDONIC, UNSURE),
        f"after DeepSeek's arrival: prices fell {CHANGE}",
    ),
    (statements.rate_change, (MISSING, MISSING, NO_RATIO), "Too few months had passed by then"),
    (
        statements.neighbouring_month,
        (LOWER, share(0.6, 0.3, 0.99, "ratio")),
        "0.60× (0.30× to 0.99×) instead of 0.50× (0.20× to 0.90×): the answer stays the same.",
    ),
    (
        statements.neighbouring_month,
        (LOWER, UNSURE),
        "1.40× (0.30× to 13×) instead of 0.50× (0.20× to 0.90×): the answer hangs on that one month",
    ),
    (statements.neighbouring_month, (NO_RATIO, UNSURE), "can't be told yet."),
    (
        statements.buyer,
        (HALF, TENTH),
        "a price halves in 3.1 (3.1 to 3.8) months and falls to a tenth",
    ),
    (statements.buyer, (HALF, TENTH), "a tenth in 10.4 (10.4 to 12.6) months."),
    (statements.buyer, (Estimate.missing("months", "none"), TENTH), "No rate is known well enough"),
    (statements.buyer, (NEVER, NEVER), "No rate is known well enough"),
]


@pytest.mark.parametrize("statement, given, words", EVERY)
def test_every_branch(statement, given, words):
    record, (claim, headline) = statement(*given).record(), ABOUT[statement]
    assert words in record["text"]
    assert record["text"].endswith(words) == words.endswith(".")
    name = f"finding-{statement.__name__.replace('_', '-')}"
    assert (record["kind"], record["id"], record["claim"]) == ("finding", name, claim)
    assert record["headline"] == headline
    assert len(record["text"].split()) <= 35 or not headline
    assert list(record["numbers"].values()) == [
        e.to_json() for e in given if isinstance(e, Estimate)
    ]


@pytest.mark.parametrize("edge", [0.999, 1.0])
def test_an_interval_that_touches_one_tells_no_change(edge):
    text = statements.rate_change(FELL, HEDONIC, share(0.5, 0.2, edge, "ratio")).record()["text"]
    assert ("No change" in text) is (edge == 1.0)
    text = statements.rate_change(FELL, HEDONIC, share(2, 2 - edge, 3, "ratio")).record()["text"]
    assert ("No change" in text) is (edge == 1.0)


def test_intervals_that_touch_agree():
    text = statements.agreement(share(0.9, 0.8, 0.95), share(0.7, 0.6, 0.8)).record()["text"]
    assert text.startswith("The two methods agree")


def test_coverage_names_the_last_months_that_the_evidence_reaches():
    rows = pd.DataFrame(
        {
            "scope": ["all", "benchmark", "benchmark", "benchmark"],
            "last_month": pd.to_datetime(["2026-03-01", "2024-12-01", "2026-03-01", None]),
        }
    )
    runs = pd.DataFrame({"release_date": pd.to_datetime(["2020-05-28", "2025-07-09"])})
    assert statements.coverage(rows, runs).record()["text"] == (
        "Prices are followed until Dec 2024 to Mar 2026, by benchmark; the latest frontier run with a known cost came "
        "out in Jul 2025."
    )
