"""Charts as files of their own, and the two drawings of a figure on its page."""

import io
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from urllib.parse import unquote

import pytest
from PIL import Image

from briefs.display import style
from briefs.display.records import MIME, NARROW_MIME
from briefs.render import document, html, pdf, pictures
from briefs.render.blocks import FigureBlock

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def drawn():
    """A narrow and a wide drawing with a mark each."""
    from briefs.display import charts

    def draw(ax):
        ends = [charts.axes.End(2, 2, "line", style.MAIN)]
        ax.plot([1, 2], [1, 2], color=style.MAIN)
        charts.mark(ax, [1], [1], ["1 apple"])
        charts.axes.measure(ax, "Apples", ends)

    return charts.drawing("price-frontier", 2.5, draw)


@pytest.fixture
def page(notebook, drawn):
    """The document of the sample, its first figure drawn twice."""
    nb = notebook
    for cell in nb["cells"]:
        for output in cell.get("outputs", ()):
            if output.get("data", {}).get(MIME, {}).get("id") == "price-frontier":
                output["data"] |= {"image/svg+xml": drawn.wide, NARROW_MIME: drawn.svg}
    return document.build(nb)


@pytest.fixture
def figure(page):
    return next(block for block in page.blocks if isinstance(block, FigureBlock))


def test_a_file_says_all_that_the_page_around_it_says(page, figure):
    text = pictures.standalone(figure, page)
    root = ET.fromstring(text)
    said = " ".join("".join(node.itertext()) for node in root.iter(f"{SVG}text"))
    assert figure.title in said and figure.subtitle in said
    assert figure.sources[0].publisher in said and page.head["site"] in said
    assert page.frame.permalink in said and "CC BY 4.0" in said
    assert root.find(f"{SVG}title").text == figure.title
    assert root.find(f"{SVG}desc").text == figure.alt


def test_a_file_needs_neither_the_colours_nor_the_type_of_a_page(page, figure):
    text = pictures.standalone(figure, page)
    root = ET.fromstring(text)
    assert root.get("color") == pictures.INK and root.get("font-family").startswith("DejaVu Sans,")
    assert root.find(f"{SVG}rect").get("fill") == "#ffffff"
    assert "apple" not in text  # what marks say is of no use to a picture


def test_a_file_has_the_wide_drawing_or_the_only_one(page, figure):
    widths = [
        float(ET.fromstring(pictures.standalone(block, page)).get("width"))
        for block in (figure, replace(figure, wide=""))
    ]
    assert widths == [pytest.approx(72 * side + 28, abs=1) for side in (style.WIDE, style.WIDTH)]


def test_long_words_break_into_lines_that_fit(page, figure):
    long = replace(figure, title="A finding of many words " * 8)
    root = ET.fromstring(pictures.standalone(long, page))
    lines = [node for node in root.iter(f"{SVG}text") if node.get("font-weight") == "700"]
    assert len(lines) > 2 and len({node.get("y") for node in lines}) == len(lines)


def test_pictures_are_named_as_the_page_links_to_them_and_are_small(page, figure):
    files = pdf.render_pictures(page)
    assert {f"data/{figure.id}.svg", f"data/{figure.id}.png"} <= set(files)
    picture = Image.open(io.BytesIO(files[f"data/{figure.id}.png"]))
    assert picture.width == pytest.approx(2 * (72 * style.WIDE + 28), abs=2)
    assert len(files[f"data/{figure.id}.png"]) < 60_000
    assert files == pdf.render_pictures(page)


def test_a_page_holds_both_drawings_and_each_id_once(page, figure):
    text = html.render_html(page)
    assert text.count('<div class="chart narrow"') == text.count('<div class="chart wide"') == 1
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_the_fold_of_a_figure_has_its_file_its_address_and_the_code_to_embed_it(page, figure):
    text = html.render_html(page)
    fold = text[text.index(f'<figure id="{figure.id}"') :]
    fold = fold[fold.index("<details><summary>Data, download, embed") : fold.index("</figure>")]
    uri = re.search(r'download="price-frontier.svg" href="([^"]+)"', fold)[1]
    assert unquote(uri.partition(",")[2]) == pictures.standalone(figure, page)
    assert f'href="{page.frame.permalink}#{figure.id}"' in fold
    assert "&lt;img src=" in fold and f"{page.frame.permalink}data/{figure.id}.svg" in fold
    assert "PNG" not in fold  # a page by itself has no file beside it


def test_dark_pages_get_brighter_colours():
    rules = html.dark_colours()
    for colour, brighter in style.DARK.items():
        assert f'[stroke="{colour.lower()}"] {{ stroke: {brighter}; }}' in rules
