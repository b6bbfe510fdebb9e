"""What a command line asks for: where to build, which reports, with how much of this machine."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from briefs.engine import matrix as matrices, plan
from briefs.project import project

SITE, SCRATCH = "site", "scratch"


@dataclass(frozen=True)
class Asked:
    """A folder to build in, and what to build there.

    `scratch` folders are chosen so that nothing published is replaced: parameters set by hand
    make another brief, and neither a name nor a folder was given for it.
    """

    out: Path
    request: matrices.Request
    scratch: bool


def read(
    out: Path | None,
    reports: Sequence[str] | None = None,
    *,
    pairs: Sequence[str] | None = None,
    params_file: Path | None = None,
    matrix: Path | None = None,
    names: Sequence[str] | None = None,
    language: str = "",
    formats: str = "",
) -> Asked:
    """Plan what is asked for, as `briefs build --help` words it, into `out` or a folder of the project's reports.

    Raises
    ------
    PlanError, ParameterError
        With all that is wrong.
    """
    file = plan.read_file(params_file) if params_file else {}
    values = {**file, **plan.read_pairs(pairs or ())}
    named = [name for name in names or () if name != plan.DEFAULT]
    scratch = bool(values) and not out and not named
    folder = out or project().reports / (SCRATCH if scratch else SITE)
    request = matrices.request(
        folder,
        reports or (),
        values,
        file=matrix,
        names=names or (),
        formats=plan.read_formats(formats) if formats else (),
        languages=plan.read_languages(language),
    )
    return Asked(folder, request, scratch)


def cores() -> int:
    """Count the processors that this process may use."""
    with suppress(AttributeError):  # not everywhere
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
