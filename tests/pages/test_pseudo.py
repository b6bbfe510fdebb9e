"""All pages in a language that nobody speaks: accented, and some 40% longer.

Text that stays plain was never marked for translation; text that doesn't fit will not fit in
the next language either.
"""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.params import REPORTS
from briefs import site
from briefs.values import PSEUDO

pytestmark = pytest.mark.browser

DATA = Path(__file__).parents[2] / "data"
NARROW = 320
#: Columns of the evidence that hold names, which are the same in every language.
NAMES = {
    "sources": ["publisher"],
    "model-prices": ["provider", "model", "display_name"],
    "capability": ["model"],
    "hardware": ["chip", "vendor"],
    "training-runs": ["model", "developer"],
    "event-returns": ["ticker"],
    "inference-offerings": ["vendor", "chip"],
    "company-revenue": ["company", "ticker"],
    "chip-shipments": ["vendor"],
    "arena-gap": ["best_us", "best_china"],
}
#: Benchmarks, funds, units, file formats, and words of the page's own code.
KNOWN = """GPQA-Diamond OTIS-Mock-AIME MMLU MMMU MATH-500 MATH HumanEval LMArena-Elo SWE-bench-Verified Arena Gallup
McKinsey SPY RSP QQQ IWM HHI FLOP PaaS IaaS SaaS USD MYR AMD NVIDIA Broadcom Hacker Auth AIPI Ipsos Pew Index CSV JSON
HTML PDF ICS SHA-256 DeepSeek-V3 GPT GPT-2 GPT-3 TICKER GPQA Diamond LMSys Chatbot ELO
Annenberg Axios Echelon SVG PNG NASDAQ AMEX Gemini Pro""".split()
#: CLDR's own word in a list of three, and its ninth month.
_OTHER = {"and", "Sept"}
_MONTHS = {
    pd.Timestamp(2025, number, 1).strftime(form) for number in range(1, 13) for form in ("%B", "%b")
}
_PLAIN = re.compile(r"(?<![^\W\d_])[A-Za-z]{3,}(?![^\W\d_])")
_CODE = re.compile(
    r"https?://\S+|\b[0-9a-f]{12,}\b|\b(cost|market|regulation)-\d+\b|\b\w+_\w+\b|\b[\w-]+\.csv\b"
)

#: Texts of a page that a reader sees or hears, but for what is marked as another language's or as code.
READ = """() => {
  const own = document.documentElement.lang, found = [];
  const skipped = e => e.closest('script, style, code, pre, [translate=no], time[datetime]')
    || (e.closest('[lang]') && e.closest('[lang]').lang !== own);
  const walker = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    if (text && !skipped(walker.currentNode.parentElement)) found.push(text);
  }
  for (const e of document.querySelectorAll('[alt], [aria-label], [title], [placeholder]'))
    if (!skipped(e)) for (const name of ['alt', 'aria-label', 'title', 'placeholder'])
      if (e.getAttribute(name)) found.push(e.getAttribute(name));
  for (const name of ['meta[name=description]', 'meta[property="og:title"]', 'meta[property="og:description"]'])
    for (const e of document.querySelectorAll(name)) found.push(e.content);
  return found;
}"""


@pytest.fixture(scope="module")
def pseudo_site(tmp_path_factory, build):
    out = tmp_path_factory.mktemp("pseudo")
    for report in REPORTS:
        build(out, report, language=PSEUDO, n_boot=100)
    site.publish(out)
    return out


@pytest.fixture(scope="module")
def names():
    """Names of the evidence, the longest first."""
    package = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
    paths = {resource["name"]: resource["path"] for resource in package["resources"]}
    found = {*KNOWN, *paths}
    for table, columns in NAMES.items():
        frame = pd.read_csv(DATA / paths[table], dtype=str, keep_default_na=False)
        found |= {name for column in columns for name in frame[column] if name}
    return sorted(found, key=len, reverse=True)


def plain_words(text, names):
    """Words that were not made up, without names, dates, addresses and ids."""
    text = _CODE.sub(" ", text)
    if not _PLAIN.search(text):
        return []
    for name in names:
        if name in text:
            text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", text)
    return [word for word in _PLAIN.findall(text) if word not in _MONTHS | _OTHER]


def pages(folder):
    return sorted(folder.rglob("*.html"))


@pytest.fixture(scope="module")
def seen(browser, pseudo_site):
    """What a reader with a narrow screen finds on each page: its texts, and its width when all is unfolded."""
    found, context = {}, browser.new_context(viewport={"width": NARROW, "height": 800})
    page = context.new_page()
    for path in pages(pseudo_site):
        page.goto(path.as_uri())
        place = path.relative_to(pseudo_site).as_posix()
        found[place] = page.evaluate(READ), unfolded_width(page)
    context.close()
    return found


def unfolded_width(page):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    return page.evaluate("document.documentElement.scrollWidth")


@pytest.mark.slow
def test_no_text_is_hard_coded(seen, names):
    assert len(seen) > 10
    found = {}
    for place, (texts, _width) in seen.items():
        for text in texts:
            if words := plain_words(text, names):
                found.setdefault(f"{words}: {text[:100]}", place)
    assert found == {}


@pytest.mark.slow
def test_longer_text_fits(seen):
    assert [place for place, (_texts, width) in seen.items() if width > NARROW] == []


@pytest.mark.slow
def test_longer_text_fits_a_desk(browser, pseudo_site):
    context, wide = browser.new_context(viewport={"width": 1280, "height": 800}), []
    page = context.new_page()
    for path in pages(pseudo_site):
        page.goto(path.as_uri())
        if unfolded_width(page) > 1280:
            wide.append(path.relative_to(pseudo_site).as_posix())
    context.close()
    assert wide == []


@pytest.mark.parametrize(
    "text, words",
    [
        ("Ťĥéé market", ["market"]),
        ("Ťĥéé mááŕķééť", []),
        ("27 January 2025", []),
        ("Jan 2025", []),
        ("GPQA-Diamond, 35%", []),
        ("US$0.10", []),
        ("https://example.org/some/words", []),
        ("cost-1", []),
        ("Data of this figure", ["Data", "this", "figure"]),
    ],
)
def test_what_counts_as_plain(names, text, words):
    assert plain_words(text, names) == words
