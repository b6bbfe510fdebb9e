"""What somebody at the keyboard waits for: small commands, a page while its notebook is edited, what takes long.

    python benchmarks/waits.py

Run in this project's own environment; the median of some runs, lowest and highest in brackets.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path
from urllib.request import urlopen

from growth import Project
from measure import LEAST, spread

from analysis import overview, params
from analysis.cost import summary
from briefs.desk import impact
from briefs.evidence import catalog
from briefs.values import Verdict

_REPORT = "market-impact"


def seconds(what: Callable[[], object], repeats: int = LEAST) -> list[float]:
    """Time a call again and again."""
    found = []
    for _ in range(repeats):
        start = time.perf_counter()
        what()
        found.append(time.perf_counter() - start)
    return found


def row(what: str, found: list[float]) -> None:
    print(f"| {what} | {spread(found)} |", flush=True)


def commands(project: Project) -> None:
    """Time the command where it only answers."""
    for words in (["--help"], ["params", _REPORT], ["status"], ["check"]):
        command = [sys.executable, "-m", "briefs", *words]

        def run(command: list[str] = command) -> None:
            subprocess.run(command, cwd=project.root, env=project.env, capture_output=True)

        row(f"`briefs {' '.join(words)}`", seconds(run))


def preview(project: Project) -> None:
    """Time from saving a notebook to its page being there, beside the report's own time."""
    command = [sys.executable, "-m", "briefs", "serve", _REPORT, "--language", "en", "--port", "0"]
    served = subprocess.Popen(
        command, cwd=project.root, env=project.env, stderr=subprocess.PIPE, text=True
    )
    state = served.stderr.readline().split()[0] + ".briefs/state"
    notebook = project.root / "notebooks" / f"{_REPORT}.ipynb"
    own: list[float] = []

    def built() -> int:
        return json.loads(urlopen(state).read())["built"]

    def wait_for(number: int) -> None:
        for line in served.stderr:
            if ": built in " in line:
                own.append(float(line.split()[-2]))
            if line.startswith("built "):
                break
        while built() < number:
            time.sleep(0.02)

    try:
        wait_for(1)
        waited = []
        for number in range(2, 2 + LEAST):
            content = json.loads(notebook.read_text("utf-8"))
            content["cells"][0]["metadata"]["edited"] = number
            time.sleep(1)  # an editor's saves don't come at once
            start = time.perf_counter()
            notebook.write_text(json.dumps(content, indent=1), "utf-8")
            wait_for(number)
            waited.append(time.perf_counter() - start)
    finally:
        served.terminate()
        served.wait()
    row(f"`briefs serve`, from saving `{notebook.name}` to its page", waited)
    row("of that the report itself, its libraries imported meanwhile", own[1:])
    row("ratio", [all_ / one for all_, one in zip(waited, own[1:], strict=True)])


def work(project: Project) -> None:
    """Time what takes longest in the reports, warm, and what the evidence moves in all of them."""
    seeds, day = iter(range(1, 1000)), catalog.evidence_date()

    def verdicts() -> Iterator[Verdict]:
        yield from overview.summaries(day, 0.9, 1000, next(seeds)).verdicts

    list(verdicts())
    row("all 18 verdicts", seconds(lambda: list(verdicts())))
    tried = seconds(lambda: [judged.specifications for judged in verdicts()])
    row("the same, each tried under all other choices (specification curves)", tried)
    found = [summary.summary(params.CostRevolution(seed=next(seeds))) for _ in range(LEAST)]
    evidence = iter([one for one in found if one.evidence])
    row("hindcast of prices, with its scores", seconds(lambda: next(evidence).scores))

    def weigh() -> None:
        shutil.rmtree(project.root / "reports" / ".cache", ignore_errors=True)
        with tempfile.TemporaryDirectory() as scratch, chdir(project.root):
            impact.run(Path("data"), Path(scratch), lambda _: None, ["model-prices"], day)

    row("impact of new prices on all numbers, two passes (`briefs refresh`)", seconds(weigh))


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="waits-") as folder:
        project = Project.copy(Path(folder))
        print("| what | seconds |\n|---|--:|")
        commands(project)
        preview(project)
        work(project)


if __name__ == "__main__":
    main()
