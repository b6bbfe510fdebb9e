"""Where a report comes from: commit, hashes of evidence, code and lock, versions of tools.

`snapshot` takes the hash of everything that a report can be made from. Each report counts
what matters to it: to execute a notebook that is the notebook, the analysis and the evidence;
to render it, the code and templates of the pages too. Nothing here reads the clock, so the
same sources give the same bytes. The one time stamp, `built`, is ``SOURCE_DATE_EPOCH`` or the
time of the commit. Light to import: whether anything changed must be known in an instant.
"""

import datetime as dt
import hashlib
import json
import os
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

from briefs.files import inside
from briefs.project import TOOL, Project, data_folder
from briefs.render import address

LOCK = "requirements.lock"
TOOLS = tuple(
    "ipykernel matplotlib nbclient nbconvert numpy pandas papermill pikepdf pydantic scipy seaborn "
    "statsmodels typst".split()
)
_NOT_SOURCE = {"__pycache__", ".ipynb_checkpoints", ".DS_Store"}
#: Files of the evidence that no notebook reads, only the pages.
AROUND = (
    "editions.yml",
    "site.yml",
    "glossary.yml",
    "living.yml",
    "upstream/feeds.yml",
    "upstream/lock.json",
    "upstream/decisions.csv",
)
#: Folder of what each edition was made of and changed, which only the pages read, too.
EDITIONS = "editions"
#: Folder of what each edition projects.
FORECASTS = "forecasts"
_CHANGES = f"{EDITIONS}/*/changes.json"
#: Rooms of the tool that work out what a report says; all others make pages of it.
_SAYS = ("values.py", "parameters.py", "project.py", "evidence", "display")


@dataclass(frozen=True)
class Sources:
    """Hashes of everything that the reports of a project are made from, at one moment.

    ``code`` is what computes and draws, ``pages`` what makes pages of it; ``tables`` are the
    hashes of files, ``contracts`` of what ``datapackage.json`` says of them.
    """

    project: Project
    site: str
    git: Mapping[str, Any]
    package: str
    code: str
    pages: str
    templates: Mapping[str, str]
    catalogues: Mapping[str, str]
    notebooks: Mapping[str, str]
    tables: Mapping[str, str]
    contracts: Mapping[str, str]
    data: Mapping[str, str | None]
    lock: str | None
    versions: Mapping[str, str | None]

    def origin(self, checksums: Mapping[str, str]) -> dict[str, Any]:
        """Describe the origin of a report that read the tables of `checksums` (name -> sha256)."""
        return {
            "commit": self.git["commit"],
            "dirty": self.git["dirty"],
            "built": build_time(self.git["committed"]),
            "evidence": dict(sorted(checksums.items())),
            "package_sha256": self.package,
            "lock_sha256": self.lock,
            "versions": dict(self.versions),
        }

    def still_hold(self) -> bool:
        """Whether nothing has changed since."""
        return replace(snapshot(self.project, git=False), git=self.git) == self


def snapshot(here: Project, *, git: bool = True) -> Sources:
    """Take the hashes of everything that the reports of a project are made from."""
    files = {
        f"{folder.name}/{name}": digest
        for folder in (TOOL, here.root / here.package)
        for name, digest in file_hashes(folder).items()
    }
    kinds: dict[str, dict[str, str]] = defaultdict(dict)
    for name, digest in files.items():
        kinds[_kind(name, here.package)][name] = digest
    tables, contracts, data = _evidence()
    return Sources(
        project=here,
        site=address.site().base,
        git=git_state(here.root) if git else {},
        package=combined(files),
        code=combined(kinds["code"]),
        pages=combined(kinds["pages"]),
        templates={name.partition("/templates/")[2]: d for name, d in kinds["templates"].items()},
        notebooks={path.stem: file_sha256(path) or "" for path in here.notebooks.glob("*.ipynb")},
        tables=tables,
        contracts=contracts,
        data=data,
        catalogues={
            kind.removeprefix("locale/"): combined(found)
            for kind, found in kinds.items()
            if kind.startswith("locale/")
        },
        lock=file_sha256(here.root / LOCK),
        versions={"python": python_version(), **versions(TOOLS)},
    )


def _kind(name: str, package: str) -> str:
    """Say what a source file can change: ``locale/ms`` is the words of a language."""
    parts = name.split("/")
    if "LC_MESSAGES" in parts:
        return f"locale/{parts[parts.index('locale') + 1]}"
    if "locale" in parts:
        return "translators"
    if "templates" in parts:
        return "templates"
    return "code" if parts[0] == package or parts[1] in _SAYS else "pages"


def _evidence() -> tuple[dict[str, str], dict[str, str], dict[str, str | None]]:
    folder = data_folder()
    names = ["claims.yml", *AROUND]
    names += [f"{FORECASTS}/{path.name}" for path in sorted(folder.glob(f"{FORECASTS}/*.csv"))]
    names += [f"{EDITIONS}/{p.parent.name}/{p.name}" for p in sorted(folder.glob(_CHANGES))]
    data = {name: file_sha256(folder / name) for name in names}
    try:
        package = json.loads((folder / "datapackage.json").read_bytes())
        found = {resource["name"]: resource for resource in package["resources"]}
        tables = {name: file_sha256(inside(folder, r["path"])) or "" for name, r in found.items()}
    except (OSError, ValueError, LookupError, TypeError):
        # the notebooks will say what is wrong with it
        return {}, {}, {**data, "datapackage.json": file_sha256(folder / "datapackage.json")}
    contracts = {
        name: sha256(json.dumps(resource, sort_keys=True).encode())
        for name, resource in found.items()
    }
    return tables, contracts, {**data, "created": str(package.get("created"))}


def git_state(root: Path) -> dict[str, Any]:
    """Commit, its time, and whether tracked or new files differ from it; all None outside git."""
    top = _git(root, "rev-parse", "--show-toplevel")
    last = _git(root, "log", "-1", "--format=%H %ct")
    if not top or Path(top).resolve() != root.resolve() or not last:
        return {"commit": None, "dirty": None, "committed": None}
    commit, committed = last.split()
    dirty = bool(_git(root, "status", "--porcelain"))
    return {"commit": commit, "dirty": dirty, "committed": int(committed)}


def _git(root: Path, *arguments: str) -> str | None:
    """Answer of a git command; None when it fails or there is no git."""
    # Inside a git hook GIT_DIR and friends would point away from root.
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=root, env=env, capture_output=True, text=True, timeout=60
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def build_time(committed: int | None) -> str | None:
    """Time of the build in ISO form: ``SOURCE_DATE_EPOCH``, else the commit's, else None."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(epoch) if epoch.isdigit() else committed
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()


def sha256(data: bytes) -> str:
    """Hash of some bytes."""
    return hashlib.sha256(data).hexdigest()


def file_sha256(path: Path) -> str | None:
    """Hash of a file; None when there is none."""
    return sha256(path.read_bytes()) if path.is_file() else None


def file_hashes(folder: Path) -> dict[str, str]:
    """Hash of each source file below `folder`, by its path there, in order."""
    found = {}
    for path, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in _NOT_SOURCE]
        for name in names:
            if name not in _NOT_SOURCE:
                file = Path(path, name)
                found[file.relative_to(folder).as_posix()] = file_sha256(file) or ""
    return dict(sorted(found.items()))


def combined(hashes: Mapping[str, str]) -> str:
    """One hash over names and the hashes of contents."""
    lines = (f"{name}\0{digest}\n" for name, digest in sorted(hashes.items()))
    return sha256("".join(lines).encode())


@lru_cache
def versions(names: Iterable[str]) -> dict[str, str | None]:
    """Installed versions; None for what isn't installed."""
    found: dict[str, str | None] = dict.fromkeys(names)
    for name in found:
        with suppress(metadata.PackageNotFoundError):
            found[name] = metadata.version(name)
    return found
