"""Writing so that a reader never sees half of a file, also where a build is killed: aside first, then renamed."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from briefs.files import WriteError

#: Subfolder that belongs to a report; any other is a report of its own.
DATA = "data"
#: Put in place after all others: the page when what it points to is there, the record of all at the very end.
LAST = ("index.html", "results.json", "inputs.json")
_LOCK_SECONDS = 60


def publish(target: Path, files: Mapping[str, bytes]) -> None:
    """Put the files of a report into its folder, and remove those of its former version.

    Each file is the old or the new one at any moment. Other folders inside `target` are left alone:
    they are reports of other parameters.

    Parameters
    ----------
    target : Path
        Folder of the report; made where missing.
    files : mapping
        Path below `target` -> content.

    Raises
    ------
    WriteError
        Naming the path and the reason; what was published stays as far as it isn't replaced yet.
    """
    names = sorted(files, key=lambda name: (LAST.index(name) + 1 if name in LAST else 0, name))
    try:
        with _locked(target):
            fresh = Path(tempfile.mkdtemp(prefix=_prefix(target), dir=target.parent))
            try:
                for number, name in enumerate(names):
                    (fresh / str(number)).write_bytes(files[name])
                    (fresh / str(number)).chmod(0o644)
                for number, name in enumerate(names):
                    (target / name).parent.mkdir(parents=True, exist_ok=True)
                    os.replace(fresh / str(number), target / name)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
            for path in _own(target):
                if path.relative_to(target).as_posix() not in files:
                    path.unlink()
    except OSError as error:
        raise _failure(target, error) from error


def sweep(target: Path) -> None:
    """Remove what a killed build left beside `target`, unless another build is at it."""
    with suppress(OSError):
        if target.parent.is_dir():
            with _locked(target, 0):
                pass


@contextmanager
def _locked(target: Path, seconds: float = _LOCK_SECONDS) -> Iterator[None]:
    """Be the only one to write `target`, and free of what others left there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.parent / f".{target.name}.lock"
    with FileLock(path, timeout=seconds):
        for left in target.parent.glob(f"{_prefix(target)}*"):
            shutil.rmtree(left, ignore_errors=True)
        try:
            yield
        finally:
            with suppress(OSError):  # Windows removes no open file
                path.unlink()  # a build that waits for it notices, and makes a new one


def _prefix(target: Path) -> str:
    return f".{target.name}.new-"


def _own(target: Path) -> list[Path]:
    """Files of the report in `target`, without hidden ones."""
    return [
        path
        for folder in (target, target / DATA)
        for path in sorted(folder.glob("[!.]*"))
        if path.is_file()
    ]


def _failure(target: Path, error: OSError) -> WriteError:
    if isinstance(error, Timeout):
        return WriteError(
            f"cannot write {target}: another build has been writing it for {_LOCK_SECONDS} seconds"
        )
    path = error.filename2 or error.filename or target
    return WriteError(f"cannot write {path}: {error.strerror or error}")
