"""Writing so that a reader never sees half of it: aside first, then renamed into place."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_STALE_SECONDS = 3600


class StagingError(OSError):
    """The folder to publish into can't be written."""


@contextmanager
def staged_folder(target: Path) -> Iterator[Path]:
    """Give an empty folder beside `target` that takes its place when the block ends well.

    If the block raises, `target` stays as it was and the temporary folder goes.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _clear_leftovers(target)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.new-", dir=target.parent))
    except OSError as error:
        raise StagingError(f"cannot write into {target.parent}: {error.strerror}") from error
    try:
        fresh.chmod(0o755)  # mkdtemp's 0700 would hide the page from a web server
        yield fresh
        _swap(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, target: Path) -> None:
    """Put `fresh` where `target` is; on failure `target` is back in its place."""
    former = fresh.with_name(fresh.name.replace(".new-", ".old-"))
    if target.exists():
        target.rename(former)
    try:
        fresh.rename(target)
    except OSError:
        with suppress(OSError):
            former.rename(target)
        raise
    shutil.rmtree(former, ignore_errors=True)


def _clear_leftovers(target: Path) -> None:
    """Repair what a killed build left: bring back a folder set aside, remove old temporaries."""
    for former in sorted(target.parent.glob(f".{target.name}.old-*")):
        if not target.exists():
            former.rename(target)
    for left in target.parent.glob(f".{target.name}.*-*"):
        # A young one may belong to another build at work.
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)


def write_file(path: Path, data: bytes) -> None:
    """Write one file whole or not at all."""
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise StagingError(f"cannot write {path}: {error.strerror}") from error
