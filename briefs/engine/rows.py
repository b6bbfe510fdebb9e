"""What is written in a matrix, YAML or CSV: each set of parameters and each grid, with its line.

CSV is read as a stream, row by row; YAML is read whole, since a later part may refer to an
earlier one. An error names the file and the line.
"""

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from briefs import parameters, yaml_nodes
from briefs.project import PlanError

#: What a set says besides its parameters.
OWN = ("name", "edition", "formats", "languages")


@dataclass(frozen=True)
class Item:
    """A set, a grid, or the defaults of a report, as written; `kind` says which."""

    where: str
    report: str
    written: Any
    kind: str = "sets"


def of_csv(path: Path) -> Iterator[Item]:
    """Yield the sets of a CSV file; an empty cell stands for the default.

    Columns are separated by commas, semicolons or tabs, whatever its header has most of.
    """
    with readable(path), path.open(encoding="utf-8-sig", newline="") as stream:
        separator = _separator(stream.readline())
        stream.seek(0)
        reader = csv.DictReader(stream, restkey="", restval=None, strict=True, delimiter=separator)
        _check_columns(list(reader.fieldnames or ()), f"{path}, line 1")
        for cells in reader:
            more = cells.pop("", None)
            if None in cells.values():
                where = f"{path}, line {reader.line_num}"
                raise PlanError(f"{where}: has fewer cells than the header")
            written: dict[str, Any] = {n: text.strip() for n, text in cells.items() if text.strip()}
            report = written.pop("report", "")
            if more:
                written[""] = more
            yield Item(f"{path}, line {reader.line_num}", report, written)


def _separator(header: str) -> str:
    """Return what separates the columns: what Excel writes depends on the language of its machine."""
    return max(",;\t", key=header.count)


def _check_columns(columns: list[str], where: str) -> None:
    models = parameters.reports().values()
    known = ["report", *OWN, *dict.fromkeys(name for m in models for name in m.model_fields)]
    for column in columns:
        if column not in known:
            nearest = parameters.nearest(column, known)
            raise PlanError(f"{where}: {column!r}: unknown column; {nearest}")
        if columns.count(column) > 1:
            raise PlanError(f"{where}: {column!r}: is there twice")
    if lacking := [name for name in ("report", "name") if name not in columns]:
        raise PlanError(f"{where}: there is no column {' and no column '.join(lacking)}")


def of_yaml(path: Path, defaults: bool) -> tuple[list[Item], tuple[str, ...]]:
    """Return what is in a YAML file, with an item for the `defaults` of each report, and its languages."""
    with readable(path):
        document = yaml_nodes.compose(path.read_text("utf-8-sig"), str(path))
    items: list[Item] = []
    languages: tuple[str, ...] = ("en",)
    for part, node, where in _parts(path, document, (), ("site", "languages", "reports")):
        if part == "languages":
            languages = names(yaml_nodes.texts(node), f"{where}: languages")
        if part == "reports":
            for report, sets, there in _parts(path, node, (part,), parameters.reports()):
                items += [Item(there, report, {}, "default")] if defaults else []
                items += _items(path, sets, report)
    return items, languages


def _items(path: Path, node: yaml.Node, report: str) -> Iterator[Item]:
    for kind, listed, where in _parts(path, node, ("reports", report), ("sets", "grid")):
        if not isinstance(listed, yaml.SequenceNode):
            raise PlanError(f"{where}: {kind}: write a list, an item for each")
        for item in listed.value:
            yield Item(_line(path, item), report, yaml_nodes.texts(item), kind)


def _parts(
    path: Path, node: yaml.Node | None, above: tuple[str, ...], known: Iterable[str]
) -> Iterator[tuple[str, yaml.Node, str]]:
    """Yield key, value and line of each part of a mapping, all of whose keys must be known."""
    if node is None or yaml_nodes.texts(node) is None:
        return
    if not isinstance(node, yaml.MappingNode):
        what, first = ".".join(above) or "the file", ", ".join(known)
        raise PlanError(
            f"{_line(path, node)}: {what}: is nothing that a matrix has; begin with {first}"
        )
    for key, value in node.value:
        where, what = _line(path, key), ".".join((*above, key.value))
        if key.value not in known:
            nearest = parameters.nearest(key.value, known)
            raise PlanError(f"{where}: {what}: is nothing that a matrix has; {nearest}")
        yield key.value, value, where


def _line(path: Path, node: yaml.Node) -> str:
    return f"{path}, line {yaml_nodes.line(node)}"


def names(value: Any, where: str) -> tuple[str, ...]:
    """Read a list, or a text with commas."""
    names = value.split(",") if isinstance(value, str) else value
    good = isinstance(names, list) and all(isinstance(n, str) and n.strip() for n in names)
    if not good or not names:
        raise PlanError(f"{where}: write a list of names")
    return tuple(dict.fromkeys(name.strip() for name in names))


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Say in our words that a file can't be read."""
    try:
        yield
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror}") from None
    except csv.Error as error:
        raise PlanError(f"{path}: isn't valid CSV: {error}") from None
    except UnicodeDecodeError:
        raise PlanError(f"{path}: is not text in UTF-8; Excel writes it as 'CSV UTF-8'") from None
