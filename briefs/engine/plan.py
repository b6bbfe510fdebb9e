"""From a request to jobs: reports, parameters from a file and the command line, a place to write.

Everything that can be wrong with a request is found here, before any kernel starts and
without importing what runs one.
"""

import os
import re
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefs import parameters, yaml_nodes
from briefs.engine.rows import readable
from briefs.project import EDITION, FILES, FORMATS, MATRIX, PlanError, project

#: How the command names the set of default parameters, which has no folder of its own.
DEFAULT = "default"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NAME_LIMIT = 100
_TAKEN = (DEFAULT, "data")  # `data` is a folder in every report's own


def place_of(language: str, report: str, name: str = "") -> str:
    """Folder of a report below the site's root."""
    return "/".join(filter(None, (language, report, name)))


@dataclass(frozen=True)
class Job:
    """What to build: a notebook with its parameters, into ``out/<language>/<report>/<name>``.

    `languages` are those that the same set is published in, `matrix` is the file that lists it. One
    that is `alone` stands in a folder of nothing but sets, without the pages that a site has around.
    """

    report: str
    parameters: parameters.Parameters
    notebook: Path
    out: Path
    formats: tuple[str, ...] = tuple(FORMATS)
    reason: str = "asked for"
    name: str = ""
    languages: tuple[str, ...] = ()
    matrix: Path | None = None
    alone: bool = False

    @property
    def place(self) -> str:
        """Folder of the report below `out`."""
        return place_of(self.parameters.language, self.report, self.name)

    @property
    def known(self) -> str:
        """Day whose knowledge counts: that of an edition older than the evidence; else empty, for all."""
        if not EDITION.fullmatch(self.name):
            return ""
        from briefs.render import editions  # late: most jobs are none

        edition = editions.named(self.name)
        if not edition or edition.published >= parameters.evidence_date():
            return ""
        return edition.published.isoformat()

    @property
    def listed(self) -> bool:
        """Whether the project's own matrix has it under a name, which then says all its parameters."""
        return bool(self.name) and self.matrix == project().notebooks / MATRIX

    @property
    def command(self) -> str:
        """What makes it again, run in the project's folder: it names no other folder of this machine."""
        words = ["briefs", "build", self.report, *(["--set", self.name] if self.name else [])]
        words += self._selection() if self.matrix and self.name else self._pairs()
        words += ["--formats", ",".join(self.formats), "--out", _from_here(self.out), "--force"]
        return shlex.join(words)

    def _selection(self) -> list[str]:
        words = ["--language", self.parameters.language]
        if self.matrix and not self.listed:
            words = ["--matrix", _from_here(self.matrix), *words]
        return words

    def _pairs(self) -> Iterator[str]:
        defaults = parameters.injected(type(self.parameters)())
        for name, value in parameters.injected(self.parameters).items():
            if value != defaults[name] or name == "language":
                text = ",".join(map(str, value)) if isinstance(value, list) else value
                yield from ("-p", f"{name}={text}")

    def result(
        self,
        status: str,
        seconds: float,
        stages: dict[str, float] | None = None,
        error: dict[str, Any] | None = None,
    ) -> "Result":
        """Say what became of this, with the paths that stand published now."""
        return Result(
            report=self.report,
            language=self.parameters.language,
            status=status,
            reason=self.reason,
            seconds=round(seconds, 3),
            stages=stages or {},
            error=error,
            paths=published(self.out, self.place),
            name=self.name,
            command=self.command,
        )


@dataclass(frozen=True)
class Result:
    """What became of a job, as ``build.json`` has it; a failed one keeps the paths of the version before."""

    report: str
    language: str
    status: str
    reason: str
    seconds: float
    stages: dict[str, float]
    error: dict[str, Any] | None
    paths: dict[str, Any]
    name: str = ""
    command: str = ""

    @property
    def place(self) -> str:
        """Folder of the report below the site's root."""
        return place_of(self.language, self.report, self.name)


def _from_here(path: Path) -> str:
    return Path(os.path.relpath(path, project().root)).as_posix()


def published(out: Path, place: str) -> dict[str, Any]:
    """Paths below `out` of what stands published at `place`, by what they are."""
    try:
        names = set(os.listdir(out / place))
        data = sorted(os.listdir(out / place / "data")) if "data" in names else []
    except OSError:
        return {}
    paths: dict[str, Any] = {
        what: f"{place}/{name}" for what, name in FILES.items() if name in names
    }
    if data:
        paths["data"] = [f"{place}/data/{name}" for name in data]
    return paths


def jobs(
    reports: Iterable[str],
    values: Mapping[str, Any],
    formats: tuple[str, ...],
    out: Path,
    *,
    languages: tuple[str, ...] | None = None,
    name: str = "",
    matrix: Path | None = None,
) -> list[Job]:
    """List the jobs of one set for `reports` (all when empty), one for each language.

    Without `languages` it is that of the values. `ParameterError` says what is wrong with a report
    or value.
    """
    if languages is None:
        languages = (values.get("language", "en"),)
    return [
        Job(
            report,
            parameters.parse(report, {**values, "language": language}),
            project().notebook(report),
            out,
            formats,
            name=name,
            languages=languages,
            matrix=matrix,
        )
        for report in dict.fromkeys(reports or parameters.reports())
        for language in languages
    ]


def check_name(name: str, where: str, *, edition: bool = False) -> None:
    """See that a set's name can be a folder's, stays below the report's, and is an edition's only for one."""
    if not _NAME.fullmatch(name) or len(name) > _NAME_LIMIT:
        raise PlanError(
            f"{where}: name: {name!r} can't be a folder's name; write small letters and digits, "
            "with single hyphens between"
        )
    if name in _TAKEN:
        raise PlanError(f"{where}: name: {name!r} has a meaning of its own; choose another")
    if edition and not EDITION.fullmatch(name):
        raise PlanError(f"{where}: name: {name!r} is no edition; write its month, as in 2026-11")
    if not edition and EDITION.fullmatch(name):
        raise PlanError(
            f"{where}: name: {name!r} is kept for an edition, which a matrix marks by 'edition: true'; "
            "choose another"
        )


def check_notebooks(reports: Iterable[str]) -> None:
    """See that each report has its notebook."""
    paths = [project().notebook(report) for report in reports]
    if missing := [str(path) for path in paths if not path.is_file()]:
        raise PlanError(f"no such notebook: {', '.join(missing)}")


def check_formats(names: Iterable[str], where: str) -> None:
    """See that each is a format that reports have; an error begins with `where`."""
    for name in names:
        if name not in FORMATS:
            nearest = parameters.nearest(name, FORMATS)
            raise PlanError(f"{where} {name}: unknown format; {nearest}")


def read_formats(text: str) -> tuple[str, ...]:
    """Read ``html,pdf``."""
    names = read_languages(text)
    check_formats(names, "--formats")
    if not names:
        raise PlanError(f"--formats names none of {', '.join(FORMATS)}")
    return names


def read_languages(text: str) -> tuple[str, ...]:
    """Read ``en,ms``."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def read_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """Read ``NAME=VALUE`` texts; the last of a name counts."""
    values = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            shown = parameters.cut(parameters.plain(pair))
            raise PlanError(f"-p {shown}: write NAME=VALUE")
        values[name.strip()] = value
    return values


def read_file(path: Path) -> dict[str, Any]:
    """Read a mapping of parameters from YAML or JSON, which is YAML too."""
    with readable(path):
        values = yaml_nodes.texts(yaml_nodes.compose(path.read_text("utf-8"), str(path)))
    if not isinstance(values, dict):
        raise PlanError(f"{path}: write one parameter a line, name: value")
    return values
