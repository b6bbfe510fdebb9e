import json
import re

import numpy as np
import pandas as pd
import pytest

from analysis.cost import robustness as price_tests, tables
from briefs.display import findings, i18n
from briefs.values import Estimate, Verdict

MISSING = Estimate.missing("share per year", "none")


def share(value, low, high, n=12, level=0.9):
    return Estimate(value, low, high, level, n, "share per year", "made up")


def text_of(table):
    return table.title, table.subtitle, table.note


def test_sensitivity_shows_every_choice_and_the_range_of_all():
    variants = pd.DataFrame(
        {
            "variant": ["base", "cheapest", "even_blend"],
            "estimate": [
                share(0.93, 0.89, 0.95),
                share(0.91, 0.91, 0.91, 9, None),
                share(0.94, 0.9, 0.96),
            ],
        }
    )
    table = tables.sensitivity(variants, ["prices"])
    assert table.title == "Other choices give 91% to 94% a year"
    assert table.record()["rows"] == [
        ["Base case", 0.93, 0.89, 0.95, 12],
        [
            "The cheapest offer alone",
            0.91,
            None,
            None,
            9,
        ],  # a point has no ends
        ["Half input, half output tokens", 0.94, 0.9, 0.96, 12],
    ]


def test_every_variant_that_the_science_yields_has_a_label(monkeypatch):
    # the names alone matter, so nothing is computed from the prices
    monkeypatch.setattr(price_tests.cost, "scores", lambda *a, **k: None)
    monkeypatch.setattr(price_tests.cost, "offers", lambda *a, **k: None)
    prices = pd.DataFrame(
        {"price_kind": ["list"], "date_basis": ["stated"], "provider": ["OpenAI"]}
    )
    names = [name for name, _ in price_tests._variants(prices, pd.DataFrame(), 0.75)]
    assert {*names, "fifth", "cheapest", "whole", "levels"} == set(tables._VARIANTS)


def levels(**changes):
    rows = pd.DataFrame(
        {
            "scope": ["all", "benchmark", "rung", "rung", "rung"],
            "benchmark": [None, "MMLU", "MMLU", "MMLU", "LMArena-Elo"],
            "threshold": [np.nan, np.nan, 40.0, 70.0, 1200.0],
            "estimate": [
                share(0.9, 0.8, 0.95),
                share(0.9, 0.8, 0.95),
                share(0.82, 0.7, 0.9, 3),
                MISSING,
                share(0.997, 0.9, 0.998),
            ],
            "first_usd": [np.nan, np.nan, 20.0, 10.0, 2.0],
            "last_usd": [np.nan, np.nan, 0.1, 9.0, 0.05],
            "first_month": pd.to_datetime(["2023-01-01"] * 5),
            "last_month": pd.to_datetime(["2025-06-01"] * 5),
        }
    )
    return rows.assign(**changes)


def test_rungs_shows_levels_alone_and_the_range_of_known_rates():
    table = tables.rungs(levels(), ["prices"])
    assert table.title == "From 82% to 99.7% a year, by level of capability"
    assert table.record()["rows"] == [
        ["MMLU, 40%", 0.82, 0.7, 0.9, 20.0, 0.1, "2023-01-01", "2025-06-01"],
        ["MMLU, 70%", None, None, None, 10.0, 9.0, "2023-01-01", "2025-06-01"],
        ["LMArena-Elo, 1,200", 0.997, 0.9, 0.998, 2.0, 0.05, "2023-01-01", "2025-06-01"],
    ]
    json.dumps(table.record(), allow_nan=False)


def trend(metric, factor, definition, source="epoch", low=np.nan, high=np.nan, kind="estimate"):
    return {
        "metric": metric,
        "annual_factor": factor,
        "low_factor": low,
        "high_factor": high,
        "figure_kind": kind,
        "definition": definition,
        "source_id": source,
    }


PRICE, TRAIN = "price at fixed capability", "cost of training"


def published(*rows, **own):
    given = own or {PRICE: share(0.93, 0.89, 0.95)}
    return tables.published(
        pd.DataFrame(rows), given, {"epoch": "Epoch (2025)", "a16z": "a16z (2024)"}
    )


def test_published_puts_several_scores_on_a_benchmark_into_one_row():
    # factors 0.5, 0.1 and 0.02 are falls of 50%, 90% and 98%: median 90%
    table = published(
        trend(PRICE, 0.5, "Cheapest model at or above 40% on MMLU; log-linear", low=0.4, high=0.6),
        trend(PRICE, 0.02, "Cheapest model at or above 60% on MMLU; log-linear"),
        trend(PRICE, 0.1, "Cheapest model at or above 50% on MMLU; log-linear"),
        trend(PRICE, 0.2, "Cheapest model at or above 50% on MMLU; fit", "a16z", 0.1, 0.4),
        trend(PRICE, 0.25, "All models; fit", "a16z", 0.2, 0.3, "claim"),
    )
    rows = {(row[0], row[1]): row[2:] for row in table.record()["rows"]}
    assert list(rows) == [
        ("Price at fixed capability. made up", "This brief"),
        ("Price at fixed capability. All models", "a16z (2024)"),
        (
            "Price at fixed capability. Cheapest model at or above 50% on MMLU",
            "a16z (2024)",
        ),  # one score stays itself
        (
            "Price at fixed capability. Cheapest model at or above each of 3 scores on MMLU",
            "Epoch (2025)",
        ),
    ]
    ours, whole, single, several = rows.values()
    assert ours == ["estimate", 0.93, 0.89, 0.95]
    assert whole == [
        "claim",
        0.75,
        pytest.approx(0.7),
        pytest.approx(0.8),
    ]  # the greatest factor is the least fall
    assert single == ["estimate", pytest.approx(0.8), pytest.approx(0.6), pytest.approx(0.9)]
    assert several == ["estimate", pytest.approx(0.9), pytest.approx(0.5), pytest.approx(0.98)]
    assert table.title == "5 published rates beside ours"
    assert table.sources == ("epoch", "a16z")


def test_published_groups_each_benchmark_apart():
    table = published(
        *(
            trend(PRICE, factor, f"Cheapest model at or above {score}% on {benchmark}; fit")
            for benchmark in ("MMLU", "GPQA")
            for score, factor in ((40, 0.5), (50, 0.3))
        )
    )
    assert [row[0] for row in table.record()["rows"]][1:] == [
        "Price at fixed capability. Cheapest model at or above each of 2 scores on GPQA",
        "Price at fixed capability. Cheapest model at or above each of 2 scores on MMLU",
    ]


def test_published_follows_the_order_of_our_metrics_and_leaves_the_rest_out():
    table = published(
        trend(TRAIN, 2.4, "Frontier; fit", low=2.0, high=3.1),
        trend(PRICE, 0.1, "All; fit"),
        trend("something else", 0.1, "Other"),
        trend(PRICE, np.nan, "No rate"),
        **{PRICE: MISSING, TRAIN: share(-2.03, -2.8, -1.41)},
    )
    assert [(row[0], row[1]) for row in table.record()["rows"]] == [
        ("Price at fixed capability. All", "Epoch (2025)"),  # ours isn't known
        ("Cost of training. made up", "This brief"),
        ("Cost of training. Frontier", "Epoch (2025)"),
    ]
    assert table.record()["rows"][2][3:] == [
        pytest.approx(-1.4),
        pytest.approx(-2.1),
        pytest.approx(-1.0),
    ]  # a rise
    assert table.title == "2 published rates beside ours"


def bill_rows():
    return pd.DataFrame(
        {
            "threshold": [1100.0, 1234.0],
            "model": ["M", "N"],
            "bill_usd": [5.5, 750.0],
            "bill_myr": [23.54, 3210.0],
            "rate": [4.28, 4.28],
            "source_id": ["one", "one"],
            "rate_source": ["fed_g5a", "fed_g5a"],
        }
    )


@pytest.mark.parametrize(
    "million, text", [(100.0, "100"), (0.001, "0.001"), (1_234_567.0, "1,234,567")]
)
def test_bills_name_workload_rate_and_the_source_of_the_rate(million, text):
    table = tables.bills(bill_rows(), "LMArena-Elo", million)
    assert table.title == f"The bill of {text} million tokens in ringgit"
    assert table.note.startswith("RM4.2800 to the US dollar")
    assert table.sources == ("one", "fed_g5a")
    record = table.record()
    assert record["columns"][0]["label"] == "LMArena-Elo score"
    kinds = [column["kind"] for column in record["columns"]]
    assert [
        [i18n.cell(*pair) for pair in zip(kinds, row, strict=True)] for row in record["rows"]
    ] == [["1,100", "M", "US$5.50", "RM23.54"], ["1,234", "N", "US$750", "RM3,210"]]


def claim(name, outcome, source="article"):
    return Verdict(
        {
            "statement": {"en": name},
            "would_change": {"en": f"More on {name}."},
            "source_ids": (source,),
        },
        outcome,
        (),
        (),
    )


def test_unsettled_claims_come_first_in_their_own_order():
    table = findings.unsettled(
        iter(
            [
                claim("a", "supported", "x"),
                claim("b", "unresolved"),
                claim("c", "contradicted"),
                claim("d", "partly supported"),
                claim("e", "opinion"),
            ]
        )
    )
    assert table.record()["rows"] == [
        ["b", "Unresolved", "More on b."],
        ["d", "Partly supported", "More on d."],
        ["a", "Supported", "More on a."],
        ["c", "Contradicted", "More on c."],
        ["e", "Opinion, not checkable", "More on e."],
    ]
    assert table.title == "2 of 5 claims remain open, wholly or in part"
    assert table.sources == ("article", "x")


def rates(*labels):
    months = Estimate(4.0, 2.0, 9.0, 0.9, 5, "months", "made up")
    never = Estimate(np.inf, 3.0, np.inf, 0.9, 5, "months", "made up")
    found = [months if i == 0 else never for i in range(len(labels))]
    return pd.DataFrame({"label": labels, "changes": 12, "estimate": found})


def test_half_lives_say_how_many_rates_have_one():
    table = tables.half_lives(rates("0–6", "24+"), rates("2024"), ["p"])
    assert table.title == "2 of 3 rates let a price halve"
    assert table.record()["rows"] == [
        ["Levels 0–6 months on sale", 4.0, 2.0, 9.0, 5],
        ["Levels 24+ months on sale", None, 3.0, None, 5],
        ["Year 2024", 4.0, 2.0, 9.0, 5],
    ]


@pytest.mark.parametrize(
    "table",
    [
        lambda: tables.sensitivity(
            pd.DataFrame({"variant": ["base"], "estimate": [share(0.9, 0.8, 0.95)]}), ["p"]
        ),
        lambda: tables.rungs(levels(), ["p"]),
        lambda: published(trend(PRICE, 0.1, "All; fit")),
        lambda: tables.bills(bill_rows(), "MMLU", 1),
        lambda: tables.half_lives(rates("0–6", "24+"), rates("2024"), ["p"]),
        lambda: findings.unsettled([claim("a", "supported")]),
    ],
)
@pytest.mark.parametrize("language", ["en", "ms"])
def test_every_table_has_a_short_title_a_subtitle_and_plain_rows(table, language):
    i18n.activate(language)
    made = table()
    assert len(made.title.split()) <= 12 and made.subtitle
    json.dumps(made.record(), allow_nan=False)
    assert not re.search(r"\bnan\b", " ".join(text_of(made))) and "<td>nan" not in made.lab_html()
