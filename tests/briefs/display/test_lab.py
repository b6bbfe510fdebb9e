"""What JupyterLab shows of values by themselves, and tables that sort in a browser."""

import math

import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from briefs.display import i18n, lab
from briefs.values import Estimate, Reading, Specifications, Verdict

FALL = Estimate(0.717, 0.592, 0.827, 0.9, 12, "share per year", "log-linear fit", grade="B")
READING = Reading(
    "fall",
    {"en": "Fall < of prices"},
    (0.7, math.inf),
    (0.5, math.inf),
    "supported",
    FALL,
    (0.8, 0.9),
)
TRIED = Specifications(
    pd.DataFrame(
        {
            "window": [6, 12, 24],
            "verdict": ["supported", "contradicted", "unresolved"],
            "cause": ["", "", "too imprecise"],
            "estimate": [FALL] * 3,
        }
    ),
    1,
    3,
)
JUDGED = Verdict({"id": "cost-9"}, "supported", (), (READING,), tried=lambda: TRIED)


def test_values_are_a_line_each_in_text():
    line = "Estimate(0.717 [0.592 to 0.827, 90%], share per year, n=12, grade B)"
    assert repr(FALL) == line
    assert repr(READING) == f"Reading(fall: supported; {line})"
    assert repr(JUDGED) == f"Verdict(cost-9: supported; {line})"
    assert repr(TRIED) == "Specifications(verdict holds in 1 of 3)"
    bounds = Estimate(1, 0, 2, None, 3, "USD", "sum", bounded=True)
    assert repr(bounds) == "Estimate(1 [0 to 2, bounds], USD, n=3)"
    assert repr(Estimate.missing("USD", "too thin")) == "Estimate(unknown, USD, n=0)"


def test_values_are_frames_with_all_that_they_hold():
    (row,) = FALL.to_frame().to_dict("records")
    assert Estimate(**row) == FALL
    (row,) = JUDGED.to_frame().to_dict("records")
    assert row.items() >= {"claim": "cost-9", "reading": "fall", "value": 0.717}.items()
    assert row["probability_partly"] == 0.9 and row["quantity"] == "Fall < of prices"
    frame = TRIED.to_frame()
    assert frame["window"].tolist() == [6, 12, 24] and frame["low"].tolist() == [0.592] * 3
    assert "estimate" not in frame


def test_an_estimate_shows_its_interval_and_what_it_rests_on():
    shown = lab.estimate(FALL)
    assert "<strong>71.7% a year (90% interval: 59.2% to 82.7%)</strong>" in shown
    assert "n = 12 · sources of grade B · log-linear fit" in shown
    assert f"<strong>{i18n.UNKNOWN}</strong>" in lab.estimate(Estimate.missing("USD", "too thin"))


def test_readings_show_range_probability_and_outcome():
    shown = lab.readings([READING])
    for part in ("Fall &lt; of prices", "70.0% or more", ">80%<", ">Supported<"):
        assert part in shown


@pytest.fixture
def shell():
    """Give a notebook's shell that remembers nothing on disk."""
    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    InteractiveShell.clear_instance()


def test_a_notebook_shows_values_by_themselves_once_a_brief_has_begun(shell):
    lab.register(lambda judged: f"<b>{judged.claim['id']}</b>")
    fall, reading, judged, tried = (
        shell.display_formatter.format(value)[0] for value in (FALL, READING, JUDGED, TRIED)
    )
    assert (fall["text/html"], fall["text/plain"]) == (lab.estimate(FALL), repr(FALL))
    assert reading["text/html"] == lab.readings([READING])
    assert judged["text/html"] == "<b>cost-9</b>"
    assert "holds in 1 of 3" in tried["text/html"] and ">Contradicted<" in tried["text/html"]
    assert ">Unresolved, too imprecise<" in tried["text/html"]


def test_only_addresses_of_the_web_are_links():
    assert lab.link("javascript:alert(1)", "a<b") == lab.link(None, "a<b") == "a&lt;b"
    assert 'href="https://a.example/?b&amp;c"' in lab.link("https://a.example/?b&c", "x")


@pytest.mark.browser
def test_a_table_sorts_by_what_its_cells_mean_and_the_unknown_stays_last(open_page, tmp_path):
    values = [["b", 1200.0, "2025-02-01"], ["a", 900.0, "2025-11-01"], ["C", np.nan, None]]
    rows = [
        [name, i18n.cell("usd", amount), i18n.cell("date", day)] for name, amount, day in values
    ]
    given = [[None if value != value else value for value in row] for row in values]
    head = [("Name", "text"), ("Amount", "usd"), ("Day", "date")]
    page = tmp_path / "table.html"
    page.write_text(f"<!doctype html><meta charset=utf-8>{lab.table(head, rows, given)}", "utf-8")
    opened = open_page(page.as_uri())

    def order(heading):
        opened.get_by_role("button", name=heading).press("Enter")
        return "".join(opened.locator("tbody td:first-child").all_text_contents())

    assert order("Name") == "abC" and order("Name") == "Cba"
    assert order("Amount") == "abC" and order("Amount") == "baC"
    assert order("Day") == "baC"
    assert opened.locator("th[aria-sort]").all_text_contents() == ["Day"]
    assert not [said for kind, said in opened.heard if kind != "request"]
