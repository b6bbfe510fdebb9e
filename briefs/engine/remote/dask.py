"""Reports made by other machines: the same jobs, handed to a Dask scheduler.

``dask scheduler`` runs somewhere, ``dask worker tcp://…`` on each machine that has this project
installed; ``briefs build --scheduler tcp://…`` sends each job with its notebook and publishes
what comes back, or has the workers write it into a store that all can reach. A worker whose
code, evidence or tools differ from those here refuses the job: its report would be another one.
"""

import platform
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path
from typing import Any

from briefs.engine import freshness, runner, staging
from briefs.engine.cache import Cache
from briefs.engine.freshness import published
from briefs.engine.kernels import ordinary as kernels
from briefs.engine.kernels.ordinary import Limits
from briefs.engine.plan import Job, Result
from briefs.engine.provenance import Sources, snapshot
from briefs.engine.remote import storage
from briefs.project import project

_CONNECT_SECONDS = 30
_WORKER_SECONDS = 60
_AHEAD = 2  # jobs for each thread of a worker: one in hand, one on its way
#: What must be the same everywhere for a report to be the same.
_WORDS = {
    "code": "other analysis code",
    "pages": "other code of pages",
    "templates": "other templates",
    "catalogues": "other translations",
    "tables": "other evidence",
    "contracts": "another datapackage.json",
    "data": "other claims or editions",
    "lock": "another requirements.lock",
    "versions": "other versions of tools",
}

_one_at_a_time = (
    threading.Lock()
)  # a worker may have threads, but the language of a page is the process's


class SchedulerError(OSError):
    """The scheduler can't be reached, has no workers, or is gone."""


class WorkerDiffers(ValueError):
    """A worker would make another report of the same job."""


@dataclass(frozen=True)
class Task:
    """All that a worker needs besides the project: the job, its notebook, and what it is to be made from."""

    job: Job
    notebook: bytes
    sources: Sources
    limits: Limits
    kernel: str
    store: str


def run_all(
    jobs: Iterable[Job],
    address: str,
    sources: Sources,
    *,
    limits: Limits | None = None,
    kernel: str = "auto",
    mirror: storage.Mirror | None = None,
    cache: Cache | None = None,
) -> Iterator[Result]:
    """Have the workers of a scheduler make all jobs, and give each result when it is there.

    Jobs are taken as workers become free, so memory stays flat over thousands. A job whose worker
    is lost goes to another one.

    Parameters
    ----------
    address : str
        Of the scheduler, such as ``tcp://10.0.0.1:8786``.
    sources : Sources
        What the reports are made from here.
    limits : Limits, optional
        What one report may take.
    kernel : {"auto", "fork", "spawn"}
        As in `engine.run_all`.
    mirror : Mirror, optional
        Of the store that workers write into; without it the files come back through the scheduler.
    cache : Cache, optional
        Keeps the files that come back.

    Raises
    ------
    SchedulerError
        If there is no scheduler or no worker, or the scheduler goes away.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise SchedulerError(
            "--scheduler needs Dask: pip install 'ai-cost-briefs[distributed]'"
        ) from None
    limits, jobs = limits or Limits(), iter(jobs)
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SchedulerError(f"{address}: no scheduler answers: {error}") from None
    with client, client.as_current():
        _check_workers(client, address, sources)
        done, numbers, waiting = as_completed(), count(), {}

        def submit(job: Job, attempt: int) -> None:
            task = Task(
                job,
                job.notebook.read_bytes(),
                sources,
                limits,
                kernel,
                mirror.store.url if mirror else "",
            )
            future = client.submit(make, task, key=f"brief-{client.id}-{next(numbers)}", pure=False)
            waiting[future.key] = job, attempt, time.perf_counter()
            done.add(future)

        def fill() -> None:
            room = max(1, sum(client.nthreads().values())) * _AHEAD - len(waiting)
            for job in islice(jobs, max(0, room)):
                submit(job, 1)

        fill()
        while waiting:
            future = next(done)
            if future.status in ("cancelled", "lost"):
                raise SchedulerError(
                    f"{address}: the scheduler is gone; what was built is published"
                )
            job, attempt, start = waiting.pop(future.key)
            result, files = _received(future, job, mirror, time.perf_counter() - start)
            if cache and files and sources.still_hold():
                freshness.keep(job, sources, cache, files)
            future.release()
            if result.status == "failed" and attempt <= limits.retries:
                submit(job, attempt + 1)
            else:
                yield result
            fill()


def make(task: Task) -> tuple[Result, dict[str, bytes]]:
    """Make one report, on a worker; return the files too unless they went into a store."""
    with _one_at_a_time:
        stages, start, job, files = runner.Stages(), time.perf_counter(), task.job, {}
        try:
            if differing := differences(task.sources):
                raise WorkerDiffers(
                    f"the worker on {platform.node()} has {_listed(differing)} than this machine"
                )
            kernels.configure(task.limits, forks=task.kernel != "spawn")
            with tempfile.TemporaryDirectory(prefix="briefs-") as folder:
                notebook = Path(folder, "notebooks", job.notebook.name)
                notebook.parent.mkdir()
                notebook.write_bytes(task.notebook)
                files = runner.produce(replace(job, notebook=notebook), task.sources, stages=stages)
            if task.store:
                with stages("publish"):
                    storage.Store(task.store).publish(job.place, files)
                files = {}
        except Exception as fault:  # what is wrong with a report is said by its result
            return runner.failed(job, fault, time.perf_counter() - start, stages.seconds), {}
        return Result(
            job.report,
            job.parameters.language,
            "built",
            job.reason,
            round(time.perf_counter() - start, 3),
            stages.seconds,
            None,
            {},
            job.name,
            job.command,
        ), files


def differences(sources: Sources) -> list[str]:
    """Name what reports are made from here that isn't what `sources` says."""
    here = snapshot(project(), git=False)
    return [
        words for name, words in _WORDS.items() if getattr(here, name) != getattr(sources, name)
    ]


def _check_workers(client: Any, address: str, sources: Sources) -> None:
    """Wait for a worker, and refuse to begin with one that would make other reports."""
    try:
        client.wait_for_workers(1, timeout=_WORKER_SECONDS)
    except (TimeoutError, OSError):
        raise SchedulerError(
            f"{address}: no worker has joined; start some: dask worker {address} "
            "--nthreads 1 --nworkers auto"
        ) from None
    asked = {
        worker: client.submit(differences, sources, workers=[worker], pure=False)
        for worker in client.nthreads()
    }
    for worker, future in asked.items():
        try:
            found = future.result(timeout=_WORKER_SECONDS)
        except TimeoutError:
            continue  # lost or at work for others; each job is checked again
        except Exception as error:
            raise SchedulerError(
                f"{worker}: can't run jobs of this project: {type(error).__name__}: {error}; "
                "install the same version there"
            ) from None
        if found:
            raise SchedulerError(
                f"{worker}: has {_listed(found)} than this machine; its reports would be others. "
                "Bring it to the same commit and requirements.lock"
            )


def _listed(differing: list[str]) -> str:
    return (
        f"{', '.join(differing[:-1])} and {differing[-1]}" if len(differing) > 1 else differing[0]
    )


def _received(
    future: Any, job: Job, mirror: storage.Mirror | None, seconds: float
) -> tuple[Result, dict[str, bytes]]:
    """Publish what a worker made, or fetch what it published; return what became of the job, and the files."""
    fault = future.exception()
    if (
        fault is not None
    ):  # what a worker can't tell by a result: it died several times, or lacks the project
        return runner.failed(job, fault, seconds), {}
    result, files = future.result()
    if mirror and result.status == "built":
        mirror.fetch(job.place)
    elif files:
        try:
            staging.publish(job.out / job.place, files)
        except OSError as error:
            return runner.failed(job, error, seconds, result.stages), files
    return replace(result, paths=published(job.out, job.place)), files
