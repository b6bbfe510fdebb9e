"""Rows of a matrix: each set of parameters as it is written, in YAML or CSV, with its place there.

Values stay text until the report's parameter model types them. CSV is read as a stream, row by
row; YAML is read whole, since a later part may refer to an earlier one.
"""

import csv
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from briefs import parameters, yaml_nodes
from briefs.engine.plan import check_formats, check_name
from briefs.project import PlanError

_OWN = ("name", "edition", "formats", "languages")
_PARTS = ("site", "languages", "reports")
_KINDS = ("sets", "grid")
LANGUAGES = ("en",)


@dataclass(frozen=True)
class Row:
    """One set as written: where it stands, its report and name, its values still text."""

    where: str
    report: str
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


#: What is wrong with a row comes in its place, so that all faults are found at once.
Found = Row | PlanError


def of_csv(path: Path) -> Iterator[Found]:
    """Read the rows of a CSV file one by one; an empty cell stands for the default."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream, restkey="")
            _check_columns(list(reader.fieldnames or ()), f"{path}, line 1")
            for cells in reader:
                try:
                    yield _csv_row(cells, f"{path}, line {reader.line_num}")
                except PlanError as error:
                    yield error
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None


def _check_columns(columns: list[str], where: str) -> None:
    models = parameters.reports().values()
    known = ["report", *_OWN, *dict.fromkeys(name for m in models for name in m.model_fields)]
    for column in columns:
        if column not in known:
            nearest = parameters.nearest(column, known)
            raise PlanError(f"{where}: {column!r}: unknown column; {nearest}")
        if columns.count(column) > 1:
            raise PlanError(f"{where}: {column!r}: is there twice")
    if lacking := [name for name in ("report", "name") if name not in columns]:
        raise PlanError(f"{where}: there is no column {' and no column '.join(lacking)}")


def _csv_row(cells: dict[str, Any], where: str) -> Row:
    if "" in cells:
        raise PlanError(f"{where}: has more cells than the header; quote a cell that holds a comma")
    values = {name: text.strip() for name, text in cells.items() if text and text.strip()}
    return _row(_known_report(values.pop("report", ""), where), values, where)


def of_yaml(path: Path, defaults: bool) -> tuple[tuple[str, ...], list[Found]]:
    """Read the languages and all rows of a YAML file.

    Parameters
    ----------
    defaults : bool
        Whether each report that the file lists has a row of default parameters too.
    """
    try:
        document = yaml_nodes.compose(path.read_text("utf-8-sig"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None
    except yaml_nodes.YamlError as error:
        raise PlanError(str(error)) from None
    reader = _YamlReader(path, defaults)
    reader.document(document)
    return reader.languages, reader.found


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> PlanError:
    why = error.strerror if isinstance(error, OSError) else "is not text in UTF-8"
    return PlanError(f"{path}: {why}")


class _YamlReader:
    """Walks through the nodes of a file, and collects rows and faults."""

    def __init__(self, path: Path, defaults: bool):
        self.path, self.defaults = path, defaults
        self.languages: tuple[str, ...] = LANGUAGES
        self.found: list[Found] = []

    def document(self, node: yaml.Node | None) -> None:
        for part, value, where in self._parts(node, (), _PARTS):
            if part == "reports":
                self._reports(value)
            elif part == "languages":
                try:
                    self.languages = _names(yaml_nodes.texts(value), f"{where}: languages")
                except PlanError as error:
                    self.found.append(error)

    def _reports(self, node: yaml.Node) -> None:
        for report, value, where in self._parts(node, ("reports",), tuple(parameters.reports())):
            if self.defaults:
                self.found.append(Row(f"{where} ({report})", report))
            for kind, items, there in self._parts(value, ("reports", report), _KINDS):
                if isinstance(items, yaml.SequenceNode):
                    for item in items.value:
                        self._item(report, kind, item)
                else:
                    fault = f"{there}: {kind}: write a list, an item for each"
                    self.found.append(PlanError(fault))

    def _item(self, report: str, kind: str, node: yaml.Node) -> None:
        where, written = self._where(node), yaml_nodes.texts(node)
        try:
            if kind == "sets":
                self.found.append(_row(report, written, where))
            else:
                self.found.extend(Grid.read(report, written, where).rows())
        except PlanError as error:
            self.found.append(error)

    def _parts(
        self, node: yaml.Node | None, above: tuple[str, ...], known: tuple[str, ...]
    ) -> Iterator[tuple[str, yaml.Node, str]]:
        """Yield key, value and line of each part of a mapping; an unknown key is a fault."""
        if node is None or yaml_nodes.texts(node) is None:
            return
        if not isinstance(node, yaml.MappingNode):
            path, first = ".".join(above) or "the file", ", ".join(known)
            fault = f"{self._where(node)}: {path}: is nothing that a matrix has; begin with {first}"
            self.found.append(PlanError(fault))
            return
        for key, value in node.value:
            where, name = self._where(key), key.value
            if name in known:
                yield name, value, where
            elif above == ("reports",):
                self.found.append(_unknown_report(name, where))
            else:
                path, nearest = ".".join((*above, name)), parameters.nearest(name, known)
                fault = f"{where}: {path}: is nothing that a matrix has; {nearest}"
                self.found.append(PlanError(fault))

    def _where(self, node: yaml.Node) -> str:
        return f"{self.path}, line {yaml_nodes.line(node)}"


def _known_report(name: str, where: str) -> str:
    """Return `name` if a report has it; an error begins with `where`."""
    if name not in parameters.reports():
        raise _unknown_report(name, where)
    return name


def _unknown_report(name: str, where: str) -> PlanError:
    what = "unknown report" if name else "is empty"
    nearest = parameters.nearest(name, parameters.reports())
    return PlanError(f"{where}: {name or 'report'}: {what}; {nearest}")


def _row(report: str, written: Any, where: str) -> Row:
    """Make a row of what is written: settings of its own, and parameters."""
    if not isinstance(written, dict):
        raise PlanError(f"{where}: write a set as name: value, one parameter after the other")
    own = {name: written[name] for name in _OWN if written.get(name) is not None}
    values = {name: value for name, value in written.items() if name not in _OWN}
    where = f"{where} ({' '.join(filter(None, (report, str(own.get('name', '')))))})"
    if not own.get("name"):
        raise PlanError(
            f"{where}: name: a set needs one; it is published in the folder of that name"
        )
    edition = _is_edition(own.get("edition", "false"), where)
    check_name(own["name"], where, edition=edition)
    if "language" in values:
        raise PlanError(
            f"{where}: language: write languages instead, a list; the set is built in each"
        )
    if edition and not values.get("as_of"):
        raise PlanError(
            f"{where}: edition: set as_of too; an edition must not change when evidence is added"
        )
    lists = {
        name: _names(own[name], f"{where}: {name}")
        for name in ("formats", "languages")
        if name in own
    }
    check_formats(lists.get("formats", ()), f"{where}: formats:")
    return Row(where, report, own["name"], values, **lists)


def _is_edition(said: Any, where: str) -> bool:
    if (text := str(said).lower()) not in ("true", "false"):
        raise PlanError(f"{where}: edition: {said!r} is neither true nor false")
    return text == "true"


@dataclass(frozen=True)
class Grid:
    """Lists of values to combine, as written; of the combinations, those that an exclusion matches are left out."""

    where: str
    report: str
    pattern: str
    axes: dict[str, list[Any]]
    own: dict[str, Any]
    exclusions: list[dict[str, Any]]

    @classmethod
    def read(cls, report: str, written: Any, where: str) -> "Grid":
        """Take what is written apart."""
        if not isinstance(written, dict) or not isinstance(pattern := written.get("name"), str):
            raise PlanError(f"{where}: a grid needs a name, a pattern such as as-of-{{as_of}}")
        exclusions = written.get("exclude") or []
        if not isinstance(exclusions, list) or not all(
            isinstance(one, dict) and one for one in exclusions
        ):
            raise PlanError(
                f"{where} ({report} {pattern}): exclude: write a list; each item names parameters "
                "and values"
            )
        axes = {
            name: value if isinstance(value, list) else [value]
            for name, value in written.items()
            if name not in (*_OWN, "exclude")
        }
        own = {name: written[name] for name in _OWN if name in written}
        return cls(where, report, pattern, axes, own, exclusions)

    def rows(self) -> Iterator[Row]:
        """Yield every combination that no exclusion matches."""
        where, used = f"{self.where} ({self.report} {self.pattern})", set()
        for combination in itertools.product(*self.axes.values()):
            values = dict(zip(self.axes, combination, strict=True))
            try:
                found = parameters.parse(self.report, values)
                matching = [e for e in self.exclusions if _matches(found, values, e)]
                name = self._name(found)
            except parameters.ParameterError as error:
                lines = (f"{where}: {line}" for line in str(error).splitlines())
                raise PlanError("\n".join(lines)) from None
            except (LookupError, ValueError) as error:
                raise PlanError(
                    f"{where}: name: {error} is no parameter of {self.report}"
                ) from None
            used |= set(map(id, matching))
            if not matching:
                yield _row(self.report, {**values, **self.own, "name": name}, self.where)
        if unused := [one for one in self.exclusions if id(one) not in used]:
            raise PlanError(f"{where}: exclude: no combination has {unused[0]}")

    def _name(self, found: parameters.Parameters) -> str:
        """Name of a combination: the pattern with its values."""
        values = parameters.injected(found)
        return self.pattern.format(**{name: _slug(value) for name, value in values.items()})


def _matches(found: parameters.Parameters, values: dict[str, Any], exclude: dict[str, Any]) -> bool:
    """Whether a combination has an exclusion's values: setting them changes nothing, however they are written."""
    lists = [value if isinstance(value, list) else [value] for value in exclude.values()]
    for choice in itertools.product(*lists):
        try:
            if type(found).parse({**values, **dict(zip(exclude, choice, strict=True))}) == found:
                return True
        except parameters.ParameterError as error:
            if exclude.keys() - type(found).model_fields.keys():
                raise parameters.ParameterError(f"exclude: {error}") from None
    return False


def _names(value: Any, where: str) -> tuple[str, ...]:
    """Read a list, or a text with commas."""
    names = value.split(",") if isinstance(value, str) else value
    good = isinstance(names, list) and all(isinstance(n, str) and n.strip() for n in names)
    if not good or not names:
        raise PlanError(f"{where}: write a list of names")
    return tuple(dict.fromkeys(name.strip() for name in names))


def _slug(value: Any) -> str:
    text = "-".join(map(str, value)) if isinstance(value, list) else str(value)
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
