"""Publishing into shared storage: ``--out s3://bucket/site``, or whatever else fsspec reaches.

A site in a store is built in a folder of this machine that mirrors it: first what differs is
fetched, then each report is sent as soon as it is made. So all that works in a folder works in
a store: what is fresh stays, damage is found, the pages around the reports are made of all.
Every object is the old or the new one; pages follow what they point to.
"""

import hashlib
import json
import mimetypes
import shlex
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from briefs.engine import staging
from briefs.engine.build_report import FILE as BUILD
from briefs.engine.freshness import published
from briefs.engine.plan import Result

#: What must be installed for each kind of address, and the extra of this package that brings it.
_EXTRAS = {
    "s3": ("s3fs", "s3"),
    "s3a": ("s3fs", "s3"),
    "gs": ("gcsfs", "gs"),
    "gcs": ("gcsfs", "gs"),
    "az": ("adlfs", "az"),
    "abfs": ("adlfs", "az"),
    "abfss": ("adlfs", "az"),
}
#: Tells whether an object changed; the name differs from store to store.
_TOKENS = ("ETag", "etag", "md5Hash", "mtime", "created", "LastModified", "last_modified")
_AT_ONCE = 8
_STATE = "synced.json"


class StorageError(OSError):
    """A store can't be reached, read or written, or what reaches it isn't installed."""


class Store:
    """A folder in shared storage.

    Parameters
    ----------
    url : str
        Such as ``s3://bucket/site``; credentials are found as each store's own tools find them.

    Raises
    ------
    StorageError
        If there is no such kind of store, or its library isn't installed; names the extra.
    """

    def __init__(self, url: str):
        scheme = urlsplit(url).scheme
        library, extra = _EXTRAS.get(scheme, ("fsspec", "s3"))
        try:
            import fsspec

            self.fs, root = fsspec.core.url_to_fs(
                url, **({"auto_mkdir": True} if scheme == "file" else {})
            )
        except ImportError:
            raise StorageError(
                f"{url}: needs {library}: pip install 'ai-cost-briefs[{extra}]'"
            ) from None
        except ValueError as error:
            raise StorageError(f"{url}: {error}") from None
        self.url, self.root, self._scheme = url.rstrip("/"), root.rstrip("/"), scheme

    def publish(self, place: str, files: Mapping[str, bytes]) -> None:
        """Put the files of a report into its folder, and remove those of its former version."""
        self.each(files, lambda name: self.write(f"{place}/{name}", files[name]))
        gone = [name for name in self.listing(place) if name.removeprefix(f"{place}/") not in files]
        self.each(gone, self.remove)

    def write(self, name: str, data: bytes) -> None:
        """Write one object, with the type that a browser needs to show it."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        options: dict[str, Any] = {
            "s3": {"ContentType": kind},
            "gs": {"content_type": kind},
            "az": {"content_settings": {"content_type": kind}},
        }.get(_EXTRAS.get(self._scheme, ("", ""))[1], {})
        self.fs.pipe_file(f"{self.root}/{name}", data, **options)

    def read(self, name: str) -> bytes:
        """Read one object."""
        return self.fs.cat_file(f"{self.root}/{name}")

    def remove(self, name: str) -> None:
        """Remove one object."""
        self.fs.rm_file(f"{self.root}/{name}")

    def listing(self, place: str = "") -> dict[str, str]:
        """Return what is there: path below the store's root -> a token that changes with the content.

        Parameters
        ----------
        place : str
            Only the files of the report at this place; without it, all.
        """
        folder, start = "/".join(filter(None, (self.root, place))), len(self.root) + 1
        try:
            self.fs.invalidate_cache()
            found = self.fs.find(folder, maxdepth=2 if place else None, detail=True)
        except FileNotFoundError:
            return {}
        except Exception as error:  # each store's library has its own
            raise self._failure(error) from error
        return {
            name[
                start:
            ]: f"{info.get('size')} {next((info[t] for t in _TOKENS if info.get(t)), '')}"
            for name, info in found.items()
            if _of(name[start:], place)
        }

    def each(self, names: Iterable[str], work: Callable[[str], Any]) -> None:
        """Work on several at a time, pages after what they point to, the record of all last."""
        try:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                for wave in _waves(names):
                    list(pool.map(work, wave))
        except Exception as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> StorageError:
        return StorageError(f"{self.url}: {type(error).__name__}: {error}")


class Mirror:
    """The folder of this machine in which the site of a store is built.

    Parameters
    ----------
    folder : Path
        Where mirrors are kept. Deleted, everything is fetched again.
    """

    def __init__(self, store: Store, folder: Path):
        own = folder / hashlib.sha256(store.url.encode()).hexdigest()[:16]
        self.store, self.folder, self._state = store, own / "site", own / _STATE
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"cannot write into {own}: {error.strerror}") from error
        self._known: dict[str, list] = {}
        with suppress(OSError, ValueError):  # none yet, or damaged: everything is fetched
            self._known = json.loads(self._state.read_bytes())

    def fetch(self, place: str = "") -> None:
        """Make the report at `place`, or without it the whole site, here what it is in the store."""
        there = self.store.listing(place)

        def get(name: str) -> None:
            staging.write_file(self.folder / name, self.store.read(name))

        self.store.each(
            (n for n, token in there.items() if self._known.get(n) != [token, *self._stamp(n)]), get
        )
        for name in [*self._known, *self._here(place)]:
            if _of(name, place) and name not in there:
                (self.folder / name).unlink(missing_ok=True)
        self._note(place, there)

    def send(self, place: str = "") -> None:
        """Make the report at `place`, or without it the whole site, in the store what it is here."""
        here = set(self._here(place))
        changed = [name for name in here if self._known.get(name, [""])[1:] != self._stamp(name)]
        gone = [name for name in self._known if _of(name, place) and name not in here]
        if changed or gone:
            self.store.each(
                changed, lambda name: self.store.write(name, (self.folder / name).read_bytes())
            )
            self.store.each(gone, self.store.remove)
            self._note(place, self.store.listing(place))

    def share(self, result: Result) -> Result:
        """Send a report that was built here; return its result as it reads elsewhere."""
        if result.status == "built":
            self.send(result.place)
        command = result.command.replace(shlex.quote(str(self.folder)), shlex.quote(self.store.url))
        return replace(result, paths=published(self.folder, result.place), command=command)

    def close(self) -> None:
        """Send what wasn't yet, such as the pages around the reports, and remember what is the same here and there."""
        try:
            self.send()
        finally:
            staging.write_file(self._state, json.dumps(self._known).encode())

    def _note(self, place: str, there: Mapping[str, str]) -> None:
        kept = {name: stamp for name, stamp in self._known.items() if not _of(name, place)}
        self._known = kept | {name: [token, *self._stamp(name)] for name, token in there.items()}

    def _stamp(self, name: str) -> list[int]:
        """Size and time of a file here; nothing where there is none."""
        try:
            stat = (self.folder / name).stat()
            return [stat.st_size, stat.st_mtime_ns]
        except OSError:
            return []

    def _here(self, place: str) -> list[str]:
        paths = (path for path in (self.folder / place).rglob("*") if path.is_file())
        names = (path.relative_to(self.folder).as_posix() for path in paths)
        return [
            name
            for name in names
            if _of(name, place) and not any(p.startswith(".") for p in name.split("/"))
        ]


def place(out: str, mirrors: Path) -> tuple[Path, Mirror | None]:
    """Return the folder to build in, and the mirror that it is of a store where `out` is an address."""
    parts = urlsplit(out)
    if parts.scheme == "file":
        return Path(unquote(parts.path)), None
    mirror = Mirror(Store(out), mirrors)
    return mirror.folder, mirror


def _of(name: str, place: str) -> bool:
    """Whether a path is a file of the report at `place`, not of another one below it; without a place any is."""
    rest = name.removeprefix(f"{place}/").removeprefix(f"{staging.DATA}/")
    return bool(name) and (not place or (name.startswith(f"{place}/") and "/" not in rest))


def _waves(names: Iterable[str]) -> list[list[str]]:
    """Group so that each group may be written at once, one after another."""
    waves: dict[int, list[str]] = {}
    for name in names:
        last = name.rsplit("/", 1)[-1]
        rank = (
            len(staging.LAST) + 1
            if name == BUILD
            else staging.LAST.index(last) + 1
            if last in staging.LAST
            else 0
        )
        waves.setdefault(rank, []).append(name)
    return [sorted(waves[rank]) for rank in sorted(waves)]
