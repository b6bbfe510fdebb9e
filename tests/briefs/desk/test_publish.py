"""Copying a site: what is copied, what stays, what goes, and what is wrong in words."""

import importlib
import os
import sys
import time
import uuid
from types import SimpleNamespace

import fsspec
import pytest

from briefs.desk.publish import RECORD, CopyError, publish
from briefs.project import PlanError

SITE = {
    "index.html": b"home",
    "en/prices/index.html": b"page",
    "en/prices/data/a.csv": b"x\r\n1\r\n",
    "en/prices/results.json": b"{}",
}


@pytest.fixture
def site(tmp_path):
    folder = tmp_path / "site"
    for name, data in {**SITE, ".lock": b"", "en/.prices.new-1/0": b"half"}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture(params=["memory", "file", "path"])
def target(request, tmp_path):
    if request.param == "memory":
        return f"memory://{uuid.uuid4().hex}/site"
    folder = tmp_path / "served" / "here"
    return folder.as_uri() if request.param == "file" else str(folder)


def content(target):
    filesystem, root = fsspec.core.url_to_fs(target)
    found = {path[len(root) + 1 :]: filesystem.cat_file(path) for path in filesystem.find(root)}
    return {name: data for name, data in found.items() if name != RECORD}


def test_all_is_copied_then_nothing(site, target):
    assert publish(site, target) == {"copied": 4, "unchanged": 0, "deleted": 0, "left": 0}
    assert content(target) == SITE
    assert publish(site, target) == {"copied": 0, "unchanged": 4, "deleted": 0, "left": 0}


def test_a_change_of_equal_length_is_copied(site, target):
    publish(site, target)
    page = site / "en/prices/index.html"
    page.write_bytes(b"PAGE")
    later = time.time() + 5
    os.utime(page, (later, later))
    assert publish(site, target)["copied"] == 1
    assert content(target) == {**SITE, "en/prices/index.html": b"PAGE"}


def test_what_the_site_no_longer_has_is_deleted_on_demand_only(site, target):
    publish(site, target)
    (site / "en/prices/data/a.csv").unlink()
    assert publish(site, target) == {"copied": 0, "unchanged": 3, "deleted": 0, "left": 1}
    assert content(target) == SITE
    assert publish(site, target, delete=True)["deleted"] == 1
    assert "en/prices/data/a.csv" not in content(target)
    assert publish(site, target, delete=True)["deleted"] == 0


STRANGE = {"data/payroll.parquet": b"p", "en/note.txt": b"n", "CNAME": b"c"}


def put(target, files):
    filesystem, root = fsspec.core.url_to_fs(target)
    for name, data in files.items():
        filesystem.makedirs(f"{root}/{name}".rpartition("/")[0], exist_ok=True)
        filesystem.pipe_file(f"{root}/{name}", data)


@pytest.mark.parametrize("record", [None, b"{", b"null", b'["../x"]'])
def test_a_target_that_holds_anything_is_refused(site, target, record):
    put(target, STRANGE | ({} if record is None else {RECORD: record}))
    said = "no copy was made there; choose an empty" if record is None else "can't be read"
    with pytest.raises(PlanError, match=said):
        publish(site, target, delete=True)
    assert content(target) == STRANGE


def test_files_of_others_at_the_target_stay(site, target):
    publish(site, target)
    put(target, STRANGE)
    (site / "en/prices/data/a.csv").unlink()
    assert publish(site, target, delete=True)["deleted"] == 1
    kept = {name: data for name, data in SITE.items() if name != "en/prices/data/a.csv"}
    assert content(target) == STRANGE | kept
    (site / "en/note.txt").write_bytes(b"ours")
    with pytest.raises(PlanError, match=r"en/note.txt is there, and no copy put it there"):
        publish(site, target)
    assert content(target) == STRANGE | kept


def test_a_copy_that_stopped_half_way_goes_on(site, target, monkeypatch):
    from briefs.desk import publish as module

    with monkeypatch.context() as patch, pytest.raises(CopyError, match="no room"):
        patch.setattr(module, "_write", lambda *_: (_ for _ in ()).throw(OSError("no room")))
        publish(site, target)
    put(target, {"index.html": b"ho"})  # half of a file
    assert publish(site, target)["copied"] == 4
    assert content(target) == SITE


@pytest.mark.parametrize(
    ("target", "missing", "expected"),
    [
        ("s3://bucket/site", "s3fs", r"s3fs.*pip install 'ai-cost-briefs\[s3\]'"),
        ("gs://bucket/site", "gcsfs", r"gcsfs.*pip install 'ai-cost-briefs\[s3\]', \[gs\]"),
        ("az://box/site", "adlfs", r"adlfs.*pip install 'ai-cost-briefs.*\[az\]"),
        ("memory://site", "fsspec", r"fsspec.*pip install 'ai-cost-briefs\[s3\]'"),
        ("sftp://host/site", "paramiko", ".*requires .paramiko. to be installed"),
        ("nothing://site", "none", "Protocol not known: nothing"),
    ],
)
def test_an_address_that_cannot_be_served_says_what_lacks(
    site, monkeypatch, target, missing, expected
):
    known = importlib.import_module("fsspec.registry")
    monkeypatch.setattr(known, "_registry", {})  # else one that another test used is at hand
    for name in [name for name in sys.modules if name.split(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(PlanError, match=rf"^{target}: .*{expected}"):
        publish(site, target)


def test_a_folder_without_a_site_and_a_target_inside_it_are_refused(site, tmp_path):
    with pytest.raises(PlanError, match="there is no site in this folder"):
        publish(tmp_path, "memory://x")
    with pytest.raises(PlanError, match="is inside the site itself"):
        publish(site, str(site / "copy"))


def test_a_target_that_cannot_be_written_is_named(site, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CopyError, match=r"^/.*file/site: \w+Error: "):
        publish(site, str(tmp_path / "file" / "site"))


def test_files_get_the_type_that_a_browser_needs_on_azure_too(site, monkeypatch):
    """The libraries of the other stores go by the name of the file themselves; no real store here."""
    from briefs.desk import publish as module

    given = {}

    class Store:
        protocol = ("abfs", "az", "abfss")

        def find(self, root, detail):
            raise FileNotFoundError

        def invalidate_cache(self):
            pass

        def pipe_file(self, path, data, content_settings=None):
            given[path] = content_settings

    blob = SimpleNamespace(ContentSettings=dict)
    monkeypatch.setitem(sys.modules, "azure", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "azure.storage", SimpleNamespace())
    monkeypatch.setitem(sys.modules, "azure.storage.blob", blob)
    monkeypatch.setattr(module, "_open", lambda target: (Store(), "box/site"))
    publish(site, "az://box/site")
    assert given["box/site/en/prices/index.html"] == {"content_type": "text/html"}
    assert given.keys() == {f"box/site/{name}" for name in (*SITE, RECORD)}
