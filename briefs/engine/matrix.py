"""The matrix: many sets of parameters for the notebooks, from YAML or CSV, one at a time.

Files are read as streams, so thousands of sets take no more memory than one, and values stay
text until the report's parameter model types them. `Matrix` reads its file once to find every
fault, with file and line, before anything runs; `jobs` then reads it again, set by set.
"""

import csv
import fnmatch
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from briefs import parameters
from briefs.engine import plan, textyaml
from briefs.engine.plan import DEFAULT, Job, check_name, known_report, spoken
from briefs.project import FORMATS, MATRIX, PlanError, project

_SHOWN = 20
_OWN = ("name", "edition", "formats", "languages")
_PARTS = ("site", "languages", "reports")


@dataclass(frozen=True)
class Row:
    """One set as written: where it stands, its report and name, its values still text."""

    where: str
    report: str
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


class Matrix:
    """The sets of a file, all found to be good.

    Parameters
    ----------
    path : Path
        YAML as ``notebooks/matrix.yml`` is, or CSV with the columns ``report``, ``name`` and any
        parameters, where an empty cell stands for the default.
    defaults : bool
        Whether each report that a YAML file lists is built with its defaults too.

    Raises
    ------
    PlanError
        With every fault, a line each.
    """

    def __init__(self, path: Path, defaults: bool = True):
        self.path, self._defaults, self.languages, self.reports = path, defaults, ("en",), {}
        faults: list[str] = []
        places: dict[str, str] = {}
        for row in self._rows(faults):
            self.reports[row.report] = None
            try:
                for job in self._jobs(row, path.parent):
                    if job.place in places:
                        raise PlanError(
                            f"{row.where}: {job.place} is the place of another set: {places[job.place]}"
                        )
                    places[job.place] = row.where
            except PlanError as error:
                faults.append(str(error))
        if faults:
            more = [f"... and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
            raise PlanError("\n".join(faults[:_SHOWN] + more))
        self.count = len(places)

    def jobs(
        self,
        out: Path,
        *,
        reports: Iterable[str] = (),
        names: Iterable[str] = (),
        formats: tuple[str, ...] = (),
        languages: tuple[str, ...] = (),
    ) -> Iterator[Job]:
        """Yield the jobs into `out`, in the order of the file.

        Parameters
        ----------
        reports, names : iterable of str
            Only these reports, and only sets whose names match these patterns; empty means all.
        formats, languages : tuple of str
            These instead of the file's; a set that names its languages is built in no other.
        """
        for row in self._chosen(reports, names):
            yield from self._jobs(row, out, formats, languages)

    def number(
        self,
        *,
        reports: Iterable[str] = (),
        names: Iterable[str] = (),
        languages: tuple[str, ...] = (),
    ) -> int:
        """How many jobs `jobs` yields."""
        if not (reports or names or languages):
            return self.count
        return sum(len(self._languages(row, languages)) for row in self._chosen(reports, names))

    def _chosen(self, reports: Iterable[str], names: Iterable[str]) -> Iterator[Row]:
        reports, names = set(reports), list(names)
        return (
            row
            for row in self._rows([])
            if (not reports or row.report in reports)
            and (not names or any(fnmatch.fnmatchcase(row.name or DEFAULT, name) for name in names))
        )

    def _languages(self, row: Row, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """Languages of a set: those chosen, but where it names its own none besides."""
        return (
            tuple(n for n in row.languages if n in chosen or not chosen)
            if row.languages
            else (chosen or self.languages)
        )

    def _jobs(
        self, row: Row, out: Path, formats: tuple[str, ...] = (), languages: tuple[str, ...] = ()
    ) -> list[Job]:
        try:
            return spoken(
                row.report,
                row.values,
                out,
                formats or row.formats or tuple(FORMATS),
                self._languages(row, languages),
                row.name,
            )
        except (parameters.ParameterError, PlanError) as error:
            raise PlanError(
                "\n".join(f"{row.where}: {line}" for line in str(error).splitlines())
            ) from None

    def _rows(self, faults: list[str]) -> Iterator[Row]:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as stream:
                yield from (self._csv if self.path.suffix == ".csv" else self._yaml)(stream, faults)
        except OSError as error:
            raise PlanError(f"{self.path}: {error.strerror}") from None
        except UnicodeDecodeError:
            raise PlanError(f"{self.path}: is not text in UTF-8") from None
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            raise PlanError(
                f"{self.path}{f', line {mark.line + 1}' if mark else ''}: not valid YAML: "
                f"{getattr(error, 'problem', None) or error}"
            ) from None

    def _csv(self, stream: Iterable[str], faults: list[str]) -> Iterator[Row]:
        reader = csv.DictReader(stream, restkey="")
        known = [
            "report",
            *_OWN,
            *dict.fromkeys(
                n for model in parameters.reports().values() for n in model.model_fields
            ),
        ]
        columns = list(reader.fieldnames or ())
        for column in columns:
            if column not in known or columns.count(column) > 1:
                why = (
                    "is there twice"
                    if column in known
                    else f"unknown column; {parameters.nearest(column, known)}"
                )
                raise PlanError(f"{self.path}, line 1: {column!r}: {why}")
        if lacking := [name for name in ("report", "name") if name not in columns]:
            raise PlanError(
                f"{self.path}, line 1: there is no column {' and no column '.join(lacking)}"
            )
        for cells in reader:
            where = f"{self.path}, line {reader.line_num}"
            try:
                if "" in cells:
                    raise PlanError(
                        f"{where}: has more cells than the header; quote a cell that holds a comma"
                    )
                values = {
                    name: value.strip() for name, value in cells.items() if value and value.strip()
                }
                yield _row(known_report(values.pop("report", ""), where), values, where)
            except PlanError as error:
                faults.append(str(error))

    def _yaml(self, stream: Any, faults: list[str]) -> Iterator[Row]:
        for path, value, line in textyaml.walk(stream, _opens):
            try:
                yield from self._part(path, value, f"{self.path}, line {line}")
            except PlanError as error:
                faults.append(str(error))

    def _part(self, path: tuple[str, ...], value: Any, where: str) -> Iterator[Row]:
        match path:
            case () | ("reports",) if value is None:
                return
            case ("site",):  # the addresses of pages are `address`'s business
                return
            case ("languages",):
                self.languages = _names(value, where, "languages")
            case ("reports", report) if value is None:
                known_report(report, where)
                if self._defaults:
                    yield Row(f"{where} ({report})", report)
            case ("reports", report, "sets"):
                yield _row(known_report(report, where), value, where)
            case ("reports", report, "grid"):
                yield from _combinations(known_report(report, where), value, where)
            case _:
                known = ("sets", "grid") if len(path) > 2 else _PARTS
                raise PlanError(
                    f"{where}: {'.'.join(path) or 'the file'}: is nothing that a matrix has; "
                    + (
                        parameters.nearest(path[-1], known)
                        if path
                        else f"begin with {', '.join(known)}"
                    )
                )


@dataclass(frozen=True)
class Request:
    """What is asked for: how many jobs, and the jobs themselves, made one at a time whenever asked."""

    total: int
    jobs: Callable[[], Iterator[Job]]


def request(
    out: Path,
    reports: Sequence[str] = (),
    values: Mapping[str, Any] | None = None,
    *,
    file: Path | None = None,
    names: Sequence[str] = (),
    formats: tuple[str, ...] = (),
    languages: tuple[str, ...] = (),
) -> Request:
    """Plan what the command line asks for.

    Parameters
    ----------
    out : Path
        Folder of the site.
    reports : sequence of str
        Only these.
    values : mapping, optional
        Parameters of one set; without any, the sets are those of the matrix.
    file : Path, optional
        Another matrix than the project's.
    names : sequence of str
        Names of sets, or patterns; with `values`, the name of the one set.
    formats, languages : tuple of str
        These instead of the matrix's.

    Raises
    ------
    PlanError, ParameterError
        With all that is wrong.
    """
    for report in reports:
        parameters.model_for(report)
    for language in languages:
        parameters.Parameters.parse({"language": language})
    own = project().notebooks / MATRIX
    if values:
        if file or len(names) > 1:
            raise PlanError(
                "-p and --params-file describe one set: they go with no --matrix and one --set at most"
            )
        listed = plan.jobs(
            reports,
            values,
            formats or tuple(FORMATS),
            out,
            languages=languages,
            name="".join(names).removeprefix(DEFAULT),
        )
        return Request(len(listed), lambda: iter(listed))
    if not file and not own.is_file():
        listed = plan.jobs(reports, {}, formats or tuple(FORMATS), out, languages=languages)
        return Request(len(listed), lambda: iter(listed))
    matrix = Matrix(file or own, defaults=not file)
    plan.check_notebooks(matrix.reports)
    if absent := [report for report in reports if report not in matrix.reports]:
        raise PlanError(f"{matrix.path} has no {', '.join(absent)}")
    total = matrix.number(reports=reports, names=names, languages=languages)
    if not total:
        raise PlanError(
            f"no set of {matrix.path} is called {' or '.join(names) or 'anything'}"
            + (f" in {', '.join(languages)}" if languages else "")
        )
    return Request(
        total,
        lambda: matrix.jobs(
            out, reports=reports, names=names, formats=formats, languages=languages
        ),
    )


def _opens(path: tuple[str, ...]) -> bool:
    return path[:1] in ((), ("reports",)) and (len(path) < 3 or path[2:] in (("sets",), ("grid",)))


def _row(report: str, values: Any, where: str) -> Row:
    if not isinstance(values, dict):
        raise PlanError(f"{where}: write a set as name: value, one parameter after the other")
    own = {name: values[name] for name in _OWN if values.get(name) is not None}
    rest = {name: value for name, value in values.items() if name not in _OWN}
    where = f"{where} ({' '.join(filter(None, (report, str(own.get('name', '')))))})"
    if not own.get("name"):
        raise PlanError(
            f"{where}: name: a set needs one; it is published in the folder of that name"
        )
    check_name(own["name"], where)
    if "language" in rest:
        raise PlanError(
            f"{where}: language: write languages instead, a list; the set is built in each"
        )
    if (edition := str(own.get("edition", "false")).lower()) not in ("true", "false"):
        raise PlanError(f"{where}: edition: {own['edition']!r} is neither true nor false")
    if edition == "true" and not rest.get("as_of"):
        raise PlanError(
            f"{where}: edition: set as_of too; an edition must not change when evidence is added"
        )
    formats, languages = (
        _names(own[name], where, name) if name in own else () for name in ("formats", "languages")
    )
    for name in formats:
        if name not in FORMATS:
            raise PlanError(
                f"{where}: formats: {name!r} is unknown; {parameters.nearest(name, FORMATS)}"
            )
    return Row(where, report, own["name"], rest, formats, languages)


def _combinations(report: str, grid: Any, where: str) -> Iterator[Row]:
    """Every combination of a grid's lists that no ``exclude`` matches."""
    if not isinstance(grid, dict) or not isinstance(template := grid.get("name"), str):
        raise PlanError(f"{where}: a grid needs a name, a template such as as-of-{{as_of}}")
    where = f"{where} ({report} {template})"
    own = {name: grid[name] for name in _OWN if name in grid}
    axes = {
        name: value if isinstance(value, list) else [value]
        for name, value in grid.items()
        if name not in (*own, "exclude")
    }
    excludes = grid.get("exclude") or []
    if not isinstance(excludes, list) or not all(isinstance(e, dict) and e for e in excludes):
        raise PlanError(f"{where}: exclude: write a list; each item names parameters and values")
    used = set()
    for combination in itertools.product(*axes.values()):
        values = dict(zip(axes, combination, strict=True))
        try:
            found = parameters.parse(report, values)
            matching = {n for n, exclude in enumerate(excludes) if _matches(found, values, exclude)}
            used |= matching
            name = template.format(**{k: _slug(v) for k, v in parameters.injected(found).items()})
        except parameters.ParameterError as error:
            raise PlanError(
                "\n".join(f"{where}: {line}" for line in str(error).splitlines())
            ) from None
        except (LookupError, ValueError) as error:
            raise PlanError(f"{where}: name: {error} is no parameter of {report}") from None
        if not matching:
            yield _row(report, {**values, **own, "name": name}, where.rpartition(" (")[0])
    if unused := [exclude for n, exclude in enumerate(excludes) if n not in used]:
        raise PlanError(f"{where}: exclude: no combination has {unused[0]}")


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


def _names(value: Any, where: str, what: str) -> tuple[str, ...]:
    """Read a list, or a text with commas."""
    names = value.split(",") if isinstance(value, str) else value
    if (
        not isinstance(names, list)
        or not names
        or not all(isinstance(name, str) and name.strip() for name in names)
    ):
        raise PlanError(f"{where}: {what}: write a list of names")
    return tuple(dict.fromkeys(name.strip() for name in names))


def _slug(value: Any) -> str:
    text = "-".join(map(str, value)) if isinstance(value, list) else str(value)
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
