"""YAML whose scalars stay as written, ``null`` apart, and whose long lists come item by item.

A parameter decides what ``007`` or ``2025-02-01`` is, so the look of a text must not. Reading
by the event keeps no more than one item in memory, knows the line of each, and refuses a key
that is there twice, which YAML's own loaders take without a word.
"""

from collections.abc import Callable, Iterator
from typing import Any

import yaml

_LOADER = getattr(
    yaml, "CSafeLoader", yaml.SafeLoader
)  # libyaml's, ten times as fast, where there is one
_NULLS = ("", "~", "null", "Null", "NULL")

Path = tuple[str, ...]


def load(text: str) -> Any:
    """Read one document whole."""
    return next((value for _path, value, _line in walk(text, lambda path: False)), None)


def walk(stream: Any, opens: Callable[[Path], bool]) -> Iterator[tuple[Path, Any, int]]:
    """Yield each part of a document with its path and line.

    Parameters
    ----------
    opens : callable
        Whether the mapping or list at a path comes part by part; an opened mapping itself
        comes first, as None. Every other part comes whole.

    Raises
    ------
    yaml.MarkedYAMLError
        Where the text is no YAML.
    """
    yield from _Reader(stream, opens).document()


class _Reader:
    def __init__(self, stream: Any, opens: Callable[[Path], bool]):
        self._events, self._opens = yaml.parse(stream, Loader=_LOADER), opens
        self._anchored: dict[str, Any] = {}

    def document(self) -> Iterator[tuple[Path, Any, int]]:
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                yield from self._part((), event, event.start_mark.line + 1)

    def _part(self, path: Path, event: Any, line: int) -> Iterator[tuple[Path, Any, int]]:
        if isinstance(event, yaml.MappingStartEvent) and self._opens(path):
            yield path, None, line
            for key in self._keys():
                yield from self._part(
                    (*path, self._build(key)), next(self._events), key.start_mark.line + 1
                )
        elif isinstance(event, yaml.SequenceStartEvent) and self._opens(path):
            kept: list[Any] | None = (
                self._anchored.setdefault(event.anchor, []) if event.anchor else None
            )
            while not isinstance(item := next(self._events), yaml.SequenceEndEvent):
                value = self._build(item)
                if kept is not None:
                    kept.append(value)
                yield path, value, item.start_mark.line + 1
        elif isinstance(event, yaml.AliasEvent) and self._opens(path):
            yield from ((path, value, line) for value in self._build(event))
        else:
            yield path, self._build(event), line

    def _keys(self) -> Iterator[Any]:
        """Yield the key events of a mapping; who takes one reads its value before the next."""
        seen = set()
        while not isinstance(key := next(self._events), yaml.MappingEndEvent):
            if not isinstance(key, yaml.ScalarEvent) or key.value in seen:
                raise _fault(
                    f"{getattr(key, 'value', 'a key')!r} is there twice or no plain name", key
                )
            seen.add(key.value)
            yield key

    def _build(self, event: Any) -> Any:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchored:
                raise _fault(f"*{event.anchor} stands for nothing before it", event)
            return self._anchored[event.anchor]
        if isinstance(event, yaml.ScalarEvent):
            value: Any = None if event.implicit[0] and event.value in _NULLS else event.value
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
            while not isinstance(item := next(self._events), yaml.SequenceEndEvent):
                value.append(self._build(item))
        else:
            value = {key.value: self._build(next(self._events)) for key in self._keys()}
            if isinstance(base := value.pop("<<", None), dict):
                value = {**base, **value}
        if event.anchor:
            self._anchored[event.anchor] = value
        return value


def _fault(problem: str, event: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
