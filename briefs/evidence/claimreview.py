"""Claims that fact-checkers have looked at, read from ``ClaimReview`` in the forms in which it is passed on.

These are JSON-LD on a page, alone or in a feed of many (Data Commons'), and the answer of the Fact Check
Tools API. All of it is a stranger's: every text is made plain, of one line and of bounded length, and
nothing of it decides anything.
"""

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

_TYPE = "ClaimReview"
#: Characters of the longest statement, and of the longest of all other texts.
LONGEST, _LONG = 1000, 300


class ReviewError(ValueError):
    """A file holds no claims that can be read; the message says why."""


@dataclass(frozen=True)
class Reviewed:
    """A claim as a fact-check tells it; what isn't told is empty.

    `language` is the code of the statement's language. A `named` speaker is a person or an
    organization, whose name is the same in every language. `where` is the name or host of what the
    claim appeared in.
    """

    statement: str
    language: str = ""
    speaker: str = ""
    named: bool = False
    said_on: str = ""
    where: str = ""
    checker: str = ""
    address: str = ""
    rating: str = ""


def read(data: bytes) -> list[Reviewed]:
    """Read every claim with a statement, each once, in the order of the file; at least one."""
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise ReviewError("isn't text in UTF-8; save the page or the answer as UTF-8") from None
    parts, language = ([text], "") if text[:1] in ("{", "[") else _scripts(text)
    found: dict[str, Reviewed] = {}
    faults = []
    for part in parts:
        try:
            content = json.loads(part)
        except (ValueError, RecursionError) as error:
            faults.append(str(error))
            continue
        for one in _claims(content, language):
            if one.statement:
                found.setdefault(one.statement, one)
    if not found:
        raise ReviewError(
            f"holds no {_TYPE}" + "".join(f"; not valid JSON: {f}" for f in faults[:1])
        )
    return list(found.values())


class _Page(HTMLParser):
    """Collects a page's language and scripts of JSON-LD; or, of a text with markup, the text."""

    def __init__(self) -> None:
        super().__init__()
        self.language, self.scripts, self.texts = "", [""], [""]
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "html":
            self.language = given.get("lang") or ""
        if tag in ("script", "style"):
            self._inside = (given.get("type") or tag).partition(";")[0].strip().lower()
            self.scripts.append("")
        self.texts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""
        self.texts.append(" ")

    def handle_data(self, data: str) -> None:
        if self._inside == "application/ld+json":
            self.scripts[-1] += data
        elif not self._inside:
            self.texts.append(data)


def _parsed(text: str) -> _Page:
    page = _Page()
    page.feed(text)
    page.close()
    return page


def _scripts(text: str) -> tuple[list[str], str]:
    page = _parsed(text)
    return [script for script in page.scripts if script.strip()], page.language


def _claims(content: Any, language: str) -> Iterator[Reviewed]:
    """Find the claims in whatever holds them, in order, without recursion: a stranger sets the depth."""
    rest = [content]
    while rest:
        here = rest.pop()
        if isinstance(here, list):
            rest += reversed(here)
        elif isinstance(here, dict):
            if _is_review(here):
                yield _of_review(here, language)
            elif isinstance(here.get("text"), str) and isinstance(here.get("claimReview"), list):
                yield _of_answer(here)
            else:
                rest += reversed(list(here.values()))


def _is_review(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    kinds = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(kind, str) and re.split("[/:]", kind)[-1] == _TYPE for kind in kinds)


def _of_review(node: dict[str, Any], language: str) -> Reviewed:
    """Read schema.org's form."""
    item = _first(node.get("itemReviewed"))
    speaker, checker = _first(item.get("author")), _first(node.get("author"))
    seen = [_first(item.get(key)) for key in ("firstAppearance", "appearance")]
    places = [_plain(one.get("name")) or _host(one.get("url") or one.get("@id")) for one in seen]
    address = _address(node.get("url"))
    return Reviewed(
        statement=_plain(node.get("claimReviewed"), LONGEST),
        language=_code(node.get("inLanguage") or language),
        speaker=_plain(speaker.get("name")),
        named=speaker.get("@type") in ("Person", "Organization"),
        said_on=_day(item.get("datePublished")),
        where=next(filter(None, places), "") or _plain(item.get("name")),
        checker=_plain(checker.get("name")) or _host(address),
        address=address,
        rating=_plain(_first(node.get("reviewRating")).get("alternateName")),
    )


def _of_answer(node: dict[str, Any]) -> Reviewed:
    """Read the form of the Fact Check Tools API; of several reviews the first."""
    review = _first(node["claimReview"])
    publisher, address = _first(review.get("publisher")), _address(review.get("url"))
    return Reviewed(
        statement=_plain(node["text"], LONGEST),
        language=_code(review.get("languageCode")),
        speaker=_plain(node.get("claimant")),
        said_on=_day(node.get("claimDate")),
        checker=_plain(publisher.get("name")) or _plain(publisher.get("site")) or _host(address),
        address=address,
        rating=_plain(review.get("textualRating")),
    )


def _first(value: Any) -> dict[str, Any]:
    """Return the first object of what may be one, a list, or a text that stands for its address or name."""
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, str):
        return {"url": value} if _address(value) else {"name": value}
    return value if isinstance(value, dict) else {}


def _plain(value: Any, most: int = _LONG) -> str:
    """Make one line of plain text of it; nothing of what is no text, or too long to be what it should be."""
    if not isinstance(value, str) or len(value) > 10 * most:
        return ""
    text = "".join(_parsed(value).texts)
    # controls, marks that turn the direction of reading, halves of characters
    text = "".join(" " if c in "\t\n\r" else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    text = " ".join(text.split())
    return text if len(text) <= most else ""


def _address(value: Any) -> str:
    """Return an address of the web that can be written down; else nothing."""
    try:
        parts = urlsplit(value) if isinstance(value, str) and len(value) <= _LONG else None
    except ValueError:
        return ""
    good = parts and parts.scheme in ("http", "https") and parts.hostname
    return str(value) if good and re.fullmatch(r"[!-~]+", str(value)) else ""


def _host(value: Any) -> str:
    host = urlsplit(address).hostname if (address := _address(value)) else ""
    return (host or "").removeprefix("www.")


def _code(value: Any) -> str:
    return re.split("[-_]", value)[0].lower()[:8] if isinstance(value, str) else ""


def _day(value: Any) -> str:
    """Return the day, month or year that a date begins with."""
    found = re.match(r"\d{4}(-\d\d(-\d\d)?)?", value) if isinstance(value, str) else None
    if not found:
        return ""
    try:
        dt.date.fromisoformat(found[0] + "-01-01"[len(found[0]) - 4 :])
    except ValueError:
        return ""
    return found[0]
