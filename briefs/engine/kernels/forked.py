"""Notebooks that run in a fork of the warm process instead of starting Python, with everything imported.

They run the code as it was when that process started. Where none can be had (only Linux forks
safely, and only a process without threads), `WarmProcessError` says why.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Pipe, reduction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefs.engine.kernels import common
from briefs.engine.kernels.common import KernelDied, Limits, late
from briefs.engine.kernels.warm import become_kernel
from briefs.project import project

if TYPE_CHECKING:
    from nbformat import NotebookNode

_ANSWER_SECONDS = 30
_END_SECONDS = 5
# `python -c` puts the working folder first on the path; nothing may be imported from there.
_MAIN = "import sys; del sys.path[0]; from briefs.engine.kernels.warm import main; main()"


class WarmProcessError(RuntimeError):
    """There is no warm process to fork from; the message says why."""


class Client:
    """Asks a warm process for forks of itself."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def close(self) -> None:
        """Ask no more."""
        self.connection.close()

    def fork(self, function: Any, *arguments: Any, asks: bool = False) -> Connection:
        """Have a child call ``function(its_end, *arguments)``; it lives while the connection returned is open.

        With `asks` the child may fork in turn: one more argument is its own connection to the warm
        process. Raises `WarmProcessError` where the warm process has ended or doesn't answer, as when
        something stopped it, and from then on at once.
        """
        ours, theirs = Pipe()
        try:
            with theirs:
                self.connection.send((function, arguments, asks))
                reduction.send_handle(self.connection, theirs.fileno(), None)
            if ours.poll(_ANSWER_SECONDS):
                ours.recv()
                return ours
        except (EOFError, OSError) as error:
            ours.close()
            raise WarmProcessError("the warm process has ended") from error
        ours.close()
        self.connection.close()
        raise WarmProcessError(f"the warm process hasn't answered for {_ANSWER_SECONDS} seconds")


class WarmProcess(Client):
    """Starts a warm process, which imports meanwhile; `close` ends it with all its children.

    It imports what all notebooks of a folder need and what makes a report of them, or only what
    one notebook needs, where `notebooks` is a file.
    """

    def __init__(self, notebooks: Path | None = None) -> None:
        ours, theirs = Pipe()
        super().__init__(ours)
        self._process: subprocess.Popen[bytes] | None = None
        self._unfit: str | None = None  # why it can't be forked, once that is known
        if not sys.platform.startswith("linux") or not hasattr(os, "pidfd_open"):
            self._unfit = "only Linux forks safely"
            return
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, str(notebooks or project().notebooks)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **common.start_environment()},
            )

    def fork(self, function: Any, *arguments: Any, asks: bool = False) -> Connection:
        """Wait until it is warm, then fork; raise `WarmProcessError` where it isn't fit for that."""
        if self._unfit is None:
            self._unfit = self._wait()
        if self._unfit:
            self.close()
            raise WarmProcessError(self._unfit)
        return super().fork(function, *arguments, asks=asks)

    def _wait(self) -> str:
        """Return why it can't be forked; empty once it can."""
        try:
            if not self.connection.poll(common.START_SECONDS):
                return "the warm process takes too long to start"
            return str(self.connection.recv())
        except (EOFError, OSError):
            return "the warm process did not start"

    def close(self) -> None:
        """End the process and all its children."""
        self.connection.close()
        if self._process:
            try:
                self._process.wait(_END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()


_warm: Client | None = None


def inherited() -> Client | None:
    """Return the warm process that this one was itself forked from, or has."""
    return _warm


def inherit(connection: Connection) -> None:
    """Use the warm process that this one was itself forked from."""
    global _warm
    _warm = Client(connection)


def warm_process() -> Client:
    """Return the warm process that this one forks from, started at the first call."""
    global _warm
    _warm = _warm or WarmProcess()
    return _warm


@contextmanager
def warming(notebook: Path) -> Iterator[None]:
    """Have a process import meanwhile what one notebook needs, where there is none to fork from yet."""
    global _warm
    before = _warm
    _warm = made = before or WarmProcess(notebook)
    try:
        yield
    finally:
        _warm = before
        if made is not before:
            made.close()


def execute(nb: "NotebookNode", folder: Path, limits: Limits) -> None:
    """Run all cells of a notebook in a process of its own that forks from the warm one.

    It ends after the last cell or one that fails; see `kernels.execute`. Where there is nothing
    to fork from `WarmProcessError` says so, and no cell has run.
    """
    from briefs.engine.kernels.outputs import Outputs  # late: it brings nbclient

    end = time.monotonic() + (limits.timeout or float("inf"))
    cells = [
        (index, cell.id, cell.source, "raises-exception" in cell.metadata.get("tags", ()))
        for index, cell in enumerate(nb.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]
    with common.own_folder() as runtime:
        environment = {**os.environ, **common.start_environment()}
        child = warm_process().fork(
            become_kernel, cells, str(folder), runtime, environment, limits.memory
        )
        with child:
            outputs, left = Outputs(nb), len(cells)
            while left:
                if not child.poll(max(0.01, end - time.monotonic()) if limits.timeout else None):
                    raise late(limits.timeout)
                try:
                    what, *message = child.recv()
                except (EOFError, OSError):  # the warm process ended, and took it along
                    what = "exit"
                if what == "exit":
                    raise KernelDied(f"Kernel died{common.last_line(Path(runtime))}")
                became = outputs.take(what, *message)
                left = 0 if became == "failed" else left - (became == "done")
    outputs.set_widgets_metadata()
