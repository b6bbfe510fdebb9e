"""Files inside archives, read in memory by their exact name: nothing is ever unpacked to disk."""

import gzip
import io
import tarfile
import zipfile
import zlib

from briefs.evidence.upstream.contract import UpstreamError

#: No member that is read may be larger than this when unpacked.
MOST_BYTES = 200_000_000
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, OSError)


def member(archive: bytes, name: str, most: int = MOST_BYTES) -> bytes:
    """Return one file of a zip, wheel or tarball; it must be there once, plain, and not too large."""
    try:
        if zipfile.is_zipfile(io.BytesIO(archive)):
            return _of_zip(archive, name, most)
        return _of_tar(archive, name, most)
    except RuntimeError as error:  # a zip that wants a password
        raise UpstreamError("broken", f"{name}: {error}") from None
    except _BROKEN as error:
        raise UpstreamError("broken", f"no archive, or half of one: {error}") from None


def names(archive: bytes) -> list[str]:
    """List the files of an archive."""
    try:
        if zipfile.is_zipfile(io.BytesIO(archive)):
            with zipfile.ZipFile(io.BytesIO(archive)) as found:
                return found.namelist()
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            return tar.getnames()
    except _BROKEN as error:
        raise UpstreamError("broken", f"no archive, or half of one: {error}") from None


def _of_zip(archive: bytes, name: str, most: int) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        entries = [entry for entry in found.infolist() if entry.filename == name]
        _check_one(name, len(entries))
        with found.open(entries[0]) as stream:
            return _limited(stream.read(most + 1), name, most)


def _of_tar(archive: bytes, name: str, most: int) -> bytes:
    with tarfile.open(fileobj=io.BytesIO(_whole(archive))) as found:
        entries = [entry for entry in found.getmembers() if entry.name == name]
        _check_one(name, len(entries))
        stream = found.extractfile(entries[0]) if entries[0].isreg() else None
        if stream is None:
            raise UpstreamError("layout", f"{name} is no plain file")
        return _limited(stream.read(most + 1), name, most)


def _whole(archive: bytes) -> bytes:
    """Unpack a gzip to its end, where its checksum stands: a tarball broken off there reads well before."""
    if not archive.startswith(b"\x1f\x8b"):
        return archive
    with gzip.GzipFile(fileobj=io.BytesIO(archive)) as stream:
        return _limited(stream.read(MOST_BYTES + 1), "the archive", MOST_BYTES)


def _check_one(name: str, count: int) -> None:
    if count != 1:
        raise UpstreamError("layout", f"{name} is {count} times in the archive, not once")


def _limited(data: bytes, name: str, most: int) -> bytes:
    # a bomb's stated size may lie, so what was read counts
    if len(data) > most:
        raise UpstreamError("too large", f"{name} has more than {most} bytes when unpacked")
    return data
