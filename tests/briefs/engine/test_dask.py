"""Reports made by other processes: a real scheduler with two workers, one of which is killed."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.params import CostRevolution
from briefs import parameters
from briefs.display.records import MIME
from briefs.engine import freshness, provenance, remote as scheduler
from briefs.engine.cache import Cache
from briefs.engine.kernels import Limits
from briefs.engine.plan import Job
from briefs.engine.remote import SchedulerError
from briefs.project import project

Client = pytest.importorskip("distributed").Client
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]

DEFAULTS = "\n".join(
    f"{name} = {value!r}" for name, value in parameters.injected(CostRevolution()).items()
)


def start(*arguments):
    env = {
        **os.environ,
        "PYTHONPATH": str(project().root),
        "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "60s",
    }
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def worker(address, folder):
    options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", folder)
    return start("worker", address, *options)


@pytest.fixture(autouse=True)
def log():
    """Leave the real log of editions, which the workers read, in place of the one that other tests pin."""


@pytest.fixture(scope="module")
def address():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    process = start("scheduler", "--host", address, "--no-dashboard", "--no-show")
    yield address
    process.terminate()
    process.wait(30)


@pytest.fixture(scope="module")
def scratch():
    """Folder of all that is temporary on the workers: a short one, for the sockets of kernels."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def workers(address, scratch):
    started = [worker(address, scratch / str(number)) for number in range(2)]
    yield started
    for process in started:
        process.kill()
        process.wait(30)


@pytest.fixture(scope="module")
def sources():
    return provenance.snapshot(project())


@pytest.fixture
def job(tmp_path, sample):
    """Make a job of a notebook that shows what every page needs and runs these cells."""
    record = {MIME: {**sample.BRIEF, "checksums": {}}, "text/plain": ""}
    shows = f"import json\nget_ipython().display_pub.publish(json.loads({json.dumps(record)!r}))"

    def make(name, *cells):
        path = tmp_path / "project" / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(
            new_notebook(
                cells=[
                    new_code_cell(DEFAULTS, id="parameters", metadata={"tags": ["parameters"]}),
                    new_code_cell(shows, id="shows"),
                    *(new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)),
                ]
            ),
            path,
        )
        return Job(
            "cost-revolution", CostRevolution(), path, tmp_path / "site", ("html",), name=name
        )

    return make


def test_no_worker_is_an_error(address, sources, job, monkeypatch):
    monkeypatch.setattr(scheduler, "_WORKER_SECONDS", 0.5)
    with pytest.raises(
        SchedulerError, match=f"no worker has joined; start some: dask worker {address}"
    ):
        list(scheduler.run_all([job("a")], address, sources))


def test_no_scheduler_is_an_error(sources, job, monkeypatch):
    monkeypatch.setattr(scheduler, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(SchedulerError, match=r"^tcp://127\.0\.0\.1:1: no scheduler answers"):
        list(scheduler.run_all([job("a")], "tcp://127.0.0.1:1", sources))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        *((text, "is no address; write tls://HOST:PORT") for text in ("foo", "tcp://", "tcp://a")),
        ("tls://127.0.0.1:1", "names no keys"),
    ],
)
def test_what_is_no_address_is_said_at_once(sources, given, said):
    start = time.monotonic()
    with pytest.raises(SchedulerError, match=f"^{re.escape(given)}: .*{said}"):
        list(scheduler.run_all([], given, sources))
    assert time.monotonic() - start < 5


def test_an_address_that_others_reach_is_warned_of(sources, caplog, monkeypatch):
    monkeypatch.setattr(scheduler, "_CONNECT_SECONDS", 0.1)
    for given in ("tcp://127.0.0.1:1", "tcp://no.such.host.invalid:1"):
        with pytest.raises(SchedulerError):
            list(scheduler.run_all([], given, sources))
    [warning] = [
        record.getMessage() for record in caplog.records if record.name == scheduler.__name__
    ]
    assert warning.startswith("tcp://no.such.host.invalid:1 isn't encrypted: whoever reaches it")


def test_a_worker_with_other_evidence_is_refused(address, workers, sources, job):
    other = replace(sources, tables={**sources.tables, "model-prices": "0"}, lock="0")
    with pytest.raises(SchedulerError, match=r"tcp://.*: has other tables, lock than this machine"):
        list(scheduler.run_all([job("a")], address, other))
    # a worker that joins later checks by itself
    with Client(address, set_as_default=False) as client:
        refused, files = client.submit(
            scheduler.make, job("a"), b"", other, Limits(), False, pure=False
        ).result(30)
    assert (refused.status, files) == ("failed", {})
    assert "WorkerDiffers: the worker on " in refused.error["text"]


def test_what_is_wrong_with_a_notebook_comes_back(address, workers, sources, job):
    made = [job("good"), job("bad", "x = 1", "1 / 0")]
    results = {r.name: r for r in scheduler.run_all(made, address, sources)}
    assert results["good"].error is None
    assert (
        results["bad"].error["text"]
        == "bad.ipynb, cell 4 ('1 / 0'): ZeroDivisionError: division by zero"
    )
    assert not (made[1].out / made[1].place).exists()


def test_a_notebook_runs_in_the_project_of_the_worker(address, workers, sources, job):
    """It comes along in a temporary folder, from where another project would be found, or none."""
    found = "import os\nfrom briefs.project import project\nassert os.getcwd() == str(project().notebooks)"
    (result,) = scheduler.run_all([job("a", found)], address, sources)
    assert result.error is None


def test_what_comes_back_is_kept_in_the_cache(address, workers, job, tmp_path):
    cache, one, sources = (
        Cache(tmp_path / "cache"),
        job("a"),
        provenance.snapshot(project()),
    )
    (result,) = scheduler.run_all([one], address, sources, cache=cache)
    assert result.error is None
    kept, folder = freshness.recall(one, sources, cache), one.out / one.place
    assert kept == {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert freshness.recall(one, replace(sources, code="other"), cache) is None


def test_all_reports_arrive_though_a_worker_is_killed(address, workers, scratch, sources, job):
    """Stands last, as it costs a worker. What that leaves goes when another one starts in its folder."""
    made = [job(f"r{i}", "import time; time.sleep(0.5)") for i in range(12)]
    results, own = {}, scratch / "0"

    def kill_in_a_notebook():
        while len(results) < 2 or not [*own.rglob("kernel-*")]:
            time.sleep(0.01)
        os.kill(workers[0].pid, signal.SIGKILL)

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    threading.Thread(target=kill_in_a_notebook, daemon=True).start()
    for result in scheduler.run_all(made, address, sources):
        results[result.name] = result
    assert workers[0].wait(10) == -signal.SIGKILL
    assert {name: result.error for name, result in results.items()} == {
        job.name: None for job in made
    }
    for one in made:
        folder = one.out / one.place
        assert (
            json.loads((folder / "results.json").read_text("utf-8"))["report"] == "cost-revolution"
        )
        assert "time.sleep(0.5)" in (folder / "notebook.ipynb").read_text("utf-8")

    assert [*own.rglob("kernel-*")]
    workers.append(worker(address, own))
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    assert not [*own.rglob("kernel-*")]
