"""Notebooks that run in a fork of the warm process instead of starting Python, with everything imported.

They run the code as it was when that process started. Where none can be had (only Linux forks
safely, and only a process without threads), `WarmProcessError` says why.
"""

import os
import subprocess
import sys
import tempfile
import time
from functools import lru_cache
from multiprocessing import Pipe, reduction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefs.engine.kernels.warm import become_kernel
from briefs.project import TOOL, project

if TYPE_CHECKING:
    from nbformat import NotebookNode

#: Read only when Python or a library starts, so both kinds of kernel must start with the same. One
#: thread each: reports run side by side, and sums must not depend on the number of cores.
STARTUP = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYDEVD_USE_FRAME_EVAL": "NO",
}
# `python -c` puts the working folder first on the path; nothing may be imported from there.
_MAIN = "import sys; del sys.path[0]; from briefs.engine.kernels.warm import main; main()"
_START_SECONDS = 60


class WarmProcessError(RuntimeError):
    """There is no warm process to fork from; the message says why."""


def start_environment() -> dict[str, str]:
    """Environment that a kernel must start with, the project and this very package on its path."""
    paths = [str(project().root), str(TOOL.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**STARTUP, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


class Client:
    """Asks a warm process for forks of itself."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def fork(self, function: Any, *arguments: Any, asks: bool = False) -> Connection:
        """Have a child call ``function(its_end, *arguments)``; it lives while the connection returned is open.

        With `asks` the child may fork in turn: one more argument is its own connection to the warm
        process.
        """
        ours, theirs = Pipe()
        try:
            with theirs:
                self.connection.send((function, arguments, asks))
                reduction.send_handle(self.connection, theirs.fileno(), None)
        except OSError as error:
            raise WarmProcessError(f"the warm process has ended ({error.strerror})") from error
        return ours


class WarmProcess(Client):
    """Starts a warm process, and ends it with all its children on `close`; it imports meanwhile."""

    def __init__(self, notebooks: Path | None = None) -> None:
        if not sys.platform.startswith("linux") or not hasattr(os, "pidfd_open"):
            raise WarmProcessError("only Linux forks safely")
        ours, theirs = Pipe()
        super().__init__(ours)
        self._unfit: str | None = None
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, str(notebooks or project().notebooks)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **start_environment()},
            )

    def fork(self, function: Any, *arguments: Any, asks: bool = False) -> Connection:
        """Wait until it is warm, then fork.

        Raises
        ------
        WarmProcessError
            When it isn't fit to be forked, or has ended.
        """
        if self._unfit is None:
            self._unfit = self._wait()
            if self._unfit:
                self.close()
        if self._unfit:
            raise WarmProcessError(self._unfit)
        return super().fork(function, *arguments, asks=asks)

    def _wait(self) -> str:
        """Return why it can't be forked; empty once it can."""
        try:
            if not self.connection.poll(_START_SECONDS):
                return "the warm process takes too long to start"
            return str(self.connection.recv())
        except (EOFError, OSError):
            return "the warm process did not start"

    def close(self) -> None:
        """End the process and all its children."""
        self.connection.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def execute(nb: "NotebookNode", folder: Path, timeout: float | None, memory: int | None) -> None:
    """Run all cells of a notebook in a process of its own that forks from the warm one.

    It works in `folder`, and ends after the last cell or one that fails; what came of the cells is
    in them also when an exception comes out of here.

    Parameters
    ----------
    timeout : float, optional
        Seconds that it may take.
    memory : int, optional
        Bytes of data that it may hold.

    Raises
    ------
    WarmProcessError
        When there is nothing to fork from; no cell has run.
    TimeoutError
    ProcessLookupError
        When it ended before its time; the message ends with the last line it wrote.
    """
    from briefs.engine.kernels.outputs import Outputs  # late: it brings nbclient

    end = time.monotonic() + (timeout or float("inf"))
    cells = [
        (index, cell.id, cell.source, "raises-exception" in cell.metadata.get("tags", ()))
        for index, cell in enumerate(nb.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]
    with tempfile.TemporaryDirectory(prefix="kernel-", ignore_cleanup_errors=True) as runtime:
        environment = {**os.environ, **start_environment()}
        child = warm_process().fork(become_kernel, cells, str(folder), runtime, environment, memory)
        with child:
            outputs, left = Outputs(nb), len(cells)
            while left:
                if not child.poll(max(0.01, end - time.monotonic()) if timeout else None):
                    raise TimeoutError(f"not done after {timeout:g} seconds")
                message = _receive(child)
                if message[0] == "exit":
                    raise ProcessLookupError(f"Kernel died{last_line(Path(runtime))}")
                became = outputs.take(*message)
                left = 0 if became == "failed" else left - (became == "done")
    outputs.set_widgets_metadata()


def _receive(child: Connection) -> tuple[Any, ...]:
    try:
        return tuple(child.recv())
    except (EOFError, OSError):  # the warm process ended, and took it along
        return ("exit",)


def last_line(runtime: Path) -> str:
    """Return the last line that a kernel wrote to its log in its folder, behind a colon."""
    for path in runtime.glob("*.log"):
        if lines := path.read_text("utf-8", "replace").strip().splitlines():
            return f": {lines[-1]}"
    return ""


_inherited: Client | None = None


def inherit(connection: Connection) -> None:
    """Use the warm process that this one was itself forked from."""
    global _inherited
    _inherited = Client(connection)


def warm_process() -> Client:
    """Return the warm process that this one forks from, started at the first call."""
    return _inherited or _own()


@lru_cache
def _own() -> WarmProcess:
    return WarmProcess()
