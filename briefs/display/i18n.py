"""Language: messages through gettext, numbers and dates through Babel.

English text is the message id. Sentences are whole messages with named placeholders, so
that a translator owns their order; a number is formatted before it goes into a sentence.
CLDR's forms are kept where they are right for Malaysia (``en_MY``, ``ms_MY``); money,
the minus sign and months are ours, by the rules of the house glossary.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, partial
from typing import Any, TypeGuard

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from briefs.display.messages import UntranslatedError as UntranslatedError, translate
from briefs.values import LANGUAGES, N_, PSEUDO, UNIT_FORMATS as UNIT_FORMATS, Estimate, Phrase

LOCALES = {code: LANGUAGES.get(code, LANGUAGES["en"]).locale for code in (*LANGUAGES, PSEUDO)}
CURRENCY_SIGNS = {"USD": "US$", "MYR": "RM"}
UNKNOWN = "–"
#: Least share that is written with one decimal.
LEAST_SHARE = 0.001
#: No probability is written as less than this, or as more than what it leaves of one.
LEAST_PROBABILITY = 0.01
_SCALES = (
    (1e12, N_("{amount} trillion")),
    (1e9, N_("{amount} billion")),
    (1e6, N_("{amount} million")),
)
_YEAR = re.compile(r" \(\d{4}\)\Z")

_language: ContextVar[str] = ContextVar("language", default="en")


def activate(language: str) -> None:
    """Make `language` the one that messages and numbers are written in."""
    if language not in LOCALES:
        raise ValueError(f"language {language!r} is not one of {', '.join(LOCALES)}")
    _language.set(language)


def language() -> str:
    """Return the active language, ``en`` unless another was activated."""
    return _language.get()


@contextmanager
def in_language(language: str) -> Iterator[None]:
    """Write in `language` for a while, then in the one before."""
    before = _language.get()
    activate(language)
    try:
        yield
    finally:
        activate(before)


def _(message: str, **values: Any) -> str:
    """Translate `message` and fill its named placeholders."""
    text = translate(message, language())
    return text.format(**values) if values else text


def message(text: str | Phrase) -> str:
    """Translate a marked message, or write a `Phrase`."""
    return phrase(text) if isinstance(text, Phrase) else _(text)


def texts(values: Iterable[Any]) -> list[str]:
    """Translate a column of the evidence; what is unknown is empty."""
    return [_(value) if isinstance(value, str) else "" for value in values]


def name(text: str) -> str:
    """Translate a name that is made of words, such as ``Press``, or has a name of its own in the language.

    Others stay as they are. A year in brackets after it, as source lines have, doesn't matter.
    """
    bare = _YEAR.sub("", text)
    return translate(bare, language(), complete=False) + text[len(bare) :]


def localized(texts: dict[str, str]) -> str:
    """Pick the text of the active language; the English one is a message where there is none."""
    english = texts["en"]
    return texts.get(language()) or _(english)


def phrase(sentence: Phrase) -> str:
    """Write a `Phrase` in the active language."""
    ways: dict[str, Callable[[Any], str]] = {"localized": localized, "message": message}
    values = {
        name: ways[kind](value) if kind in ways else cell(kind, value)
        for name, (kind, value) in sentence.values.items()
    }
    return _(sentence.message, **values)


def verdict_word(verdict: str) -> str:
    """Name a verdict, or the outcome of a reading, in the active language."""
    return {
        "supported": _("Supported"),
        "partly supported": _("Partly supported"),
        "contradicted": _("Contradicted"),
        "mixed": _("Mixed"),
        "unresolved": _("Unresolved"),
        "untested": _("Untested"),
        "opinion": _("Opinion, not checkable"),
    }[verdict]


def _known(value: float | None) -> TypeGuard[float]:
    return value is not None and math.isfinite(value)


def number(value: float | None, digits: int = 0) -> str:
    """Write a number with `digits` decimals and thousands grouped."""
    if not _known(value):
        return UNKNOWN
    value = round(value, digits) + 0.0  # adding zero turns -0.0 into 0.0
    return _decimal(value, "#,##0" + ("." + "0" * digits if digits else ""), LOCALES[language()])


@lru_cache(1 << 14)
def _decimal(value: float, pattern: str, locale: str) -> str:
    text: str = format_decimal(value, pattern, locale=Locale.parse(locale))
    return text.replace("-", "\u2212")


def exact(value: float) -> str:
    """Write a number as it was given, a parameter for one: thousands grouped, up to six decimals."""
    return _decimal(value, "#,##0.######", LOCALES[language()])


def significant(value: float | None, figures: int = 2) -> str:
    """Write a number with so many significant figures and no exponent."""
    if not _known(value):
        return UNKNOWN
    if value == 0:
        return "0"
    # first, since rounding can add a digit: 0.0996 becomes 0.10
    value = float(f"{value:.{figures - 1}e}")
    return number(value, max(0, figures - 1 - math.floor(math.log10(abs(value)))))


def percent(share: float | None, digits: int = 0) -> str:
    """Write a share as a percentage: 0.75 is ``75%``."""
    if not _known(share):
        return UNKNOWN
    while share < 1 and round(share * 100, digits) >= 100 and digits < 6:
        digits += 1  # 99.7% isn't all of it
    return number(share * 100, digits) + "%"


def money(amount: float | None, currency: str = "USD") -> str:
    """Write an amount of money: cents below 100, three figures above, a scale word when large."""
    if not _known(amount):
        return UNKNOWN
    sign = "\u2212" if amount < 0 else ""
    head, size = sign + CURRENCY_SIGNS[currency], abs(amount)
    for scale, words in _SCALES:
        if size >= scale * 0.9995:
            text = significant(size / scale, 3)
            return head + _(words, amount=text.rstrip("0").rstrip(".") if "." in text else text)
    if round(size, 2) >= 100:
        return head + number(float(f"{size:.3g}"))
    return head + (number(size, 2) if size >= 1 else significant(size, 2))


def round_money(amount: float, currency: str = "USD") -> str:
    """Write a round amount as an axis shows it, without needless cents: ``US$10``, ``US$0.50``."""
    head, size = CURRENCY_SIGNS[currency], abs(amount)
    if size < 1e-6:
        return f"{head}10{_raised(round(math.log10(size)))}"
    if size < 100:
        return head + (significant(size, 1) if size >= 1 or size < 0.01 else number(size, 2))
    return money(amount, currency)


def day(date: dt.date) -> str:
    """Write a date in full: ``28 January 2025``."""
    return _date(date, "d MMMM y", LOCALES[language()])


def month(date: dt.date) -> str:
    """Write a month: ``Jan 2025``."""
    return _date(date, "MMM y", LOCALES[language()])


@lru_cache(1 << 12)
def _date(date: dt.date, pattern: str, locale: str) -> str:
    text: str = format_date(date, pattern, locale=Locale.parse(locale))
    return text


def words(items: Iterable[str]) -> str:
    """Join items into a list: ``a, b and c``."""
    text: str = format_list(list(items), locale=LOCALES[language()])
    return text


def score(value: float, benchmark: str) -> str:
    """Write a benchmark's score in its own unit: percent, or rating points."""
    return exact(value) + ("" if benchmark.endswith("Elo") else "%")


def factor(value: float | None) -> str:
    """Write a factor: ``3.0×``, with more decimals the closer it is to nothing."""
    if not _known(value):
        return UNKNOWN
    size = abs(value)
    if round(size, 2) < 0.1:
        return significant(value, 2) + "×"
    return number(value, 2 if round(size, 2) < 2 else 1 if round(size, 1) < 10 else 0) + "×"


def flop(value: float | None, digits: int = 1) -> str:
    """Write a count of operations as a power of ten: ``3.3 × 10²⁴``."""
    if not _known(value):
        return UNKNOWN
    head, power = f"{value:.{digits}e}".split("e")
    return f"{head} × 10{_raised(int(power))}"


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


#: How a value of each kind of column is written; ``kind`` of a column in a record.
def small_percent(value: float) -> str:
    """Write a share as a percentage with a decimal; what is little but not nothing isn't 0.0%."""
    if 0 < value < LEAST_SHARE / 2:
        return _("under {p}", p=percent(LEAST_SHARE, 1))
    return percent(value, 1)


def probability(p: float) -> str:
    """Write a probability: a percentage, but never 0% or 100%, which no evidence gives."""
    if p < LEAST_PROBABILITY:
        return _("under {p}", p=percent(LEAST_PROBABILITY))
    if p > 1 - LEAST_PROBABILITY:
        return _("over {p}", p=percent(1 - LEAST_PROBABILITY))
    return percent(p)


KINDS: dict[str, Callable[[Any], str]] = {
    "text": lambda v: (_("yes") if v else _("no")) if isinstance(v, bool) else str(v),
    "integer": number,
    "number": lambda v: number(v) if abs(v) >= 1000 else significant(v, 3),
    "year": lambda v: str(int(v)),
    "flop": flop,
    "percent": small_percent,
    "probability": probability,
    "factor": factor,
    "decimal": lambda v: number(v, 1),
    "usd": lambda v: money(v, "USD"),
    "myr": lambda v: money(v, "MYR"),
    "month": lambda v: month(dt.date.fromisoformat(v) if isinstance(v, str) else v),
    "date": lambda v: day(dt.date.fromisoformat(v) if isinstance(v, str) else v),
}


def cell(kind: str, value: Any) -> str:
    """Write one value of a table; an unknown one is a dash."""
    if value is None or (isinstance(value, float) and math.isnan(value)) or value == "":
        return UNKNOWN
    return KINDS[kind](value)


def amount(unit: str, value: float | None) -> str:
    """Write a value in the unit of an estimate, with the decimals of a table."""
    return cell(UNIT_FORMATS.get(unit, "number"), value)


def span(unit: str, ends: Sequence[float | None]) -> str:
    """Write a range in the unit of an estimate; an end that is None is open."""
    low, high = (None if end is None else amount(unit, end) for end in ends)
    if low is None:
        return _("{high} or less", high=high)
    return _("{low} or more", low=low) if high is None else _("{low} to {high}", low=low, high=high)


def estimate(found: Estimate | None, write: Callable[[float], str] | None = None) -> str:
    """Write an estimate with its interval: ``93% (89% to 93%)``; a dash when there is none.

    Its numbers are by default written as its unit asks, percents whole.
    """
    if not found or not found.known:
        return UNKNOWN
    whole = UNIT_FORMATS.get(found.unit) == "percent"
    write = write or (percent if whole else partial(amount, found.unit))
    value, low, high = map(write, (found.value, found.low, found.high))
    if low == value == high:
        return value
    return _("{value} ({low} to {high})", value=value, low=low, high=high)


def times(found: Estimate) -> str:
    """Write a ratio as running text does: ``3.3 times (2.7 to 4.0)``."""
    value, low, high = map(significant, (found.value, found.low, found.high))
    if low == value == high:
        return _("{value} times", value=value)
    return _("{value} times ({low} to {high})", value=value, low=low, high=high)


def signed(value: float, write: Callable[[float], str] = percent) -> str:
    """Write a change with its sign: ``+6%``; what rounds to nought has none."""
    text = write(value)
    return f"+{text}" if value > 0 and text != write(0) else text


def size(found: Estimate, write: Callable[[float], str] = percent) -> str:
    """Write how large a change is where words say which way it goes: ``13% (10% to 16%)``.

    Only ends on either side of nought have signs: ``2% (−1% to +6%)``.
    """
    value, ends = write(abs(found.value)), sorted((abs(found.low), abs(found.high)))
    if found.low < 0 < found.high:
        low, high = signed(found.low, write), signed(found.high, write)
    else:
        low, high = map(write, ends)
    if low == value == high:
        return value
    return _("{value} ({low} to {high})", value=value, low=low, high=high)
