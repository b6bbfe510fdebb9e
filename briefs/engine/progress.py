"""Watching a build: a bar on a terminal, a line for each report elsewhere, and where the time went."""

import sys
import time
from collections.abc import Iterable, Mapping
from typing import Any

from briefs.engine.plan import Result

_FEW = 24  # so many reports may each have a line on a terminal


class Progress:
    """Says on stderr what becomes of `total` reports; call it with each result."""

    def __init__(self, total: int):
        self.total, self.done, self.failed, self.fresh = total, 0, 0, 0
        self._bar: Any = None
        self._start = time.perf_counter()

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, result: Result) -> None:
        self.done += 1
        self.failed += result.status == "failed"
        self.fresh += result.status == "fresh"
        if result.status != "fresh":
            outcome = (
                f"failed: {result.error['text']}"
                if result.error
                else f"built in {result.seconds:.1f} s"
            )
            self._say(f"[{self.done}/{self.total}] {result.place}: {outcome}", result)

    def started(self) -> None:
        """Show the bar: there is something to build."""
        if sys.stderr.isatty() and not self._bar:
            self._bar = _bar(self)

    def summary(self) -> str:
        """Say in one line what became of all."""
        built = self.done - self.failed - self.fresh
        return (
            f"built {built}; fresh {self.fresh}; failed {self.failed} "
            f"({time.perf_counter() - self._start:.1f} s)"
        )

    def _say(self, line: str, result: Result) -> None:
        if not self._bar:
            print(line, file=sys.stderr, flush=True)
            return
        if result.error or self.total <= _FEW:
            self._bar.console.print(line, markup=False, highlight=False)
        self._bar.update(self._bar.task_ids[0], completed=self.done, failed=self.failed)


def _bar(progress: Progress) -> Any:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress as Bar,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        def render(self, task: Any) -> Text:
            return Text(f"{task.speed:.2f} a second" if task.speed else "")

    bar = Bar(
        TextColumn("reports"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[failed]} failed"),
        Rate(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    bar.add_task("reports", total=progress.total, completed=progress.done, failed=progress.failed)
    bar.start()
    return bar


def profile(entries: Iterable[Mapping[str, Any]], seconds: float, slots: int) -> str:
    """Tabulate the stages of the reports that were built: in all, a report, and their share of the workers' time."""
    made = [entry for entry in entries if entry["status"] != "fresh"]
    stages: dict[str, float] = {}
    for entry in made:
        for name, spent in entry["stages"].items():
            stages[name] = stages.get(name, 0) + spent
    stages["the rest"] = max(0.0, sum(entry["seconds"] for entry in made) - sum(stages.values()))
    whole = sum(stages.values()) or 1
    lines = [f"{'stage':<12}{'seconds':>10}{'a report':>10}{'share':>8}"]
    lines += [
        f"{name:<12}{spent:>10.2f}{spent / max(1, len(made)):>10.3f}{spent / whole:>8.0%}"
        for name, spent in sorted(stages.items(), key=lambda item: -item[1])
    ]
    return "\n".join(
        [
            *lines,
            f"{len(made)} reports in {seconds:.1f} s on {slots} workers, "
            f"busy {whole / max(seconds * slots, 1e-9):.0%} of the time",
        ]
    )
