"""Watching a build: a bar on a terminal, a line for each report, and where the time went."""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from briefs.engine.plan import Result


class Progress:
    """Says on stderr what becomes of `total` reports; call it with each result."""

    def __init__(self, total: int):
        self.total = total
        self._counts: Counter[str] = Counter()
        self._bar: Any = None
        self._start = time.perf_counter()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    @property
    def done(self) -> int:
        return self._counts.total()

    @property
    def failed(self) -> int:
        return self._counts["failed"]

    def __call__(self, result: Result) -> None:
        self._counts[result.status] += 1
        if result.status == "fresh":
            return
        what = (
            f"failed: {result.error['text']}"
            if result.error
            else f"built in {result.seconds:.1f} s"
        )
        line = f"[{self.done}/{self.total}] {result.place}: {what}"
        if self._bar:
            self._bar.console.print(line, markup=False, highlight=False)
            self._bar.update(self._bar.task_ids[0], completed=self.done, failed=self.failed)
        else:
            print(line, file=sys.stderr, flush=True)

    def started(self) -> None:
        """Show the bar: there is something to build."""
        if not sys.stderr.isatty():
            return
        from rich import progress
        from rich.console import Console

        self._bar = progress.Progress(
            progress.TextColumn("reports"),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TextColumn("{task.fields[failed]} failed"),
            progress.TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._bar.add_task("reports", total=self.total, completed=self.done, failed=self.failed)
        self._bar.start()

    def summary(self) -> str:
        numbers = "; ".join(f"{name} {self._counts[name]}" for name in ("built", "fresh", "failed"))
        return f"{numbers} ({time.perf_counter() - self._start:.1f} s)"


def profile(entries: Iterable[Mapping[str, Any]], seconds: float, slots: int) -> str:
    """Tabulate the stages of the reports that were built: in all, a report, and their share of the workers' time."""
    made = [entry for entry in entries if entry["status"] != "fresh"]
    stages: Counter[str] = Counter()
    for entry in made:
        stages.update(entry["stages"])
    whole = sum(entry["seconds"] for entry in made)
    stages["the rest"] = max(0.0, whole - stages.total())
    whole = stages.total() or 1
    lines = [f"{'stage':<12}{'seconds':>10}{'a report':>10}{'share':>8}"]
    for name, spent in stages.most_common():
        lines.append(
            f"{name:<12}{spent:>10.2f}{spent / max(1, len(made)):>10.3f}{spent / whole:>8.0%}"
        )
    busy = whole / max(seconds * slots, 1e-9)
    lines.append(
        f"{len(made)} reports in {seconds:.1f} s on {slots} workers, busy {busy:.0%} of the time"
    )
    return "\n".join(lines)
