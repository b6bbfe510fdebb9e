"""What a command line asks for: where to build, which reports, with how much of this machine."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from briefs.engine import cache as caches, matrix as matrices, plan
from briefs.project import project

SITE, SCRATCH = "site", "scratch"


@dataclass(frozen=True)
class Selection:
    """The words that select reports, as the command line takes them; see `briefs build --help`."""

    reports: Sequence[str] | None = None
    pairs: Sequence[str] | None = None
    params_file: Path | None = None
    matrix: Path | None = None
    names: Sequence[str] | None = None
    language: str = ""
    formats: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether less is asked for than all that is published."""
        return bool(self.reports or self.matrix or self.names or self.language)

    def words(self) -> list[str]:
        """Write the selection as words of a command line."""
        named = [word for name in self.names or () for word in ("--set", name)]
        language = ["--language", self.language] if self.language else []
        return [*(self.reports or ()), *named, *language, "--formats", self.formats]


@dataclass(frozen=True)
class Asked:
    """A folder to build in, and what to build there.

    Attributes
    ----------
    scratch : bool
        Whether the folder was chosen so that nothing published is replaced: parameters set by
        hand make another brief, and neither a name nor a folder was given for it.
    """

    out: Path
    request: matrices.Request
    scratch: bool


def read(selection: Selection, out: Path | None = None) -> Asked:
    """Plan what is asked for, into `out` or else a folder of the project's reports.

    Raises
    ------
    PlanError, ParameterError
        With all that is wrong.
    """
    file = plan.read_file(selection.params_file) if selection.params_file else {}
    values = {**file, **plan.read_pairs(selection.pairs or ())}
    scratch = bool(values) and not out and not selection.names
    folder = out or project().reports / (SCRATCH if scratch else SITE)
    request = matrices.request(
        folder,
        selection.reports or (),
        values,
        file=selection.matrix,
        names=selection.names or (),
        formats=plan.read_formats(selection.formats) if selection.formats else (),
        languages=plan.read_languages(selection.language),
    )
    return Asked(folder, request, scratch)


def open_cache(folder: Path | None, size: str) -> caches.Cache:
    """Return the cache in `folder`, or in the project's reports.

    Raises
    ------
    PlanError
        Where it can't be written.
    ValueError
        If `size` is none.
    """
    limit = caches.read_size(size)
    folder = folder or project().reports / ".cache"
    plan.check_writable(folder)
    return caches.Cache(folder.resolve(), limit)


def cores() -> int:
    """Count the processors that this process may use."""
    with suppress(AttributeError):  # not everywhere
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
