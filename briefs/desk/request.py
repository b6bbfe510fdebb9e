"""What a command line asks for: where to build, which reports, with how much of this machine."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from briefs.engine import plan
from briefs.engine.matrix import Choice, Matrix
from briefs.engine.plan import DEFAULT, Job
from briefs.parameters import (
    ParameterError,
    Parameters,
    injected,
    model_for,
    reports as reports_of_all,
)
from briefs.project import FORMATS, MATRIX, PlanError, project

SITE, SCRATCH = "site", "scratch"


@dataclass(frozen=True)
class Request:
    """A folder to build in, how many jobs, and the jobs themselves, made one at a time whenever asked.

    `scratch` folders are chosen so that nothing published is replaced: parameters set by hand
    make another brief, and neither a name nor a folder was given for it.
    """

    out: Path
    scratch: bool
    total: int
    jobs: Callable[[], Iterator[Job]]

    def page(self) -> Path | None:
        """Return what there is to open: the only report's page, else the first one of the folder; None without any."""
        first = next(self.jobs(), None)
        if first and self.total <= max(1, len(first.languages)):
            page = self.out / first.place / FORMATS[first.formats[0]]
        else:
            page = self.out / FORMATS["html"]
        return page if page.is_file() else None


def read(
    out: Path | None,
    reports: Sequence[str] | None = None,
    *,
    pairs: Sequence[str] | None = None,
    params_file: Path | None = None,
    matrix: Path | None = None,
    names: Sequence[str] | None = None,
    language: str = "",
    formats: str = "",
) -> Request:
    """Plan what is asked for, as `briefs build --help` words it, into `out` or a folder of the project's reports.

    The sets are those of the project's matrix or of another one; with parameters it is the one set
    of these. A `ValueError` says all that is wrong.
    """
    reports, names, languages = reports or (), names or (), plan.read_languages(language)
    values = plan.read_file(params_file) if params_file else {}
    values |= plan.read_pairs(pairs or ())
    chosen = plan.read_formats(formats) if formats else ()
    scratch = bool(values) and not out and not set(names) - {DEFAULT}
    folder = out or project().reports / (SCRATCH if scratch else SITE)
    for report in reports:
        model_for(report)
    for one in languages:
        Parameters.parse({"language": one})
    if values and (matrix or len(names) > 1):
        raise PlanError(
            "-p and --params-file describe one set: they go with no --matrix and one --set at most"
        )
    own = project().notebooks / MATRIX
    if not values and (matrix or own.is_file()):
        found = _listed(matrix or own, Choice(reports, names, chosen, languages), not matrix)
        jobs_of = partial(_settled, found, folder) if matrix else partial(found.jobs, folder)
        return Request(folder, scratch, found.total, jobs_of)
    name = "".join(names) if values and list(names) != [DEFAULT] else ""
    if name:
        plan.check_name(name, "--set")
    if name and own.is_file() and Matrix(own, Choice(reports, [name])).total:
        raise PlanError(
            f"--set: name: {name!r} is a set of {own}; build that without -p, or choose another"
        )
    chosen = chosen or tuple(FORMATS)
    try:
        jobs = plan.jobs(reports, values, chosen, folder, languages=languages or None, name=name)
    except ParameterError as error:
        if reports or len(known := reports_of_all()) == 1:
            raise
        raise PlanError(
            f"{error}\nno report was named: say which, one of {', '.join(known)}"
        ) from None
    plan.check_notebooks(job.report for job in jobs)
    if folder.resolve() == (project().reports / SITE).resolve():
        _keep_published(jobs)
    jobs = [_settle(job) for job in jobs]
    return Request(folder, scratch, len(jobs), lambda: iter(jobs))


def _listed(path: Path, choice: Choice, defaults: bool) -> Matrix:
    """Read the sets of a matrix; it must have all reports, and one set at least, that were chosen."""
    matrix = Matrix(path, choice, defaults)
    plan.check_notebooks(matrix.reports)
    if absent := [report for report in choice.reports if report not in matrix.reports]:
        raise PlanError(f"{path} has no {', '.join(absent)}")
    if not matrix.total:
        called = " or ".join(choice.names) or "anything"
        among = f" in {', '.join(choice.languages)}" if choice.languages else ""
        raise PlanError(f"no set of {path} is called {called}{among}")
    return matrix


def _keep_published(jobs: Sequence[Job]) -> None:
    """Refuse what would stand in the place of a published brief and say something else."""
    for job in jobs:
        usual = {**injected(type(job.parameters)()), "language": job.parameters.language}
        if not job.name and injected(job.parameters) != usual:
            raise PlanError(
                f"--out: {job.out} holds what is published, which parameters set by hand would replace; "
                "name the set with --set, or leave --out away"
            )


def _settled(matrix: Matrix, folder: Path) -> Iterator[Job]:
    return map(_settle, matrix.jobs(folder))


def _settle(job: Job) -> Job:
    """Say whether a set that the project's matrix doesn't list has its report's page, and so a site, around it."""
    front = job.out / plan.place_of(job.parameters.language, job.report) / FORMATS["html"]
    return replace(job, alone=bool(job.name) and not job.listed and not front.is_file())


def cores() -> int:
    """Count the processors that this process may use."""
    with suppress(AttributeError):  # not everywhere
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
