"""One system at work: build all parameter sets of a file, the way that system does it.

Run by `peers.py` in the environment that it made, beside the notebooks that it wrote: python
work.py SYSTEM SETS OUT JOBS. What each system leaves is named after the set: ``<set>.ipynb``,
``<set>.html`` or ``<set>/<figure>.svg``. Only the system at work is imported, so
that no other's start counts.
"""

import ast
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

NOTEBOOKS = Path("notebooks").resolve()
BIN = Path(sys.executable).parent


def stored(report: str) -> Path:
    """Path of the notebook of a report."""
    return NOTEBOOKS / f"{report}.ipynb"


# The floor: the cells' code, compiled once, in a process that has everything imported.


@lru_cache
def _cells(report: str) -> list[tuple]:
    found = []
    for cell in json.loads(stored(report).read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            tree, shown = ast.parse("".join(cell["source"])), None
            if tree.body and isinstance(tree.body[-1], ast.Expr):
                shown = compile(ast.Expression(tree.body.pop().value), report, "eval")
            found.append(
                (
                    compile(tree, report, "exec"),
                    shown,
                    "parameters" in cell["metadata"].get("tags", ()),
                )
            )
    return found


def _warm() -> None:
    """Import what the notebooks import, and leave out what only a notebook does with its output."""
    from analysis import overview_cards
    from briefs.display import records

    for module in (records, overview_cards):
        module.publish_display_data = lambda *_, **__: None
    for report in (path.stem for path in NOTEBOOKS.glob("*.ipynb")):
        exec(_cells(report)[1][0], {})  # the cell of imports


def _bare(task: tuple[dict, Path]) -> None:
    from briefs.display.records import Figure, Tabular, cite

    one, folder = task
    folder.mkdir(parents=True)
    names = {"__name__": "__main__"}
    for code, shown, parameters in _cells(one["report"]):
        exec(code, names)
        if parameters:
            names.update(one["values"])
        value = eval(shown, names) if shown else None
        if isinstance(value, Tabular):
            cite(value.sources)
        elif hasattr(value, "_ipython_display_"):
            value._ipython_display_()
        if isinstance(value, Figure):
            (folder / f"{value.id}.svg").write_text(value.wide or value.svg, "utf-8")


def bare(sets: list[dict], out: Path, jobs: int) -> None:
    """Compute and save the figures, without Jupyter: one warm process per job."""
    import multiprocessing

    with multiprocessing.Pool(jobs, _warm) as pool:
        for _ in pool.imap_unordered(_bare, [(one, out / one["set"]) for one in sets], chunksize=1):
            pass


# What people do with the tools by hand.


def _commands(sets: list[dict], jobs: int, steps) -> None:
    def one(given: dict) -> None:
        for step in steps(given):
            done = subprocess.run(step, capture_output=True, text=True)
            if done.returncode:
                raise RuntimeError(f"{' '.join(map(str, step))}\n{done.stderr[-2000:]}")

    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(one, sets))


def commands(sets: list[dict], out: Path, jobs: int) -> None:
    """`papermill`, then `jupyter nbconvert`, a few sets at a time."""

    def steps(one: dict) -> list[list]:
        notebook = out / f"{one['set']}.ipynb"
        given = [part for name, value in one["values"].items() for part in ("-p", name, value)]
        return [
            [BIN / "papermill", stored(one["report"]), notebook, "--no-progress-bar", *given],
            [BIN / "jupyter", "nbconvert", "--to", "html", notebook],
        ]

    _commands(sets, jobs, steps)


def process(sets: list[dict], out: Path, jobs: int) -> None:
    """Papermill and nbconvert as libraries, in this one process, one set after another."""
    import nbconvert
    import papermill

    for one in sets:
        notebook = out / f"{one['set']}.ipynb"
        papermill.execute_notebook(
            stored(one["report"]), notebook, one["values"], progress_bar=False
        )
        page, _ = nbconvert.HTMLExporter().from_filename(str(notebook))
        notebook.with_suffix(".html").write_text(page, "utf-8")


def ploomber(sets: list[dict], out: Path, jobs: int) -> None:
    """Build a DAG of notebooks (as `adapted.named` left them) by Ploomber's parallel executor."""
    os.environ["PLOOMBER_STATS_ENABLED"] = "false"
    from ploomber import DAG
    from ploomber.executors import Parallel
    from ploomber.products import File
    from ploomber.tasks import NotebookRunner

    dag = DAG(executor=Parallel(processes=jobs))
    for one in sets:
        product = {kind: File(out / f"{one['set']}.{kind}") for kind in ("ipynb", "html")}
        NotebookRunner(
            out.parent / "named" / f"{one['report']}.ipynb",
            product,
            dag,
            name=one["set"],
            params=dict(one["values"]),
            kernelspec_name="python3",
            nb_product_key=["ipynb", "html"],
            static_analysis="disable",
        )
    dag.build()


def marimo(sets: list[dict], out: Path, jobs: int) -> None:
    """`marimo export html`, a few sets at a time; `adapted.convert` made the notebooks."""

    def steps(one: dict) -> list[list]:
        given = [part for name, value in one["values"].items() for part in (f"--{name}", value)]
        return [
            [
                BIN / "marimo",
                "export",
                "html",
                out.parent / "converted" / f"{one['report']}.py",
                "--force",
                "--output",
                out / f"{one['set']}.html",
                "--",
                *given,
            ]
        ]

    _commands(sets, jobs, steps)


if __name__ == "__main__":
    system, given, folder, processes = sys.argv[1:]
    Path(folder).mkdir(parents=True)
    {f.__name__: f for f in (bare, commands, process, ploomber, marimo)}[system](
        json.loads(Path(given).read_text("utf-8")), Path(folder).resolve(), int(processes)
    )
