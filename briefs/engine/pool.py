"""Many reports at once: a pool of processes in which whatever happens to one report costs only it.

Each worker has a pipe of its own and shares no lock with the others, so the death of one can't
block the rest. No more jobs are taken than workers are free: thousands may be waiting where
they come from.
"""

import logging
import multiprocessing
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, islice
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from briefs.engine import kernels, staging
from briefs.engine.kernels import Limits, WarmProcess, WarmProcessError
from briefs.engine.plan import Job, Result

_GRACE_SECONDS = 15  # a kernel that is late is stopped by its worker, with more to say of it
_REPORTS_PER_WORKER = 64
_END_SECONDS = 5
_LONG_SECONDS = 600
# A shell's: more than once, as a kernel that was just starting may write again before it is found.
_SWEEP = (
    'cat >/dev/null; for i in 1 2 3 4; do for pid in "$1"/*/pid; do kill -s KILL -- "-$(cat "$pid")"; done;'
    'rm -rf -- "$1"; sleep 1; done 2>/dev/null'
)

_log = logging.getLogger(__name__)

Run = Callable[[Job], Result]


def run_all(
    jobs: Iterable[Job], run: Run, *, slots: int, limits: Limits | None = None, kernel: str = "auto"
) -> Iterator[Result]:
    """Run all jobs, `slots` at a time, and give each result when it is there.

    Parameters
    ----------
    jobs : iterable of Job
        Taken as workers become free.
    run : callable
        What makes a `Result` of a job; must be importable by name.
    slots : int
        How many reports to work on at a time.
    limits : Limits, optional
        What one report may take.
    kernel : {"auto", "fork", "spawn"}
        Whether kernels and workers fork from a warm process, or start ordinarily; ``auto`` forks
        where that is safe. A single job has nothing to gain from a pool and runs right here.

    Yields
    ------
    Result
        In the order of completion. A report that took its worker down, or didn't end in time, is a
        failed one.
    """
    jobs, limits = iter(jobs), limits or Limits()
    first = list(islice(jobs, 2))
    with ExitStack() as stack:
        scratch = stack.enter_context(_scratch())
        if len(first) > 1:
            pool = stack.enter_context(_Pool(run, slots, limits, kernel, scratch))
            yield from pool.results(chain(first, jobs))
        elif first:
            yield _alone(first[0], run, limits, kernel, scratch)


def _alone(job: Job, run: Run, limits: Limits, kernel: str, scratch: Path) -> Result:
    before, tempfile.tempdir = tempfile.tempdir, str(scratch)
    kernels.configure(limits, forks=kernel == "fork")
    try:
        kernels.start_ahead(job.notebook.resolve().parent)  # comes up while the rest is imported
        for _ in range(1 + limits.retries):
            if (result := _attempt(run, job)).status != "failed":
                break
        return result
    finally:
        kernels.configure(Limits())
        tempfile.tempdir = before


@dataclass(eq=False)
class _Worker:
    """One process of the pool and what it is doing."""

    connection: Connection
    process: Any = None  # None where it is a child of the warm process
    job: Job | None = None
    attempt: int = 0
    began: float = float("inf")  # until it says that it has begun: first it may have much to import
    done: int = 0

    def give(self, job: Job, attempt: int) -> None:
        self.job, self.attempt, self.began = job, attempt, float("inf")
        with suppress(OSError):  # it just died: that is read from the connection
            self.connection.send(job)

    def end(self, wait: float = 0) -> None:
        """Ask it to end when there is time for that, and make it."""
        with suppress(OSError, EOFError):
            if wait:
                self.connection.send(None)
                while self.connection.poll(wait):
                    self.connection.recv()
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

    def __init__(self, run: Run, slots: int, limits: Limits, kernel: str, scratch: Path) -> None:
        self.run, self.slots, self.limits, self.scratch = run, slots, limits, scratch
        self.workers: list[_Worker] = []
        self.again: deque[tuple[Job, int]] = deque()
        self.warm: WarmProcess | None = None
        if kernel != "spawn":
            try:
                self.warm = WarmProcess()
            except WarmProcessError as error:
                self._fall_back(error)

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
                outcome = None
                if connection in ready:
                    outcome = self._read(worker)
                elif self._seconds_left(worker) <= 0:
                    late = f"not done after {self.limits.timeout:g} seconds"
                    outcome = self._retire(worker, "TimedOut", late, self.limits.retries)
                if outcome:
                    yield outcome

    def _give_out(self, jobs: Iterator[Job]) -> None:
        """Give each worker without a job the next one, and start workers as long as there are jobs."""
        idle = [worker for worker in self.workers if not worker.job]
        for number in range(len(idle) + self.slots - len(self.workers)):
            job, attempt = self.again.popleft() if self.again else (next(jobs, None), 1)
            if not job:
                break
            worker = idle[number] if number < len(idle) else self._start()
            worker.give(job, attempt)

    def _seconds_left(self, worker: _Worker) -> float:
        limit = (self.limits.timeout or float("inf")) + _GRACE_SECONDS
        return worker.began + limit - time.monotonic()

    def _read(self, worker: _Worker) -> Result | None:
        """Read what a worker sends, or how it ended."""
        try:
            what, value = worker.connection.recv()
        except Exception:  # cut off in the middle, or without a message
            what, value = "exit", None
        if what == "begun":
            worker.began = time.monotonic()
            return None
        if what == "exit":
            why = _how_it_ended(worker, value)
            return self._retire(worker, "WorkerDied", why, max(self.limits.retries, 1))
        return self._done(worker, value)

    def _done(self, worker: _Worker, result: Result) -> Result | None:
        """Note that a worker is free; return the result unless its report is tried again."""
        job, worker.job, worker.done = worker.job, None, worker.done + 1
        again = job and result.status == "failed" and worker.attempt <= self.limits.retries
        if job and again:
            self.again.append((job, worker.attempt + 1))
        if worker.done >= _REPORTS_PER_WORKER:
            self.workers.remove(worker)
            worker.end(_END_SECONDS)
        return None if again else result

    def _retire(self, worker: _Worker, name: str, message: str, retries: int) -> Result | None:
        """End a worker; its report is tried again, or has failed."""
        self.workers.remove(worker)
        worker.end()
        worker.sweep()
        if not worker.job:
            return None
        if worker.attempt <= retries:
            self.again.append((worker.job, worker.attempt + 1))
            return None
        return _failed(worker.job, name, message, max(0, time.monotonic() - worker.began))

    def _start(self) -> _Worker:
        worker = self._forked() or self._spawned()
        self.workers.append(worker)
        return worker

    def _forked(self) -> _Worker | None:
        if self.warm:
            try:
                return _Worker(self.warm.fork(_work, *self._arguments(), asks=True))
            except WarmProcessError as error:
                self._fall_back(error)
        return None

    def _spawned(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_work, args=(theirs, *self._arguments())
        )
        process.start()
        theirs.close()
        return _Worker(ours, process)

    def _arguments(self) -> tuple[Any, ...]:
        return self.run, self.limits, self.scratch, dict(os.environ)

    def _fall_back(self, error: WarmProcessError) -> None:
        _log.warning("kernels start one by one, which takes longer: %s", error)
        if self.warm:
            self.warm.close()
        self.warm = None


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
        kernels.inherit(warm)
    else:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    tempfile.tempdir = str(scratch)
    import papermill.engines  # noqa: F401  so that it counts to no report's time

    kernels.configure(limits, forks=bool(warm), keeps_ahead=not warm)
    with suppress(EOFError, BrokenPipeError):
        while job := connection.recv():
            connection.send(("begun", None))
            connection.send(("done", _attempt(run, job)))
    kernels.discard()


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
        return _failed(job, type(error).__name__, str(error), 0)


def _failed(job: Job, name: str, message: str, seconds: float) -> Result:
    from briefs.engine import runner  # late: it brings the libraries for notebooks

    return runner.failed(job, runner.NotebookFailed(job.notebook.name, name, message), seconds)


def _how_it_ended(worker: _Worker, code: int | None) -> str:
    if worker.process:
        worker.process.join(_END_SECONDS)
        code = worker.process.exitcode
    if code == -signal.SIGKILL:
        return "its worker was ended by SIGKILL, as the system does when memory runs out"
    if code and code < 0:
        return f"its worker was ended by {signal.Signals(-code).name}"
    return f"its worker ended with status {code}"


@contextmanager
def _scratch() -> Iterator[Path]:
    """Give a folder for all that is temporary; if this process is killed, a shell that waits for that removes it."""
    folder, sweeper = Path(tempfile.mkdtemp(prefix="briefs-")), None
    try:
        if os.name == "posix":
            sweeper = subprocess.Popen(
                ["sh", "-c", _SWEEP, "sh", str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        yield folder
    finally:
        _clear(folder)
        if sweeper:
            os.killpg(sweeper.pid, signal.SIGKILL)
            sweeper.communicate()


def _clear(folder: Path) -> None:
    """Remove the folder, and the kernels that outlived their workers."""
    for _ in range(20):
        for path in folder.glob(f"*/{kernels.PID}"):
            with suppress(OSError, ValueError):
                os.killpg(int(path.read_text()), signal.SIGKILL)
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
        time.sleep(0.1)
