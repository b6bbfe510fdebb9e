"""What was made before, by what it was made from: nothing is executed or rendered twice.

An entry is a small manifest under the hash of its inputs; it names files, whose contents lie
beside it by their own hash, so equal ones are stored once. Everything is verified on reading,
and what doesn't fit is dropped as if it had never been there. Any file, or all of it, can be
deleted at any time; several builds may share a cache.
"""

import json
import os
import re
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from briefs.engine.provenance import sha256
from briefs.files import write_file

LIMIT = 2 * 2**30
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_LEVEL = 1  # notebooks shrink to a fifth in a few milliseconds; more effort gains little
_LEFTOVER_SECONDS = 3600
_ROOM = 0.9  # what is left when the limit was passed, so that not every build has to clear up


@dataclass(frozen=True)
class Cache:
    """Entries in a folder.

    Parameters
    ----------
    limit : int
        Bytes that `trim` leaves at most.
    reads : bool
        Whether entries are returned, or only kept.
    """

    folder: Path
    limit: int = LIMIT
    reads: bool = True

    def get(self, kind: str, key: str) -> dict[str, bytes] | None:
        """Return the files of an entry; None where there is none, or it is damaged."""
        path = self._manifest(kind, key)
        if not self.reads:
            return None
        try:
            digest, _, text = path.read_text("utf-8").partition("\n")
            if digest != sha256(text.encode()):
                raise ValueError("damaged")
            files = {name: self._read(blob) for name, blob in json.loads(text).items()}
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, zlib.error):
            with suppress(OSError):
                path.unlink(missing_ok=True)
            return None
        return files

    def put(self, kind: str, key: str, files: Mapping[str, bytes]) -> bool:
        """Keep the files of an entry; False where nothing can be written."""
        try:
            text = json.dumps({name: self._write(data) for name, data in files.items()})
            write_file(self._manifest(kind, key), f"{sha256(text.encode())}\n{text}".encode())
        except OSError:  # a full disk must not fail a report that is made already
            return False
        return True

    def trim(self) -> int:
        """Remove what was used longest ago until the rest is within the limit; return the bytes left."""
        now, found = time.time(), []
        for path in self._files():
            with suppress(OSError):
                stat = path.stat()
                if path.name.startswith(".") and now - stat.st_mtime > _LEFTOVER_SECONDS:
                    path.unlink()
                else:
                    found.append((stat.st_mtime_ns, stat.st_size, path))
        total = sum(size for _, size, _ in found)
        wanted = self.limit if total <= self.limit else self.limit * _ROOM
        for _, size, path in sorted(found):
            if total <= wanted:
                break
            with suppress(OSError):
                path.unlink(missing_ok=True)
                total -= size
        return total

    def _files(self) -> Iterator[Path]:
        return (Path(folder, name) for folder, _, names in os.walk(self.folder) for name in names)

    def _manifest(self, kind: str, key: str) -> Path:
        return self.folder / kind / key[:2] / key

    def _blob(self, digest: str) -> Path:
        return self.folder / "blobs" / digest[:2] / digest

    def _read(self, digest: str) -> bytes:
        path = self._blob(digest)
        try:
            data = zlib.decompress(path.read_bytes())
            if sha256(data) != digest:
                raise ValueError("damaged")
        except (ValueError, zlib.error):
            path.unlink(missing_ok=True)
            raise
        os.utime(path)
        return data

    def _write(self, data: bytes) -> str:
        path = self._blob(digest := sha256(data))
        try:
            os.utime(path)
        except FileNotFoundError:
            write_file(path, zlib.compress(data, _LEVEL))
        return digest


def key_of(inputs: Mapping[str, Any]) -> str:
    """Hash of what something is made from."""
    return sha256(json.dumps(inputs, sort_keys=True, ensure_ascii=False).encode())


def read_size(text: str) -> int:
    """Read ``500M`` or ``2G``; raise `ValueError` for what is no size."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", text.strip(), re.IGNORECASE)
    if not match:
        raise ValueError(f"{text!r} is no size; write 500M or 2G")
    return int(float(match[1]) * _UNITS[match[2].upper()])
