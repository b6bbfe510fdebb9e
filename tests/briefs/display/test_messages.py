import re
from types import SimpleNamespace

import pytest

from briefs.display import i18n, messages as catalogue
from briefs.project import PlanError
from briefs.values import PSEUDO

PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"

msgid "Price of {model}"
msgstr "Harga {model}"

#, fuzzy
msgid "Cost"
msgstr "Biaya"
"""


@pytest.fixture
def malay(tmp_path, monkeypatch):
    """A catalogue of our own in the place of the tool's, and no project; returns its .po file."""

    def nowhere():
        raise PlanError("no project")

    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogue, "project", nowhere)
    forget()
    (path,) = catalogue.sources("ms")
    path.parent.mkdir(parents=True)
    path.write_text(PO, encoding="utf-8")
    yield path
    forget()


def forget():
    catalogue.catalogue.cache_clear()
    catalogue._read.cache_clear()


def anew(message, language="ms"):
    forget()
    return catalogue.translate(message, language)


def test_a_message_is_translated_and_its_placeholders_filled(malay):
    i18n.activate("ms")
    assert i18n._("Price of {model}", model="V3") == "Harga V3"


def test_what_changed_since_it_was_translated_stays_english(malay):
    assert anew("Cost") == "Cost"


@pytest.mark.parametrize("odd", ["{month.__class__}", "{model:>400000000}", "{other}", "{}", "x"])
def test_a_translation_that_would_have_something_else_filled_in_stays_out(malay, odd):
    malay.write_text(PO.replace("Harga {model}", f"Harga {odd}"), encoding="utf-8")
    assert anew("Price of {model}") == "Price of {model}"


def test_the_projects_own_translation_goes_before_the_tools(malay, monkeypatch):
    project = SimpleNamespace(locale=malay.parents[2] / "own", package="words")
    monkeypatch.setattr(catalogue, "project", lambda: project)
    own = catalogue.sources("ms")[0]
    own.parent.mkdir(parents=True)
    own.write_text(PO.replace("Harga", "Bayaran").replace("Cost", "Chip"), encoding="utf-8")
    assert anew("Price of {model}") == "Bayaran {model}"
    own.write_text(PO.replace("Price", "Other"), encoding="utf-8")
    assert anew("Price of {model}") == "Harga {model}"


@pytest.mark.parametrize(
    "variables, fails",
    [
        ({}, False),
        ({"CI": "true"}, True),
        ({"CI": "false"}, False),
        ({"BRIEFS_UNTRANSLATED": "error"}, True),
        ({"CI": "true", "BRIEFS_UNTRANSLATED": "english"}, False),
    ],
)
def test_a_message_without_a_translation_fails_where_pages_are_published(
    malay, monkeypatch, variables, fails
):
    for name in ("CI", "BRIEFS_UNTRANSLATED"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if fails:
        with pytest.raises(catalogue.UntranslatedError, match="has no translation: 'Unheard of'"):
            anew("Unheard of")
    else:
        assert anew("Unheard of") == "Unheard of"
    assert anew("Unheard of", "en") == "Unheard of"


def test_a_language_without_a_catalogue_is_english(malay, monkeypatch):
    assert anew("Price of {model}", "xx") == "Price of {model}"


# The pseudo-language: accented, longer, and with all that a program reads left alone.


def test_pseudo_text_is_accented_and_longer():
    text = "The cheapest list price at a fixed capability falls by half every year."
    found = catalogue.pseudo(text)
    assert 1.25 * len(text) < len(found) < 1.6 * len(text)
    assert not re.search(r"\b[a-zA-Z]{3,}\b", found)


@pytest.mark.parametrize(
    "kept",
    [
        "{name}",
        "{value:.2f}",
        "`briefs build`",
        "](https://example.org/a?b=1)",
        "](#what-this-leaves-out)",
        "[^blend]",
        "<br>",
        "&amp;",
        "https://example.org/x",
    ],
)
def test_pseudo_text_keeps_what_a_program_reads(kept):
    assert kept in catalogue.pseudo(f"See [the words{kept} and more")


def test_pseudo_text_fills_its_placeholders():
    i18n.activate(PSEUDO)
    assert i18n._("About {value} a year", value="5") == "Ááƀóóúúť 5 áá ýééááŕ"
    assert i18n.localized({"en": "Price", "ms": "Harga"}) == catalogue.pseudo("Price")
