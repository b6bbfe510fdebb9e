"""Damaged evidence is never taken for the evidence: whatever happened to a table, a package or a text."""

import json
import os
import random
import shutil
from functools import partial

import pytest
import yaml

from briefs.engine import notebooks
from briefs.engine.matrix import Matrix
from briefs.evidence import catalog, claims, feeds, living
from briefs.evidence.rows import read_package
from briefs.project import project
from briefs.render import about, editions, glossary
from briefs.site import contact


def flipped(data, rng):
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def lost(data, rng):
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randint(1, 3) :]


def put_in(data, rng):
    at = rng.randrange(len(data))
    odd = [b"\0", b"\x1f", b" ", b"\t", b"\n", b",", b'"', b"\xff", b"7", "é".encode()]
    return data[:at] + rng.choice(odd) + data[at:]


def another_digit(data, rng):
    at = rng.choice([i for i, byte in enumerate(data) if 48 <= byte <= 57])
    other = rng.choice([byte for byte in b"0123456789" if byte != data[at]])
    return data[:at] + bytes([other]) + data[at + 1 :]


def cut(data, rng):
    lines = data.splitlines(keepends=True)
    return b"".join(lines[: rng.randrange(2, len(lines))])


def cut_anywhere(data, rng):
    return data[: rng.randrange(len(data))]


def a_line_gone(data, rng):
    lines = data.splitlines(keepends=True)
    del lines[rng.randrange(len(lines))]
    return b"".join(lines)


def a_line_twice(data, rng):
    lines = data.splitlines(keepends=True)
    lines.insert(rng.randrange(len(lines)), rng.choice(lines[1:]))
    return b"".join(lines)


def lines_swapped(data, rng):
    lines = data.splitlines(keepends=True)
    a, b = rng.sample(range(1, len(lines)), 2)
    lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def header_swapped(data, rng):
    head, rest = data.split(b"\n", 1)
    names = head.split(b",")
    a, b = rng.sample(range(len(names)), 2)
    names[a], names[b] = names[b], names[a]
    return b",".join(names) + b"\n" + rest


def another_day(data, rng):
    lines = data.split(b"\n")
    number = rng.randrange(1, len(lines) - 1)
    cells = lines[number].split(b",")
    day = rng.choice(["0001-01-01", "1000-01-01", "1676-12-31", "2099-01-01", "9999-12-31", "1000"])
    cells[rng.randrange(len(cells))] = day.encode()
    lines[number] = b",".join(cells)
    return b"\n".join(lines)


def other_encoding(data, rng):
    return data.decode().encode(rng.choice(["utf-16", "utf-32", "cp037", "utf-8-sig"]))


DAMAGES = [
    *(flipped, lost, put_in, another_digit, cut, cut_anywhere, a_line_gone, a_line_twice),
    *(lines_swapped, header_swapped, another_day, other_encoding),
]


BYTEWISE = [flipped, lost, put_in, cut_anywhere]
#: These list their problems.
SAYS_ITSELF = ("glossary.yml", "cost-revolution.ipynb")


@pytest.fixture(scope="module")
def evidence(tmp_path_factory):
    return shutil.copytree(project().data, tmp_path_factory.mktemp("evidence") / "data")


def refusals(root, rng, times):
    """Damage a table at a time; return what was said of each, without what put it right again."""
    package = json.loads((root / "datapackage.json").read_text("utf-8"))
    for number in range(times):
        table, damage = rng.choice(package["resources"]), DAMAGES[number % len(DAMAGES)]
        path = root / table["path"]
        whole = path.read_bytes()
        while (data := damage(whole, rng)) == whole:
            pass
        try:
            path.write_bytes(data)
            os.utime(path, ns=(0, number))  # so that no cache can take it for another
            with pytest.raises(catalog.EvidenceError) as caught:
                catalog.load(table["name"], root=root)
            yield table["path"], damage.__name__, caught.value.breaches
        finally:
            path.write_bytes(whole)


@pytest.mark.parametrize(
    ("seed", "times"), [(1, 48), pytest.param(2, 1000, marks=pytest.mark.slow)]
)
def test_a_damaged_table_is_refused_and_named(evidence, seed, times):
    found = list(refusals(evidence, random.Random(seed), times))
    assert len(found) == times
    assert [(file, damage) for file, damage, said in found if file != said[0].file] == []
    assert catalog.check(root=evidence) == []


def contact_and_words(path):
    list(contact.problems())
    about.words("subject")


#: What the evidence, the matrix and a notebook are read by.
READERS = {
    "datapackage.json": lambda path: read_package(path.parent),
    "claims.yml": claims.load_claims,
    "editions.yml": editions.load,
    "glossary.yml": lambda path: list(glossary.problems()),
    "living.yml": lambda path: living.statement("", path.parent),
    "site.yml": contact_and_words,
    "upstream/feeds.yml": lambda path: feeds.load(path.parents[1]),
    "matrix.yml": Matrix,
    "cost-revolution.ipynb": lambda path: notebooks.problems(path, "cost-revolution"),
}


@pytest.mark.parametrize(
    "times", [12, pytest.param(300, marks=pytest.mark.slow)], ids=["some", "many"]
)
@pytest.mark.parametrize("name", READERS)
def test_a_damaged_text_is_taken_or_refused_in_our_words(
    tmp_path, monkeypatch, reshape, name, times
):
    rng, data = random.Random(times), tmp_path / "data"
    shutil.copytree(project().data, data)
    for path in project().notebooks.iterdir():
        shutil.copy(path, data)
    monkeypatch.setenv("BRIEFS_DATA", str(data))
    whole = (data / name).read_bytes()
    is_yaml, refused = name.endswith("yml"), 0
    document = yaml.load(whole, yaml.CSafeLoader) if is_yaml else json.loads(whole)
    dump = partial(yaml.dump, Dumper=yaml.CSafeDumper) if is_yaml else json.dumps
    for number in range(times):
        odd = dump(reshape(document, rng)).encode()
        (data / name).write_bytes(odd if number % 2 else rng.choice(BYTEWISE)(whole, rng))
        os.utime(data / name, ns=(0, number))
        try:
            READERS[name](data / name)
        except ValueError as error:
            assert type(error).__module__.startswith("briefs."), repr(error)
            refused += 1
    assert refused or name in SAYS_ITSELF
