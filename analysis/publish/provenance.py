"""Where a report comes from: commit, hashes of evidence, code and lock, versions of tools.

Nothing here reads the clock, so the same sources give the same bytes. The one time stamp,
`built`, is ``SOURCE_DATE_EPOCH`` or the time of the commit.
"""

import datetime as dt
import hashlib
import os
import subprocess
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from platform import python_version
from typing import Any

LOCK = "requirements.lock"
TOOLS = ("ipykernel", "matplotlib", "nbclient", "nbconvert", "numpy", "pandas", "papermill", "pydantic",
         "scipy", "seaborn", "statsmodels", "typst")
_NOT_SOURCE = {"__pycache__", ".ipynb_checkpoints", ".DS_Store"}


def collect(root: Path, checksums: Mapping[str, str]) -> dict[str, Any]:
    """Describe the origin of a report built in the project at `root`.

    Parameters
    ----------
    root : Path
        Folder of the project.
    checksums : mapping
        Evidence table -> sha256, as the report read them.
    """
    commit = git_state(root)
    return {
        "commit": commit["commit"], "dirty": commit["dirty"], "built": build_time(commit["committed"]),
        "evidence": dict(sorted(checksums.items())),
        "package_sha256": package_sha256(Path(__file__).resolve().parents[1]),
        "lock_sha256": file_sha256(root / LOCK),
        "versions": {"python": python_version(), **versions(TOOLS)},
    }


def git_state(root: Path) -> dict[str, Any]:
    """Commit, its time, and whether tracked or new files differ from it; all None outside git."""
    top = _git(root, "rev-parse", "--show-toplevel")
    commit = _git(root, "rev-parse", "--verify", "--quiet", "HEAD")
    if not top or Path(top).resolve() != root.resolve() or not commit:
        return {"commit": None, "dirty": None, "committed": None}
    return {"commit": commit, "dirty": bool(_git(root, "status", "--porcelain")),
            "committed": int(_git(root, "log", "-1", "--format=%ct") or 0)}


def _git(root: Path, *arguments: str) -> str | None:
    """Answer of a git command; None when it fails or there is no git."""
    # Inside a git hook GIT_DIR and friends would point away from root.
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(["git", *arguments], cwd=root, env=env, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def build_time(committed: int | None) -> str | None:
    """Time of the build in ISO form: ``SOURCE_DATE_EPOCH``, else the commit's, else None."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    seconds = int(epoch) if epoch.isdigit() else committed
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC).isoformat()


def file_sha256(path: Path) -> str | None:
    """Hash of a file; None when there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def package_sha256(package: Path) -> str:
    """Hash over the names and contents of all files of `package`."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*"), key=lambda p: p.relative_to(package).as_posix()):
        if path.is_file() and not _NOT_SOURCE & set(path.parts):
            digest.update(f"{path.relative_to(package).as_posix()}\0{file_sha256(path)}\n".encode())
    return digest.hexdigest()


def versions(names: tuple[str, ...]) -> dict[str, str | None]:
    """Installed versions; None for what isn't installed."""
    found: dict[str, str | None] = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    return found
