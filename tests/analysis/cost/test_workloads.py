"""Bills of other workloads: each as the brief says it whose parameters these are."""

import datetime as dt

import numpy as np
import pytest

from analysis import params
from analysis.cost import prices, summary, workloads
from briefs.evidence import catalog


@pytest.fixture(scope="module")
def found():
    return summary.summary(params.CostRevolution(million_tokens=250)).workloads


def test_days_are_quarters_ends_and_the_day_itself():
    days = [str(day) for day in workloads.days(dt.date(2025, 8, 1))]
    assert days == ["2025-03-31", "2025-06-30", "2025-08-01"]
    assert workloads.days(dt.date(2025, 3, 31)) == [dt.date(2025, 3, 31)]
    assert workloads.days(dt.date(2025, 1, 5)) == [dt.date(2025, 1, 5)]


DAYS = workloads.days(params.EVIDENCE_DATE)


@pytest.mark.parametrize("days", [DAYS[-1:], pytest.param(DAYS[:-1], marks=pytest.mark.slow)])
def test_every_combination_is_the_bill_of_the_brief_with_these_parameters(found, days):
    """What a brief of that day, level, size and currency shows, and the middle one of the offers in force."""
    found = found[found["as_of"].isin(days)]
    levels = found["threshold"].unique()
    seen = 0
    for day in days:
        evidence = {table: catalog.load(table, day) for table in summary.TABLES}
        for score in levels:
            rows = found[(found["as_of"] == day) & (found["threshold"] == score)]
            p = params.CostRevolution(as_of=day, threshold=score)
            brief = summary.Summary(p, evidence)
            months = brief.bill["month"]
            if months.empty or months.iloc[-1].month != day.month:
                assert rows.empty
                continue
            at = brief.offered["benchmark"].eq(p.benchmark) & (brief.offered["score"] >= score)
            log_price = prices.in_force(brief.offered[at], months[-1:])[:, 0]
            half = np.median(np.exp(log_price[np.isfinite(log_price)]))
            for row in rows.itertuples():
                asked = {"million_tokens": row.million_tokens, "currency": row.currency}
                bill = summary.Summary(p.model_copy(update=asked), evidence).bill
                first, last = bill.iloc[0], bill.iloc[-1]
                assert row.bill == pytest.approx(last["bill"])
                assert (row.model, row.provider) == (last["model"], last["provider"])
                assert row.first == pytest.approx(first["bill"]) and row.month == first["month"]
                assert row.half / row.bill == pytest.approx(half / row.usd * row.million_tokens)
                assert row.offers == np.isfinite(log_price).sum()
                assert row.usd_half == pytest.approx(half * row.million_tokens)
                seen += 1
    assert seen == len(found) > 40
    assert set(found["million_tokens"]) == {*workloads.SIZES, 250}


def test_none_is_computed_where_no_other_choice_is_asked_for():
    assert summary.summary(params.CostRevolution(other_choices="none")).workloads.empty
