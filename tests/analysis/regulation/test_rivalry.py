"""Opinions, gaps and dates: made-up tables, worked out by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.regulation import rivalry


def arena(*rows, basis="as_published", leaderboard="board"):
    """Leads by day with their 95% interval; that with the best redrawn is twice as wide."""
    frame = pd.DataFrame(rows, columns=["date", "lead", "half"]).assign(
        basis=basis, leaderboard=leaderboard, best_us="a", best_china="b", source_id="s", grade="B"
    )
    frame["date"] = pd.to_datetime(frame["date"])
    for name, width in (("", 1), ("_redrawn", 2)):
        frame[f"low{name}"] = frame["lead"] - width * frame["half"]
        frame[f"high{name}"] = frame["lead"] + width * frame["half"]
    return frame


DAY = dt.date(2025, 1, 1)
ROWS = arena(
    ("2024-07-31", 90, 9.8),
    ("2024-12-31", 50, 9.8),
    ("2025-01-31", 20, 9.8),
    ("2026-03-31", 30, 9.8),
    ("2026-04-30", 26, 9.8),
)


def lead_change(rows=ROWS, day=DAY, **choices):
    rng = np.random.default_rng(1)
    return rivalry.lead_change(rivalry.leads(rows), day, 0.9, 20_000, rng, **choices)


def test_the_change_of_a_lead_by_hand():
    # 26 less 50; each error is 9.8 / 1.96 = 5, so that of the change is 7.07.
    found = lead_change()
    assert (found.value, found.n, found.unit, found.grade) == (-24, 2, "1", "B")
    assert found.low == pytest.approx(-24 - 1.645 * 50**0.5, abs=0.3)
    assert found.high == pytest.approx(-24 + 1.645 * 50**0.5, abs=0.3)
    assert lead_change(best="redrawn").high == pytest.approx(-24 + 3.29 * 50**0.5, abs=0.6)


def test_more_readings_at_either_end_are_averaged():
    # Nearest to the day: 50 and 20, then the last two, 30 and 26.
    found = lead_change(readings=2)
    assert (found.value, found.n) == (28 - 35, 4)
    assert found.high - found.low == pytest.approx(2 * 1.645 * 50**0.5, abs=0.6)  # no narrower


@pytest.mark.parametrize("keep", [[], [1], [0, 4], [1, 2]])
def test_without_a_base_and_a_later_reading_there_is_no_change(keep):
    assert not lead_change(ROWS.iloc[keep]).known


def test_the_look_back_goes_by_the_score_of_the_board():
    plain = arena(("2024-12-31", 1, 1), basis="one_version", leaderboard="text overall")
    styled = arena(
        ("2024-12-31", 2, 1), basis="one_version", leaderboard="text overall, style control"
    )
    rows = pd.concat([ROWS, plain, styled], ignore_index=True)
    assert rivalry.leads(rows, "one_version")["lead"].to_list() == [2]
    assert len(rivalry.leads(rows)) == len(ROWS)


def test_a_lead_within_its_error_still_gives_a_change():
    """A ratio over a base of 1 with an error of 10 would mean nothing; a difference is fine."""
    found = lead_change(arena(("2025-01-01", 1, 19.6), ("2026-01-01", 41, 19.6)))
    assert found.value == 40 and found.low > 0


def test_the_index_goes_by_its_last_vintage():
    rows = pd.DataFrame(
        {
            "date": pd.to_datetime(["2025-01-31", "2025-01-31", "2025-02-28"]),
            "vintage": pd.to_datetime(["2025-12-19", "2026-08-11", "2026-08-11"]),
            "lead": [1.0, 2, 3],
            "low": [0.0, 1, None],
            "high": [2.0, 3, None],
        }
    )
    assert rivalry.index_leads(rows)["lead"].to_list() == [2]


def weeks(*shares):
    return pd.DataFrame(
        {
            "week": pd.date_range("2026-01-05", periods=len(shares), freq="7D"),
            "open_share": shares,
            "open_share_by_name": [share / 2 for share in shares],
            "grade": "C",
        }
    )


def test_the_change_of_the_open_share_by_hand():
    # Twelve weeks, of which the fifth stands out by 10 points: changes over four weeks are 0 but
    # for one of +10 and one of -10, so their variance is 200 / 7.
    found = rivalry.open_share_change(weeks(*[0.2] * 4, 0.3, *[0.2] * 7), 0.9, weeks=2)
    assert (found.value, found.n, found.grade) == (pytest.approx(0), 12, "C")
    assert found.high == pytest.approx(stats.t.ppf(0.95, 2) * (200 / 7) ** 0.5)


def test_a_steady_trend_has_no_error():
    found = rivalry.open_share_change(weeks(*np.linspace(0.1, 0.3, 12)), 0.9, weeks=1)
    assert (found.value, found.low) == (pytest.approx(20), pytest.approx(20))
    named = rivalry.open_share_change(weeks(*np.linspace(0.1, 0.3, 12)), 0.9, 1, "names")
    assert named.value == pytest.approx(10)


def test_few_weeks_give_no_change():
    assert not rivalry.open_share_change(weeks(*[0.1] * 11), 0.9, weeks=1).known
    assert not rivalry.open_share_change(weeks(*[0.1] * 15), 0.9, weeks=8).known
    assert rivalry.open_share_change(weeks(*[0.1] * 12), 0.9, weeks=4).known


@pytest.mark.parametrize("memory", [0.0, 0.6])
def test_the_interval_of_the_open_share_covers_a_known_change(memory):
    rng = np.random.default_rng(2025)
    trend = np.linspace(0.2, 0.6, 26)
    true = 100 * (trend[-4:].mean() - trend[:4].mean())
    held = []
    for _world in range(200):
        noise = rng.normal(0, 0.06, 26)
        for week in range(1, 26):
            noise[week] += memory * noise[week - 1]
        found = rivalry.open_share_change(weeks(*(trend + noise)), 0.9)
        held.append(found.low <= true <= found.high)
    assert np.mean(held) >= 0.84


def answer(year, percent, n=1000, leaning="fewer", population="Adults", survey="Poll"):
    return {
        "survey": f"{survey} {year}",
        "year": year,
        "population": population,
        "question": "Will rules go too far?",
        "answer": "too far",
        "percent": float(percent),
        "n": n,
        "leaning": leaning,
        "label": "too far",
        "source_id": "a",
        "grade": "C",
    }


def test_the_change_of_one_question_put_twice_by_hand():
    table = pd.DataFrame([answer(2023, 20), answer(2025, 30)]).astype({"n": "Int64"})
    found = rivalry.worry_change(table, experts=False, level=0.95)
    half = 1.959964 * (1.5 * (0.2 * 0.8 / 1000 + 0.3 * 0.7 / 1000)) ** 0.5 * 100
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


def test_the_net_worry_by_hand():
    """Too far less not far enough: 20 - 50 and then 30 - 40."""
    table = pd.DataFrame(
        [
            answer(2023, 20),
            answer(2023, 50, leaning="more"),
            answer(2025, 30),
            answer(2025, 40, leaning="more"),
        ]
    ).astype({"n": "Int64"})
    found = rivalry.worry_change(table, False, 0.95, measure="net", design_effect=1)
    variance = (0.7 - 0.3**2) / 1000 + (0.7 - 0.1**2) / 1000
    assert found.value == pytest.approx(20)
    assert found.high - 20 == pytest.approx(1.959964 * 100 * variance**0.5, abs=1e-3)
    assert rivalry.worry_change(table, False, 0.95).value == pytest.approx(10)


def test_of_three_waves_the_last_two_can_be_asked_for():
    table = pd.DataFrame([answer(2021, 10), answer(2023, 20), answer(2025, 25)])
    table = table.astype({"n": "Int64"})
    assert rivalry.worry_change(table, False, 0.9).value == pytest.approx(15)
    assert rivalry.worry_change(table, False, 0.9, waves="last_two").value == pytest.approx(5)


def test_confidence_asked_twice_by_hand():
    rows = [
        answer(year, share, leaning="trust", survey="Poll on trust")
        | {"question": "Confidence in the state"}
        for year, share in ((2026, 67), (2024, 62))
    ]
    table = pd.DataFrame(rows).astype({"n": "Int64"})
    asked = rivalry.confidence(table, "Adults")
    assert rivalry.repeated(asked, 0.9).value == pytest.approx(5)
    assert not rivalry.repeated(rivalry.confidence(table, "Voters"), 0.9).known


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
