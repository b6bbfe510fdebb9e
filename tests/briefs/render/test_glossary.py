"""Terms: their contract, and the first use of each on a page."""

import pytest

from briefs.display import i18n
from briefs.evidence import catalog
from briefs.render import document, exporters, glossary

TERM = """
- id: list-price
  term: {en: List price, ms: Harga senarai}
  find: {en: [list price, list prices], ms: [harga senarai]}
  text: {en: What a seller publishes., ms: Harga yang diterbitkan.}
"""
OTHER = """
- id: price
  term: {en: Price, ms: Harga}
  find: {en: [price], ms: [harga]}
  text: {en: What is paid., ms: Apa yang dibayar.}
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Put a glossary in place of the project's."""
    monkeypatch.setattr(glossary, "data_folder", lambda: tmp_path)

    def write(text):
        (tmp_path / glossary.FILE).write_text(text, encoding="utf-8")
        glossary._read.cache_clear()

    yield write
    glossary._read.cache_clear()


def marked(nodes):
    return [
        node["text"] if node["type"] == "text" else "{before}[{text}]{after}".format(**node)
        for node in nodes
    ]


def paragraph(*children):
    return {"type": "p", "children": list(children)}


def text(words):
    return {"type": "text", "text": words}


def test_the_first_use_is_marked_and_no_other(write):
    write(TERM)
    marker = glossary.Marker()
    assert (
        "".join(marked(marker.text("A List price; list prices fall.")))
        == "A [List price]; list prices fall."
    )
    assert "".join(marked(marker.text("The list price."))) == "The list price."
    assert [term.id for term in marker.found] == ["list-price"]


def test_the_longest_words_win_and_parts_of_words_are_none(write):
    write(TERM + OTHER)
    said = marked(glossary.Marker().text("pricey price-list; the list prices, the price"))
    assert "".join(said) == "pricey price-list; the [list prices], the [price]"


def test_marks_stay_with_their_word(write):
    write(TERM)
    found = glossary.Marker().text("Seen (list price, at last).")
    assert marked(found) == ["Seen ", "([list price],", " at last)."]


def test_running_text_is_marked_and_headings_links_and_code_are_not(write):
    write(OTHER)
    kept = [
        {"type": "h", "level": 2, "id": "x", "children": [text("price")]},
        paragraph(
            {"type": "a", "url": "#x", "children": [text("price")]},
            {"type": "code", "text": "price"},
        ),
    ]
    marker = glossary.Marker()
    assert marker.nodes(kept) == [kept[0], paragraph(*kept[1]["children"])] and not marker.found
    (found,) = marker.nodes([paragraph({"type": "em", "children": [text("the price")]})])
    assert marked(found["children"][0]["children"]) == ["the ", "[price]", ""]


def test_words_are_those_of_the_language(write):
    write(TERM)
    with i18n.in_language("ms"):
        marker = glossary.Marker()
        assert (
            "".join(marked(marker.text("list price, harga senarai")))
            == "list price, [harga senarai]"
        )
        assert marker.found[0].meaning == "Harga yang diterbitkan."


def test_a_project_may_have_no_glossary(write):
    marker = glossary.Marker()
    assert glossary.load() == {} and marker.text("price") == [text("price")]
    assert list(glossary.problems()) == []


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        (TERM.replace("list-price", "List price"), "term number 0, field id"),
        (TERM.replace(", ms: Harga senarai}", "}"), "term number 0, field term.ms"),
        (TERM.replace("find:", "finds:"), "term number 0, field finds"),
        (
            TERM + TERM.replace("list-price", "other"),
            "other: 'list price' stands for another term too",
        ),
        (
            TERM + OTHER.replace("id: price", "id: list-price"),
            "'list-price' stands for another term too",
        ),
        (TERM + "  source: nobody\n", "list-price: 'nobody' is no known source"),
        ("- [", "not valid YAML"),
        ("terms: 1", "(all)"),
    ],
)
def test_a_breach_names_the_term_and_the_rule(write, written, fault, monkeypatch):
    monkeypatch.setattr(catalog, "sources", lambda known=catalog.sources: known())
    write(written)
    assert any(fault in line and line.startswith("glossary.yml") for line in glossary.problems())


def test_a_page_by_itself_explains_its_terms_in_itself(notebook, write):
    write(TERM.replace("list price, list prices", "given capability"))
    page = exporters.render_html(document.build(notebook))
    assert page.count('popovertarget="term:list-price"') == 1
    assert page.count('id="term:list-price" popover') == 1
    assert "What a seller publishes." in page and 'href="../glossary' not in page


def test_the_terms_of_the_project_keep_the_contract():
    assert list(glossary.problems()) == []
    terms = glossary.load().values()
    assert len(terms) >= 25
    for term in terms:
        for words in term.text.model_dump().values():
            assert len(words.split()) <= 32 and words.endswith("."), term.id
