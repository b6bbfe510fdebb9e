"""Seventy notebooks that mean harm, and good ones among them: none leaves a process, a file or a socket."""

import importlib
import os
import sys
import tempfile
import time
import uuid
from contextlib import suppress
from multiprocessing import resource_tracker
from pathlib import Path

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook

from analysis.params import CostRevolution
from briefs import parameters
from briefs.engine.kernels import Limits, forked
from briefs.engine.plan import Job
from briefs.engine.pool import run_all

HERE = Path(__file__).parent
sys.path.append(str(HERE))
engine_runs = importlib.import_module("engine_runs")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes in /proc"),
]
HOSTILE = yaml.safe_load((HERE / "hostile.yml").read_text("utf-8"))
FIRST = """
import asyncio, atexit, builtins, concurrent.futures, ctypes, http.server, multiprocessing, os, resource, shutil
import signal, socket, subprocess, sys, tempfile, threading, time
mark, victim, me = {mark!r}, {victim!r}, os.getpid()
sleep = [sys.executable, "-c", "import time; time.sleep(600)", mark]
above = open(f"/proc/{{os.getppid()}}/environ").read()
parent = os.getppid() if mark in above else None  # never one that isn't the build's

def daemon():
    if not os.fork():
        os.setsid()
        os.fork() or time.sleep(600)
        os._exit(0)
    time.sleep(0.2)
"""
DEFAULTS = "\n".join(f"{n} = {v!r}" for n, v in parameters.injected(CostRevolution()).items())


def left_by(mark):
    """Processes that came from these notebooks: in their environment, their arguments, or in what they hold."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            said = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            held = [os.readlink(link) for link in ((folder / "cwd"), *(folder / "fd").iterdir())]
            if mark.encode() in said or any(mark in path for path in held):
                found.append(
                    (folder.name, (folder / "cmdline").read_text().replace("\0", " ")[:80])
                )
    return [one for one in found if one[0] != str(os.getpid())]


@pytest.fixture
def job(tmp_path, monkeypatch):
    """Make a job of a cell; all that it starts can be found by its mark."""
    mark, victim = f"mark-{uuid.uuid4().hex}", tmp_path / "victim"
    victim.mkdir()
    (victim / "letter.txt").write_text("x")
    resource_tracker.ensure_running()  # stays with the process that builds, so it isn't to have the mark
    monkeypatch.setenv("BRIEFS_TEST", mark)
    monkeypatch.setenv("PYTHONPATH", str(HERE))
    monkeypatch.setattr(forked, "_MAIN", engine_runs.LIGHT)
    monkeypatch.setattr(tempfile, "tempdir", tempfile.mkdtemp(prefix=f"{mark}-", dir=tmp_path))
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "site").mkdir()

    def make(name, source):
        path = tmp_path / "notebooks" / f"{name.replace(' ', '-')}.ipynb"
        cells = [
            new_code_cell(DEFAULTS, id="parameters", metadata={"tags": ["parameters"]}),
            new_code_cell(FIRST.format(mark=mark, victim=str(victim)), id="first"),
            new_code_cell(source, id="hostile"),
        ]
        nbformat.write(new_notebook(cells=cells), path)
        return Job("cost-revolution", CostRevolution(), path, tmp_path / "site", name=path.stem)

    make.mark, make.victim = mark, victim
    return make


@pytest.mark.parametrize("kinds", [["built", "failed", "late"], ["any"]])
def test_nothing_that_a_notebook_leaves_outlives_the_batch(job, kinds):
    cells = [(kind, name, source) for kind in kinds for name, source in HOSTILE[kind].items()]
    made = []
    for number, (_kind, name, source) in enumerate(cells):
        made += [job(f"good-{number}", "print(1)")] if number % 8 == 0 else []
        made.append(job(name, source))
    limits = Limits(timeout=10, memory=2**30)
    results = {r.name: r for r in run_all(made, engine_runs.notebook, slots=2, limits=limits)}
    end = time.monotonic() + 5
    while (left := left_by(job.mark)) and time.monotonic() < end:
        time.sleep(0.1)
    assert left == []
    assert list(Path(tempfile.tempdir).iterdir()) == []
    assert [path.name for path in job.victim.iterdir()] == ["letter.txt"]
    expected = {one.name: "built" for one in made if one.name.startswith("good")}
    expected |= {
        name.replace(" ", "-"): "built" if kind == "built" else "failed"
        for kind, name, _ in cells
        if kind != "any"
    }
    assert {
        n: (results[n].status, results[n].error)
        for n in expected
        if results[n].status != expected[n]
    } == {}
    assert results.keys() == {one.name for one in made}
