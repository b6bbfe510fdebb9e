"""A reader's budget: what a page shows while its parts are closed, in both languages.

Words are those of running text, tables and labels; those inside drawings are part of the drawing.
"""

import pypdf
import pytest

from analysis.params import REPORTS
from briefs.values import LANGUAGES

#: Words, pixels of height on a phone, and printed pages.
BRIEF, OVERVIEW = (1800, 12_000, 5), (900, 8_000, 2)
#: A phone, and how much of its height leaves a reader with the answer.
PHONE, SCREENS = {"width": 360, "height": 800}, 1.5
PLACES = [(language, report) for language in LANGUAGES for report in REPORTS]
WORDS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let words = 0;
  while (walker.nextNode()) {
    const place = walker.currentNode.parentElement;
    if (place.closest('svg, script, style, .hidden, nav') || !place.checkVisibility()) continue;
    words += (walker.currentNode.textContent.match(/[\\p{L}\\p{N}]\\S*/gu) || []).length;
  }
  return words;
}"""


def budget(report):
    return OVERVIEW if report == "overview" else BRIEF


@pytest.mark.browser
@pytest.mark.parametrize(("language", "report"), PLACES)
def test_a_page_keeps_to_its_words_and_its_length(open_page, whole_site, language, report):
    page = open_page((whole_site / language / report / "index.html").as_uri(), **PHONE)
    words, height, _pages = budget(report)
    assert page.evaluate(WORDS) <= words
    assert page.evaluate("document.documentElement.scrollHeight") <= height


@pytest.mark.parametrize(("language", "report"), PLACES)
def test_the_printed_brief_keeps_to_its_pages(whole_site, language, report):
    folder = whole_site / language / report
    brief, annex = (
        len(pypdf.PdfReader(folder / f"{name}.pdf").pages) for name in ("brief", "annex")
    )
    assert brief <= budget(report)[2] < annex


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_home_answers_on_the_first_screen_and_a_half(open_page, whole_site, language):
    page = open_page((whole_site / language / "index.html").as_uri(), **PHONE)
    last = page.locator(".claims li").last.bounding_box()
    assert last["y"] + last["height"] <= SCREENS * PHONE["height"]
    assert page.locator(".claims li").count() == page.locator("#board > li").count() > 1


@pytest.mark.browser
@pytest.mark.parametrize(("language", "report"), PLACES)
def test_each_claim_has_its_sentence_and_its_scale(open_page, whole_site, language, report):
    page = open_page((whole_site / language / report / "index.html").as_uri(), **PHONE)
    rows = page.locator(".claims li a").evaluate_all("all => all.map(a => a.hash.slice(1))")
    said = page.locator(".verdict > .answer, .answers > li").all_inner_texts()
    assert len(rows) == len(set(rows)) == len(said) > 1
    assert all(len(text.split(":", 1)[-1].split()) <= 25 for text in said)
