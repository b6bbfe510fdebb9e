import re
from html import unescape

import matplotlib as mpl
import pytest
from matplotlib.textpath import text_to_path

from briefs.display import style

LIGHT, DARK = "#FFFFFF", "#121212"
PALETTE = sorted({*style.FOUR, *style.THREE, style.MAIN, style.ACCENT, style.QUIET})


def luminance(colour):
    """Relative luminance of WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def drawing(name="fig-made-up"):
    with style.house():
        figure, ax = style.canvas(2)
        ax.plot([1, 2, 3], [1, 3, 2], "o-", color=style.MAIN)
        ax.set_title("A title")
        return style.svg(figure, name)


def test_contrast_is_computed_as_the_standard_does():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#0072B2", LIGHT) == pytest.approx(5.19, abs=0.01)
    assert contrast("#D55E00", LIGHT) == pytest.approx(3.87, abs=0.01)


@pytest.mark.parametrize("colour", PALETTE)
def test_every_colour_stands_out_from_both_pages(colour):
    assert contrast(colour, LIGHT) >= 3 and contrast(colour, DARK) >= 3


@pytest.mark.parametrize("colour", PALETTE)
def test_colours_of_a_dark_page_are_as_easy_to_see_as_those_of_a_light_one(colour):
    assert contrast(style.DARK.get(colour, colour), DARK) >= max(4.5, contrast(colour, LIGHT) - 1)


def test_series_differ_without_colour():
    assert (
        len(set(style.DASHES)) == len(style.DASHES) >= len(style.FOUR) + 1
    )  # one more than series: solid is observed
    assert style.DASHES[0] == "-" and all(isinstance(dash, tuple) for dash in style.DASHES[1:])
    assert len(set(style.MARKERS)) == len(style.MARKERS) >= len(style.FOUR)


@pytest.mark.parametrize("colours", [style.THREE, style.FOUR])
def test_no_colour_comes_twice_in_a_palette(colours):
    assert len(set(colours)) == len(colours)


def test_the_same_drawing_is_the_same_bytes():
    assert drawing() == drawing()


def test_a_text_is_measured_once_and_that_changes_no_byte():
    style._measured.cache_clear()
    first = drawing()
    measured = style._measured.cache_info().misses
    assert measured and drawing() == first
    assert style._measured.cache_info().misses == measured


def test_a_drawing_is_laid_out_by_the_measures_that_it_is_written_with():
    with style.house():
        figure, ax = style.canvas(2)
        title = ax.set_title("A title of some length")
    font = title.get_fontproperties()
    width, *_ = text_to_path.get_text_width_height_descent(title.get_text(), font, False)
    assert title.get_window_extent().width == pytest.approx(width) and figure.dpi == 72


def test_another_figures_ids_are_others():
    assert drawing("fig-one") != drawing("fig-two")


def test_text_stays_text_in_a_named_font():
    text = drawing()
    assert re.search(r"<text[^>]*>A title</text>", text)
    assert "DejaVu Sans" in text


def test_ink_is_the_pages_own_colour():
    assert "currentColor" in drawing() and style.INK not in drawing()


def test_nothing_tells_when_or_by_what_it_was_made():
    text = drawing()
    assert text.startswith("<svg")
    assert not re.search(
        r"<\?xml|<!DOCTYPE|dc:date|dc:creator|matplotlib\.org|\d{4}-\d\d-\d\dT", text
    )


def test_the_background_is_left_to_the_page():
    assert not re.search(r"fill: ?#(fff|ffffff)\b", drawing(), re.IGNORECASE)


def test_drawing_leaves_matplotlib_as_it_was():
    before = dict(mpl.rcParams)
    drawing()
    assert dict(mpl.rcParams) == before


def test_matplotlib_is_left_alone_even_when_drawing_fails():
    before = dict(mpl.rcParams)
    with pytest.raises(RuntimeError), style.house():
        raise RuntimeError
    assert dict(mpl.rcParams) == before


def test_house_text_is_eleven_points_and_a_canvas_a_phones_width():
    with style.house():
        figure, _ax = style.canvas(2.5)
        sizes = {
            mpl.rcParams[name]
            for name in ("font.size", "axes.labelsize", "xtick.labelsize", "ytick.labelsize")
        }
    assert sizes == {11} and tuple(figure.get_size_inches()) == (4.0, 2.5)
    assert 11 * 320 / (72 * style.WIDTH) >= 12  # pixels on the smallest phone


@pytest.mark.parametrize("words", ["pay $5 to $10 more", r"$\class{x}$", "$x$", r"a\$b$c$"])
def test_dollars_are_money_and_no_mathematics(words):
    with style.house():
        figure, ax = style.canvas(2)
        ax.bar([words], [1], label=words)
        ax.set_title(words)
        ax.legend()
        ax.annotate(words, (0, 1))
        drawn = style.svg(figure, "fig-dollars")
    shown = [unescape(text) for text in re.findall(r"<text[^>]*>([^<]*)</text>", drawn)]
    assert shown.count(words) == 4
