import io
import re

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from briefs.render import svg


def test_a_drawing_keeps_its_look_without_styles(sample):
    drawing = svg.clean(sample.SVG, "fig")
    assert "style" not in drawing
    assert "metadata" not in drawing
    assert 'stroke-linejoin="round"' in drawing
    assert 'id="fig-m0"' in drawing
    assert drawing.count('href="#fig-m0"') == 3
    assert 'clip-path="url(#fig-clip1)"' in drawing
    assert "figure_1" not in drawing
    assert re.search(
        r'<text (?=[^>]*font-size="12")(?=[^>]*text-anchor="middle")[^>]*>2023</text>', drawing
    )
    assert re.search(r'<text (?=[^>]*font-weight="bold")[^>]*>Cheapest price</text>', drawing)
    assert drawing.startswith(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 360 220" width="360" height="220" fill="currentColor"'
    )


def test_a_drawing_by_matplotlib_keeps_no_style():
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "x"}):
        figure = Figure()
        axes = figure.subplots()
        axes.plot([1, 2], [3, 4], marker="o", label="a b")
        axes.fill_between([1, 2], [1, 1], [2, 3], hatch="//", alpha=0.3)
        axes.set_title("Title $x^2$", fontweight="bold", style="italic")
        axes.legend()
        axes.imshow([[1, 2], [3, 4]])
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg")
    drawing = svg.clean(buffer.getvalue(), "f")
    assert not re.search(r"\sstyle=|<style|<metadata|xlink|rdf:", drawing)
    assert "a b</text>" in drawing
    ids = re.findall(r' id="([^"]*)"', drawing)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'#([^")]+)[")]', drawing)) - set(
        re.findall(r'"#([0-9a-f]{6})"', drawing)
    ) == set(ids)


#: A few lines of which a browser would make ten million parts.
BOMB = "<rect id='a0'/>" + "".join(
    f"<g id='a{n + 1}'>" + f"<use href='#a{n}'/>" * 10 + "</g>" for n in range(7)
)


@pytest.mark.parametrize(
    ("inner", "says"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<a href='x'/>", "<a>"),
        ("<animate/>", "<animate>"),
        ("<image href='https://example.org/x.png'/>", "outside itself"),
        ("<use href='file.svg#a'/>", "outside itself"),
        ("<rect fill='url(https://example.org/#a)'/>", "outside itself"),
        ("<rect style='fill: url(https://example.org/x)'/>", "outside itself"),
        ("<rect fill='URL(https://example.org/#a)'/>", "outside itself"),
        (r"<rect fill='u\72l(https://example.org/#a)'/>", "outside itself"),
        ("<rect fill='image-set(\"https://example.org/a\" 1x)'/>", "outside itself"),
        ("<rect style='mask: src(\"https://example.org/a\")'/>", "outside itself"),
        ("<rect fill='url(#a) url(https://example.org/b)'/>", "outside itself"),
        ("<g id='a'><use href='#a'/></g>", "repeats itself inside itself"),
        (BOMB, "more than 50000 parts"),
        ("<style>rect{fill:red}</style>", "style sheet"),
        ("<style>*{x:y}</style>", "'x' has no attribute"),
        ("<rect style='behavior: url(#x)'/>", "'behavior' has no attribute"),
        ("<rect>", "well-formed"),
    ],
)
def test_a_drawing_that_must_not_be_shown(inner, says):
    with pytest.raises(svg.DrawingError, match=says):
        svg.clean(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{inner}</svg>', "f")


def test_a_drawing_loses_handlers_and_unknown_attributes():
    drawing = svg.clean(
        '<svg viewBox="0 0 1 1" onload="x()"><rect onclick="x()" data-x="1" fill="red"/><video/></svg>',
        "f",
    )
    assert re.findall(r"<rect[^>]*>", drawing) == ['<rect fill="red" />']
    assert "onload" not in drawing
    assert "video" not in drawing


@pytest.mark.parametrize(
    "text",
    [
        "<svg/>",
        '<svg viewBox="0 0 0 1"/>',
        '<svg viewBox="a b c d"/>',
        "<p/>",
        '<!DOCTYPE x [<!ENTITY a "b">]><svg viewBox="0 0 1 1">&a;</svg>',
    ],
)
def test_what_is_no_drawing(text):
    with pytest.raises(svg.DrawingError):
        svg.clean(text, "f")
