"""The real pages in a real browser, as a phone and a desk show them."""

import pytest

from analysis.params import REPORTS

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def pages(whole_site):
    briefs = {report: whole_site / "en" / report / "index.html" for report in REPORTS}
    return briefs | {
        "index": whole_site / "en" / "index.html",
        "landing": whole_site / "index.html",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("name", [*REPORTS, "index", "landing"])
def test_a_page_asks_for_nothing_and_fits(browser, pages, name, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page, heard = context.new_page(), []
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.goto(pages[name].as_uri())
    assert heard == [pages[name].as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for detail in page.locator("details").all():
        detail.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", REPORTS)
def test_no_text_of_a_figure_is_cut_or_too_small(browser, pages, name, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(pages[name].as_uri())
    faults = page.evaluate("""() => [...document.querySelectorAll('figure svg')].flatMap(svg => {
      const edge = svg.getBoundingClientRect(), name = svg.closest('figure').id;
      return [...svg.querySelectorAll('text')].map(text => {
        const box = text.getBoundingClientRect();
        const size = parseFloat(getComputedStyle(text).fontSize) * edge.width / svg.viewBox.baseVal.width;
        const cut = box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1
          || box.bottom > edge.bottom + 1;
        return [name, text.textContent, cut ? 'cut' : size < 11.5 ? `${size} px` : '']; })
      .filter(([, , fault]) => fault); })""")
    assert faults == []
    context.close()


def test_links_within_the_site_lead_somewhere(browser, pages):
    context = browser.new_context()
    page = context.new_page()
    for path in pages.values():
        page.goto(path.as_uri())
        for link in page.locator("a[href]").all():
            target = link.evaluate("a => a.href")
            if target.startswith("file:"):
                file, _hash, anchor = target.partition("#")
                there = path.parent / link.get_attribute("href").partition("#")[0]
                assert file == path.as_uri() or there.exists(), target
                if file == path.as_uri() and anchor:
                    assert page.evaluate("id => !!document.getElementById(id)", anchor), target
    context.close()
