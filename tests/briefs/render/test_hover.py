"""Values of a chart in a real browser: by pointer, by touch and by keys, and without the script."""

import gzip

import pytest

from briefs.display import marks, style
from briefs.render import html as pages, policy, svg

pytestmark = pytest.mark.browser
TEXTS = ["a, 2023: 10", "a, 2024: 20", "a, 2025: 30"], ["b, 2023: 5", "b, 2025: 6"]


@pytest.fixture(scope="module")
def drawing():
    with style.house():
        figure, ax = style.canvas(2.5)
        ax.plot([2023, 2024, 2025], [10, 20, 30], color=style.MAIN)
        marks.mark(ax, [2023, 2024, 2025], [10, 20, 30], TEXTS[0])
        ax.plot([2023, 2025], [5, 6], color=style.ACCENT, ls="--")
        marks.mark(ax, [2023, 2025], [5, 6], TEXTS[1])
        drawn = svg.clean(style.svg(figure, "fig"), "fig")
        return pages._drawing(drawn, "A chart of two lines.", "Values of Figure 7")


@pytest.fixture
def opened(open_page, drawing, tmp_path):
    """Open a page with the chart, its style, its script and the policy that a brief has."""
    css, script = policy.read("brief.css"), policy.read("scroll.js") + policy.read("hover.js")

    def opened(width=1280, scheme="light", again=False, **options):
        path = tmp_path / "page.html"
        path.write_text(
            f'<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
            f'content="{policy.policy(css, script)}"><meta name="viewport" content="width=device-width"><title>x'
            f"</title><style>{css}</style><body class='brief'><main><h1>A page</h1><h2>A part</h2><figure><h3>Two "
            f"lines rise</h3>{drawing}</figure><p>The end</p></main>{f'<script>{script}</script>' * (1 + again)}"
            "</body></html>",
            encoding="utf-8",
            newline="",
        )
        return open_page(path.as_uri(), width, scheme, **options)

    return opened


def complaints(page):
    return [heard for heard in page.heard if heard[0] != "request"]


def place(page, number):
    """Middle of a mark on the screen."""
    box = page.locator(".marks circle").nth(number).bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def said(page):
    """What the page shows, and what it tells a screen reader."""
    tip, probe = page.locator(".tip"), page.locator(".probe")
    return tip.inner_text() if tip.is_visible() else "", probe.get_attribute("aria-valuetext")


def test_pointing_at_a_mark_shows_its_value_beside_it(opened):
    page = opened()
    assert said(page) == ("", TEXTS[0][0])
    x, y = place(page, 1)
    page.mouse.move(x + 4, y + 3)
    assert said(page) == (TEXTS[0][1],) * 2
    tip, ring = page.locator(".tip").bounding_box(), page.locator(".ring").bounding_box()
    assert tip["y"] + tip["height"] < y and tip["x"] < x < tip["x"] + tip["width"]
    assert (
        abs(ring["x"] + ring["width"] / 2 - x) < 1 and abs(ring["y"] + ring["height"] / 2 - y) < 1
    )
    page.mouse.move(x - 200, y)
    assert said(page)[0] == "" and not page.locator(".ring").is_visible()
    page.mouse.move(x, y)
    page.keyboard.press("Escape")
    assert said(page)[0] == ""
    assert complaints(page) == []


def test_a_tap_shows_a_value_and_a_tap_elsewhere_hides_it(opened):
    page = opened(360, has_touch=True)
    page.touchscreen.tap(*place(page, 2))
    assert said(page)[0] == TEXTS[0][2]
    tip = page.locator(".tip").bounding_box()
    assert tip["x"] >= 0 and tip["x"] + tip["width"] <= 360
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    end = page.get_by_text("The end").bounding_box()
    page.touchscreen.tap(end["x"] + 3, end["y"] + 3)
    assert said(page)[0] == ""


WALKS = (
    ([], TEXTS[0][0]),
    (["ArrowRight"], TEXTS[0][1]),
    (["End"], TEXTS[1][1]),
    (["End", "ArrowRight"], TEXTS[1][1]),
    (["End", "ArrowLeft"], TEXTS[1][0]),
    (["End", "Home"], TEXTS[0][0]),
    (["ArrowLeft"], TEXTS[0][0]),
    (["ArrowDown"], TEXTS[1][0]),
    (["End", "ArrowUp"], TEXTS[0][2]),
    (["ArrowUp"], TEXTS[0][0]),
    (["End", "ArrowUp", "ArrowDown"], TEXTS[1][1]),
)


def test_the_chart_is_one_stop_and_keys_walk_its_marks(opened):
    page = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.role") == "slider"
    for keys, text in WALKS:
        for key in ("Home", *keys):
            page.keyboard.press(key)
        assert said(page) == (text, text), keys
    page.keyboard.press("Escape")
    assert said(page) == ("", text)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BODY"


def test_the_slider_has_a_name_a_range_and_a_visible_focus(opened):
    page = opened()
    page.keyboard.press("Tab")
    probe = page.locator(".probe")
    told = [probe.get_attribute(f"aria-{name}") for name in ("label", "valuemax", "valuenow")]
    assert told == ["Values of Figure 7", "4", "0"]
    assert probe.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Tab")
    assert said(page)[0] == ""


def test_running_twice_is_running_once(opened):
    page = opened(again=True)
    assert page.locator(".probe").count() == page.locator(".tip").count() == 1
    assert complaints(page) == []


def test_a_listener_hears_the_alternative_and_not_the_words_of_the_axes(opened):
    page = opened()
    told = page.locator("main").aria_snapshot()
    assert 'img "A chart of two lines."' in told and 'slider "Values of Figure 7"' in told
    years = page.locator("svg[role=img] text", has_text="2023")
    assert years.count() and "2023" not in told.replace(TEXTS[0][0], "")
    assert told.count("Two lines rise") == 1


def text_sizes(page):
    return page.locator("svg[role=img] text").evaluate_all(
        "texts => texts.map(t => parseFloat(getComputedStyle(t).fontSize)"
        " * t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width)"
    )


def test_on_the_smallest_screen_a_chart_scrolls_rather_than_shrinks(opened):
    page = opened(320, axe=True)
    assert min(text_sizes(page)) >= 11.99
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    ring, tip = page.locator(".ring").bounding_box(), page.locator(".tip").bounding_box()
    assert ring["x"] >= 0 and ring["x"] + ring["width"] <= 320.5
    assert tip["x"] >= 0 and tip["x"] + tip["width"] <= 320
    assert page.axe() == []
    page = opened(360)
    assert (
        page.evaluate("(e => e.scrollWidth - e.clientWidth)(document.querySelector('.chart'))") == 0
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(opened, width, scheme):
    page = opened(width, scheme, axe=True)
    page.keyboard.press("Tab")
    assert page.axe() == []


def test_without_script_the_drawing_itself_tells(opened):
    page = opened(java_script_enabled=False)
    assert page.locator(".probe").count() == 0
    assert page.locator(".marks title").all_text_contents() == [*TEXTS[0], *TEXTS[1]]


def test_the_script_is_small_and_asks_for_nothing():
    text = policy.read("hover.js")
    assert len(text.encode()) <= 3200 and len(gzip.compress(text.encode())) <= 1500
    assert not any(
        word in text
        for word in ("fetch", "import", "eval", "innerHTML", "http:", "https:", "Storage")
    )


def test_print_shows_no_tip(opened):
    page = opened()
    page.keyboard.press("Tab")
    page.emulate_media(media="print")
    assert not page.locator(".tip").is_visible() and not page.locator(".ring").is_visible()
