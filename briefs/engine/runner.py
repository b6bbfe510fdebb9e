"""One job, one report: execute a notebook with its parameters, render it, put it in place.

`produce` makes the files and writes nowhere but in the cache; `run` publishes them. Both are
functions of a picklable `Job`, so they serve one after another, in worker processes, or on
other machines.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from briefs.engine import freshness, kernels, notebooks, provenance, staging
from briefs.engine.cache import Cache, key_of
from briefs.engine.plan import Job, Result
from briefs.parameters import injected
from briefs.project import ANNEX, FORMATS, KNOWN_VARIABLE
from briefs.render.cells import EXPLORE, PublishError

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_MESSAGE_LIMIT = 500


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
class Stages:
    """Seconds that each stage took."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0) + time.perf_counter() - start, 3)


def render(nb: NotebookNode, job: Job, origin: dict[str, Any], stages: Stages) -> dict[str, bytes]:
    """Render an executed notebook in all formats of `job`, with ``results.json`` and one CSV per figure and table."""
    from briefs.render import document, html, pdf, results  # late: Typst takes a while
    from briefs.render.frame import PageAddress
    from briefs.render.metadata import CARD

    with stages("document"):
        here = PageAddress(job.place, job.languages, job.formats, job.listed, job.alone)
        page = document.build(nb, here, origin)
        files = _data_files(page.records, origin)
    if "html" in job.formats:
        with stages("html"):
            files[FORMATS["html"]] = html.render_html(page).encode()
            files[results.OUTLINE] = results.outline(page)
            files[CARD] = pdf.render_card(page)
        with stages("pictures"):
            files |= pdf.render_pictures(page)
    if "pdf" in job.formats:
        with stages("pdf"):
            files[FORMATS["pdf"]] = pdf.render_pdf(page)
            files[ANNEX] = pdf.render_annex(page)
    return files


def _data_files(records: list[dict[str, Any]], origin: dict[str, Any]) -> dict[str, bytes]:
    from briefs.render import results

    files = {}
    for record in records:
        if record["kind"] in ("figure", "table", "grid"):
            files[f"data/{record['id']}.csv"] = results.csv(record).encode()
        for file in record.get("files", ()):
            files[f"data/{file['name']}"] = file["text"].encode()
    found = {**results.from_records(records), "provenance": origin}
    text = json.dumps(found, indent=2, ensure_ascii=False, allow_nan=False)
    return {**files, "results.json": f"{text}\n".encode()}


def run(job: Job, sources: provenance.Sources, cache: Cache | None = None) -> Result:
    """Build one report; without a cache everything is made anew and nothing kept.

    Never raises for what is wrong with the report: the result says ``failed`` and why, and
    what had been published stays as it was.
    """
    stages, start = Stages(), time.perf_counter()
    try:
        files = produce(job, sources, cache, stages)
        with stages("publish"):
            staging.publish_report(job, files)
    except Exception as fault:  # a report that fails must not take others with it
        return failed(job, fault, time.perf_counter() - start, stages.seconds)
    return job.result("built", time.perf_counter() - start, stages.seconds)


def failed(
    job: Job, fault: Exception, seconds: float, stages: dict[str, float] | None = None
) -> Result:
    """Return the result of a report that `fault` stopped after some seconds."""
    name = job.notebook.name
    if isinstance(fault, PublishError):
        fault = NotebookFailed(name, "PublishError", fault.message, fault.cell, fault.line)
    elif not isinstance(fault, NotebookFailed):
        fault = _failure(name, type(fault).__name__, str(fault))
    return job.result("failed", seconds, stages, {**asdict(fault), "text": str(fault)})


def produce(
    job: Job,
    sources: provenance.Sources,
    cache: Cache | None,
    stages: Stages,
    folder: Path | None = None,
) -> dict[str, bytes]:
    """Make the files of a report, the record of its inputs last; see `run`, and for `folder` `execute`."""
    with stages("cache"):
        if files := freshness.recall(job, sources, cache):
            return files
    nb, inputs = _executed(job, sources, cache, stages, folder)
    shown = nb.copy()  # so that cells count as in the stored notebook when one is named
    shown.cells = stored_cells(nb)
    files = render(shown, job, sources.origin(tables_read(nb, sources)), stages)
    files["notebook.ipynb"] = f"{nbformat.writes(nb)}\n".encode()
    inputs |= freshness.rendering(job, sources)
    files[freshness.RECORD] = freshness.record(inputs, sources, files)
    if cache:
        with stages("cache"):
            cache.put("pages", freshness.page_key(inputs, sources), files)
    return files


def _executed(
    job: Job,
    sources: provenance.Sources,
    cache: Cache | None,
    stages: Stages,
    folder: Path | None,
) -> tuple[NotebookNode, freshness.Inputs]:
    """Return the executed notebook, from the cache if it is there, and what it was made from."""
    inputs = freshness.execution(job, sources)
    if cache:
        with stages("cache"):
            known = freshness.recall_tables(inputs, sources, cache)
            kept = cache.get("notebooks", key_of(inputs)) if known else None
        if kept:
            return nbformat.v4.reads(kept["notebook.ipynb"].decode()), inputs
    with stages("execute"):
        nb = execute(job, folder)
    inputs.pop("tables", None)
    names = tables_read(nb, sources)
    made = {**inputs, "tables": freshness.tables(names, sources)}
    if cache and sources.still_hold():  # else a notebook may have read an edit, or not
        freshness.keep_tables(inputs, names, cache)
        text = nbformat.writes(nb, sort_keys=False)
        cache.put("notebooks", key_of(made), {"notebook.ipynb": text.encode()})
    return nb, made


def tables_read(nb: NotebookNode, sources: provenance.Sources) -> dict[str, str]:
    """Return the hash of each table that an executed notebook says it read; of all if it doesn't say."""
    from briefs.display.records import MIME

    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            said = output.get("data", {}).get(MIME, {})
            if "checksums" in said:
                return dict(said["checksums"])
    return dict(sources.tables)


def execute(job: Job, folder: Path | None = None) -> NotebookNode:
    """Run the notebook of `job`, in its own folder or another; cells to explore from don't run.

    `NotebookFailed` names the cell that stopped it.
    """
    nb, name = notebooks.read(job.notebook), job.notebook.name
    notebooks.parameters_index(nb, name)
    nb = kernels.inject(nb, injected(job.parameters), {KNOWN_VARIABLE: job.known})
    every, cells = nb.cells, list(enumerate(stored_cells(nb), 1))
    nb.cells = [cell for cell in every if EXPLORE not in cell.metadata.get("tags", ())]
    try:
        kernels.execute(nb, folder or job.notebook.resolve().parent)
    except Exception as error:
        begun = [at for at in cells if at[1].metadata.get("papermill", {}).get("start_time")]
        what = type(error).__name__ if begun else "the kernel did not start"
        raise _failure(name, what, str(error), begun[-1] if begun else None) from error
    nb.cells = every  # those left out stand in the published notebook, not run
    for at in cells:
        for output in at[1].get("outputs", ()):
            if output.output_type == "error":
                raise _failure(name, output.ename, output.evalue, at)
    return kernels.tidy(nb)


def stored_cells(nb: NotebookNode) -> list[NotebookNode]:
    """Cells as an author knows them: without the one that papermill injected."""
    return [cell for cell in nb.cells if kernels.INJECTED not in cell.metadata.get("tags", ())]


def _failure(
    notebook: str, name: str, message: str, at: tuple[int, NotebookNode] | None = None
) -> NotebookFailed:
    message = _ANSI.sub("", message).strip()
    if len(message) > _MESSAGE_LIMIT:
        message = message[:_MESSAGE_LIMIT] + " …"
    if not at:
        return NotebookFailed(notebook, name, message)
    number, cell = at
    line = next((line.strip() for line in cell.source.splitlines() if line.strip()), "")
    return NotebookFailed(notebook, name, message, number, line[:100])
