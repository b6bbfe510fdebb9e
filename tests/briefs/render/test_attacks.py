"""Known attacks by every way into a page, opened in a real browser."""

import copy
import io
import random
import re
import xml.etree.ElementTree as ET
from itertools import cycle
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pypdf
import pytest
from nbconvert.utils.exceptions import ConversionException
from nbformat import from_dict

from briefs.display.records import MIME
from briefs.evidence.schema import is_formula
from briefs.render import document, exporters, pdf
from briefs.render.cells import PublishError
from briefs.render.markdown import MarkdownError, Reader

HARMLESS = (Path(__file__).parents[2] / "harmless.js").read_text("utf-8")


def readable(text):
    """Whether a markdown cell may say this: a picture without data, for one, stops the build."""
    try:
        return Reader(set()).read(text)
    except MarkdownError:
        return False


def cell_of(attack):
    """An attack as a cell of a table, but for one that a spreadsheet would run: it would stop the build."""
    return "x" if is_formula(f"x {attack}") else f"x {attack}"


def attacked(sample, attacks):
    """The sample notebook with these attacks by every way in."""
    every = "\n".join(attacks)
    cells = sample.cells()
    parameters = [{"name": f"p{i}", "value": a, "meaning": a} for i, a in enumerate(attacks)]
    cells[1] = sample.code(
        every,
        sample.shown(
            {
                **sample.BRIEF,
                "title": attacks[0],
                "subtitle": attacks[2],
                "parameters": parameters,
            }
        ),
    )
    finding = {**sample.SMALL, "id": "attack", "text": every, "headline": True}
    table = {
        **sample.TABLE,
        "id": "attacks",
        "title": attacks[0],
        "subtitle": every,
        "note": every,
        "columns": [{**c, "label": attacks[2]} for c in sample.TABLE["columns"]],
        "rows": [[cell, 2020, 1, 1, cell] for cell in map(cell_of, attacks)],
    }
    verdict = sample.verdict(
        "cost-8",
        "unresolved",
        every,
        **dict.fromkeys(
            (
                "reason",
                "quantity",
                "said_by",
                "outlet",
                "attribution",
                "interest",
                "rule",
                "would_change",
            ),
            every,
        ),
    )
    tried, next_one = copy.deepcopy(sample.TRIED), cycle(attacks).__next__
    for axis in tried["axes"]:  # a page repeats these in every combination
        axis["name"] = next_one()
        for choice in axis["choices"]:
            choice["name"] = next_one()
    readings = [{**reading, "quantity": every} for reading in sample.READINGS]
    verdict |= {"specifications": tried, "readings": readings, "reading": "pooled"}
    grid = {
        **table,
        "kind": "grid",
        "id": "grid-attacks",
        "axes": [{"id": "model", "options": attacks}],
        "chosen": {"model": attacks[0]},
        "sentence": "{said}",
        "texts": [{"said": a} for a in attacks],
        "none": every,
        "lane": "open",
        "span": ["cost", "cost", "share"],
        "unit": "USD",
    }
    names = ("publisher", "title", "note", "license")
    sources = [{**item, **dict.fromkeys(names, every)} for item in sample.SOURCES["items"]]
    for number, attack in enumerate(attacks):
        words = dict.fromkeys(names, attack)
        sources.append({**sources[0], **words, "source_id": f"u{number}", "url": attack})
    cells[-1] = sample.code("s", sample.shown({**sample.SOURCES, "items": sources}))
    cells[-2:-2] = [
        sample.markdown(
            "## Attacks\n\n"
            + "\n\n".join(filter(readable, attacks))
            + "\n\n| a |\n|--|\n"
            + "".join(f"| {a.replace('|', '')} |\n" for a in filter(readable, attacks))
            + "".join(f"\n[x{i}](<{u}>)" for i, u in enumerate(attacks) if u[0] != "#")
        ),
        sample.code("a", sample.shown(finding)),
        sample.code("b", sample.shown(table)),
        sample.code("c", sample.shown(verdict)),
        sample.code("d", sample.shown(grid)),
    ]
    return sample.read(cells)


def listen(page):
    """Gather all that a page asks, says or does."""
    heard = []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: heard.append(request.url))
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.fixture(scope="module")
def texts(attacks):
    """All attacks that are text."""
    return [text for text in attacks.all if not re.search(r"[\0\x1b\ufffe]", text)]


@pytest.mark.parametrize("odd", ["a\0b", "a\x1b[2Jb", "a\ufffe", "\ud800"])
def test_what_is_no_text_stops_a_build_and_is_named(odd, sample):
    cells = sample.cells()
    cells[1] = sample.code("x", sample.shown({**sample.BRIEF, "title": odd}))
    with pytest.raises(PublishError, match=r"would publish a character that is no text: '\\"):
        document.build(sample.read(cells))


@pytest.mark.browser
def test_no_attack_does_anything_in_a_browser(browser, texts, sample, tmp_path):
    file = tmp_path / "attacked.html"
    file.write_text(
        exporters.render_html(document.build(attacked(sample, texts))),
        encoding="utf-8",
        newline="",
    )
    # once under the page's policy, and once without it: what is written must be harmless by itself
    for bypass in (False, True):
        context = browser.new_context(bypass_csp=bypass)
        page = context.new_page()
        heard = listen(page)
        page.goto(file.as_uri())
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        page.mouse.move(200, 200)
        page.keyboard.press("Tab")
        assert heard == [file.as_uri()]
        assert page.evaluate("document.title").startswith(texts[0])
        assert page.locator("h1").inner_text() == texts[0]
        assert page.evaluate(HARMLESS) == []
        links = page.evaluate(
            "[...document.querySelectorAll('body a')].map(a => a.getAttribute('href') ?? '')"
        )
        kinds = ("data:text/csv", "data:image/svg+xml")
        files = [link for link in links if link.startswith("data:")]
        assert all(link.startswith(kinds) for link in files)
        for link in files:
            if link.startswith(kinds[1]):
                drawn = ET.fromstring(unquote(link.partition(",")[2]))
                assert not {e.tag.rpartition("}")[2] for e in drawn.iter()} & {
                    "script",
                    "a",
                    "style",
                }
                assert not [
                    name for e in drawn.iter() for name in e.attrib if name.startswith("on")
                ]
        context.close()


@pytest.mark.parametrize(
    "kinds",
    [
        ["typst"],
        pytest.param(["latex", "templates", "paths", "addresses"], marks=pytest.mark.slow),
    ],
)
def test_no_attack_does_anything_in_a_pdf(attacks, sample, kinds):
    """All of it is text: Typst neither runs it nor reads a file, and no link leads where none may."""
    strings = [attack for kind in kinds for attack in attacks.of[kind]]
    data = pdf.render_annex(document.build(attacked(sample, strings)))
    made = pypdf.PdfReader(io.BytesIO(data))
    text = "".join("".join(page.extract_text().split()) for page in made.pages)
    assert [s for s in strings if "".join(s.split()) not in text] == []
    assert "root:" not in text
    notes = [note.get_object() for page in made.pages for note in page.get("/Annots", ())]
    actions = [note["/A"] for note in notes if "/A" in note]
    assert {action["/S"] for action in actions} <= {"/URI", "/GoTo"}
    schemes = {urlsplit(action["/URI"]).scheme for action in actions if "/URI" in action}
    assert schemes <= {"", "https", "mailto"}
    held = {*made.root_object, *made.root_object.get("/Names", {})}
    assert not {"/OpenAction", "/AA", "/AcroForm", "/JavaScript"} & held


def test_the_records_keep_what_the_page_refuses(texts, sample):
    made = attacked(sample, texts)
    records = [
        output["data"][MIME]
        for cell in made.cells
        for output in cell.get("outputs", ())
        if MIME in output.get("data", {})
    ]
    assert document.build(made).records == records


@pytest.mark.parametrize("times", [25, pytest.param(1000, marks=pytest.mark.slow)])
def test_a_notebook_of_any_shape_is_shown_or_refused_in_our_words(sample, reshape, times):
    rng, refused, whole = random.Random(times), 0, sample.read(sample.cells())
    for _ in range(times):
        nb = from_dict(reshape(whole, rng))
        try:
            exporters.BriefHTMLExporter().from_notebook_node(nb)
        except ConversionException as error:
            refused += 1
            assert str(error)
    assert refused > times / 4
