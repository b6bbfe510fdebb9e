import pandas as pd
import pytest

from analysis.cost import findings as statements
from briefs.values import Estimate

MISSING = Estimate.missing("share per year", "none")


def share(value, low, high, unit="share per year", n=12):
    return Estimate(value, low, high, 0.9, n, unit, "made up")


FELL, HEDONIC = share(0.929, 0.889, 0.932), share(0.904, 0.804, 0.953)
COST = Estimate(5.87e6, 5.39e6, 6.77e6, None, 5, "USD", "made up")
RATIO = share(0.18, 0.1, 0.33, "ratio", 6)
HALF, TENTH = share(3.14, 3.08, 3.78, "months"), share(10.45, 10.4, 12.6, "months")
NO_RATIO = Estimate.missing("ratio", "none", 2)
NO_COST = Estimate.missing("USD", "none")

#: (statement, arguments, id, claim, headline, its whole text): every branch.
EVERY = [
    (
        statements.run_cost,
        (COST, 600_000),
        "finding-run-cost",
        "cost-1",
        True,
        "DeepSeek's full training run is reported at US$5.87 million (US$5.39 million to US$6.77 million in published "
        "figures): 9.8× the US$600,000 claimed.",
    ),
    (
        statements.run_cost,
        (NO_COST, 600_000),
        "finding-run-cost",
        "cost-1",
        True,
        "No figure of DeepSeek's own for its final run had been published by then.",
    ),
    (
        statements.needed_standard,
        (COST, 600_000),
        "finding-needed-standard",
        "cost-2",
        False,
        "For “a tenth” to hold, the earlier standard would have to be US$58.7 million for the run as reported, or US$6 "
        "million for the amount claimed.",
    ),
    (
        statements.needed_standard,
        (NO_COST, 600_000),
        "finding-needed-standard",
        "cost-2",
        False,
        "For “a tenth” to hold for the amount claimed, the earlier standard would have to be US$6 million.",
    ),
    (
        statements.compute_ratio,
        (RATIO, NO_RATIO),
        "finding-compute-ratio",
        "cost-2",
        True,
        "DeepSeek-V3 used 18% (10% to 33%) of the typical training compute of 6 models of similar "
        "score from the months before; too few of them have a published cost to compare dollars.",
    ),
    (
        statements.compute_ratio,
        (RATIO, share(0.25, 0.2, 0.3, "ratio", 4)),
        "finding-compute-ratio",
        "cost-2",
        True,
        "DeepSeek-V3 used 18% (10% to 33%) of the typical training compute of 6 models of similar "
        "score from the months before, and cost 25% (20% to 30%) as much at rental prices.",
    ),
    (
        statements.compute_ratio,
        (NO_RATIO, NO_RATIO),
        "finding-compute-ratio",
        "cost-2",
        True,
        "Too few comparable models disclose their training compute to say what the earlier standard was.",
    ),
    (
        statements.training,
        (share(0.717, 0.606, 0.832), share(3.03, 2.41, 3.8, "factor per year")),
        "finding-training",
        "cost-3",
        True,
        "Training to a fixed capability gets 72% (61% to 83%) cheaper a year. A frontier run, though, "
        "costs 3.0× (2.4× to 3.8×) as much each year.",
    ),
    (
        statements.training,
        (share(0.717, 0.606, 0.832), Estimate.missing("factor per year", "none")),
        "finding-training",
        "cost-3",
        True,
        "Training to a fixed capability gets 72% (61% to 83%) cheaper a year.",
    ),
    (
        statements.training,
        (MISSING, share(3.03, 2.41, 3.8, "factor per year")),
        "finding-training",
        "cost-3",
        True,
        "A frontier training run costs 3.0× (2.4× to 3.8×) as much each year; for a fixed capability no rate can be "
        "given.",
    ),
    (
        statements.training,
        (MISSING, Estimate.missing("factor per year", "none")),
        "finding-training",
        "cost-3",
        True,
        "What had been published by then gives no rate for the cost of training.",
    ),
    (
        statements.inference,
        (FELL, HEDONIC),
        "finding-inference",
        "cost-4",
        True,
        "The cheapest list price at a fixed capability falls 93% (89% to 93%) a year; list prices of "
        "all offers, at equal quality, fall 90% (80% to 95%).",
    ),
    (
        statements.inference,
        (FELL, MISSING),
        "finding-inference",
        "cost-4",
        True,
        "The cheapest list price at a fixed capability falls 93% (89% to 93%) a year.",
    ),
    (
        statements.inference,
        (MISSING, HEDONIC),
        "finding-inference",
        "cost-4",
        True,
        "List prices of all offers, at equal quality, fall 90% (80% to 95%) a year.",
    ),
    (
        statements.inference,
        (MISSING, MISSING),
        "finding-inference",
        "cost-4",
        True,
        "What had been published by then gives no rate for the price of inference.",
    ),
    (
        statements.agreement,
        (FELL, HEDONIC),
        "finding-agreement",
        "cost-4",
        False,
        "The two methods agree within their intervals: 93% (89% to 93%) for the cheapest offer, 90% "
        "(80% to 95%) for all offers. The second is wider because sellers price alike quality very differently.",
    ),
    (
        statements.agreement,
        (HEDONIC, FELL),
        "finding-agreement",
        "cost-4",
        False,  # the second isn't wider: no reason
        "The two methods agree within their intervals: 90% (80% to 95%) for the cheapest offer, 93% "
        "(89% to 93%) for all offers.",
    ),
    (
        statements.agreement,
        (share(0.9, 0.85, 0.95), share(0.5, 0.4, 0.6)),
        "finding-agreement",
        "cost-4",
        False,
        "The two methods disagree: 90% (85% to 95%) for the cheapest offer, 50% (40% to 60%) for all "
        "offers. The cheapest offer can fall faster than the market as a whole, since dear models stay on sale.",
    ),
    (
        statements.agreement,
        (share(0.5, 0.4, 0.6), share(0.9, 0.85, 0.95)),
        "finding-agreement",
        "cost-4",
        False,
        "The two methods disagree: 50% (40% to 60%) for the cheapest offer, 90% (85% to 95%) for all offers.",
    ),
    (
        statements.agreement,
        (FELL, MISSING),
        "finding-agreement",
        "cost-4",
        False,
        "Only one of the two methods gives a rate.",
    ),
    (
        statements.agreement,
        (MISSING, MISSING),
        "finding-agreement",
        "cost-4",
        False,
        "Neither of the two methods gives a rate.",
    ),
    (
        statements.rate_change,
        (FELL, HEDONIC, share(0.5, 0.2, 0.9, "ratio")),
        "finding-rate-change",
        "cost-5",
        True,
        "Prices fell faster after DeepSeek's arrival: 90% (80% to 95%) a year, against 93% (89% to 93%) before.",
    ),
    (
        statements.rate_change,
        (FELL, HEDONIC, share(2, 1.1, 3, "ratio")),
        "finding-rate-change",
        "cost-5",
        True,
        "Prices fell more slowly after DeepSeek's arrival: 90% (80% to 95%) a year, against 93% (89% to 93%) before.",
    ),
    (
        statements.rate_change,
        (FELL, HEDONIC, share(1.4, 0.3, 13, "ratio")),
        "finding-rate-change",
        "cost-5",
        True,
        "No change in speed can be told after DeepSeek's arrival: prices fell 90% (80% to 95%) a "
        "year, against 93% (89% to 93%) before.",
    ),
    (
        statements.rate_change,
        (MISSING, MISSING, NO_RATIO),
        "finding-rate-change",
        "cost-5",
        True,
        "Too few months had passed by then to tell whether prices fell faster after DeepSeek's arrival.",
    ),
    (
        statements.neighbouring_month,
        (share(0.5, 0.2, 0.9, "ratio"), share(0.6, 0.3, 0.99, "ratio")),
        "finding-neighbouring-month",
        "cost-5",
        False,
        "With the month of the arrival itself counted as before, the ratio "
        "is 0.60× (0.30× to 0.99×) instead of 0.50× (0.20× to 0.90×): the answer stays the same.",
    ),
    (
        statements.neighbouring_month,
        (share(0.5, 0.2, 0.9, "ratio"), share(1.4, 0.3, 13, "ratio")),
        "finding-neighbouring-month",
        "cost-5",
        False,
        "With the month of the arrival itself counted as before, the ratio "
        "is 1.40× (0.30× to 13×) instead of 0.50× (0.20× to 0.90×): the answer hangs on that one month, in which "
        "DeepSeek's own price counts.",
    ),
    (
        statements.neighbouring_month,
        (NO_RATIO, share(1.4, 0.3, 13, "ratio")),
        "finding-neighbouring-month",
        "cost-5",
        False,
        "Whether the answer hangs on that one month can't be told yet.",
    ),
    (
        statements.buyer,
        (HALF, TENTH),
        "finding-buyer",
        None,
        True,
        "At the estimated rate a price halves in 3.1 (3.1 to 3.8) months and falls to a tenth in 10.4 (10.4 to 12.6) "
        "months.",
    ),
    (
        statements.buyer,
        (Estimate.missing("months", "none"), TENTH),
        "finding-buyer",
        None,
        True,
        "No rate is known well enough to say in how many months a price halves.",
    ),
    (
        statements.buyer,
        (share(6, 3, float("inf"), "months"), share(20, 10, float("inf"), "months")),
        "finding-buyer",
        None,
        True,
        "No rate is known well enough to say in how many months a price halves.",
    ),
]


@pytest.mark.parametrize("statement, given, name, claim, headline, text", EVERY)
def test_every_branch(statement, given, name, claim, headline, text):
    record = statement(*given).record()
    assert record["text"] == text
    assert (record["kind"], record["id"], record["claim"], record["headline"]) == (
        "finding",
        name,
        claim,
        headline,
    )


@pytest.mark.parametrize("statement, given, name, claim, headline, text", EVERY)
def test_headlines_are_short_and_the_recorded_numbers_those_given(
    statement, given, name, claim, headline, text
):
    record = statement(*given).record()
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
