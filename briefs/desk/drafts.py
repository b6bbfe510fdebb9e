"""``briefs claim import``: drafts of claims from what fact-checkers published, for a person to finish.

A draft has who, when, where and the statement. The rule is a person's to write, before any number is
seen: a draft has no readings, and `briefs check` refuses it as long as that, or any other text, lacks.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from briefs import yaml_nodes
from briefs.display import i18n
from briefs.display.i18n import _
from briefs.evidence import claimreview
from briefs.evidence.claimreview import Reviewed
from briefs.evidence.model import ClaimError
from briefs.evidence.upstream import client
from briefs.evidence.upstream.contract import Address, UpstreamError
from briefs.files import write_file
from briefs.parameters import model_for, reports
from briefs.project import data_folder, project
from briefs.values import LANGUAGES

_MOST_BYTES = 256_000_000
_TYPES = ("text/html", "application/xhtml+xml", "application/json", "application/ld+json")
#: What a person can finish in one sitting.
_MOST_DRAFTS = 20
#: The variable that says who asks.
_CONTACT = "BRIEFS_CONTACT"


class DraftError(ValueError):
    """No drafts can be made; the message says why."""


def from_review(
    source: str, report: str = "", about: str = "", web: Any = None
) -> list[dict[str, Any]]:
    """Make drafts for `report` of the claims in a file, or at an address, that say `about` in their statement.

    Claims that ``claims.yml`` has already, by their wording, are left out. `web` fetches an address;
    by default as the upstreams of the evidence are fetched, in the name of ``BRIEFS_CONTACT``.
    """
    report = report or _only_report()
    model_for(report)
    entries = _entries()
    known = {_wording(entry) for entry in entries}
    try:
        found = claimreview.read(_bytes(source, web))
    except (claimreview.ReviewError, UpstreamError) as error:
        raise DraftError(f"{source}: {error}") from None
    wanted = [one for one in found if about.casefold() in one.statement.casefold()]
    new = [one for one in wanted if one.statement not in known]
    if not new:
        what = "claim that isn't in claims.yml already" if wanted else f"claim that says {about!r}"
        raise DraftError(f"{source}: holds no {what}")
    if len(new) > _MOST_DRAFTS:
        raise DraftError(
            f"{source}: holds {len(new)} claims, more than the {_MOST_DRAFTS} that are drafted at a time; "
            "say with --about a word of those that you want"
        )
    names = _names(entries, report)
    return [_draft(one, next(names), report) for one in new]


def add(drafts: list[dict[str, Any]]) -> Path:
    """Put drafts behind the claims that there are; the file is as it was, or whole."""
    path = data_folder() / "claims.yml"
    before = path.read_text("utf-8") if path.is_file() else ""
    write_file(path, f"{before.rstrip()}\n\n{text(drafts)}".lstrip("\n").encode())
    return path


def text(drafts: list[dict[str, Any]]) -> str:
    """Write drafts as ``claims.yml`` has them."""
    parts = (
        yaml.safe_dump([draft], allow_unicode=True, sort_keys=False, width=100) for draft in drafts
    )
    return "\n".join(parts)


def _bytes(source: str, web: Any) -> bytes:
    if urlsplit(source).scheme in ("http", "https"):
        web = web or client(os.environ.get(_CONTACT, ""), None)
        plain = source.replace("{", "{{").replace("}", "}}")  # it has no places to fill
        _url, data = web.get(Address(plain, _TYPES), {})
        return bytes(data)
    try:
        with Path(source).open("rb") as stream:
            data = stream.read(_MOST_BYTES + 1)
    except OSError as error:
        raise DraftError(f"{source}: {error.strerror}") from None
    if len(data) > _MOST_BYTES:
        raise DraftError(
            f"{source}: has more than {_MOST_BYTES // 10**6} MB; cut it to what you want"
        )
    return data


def _only_report() -> str:
    names = list(reports())
    if len(names) > 1:
        raise DraftError(f"say with --report which one the claims are for: {', '.join(names)}")
    return names[0]


def _entries() -> list[dict[str, Any]]:
    """Return the claims that there are, drafts and faulty ones too."""
    path = data_folder() / "claims.yml"
    if not path.is_file():
        return []
    try:
        found = yaml_nodes.load(path)
    except yaml_nodes.YamlError as error:
        raise ClaimError(str(error)) from None
    return [
        entry for entry in (found if isinstance(found, list) else []) if isinstance(entry, dict)
    ]


def _wording(entry: dict[str, Any]) -> Any:
    wording = entry.get("wording")
    return wording.get("text") if isinstance(wording, dict) else None


def _names(entries: list[dict[str, Any]], report: str) -> Iterator[str]:
    """Go on numbering as the report's claims are numbered, else by its own name."""
    ids = [str(entry.get("id")) for entry in entries if entry.get("report") == report]
    stem = ids[-1].rpartition("-")[0] if ids else report
    taken = {str(entry.get("id")) for entry in entries}
    numbers = (name.rpartition("-")[2] for name in taken if name.rpartition("-")[0] == stem)
    number = max((int(text) for text in numbers if text.isdecimal()), default=0)
    while True:
        number += 1
        yield f"{stem}-{number}"


def _draft(one: Reviewed, name: str, report: str) -> dict[str, Any]:
    """Lay out a claim; what only a person can say is empty."""
    language = one.language or "en"
    statement = _both("")
    if language in statement:
        statement[language] = one.statement
    return {
        "id": name,
        "report": report,
        "kind": "measurable",
        "name": _both(""),
        "statement": statement,
        "wording": {
            "kind": "paraphrase",
            "language": language if language in LANGUAGES else "",
            "text": one.statement,
        },
        "said_by": _both(one.speaker) if one.named else _both("") | {"en": one.speaker},
        "said_on": one.said_on,
        "outlet": _both(one.where if "." in one.where else "") | {"en": one.where},
        "attribution": _attribution(one),
        "interest": None,
        "source_ids": [],
        "readings": [],
        "would_change": _both(""),
    }


def _both(text: str) -> dict[str, str]:
    return dict.fromkeys(project().languages, text)


def _attribution(one: Reviewed) -> dict[str, str]:
    if not one.checker:
        return _both("")
    checker = f"{one.checker} ({one.address})" if one.address else one.checker
    found = {}
    for language in project().languages:
        with i18n.in_language(language):
            found[language] = (
                _(
                    "As told by the fact-check of {checker}, which calls it “{rating}”.",
                    checker=checker,
                    rating=one.rating,
                )
                if one.rating
                else _("As told by the fact-check of {checker}.", checker=checker)
            )
    return found
