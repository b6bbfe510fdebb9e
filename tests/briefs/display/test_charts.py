import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from briefs.display import charts, i18n, marks, style
from briefs.display.records import Column
from briefs.values import Estimate


def drawn():
    with style.house():
        _figure, ax = style.canvas(3)
    return ax


FOUND = Estimate(0.5, 0.2, 0.8, 0.9, 7, "share per year", "made up")


def test_a_forest_has_a_row_each_the_first_on_top():
    ax = drawn()
    point = Estimate(0.9, 0.9, 0.9, None, 1, "share per year", "made up")
    charts.forest(ax, ["first", "second"], [FOUND, point], [style.MAIN, style.ACCENT])
    interval, dot, other = ax.lines  # a bare point has no interval
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
        (0, ["0%", "50%", "100%"]),
    ],
)
def test_percentages_on_an_axis_are_whole(left, text):
    ax = drawn()
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
    note = charts.interval_note([FOUND], "n counts things")
    assert note == "Lines are 90% intervals (made up); n counts things, n = 7."
    other = dataclasses.replace(FOUND, n=1200, method="thought up")
    point = Estimate(1, 1, 1, None, 3, "share", "x")
    assert charts.interval_note([point, FOUND, other], "n counts things") == (
        "Lines are 90% intervals (made up; thought up); n counts things, n = 7 to 1,200."
    )
    assert charts.interval_note([point], "n counts things") == ""


ROWS = pd.DataFrame(
    {"what": ["a", "b"], "year": [2020, 2025], "share": [0.5, 0.25], "source_id": ["one", "two"]}
)


def test_a_mark_says_columns_by_name_or_by_what_they_are():
    say = charts.say("{what}, {when}: {size}", when="year:year", size="share:percent")
    assert [say(row) for row in ROWS.itertuples()] == ["a, 2020: 50.0%", "b, 2025: 25.0%"]


def marked(ax):
    return [text for artist in ax.findobj(marks.Marks) for text in artist.texts]


def test_lines_are_drawn_in_order_and_return_their_ends():
    ax = drawn()
    series = {"one": ROWS, "none": ROWS[:0], "other": ROWS[:1]}
    say = charts.say("{line}: {what}", line="series")
    ends = charts.lines(ax, series, "year", "share", say, dashes=style.DASHES)
    assert ends == [
        (2025, 0.25, "one", style.THREE[0], "-", None),
        (2020, 0.5, "other", style.THREE[2], style.DASHES[2], None),  # each keeps its own looks
    ]
    assert marked(ax) == ["one: a", "one: b", "other: a"]


def test_steps_hold_the_last_value_to_their_end():
    ax = drawn()
    ends = charts.lines(ax, {"one": ROWS}, "year", "share", charts.say("{what}"), until=2030)
    (line,) = ax.lines
    assert list(line.get_xdata()) == [2020, 2025, 2030]
    assert list(line.get_ydata()) == [0.5, 0.25, 0.25] and line.get_drawstyle() == "steps-post"
    assert ends[0][:2] == (2030, 0.25) and marked(ax) == ["a", "b"]


def test_dots_look_as_their_rows_say():
    ax = drawn()
    looks = {"marker": ["o", "s"], "filled": [True, False], "low": [0.4, np.nan], "high": 0.6}
    rows = ROWS.assign(label=ROWS["what"], **looks)
    charts.dots(ax, rows, "share", charts.say("{what}"))
    first_range, first, second_range, second = ax.lines
    assert list(first_range.get_xdata()) == [0.4, 0.6]
    assert list(second_range.get_xdata()) == [0.25, 0.6]  # an end that nobody states is the value
    assert (first.get_marker(), second.get_marker()) == ("o", "s")
    assert first.get_markerfacecolor() == style.MAIN and second.get_markerfacecolor() == "none"
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a", "b"]


def test_a_period_is_the_first_and_the_last():
    assert charts.period(ROWS["year"], "year") == {"since": "2020", "until": "2025"}
    dates = pd.to_datetime(pd.Series(["2025-03-01", "2024-01-31"]))
    assert charts.period(dates, names=("first", "last")) == {
        "first": "Jan 2024",
        "last": "Mar 2025",
    }


TEXTS = {
    "title": "Title of {n}",
    "subtitle": "Unit",
    "alt": "Line chart of 2 rows",
    "note": "{n} values.",
}


def figure(**given):
    drawn = charts.drawing("fig-made-up", 2, lambda ax, xs: ax.plot(xs, xs), [1, 2])
    parts = TEXTS | {"columns": (Column("share", "Share", "percent"),)} | given
    return charts.figure(drawn, {"n": "2"}, ROWS, **parts)


def test_a_figure_fills_its_texts_and_names_the_sources_of_its_rows():
    made = figure()
    assert (made.id, made.title, made.note) == ("fig-made-up", "Title of 2", "2 values.")
    assert made.sources == ("one", "two") and made.svg.startswith("<svg")


def test_a_figure_may_name_other_sources_and_say_what_its_intervals_are():
    made = figure(sources=["other"], intervals="Lines are intervals.")
    assert made.sources == ("other",) and made.note == "Lines are intervals. 2 values."


def test_a_table_counts_its_rows_and_names_their_sources():
    words = charts.extent(ROWS["share"])
    columns = (Column("share", "Share", "percent"),)
    made = charts.table(
        "tab-one", words, ROWS, title="{n} shares, {low} to {high}", columns=columns
    )
    assert (made.id, made.title) == ("tab-one", "2 shares, 25% to 50%")
    assert made.sources == ("one", "two")
    given = {"sources": ["other"], "title": "{n} shares", "columns": columns}
    fewer = charts.table("tab-one", {"n": "No"}, ROWS, **given)
    assert (fewer.title, fewer.sources) == ("No shares", ("other",))


def test_panels_share_their_axes():
    found = []
    charts.drawing("fig-made-up", 3, lambda panes: found.extend(panes), panels=3)
    assert len(found) == 6
    for panes in (found[:3], found[3:]):
        panes[0].set_xlim(0, 7)
        assert panes[2].get_xlim() == (0, 7)
    assert [pane.get_subplotspec().rowspan.start for pane in found] == [0, 1, 2, 0, 0, 0]


def test_a_drawing_is_made_twice_and_may_show_more_where_it_is_wide():
    def draw(ax):
        ax.set_title("wide" if style.wide(ax) else "narrow")

    drawn = charts.drawing("fig-made-up", 2, draw, wide=3)
    assert ">narrow<" in drawn.svg and ">wide<" in drawn.wide
    sides = [
        re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg)
        or re.search(r'height="([\d.]+)pt".*?width="([\d.]+)pt"', svg)
        for svg in drawn[1:]
    ]
    assert [sorted(map(float, found.groups())) for found in sides] == [[144, 288], [216, 633.6]]


def test_rows_of_a_group_stand_together_below_its_name():
    ax = drawn()
    rows = ROWS.assign(label=ROWS["what"], group=["one", "other"])
    charts.dots(ax, rows, "share", charts.say("{what}"))
    labels = ax.get_yticklabels()
    assert [label.get_text() for label in labels] == ["one", "a", "other", "b"]
    assert [label.get_fontweight() for label in labels] == ["bold", "normal"] * 2
    assert [float(line.get_ydata()[0]) for line in ax.lines] == [1, 3]


def test_values_are_written_where_there_is_room():
    with style.house():
        _figure, ax = style.canvas(3, width=style.WIDE)
    charts.forest(ax, ["first"], [FOUND], [style.MAIN])
    assert [text.get_text() for text in ax.texts] == ["50.0% (20.0% to 80.0%)"]
    narrow = drawn()
    charts.forest(narrow, ["first"], [FOUND], [style.MAIN])
    assert not narrow.texts
