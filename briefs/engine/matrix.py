"""The matrix: many sets of parameters for the notebooks, from YAML or CSV.

`Matrix` reads its file once to find every fault, with file and line, before anything runs;
`jobs` then makes the jobs one at a time, so thousands of sets in CSV take no more memory than one.
"""

import fnmatch
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefs import parameters
from briefs.engine import plan, rows
from briefs.engine.plan import DEFAULT, Job, jobs_of_set
from briefs.engine.rows import Found, Row
from briefs.project import FORMATS, MATRIX, PlanError, project

_SHOWN = 20


@dataclass(frozen=True)
class Choice:
    """What to build of a matrix.

    Attributes
    ----------
    reports, names : sequence of str
        Only these reports, and only sets whose names match these patterns; empty means all.
    formats, languages : tuple of str
        These instead of the file's; a set that names its languages is built in no other.
    """

    reports: Sequence[str] = ()
    names: Sequence[str] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def has(self, row: Row) -> bool:
        """Whether the set is one of those."""
        name = row.name or DEFAULT
        return (not self.reports or row.report in self.reports) and (
            not self.names or any(fnmatch.fnmatchcase(name, pattern) for pattern in self.names)
        )

    def languages_of(self, row: Row, usual: tuple[str, ...]) -> tuple[str, ...]:
        """Languages to build a set in, where `usual` are those of the file."""
        if not row.languages:
            return self.languages or usual
        return tuple(n for n in row.languages if n in self.languages or not self.languages)


ALL = Choice()


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
        self.path = path
        self.languages: tuple[str, ...] = rows.LANGUAGES
        self._stored: list[Found] | None = None
        if path.suffix != ".csv":
            self.languages, self._stored = rows.of_yaml(path, defaults)
        self.reports: dict[str, None] = {}
        self.count = self._check()

    def _check(self) -> int:
        """Return the number of jobs; raise `PlanError` with every fault."""
        faults: list[str] = []
        places: dict[str, str] = {}
        for found in self._found():
            try:
                if isinstance(found, PlanError):
                    raise found
                self.reports[found.report] = None
                for job in self._jobs(found, self.path.parent, ALL):
                    if job.place in places:
                        raise PlanError(
                            f"{found.where}: {job.place} is the place of another set: "
                            f"{places[job.place]}"
                        )
                    places[job.place] = found.where
            except PlanError as error:
                faults.append(str(error))
        if faults:
            more = [f"... and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
            raise PlanError("\n".join(faults[:_SHOWN] + more))
        return len(places)

    def jobs(self, out: Path, choice: Choice = ALL) -> Iterator[Job]:
        """Yield the chosen jobs into `out`, in the order of the file."""
        for row in self._rows(choice):
            yield from self._jobs(row, out, choice)

    def number(self, choice: Choice = ALL) -> int:
        """How many jobs `jobs` yields."""
        if not (choice.reports or choice.names or choice.languages):
            return self.count
        return sum(len(choice.languages_of(row, self.languages)) for row in self._rows(choice))

    def _found(self) -> Iterable[Found]:
        return rows.of_csv(self.path) if self._stored is None else self._stored

    def _rows(self, choice: Choice) -> Iterator[Row]:
        return (row for row in self._found() if isinstance(row, Row) and choice.has(row))

    def _jobs(self, row: Row, out: Path, choice: Choice) -> list[Job]:
        formats = choice.formats or row.formats or tuple(FORMATS)
        languages = choice.languages_of(row, self.languages)
        try:
            return jobs_of_set(row.report, row.values, out, formats, languages, row.name, self.path)
        except (parameters.ParameterError, PlanError) as error:
            lines = (f"{row.where}: {line}" for line in str(error).splitlines())
            raise PlanError("\n".join(lines)) from None


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
    reports, names, formats, languages : sequences of str
        What to build, as in `Choice`; with `values`, names is the name of the one set.
    values : mapping, optional
        Parameters of one set; without any, the sets are those of the matrix.
    file : Path, optional
        Another matrix than the project's.

    Raises
    ------
    PlanError, ParameterError
        With all that is wrong.
    """
    for report in reports:
        parameters.model_for(report)
    for language in languages:
        parameters.Parameters.parse({"language": language})
    own, choice = project().notebooks / MATRIX, Choice(reports, names, formats, languages)
    if values:
        if file or len(names) > 1:
            raise PlanError(
                "-p and --params-file describe one set: they go with no --matrix and one --set at most"
            )
        name = "" if list(names) == [DEFAULT] else "".join(names)
        planned = _one_set(out, values, choice, name)
        if name and own.is_file():
            _check_free(name, Matrix(own), reports)
        return planned
    if not file and not own.is_file():
        return _one_set(out, {}, choice, "")
    return _of_matrix(Matrix(file or own, defaults=not file), out, choice)


def _check_free(name: str, matrix: Matrix, reports: Sequence[str]) -> None:
    """See that no published set has the name of one with other parameters."""
    if matrix.number(Choice(reports, [name])):
        raise PlanError(
            f"--set: name: {name!r} is a set of {matrix.path}; build that without -p, or choose another"
        )


def _one_set(out: Path, values: Mapping[str, Any], choice: Choice, name: str) -> Request:
    formats = choice.formats or tuple(FORMATS)
    listed = plan.jobs(choice.reports, values, formats, out, languages=choice.languages, name=name)
    return Request(len(listed), lambda: iter(listed))


def _of_matrix(matrix: Matrix, out: Path, choice: Choice) -> Request:
    plan.check_notebooks(matrix.reports)
    if absent := [report for report in choice.reports if report not in matrix.reports]:
        raise PlanError(f"{matrix.path} has no {', '.join(absent)}")
    total = matrix.number(choice)
    if not total:
        called = " or ".join(choice.names) or "anything"
        among = f" in {', '.join(choice.languages)}" if choice.languages else ""
        raise PlanError(f"no set of {matrix.path} is called {called}{among}")
    return Request(total, lambda: matrix.jobs(out, choice))
