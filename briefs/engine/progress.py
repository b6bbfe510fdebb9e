"""Watching a build: a line on stderr for each report that was made, and the sum at the end."""

import sys
import time
from collections import Counter

from briefs.characters import visible
from briefs.engine.plan import Result


class Progress:
    """Says what becomes of `total` reports; call it with each result."""

    def __init__(self, total: int):
        self.total = total
        self._counts: Counter[str] = Counter()
        self._start = time.perf_counter()

    @property
    def done(self) -> int:
        return self._counts.total()

    @property
    def built(self) -> int:
        return self._counts["built"]

    @property
    def failed(self) -> int:
        return self._counts["failed"]

    def __call__(self, result: Result) -> None:
        self._counts[result.status] += 1
        if result.status != "fresh":
            fault = f"failed: {result.error['text']}" if result.error else ""
            what = fault or f"built in {result.seconds:.1f} s"
            line = f"[{self.done}/{self.total}] {result.place}: {what}"
            print(visible(line), file=sys.stderr, flush=True)

    def summary(self) -> str:
        numbers = "; ".join(f"{name} {self._counts[name]}" for name in ("built", "fresh", "failed"))
        return f"{numbers} ({time.perf_counter() - self._start:.1f} s)"
