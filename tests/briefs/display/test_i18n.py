import datetime as dt
import math

import pytest

from briefs.display import i18n
from briefs.values import UNIT_FORMATS, Estimate, Phrase

BOTH = pytest.mark.parametrize("language", ["en", "ms"])
MINUS, DASH = "\u2212", "\u2013"


def estimate(value, low, high, unit):
    return Estimate(value, low, high, 0.9, 7, unit, "made up")


# Numbers: the rules of the glossary, alike in both languages.


@BOTH
@pytest.mark.parametrize(
    "value, digits, text",
    [
        (1234567.89, 2, "1,234,567.89"),
        (1234.5, 0, "1,234"),  # a tie goes to the even neighbour
        (0.5, 1, "0.5"),
        (-75, 0, f"{MINUS}75"),
        (-0.2, 0, "0"),  # never minus nothing
        (0, 2, "0.00"),
        (None, 0, DASH),
        (math.nan, 0, DASH),
        (math.inf, 0, DASH),
        (-math.inf, 0, DASH),
    ],
)
def test_numbers_have_a_point_commas_and_a_true_minus(language, value, digits, text):
    i18n.activate(language)
    assert i18n.number(value, digits) == text


@BOTH
@pytest.mark.parametrize(
    "share, digits, text",
    [
        (0.753, 1, "75.3%"),
        (0.753, 0, "75%"),
        (-0.75, 0, f"{MINUS}75%"),
        (0, 0, "0%"),
        (0.994, 0, "99%"),
        (0.995, 0, "99.5%"),  # not all of it
        (0.9996, 0, "99.96%"),
        (0.9996, 1, "99.96%"),
        (1, 0, "100%"),
        (-2.027, 1, f"{MINUS}202.7%"),
        (12.5, 0, "1,250%"),
        (None, 0, DASH),
        (math.nan, 1, DASH),
        (math.inf, 0, DASH),
    ],
)
def test_percentages_have_no_space(language, share, digits, text):
    i18n.activate(language)
    assert i18n.percent(share, digits) == text


@pytest.mark.parametrize(
    "value, figures, text",
    [
        (0.0123, 2, "0.012"),
        (3.14159, 3, "3.14"),
        (123456, 2, "120,000"),
        (0.0996, 2, "0.10"),  # rounding adds a digit
        (9.96, 2, "10"),
        (99.6, 2, "100"),
        (-0.0456, 1, f"{MINUS}0.05"),
        (0, 2, "0"),
        (1e-9, 1, "0.000000001"),
        (None, 2, DASH),
        (math.nan, 2, DASH),
    ],
)
def test_significant_figures(value, figures, text):
    assert i18n.significant(value, figures) == text


@pytest.mark.parametrize(
    "value, text",
    [
        (0.01234, "0.012×"),
        (0.0949, "0.095×"),
        (0.0996, "0.10×"),
        (0.1, "0.10×"),
        (1.42, "1.42×"),
        (1.994, "1.99×"),
        (1.996, "2.0×"),
        (2, "2.0×"),
        (9.94, "9.9×"),
        (9.96, "10×"),
        (10, "10×"),
        (1234.4, "1,234×"),
        (0, "0×"),
        (-0.5, f"{MINUS}0.50×"),
        (None, DASH),
        (math.nan, DASH),
    ],
)
def test_factors_have_more_decimals_near_nothing(value, text):
    assert i18n.factor(value) == text


@pytest.mark.parametrize(
    "value, digits, text",
    [
        (3.3e24, 1, "3.3 × 10²⁴"),
        (9.96e24, 1, "1.0 × 10²⁵"),
        (3e24, 0, "3 × 10²⁴"),
        (2.5e-3, 1, "2.5 × 10⁻³"),
        (math.nan, 1, DASH),
        (None, 1, DASH),
    ],
)
def test_operations_are_powers_of_ten(value, digits, text):
    assert i18n.flop(value, digits) == text


# Money: the sign stands before the number without a space; scale words, never letters.


@BOTH
@pytest.mark.parametrize(
    "amount, currency, text",
    [
        (1234.5, "USD", "US$1,230"),
        (12.345, "MYR", "RM12.35"),
        (13.1234, "USD", "US$13.12"),
        (99.994, "USD", "US$99.99"),
        (99.996, "USD", "US$100"),
        (100.4, "USD", "US$100"),
        (0.0546, "USD", "US$0.055"),
        (0.0996, "USD", "US$0.10"),
        (0, "USD", "US$0"),
        (-5, "USD", f"{MINUS}US$5.00"),
        (999_499, "USD", "US$999,000"),
        (None, "USD", DASH),
        (math.nan, "MYR", DASH),
        (math.inf, "USD", DASH),
    ],
)
def test_money(language, amount, currency, text):
    i18n.activate(language)
    assert i18n.money(amount, currency) == text


@pytest.mark.parametrize(
    "amount, currency, text",
    [
        (250e6, "USD", "US$250 million"),
        (20e6, "USD", "US$20 million"),
        (5.576e6, "USD", "US$5.58 million"),
        (5.6e6, "USD", "US$5.6 million"),
        (999_900, "USD", "US$1 million"),
        (1.2e9, "MYR", "RM1.2 billion"),
        (999_950_000, "USD", "US$1 billion"),
        (2e12, "USD", "US$2 trillion"),
        (-2.5e9, "USD", f"{MINUS}US$2.5 billion"),
    ],
)
def test_large_money_has_a_scale_word(amount, currency, text):
    assert i18n.money(amount, currency) == text


@pytest.mark.parametrize(
    "amount, currency, text",
    [
        (5.6e6, "USD", "US$5.6 juta"),
        (1.2e9, "MYR", "RM1.2 bilion"),
        (2e12, "USD", "US$2 trilion"),
        (-2.5e9, "USD", f"{MINUS}US$2.5 bilion"),
        (999_499, "MYR", "RM999,000"),
    ],
)
def test_large_money_has_the_scale_words_of_malaysia(amount, currency, text):
    i18n.activate("ms")
    assert i18n.money(amount, currency) == text


@pytest.mark.parametrize(
    "amount, currency, text",
    [
        (10, "USD", "US$10"),
        (1, "MYR", "RM1"),
        (0.5, "USD", "US$0.50"),
        (0.01, "USD", "US$0.01"),
        (0.001, "USD", "US$0.001"),
        (1e-6, "USD", "US$0.000001"),
        (1e-9, "USD", "US$10⁻⁹"),
        (1000, "USD", "US$1,000"),
        (1e8, "USD", "US$100 million"),
    ],
)
def test_an_axis_shows_money_without_needless_cents(amount, currency, text):
    assert i18n.round_money(amount, currency) == text


# Dates: day, month, year in both languages; months in Malay are Malaysia's, not Indonesia's.


@pytest.mark.parametrize(
    "language, date, day, month",
    [
        ("en", dt.date(2026, 11, 23), "23 November 2026", "Nov 2026"),
        ("ms", dt.date(2026, 11, 23), "23 November 2026", "Nov 2026"),
        ("en", dt.date(2025, 3, 5), "5 March 2025", "Mar 2025"),
        ("ms", dt.date(2025, 3, 5), "5 Mac 2025", "Mac 2025"),
        ("ms", dt.date(2025, 8, 31), "31 Ogos 2025", "Ogo 2025"),
        ("ms", dt.date(2025, 2, 1), "1 Februari 2025", "Feb 2025"),
        ("ms", dt.date(2025, 12, 1), "1 Disember 2025", "Dis 2025"),
        ("ms", dt.date(2025, 7, 1), "1 Julai 2025", "Jul 2025"),
    ],
)
def test_dates(language, date, day, month):
    i18n.activate(language)
    assert (i18n.day(date), i18n.month(date)) == (day, month)


@pytest.mark.parametrize(
    "language, items, text",
    [
        ("en", [], ""),
        ("en", ["a"], "a"),
        ("en", ["a", "b"], "a and b"),
        ("en", ["a", "b", "c"], "a, b and c"),
        ("en", ["a", "b", "c", "d"], "a, b, c and d"),
        ("ms", ["a", "b"], "a dan b"),
        ("ms", ["a", "b", "c"], "a, b dan c"),
    ],
)
def test_words_join_without_a_comma_before_the_last(language, items, text):
    i18n.activate(language)
    assert i18n.words(items) == text


def test_a_score_has_the_unit_of_its_benchmark():
    assert i18n.score(50.0, "GPQA-Diamond") == "50%"
    assert i18n.score(52.5, "GPQA-Diamond") == "52.5%"
    assert i18n.score(1250, "LMArena-Elo") == "1,250"


@BOTH
@pytest.mark.parametrize(
    "value, text",
    [
        (100.0, "100"),
        (0.001, "0.001"),
        (1e9, "1,000,000,000"),
        (1_234_567.5, "1,234,567.5"),
        (-2.5, f"{MINUS}2.5"),
    ],
)
def test_a_parameter_is_written_as_it_was_given(language, value, text):
    i18n.activate(language)
    assert i18n.exact(value) == text


# Estimates, cells, phrases.


@pytest.mark.parametrize(
    "found, text",
    [
        (estimate(0.929, 0.889, 0.932, "share per year"), "93% (89% to 93%)"),
        (estimate(1.42, 0.33, 13.2, "ratio"), "1.42× (0.33× to 13×)"),
        (estimate(3.12, 3.08, 3.77, "months"), "3.1 (3.1 to 3.8)"),
        (
            estimate(5.87e6, 5.39e6, 6.77e6, "USD"),
            "US$5.87 million (US$5.39 million to US$6.77 million)",
        ),
        (estimate(0.5, 0.5, 0.5, "share"), "50%"),
        (estimate(0.701, 0.699, 0.704, "share"), "70%"),  # ends that read alike say nothing
        (estimate(-0.39, -0.8, 0.1, "share"), f"{MINUS}39% ({MINUS}80% to 10%)"),
        (Estimate.missing("share", "none"), DASH),
    ],
)
def test_estimates(found, text):
    assert i18n.estimate(found) == text


def test_an_estimate_is_written_as_finely_as_asked_for():
    found = estimate(0.929, 0.889, 0.932, "share")
    assert i18n.estimate(found, lambda v: i18n.percent(v, 1)) == "92.9% (88.9% to 93.2%)"
    assert i18n.amount("share", found.value) == "92.9%"
    assert i18n.amount("teaspoons", 12) == "12.0"


@pytest.mark.parametrize(
    "kind, value, text",
    [
        ("text", "x", "x"),
        ("text", "", DASH),
        ("integer", 1234.0, "1,234"),
        ("number", 52.5, "52.5"),
        ("number", 1234, "1,234"),  # a rating keeps its last point
        ("year", 2025.0, "2025"),
        ("percent", 0.929, "92.9%"),
        ("percent", 0.0004, "under 0.1%"),
        ("percent", 0.0005, "0.1%"),
        ("percent", 0.0, "0.0%"),
        ("decimal", 10.46, "10.5"),
        ("usd", 7.5, "US$7.50"),
        ("myr", 7.5, "RM7.50"),
        ("month", "2025-01-31", "Jan 2025"),
        ("date", "2025-01-28", "28 January 2025"),
        ("date", dt.date(2025, 1, 28), "28 January 2025"),
        ("usd", None, DASH),
        ("date", None, DASH),
        ("factor", math.nan, DASH),
    ],
)
def test_cells(kind, value, text):
    assert i18n.cell(kind, value) == text


def test_every_unit_has_a_way_to_be_written():
    assert set(UNIT_FORMATS.values()) <= set(i18n.KINDS)


def test_a_phrase_takes_the_text_of_the_active_language():
    sentence = Phrase(
        "{what}: {value}.",
        {"what": ("localized", {"en": "Price", "ms": "Harga"}), "value": ("percent", 0.5)},
    )
    assert i18n.phrase(sentence) == "Price: 50.0%."
    i18n.activate("ms")
    assert i18n.phrase(sentence) == "Harga: 50.0%."


def test_an_estimate_in_malay_says_hingga_once():
    i18n.activate("ms")
    assert i18n.estimate(estimate(0.929, 0.889, 0.932, "share per year")) == "93% (89% hingga 93%)"
    assert (
        i18n.estimate(estimate(5.87e6, 5.39e6, 6.77e6, "USD"))
        == "US$5.87 juta (US$5.39 juta hingga US$6.77 juta)"
    )


@pytest.mark.parametrize("language, yes, no", [("en", "yes", "no"), ("ms", "ya", "tidak")])
def test_true_and_false_are_words(language, yes, no):
    i18n.activate(language)
    assert (i18n.cell("text", True), i18n.cell("text", False)) == (yes, no)


def test_a_method_is_a_message_or_a_phrase_of_messages():
    method = Phrase("The {n} readings agree.", {"n": ("integer", 1000)})
    assert i18n.message(method) == "The 1,000 readings agree."
    i18n.activate("ms")
    assert i18n.message("too imprecise") != "too imprecise"
    assert "1,000" in i18n.message(method) and "agree" not in i18n.message(method)


def test_a_column_of_the_evidence_is_translated_and_its_gaps_stay_empty():
    i18n.activate("ms")
    assert i18n.texts(["China", None, float("nan"), "South Korea", ""]) == [
        "China",
        "",
        "",
        "Korea Selatan",
        "",
    ]


@pytest.mark.parametrize(
    "name, text",
    [
        ("Press", "Media"),
        ("Malay-language news article", "Artikel berita berbahasa Melayu"),
        ("Epoch AI", "Epoch AI"),
        ("Epoch AI (2025)", "Epoch AI (2025)"),
        ("Curator (2026)", "Kurator (2026)"),
        ("", ""),
    ],
)
def test_a_name_made_of_words_is_translated_and_others_stay(name, text, monkeypatch):
    monkeypatch.setenv("BRIEFS_UNTRANSLATED", "error")  # a name without a translation is no fault
    i18n.activate("ms")
    assert i18n.name(name) == text
    i18n.activate("en")
    assert i18n.name(name) == name


def test_a_text_without_the_active_language_falls_back_to_english():
    i18n.activate("ms")
    assert i18n.localized({"en": "Unheard of"}) == "Unheard of"
    assert i18n.localized({"en": "Unheard of", "ms": ""}) == "Unheard of"


def test_a_message_without_a_translation_stays_english_with_its_numbers():
    i18n.activate("ms")
    assert i18n._("no such message {n}", n=i18n.percent(0.5)) == "no such message 50%"
    assert i18n._("braces {stay} without values") == "braces {stay} without values"


def test_an_unknown_language_is_refused_and_the_old_one_stays():
    i18n.activate("ms")
    with pytest.raises(ValueError, match="'fr' is not one of en, ms"):
        i18n.activate("fr")
    assert i18n.language() == "ms"


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((3.31, 2.7, 4.02), "3.3 times (2.7 to 4.0)"),
        ((0.0619, 0.0619, 0.0619), "0.062 times"),
        ((9.96, 0.0123, 90), "10 times (0.012 to 90)"),
    ],
)
def test_a_ratio_in_running_text(ends, text):
    assert i18n.times(Estimate(*ends, 0.9, 9, "ratio", "made up")) == text


@pytest.mark.parametrize(
    ("ends", "text"),
    [
        ((-0.13, -0.16, -0.1), "13% (10% to 16%)"),
        ((0.13, 0.1, 0.16), "13% (10% to 16%)"),
        ((0.02, -0.01, 0.06), "2% (−1% to +6%)"),
        ((-0.02, -0.06, 0.001), "2% (−6% to 0%)"),
        ((0.5, 0.5, 0.5), "50%"),
    ],
)
def test_a_size_has_signs_only_where_the_direction_is_open(ends, text):
    assert i18n.size(Estimate(*ends, 0.9, 9, "share", "made up")) == text
