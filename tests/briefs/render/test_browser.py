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
def cited(sample, tmp_path):
    """A page with a table whose sources are many."""
    items = [{**sample.SOURCES["items"][0], "source_id": f"source-{n}"} for n in "abcdefghijklmn"]
    cells = sample.cells()
    cells[-1] = sample.code("s", sample.shown({**sample.SOURCES, "items": items}))
    many = {**sample.TABLE, "id": "many", "sources": [item["source_id"] for item in items]}
    cells.insert(-2, sample.code("x", sample.shown(many)))
    path = tmp_path / "cited.html"
    page = exporters.render_html(document.build(sample.read(cells)))
    path.write_text(page, encoding="utf-8", newline="")
    return path.as_uri()


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
        detail.evaluate("part => { part.open = true; }")
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
            line = "rgb(213, 94, 0)" if scheme == "light" else "rgb(242, 133, 58)"
            # matplotlib's inline styles must reach the drawing as attributes, as the policy blocks them
            assert (
                drawing.locator("path").nth(2).evaluate("e => getComputedStyle(e).stroke") == line
            )


def test_the_data_of_a_figure_open_and_download(opened, tmp_path):
    page = opened(360)
    figure = page.locator("figure#price-frontier")
    table = figure.locator("table")
    assert not table.is_visible()
    figure.locator("summary").press("Enter")
    assert table.is_visible()
    with page.expect_download() as download:
        figure.locator("a.download[download$=csv]").click()
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


def test_print_leaves_closed_parts_out_and_says_where_they_are(opened):
    page = opened(800)
    page.emulate_media(media="print")
    assert not page.locator("#contents").is_visible()
    assert not page.locator("figure#price-frontier table").is_visible()
    assert page.get_by_text("annex.pdf").is_visible()
    assert page.locator("figure#price-frontier .source").is_visible()


def test_axe_finds_nothing_with_everything_unfolded(open_page, cited):
    """Numbers of sources are a list, so each must be a target of 24 px (WCAG 2.5.8)."""
    page = open_page(cited, 360, axe=True)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.locator(".further a").count() == 17
    assert page.axe() == []


@pytest.mark.parametrize("unfolded", [False, True])
def test_text_at_twice_its_size_needs_no_panning_on_a_phone(open_page, cited, unfolded):
    page = open_page(cited, 360)
    page.evaluate(
        """unfolded => {
      document.documentElement.style.fontSize = '200%';
      document.querySelectorAll('details').forEach(d => d.open = unfolded); }""",
        unfolded,
    )
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


STOPS = "[...document.querySelectorAll('.scroll, pre')].filter(e => e.checkVisibility())"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_box_is_a_stop_of_the_keyboard_only_while_it_scrolls(opened, width):
    page = opened(width)
    stops = f"""{STOPS}.map(e => [e.hasAttribute('tabindex'),
      e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight])"""
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found = page.evaluate(stops)
    assert len(found) > 8 and all(stop == scrolls for stop, scrolls in found)
    assert not all(stop for stop, _scrolls in found)


def test_without_script_each_box_can_be_scrolled(opened):
    page = opened(java_script_enabled=False)
    boxes = page.locator(".scroll, .brief pre[role=group]")
    assert boxes.count() > 5 and boxes.count() == page.locator("[role=group][tabindex='0']").count()


def test_links_and_tables_have_names_of_their_own(opened):
    page = opened()
    names = page.locator("main :is(h2, h3, h4) > a").all_inner_texts()
    assert len(names) > 8 and len(set(names)) == len(names)
    tables = page.locator("main table").evaluate_all(
        "tables => tables.filter(t => !t.caption && !t.hasAttribute('aria-labelledby')).map(t => t.innerText)"
    )
    assert len(tables) == 1 and tables[0].startswith("Benchmark")  # of running text
    assert (
        page.get_by_role("region").count()
        == page.locator("section:is([aria-labelledby], [aria-label])").count()
    )
