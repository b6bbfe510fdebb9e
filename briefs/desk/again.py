"""``briefs build`` again and again, as often as something changes: from a warm process where that does.

The process in waiting holds the code, the evidence and the translations as they were when it
started. So it serves changes of notebooks alone; after any other a build starts from nothing, as
the command does, and then another process waits that knows what was changed.
"""

import os
import runpy
import subprocess
import sys
from collections.abc import Collection, Sequence
from contextlib import redirect_stderr
from io import TextIOBase
from multiprocessing.connection import Connection
from pathlib import Path

from briefs.engine.drawing import settle_drawing
from briefs.engine.kernels.forked import WarmProcess, WarmProcessError, inherit
from briefs.project import TOOL


class Builder:
    """Runs ``briefs build`` with some arguments into a folder, in a process of its own each time.

    So a change of the code counts as well, and a build that fails takes nothing down.
    """

    def __init__(self, out: Path, arguments: Sequence[str]):
        self._words = ["build", *arguments, "--out", str(out.resolve())]
        self._warm: WarmProcess | None = None

    def __call__(self, changed: Collection[str]) -> str:
        """Build after these files changed; return what went wrong, or nothing."""
        if self._warm and changed and all(name.endswith(".ipynb") for name in changed):
            try:
                return _fault(*self._forked(self._warm))
            except WarmProcessError:
                pass  # what the notebooks import may not be fit for that, or be broken just now
        self.close()
        found = _fault(*self._started())
        settle_drawing()  # before matplotlib is imported there
        self._warm = WarmProcess()
        return found

    def close(self) -> None:
        """End the process in waiting."""
        if self._warm:
            self._warm.close()
            self._warm = None

    def _started(self) -> tuple[str, int]:
        """Run the command as a shell would; return what it said, and its status."""
        # this very package, whatever folder the reader stands in
        words = [sys.executable, "-P", "-m", "briefs", *self._words]
        paths = filter(None, (str(TOOL.parent), os.environ.get("PYTHONPATH")))
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        done = subprocess.run(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env
        )
        sys.stderr.write(done.stderr)
        return done.stderr, done.returncode

    def _forked(self, warm: WarmProcess) -> tuple[str, int]:
        """Run the command in a fork of the process in waiting; return what it said, and its status."""
        text = ""
        with warm.fork(_command, self._words, asks=True) as child:
            while True:
                try:
                    what, value = child.recv()
                except (EOFError, OSError):
                    what, value = "exit", 1
                if what == "exit":
                    return text, value
                sys.stderr.write(value)
                text += value


class _Sent(TextIOBase):
    """Standard error that goes along a connection."""

    def __init__(self, connection: Connection):
        self._connection = connection

    def write(self, text: str) -> int:
        if not isinstance(text, str):  # else typer takes this for a stream of bytes
            raise TypeError(f"write() takes str, not {type(text).__name__}")
        self._connection.send(("said", text))
        return len(text)


def _command(connection: Connection, words: list[str], warm: Connection) -> None:
    """Be the command, in a fork; its workers and kernels fork from the same warm process."""
    inherit(warm)
    sys.argv = ["briefs", *words]
    with redirect_stderr(_Sent(connection)):
        runpy.run_module("briefs", run_name="__main__")


def _fault(text: str, status: int) -> str:
    """Return what to tell of a build that ended so; nothing if all is well."""
    if status == 0:
        return ""
    faults = [
        line for line in text.splitlines() if ": failed: " in line or line.startswith("error: ")
    ]
    return "\n".join(faults) or f"the build ended with {status}"
