"""The steps of the workflow that looks at the upstreams: `.ci/refresh`, then `.ci/refresh-pull-request`."""

import datetime as dt
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STEPS = ("refresh", "refresh-pull-request")


@pytest.fixture
def checkout(tmp_path):
    """A repository with the steps and a memory of what was decided; `run` runs a command in it."""
    (tmp_path / ".ci").mkdir()
    for name in STEPS:
        shutil.copy(ROOT / ".ci" / name, tmp_path / ".ci")
    memory = tmp_path / "data" / "upstream" / "decisions.csv"
    memory.parent.mkdir(parents=True)
    memory.write_text("feed,item\n")

    def run(*command, **env):
        return subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, env={**os.environ, **env}
        )

    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "begun"]):
        done = run("git", "-c", "user.name=a", "-c", "user.email=a@example.org", *command)
        assert done.returncode == 0, done.stderr
    return tmp_path, run


@pytest.mark.parametrize(("status", "ends", "said"), [(0, 0, 2), (1, 0, 2), (2, 2, 1)])
def test_a_source_that_is_down_keeps_no_other_back_and_a_wrong_request_ends_it(
    checkout, status, ends, said
):
    root, run = checkout
    (root / ".venv" / "bin").mkdir(parents=True)
    stub = root / ".venv" / "bin" / "briefs"
    stub.write_text(f'#!/bin/sh\necho "$@" >> said\n[ "$2" = accept ] || exit {status}\n')
    stub.chmod(0o755)
    assert run("bash", ".ci/refresh", "genai-prices").returncode == ends
    assert (root / "said").read_text().splitlines() == [
        "refresh genai-prices",
        "refresh accept",
    ][:said]


def test_a_proposal_becomes_a_branch_of_its_day_with_the_memory_alone(checkout):
    root, run = checkout
    day = dt.datetime.now(dt.UTC).date().isoformat()
    assert run("bash", ".ci/refresh-pull-request", DRY="1").stdout == f"nothing new on {day}\n"
    (root / "data/upstream/decisions.csv").write_text("feed,item\ngenai-prices,a\n")
    (root / "elsewhere").write_text("not of the look")
    text = root / "reports" / "proposals" / day / "pull-request.md"
    text.parent.mkdir(parents=True)
    text.write_text("One price moved.\n")
    done = run("bash", ".ci/refresh-pull-request", DRY="1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"git push --quiet origin refresh-{day}",
        f"gh pr create --title Evidence: proposal of {day} "
        f"--body-file reports/proposals/{day}/pull-request.md --head refresh-{day}",
    ]
    changed = run("git", "diff", "--name-only", "main", f"refresh-{day}").stdout
    assert changed == "data/upstream/decisions.csv\n"
