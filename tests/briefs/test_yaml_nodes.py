"""YAML from strangers: refused with file and line where it holds too much, and never run."""

import time

import pytest

from briefs import yaml_nodes
from briefs.engine import plan
from briefs.yaml_nodes import YamlError

#: Nine lines that stand for a billion values.
BOMB = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "\n".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 10)}]"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (BOMB, r"x.yml, line \d: not valid YAML: more than 200000 values, aliases written out"),
        ("[" * 10**5 + "]" * 10**5, "x.yml, line 1: .*more than 50 levels, one in the other"),
        ("- " * 10**5 + "a", "x.yml, line 1: .*more than 50 levels"),
        ("&a [*a]", "an anchor contains itself"),
        ("a: 1\na: 2", "line 2: .*'a' is there twice"),
        ("a: 1\n---\na: 2", "line 2: .*but found another document"),
        ("a: !!python/object/apply:os.system [x]", "line 1: .*could not determine a constructor"),
        ("a: 2025-02-30", "x.yml: day is out of range for month"),
        ("a: " + "9" * 5000, "x.yml: Exceeds the limit"),
        (b"a: \xff", "x.yml: must be UTF-8 text"),
        ('a: 1\nb: "x\\0y"', r"x.yml, line 2: .*'\\x00' is no character of a text"),
    ],
    ids=str.split("bomb flow block itself twice documents object day digits encoding zero"),
)
def test_what_is_refused(tmp_path, text, said):
    path, start = tmp_path / "x.yml", time.monotonic()
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(YamlError, match=said):
        yaml_nodes.load(path)
    assert time.monotonic() - start < 5


def test_a_bomb_of_parameters_ends_at_once(tmp_path):
    (tmp_path / "p.yml").write_text(BOMB)
    with pytest.raises(YamlError, match="more than 200000 values"):
        plan.read_file(tmp_path / "p.yml")


def test_what_holds_no_list_is_no_list(tmp_path):
    (tmp_path / "x.yml").write_text("a: 1")
    with pytest.raises(YamlError, match=r"^x.yml: must hold a list$"):
        yaml_nodes.load_list(tmp_path / "x.yml")
    (tmp_path / "x.yml").write_text("# nothing yet")
    assert yaml_nodes.load_list(tmp_path / "x.yml") == []
