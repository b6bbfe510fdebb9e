"""Builds that are killed, or meet another, while they publish: a file of the site is whole at any moment."""

import importlib
import random
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
@pytest.mark.parametrize(("kind", "rounds"), [("fork", 40), ("spawn", 10)])
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


def test_two_builds_into_one_folder_leave_one_whole(out):
    both = [Build(out, "publish", ["a"], seed=seed) for seed in (1, 2)]
    assert all("built None" in build.process.communicate()[0] for build in both)
    assert [build.left() for build in both] == [[], []]
    files = published(out)
    assert (len(files), len(set(files.values())), "torn" in files.values()) == (5, 1, False)
    assert left_aside(out) == []
