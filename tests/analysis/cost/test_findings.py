import numpy as np
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

#: Claim that a statement is about.
ABOUT = {
    statements.run_cost: "cost-1",
    statements.compute_ratio: "cost-2",
    statements.training: "cost-3",
    statements.inference: "cost-4",
    statements.ageing: "cost-4",
    statements.served: "cost-5",
    statements.rate_change: "cost-5",
    statements.buyer: None,
}
BOTH = "93% (89% to 93%) for the lowest prices, 90% (80% to 95%) for all offers."
OTHERS = Estimate(0.9, 0.8, 0.97, None, 8, "share per year", "made up")
DATE = pd.Timestamp("2025-01-20")
WITHOUT = (0.17, 0.21)
AFTER, BEFORE = share(0.28, 0.1, 0.7, "factor per year"), share(0.1, 0.01, 0.6, "factor per year")
NONE = Estimate.missing("share per year", "none")
CHANGE = (
    "a year on they stood at 28% (10% to 70%) of their level, against 10% (1% to 60%) before, at the "
    "same age."
)
RATES = pd.DataFrame({"label": ["0–6", "24+"], "estimate": [BEFORE, AFTER]})
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
        statements.compute_ratio,
        (RATIO, NO_RATIO, WITHOUT),
        "18% (10% to 33%) of the computing work typical of 6 comparable models; leaving any one out, 17% to 21",
    ),
    (statements.compute_ratio, (RATIO, NO_RATIO, WITHOUT), "Too few have known chip hours"),
    (
        statements.compute_ratio,
        (RATIO, share(0.25, 0.2, 0.3, "ratio", 4), WITHOUT),
        "cost 25% (20% to 30%) of what 4 comparable models did. It took 18% (10% to 33%) of the computing work",
    ),
    (statements.compute_ratio, (NO_RATIO, NO_RATIO, WITHOUT), "Too few comparable models disclose"),
    (
        statements.training,
        (TRAINED, GROWTH),
        "gets 72% (61% to 83%) cheaper a year. Training the leading",
    ),
    (
        statements.training,
        (TRAINED, GROWTH),
        "though, costs 3.0 times (2.4 to 3.8) as much each year.",
    ),
    (statements.training, (TRAINED, NO_GROWTH), "gets 72% (61% to 83%) cheaper a year."),
    (
        statements.training,
        (MISSING, GROWTH),
        "3.0 times (2.4 to 3.8) as much each year; for a given",
    ),
    (statements.training, (MISSING, NO_GROWTH), "gives no rate for the cost of training."),
    (
        statements.inference,
        (FELL, HEDONIC),
        "prices for a given ability fall 93% (89% to 93%) a year;",
    ),
    (statements.inference, (FELL, HEDONIC), "all offers, at equal quality, fall 90% (80% to 95%)."),
    (statements.inference, (FELL, MISSING), "ability fall 93% (89% to 93%) a year."),
    (statements.inference, (MISSING, HEDONIC), "at equal quality, fall 90% (80% to 95%) a year."),
    (
        statements.inference,
        (share(-0.2, -0.5, 0.1), share(-0.1, -0.5, 0.1)),
        "shows no fall in the price of inference.",
    ),
    (statements.inference, (FELL, share(-0.1, -0.5, 0.1)), "fall 93% (89% to 93%) a year."),
    (statements.inference, (MISSING, MISSING), "gives no rate for the price of inference."),
    (
        statements.ageing,
        (RATES,),
        "At the speed of its first months on sale (0–6), a level of ability would cost 10% (1% to 60%) of",
    ),
    (statements.ageing, (RATES,), "at the speed of months 24+, 28% (10% to 70%)."),
    (statements.ageing, (RATES.iloc[:1],), "can't be told yet."),
    (
        statements.served,
        (UNSURE, 0.02, DATE),
        "After 20 January 2025, prices where DeepSeek competed were a year on 1.4 times (0.30 to 13)",
    ),
    (
        statements.served,
        (UNSURE, 0.02, DATE),
        "what the course of other prices implied; below 1 they fell faster",
    ),
    (
        statements.served,
        (UNSURE, 0.02, DATE),
        "Data like these would likely show only 0.020 times or less.",
    ),
    (statements.served, (NO_RATIO, np.nan, DATE), "can't be told: too few levels of one kind"),
    (
        statements.rate_change,
        (BEFORE, AFTER, LOWER, DATE),
        f"Prices fell faster after 20 January 2025: {CHANGE}",
    ),
    (
        statements.rate_change,
        (BEFORE, AFTER, share(2, 1.1, 3, "ratio"), DATE),
        f"Prices fell more slowly after 20 January 2025: {CHANGE}",
    ),
    (
        statements.rate_change,
        (BEFORE, AFTER, UNSURE, DATE),
        f"Whether prices fell faster after 20 January 2025 is open: {CHANGE}",
    ),
    (
        statements.rate_change,
        (MISSING, MISSING, NO_RATIO, DATE),
        "Too few months around 20 January 2025 have prices",
    ),
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
    record, claim = statement(*given).record(), ABOUT[statement]
    assert words in record["text"]
    assert record["text"].endswith(words) == words.endswith(".")
    name = f"finding-{statement.__name__.replace('_', '-')}"
    assert (record["kind"], record["id"], record["claim"]) == ("finding", name, claim)
    assert not record["headline"]  # the lead alone is
    rows = [row for table in given if isinstance(table, pd.DataFrame) for row in table["estimate"]]
    numbers = [e.to_json() for e in (*given, *rows) if isinstance(e, Estimate)]
    assert list(record["numbers"].values()) == (numbers if len(rows) != 1 else [])


SPLIT = pd.Timestamp("2025-07-01")
BILL = pd.DataFrame({"month": pd.to_datetime(["2026-11-01"]), "bill": [20.0]})
NO_FAN = pd.DataFrame(columns=["date"])
FAN = pd.DataFrame({"date": pd.to_datetime(["2026-11-01", "2027-11-01"])}).assign(
    **{"0.1": [20.0, 4.0], "0.5": [20.0, 6.0], "0.9": [20.0, 9.0]}
)
FAN = FAN.rename(columns={"0.1": 0.1, "0.5": 0.5, "0.9": 0.9})


def trial(skill, months=12, drawn=False, part="test", n=80):
    return pd.DataFrame(
        {
            "part": [part],
            "horizon_months": months,
            "nominal": 0.8,
            "n": n,
            "skill_flat": skill,
            "drawn": drawn,
        }
    )


WORSE, BETTER, PASSED = trial(-1.4), trial(0.2), trial(0.2, drawn=True)
EARLY = trial(np.nan, n=0)


@pytest.mark.parametrize(
    "fan, scores, floor, words",
    [
        (
            FAN,
            PASSED,
            0.5,
            "The bill of US$20.00 in 12 months: between US$4.00 and US$9.00 in four of five cases; by the claimed "
            "rate US$2.00.",
        ),
        (
            NO_FAN,
            WORSE,
            4.0,
            "How the bill of US$20.00 moves can't be bounded: tried on past dates held out, no forecast both held "
            "what it says and beat “no change”. By the claimed rate it would be US$2.00 in 12 months. No model has "
            "been listed at less than US$4.00 yet.",
        ),
        (
            NO_FAN,
            EARLY,
            0.5,
            "How the bill of US$20.00 moves can't be bounded: too few forecasts have had their outcome by then to "
            "test one. By the claimed rate it would be US$2.00 in 12 months.",
        ),
    ],
)
def test_the_bill_ahead_word_for_word(fan, scores, floor, words):
    record = statements.bill_ahead(BILL, fan, scores, (0.9, 0.9), floor, "USD").record()
    assert record["text"] == words
    assert record["numbers"]["bill_as_claimed"]["value"] == pytest.approx(2)
    if len(fan):
        ahead = record["numbers"]["bill_ahead"]
        assert [ahead[k] for k in ("value", "low", "high", "level", "n")] == [6, 4, 9, 0.8, 80]


def test_without_a_bill_none_is_forecast():
    none = statements.bill_ahead(BILL.iloc[:0], NO_FAN, WORSE, (0.9, 0.9), 4.0, "USD").record()
    assert "no model on sale reached the score" in none["text"] and not none["numbers"]


@pytest.mark.parametrize(
    "scores, words",
    [
        (pd.concat([WORSE, trial(-0.2, 3)]), "“no change” forecast better at 12 and 3 months:"),
        (pd.concat([WORSE, BETTER.assign(horizon_months=3)]), "forecast better at 12 months:"),
        (PASSED, "beat “no change” at 12 months; it is drawn there and no further."),
        (BETTER, "its bands didn't hold what they say, or there are too few dates"),
        (EARLY, "No forecast made on the dates held out has had its outcome yet."),
        (trial(0.2, part="fit"), "No forecast made on the dates held out has had"),
    ],
)
def test_what_the_forecasts_teach(scores, words):
    assert words in statements.forecasts(scores, SPLIT).record()["text"]
    assert words in statements.lesson(scores, SPLIT)


@pytest.mark.parametrize("edge", [0.999, 1.0])
def test_an_interval_that_touches_one_tells_no_change(edge):
    for ratio in (share(0.5, 0.2, edge, "ratio"), share(2, 2 - edge, 3, "ratio")):
        text = statements.rate_change(BEFORE, AFTER, ratio, DATE).record()["text"]
        assert ("is open" in text) is (edge == 1.0)


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


IN_RINGGIT = pd.DataFrame(
    {
        "threshold": [35.0, 50.0],
        "month": pd.to_datetime(["2023-12-01", "2024-06-01"]),
        "then": [6836.55, 3431.0],
        "now": [22.11, 22.11],
        "rate_alone": [6030.75, 3015.4],
    }
)


def test_a_bill_in_ringgit_says_how_much_the_exchange_rate_did():
    text = statements.ringgit(IN_RINGGIT, 50.0, "GPQA-Diamond", 100.0).record()["text"]
    assert text == (
        "At 50% on GPQA-Diamond, 100 million tokens cost RM3,430 a month when first sold in Jun 2024 and RM22.11 "
        "now; the exchange rate alone would have made it RM3,020."
    )
    assert len(text.split()) <= 30
    none = statements.ringgit(IN_RINGGIT, 65.0, "GPQA-Diamond", 100.0)
    assert none.record()["text"] == "No model on sale reaches 65% on GPQA-Diamond."
