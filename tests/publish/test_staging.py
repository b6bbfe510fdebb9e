"""A published folder or file is the old one or the new one, never half of one."""

import os

import pytest

from analysis.publish import staging
from analysis.publish.staging import StagingError, staged_folder, write_file


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "en" / "brief"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("old")
    (folder / "gone.txt").write_text("old")
    return folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_new_folder_takes_the_place_of_the_old(target):
    with staged_folder(target) as fresh:
        (fresh / "index.html").write_text("new")
        assert (target / "index.html").read_text() == "old"
    assert names(target) == ["index.html"]
    assert (target / "index.html").read_text() == "new"
    assert names(target.parent) == ["brief"]
    assert target.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_what_stops_the_block_leaves_the_old_folder(target, error):
    with pytest.raises(error), staged_folder(target) as fresh:
        (fresh / "index.html").write_text("new")
        raise error
    assert names(target) == ["gone.txt", "index.html"]
    assert names(target.parent) == ["brief"]


def test_a_rename_that_fails_brings_the_old_folder_back(target, monkeypatch):
    rename, calls = staging.Path.rename, []

    def second_fails(path, to):
        calls.append(path.name)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return rename(path, to)

    monkeypatch.setattr(staging.Path, "rename", second_fails)
    with pytest.raises(OSError, match="No space"), staged_folder(target):
        pass
    assert (target / "index.html").read_text() == "old"
    assert names(target.parent) == ["brief"]


def test_leftovers_of_a_killed_build_are_repaired(target):
    aside = target.with_name(".brief.old-abc")
    target.rename(aside)  # killed between the two renames
    dead = target.with_name(".brief.new-abc")
    dead.mkdir()
    os.utime(dead, (0, 0))
    young = target.with_name(".brief.new-xyz")  # another build at work
    young.mkdir()
    with pytest.raises(ValueError, match="stop"), staged_folder(target):
        assert (target / "index.html").read_text() == "old"
        raise ValueError("stop")
    assert names(target.parent) == [".brief.new-xyz", "brief"]


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StagingError, match=r"^cannot write into .*file"), staged_folder(tmp_path / "file" / "en"):
        pass
    with pytest.raises(StagingError, match=r"^cannot write .*index.html: "):
        write_file(tmp_path / "file" / "index.html", b"")


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "sub" / "index.html"
    write_file(path, b"old")
    assert path.stat().st_mode & 0o777 == 0o644

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(staging.os, "replace", fail)
    with pytest.raises(StagingError, match="No space left on device"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(path.parent) == ["index.html"]
