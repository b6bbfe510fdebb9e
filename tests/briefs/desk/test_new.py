"""A project from the template: where it may be made, what it remembers, how a later template is merged."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import copier
import pytest
import yaml
from typer.testing import CliRunner

from briefs.__main__ import app
from briefs.desk import new
from briefs.project import PlanError

ROOT = Path(__file__).parents[3]
TEMPLATE = "briefs/desk/templates/project"
IGNORED = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


def git(folder, *words):
    done = subprocess.run(["git", *IGNORED, *words], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def commit(folder):
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "as it is")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """A repository of the tool that holds no more than the template, as `briefs` finds it."""
    folder = tmp_path / "tool"
    shutil.copytree(ROOT / TEMPLATE, folder / TEMPLATE)
    shutil.copy(ROOT / "copier.yml", folder)
    monkeypatch.setattr(new, "TOOL", folder / "briefs")
    monkeypatch.setattr(new, "_TEMPLATE", folder / TEMPLATE)
    monkeypatch.setattr(new, "_distribution", lambda: Installed())
    return folder


class Installed:
    """What the tool was installed from, as pip notes it."""

    metadata = {"Name": "the-tool"}  # noqa: RUF012
    version = "1.2"

    def __init__(self, noted=None):
        self.noted = noted

    def read_text(self, name):
        return json.dumps(self.noted) if self.noted else None


def test_a_later_template_is_merged_with_what_was_changed_here(tool, tmp_path):
    commit(tool)
    project = new.create(tmp_path / "tides", {})
    science = project / "tides/counts.py"
    science.write_text(science.read_text() + "\n\nOWN = 1\n")
    commit(project)
    later = tool / TEMPLATE / "files"
    path = later / "{{package}}/counts.py.jinja"
    path.write_text(
        path.read_text().replace('"""How the counts grew', '"""How much the counts grew')
    )
    (later / "NEW.md").write_text("later\n")
    after = commit(tool)
    copier.run_update(project, defaults=True, overwrite=True, quiet=True)
    merged = science.read_text()
    assert merged.startswith('"""How much the counts grew') and merged.endswith("OWN = 1\n")
    assert (project / "NEW.md").read_text() == "later\n"
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert answers["_src_path"] == str(tool) and after.startswith(answers["_commit"].split("+")[-1])
    assert answers["title"] == "Tides"


@pytest.mark.parametrize(
    ("noted", "source", "requirement"),
    [
        (
            {"url": "https://code.example/t", "vcs_info": {"vcs": "git", "commit_id": "c0ffee"}},
            "https://code.example/t",
            "the-tool @ git+https://code.example/t@c0ffee",
        ),
        (
            {"url": "https://files.example/t.whl", "archive_info": {}},
            None,
            "the-tool @ https://files.example/t.whl",
        ),
        (None, None, "the-tool==1.2"),
    ],
)
def test_a_project_names_what_the_tool_was_installed_from(
    tool, tmp_path, monkeypatch, noted, source, requirement
):
    monkeypatch.setattr(new, "_distribution", lambda: Installed(noted))
    project = new.create(tmp_path / "tides", {})
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert answers["_src_path"] == source if source else "_commit" not in answers
    assert requirement in (project / "requirements.txt").read_text().splitlines()


def test_a_tool_installed_from_a_folder_is_found_there(tool, tmp_path, monkeypatch):
    folder = tmp_path / "checkout"
    folder.mkdir()
    (folder / "README.md").touch()
    head = commit(folder)
    noted = {"url": folder.as_uri(), "dir_info": {}}
    monkeypatch.setattr(new, "_distribution", lambda: Installed(noted))
    project = new.create(tmp_path / "tides", {})
    answers = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert (answers["_src_path"], answers["_commit"]) == (str(folder), head)
    assert (
        f"the-tool @ {folder.as_uri()}" in (project / "requirements.txt").read_text().splitlines()
    )


@pytest.mark.parametrize(
    ("name", "titles", "said"),
    [
        ("Tides", {}, "must be small letters and digits with single hyphens"),
        ("t" * 61, {}, "must be small letters"),
        ("json", {}, "Python has a module json already"),
        ("tides", {"title": 'The "tides"'}, "'title': must be a line of plain text"),
        ("tides", {"title_ms": "a\nb"}, "'title_ms': must be a line of plain text"),
        ("taken", {}, "taken: is there already; choose a new folder"),
    ],
)
def test_what_can_be_no_project_is_refused_and_nothing_is_made(tmp_path, name, titles, said):
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken/own.txt").write_text("mine")
    with pytest.raises(PlanError, match=said):
        new.create(tmp_path / name, titles)
    assert [p.name for p in tmp_path.rglob("*")] == ["taken", "own.txt"]


def test_the_command_says_where_to_go_on_and_what_it_lacks(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["new", "tides", "--title", "The tides"])
    assert (done.exit_code, done.stderr) == (
        0,
        "made tides; README.md there says how to go on\n",
    )
    assert (tmp_path / "tides/README.md").read_text().startswith("# The tides\n")
    monkeypatch.setitem(sys.modules, "copier", None)
    done = CliRunner().invoke(app, ["new", "waves"])
    assert done.exit_code == 2 and "needs copier: pip install" in done.stderr
