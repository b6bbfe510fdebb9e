"""Several files of one folder written as one: after a kill at any moment all are old, or all new.

They are made aside, in a folder whose renaming is the moment that counts; from then on whoever
comes next carries on. `settle` does that, and `catalog` calls it before it reads.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from briefs.files import inside

#: Folder of files that are decided on and on their way to their places.
PENDING = ".pending"
_LIST = "files.json"
_LOCK = ".pending.lock"


def write(root: Path, files: Mapping[str, bytes]) -> None:
    """Replace or add all these files below `root`, or none."""
    with _locked(root):
        _carry_on(root)
        for left in root.glob(f"{PENDING}-*"):
            shutil.rmtree(left)
        fresh = Path(tempfile.mkdtemp(prefix=f"{PENDING}-", dir=root))
        for number, (name, data) in enumerate(files.items()):
            inside(root, name)
            _write(fresh / str(number), data)
        _write(fresh / _LIST, json.dumps(list(files)).encode())
        _sync(fresh)
        os.rename(fresh, root / PENDING)
        _sync(root)
        _carry_on(root)


def settle(root: Path) -> None:
    """Put in place what a killed writer had decided on; wait for one that is at it."""
    if (root / PENDING).is_dir():
        with _locked(root):
            _carry_on(root)


def _carry_on(root: Path) -> None:
    pending = root / PENDING
    if not pending.is_dir():
        return
    for number, name in enumerate(json.loads((pending / _LIST).read_bytes())):
        aside, path = pending / f"{number}.copy", inside(root, name)
        shutil.copyfile(pending / str(number), aside)
        aside.chmod(0o644)
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(aside, path)
    # not deleted in place: half of it would no longer tell what is to be done
    done = Path(tempfile.mkdtemp(prefix=f"{PENDING}-", dir=root))
    os.rename(pending, done / "done")
    shutil.rmtree(done)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    """See that the names in a folder are on the disk, where that can be done."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Be the only one to write."""
    with FileLock(root / _LOCK, timeout=60):
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no open file
                (root / _LOCK).unlink()
