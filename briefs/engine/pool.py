"""Many reports at once: a pool of processes in which whatever happens to one report costs only it.

Each worker has a pipe of its own and shares no lock with the others, so the death of one can't
block the rest. No more jobs are taken than workers are free: thousands may be waiting where
they come from.
"""

import importlib
import logging
import multiprocessing
import os
import secrets
import signal
import subprocess
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from briefs.engine import kernels, staging
from briefs.engine.kernels import orphans
from briefs.engine.kernels.common import NO_LIMITS, PID, Limits, late, remove
from briefs.engine.kernels.forked import WarmProcess, WarmProcessError, inherit, inherited, warming
from briefs.engine.kernels.warm import WORKER
from briefs.engine.plan import Job, Result

_GRACE_SECONDS = 15  # a kernel that is late is stopped by its worker, with more to say of it
_REPORTS_PER_WORKER = 64
_LONG_SECONDS = 600
# A shell's: more than once, as a kernel that was just starting may write again before it is found.
_SWEEP = """
cat >/dev/null
for i in 1 2 3 4; do
  for file in "$1"/*/pid; do pid=$(cat "$file"); [ "$pid" -gt 1 ] && kill -s KILL -- "-$pid"; done
  rm -rf -- "$1"; sleep 1
done 2>/dev/null"""

_log = logging.getLogger(__name__)

Run = Callable[[Job], Result]


class WorkerDied(RuntimeError):
    """The process that made a report ended."""


def run_all(
    jobs: Iterable[Job],
    run: Run,
    *,
    slots: int,
    limits: Limits = NO_LIMITS,
    forks: bool = True,
) -> Iterator[Result]:
    """Run all jobs, `slots` at a time, and give each result when it is there.

    What makes a `Result` of a job, `run`, must be importable by name. Where that is safe, workers and
    kernels fork from a warm process, if `forks` says so. A report that took its worker down twice,
    or didn't end in time, is a failed one. A single job has nothing to gain from a pool and runs
    right here, while a warm process imports what its kernel needs.
    """
    jobs = iter(jobs)
    first = list(islice(jobs, 2))
    if len(first) > 1:
        resource_tracker.ensure_running()  # starts with the first spawned worker, but isn't to end with this batch
    with ExitStack() as stack:
        stack.enter_context(orphans.adopting())
        scratch = stack.enter_context(_scratch())
        if len(first) > 1:
            pool = stack.enter_context(_Pool(run, slots, limits, forks, scratch))
            yield from pool.results(chain(first, jobs))
        elif first:
            yield _alone(first[0], run, limits, forks, scratch)


def _alone(job: Job, run: Run, limits: Limits, forks: bool, scratch: Path) -> Result:
    before, tempfile.tempdir = tempfile.tempdir, str(scratch)
    kernels.configure(limits, forks=forks)
    try:
        with warming(job.notebook) if forks else nullcontext():
            _get_ready(forks)
            return _attempt(run, job)
    finally:
        kernels.configure(NO_LIMITS)
        tempfile.tempdir = before


@dataclass(eq=False)
class _Worker:
    """One process of the pool and what it is doing."""

    connection: Connection
    process: BaseProcess | None = None  # None where it is a child of the warm process
    job: Job | None = None
    again: bool = False
    began: float = float("inf")  # until it says that it has begun: first it may have much to import
    done: int = 0

    def give(self, job: Job, again: bool) -> None:
        self.job, self.again, self.began = job, again, float("inf")
        with suppress(OSError):  # it just died: that is read from the connection
            self.connection.send(job)

    def end(self) -> None:
        self.connection.close()  # the warm process kills a child whose other end is closed
        if self.process:
            self.process.kill()
            self.process.join()

    def sweep(self) -> None:
        """Remove what it left half-written."""
        if self.job:
            staging.sweep(self.job.out, self.job.place)


class _Pool:
    """The workers, and the jobs that they have."""

    def __init__(self, run: Run, slots: int, limits: Limits, forks: bool, scratch: Path) -> None:
        self.slots, self.limits = slots, limits
        self.arguments = run, limits, scratch, dict(os.environ)
        self.workers: list[_Worker] = []
        self.again: list[Job] = []
        self.warm = (inherited() or WarmProcess()) if forks else None

    def __enter__(self) -> "_Pool":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.end()
        if self.warm:
            self.warm.close()
        for worker in self.workers:
            worker.sweep()

    def results(self, jobs: Iterator[Job]) -> Iterator[Result]:
        """Keep all workers busy until there are no more jobs."""
        while True:
            self._give_out(jobs)
            busy = {w.connection: w for w in self.workers if w.job}
            if not busy:
                return
            left = min(_LONG_SECONDS, *map(self._seconds_left, busy.values()))
            ready = wait(list(busy), max(0, left))
            for connection, worker in busy.items():
                result = None
                if connection in ready:
                    result = self._read(worker)
                elif self._seconds_left(worker) <= 0:
                    result = self._retire(worker, late(self.limits.timeout))
                if result:
                    yield result

    def _give_out(self, jobs: Iterator[Job]) -> None:
        """Give each worker without a job the next one, and start workers as long as there are jobs."""
        idle = [worker for worker in self.workers if not worker.job]
        for number in range(len(idle) + self.slots - len(self.workers)):
            again = bool(self.again)
            job = self.again.pop(0) if again else next(jobs, None)
            if not job:
                break
            worker = idle[number] if number < len(idle) else self._start()
            worker.give(job, again)

    def _seconds_left(self, worker: _Worker) -> float:
        limit = (self.limits.timeout or float("inf")) + _GRACE_SECONDS
        return worker.began + limit - time.monotonic()

    def _read(self, worker: _Worker) -> Result | None:
        """Read what a worker sends, or how it ended: then its report is tried once more."""
        try:
            what, value = worker.connection.recv()
        except Exception:  # cut off in the middle, or without a message
            what, value = "exit", None
        if what == "begun":
            worker.began = time.monotonic()
            return None
        if what == "done":
            worker.job, worker.done = None, worker.done + 1
            if worker.done >= _REPORTS_PER_WORKER:
                self.workers.remove(worker)
                worker.end()
            return value
        if worker.job and not worker.again:
            self.again.append(worker.job)
        result = self._retire(worker, WorkerDied(_how_it_ended(worker, value)))
        return result if worker.again else None

    def _retire(self, worker: _Worker, why: Exception) -> Result | None:
        """End a worker; return that its report has failed."""
        self.workers.remove(worker)
        worker.end()
        worker.sweep()
        seconds = max(0, time.monotonic() - worker.began)
        return _failed(worker.job, why, seconds) if worker.job else None

    def _start(self) -> _Worker:
        worker = self._forked() or self._spawned()
        self.workers.append(worker)
        return worker

    def _forked(self) -> _Worker | None:
        if self.warm:
            try:
                return _Worker(self.warm.fork(_work, *self.arguments, asks=True))
            except WarmProcessError as error:
                _log.warning("kernels start one by one, which takes longer: %s", error)
                self.warm.close()
                self.warm = None
        return None

    def _spawned(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_work, args=(theirs, *self.arguments)
        )
        process.start()
        theirs.close()
        return _Worker(ours, process)


def _work(
    connection: Connection,
    run: Run,
    limits: Limits,
    scratch: Path,
    env: Mapping[str, str],
    warm: Connection | None = None,
) -> None:
    """Be a worker: run the jobs that come along the connection, until none does.

    With `warm`, a connection to the warm process, kernels fork from that.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent says when to stop
    if warm:
        os.environ.clear()
        os.environ.update(env)
        inherit(warm)
    else:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    tempfile.tempdir = str(scratch)
    kernels.configure(limits, forks=bool(warm))
    _get_ready(bool(warm))
    with suppress(EOFError, BrokenPipeError):
        while job := connection.recv():
            connection.send(("begun", None))
            connection.send(("done", _attempt(run, job)))


def _get_ready(forks: bool) -> None:
    """Import what it takes to make reports, so that it counts to no report's time."""
    for name in WORKER if forks else (*WORKER, "briefs.engine.kernels.ordinary"):
        importlib.import_module(name)


def _end_with_parent() -> None:
    """End with the process that started this one; the kernel notices by itself."""
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


def _attempt(run: Run, job: Job) -> Result:
    try:
        return run(job)
    except Exception as error:  # `run` says what is wrong with a report by its result
        _log.debug("%s", traceback.format_exc())
        return _failed(job, error, 0)


def _failed(job: Job, why: Exception, seconds: float) -> Result:
    from briefs.engine import runner  # late: the parent of workers that all do well never needs it

    return runner.failed(job, why, seconds)


def _how_it_ended(worker: _Worker, code: int | None) -> str:
    if worker.process:
        worker.process.join(5)
        code = worker.process.exitcode
    if code == -signal.SIGKILL:
        return "its worker was ended by SIGKILL, as the system does when memory runs out"
    if code and code < 0:
        return f"its worker was ended by {signal.Signals(-code).name}"
    return "its worker never came" if code is None else f"its worker ended with status {code}"


@contextmanager
def _scratch() -> Iterator[Path]:
    """Give a folder for all that is temporary; if this process is killed, a shell that waits for that removes it."""
    folder, sweeper = Path(tempfile.gettempdir(), f"briefs-{secrets.token_hex(8)}"), None
    try:
        if os.name == "posix":
            sweeper = subprocess.Popen(
                ["sh", "-c", _SWEEP, "sh", str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        folder.mkdir(mode=0o700)  # when there is someone to remove it
        yield folder
    finally:
        _clear(folder)
        if sweeper:
            os.killpg(sweeper.pid, signal.SIGKILL)
            sweeper.communicate()


def _clear(folder: Path) -> None:
    """Remove the folder, and the kernels that outlived their workers."""
    for _ in range(20):
        for path in folder.glob(f"*/{PID}"):
            with suppress(OSError, ValueError):
                pid = int(path.read_text())
                if pid > 1:  # 0 would be our own group, and a notebook can write there
                    os.killpg(pid, signal.SIGKILL)
        remove(folder)
        if not folder.exists():
            break
        time.sleep(0.1)
