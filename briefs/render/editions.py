"""Editions: what was published when, what changed since, and that it stays as it was.

``data/editions.yml`` is the log. A page knows from it which edition it belongs to and
whether a newer one is out; `breaches` finds a published edition whose results changed
without a correction that says so.
"""

import datetime as dt
import hashlib
import json
import re
import sys
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Self

import yaml
from pydantic import AfterValidator, Field, ValidationError, model_validator

from briefs import yaml_nodes
from briefs.evidence.model import Strict, Text
from briefs.project import EDITION, data_folder

FILE = "editions.yml"
#: In the log, a correction of every brief at once.
ALL = "all"
_PLACE = re.compile(r"[a-z]{2}/[a-z0-9-]+")
#: Digits that results must agree in; beyond them processors differ.
_DIGITS = 9


class EditionError(ValueError):
    """The log of editions breaks its contract."""


def _known(places: dict[str, str]) -> dict[str, str]:
    for place, digest in places.items():
        if not _PLACE.fullmatch(place) or not re.fullmatch("[0-9a-f]{64}", digest):
            raise ValueError(f"{place}: write <language>/<report>: <sha256>")
    return places


Frozen = Annotated[dict[str, str], AfterValidator(_known)]


class Correction(Strict):
    """One change of a published edition: when, of which report, what; and the hashes after it."""

    date: dt.date
    report: str
    text: Text
    frozen: Frozen = Field({})


class Review(Strict):
    """Who signed off a translation, and when."""

    name: Annotated[str, Field(min_length=1)]
    date: dt.date


class Edition(Strict):
    """One edition of all briefs."""

    id: Annotated[str, Field(pattern=f"^{EDITION.pattern}$")]
    published: dt.date
    updated: dt.date
    changes: Text
    corrections: tuple[Correction, ...] = ()
    reviewed: dict[str, Review] = Field({})
    frozen: Frozen = Field({})

    @model_validator(mode="after")
    def _dated(self) -> Self:
        days = [self.published, *(c.date for c in self.corrections)]
        if days != sorted(days):
            raise ValueError("corrections must be in order, none before the day of publication")
        if self.updated != days[-1]:
            raise ValueError(f"updated must be {days[-1]}, the day of its last change")
        return self

    def expected(self) -> dict[str, str]:
        """Return the hash that each page must have now: the last one logged."""
        places = dict(self.frozen)
        for correction in self.corrections:
            places |= correction.frozen
        return places

    def corrections_of(self, report: str) -> list[Correction]:
        return [c for c in self.corrections if c.report in (report, ALL)]


def load(path: Path | None = None) -> tuple[Edition, ...]:
    """Read the log, newest edition first; an entry incomplete or out of order is an `EditionError`."""
    path = path or data_folder() / FILE
    try:
        return _load(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        raise EditionError(f"{path}: there is no such file") from None


@lru_cache(maxsize=8)
def _load(path: Path, modified: int) -> tuple[Edition, ...]:
    try:
        entries = yaml_nodes.load_list(path)
    except yaml_nodes.YamlError as error:
        raise EditionError(str(error)) from None
    found = tuple(_edition(entry, path.name) for entry in entries)
    ids = [edition.id for edition in found]
    if not ids or ids != sorted(set(ids), reverse=True):
        raise EditionError(f"{path.name}: must list at least one edition, each once, newest first")
    return found


def _edition(entry: Any, file: str) -> Edition:
    try:
        return Edition.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        name = entry.get("id", "") if isinstance(entry, dict) else entry
        parts = (f"{file}, edition {name!r}", ".".join(map(str, first["loc"])), first["msg"])
        raise EditionError(": ".join(filter(None, parts))) from None


def current() -> Edition:
    """Return the newest edition."""
    return load()[0]


def named(name: str) -> Edition | None:
    """Return the edition with this id; None if there is none."""
    return next((edition for edition in load() if edition.id == name), None)


def digest(results: dict[str, Any]) -> str:
    """Hash results without their provenance, numbers to nine digits."""
    kept = {name: value for name, value in results.items() if name != "provenance"}
    return hashlib.sha256(
        json.dumps(_rounded(kept), sort_keys=True, ensure_ascii=False).encode()
    ).hexdigest()


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.{_DIGITS}g}"
    if isinstance(value, dict):
        return {name: _rounded(item) for name, item in value.items()}
    return [_rounded(item) for item in value] if isinstance(value, list) else value


def built(out: Path, edition: Edition) -> dict[str, str]:
    """Hash the results of `edition` that stand at `out`, by ``<language>/<report>``."""
    return {
        f"{path.parents[2].name}/{path.parents[1].name}": digest(json.loads(path.read_bytes()))
        for path in sorted(out.glob(f"*/*/{edition.id}/results.json"))
    }


def breaches(out: Path) -> list[str]:
    """List the pages at `out` whose results are not those that their edition was published with."""
    return [
        _changed(place, edition.id, digest)
        for edition in load()
        for place, digest in built(out, edition).items()
        if edition.expected().get(place, digest) != digest
    ]


def hold(place: str, results: bytes) -> None:
    """Raise `EditionError` if a page at `place` belongs to a published edition and had other results there."""
    folder, _, name = place.rpartition("/")
    edition = named(name) if EDITION.fullmatch(name) else None
    expected = edition.expected().get(folder) if edition else None
    if expected and (found := digest(json.loads(results))) != expected:
        raise EditionError(_changed(folder, name, found))


def _changed(place: str, edition: str, digest: str) -> str:
    return (
        f"{place}/{edition}: its results are not those published; log a correction in {FILE} with "
        f"the hash {digest}, or undo the change"
    )


def main() -> None:
    """Print the hashes of the newest edition built in the folder given, as the log takes them."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m briefs.render.editions FOLDER")
    print(yaml.safe_dump({"frozen": built(Path(sys.argv[1]), current())}, sort_keys=True), end="")


if __name__ == "__main__":
    main()
