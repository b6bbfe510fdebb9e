import re

import pytest

from briefs.display import i18n
from briefs.display.messages import pseudo
from briefs.render import html as pages, markdown
from briefs.render.markdown import MarkdownError, Reader, plain, safe_url, slug
from briefs.values import PSEUDO

CELL = """## What it *costs*

The **cheapest** list price[^blend], see
[the limits](#limits).

- one point
- another, which
runs on
  1. nested

| Test | Fall |
|:--|--:|
| MMLU | 89% |

> Prices are list prices.

```
code = 1
```

[^blend]: Input and output tokens.
"""


def to_html(nodes):
    return str(pages.templates().get_template("blocks.html.j2").module.prose(nodes))


def html(text):
    return to_html(Reader().read(text))


def test_pieces_are_what_a_reader_takes_in_at_once():
    assert markdown.pieces(CELL) == [
        "What it *costs*",
        "The **cheapest** list price[^blend], see\n[the limits](#limits).",
        "one point",
        "another, which\nruns on",
        "nested",
        "Test",
        "Fall",
        "MMLU",
        "Prices are list prices.",
        "Input and output tokens.",
    ]


def test_a_translated_cell_keeps_its_marks(monkeypatch):
    monkeypatch.setattr(i18n, "_", lambda text: f"«{text}»")
    found = markdown.translated(CELL)
    assert "## «What it *costs*»\n" in found
    assert "\n- «one point»\n" in found
    assert "\n  1. «nested»\n" in found
    assert "| «Test» | «Fall» |\n|:--|--:|\n| «MMLU» | 89% |\n" in found
    assert "\n> «Prices are list prices.»\n" in found
    assert "\n```\ncode = 1\n```\n" in found
    assert "\n[^blend]: «Input and output tokens.»\n" in found


def test_a_cell_is_read_in_the_active_language_and_its_sections_keep_their_ids():
    with i18n.in_language(PSEUDO):
        heading, *_rest, quotation, code = Reader().read(CELL)
    assert heading["id"] == "what-it-costs"
    assert plain([heading]) == pseudo("What it *costs*").replace("*", "")
    assert plain([quotation]) == pseudo("Prices are list prices.")
    assert plain([code]) == "code = 1"


@pytest.mark.parametrize(
    "text, title, rest",
    [
        ("# The title\n\nText.", "The title", "\nText."),
        ("\n# The title", "The title", ""),
        ("## No title\n", "", "## No title\n"),
        ("", "", ""),
        ("#hashtag", "", "#hashtag"),
    ],
)
def test_the_title_of_a_notebook_stands_apart(text, title, rest):
    assert markdown.split_title(text) == (title, rest)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "---", "12.5%", "| 1 | 2 |\n|---|---|", "```\nonly code\n```"]
)
def test_without_words_there_is_nothing_to_translate(text):
    assert markdown.pieces(text) == []
    assert markdown.translated(text) == text


def test_raw_html_is_shown_as_text():
    page = html("a <script>alert(1)</script> b\n\n<div onclick=x>c</div>\n\n<!-- d -->")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;div onclick=x&gt;c&lt;/div&gt;" in page
    assert set(re.findall(r"<(\w+)", page)) == {"p"}


@pytest.mark.parametrize(
    "text", ["R&D", "a &amp; b", "`<b>`", "    <i>x</i>", "x < y > z \"q\" 'r'", "&lt;script&gt;"]
)
def test_nothing_comes_out_unescaped(text):
    assert not re.search(r"<(?!/?(p|code|pre)\b)", html(text))


def test_entities_are_read_once():
    assert html("a &amp; b &lt;i&gt;") == "<p>a &amp; b &lt;i&gt;</p>"
    assert html("`&amp;`") == "<p><code>&amp;amp;</code></p>"


@pytest.mark.parametrize(
    "url",
    [
        "https://a.org/b?c=1&d=2#e",
        "http://a.org",
        "mailto:a@b.org",
        "#limits",
        "data/x.csv",
        "../ms/",
    ],
)
def test_a_safe_link_stays(url):
    assert safe_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        " javascript:alert(1)",
        "javascript&colon;alert(1)",
        "data:text/html,x",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.org/x",
        "\\\\evil\\x",
        "blob:x",
        "https&#58;//[",
        "x:y",
    ],
)
def test_an_unsafe_link_is_its_words_alone(url):
    assert safe_url(url) == ""


def test_an_unsafe_link_keeps_its_words():
    assert html("[press *me*](javascript:alert(1))") == "<p>press <em>me</em></p>"


def test_headings_get_unique_ids_and_no_level_is_skipped():
    reader = Reader(taken=["prices"])
    nodes = reader.read("## Prices\n\n#### Prices\n\n### Kos Inferens AI: 85–90%") + reader.read(
        "## Prices"
    )
    assert [(n["level"], n["id"]) for n in nodes] == [
        (2, "prices-2"),
        (3, "prices-3"),
        (3, "kos-inferens-ai-85-90"),
        (2, "prices-4"),
    ]


def test_a_heading_without_letters_still_has_an_id():
    assert slug("費用") == "section"


def test_footnotes_are_numbered_through_the_whole_page():
    reader = Reader()
    first = reader.read("a[^x] b[^y] c[^x]\n\n[^x]: one\n[^y]: two")
    second = reader.read("d[^x]\n\n[^x]: three *loud*")
    page = to_html(first + second)
    assert re.findall(r'href="#fn:(\d)"', page) == ["1", "2", "1", "3"]
    assert re.findall(r'id="(fnref:\d)"', page) == ["fnref:1", "fnref:2", "fnref:3"]
    assert [(note["number"], plain(note["children"])) for note in reader.notes] == [
        (1, "one"),
        (2, "two"),
        (3, "three loud"),
    ]


def test_a_footnote_without_text_is_an_error():
    with pytest.raises(MarkdownError, match=r"\[\^lost\]"):
        Reader().read("a[^lost]")


def test_a_picture_is_an_error():
    with pytest.raises(MarkdownError, match="Figure"):
        Reader().read("![alt](https://example.org/x.png)")


def test_lists_tables_and_emphasis():
    assert html("3. a\n4. b") == '<ol start="3"><li>a</li><li>b</li></ol>'
    assert html("- a\n  - *b*") == "<ul><li>a<ul><li><em>b</em></li></ul></li></ul>"
    assert html("**a** ~~b~~ `c`") == "<p><strong>a</strong> <del>b</del> <code>c</code></p>"
    table = html("| a | b |\n|---|--:|\n| 1 | 2 |")
    assert '<th scope="col" class="left">a</th><th scope="col" class="right">b</th>' in table
    assert '<td class="left">1</td><td class="right">2</td>' in table
    assert 'role="group" tabindex="0" aria-label="Table"' in table
