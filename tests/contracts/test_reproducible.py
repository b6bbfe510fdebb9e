"""The same commit gives the same bytes: whoever builds it, where, and however their machine is set up."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from briefs.engine.build_report import FILE

ROOT = Path(__file__).parents[2]


def clone(folder):
    subprocess.run(["git", "clone", "--quiet", "--local", ROOT, folder], check=True)
    return folder


def build(project, *options, **environment):
    """Build two reports and the pages around them; return the files of the site."""
    command = [sys.executable, "-P", "-m", "briefs", "build", "regulatory-outlook", "overview"]
    command += ["--set", "default", "--language", "en,ms", "--no-cache", *options]
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(project), **environment}
    done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    site = project / "reports/site"
    found = (path for path in site.rglob("*") if path.is_file())
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in found}


@pytest.mark.slow
@pytest.mark.skipif(not (ROOT / ".git").exists() or not shutil.which("git"), reason="no clone")
def test_two_clones_give_the_same_bytes(tmp_path):
    home = tmp_path / "home"
    (home / ".config/matplotlib").mkdir(parents=True)
    (home / ".config/matplotlib/matplotlibrc").write_text("font.size: 30\nlines.linewidth: 9\n")
    (home / ".ipython/profile_default/startup").mkdir(parents=True)
    (home / ".ipython/profile_default/startup/a.py").write_text("import pandas; pandas = None\n")
    one = build(
        clone(tmp_path / "one"),
        *("--jobs", "2"),
        HOME=str(home),
        TZ="America/Anchorage",
        LANG="C.UTF-8",
        PYTHONHASHSEED="1",
    )
    deep = tmp_path / "another one" / "façade"
    deep.mkdir(parents=True)
    two = build(
        clone(deep / "two"),
        *("--no-fork", "--jobs", "1"),
        HOME="/dev/null/nowhere",
        TZ="Asia/Kuala_Lumpur",
        LC_ALL="ms_MY.UTF-8",
        PYTHONHASHSEED="2",
        MPLBACKEND="nonsense",
        OMP_NUM_THREADS="4",
    )
    told = [json.loads(found.pop(FILE)) for found in (one, two)]  # how long each report took
    assert [str(tmp_path) in json.dumps(found, ensure_ascii=False) for found in told] == [False] * 2
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
