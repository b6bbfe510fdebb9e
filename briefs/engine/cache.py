"""What was made before, by what it was made from: nothing is executed or rendered twice.

An entry is a small manifest under the hash of its inputs; it names files, whose contents lie
beside it by their own hash, so equal ones are stored once. Everything is verified on reading,
and what doesn't fit is dropped as if it had never been there. Any file, or all of it, can be
deleted at any time; several builds may share a cache.
"""

import json
import os
import re
import tempfile
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from briefs.engine.provenance import sha256
from briefs.files import WriteError, inside, write_file
from briefs.project import PlanError

LIMIT = 2 * 2**30
#: What is kept: entries, and beside them the contents that they name by hash.
Kind = Literal["notebooks", "pages", "reads"]
_BLOBS = "blobs"
_DIGEST = re.compile("[0-9a-f]{64}")
_OWN = re.compile(rf"\.?{_DIGEST.pattern}(\..*)?")
_TAG = "CACHEDIR.TAG"  # programs that make backups leave such folders out: bford.info/cachedir
_MARK = """Signature: 8a477f597d28d172789f06886806bc55
# A cache of `briefs build`. It can be deleted at any time.
"""
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_MOST = 2**62  # what the system can count to, and more than anybody has
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

    @classmethod
    def open(cls, folder: Path, limit: int = LIMIT) -> "Cache":
        """Return the cache in a folder, which is marked if it is new or empty.

        It's a `PlanError` if the folder holds something and isn't marked as a cache of ours, a
        `WriteError` if nothing can be written there.
        """
        tag = folder / _TAG
        try:
            folder.mkdir(parents=True, exist_ok=True)
            if not tag.is_file() or tag.read_text("utf-8", "replace") != _MARK:
                if found := min((path.name for path in folder.iterdir()), default=""):
                    raise PlanError(
                        f"{folder}: holds {found} and isn't marked as a cache of briefs; choose an empty "
                        "or new folder, or empty this one if nothing in it is needed"
                    )
                write_file(tag, _MARK.encode())
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            raise WriteError(f"cannot write into {folder}: {error.strerror or error}") from None
        return cls(folder.resolve(), limit)

    def get(self, kind: Kind, key: str) -> dict[str, bytes] | None:
        """Return the files of an entry; None where there is none, or it is damaged."""
        path = self._manifest(kind, key)
        if not self.reads:
            return None
        try:
            digest, _, text = path.read_text("utf-8").partition("\n")
            if digest != sha256(text.encode()):
                raise ValueError("damaged")
            files = {name: self._read(blob) for name, blob in _entry(text).items()}
            os.utime(path)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, AttributeError, TypeError, zlib.error):
            with suppress(OSError):
                path.unlink(missing_ok=True)
            return None
        return files

    def put(self, kind: Kind, key: str, files: Mapping[str, bytes]) -> bool:
        """Keep the files of an entry; False where nothing can be written."""
        try:
            text = json.dumps({name: self._write(data) for name, data in files.items()})
            write_file(self._manifest(kind, key), f"{sha256(text.encode())}\n{text}".encode())
        except OSError:  # a full disk must not fail a report that is made already
            return False
        return True

    def trim(self) -> int:
        """Remove what was used longest ago until the rest is within the limit; return the bytes left.

        Files that no cache of ours has written are left alone, and aren't counted.
        """
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
        for kind in (self.folder / kind for kind in (_BLOBS, *get_args(Kind))):
            for folder in kind.glob("[0-9a-f][0-9a-f]"):
                if not kind.is_symlink() and not folder.is_symlink():
                    yield from (path for path in folder.iterdir() if _OWN.fullmatch(path.name))

    def _manifest(self, kind: Kind, key: str) -> Path:
        return self.folder / kind / key[:2] / key

    def _blob(self, digest: str) -> Path:
        return self.folder / _BLOBS / digest[:2] / digest

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


def _entry(text: str) -> dict[str, str]:
    """Read a manifest: names of files below the report's folder, each with the hash of its content."""
    found = json.loads(text)
    for name, digest in found.items():
        inside(Path(), name)
        if not _DIGEST.fullmatch(digest):
            raise ValueError("damaged")
    return dict(found)


def key_of(inputs: Mapping[str, Any]) -> str:
    """Hash of what something is made from."""
    return sha256(json.dumps(inputs, sort_keys=True, ensure_ascii=False).encode())


def read_size(text: str) -> int:
    """Read ``500M`` or ``2G``; raise `PlanError` for what is no size."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?", text.strip(), re.IGNORECASE)
    size = float(match[1]) * _UNITS[match[2].upper()] if match else _MOST
    if size >= _MOST:
        raise PlanError(f"{text!r} is no size; write 500M or 2G")
    return int(size)
