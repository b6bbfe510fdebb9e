"""A build: find what is stale, have it made, and bring the pages around the reports up to date.

Whatever is needed to make a report is imported only when there is one to make, so a build of
fresh reports is over in an instant.
"""

import time
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import Path

from briefs.engine import freshness, staging
from briefs.engine.build_report import BuildReport
from briefs.engine.cache import Cache
from briefs.engine.drawing import settle_drawing
from briefs.engine.plan import Job, Result
from briefs.engine.provenance import Sources

_TRIM_EVERY = 200  # reports, some 100 MB of cache


@dataclass(frozen=True)
class Options:
    """How to build: so many reports at a time (`slots`), and what one may take (`kernels.Limits`).

    A `scheduler` has the reports made on other machines.
    """

    force: bool = False
    only_failed: bool = False
    slots: int = 1
    timeout: float | None = None
    memory: int | None = None
    forks: bool = True
    cache: Cache | None = None
    scheduler: str = ""


def examine(
    jobs: Iterable[Job],
    sources: Sources,
    failed: Container[str] = (),
    *,
    force: bool = False,
    only_failed: bool = False,
) -> Iterator[tuple[Job, list[str]]]:
    """Yield each job with the reasons why it must be built; none for a fresh one."""
    for job in jobs:
        again = ["failed last time"] if job.place in failed else []
        if only_failed and not again:
            continue
        reasons = ["asked for by --force"] if force else freshness.stale(job, sources)
        yield job, [*again, *reasons] if reasons else []


def build(
    jobs: Iterable[Job],
    out: Path,
    sources: Sources,
    options: Options,
    each: Callable[[Result], None] = lambda result: None,
) -> BuildReport:
    """Build the stale ones of `jobs`, then the pages around them, then write ``build.json``.

    Jobs are taken one at a time, so there may be thousands; `each` is called with what became of
    a report, as soon as that is known.
    """
    staging.settle(out)
    settle_drawing()
    report = BuildReport(out)

    def note(result: Result) -> None:
        report.add(result)
        each(result)

    try:
        examined = examine(
            jobs, sources, report.failed(), force=options.force, only_failed=options.only_failed
        )
        missing = _missing(examined, sources, options, note)
        if first := next(missing, None):
            for number, result in enumerate(_make(chain([first], missing), sources, options), 1):
                note(result)
                if options.cache and not number % _TRIM_EVERY:
                    options.cache.trim()
        if report.site_is_stale(sources):
            from briefs import site  # late, as it brings the templates along

            site.publish(out)
            report.site_is_written(sources)
    finally:
        if report.touched:
            report.write()
    if options.cache and first:
        options.cache.trim()
    return report


def _missing(
    examined: Iterable[tuple[Job, list[str]]],
    sources: Sources,
    options: Options,
    note: Callable[[Result], None],
) -> Iterator[Job]:
    """Yield the jobs whose files must be made; the others are fresh, or come from the cache."""
    for job, reasons in examined:
        job = replace(job, reason="; ".join(reasons) or "nothing changed")
        if not reasons:
            note(job.result("fresh", 0))
            continue
        start = time.perf_counter()
        files = None if options.force else freshness.recall(job, sources, options.cache)
        if not files:
            yield job
            continue
        try:
            staging.publish_report(job, files)
        except (OSError, ValueError) as error:
            from briefs.engine import runner  # late, as below

            note(runner.failed(job, error, time.perf_counter() - start))
        else:
            seconds = time.perf_counter() - start
            note(job.result("built", seconds, {"cache": round(seconds, 3)}))


def _make(jobs: Iterable[Job], sources: Sources, options: Options) -> Iterator[Result]:
    from briefs.engine import pool
    from briefs.engine.kernels.common import Limits

    limits = Limits(options.timeout, options.memory)
    cache = options.cache
    if cache and options.force:
        cache = replace(cache, reads=False)
    if options.scheduler:
        from briefs.engine import remote

        return remote.run_all(
            jobs, options.scheduler, sources, limits=limits, forks=options.forks, cache=cache
        )
    run = partial(_run, sources=sources, cache=cache)
    return pool.run_all(jobs, run, slots=options.slots, limits=limits, forks=options.forks)


def _run(job: Job, sources: Sources, cache: Cache | None) -> Result:
    from briefs.engine import runner  # late: only workers need Jupyter's libraries

    return runner.run(job, sources=sources, cache=cache)
