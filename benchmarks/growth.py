"""What a build costs when nothing, or little, changed; and how time and memory grow with the number of reports.

    python benchmarks/growth.py                  the tables in README.md; ten thousand reports take a while
    python benchmarks/growth.py --reports 100    shorter ones
    python benchmarks/growth.py --parts dask     only some; four workers, of which one is killed

What changes are edits of a copy of this project; the many reports are those of one that ``briefs new`` makes.
"""

import argparse
import datetime as dt
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
_PARTS = ("analysis", "briefs", "data", "notebooks", "pyproject.toml", "requirements.lock")
_REPEATS = 5
_WORKERS = 4
_MANY = ("--matrix", "many.csv", "--out", "many", "--formats", "html", "--no-cache")


@dataclass
class Project:
    """A project below a scratch folder, built by the command of the checkout in `tool`."""

    root: Path
    tool: Path
    scratch: Path = field(init=False)

    def __post_init__(self):
        self.scratch = self.root.parent / "tmp"
        self.scratch.mkdir(exist_ok=True)

    @classmethod
    def copy(cls, folder: Path) -> "Project":
        """Copy this project, so that it can be edited."""
        root = folder / "copy"
        root.mkdir()
        for name in _PARTS:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, root / name)
        return cls(root, root)

    @classmethod
    def small(cls, folder: Path) -> "Project":
        """Make a project of one claim, one small table and one notebook."""
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "briefs", "new", folder / "small"]
        subprocess.run(command, env=env, check=True, capture_output=True)
        return cls(folder / "small", ROOT)

    @property
    def env(self) -> dict[str, str]:
        path = os.pathsep.join(map(str, (self.tool, self.root)))
        return {**os.environ, "PYTHONPATH": path, "TMPDIR": str(self.scratch)}

    def matrix(self, count: int) -> None:
        """Write parameter sets of the small project's notebook: as of one day after the other."""
        first = dt.date(2025, 1, 1)
        rows = (f"small,n{i},{first + dt.timedelta(i % 395)}\n" for i in range(1, count + 1))
        (self.root / "many.csv").write_text("report,name,as_of\n" + "".join(rows), "utf-8")

    def start(self, *options: str | Path) -> subprocess.Popen:
        """Start ``briefs build``; its JSON comes on stdout, a line for each report on stderr."""
        return subprocess.Popen(
            [sys.executable, "-m", "briefs", "build", "--json", *options],
            cwd=self.root,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def build(self, *options: str | Path) -> tuple[float, dict]:
        """Build; return the seconds that the command took and what it says."""
        start, process = time.perf_counter(), self.start(*options)
        report, errors = process.communicate()
        if process.returncode:
            raise SystemExit(f"error: {errors[-3000:]}")
        return time.perf_counter() - start, json.loads(report)


def little(project: Project) -> list[str]:
    """Time builds of the published site after nothing, words about a table, and a notebook changed."""
    rows = [
        "| what changed since the last build | reports built | fresh | whole command, s |",
        "|---|--:|--:|--:|",
    ]

    def row(what: str, seconds: float, counts: dict[str, int]) -> None:
        rows.append(
            f"| {what} | {counts.get('built', 0)} | {counts.get('fresh', 0)} | {seconds:.2f} |"
        )
        print(rows[-1], file=sys.stderr)

    seconds, report = project.build()
    row("all: there was none", seconds, report["counts"])
    again = [project.build() for _ in range(_REPEATS)]
    row(
        f"nothing (median of {_REPEATS})",
        statistics.median(s for s, _ in again),
        again[-1][1]["counts"],
    )
    package = project.root / "data" / "datapackage.json"
    title = "Malaysia: data centres, chips, adoption"
    package.write_text(package.read_text("utf-8").replace(title, f"{title} of AI"), "utf-8")
    seconds, report = project.build()
    row("what `datapackage.json` says of `malaysia.csv`", seconds, report["counts"])
    notebook = project.root / "notebooks" / "regulatory-outlook.ipynb"
    content = json.loads(notebook.read_text("utf-8"))
    next(cell for cell in content["cells"] if cell["cell_type"] == "code")["metadata"]["edited"] = (
        True
    )
    notebook.write_text(json.dumps(content, indent=1), "utf-8")
    seconds, report = project.build()
    row(f"`{notebook.name}`", seconds, report["counts"])
    return rows


@dataclass
class Watch:
    """What was seen of a build: at each report the time, and the memory of the command and of its children."""

    seconds: list[float] = field(default_factory=list)
    parent: list[float] = field(default_factory=list)
    largest: float = 0
    processes: int = 0
    seen: set[psutil.Process] = field(default_factory=set)


def many(
    project: Project, count: int, *more: str, halfway: Callable[[], None] = lambda: None
) -> tuple[list[str], Watch]:
    """Build `count` reports and watch; call `halfway` when half of them are there."""
    start, process, watch = time.perf_counter(), project.start(*_MANY, *more), Watch()
    said: list[str] = []
    reader = threading.Thread(target=lambda: said.append(process.stdout.read()))
    observed, stop = psutil.Process(process.pid), threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, watch, stop))
    for thread in (reader, sampler):
        thread.start()
    for line in process.stderr:
        if line.startswith("["):
            watch.seconds.append(time.perf_counter() - start)
            watch.parent.append(observed.memory_info().rss / 2**20)
            if len(watch.seconds) == count // 2:
                halfway()
            if len(watch.seconds) % 100 == 0:
                print(line.strip(), f"{watch.seconds[-1]:.0f} s", file=sys.stderr, flush=True)
    process.wait()
    took = time.perf_counter() - start
    stop.set()
    for thread in (reader, sampler):
        thread.join()
    found = json.loads(said[0])
    if found["counts"] != {"built": count}:
        faults = [report["error"] for report in found["reports"] if report["error"]]
        raise SystemExit(f"error: {found['counts']}: {faults[:1]}")
    lines = [
        *_quarters(watch),
        "",
        f"All were built, in {took:.0f} s. Each further report adds {_slope(watch.parent) * 1024:.1f} kB to the",
        f"command's memory; the largest of at most {watch.processes} other processes had {watch.largest:.0f} MB.",
    ]
    return lines, watch


def left(project: Project, watch: Watch) -> str:
    """Say what is there yet of all that was seen, when everything has ended."""
    _, alive = psutil.wait_procs(watch.seen, timeout=2)  # what was killed may not be buried yet
    kinds = Counter(
        path.relative_to(project.scratch).parts[0].rpartition("-")[0]
        for path in project.scratch.rglob("*")
    )
    files = ", ".join(f"{count} of {kind}" for kind, count in kinds.items()) or "no temporary files"
    return f"Afterwards {len(alive)} processes were left, and {files}."


@contextmanager
def scheduler(project: Project) -> Iterator[tuple[str, Callable[[], None]]]:
    """Start a scheduler of Dask with its workers, on this machine; give its address, and what kills a worker."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"

    def start(*words: str) -> subprocess.Popen:
        command = [sys.executable, "-m", f"distributed.cli.dask_{words[0]}", *words[1:]]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, env=project.env, cwd=project.root, **quiet)

    one = ("worker", address, "--nthreads", "1", "--no-dashboard")
    started = [start("scheduler", "--host", address, "--no-dashboard", "--no-show")]
    started += [start(*one) for _ in range(_WORKERS)]

    def kill() -> None:
        below = psutil.Process(started[1].pid).children()  # the command's own is the nanny
        max(below, key=lambda process: process.memory_info().rss).kill()

    try:
        yield address, kill
    finally:
        for process in reversed(started):
            process.terminate()
            process.wait()


def _sample(command: int, watch: Watch, stop: threading.Event) -> None:
    """Note twice a second what else has been started from here, and the largest one's own memory."""
    while not stop.wait(0.5):
        started = [one for one in psutil.Process().children(recursive=True) if one.pid != command]
        watch.processes = max(watch.processes, len(started))
        watch.seen.update(started)
        for process in started:
            with suppress(psutil.NoSuchProcess):
                watch.largest = max(watch.largest, process.memory_info().rss / 2**20)


def _quarters(watch: Watch) -> list[str]:
    rows = ["| reports | s a report | memory of the command, MB |", "|---|--:|--:|"]
    quarter = len(watch.seconds) // 4
    for first in range(0, quarter * 4, quarter):
        last = first + quarter - 1
        took = watch.seconds[last] - (watch.seconds[first - 1] if first else watch.seconds[0])
        rows.append(
            f"| {first + 1} to {last + 1} | {took / (quarter - (not first)):.3f} | {watch.parent[last]:.1f} |"
        )
    return rows


def _slope(values: list[float]) -> float:
    """MB that a report adds, from the second tenth on: the first fills what is filled once."""
    start = len(values) // 10
    return statistics.linear_regression(range(start, len(values)), values[start:]).slope


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--parts", default="little,many,dask")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        if "little" in asked.parts:
            print("\n".join([*little(Project.copy(Path(folder))), ""]), flush=True)
        small = Project.small(Path(folder))
        small.matrix(asked.reports)
        if "many" in asked.parts:
            lines, watch = many(small, asked.reports)
            print("\n".join([*lines, left(small, watch)]))
            seconds, done = small.build(*_MANY)
            print(f"Again, {done['counts'].get('fresh', 0)} fresh: {seconds:.2f} s.\n", flush=True)
        if "dask" in asked.parts:
            shutil.rmtree(small.root / "many", ignore_errors=True)
            with scheduler(small) as (address, kill):
                way = "--scheduler", address
                lines, watch = many(small, asked.reports, *way, halfway=kill)
            print("\n".join([*lines, left(small, watch)]))


if __name__ == "__main__":
    main()
