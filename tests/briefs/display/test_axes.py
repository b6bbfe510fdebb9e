import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgba
from matplotlib.text import Text

from briefs.display import axes, i18n, style


def drawn(low=None, high=None, scale="log", height=3, width=style.WIDTH):
    with style.house():
        _figure, ax = style.canvas(height, width=width)
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
    ax = drawn(low, high)
    axes.log_axis(ax.yaxis, lambda value: i18n.significant(value, 1))
    assert labels(ax.yaxis) == text
    assert not len(ax.yaxis.get_minorticklocs())


def test_a_narrow_axis_asks_for_fewer():
    ax = drawn(3e5, 3e9)
    axes.log_money(ax.yaxis, at_most=3)
    assert labels(ax.yaxis) == ["US$1 million", "US$1 billion"]  # coarse, where finer gives no more


def test_a_wide_axis_has_room_for_more():
    ax = drawn(scale="linear", width=style.WIDE)
    ax.set_xscale("log")
    ax.set_xlim(3e5, 3e9)
    axes.log_money(ax.xaxis, at_most=2)
    assert labels(ax.xaxis) == ["US$1 million", "US$10 million", "US$100 million", "US$1 billion"]


@pytest.mark.parametrize("high", np.geomspace(1.5, 1e40, 25))
def test_a_log_axis_is_never_crowded_and_never_bare(high):
    ax = drawn(1, high)
    axes.log_money(ax.yaxis, "MYR")
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
    ax = drawn(scale="linear")
    ax.set_xlim(pd.Timestamp(first), pd.Timestamp(last))
    axes.years_axis(ax)
    assert labels(ax.xaxis) == text


def test_months_are_in_the_active_language():
    i18n.activate("ms")
    ax = drawn(scale="linear")
    ax.set_xlim(pd.Timestamp("2025-08-02"), pd.Timestamp("2025-12-15"))
    axes.years_axis(ax)
    assert labels(ax.xaxis) == ["Okt 2025"]


def parts(ax):
    """Labels, and the pieces of lines that lead to them, in the same order."""
    return [[text for text in ax.texts if bool(text.get_text()) == said] for said in (True, False)]


def test_labels_at_line_ends_keep_their_order_and_distance():
    ax = drawn(1, 1000)
    ends = [
        axes.End(1, 500.0, "high", "#112233"),
        axes.End(1, 2.0, "low", "#445566", style.DASHES[1]),
        axes.End(1, 2.1, "just above", "#778899"),
        axes.End(1, 2.1, "same", "#000000"),
    ]
    axes.end_labels(ax, ends)
    texts, keys = parts(ax)
    heights = {text.get_text(): text.xyann[1] for text in texts}
    assert heights["high"] == pytest.approx(np.log10(500) / 3)  # nothing pushes it
    assert sorted(heights, key=heights.get) == ["low", "just above", "same", "high"]
    style.lay_out(style.whole(ax))
    boxes = [Text.get_window_extent(text) for text in texts]
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    low = {t.get_text(): key.arrow_patch for t, key in zip(texts, keys, strict=True)}["low"]
    assert low.get_edgecolor() == to_rgba("#445566") and low.get_linestyle() == style.DASHES[1]


def test_a_piece_of_the_line_leads_from_its_end_to_the_label():
    ax = drawn(1, 1000)
    ax.set_xlim(0, 1)
    ends = [axes.End(1, 10.0, "to the edge", "#112233"), axes.End(0.4, 100.0, "early", "#445566")]
    axes.end_labels(ax, ends)
    starts = [key.xy for key in parts(ax)[1]]
    assert starts[0] == pytest.approx((1, 1 / 3)) and starts[1][0] == 1.01


def test_a_series_of_points_has_its_mark_before_its_label():
    ax = drawn(1, 1000)
    axes.end_labels(ax, [axes.End(1, 10.0, "points", "#112233", "", "s")])
    assert [line.get_marker() for line in ax.lines] == ["s"] and parts(ax)[1] == []


@pytest.mark.parametrize(
    "width, text", [(style.WIDTH, "a label of\nmany words"), (style.WIDE, "a label of many words")]
)
def test_a_long_label_at_a_line_end_is_broken_where_it_is_narrow(width, text):
    ax = drawn(1, 1000, width=width)
    ends = [axes.End(1, 10.0, "a label of many words", "#112233")]
    axes.end_labels(ax, [*ends, axes.End(1, 10.1, "short", "#445566")])
    texts = parts(ax)[0]
    assert [label.get_text() for label in texts] == [text, "short"]
    style.lay_out(style.whole(ax))
    boxes = [Text.get_window_extent(label) for label in texts]
    assert not boxes[0].overlaps(boxes[1])


def test_labels_at_the_top_are_pushed_down_not_out():
    ax = drawn(1, 10)
    axes.end_labels(ax, [axes.End(1, 9.9, "a", "#112233"), axes.End(1, 9.95, "b", "#445566")])
    assert max(text.xyann[1] for text in parts(ax)[0]) <= 1


def test_point_labels_avoid_each_other_marks_and_edges():
    ax = drawn(scale="linear")
    ax.plot([0, 1, 5, 5.1, 10], [0, 10, 5, 5.05, 10], "o")
    axes.point_labels(
        ax, [(0, 0, "corner"), (5, 5, "first"), (5.1, 5.05, "second"), (10, 10, "far corner")]
    )
    assert [text.get_text() for text in ax.texts] == ["corner", "first", "second", "far corner"]
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])
    for box in boxes:
        assert all(ax.bbox.contains(*corner) for corner in box.corners())


def test_a_label_of_a_point_that_would_cover_another_is_left_out():
    ax = drawn(scale="linear")
    ax.plot([0, 0.5, 1], [0, 0.5, 1], "o")
    axes.point_labels(ax, [(0.5, 0.5, f"label {n}") for n in range(12)])
    assert 2 <= len(ax.texts) < 12 and ax.texts[0].get_text() == "label 0"
    boxes = [text.get_window_extent() for text in ax.texts]
    assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])


def test_a_title_of_an_axis_without_room_is_broken_outside_its_brackets():
    text = "A title of an axis that is far too long for its drawing (log scale)"
    ax = drawn(scale="linear")
    ax.plot([1, 2], [1, 2])
    axes.y_title(ax, text)
    ax.set_xlabel(text)
    axes.break_titles(ax)
    for title in (ax.get_title(loc="left"), ax.get_xlabel()):
        assert " ".join(title.split()) == text and title.endswith("(log scale)") and "\n" in title


def test_a_title_that_fits_stays_whole():
    ax = drawn(scale="linear")
    axes.y_title(ax, "A title of an axis (log scale)")
    axes.break_titles(ax)
    assert ax.get_title(loc="left") == "A title of an axis (log scale)"
