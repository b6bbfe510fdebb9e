"""Reports made by other machines: the same jobs, handed to a Dask scheduler.

``dask scheduler`` runs somewhere, ``dask worker tls://…`` on each machine that has this project
installed; ``briefs build --scheduler tls://…`` sends each job with its notebook and publishes
what comes back. A worker whose code, evidence or tools differ from those here refuses the job:
its report would be another one.

Jobs and results are pickles: whoever reaches the scheduler, a worker or the network between runs
code on all of them. So it is ``tls://`` with keys of one's own, or an address that nobody else
reaches; see ``docs/threat-model.md``.
"""

import logging
import platform
import re
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from briefs.engine import freshness, kernels, runner, staging
from briefs.engine.cache import Cache
from briefs.engine.drawing import settle_drawing
from briefs.engine.kernels.common import NO_LIMITS, Limits
from briefs.engine.plan import Job, Result, published
from briefs.engine.provenance import Sources, snapshot
from briefs.project import project

_CONNECT_SECONDS = 30
_WORKER_SECONDS = 60
_OWN = ("localhost", "127.0.0.1", "[::1]")
_TRUST = "docs/threat-model.md"
_log = logging.getLogger(__name__)
_AHEAD = 2  # jobs for each thread of a worker: one in hand, one on its way
#: What may differ from machine to machine: the report is the same, or its notebook is sent along.
_MAY_DIFFER = ("project", "site", "git", "package", "notebooks")

#: A worker may have threads, but the language of a page is the process's.
_one_at_a_time = threading.Lock()


class SchedulerError(OSError):
    """The scheduler can't be reached, has no workers, or is gone."""


class WorkerDiffers(ValueError):
    """A worker would make another report of the same job."""


def run_all(
    jobs: Iterable[Job],
    address: str,
    sources: Sources,
    *,
    limits: Limits = NO_LIMITS,
    forks: bool = True,
    cache: Cache | None = None,
) -> Iterator[Result]:
    """Have the workers of a scheduler make all jobs, and give each result when it is there.

    Jobs are taken as workers become free, so memory stays flat over thousands. A job whose worker
    is lost goes to another one. The cache keeps the files that come back. `SchedulerError` is
    raised where there is no scheduler or no worker, or the scheduler goes away.
    """
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise SchedulerError(
            "--scheduler needs Dask: pip install 'ai-cost-briefs[distributed]'"
        ) from None
    _check_address(address)
    try:
        client = Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        raise SchedulerError(f"{address}: no scheduler answers: {error}") from None
    with client, client.as_current():
        _check_workers(client, address, sources)
        jobs, done = iter(jobs), as_completed()
        waiting: dict[Any, tuple[Job, float]] = {}
        while True:
            threads = max(1, sum(client.nthreads().values()))
            for job in islice(jobs, max(0, threads * _AHEAD - len(waiting))):
                needed = job, job.notebook.read_bytes(), sources, limits, forks
                future = client.submit(make, *needed, pure=False)
                waiting[future.key] = job, time.perf_counter()
                done.add(future)
            if not waiting:
                return
            future = next(done)
            if future.status in ("cancelled", "lost"):
                raise SchedulerError(
                    f"{address}: the scheduler is gone; what was built is published"
                )
            job, start = waiting.pop(future.key)
            result, files = _received(future, job, time.perf_counter() - start)
            if cache and files and sources.still_hold():
                freshness.keep(job, sources, cache, files)
            future.release()
            yield result


def _check_address(address: str) -> None:
    """Refuse what can't be an address, which Dask notices only when all is over; warn where anybody may listen."""
    from distributed.security import Security

    found = re.fullmatch(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[^:/\[\]]+):[0-9]+", address)
    if not found:
        raise SchedulerError(f"{address}: is no address; write tls://HOST:PORT or tcp://HOST:PORT")
    if found[1] == "tls" and not Security().get_connection_args("client")["ssl_context"]:
        raise SchedulerError(
            f"{address}: Dask's configuration names no keys (distributed.comm.tls); see {_TRUST}"
        )
    if found[1] == "tcp" and found[2] not in _OWN:
        _log.warning(
            "%s isn't encrypted: whoever reaches it runs code here and on the workers; see %s",
            *(address, _TRUST),
        )


def make(
    job: Job, notebook: bytes, sources: Sources, limits: Limits, forks: bool
) -> tuple[Result, dict[str, bytes]]:
    """Make one report, on a worker; return its files too."""
    with _one_at_a_time, _within_dask():
        stages, start = runner.Stages(), time.perf_counter()
        try:
            if found := differences(sources):
                raise WorkerDiffers(f"the worker on {platform.node()} has other {', '.join(found)}")
            settle_drawing()
            kernels.configure(limits, forks=forks)
            with tempfile.TemporaryDirectory(prefix="briefs-") as folder:
                path = Path(folder, job.notebook.name)
                path.write_bytes(notebook)
                here = replace(job, notebook=path)
                files = runner.produce(here, sources, None, stages, project().notebooks)
        except Exception as fault:  # what is wrong with a report is said by its result
            return runner.failed(job, fault, time.perf_counter() - start, stages.seconds), {}
        return job.result("built", time.perf_counter() - start, stages.seconds), files


@contextmanager
def _within_dask() -> Iterator[None]:
    """Put what is temporary into the worker's folder: Dask removes that also after a worker that was killed."""
    from distributed import get_worker

    before, tempfile.tempdir = tempfile.tempdir, get_worker().local_directory
    try:
        yield
    finally:
        tempfile.tempdir = before


def differences(sources: Sources) -> list[str]:
    """Name what reports are made from here that isn't what `sources` says."""
    here, there = vars(snapshot(project(), git=False)), vars(sources)
    return [name for name in there if name not in _MAY_DIFFER and here[name] != there[name]]


def _check_workers(client: Any, address: str, sources: Sources) -> None:
    """Wait for a worker, and refuse to begin with one that would make other reports."""
    try:
        client.wait_for_workers(1, timeout=_WORKER_SECONDS)
    except (TimeoutError, OSError):
        raise SchedulerError(
            f"{address}: no worker has joined; start some: dask worker {address} "
            "--nthreads 1 --nworkers auto"
        ) from None
    for worker, found in client.run(differences, sources, on_error="return").items():
        if isinstance(found, OSError):
            continue  # lost meanwhile; each job is checked again
        if isinstance(found, Exception):
            raise SchedulerError(
                f"{worker}: can't run jobs of this project: {type(found).__name__}: {found}; "
                "install the same version there"
            )
        if found:
            raise SchedulerError(
                f"{worker}: has other {', '.join(found)} than this machine; its reports would be "
                "others. Bring it to the same commit and requirements.lock"
            )


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
