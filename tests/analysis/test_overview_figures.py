"""How verdicts moved between two dates, drawn."""

import datetime as dt

import pandas as pd
import pytest

from analysis import overview, overview_figures
from briefs.display.records import Card
from briefs.values import Verdict

THEN = dt.date(2025, 2, 1)


def judged(name, verdict):
    names = {"en": f"Claim {name} holds", "ms": f"Dakwaan {name} benar"}
    return Verdict({"id": name, "name": names, "source_ids": ("article",)}, verdict, (), ())


def changes(**moves):
    sides = zip(*((judged(n, a), judged(n, b)) for n, (a, b) in moves.items()), strict=True)
    return overview.changes(*sides)


MOVED = {
    "a": ("unresolved", "supported"),
    "b": ("unresolved", "contradicted"),
    "c": ("supported", "supported"),
    "d": ("unresolved", "supported"),
}


def test_each_claim_that_moved_has_one_row_and_a_place_at_either_date():
    found = overview_figures.moved(changes(**MOVED), THEN)
    rows = found.data
    assert list(rows["claim"]) == ["Claim a holds", "Claim b holds", "Claim d holds"]
    # two slots of supported from 0 on, half a slot for each without a name: unresolved from 3.5, contradicted from 6.5
    assert list(rows["at_before"]) == [4.5, 5, 5.5]
    assert list(rows["at_now"]) == [1, 7.5, 2]
    assert found.title == "3 of 4 verdicts changed since 1 February 2025"
    assert (
        "3 of them were unresolved on 1 February 2025, 0 are now, and 2 are supported" in found.alt
    )
    assert [row[1:3] for row in found.record()["rows"]] == [
        ["Unresolved", "Supported"],
        ["Unresolved", "Contradicted"],
        ["Unresolved", "Supported"],
    ]


def test_each_line_says_both_verdicts(spec):
    found = overview_figures.moved(changes(**MOVED), THEN)
    for svg in (found.svg, found.wide):
        assert "Claim b holds: Unresolved, now Contradicted" in svg
        assert "Claim c" not in svg


def test_its_words_and_layout_meet_the_spec(drawings, spec):
    found = overview_figures.moved(changes(**MOVED), THEN)
    for svg, name in ((found.svg, found.id), (found.wide, f"{found.id}-wide")):
        spec.check_svg(svg)
        spec.check_layout(drawings[name])
    assert 80 <= len(found.alt) <= 300 and len(found.title.split()) <= 12


@pytest.mark.parametrize("moves", [{"c": ("mixed", "mixed")}])
def test_where_nothing_moved_a_sentence_says_so(moves):
    found = overview_figures.moved(pd.DataFrame(changes(**moves)), THEN)
    assert isinstance(found, Card)
    assert found.record()["text"] == "No verdict has changed since 1 February 2025."
