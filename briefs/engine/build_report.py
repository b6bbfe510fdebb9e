"""``build.json``: what the last build did with each report, and whether the pages around them are fresh.

It is read and written by the line, an entry each, so thousands of reports take a moment.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from briefs.engine.freshness import RECORD
from briefs.engine.plan import Result, place_of
from briefs.engine.provenance import Sources, sha256
from briefs.files import write_file
from briefs.parameters import reports

FILE = "build.json"
RESULTS = "results.json"


class BuildReport:
    """Entries of ``build.json`` of the site at `out`: this build's, and the last ones of other reports."""

    def __init__(self, out: Path):
        self.out = out
        self.touched: dict[str, str] = {}
        self._before, self._site, self._written = self._read()

    def _read(self) -> tuple[dict[str, dict[str, Any]], dict[str, Any], int]:
        """Entries by place, what is known of the pages around, and when that was written."""
        path = self.out / FILE
        try:
            known, written = json.loads(path.read_bytes()), path.stat().st_mtime_ns
            entries = {_place(entry): entry for entry in known["reports"]}
            return entries, known.get("site", {}), written
        except (OSError, ValueError, LookupError, TypeError):
            return {}, {}, 0  # none yet, or damaged: the reports themselves count

    def failed(self) -> set[str]:
        """Places of the reports that failed in the last build that tried."""
        return {place for place, entry in self._before.items() if entry["status"] == "failed"}

    def published(self) -> list[str]:
        """Places of all reports that stand published."""
        return [place for place, _ in self._walk()[0]]

    def add(self, result: Result) -> None:
        """Note what became of a report."""
        self.touched[result.place] = json.dumps(vars(result), ensure_ascii=False)

    def entries(self) -> Iterable[dict[str, Any]]:
        """Yield the entries of this build."""
        return map(json.loads, self.touched.values())

    def count(self) -> dict[str, int]:
        """Number of this build's reports by status."""
        return dict(Counter(entry["status"] for entry in self.entries()))

    def site_is_stale(self, sources: Sources) -> bool:
        """Whether the pages around the reports must be written: something that they show changed, or a page did."""
        reports, pages = self._walk()
        if self._site.get("made_from") != _made_from(sources, reports):
            return True
        return any(
            pages.get(name, (0, 0))[0] != size or pages[name][1] > self._written
            for name, size in self._site["pages"].items()
        )

    def site_is_written(self, sources: Sources) -> None:
        """Remember what the pages around the reports were made from."""
        reports, pages = self._walk()
        self._site = {
            "made_from": _made_from(sources, reports),
            "pages": {name: size for name, (size, _) in sorted(pages.items())},
        }

    def write(self) -> None:
        """Write ``build.json``; a report that was removed leaves it."""
        before, _, _ = self._read()  # another build may have written meanwhile
        kept = {
            place: json.dumps(entry, ensure_ascii=False)
            for place, entry in before.items()
            if place not in self.touched and (self.out / place / RESULTS).is_file()
        }
        lines = {**kept, **self.touched}
        text = ",\n".join(lines[place] for place in sorted(lines, key=_order))
        site = json.dumps(self._site, ensure_ascii=False)
        write_file(self.out / FILE, f'{{"reports": [\n{text}\n],\n"site": {site}}}\n'.encode())

    def _walk(self) -> tuple[list[tuple[str, int]], dict[str, tuple[int, int]]]:
        """Find the reports and when each was published, and every other page with its size and time."""
        reports, pages = [], {}
        for path, folders, names in os.walk(self.out):
            folders[:] = [name for name in folders if not name.startswith(".")]
            place = Path(path).relative_to(self.out).as_posix()
            if RESULTS in names:
                newest = RECORD if RECORD in names else RESULTS
                reports.append((place, os.stat(Path(path, newest)).st_mtime_ns))
                folders[:] = [name for name in folders if name != "data"]
                continue
            for name in names:
                if not name.startswith(".") and name != FILE:
                    stat = os.stat(Path(path, name))
                    pages[f"{place}/{name}".removeprefix("./")] = (stat.st_size, stat.st_mtime_ns)
        return sorted(reports), pages


def _made_from(sources: Sources, reports: list[tuple[str, int]]) -> str:
    hashes = {
        name: value for name, value in vars(sources).items() if name not in ("project", "git")
    }
    return sha256(json.dumps([hashes, reports], sort_keys=True).encode())


def _place(entry: Mapping[str, Any]) -> str:
    return place_of(entry["language"], entry["report"], entry.get("name", ""))


def _order(place: str) -> tuple[str, int, str]:
    """Sort by language, then reports as in `reports()`, unknown ones last, then by name."""
    language, report, *name = place.split("/")
    known = list(reports())
    number = known.index(report) if report in known else len(known)
    return language, number, "/".join([report, *name])
