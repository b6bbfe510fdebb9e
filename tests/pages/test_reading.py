"""The real pages as people read them: by screen reader, keyboard, enlarged, on a phone, on paper."""

import unicodedata
from pathlib import Path

import axe_playwright_python
import pypdf
import pytest

from analysis.params import REPORTS

pytestmark = pytest.mark.browser

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
OTHERS = ("en", "en/claims/cost-1", "ms/overview", "ms/market-impact")
#: WCAG 1.4.12: what a reader may set, without anything lost.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
    "p { margin-bottom: 2em !important; }"
)


def plain(text):
    """Words without ligatures, which a typeface may set, and with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


@pytest.fixture
def opened(open_page, bilingual_site):
    """Open a page of the site by its place."""
    return lambda place, width=1280, height=800, **options: open_page(
        (bilingual_site / place / "index.html").as_uri(), width, height=height, **options
    )


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("place", [*(f"en/{report}" for report in REPORTS), *OTHERS])
def test_axe_finds_no_violation(opened, place, width, scheme):
    page = opened(place, width, scheme=scheme, bypass_csp=True)
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in found] == []


@pytest.mark.parametrize(("width", "height"), [(360, 800), (1280, 800)])
@pytest.mark.parametrize("report", REPORTS)
def test_the_first_screen_holds_title_dates_and_the_first_finding(opened, report, width, height):
    page = opened(f"en/{report}", width, height)
    for part in ("h1", ".dateline", ".findings > li:first-child"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= height, part


@pytest.mark.parametrize("report", REPORTS)
def test_every_stop_of_the_keyboard_can_be_seen_and_is_large_enough(opened, report):
    """Focus leads from the skip link through the page in the order of the text, and never out of sight."""
    page = opened(f"en/{report}", 1280)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    faults = page.evaluate("""() => [...document.querySelectorAll('a[href], summary, pre[tabindex], .scroll, .probe')]
      .filter(e => e.checkVisibility()).flatMap(e => {
        e.focus({focusVisible: true});
        const style = getComputedStyle(e), box = e.getBoundingClientRect(), name = e.outerHTML.slice(0, 120);
        if (document.activeElement !== e) return [[name, 'takes no focus']];
        if (style.outlineStyle === 'none' && !e.matches('.probe')) return [[name, 'shows no focus']];
        // a link within a line of text is as high as the line (WCAG 2.5.8, inline)
        const inline = style.display === 'inline';
        return !inline && Math.min(box.width, box.height) < 23.5 ? [[name, `${box.width} by ${box.height}`]] : [];
      })""")
    assert faults == []
    order = page.evaluate("""() => { const all = [...document.querySelectorAll('[tabindex]')];
      return all.filter(e => e.tabIndex > 0).length; }""")
    assert order == 0


@pytest.mark.parametrize("report", REPORTS)
def test_nothing_is_lost_with_larger_text_or_wider_spacing(opened, report):
    for width, zoom, spacing in ((320, 1, ""), (1280, 2, ""), (360, 1, SPACING)):
        page = opened(f"en/{report}", width // zoom, bypass_csp=True)
        if spacing:
            page.add_style_tag(content=spacing)
        assert page.evaluate("document.documentElement.scrollWidth") <= width // zoom, (
            width,
            zoom,
            bool(spacing),
        )
        cut = page.evaluate("""() => [...document.querySelectorAll('h1, h2, h3, p, li, dt, dd, summary, .word')]
          .filter(e => e.checkVisibility() && !e.closest('.scroll') && e.clientWidth
            && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow === 'visible'
            && e.getBoundingClientRect().left + e.scrollWidth > innerWidth)
          .map(e => e.textContent.trim().slice(0, 60))""")
        assert cut == []


@pytest.mark.parametrize("report", REPORTS)
def test_everything_is_there_without_javascript(opened, report):
    with_script, without = opened(f"en/{report}"), opened(f"en/{report}", java_script_enabled=False)
    assert (
        without.locator("figure svg[role=img]").count()
        == with_script.locator("figure svg[role=img]").count()
    )
    plain = without.locator("main").inner_text()
    assert len(plain) >= len(with_script.locator("main").inner_text())


@pytest.mark.parametrize("report", REPORTS)
def test_paper_shows_all_and_cuts_no_figure(opened, report, tmp_path):
    page = opened(f"en/{report}")
    page.emulate_media(media="print")
    assert (
        not page.locator("nav").first.is_visible()
        and not page.locator(".code pre").first.is_visible()
    )
    assert all(table.is_visible() for table in page.locator("figure details table").all())
    assert page.locator(".onpaper").is_visible()
    page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
    sheets = pypdf.PdfReader(tmp_path / "print.pdf").pages
    assert tuple(round(float(side)) for side in sheets[0].mediabox[2:]) == (595, 842)
    texts = [plain(sheet.extract_text()) for sheet in sheets]
    assert all(f"{number} / {len(texts)}" in text for number, text in enumerate(texts, 1))
    assert "https://" in texts[0]
    # a figure's title stands on one sheet with the first and last words of its drawing
    for figure in page.locator("figure").all():
        title = plain(figure.locator("h3").inner_text())
        inked = [
            plain(t) for t in figure.locator("svg[role=img] text").all_text_contents() if len(t) > 3
        ]
        together = [
            text for text in texts if title in text and inked[0] in text and inked[-1] in text
        ]
        assert together, title
