"""What a build would make, and why; and what stands published that nothing asks for."""

from collections.abc import Iterator, Mapping
from typing import Any

from briefs.desk import build
from briefs.desk.request import Request
from briefs.engine import provenance, staging
from briefs.engine.build_report import BuildReport
from briefs.project import project


def examine(asked: Request, *, all_of_it: bool = False, **options: bool) -> dict[str, Any]:
    """Compare what is asked for with what stands published.

    The stale reports come with their reasons: `options` are ``force`` and ``only_failed``, as a
    build would have them. Only if all that should be published is asked for, the places
    ``beyond`` are listed.
    """
    report, stale, places = BuildReport(asked.out), [], set()
    sources = provenance.snapshot(project())
    for job, reasons in build.examine(asked.jobs(), sources, report.failed(), **options):
        places.add(job.place)
        if reasons:
            entry = {"place": job.place, "report": job.report, "name": job.name}
            entry |= {"language": job.parameters.language}
            stale.append({**entry, "reasons": reasons, "command": job.command})
    beyond = (
        [place for place in staging.places(asked.out) if place not in places] if all_of_it else []
    )
    return {"out": str(asked.out), "reports": len(places), "stale": stale, "beyond": beyond}


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Say it to people, a line for each place."""
    for entry in found["stale"]:
        yield f"{entry['place']}: {'; '.join(entry['reasons'])}"
    for place in found["beyond"]:
        yield (
            f"{place}: is published, but in no set of the matrix; delete the folder if it shouldn't be"
        )


def summary(found: Mapping[str, Any]) -> str:
    """Say it in one line."""
    if not found["stale"] and not found["reports"]:
        return "no report failed last time"
    if not found["stale"]:
        return f"all {found['reports']} reports are fresh"
    return f"{len(found['stale'])} of {found['reports']} reports are stale"
