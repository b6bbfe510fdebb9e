"""Provenance: the state of git, hashes that change with what they stand for, and no clock."""

import hashlib
import json
import os
import subprocess

import pytest

from briefs.engine import provenance
from briefs.evidence import catalog
from briefs.project import PlanError, data_folder, project


def git(root, *arguments):
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2025-01-28T12:00:00+00:00")
    git(tmp_path, "init")
    (tmp_path / "a.txt").write_text("a")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    return tmp_path


def test_a_clean_checkout_names_its_commit_and_the_commits_time(repository):
    state = provenance.git_state(repository)
    assert len(state["commit"]) == 40
    assert state["dirty"] is False
    assert provenance.build_time(state["committed"]) == "2025-01-28T12:00:00+00:00"


def test_a_changed_or_new_file_makes_it_dirty(repository):
    (repository / "b.txt").write_text("b")
    assert provenance.git_state(repository)["dirty"] is True
    (repository / "b.txt").unlink()
    (repository / "a.txt").write_text("other")
    assert provenance.git_state(repository)["dirty"] is True


def test_a_git_hook_does_not_lead_astray(repository, monkeypatch):
    expected = provenance.git_state(repository)
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert provenance.git_state(repository) == expected


def test_outside_git_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    nothing = {"commit": None, "dirty": None, "committed": None}
    assert provenance.git_state(tmp_path) == nothing
    monkeypatch.setenv("PATH", "")
    assert provenance.git_state(tmp_path) == nothing
    assert provenance.build_time(None) is None


def test_a_folder_inside_another_repository_has_no_commit_of_its_own(repository):
    inner = repository / "venv" / "lib"
    inner.mkdir(parents=True)
    assert provenance.git_state(inner)["commit"] is None


def test_source_date_epoch_goes_before_the_commit(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert provenance.build_time(1_738_065_600) == "1970-01-01T00:00:00+00:00"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert provenance.build_time(1_738_065_600) == "2025-01-28T12:00:00+00:00"
    assert "SOURCE_DATE_EPOCH" not in os.environ  # IPython would take it for a number


@pytest.mark.parametrize("text", ["soon", "²", "1.5", "1e9", "-1", "9" * 20, "253402300800", " "])
def test_what_is_no_time_is_said_before_any_report(monkeypatch, text):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    with pytest.raises(PlanError, match=r"SOURCE_DATE_EPOCH: .* is no time; write whole seconds"):
        provenance.snapshot(project())


def test_a_hash_of_many_files_follows_names_and_contents_but_no_caches(tmp_path):
    def combined():
        return provenance.combined(provenance.file_hashes(tmp_path))

    (tmp_path / "a.py").write_text("1")
    first = combined()
    one = hashlib.sha256(b"1").hexdigest()
    assert first == hashlib.sha256(f"a.py\0{one}\n".encode()).hexdigest()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert combined() == first
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    renamed = combined()
    (tmp_path / "b.py").write_text("2")
    assert len({first, renamed, combined()}) == 3


def test_a_file_that_is_not_there_has_no_hash(tmp_path):
    (tmp_path / "x").write_bytes(b"")
    assert provenance.file_sha256(tmp_path / "x") == hashlib.sha256(b"").hexdigest()
    assert provenance.file_sha256(tmp_path / "y") is None


def test_versions_of_what_is_not_installed_are_null():
    found = provenance.versions(("numpy", "no-such-package-here"))
    assert found["numpy"] and found["no-such-package-here"] is None


@pytest.fixture
def here(own_project, monkeypatch):
    """A project with a file of each kind, in its package and in the tool, beside its evidence."""
    files = {
        "analysis/cost.py": "1",
        "analysis/locale/ms/LC_MESSAGES/analysis.po": "1",
        "analysis/locale/analysis.pot": "1",
        "analysis/__pycache__/cost.pyc": "1",
        "briefs/display/i18n.py": "1",
        "briefs/display/locale/ms/LC_MESSAGES/briefs.po": "1",
        "briefs/render/document.py": "1",
        "briefs/render/templates/brief.css": "1",
        "briefs/__main__.py": "1",
        "data/a.csv": "x\n1\n",
        "data/b.csv": "x\n2\n",
    }
    resources = [{"name": name, "path": f"{name}.csv", "schema": {}} for name in ("a", "b")]
    package = {"created": "2026-01-01", "resources": resources}
    for name, text in {**files, "data/datapackage.json": json.dumps(package)}.items():
        path = own_project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(provenance, "TOOL", own_project / "briefs")
    monkeypatch.delenv("BRIEFS_DATA", raising=False)
    return project()


def differing(before, after):
    return {name for name in vars(before) if vars(before)[name] != vars(after)[name]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("analysis/cost.py", {"package", "code"}),
        ("analysis/new.py", {"package", "code"}),
        ("briefs/display/i18n.py", {"package", "code"}),
        ("briefs/values.py", {"package", "code"}),
        ("briefs/render/document.py", {"package", "pages"}),
        ("briefs/__main__.py", {"package", "pages"}),
        ("briefs/render/templates/brief.css", {"package", "templates"}),
        ("analysis/locale/ms/LC_MESSAGES/analysis.po", {"package", "catalogues"}),
        ("briefs/display/locale/ms/LC_MESSAGES/briefs.po", {"package", "catalogues"}),
        ("analysis/locale/analysis.pot", {"package"}),
        ("analysis/__pycache__/cost.pyc", set()),
        ("data/a.csv", {"tables"}),
        ("data/claims.yml", {"data"}),
        ("data/editions.yml", {"data"}),
        ("notebooks/overview.ipynb", {"notebooks"}),
        ("requirements.lock", {"lock"}),
        ("README.md", set()),
    ],
)
def test_each_file_counts_for_what_it_can_change(here, name, expected):
    before = provenance.snapshot(here, git=False)
    assert before.still_hold()
    (here.root / name).parent.mkdir(exist_ok=True)
    (here.root / name).write_text("another text")
    assert differing(before, provenance.snapshot(here, git=False)) == expected
    assert before.still_hold() is (not expected)


def test_the_contract_of_a_table_counts_for_that_table_alone(here):
    before = provenance.snapshot(here)
    path = here.data / "datapackage.json"
    package = json.loads(path.read_text())
    package["resources"][1]["schema"] = {"x": 1}
    path.write_text(json.dumps(package))
    after = provenance.snapshot(here)
    changed = [n for n in after.contracts if after.contracts[n] != before.contracts[n]]
    assert changed == ["b"]
    assert differing(before, after) == {"contracts"}


def test_a_damaged_evidence_folder_is_left_to_the_notebooks_to_report(here):
    (here.data / "datapackage.json").write_text("{")
    found = provenance.snapshot(here)
    assert (found.tables, found.data["datapackage.json"]) == ({}, hashlib.sha256(b"{").hexdigest())


def test_the_evidence_is_where_the_catalogue_finds_it(tmp_path, monkeypatch):
    monkeypatch.delenv("BRIEFS_DATA", raising=False)
    assert data_folder() == catalog.data_root()
    assert provenance.snapshot(project()).tables == catalog.checksums()
    (tmp_path / "datapackage.json").write_text("{}")
    monkeypatch.setenv("BRIEFS_DATA", str(tmp_path))
    assert data_folder() == catalog.data_root() == tmp_path
