import json
import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import params
from analysis.cost import tables
from briefs.display import findings, i18n
from briefs.values import Estimate, Verdict

MISSING = Estimate.missing("share per year", "none")


def share(value, low, high, n=12, level=0.9):
    return Estimate(value, low, high, level, n, "share per year", "made up")


def text_of(table):
    return table.title, table.subtitle, table.note


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
    # factors 0.5, 0.1 and 0.02: median 0.1. Our fall of 93% leaves 0.07.
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
    assert ours == ["estimate", *map(pytest.approx, (0.07, 0.05, 0.11))]
    assert whole == ["claim", 0.25, 0.2, 0.3] and single == ["estimate", 0.2, 0.1, 0.4]
    assert several == ["estimate", 0.1, 0.02, 0.5]
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
        **{PRICE: MISSING, TRAIN: replace(share(3.03, 2.41, 3.8), unit="factor per year")},
    )
    assert [(row[0], row[1]) for row in table.record()["rows"]] == [
        ("Price at fixed capability. All", "Epoch (2025)"),  # ours isn't known
        ("Cost of training. made up", "This brief"),
        ("Cost of training. Frontier", "Epoch (2025)"),
    ]
    assert [row[3:] for row in table.record()["rows"][1:]] == [[3.03, 2.41, 3.8], [2.4, 2.0, 3.1]]
    assert table.title == "2 published rates beside ours"


def bill_rows():
    return pd.DataFrame(
        {
            "threshold": [1100.0, 1234.0],
            "month": pd.to_datetime(["2023-12-01", "2024-06-01"]),
            "model": ["L", "M"],
            "then": [6836.55, 3431.0],
            "same_model": ["N", None],
            "same": [55.28, None],
            "now_model": ["O", "O"],
            "now": [22.11, 22.11],
            "rate": [4.28, 4.28],
            "sources": [["one", "one", "two", "fed_g5a"], ["one", None, "two", "fed_g5a"]],
        }
    )


@pytest.mark.parametrize(
    "million, text", [(100.0, "100"), (0.001, "0.001"), (1_234_567.0, "1,234,567")]
)
def test_bills_name_workload_rate_and_the_sources(million, text):
    table = tables.bills(bill_rows(), "LMArena-Elo", million)
    assert table.title == "The bill in ringgit, first and now, at 2 scores"
    assert table.subtitle.startswith(f"{text} million tokens a month")
    assert table.subtitle.endswith("RM4.2800 to the US dollar")
    assert table.sources == ("one", "two", "fed_g5a")
    record = table.record()
    assert record["columns"][0]["label"] == "LMArena-Elo score"
    kinds = [column["kind"] for column in record["columns"]]
    assert [
        [i18n.cell(*pair) for pair in zip(kinds, row, strict=True)] for row in record["rows"]
    ] == [
        ["1,100", "Dec 2023", "L", "RM6,840", "N", "RM55.28", "O", "RM22.11"],
        ["1,234", "Jun 2024", "M", "RM3,430", "–", "–", "O", "RM22.11"],
    ]


def test_without_a_bill_a_sentence_stands_for_the_table():
    assert "No model on sale" in tables.bills(bill_rows().iloc[:0], "MMLU", 1).record()["text"]


def workload_rows():
    """The same workload in both currencies, and one ten times as large in the first."""
    rows = [(100.0, "USD", 5.5, 1.0), (100.0, "MYR", 5.5, 4.0), (1000.0, "USD", 55.0, 1.0)]
    return pd.DataFrame(
        [
            {
                "million_tokens": size,
                "threshold": 50.0,
                "currency": currency,
                "as_of": params.EVIDENCE_DATE,
                "bill": usd * rate,
                "half": 52 * usd * rate,
                "first": 750.0,
                "month": pd.Timestamp("2024-06-01"),
                "model": "ALPHA",
                "provider": "Acme",
                "offers": 54,
                "usd": usd,
                "usd_half": 52 * usd,
                "source_id": "one",
                "rate_source": "" if currency == "USD" else "fed_g5a",
            }
            for size, currency, usd, rate in rows
        ]
    )


def test_a_workload_is_told_in_its_currency_and_placed_in_dollars():
    grid = tables.workloads(workload_rows(), params.CostRevolution())
    assert [grid.sentence.format(**texts).partition(";")[0] for texts in grid.texts] == [
        "US$5.50 a month at the cheapest list price, that of ALPHA",
        "RM22.00 a month at the cheapest list price, that of ALPHA",
        "US$55.00 a month at the cheapest list price, that of ALPHA",
    ]
    assert "half of the 54 offers cost US$286 or less" in grid.sentence.format(**grid.texts[0])
    assert set(grid.data["level"]) == {"50% on GPQA-Diamond"}
    assert grid.chosen == {
        "million_tokens": 100,
        "threshold": "50",
        "currency": "USD",
        "as_of": params.EVIDENCE_DATE,
    }
    far = tables.workloads(workload_rows(), params.CostRevolution(threshold=99))
    assert far.axes["threshold"] == ("50", "99")  # it can be chosen, though nobody sells it
    assert set(grid.sources) == {"one", "fed_g5a"} and grid.span == ("usd", "usd", "usd_half")


def test_without_other_workloads_a_sentence_stands_for_them():
    found = tables.workloads(workload_rows().iloc[:0], params.CostRevolution())
    assert found.record()["text"] == "No other workload was computed here."


def claim(name, outcome, source="article"):
    return Verdict(
        {
            "statement": {"en": name},
            "name": {"en": name.upper(), "ms": name.upper()},
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
        ["B", "Unresolved", "More on b."],
        ["D", "Partly supported", "More on d."],
        ["A", "Supported", "More on a."],
        ["C", "Contradicted", "More on c."],
        ["E", "Opinion, not checkable", "More on e."],
    ]
    assert table.title == "What further evidence would change each verdict"
    assert table.sources == ("article", "x")


def test_what_is_left_open_is_named_in_one_sentence():
    said = findings.left_open(
        iter([claim("a", "supported"), claim("b", "unresolved"), claim("c", "mixed")])
    )
    assert said.record()["text"] == "2 of 3 claims remain open, wholly or in part: B; C."
    settled = findings.left_open([claim("a", "supported"), claim("b", "opinion")])
    assert settled.record()["text"] == "No claim here is left open."


@pytest.mark.parametrize(
    "table",
    [
        lambda: published(trend(PRICE, 0.1, "All; fit")),
        lambda: tables.bills(bill_rows(), "MMLU", 1),
        lambda: findings.unsettled([claim("a", "supported")]),
    ],
)
@pytest.mark.parametrize("language", ["en", "ms"])
def test_every_table_has_a_short_title_a_subtitle_and_plain_rows(table, language):
    i18n.activate(language)
    made = table()
    assert len(made.title.split()) <= 12
    assert made.subtitle or made.id == "tab-unsettled"  # whose title says it all
    json.dumps(made.record(), allow_nan=False)
    assert not re.search(r"\bnan\b", " ".join(text_of(made))) and "<td>nan" not in made.lab_html()


SPLIT = pd.Timestamp("2025-07-01")


def scores(part="test", n=24, months=3):
    numbers = dict.fromkeys(
        ["crps", "skill_flat", "p_flat", "skill_claimed", "p_claimed", "skill_trend", "p_trend"],
        0.5,
    )
    return pd.DataFrame(
        {
            "part": part,
            "horizon_months": months,
            "nominal": [0.5, 0.8, 0.9],
            "coverage": [0.4, 0.81, 0.93],
            "n": n,
            "origins": 12,
            "drawn": True,
        }
        | numbers
    )


def test_forecasts_have_a_row_for_each_horizon_part_and_run():
    both = pd.concat([scores("fit"), scores(), scores(months=18, n=0)], ignore_index=True)
    pinball = pd.Series({("fit", 3): 0.1, ("test", 3): 0.2})
    tests = tables.tests_of_forecasts(both, both, pinball, SPLIT)
    shown = tables.forecasts(tests, SPLIT, ["one"])
    rows = shown.record()["rows"]
    assert [row[0] for row in rows] == [
        "3 months, before Jul 2025",
        "3 months, held out",
        "3 months, held out, scores by day of report",
    ]
    assert rows[1][1:] == [24, 12, 0.4, 0.81, 0.93, True]
    skilled = tables.skill(tests, SPLIT, ["one"]).record()["rows"]
    assert [row[0] for row in skilled] == [row[0] for row in rows] and skilled[1][2] == 0.2
    assert shown.title == "3 tests of forecasts of the lowest price"


def test_forecasts_say_when_nothing_has_come():
    none = tables.tests_of_forecasts(scores(n=0), scores(n=0), pd.Series(), SPLIT)
    for shown in (tables.forecasts, tables.skill):
        assert "had its outcome" in shown(none, SPLIT, ["one"]).record()["text"]
