import functools

import pytest

from briefs.render import document, exporters

pytestmark = pytest.mark.browser


@pytest.fixture
def file(notebook, tmp_path):
    path = tmp_path / "brief.html"
    path.write_text(exporters.render_html(document.build(notebook)), encoding="utf-8", newline="")
    return path


@pytest.fixture
def opened(open_page, file):
    return functools.partial(open_page, file.as_uri())


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 768, 1280])
def test_the_page_asks_for_nothing_and_fits(opened, file, width, scheme):
    page = opened(width, scheme)
    assert page.heard == [("request", file.as_uri())]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for detail in page.locator("details").all():
        detail.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.heard == [("request", file.as_uri())]


def test_the_page_reads_without_javascript(opened):
    page = opened(java_script_enabled=False)
    assert page.locator("h1").inner_text() == "Cost revolution"
    assert page.locator("figure table").count() == 2


@pytest.mark.parametrize("width", [360, 1280])
def test_every_figure_is_drawn_in_the_colour_of_the_text(opened, width):
    for scheme in ("light", "dark"):
        page = opened(width, scheme)
        drawings = page.locator("figure svg[role=img]")
        assert drawings.count() == 2
        for drawing in drawings.all():
            drawing.scroll_into_view_if_needed()
            box = drawing.bounding_box()
            assert box["width"] > 300
            assert box["height"] > 150
            assert drawing.locator("text").first.is_visible()
            ink = drawing.locator("text").first.evaluate("e => getComputedStyle(e).fill")
            assert ink == page.evaluate("getComputedStyle(document.body).color")
            # matplotlib's inline styles must reach the drawing as attributes, as the policy blocks them
            assert (
                drawing.locator("path").nth(2).evaluate("e => getComputedStyle(e).stroke")
                == "rgb(213, 94, 0)"
            )


def test_the_data_of_a_figure_open_and_download(opened, tmp_path):
    page = opened(360)
    figure = page.locator("figure#price-frontier")
    table = figure.locator("table")
    assert not table.is_visible()
    figure.locator("summary").press("Enter")
    assert table.is_visible()
    with page.expect_download() as download:
        figure.locator("a.download").click()
    assert download.value.suggested_filename == "price-frontier.csv"
    download.value.save_as(tmp_path / "x.csv")
    assert (tmp_path / "x.csv").read_bytes() == (
        b'date,model,usd_per_mtok\r\n2023-03-14,"Model A, ""first""",28.5\r\n'
        b"2024-02-01,Model B,9.4\r\n2025-01-20,,2.6\r\n"
    )


def test_the_keyboard_starts_at_the_skip_link(opened):
    page = opened()
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    assert focused.inner_text() == "Skip to main content"
    assert focused.bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(opened, scheme):
    """Contrast of every text with what lies behind it is 4.5:1 or more (WCAG 1.4.3)."""
    page = opened(1280, scheme)
    weak = page.evaluate("""() => {
      const parse = c => c.match(/[\\d.]+/g).map(Number);
      const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
      const behind = e => { for (; e; e = e.parentElement) {
        const c = parse(getComputedStyle(e).backgroundColor); if (c[3] !== 0) return c; } return [255, 255, 255]; };
      return [...document.querySelectorAll('body *')].filter(e => !e.closest('svg') && !e.matches('.anchor')
          && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e => {
        const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
        return [e.textContent.trim().slice(0, 40), (Math.max(a, b) + .05) / (Math.min(a, b) + .05)]; })
        .filter(([, ratio]) => ratio < 4.5); }""")
    assert weak == []


def test_print_shows_the_data_and_hides_the_contents(opened):
    page = opened(800)
    page.emulate_media(media="print")
    assert not page.locator("#contents").is_visible()
    assert page.locator("figure#price-frontier table").is_visible()
