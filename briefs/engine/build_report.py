"""``build.json``: what the last build did with each report, and whether the pages around them are fresh.

It is read and written by the line, an entry each, so thousands of reports take a moment.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from briefs.engine import staging
from briefs.engine.freshness import RECORD
from briefs.engine.plan import Result, place_of
from briefs.engine.provenance import Sources, sha256
from briefs.engine.staging import RESULTS
from briefs.parameters import rank

FILE = "build.json"


class BuildReport:
    """Entries of ``build.json`` of the site at `out`: this build's, and the last ones of other reports."""

    def __init__(self, out: Path):
        self.out = out
        self.touched: dict[str, dict[str, Any]] = {}
        self._before, self._site, self._written = self._read()

    def _read(self) -> tuple[dict[str, dict[str, Any]], dict[str, Any], int]:
        """Entries by place, what is known of the pages around, and when that was written."""
        path = self.out / FILE
        try:
            known, written = json.loads(path.read_bytes()), path.stat().st_mtime_ns
            entries = {
                place_of(entry["language"], entry["report"], entry.get("name", "")): entry
                for entry in known["reports"]
            }
            site = known["site"]
            parts = (site, site.get("pages", {}), *entries.values())
            if not all(isinstance(part, dict) for part in parts):
                raise TypeError
            return entries, site, written
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return {}, {}, 0  # none yet, or damaged: the reports themselves count

    def failed(self) -> set[str]:
        return {place for place, entry in self._before.items() if entry.get("status") == "failed"}

    def add(self, result: Result) -> None:
        self.touched[result.place] = vars(result)

    def entries(self) -> Iterable[dict[str, Any]]:
        return self.touched.values()

    def count(self) -> dict[str, int]:
        return dict(Counter(entry["status"] for entry in self.entries()))

    def site_is_stale(self, sources: Sources) -> bool:
        """Whether the pages around the reports must be written: something that they show changed, or a page did."""
        if self._site.get("made_from") != self._made_from(sources):
            return True
        pages = self._pages()
        return any(
            pages.get(name, (0, 0))[0] != size or pages[name][1] > self._written
            for name, size in self._site.get("pages", {}).items()
        )

    def site_is_written(self, sources: Sources) -> None:
        """Remember what the pages around the reports were made from."""
        sizes = {name: size for name, (size, _) in self._pages().items()}
        self._site = {"made_from": self._made_from(sources), "pages": sizes}

    def write(self) -> None:
        """Write ``build.json``; a report that was removed leaves it."""
        before, _, _ = self._read()  # another build may have written meanwhile
        entries = self.touched | {
            place: entry
            for place, entry in before.items()
            if place not in self.touched and (self.out / place / RESULTS).is_file()
        }
        ordered = (entries[place] for place in sorted(entries, key=_order))
        text = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in ordered)
        site = json.dumps(self._site, ensure_ascii=False)
        data = f'{{"reports": [\n{text}\n],\n"site": {site}}}\n'.encode()
        staging.publish(self.out, "", {FILE: data}, owner="build")
        os.utime(self.out / FILE)  # `site_is_stale` reads from it when the pages were as they are

    def _pages(self) -> dict[str, tuple[int, int]]:
        """Find the pages around the reports, each with its size and the time when it was written."""
        found = {}
        for name in sorted(staging.recorded(self.out, "")):
            with suppress(OSError):
                stat = os.stat(self.out / name)
                found[name] = stat.st_size, stat.st_mtime_ns
        return found

    def _made_from(self, sources: Sources) -> str:
        """Hash what the pages around the reports show: the sources, and when each report was published."""
        reports = []
        for place in staging.places(self.out):
            folder = self.out / place
            known = folder / RECORD
            reports.append(
                (place, os.stat(known if known.is_file() else folder / RESULTS).st_mtime_ns)
            )
        hashes = {
            name: value for name, value in vars(sources).items() if name not in ("project", "git")
        }
        return sha256(json.dumps([hashes, reports], sort_keys=True).encode())


def _order(place: str) -> tuple[str, int, str]:
    """Sort by language, then reports as in `reports()`, unknown ones last, then by name."""
    language, report, *name = place.split("/")
    return language, rank(report), "/".join([report, *name])
