"""The matrix: many sets of parameters for the notebooks, from YAML or CSV.

`Matrix` reads its file once to find every fault, with file and line, before anything runs;
`jobs` then makes the jobs one at a time, so thousands of sets in CSV take no more memory than one.
Values stay text until the report's parameter model types them.
"""

import fnmatch
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from briefs import parameters
from briefs.engine import plan
from briefs.engine.plan import DEFAULT, Job, check_formats, check_name
from briefs.engine.rows import OWN, Item, names, of_csv, of_yaml
from briefs.project import FORMATS, PlanError

_SHOWN = 20
#: Sets that a grid may combine to.
_MOST = 100_000


@dataclass(frozen=True)
class Set:
    """One set of parameters, their values still text."""

    where: str
    report: str
    name: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """What to build of a matrix: only these reports, and sets whose names match these patterns.

    Formats and languages take the place of the file's; a set that names its languages is built in
    no other. What is empty means all.
    """

    reports: Sequence[str] = ()
    names: Sequence[str] = ()
    formats: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()

    def has(self, one: Set) -> bool:
        name = one.name or DEFAULT
        return (not self.reports or one.report in self.reports) and (
            not self.names or any(fnmatch.fnmatchcase(name, pattern) for pattern in self.names)
        )

    def languages_of(self, one: Set, usual: tuple[str, ...]) -> tuple[str, ...]:
        """Languages to build a set in, where `usual` are those of the file."""
        if not one.languages:
            return self.languages or usual
        return tuple(n for n in one.languages if n in self.languages or not self.languages)


ALL = Choice()


class Matrix:
    """The chosen sets of a file, after all of it was found to be good; else `PlanError` lists the faults.

    The file is YAML as ``notebooks/matrix.yml`` is, or CSV with the columns ``report``, ``name``
    and any parameters. With `defaults` each report that YAML lists is built with its defaults too.
    """

    def __init__(self, path: Path, choice: Choice = ALL, defaults: bool = True):
        self.path, self.choice = path, choice
        self.languages: tuple[str, ...] = ("en",)
        self._stored: list[Item] | None = None
        if path.suffix != ".csv":
            self._stored, self.languages = of_yaml(path, defaults)
        self.reports: dict[str, None] = {}
        self.total = self._check()

    def jobs(self, out: Path) -> Iterator[Job]:
        """Yield the jobs into `out`, in the order of the file."""
        for item in self._items():
            for one in filter(self.choice.has, _sets(item)):
                yield from self._jobs(one, out, self.choice)

    def _check(self) -> int:
        faults: list[str] = []
        places: dict[str, str] = {}
        total = 0
        for item in self._items():
            try:
                for one in _sets(item):
                    self.reports[one.report] = None
                    for job in self._jobs(one, self.path.parent, ALL):
                        if other := places.get(job.place):
                            raise PlanError(
                                f"{one.where}: {job.place} is the place of another set: {other}"
                            )
                        places[job.place] = one.where
                    if self.choice.has(one):
                        total += len(self.choice.languages_of(one, self.languages))
            except PlanError as error:
                faults.append(str(error))
        if faults:
            more = [f"... and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
            raise PlanError("\n".join(faults[:_SHOWN] + more))
        return total

    def _jobs(self, one: Set, out: Path, choice: Choice) -> list[Job]:
        formats = choice.formats or one.formats or tuple(FORMATS)
        languages = choice.languages_of(one, self.languages)
        with _standing(one.where):
            return plan.jobs(
                [one.report],
                one.values,
                formats,
                out,
                languages=languages,
                name=one.name,
                matrix=self.path,
            )

    def _items(self) -> Iterable[Item]:
        return of_csv(self.path) if self._stored is None else self._stored


@contextmanager
def _standing(where: str) -> Iterator[None]:
    """Put before each line of what is wrong with parameters where they stand."""
    try:
        yield
    except (parameters.ParameterError, PlanError) as error:
        lines = (f"{where}: {line}" for line in str(error).splitlines())
        raise PlanError("\n".join(lines)) from None


def _sets(item: Item) -> Iterator[Set]:
    """Yield what an item describes: a set, or the sets that its lists combine to."""
    if item.report not in parameters.reports():
        fault = f"{item.report}: unknown report" if item.report else "report: is empty"
        nearest = parameters.nearest(item.report, parameters.reports())
        raise PlanError(f"{item.where}: {fault}; {nearest}")
    if item.kind == "default":
        yield Set(f"{item.where} ({item.report})", item.report)
    elif item.kind == "grid":
        for written in _combinations(item):
            yield _set(item.report, written, item.where)
    else:
        yield _set(item.report, item.written, item.where)


def _combinations(item: Item) -> Iterator[dict[str, Any]]:
    """Yield a set as it could have been written for every combination of a grid's lists."""
    if not isinstance(item.written, dict) or not isinstance(item.written.get("name"), str):
        raise PlanError(f"{item.where}: a grid needs a name, a pattern such as as-of-{{as_of}}")
    axes, pattern = dict(item.written), item.written["name"]
    own = {name: axes.pop(name) for name in OWN if name in axes}
    lists = [value if isinstance(value, list) else [value] for value in axes.values()]
    if (total := math.prod(map(len, lists))) > _MOST:
        raise PlanError(f"{item.where}: the lists combine to {total} sets; {_MOST} at most")
    for combination in itertools.product(*lists):
        values = dict(zip(axes, combination, strict=True))
        with _standing(f"{item.where} ({item.report} {pattern})"):
            found = parameters.injected(parameters.parse(item.report, values))
            name = _named(pattern, {n: _slug(value) for n, value in found.items()}, item.report)
        yield {**values, **own, "name": name}


def _named(pattern: str, values: Mapping[str, str], report: str) -> str:
    """Fill in the pattern of a grid's names, in which braces hold the name of a parameter and nothing else."""

    def filled(match: re.Match[str]) -> str:
        if match[1] not in values:
            nearest = parameters.nearest(match[1], values)
            raise PlanError(f"name: {match[1]!r} is no parameter of {report}; {nearest}")
        return values[match[1]]

    return re.sub(r"\{([^{}]*)\}", filled, pattern)


def _set(report: str, written: Any, where: str) -> Set:
    if not isinstance(written, dict):
        raise PlanError(f"{where}: write a set as name: value, one parameter after the other")
    if "" in written:
        raise PlanError(f"{where}: has more cells than the header; quote a cell that holds a comma")
    own = {name: written[name] for name in OWN if written.get(name) is not None}
    values = {name: value for name, value in written.items() if name not in OWN}
    name = own.get("name", "")
    if not isinstance(name, str):
        raise PlanError(f"{where} ({report}): name: write one name, not a list")
    where = f"{where} ({report} {name})" if name else f"{where} ({report})"
    if not name:
        raise PlanError(
            f"{where}: name: a set needs one; it is published in the folder of that name"
        )
    edition = _is_edition(str(own.get("edition", "false")), where)
    check_name(name, where, edition=edition)
    if edition and not values.get("as_of"):
        raise PlanError(
            f"{where}: edition: set as_of too; an edition must not change when evidence is added"
        )
    if "language" in values:
        raise PlanError(
            f"{where}: language: write languages instead, a list; the set is built in each"
        )
    lists = {
        name: names(own[name], f"{where}: {name}")
        for name in ("formats", "languages")
        if name in own
    }
    check_formats(lists.get("formats", ()), f"{where}: formats:")
    return Set(where, report, name, values, **lists)


def _is_edition(said: str, where: str) -> bool:
    if said.lower() not in ("true", "false"):
        raise PlanError(f"{where}: edition: {said!r} is neither true nor false")
    return said.lower() == "true"


def _slug(value: Any) -> str:
    text = "-".join(map(str, value)) if isinstance(value, list) else str(value)
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
