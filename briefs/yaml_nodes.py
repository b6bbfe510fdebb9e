"""YAML as nodes, each of which knows its line; a key given twice is an error.

YAML's own loaders keep the last of two equal keys in silence and forget where things stood.
`texts` leaves scalars as they are written, ``null`` apart: a parameter decides what ``007`` or
``2025-02-01`` is, so the look of a text must not. `values` takes them for what YAML says they are.
"""

from typing import Any

import yaml

#: That of libyaml, where there is one, is ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """A text is no YAML, or gives a key twice; the message names file and line."""


def compose(text: str, name: str) -> yaml.Node | None:
    """Read one document, None where there is none; errors call it `name`, the path of its file."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
        if node:
            _check(node, ())
        return node
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{name}, line {mark.line + 1}" if mark else name
        why = getattr(error, "problem", None) or error
        raise YamlError(f"{where}: not valid YAML: {why}") from None


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


def values(node: yaml.Node | None) -> Any:
    """Build what a node holds, with numbers, dates and truth values as YAML reads them."""
    return None if node is None else yaml.constructor.SafeConstructor().construct_document(node)


def _check(node: yaml.Node, around: tuple[yaml.Node, ...]) -> None:
    """Refuse a key given twice or that is no text, and a node that contains itself."""
    if node in around:
        raise _fault("an anchor contains itself", node)
    if isinstance(node, yaml.ScalarNode):
        return
    around = (*around, node)
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, _value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise _fault(f"{key.value!r} is there twice or no plain name", key)
            seen.add(key.value)
    for item in node.value:
        _check(item[1] if isinstance(node, yaml.MappingNode) else item, around)


def _fault(problem: str, node: yaml.Node) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
