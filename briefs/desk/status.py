"""What a build would make, and why; and what stands published that nothing asks for."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefs.desk import build
from briefs.desk.request import Asked
from briefs.engine import provenance
from briefs.engine.build_report import BuildReport
from briefs.engine.plan import Job
from briefs.project import project


@dataclass
class Status:
    """How many reports were looked at, the stale ones with their reasons, and places `beyond` them."""

    out: Path
    reports: int = 0
    stale: list[tuple[Job, list[str]]] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """Say it to people, a line for each place."""
        return [
            *(f"{job.place}: {'; '.join(reasons)}" for job, reasons in self.stale),
            *(
                f"{place}: is published, but in no set of the matrix; delete the folder if it shouldn't be"
                for place in self.beyond
            ),
        ]

    def summary(self) -> str:
        """Say it in one line."""
        if not self.stale:
            return f"all {self.reports} reports are fresh"
        return f"{len(self.stale)} of {self.reports} reports are stale"

    def to_json(self) -> dict[str, Any]:
        """Say it to programs."""
        stale = [_entry(job, reasons) for job, reasons in self.stale]
        return {
            "out": str(self.out),
            "reports": self.reports,
            "stale": stale,
            "beyond": self.beyond,
        }


def _entry(job: Job, reasons: list[str]) -> dict[str, Any]:
    return {
        "place": job.place,
        "report": job.report,
        "name": job.name,
        "language": job.parameters.language,
        "reasons": reasons,
        "command": job.command,
    }


def examine(asked: Asked, *, all_of_it: bool = False, **options: bool) -> Status:
    """Compare what is asked for with what stands published.

    Parameters
    ----------
    all_of_it : bool
        Whether everything that should be published is asked for; then what lies beyond is listed.
    **options : bool
        ``force`` and ``only_failed``, as a build would have them.
    """
    found, report, places = Status(asked.out), BuildReport(asked.out), set()
    sources = provenance.snapshot(project())
    for job, reasons in build.examine(asked.request.jobs(), sources, report.failed(), **options):
        found.reports += 1
        places.add(job.place)
        if reasons:
            found.stale.append((job, reasons))
    if all_of_it:
        found.beyond = [place for place in report.published() if place not in places]
    return found
