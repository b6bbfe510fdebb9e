"""The project that the command works on: its folders and names, from ``[tool.briefs]`` of ``pyproject.toml``.

=============  =====================================================================
key            meaning
=============  =====================================================================
``title``      name of the site, in English; translated like any other message
``slug``       name of the project in identifiers and downloads
``package``    the Python package that the notebooks call
``parameters`` module with ``REPORTS``, the parameter model of each notebook
``locale``     folder of the project's own catalogues and glossaries
``notebooks``  folder of the notebooks and of ``matrix.yml``
``data``       folder of ``datapackage.json``, ``claims.yml`` and ``editions.yml``
``reports``    folder of what is built
``languages``  what its texts are written in, ``["en"]`` or, as without it, English and Malay
=============  =====================================================================

The three before the last may be left out where the folder is called so. Which of the languages reports
are built in is said by ``matrix.yml``.
"""

import os
import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

#: File of each format in a report's folder.
FORMATS = {"html": "index.html", "pdf": "brief.pdf"}
#: File of what a brief's PDF leaves out, made with it.
ANNEX = "annex.pdf"
#: The formats for readers, and what machines and analysts take.
FILES = {**FORMATS, "results": "results.json", "notebook": "notebook.ipynb"}
MATRIX = "matrix.yml"
#: Name of an edition, a month, which no other set of parameters may have.
EDITION = re.compile(r"\d{4}-\d{2}")
SETTINGS = "pyproject.toml"
#: Names another folder of evidence than the project's own.
DATA_VARIABLE = "BRIEFS_DATA"
#: Names the day whose knowledge counts, where an edition is built again after the evidence was renewed.
KNOWN_VARIABLE = "BRIEFS_KNOWN"
_NEEDED = ("title", "slug", "package", "parameters", "locale")
#: Folder of this package.
TOOL = Path(__file__).resolve().parent


class PlanError(ValueError):
    """The request can't be carried out as it stands."""


@dataclass(frozen=True)
class Project:
    """Where the parts of a project are; see the module for the keys."""

    root: Path
    title: str
    slug: str
    package: str
    parameters: str
    locale: Path
    notebooks: Path
    data: Path
    reports: Path
    languages: tuple[str, ...]

    def notebook(self, report: str) -> Path:
        return self.notebooks / f"{report}.ipynb"


def project() -> Project:
    """Return the project around the current folder, else the one that this package stands in."""
    here = Path.cwd()
    for path in (folder / SETTINGS for folder in (here, *here.parents, TOOL.parent)):
        if path.is_file() and (found := _read(path, path.stat().st_mtime_ns)):
            return found
    raise PlanError(
        f"neither {here} nor a folder above it has a {SETTINGS} with [tool.briefs]: run this in a project"
    )


def data_folder() -> Path:
    """Folder of the evidence: that of ``BRIEFS_DATA``, else the project's."""
    return Path(os.environ.get(DATA_VARIABLE) or project().data)


@lru_cache(maxsize=64)
def _read(path: Path, modified: int) -> Project | None:
    """Read the settings of a project, kept until their file changes; None where there are none."""
    folder = path.parent
    try:
        tools = tomllib.loads(path.read_text("utf-8")).get("tool", {})
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{path}: {error}") from None
    settings: dict[str, Any] = tools.get("briefs", {})
    if not settings:
        return None
    if lacking := [key for key in _NEEDED if key not in settings]:
        raise PlanError(f"{path}: [tool.briefs] lacks {', '.join(lacking)}")
    return Project(
        root=folder,
        title=settings["title"],
        slug=settings["slug"],
        package=settings["package"],
        parameters=settings["parameters"],
        locale=folder / settings["locale"],
        notebooks=folder / settings.get("notebooks", "notebooks"),
        data=folder / settings.get("data", "data"),
        reports=folder / settings.get("reports", "reports"),
        languages=_languages(path, settings.get("languages")),
    )


def _languages(path: Path, names: Any) -> tuple[str, ...]:
    """Read languages, English among them: the others are translated from it."""
    from briefs.values import LANGUAGES  # late: what is said of the command needs none

    names = [*LANGUAGES] if names is None else names
    if not isinstance(names, list) or "en" not in names or not {*names} <= {*LANGUAGES}:
        known = ", ".join(LANGUAGES)
        raise PlanError(f"{path}: [tool.briefs] languages: write a list of {known}, with en")
    return tuple(name for name in LANGUAGES if name in names)
