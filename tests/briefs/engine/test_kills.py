"""Builds that are killed, or meet another, while they publish: a file of the site is whole at any moment."""

import importlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from briefs.engine import staging

sys.path.append(str(Path(__file__).parent))
engine_runs = importlib.import_module("engine_runs")
Build, wait_for = engine_runs.Build, engine_runs.wait_for
pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="looks for processes in /proc"
)


@pytest.fixture
def out(tmp_path):
    """Folder of a site."""
    (tmp_path / "site").mkdir()
    return tmp_path / "site"


def published(out):
    """Number that each published file repeats, or what is wrong with it."""

    def read(path):
        lines = path.read_bytes().splitlines()
        return int(lines[0]) if len(lines) == 100_000 and len(set(lines)) == 1 else "torn"

    return {
        path.relative_to(out).as_posix(): read(path)
        for path in out.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(out).parts)
    }


def left_aside(out):
    """Hidden files, and what a build keeps for itself beyond its mark and its records."""
    own = (path for path in (out / staging.OWN).iterdir() if path.suffix not in ("", ".json"))
    return [*own, *(path for path in out.rglob(".*") if path.name != staging.OWN)]


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "rounds"), [("fork", 24), ("spawn", 10)])
def test_killed_at_any_moment_every_file_is_whole(out, kind, rounds):
    names, moments, killed = ["a", "b", "c"], random.Random(rounds), []
    build = Build(out, "publish", names, seed=0, kernel=kind)
    assert build.process.stdout.readline() == "go\n"
    started = time.monotonic()
    build.process.communicate()
    took = time.monotonic() - started
    assert build.left() == []
    whole = published(out)
    assert (len(whole), set(whole.values())) == (15, {0})
    for seed in range(1, rounds + 1):
        build = Build(out, "publish", names, seed=seed, kernel=kind)
        build.process.stdout.readline()
        time.sleep(moments.uniform(0, took))
        build.process.kill()
        build.process.communicate()
        wait_for(lambda: not build.writers())  # noqa: B023  called right here
        files = published(out)
        assert files.keys() == whole.keys()
        assert set(files.values()) <= set(range(seed + 1))
        staging.settle(out)  # as the next build begins
        files = published(out)
        assert [len({n for path, n in files.items() if f"/{name}/" in path}) for name in names] == [
            1
        ] * 3
        killed.append(build)  # cleared up while the next one runs, as a user's would be
    build = Build(out, "publish", names, seed=99, kernel=kind)
    build.process.communicate()
    assert [build.left() for build in (*killed, build)] == [[]] * (rounds + 1)
    assert set(published(out).values()) == {99}
    assert left_aside(out) == []


def publishing(out, seed):
    """A process that puts the files of a page in their places, and nothing else."""
    (job,) = engine_runs.jobs(out, ["a"], seed)
    pid = os.fork()
    if not pid:
        try:
            engine_runs.publish(job, times=1)
        finally:
            os._exit(0)
    return pid


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("rounds", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_killed_while_files_are_put_in_place(out, rounds):
    """Between the bytes of a file and between files, where a kill of a whole build seldom comes."""
    os.waitpid(publishing(out, 0), 0)
    started = time.monotonic()
    os.waitpid(publishing(out, 1), 0)
    took, moments = time.monotonic() - started, random.Random(rounds)
    for seed in range(2, rounds + 2):
        pid = publishing(out, seed)
        time.sleep(moments.uniform(0, took))
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        files = published(out)
        assert len(files) == 5 and "torn" not in files.values()
        staging.settle(out)
        assert len(set(published(out).values())) == 1
        assert left_aside(out) == []


DAY = re.compile(r'as_of(?:=|\\?": \\?")(2025-\d\d-01)')


def dates(out):
    """The days that the files of each page say they were built for."""
    pages = (path.parent for path in out.rglob("results.json"))
    names = ("index.html", "notebook.ipynb", "results.json", "inputs.json")
    return [
        {day for n in names for day in DAY.findall((page / n).read_text("utf-8"))} for page in pages
    ]


@pytest.mark.slow
def test_a_real_build_that_is_killed_leaves_each_page_of_one_build(tmp_path, sample_project):
    project = shutil.copytree(sample_project, tmp_path / "project")
    out, scratch, moments = tmp_path / "site", tmp_path / "scratch", random.Random(19)
    scratch.mkdir()
    env = {**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": str(Path(__file__).parents[3])}
    words = "-m briefs build cycling --set x --language en,ms --no-cache --out"
    command = [sys.executable, *words.split(), str(out)]

    def build(month):
        more = ["-p", f"as_of=2025-{month:02}-01"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([*command, *more], cwd=project, env=env, **quiet)

    started = time.monotonic()
    assert build(7).wait() == 0
    took = time.monotonic() - started
    for month in (8, 9, 10, 11):
        killed = build(month)
        time.sleep(moments.uniform(took / 3, took))
        killed.kill()
        killed.wait()
        wait_for(lambda: not list(scratch.iterdir()))
        staging.settle(out)
        assert [len(days) for days in dates(out)] == [1, 1]
    assert build(12).wait() == 0
    assert dates(out) == [{"2025-12-01"}] * 2
    assert left_aside(out) == [] and list(scratch.iterdir()) == []


def test_two_builds_into_one_folder_leave_one_whole(out):
    both = [Build(out, "publish", ["a"], seed=seed) for seed in (1, 2)]
    assert all("built None" in build.process.communicate()[0] for build in both)
    assert [build.left() for build in both] == [[], []]
    files = published(out)
    assert (len(files), len(set(files.values())), "torn" in files.values()) == (5, 1, False)
    assert left_aside(out) == []
