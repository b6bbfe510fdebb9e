"""Copying a built site to where it is served from: a folder, or any address that fsspec knows.

fsspec's own ``rsync`` compares what both listings say, which is the size: a page that changed in
one digit would stay, and nobody would know which files at the target are ours.
"""

import datetime as dt
import importlib
import json
import mimetypes
from collections.abc import Mapping, Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from briefs.files import inside
from briefs.project import PlanError, project

#: At the target, the names of the files that were copied there: only those are replaced or deleted.
RECORD = ".briefs.json"
#: When a file was written, as the libraries call it.
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "created")
_AT_ONCE = 8


class CopyError(OSError):
    """The target was reached, but a file can't be written or deleted there."""


def publish(site: Path, target: str, *, delete: bool = False) -> dict[str, int]:
    """Copy what differs of the site in a folder to `target`, and say of how many files what became.

    The target is a folder or an address such as ``s3://bucket/site``; credentials are found as each
    store's own tools find them. What the site no longer has is deleted there, or else ``left``.

    It's a `PlanError` if there is no site, or the target is no address, can't be reached, needs a
    library that isn't installed, or holds files that no copy put there; a `CopyError` if a file
    can't be written or deleted.
    """
    if not (site / "index.html").is_file():
        raise PlanError(f"{site}: there is no site in this folder")
    filesystem, root = _open(target)
    if _is_local(filesystem) and Path(root).resolve().is_relative_to(site.resolve()):
        raise PlanError(f"{target}: is inside the site itself")
    here, there = _files(site), _listing(filesystem, root, target)
    known = _known(filesystem, root, there, target)
    if strange := sorted((there.keys() & here.keys()) - known):
        raise PlanError(f"{target}: {strange[0]} is there, and no copy put it there; move it away")
    changed = [name for name, path in here.items() if _differs(path, there.get(name))]
    gone = sorted((known & there.keys()) - here.keys())
    left = set() if delete else {*gone}
    try:
        # Recorded first: of a copy that is stopped half-way, nothing is taken for a stranger's.
        _record(filesystem, root, known, known | here.keys())
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda name: _write(filesystem, f"{root}/{name}", here[name]), changed))
        if delete and gone:
            filesystem.rm([f"{root}/{name}" for name in gone])
        _record(filesystem, root, known | here.keys(), here.keys() | left)
    except Exception as error:  # each store's library has its own
        raise CopyError(f"{target}: {type(error).__name__}: {error}") from error
    return {
        "copied": len(changed),
        "unchanged": len(here) - len(changed),
        "deleted": len(gone) - len(left),
        "left": len(left),
    }


def _open(target: str) -> tuple[Any, str]:
    """Find the file system of an address, and the path there."""
    try:
        from fsspec.core import url_to_fs

        filesystem, root = url_to_fs(target)
    except ImportError as error:
        extras = f"pip install '{project().slug}[s3]', [gs] or [az] for those stores"
        raise PlanError(f"{target}: {error} ({extras})") from None
    except ValueError as error:
        raise PlanError(f"{target}: {error}") from None
    return filesystem, root.rstrip("/")


def _is_local(filesystem: Any) -> bool:
    return "file" in filesystem.protocol


def _files(site: Path) -> dict[str, Path]:
    """Files of the site by their path there, without hidden ones, which belong to builds."""
    found = {path.relative_to(site): path for path in sorted(site.rglob("*")) if path.is_file()}
    return {
        name.as_posix(): path
        for name, path in found.items()
        if not any(part.startswith(".") for part in name.parts)
    }


def _listing(filesystem: Any, root: str, target: str) -> dict[str, Mapping[str, Any]]:
    """What is known of each file at the target, by its path below `root`."""
    try:
        filesystem.invalidate_cache()
        found = filesystem.find(root, detail=True)
    except FileNotFoundError:
        return {}
    except Exception as error:  # each store's library has its own
        raise PlanError(f"{target}: {type(error).__name__}: {error}") from error
    return {path[len(root) + 1 :]: info for path, info in found.items()}


def _known(filesystem: Any, root: str, there: Mapping[str, Any], target: str) -> AbstractSet[str]:
    """Return the names of the files that copies put at the target."""
    if RECORD not in there:
        if there:
            raise PlanError(
                f"{target}: holds {min(there)}, and no copy was made there; choose an empty or new place"
            )
        return set()
    try:
        names = json.loads(filesystem.cat_file(f"{root}/{RECORD}"))
        return {name for name in names if inside(Path(), name)}
    except Exception as error:  # each store's library has its own
        raise PlanError(f"{target}: {RECORD} can't be read: {error}") from None


def _record(filesystem: Any, root: str, before: AbstractSet[str], now: AbstractSet[str]) -> None:
    if now != before:
        if _is_local(filesystem):
            filesystem.makedirs(root, exist_ok=True)
        filesystem.pipe_file(f"{root}/{RECORD}", json.dumps(sorted(now)).encode())


def _differs(path: Path, there: Mapping[str, Any] | None) -> bool:
    """Whether a file must be copied: it isn't there, is of another size, or was written since."""
    stat = path.stat()
    if there is None or there.get("size") != stat.st_size:
        return True
    written = next((there[name] for name in _TIMES if there.get(name)), 0.0)
    if isinstance(written, dt.datetime):
        written = written.timestamp()
    return not isinstance(written, int | float) or written < stat.st_mtime


def _write(filesystem: Any, path: str, source: Path) -> None:
    """Write one file, with the type that a browser needs to show it."""
    if "abfs" in filesystem.protocol:  # adlfs names no type by itself, as s3fs and gcsfs do
        blob = importlib.import_module("azure.storage.blob")
        kind = blob.ContentSettings(content_type=mimetypes.guess_type(source.name)[0])
        filesystem.pipe_file(path, source.read_bytes(), content_settings=kind)
        return
    if _is_local(filesystem):
        filesystem.makedirs(path.rpartition("/")[0], exist_ok=True)
    filesystem.put_file(str(source), path)
