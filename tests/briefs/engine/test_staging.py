"""A published file is the old one or the new one, never half of one, and nothing else is left."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from filelock import FileLock

from briefs import files
from briefs.engine import staging
from briefs.engine.staging import publish, sweep
from briefs.files import WriteError, write_file

OLD = {
    "index.html": b"old",
    "results.json": b"old",
    "inputs.json": b"old",
    "brief.pdf": b"old",
    "data/a.csv": b"old",
}
NEW = {name: b"new" for name in OLD if name != "brief.pdf"} | {"data/b.csv": b"new"}


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "en" / "brief"
    publish(folder, OLD)
    return folder


def tree(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_new_files_take_the_place_of_the_old(target):
    assert tree(target.parents[1]) == {f"en/brief/{name}": data for name, data in OLD.items()}
    publish(target, NEW)
    assert tree(target.parents[1]) == {f"en/brief/{name}": data for name, data in NEW.items()}
    assert {path.stat().st_mode & 0o777 for path in target.rglob("*.*")} == {0o644}
    assert (target / "data").stat().st_mode & 0o755 == 0o755


def test_reports_inside_the_folder_are_left_alone(target):
    inner = {"index.html": b"a set", "data/a.csv": b"a set", "notes.txt": b"a set"}
    publish(target / "2026-11", inner)
    publish(target, NEW)
    assert tree(target / "2026-11") == inner
    assert tree(target) == NEW | {f"2026-11/{name}": data for name, data in inner.items()}


def test_the_page_and_the_record_of_all_come_last(target, monkeypatch):
    order, replace = [], os.replace
    monkeypatch.setattr(
        staging.os, "replace", lambda a, b: (order.append(Path(b).name), replace(a, b))
    )
    publish(target, NEW)
    assert order == ["a.csv", "b.csv", "index.html", "results.json", "inputs.json"]


@pytest.mark.parametrize("when", ["write_bytes", "replace"])
def test_a_full_disk_is_told_with_path_and_reason(target, monkeypatch, when):
    def full(path, *_):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(
        *((staging.Path, "write_bytes") if when == "write_bytes" else (staging.os, "replace")), full
    )
    with pytest.raises(
        WriteError, match=rf"^cannot write {target.parent}.*: No space left on device$"
    ):
        publish(target, NEW)
    monkeypatch.undo()
    assert tree(target.parents[1]) == {f"en/brief/{name}": data for name, data in OLD.items()}


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is Unix's")
def test_a_file_that_does_not_fit_leaves_all_as_it_was(target):
    """A real refusal of the system, half-way through a file."""
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        f"from pathlib import Path; from briefs.engine import staging\n"
        f"staging.publish(Path({str(target)!r}), {{'a.txt': b'x', 'index.html': b'x' * 5000}})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "WriteError: cannot write" in done.stderr and "too large" in done.stderr
    assert tree(target.parents[1]) == {f"en/brief/{name}": data for name, data in OLD.items()}


@pytest.mark.parametrize("where", ["file/en", "file"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path, where):
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match=r"^cannot write .*file.*: \w+"):
        publish(tmp_path / where / "brief", OLD)
    with pytest.raises(WriteError, match=r"^cannot write .*index.html: "):
        write_file(tmp_path / "file" / "index.html", b"")


@pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(os, "geteuid"), reason="permissions are Unix's"
)
def test_a_read_only_folder_is_named(tmp_path):
    folder = tmp_path / "en"
    folder.mkdir()
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("this user may write anywhere")
    with pytest.raises(WriteError, match=r"^cannot write .*: Permission denied$"):
        publish(folder / "brief", OLD)


def leave(target, name):
    """What a killed build leaves."""
    (target.parent / name).mkdir()
    (target.parent / name / "0").write_bytes(b"half")
    (target.parent / f".{target.name}.lock").touch()


@pytest.mark.parametrize("action", [lambda target: publish(target, OLD), sweep])
def test_leftovers_of_a_killed_build_go_with_the_next(target, action):
    leave(target, ".brief.new-abc")
    action(target)
    assert sorted(os.listdir(target.parent)) == ["brief"]
    assert tree(target) == OLD


def test_another_build_at_work_is_waited_for(target, monkeypatch):
    leave(target, ".brief.new-xyz")
    with FileLock(target.parent / ".brief.lock"):
        sweep(target)
        other = threading.Thread(target=publish, args=(target, NEW))
        other.start()
        other.join(0.3)
        assert other.is_alive() and tree(target) == OLD
        assert (target.parent / ".brief.new-xyz" / "0").exists()
        monkeypatch.setattr(
            staging,
            "_locked",
            lambda folder, seconds=0.1, locked=staging._locked: locked(folder, 0.1),
        )
        with pytest.raises(WriteError, match="another build"):
            publish(target, NEW)
    other.join(10)
    assert tree(target) == NEW
    assert sorted(os.listdir(target.parent)) == ["brief"]


def test_sweeping_makes_nothing(tmp_path):
    sweep(tmp_path / "en" / "brief")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "sub" / "index.html"
    write_file(path, b"old")
    assert path.stat().st_mode & 0o777 == 0o644

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", fail)
    with pytest.raises(WriteError, match="No space left on device"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in path.parent.iterdir()] == ["index.html"]
