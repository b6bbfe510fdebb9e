"""The cache: what is kept comes back whole or not at all, even if it is damaged, deleted or shared."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from briefs.engine.cache import Cache, key_of, read_size

FILES = {"index.html": b"<p>page</p>" * 50, "data/a.csv": b"x\r\n1\r\n"}
KEY = key_of({"a": 1})


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def blobs(cache):
    return sorted(path for path in (cache.folder / "blobs").rglob("*") if path.is_file())


def everything(cache):
    return [path for path in cache.folder.rglob("*") if path.is_file()]


def test_an_entry_comes_back_as_it_was(cache):
    assert cache.get("pages", KEY) is None
    assert cache.put("pages", KEY, FILES)
    assert cache.get("pages", KEY) == FILES
    assert cache.get("notebooks", KEY) is None
    assert Cache(cache.folder, reads=False).get("pages", KEY) is None


def test_a_key_depends_on_every_input_and_not_on_their_order():
    assert key_of({"a": 1, "b": {"c": "é"}}) == key_of({"b": {"c": "é"}, "a": 1})
    assert len({key_of(inputs) for inputs in ({"a": 1}, {"a": "1"}, {"a": [1]}, {"b": 1}, {})}) == 5


def test_equal_files_are_stored_once(cache):
    for n in range(5):
        cache.put("pages", key_of({"n": n}), {**FILES, "other": FILES["index.html"]})
    assert len(blobs(cache)) == 2


@pytest.mark.parametrize("place", [0, 10, -1])
def test_a_flipped_byte_is_noticed_dropped_and_made_good(cache, place):
    cache.put("pages", KEY, FILES)
    for path in everything(cache):
        whole = bytearray(path.read_bytes())
        damaged = whole.copy()
        damaged[place] ^= 1
        path.write_bytes(damaged)
        assert cache.get("pages", KEY) is None, path
        cache.put("pages", KEY, FILES)
        assert cache.get("pages", KEY) == FILES


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        Path.unlink,
        lambda path: path.write_bytes(path.read_bytes()[:-3]),
    ],
)
def test_a_file_cut_short_or_gone_is_as_if_it_had_never_been(cache, spoil):
    cache.put("pages", KEY, FILES)
    for number in range(len(everything(cache))):
        spoil(sorted(everything(cache))[number])
        assert cache.get("pages", KEY) is None
        cache.put("pages", KEY, FILES)


def test_a_folder_deleted_meanwhile_is_made_again(cache):
    cache.put("pages", KEY, FILES)
    for path in everything(cache):
        path.unlink()
    assert cache.get("pages", KEY) is None
    assert cache.put("pages", KEY, FILES) and cache.get("pages", KEY) == FILES


def test_what_was_used_longest_ago_goes_first(cache):
    keys = [key_of({"n": n}) for n in range(4)]
    for key in keys:
        cache.put("pages", key, {"page": os.urandom(10_000)})
    for path in everything(cache):
        os.utime(path, (1, 1))
    for age, key in ((2, keys[3]), (3, keys[0])):
        assert cache.get("pages", key)
        for path in everything(cache):
            if path.stat().st_mtime > 1000:
                os.utime(path, (age, age))
    left = Cache(cache.folder, limit=25_000).trim()
    assert left <= 22_500
    assert [cache.get("pages", key) is not None for key in keys] == [True, False, False, True]
    assert Cache(cache.folder, limit=left).trim() == left


def test_leftovers_of_a_killed_build_go_after_an_hour(cache):
    cache.put("pages", KEY, FILES)
    folder = cache.folder / "blobs" / "ab"
    folder.mkdir(exist_ok=True)
    young, old = (folder / f".{'ab' * 32}.{name}" for name in ("young", "old"))
    for path in (young, old):
        path.write_bytes(b"x")
    os.utime(old, (time.time() - 4000,) * 2)
    cache.trim()
    assert young.exists() and not old.exists()


def test_nothing_can_be_written_is_no_reason_to_fail(tmp_path):
    (tmp_path / "file").write_text("")
    cache = Cache(tmp_path / "file" / "cache")
    assert cache.put("pages", KEY, FILES) is False
    assert cache.get("pages", KEY) is None
    assert cache.trim() == 0


def test_several_builds_share_a_cache(cache, tmp_path):
    """Processes write, read, damage and clear up the same entries at once; none gets anything wrong."""
    code = """
import random, sys
from pathlib import Path
from briefs.engine.cache import Cache, key_of
chance, cache = random.Random(sys.argv[2]), Cache(Path(sys.argv[1]), limit=20_000)
for _ in range(150):
    n = chance.randrange(8)
    files = {"a": str(n).encode() * 2000, "b": bytes(range(256)) * n}
    assert cache.get("pages", key_of({"n": n})) in (None, files)
    cache.put("pages", key_of({"n": n}), files)
    if chance.random() < 0.05:
        cache.trim()
    if chance.random() < 0.05:
        for path in list(cache.folder.rglob("*"))[:3]:
            if path.is_file() and not path.name.startswith("."):
                path.write_bytes(b"damage")
"""
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(cache.folder), str(n)], stderr=subprocess.PIPE
        )
        for n in range(3)
    ]
    for process in running:
        assert process.communicate()[1] == b""


@pytest.mark.parametrize(
    ("text", "size"), [("2G", 2 * 2**30), ("500 MB", 500 * 2**20), ("1.5k", 1536), ("0", 0)]
)
def test_a_size_is_read(text, size):
    assert read_size(text) == size


@pytest.mark.parametrize("text", ["", "big", "-1G", "2X", "9999999T"])
def test_what_is_no_size_is_said(text):
    with pytest.raises(ValueError, match="is no size; write 500M or 2G"):
        read_size(text)
