"""Provenance: the state of git, hashes that change with what they stand for, and no clock."""

import hashlib
import json
import subprocess

import pytest

from briefs.engine import provenance
from briefs.evidence import catalog


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
    origin = provenance.collect(repository, {"b": "2", "a": "1"})
    assert len(origin["commit"]) == 40
    assert (origin["dirty"], origin["built"]) == (False, "2025-01-28T12:00:00+00:00")
    assert list(origin["evidence"]) == ["a", "b"]
    assert origin["lock_sha256"] is None


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
    assert provenance.collect(tmp_path, {})["built"] is None


def test_a_folder_inside_another_repository_has_no_commit_of_its_own(repository):
    inner = repository / "venv" / "lib"
    inner.mkdir(parents=True)
    assert provenance.git_state(inner)["commit"] is None


def test_source_date_epoch_goes_before_the_commit(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert provenance.build_time(1_738_065_600) == "1970-01-01T00:00:00+00:00"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert provenance.build_time(1_738_065_600) == "2025-01-28T12:00:00+00:00"


def test_the_package_hash_follows_names_and_contents_but_no_caches(tmp_path):
    (tmp_path / "a.py").write_text("1")
    first = provenance.package_sha256(tmp_path)
    one = hashlib.sha256(b"1").hexdigest()
    assert first == hashlib.sha256(f"a.py\0{one}\n".encode()).hexdigest()
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("x")
    assert provenance.package_sha256(tmp_path) == first
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    renamed = provenance.package_sha256(tmp_path)
    (tmp_path / "b.py").write_text("2")
    assert len({first, renamed, provenance.package_sha256(tmp_path)}) == 3


def test_a_file_that_is_not_there_has_no_hash(tmp_path):
    (tmp_path / "x").write_bytes(b"")
    assert provenance.file_sha256(tmp_path / "x") == hashlib.sha256(b"").hexdigest()
    assert provenance.file_sha256(tmp_path / "y") is None


def test_versions_of_what_is_not_installed_are_null():
    found = provenance.versions(("numpy", "no-such-package-here"))
    assert found["numpy"] and found["no-such-package-here"] is None


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package of one file of each kind, beside its evidence."""
    files = {
        "cost.py": "1",
        "display/i18n.py": "1",
        "display/locale/ms/LC_MESSAGES/analysis.po": "1",
        "display/locale/analysis.pot": "1",
        "publish/document.py": "1",
        "publish/templates/brief.css": "1",
        "__main__.py": "1",
        "__pycache__/cost.pyc": "1",
    }
    for name, text in files.items():
        path = tmp_path / "analysis" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    data = tmp_path / "data"
    data.mkdir()
    (data / "a.csv").write_text("x\n1\n")
    (data / "b.csv").write_text("x\n2\n")
    resources = [{"name": name, "path": f"{name}.csv", "schema": {}} for name in ("a", "b")]
    (data / "datapackage.json").write_text(
        json.dumps({"created": "2026-01-01", "resources": resources})
    )
    monkeypatch.setattr(provenance, "PACKAGE", tmp_path / "analysis")
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    return tmp_path


def differing(before, after):
    return {name for name in vars(before) if vars(before)[name] != vars(after)[name]}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("analysis/cost.py", {"package", "code"}),
        ("analysis/display/i18n.py", {"package", "code"}),
        ("analysis/new.py", {"package", "code"}),
        ("analysis/publish/document.py", {"package", "pages"}),
        ("analysis/__main__.py", {"package", "pages"}),
        ("analysis/publish/templates/brief.css", {"package", "templates"}),
        ("analysis/display/locale/ms/LC_MESSAGES/analysis.po", {"package", "catalogues"}),
        ("analysis/display/locale/analysis.pot", {"package"}),
        ("analysis/__pycache__/cost.pyc", set()),
        ("data/a.csv", {"tables"}),
        ("data/claims.yml", {"data"}),
        ("data/editions.yml", {"data"}),
        ("notebooks/overview.ipynb", {"notebooks"}),
        ("requirements.lock", {"lock"}),
        ("README.md", set()),
    ],
)
def test_each_file_counts_for_what_it_can_change(package, name, expected):
    before = provenance.snapshot(package, git=False)
    assert before.still_hold()
    (package / name).parent.mkdir(exist_ok=True)
    (package / name).write_text("another text")
    assert differing(before, provenance.snapshot(package, git=False)) == expected
    assert before.still_hold() is (not expected)


def test_the_contract_of_a_table_counts_for_that_table_alone(package):
    before = provenance.snapshot(package)
    path = package / "data" / "datapackage.json"
    path.write_text(
        path.read_text().replace(
            '"path": "b.csv", "schema": {}', '"path": "b.csv", "schema": {"x": 1}'
        )
    )
    after = provenance.snapshot(package)
    assert [
        name for name in after.contracts if after.contracts[name] != before.contracts[name]
    ] == ["b"]
    assert differing(before, after) == {"contracts"}


def test_a_damaged_evidence_folder_is_left_to_the_notebooks_to_tell(package):
    (package / "data" / "datapackage.json").write_text("{")
    found = provenance.snapshot(package)
    assert (found.tables, found.data["datapackage.json"]) == ({}, hashlib.sha256(b"{").hexdigest())


def test_the_evidence_is_where_the_catalogue_finds_it(tmp_path, monkeypatch):
    monkeypatch.delenv("ANALYSIS_DATA", raising=False)
    assert provenance.data_folder() == catalog.data_root()
    assert provenance.snapshot(tmp_path).tables == catalog.checksums()
    (tmp_path / "datapackage.json").write_text("{}")
    monkeypatch.setenv("ANALYSIS_DATA", str(tmp_path))
    assert provenance.data_folder() == catalog.data_root() == tmp_path
