"""What this machine has and lacks for building the briefs."""

import os
import re
import shutil
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from briefs.desk.request import cores
from briefs.engine import provenance
from briefs.project import SETTINGS, Project
from briefs.render import address

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_ROOM = 2**30
_SHOWN = 5
_RESERVED = (".example", ".invalid", ".test", "localhost")


@dataclass(frozen=True)
class Finding:
    """One thing looked at; ``state`` is ok, note (works without) or bad."""

    what: str
    state: str
    text: str


def examine(here: Project, out: Path) -> Iterator[Finding]:
    """Look at everything that a build of a project into `out` needs or could use."""
    yield _python(here.root)
    yield from _packages(here)
    yield _git(here.root)
    yield _kernels(here)
    yield _fonts()
    yield _browser()
    yield _disk(out)
    yield _address()


def _python(root: Path) -> Finding:
    path, version = root / SETTINGS, ".".join(map(str, sys.version_info[:3]))
    settings = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    wanted = settings.get("project", {}).get("requires-python", "")
    if not SpecifierSet(wanted).contains(version):
        return Finding("python", "bad", f"{version} in {sys.prefix}, {wanted} is needed")
    return Finding("python", "ok", f"{version} in {sys.prefix}")


def _packages(here: Project) -> Iterator[Finding]:
    """Compare what is installed with the lock, for the packages that the lock wants on this machine."""
    path = here.root / provenance.LOCK
    if not path.is_file():
        yield Finding("packages", "note", f"there is no {provenance.LOCK} to compare with")
        return
    pinned = _pinned(path)
    found = provenance.versions(tuple(pinned))
    faults = _listed("not installed", (name for name in pinned if found[name] is None))
    faults += _listed(
        "another version",
        (
            f"{name} {found[name]} (lock: {version})"
            for name, version in pinned.items()
            if found[name] not in (None, version)
        ),
    )
    if faults:
        yield Finding("packages", "bad", f"differ from {provenance.LOCK}; {'; '.join(faults)}")
    else:
        yield Finding("packages", "ok", f"the {len(pinned)} of {provenance.LOCK}")
    if unmet := _unmet(here.slug):
        yield Finding("packages", "bad", f"needed and not installed: {', '.join(unmet)}")


def _pinned(lock: Path) -> dict[str, str]:
    """Version of each package that a lock wants on this machine."""
    found = filter(None, map(_PINNED.match, lock.read_text("utf-8").splitlines()))
    return {
        match[1]: match[2] for match in found if not match[3] or Marker(match[3].strip()).evaluate()
    }


def _listed(what: str, names: Iterable[str]) -> list[str]:
    """Say what several packages have in common, in one text; none without any."""
    shown = sorted(names)
    more = " ..." if len(shown) > _SHOWN else ""
    return [f"{what}: {', '.join(shown[:_SHOWN])}{more}"] if shown else []


def _unmet(slug: str) -> list[str]:
    """Names of what the installed project needs, extras apart, and isn't here."""
    try:
        needs = [Requirement(line) for line in metadata.requires(slug) or ()]
    except metadata.PackageNotFoundError:
        return []  # a project that isn't installed says so nowhere
    names = {need.name for need in needs if "extra" not in str(need.marker)}
    found = provenance.versions(tuple(names))
    return sorted(name for name in names if not found[name])


def _git(root: Path) -> Finding:
    state = provenance.git_state(root)
    if not shutil.which("git"):
        lacks = "not installed: reports won't name the commit that they come from"
        return Finding("git", "note", lacks)
    if not state["commit"]:
        return Finding("git", "note", "the project is no repository: reports won't name a commit")
    changed = ", with changes that aren't committed" if state["dirty"] else ""
    return Finding("git", "ok", f"commit {state['commit'][:10]}{changed}")


def _kernels(here: Project) -> Finding:
    from briefs.engine.kernels import forked

    try:
        warm = forked.WarmProcess(here.notebooks)
        try:
            warm.fork(os.getpid).close()
        finally:
            warm.close()
    except forked.WarmProcessError as error:
        return Finding("kernels", "note", f"start ordinarily, {cores()} at a time: {error}")
    return Finding("kernels", "ok", f"fork from a warm process, {cores()} at a time")


def _fonts() -> Finding:
    import matplotlib

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    if not path.is_file():
        return Finding("fonts", "bad", f"there is no {path}: figures in the PDFs need it")
    return Finding("fonts", "ok", "DejaVu Sans comes with matplotlib")


def _browser() -> Finding:
    if browser := next(filter(None, map(shutil.which, BROWSERS)), None):
        return Finding("browser", "ok", browser)
    names = ", ".join(BROWSERS)
    without = "tests that open pages are skipped; building needs none"
    return Finding("browser", "note", f"none of {names}: {without}")


def _disk(out: Path) -> Finding:
    folder = next(path for path in (out, *out.parents) if path.is_dir())
    if not os.access(folder, os.W_OK):
        return Finding("disk", "bad", f"{folder} can't be written")
    free = shutil.disk_usage(folder).free
    state = "ok" if free > _ROOM else "bad"
    return Finding("disk", state, f"{free / 2**30:.1f} GB free in {folder}")


def _address() -> Finding:
    site = address.site()
    if not site.host.endswith(_RESERVED):
        return Finding("address", "ok", site.base)
    how = f"set site.url in notebooks/matrix.yml, or {address.VARIABLE}"
    return Finding("address", "note", f"{site.base} is a placeholder: {how}")
