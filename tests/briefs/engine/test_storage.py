"""A site in shared storage: what is written when, what another machine sees, what is wrong in words."""

import json
import sys
import uuid

import pytest
import s3fs
from moto.server import ThreadedMotoServer
from typer.testing import CliRunner

from briefs.__main__ import app
from briefs.engine import staging
from briefs.engine.plan import Result
from briefs.engine.remote import storage
from briefs.engine.remote.storage import Mirror, StorageError, Store

REPORT = {
    "index.html": b"page",
    "results.json": b"{}",
    "inputs.json": b"{}",
    "data/a.csv": b"x\r\n1\r\n",
    "brief.pdf": b"%",
}


@pytest.fixture
def url():
    return f"memory://{uuid.uuid4().hex}/site"


@pytest.fixture
def mirror(url, tmp_path):
    """Make the mirror that a machine of this name keeps."""
    return lambda machine: Mirror(Store(url), tmp_path / machine)


def content(url):
    store = Store(url)
    return {name: store.read(name) for name in store.listing()}


def built(place, command="briefs build"):
    language, report, *name = place.split("/")
    return Result(report, language, "built", "", 1.0, {}, None, {}, *(name or [""]), command)


def test_a_report_is_published_pages_last_and_its_former_files_go(url, monkeypatch):
    store, written = Store(url), []
    monkeypatch.setattr(
        store,
        "write",
        lambda name, data, write=store.write: (written.append(name), write(name, data)),
    )
    store.publish("en/prices", {**REPORT, "data/old.csv": b"1"})
    store.publish("en/prices/2025", REPORT)  # another report, in a folder of the first
    store.publish("en/prices", REPORT)
    assert content(url) == {
        f"{place}/{name}": data
        for place in ("en/prices", "en/prices/2025")
        for name, data in REPORT.items()
    }
    assert written[-3:] == [
        "en/prices/index.html",
        "en/prices/results.json",
        "en/prices/inputs.json",
    ]
    assert len(written) == 16


def test_another_machine_sees_what_one_sent(url, mirror):
    one = mirror("one")
    one.fetch()
    staging.publish(one.folder / "en/prices", REPORT)
    staging.publish(one.folder / "en/prices/2025", {**REPORT, "index.html": b"2025"})
    (one.folder / ".hidden").write_bytes(b"of this machine")
    one.send("en/prices")
    assert set(content(url)) == {f"en/prices/{name}" for name in REPORT}  # only what was named
    one.close()
    two = mirror("two")
    two.fetch()
    assert {
        p.relative_to(two.folder).as_posix(): p.read_bytes()
        for p in two.folder.rglob("*")
        if p.is_file()
    } == {
        **{f"en/prices/{name}": data for name, data in REPORT.items()},
        **{f"en/prices/2025/{name}": data for name, data in REPORT.items()},
        "en/prices/2025/index.html": b"2025",
    }


def test_nothing_is_moved_twice(url, mirror, monkeypatch):
    one = mirror("one")
    staging.publish(one.folder / "en/prices", REPORT)
    one.close()
    moved = []
    monkeypatch.setattr(Store, "read", lambda self, name: moved.append(name))
    monkeypatch.setattr(Store, "write", lambda self, name, data: moved.append(name))
    again = mirror("one")  # the next build on the same machine
    again.fetch()
    again.close()
    assert moved == []


def test_the_store_is_right_where_the_mirror_is_not(url, mirror):
    """Changed by another machine, damaged here, deleted here or there: the next build has what the store has."""
    one, two = mirror("one"), mirror("two")
    staging.publish(one.folder / "en/prices", REPORT)
    one.close()
    two.fetch()
    staging.publish(
        two.folder / "en/prices", {**REPORT, "index.html": b"newer", "data/b.csv": b"2"}
    )
    (two.folder / "en/prices/data/a.csv").unlink()
    two.close()
    (one.folder / "en/prices/brief.pdf").write_bytes(b"damaged")
    (one.folder / "en/prices/results.json").unlink()
    one = mirror("one")
    one.fetch()
    expected = {f"en/prices/{name}": data for name, data in REPORT.items() if name != "data/a.csv"}
    expected |= {"en/prices/index.html": b"newer", "en/prices/data/b.csv": b"2"}
    assert content(url) == expected
    here = {
        p.relative_to(one.folder).as_posix(): p.read_bytes()
        for p in one.folder.rglob("*")
        if p.is_file()
    }
    assert here == expected


def test_a_lost_record_of_what_was_sent_costs_only_time(url, mirror, tmp_path):
    one = mirror("one")
    staging.publish(one.folder / "en/prices", REPORT)
    one.close()
    (state,) = tmp_path.rglob("synced.json")
    state.write_text("{")
    one = mirror("one")
    one.fetch()
    assert (one.folder / "en/prices/index.html").read_bytes() == b"page"


def test_a_result_reads_as_others_need_it(url, mirror):
    one = mirror("one")
    staging.publish(one.folder / "en/prices/2025", REPORT)
    told = one.share(built("en/prices/2025", f"briefs build prices --out {one.folder} --force"))
    assert told.command == f"briefs build prices --out {url} --force"
    assert told.paths["html"] == "en/prices/2025/index.html"
    assert "en/prices/2025/index.html" in content(url)


def test_pages_go_after_what_they_point_to():
    names = [
        "build.json",
        "index.html",
        "en/a/inputs.json",
        "en/a/index.html",
        "en/a/data/x.csv",
        "en/a/results.json",
    ]
    assert storage._waves(names) == [
        ["en/a/data/x.csv"],
        ["en/a/index.html", "index.html"],
        ["en/a/results.json"],
        ["en/a/inputs.json"],
        ["build.json"],
    ]


@pytest.mark.parametrize(
    ("out", "library", "extra"),
    [
        ("s3://bucket/site", "s3fs", "s3"),
        ("gs://bucket/site", "gcsfs", "gs"),
        ("az://container/site", "adlfs", "az"),
    ],
)
def test_a_missing_library_is_named_with_its_extra(out, library, extra, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(
        StorageError, match=rf"{out}: needs {library}: pip install 'ai-cost-briefs\[{extra}\]'"
    ):
        storage.place(out, tmp_path)


def test_an_unknown_kind_of_store_is_an_error(tmp_path):
    with pytest.raises(StorageError, match="nosuch://x"):
        storage.place("nosuch://x/y", tmp_path)


def test_a_file_address_is_a_folder(tmp_path):
    assert storage.place((tmp_path / "a site").as_uri(), tmp_path) == (tmp_path / "a site", None)


def test_a_store_that_fails_is_a_clear_error(url, mirror, monkeypatch):
    one = mirror("one")
    staging.publish(one.folder / "en/prices", REPORT)
    monkeypatch.setattr(one.store.fs, "pipe_file", lambda *_, **__: 1 / 0)
    with pytest.raises(StorageError, match=f"{url}: ZeroDivisionError"):
        one.send()


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("s3", {"ContentType": "text/html"}),
        ("gs", {"content_type": "text/html"}),
        ("az", {"content_settings": {"content_type": "text/html"}}),
        ("memory", {}),
    ],
)
def test_a_page_has_the_type_that_a_browser_shows(url, scheme, expected, monkeypatch):
    store, given = Store(url), {}
    monkeypatch.setattr(store, "_scheme", scheme)
    monkeypatch.setattr(store.fs, "pipe_file", lambda path, data, **options: given.update(options))
    store.write("index.html", b"")
    assert given == expected


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_s3_is_such_a_store(tmp_path, monkeypatch):
    """Against a server on this machine."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://{}:{}".format(*server.get_host_and_port()))
    try:
        s3fs.S3FileSystem().mkdir("bucket")
        store = Store("s3://bucket/site")
        store.publish("en/prices", {**REPORT, "data/old.csv": b"1"})
        store.publish("en/prices", REPORT)
        assert (
            store.fs.info("bucket/site/en/prices/index.html", refresh=True)["ContentType"]
            == "text/html"
        )
        one = Mirror(store, tmp_path)
        one.fetch()
        (one.folder / "en/prices/index.html").write_bytes(b"newer")
        one.close()
        assert {name: store.read(name) for name in store.listing()} == {
            f"en/prices/{name}": data for name, data in {**REPORT, "index.html": b"newer"}.items()
        }
        lost = Mirror(Store("s3://no-such-bucket/site"), tmp_path)
        staging.publish(lost.folder / "en/prices", REPORT)
        with pytest.raises(StorageError, match=r"s3://no-such-bucket/site: .*bucket"):
            lost.send()
    finally:
        server.stop()


@pytest.mark.slow
def test_the_command_publishes_a_site_into_a_store(url, tmp_path, monkeypatch):
    """All of it: the report, the pages around it; then again, with nothing to do; then from another machine."""

    def build(machine):
        monkeypatch.setattr(storage, "place", lambda out, mirrors: place(out, tmp_path / machine))
        done = CliRunner().invoke(
            app,
            [
                "build",
                "regulatory-outlook",
                "--set",
                "default",
                "--language",
                "en",
                "--formats",
                "html",
                "--out",
                url,
                "--no-cache",
                "--json",
            ],
        )
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)

    place = storage.place
    first = build("one")
    assert (first["out"], first["counts"]) == (url, {"built": 1})
    assert f"--out {url} " in first["reports"][0]["command"]
    there = content(url)
    assert {
        "index.html",
        "build.json",
        "sitemap.xml",
        "en/index.html",
        "en/regulatory-outlook/index.html",
        "en/regulatory-outlook/results.json",
    } <= there.keys()
    for machine in ("one", "two"):
        assert build(machine)["counts"] == {"fresh": 1}
        assert {name for name, data in content(url).items() if data != there[name]} <= {
            "build.json"
        }
