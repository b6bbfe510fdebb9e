"""One job, one report: execute a notebook with its parameters, render it, put it in place.

`run` is a function of a picklable `Job` and touches nothing but the report's folder, so the
same function serves one after another, in worker processes, or on other machines.
"""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from analysis.params import injected
from analysis.publish import kernels, notebooks, provenance
from analysis.publish.cells import Place, PublishError
from analysis.publish.plan import FORMATS, Job, Result
from analysis.publish.staging import staged_folder

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_MESSAGE_LIMIT = 500


@dataclass(frozen=True)
class Rendered:
    """An executed notebook made ready: results, hashes of the evidence it read, files by path."""

    results: dict[str, Any]
    checksums: dict[str, str]
    files: dict[str, bytes]


@dataclass
class NotebookFailed(Exception):
    """A cell raised, or the kernel ended under it."""

    notebook: str
    name: str
    message: str
    cell: int | None = None
    line: str = ""

    def __str__(self) -> str:
        where = f"{self.notebook}, cell {self.cell} ({self.line!r})" if self.cell else self.notebook
        return f"{where}: {self.name}: {self.message}" if self.message else f"{where}: {self.name}"


@dataclass
class _Stages:
    """Seconds that each stage took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(time.perf_counter() - start, 3)


Renderer = Callable[[NotebookNode, tuple[str, ...]], Rendered]


def render(nb: NotebookNode, formats: tuple[str, ...]) -> Rendered:
    """Render an executed notebook in all `formats`, with one CSV per figure and table."""
    from analysis.publish import document, exporters, results  # late: Typst and nbconvert take a while

    page = document.build(nb)
    files = {f"data/{record['id']}.csv": results.csv(record).encode()
             for record in page["records"] if record["kind"] in ("figure", "table")}
    files |= {f"data/{file['name']}": file["text"].encode() for record in page["records"]
              for file in record.get("files", ())}
    if "html" in formats:
        files[FORMATS["html"]] = exporters.render_html(page).encode()
    if "pdf" in formats:
        files[FORMATS["pdf"]] = exporters.render_pdf(page)
    checksums = {entry["table"]: entry["sha256"] for entry in page["checksums"]}
    return Rendered(results.from_records(page["records"]), checksums, files)


def run(job: Job, renderer: Renderer = render) -> Result:
    """Build one report.

    Never raises for what is wrong with the report: the result says ``failed`` and why, and
    what had been published stays as it was.
    """
    stages, error, start = _Stages(), None, time.perf_counter()
    try:
        with staged_folder(job.out / job.place) as folder:
            with stages("execute"):
                nb = execute(job)
            with stages("render"):
                files = _files(job, nb, renderer)
            with stages("write"):
                for name, data in files.items():
                    (folder / name).parent.mkdir(parents=True, exist_ok=True)
                    (folder / name).write_bytes(data)
    except Exception as fault:  # a report that fails must not take others with it
        error = _describe(fault, job)
    return Result(job.report, job.parameters.language, "failed" if error else "built", job.reason,
                  round(time.perf_counter() - start, 3), stages.seconds, error, published(job.out, job.place))


def execute(job: Job) -> NotebookNode:
    """Run the notebook of `job`; raise `NotebookFailed` naming the cell that stopped it."""
    nb, name = notebooks.read(job.notebook), job.notebook.name
    notebooks.parameters_index(nb, name)
    nb = kernels.inject(nb, injected(job.parameters))
    try:
        kernels.execute(nb, job.notebook.resolve().parent)
    except Exception as error:
        raise _stopped(nb, name, error) from error
    _check_cells(nb, name)
    return kernels.tidy(nb)


def stored_cells(nb: NotebookNode) -> list[NotebookNode]:
    """Cells as an author knows them: without the one that papermill injected."""
    return [cell for cell in nb.cells if kernels.INJECTED not in cell.metadata.get("tags", ())]


def _check_cells(nb: NotebookNode, name: str) -> None:
    for number, cell in enumerate(stored_cells(nb), 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                raise NotebookFailed(name, output.ename, _short(output.evalue), number, _first_line(cell))


def _stopped(nb: NotebookNode, name: str, error: Exception) -> NotebookFailed:
    """Tell at which cell the kernel died; before the first it never started."""
    begun = [(n, cell) for n, cell in enumerate(stored_cells(nb), 1)
             if cell.metadata.get("papermill", {}).get("start_time")]
    if not begun:
        return NotebookFailed(name, "the kernel did not start", _short(str(error)))
    number, cell = begun[-1]
    return NotebookFailed(name, type(error).__name__, _short(str(error)), number, _first_line(cell))


def _files(job: Job, nb: NotebookNode, renderer: Renderer) -> dict[str, bytes]:
    page = nb.copy()  # so that cells count as in the stored notebook when one is named
    page.cells = stored_cells(nb)
    rendered = renderer(page, job.formats)
    origin = provenance.collect(_root(job), rendered.checksums)
    results = json.dumps({**rendered.results, "provenance": origin}, indent=2, ensure_ascii=False, allow_nan=False)
    return {**rendered.files, "results.json": f"{results}\n".encode(),
            "notebook.ipynb": f"{nbformat.writes(nb)}\n".encode()}


def _root(job: Job) -> Path:
    """Folder of the project that the notebook belongs to."""
    return job.notebook.resolve().parent.parent


def _describe(fault: Exception, job: Job) -> dict[str, Any]:
    """Turn what stopped a report into plain data; ``text`` is the line for a person."""
    name, message = job.notebook.name, str(fault)
    if isinstance(fault, PublishError):
        place = Place(fault.cell, fault.line) if fault.cell else ""
        fault = NotebookFailed(name, "PublishError", message.removeprefix(f"{place}: "), fault.cell, fault.line)
    elif not isinstance(fault, NotebookFailed):
        fault = NotebookFailed(name, type(fault).__name__, _short(message))
    return {**asdict(fault), "text": str(fault)}


def _short(text: str) -> str:
    text = _ANSI.sub("", text).strip()
    return text if len(text) <= _MESSAGE_LIMIT else text[:_MESSAGE_LIMIT] + " …"


def _first_line(cell: NotebookNode) -> str:
    return next((line.strip() for line in cell.source.splitlines() if line.strip()), "")[:100]


def published(out: Path, place: str) -> dict[str, Any]:
    """Paths below `out` of what stands published at `place`, by what they are."""
    names = {**FORMATS, "results": "results.json", "notebook": "notebook.ipynb"}
    paths: dict[str, Any] = {what: f"{place}/{name}" for what, name in names.items() if (out / place / name).is_file()}
    data = sorted(p.name for p in (out / place / "data").glob("*"))
    return {**paths, "data": [f"{place}/data/{name}" for name in data]} if data else paths
