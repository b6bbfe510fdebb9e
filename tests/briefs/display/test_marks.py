"""What a chart says at its marks: place, text and order, in the drawing and in a browser."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pandas as pd
import pytest

from briefs.display import charts, i18n, marks, style
from briefs.render import svg
from briefs.values import Estimate

SVG = "{http://www.w3.org/2000/svg}"


def drawn(*series, width=0, scale="linear"):
    """An SVG of a line for each series of (xs, ys, texts), and its axes."""
    with style.house():
        figure, ax = style.canvas(2)
        ax.set_yscale(scale)
        for xs, ys, texts in series:
            ax.plot(xs, ys, "o")
            if texts:
                marks.mark(ax, xs, ys, texts, width)
        return style.svg(figure, "fig"), ax


def shapes(text):
    """Shapes of an SVG that say something: (tag, attributes, text), by series."""
    group = next((g for g in ET.fromstring(text).iter(f"{SVG}g") if g.get("class") == "marks"), ())
    return [
        [(s.tag.removeprefix(SVG), s.attrib, s.findtext(f"{SVG}title")) for s in row]
        for row in group
    ]


def test_each_mark_lies_on_its_point():
    text, _ax = drawn(([1, 2, 4], [10, 5, 7], ["a", "b", "c"]))
    points = [
        (float(u.get("x")), float(u.get("y")))
        for u in ET.fromstring(text).iter(f"{SVG}use")
        if u.get("y") and "stroke: #0" not in u.get("style", "")
    ]
    (row,) = shapes(text)
    assert [said for _tag, _place, said in row] == ["a", "b", "c"]
    for _tag, place, _said in row:
        here = float(place["cx"]), float(place["cy"])
        assert min(np.hypot(here[0] - x, here[1] - y) for x, y in points) < 0.1, (here, points)


def test_marks_keep_the_order_of_series_and_points():
    text, _ax = drawn(([3, 1], [1, 2], ["late", "early"]), ([2], [2], ["other"]))
    assert [[said for *_shape, said in row] for row in shapes(text)] == [
        ["late", "early"],
        ["other"],
    ]


def test_dates_and_logarithms_are_places_too():
    dates = pd.to_datetime(["2025-01-01", "2025-07-02", "2026-01-01"])
    text, _ax = drawn((dates, [1, 10, 100], list("abc")), scale="log")
    (row,) = shapes(text)
    xs, ys = ([float(place[name]) for _tag, place, _said in row] for name in ("cx", "cy"))
    assert xs[1] == pytest.approx((xs[0] + xs[2]) / 2, abs=0.6) and ys[1] == pytest.approx(
        (ys[0] + ys[2]) / 2, abs=0.1
    )


def test_what_the_chart_does_not_reach_is_no_mark():
    with style.house():
        figure, ax = style.canvas(2)
        ax.plot([0, 1], [0, 1])
        marks.mark(ax, [0.5, 9, np.nan], [0.5, 0.5, 0.5], ["in", "out", "nowhere"])
        ax.set_xlim(0, 1)
        assert [said for *_shape, said in shapes(style.svg(figure, "f"))[0]] == ["in"]


def test_a_bar_answers_all_over():
    text, _ax = drawn(([0.5, 1.5], [0, 8], ["none", "eight"]), width=1)
    ((none, eight),) = shapes(text)
    assert none[0] == eight[0] == "rect" and float(none[1]["height"]) == 1
    assert float(eight[1]["height"]) > 50
    assert float(none[1]["x"]) + float(none[1]["width"]) == pytest.approx(
        float(eight[1]["x"]), abs=0.11
    )


def test_marks_are_seen_by_nobody_and_change_no_layout():
    plain, _ax = drawn(([1, 2], [1, 2], []))
    marked, _ax = drawn(([1, 2], [1, 2], ["a", "b"]))
    assert "marks" not in plain
    group = marked[marked.index('<g class="marks"') :]
    assert (
        group.startswith('<g class="marks" opacity="0">')
        and marked.replace(group, "</svg>\n") == plain
    )


def test_text_is_escaped():
    text, _ax = drawn(([1], [1], ['<b> & "c"']))
    assert shapes(text)[0][0][2] == '<b> & "c"'


def test_places_and_texts_must_match():
    with pytest.raises(ValueError, match="2 and 2 coordinates for 1 texts"):
        drawn(([1, 2], [1, 2], ["a"]))


def test_the_cleaned_drawing_keeps_them_and_no_other_class():
    text, _ax = drawn(([1, 2], [1, 2], ["a", "b"]))
    cleaned = svg.clean(text.replace("<g id=", '<g class="foreign" id=', 1), "fig")
    assert [said for *_shape, said in shapes(cleaned)[0]] == ["a", "b"]
    assert re.findall(r'class="([^"]*)"', cleaned) == ["marks"]


@pytest.mark.parametrize(
    "estimate, kind, text",
    [
        (Estimate(0.5, 0.2, 0.8, 0.9, 7, "share", "x"), "percent", "50.0% (20.0% to 80.0%)"),
        (Estimate(0.5, 0.5, 0.5, None, 1, "share", "x"), "percent", "50.0%"),
        (Estimate(3.25, 2, 4, 0.9, 7, "count", "x"), "number", "3.25 (2.00 to 4.00)"),
    ],
)
def test_a_forest_says_what_its_rows_are(estimate, kind, text):
    with style.house():
        figure, ax = style.canvas(2)
        colours = [style.MAIN] * 2
        charts.forest(ax, ["first\nrow", "second"], [estimate] * 2, colours, kind)
        (row,) = shapes(style.svg(figure, "f"))
    assert [said for *_shape, said in row] == [f"first row: {text}", f"second: {text}"]


def test_marks_speak_the_active_language():
    i18n.activate("ms")
    with style.house():
        figure, ax = style.canvas(2)
        ax.plot([1], [1])
        marks.mark(ax, [1], [1], [i18n.month(pd.Timestamp("2025-08-01"))])
        assert shapes(style.svg(figure, "f"))[0][0][2] == "Ogo 2025"
