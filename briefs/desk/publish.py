"""Copying a built site to where it is served from: a folder, or any address that fsspec knows.

fsspec's own ``rsync`` compares what both listings say, which is the size, and gives no file its
type: a page that changed in one digit would stay, and browsers would save pages instead of showing them.
"""

import datetime as dt
import importlib
import mimetypes
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from briefs.project import PlanError, project

#: For each kind of address the library that must be installed, and our extra that brings it.
_LIBRARIES = {
    "s3": ("s3fs", "s3"),
    "s3a": ("s3fs", "s3"),
    "gs": ("gcsfs", "gs"),
    "gcs": ("gcsfs", "gs"),
    "az": ("adlfs", "az"),
    "abfs": ("adlfs", "az"),
    "abfss": ("adlfs", "az"),
}
#: When a file was written, as the libraries call it.
_TIMES = ("mtime", "LastModified", "last_modified", "updated", "created")
_AT_ONCE = 8


class CopyError(OSError):
    """The target was reached, but a file can't be written or deleted there."""


def publish(site: Path, target: str, *, delete: bool = False) -> dict[str, int]:
    """Copy what differs of the site in a folder to `target`.

    Parameters
    ----------
    target : str
        A folder, or an address such as ``s3://bucket/site``; credentials are found as each
        store's own tools find them.
    delete : bool
        Whether to delete there what the site no longer has.

    Returns
    -------
    dict
        Number of files ``copied``, ``unchanged``, ``deleted``, and ``left`` although the site has
        them no longer.

    Raises
    ------
    PlanError
        If there is no site, or the target is no address, can't be reached, or needs a library
        that isn't installed.
    CopyError
        If a file can't be written or deleted.
    """
    if not (site / "index.html").is_file():
        raise PlanError(f"{site}: there is no site in this folder")
    filesystem, root = _open(target)
    if "file" in _protocols(filesystem) and Path(root).resolve().is_relative_to(site.resolve()):
        raise PlanError(f"{target}: is inside the site itself")
    here, there = _files(site), _listing(filesystem, root, target)
    changed = [name for name, path in here.items() if _differs(path, there.get(name))]
    gone = [name for name in there if name not in here]
    try:
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(lambda name: _write(filesystem, f"{root}/{name}", here[name]), changed))
        if delete and gone:
            filesystem.rm([f"{root}/{name}" for name in gone])
    except Exception as error:  # each store's library has its own
        raise CopyError(f"{target}: {type(error).__name__}: {error}") from error
    return {
        "copied": len(changed),
        "unchanged": len(here) - len(changed),
        "deleted": len(gone) if delete else 0,
        "left": 0 if delete else len(gone),
    }


def _open(target: str) -> tuple[Any, str]:
    """Find the file system of an address, and the path there."""
    scheme = urlsplit(target).scheme if "://" in target else "file"
    library, extra = _LIBRARIES.get(scheme, ("fsspec", "s3"))
    try:
        import fsspec
        from fsspec.core import url_to_fs

        kind = fsspec.get_filesystem_class(scheme)
        made = {"auto_mkdir": True} if "file" in _protocols(kind) else {}
        filesystem, root = url_to_fs(target, **made)
    except ImportError as error:
        if scheme not in _LIBRARIES and error.name != "fsspec":  # fsspec says what it needs
            raise PlanError(f"{target}: {error}") from None
        how = f"pip install '{project().slug}[{extra}]'"
        raise PlanError(f"{target}: needs {library}: {how}") from None
    except ValueError as error:
        raise PlanError(f"{target}: {error}") from None
    return filesystem, root.rstrip("/")


def _protocols(filesystem: Any) -> tuple[str, ...]:
    found = filesystem.protocol
    return (found,) if isinstance(found, str) else tuple(found)


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


def _differs(path: Path, there: Mapping[str, Any] | None) -> bool:
    """Whether a file must be copied: it isn't there, is of another size, or was written since."""
    stat = path.stat()
    return there is None or there.get("size") != stat.st_size or _written(there) < stat.st_mtime


def _written(info: Mapping[str, Any]) -> float:
    """When a file was written at the target; 0 where its store doesn't say."""
    for when in (info[name] for name in _TIMES if name in info):
        if isinstance(when, dt.datetime):
            return when.timestamp()
        if isinstance(when, int | float):
            return float(when)
    return 0.0


def _write(filesystem: Any, path: str, source: Path) -> None:
    """Write one file, with the type that a browser needs to show it."""
    kind = mimetypes.guess_type(source.name)[0] or "application/octet-stream"
    extra = next((_LIBRARIES[name][1] for name in _protocols(filesystem) if name in _LIBRARIES), "")
    options: dict[str, Any] = {}
    if extra == "s3":
        options = {"ContentType": kind}
    elif extra == "gs":
        options = {"content_type": kind}
    elif extra == "az":
        blob = importlib.import_module("azure.storage.blob")  # adlfs brings it
        options = {"content_settings": blob.ContentSettings(content_type=kind)}
    filesystem.pipe_file(path, source.read_bytes(), **options)
