"""Messages in another language: compiled from the ``.po`` file at first use, or made up to test pages.

The ``.po`` file is the only one stored. What is compiled from it stands beside it, marked with
the checksum of what it was made from, so that it's never stale; where nothing can be written
it's made anew in memory. A message without a translation is English on the page, and an error
where pages are built to be published (``CI=true``; ``BRIEFS_UNTRANSLATED`` overrides that).
"""

import gettext
import hashlib
import io
import os
import re
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from briefs.files import write_file
from briefs.project import TOOL, PlanError, project
from briefs.values import PSEUDO

#: The tool's own catalogues; the project has another for what its notebooks, package and data say.
LOCALE = Path(__file__).parent / "locale"

_DIGEST = hashlib.sha256().digest_size
#: What a translation must carry over as it is: placeholders, code, addresses, notes, tags.
KEPT = re.compile(
    r"\{\{|\}\}|\{[^{}]*\}|`[^`]*`|(?<=\])\([^()\s]*\)|\[\^[^\]\s]+\]|https?://[^\s)]+|<[^<>]+>|&\w+;"
)
_ACCENTED = str.maketrans(
    "ABCDEGHIJKLNORSTUWYZabcdeghijklnorstuwyz", "ÁÞÇÐÉĜĤÍĴĶĹÑÓŔŠŤÚŴÝŽáƀçðéĝĥíĵķĺñóŕšťúŵýž"
)
_VOWEL = re.compile(r"[aeiouAEIOU]")


class UntranslatedError(LookupError):
    """A page was asked for in a language that lacks one of its messages."""


class _English(gettext.NullTranslations):
    """Last resort of a catalogue: the English, or an error where pages are built to be published."""

    def gettext(self, message: str) -> str:
        if (
            os.environ.get("BRIEFS_UNTRANSLATED", "error" if os.environ.get("CI") == "true" else "")
            == "error"
        ):
            raise UntranslatedError(
                f"has no translation: {message!r}; run `make messages` and translate it"
            )
        return message


class _Pseudo(gettext.NullTranslations):
    """English made to look foreign: what stays plain on a page was never marked for translation."""

    def gettext(self, message: str) -> str:
        return pseudo(message)


def pseudo(message: str) -> str:
    """Accent a message and make it some 40% longer; placeholders, code and addresses stay."""
    parts, end = [], 0
    for kept in KEPT.finditer(message):
        parts += [_accented(message[end : kept.start()]), kept[0]]
        end = kept.end()
    return "".join([*parts, _accented(message[end:])])


def _accented(text: str) -> str:
    return _VOWEL.sub(lambda vowel: vowel[0] + vowel[0].lower(), text).translate(_ACCENTED)


def sources(language: str) -> list[Path]:
    """Files that hold the translations into `language`: the project's, then the tool's."""
    found = [(LOCALE, TOOL.name)]
    with suppress(PlanError):  # a notebook exported by itself, far from any project
        here = project()
        found.insert(0, (here.locale, here.package))
    return [folder / language / "LC_MESSAGES" / f"{domain}.po" for folder, domain in found]


def catalogue(language: str, complete: bool = True) -> gettext.NullTranslations:
    """Return the messages in `language`; those of English are the messages themselves.

    Parameters
    ----------
    complete : bool
        Whether a message without a translation is a fault, where pages are published.
    """
    if language == "en":
        return gettext.NullTranslations()
    if language == PSEUDO:
        return _Pseudo()
    return _catalogue(tuple(path for path in sources(language) if path.is_file()), complete)


@lru_cache
def _catalogue(paths: tuple[Path, ...], complete: bool) -> gettext.NullTranslations:
    found: gettext.NullTranslations = _English() if complete else gettext.NullTranslations()
    for path in reversed(paths):
        more = gettext.GNUTranslations(io.BytesIO(_compiled(path)))
        more.add_fallback(found)
        found = more
    return found


def _compiled(path: Path) -> bytes:
    """Compile a ``.po`` file, or take what was compiled from the same bytes; fuzzy entries stay out."""
    text, compiled = path.read_bytes(), path.with_suffix(".mo")
    digest = hashlib.sha256(text).digest()
    with suppress(OSError):
        if (stored := compiled.read_bytes())[-_DIGEST:] == digest:
            return stored
    from babel.messages import mofile, pofile  # a tenth of a second that only the first run takes

    stream = io.BytesIO()
    mofile.write_mo(stream, pofile.read_po(io.BytesIO(text)))
    made = (
        stream.getvalue() + digest
    )  # readers of the format go by its offsets and never see the end
    with suppress(OSError):
        write_file(compiled, made)
    return made
