"""What holds for every kernel, however it starts: its limits, its environment, how it may end."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from briefs.project import TOOL, project

#: Of any environment's Python.
NAME = "python3"
#: File in the folder of each ordinary kernel, by which its process is found when its worker was killed.
PID = "pid"
#: No history is kept.
OPTIONS = ("--HistoryManager.enabled=False",)
START_SECONDS = 60
#: Read only when Python or a library starts, so both kinds of kernel must start with the same. One
#: thread each: reports run side by side, and sums must not depend on the number of cores.
_STARTUP = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYDEVD_USE_FRAME_EVAL": "NO",
}


class KernelDied(RuntimeError):
    """The kernel ended, or never started; the message ends with the last line it wrote."""


class TimedOut(TimeoutError):
    """The notebook as a whole took longer than it may."""


@dataclass(frozen=True)
class Limits:
    """What one report may take; None is as much as it wants.

    The `timeout` is in seconds from the start of its kernel, `memory` the bytes of data that its
    kernel may hold; only Linux can set that.
    """

    timeout: float | None = None
    memory: int | None = None


NO_LIMITS = Limits()


def late(timeout: float | None) -> TimedOut:
    """Return what is to be said of a notebook that took longer."""
    return TimedOut(f"not done after {timeout:g} seconds")


def start_environment() -> dict[str, str]:
    """Environment that a kernel must start with, the project and this very package on its path."""
    paths = [str(project().root), str(TOOL.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**_STARTUP, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


@contextmanager
def own_folder() -> Iterator[str]:
    """Give a kernel a folder of its own, which goes with all that is in it."""
    folder = tempfile.TemporaryDirectory(prefix="kernel-", ignore_cleanup_errors=True)
    try:
        yield folder.name
    finally:
        try:
            folder.cleanup()
        except RecursionError:
            remove(folder.name)


def remove(folder: str | Path) -> None:
    """Remove a folder as far as that can be done, also one so deep that Python doesn't reach its ground."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:
        subprocess.run(["rm", "-rf", "--", folder], stderr=subprocess.DEVNULL)


def last_line(runtime: Path) -> str:
    """Return the last line that a kernel wrote to its log in its folder, behind a colon."""
    for path in runtime.glob("*.log"):
        if lines := path.read_text("utf-8", "replace").strip().splitlines():
            return f": {lines[-1]}"
    return ""
