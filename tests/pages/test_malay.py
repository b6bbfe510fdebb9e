"""The Malay briefs beside the English ones: the same structure, and Malay as Malaysia writes it."""

import csv
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

from analysis.params import REPORTS
from briefs.desk import catalogues, translations
from briefs.project import project

with (Path(__file__).parents[2] / "data" / "sources.csv").open(
    encoding="utf-8", newline=""
) as file:
    PUBLISHERS = sorted({row["publisher"] for row in csv.DictReader(file)}, key=len, reverse=True)
VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
BLOCKS = {
    "p",
    "li",
    "td",
    "th",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "caption",
    "summary",
    "text",
    "title",
    "a",
    "div",
}


class Page(HTMLParser):
    """What a page is made of: ids, headings, rows, links within it, and its text in its own language."""

    def __init__(self, path):
        super().__init__()
        self.ids, self.headings, self.rows, self.links, self.text = [], [], {}, [], []
        self._open, self._table = [], ""
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        drawn = any(
            name == "svg" for name, _attrs in self._open
        )  # ids in a drawing depend on its words
        # which terms are explained depends on the words as well
        if attrs.get("id") and not drawn and not attrs["id"].startswith("term:"):
            self.ids.append(attrs["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((tag, attrs.get("id", "")))
        if tag in ("figure", "table", "section"):
            self._table = attrs.get("id") or self._table
        if tag == "tr":
            self.rows[self._table] = self.rows.get(self._table, 0) + 1
        if attrs.get("href", "").startswith("#") and not drawn:
            self.links.append(attrs["href"])
        if tag in BLOCKS:
            self.text.append("\n")
        if tag not in VOID:
            self._open.append((tag, attrs))

    def handle_startendtag(self, tag, attrs):
        if tag not in VOID:
            self.handle_starttag(tag, attrs)
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass
        if tag in BLOCKS:
            self.text.append("\n")

    def handle_data(self, data):
        foreign = any(
            tag in ("script", "style", "code", "pre")
            or attrs.get("translate") == "no"
            or attrs.get("lang", "ms") != "ms"
            for tag, attrs in self._open
            if tag != "html"
        )
        if not foreign:
            self.text.append(data)

    @property
    def words(self):
        """Text of the page in its language, without quotations, addresses and names of publishers."""
        text = re.sub(r"“[^”\n]*”|https?://\S+", "", re.sub(r"\s*\n\s*", "\n", "".join(self.text)))
        for name in PUBLISHERS:
            text = text.replace(name, "")
        return text


@pytest.fixture
def malay(whole_site):
    return whole_site


def read(folder, language, report):
    return json.loads((folder / language / report / "results.json").read_text(encoding="utf-8"))


def pages(folder):
    return sorted((folder / "ms").rglob("*.html"))


@pytest.fixture(scope="module")
def words(whole_site):
    """Words of every Malay page, by its place."""
    return {path.relative_to(whole_site).as_posix(): Page(path).words for path in pages(whole_site)}


def test_the_catalogue_is_whole():
    assert translations.all_problems() == []


#: Expressions that were given up for clearer ones; the glossary says which.
RETIRED = {
    "larian latihan",
    "kuasa latihan",
    "kuasa pengkomputeran latihan",
    "keupayaan tetap",
    "peraturan keputusan",
    "menyaksikan",
    "sepintas lalu",
    "amaun",
    "hari anggaran",
    "padanan log-linear",
}


def malay_texts(content):
    """Every text of a YAML file that stands there in Malay."""
    if isinstance(content, dict):
        if isinstance(content.get("ms"), str):
            yield content["ms"]
        for part in content.values():
            yield from malay_texts(part)
    elif isinstance(content, list):
        for part in content:
            yield from malay_texts(part)


def test_retired_expressions_come_back_in_no_catalogue_and_no_data():
    avoided = {term.avoid for term in translations.glossary("ms") if term.avoid}
    assert avoided >= RETIRED
    texts = [
        text
        for path in project().data.glob("*.yml")
        for text in malay_texts(yaml.safe_load(path.read_text("utf-8")))
    ]
    assert texts
    for path in catalogues.paths("ms"):
        texts += [str(message.string) for message in catalogues.stored(path, "ms") if message.id]
    found = {word for text in texts for word in RETIRED if translations.found_word(text, word)}
    assert found == set()


def unspoken(estimate):
    """An estimate without the words of its method."""
    return estimate and {key: value for key, value in estimate.items() if key != "method"}


@pytest.mark.parametrize("report", REPORTS)
def test_the_results_are_the_same(malay, report):
    def outline(results):
        return {
            "claims": [
                (
                    c["id"],
                    c["verdict"],
                    unspoken(c["estimate"]),
                    [
                        (r["id"], r["outcome"], r["cause"], r["power"], unspoken(r["estimate"]))
                        for r in c["readings"] or ()
                    ],
                )
                for c in results["claims"]
            ],
            "findings": [(f["id"], f["headline"], f["claim"]) for f in results["findings"]],
            "numbers": {name: unspoken(value) for name, value in results["numbers"].items()},
            "figures": [
                (f["id"], f["csv"], f["rows"]) for f in (*results["figures"], *results["tables"])
            ],
            "sources": [(s["source_id"], s["url"], s["published"]) for s in results["sources"]],
            "parameters": {**results["parameters"], "language": ""},
        }

    assert outline(read(malay, "ms", report)) == outline(read(malay, "en", report))


@pytest.mark.parametrize("report", REPORTS)
def test_the_outline_is_the_same(malay, report):
    english, own = (Page(malay / language / report / "index.html") for language in ("en", "ms"))
    assert own.headings == english.headings
    assert own.ids == english.ids
    assert own.rows == english.rows
    assert own.links == english.links


@pytest.mark.parametrize("report", REPORTS)
def test_every_sentence_of_prose_is_translated(malay, report):
    english, own = (read(malay, language, report) for language in ("en", "ms"))
    for part, key in (
        ("claims", "statement"),
        ("claims", "reason"),
        ("findings", "text"),
        ("figures", "title"),
        ("figures", "alt"),
        ("tables", "title"),
    ):
        for one, other in zip(english[part], own[part], strict=True):
            assert one[key] != other[key], (part, key)


@pytest.mark.parametrize("report", REPORTS)
def test_a_reason_has_no_more_words_than_its_readings_need(malay, report):
    for claim in read(malay, "ms", report)["claims"]:
        room = 60 + 25 * len(claim["readings"])
        assert len(claim["reason"].split()) <= room, (claim["id"], claim["reason"])


@pytest.mark.parametrize("report", REPORTS)
def test_titles_and_text_alternatives_keep_to_their_length(malay, report):
    results = read(malay, "ms", report)
    for figure in results["figures"]:
        assert len(figure["title"].split()) <= 14, figure["title"]
        assert 80 <= len(figure["alt"]) <= 320, figure["alt"]
        assert re.search(r"\d", figure["alt"]), figure["alt"]


def test_words_to_avoid_appear_nowhere(words):
    avoided = [term.avoid for term in translations.glossary("ms") if term.avoid]
    assert avoided
    rule = re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, avoided))})(?![\w-])")
    assert {
        (hit[1], place) for place, text in words.items() for hit in rule.finditer(text)
    } == set()


def test_the_articles_own_terms_stay_as_they_are(malay):
    english, own = (
        "\n".join(
            Page(malay / language / report / "index.html").words.lower() for report in REPORTS
        )
        for language in ("en", "ms")
    )
    for term in translations.glossary("ms"):
        if term.key.startswith("art_") and re.search(rf"\b{term.english.lower()}\b", english):
            assert term.term.lower() in own, term.term


#: How numbers and dates are not written in Malaysia, each with an example.
WRONG = [
    (r"\d\.\d{3},\d", "1.234,5"),
    (r"(?<![\d,.])\d{1,3},\d{1,2}(?![\d,])", "12,5"),
    (r"\d %", "5 %"),
    (r"(?<!US)\$\d", "$5"),
    (r"(US\$|RM) \d", "RM 5"),
    (r"\bUSD ?\d", "USD5"),
    (r"\bMYR ?\d", "MYR5"),
    (r"\d (million|billion|trillion|thousand|percent)\b", "5 million"),
    (r"(US\$|RM)[\d.,]+ ?(J|B|T|M|jt|bn|tn|m)\b", "US$5B"),
    (r"(?<=\d )(January|February|March|May|June|July|August|October|December)\b", "5 March"),
    (r"(?<!\()\b(Maret|Juni|Juli|Agustus|Desember|Oct|Aug|Dec) \d{4}", "Aug 2025"),
    (r"(?<!\w)-\d+(\.\d+)?%", "-5%"),
    (r"\d%[–-]\d+%", "85%–90%"),
    (r"\bQ[1-4] \d{4}", "Q1 2025"),
    (r"\{\w*\}", "{n}"),
]


def test_numbers_and_dates_are_written_as_in_malaysia(words):
    assert [example for wrong, example in WRONG if not re.search(wrong, example)] == []
    found = {
        (match[0], place)
        for place, text in words.items()
        for wrong, _example in WRONG
        for match in re.finditer(wrong, text)
    }
    assert found == set()


def test_a_page_says_that_the_translation_was_not_reviewed(malay):
    for report in REPORTS:
        text = (malay / "ms" / report / "index.html").read_text(encoding="utf-8")
        assert "belum disemak" in text
        assert 'lang="ms"' in text.partition("<head>")[0]


CUT = """() => [...document.querySelectorAll('figure svg')].flatMap(svg => {
  const edge = svg.getBoundingClientRect(), name = svg.closest('figure').id;
  return [...svg.querySelectorAll('text')].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1
      || box.bottom > edge.bottom + 1;
  }).map(text => `${name}: ${text.textContent}`);
})"""


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [320, 1280])
def test_the_malay_fits(malay, browser, width):
    context, faults = browser.new_context(viewport={"width": width, "height": 800}), []
    page = context.new_page()
    for path in pages(malay):
        page.goto(path.as_uri())
        faults += page.evaluate(CUT)
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{path.relative_to(malay)} is wider than {width} px")
    context.close()
    assert faults == []
