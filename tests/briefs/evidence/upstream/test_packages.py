"""Files inside packages and archives: what is read, and what is refused."""

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile

import pytest

from briefs.evidence.upstream import archives, packages
from briefs.evidence.upstream.contract import Package, UpstreamError


def zipped(*files, stated=None):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return stream.getvalue()


def tarred(*members):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name, data in members:
            entry = tarfile.TarInfo(name)
            if isinstance(data, bytes):
                entry.size = len(data)
                archive.addfile(entry, io.BytesIO(data))
            else:
                entry.type, entry.linkname = tarfile.SYMTYPE, data
                archive.addfile(entry)
    return stream.getvalue()


def fault(call, *arguments):
    with pytest.raises(UpstreamError) as caught:
        call(*arguments)
    return caught.value.fault


@pytest.mark.parametrize("make", [zipped, tarred])
def test_one_file_is_read_by_its_exact_name(make):
    archive = make(("a/data.json", b"{}"), ("a/other", b"x"))
    assert archives.member(archive, "a/data.json") == b"{}"
    assert fault(archives.member, archive, "data.json") == "layout"
    assert archives.names(archive) == ["a/data.json", "a/other"]


@pytest.mark.parametrize("make", [zipped, tarred])
def test_half_an_archive_is_broken(make):
    archive = make(("data", bytes(range(256)) * 400))
    for size in (0, 10, len(archive) // 2, len(archive) - 8):
        assert fault(archives.member, archive[:size], "data") in ("broken", "layout")


def test_a_bomb_is_not_unpacked():
    assert fault(archives.member, zipped(("data", b"0" * 100_000)), "data", 1000) == "too large"
    assert fault(archives.member, tarred(("data", b"0" * 100_000)), "data", 1000) == "too large"


def test_a_file_that_stands_twice_is_none():
    with pytest.warns(UserWarning, match="Duplicate"):
        archive = zipped(("data", b"good"), ("data", b"bad"))
    assert fault(archives.member, archive, "data") == "layout"


def test_a_link_leads_nowhere():
    assert fault(archives.member, tarred(("data", "/etc/passwd")), "data") == "layout"


def test_names_that_climb_are_only_names(tmp_path):
    archive = zipped(("../../outside", b"x"), ("data", b"good"))
    assert archives.member(archive, "data") == b"good"
    assert not list(tmp_path.parent.glob("outside"))


def test_all_licences_count():
    with_one = zipped(("p.dist-info/licenses/LICENSE", b"MIT"), ("p/code.py", b""))
    with_two = zipped(("p.dist-info/licenses/LICENSE", b"MIT"), ("p/data/COPYING", b"GPL"))
    assert packages.licence_of(with_one) == hashlib.sha256(b"MIT").hexdigest()
    assert packages.licence_of(with_two) not in ("", packages.licence_of(with_one))
    assert packages.licence_of(zipped(("p/code.py", b""))) == ""


@pytest.fixture
def registry(monkeypatch):
    """Let the clients of the registries put a file in place of asking anybody; returns what they were told."""
    told, answer = [], {"files": {}, "code": 0, "err": ""}

    def run(command, *, cwd, **options):
        told.append(command)
        for name, data in answer["files"].items():
            with open(f"{cwd}/{name}", "wb") as stream:
                stream.write(data)
        return subprocess.CompletedProcess(command, answer["code"], "", answer["err"])

    monkeypatch.setattr(packages.subprocess, "run", run)
    return told, answer


WHEEL = Package("pypi", "some-prices", "some_prices/data.json")


def test_a_wheel_is_downloaded_and_read_but_not_installed(registry):
    told, answer = registry
    answer["files"] = {"some_prices-1.2-py3-none-any.whl": zipped(("some_prices/data.json", b"{}"))}
    assert packages.fetch(WHEEL, "1.2") == ("1.2", b"{}", "")
    (command,) = told
    assert command[0] == sys.executable and command[-1] == "some-prices==1.2"
    # pip runs the code of a source distribution to learn its name
    assert command[-3:-1] == ["--only-binary", ":all:"] and "--no-deps" in command


def test_a_tarball_of_npm_runs_no_scripts(registry):
    told, answer = registry
    answer["files"] = {"scope-prices-0.3.1.tgz": tarred(("package/data.json", b"[]"))}
    found = packages.fetch(Package("npm", "@scope/prices", "package/data.json"))
    assert found[:2] == ("0.3.1", b"[]")
    assert "--ignore-scripts" in told[0] and told[0][-1] == "@scope/prices@latest"


def test_what_a_registry_refuses(registry, monkeypatch):
    _told, answer = registry
    answer.update(code=1, err="WARNING: old pip\nERROR: No matching distribution found\n")
    assert fault(packages.fetch, WHEEL) == "unreachable"
    answer.update(code=0, files={})
    assert fault(packages.fetch, WHEEL) == "broken"
    monkeypatch.setattr(packages, "MOST_BYTES", 10)
    answer["files"] = {"some_prices-1.2-py3-none-any.whl": b"0" * 11}
    assert fault(packages.fetch, WHEEL) == "too large"


def test_a_registry_that_never_answers(monkeypatch):
    def run(command, *, timeout, **options):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(packages.subprocess, "run", run)
    assert fault(packages.fetch, WHEEL) == "too slow"


@pytest.mark.parametrize("version", ["--index-url=x", "1;rm", "1 2"])
def test_a_version_is_no_option(version, registry):
    assert fault(packages.fetch, WHEEL, version) == "refused"
    assert registry[0] == []
