"""What a page says of the project around it, and on what a reader's trust in it can rest."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.project import data_folder
from briefs.render import wording
from briefs.render.blocks import Record

#: File of the data folder with what a project says of itself.
PROJECT = "site.yml"
#: As many claims are named.
_FEW = 3


def project_words(name: str) -> Any:
    """Return what ``site.yml`` of the data folder has under `name`; empty where it says nothing."""
    path = data_folder() / PROJECT
    return (_read(path, path.stat().st_mtime_ns).get(name) if path.is_file() else None) or {}


@lru_cache(maxsize=8)
def _read(path: Path, modified: int) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")) or {})


def trust(
    claims: Sequence[Record], sources: Iterable[Record], searched: str
) -> list[tuple[str, str]]:
    """Say what was tested and by whom, which rules changed, how good the sources are, and how to object.

    `claims` are the records of the page's verdicts, `sources` those of its sources; `searched` is the
    ISO date of the last search for evidence, or empty.
    """
    terms = [
        (_("What is tested"), words("subject")),
        (_("Made by"), _author()),
        (_("Rules changed after seeing results"), _changed(claims)),
        (_("Sources by grade"), _grades(sources)),
        (_("Evidence last searched"), wording.date(searched)),
        (
            _("Something wrong?"),
            _("Each row of data says how to dispute it."),
        ),
    ]
    return [(term, text) for term, text in terms if text]


def words(name: str) -> str:
    """Return a text of ``site.yml`` in the active language; empty where there is none."""
    words = project_words(name)
    return i18n.localized(words) if words else ""


def _author() -> str:
    author, contact = words("author"), project_words("contact")
    if not (author and contact):
        return _("{author}; no contact address yet", author=author) if author else ""
    return _("{author}: {contact}", author=author, contact=str(contact).removeprefix("mailto:"))


def _changed(claims: Sequence[Record]) -> str:
    """Name the claims whose rule was changed by somebody who could know the result."""
    if not claims:
        return ""
    names = [
        str(claim.get("name") or claim["id"])
        for claim in claims
        if any(change["results_seen"] for change in claim.get("rule_history") or ())
    ]
    if not names:
        return _("None.")
    words = {"n": i18n.number(len(names)), "total": i18n.number(len(claims))}
    if len(names) > _FEW:
        return _("{n} of {total} claims, each with its reason", **words)
    return _("{n} of {total} claims: {names}.", **words, names="; ".join(names))


def _grades(sources: Iterable[Record]) -> str:
    counts = Counter(source["grade"] for source in sources if source.get("grade"))
    if not counts:
        return ""
    listed = ", ".join(f"{grade} {i18n.number(counts[grade])}" for grade in sorted(counts))
    return _("{grades} (A is best)", grades=listed)
