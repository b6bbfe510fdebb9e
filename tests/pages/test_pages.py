"""The real pages as people read them: on a phone and a desk, by keyboard and screen reader, enlarged, on paper.

A page is opened once in each colour scheme; all checks run on it, and all their faults are named.
"""

import unicodedata
from pathlib import Path

import pypdf
import pytest

from analysis.params import REPORTS

pytestmark = pytest.mark.browser

BRIEFS = [f"en/{report}" for report in REPORTS]
#: The longest page in its other language: in the quick tests one page in Malay does.
LONGEST = "ms/market-impact"
PLACES = [*BRIEFS, "en", "", "en/claims/cost-1", "ms/overview", LONGEST]
SCHEMES = ("light", "dark")
#: Each other place in one scheme or the other, and the rest of them in the slow tests.
VIEWS = [
    pytest.param(
        place, scheme, marks=[pytest.mark.slow] if (number + turn) % 2 or place == LONGEST else []
    )
    for turn, scheme in enumerate(SCHEMES)
    for number, place in enumerate(PLACES)
]
PHONE, DESK, ENLARGED = 360, 1280, 640
#: WCAG 1.4.12: what a reader may set, without anything lost.
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
    "p { margin-bottom: 2em !important; }"
)


@pytest.fixture
def opened(open_page, whole_site):
    """Open a page of the site by its place."""
    return lambda place, **options: open_page(
        (whole_site / place / "index.html").as_uri(), axe=True, **options
    )


def unfold(page, opened=True):
    """Unfold everything, and wait until the page has seen which boxes scroll now."""
    page.evaluate(
        """opened => { document.querySelectorAll('details').forEach(d => d.open = opened);
      return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))); }""",
        opened,
    )


def resize(page, width):
    page.set_viewport_size({"width": width, "height": 800})


# -- checks: each gives the faults that it finds on an open page, and leaves it as it was -----------


def asks_for_more(page):
    """Whatever the page asked for besides itself, or said on the console."""
    return [heard for heard in page.heard if heard != ("request", page.url.partition("#")[0])]


def is_too_wide(page):
    faults = []
    for width in (320, PHONE, ENLARGED, DESK):
        resize(page, width)
        for state in (False, True):
            unfold(page, state)
            if (found := page.evaluate("document.documentElement.scrollWidth")) > width:
                faults.append(f"{found} px at {width}")
        unfold(page, False)
    return faults


def cuts_numbers_of_tables(page):
    resize(page, PHONE)
    faults = page.clipped()
    unfold(page, False)
    return faults


def hides_its_beginning(page):
    """Parts of the first screen of a brief that lie below it."""
    faults = []
    for width in (PHONE, DESK):
        resize(page, width)
        for part in ("h1", ".dateline", ".lead"):
            box = page.locator(part).first.bounding_box()
            if box["y"] < 0 or box["y"] + box["height"] > 800:
                faults.append(f"{part} at {width}")
    return faults


def cuts_text_of_figures(page):
    faults = []
    for width in (PHONE, DESK):
        resize(page, width)
        faults += page.evaluate("""() => [...document.querySelectorAll('figure svg')]
          .filter(svg => svg.checkVisibility()).flatMap(svg => {
          const edge = svg.getBoundingClientRect(), name = svg.closest('figure').id;
          return [...svg.querySelectorAll('text')].map(text => {
            const box = text.getBoundingClientRect();
            const size = parseFloat(getComputedStyle(text).fontSize) * edge.width / svg.viewBox.baseVal.width;
            const cut = box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1
              || box.bottom > edge.bottom + 1;
            return [name, text.textContent, cut ? 'cut' : size < 11.5 ? `${size} px` : '']; })
          .filter(([, , fault]) => fault); })""")
    return faults


def parts_a_word_from_its_marks(page):
    """Buttons and other boxes in a line between which and a bracket, a comma or the like the line may break."""
    return page.evaluate("""() => {
      const line = e => getComputedStyle(e).display === 'inline' && e.tagName !== 'BUTTON';
      const beside = (e, side) => { // the text beside a box, and what both are in
        let inside = e.parentElement;
        while (!e[side] && line(inside)) [e, inside] = [inside, inside.parentElement];
        const next = e[side];
        return next && (next.nodeType === 3 || line(next)) && getComputedStyle(inside).whiteSpace !== 'nowrap'
          ? next.textContent : ''; };
      return [...document.querySelectorAll('main *')].filter(e => e.checkVisibility()
          && (e.tagName === 'BUTTON' || getComputedStyle(e).display.startsWith('inline-'))).flatMap(e => {
        const [before, after] = [beside(e, 'previousSibling'), beside(e, 'nextSibling')];
        return /[(\\[“‘"]$/.test(before) || /^[)\\],.;:!?”’"]/.test(after)
          ? [[before.slice(-20), e.textContent.trim().slice(0, 40), after.slice(0, 20)]] : []; }); }""")


def lets_labels_touch(page):
    """Labels of a scale that stand less than 3 px apart, or alone where there are others."""
    faults = []
    unfold(page)
    for width in (320, PHONE, DESK):
        resize(page, width)
        faults += page.evaluate("""() => [...document.querySelectorAll('.ticks')].flatMap(ticks => {
          const all = [...ticks.querySelectorAll('text')], seen = all.filter(text => text.checkVisibility());
          const boxes = seen.map(text => text.getBoundingClientRect());
          const touch = boxes.some((box, i) => i && box.left < boxes[i - 1].right + 3);
          const alone = all.length > 1 && seen.length < 2;
          return touch || alone ? [[innerWidth, ...seen.map(text => text.textContent)]] : [];
        })""")
    unfold(page, False)
    return faults


def loses_text_with_wider_spacing(page):
    resize(page, PHONE)
    page.evaluate(
        """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
      document.adoptedStyleSheets = [sheet]; }""",
        SPACING,
    )
    faults = page.evaluate("""() => [...document.querySelectorAll('h1, h2, h3, p, li, dt, dd, summary, .word')]
      .filter(e => e.checkVisibility() && !e.closest('.scroll') && e.clientWidth
        && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflow === 'visible'
        && e.getBoundingClientRect().left + e.scrollWidth > innerWidth)
      .map(e => e.textContent.trim().slice(0, 60))""")
    if page.evaluate("document.documentElement.scrollWidth") > PHONE:
        faults.append("wider than the screen")
    page.evaluate("document.adoptedStyleSheets = []")
    return faults


def loses_the_keyboard(page):
    """Focus leads from the skip link through the page in the order of the text, and never out of sight."""
    resize(page, DESK)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.keyboard.press("Tab")
    faults = [] if page.evaluate("document.activeElement.className") == "skip" else ["no skip link"]
    page.keyboard.press("Enter")
    if page.evaluate("document.activeElement.id") != "main":
        faults.append("the skip link doesn't lead to the text")
    return faults + page.evaluate("""() => [...document.querySelectorAll('a[href], summary, [tabindex], .scroll')]
      .filter(e => e.checkVisibility() && !e.matches('main')
        && (!e.matches('.scroll') || e.scrollWidth > e.clientWidth || e.scrollHeight > e.clientHeight)).flatMap(e => {
        e.focus({focusVisible: true});
        const style = getComputedStyle(e), box = e.getBoundingClientRect(), name = e.outerHTML.slice(0, 120);
        if (e.tabIndex > 0) return [[name, 'comes before its turn']];
        if (document.activeElement !== e) return [[name, 'takes no focus']];
        if (style.outlineStyle === 'none' && !e.matches('.probe')) return [[name, 'shows no focus']];
        // a link within a line of text is as high as the line (WCAG 2.5.8, inline)
        const inline = style.display === 'inline';
        return !inline && Math.min(box.width, box.height) < 23.5 ? [[name, `${box.width} by ${box.height}`]] : [];
      })""")


def breaks_a_link(page):
    """Links within the site that lead nowhere."""
    links = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.href)")
    here, ids = (
        page.url.partition("#")[0],
        page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)"),
    )
    faults = []
    for link in {link for link in links if link.startswith("file:")}:
        file, _hash, anchor = link.partition("#")
        there = Path(file.removeprefix("file://").partition("?")[0])
        if (file != here and not there.exists()) or (file == here and anchor and anchor not in ids):
            faults.append(link)
    return faults


def violations(page, **options):
    """What axe finds on the page with everything unfolded."""
    unfold(page)
    found = page.axe(**options)
    unfold(page, False)
    return found


def shuts_someone_out(page):
    """Violations of WCAG and of good practice: on a phone in the dark, on a desk in the light."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    resize(page, PHONE if dark else DESK)
    return violations(page, rules={"color-contrast": {"enabled": False}})


def has_faint_text(page):
    """Texts whose contrast with what lies behind them is below 4.5:1 (WCAG 1.4.3); axe takes a minute for that."""
    return page.evaluate("""() => {
      const parse = c => c.match(/[\\d.]+/g).map(Number);
      const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
      const behind = e => { for (; e; e = e.parentElement) {
        const c = parse(getComputedStyle(e).backgroundColor); if (c[3] !== 0) return c; }
        return matchMedia('(prefers-color-scheme: dark)').matches ? [0, 0, 0] : [255, 255, 255]; };
      return [...document.querySelectorAll('body *')].filter(e => !e.closest('svg') && !e.matches('.anchor')
          && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())).map(e => {
        const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
        return [e.textContent.trim().slice(0, 40), (Math.max(a, b) + .05) / (Math.min(a, b) + .05)]; })
        .filter(([, ratio]) => ratio < 4.5); }""")


EVERYWHERE = (
    is_too_wide,
    cuts_text_of_figures,
    cuts_numbers_of_tables,
    lets_labels_touch,
    parts_a_word_from_its_marks,
    breaks_a_link,
    has_faint_text,
    shuts_someone_out,
)
BRIEF = (hides_its_beginning, loses_text_with_wider_spacing, loses_the_keyboard)


def faults_of(page, checks):
    found = {check.__name__: faults for check in checks if (faults := check(page))}
    return found | ({"asks_for_more": faults} if (faults := asks_for_more(page)) else {})


@pytest.mark.parametrize(("place", "scheme"), VIEWS)
def test_a_page_serves_every_reader(opened, place, scheme):
    page = opened(place, scheme=scheme)
    assert faults_of(page, EVERYWHERE + (BRIEF if place in BRIEFS else ())) == {}


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    "place",  # colours are the same in every language
    [pytest.param(p, marks=[pytest.mark.slow] if p else []) for p in PLACES if p[:2] != "ms"],
)
def test_axe_finds_no_faint_text(opened, place, scheme):
    assert violations(opened(place, scheme=scheme), runOnly=["color-contrast"]) == []


def test_each_check_can_fail(open_page, tmp_path):
    path = tmp_path / "page.html"
    path.write_text(
        """<!DOCTYPE html><html><title>x</title><body><main id="main"><p style="margin-top: 900px"><h1>Low</h1>
        <p class="dateline" style="color: #ccc">x</p><p class="lead">x</p><a href="nowhere.html">x</a>
        <a href="#nowhere" tabindex="3" style="display: inline-block; outline: none">x</a>
        <figure id="f"><svg viewBox="0 0 90 90" width="90"><text x="80" font-size="4">Far too long</text></svg></figure>
        <p>A (<button>button</button>, too)</p>
        <div class="ticks"><svg><text x="9" y="9">One</text><text x="30" y="9">Two</text></svg></div>
        <table style="width: 900px"><tr><th>x</th><td style="text-align: right">12,345</td></tr></table>
        <p style="width: 355px; white-space: nowrap">{}</p><script>console.log("x")</script></main>""".replace(
            "{}", "many words " * 40
        ),
        encoding="utf-8",
    )
    found = faults_of(open_page(path.as_uri(), axe=True), (*EVERYWHERE, *BRIEF))
    assert set(found) == {check.__name__ for check in (*EVERYWHERE, *BRIEF, asks_for_more)}


@pytest.mark.parametrize("place", BRIEFS)
def test_everything_is_there_without_javascript(opened, place):
    with_script, without = opened(place), opened(place, java_script_enabled=False)
    drawings = [page.locator("figure svg[role=img]").count() for page in (with_script, without)]
    texts = [page.locator("main").inner_text() for page in (with_script, without)]
    assert drawings[0] == drawings[1]
    assert len(texts[1]) >= len(texts[0])


def plain(text):
    """Words without ligatures, which a typeface may set, and with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


@pytest.mark.parametrize(
    "place",
    [pytest.param(place, marks=pytest.mark.slow if place != BRIEFS[1] else []) for place in BRIEFS],
)
def test_paper_shows_what_is_open_and_cuts_no_figure(opened, place, tmp_path):
    page = opened(place)
    page.emulate_media(media="print")
    assert not page.locator("nav").first.is_visible()
    assert not page.locator(".code pre").first.is_visible()
    assert not any(table.is_visible() for table in page.locator("figure details table").all())
    assert page.locator(".onpaper").is_visible()
    page.pdf(path=tmp_path / "print.pdf", prefer_css_page_size=True)
    sheets = pypdf.PdfReader(tmp_path / "print.pdf").pages
    assert tuple(round(float(side)) for side in sheets[0].mediabox[2:]) == (595, 842)
    texts = [plain(sheet.extract_text()) for sheet in sheets]
    assert all(f"{number} / {len(texts)}" in text for number, text in enumerate(texts, 1))
    assert "https://" in texts[0]
    # a figure's title stands on one sheet with the first and last words of its drawing
    for figure in page.locator("figure:visible").all():
        title = plain(figure.locator("h3").inner_text())
        drawn = figure.locator("svg[role=img]:visible text").all_text_contents()
        inked = [plain(text) for text in drawn if len(text) > 3]
        assert any(title in t and inked[0] in t and inked[-1] in t for t in texts), title
