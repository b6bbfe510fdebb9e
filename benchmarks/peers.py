"""This project's own notebooks, built by this project and by its peers, side by side in one run.

    python benchmarks/peers.py                      the table in README.md
    python benchmarks/peers.py --systems bare,ours  only some
    python benchmarks/growth.py                     nothing or little changed; a thousand reports

Every system builds the same parameter sets from the same notebooks with the same libraries in
the same environment, and must come to the same figures. See README.md for what each includes.
"""

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import statistics
import sys
import tempfile
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import adapted
import environment
import measure
from environment import ROOT, Environment

REPORTS = ("cost-revolution", "market-impact", "regulatory-outlook")
DATES = ("2026-09-30", "2026-06-30", "2026-03-31", "2025-12-31", "2025-09-30", "2025-06-30")
_MIME = "application/vnd.analysis.record+json"


@dataclass(frozen=True)
class System:
    """A way to build reports: what it makes of each, and the peer that it needs."""

    name: str
    title: str
    makes: str
    needs: str = "papermill"
    parallel: bool = True  # otherwise it is timed on the first report only


SYSTEMS = (
    System("bare", "bare Python, warm", "SVG figures"),
    System("ours", "**this project**", "HTML, PDF, notebook, data"),
    System(
        "process",
        "papermill + nbconvert, one process",
        "HTML, notebook",
        "papermill",
        parallel=False,
    ),
    System("commands", "`papermill` + `jupyter nbconvert`", "HTML, notebook", "nbconvert"),
    System("ploomber", "Ploomber, parallel executor", "HTML, notebook", "ploomber"),
    System("marimo", "`marimo export html`", "HTML", "marimo"),
)


@dataclass
class Timing:
    """What the runs of one system cost, by the number of sets."""

    costs: dict[int, list[measure.Cost]] = field(default_factory=dict)
    stages: list[dict[str, float]] = field(default_factory=list)

    def marginal(self, few: int, many: int, kind: str) -> list[float]:
        """Seconds of a `kind` that one more report takes, once for each repeat: starting up cancels out."""
        pairs = zip(self.costs[few], self.costs[many], strict=True)
        return [(getattr(b, kind) - getattr(a, kind)) / (many - few) for a, b in pairs]

    def first(self, kind: str) -> list[float]:
        return [getattr(cost, kind) for cost in self.costs[1]]


def sets_of(reports: list[str], count: int) -> list[dict]:
    """List parameter sets, each report in turn, so that any multiple of the reports is a fair sample."""
    dates = [*DATES, *(f"2025-{month:02}-28" for month in range(2, 13))]
    return [
        {
            "set": f"{report}-{as_of}",
            "report": report,
            "name": f"of-{as_of}",
            "values": {"as_of": as_of},
        }
        for as_of, report in product(dates, reports)
    ][:count]


class Run:
    """One comparison: an environment, a scratch folder, the sets."""

    def __init__(self, made: Environment, scratch: Path, jobs: int):
        self.made, self.scratch, self.jobs = made, scratch, jobs
        self.env = {
            **os.environ,
            "PLOOMBER_STATS_ENABLED": "false",
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "benchmarks"))),
            "PATH": os.pathsep.join([str(made.folder / "bin"), os.environ["PATH"]]),
        }

    def prepare(self, reports: list[str], systems: list[System]) -> None:
        """Adapt the notebooks for those that can't run them as they are; not timed."""
        for report in reports:
            stored = ROOT / "notebooks" / f"{report}.ipynb"
            given = adapted.stripped(stored, self.scratch / "notebooks")
            named = adapted.named(given, self.scratch / "named")
            if any(system.name == "marimo" for system in systems):
                adapted.convert(
                    named, self.scratch / "converted", self.made.folder / "bin" / "marimo"
                )

    def time(self, system: System, sets: list[dict], timing: Timing) -> Path:
        """Have a system build the sets from a cold start; return the folder that it built into."""
        out = self.scratch / system.name
        shutil.rmtree(out, ignore_errors=True)
        command = self._command(system, sets, out)
        cost, printed = measure.of(command, self.env, self.scratch)
        timing.costs.setdefault(len(sets), []).append(cost)
        if system.name == "ours":
            timing.stages += [
                report["stages"] for report in json.loads(printed)["reports"] if len(sets) > 1
            ]
        return out

    def _command(self, system: System, sets: list[dict], out: Path) -> list[str | Path]:
        if system.name == "ours":
            common = ["--out", out, "--no-cache", "--json", "--formats", "html,pdf"]
            asked = self._one(sets[0]) if len(sets) == 1 else self._many(sets)
            return [self.made.folder / "bin" / "briefs", "build", *asked, *common]
        given = self.scratch / "sets.json"
        given.write_text(json.dumps(sets), "utf-8")
        jobs = str(self.jobs if system.parallel else 1)
        work = ROOT / "benchmarks" / "work.py"
        return [self.made.python, work, system.name, given, out, jobs]

    def _one(self, one: dict) -> list[str | Path]:
        """What is asked of our command for one set."""
        values = [f"{name}={value}" for name, value in one["values"].items()]
        pairs = [part for value in values for part in ("-p", value)]
        return [one["report"], "--set", one["name"], *pairs]

    def _many(self, sets: list[dict]) -> list[str | Path]:
        """What is asked of our command for many sets: a matrix of them."""
        columns = list(dict.fromkeys(name for one in sets for name in one["values"]))
        rows = [["report", "name", *columns]]
        for one in sets:
            rows.append([one["report"], one["name"], *(one["values"].get(c, "") for c in columns)])
        matrix = self.scratch / "sets.csv"
        matrix.write_text("".join(",".join(row) + "\n" for row in rows), "utf-8")
        return ["--matrix", matrix, "--jobs", str(self.jobs)]


def figures(system: System, out: Path, one: dict) -> dict[str, str]:
    """Hash of each drawing that a system left of a set, by its id."""
    if system.name == "bare":
        found = {path.stem: path.read_text("utf-8") for path in (out / one["set"]).glob("*.svg")}
    elif system.name == "marimo":
        page = (out / f"{one['set']}.html").read_text("utf-8")
        found = {
            name: json.loads(f'"{svg}"')
            for name, svg in re.findall(
                r'\\u003Cfigure id=\\"([^"\\]+)\\"\\u003E(.*?)\\u003C/figure\\u003E', page
            )
        }
    else:
        path = (
            out / "en" / one["report"] / one["name"] / "notebook.ipynb"
            if system.name == "ours"
            else out / f"{one['set']}.ipynb"
        )
        outputs = [
            output
            for cell in json.loads(path.read_text("utf-8"))["cells"]
            for output in cell.get("outputs", ())
            if "image/svg+xml" in output.get("data", ())
        ]
        found = {
            output["data"][_MIME]["id"]: "".join(output["data"]["image/svg+xml"])
            for output in outputs
        }
    return {name: hashlib.sha256(svg.strip().encode()).hexdigest() for name, svg in found.items()}


def compare(built: dict[System, Path], sets: list[dict]) -> int:
    """Hold all systems' figures to those of the first, byte for byte; return how many there are."""
    count = 0
    for number, one in enumerate(sets):
        of = {
            system.name: figures(system, out, one)
            for system, out in built.items()
            if system.parallel or not number
        }
        first = next(iter(of.values()))
        count += len(first)
        for name, found in of.items():
            if found != first or not found:
                differing = sorted(
                    key for key in {*found, *first} if found.get(key) != first.get(key)
                )
                raise SystemExit(
                    f"error: {name} has other figures of {one['set']}: {', '.join(differing) or 'none'}"
                )
    return count


def table(timings: dict[System, Timing], few: int, many: int, kind: str) -> list[str]:
    """Lay seconds of a `kind` out as a table in Markdown: medians, lowest to highest in brackets.

    Ratios are those of runs of the same turn.
    """
    each = {s.name: t.marginal(few, many, kind) for s, t in timings.items() if many in t.costs}
    rows = [
        f"| system | makes | one more report, {kind} s | × bare | × this project | first report, s |",
        "|---|---|--:|--:|--:|--:|",
    ]
    for system, timing in timings.items():
        cells = [system.title, system.makes, "", "", ""]
        if own := each.get(system.name):
            cells[2] = measure.spread(own, 3)
            for place, other in ((3, "bare"), (4, "ours")):
                if other in each:
                    pairs = zip(own, each[other], strict=True)
                    cells[place] = measure.spread([mine / its for mine, its in pairs])
        rows.append(f"| {' | '.join([*cells, measure.spread(timing.first(kind))])} |")
    return rows


def stages(timings: dict[System, Timing], few: int, many: int, jobs: int) -> list[str]:
    """Tabulate where the time of this project's reports went."""
    of = {system.name: timing for system, timing in timings.items()}
    if "ours" not in of:
        return []
    bare = of["bare"].marginal(few, many, "wall") if "bare" in of else None
    floor = statistics.median(bare) * jobs if bare else None
    rows = ["| stage | seconds of a worker | × bare |", "|---|--:|--:|"]
    each = of["ours"].stages
    for name in dict.fromkeys(name for stage in each for name in stage):
        spent = statistics.mean(stage.get(name, 0) for stage in each)
        rows.append(f"| {name} | {spent:.3f} | {f'{spent / floor:.2f}' if floor else ''} |")
    return rows


def machine(made: Environment, jobs: int) -> str:
    """Say in a paragraph what this ran on."""
    models = (
        re.findall(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
        if sys.platform == "linux"
        else []
    )
    versions = ", ".join(f"{name} {version}" for name, version in made.versions.items())
    return (
        f"{jobs} at a time on {os.cpu_count()} cores{f' ({models[0]})' if models else ''}, {platform.system()}, "
        f"Python {platform.python_version()}; {versions}."
    )


def main() -> None:
    """Make the environment, take turns, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--systems", default=",".join(system.name for system in SYSTEMS))
    parser.add_argument("--reports", default=",".join(REPORTS))
    parser.add_argument("--sets", type=int, default=12, help="parameter sets of the longer run")
    parser.add_argument("--repeats", type=int, default=measure.LEAST)
    parser.add_argument(
        "--try", dest="tried", action="store_true", help="print what mustn't be quoted"
    )
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument(
        "--environment",
        type=Path,
        default=ROOT / "build" / "benchmarks",
        help="kept for the next run",
    )
    asked = parser.parse_args()
    chosen, reports = asked.systems.split(","), asked.reports.split(",")
    few = (
        len(reports) * asked.jobs
    )  # each report as often as the other, and no worker idle at the end
    many = max(2 * few, asked.sets // few * few)
    made = environment.make(asked.environment.resolve())
    for peer, reason in made.missing.items():
        print(f"{peer} can't be installed here, so it is left out: {reason}")
    systems = [s for s in SYSTEMS if s.name in chosen and s.needs not in made.missing]
    sets, timings, built = sets_of(reports, many), {system: Timing() for system in systems}, {}
    with tempfile.TemporaryDirectory(prefix="peers-") as scratch:
        run = Run(made, Path(scratch), asked.jobs)
        run.prepare(reports, systems)
        for repeat, system in product(
            range(asked.repeats), systems
        ):  # in turns: a slow minute hits all alike
            for count in (1, few, many) if system.parallel else (1,):
                print(
                    f"{repeat + 1}/{asked.repeats} {system.name}: {count} …",
                    file=sys.stderr,
                    flush=True,
                )
                built[system] = run.time(system, sets[:count], timings[system])
        same = compare(built, sets)
    costs = [c for t in timings.values() for found in t.costs.values() for c in found]
    faults = measure.reasons(costs, asked.repeats)
    if faults and not asked.tried:
        raise SystemExit(f"error: no table: {'; '.join(faults)}; run it again on an idle machine")
    if faults:
        print(f"A try, not to be quoted: {'; '.join(faults)}.\n")
    print(
        f"{len(reports)} notebooks, {many} parameter sets, {asked.repeats} repeats, threads of libraries held "
        f"to one; others took at most {max(c.others for c in costs):.1%} of the processors. "
        f"{machine(made, asked.jobs)}\n"
    )
    for kind in ("wall", "processor"):
        print("\n".join([*table(timings, few, many, kind), ""]))
    print("\n".join([*stages(timings, few, many, asked.jobs), ""]))
    print(f"All made the same {same} figures, byte for byte.")


if __name__ == "__main__":
    main()
