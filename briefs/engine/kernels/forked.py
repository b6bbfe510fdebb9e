"""Notebooks that run in a fork of a template instead of starting Python, with everything imported.

They run the code as it was when the template started. Where none can be had (only Linux forks
safely, and only a process without threads), `TemplateError` says why.
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
_MAIN = "from briefs.engine.kernels.warm import main; main()"
_START_SECONDS = 60


class TemplateError(RuntimeError):
    """There is no template to fork from; the message says why."""


def settled() -> dict[str, str]:
    """Environment that a kernel must start with, the project and this very package on its path."""
    paths = [str(project().root), str(TOOL.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**STARTUP, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


class Client:
    """A line to a template."""

    def __init__(self, line: Connection) -> None:
        self.line = line

    def fork(self, function: Any, *arguments: Any, asks: bool = False) -> Connection:
        """Have a child call ``function(lease, *arguments)``; it lives while the lease returned is held.

        With `asks` it gets a line of its own to the template as one more argument.
        """
        ours, theirs = Pipe()
        try:
            with theirs:
                self.line.send((function, arguments, asks))
                reduction.send_handle(self.line, theirs.fileno(), None)
        except OSError as error:
            raise TemplateError(f"the template has ended ({error.strerror})") from error
        return ours


class Template(Client):
    """Start a template, and end it with all its children on `close`; it warms up meanwhile."""

    def __init__(self, notebooks: Path | None = None) -> None:
        if not sys.platform.startswith("linux") or not hasattr(os, "pidfd_open"):
            raise TemplateError("only Linux forks safely")
        ours, theirs = Pipe()
        super().__init__(ours)
        self._unfit: str | None = None
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, str(notebooks or project().notebooks)],
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                start_new_session=True,
                env={**os.environ, **settled()},
            )

    def fork(self, function: Any, *arguments: Any, asks: bool = False) -> Connection:
        """Wait until it is warm, then fork.

        Raises
        ------
        TemplateError
            When it isn't fit to be forked, or has ended.
        """
        if self._unfit is None:
            try:
                self._unfit = (
                    self.line.recv()
                    if self.line.poll(_START_SECONDS)
                    else "the template takes too long"
                )
            except (EOFError, OSError):
                self._unfit = "the template did not start"
            if self._unfit:
                self.close()
        if self._unfit:
            raise TemplateError(self._unfit)
        return super().fork(function, *arguments, asks=asks)

    def close(self) -> None:
        """End the template and all its children."""
        self.line.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def execute(nb: "NotebookNode", folder: Path, timeout: float | None, memory: int | None) -> None:
    """Run all cells of a notebook in a process of its own that forks from the template.

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
    TemplateError
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
        lease = template().fork(
            become_kernel, cells, str(folder), runtime, {**os.environ, **settled()}, memory
        )
        with lease:
            outputs, left = Outputs(nb), len(cells)
            while left:
                if not lease.poll(None if not timeout else max(0.01, end - time.monotonic())):
                    raise TimeoutError(f"not done after {timeout:g} seconds")
                try:
                    what, *said = lease.recv()
                except (EOFError, OSError):  # the template went, and took it along
                    what = "exit"
                if what == "exit":
                    raise ProcessLookupError(f"Kernel died{last_words(Path(runtime))}")
                became = outputs.take(what, *said)
                left = 0 if became == "failed" else left - (became == "done")
    outputs.set_widgets_metadata()


def last_words(runtime: Path) -> str:
    """Return the last line that a kernel wrote to its log in its folder, behind a colon."""
    for path in runtime.glob("*.log"):
        if lines := path.read_text("utf-8", "replace").strip().splitlines():
            return f": {lines[-1]}"
    return ""


_inherited: Client | None = None


def inherit(line: Connection) -> None:
    """Use the template that this process was itself forked from."""
    global _inherited
    _inherited = Client(line)


def template() -> Client:
    """Return the template of this process, started at the first call."""
    return _inherited or _own()


@lru_cache
def _own() -> Template:
    return Template()
