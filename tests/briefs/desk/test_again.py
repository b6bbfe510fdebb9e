"""Builds again and again: by the command, or in a fork of a process in waiting, with the same outcome."""

import json
import sys
from contextlib import chdir, closing

import pytest

from briefs.desk import new
from briefs.desk.again import Builder


@pytest.fixture
def builder(tmp_path, monkeypatch):
    """Build the one report of a new project into `out`, standing in that project."""
    root = new.create(tmp_path / "cycling", {"languages": "en"})
    monkeypatch.setenv("PYTHONPATH", str(root))
    with chdir(root), closing(Builder(tmp_path / "site", ["--formats", "html"])) as made:
        made.root, made.page = root, tmp_path / "site" / "en" / "cycling" / "index.html"
        made.notebook = root / "notebooks" / "cycling.ipynb"
        yield made


def edit(notebook, **sources):
    """Give the last cell of a kind another source."""
    content = json.loads(notebook.read_text("utf-8"))
    kinds = {}
    for cell in content["cells"]:
        kinds.setdefault(cell["cell_type"], []).append(cell)
    for kind, source in sources.items():
        kinds[kind][-1]["source"] = source
    notebook.write_text(json.dumps(content), "utf-8")


def drawings(folder):
    return {path.name: path.read_bytes() for path in (folder / "data").glob("*.svg")}


def test_what_the_command_says_is_told(tmp_path, capsys):
    with closing(Builder(tmp_path / "site", ["no-such-report"])) as builder:
        assert "no-such-report: unknown report" in builder(())
    assert "no-such-report" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux forks safely")
def test_a_notebook_is_built_in_a_fork_and_code_anew(builder, tmp_path, monkeypatch, capsys):
    (tmp_path / "matplotlibrc").write_text("axes.xmargin: 0.4\naxes.ymargin: 0.4\n")
    monkeypatch.setenv("MATPLOTLIBRC", str(tmp_path / "matplotlibrc"))
    assert builder(()) == ""
    assert (alike := drawings(builder.page.parent))
    waiting = builder._warm
    edit(builder.notebook, markdown="What was *edited*.")
    assert builder([str(builder.notebook)]) == ""
    assert "What was <em>edited</em>." in builder.page.read_text("utf-8")
    assert drawings(builder.page.parent) == alike  # a user's settings don't count either way
    assert capsys.readouterr().err.count(": built in ") == 2

    edit(builder.notebook, code="1 / 0")
    fault = builder([str(builder.notebook)])
    assert "ZeroDivisionError" in fault and "cycling.ipynb, cell" in fault
    assert builder._warm is waiting

    edit(builder.notebook, code="from cycling import later\nprint(later.WORD)")
    later = builder.root / "cycling" / "later.py"
    later.write_text("WORD = 1 / 0\n")
    assert "ZeroDivisionError" in builder([str(builder.notebook), str(later)])
    assert builder._warm is not waiting
