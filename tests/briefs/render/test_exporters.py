import base64
import hashlib
import io
import json
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from multiprocessing import get_context

import pypdf
import pytest
import typst
from hypothesis import given, settings, strategies as st
from nbconvert.utils.exceptions import ConversionException

from briefs.render import document, exporters, pdf as typst_pdf, policy
from briefs.render.cells import PublishError
from briefs.values import OUTCOMES, VERDICTS

#: Elements of a page without a chart: what is told to machines, what its script looks up, and the script itself, which
#: it names by its hash.
SCRIPTS = [
    {"type": "application/ld+json"},
    {"type": "application/json", "id": "combinations"},
    {},
]


class Page(HTMLParser):
    """Elements of a page as ``(tag, attributes)``, and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, name):
        return [attrs for tag, attrs in self.tags if tag == name]


@pytest.fixture
def text(notebook):
    return exporters.render_html(document.build(notebook))


@pytest.fixture
def page(text):
    return Page(text)


@pytest.fixture
def pdf(notebook):
    """The annex, which has all of a page."""
    return typst_pdf.render_annex(document.build(notebook))


def grounds(text, name):
    """What a verdict stands on, on a page."""
    return re.search(rf'<div class="grounds" id="{name}:grounds">.*?\n</div>', text, re.S)[0]


def words(pdf):
    return " ".join(
        " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages).split()
    )


def test_the_page_needs_nothing_else(page):
    assert not {tag for tag, _ in page.tags} & {"iframe", "object", "embed", "img", "base", "form"}
    assert page.all("script") == SCRIPTS
    assert {link["rel"] for link in page.all("link")} == {"canonical", "license", "icon"}
    assert next(link["href"] for link in page.all("link") if link["rel"] == "icon").startswith(
        "data:image/svg+xml,"
    )
    for _, attrs in page.tags:
        assert not [
            name for name in attrs if name.startswith("on") or name in ("style", "src", "srcset")
        ], attrs
    assert not re.findall(r"url\((?!#|%23)", " ".join(str(attrs) for _, attrs in page.tags))


def digest(text):
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def test_the_policy_is_strict_and_style_and_script_have_their_hash(text, page):
    policy = next(
        m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    script = re.search(r"<script>(.*?)</script>", text, re.S)[1]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{digest(style)}'; script-src 'sha256-{digest(script)}';"
        " img-src data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
    )
    assert text.count("<style") == 1
    assert "@import" not in style
    assert "url(" not in style


def test_ids_are_unique_and_every_inner_link_resolves(page):
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    named = [a["href"][1:] for a in page.all("a") + page.all("use") if a["href"].startswith("#")]
    named += [name for _, attrs in page.tags for name in attrs.get("aria-labelledby", "").split()]
    assert len(named) > 60
    assert set(named) <= set(ids)
    assert {
        "cost-1",
        "cost-5",
        "price-frontier",
        "runs",
        "half-life",
        "answer",
        "cost-4:grounds",
        "sources",
    } <= set(ids)


def test_headings_and_landmarks(page):
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    for landmark in (
        "header",
        "main",
        "nav",
        "footer",
    ):  # by itself a page has no neighbours to navigate to
        assert len(page.all(landmark)) == 1
    assert page.all("a")[0]["class"] == "skip"
    assert page.all("html")[0]["lang"] == "en"


def test_a_figure_has_everything(text, page, sample):
    drawing = next(attrs for attrs in page.all("svg") if attrs.get("role") == "img")
    assert drawing["aria-label"] == sample.FIGURE["alt"]
    figure = re.search(r'<figure id="price-frontier">.*?</figure>', text, re.S)[0]
    assert f"<h3>{sample.FIGURE['title']}</h3>" in figure
    assert '<a href="https://example.org/1">Data set 1 &amp; more</a> (2025)' in figure
    assert figure.count('<th scope="row">') == 3
    assert '<th scope="col" class="right">US$ per million tokens</th>' in figure
    assert ">Cheapest price</text>" in figure
    link = next(a for a in page.all("a") if a.get("download") == "price-frontier.csv")
    assert link["href"].startswith("data:text/csv;charset=utf-8,date,model,usd_per_mtok%0D%0A")
    assert ">Download the data for Figure 1 (CSV, 104 bytes)</a>" in figure


def test_a_verdict_card_has_everything(text):
    card = re.search(
        r'<article class="verdict v-partly-supported" id="cost-4".*?</article>', text, re.S
    )[0]
    for part in (
        "Partly supported",
        "AI inference cost falls 85–90% a year",
        "Prices fall by 89% a year (76% to 93%).",
        "high confidence",
    ):
        assert part in card, part
    closed = grounds(text, "cost-4")
    assert '<details class="fold"' in text[: text.index(closed)].rpartition("<section")[2]
    for part in (
        "A. Speaker, 28 January 2025, The Daily Example",
        "Paraphrase",
        "Recalled by the interviewer",
        "Holds shares",
        "Supported if it lies in 75% to 90% a year with a probability of two thirds or more",
        "89.3% a year",
        "90% interval: 75.5% to 93.0%",
        "bootstrap over providers",
        "Hedonic regression",
        "Prices actually paid",
        "Data set 4",
        "By the end of 2026",
        "high confidence",
    ):
        assert part in closed, part
    assert "“DeepSeek built a high-performing model for about US$600,000”" in text


#: What the card of the first claim says, as a page's markup has it and as it reads in print.
SAID = (
    "Contradicted (until 29 November 2026)",
    "23 November 2026: The range is wider. No result had been seen by then. "
    "29 November 2026: The article was read. Results had been seen by then.",
    "The verdict holds in 9 of 12 combinations of other choices (window and who is a peer).",
    "high confidence",
    "95%; in part over 99%",
    "under 1%; in part 50%",
)


def test_a_verdict_card_says_how_sure_it_is_and_what_changed(text, pdf):
    """On the page and in print alike."""
    card, printed = grounds(text, "cost-4"), words(pdf)
    for part in SAID:
        assert part in card and part in printed, part
    pooled, hedonic, paid = re.findall(r"<tr>(<th scope=\"row\">.*?)</tr>", card, re.S)
    numbers = [
        re.findall('<td class="named"[^>]*>([^<]*)</td>', row) for row in (pooled, hedonic, paid)
    ]
    assert numbers == [["95%; in part over 99%", "84%"], ["under 1%; in part 50%", "20%"], ["", ""]]
    for row, name, label, cause in (
        (pooled, "supported", "Supported", ""),
        (hedonic, "unresolved", "Unresolved", "too imprecise"),
        (paid, "untested", "Untested", "no data"),
    ):
        assert re.search(rf'<span class="word v-{name}"><svg.*?</svg>{label}</span>', row), row
        assert re.findall('<span class="cause">([^<]*)</span>', row) == ([cause] if cause else [])
        assert " · ".join(filter(None, (label, cause))) in printed


def test_every_verdict_has_its_word_its_icon_and_its_cause(text, pdf, notebook):
    """In its card, in the chart of all claims and in print."""
    stamps = dict(
        re.findall(
            r'<article class="verdict [^"]*" id="([^"]+)".*?<p class="stamp">(.*?)</p>', text, re.S
        )
    )
    icons = json.loads(policy.read("icons.json"))
    assert len(set(icons.values())) == len(icons) and {*VERDICTS, *OUTCOMES} <= set(icons)
    for name, word in (("cost-2", "mixed"), ("cost-5", "unresolved")):
        assert f'<span class="word v-{word}"><svg' in stamps[name]
        assert f'd="{icons[word]}"' in stamps[name]
    cause = ' <span class="cause">too imprecise</span>'
    assert cause in stamps["cost-5"] and "too imprecise" not in stamps["cost-2"]
    rows = re.findall(r"<li><a href=.*?</li>", text, re.S)
    assert [name for row in rows for name in re.findall(r"v-[\w-]+", row)[:1]] == [
        f"v-{verdict.verdict.replace(' ', '-')}"
        for scale in document.build(notebook).chart
        for verdict in scale.rows
    ]
    printed = words(pdf)
    assert "Unresolved · too imprecise" in printed and printed.count("Mixed") >= 2


def test_a_source_says_its_grade_and_what_would_be_better(text):
    items = re.findall(r'<li id="source:\d">(.*?)</li>', text, re.S)
    assert " Grade: A." in items[0]
    assert " Grade: C (better: the publisher&#39;s data file)." in items[1]


def test_nothing_of_jupyter_shows(text):
    for trace in ("In&nbsp;[", "for the lab", "title in the lab", "analysis.record", "jp-"):
        assert trace not in text
    folded = re.findall(
        r'<details class="code"><summary id="[^"]+">Show the code of this section</summary>.*?</details>',
        text,
        re.S,
    )
    assert "figures.price_frontier(frontier)" in "".join(folded)
    assert text.count("figures.price_frontier") == 1


def test_cell_and_record_text_stays_text(sample):
    attack = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    finding = {**sample.SMALL, "id": "attack", "text": attack}
    table = {
        **sample.TABLE,
        "id": "table-2",
        "title": attack,
        "note": attack,
        "subtitle": attack,
        "rows": [[attack, 2020, 1, 1, attack]],
    }
    figure = {**sample.FIGURE, "id": "figure-3", "alt": attack}
    cells = [
        *sample.cells(),
        sample.code("x", *map(sample.shown, (finding, table))),
        sample.code("y", sample.shown(figure, sample.SVG)),
    ]
    page = document.build(sample.read(cells))
    found = Page(exporters.render_html(page))
    assert found.all("script") == SCRIPTS
    assert not found.all("img")
    assert (
        "".join(found.words).count(attack) == 7
    )  # a finding; of the table title, caption, subtitle, note, two values
    assert attack in words(typst_pdf.render_annex(page))


def test_the_same_document_gives_the_same_bytes(notebook, sample):
    again = sample.read(sample.cells())
    assert exporters.render_html(document.build(notebook)) == exporters.render_html(
        document.build(again)
    )
    first = exporters.render_pdf(document.build(notebook))
    typst_pdf._compiler.cache_clear()
    assert exporters.render_pdf(document.build(again)) == first


def test_the_date_of_a_pdf_is_that_of_its_edition_whatever_the_clock_says(notebook, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    reader = pypdf.PdfReader(io.BytesIO(exporters.render_pdf(document.build(notebook))))
    assert reader.metadata["/CreationDate"].startswith("D:20261123")


def test_the_pdf_is_tagged_named_and_speaks_its_language(sample):
    for language, tag in (("en", "en"), ("ms", "ms-MY")):
        cells = sample.cells()
        cells[1] = sample.code("x", sample.shown({**sample.BRIEF, "language": language}))
        reader = pypdf.PdfReader(
            io.BytesIO(exporters.render_pdf(document.build(sample.read(cells))))
        )
        root = reader.trailer["/Root"]
        assert root["/Lang"] == tag
        assert root["/MarkInfo"]["/Marked"]
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()
        assert reader.metadata.title == "Cost revolution"


def test_the_pdf_has_bookmarks_pages_and_embedded_fonts(pdf):
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert tuple(round(float(side)) for side in reader.pages[0].mediabox[2:]) == (595, 842)
    titles = re.findall(r"'/Title': '([^']*)'", str(reader.outline))
    assert titles[:4] == ["Cost revolution", "Claimed, and found", "What this rests on", "Contents"]
    first, last = reader.pages[0].extract_text(), reader.pages[-1].extract_text()
    total = len(reader.pages)
    assert "Prices fall by 89% a year" not in first and "falls by 89% a year" in first
    assert "AI training cost falls 75% a year" in words(pdf)
    assert f"Page 1 of {total}" in first
    assert f"Page {total} of {total}" in last
    assert "Edition of November 2026" in last
    fonts = {
        f["/BaseFont"]: f
        for p in reader.pages
        for f in (r.get_object() for r in p["/Resources"]["/Font"].values())
    }
    assert {name.split("+")[1].split("-")[0] for name in fonts} == {
        "LibertinusSerif",
        "DejaVuSansMono",
        "DejaVuSans",
    }
    for font in fonts.values():
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(described)


def test_typst_code_in_a_notebook_stays_text(pdf):
    text = words(pdf)
    for part in (
        '#read("/etc/passwd")',
        "$x$, @ref, <label>",
        "not a comment, /* nor this */",
        '#panic("x")',
        "<script>alert(1)</script>",
        "code block #let x = 1",
        "Model 30 <i>#1</i>",
    ):
        assert part in text, part
    assert "root:" not in text


@settings(max_examples=50)
@given(st.text() | st.text(alphabet='"\\\\#{}u41n\n\t/*'))
def test_typst_reads_any_text_as_it_was(text):
    source = typst_pdf.source("brief.typ", {"text": text}).split(b"\n", 1)[0]
    read = typst.query(source + b"\n#metadata(doc.text)<it>", "<it>", field="value", one=True)
    assert json.loads(read) == text


def test_a_pdf_does_not_depend_on_what_was_set_before_it(notebook):
    made = document.build(notebook)
    frame = replace(made.frame, citation=f"{made.frame.citation} Changed.")
    changed = replace(made, title="Another title", lead="", frame=frame)
    exporters.render_pdf(changed)
    with ProcessPoolExecutor(1, get_context("spawn")) as fresh:
        assert fresh.submit(exporters.render_pdf, made).result() == exporters.render_pdf(made)


def test_no_rule_of_the_pdf_depends_on_its_document():
    rules = re.findall(r"^#(?:set|show) .*(?:\n[ )].*)*", policy.read("brief.typ"), re.MULTILINE)
    assert len(rules) > 20
    assert [rule for rule in rules if re.search(r"\bdoc\b", rule)] == rules[
        -1:
    ]  # it holds for nothing


def test_every_heading_of_the_page_is_in_the_pdf_in_the_same_order(notebook):
    made = document.build(notebook)
    titles = [section.title for section in made.sections]
    text = words(typst_pdf.render_annex(made))
    text = text[text.rindex(titles[0]) :]
    assert [text.index(title) for title in titles] == sorted(text.index(title) for title in titles)


def test_typst_has_nothing_to_warn_of(notebook):
    made = document.build(notebook)
    for annex in (False, True):
        source = typst_pdf.source("brief.typ", {**typst_pdf.printed(made), "annex": annex})
        _, warnings = typst_pdf._compiler().compile_with_warnings(
            source, format="pdf", pdf_standards=["ua-1"]
        )
        assert [str(w) for w in warnings] == []


def test_a_fault_of_typst_is_a_publish_error(notebook):
    made = document.build(notebook)
    # PDF/UA refuses a picture without a text alternative
    bare = [replace(block, alt=None) for block in made.blocks if block.type == "figure"]
    made = replace(made, sections=[replace(made.sections[0], blocks=bare)])
    with pytest.raises(PublishError, match=r"can't set 'cost-revolution': .*alt"):
        exporters.render_pdf(made)


def test_nbconvert_exporters(notebook):
    html, resources = exporters.BriefHTMLExporter().from_notebook_node(notebook)
    assert resources["output_extension"] == ".html"
    assert html == exporters.render_html(document.build(notebook))
    pdf, resources = exporters.BriefPDFExporter().from_notebook_node(notebook)
    assert resources["output_extension"] == ".pdf"
    assert pdf.startswith(b"%PDF-1.7")
    assert exporters.BriefHTMLExporter.export_from_notebook == "Evidence brief (HTML)"


def test_nbconvert_reports_what_must_not_be_published(notebook, sample):
    notebook.cells.append(
        sample.code("oops()", sample.output("stream", name="stderr", text="warned"))
    )
    with pytest.raises(ConversionException, match=r"cell 18 \('oops\(\)'\): wrote to stderr"):
        exporters.BriefHTMLExporter().from_notebook_node(notebook)
