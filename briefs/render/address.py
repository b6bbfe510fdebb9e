"""Where pages stand: relative links between them, and the site's own address for the few absolute ones.

A *place* is the folder of a page below the root of the site, ``en/cost-revolution`` for one;
the root itself is ``""``. Ordinary links are relative and name the file, so that a copy of
the site works from a disk and below any path. Only what the world outside reads (canonical
addresses, feeds, previews of a link) is absolute, and starts with the site's address.
"""

import os
import posixpath
import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote, urlsplit

from briefs import yaml_nodes
from briefs.project import MATRIX, PlanError, project

VARIABLE = "BRIEFS_SITE_URL"
PAGE = "index.html"
#: A reserved name, which leads nowhere, where nothing says at which address the site is.
UNKNOWN = "https://briefs.example/"


@dataclass(frozen=True)
class Address:
    """The address that the site is published at; what isn't one, or has more after its path, is a `PlanError`."""

    base: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.base)
        web = parts.scheme in ("http", "https") and parts.hostname
        if not web or parts.query or parts.fragment:
            raise PlanError(
                f"{self.base!r} is no address of a site: write https://host/ or https://host/path/"
            )
        object.__setattr__(self, "base", self.base.rstrip("/") + "/")

    def url(self, place: str, file: str = "") -> str:
        """Return the absolute address of a page, or of a `file` beside it."""
        folder = place.strip("/")
        return self.base + quote(f"{folder}/" if folder else "") + quote(file)

    @property
    def host(self) -> str:
        """Name of the host, for identifiers that outlive a move."""
        return urlsplit(self.base).hostname or ""


def site() -> Address:
    """Return the address of this site: ``BRIEFS_SITE_URL``, else ``site.url`` of ``notebooks/matrix.yml``."""
    url = os.environ.get(VARIABLE)
    return Address(url) if url else home()


def warning() -> str:
    """Say that the site's address is a reserved name; empty where it can be somebody's."""
    host = site().host
    if not re.search(r"(^|\.)(example(\.com|\.net|\.org)?|invalid|test)$", host):
        return ""
    return (
        f"the site's address is {host}, a reserved name: permanent addresses on the pages lead nowhere "
        f"until site.url of {MATRIX} or {VARIABLE} names your own"
    )


def home() -> Address:
    """Return the address that ``matrix.yml`` names, whatever the environment says.

    Identifiers in the feeds are made from it, so that a copy elsewhere keeps them.
    """
    try:
        path = project().notebooks / MATRIX
        modified = path.stat().st_mtime_ns
    except (PlanError, FileNotFoundError):  # a notebook exported by itself, far from any project
        return Address(UNKNOWN)
    return _stored(path, modified)


@lru_cache(maxsize=8)
def _stored(path: Path, modified: int) -> Address:
    try:
        url = yaml_nodes.load(path)["site"]["url"]
    except yaml_nodes.YamlError as error:
        raise PlanError(str(error)) from None
    except (LookupError, TypeError):
        raise PlanError(
            f"{path.name} does not say where the site is published (site: url: ...)"
        ) from None
    return Address(str(url))


def relative(from_place: str, to_place: str, file: str = PAGE) -> str:
    """Return the link that leads from the page at one place to a `file` at another."""
    target = posixpath.join(to_place.strip("/"), file)
    return quote(posixpath.relpath(target, from_place.strip("/") or "."))


def alternates(place: str, languages: Collection[str]) -> dict[str, str]:
    """Map each language that the page exists in, its own among them, to the page's place there.

    Empty when there is but one: a page without translations names none.
    """
    own, slash, rest = place.strip("/").partition("/")
    names = dict.fromkeys(languages if own in languages else [own, *languages])
    return {name: name + slash + rest for name in names} if len(names) > 1 else {}
