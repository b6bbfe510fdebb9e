"""Figures, tables and sentences on regulation, from the evidence as of several days."""

import datetime as dt
import re
from functools import cache

import pandas as pd
import pytest

from analysis.regulation import (
    decisions as regulation,
    direction,
    era,
    findings as statements,
    rivalry,
    tables,
)
from analysis.regulation.figures import decisions as figures, rivalry as rivalry_figures
from briefs.display.records import Card, Figure, Table
from briefs.evidence import catalog, claims
from briefs.values import Estimate

NOW, EARLY, MIDDLE = dt.date(2026, 11, 23), dt.date(2025, 1, 1), dt.date(2025, 6, 30)
START, CHANGE, TAKE_OFF = dt.date(2019, 1, 1), dt.date(2025, 1, 1), dt.date(1993, 4, 22)
PLACES = ["US-federal", "US-states", "EU", "CN"]
PRICE = Estimate(1.4, 0.4, 13, 0.9, 12, "ratio", "made up")


def everything(as_of):
    """What the notebook shows as of a day, by name."""
    load = {name: catalog.load(name, as_of) for name in catalog.tables() if name != "sources"}
    rows = regulation.decisions(load["instruments"], load["instrument-events"])
    after = regulation.since(rows, CHANGE)
    found = direction.directions(rows, START, CHANGE, 0.9)
    internet = era.curve(load["adoption"], "US")
    aligned = era.align(internet, era.use_today(load["adoption"], "US", as_of), TAKE_OFF)
    rates = era.law_rates(load["internet-acts"], load["law-counts"], TAKE_OFF, as_of, 0.9)
    ratio, equal, opinions = (
        era.laws_ratio(rates, 0.9),
        era.equal_adoption(aligned),
        rivalry.opinions(load["surveys"], 0.9),
    )
    gap = rivalry.gap_ratio(load["competition"], CHANGE)
    dates = rivalry.calendar(load["obligations"], load["instruments"], as_of)
    steps = regulation.decisions(load["instruments"], load["instrument-events"], repeats=True)
    variants = direction.sensitivity(
        rows, regulation.undated(load["instruments"], load["instrument-events"]), CHANGE, 0.9
    )
    index = regulation.stance(rows, START, as_of, PLACES, "equal")
    public = rivalry.worry_change(load["surveys"], False, 0.9)
    return {
        "stance": figures.stance(index, PLACES, CHANGE, "equal", ["a"]),
        "directions": figures.directions(found, CHANGE, ["a"]),
        "surveys": figures.surveys(opinions, ["a"]),
        "calendar": figures.calendar(dates, as_of),
        "adoption": rivalry_figures.adoption(
            internet, era.curve(load["adoption"], "MY"), aligned, TAKE_OFF, equal
        ),
        "laws": rivalry_figures.laws(rates, ratio),
        "gaps": rivalry_figures.gaps(rivalry.gaps(load["competition"]), gap),
        "open": rivalry_figures.open_weights(rivalry.open_shares(load["competition"])),
        "t-directions": tables.directions(found, CHANGE, ["a"]),
        "t-coding": tables.coding(variants, CHANGE, ["a"]),
        "t-surveys": tables.surveys(opinions),
        "t-alignment": tables.alignment(aligned),
        "t-controls": tables.controls(rows[rows["export_control"]]),
        "t-region": tables.region(regulation.of_places(steps, rivalry.ASEAN)),
        "t-calendar": tables.calendar(dates, as_of),
        "s-direction": statements.direction(
            found["estimate"].iloc[0],
            found["before"].iloc[0],
            direction.majority_probability(after),
            CHANGE,
        ),
        "s-us": statements.united_states(found["estimate"].iloc[1], found["estimate"].iloc[2]),
        "s-abroad": statements.abroad(
            direction.lead(regulation.of_places(after, regulation.UNITED_STATES), after, 0.9)
        ),
        "s-opinion": statements.opinion(public, public, opinions),
        "s-analogy": statements.analogy(equal, era.equal_age(aligned)),
        "s-laws": statements.laws(ratio, ratio),
        "s-rivalry": statements.rivalry(gap, 8),
        "s-outlook": statements.outlook(dates, as_of),
        "s-malaysia": statements.malaysia(regulation.of_places(steps, ["MY"])),
        "s-trust": statements.trust(load["surveys"], "Malaysia"),
    }


@cache
def shown(day):
    return everything(day)


def test_today_everything_can_be_drawn():
    kinds = {name: type(part) for name, part in shown(NOW).items()}
    assert all(kind is Figure for name, kind in kinds.items() if "-" not in name), kinds
    assert all(kind is Table for name, kind in kinds.items() if name.startswith("t-")), kinds


def test_before_the_change_a_sentence_says_what_is_lacking():
    early = shown(EARLY)
    for name in (
        "directions",
        "surveys",
        "calendar",
        "adoption",
        "gaps",
        "open",
        "t-coding",
        "t-alignment",
        "t-calendar",
    ):
        assert isinstance(early[name], Card), name
        assert early[name].record()["text"].endswith("."), name


@pytest.mark.parametrize("day", [NOW, MIDDLE, EARLY], ids=str)
def test_every_figure_meets_the_spec(day, spec):
    with pytest.MonkeyPatch.context() as patch:
        drawings = spec.captured(patch)
        again = everything(day)
    for name, figure in shown(day).items():
        if isinstance(figure, Figure):
            spec.check(figure, drawings[figure.id])
            assert figure.note and len(figure.data) <= 100
            assert again[name].svg == figure.svg  # drawn twice it's the same


@pytest.mark.parametrize("weighting", ["equal", "stringency"])
def test_one_place_is_enough(weighting):
    load = [catalog.load(name, NOW) for name in ("instruments", "instrument-events")]
    index = regulation.stance(regulation.decisions(*load), START, NOW, ["MY"], weighting)
    found = figures.stance(index, ["MY"], CHANGE, weighting, ["a"])
    assert (
        "Malaysia" in found.subtitle and found.title.count("Malaysia") == 1 and len(found.data) >= 2
    )


@pytest.mark.parametrize("day", [NOW, MIDDLE, EARLY], ids=str)
def test_every_sentence_is_whole_and_headlines_are_short(day):
    for name, part in shown(day).items():
        if name.startswith("s-"):
            record = part.record()
            assert not re.search(r"\b(nan|None|NaT)\b|[{}]", record["text"]), record["text"]
            assert record["text"].endswith(".")
            assert not record["headline"] or len(record["text"].split()) <= 35, record["text"]
            for number in record["numbers"].values():
                assert number["value"] is None or (number["n"] >= 0 and number["method"])


def estimate(value, low, high, n=20, unit="ratio"):
    return Estimate(value, low, high, 0.9, n, unit, "made up")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (estimate(0.5, 0.3, 0.8), "Prices fell faster"),
        (estimate(2, 1.5, 3), "Prices fell more slowly"),
        (PRICE, "No change"),
        (Estimate.missing("ratio", "made up"), "can't be tested"),
    ],
)
def test_what_is_said_of_prices_follows_the_interval(found, words):
    assert words in statements.prices(found).record()["text"]


@pytest.mark.parametrize(
    ("low", "words"), [(1996, "not in the early 1990s"), (1992, "between 1992 and 1999")]
)
def test_the_early_nineties_are_denied_only_when_none_of_the_figures_lies_there(low, words):
    text = statements.analogy(
        estimate(1997, low, 1999, unit="year"), Estimate.missing("ratio", "x")
    ).record()["text"]
    assert words in text and ("not in" in text) == (low >= 1995)


def test_the_word_for_a_majority_comes_from_its_probability():
    share = estimate(0.5, 0.3, 0.7, unit="share")
    for p, words in (
        (0.5, "about as likely as not (33–66%)"),
        (0.97, "extremely likely (95–100%)"),
    ):
        assert words in statements.direction(share, share, p, CHANGE).record()["text"]


def test_the_coding_is_said_to_matter_when_it_does():
    found = claims.assess(
        "regulation-1",
        overall=estimate(0.45, 0.35, 0.55, unit="share"),
        us_federal=estimate(0.6, 0.4, 0.8, unit="share"),
        us_states=estimate(0.3, 0.2, 0.5, unit="share"),
        us_lead=estimate(1.3, 0.8, 2),
    ).readings[0]
    variants = pd.DataFrame(
        {
            "variant": ["base", "a", "b"],
            "estimate": [
                estimate(0.45, 0.35, 0.55),
                estimate(0.4, 0.33, 0.5),
                estimate(0.5, 0.34, 0.6),
            ],
        }
    )
    assert statements.coding(variants, found).record()["text"].startswith("In 1 of 2 other codings")
    assert "stays above" in statements.coding(variants.drop(index=1), found).record()["text"]
    assert "No decision" in statements.coding(variants[:1], found).record()["text"]


def test_two_levels_are_set_against_each_other_only_when_they_differ():
    low, high = estimate(0.3, 0.1, 0.5, unit="share"), estimate(0.7, 0.5, 0.9, unit="share")
    assert "Washington loosens" in statements.united_states(high, low).record()["text"]
    assert "Washington" not in statements.united_states(low, high).record()["text"]


def test_the_calendar_carries_its_file():
    table = shown(NOW)["t-calendar"]
    (file,) = table.record()["files"]
    assert file["name"] == "ai-obligations.ics" and file["text"].count("BEGIN:VEVENT") == len(
        table.data
    )


def test_p_values_are_never_nothing():
    assert (
        tables._p(1e-9) == "below 0.001"
        and tables._p(0.0456) == "0.046"
        and tables._p(float("nan")) == "–"
    )


def test_confidence_is_graded_for_every_tested_claim():
    missing = Estimate.missing("percentage points", "made up")
    judged = claims.assess("regulation-2", public_worry=missing, expert_worry=missing)
    table = tables.confidence([judged])
    assert table.data["confidence"].to_list() == ["very low confidence"]
    assert isinstance(table.data, pd.DataFrame) and "never better than medium" in table.note
