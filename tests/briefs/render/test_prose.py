import pytest
from hypothesis import given, strategies as st

from briefs.render import prose

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


def test_pieces_are_what_a_reader_takes_in_at_once():
    assert prose.pieces(CELL) == [
        "What it *costs*",
        "The **cheapest** list price[^blend], see\n[the limits](#limits).",
        "one point",
        "another, which\n  runs on",
        "nested",
        "Test",
        "Fall",
        "MMLU",
        "Prices are list prices.",
        "Input and output tokens.",
    ]


def test_a_translated_cell_keeps_its_marks():
    found = prose.translated(CELL, lambda text: f"«{text}»")
    assert "## «What it *costs*»\n" in found
    assert "\n- «one point»\n" in found
    assert "\n  1. «nested»\n" in found
    assert "| «Test» | «Fall» |\n|:--|--:|\n| «MMLU» | 89% |\n" in found
    assert "\n> «Prices are list prices.»\n" in found
    assert "\n```\ncode = 1\n```\n" in found
    assert "\n[^blend]: «Input and output tokens.»\n" in found


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
    assert prose.split_title(text) == (title, rest)


@pytest.mark.parametrize("text", ["", "\n\n", "---", "12.5%", "| 1 | 2 |", "```\nonly code\n```"])
def test_without_words_there_is_nothing_to_translate(text):
    assert prose.pieces(text) == []
    assert prose.translated(text, str.upper) == text


@given(st.text(alphabet=st.sampled_from("ab #-*|>`[]^:1.\n \\~"), max_size=60))
def test_untranslated_a_cell_is_what_it_was(text):
    assert prose.translated(text, lambda piece: piece) == text
