"""Figures, tables and sentences on regulation, from the evidence as of several days."""

import datetime as dt
import re

import numpy as np
import pandas as pd
import pytest

from analysis import params
from analysis.regulation import (
    decisions as regulation,
    direction,
    era,
    figures,
    findings as statements,
    rivalry,
    summary,
    tables,
)
from briefs.display.records import Card, Figure, Table
from briefs.evidence import catalog
from briefs.values import Estimate

NOW, EARLY, MIDDLE = dt.date(2026, 11, 23), dt.date(2025, 1, 1), dt.date(2025, 6, 30)
START, CHANGE = dt.date(2019, 1, 1), dt.date(2025, 1, 1)
PLACES = ["US-federal", "US-states", "EU", "CN"]
PRICE = Estimate(1.4, 0.4, 13, 0.9, 12, "ratio", "made up")
ENTRY = dt.date(2025, 6, 1)


def everything(as_of):
    """What the notebook shows as of a day, by name."""
    found = summary.summary(params.RegulatoryOutlook.parse({"as_of": as_of, "n_boot": 200}), PRICE)
    load, rows, p = found.evidence, found.decisions, found.p
    opinions = rivalry.opinions(load["surveys"], p.level)
    dates = rivalry.calendar(load["obligations"], load["instruments"], as_of)
    index = regulation.stance(rows, START, as_of, PLACES, "equal")
    collection = direction.documents(load["agora-enacted"], CHANGE.year, p.level)
    change = rivalry.repeated(found.confidence, p.level)
    return {
        "stance": figures.stance(index, PLACES, CHANGE, "equal", ["a"]),
        "surveys": figures.surveys(opinions, ["a"]),
        "adoption": figures.adoption(
            found.internet,
            era.curve(load["adoption"], "MY"),
            found.aligned,
            p.internet_start,
            found.equal_adoption,
        ),
        "leads": figures.leads(found.leads, CHANGE),
        "t-directions": tables.directions(found.directions, CHANGE, ["a"]),
        "t-alignment": tables.alignment(found.aligned, p.internet_start),
        "t-controls": tables.controls(rows[rows["export_control"]]),
        "t-region": tables.region(regulation.of_places(found.steps, rivalry.ASEAN)),
        "t-calendar": tables.calendar(dates, as_of),
        "s-direction": statements.direction(found.directions, CHANGE),
        "s-us": statements.united_states(found.federal, found.states),
        "s-abroad": statements.abroad(
            found.net["united_states"], found.index("elsewhere"), found.net["us_lead"]
        ),
        "s-coding": statements.reliability(found.kappa),
        "s-documents": statements.documents(collection, CHANGE.year),
        "s-opinion": statements.opinion(found.public_worry, found.expert_worry, opinions),
        "s-confidence": statements.confidence(found.confidence, change),
        "s-analogy": statements.analogy(found.equal_adoption, found.equal_age),
        "s-laws": statements.laws(found.laws),
        "s-rivalry": statements.rivalry(found.gap, found.gap_index, 8, CHANGE),
        "s-open-use": statements.open_use(found.open_share, load["token-shares"]),
        "s-outlook": statements.outlook(dates, as_of),
        "s-malaysia": statements.malaysia(found.malaysia),
    }


@pytest.fixture(scope="module")
def drawn(spec):
    return spec.drawn_once(everything)


@pytest.fixture(scope="module")
def shown(drawn):
    return lambda day: drawn(day)[0]


def test_today_everything_can_be_drawn(shown):
    kinds = {name: type(part) for name, part in shown(NOW).items()}
    assert all(kind is Figure for name, kind in kinds.items() if "-" not in name), kinds
    assert all(kind is Table for name, kind in kinds.items() if name.startswith("t-")), kinds


def test_before_the_change_a_sentence_says_what_is_lacking(shown):
    early = shown(EARLY)
    for name in ("surveys", "s-open-use", "t-calendar"):
        assert isinstance(early[name], Card), name
        assert early[name].record()["text"].endswith("."), name


@pytest.mark.parametrize("day", [NOW, MIDDLE, EARLY], ids=str)
def test_every_figure_meets_the_spec(day, drawn, spec):
    shown, drawings = drawn(day)
    for figure in shown.values():
        if isinstance(figure, Figure):
            spec.check(figure, drawings)
            assert figure.note and len(figure.data) <= 150


def test_drawn_twice_a_figure_is_the_same(shown):
    again = everything(NOW)
    for name, figure in shown(NOW).items():
        assert not isinstance(figure, Figure) or again[name].svg == figure.svg


@pytest.mark.parametrize("weighting", ["equal", "stringency"])
def test_one_place_is_enough(weighting):
    load = [catalog.load(name, NOW) for name in ("instruments", "instrument-events")]
    index = regulation.stance(regulation.decisions(*load), START, NOW, ["MY"], weighting)
    found = figures.stance(index, ["MY"], CHANGE, weighting, ["a"])
    assert (
        "Malaysia" in found.subtitle and found.title.count("Malaysia") == 1 and len(found.data) >= 2
    )


@pytest.mark.parametrize("day", [NOW, MIDDLE, EARLY], ids=str)
def test_every_sentence_is_whole_and_no_headline(day, shown):
    for name, part in shown(day).items():
        if name.startswith("s-"):
            record = part.record()
            assert not re.search(r"\b(nan|None|NaT)\b|[{}]", record["text"]), record["text"]
            assert record["text"].endswith(".")
            assert not record["headline"]  # the lead alone is
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
    text = statements.prices(found, ENTRY).record()["text"]
    assert words in text and "1 June 2025" in text  # the day asked for, not the default


@pytest.mark.parametrize(
    ("low", "words"), [(1996, "not in the early 1990s"), (1992, "in 1992 to 1999")]
)
def test_the_early_nineties_are_denied_only_when_none_of_the_figures_lies_there(low, words):
    text = statements.analogy(
        estimate(1997, low, 1999, unit="year"), Estimate.missing("ratio", "x")
    ).record()["text"]
    assert words in text and ("not in" in text) == (low >= 1995)


def test_the_word_for_the_direction_comes_from_the_draws():
    before = estimate(-0.9, -1, -0.7, unit="share")
    for loosening, words in ((0.5, "about as likely as not (33–66%)"), (0.97, "extremely likely")):
        draws = np.where(np.arange(1000) < 1000 * loosening, 0.2, -0.2)
        since = Estimate(0, -0.2, 0.2, 0.9, 20, "share", "made up", draws)
        row = {"estimate": since, "before": before, "change": before}
        row |= {"after_loosening": 9, "after_tightening": 8}
        text = statements.direction(pd.DataFrame([row]), ENTRY).record()["text"]
        assert words in text and "Since 1 June 2025, 9 decisions loosened rules" in text


def test_two_levels_are_set_against_each_other_only_when_they_differ():
    low, high = estimate(-0.3, -0.5, 0.1, unit="share"), estimate(0.4, 0.1, 0.7, unit="share")
    assert "Washington loosens" in statements.united_states(high, low).record()["text"]
    assert "Washington loosens" not in statements.united_states(low, high).record()["text"]


def test_malaysia_is_told_what_binds(shown):
    assert "MY AI chip permit (14 July 2025)" in shown(NOW)["s-malaysia"].record()["text"]
    assert "binding" not in shown(EARLY)["s-malaysia"].record()["text"]


def test_the_calendar_carries_its_file(shown):
    table = shown(NOW)["t-calendar"]
    (file,) = table.record()["files"]
    assert file["name"] == "ai-obligations.ics" and file["text"].count("BEGIN:VEVENT") == len(
        table.data
    )
