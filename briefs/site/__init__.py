"""The site around the briefs, written from what stands published and from ``data/``.

==============  ==========================================================================
module          what it is for
==============  ==========================================================================
``reports``     the published briefs: their ``results.json`` and the outline of their pages
``evidence``    the tables of the evidence as a reader needs to know them
``pages``       what all pages share: frame, links, metadata, templates
``home``        the index of a language, and the root where a reader chooses one
``search``      what the index page can find
``claims``      a page and a CSV per claim
``chart``       how an estimate moved with the date, drawn
``tables``      the data pages, and the tables to download
``method``      the method page
``feeds``       feeds, sitemap, robots.txt, the page for lost readers
``links``       whether every link of a built site leads somewhere
==============  ==========================================================================

A report that failed today is listed with its former version. Links are relative: the folder
works from ``file://`` and below any address.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from briefs.files import write_file
from briefs.render.wording import in_language
from briefs.site import claims, feeds, home, method, tables
from briefs.site.evidence import Evidence
from briefs.site.pages import File
from briefs.site.reports import Reports, SiteError

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
    reports = Reports.read(out, languages)
    if not reports.languages:
        return []
    files = list(_files(reports))
    heads = {file.page.place: file.page.head() for file in files if file.page}
    files.append(File(feeds.SITEMAP, feeds.sitemap(heads | reports.heads())))
    changed = [out / file.path for file in files if _write(out / file.path, file.data)]
    _clear(reports, {out / file.path for file in files})
    return changed


def _files(reports: Reports) -> Iterator[File]:
    evidence = Evidence.read()
    yield from tables.downloads(evidence)
    for language in reports.languages:
        with in_language(language):
            yield home.page(reports, language, evidence)
            yield from claims.files(reports, language, evidence)
            yield from tables.files(reports, language, evidence)
            yield method.page(reports, language)
    yield home.root(reports)
    yield from feeds.files(reports)


def _write(path: Path, data: bytes) -> bool:
    """Write a file unless it is already so; who copies a site by date then copies little."""
    if path.is_file() and path.read_bytes() == data:
        return False
    write_file(path, data)
    return True


def _clear(reports: Reports, written: set[Path]) -> None:
    """Delete pages of claims and tables that are no more."""
    folders = [
        reports.out / tables.FOLDER,
        *(reports.out / language / own for language in reports.languages for own in _OWN),
    ]
    for folder in folders:
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_file() and path not in written:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()
