"""YAML as nodes, each of which knows its line; a key given twice is an error.

YAML's own loaders keep the last of two equal keys in silence and forget where things stood.
`texts` leaves scalars as they are written, ``null`` apart: a parameter decides what ``007`` or
``2025-02-01`` is, so the look of a text must not. `load` takes them for what YAML says they are.
"""

from pathlib import Path
from typing import Any

import yaml

from briefs.characters import NO_TEXT

#: That of libyaml, where there is one, is ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Levels of lists in lists, where deeper ones would overflow the stack of libyaml's own reader.
_DEEPEST = 50
#: Values in a document with its aliases written out: nine short lines can stand for billions.
_MOST = 200_000


class YamlError(ValueError):
    """A text is no YAML, gives a key twice, or holds too much; the message names file and line."""


def load(path: Path, name: str = "") -> Any:
    """Read a file with numbers, dates and truth values as YAML reads them; errors call it `name`.

    Raises
    ------
    YamlError
        Also if the file isn't text in UTF-8.
    """
    name = name or path.name
    try:
        node = compose(path.read_text("utf-8-sig"), name)
        return None if node is None else yaml.constructor.SafeConstructor().construct_document(node)
    except UnicodeDecodeError:
        raise YamlError(f"{name}: must be UTF-8 text") from None
    except yaml.YAMLError as error:
        raise _said(error, name) from None
    except (ValueError, OverflowError) as error:  # a day that doesn't exist, or too many digits
        raise error if isinstance(error, YamlError) else YamlError(f"{name}: {error}") from None


def load_list(path: Path, name: str = "") -> list[Any]:
    """Read a file that holds a list, empty where it holds nothing; see `load`."""
    found = load(path, name)
    if not isinstance(found, list | None):
        raise YamlError(f"{name or path.name}: must hold a list")
    return found or []


def compose(text: str, name: str) -> yaml.Node | None:
    """Read one document, None where there is none; errors call it `name`, the path of its file."""
    try:
        _check_depth(text)
        node = yaml.compose(text, Loader=_LOADER)
        if node:
            _check(node, (), {})
        return node
    except yaml.YAMLError as error:
        raise _said(error, name) from None


def line(node: yaml.Node) -> int:
    """Number of the line that a node begins on, from 1."""
    return node.start_mark.line + 1 if node.start_mark else 0


def texts(node: yaml.Node | None) -> Any:
    """Build what a node holds from mappings, lists, texts as written, and None for ``null``."""
    if isinstance(node, yaml.SequenceNode):
        return [texts(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        return {key.value: texts(value) for key, value in node.value}
    return None if node is None or node.tag.endswith(":null") else node.value


def _said(error: yaml.YAMLError, name: str) -> YamlError:
    mark = getattr(error, "problem_mark", None)
    where = f"{name}, line {mark.line + 1}" if mark else name
    return YamlError(f"{where}: not valid YAML: {getattr(error, 'problem', None) or error}")


def _check_depth(text: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise _fault(f"more than {_DEEPEST} levels, one in the other", event)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _check(node: yaml.Node, around: tuple[yaml.Node, ...], sizes: dict[int, int]) -> int:
    """Refuse a key given twice or that is no text, and a node that contains itself; count its values."""
    if node in around:
        raise _fault("an anchor contains itself", node)
    if isinstance(node, yaml.ScalarNode):
        if odd := NO_TEXT.search(node.value):
            raise _fault(f"{odd[0]!r} is no character of a text", node)
        return 1
    if id(node) in sizes:  # an alias of what was checked already
        return sizes[id(node)]
    around = (*around, node)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise _fault(f"{key.value!r} is there twice or no plain name", key)
            seen.add(key.value)
    size = 1
    for item in node.value:
        inner = item[1] if isinstance(node, yaml.MappingNode) else item
        size += _check(inner, around, sizes)
        if size > _MOST:
            raise _fault(f"more than {_MOST} values, aliases written out", node)
    sizes[id(node)] = size
    return size


def _fault(problem: str, at: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=at.start_mark)
