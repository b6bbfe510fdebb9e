"""Messages in another language: from the ``.po`` files, or made up to test pages.

A message without a translation is English on the page, and an error where pages are built to
be published (``CI=true``; ``BRIEFS_UNTRANSLATED`` overrides that).
"""

import os
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from string import Formatter

from briefs.characters import NO_TEXT
from briefs.project import TOOL, PlanError, project
from briefs.values import PSEUDO

#: The tool's own catalogues; the project has another for what its notebooks, package and data say.
LOCALE = Path(__file__).parent / "locale"

#: What a translation must carry over as it is: placeholders, code, addresses, notes, tags.
KEPT = re.compile(
    r"\{\{|\}\}|\{[^{}]*\}|`[^`]*`|(?<=\])\([^()\s]*\)|\[\^[^\]\s]+\]|https?://[^\s)]+|<[^<>]+>|&\w+;"
)
_ACCENTED = str.maketrans(
    "ABCDEGHIJKLNORSTUWYZabcdeghijklnorstuwyz", "ÁÞÇÐÉĜĤÍĴĶĹÑÓŔŠŤÚŴÝŽáƀçðéĝĥíĵķĺñóŕšťúŵýž"
)
_VOWEL = re.compile(r"[aeiouAEIOU]")


_PLACEHOLDER = re.compile(r"(?<!\{)\{[^{}]*\}(?!\})")


class UntranslatedError(LookupError):
    """A page was asked for in a language that lacks one of its messages."""


def placeholders(text: str) -> set[str]:
    """Return what is filled in, with its braces: the same in a message and in its translation."""
    return set(_PLACEHOLDER.findall(text))


def is_whole(text: str) -> bool:
    """Whether its braces come in pairs, so that something can be filled in."""
    try:
        [*Formatter().parse(text)]
    except ValueError:
        return False
    return True


def pseudo(message: str) -> str:
    """Accent a message and make it some 40% longer; placeholders, code and addresses stay."""
    parts = re.split(f"({KEPT.pattern})", message)
    for i in range(0, len(parts), 2):  # those between hold what stays
        longer = _VOWEL.sub(lambda vowel: vowel[0] + vowel[0].lower(), parts[i])
        parts[i] = longer.translate(_ACCENTED)
    return "".join(parts)


def sources(language: str) -> list[Path]:
    """Files that hold the translations into `language`: the project's, then the tool's."""
    found = [(LOCALE, TOOL.name)]
    with suppress(PlanError):  # a notebook exported by itself, far from any project
        here = project()
        found.insert(0, (here.locale, here.package))
    return [folder / language / "LC_MESSAGES" / f"{domain}.po" for folder, domain in found]


def translate(message: str, language: str, complete: bool = True) -> str:
    """Return `message` in `language`; if `complete`, one must be there where pages are published."""
    if language == "en" or not message:
        return message
    if language == PSEUDO:
        return pseudo(message)
    found = catalogue(language, os.getcwd()).get(message)
    usual = "error" if os.environ.get("CI") == "true" else ""
    if not found and complete and os.environ.get("BRIEFS_UNTRANSLATED", usual) == "error":
        raise UntranslatedError(
            f"has no translation: {message!r}; run `briefs messages` and translate it"
        )
    return found or message


@lru_cache
def catalogue(language: str, folder: str) -> dict[str, str]:
    """Return the translations into `language` of the project that `folder` is in.

    Fuzzy ones stay out, and so do those that no page can hold, and that nothing, or something else,
    could be filled in.
    """
    tool_first = reversed([path for path in sources(language) if path.is_file()])
    return {text: own for path in tool_first for text, own in _read(path).items()}


@lru_cache
def _read(path: Path) -> dict[str, str]:
    from babel.messages.pofile import read_po  # late: it takes a while, and English needs none

    with path.open("rb") as file:
        pairs = [(str(m.id), str(m.string)) for m in read_po(file) if m.string and not m.fuzzy]
    return {
        own: text
        for own, text in pairs
        if placeholders(own) == placeholders(text)
        and is_whole(text) >= is_whole(own)
        and not NO_TEXT.search(text)
    }
