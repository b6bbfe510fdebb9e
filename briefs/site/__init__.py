"""The site around the briefs: index, claims, data, method, feeds.

Everything on it comes from the ``results.json`` of what stands published and from ``data/``,
so a report that failed today is listed with its former version. Links are relative: the
folder works from ``file://`` and below any address.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from briefs.files import write_file
from briefs.render.wording import in_language
from briefs.site import claims, feeds, home, method, tables
from briefs.site.shelf import Shelf, SiteError

__all__ = ["SiteError", "publish"]

#: Folders that hold nothing but what is written here; what is left of an earlier build goes.
_OWN = (claims.FOLDER, tables.FOLDER, method.FOLDER)


def publish(out: Path, languages: Iterable[str] | None = None) -> list[Path]:
    """Write all pages of the site at `out` that aren't briefs.

    Parameters
    ----------
    out : Path
        Folder of the site.
    languages : iterable of str, optional
        Languages that the site has, in order; all that are published without it. Those without
        any published brief are left out.

    Returns
    -------
    list of Path
        The files that changed.

    Raises
    ------
    SiteError
        If something published can't be read, or must not be published.
    """
    shelf = Shelf.read(out, languages)
    if not shelf.languages:
        return []
    changed, written = [], set()
    for name, data in _files(shelf):
        written.add(out / name)
        if _write(out / name, data):
            changed.append(out / name)
    _clear(shelf, written)
    # last, since it lists the pages that are there
    if _write(out / feeds.SITEMAP, feeds.sitemap(out)):
        changed.append(out / feeds.SITEMAP)
    return changed


def _files(shelf: Shelf) -> Iterator[tuple[str, bytes]]:
    evidence = tables.Evidence.read()
    yield from tables.downloads(evidence)
    for language in shelf.languages:
        with in_language(language):
            for part in (
                home.files(shelf, language, evidence),
                claims.files(shelf, language, evidence),
                tables.files(shelf, language, evidence),
                method.files(shelf, language),
            ):
                yield from part
    yield from home.root(shelf)
    yield from feeds.files(shelf)


def _write(path: Path, data: bytes) -> bool:
    """Write a file unless it is already so; who copies a site by date then copies little."""
    if path.is_file() and path.read_bytes() == data:
        return False
    write_file(path, data)
    return True


def _clear(shelf: Shelf, written: set[Path]) -> None:
    """Delete pages of claims and tables that are no more."""
    folders = [
        shelf.out / tables.FOLDER,
        *(shelf.out / language / own for language in shelf.languages for own in _OWN),
    ]
    for folder in folders:
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_file() and path not in written:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()
