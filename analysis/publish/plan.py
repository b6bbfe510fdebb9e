"""From a request to jobs: reports, parameters from a file and the command line, a place to write.

Everything that can be wrong with a request is found here, before any kernel starts and
without importing what runs one.
"""

import json
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml

from analysis import params

#: File of each format in a report's folder.
FORMATS = {"html": "index.html", "pdf": "brief.pdf"}


class PlanError(ValueError):
    """The request can't be carried out as it stands."""


@dataclass(frozen=True)
class Job:
    """What to build: a notebook with its parameters, into ``out/<language>/<report>/``."""

    report: str
    parameters: params.Common
    notebook: Path
    out: Path
    formats: tuple[str, ...] = tuple(FORMATS)
    reason: str = "asked for"

    @property
    def place(self) -> str:
        """Folder of the report below `out`."""
        return f"{self.parameters.language}/{self.report}"


@dataclass(frozen=True)
class Result:
    """What became of a job; a failed one keeps the paths of the version published before."""

    report: str
    language: str
    status: str
    reason: str
    seconds: float
    stages: dict[str, float]
    error: dict[str, Any] | None
    paths: dict[str, Any]

    def to_json(self) -> dict[str, Any]:
        """Entry of ``build.json``."""
        return asdict(self)


class _TextLoader(yaml.SafeLoader):
    """YAML that leaves scalars as written, ``null`` apart: the parameter decides what ``007`` is."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}


def project_root() -> Path:
    """Folder of the project: the one that holds ``notebooks/`` beside the package, or the current one."""
    beside, here = Path(__file__).resolve().parents[2], Path.cwd()
    for root in (beside, here):
        if (root / "notebooks").is_dir():
            return root
    raise PlanError(f"there is no notebooks folder in {beside} or {here}: run this inside the project")


def path_of(report: str) -> Path:
    """Path of the notebook of `report`."""
    return project_root() / "notebooks" / f"{report}.ipynb"


def jobs(reports: Iterable[str], values: dict[str, Any], formats: Iterable[str], out: Path) -> list[Job]:
    """List the jobs for `reports` (all when empty), each with `values` set.

    Raises
    ------
    PlanError, ParameterError
        If a report, parameter or format is unknown, a value is out of range, a notebook is
        missing, or `out` can't be written.
    """
    planned = [Job(report, params.parse(report, values), path_of(report), out, tuple(formats))
               for report in dict.fromkeys(reports or params.REPORTS)]
    if missing := [str(job.notebook) for job in planned if not job.notebook.is_file()]:
        raise PlanError(f"no such notebook: {', '.join(missing)}")
    check_writable(out)
    return planned


def read_formats(text: str) -> tuple[str, ...]:
    """Read ``html,pdf``."""
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in FORMATS:
            raise PlanError(f"--formats {name}: unknown format; {params.nearest(name, FORMATS)}")
    if not names:
        raise PlanError(f"--formats names none of {', '.join(FORMATS)}")
    return names


def read_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """Read ``NAME=VALUE`` texts; the last of a name counts."""
    values = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise PlanError(f"-p {pair}: write NAME=VALUE")
        values[name.strip()] = value
    return values


def read_file(path: Path) -> dict[str, Any]:
    """Read a mapping of parameters from YAML or JSON."""
    try:
        text = path.read_text("utf-8")
        values = json.loads(text) if path.suffix == ".json" else yaml.load(text, _TextLoader)
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror}") from None
    except (ValueError, yaml.YAMLError) as error:
        raise PlanError(f"{path}: not valid {'JSON' if path.suffix == '.json' else 'YAML'}: "
                        + " ".join(str(error).split())) from None
    if not isinstance(values, dict) or not all(isinstance(name, str) for name in values):
        raise PlanError(f"{path}: write one parameter a line, name: value")
    return values


def check_writable(out: Path) -> None:
    """Make `out` and see that a file can be written there."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise PlanError(f"cannot write into {out}: {error.strerror}") from None
