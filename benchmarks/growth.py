"""What a build costs when nothing, or little, changed; and how time and memory grow with the number of reports.

    python benchmarks/growth.py                  both tables in README.md; a thousand reports take a while
    python benchmarks/growth.py --reports 100    a shorter one

Works on a copy of the project, in which a table and a notebook are edited.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
_PARTS = ("analysis", "briefs", "data", "notebooks", "pyproject.toml", "requirements.lock")
_REPEATS = 5


@dataclass
class Project:
    """A copy of the project, built by its own command."""

    root: Path
    scratch: Path = field(init=False)

    def __post_init__(self):
        for name in _PARTS:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(
                    source, self.root / name, ignore=shutil.ignore_patterns("__pycache__")
                )
            else:
                shutil.copy(source, self.root / name)
        self.scratch = self.root / "tmp"
        self.scratch.mkdir()

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.root), "TMPDIR": str(self.scratch)}

    def accept(self) -> None:
        """Take the tables as they are now for the evidence."""
        command = [sys.executable, "-m", "briefs", "check", "--accept"]
        subprocess.run(command, cwd=self.root, env=self.env, check=True)

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
    """Time builds of the published site after nothing, a table, and a notebook changed."""
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
    table = project.root / "data" / "market" / "malaysia.csv"
    head, *lines = table.read_text("utf-8").splitlines()
    table.write_text("\n".join([head, *reversed(lines), ""]), "utf-8", newline="\n")
    project.accept()
    seconds, report = project.build()
    row(f"the order of the rows of `{table.name}`", seconds, report["counts"])
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


def many(project: Project, count: int, report: str, formats: str) -> list[str]:
    """Build `count` reports and watch; then build them again, when nothing changed."""
    matrix = project.root / "many.csv"
    matrix.write_text(
        "report,name,seed\n" + "".join(f"{report},n{i},{i}\n" for i in range(1, count + 1)), "utf-8"
    )
    options = [
        "--matrix",
        matrix,
        "--out",
        project.root / "many",
        "--formats",
        formats,
        "--no-cache",
    ]
    start, process, watch = time.perf_counter(), project.start(*options), Watch()
    threading.Thread(target=process.stdout.read, daemon=True).start()
    observed, stop = psutil.Process(process.pid), threading.Event()
    sampler = threading.Thread(target=_sample, args=(observed, watch, stop))
    sampler.start()
    for line in process.stderr:
        if line.startswith("["):
            watch.seconds.append(time.perf_counter() - start)
            watch.parent.append(observed.memory_info().rss / 2**20)
            if len(watch.seconds) % 50 == 0:
                print(
                    line.strip(),
                    f"{watch.seconds[-1]:.0f} s {watch.parent[-1]:.0f} MB",
                    file=sys.stderr,
                )
    process.wait()
    stop.set()
    sampler.join()
    _, left = psutil.wait_procs(watch.seen, timeout=2)  # what was killed may not be buried yet
    files = list(project.scratch.rglob("*"))
    again, done = project.build(*options)
    return [
        *_quarters(watch),
        "",
        f"Each further report adds {_slope(watch.parent) * 1024:.1f} kB to the command's memory; the largest of",
        f"its at most {watch.processes} other processes had {watch.largest:.0f} MB. Afterwards {len(left)} "
        f"processes and {len(files)} temporary files were left.",
        f"Building again, with nothing changed ({done['counts'].get('fresh', 0)} fresh), took {again:.2f} s.",
    ]


def _sample(observed: psutil.Process, watch: Watch, stop: threading.Event) -> None:
    """Note twice a second what processes the command has, and the largest one's own memory."""
    while not stop.wait(0.5):
        try:
            children = observed.children(recursive=True)
        except psutil.NoSuchProcess:
            return
        watch.processes = max(watch.processes, len(children))
        for child in children:
            watch.seen.add(child)
            try:
                watch.largest = max(watch.largest, child.memory_info().rss / 2**20)
            except psutil.NoSuchProcess:
                continue


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
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--report", default="regulatory-outlook")
    parser.add_argument("--formats", default="html")
    parser.add_argument("--parts", default="little,many")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        project = Project(Path(folder))
        if "little" in asked.parts:
            print("\n".join([*little(project), ""]))
        if "many" in asked.parts:
            print("\n".join(many(project, asked.reports, asked.report, asked.formats)))


if __name__ == "__main__":
    main()
