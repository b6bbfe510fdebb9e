"""What a command costs: seconds by the clock, and of processors, those of all that it started among them.

Threads of numerical libraries are held to one for everything that is compared. Nothing is told of
a machine on which others were at work meanwhile.
"""

import ctypes
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

PINNED = {
    f"{name}_NUM_THREADS": "1"
    for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "RAYON", "POLARS_MAX", "VECLIB_MAXIMUM")
}
#: Share of all processors that others may take while something is timed.
MOST = 0.05
#: Repeats that a table needs.
LEAST = 5
_PR_SET_CHILD_SUBREAPER = 36
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Seconds of a command; ``others`` is the share of all processors that the rest of the machine took."""

    wall: float
    processor: float
    others: float


def of(command: Sequence[str | Path], env: Mapping[str, str], cwd: Path) -> tuple[Cost, str]:
    """Run a command and return what it cost and printed; it must succeed."""
    if sys.platform != "linux":
        raise SystemExit("error: only Linux tells what a machine did meanwhile")
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # orphans count, too
    own, all_ = _own(), _all()
    start = time.perf_counter()
    done = subprocess.run(command, env={**env, **PINNED}, cwd=cwd, capture_output=True, text=True)
    wall = time.perf_counter() - start
    _reap()
    processor, busy = _own() - own, _all() - all_
    if done.returncode:
        raise SystemExit(f"error: {' '.join(map(str, command))}: {done.stderr[-3000:]}")
    spent = (time.perf_counter() - start) * (os.cpu_count() or 1)
    return Cost(wall, processor, max(0, busy - processor) / spent), done.stdout


def _reap(seconds: float = 10) -> None:
    """Wait for what a command left running, as its time counts only then."""
    end = time.monotonic() + seconds
    with suppress(ChildProcessError):
        while time.monotonic() < end:
            if os.waitpid(-1, os.WNOHANG)[0] == 0:
                time.sleep(0.05)


def _own() -> float:
    """Processor seconds of this process and of all that it has waited for."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _all() -> float:
    """Seconds that the processors of this machine weren't idle, or were taken from it."""
    parts = list(map(int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]))
    return (sum(parts) - parts[3] - parts[4]) / _TICKS


def reasons(costs: Sequence[Cost], repeats: int) -> list[str]:
    """Say why no table can be made of these."""
    worst = max(cost.others for cost in costs)
    found = [f"{repeats} repeats, where {LEAST} are needed"] if repeats < LEAST else []
    if worst > MOST:
        found.append(f"others took up to {worst:.0%} of the processors, where {MOST:.0%} may be")
    return found


def spread(values: Sequence[float], digits: int = 2) -> str:
    """Write the median of some values, with the lowest and highest behind it."""
    middle, *ends = (
        f"{v:.{digits}f}" for v in (statistics.median(values), min(values), max(values))
    )
    return f"{middle} ({' to '.join(ends)})"
