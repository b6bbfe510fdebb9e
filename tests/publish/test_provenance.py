"""Provenance: the state of git, hashes that change with what they stand for, and no clock."""

import hashlib
import subprocess

import pytest

from analysis.publish import provenance


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
