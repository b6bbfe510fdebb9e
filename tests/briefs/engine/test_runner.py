"""One job: real kernels on tiny notebooks, and what stays published when something fails."""

import json
import os
import pickle
import shutil
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis import params
from analysis.params import CostRevolution
from briefs import parameters
from briefs.display.records import MIME
from briefs.engine import freshness, kernels, provenance, runner
from briefs.engine.cache import Cache
from briefs.engine.kernels import ordinary
from briefs.engine.plan import Job
from briefs.project import FORMATS, project
from briefs.render import policy
from briefs.render.cells import PublishError

DEFAULTS = "\n".join(
    f"{name} = {value!r}" for name, value in parameters.injected(CostRevolution()).items()
)
SETUP = "from analysis.params import CostRevolution\np = CostRevolution.from_cell(globals())"


def fake_render(nb, job, origin, stages):
    """Stand in for HTML and PDF: the text outputs, one file per format."""
    text = "".join(
        output.get("text", "") for cell in nb.cells for output in cell.get("outputs", ())
    )
    results = json.dumps({"text": text, "provenance": origin})
    return {
        **{FORMATS[name]: text.encode() for name in job.formats},
        "data/a.csv": b"x\r\n1\r\n",
        "results.json": results.encode(),
    }


def run(job, renderer=fake_render, sources=None, cache=None):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runner, "render", renderer)
        patch.setattr(policy, "unsafe", lambda files: "evil" * (b"evil" in files["index.html"]))
        return runner.run(job, sources or provenance.snapshot(project()), cache)


@pytest.fixture
def job(tmp_path):
    """Make a job of a notebook with these code cells after its parameters."""

    def make(*sources, formats=("html", "pdf"), **values):
        path = tmp_path / "project" / "notebooks" / "cost-revolution.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = [
            new_markdown_cell("# Title", id="title"),
            new_code_cell(DEFAULTS, id="parameters", metadata={"tags": ["parameters"]}),
            *(new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)),
        ]
        nbformat.write(new_notebook(cells=cells), path)
        return Job("cost-revolution", CostRevolution(**values), path, tmp_path / "site", formats)

    return make


def tree(folder):
    """Every file below `folder` with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def no_kernel(monkeypatch):
    monkeypatch.setattr(kernels, "execute", lambda nb, folder: nb)


def test_a_job_travels_to_another_process(job):
    original = job("pass", level=0.8)
    assert pickle.loads(pickle.dumps(original)) == original


def test_a_report_is_built_with_typed_parameters(job, tmp_path, monkeypatch):
    """One real run: what the kernel is, where it works, what arrives there, and what is written."""
    foreign = tmp_path / "jupyter" / "kernels" / "python3"  # must not be used, whatever it is
    foreign.mkdir(parents=True)
    (foreign / "kernel.json").write_text(
        '{"argv": ["false"], "language": "python", "display_name": "x"}'
    )
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("IPYTHONDIR", "/nowhere/at/all")
    before = os.getcwd()
    made = job(
        SETUP,
        "import analysis, os, sys",
        "print(repr(p.as_of), p.level, p.scenarios, sep='|')",
        "print(sys.executable, os.getcwd(), analysis.__file__, os.environ['PYTHONHASHSEED'], sep='|')",
        as_of="2025-02-01",
        level=0.8,
        scenarios=["flat"],
    )
    result = run(made, fake_render)
    assert result.error is None
    assert (result.status, result.language, set(result.stages)) == (
        "built",
        "en",
        {"cache", "execute", "publish"},
    )
    assert result.command.startswith(
        "briefs build cost-revolution -p language=en -p as_of=2025-02-01 -p level=0.8 "
    )
    assert result.paths == {
        "html": "en/cost-revolution/index.html",
        "pdf": "en/cost-revolution/brief.pdf",
        "results": "en/cost-revolution/results.json",
        "notebook": "en/cost-revolution/notebook.ipynb",
        "data": ["en/cost-revolution/data/a.csv"],
    }
    files = tree(made.out / "en" / "cost-revolution")
    results = json.loads(files["results.json"])
    values, place = results["text"].splitlines()
    assert values == "datetime.date(2025, 2, 1)|0.8|['flat']"
    package = str(Path(params.__file__).with_name("__init__.py"))
    assert place.split("|") == [sys.executable, str(made.notebook.parent), package, "0"]
    every = provenance.snapshot(project()).tables  # since the notebook doesn't say what it read
    assert results["provenance"]["evidence"] == every
    notebook = nbformat.reads(files["notebook.ipynb"].decode(), 4)
    assert [cell.id for cell in notebook.cells][:3] == [
        "title",
        "parameters",
        "injected-parameters",
    ]
    assert notebook.metadata.papermill.parameters["as_of"] == "2025-02-01"
    assert os.getcwd() == before


def test_two_runs_give_the_same_bytes(job, monkeypatch):
    made = job(SETUP, "print({'b', 'a', 'c'}, p.seed)", "p.seed")
    assert run(made, fake_render).error is None
    first = tree(made.out)
    assert run(made, fake_render).error is None
    assert tree(made.out) == first
    assert b"202" in first["en/cost-revolution/notebook.ipynb"]
    for stamp in (b"start_time", b"end_time", b"duration", b"iopub"):
        assert stamp not in first["en/cost-revolution/notebook.ipynb"]


def test_a_cell_that_raises_is_named_and_nothing_published_changes(job, no_kernel, monkeypatch):
    assert run(job("print(1)"), fake_render).status == "built"
    monkeypatch.undo()
    made = job(
        "x = 1",
        "# the sum\nraise ValueError('\\x1b[31mred\\x1b[0m line\\nsecond')",
        "print('never')",
    )
    published = tree(made.out)
    result = run(made, fake_render)
    assert result.status == "failed"
    assert result.error == {
        "notebook": "cost-revolution.ipynb",
        "cell": 4,
        "line": "# the sum",
        "name": "ValueError",
        "message": "red line\nsecond",
        "text": "cost-revolution.ipynb, cell 4 ('# the sum'): ValueError: red line\nsecond",
    }
    assert tree(made.out) == published
    assert result.paths["html"] == "en/cost-revolution/index.html"
    assert [path.name for path in (made.out / "en").iterdir()] == ["cost-revolution"]
    out = Path(os.path.relpath(made.out, project().root)).as_posix()
    assert result.command.endswith(f"--formats html,pdf --out {out} --force")


def test_a_kernel_that_dies_is_named_with_its_cell(job):
    result = run(job("import ctypes", "ctypes.string_at(0)"), fake_render)
    assert (result.status, result.error["cell"], result.error["line"]) == (
        "failed",
        4,
        "ctypes.string_at(0)",
    )
    assert (result.error["name"], result.paths) == ("KernelDied", {})


def test_a_kernel_that_does_not_start_says_why(job, monkeypatch):
    broken = {
        **ordinary.get_kernel_dict(),
        "argv": [sys.executable, "-c", "raise SystemExit('out of order')"],
    }
    monkeypatch.setattr(ordinary, "get_kernel_dict", lambda: broken)
    result = run(job("pass"), fake_render)
    assert result.error["name"] == "the kernel did not start"
    assert result.error["message"].endswith(": out of order")
    assert result.error["cell"] is None


def test_a_warning_fails_the_report_and_names_its_cell(job):
    """No fake here: `document.build` refuses what a cell writes to stderr."""
    result = run(job("import warnings", "warnings.warn('careful')"), runner.render)
    assert (result.status, result.error["name"], result.error["cell"]) == (
        "failed",
        "PublishError",
        4,
    )
    assert result.error["line"] == "warnings.warn('careful')"
    assert "stderr" in result.error["message"] and "careful" in result.error["message"]
    assert not (result.paths or list((Path(job("pass").out) / "en").glob("*")))


def test_a_renderer_that_fails_costs_only_its_report(job, no_kernel):
    def refuse(*_):
        raise PublishError("figure 'a' has no alt")

    def break_down(*_):
        raise KeyError("title")

    made = job("print(1)")
    assert run(made, fake_render).status == "built"
    published = tree(made.out)
    assert (
        run(made, refuse).error["text"]
        == "cost-revolution.ipynb: PublishError: figure 'a' has no alt"
    )
    assert run(made, break_down).error["text"] == "cost-revolution.ipynb: KeyError: 'title'"
    assert tree(made.out) == published


def test_formats_that_are_not_asked_for_go(job, no_kernel):
    assert {"html", "pdf"} < set(run(job("print(1)"), fake_render).paths)
    only = run(job("print(1)", formats=("html",)), fake_render)
    assert "html" in only.paths and "pdf" not in only.paths


def test_renderers_see_the_cells_of_the_stored_notebook(job, no_kernel):
    seen = []

    def look(nb, *rest):
        seen.extend(cell.id for cell in nb.cells)
        return fake_render(nb, *rest)

    run(job("a = 1"), look)
    assert seen == ["title", "parameters", "cell-0"]


def test_cells_to_explore_from_stand_in_the_notebook_and_are_not_run(job):
    made = job("print('run')", "raise Exception('explored')", "print(2)")
    nb = nbformat.read(made.notebook, 4)
    nb.cells[3].metadata.tags = ["explore"]
    nbformat.write(nb, made.notebook)
    found = runner.execute(made)
    assert [cell.id for cell in runner.stored_cells(found)] == [cell.id for cell in nb.cells]
    counts = [cell.execution_count for cell in runner.stored_cells(found)[2:]]
    assert counts[1] is None and counts[2] == counts[0] + 1
    made = job("1 / 0", "print(2)")  # cells count as in the stored notebook
    nb = nbformat.read(made.notebook, 4)
    nb.cells.insert(1, new_code_cell("pass", metadata={"tags": ["explore"]}))
    nbformat.write(nb, made.notebook)
    with pytest.raises(runner.NotebookFailed, match="cell 4"):
        runner.execute(made)


def test_a_notebook_without_parameters_fails_before_a_kernel_starts(job, monkeypatch):
    made = job("pass")
    nb = nbformat.read(made.notebook, 4)
    nb.cells[1].metadata.tags = []
    nbformat.write(nb, made.notebook)
    monkeypatch.setattr(kernels, "execute", lambda *_: pytest.fail("a kernel was started"))
    assert run(made, fake_render).error["message"] == (
        "cost-revolution.ipynb: no cells are tagged 'parameters'; one must be"
    )


def test_a_folder_that_cannot_be_written_is_a_failed_report(job, no_kernel):
    made = job("pass")
    made.out.write_text("a file")
    result = run(made, fake_render)
    assert result.status == "failed"
    assert result.error["message"].startswith(f"cannot write into {made.out}")


def test_the_record_of_inputs_lists_every_file(job, no_kernel):
    made = job("pass")
    run(made)
    folder = made.out / made.place
    files = json.loads((folder / freshness.RECORD).read_text())["files"]
    assert {name: size for name, (size, _) in files.items()} == {
        name: len(data) for name, data in tree(folder).items() if name != freshness.RECORD
    }
    assert freshness.stale(made, provenance.snapshot(project())) == []


def said(*tables):
    """Source of a cell that says which tables were read, as `findings.sources` does."""
    record = {"kind": "sources", "items": [], "checksums": dict.fromkeys(tables, "ab")}
    return f"from IPython.display import publish_display_data as p\np({{{MIME!r}: {record!r}}})"


@pytest.fixture
def counted(monkeypatch):
    """Stand in for kernels: each run leaves the record that a cell says, and is counted."""
    runs = []

    def execute(nb, folder):
        runs.append(nb.metadata.papermill.parameters)
        for cell in nb.cells:
            if MIME in cell.source:
                namespace = {}
                exec(
                    cell.source.replace(
                        "from IPython.display import publish_display_data as p", "p = found.append"
                    ),
                    {"found": (found := [])},
                    namespace,
                )
                cell.outputs = [nbformat.v4.new_output("display_data", found[0])]
        return nb

    monkeypatch.setattr(kernels, "execute", execute)
    return runs


def sources_of(job, **changes):
    return replace(provenance.snapshot(project()), **changes)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(provenance.Sources, "still_hold", lambda self: True)
    return Cache(tmp_path / "cache")


def test_sets_that_differ_by_name_or_format_share_one_execution(job, counted, cache, log, sample):
    day = parameters.evidence_date().isoformat()
    log(sample.EDITIONS.replace("2026-11-23", day))  # that of the evidence: it knows nothing less
    made = job(said("model-prices"))
    sources = sources_of(made)
    for changed in (
        made,
        replace(made, name="2026-11"),
        replace(made, formats=("html",)),
        replace(made, languages=("en", "ms")),
    ):
        assert run(changed, sources=sources, cache=cache).error is None
    assert len(counted) == 1
    assert (made.out / "en/cost-revolution/2026-11/index.html").is_file()
    run(replace(made, parameters=CostRevolution(level=0.8)), sources=sources, cache=cache)
    assert len(counted) == 2


def test_a_notebook_from_the_cache_is_rendered_as_the_executed_one_was(job, counted, cache):
    made, given = job(said("model-prices"), "a = 1\nb = 2"), []
    sources = sources_of(made)

    def keep(nb, *rest):
        given.append(nb)
        return fake_render(nb, *rest)

    for changed in (made, replace(made, name="again")):
        assert run(changed, keep, sources=sources, cache=cache).error is None
    executed, kept = given
    assert len(counted) == 1 and kept == executed
    assert all(isinstance(cell.source, str) for cell in kept.cells)


def test_only_what_is_read_counts(job, counted, cache):
    """A table that the notebook doesn't read, a template, and another language's words: nothing runs again."""
    made = job(said("model-prices"))
    sources = sources_of(made)
    other = {**sources.tables, "surveys": "changed"}
    for change in (
        {},
        {"tables": other},
        {"templates": {}},
        {"pages": "x"},
        {"catalogues": {"ms": "x"}},
        {"git": {**sources.git, "commit": "1"}},
        {"data": {**sources.data, "editions.yml": "x"}},
    ):
        assert run(made, sources=replace(sources, **change), cache=cache).error is None
    assert len(counted) == 1
    for change in (
        {"tables": {**sources.tables, "model-prices": "x"}},
        {"code": "x"},
        {"lock": "x"},
        {"contracts": {**sources.contracts, "model-prices": "x"}},
        {"versions": {"python": "3.0"}},
        {"catalogues": {"en": "x"}},
        {"data": {**sources.data, "claims.yml": "x"}},
        {"notebooks": {"cost-revolution": "x"}},
    ):
        before = len(counted)
        run(made, sources=replace(sources, **change), cache=cache)
        assert len(counted) == before + 1, change


def test_a_page_comes_from_the_cache_as_it_was(job, counted, cache):
    made = job(said("model-prices"))
    sources = sources_of(made)
    run(made, sources=sources, cache=cache)
    first = tree(made.out)
    shutil.rmtree(made.out)
    result = run(made, renderer=None, sources=sources, cache=cache)
    assert (result.error, tree(made.out)) == (None, first)
    for path in (cache.folder / "blobs").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes()[:-1] + b"!")
    shutil.rmtree(made.out)
    assert run(made, sources=sources, cache=cache).error is None
    assert (tree(made.out), len(counted)) == (first, 2)


def test_a_page_of_the_cache_that_could_run_something_is_made_anew(job, counted, cache):
    made = job(said("model-prices"))
    sources = sources_of(made)
    run(made, sources=sources, cache=cache)
    first = tree(made.out)
    place = made.out / made.place
    files = {path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*.*")}
    inputs = json.loads(files["inputs.json"])["inputs"]
    forged = {**files, "index.html": b"evil"}
    cache.put("pages", freshness.page_key(inputs, sources), forged)
    assert cache.get("pages", freshness.page_key(inputs, sources)) == forged
    shutil.rmtree(made.out)
    assert run(made, sources=sources, cache=cache).error is None
    assert (tree(made.out), len(counted)) == (first, 1)


def test_what_changes_while_a_notebook_runs_is_not_remembered(job, counted, cache, monkeypatch):
    monkeypatch.setattr(provenance.Sources, "still_hold", lambda self: False)
    made = job(said("model-prices"))
    for _ in range(2):
        assert run(made, sources=sources_of(made), cache=cache).error is None
    assert len(counted) == 2


def test_a_kernel_leaves_no_file_behind(job, tmp_path, monkeypatch):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    nb = kernels.inject(nbformat.read(job("1 + 1").notebook, 4), {"level": 0.8})
    kernels.execute(nb, tmp_path)
    assert nb.cells[-1].outputs[0].data["text/plain"] == "2"
    assert list(temporary.iterdir()) == []
