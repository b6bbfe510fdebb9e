"""Many jobs at once: whatever one does costs only it, and nothing is left however a build ends."""

import gc
import importlib
import os
import signal
import sys
import tempfile
import tracemalloc
from collections import Counter
from multiprocessing import resource_tracker
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.params import CostRevolution
from briefs import parameters
from briefs.engine import pool
from briefs.engine.kernels import Limits, forked
from briefs.engine.plan import Job
from briefs.engine.pool import run_all

HERE = str(Path(__file__).parent)
sys.path.append(HERE)  # workers must import what they run by the name that it has here
engine_runs = importlib.import_module("engine_runs")
DEFAULTS = "\n".join(
    f"{name} = {value!r}" for name, value in parameters.injected(CostRevolution()).items()
)
BOTH = (
    [True, pytest.param(False, marks=pytest.mark.slow)]
    if sys.platform.startswith("linux")
    else [False]
)


@pytest.fixture(autouse=True)
def importable(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", HERE)
    monkeypatch.setattr(forked, "_MAIN", engine_runs.LIGHT)


@pytest.fixture
def job(tmp_path):
    """Make a job of a notebook with these code cells after its parameters."""

    def make(name, *sources):
        path = tmp_path / "project" / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        cells = [
            new_code_cell(DEFAULTS, id="parameters", metadata={"tags": ["parameters"]}),
            *(new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(sources)),
        ]
        nbformat.write(new_notebook(cells=cells), path)
        (tmp_path / "site").mkdir(exist_ok=True)
        return Job("cost-revolution", CostRevolution(), path, tmp_path / "site", name=name)

    return make


def collect(jobs, run, **options):
    results = {result.name: result for result in run_all(jobs, run, **options)}
    assert len(results) == len(jobs)
    return results


@pytest.mark.parametrize("forks", BOTH)
def test_a_notebook_costs_only_itself(job, forks, tmp_path, monkeypatch):
    """Failing, exiting, crashing, hanging and memory-eating ones among good ones, two at a time."""
    # an ordinary kernel takes a while to start, and eating a while on a busy machine
    seconds = 10 if forks else 20
    monkeypatch.setattr(tempfile, "tempdir", tempfile.mkdtemp(prefix="b-", dir=tmp_path))
    made = [
        job("good-1", "print(1)"),
        job("hangs", "x = 1", "# for ever\nwhile True: pass"),
        job("raises", "1 / 0", "print('never')"),
        job("exits", "import os", "os._exit(3)"),
        job("good-2", "print(2)"),
        job("crashes", "import ctypes; ctypes.string_at(0)"),
        job("eats", "many = [b'x' * 2**20 for _ in range(4000)]"),
        job("good-3", "print(3)"),
    ]
    results = collect(
        made,
        engine_runs.notebook,
        slots=2,
        forks=forks,
        limits=Limits(timeout=seconds, memory=2**30),
    )
    assert {name: result.status for name, result in results.items()} == {
        job.name: "built" if job.name.startswith("good") else "failed" for job in made
    }
    faults = {name: (r.error["name"], r.error["cell"]) for name, r in results.items() if r.error}
    assert faults == {
        "hangs": ("TimedOut", 3),
        "raises": ("ZeroDivisionError", 2),
        "exits": ("KernelDied", 3),
        "crashes": ("KernelDied", 2),
        "eats": ("MemoryError" if sys.platform.startswith("linux") else faults["eats"][0], 2),
    }
    assert results["hangs"].error["text"] == (
        f"hangs.ipynb, cell 3 ('# for ever'): TimedOut: not done after {seconds} seconds"
    )
    assert [results[f"good-{n}"].paths["text"] for n in (1, 2, 3)] == ["1\n", "2\n", "3\n"]
    assert list(Path(tempfile.tempdir).iterdir()) == []


@pytest.mark.parametrize("forks", BOTH)
def test_a_worker_that_dies_costs_only_its_report(job, forks, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", tempfile.mkdtemp(prefix="b-", dir=tmp_path))
    monkeypatch.setattr(pool, "_GRACE_SECONDS", 1)
    names = ["good", "exit", "kill", "hang", "exit-once", "raise", "last"]
    results = collect(
        [job(name) for name in names],
        engine_runs.troubled,
        slots=2,
        forks=forks,
        limits=Limits(timeout=1),
    )
    assert {name: result.status for name, result in results.items()} == {
        name: "built" if name in ("good", "exit-once", "last") else "failed" for name in names
    }
    assert results["exit"].error["text"] == "exit.ipynb: WorkerDied: its worker ended with status 3"
    assert "SIGKILL" in results["kill"].error["message"]
    assert results["hang"].error["text"] == "hang.ipynb: TimedOut: not done after 1 seconds"
    assert results["raise"].error["name"] == "KeyError"
    assert list(Path(tempfile.tempdir).iterdir()) == []
    assert (
        results["exit-once"].paths["text"] == "twice"
    )  # a crash is tried once more without asking


@pytest.mark.slow
def test_one_batch_of_spawned_workers_may_follow_another(job, monkeypatch):
    """What ends with a batch isn't Python's tracker of resources: the next batch would warn of its death."""
    tracker = resource_tracker.ResourceTracker()
    for name in ("ensure_running", "getfd"):
        monkeypatch.setattr(resource_tracker, name, getattr(tracker, name))
    for _ in range(2):
        collect([job("one"), job("two")], engine_runs.trivial, slots=2, forks=False)


def test_jobs_stream_through_a_few_workers_that_are_renewed(job, monkeypatch):
    """200 jobs: few are taken ahead, no worker serves too many, and the parent doesn't grow."""
    monkeypatch.setattr(pool, "_REPORTS_PER_WORKER", 40)
    one, taken, ahead, pids, sizes = job("one"), 0, [], Counter(), []

    def stream():
        nonlocal taken
        for _ in range(200):
            taken += 1
            yield one

    tracemalloc.start()
    try:
        for number, result in enumerate(run_all(stream(), engine_runs.trivial, slots=2)):
            ahead.append(taken - number)
            pids[result.paths["text"]] += 1
            if number % 50 == 49:
                gc.collect()
                sizes.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert (pids.total(), max(pids.values()), len(pids) >= 5, max(ahead) <= 4) == (
        200,
        40,
        True,
        True,
    )
    assert sizes[-1] - sizes[1] < 100_000


def test_one_job_runs_in_this_process(job):
    assert collect([job("one")], engine_runs.trivial, slots=2)["one"].paths["text"] == str(
        os.getpid()
    )
    (result,) = run_all([job("two", "print(p := 6 * 7)")], engine_runs.notebook, slots=2)
    assert result.paths["text"] == "42\n"
    assert list(run_all([], engine_runs.trivial, slots=2)) == []


def test_without_a_warm_process_workers_start_ordinarily_and_the_user_reads_why(
    job, monkeypatch, caplog
):
    monkeypatch.setattr(forked, "_MAIN", "raise SystemExit(1)")
    results = collect(
        [job("a", "print('a')"), job("b", "print('b')")], engine_runs.notebook, slots=1
    )
    assert [results[name].paths["text"] for name in "ab"] == ["a\n", "b\n"]
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("WARNING", "kernels start one by one, which takes longer: the warm process did not start")
    ]


@pytest.mark.parametrize("forks", BOTH)
def test_leaving_early_ends_everything(job, forks, tmp_path, monkeypatch):
    scratch = tmp_path / "temporary"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    marks = [tmp_path / name for name in ("a", "b", "c")]
    made = [
        job(
            path.name,
            f"open({str(path)!r}, 'w').close()\nimport time; time.sleep({300 if n else 0})",
        )
        for n, path in enumerate(marks)
    ]
    before = own_children()  # the browser's, for one, in a whole run of the tests
    results = run_all(made, engine_runs.notebook, slots=2, forks=forks)
    assert next(results).name == "a"
    assert set(own_children()) > set(before)
    results.close()
    assert own_children() == before
    assert list(scratch.iterdir()) == []


def own_children():
    return [
        pid
        for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        if "resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_text()
    ]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc")
@pytest.mark.parametrize(
    ("end", "kind", "count"),
    [
        (signal.SIGINT, "fork", 2),
        pytest.param(signal.SIGKILL, "fork", 2, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, "fork", 2, marks=pytest.mark.slow),
        pytest.param(signal.SIGINT, "spawn", 2, marks=pytest.mark.slow),
        pytest.param(signal.SIGTERM, "spawn", 2, marks=pytest.mark.slow),
        pytest.param(signal.SIGKILL, "spawn", 2, marks=pytest.mark.slow),
        (signal.SIGKILL, "alone", 1),
        pytest.param(signal.SIGTERM, "alone", 1, marks=pytest.mark.slow),
    ],
)
def test_a_build_that_is_ended_leaves_nothing(job, tmp_path, end, kind, count):
    mark = tmp_path / "running"
    made = job(
        "cost-revolution", f"import time\nopen({str(mark)!r}, 'a').write('x')\ntime.sleep(300)"
    )
    build = engine_runs.Build(
        made.out, "notebook", ["a", "b"][:count], kernel={"alone": "auto"}.get(kind, kind)
    )
    engine_runs.wait_for(lambda: mark.exists() and len(mark.read_text()) == count)
    assert len(build.alive()) > count
    build.process.send_signal(end)
    assert build.process.wait(20) != 0
    build.process.stdout.close()
    assert build.left() == []
