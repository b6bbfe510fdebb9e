"""Whole builds where files, their sizes or the disk run out: a clear error, and nothing half-written."""

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from briefs.engine import staging

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the limits are Linux's"),
]


@pytest.fixture
def build(tmp_path, sample_project):
    """Build a project of two reports, two at a time, into a folder; return exit code and what was said."""
    project = shutil.copytree(sample_project, tmp_path / "project")

    def build(out, *more, **limits):
        def limit():
            for name, value in limits.items():
                resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))

        command = [sys.executable, "-m", "briefs", "build", "--out", str(out), "--no-cache"]
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
        done = subprocess.run(
            [*command, "--jobs", "2", *more],
            cwd=project,
            env=env,
            preexec_fn=limit,
            capture_output=True,
            text=True,
        )
        assert "Traceback" not in done.stderr and "Warning" not in done.stderr
        return done.returncode, done.stderr

    return build


def pages(out):
    """The places of reports, each of which is there whole; and nothing is left of what isn't."""
    left = [path.name for path in (out / staging.OWN).iterdir() if path.suffix not in ("", ".json")]
    assert left == []
    for path in out.rglob("*.json"):
        json.loads(path.read_bytes())
    for path in out.rglob("index.html"):
        assert path.read_bytes().rstrip().endswith(b"</html>")
    found = staging.places(out)
    for place in found:
        assert {"index.html", "brief.pdf", "inputs.json"} <= {
            path.name for path in (out / place).iterdir()
        }
        assert all((out / place / name).is_file() for name in staging.recorded(out, place))
    return found


BOTH = ["en/cycling", "ms/cycling"]


def test_sixty_four_open_files_are_enough(build, tmp_path):
    code, said = build(tmp_path / "site", NOFILE=64)
    assert code == 0, said
    assert pages(tmp_path / "site") == BOTH


def test_with_far_fewer_each_report_is_built_or_says_why(build, tmp_path):
    code, said = build(tmp_path / "site", NOFILE=16)
    built = pages(tmp_path / "site")
    assert (code == 0) == (built == BOTH)
    assert said.count(": failed: ") == 2 - len(built)
    assert not code or "too many open files" in said.lower()


def test_a_file_that_may_not_be_so_large_is_named_and_the_pages_stay(build, tmp_path):
    out = tmp_path / "site"
    assert build(out)[0] == 0
    before = {path: path.read_bytes() for path in out.rglob("*.html")}
    code, said = build(out, "--force", "-p", "as_of=2025-07-01", "--set", "x", FSIZE=20_000)
    assert code == 1 and f"cannot write {out}" in said and "File too large" in said
    assert pages(out) == BOTH
    assert {path: path.read_bytes() for path in out.rglob("*.html")} == before


@pytest.fixture
def disk(tmp_path):
    """Return what makes a disk of so many bytes, as it is root's to do."""
    folder = tmp_path / "disk"
    folder.mkdir()

    def disk(options):
        made = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], capture_output=True
        )
        if made.returncode:
            pytest.skip("nobody but root may mount a disk")
        return folder

    yield disk
    subprocess.run(["umount", folder], capture_output=True)


@pytest.mark.parametrize(("size", "built"), [("200k", []), ("1500k", BOTH)])
def test_a_full_disk_is_said_and_what_is_there_is_whole(build, disk, size, built):
    out = disk(f"size={size}") / "site"
    code, said = build(out)
    assert code == 1 and f"cannot write {out}" in said and "No space left on device" in said
    assert pages(out) == built


def test_nothing_is_tried_on_a_disk_that_is_read_alone(build, disk):
    out = disk("size=9m") / "site"
    assert build(out)[0] == 0
    disk("remount,ro")
    code, said = build(out, "--force")
    assert code == 2 and said == f"error: cannot write into {out}: Read-only file system\n"
    assert pages(out) == BOTH
