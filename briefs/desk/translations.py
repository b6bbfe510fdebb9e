"""What `briefs check` finds in a catalogue of messages: gaps, lost placeholders and marks, wrong words.

A translator owns the words of a message and their order. What a program fills in or reads (the
placeholders, links, code, emphasis) must come through, and so must the terms of the glossary.
"""

import csv
import re
import textwrap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.messages import Message

from briefs.characters import NO_TEXT
from briefs.desk import catalogues
from briefs.display.messages import KEPT, is_whole, placeholders, sources

_CODE = re.compile(r"`[^`]*`")
_QUOTATION = re.compile(r"“[^”]*”")
_SHOWN = 70


#: What must be alike in a message and its translation.
_KEPT: dict[str, Callable[[str], Any]] = {
    "placeholders": placeholders,
    "braces": lambda text: "in pairs" if is_whole(text) else "alone",
    "characters": lambda text: Counter(map(ascii, NO_TEXT.findall(text))),
    "links": lambda text: Counter(re.findall(r"\]\(([^()\s]*)\)", text)),
    "code": lambda text: Counter(_CODE.findall(text)),
    "notes": lambda text: Counter(re.findall(r"\[\^[^\]\s]+\]", text)),
    "emphasis": lambda text: Counter(re.findall(r"\*+", _CODE.sub("", text))),
    "line breaks": lambda text: text.count("\n"),
    "blanks at the ends": lambda text: text != text.strip(),
    "last mark": lambda text: text[-1] if text[-1] in ".:?!" else "",
}


@dataclass(frozen=True)
class Term:
    """An entry of the glossary: a term fixed for an English one, or a word to avoid."""

    key: str
    english: str
    term: str
    avoid: str

    @property
    def is_articles_own(self) -> bool:
        """Whether pages must use it wherever the article says the English one."""
        return self.key.startswith("art_")


def glossary(language: str) -> list[Term]:
    """Read the glossary of `language`; empty where there is none."""
    paths = [catalogue.parents[1] / "glossary.csv" for catalogue in sources(language)]
    texts = [path.read_text("utf-8") for path in paths if path.is_file()]
    rows = (row for text in texts for row in csv.DictReader(text.splitlines()))
    return [Term(row["key"], row["english"], row["malay"], row["avoid"]) for row in rows]


def all_problems() -> list[str]:
    """List what keeps the catalogues from being published: a line for each fault, with the message's beginning."""
    return [problem for language, path in catalogues.all_paths() for problem in _of(path, language)]


def _of(path: Path, language: str) -> Iterator[str]:
    stored = catalogues.stored(path, language)
    terms = [term for term in glossary(language) if term.avoid or term.is_articles_own]
    name = f"{path.name}, {language}"
    for message in catalogues.extracted(path, language):
        if message.id and message.id not in stored:
            yield f"{name}: not in the catalogue: {_short(message.id)}; run `briefs messages`"
    for key in stored.obsolete:
        yield f"{name}: no longer used: {_short(key)}; delete it"
    for message in stored:
        for fault in faults(message, terms) if message.id else ():
            yield f"{name}: {fault}: {_short(message.id)}"


def faults(message: Message, terms: Iterable[Term]) -> Iterator[str]:
    """Say what is wrong with one translation."""
    original, text = str(message.id), str(message.string)
    if not text:
        yield "not translated"
        return
    if message.fuzzy:
        yield "changed since it was translated"
    for name, found in _KEPT.items():
        if (before := found(original)) != (after := found(text)):
            yield f"{name}: {_listed(before)} became {_listed(after)}"
    plain = KEPT.sub("", _QUOTATION.sub("", text))
    for term in terms:
        yield from _wrong_words(term, original, text, plain)


def _wrong_words(term: Term, original: str, text: str, plain: str) -> Iterator[str]:
    if term.avoid and (word := found_word(plain, term.avoid)) and not _is_name(word, original):
        yield f"{word!r} should be {term.term!r}"
    if term.is_articles_own:
        # joined by "and", services share the word for them: "perkhidmatan infrastruktur dan platform"
        alone = original.replace(f"and {term.english.lower()}", "")
        if found_word(alone, term.english) and not found_word(text, term.term):
            yield f"{term.english!r} is {term.term!r}"


def found_word(text: str, word: str) -> str:
    """Return the whole word, or words, in a text as they stand there, small or capital; empty without."""
    match = re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text, re.IGNORECASE)
    return match[0] if match else ""


def _is_name(word: str, original: str) -> bool:
    return word[0].isupper() and bool(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", original))


def _listed(value: Any) -> str:
    if isinstance(value, set | Counter):
        return ", ".join(sorted(value)) or "nothing"
    return repr(value)


def _short(text: object) -> str:
    return repr(textwrap.shorten(str(text), _SHOWN, placeholder="…"))
