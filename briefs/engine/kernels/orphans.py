"""What a notebook started and left running ends with it, also where it left its session or its parent.

Linux gives an orphan to the next process above it that asks for that (a *subreaper*). Each kernel
asks, so while it lives all that it started stays below it; when it has ended, that comes to the
process that looks after it, which knows its own children and ends all others. Elsewhere only what
stays in the kernel's process group ends with it.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_ROUNDS = 100  # against what forks while it is ended


def adopt(orphans: bool = True) -> bool:
    """Have orphans among all that this process starts come to it, or no more; False where none can."""
    if not sys.platform.startswith("linux"):
        return False
    return not ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(orphans), 0, 0, 0)


def children() -> set[int]:
    """Return the processes whose parent is this one."""
    own, found = str(os.getpid()), set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it ended meanwhile
            # the name of the program, in brackets, may hold anything
            if path.read_text(errors="replace").rpartition(")")[2].split()[1] == own:
                found.add(int(path.parent.name))
    return found


def end(known: Collection[int]) -> None:
    """End every child but those `known`, and what comes to this process when they end."""
    for _ in range(_ROUNDS):
        if not (left := children().difference(known)):
            return
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        for pid in left:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


@contextmanager
def adopting() -> Iterator[None]:
    """Have whatever starts in here, in whatever way, end with it."""
    if not adopt():
        yield
        return
    before = children()
    try:
        yield
    finally:
        end(before)
        adopt(False)
