"""Where a file may be written, and writing it so that a reader never sees half of it."""

import os
import tempfile
from pathlib import Path


class WriteError(OSError):
    """A file or folder can't be written; the message names it and the reason."""


class OutsideError(ValueError):
    """A name that comes from data leads out of the folder that it is meant for."""


def inside(folder: Path, name: str) -> Path:
    """Return the path of `name` in `folder`.

    Whatever names a file and isn't our own code passes here: tables, records, sets of a matrix,
    caches, other machines.

    Parameters
    ----------
    name : str
        Parts between slashes, as a link has them. The file itself may be a link: who replaces or
        deletes it leaves alone what it leads to.

    Raises
    ------
    OutsideError
        If it is absolute, climbs by ``..``, has an empty part, a backslash or a control character,
        or passes through a link that leads out of the folder.
    """
    parts = name.split("/")
    plain = all(part not in ("", ".", "..") and part.isprintable() for part in parts)
    if not plain or "\\" in name or ":" in parts[0]:
        raise OutsideError(f"{name!r} isn't the path of a file below {folder}")
    path = folder.joinpath(*parts)
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        raise OutsideError(f"{path} leads out of {folder} by a link; remove the link")
    return path


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, also while another process writes it, and make its folder."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise WriteError(f"cannot write {path}: {error.strerror}") from error
