"""Many reports at once: a pool of processes in which whatever happens to one report costs only it.

Each worker hangs on a pipe of its own and shares no lock with the others, so the death of one can't
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

from briefs.engine import staging
from briefs.engine.kernels import forked, ordinary as kernels
from briefs.engine.kernels.ordinary import Limits
from briefs.engine.plan import Job, Result

__all__ = ["Limits", "run_all"]

_GRACE_SECONDS = 15  # a kernel that is late is stopped by its worker, with more to say of it
_REPORTS_PER_WORKER = 64
_FAREWELL_SECONDS = 5
_LONG_SECONDS = 600
# More than once: a kernel that was just starting may write again before it is found.
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
        kernels.ahead(job.notebook.resolve().parent)  # comes up while the rest is imported
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

    channel: Connection
    process: Any = None  # None where it is the template's child
    job: Job | None = None
    attempt: int = 0
    began: float = float("inf")  # until it says that it has begun: first it may have much to import
    done: int = 0

    def give(self, job: Job, attempt: int) -> None:
        self.job, self.attempt, self.began = job, attempt, float("inf")
        with suppress(OSError):  # it just died: that is read from the channel
            self.channel.send(job)

    def end(self, wait: float = 0) -> None:
        """Ask it to end when there is time for that, and make it."""
        with suppress(OSError, EOFError):
            if wait:
                self.channel.send(None)
                while self.channel.poll(wait):
                    self.channel.recv()
        self.channel.close()  # the template kills whoever still hangs on the other end
        if self.process:
            self.process.kill()
            self.process.join()


class _Pool:
    """The workers, and the jobs that they have."""

    def __init__(self, run: Run, slots: int, limits: Limits, kernel: str, scratch: Path) -> None:
        self.run, self.slots, self.limits, self.scratch = run, slots, limits, scratch
        self.workers: list[_Worker] = []
        self.again: deque[tuple[Job, int]] = deque()
        self.template = None
        if kernel != "spawn":
            try:
                self.template = forked.Template()
            except forked.TemplateError as error:
                self._fall_back(error)

    def __enter__(self) -> "_Pool":
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.end()
        if self.template:
            self.template.close()
        for worker in self.workers:
            if worker.job:
                staging.sweep(worker.job.out / worker.job.place)

    def results(self, jobs: Iterator[Job]) -> Iterator[Result]:
        """Keep all workers busy until there are no more jobs."""
        while True:
            for worker in [
                *(w for w in self.workers if not w.job),
                *[None] * (self.slots - len(self.workers)),
            ]:
                job, attempt = self.again.popleft() if self.again else (next(jobs, None), 1)
                if not job:
                    break
                (worker or self._start()).give(job, attempt)
            busy = [worker for worker in self.workers if worker.job]
            if not busy:
                return
            ready = wait(
                [worker.channel for worker in busy],
                max(0, min(_LONG_SECONDS, *map(self._left, busy))),
            )
            for worker in busy:
                if worker.channel in ready:
                    outcome = self._heard(worker)
                elif self._left(worker) <= 0:
                    outcome = self._lost(
                        worker, "TimedOut", f"not done after {self.limits.timeout:g} seconds", False
                    )
                else:
                    continue
                if outcome:
                    yield outcome

    def _left(self, worker: _Worker) -> float:
        return (
            worker.began + (self.limits.timeout or float("inf")) + _GRACE_SECONDS - time.monotonic()
        )

    def _heard(self, worker: _Worker) -> Result | None:
        """Read what a worker says, or what was said of its end."""
        try:
            what, value = worker.channel.recv()
        except Exception:  # cut off in the middle, or without a word
            what, value = "exit", None
        if what == "begun":
            worker.began = time.monotonic()
            return None
        if what == "exit":
            return self._lost(worker, "WorkerDied", _epitaph(worker, value), True)
        job, worker.job, worker.done = worker.job, None, worker.done + 1
        if value.status == "failed" and worker.attempt <= self.limits.retries:
            self.again.append((job, worker.attempt + 1))
            value = None
        if worker.done >= _REPORTS_PER_WORKER:
            self.workers.remove(worker)
            worker.end(_FAREWELL_SECONDS)
        return value

    def _lost(self, worker: _Worker, name: str, message: str, again: bool) -> Result | None:
        """Bury a worker; its report is tried once more, or has failed."""
        self.workers.remove(worker)
        worker.end()
        staging.sweep(worker.job.out / worker.job.place)
        if worker.attempt <= max(self.limits.retries, int(again)):
            self.again.append((worker.job, worker.attempt + 1))
            return None
        return _failed(worker.job, name, message, max(0, time.monotonic() - worker.began))

    def _start(self) -> _Worker:
        arguments = (self.run, self.limits, self.scratch, dict(os.environ))
        if self.template:
            try:
                worker = _Worker(self.template.fork(_work, *arguments, asks=True))
            except forked.TemplateError as error:
                self._fall_back(error)
        if not self.template:
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.get_context("spawn").Process(
                target=_work, args=(theirs, *arguments)
            )
            process.start()
            theirs.close()
            worker = _Worker(ours, process)
        self.workers.append(worker)
        return worker

    def _fall_back(self, error: forked.TemplateError) -> None:
        _log.warning("kernels start one by one, which takes longer: %s", error)
        if self.template:
            self.template.close()
        self.template = None


def _work(
    channel: Connection,
    run: Run,
    limits: Limits,
    scratch: Path,
    env: Mapping[str, str],
    line: Connection | None = None,
) -> None:
    """Be a worker: run the jobs that come along the channel, until none does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent tells when to stop
    if line:
        os.environ.clear()
        os.environ.update(env)
        forked.inherit(line)
    else:
        threading.Thread(target=_follow, daemon=True).start()
    tempfile.tempdir = str(scratch)
    import papermill.engines  # noqa: F401  so that it counts to no report's time

    kernels.configure(limits, forks=bool(line), keeps_ahead=not line)
    with suppress(EOFError, BrokenPipeError):
        while job := channel.recv():
            channel.send(("begun", None))
            channel.send(("done", _attempt(run, job)))
    kernels.discard()


def _follow() -> None:
    """End with the process that started this one; the kernel notices by itself."""
    multiprocessing.parent_process().join()
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


def _epitaph(worker: _Worker, code: int | None) -> str:
    if worker.process:
        worker.process.join(_FAREWELL_SECONDS)
        code = worker.process.exitcode
    if code == -signal.SIGKILL:
        return "its worker was ended by SIGKILL, as the system does when memory runs out"
    return (
        f"its worker was ended by {signal.Signals(-code).name}"
        if (code or 0) < 0
        else (f"its worker ended with status {code}")
    )


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
