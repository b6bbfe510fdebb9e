"""What this machine has and lacks for building the briefs."""

import os
import shutil
import sys
import tomllib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

from briefs.desk.request import cores
from briefs.engine import provenance
from briefs.project import SETTINGS, Project
from briefs.render import address

_ROOM = 2**30
_SHOWN = 5
_RESERVED = (".example", ".invalid", ".test", "localhost")


@dataclass(frozen=True)
class Finding:
    """One thing looked at; ``state`` is ok, note (works without) or bad."""

    what: str
    state: str
    text: str


def examine(here: Project, out: Path) -> list[Finding]:
    """Look at everything that a build of a project into `out` needs or could use."""
    found = {
        "python": _python(here.root),
        "packages": _packages(here.root),
        "git": _git(here.root),
        "kernels": _kernels(here),
        "disk": _disk(out),
        "address": _address(),
    }
    return [Finding(what, *said) for what, said in found.items()]


def _python(root: Path) -> tuple[str, str]:
    path, version = root / SETTINGS, ".".join(map(str, sys.version_info[:3]))
    settings = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    wanted = settings.get("project", {}).get("requires-python", "")
    if not SpecifierSet(wanted).contains(version):
        return "bad", f"{version} in {sys.prefix}, {wanted} is needed"
    return "ok", f"{version} in {sys.prefix}"


def _packages(root: Path) -> tuple[str, str]:
    """Compare what is installed with the lock, for the packages that the lock wants on this machine."""
    path = root / provenance.LOCK
    if not path.is_file():
        return "note", f"there is no {provenance.LOCK} to compare with"
    lines = [line.rstrip("\\ ") for line in path.read_text("utf-8").splitlines()]
    pinned = [Requirement(line) for line in lines if line[:1].isalnum()]
    pinned = [need for need in pinned if not need.marker or need.marker.evaluate()]
    found = provenance.versions(tuple(need.name for need in pinned))
    missing = [need.name for need in pinned if not found[need.name]]
    others = [
        f"{need.name} {version} (lock: {need.specifier})"
        for need in pinned
        if (version := found[need.name]) and not need.specifier.contains(version, prereleases=True)
    ]
    faults = [
        f"{what}: {', '.join(names[:_SHOWN])}{' ...' if len(names) > _SHOWN else ''}"
        for what, names in (("not installed", missing), ("another version", others))
        if names
    ]
    if faults:
        return "bad", f"differ from {provenance.LOCK}; {'; '.join(faults)}"
    return "ok", f"the {len(pinned)} of {provenance.LOCK}"


def _git(root: Path) -> tuple[str, str]:
    if not shutil.which("git"):
        return "note", "not installed: reports won't name the commit that they come from"
    state = provenance.git_state(root)
    if not state["commit"]:
        return "note", "the project is no repository: reports won't name a commit"
    changed = ", with changes that aren't committed" if state["dirty"] else ""
    return "ok", f"commit {state['commit'][:10]}{changed}"


def _kernels(here: Project) -> tuple[str, str]:
    from briefs.engine.kernels import forked

    try:
        with closing(forked.WarmProcess(here.notebooks)) as warm:
            warm.fork(str).close()  # does nothing
    except forked.WarmProcessError as error:
        return "note", f"start ordinarily, {cores()} at a time: {error}"
    return "ok", f"fork from a warm process, {cores()} at a time"


def _disk(out: Path) -> tuple[str, str]:
    folder = next(path for path in (out, *out.parents) if path.is_dir())
    if not os.access(folder, os.W_OK):
        return "bad", f"{folder} can't be written"
    free = shutil.disk_usage(folder).free
    return "ok" if free > _ROOM else "bad", f"{free / 2**30:.1f} GB free in {folder}"


def _address() -> tuple[str, str]:
    site = address.site()
    if not site.host.endswith(_RESERVED):
        return "ok", site.base
    how = f"set site.url in notebooks/matrix.yml, or {address.VARIABLE}"
    return "note", f"{site.base} is a placeholder: {how}"
