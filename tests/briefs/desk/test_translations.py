import pytest
from babel.messages import Message

from briefs.desk import translations
from briefs.desk.translations import Term

TERMS = [
    Term("lint_cost", "cost", "kos", "biaya"),
    Term("lint_chip", "chip", "cip", "chip"),
    Term("lint_software", "software", "perisian", "perangkat lunak"),
    Term("art_cost_revolution", "Cost Revolution", "Revolusi Kos", ""),
    Term("cost", "cost", "kos", ""),
    Term("art_saas", "Software Services", "Perkhidmatan Perisian", ""),
]


def faults(original, text, **more):
    return list(translations.faults(Message(original, text, **more), TERMS))


@pytest.mark.parametrize(
    "original, text",
    [
        ("{n} of {total} fall by {value}%.", "Daripada {total}, {n} menurun {value}%."),
        (
            "See [the **limits**](#limits) and `code`[^a]",
            "Lihat [**batasan**](#limits) dan `code`[^a]",
        ),
        ("The cost revolution", "Revolusi kos"),
        ("Chip Sales, a cost of chips", "Chip Sales, kos cip"),  # a name that the original has
        ("He said “biaya”", "Beliau menyebut “biaya”"),  # a quotation
        ("Costs of research", "Kos-kos"),
        ("Cost, say of chips", "Kos, misalnya bagi cip"),
        ("{{literal}} {x}", "{x} {{literal}}"),
        ("{chip}, see https://example.org/chip", "{chip}, lihat https://example.org/chip"),
        ("Infrastructure and software services", "Perkhidmatan infrastruktur dan perisian"),
    ],
)
def test_a_sound_translation_has_no_fault(original, text):
    assert faults(original, text) == []


@pytest.mark.parametrize(
    "original, text, fault",
    [
        ("Cost", "", "not translated"),
        (
            "{n} of {total}",
            "{n} daripada {jumlah}",
            "placeholders: {n}, {total} became {jumlah}, {n}",
        ),
        ("Cost", "K\0s", r"characters: nothing became '\x00'"),
        ("It is {x}.", "Ia { {x}.", "braces: 'in pairs' became 'alone'"),
        ("{n} of {total}", "{n}", "placeholders: {n}, {total} became {n}"),
        ("See [this](#limits)", "Lihat [ini](#batasan)", "links: #limits became #batasan"),
        ("The **cheapest** price", "Harga termurah", "emphasis: ** became nothing"),
        ("Run `briefs`", "Jalankan briefs", "code: `briefs` became nothing"),
        ("A note[^a]", "Nota", "notes: [^a] became nothing"),
        ("It falls.", "Ia menurun", "last mark: '.' became ''"),
        ("It falls", " Ia menurun", "blanks at the ends: False became True"),
        ("cost", "biaya", "'biaya' should be 'kos'"),
        ("Cost", "Biaya", "'Biaya' should be 'kos'"),
        ("chips", "chip", "'chip' should be 'cip'"),
        ("software", "Perangkat lunak", "'Perangkat lunak' should be 'perisian'"),
        (
            "The cost revolution of 2025",
            "Perubahan kos 2025",
            "'Cost Revolution' is 'Revolusi Kos'",
        ),
    ],
)
def test_a_fault_is_named(original, text, fault):
    assert faults(original, text) == [fault]


def test_what_changed_since_is_named():
    assert faults("Cost", "Kos", flags={"fuzzy"}) == ["changed since it was translated"]


def test_a_word_inside_another_is_no_fault():
    assert faults("cost", "pembiayaan") == []


def test_the_glossary_has_the_articles_terms_and_the_words_to_avoid():
    terms = {term.key: term for term in translations.glossary("ms")}
    assert sum(key.startswith("art_") for key in terms) == 12
    assert terms["art_training_chip"].term == "Cip Latihan"
    assert terms["lint_claim"].avoid == "klaim"
    assert all(term.avoid for key, term in terms.items() if key.startswith("lint_"))
    assert translations.glossary("xx") == []


def test_the_glossary_avoids_its_own_words():
    terms = translations.glossary("ms")
    used = [
        (term.key, word.avoid)
        for term in terms
        for word in terms
        if word.avoid and translations.found_word(term.term, word.avoid)
    ]
    assert used == []
