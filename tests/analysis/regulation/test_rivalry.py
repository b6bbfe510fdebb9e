"""Opinions, gaps and dates: made-up tables, worked out by hand."""

import datetime as dt

import pandas as pd
import pytest

from analysis.regulation import rivalry


def gap_table(*rows):
    return pd.DataFrame(
        [
            dict(
                zip(("measure", "jurisdiction", "date", "value"), row, strict=True),
                unit="percent",
                source_id="a",
            )
            for row in rows
        ]
    )


def test_the_gap_over_the_one_of_a_day_by_hand():
    table = gap_table(
        ("us_lead_over_china_arena", "US-CN", "2025-02-28", 0.5),
        ("us_lead_over_china_arena", "US-CN", "2026-03-31", 2.0),
    )
    found = rivalry.gap_ratio(table, pd.Timestamp("2025-01-31"))
    # 2.0/0.5, and with what rounding hides 1.95/0.55 to 2.05/0.45.
    assert (found.value, found.low, found.high, found.n) == (
        pytest.approx(4),
        pytest.approx(1.95 / 0.55),
        pytest.approx(2.05 / 0.45),
        1,
    )


def test_scores_are_a_second_form_of_the_gap():
    scores = [
        ("arena_top_score", place, day, value)
        for day, us, china in (("2025-02-28", 1405, 1400), ("2026-03-31", 1503, 1463))
        for place, value in (("US", us), ("CN", china))
    ]
    found = rivalry.gap_ratio(gap_table(*scores), pd.Timestamp("2025-01-31"))
    assert found.value == pytest.approx(8) and (found.low, found.high) == (
        pytest.approx(39 / 6),
        pytest.approx(41 / 4),
    )


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [("us_lead_over_china_arena", "US-CN", "2025-02-28", 0.5)],
        [
            ("us_lead_over_china_arena", "US-CN", "2023-02-28", 0.5),
            ("us_lead_over_china_arena", "US-CN", "2026-03-31", 2),
        ],
    ],
)
def test_without_a_base_and_a_later_reading_there_is_no_ratio(rows):
    table = gap_table(*rows) if rows else gap_table(("other", "US", "2025", 1.0))
    assert not rivalry.gap_ratio(table, pd.Timestamp("2025-01-31")).known


def answer(year, percent, n=1000, leaning="fewer", population="Adults", survey="Poll"):
    return {
        "survey": f"{survey} {year}",
        "year": year,
        "population": population,
        "question": "Rules?",
        "answer": "too far",
        "percent": float(percent),
        "n": n,
        "leaning": leaning,
        "label": "too far",
        "source_id": "a",
    }


def test_the_change_of_one_question_put_twice_by_hand():
    table = pd.DataFrame([answer(2023, 20), answer(2025, 30)]).astype({"n": "Int64"})
    found = rivalry.worry_change(table, experts=False, level=0.95)
    half = 1.959964 * (0.2 * 0.8 / 1000 + 0.3 * 0.7 / 1000) ** 0.5 * 100
    assert (found.value, found.low, found.n) == (
        pytest.approx(10),
        pytest.approx(10 - half, abs=1e-4),
        2000,
    )
    assert not rivalry.worry_change(table, experts=True, level=0.95).known


@pytest.mark.parametrize(
    "rows",
    [
        [answer(2023, 20)],
        [answer(2023, 20), answer(2025, 30, survey="Other")],
        [answer(2023, 20), answer(2025, 30, population="Voters")],
        [answer(2023, 20, None), answer(2025, 30, None)],
        [answer(2023, 20, leaning="more"), answer(2025, 30, leaning="more")],
    ],
)
def test_answers_of_different_surveys_are_never_subtracted(rows):
    assert not rivalry.worry_change(
        pd.DataFrame(rows).astype({"n": "Int64"}), experts=False, level=0.9
    ).known


def test_opinions_have_an_interval_only_where_n_is_known():
    table = pd.DataFrame(
        [answer(2025, 40, None), answer(2025, 50, 100, "more"), answer(2025, 60, leaning="trust")]
    )
    found = rivalry.opinions(table.astype({"n": "Int64"}), 0.95)
    assert found["leaning"].to_list() == ["more", "fewer"]
    first, second = found["estimate"]
    assert (first.low, first.high) == (
        pytest.approx(0.4038, abs=1e-4),
        pytest.approx(0.5962, abs=1e-4),
    )
    assert second.low == second.value == second.high == 0.4 and second.level is None


def test_the_calendar_begins_after_the_day():
    dates = pd.DataFrame(
        [
            {
                "date": pd.Timestamp(day),
                "jurisdiction": "EU",
                "instrument_id": "act",
                "what_applies": day,
                "confidence": "legislated",
                "source_id": "a",
            }
            for day in ("2027-01-01", "2026-11-23", "2026-11-24")
        ]
    )
    acts = pd.DataFrame([{"instrument_id": "act", "short_title": "Act"}])
    found = rivalry.calendar(dates, acts, dt.date(2026, 11, 23))
    assert found["what_applies"].to_list() == ["2026-11-24", "2027-01-01"]
    assert set(found["short_title"]) == {"Act"}
