"""What the published editions of a site project: stored with `briefs check --site DIR --accept`, compared without."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from briefs.evidence import forecasts
from briefs.render import editions

#: Names of series are written in the first of these languages that an edition has.
_FIRST = "en"


def accept(site: Path) -> list[str]:
    """Store what the published editions at `site` project; return a line for each file that changed."""
    return [
        line
        for edition, rows in _published(site)
        for line in (forecasts.store(edition, rows) if rows else ())
    ]


def problems(site: Path) -> list[str]:
    """List the published editions at `site` whose projections aren't stored as they were published."""
    return [line for edition, rows in _published(site) for line in forecasts.missing(edition, rows)]


def _published(site: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield each edition that is frozen with the rows that its reports project, in one language."""
    for edition in editions.load():
        places = sorted(edition.expected(), key=lambda place: not place.startswith(f"{_FIRST}/"))
        reports = {place.partition("/")[2]: place for place in reversed(places)}
        yield (
            edition.id,
            [
                {**row, "report": report}
                for report, place in sorted(reports.items())
                for row in _projected(site / place / edition.id / "results.json")
            ],
        )


def _projected(path: Path) -> list[dict[str, Any]]:
    """Quantiles that a report projects; none of one that isn't built, or projects nothing."""
    if not path.is_file():
        return []
    records = json.loads(path.read_bytes()).get("forecasts", ())
    return [row for record in records for row in record["now"]]
