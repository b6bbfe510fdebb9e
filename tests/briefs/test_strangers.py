"""Nothing of a stranger's is ever deleted or overwritten: not by builds, failures or kills, whatever names say."""

import json
import os
import shlex
import shutil
from contextlib import suppress
from html import escape
from pathlib import Path

import pytest
from hypothesis import example, given, settings, strategies as st
from typer.testing import CliRunner

from briefs.__main__ import app
from briefs.engine import staging
from briefs.engine.cache import Cache, key_of
from briefs.engine.matrix import Matrix
from briefs.engine.provenance import sha256
from briefs.evidence import catalog
from briefs.evidence.rows import read_package
from briefs.files import OutsideError, WriteError, inside
from briefs.parameters import injected
from briefs.render import editions, frame, policy
from briefs.render.frame import PageAddress

ROOT = Path(__file__).parents[2]
STRANGE = {
    "data/photos/a.jpg": b"\xff\xd8",
    "data/.hidden": b"h",
    "data/thesis.docx": b"t",
    "en/method/notes.txt": b"n",
    "en/cost-revolution/my.txt": b"m",
    "en/cost-revolution/data/own.csv": b"c",
    ".bashrc": b"b",
    "blobs/ab/letter.txt": b"l",
    "index.html": b"my page",
}
FILES = {"index.html": b"page", "results.json": b"{}", "inputs.json": b"{}", "data/a.csv": b"1"}


def fill(folder, files=STRANGE):
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def tree(folder, hidden=staging.OWN):
    """Content of every file below a folder, links as where they lead, without what builds and Python keep."""
    return {
        path.relative_to(folder).as_posix(): os.readlink(path).encode()
        if path.is_symlink()
        else path.read_bytes()
        for path in folder.rglob("*")
        if (path.is_file() or path.is_symlink())
        and not {hidden, "__pycache__"} & {*path.relative_to(folder).parts}
    }


def briefs(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


# -- names ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../x",
        "a/../x",
        "a/./b",
        "/etc/passwd",
        "a//b",
        "a/",
        "a\\b",
        "C:/x",
        "a\0b",
        "a\nb",
    ],
)
def test_a_name_that_leads_out_is_refused(tmp_path, name):
    with pytest.raises(OutsideError, match="isn't the path of a file below"):
        inside(tmp_path, name)


@given(st.text(alphabet=st.sampled_from("ab./\\:~ \0\n\u2028é"), max_size=12))
def test_whatever_a_name_is_it_stays_below_its_folder(name):
    folder = Path("/some/folder")
    try:
        path = inside(folder, name)
    except OutsideError:
        return
    assert os.path.normpath(path) == str(path) and path.is_relative_to(folder) and path != folder


def test_a_link_that_leads_out_is_refused_and_one_to_a_file_is_not_followed(tmp_path):
    away = fill(tmp_path / "away")
    out = tmp_path / "out"
    staging.publish(out, "en/a", FILES)
    shutil.rmtree(out / "en/a/data")
    (out / "en/a/data").symlink_to(away / "data")
    with pytest.raises(OutsideError, match=r"leads out of .* by a link"):
        staging.publish(out, "en/a", FILES | {"data/thesis.docx": b"x"})
    (out / "en/a/data").unlink()
    (out / "en/a/index.html").unlink()
    (out / "en/a/index.html").symlink_to(away / "index.html")
    staging.publish(out, "en/a", FILES)
    assert (out / "en/a/index.html").read_bytes() == b"page"
    (out / "ms").symlink_to(away)
    with pytest.raises(OutsideError):
        staging.publish(out, "ms/a", FILES)
    assert tree(away) == STRANGE


@pytest.mark.parametrize("name", ["../../../../x", "a b", "A", "-a", "a--b", ""])
def test_the_name_of_a_table_is_no_path(tmp_path, name, sample_project):
    shutil.copytree(sample_project / "data", tmp_path / "data")
    path = tmp_path / "data/datapackage.json"
    package = json.loads(path.read_text())
    package["resources"][1]["name"] = name
    path.write_text(json.dumps(package))
    with pytest.raises(catalog.EvidenceError, match=r"datapackage.json, column resources.1.name: "):
        read_package(tmp_path / "data")


def test_a_table_stands_in_the_package_once(tmp_path, sample_project):
    shutil.copytree(sample_project / "data", tmp_path / "data")
    path = tmp_path / "data/datapackage.json"
    package = json.loads(path.read_text())
    package["resources"].append(package["resources"][1])
    path.write_text(json.dumps(package))
    with pytest.raises(catalog.EvidenceError, match="has counts twice"):
        read_package(tmp_path / "data")


# -- the folder of a site ---------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [["build"], ["build", "--force"], ["serve"]])
@pytest.mark.parametrize("folder", ["victim", "."])
def test_a_folder_that_holds_anything_is_refused_before_any_kernel(
    tmp_path, monkeypatch, sample_project, verb, folder
):
    project = shutil.copytree(sample_project, tmp_path / "project")
    monkeypatch.chdir(project)
    victim = fill(project.parent / "victim") if folder == "victim" else project
    before = tree(tmp_path)
    done = briefs(*verb, "--out", victim if folder == "victim" else ".")
    assert done.exit_code == 2
    assert "which no build put there; choose an empty or new folder" in done.stderr
    left = tree(tmp_path).items()
    assert {name: data for name, data in left if ".cache" not in name} == before


def test_a_new_folder_and_an_empty_one_are_marked(tmp_path):
    (tmp_path / "empty").mkdir()
    for name in ("empty", "new"):
        assert staging.claim(tmp_path / name) == tmp_path / name
        fill(tmp_path / name)  # what a stranger puts there later stays as well
        staging.claim(tmp_path / name)
        staging.publish(tmp_path / name, "en/cost-revolution", {"results.json": b"{}"})
        staging.publish(tmp_path / name, "en/cost-revolution", {"x": b""})
        assert tree(tmp_path / name) == STRANGE | {"en/cost-revolution/x": b""}


def test_a_file_that_no_build_put_there_is_not_replaced(tmp_path):
    staging.claim(tmp_path)
    fill(tmp_path)
    (tmp_path / "en/cost-revolution/index.html").mkdir()
    for place in ("", "en/cost-revolution"):
        with pytest.raises(WriteError, match=r"index.html: no build put it there; move it away"):
            staging.publish(tmp_path, place, FILES)
    assert tree(tmp_path) == STRANGE


def test_what_builds_keep_is_no_place_for_a_page(tmp_path):
    with pytest.raises(OutsideError, match="no place for a page"):
        staging.publish(tmp_path / "out", "", {".briefs/site.json": b"[]"})


names = st.sampled_from(
    ["index.html", "results.json", "a.csv", "data/a.csv", "data/b.csv", "x/y/z"]
)
versions = st.dictionaries(names, st.binary(max_size=3), max_size=5)
places = st.sampled_from(["", "en/a", "en/a/set", "ms/a"])
strange = st.dictionaries(
    st.tuples(
        places, st.one_of(names, st.sampled_from(["own.txt", ".hidden", "data/.x", "data/own"]))
    ),
    st.binary(min_size=4, max_size=4),
    max_size=6,
)


def ours(out, place):
    """Files that builds put at a place."""
    return {name: (out / place / name).read_bytes() for name in staging.recorded(out, place)}


CHANGES = ((os, "replace"), (os, "rename"), (os, "rmdir"), (Path, "unlink"), (Path, "write_bytes"))


def stopped_at(number, full, action):
    """Run `action`, for which there is no room at its `number`-th change of a file, or which is killed there.

    Return whether it came to that. Only what is killed needs a process of its own.
    """
    if full:
        return changes(number, no_room, action) >= number
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    changes(number, lambda: os._exit(9), action)
    os._exit(0)


def no_room():
    raise OSError(28, "No space left on device")


def changes(number, stop, action):
    """Run `action`, with `stop` called at its `number`-th change of a file; return how many it tried."""
    count = 0

    def stopping(change):
        def changed(*arguments, **options):
            nonlocal count
            count += 1
            if count == number:
                stop()
            return change(*arguments, **options)

        return changed

    with pytest.MonkeyPatch.context() as patch, suppress(BaseException):
        for owner, name in CHANGES:
            patch.setattr(owner, name, stopping(getattr(owner, name)))
        action()
    return count


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
@settings(max_examples=60)
@given(
    builds=st.lists(
        st.tuples(places, versions, st.integers(0, 14), st.booleans()), min_size=1, max_size=5
    ),
    strangers=strange,
    when=st.integers(0, 4),
)
# a file of another's comes where a killed build was about to put one, or had just removed one
@example([("", {"index.html": b""}, 2, False), ("", {}, 0, False)], {("", "index.html"): b"x"}, 1)
@example(
    [("", {"index.html": b""}, 0, False), ("", {}, 3, False), ("", {}, 0, False)],
    {("", "index.html"): b"x"},
    2,
)
def test_strangers_files_outlive_builds_failures_and_kills(
    tmp_path_factory, builds, strangers, when
):
    """Files of others appear at some moment, anywhere; builds are killed, or the disk is full, at some change."""
    base = tmp_path_factory.mktemp("base")
    out = staging.claim(base / "out")
    beside = fill(base / "beside")
    theirs, before = {}, {}
    for number, (place, files, stop, full) in enumerate(builds):
        if number == min(when, len(builds) - 1):
            for (where, name), data in strangers.items():
                path = out / where / name
                if not os.path.lexists(path) and not any(p.is_file() for p in path.parents):
                    path.parent.mkdir(parents=True, exist_ok=True)
                    if not path.exists():
                        path.write_bytes(data)
                        theirs[path.relative_to(out).as_posix()] = data

        def build(place=place, files=files):
            staging.publish(out, place, files)

        if stop and stopped_at(stop, full, build):
            staging.settle(out)
            if not (full or theirs):
                assert ours(out, place) in (before.get(place, {}), files)  # all old, or all new
        else:
            try:
                build()
            except OSError:
                continue  # a stranger's file is in the way: said, and nothing lost
            stands = {f"{place}/{name}".lstrip("/"): data for name, data in files.items()}
            assert stands.items() <= tree(out).items()
        before[place] = ours(out, place)
    found = tree(out)
    assert theirs.items() <= found.items()
    assert tree(beside) == STRANGE
    known = {
        f"{place}/{name}".lstrip("/")
        for place in ("", "en/a", "en/a/set", "ms/a")
        for name in staging.recorded(out, place)
    }
    assert (
        found.keys() - theirs.keys() <= known
    )  # whatever a build wrote, it knows and can clear up


# -- caches -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["", "Signature: 8a477f597d28d172789f06886806bc55\n# another's\n"])
def test_a_cache_is_not_made_of_a_folder_that_holds_anything(
    tmp_path, monkeypatch, mark, sample_project
):
    project = shutil.copytree(sample_project, tmp_path / "project")
    monkeypatch.chdir(project)
    home = fill(tmp_path / "home", STRANGE | ({"CACHEDIR.TAG": mark.encode()} if mark else {}))
    before = tree(tmp_path)
    done = briefs("build", "--cache", home, "--cache-size", "1K")
    assert done.exit_code == 2 and "isn't marked as a cache of briefs" in done.stderr
    assert tree(tmp_path) == before


def test_only_what_a_cache_wrote_is_ever_cleared_up(tmp_path):
    cache = Cache.open(tmp_path / "cache", limit=0)
    away = fill(tmp_path / "away", {f"ab/{'ab' * 32}": b"x"})
    fill(cache.folder)
    (cache.folder / "reads").symlink_to(away)
    for path in cache.folder.rglob("*"):
        os.utime(path, (1, 1))
    cache.put("pages", key_of({}), {"a.txt": b"a"})
    assert cache.trim() == 0 and cache.get("pages", key_of({})) is None
    left = {name: data for name, data in tree(cache.folder).items() if name != "CACHEDIR.TAG"}
    assert left == STRANGE | {"reads": str(away).encode()}
    assert tree(away) == {f"ab/{'ab' * 32}": b"x"}
    assert Cache.open(cache.folder).folder == cache.folder  # marked, so it may hold what it likes


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("../../../PWNED.txt", ""),
        ("/tmp/x", ""),
        ("a//b", ""),
        ("a.txt", "../../victim.txt"),
        ("a.txt", "ab"),
    ],
)
def test_a_forged_entry_of_a_cache_is_no_entry(tmp_path, name, digest):
    cache = Cache.open(tmp_path / "cache")
    key, victim = key_of({}), tmp_path / "victim.txt"
    victim.write_bytes(b"not compressed: an entry that is damaged would be deleted")
    cache.put("pages", key, {"a.txt": b"a"})
    text = json.dumps({name: digest or sha256(b"a")})
    entry = cache.folder / "pages" / key[:2] / key
    entry.write_text(f"{sha256(text.encode())}\n{text}")
    assert cache.get("pages", key) is None and not entry.exists()
    assert victim.exists()


@pytest.mark.parametrize("name", ["evil.html", "data/evil.html", "en/x/index.html", ".htaccess"])
def test_nothing_but_the_files_of_a_report_is_put_in_its_folder(tmp_path, published, name):
    """Whatever a cache, a notebook or another machine calls them."""
    (job, *_) = Matrix(published / "notebooks/matrix.yml").jobs(tmp_path / "site")
    with pytest.raises(OutsideError, match=f"'{name}' is no file of a report"):
        staging.publish_report(job, FILES | {name: b"<script>"})
    staging.publish_report(job, FILES)
    assert tree(tmp_path / "site").keys() == {f"en/cycling/{name}" for name in FILES}


HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{}">
"""
PAGE = HEAD.format(escape(policy.policy("p {}", policy.script(True, False)))).encode()
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" {}>{}</svg>'


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("index.html", ""),
        ("index.html", "<script>alert(1)</script>"),
        ("index.html", "<script>alert(1)</script>" + PAGE.decode()),
        ("index.html", PAGE.decode().replace("<head>", "<head><script>alert(1)</script>")),
        ("index.html", PAGE.decode().replace("charset", "id='x' charset")),
        ("index.html", HEAD.format("script-src 'unsafe-inline'")),
        ("index.html", HEAD.format(escape(policy.policy("p {}", "alert(1)")))),
        ("index.html", PAGE.decode().replace("default-src", "script-src *; default-src")),
        ("index.html", PAGE.decode().replace("style-src", "style-src *")),
        ("data/a.svg", DRAWING.format("", "<script>alert(1)</script>")),
        ("data/a.svg", DRAWING.format("onload='alert(1)'", "")),
        ("data/a.svg", DRAWING.format("", "<rect onclick='alert(1)'/>")),
        ("data/a.svg", DRAWING.format("", "<a href='javascript:alert(1)'/>")),
        ("data/a.svg", DRAWING.format("", "<image href='https://evil.example/x'/>")),
        ("data/a.svg", DRAWING.format("", "<g xmlns='http://www.w3.org/1999/xhtml'><video/></g>")),
        ("data/a.svg", "<?xml-stylesheet href='x.xsl'?>" + DRAWING.format("", "")),
        ("data/a.svg", "<!DOCTYPE svg [<!ENTITY x 'y'>]>" + DRAWING.format("", "&x;")),
        ("data/a.svg", "<html><script>alert(1)</script></html>"),
    ],
)
def test_what_could_run_in_a_file_of_a_forged_entry_is_found(name, text):
    """All digests of a cache may agree: whoever can write there wrote them, too."""
    good = {**FILES, "index.html": PAGE, "data/a.svg": DRAWING.format("", "<rect/>").encode()}
    assert policy.unsafe(good) == ""
    assert policy.unsafe(good | {name: text.encode()}) == name


# -- editions and published sets --------------------------------------------------------------------


@pytest.fixture
def published(tmp_path, monkeypatch, sample_project):
    """The sample project, with an edition and another set in its matrix."""
    project = shutil.copytree(sample_project, tmp_path / "project")
    monkeypatch.chdir(project)
    (project / "notebooks/matrix.yml").write_text(
        "site: {url: 'https://example.org/'}\nreports:\n  cycling:\n    sets:\n"
        "      - {name: '2026-01', edition: true, as_of: 2026-01-31}\n"
        "      - {name: early, as_of: 2025-07-01}\n"
    )
    return project


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2026-01", "'2026-01' is kept for an edition"),
        ("2031-12", "'2031-12' is kept for an edition"),
        ("early", "'early' is a set of"),
    ],
)
def test_parameters_by_hand_take_no_name_that_is_published(published, name, said):
    done = briefs("build", "--set", name, "-p", "as_of=2025-12-31", "--dry-run", "--no-cache")
    assert done.exit_code == 2 and said in done.stderr


@pytest.mark.parametrize("words", [[], ["--set", "default"]])
def test_parameters_by_hand_leave_the_published_brief(published, words):
    done = briefs("build", *words, "-p", "as_of=2025-12-31", "--dry-run", "--no-cache", "--json")
    assert done.exit_code == 0, done.stderr
    [found] = json.loads(done.stdout)["stale"]
    assert "reports/scratch" in found["command"]


@pytest.mark.parametrize("name", ["", "2026-01", "early"])
def test_the_command_on_a_page_is_let_through(published, name):
    """What stands on the page of a published set is no request that would be refused."""
    jobs = Matrix(published / "notebooks/matrix.yml").jobs(published / "reports/site")
    job = next(job for job in jobs if job.name == name and job.parameters.language == "en")
    record = {"report": job.report, "language": "en", "parameters": described(job.parameters)}
    said = frame.command(record, PageAddress(job.place, job.languages, job.formats, job.listed))
    words = shlex.split(said)[1:]
    done = briefs(*words, "--dry-run", "--no-cache", "--json", "--out", published / "reports/site")
    assert done.exit_code == 0, (said, done.stderr)
    found = json.loads(done.stdout)["stale"]
    assert job.place in [one["place"] for one in found]


def described(parameters):
    return [{"name": n, "value": v} for n, v in injected(parameters).items()]


LOG = """
- id: "2026-11"
  published: "2026-11-23"
  updated: "2026-11-23"
  changes: {en: First., ms: Pertama.}
  frozen: {en/cost-revolution: %s}
"""


@pytest.fixture(autouse=True)
def log():
    """Leave the real log of editions in place of the one that other tests of publishing pin."""


def test_an_edition_that_was_published_is_not_replaced_by_other_results(tmp_path, monkeypatch):
    results, other = b'{"as_of": "2026-11-23", "n": 1}', b'{"as_of": "2026-11-23", "n": 2}'
    (tmp_path / "data").mkdir()
    log = LOG % editions.digest(json.loads(results))
    (tmp_path / "data" / editions.FILE).write_text(log)
    monkeypatch.setenv("BRIEFS_DATA", str(tmp_path / "data"))
    for place in ("en/cost-revolution/2026-11", "en/cost-revolution", "ms/cost-revolution/2026-11"):
        editions.hold(place, results)
        if place != "en/cost-revolution/2026-11":
            editions.hold(place, other)  # it moves with the times, or was never published
    with pytest.raises(editions.EditionError, match="its results are not those published; log a"):
        editions.hold("en/cost-revolution/2026-11", other)


# -- evidence ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def evidence(tmp_path_factory, sample_project):
    return shutil.copytree(sample_project / "data", tmp_path_factory.mktemp("d") / "data")


def refused(root, path, data):
    """Return what is said when a table's file is `data`."""
    whole = (root / path).read_bytes()
    try:
        (root / path).write_bytes(data)
        os.utime(
            root / path, ns=(0, hash(data) % 2**60)
        )  # so that no cache can take it for another
        [*found] = catalog.check(root=root)
        with pytest.raises(catalog.EvidenceError):
            catalog.load("counts", root=root)
        return "\n".join(map(str, found))
    finally:
        (root / path).write_bytes(whole)


def test_a_table_cut_at_any_line_is_refused(evidence):
    lines = (evidence / "counts.csv").read_bytes().splitlines(keepends=True)
    for kept in range(2, len(lines)):
        said = refused(evidence, "counts.csv", b"".join(lines[:kept]))
        assert f"it has {kept - 1} rows" in said and f"that one had {len(lines) - 1} rows" in said
        assert "counts.csv: isn't the file that was accepted" in said and "check --accept" in said


@settings(max_examples=200)
@given(st.data())
def test_every_byte_of_a_table_counts(evidence, data):
    whole = (evidence / "counts.csv").read_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.integers(0, 255).filter(lambda byte: byte != whole[at]))
    changed = whole[:at] + bytes([other]) + whole[at + 1 :]
    assert "counts.csv" in refused(evidence, "counts.csv", changed)


def test_half_a_price_table_stops_what_reads_it(tmp_path):
    root = shutil.copytree(ROOT / "data", tmp_path / "data")
    path = root / "cost/model_prices.csv"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:200]))
    with pytest.raises(catalog.EvidenceError, match=r"cost/model_prices.csv: isn't the file that"):
        catalog.load("model-prices", root=root)
    assert [breach.file for breach in catalog.check(root=root)] == ["cost/model_prices.csv"]


def test_accepting_states_each_table_and_refuses_what_breaks_the_contract(
    tmp_path, monkeypatch, sample_project
):
    project = shutil.copytree(sample_project, tmp_path / "project")
    monkeypatch.chdir(project)
    table = project / "data/counts.csv"
    lines = table.read_text().splitlines(keepends=True)
    table.write_text("".join(lines[:-1]))
    done = briefs("check", "--accept")
    assert (done.exit_code, done.stdout) == (0, "")
    said = f"accepted counts.csv: {len(lines) - 2} rows ({len(lines) - 1} before)"
    assert done.stderr.startswith(said)
    assert "accepted" not in briefs("check", "--accept").stderr.replace("keep", "")
    package = (project / "data/datapackage.json").read_bytes()
    table.write_text(table.read_text() + "nonsense\n")
    done = briefs("check", "--accept")
    assert done.exit_code == 1 and "cells where the header has" in done.stdout
    assert (project / "data/datapackage.json").read_bytes() == package


def test_a_table_of_which_nothing_is_stated_is_refused(evidence, tmp_path):
    root = shutil.copytree(evidence, tmp_path / "data")
    path = root / "datapackage.json"
    package = json.loads(path.read_text())
    del package["resources"][1]["hash"]
    path.write_text(json.dumps(package))
    with pytest.raises(catalog.EvidenceError, match=r"'counts' states no hash, bytes, rows of"):
        catalog.load("counts", root=root)
