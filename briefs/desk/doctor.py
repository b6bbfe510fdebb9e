"""What this machine has and lacks for building the briefs."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from briefs.engine import provenance
from briefs.project import Project
from briefs.render import address

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_ROOM = 2**30
_SHOWN = 5


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
    git = provenance.git_state(here.root)
    if not shutil.which("git"):
        yield Finding(
            "git", "note", "not installed: reports won't name the commit that they come from"
        )
    elif not git["commit"]:
        yield Finding("git", "note", "the project is no repository: reports won't name a commit")
    else:
        changed = ", with changes that aren't committed" if git["dirty"] else ""
        yield Finding("git", "ok", f"commit {git['commit'][:10]}{changed}")
    yield _kernels(here)
    yield _fonts()
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    yield Finding(
        "browser",
        "ok" if browser else "note",
        browser
        or f"none of {', '.join(BROWSERS)}: tests that open pages are skipped; building needs none",
    )
    yield _disk(out)
    site = address.site()
    reserved = site.host.endswith((".example", ".invalid", ".test", "localhost"))
    yield Finding(
        "address",
        "note" if reserved else "ok",
        site.base
        + (
            f" is a placeholder: set site.url in notebooks/matrix.yml, or {address.VARIABLE}"
            if reserved
            else ""
        ),
    )


def _python(root: Path) -> Finding:
    import tomllib

    text, version = root / "pyproject.toml", ".".join(map(str, sys.version_info[:3]))
    wanted = (
        tomllib.loads(text.read_text("utf-8"))["project"]["requires-python"]
        if text.is_file()
        else ""
    )
    least = tuple(map(int, re.findall(r"\d+", wanted)))[:2]
    good = sys.version_info[:2] >= least
    return Finding(
        "python",
        "ok" if good else "bad",
        f"{version} in {sys.prefix}" + (f", {wanted} is needed" if not good else ""),
    )


def _packages(here: Project) -> Iterator[Finding]:
    """Compare what is installed with the lock, for the packages that the lock wants on this machine."""
    path = here.root / provenance.LOCK
    if not path.is_file():
        yield Finding("packages", "note", f"there is no {provenance.LOCK} to compare with")
        return
    from packaging.markers import Marker

    pinned = {
        match[1]: match[2]
        for line in path.read_text("utf-8").splitlines()
        if (match := _PINNED.match(line)) and (not match[3] or Marker(match[3].strip()).evaluate())
    }
    found = provenance.versions(tuple(pinned))
    missing = sorted(name for name in pinned if found[name] is None)
    other = sorted(
        f"{name} {found[name]} (lock: {pinned[name]})"
        for name in pinned
        if found[name] not in (None, pinned[name])
    )
    if missing or other:
        parts = [
            f"{words}: {', '.join(names[:_SHOWN])}{' ...' if len(names) > _SHOWN else ''}"
            for words, names in (("not installed", missing), ("another version", other))
            if names
        ]
        yield Finding("packages", "bad", f"differ from {provenance.LOCK}; {'; '.join(parts)}")
    else:
        yield Finding("packages", "ok", f"the {len(pinned)} of {provenance.LOCK}")
    unmet = sorted(
        {
            re.split(r"[ ;<>=!~\[(]", line)[0]
            for line in metadata.requires(here.slug) or ()
            if "extra ==" not in line
        }
        - {name for name, version in found.items() if version}
    )
    if unmet := [name for name in unmet if not provenance.versions((name,))[name]]:
        yield Finding("packages", "bad", f"needed and not installed: {', '.join(unmet)}")


def _kernels(here: Project) -> Finding:
    from briefs.engine import kernels

    cores = (
        len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    try:
        warm = kernels.WarmProcess(here.notebooks)
        try:
            warm.fork(os.getpid).close()
        finally:
            warm.close()
    except kernels.WarmProcessError as error:
        return Finding("kernels", "note", f"start ordinarily, {cores} at a time: {error}")
    return Finding("kernels", "ok", f"fork from a warm process, {cores} at a time")


def _fonts() -> Finding:
    import matplotlib

    path = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    return (
        Finding("fonts", "ok", "DejaVu Sans comes with matplotlib")
        if path.is_file()
        else Finding("fonts", "bad", f"there is no {path}: figures in the PDFs need it")
    )


def _disk(out: Path) -> Finding:
    folder = next(path for path in (out, *out.parents) if path.is_dir())
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        return Finding("disk", "bad", f"{folder} can't be written")
    return Finding(
        "disk", "ok" if free > _ROOM else "bad", f"{free / 2**30:.1f} GB free in {folder}"
    )
