"""Reports made by other machines: the same jobs, handed to a Dask scheduler.

``dask scheduler`` runs somewhere, ``dask worker tcp://…`` on each machine that has this project
installed; ``briefs build --scheduler tcp://…`` sends each job with its notebook and publishes
what comes back. A worker whose code, evidence or tools differ from those here refuses the job:
its report would be another one.
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

from briefs.engine import freshness, kernels, runner, staging
from briefs.engine.cache import Cache
from briefs.engine.kernels import Limits
from briefs.engine.plan import Job, Result, published
from briefs.engine.provenance import Sources, snapshot
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

#: A worker may have threads, but the language of a page is the process's.
_one_at_a_time = threading.Lock()


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


@dataclass(frozen=True)
class _Sent:
    """A job that the scheduler has."""

    job: Job
    attempt: int
    start: float


def run_all(
    jobs: Iterable[Job],
    address: str,
    sources: Sources,
    *,
    limits: Limits | None = None,
    kernel: str = "auto",
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
        As in `pool.run_all`.
    cache : Cache, optional
        Keeps the files that come back.

    Raises
    ------
    SchedulerError
        If there is no scheduler or no worker, or the scheduler goes away.
    """
    try:
        from distributed import Client
    except ImportError:
        raise SchedulerError(
            "--scheduler needs Dask: pip install 'ai-cost-briefs[distributed]'"
        ) from None
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SchedulerError(f"{address}: no scheduler answers: {error}") from None
    with client, client.as_current():
        _check_workers(client, address, sources)
        queue = _Queue(client, address, sources, limits or Limits(), kernel)
        yield from queue.results(iter(jobs), cache)


class _Queue:
    """The jobs that a scheduler has been sent and hasn't answered yet."""

    def __init__(
        self, client: Any, address: str, sources: Sources, limits: Limits, kernel: str
    ) -> None:
        from distributed import as_completed

        self.client, self.address, self.sources = client, address, sources
        self.limits, self.kernel = limits, kernel
        self.done, self.numbers = as_completed(), count()
        self.waiting: dict[str, _Sent] = {}

    def results(self, jobs: Iterator[Job], cache: Cache | None) -> Iterator[Result]:
        """Keep the workers busy until there are no more jobs."""
        self._fill(jobs)
        while self.waiting:
            future = next(self.done)
            if future.status in ("cancelled", "lost"):
                raise SchedulerError(
                    f"{self.address}: the scheduler is gone; what was built is published"
                )
            sent = self.waiting.pop(future.key)
            result, files = _received(future, sent.job, time.perf_counter() - sent.start)
            if cache and files and self.sources.still_hold():
                freshness.keep(sent.job, self.sources, cache, files)
            future.release()
            if result.status == "failed" and sent.attempt <= self.limits.retries:
                self._send(sent.job, sent.attempt + 1)
            else:
                yield result
            self._fill(jobs)

    def _fill(self, jobs: Iterator[Job]) -> None:
        room = max(1, sum(self.client.nthreads().values())) * _AHEAD - len(self.waiting)
        for job in islice(jobs, max(0, room)):
            self._send(job, 1)

    def _send(self, job: Job, attempt: int) -> None:
        task = Task(job, job.notebook.read_bytes(), self.sources, self.limits, self.kernel)
        key = f"brief-{self.client.id}-{next(self.numbers)}"
        future = self.client.submit(make, task, key=key, pure=False)
        self.waiting[future.key] = _Sent(job, attempt, time.perf_counter())
        self.done.add(future)


def make(task: Task) -> tuple[Result, dict[str, bytes]]:
    """Make one report, on a worker; return its files too."""
    with _one_at_a_time:
        stages, start, job = runner.Stages(), time.perf_counter(), task.job
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
        except Exception as fault:  # what is wrong with a report is said by its result
            return runner.failed(job, fault, time.perf_counter() - start, stages.seconds), {}
        return job.result("built", time.perf_counter() - start, stages.seconds), files


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
        if found := _answer(worker, future):
            raise SchedulerError(
                f"{worker}: has {_listed(found)} than this machine; its reports would be others. "
                "Bring it to the same commit and requirements.lock"
            )


def _answer(worker: str, future: Any) -> list[str]:
    """Return what a worker says that it has otherwise than this machine."""
    try:
        return list(future.result(timeout=_WORKER_SECONDS))
    except TimeoutError:
        return []  # lost or at work for others; each job is checked again
    except Exception as error:
        raise SchedulerError(
            f"{worker}: can't run jobs of this project: {type(error).__name__}: {error}; "
            "install the same version there"
        ) from None


def _listed(differing: list[str]) -> str:
    *some, last = differing
    return f"{', '.join(some)} and {last}" if some else last


def _received(future: Any, job: Job, seconds: float) -> tuple[Result, dict[str, bytes]]:
    """Publish what a worker made; return what became of the job, and the files."""
    fault = future.exception()
    if fault is not None:
        # what a worker can't say by a result: it died several times, or lacks the project
        return runner.failed(job, fault, seconds), {}
    result, files = future.result()
    if files:
        try:
            staging.publish_report(job, files)
        except (OSError, ValueError) as error:
            return runner.failed(job, error, seconds, result.stages), files
    return replace(result, paths=published(job.out, job.place)), files
