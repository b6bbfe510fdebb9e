"""The PDF of a brief as others read it: a validator of PDF/UA, a screen reader, a printer."""

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import page as validator
import pikepdf
import pypdf
import pytest
from pypdf.generic import DictionaryObject

from briefs.render import document, editions, pdf, pdf_tags, svg, wording
from briefs.render.blocks import Notice

#: That of the project, whatever other tests pin.
LOG = Path(__file__).parents[3] / "data" / "editions.yml"


def leaves(node, kinds):
    """Elements of a structure tree of these kinds, in reading order."""
    node = node.get_object()
    if isinstance(node, DictionaryObject):
        if node.get("/S") in kinds:
            yield node
        children = node.get("/K", [])
        for child in children if isinstance(children, list) else [children]:
            if hasattr(child, "get_object"):
                yield from leaves(child, kinds)


class Brief:
    """A PDF, opened, with its structure tree at hand."""

    def __init__(self, data):
        self.data = data
        self.reader = pypdf.PdfReader(io.BytesIO(data))
        self.root = self.reader.trailer["/Root"]
        self.pages = [page.extract_text() for page in self.reader.pages]

    def tags(self, *kinds):
        return list(leaves(self.root["/StructTreeRoot"], kinds))

    def headings(self):
        return [
            (int(tag["/S"][2:]), str(tag["/T"])) for tag in self.tags("/H1", "/H2", "/H3", "/H4")
        ]


class Headings(HTMLParser):
    """Headings of a page, as (level, text), without the sign that links to them."""

    def __init__(self, text):
        super().__init__()
        self.found, self._level, self._quiet = [], 0, False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if re.fullmatch("h[1-6]", tag):
            self._level = int(tag[1])
            self.found.append((self._level, ""))
        self._quiet = self._quiet or (tag == "a" and "anchor" in dict(attrs).get("class", ""))

    def handle_endtag(self, tag):
        if re.fullmatch("h[1-6]", tag):
            self._level = 0
        self._quiet = False if tag == "a" else self._quiet

    def handle_data(self, data):
        if self._level and not self._quiet:
            self.found[-1] = (self._level, self.found[-1][1] + data)


def made_of(sample, *cells, language="en"):
    """The document of the sample notebook with further cells."""
    found = sample.cells()
    found[1] = sample.code("x", sample.shown({**sample.BRIEF, "language": language}))
    found[-1:-1] = cells
    return document.build(sample.read(found))


@pytest.fixture
def brief(notebook):
    return Brief(pdf.render_annex(document.build(notebook)))


@pytest.fixture(scope="module")
def short(cost_brief):
    """The PDF for readers, without what its page shows closed."""
    return Brief((cost_brief / "brief.pdf").read_bytes())


@pytest.fixture(scope="module")
def real(cost_brief):
    return Brief((cost_brief / "annex.pdf").read_bytes())


def assert_no_fault(data):
    for profile in ("ua1", "pdfa-2a"):
        report = validator.validate_pdf_bytes(data, profile=profile)
        assert report.is_compliant, [(fault.rule_id, fault.message) for fault in report.failures]
        assert report.rules.total > 100


def test_a_validator_finds_no_fault(real, short):
    assert_no_fault(real.data)
    assert_no_fault(short.data)


@pytest.mark.parametrize("language", ["en", "ms"])
def test_a_validator_finds_no_fault_in_a_page_with_everything(sample, language):
    made = made_of(sample, language=language)
    assert_no_fault(pdf.render_annex(made))
    assert_no_fault(pdf.render_pdf(made))


def test_the_validator_can_find_faults(real):
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(real.data))
    del writer.root_object["/MarkInfo"]
    spoiled = io.BytesIO()
    writer.write(spoiled)
    assert not validator.validate_pdf_bytes(spoiled.getvalue(), profile="ua1").is_compliant


def test_every_picture_has_its_words(real, cost_brief):
    figures = real.tags("/Figure")
    drawn = json.loads((cost_brief / "results.json").read_text(encoding="utf-8"))["figures"]
    assert len(figures) == len(drawn) > 4
    assert all(80 <= len(figure["/Alt"]) <= 300 for figure in figures)


def test_every_table_has_heading_cells(real):
    tables = real.tags("/Table")
    assert len(tables) >= 8
    for table in tables:
        assert list(leaves(table, {"/TH"})) and list(leaves(table, {"/TD"}))


def kids(tag):
    """Elements right below one."""
    found = tag.get("/K", [])
    found = [kid.get_object() for kid in (found if isinstance(found, list) else [found])]
    return [kid for kid in found if isinstance(kid, DictionaryObject) and "/S" in kid]


def in_table(cell):
    return next(part for part in cell["/A"] if part["/O"] == "/Table")


def test_every_row_has_its_heading_which_its_cells_name(brief):
    ids = brief.root["/StructTreeRoot"]["/IDTree"]["/Names"]
    names = {name: cell.get_object() for name, cell in zip(ids[::2], ids[1::2], strict=True)}
    assert list(ids[::2]) == sorted(ids[::2])
    rows = [row for body in brief.tags("/TBody") for row in leaves(body, {"/TR"})]
    assert len(rows) > 30
    for first, *others in map(kids, rows):
        assert first["/S"] == "/TH" and in_table(first)["/Scope"] == "/Row"
        for cell in others:
            column, row = (names[name] for name in in_table(cell)["/Headers"])
            assert cell["/S"] == "/TD" and row["/ID"] == first["/ID"]
            assert in_table(column)["/Scope"] == "/Column"


def test_every_table_but_one_of_running_text_has_its_words(brief):
    tables = brief.tags("/Table")
    assert len(tables) == 4
    assert sum(kids(table)[0]["/S"] == "/Caption" for table in tables) == 3
    assert len(brief.tags("/Caption")) == 3


def test_a_caption_that_typst_leaves_outside_comes_into_its_table():
    pdf = pikepdf.new()
    table = pdf.make_indirect({"/S": pikepdf.Name.Table, "/K": []})
    words = pdf.make_indirect({"/S": pikepdf.Name.Caption})
    inner = pdf.make_indirect({"/S": pikepdf.Name.Div, "/K": [table]})
    group = pdf.make_indirect({"/S": pikepdf.Name.Div, "/K": [words, inner]})
    pdf.Root.StructTreeRoot = pikepdf.Dictionary(K=[group])
    file = io.BytesIO()
    pdf.save(file)
    made = Brief(pdf_tags.named(file.getvalue(), {}))
    (table,) = made.tags("/Table")
    assert [kid["/S"] for kid in kids(table)] == ["/Caption"]
    assert kids(table)[0]["/P"]["/S"] == "/Table"
    assert len(made.tags("/Caption")) == 1


def test_data_that_end_as_a_line_does_are_packed_another_way():
    pdf = pikepdf.new()
    pdf.Root.StructTreeRoot = pikepdf.Dictionary(K=[])
    pdf.Root.Data = pdf.make_stream(b"so it ends\r")
    file = io.BytesIO()
    pdf.save(file, compress_streams=False)
    assert b"\r\nendstream" in file.getvalue()
    made = pdf_tags.named(file.getvalue(), {})
    assert b"\r\nendstream" not in made
    assert pikepdf.open(io.BytesIO(made)).Root.Data.read_bytes() == b"so it ends\r"


def test_a_title_in_another_language_says_so(sample):
    made = Brief(pdf.render_annex(made_of(sample, language="ms")))
    links = [tag for tag in made.tags("/Link") if "/URI" in note_of(tag).get("/A", {})]
    titles = [tag for tag in links if note_of(tag)["/Contents"].startswith("Data set")]
    assert len(titles) > 8 and {tag.get("/Lang") for tag in titles} == {"en"}
    # what is said in the page's own language is not marked as another
    marked = [tag for tag in made.tags("/Table", "/TD", "/TH", "/P", "/Code") if "/Lang" in tag]
    assert {tag["/Lang"] for tag in marked} <= {"ms-MY"}


def note_of(link):
    """The place on the page where a link can be followed."""
    return next(kid["/Obj"] for kid in link["/K"] if "/Obj" in getattr(kid, "keys", dict)())


def test_a_link_says_its_words_not_its_address(brief):
    notes = [note_of(tag) for tag in brief.tags("/Link")]
    words = {note["/A"]["/URI"]: note["/Contents"] for note in notes if "/A" in note}
    assert words["https://example.org/1"] == "Data set 1 & more"
    assert words["https://example.org/method"] == "method"  # of a footnote
    assert [text for text in words.values() if "://" in text] == []


def test_headings_come_as_on_the_page_and_skip_no_level(real, cost_brief):
    only_here = {"Evidence tables (SHA-256)"}  # folded away on the page
    only_there = {
        "Notes",
        "What if other choices had been made?",
    }  # of paper: notes at the foot, no choosing
    here = [(level, text.strip()) for level, text in real.headings() if text not in only_here]
    there = [
        (level, " ".join(text.split()))
        for level, text in Headings((cost_brief / "index.html").read_text("utf-8")).found
        if text.strip() not in only_there
    ]
    assert here == there
    assert all(after <= before + 1 for (before, _), (after, _) in pairwise(real.headings()))


def test_every_heading_of_the_first_two_levels_is_a_bookmark(real):
    def titles(outline):
        for item in outline:
            yield from titles(item) if isinstance(item, list) else [item.title]

    marked = list(titles(real.reader.outline))
    wanted = [text for level, text in real.headings() if level < 3]
    assert [title for title in marked if title in wanted] == wanted


def test_each_page_says_what_it_is(real):
    total, edition = len(real.pages), editions.load(LOG)[0]
    for number, text in enumerate(real.pages, 1):
        foot = " ".join(text.split())
        assert f"Page {number} of {total}" in foot
        assert f"Edition of {wording.edition_name(edition)}" in foot
        assert "https://" in foot and f"/en/cost-revolution/{edition.id}/" in foot
        assert number == 1 or ("The cost revolution" in foot and "Evidence brief" in foot)


def test_the_first_page_has_the_answer_all_claims_and_what_they_rest_on(real, short, cost_brief):
    claims = json.loads((cost_brief / "results.json").read_text(encoding="utf-8"))["claims"]
    parts = ["The cost revolution", "Claimed, and found", "What this rests on", "Contradicted"]
    parts += ["Published", "Data up to", "Sources by grade", *(claim["name"] for claim in claims)]
    for made in (real, short):
        first = " ".join(made.pages[0].split())
        assert [part for part in parts if part not in first] == []


def test_the_short_one_has_what_the_page_shows_at_once_and_names_the_rest(short, real, cost_brief):
    page = (cost_brief / "index.html").read_text(encoding="utf-8")
    assert "How we know" in page and "Assumptions" in page
    text, whole = (" ".join(" ".join(made.pages).split()) for made in (short, real))
    for part in ("How we know", "Assumptions", "How robust it is"):
        assert part not in text and part in whole
    claims = json.loads((cost_brief / "results.json").read_text(encoding="utf-8"))["claims"]
    assert all(" ".join(claim["answer"].split()[:5]) in text for claim in claims)
    assert "annex.pdf" in text and "How to cite" in text
    sections = [title for level, title in short.headings() if level == 2]
    assert len(sections) > 5 and set(sections) < {title for _level, title in real.headings()}


def test_a_claim_stays_on_one_page_with_its_heading_and_its_drawing(short, cost_brief):
    outline = json.loads((cost_brief / "outline.json").read_text(encoding="utf-8"))
    found = json.loads((cost_brief / "results.json").read_text(encoding="utf-8"))
    pages = [" ".join(text.split()) for text in short.pages]
    for claim in found["claims"]:
        title = next(s["title"] for s in outline["sections"] if claim["id"] in s["holds"])
        (own,) = (
            text for text in pages if f"Claim {claim['id']}: {claim['statement'][:20]}" in text
        )
        assert title in own and "Source:" in own


def test_the_contents_name_every_part_with_its_page(real):
    place = next(i for i, text in enumerate(real.pages) if re.search(r"(?m)^Contents", text))
    contents = " ".join(real.pages[place].split())
    contents = contents[contents.index("Contents") :]
    parts = [text for level, text in real.headings() if level == 2]
    for title in parts[parts.index("Contents") + 1 :]:
        page = next(
            number
            for number, text in enumerate(real.pages, 1)
            if number > place
            and re.search(r"(?m)^\s*" + r"\s+".join(map(re.escape, title.split())) + r"\s*$", text)
        )
        assert re.search(re.escape(title) + r"[ .]*" + str(page) + r"\b", contents), (title, page)


def test_a_long_table_breaks_and_repeats_its_heading(sample):
    rows = [[f"Model {i}", 2000 + i % 25, i, i, "A note"] for i in range(200)]
    page = made_of(
        sample, sample.code("y", sample.shown({**sample.TABLE, "id": "table-long", "rows": rows}))
    )
    labels = [column["label"] for column in sample.TABLE["columns"]]
    texts = [" ".join(text.split()) for text in Brief(pdf.render_annex(page)).pages]
    long = [text for text in texts if len(re.findall(r"Model \d+", text)) > 20]
    assert len(long) >= 3
    assert all(" ".join(labels) in text for text in long)


def test_a_figure_stays_on_one_page_with_its_source(real):
    words = [" ".join(text.split()) for text in real.pages]
    for number in range(1, 10):
        (own,) = (text for text in words if re.search(rf"Figure {number} \S", text))
        after = own[own.index(f"Figure {number} ") :]
        assert "(log scale)" in after or "%" in after  # the words of its drawing
        assert re.search(r"Source: [^;]+.*ac(- )?cessed", after)  # a line may end in it


def test_no_page_but_the_last_is_nearly_empty(real):
    assert all(len(text) > 900 for text in real.pages[:-1])  # a page of two charts has little text


def test_fonts_come_along_and_the_file_is_small(real):
    fonts = {
        name: font
        for page in real.reader.pages
        for name, font in (
            (f.get_object()["/BaseFont"], f.get_object())
            for f in page["/Resources"]["/Font"].values()
        )
    }
    assert fonts and {name.split("+")[1].split("-")[0] for name in fonts} <= {
        "LibertinusSerif",
        "DejaVuSans",
        "DejaVuSansMono",
    }
    for font in fonts.values():
        assert {"/FontFile2", "/FontFile3"} & set(
            font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        )
    assert len(real.data) < 3e6


def test_what_only_a_pointer_finds_is_not_printed():
    marks = '<g class="marks" opacity="0"><g><circle><title>x</title></circle></g></g>'
    drawing = f'<svg viewBox="0 0 9 9"><path/>{marks}</svg>'
    assert svg.silent(drawing) == '<svg viewBox="0 0 9 9"><path/></svg>'
    assert (
        svg.silent('<svg viewBox="0 0 9 9"><path/></svg>') == '<svg viewBox="0 0 9 9"><path/></svg>'
    )


def test_all_words_of_a_malay_brief_come_from_its_catalogue(sample):
    pages = Brief(pdf.render_annex(made_of(sample, language="ms"))).pages
    text = " ".join(" ".join(pages).split())
    assert "Rajah 1" in text and "Sumber:" in text and f"Halaman 1 daripada {len(pages)}" in text
    for word in ("Section", "Page 1", "Figure 1", "Source:"):
        assert word not in text, word


def test_neighbouring_sources_are_one_range(sample):
    items = [
        {**sample.SOURCES["items"][0], "source_id": f"source-{letter}"} for letter in "abcdefghijk"
    ]
    many = [item["source_id"] for item in items if item["source_id"] != "source-g"]
    found = sample.cells()
    found[-1] = sample.code("s", sample.shown({**sample.SOURCES, "items": items}))
    found.insert(
        -2,
        sample.code(
            "x", sample.shown({**sample.FIGURE, "id": "fig-many", "sources": many}, sample.SVG)
        ),
    )
    text = " ".join(
        " ".join(Brief(pdf.render_annex(document.build(sample.read(found)))).pages).split()
    )
    assert "also [4–6] [8–11]" in text


def test_a_notice_a_review_and_corrections_are_printed(notebook):
    made = document.build(notebook)
    around = replace(
        made.frame,
        notice=Notice("older", ["A newer edition exists."], "x", "Read it"),
        review="Reviewed by a reader.",
        changes="Two rows were added.",
        corrections=[("1 May 2027", "A typo.")],
    )
    made = replace(made, frame=around)
    text = " ".join(" ".join(Brief(pdf.render_annex(made)).pages).split())
    for part in (
        "A newer edition exists.",
        "Reviewed by a reader.",
        "Two rows were added.",
        "1 May 2027 A typo.",
    ):
        assert part in text, part
