"""The acceptance points of ``docs/checklist.md`` that can be read off the built English pages.

A test is named after its points. What only a browser can tell stands in ``test_pages.py``.
"""

import csv
import gzip
import io
import json
import re
from collections import Counter
from itertools import pairwise
from types import SimpleNamespace
from urllib.parse import unquote

import html5lib
import pytest

from analysis.params import REPORTS
from briefs.evidence.claims import load_claims
from briefs.render import editions

BRIEFS = [report for report in REPORTS if report != "overview"]
VERDICTS = {
    "Supported",
    "Partly supported",
    "Mixed",
    "Contradicted",
    "Unresolved",
    "Opinion, not checkable",
}
OUTCOMES = {*VERDICTS, "Untested"}
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="session")
def read(whole_site):
    """Read a built page once: its text, its tree, what a standard parser found wrong, its results."""
    pages = {}

    def page(report):
        if report not in pages:
            folder = whole_site / "en" / report
            text = (folder / "index.html").read_text(encoding="utf-8")
            parser = html5lib.HTMLParser(
                html5lib.treebuilders.getTreeBuilder("etree"), namespaceHTMLElements=False
            )
            tree = parser.parse(text)
            results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
            pages[report] = SimpleNamespace(
                folder=folder, text=text, tree=tree, errors=parser.errors, results=results
            )
        return pages[report]

    return page


@pytest.fixture(params=REPORTS)
def page(request, read):
    return read(request.param)


@pytest.fixture(params=BRIEFS)
def brief(request, read):
    return read(request.param)


def words(element):
    return " ".join("".join(element.itertext()).split())


def classed(tree, name):
    return [
        e for e in tree.iter() if isinstance(e.tag, str) and name in (e.get("class") or "").split()
    ]


def figures(page):
    return list(page.tree.iter("figure"))


def cards(page):
    """Each claim's card, and what its verdict stands on, which is folded."""
    grounds = {e.get("id"): e for e in classed(page.tree, "grounds")}
    articles = [e for e in page.tree.iter("article") if "verdict" in e.get("class").split()]
    return [(card, grounds[f"{card.get('id')}:grounds"]) for card in articles]


def test_html_is_valid(page):
    assert page.errors == []


def test_point_1_title_dates_and_a_finding_with_its_interval_come_first(page):
    (title,) = page.tree.iter("h1")
    assert words(title) == page.results["title"]
    dates = words(classed(page.tree, "dateline")[0])
    for part in ("Edition of ", "Published (and updated )?", "[Uu]pdated ", "Data up to "):
        assert re.search(part + r"(\d+ )?[A-Z][a-z]+ \d{4}", dates), part
    (lead,) = classed(page.tree, "lead")
    assert next(page.tree.iter("main"))[0][0] is lead
    assert re.search(r"\d[^()]*\([^()]*\d[^()]* to [^()]*\d[^()]*\)", words(lead)), words(lead)


def test_point_2_the_answer_is_short_and_every_claim_is_charted_and_linked(page):
    (lead,) = classed(page.tree, "lead")
    assert len(words(lead).split()) <= 45, words(lead)
    (chart,) = classed(page.tree, "claims")
    links = [next(row.iter("a")).get("href") for row in chart.iter("li")]
    assert sorted(link.partition("#")[2] for link in links) == sorted(
        claim["id"] for claim in page.results["claims"]
    )


def test_point_3_the_answer_is_a_finding_of_the_results(page):
    (lead,) = classed(page.tree, "lead")
    headlines = [finding["text"] for finding in page.results["findings"] if finding["headline"]]
    assert words(lead) == " ".join(headlines[0].split())


def test_point_4_each_figure_names_its_sources_with_link_year_and_day_of_reading(brief):
    for figure in figures(brief):
        line = classed(figure, "source")[0]
        read = r"\(((19|20)\d\d|undated)\), accessed \d+ [A-Z][a-z]+ \d{4}[;.]"
        assert len(re.findall(read, words(line))) == 1, words(line)  # that of the one named
        assert any(a.get("href").startswith("https://") for a in line.iter("a"))
    for item in classed(brief.tree, "sources")[0]:
        assert re.search(r"accessed \d+ |not read", words(item)), words(item)


def test_point_5_method_assumptions_limits_and_parameters(brief):
    for name in ("method", "assumptions", "limits"):
        section = next(s for s in brief.tree.iter("section") if s.get("aria-labelledby") == name)
        assert len(words(section)) > 200, name
    tables = brief.tree.iter("table")
    table = next(t for t in tables if t.get("aria-labelledby") == "parameters:title")
    shown = {words(row[0]): words(row[1]) for row in table.find("tbody")}
    used = brief.results["parameters"]
    assert shown == {name: v if isinstance(v, str) else json.dumps(v) for name, v in used.items()}
    (command,) = (
        words(pre) for pre in brief.tree.iter("pre") if pre.get("aria-label") == "Command"
    )
    assert command.startswith(f"briefs build {brief.results['report']} ")


def test_points_8_and_10_each_claim_says_who_where_when_and_why(brief):
    known = load_claims()
    assert cards(brief)
    for card, grounds in cards(brief):
        claim, text = known[card.get("id")], words(grounds)
        assert claim.said_by.en in text and claim.outlet.en in text
        assert re.search(r"Paraphrase|Quotation", text)
        assert claim.statement.en in words(next(card.iter("h3")))
        assert len(words(classed(card, "answer")[0]).split()) <= 25
        assert (claim.interest is None) or claim.interest.en.strip() in text
        room = 60 + 25 * len(claim.readings)
        assert len(words(classed(grounds, "reason")[0]).split()) <= room
        word = words(classed(card, "word")[0])
        assert word in VERDICTS
        assert word == "Opinion, not checkable" or re.search(r"Rule\s*Supported if ", text)


def test_point_10_the_interest_of_the_speaker_in_palantir_is_told(read):
    told = [words(grounds) for _card, grounds in cards(read("market-impact"))]
    assert any("Declared interest" in text and "Palantir" in text for text in told)


def test_point_11_what_changed_and_corrections(page):
    section = next(s for s in page.tree.iter("section") if s.get("aria-labelledby") == "changes")
    edition = editions.current()
    assert edition.changes.en in words(section)
    assert ("None so far." in words(section)) == (
        not edition.corrections_of(page.results["report"])
    )


def test_point_12_citation_licence_and_permalink(page):
    citation = words(classed(page.tree, "citation")[0])
    edition = editions.current()
    permalink = f"/en/{page.results['report']}/{edition.id}/"
    assert page.results["title"] in citation and citation.endswith(permalink)
    assert any((a.get("href") or "").endswith(permalink) for a in page.tree.iter("a"))
    assert "CC BY 4.0" in words(next(page.tree.iter("footer")))
    for item in classed(page.tree, "sources")[0]:
        assert "Licence: " in words(item)


def test_point_13_malaysia(brief):
    section = next(
        s
        for s in brief.tree.iter("section")
        if s.get("aria-labelledby") == "what-this-means-for-malaysia"
    )
    assert list(section.iter("figure")) or classed(section, "table") or classed(section, "finding")


def test_point_14_titles_are_headlines_and_subtitles_say_what_is_measured(brief):
    for figure in figures(brief):
        assert len(words(next(figure.iter("h3"))).split()) <= 12
        assert len(words(classed(figure, "measure")[0])) > 20


def test_point_15_text_alternatives_say_the_finding(brief):
    for drawing in brief.tree.iter(SVG + "svg"):
        if drawing.get("role") != "img":
            continue
        alt = drawing.get("aria-label")
        assert 80 <= len(alt) <= 300 and re.search(r"\d", alt), alt
        assert not re.match(r"(?i)(an? )?(image|chart|graph|picture|figure) of", alt), alt


def test_point_16_each_figure_has_its_data_as_a_table(brief):
    rows = {f["id"]: f["rows"] for f in brief.results["figures"]}
    assert {figure.get("id") for figure in figures(brief)} == set(rows)
    for figure in figures(brief):
        table = next(next(d for d in figure.iter("details") if not d.get("class")).iter("table"))
        assert words(table.find("caption"))
        assert all(th.get("scope") == "col" for th in table.find("thead").iter("th"))
        assert all(th.get("scope") == "row" for th in table.find("tbody").iter("th"))
        assert len(table.find("tbody")) == rows[figure.get("id")]


def test_point_17_downloads_say_what_they_are_and_are_the_published_files(brief):
    for block in [*figures(brief), *classed(brief.tree, "table")]:
        link = classed(block, "download")[0]
        assert re.search(r"(Figure|Table) \d+ \(CSV, [\d.,]+ (kB|bytes)\)", words(link)), words(
            link
        )
        data = unquote(link.get("href").split(",", 1)[1]).encode()
        assert data == (brief.folder / "data" / f"{block.get('id')}.csv").read_bytes()
        header, *rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""))
        assert rows and all(header) and len(set(header)) == len(header)
        assert all(len(row) == len(header) for row in rows)
        assert not re.search(rb"\d{1,2}/\d{1,2}/\d{4}", data)


def test_point_24_figures_keep_text_as_text_and_are_light(brief):
    for text in re.findall(r'<svg role="img".*?</svg>', brief.text, re.S):
        assert "<text" in text and len(text.encode()) <= 150_000


def test_point_27_headings_landmarks_and_the_skip_link(page):
    levels = [
        int(e.tag[1])
        for e in page.tree.iter()
        if isinstance(e.tag, str) and re.fullmatch("h[1-6]", e.tag)
    ]
    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    body = page.tree.find("body")
    assert [e.tag for e in body if e.tag in ("header", "main", "footer")] == [
        "header",
        "main",
        "footer",
    ]
    navigation = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in body.iter("nav")]
    assert len(navigation) == len(set(navigation)) and all(navigation)
    assert next(body.iter("a")).get("class") == "skip"


def test_point_27_every_link_within_the_page_leads_somewhere(page):
    ids = [e.get("id") for e in page.tree.iter() if e.get("id")]
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    targets = {
        a.get("href")[1:] for a in page.tree.iter("a") if (a.get("href") or "").startswith("#")
    }
    assert targets - set(ids) == set()


def test_point_30_verdicts_are_a_word_and_an_icon(page):
    shown = classed(page.tree, "word")
    assert shown
    for word in shown:
        assert next(word.iter(SVG + "svg")).get("aria-hidden") == "true"
        assert words(word).split(" ·")[0] in OUTCOMES


def test_points_33_and_36_nothing_is_loaded_and_all_is_there_without_a_script(page):
    assert not re.search(r"<(img|iframe|object|embed|video|audio|form)\b", page.text)
    assert not re.search(r'\s(src|srcset|poster|background)="', page.text)
    kinds = [script.get("type") for script in page.tree.iter("script")]
    told = [words(told) for told in classed(page.tree, "told")]  # what can be tried has its default
    data = ["application/ld+json", *(["application/json"] if told else [])]
    assert kinds in (data, [*data, None]) and all(told)
    claims = [c for c in page.results["claims"] if (c["specifications"] or {}).get("tested", 0) > 1]
    own = [] if page.folder.name == "overview" else claims
    assert len(told) == len(own) + page.text.count('class="whatif" id="grid-')
    assert len(figures(page)) == len(page.results["figures"])


def test_point_34_weight(page):
    assert len(page.text.encode()) <= 1_000_000
    assert len(gzip.compress(page.text.encode())) <= 300_000


def test_point_40_nothing_is_left_of_jupyter_or_of_the_machine(page):
    for pattern in (
        r"\b(In|Out) ?\[\d*\]:",
        "Traceback",
        r"\w+Warning:",
        r"(?<![\w./:-])/(home|root|tmp|Users)/",
        r"jp-|CodeMirror|data:image/png|require\.js|MathJax",
        r"<[\w.]+ object at 0x",
        r"\bnan\b|\bNaN\b",
    ):
        found = re.search(pattern, page.text)
        assert not found, page.text[max(0, found.start() - 80) : found.end() + 40]
    for file in page.folder.rglob("*"):
        if file.suffix in (".csv", ".json", ".ics"):
            assert not re.search(
                r"(?<![\w./:-])/(home|root|tmp|Users)/", file.read_text(encoding="utf-8")
            ), file


def test_point_48_titles_and_descriptions(read):
    pages = [read(report) for report in REPORTS]
    titles = [words(page.tree.find("head/title")) for page in pages]
    described = [
        re.search(r'<meta name="description" content="([^"]*)"', page.text)[1] for page in pages
    ]
    assert len(set(titles)) == len(titles) == len(set(described))
    assert max(map(len, titles)) <= 65
    assert all(70 <= len(text) <= 160 for text in described), described
    for page in pages:
        (canonical,) = re.findall(r'<link rel="canonical" href="([^"]+)"', page.text)
        assert canonical.endswith(f"/en/{page.results['report']}/")


def test_point_49_the_card(page):
    picture = (page.folder / "card.png").read_bytes()
    assert len(picture) <= 300_000
    assert (int.from_bytes(picture[16:20], "big"), int.from_bytes(picture[20:24], "big")) == (
        1200,
        630,
    )
    assert re.search(r'<meta property="og:image" content="https?://[^"]+/card.png">', page.text)


def test_point_50_structured_data_say_what_the_page_says(page):
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.text, re.S)
    nodes = json.loads(text)["@graph"]
    counts = Counter(node["@type"] for node in nodes)
    assert counts["Article"] == 1
    assert counts["Dataset"] == len(page.results["figures"])
    assert not counts["ClaimReview"]  # which stands on the claim's own page
    files = {
        node["distribution"][0]["contentUrl"].rsplit("/", 1)[1]
        for node in nodes
        if node["@type"] == "Dataset"
    }
    assert files == {f"{f['id']}.csv" for f in page.results["figures"]}


def test_point_51_no_published_edition_changed(whole_site):
    assert editions.breaches(whole_site) == []


def test_point_57_the_manifest_is_linked_and_complete(page):
    links = {a.get("href") for a in page.tree.iter("a")}
    assert {"results.json", "notebook.ipynb"} <= links
    origin = page.results["provenance"]
    assert {
        "commit",
        "dirty",
        "built",
        "evidence",
        "package_sha256",
        "lock_sha256",
        "versions",
    } <= set(origin)
    made = words(next(s for s in page.tree.iter("section") if s.get("aria-labelledby") == "made"))
    for value in filter(None, (origin["commit"], origin["package_sha256"], origin["lock_sha256"])):
        assert value in made
    assert all(digest in made for digest in origin["evidence"].values())
