import dataclasses

import numpy as np
import pandas as pd
import pytest

from briefs.display import charts, i18n, style
from briefs.display.records import Figure
from briefs.values import Estimate


def axes(low=None, high=None, scale="log", height=3):
    with style.house():
        _figure, ax = style.canvas(height)
    if scale == "log":
        ax.set_yscale("log")
        ax.set_ylim(low, high)
    return ax


def labels(axis):
    formatter = axis.get_major_formatter()
    return [formatter(value, 0) for value in axis.get_major_locator()()]


@pytest.mark.parametrize(
    "low, high, text",
    [
        (0.045, 30, ["0.1", "1", "10"]),  # finer would be six labels
        (0.2, 30, ["0.3", "1", "3", "10", "30"]),
        (9, 105, ["10", "20", "50", "100"]),
        (0.6, 7.5, ["1", "2", "5"]),
        (6.1, 9.2, ["7", "8", "9"]),
        (3e-5, 2e3, ["0.0001", "0.01", "1", "100"]),  # even powers of ten
        (1e-9, 1e3, ["0.000000001", "0.000001", "0.001", "1", "1,000"]),
    ],
)
def test_a_log_axis_shows_as_many_round_values_as_fit(low, high, text):
    ax = axes(low, high)
    charts.log_axis(ax.yaxis, lambda value: i18n.significant(value, 1))
    assert labels(ax.yaxis) == text
    assert not len(ax.yaxis.get_minorticklocs())


def test_a_narrow_axis_asks_for_fewer():
    ax = axes(3e5, 3e9)
    charts.log_money(ax.yaxis, at_most=3)
    assert labels(ax.yaxis) == ["US$1 million", "US$100 million"]


@pytest.mark.parametrize("high", np.geomspace(1.5, 1e40, 25))
def test_a_log_axis_is_never_crowded_and_never_bare(high):
    ax = axes(1, high)
    charts.log_money(ax.yaxis, "MYR")
    assert 1 <= len(labels(ax.yaxis)) <= 5 and labels(ax.yaxis)[0].startswith("RM")


@pytest.mark.parametrize(
    "first, last, text",
    [
        ("2023-11-10", "2026-05-01", ["2024", "2025", "2026"]),
        ("2017-03-01", "2025-09-01", ["2018", "2020", "2022", "2024"]),  # eight years: every other
        ("2010-06-01", "2031-02-01", ["2015", "2020", "2025", "2030"]),
        (
            "2023-12-01",
            "2025-03-01",
            ["Jan 2024", "Jul 2024", "Jan 2025"],
        ),  # under a year and a half: months
        ("2025-03-02", "2025-10-15", ["Apr 2025", "Jul 2025", "Oct 2025"]),
        ("2025-03-02", "2025-06-15", ["Apr 2025", "May 2025", "Jun 2025"]),
        ("2025-01-01", "2025-03-01", ["Jan 2025", "Feb 2025", "Mar 2025"]),
    ],
)
def test_years_or_months_of_a_short_span(first, last, text):
    ax = axes(scale="linear")
    ax.set_xlim(pd.Timestamp(first), pd.Timestamp(last))
    charts.years_axis(ax)
    assert labels(ax.xaxis) == text


def test_months_are_in_the_active_language():
    i18n.activate("ms")
    ax = axes(scale="linear")
    ax.set_xlim(pd.Timestamp("2025-08-02"), pd.Timestamp("2025-12-15"))
    charts.years_axis(ax)
    assert labels(ax.xaxis) == ["Okt 2025"]


def test_labels_at_line_ends_keep_their_order_and_distance():
    ax = axes(1, 1000)
    ends = [
        (1, 500.0, "high", "#112233"),
        (1, 2.0, "low", "#445566"),
        (1, 2.1, "just above", "#778899"),
        (1, 2.1, "same", "#000000"),
    ]
    charts.end_labels(ax, ends)
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert heights["low"] == pytest.approx(np.log10(2) / 3)  # nothing pushes the lowest
    ordered = sorted(heights.values())
    assert np.diff(ordered).min() == pytest.approx(charts._GAP)
    assert sorted(heights, key=heights.get) == ["low", "just above", "same", "high"]
    marks = {line.get_color(): line.get_ydata()[0] for line in ax.lines}
    assert marks == {colour: heights[text] for _x, _y, text, colour in ends}


def test_a_long_label_at_a_line_end_is_broken_and_gets_the_room():
    ax = axes(1, 1000)
    charts.end_labels(
        ax, [(1, 10.0, "a label of many words", "#112233"), (1, 10.1, "short", "#445566")]
    )
    heights = {text.get_text(): text.get_position()[1] for text in ax.texts}
    assert list(heights) == ["a label of\nmany words", "short"]
    assert heights["short"] - heights["a label of\nmany words"] == pytest.approx(1.5 * charts._GAP)
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not boxes[0].overlaps(boxes[1])


def test_labels_at_the_top_are_pushed_down_not_out():
    ax = axes(1, 10)
    charts.end_labels(ax, [(1, 9.9, "a", "#112233"), (1, 9.95, "b", "#445566")])
    assert max(text.get_position()[1] for text in ax.texts) <= 1


def test_point_labels_avoid_each_other_marks_and_edges():
    ax = axes(scale="linear")
    ax.plot([0, 1, 5, 5.1, 10], [0, 10, 5, 5.05, 10], "o")
    charts.point_labels(
        ax, [(0, 0, "corner"), (5, 5, "first"), (5.1, 5.05, "second"), (10, 10, "far corner")]
    )
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    for box in boxes:
        assert all(ax.bbox.contains(*corner) for corner in box.corners())


FOUND = Estimate(0.5, 0.2, 0.8, 0.9, 7, "share per year", "made up")


def test_a_forest_has_a_row_each_the_first_on_top():
    ax = axes(scale="linear")
    point = Estimate(0.9, 0.9, 0.9, None, 1, "share per year", "made up")
    charts.forest(ax, ["first", "second"], [FOUND, point], [style.MAIN, style.ACCENT])
    interval, dot, _no_interval, other = ax.lines
    assert [list(line.get_xdata()) for line in (interval, dot, other)] == [[0.2, 0.8], [0.5], [0.9]]
    assert (interval.get_color(), other.get_color()) == (style.MAIN, style.ACCENT)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["first", "second"]
    bottom, top = ax.get_ylim()
    assert bottom > 1 > 0 > top


@pytest.mark.parametrize(
    "left, text",
    [
        (0.85, ["85%", "90%", "95%", "100%"]),  # and no 88% for 87.5%
        (0.3, ["40%", "60%", "80%", "100%"]),
        (0, ["0%", "20%", "40%", "60%", "80%", "100%"]),
    ],
)
def test_percentages_on_an_axis_are_whole(left, text):
    ax = axes(scale="linear")
    charts.forest(ax, ["x"], [FOUND], [style.MAIN])
    ax.set_xlim(left, 1)
    values = ax.xaxis.get_major_locator()()
    assert [i18n.percent(value) for value in values if left - 1e-9 <= value <= 1 + 1e-9] == text


def test_spread_puts_an_estimate_into_columns():
    made = charts.spread(
        pd.DataFrame(
            {"what": ["a", "b"], "estimate": [FOUND, Estimate.missing("share", "none", 2)]}
        )
    )
    assert list(made.columns) == ["what", "value", "low", "high", "n"]
    assert made.iloc[0].tolist() == ["a", 0.5, 0.2, 0.8, 7]
    assert made.iloc[1, 1:4].isna().all() and made.iloc[1]["n"] == 2
    point = Estimate(0.9, 0.9, 0.9, None, 1, "share", "made up")
    assert charts.spread(pd.DataFrame({"estimate": [point]}))[["low", "high"]].isna().all(axis=None)
    assert {c.name for c in charts.spread_columns("percent", "Fall")} == {
        "value",
        "low",
        "high",
        "n",
    }


def test_the_note_names_level_and_unit_of_intervals():
    note = charts.interval_note(FOUND, "n counts things")
    assert note == "Lines are 90% intervals (made up); n counts things, n = 7."
    other = dataclasses.replace(FOUND, n=1200, method="thought up")
    assert charts.interval_note(
        FOUND, "n counts things", [FOUND, other, Estimate(1, 1, 1, None, 3, "share", "x")]
    ) == ("Lines are 90% intervals (made up; thought up); n counts things, n = 7 to 1,200.")
    assert charts.interval_note(Estimate(1, 1, 1, None, 1, "share", "x"), "n counts things") == ""


def finished(draw):
    texts = []

    def keep(ax):
        draw(ax)
        texts.append(ax)

    charts.finish(
        keep,
        "fig-made-up",
        2,
        title="A title",
        subtitle="Unit",
        alt="Line chart",
        note="",
        data=pd.DataFrame({"x": [1]}),
        columns=(charts.Column("x", "X"),),
        sources=("one",),
    )
    return texts[0]


def test_a_title_of_an_axis_without_room_is_broken_outside_its_brackets():
    text = "A title of an axis that is far too long for its drawing (log scale)"
    ax = finished(
        lambda ax: (ax.plot([1, 2], [1, 2]), charts.y_title(ax, text), ax.set_xlabel(text))
    )
    for title in (ax.get_title(loc="left"), ax.get_xlabel()):
        assert " ".join(title.split()) == text and title.endswith("(log scale)") and "\n" in title
    short = finished(
        lambda ax: (ax.plot([1, 2], [1, 2]), charts.y_title(ax, "A title of an axis (log scale)"))
    )
    assert short.get_title(loc="left") == "A title of an axis (log scale)"


def test_finish_wraps_a_drawing():
    made = charts.finish(
        lambda ax: ax.plot([1, 2], [1, 2]),
        "fig-made-up",
        2,
        title="A title",
        subtitle="Unit",
        alt="Line chart",
        note="",
        data=pd.DataFrame({"x": [1]}),
        columns=(charts.Column("x", "X"),),
        sources=("one",),
    )
    assert isinstance(made, Figure) and made.id == "fig-made-up" and made.svg.startswith("<svg")
