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
from briefs.project import PlanError

OLD = {
    "index.html": b"old",
    "results.json": b"old",
    "inputs.json": b"old",
    "brief.pdf": b"old",
    "data/a.csv": b"old",
}
NEW = {name: b"new" for name in OLD if name != "brief.pdf"} | {"data/b.csv": b"new"}


PLACE = "en/brief"


@pytest.fixture
def out(tmp_path):
    publish(tmp_path / "site", PLACE, OLD)
    return tmp_path / "site"


def tree(folder):
    """Files below a folder, without what builds keep for themselves."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and staging.OWN not in path.parts
    }


def own(out):
    """What builds keep for themselves, but for the mark and the records."""
    return {path.name for path in (out / staging.OWN).iterdir() if path.suffix} - {"en+brief.json"}


def test_the_new_files_take_the_place_of_the_old(out):
    assert tree(out) == {f"en/brief/{name}": data for name, data in OLD.items()}
    publish(out, PLACE, NEW)
    assert tree(out) == {f"en/brief/{name}": data for name, data in NEW.items()}
    assert {path.stat().st_mode & 0o777 for path in (out / PLACE).rglob("*.*")} == {0o644}
    assert (out / PLACE / "data").stat().st_mode & 0o755 == 0o755


def test_reports_inside_the_folder_are_left_alone(out):
    inner = {"index.html": b"a set", "data/a.csv": b"a set", "notes.txt": b"a set"}
    publish(out, f"{PLACE}/2026-11", inner)
    publish(out, PLACE, NEW)
    assert tree(out / PLACE / "2026-11") == inner
    assert tree(out / PLACE) == NEW | {f"2026-11/{name}": data for name, data in inner.items()}


def test_the_page_and_the_record_of_all_come_last(out, monkeypatch):
    order, replace = [], os.replace
    monkeypatch.setattr(
        staging.os, "replace", lambda a, b: (order.append(Path(b).name), replace(a, b))
    )
    publish(out, PLACE, NEW)
    record = "en+brief.json"  # of what may stand there, and then of what does
    pages = ["a.csv", "b.csv", "index.html", "results.json", "inputs.json"]
    assert order == [record, *pages, record]


@pytest.mark.parametrize("when", ["write_bytes", "replace"])
def test_a_full_disk_is_reported_with_path_and_reason(out, monkeypatch, when):
    def full(path, *_):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(
        *((staging.Path, "write_bytes") if when == "write_bytes" else (staging.os, "replace")), full
    )
    with pytest.raises(WriteError, match=rf"^cannot write {out}.*: No space left on device$"):
        publish(out, PLACE, NEW)
    monkeypatch.undo()
    assert tree(out) == {f"en/brief/{name}": data for name, data in OLD.items()}


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is Unix's")
def test_a_file_that_does_not_fit_leaves_all_as_it_was(out):
    """A real refusal of the system, half-way through a file."""
    code = (
        f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"
        f"from pathlib import Path; from briefs.engine import staging\n"
        f"staging.publish(Path({str(out)!r}), {PLACE!r}, {{'a.txt': b'x', 'index.html': b'x' * 5000}})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "WriteError: cannot write" in done.stderr and "too large" in done.stderr
    assert tree(out) == {f"en/brief/{name}": data for name, data in OLD.items()}


@pytest.mark.parametrize("where", ["file/en", "file"])
def test_a_folder_that_cannot_be_written_is_named(tmp_path, where):
    (tmp_path / "file").write_text("")
    with pytest.raises(PlanError, match=r"^cannot write into .*file.*: \w+"):
        publish(tmp_path / where, PLACE, OLD)
    with pytest.raises(WriteError, match=r"^cannot write .*index.html: "):
        write_file(tmp_path / "file" / "index.html", b"")


@pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(os, "geteuid"), reason="permissions are Unix's"
)
def test_a_read_only_folder_is_named(tmp_path):
    tmp_path.chmod(0o555)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("this user may write anywhere")
    with pytest.raises(PlanError, match=r"^cannot write into .*: Permission denied$"):
        publish(tmp_path / "site", PLACE, OLD)


def leave(out, name):
    """What a killed build leaves."""
    (out / staging.OWN / name).mkdir()
    (out / staging.OWN / name / "0").write_bytes(b"half")
    (out / staging.OWN / "en+brief.lock").touch()


@pytest.mark.parametrize(
    "action", [lambda *place: publish(*place, OLD), sweep, lambda out, _: staging.settle(out)]
)
def test_leftovers_of_a_killed_build_go_with_the_next(out, action):
    leave(out, "en+brief.new")
    action(out, PLACE)
    assert own(out) == set()
    assert tree(out / PLACE) == OLD


def test_another_build_at_work_is_waited_for(out, monkeypatch):
    leave(out, "en+brief.new")
    with FileLock(out / staging.OWN / "en+brief.lock"):
        sweep(out, PLACE)
        other = threading.Thread(target=publish, args=(out, PLACE, NEW))
        other.start()
        other.join(0.3)
        assert other.is_alive() and tree(out / PLACE) == OLD
        assert (out / staging.OWN / "en+brief.new" / "0").exists()
        monkeypatch.setattr(
            staging,
            "_locked",
            lambda out, owner, seconds=0.1, locked=staging._locked: locked(out, owner, 0.1),
        )
        with pytest.raises(WriteError, match="another build"):
            publish(out, PLACE, NEW)
    other.join(10)
    assert tree(out / PLACE) == NEW
    assert own(out) == set()


@pytest.mark.parametrize("stop", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("number", range(1, 6))
def test_what_is_decided_is_done_also_when_it_is_interrupted(out, monkeypatch, stop, number):
    """Ctrl-C, and a termination, at any file on its way to its place."""
    count, replace = 0, os.replace

    def stopping(*paths):
        nonlocal count
        count += 1
        if count == number + 1:  # the first is the record
            raise stop
        replace(*paths)

    monkeypatch.setattr(staging.os, "replace", stopping)
    with pytest.raises(stop):
        publish(out, PLACE, NEW)
    assert tree(out / PLACE) == NEW
    assert own(out) == set()


def test_sweeping_makes_nothing(tmp_path):
    sweep(tmp_path / "site", PLACE)
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
