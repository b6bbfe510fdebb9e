"""Writing a file so that a reader sees the old one or the new one, never half of either."""

import os
import tempfile
from pathlib import Path


class WriteError(OSError):
    """A file or folder can't be written; the message names it and the reason."""


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
