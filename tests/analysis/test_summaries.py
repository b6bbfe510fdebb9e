"""Summaries of the briefs: every claim judged, as of any day, and each number once."""

import datetime as dt

import pytest

from analysis import overview, params
from analysis.cost import decline_rate, summary as cost
from analysis.market import summary as market
from analysis.regulation import summary as regulation
from briefs.evidence import catalog
from briefs.evidence.claims import load_claims

THEN = dt.date(2025, 2, 1)


@pytest.fixture(scope="module")
def now():
    return overview.summaries(params.EVIDENCE_DATE, 0.9, 100, 2025)


@pytest.fixture(scope="module")
def then():
    return overview.summaries(THEN, 0.9, 100, 2025)


def test_every_claim_of_the_article_is_judged_in_its_order(now, then):
    for found in (now, then):
        assert [verdict.claim["id"] for verdict in found.verdicts] == list(load_claims())


def test_summaries_are_frames_with_a_row_for_each_claim_and_a_line_each(now):
    frame = now.to_frame()
    assert frame["claim"].tolist() == list(load_claims())
    assert frame["verdict"].tolist() == [judged.verdict for judged in now.verdicts]
    cost_4 = frame.set_index("claim").loc["cost-4"]
    assert (cost_4["value"], cost_4["unit"]) == (now.cost.decline.value, "share per year")
    assert repr(now.cost).startswith(
        f"Summary of cost-revolution as of {params.EVIDENCE_DATE}: bill, bills, "
    )


@pytest.mark.parametrize("theme", ["cost", "market", "regulation"])
def test_a_theme_judges_the_claims_of_its_own_brief(now, theme):
    found = getattr(now, theme)
    assert {verdict.claim["report"] for verdict in found.verdicts} == {found.p.report}


def test_the_parameters_reach_every_theme():
    found = overview.summaries(THEN, 0.8, 200, 7)
    for p in (brief.p for brief in found):
        assert (p.as_of, p.level, p.n_boot, p.seed) == (THEN, 0.8, 200, 7)


def test_evidence_is_what_had_been_published_by_the_day(then):
    for tables in (brief.evidence for brief in then):
        for name, table in tables.items():
            column = catalog.describe(name)["asOf"]["published"]
            assert (table[column].dropna() <= str(THEN)).all(), name


def test_every_table_is_one_of_the_package():
    read = {*cost.TABLES, *market.TABLES, *regulation.TABLES}
    assert read <= set(catalog.tables())


def test_a_number_is_computed_once(now):
    assert now.cost.declines is now.cost.declines
    assert now.cost.cost_4.readings[0].estimate is now.cost.decline


def test_the_fall_of_prices_is_the_same_number_in_both_briefs_that_test_it(now):
    measured, used = now.cost.change["ratio"], now.regulation.price_effect
    assert measured == used
    assert now.regulation.regulation_4.readings[0].estimate == used


def test_what_no_source_gives_stays_missing(now):
    """No source gives the speaker's ratio of 1932; no survey asked twice whether rules go too far."""
    found = {r.id: r for r in now.market.market_8.readings}
    assert found["speakers_measure"].cause == "no data"
    assert [r.cause for r in now.regulation.regulation_2.readings] == ["no data", "no data"]


def test_the_workload_of_other_briefs_is_the_one_that_the_brief_on_costs_assumes():
    assert params.CostRevolution().input_share == decline_rate.INPUT_SHARE


def test_changes_compares_claim_by_claim(then):
    before = then.cost.verdicts
    moved = overview.changes(before, reversed(before))
    assert list(moved["id"]) == [verdict.claim["id"] for verdict in reversed(before)]
    assert not moved["changed"].any()


def test_changes_says_which_verdicts_moved(now, then):
    moved = overview.changes(then.verdicts, now.verdicts).set_index("id")
    for name, row in moved.iterrows():
        assert row["changed"] == (row["before"].verdict != row["now"].verdict), name
    assert moved["changed"].any()
