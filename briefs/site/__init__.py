"""The site around the briefs, written from what stands published and from ``data/``.

==============  ==========================================================================
module          what it is for
==============  ==========================================================================
``reports``     the published briefs: their ``results.json`` and the outline of their pages
``evidence``    the tables of the evidence as a reader needs to know them
``pages``       what all pages share: frame, links, metadata, templates
``sets``        the list of many reports, as a matrix makes them
``home``        the index of a language, and the root where a reader chooses one
``search``      what the index page can find
``claims``      a page and a CSV per claim
``chart``       how an estimate moved with the date, drawn
``record``      how verdicts and forecasts held: the page, and the data behind it
``moments``     what the claims came to as of each date, as rows
``record_tables``  its tables, in words
``calibration`` coverage of forecasts against what it should be, drawn
``tables``      the data pages, and the tables to download
``rows``        the page and the feed of each table's rows, and how to dispute one
``contact``     where a reader disputes a row
``compare``     a page that tells two dates apart
``method``      the method page
``glossary``    terms of the briefs, explained
``feeds``       feeds, sitemap, robots.txt, the page for lost readers
``links``       whether every link of a built site leads somewhere
==============  ==========================================================================

A report that failed today is listed with its former version. Links are relative: the folder
works from ``file://`` and below any address.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from briefs.engine import staging
from briefs.render.wording import in_language
from briefs.site import claims, feeds, glossary, home, method, record, sets, tables
from briefs.site.evidence import Evidence
from briefs.site.pages import File
from briefs.site.reports import Reports, SiteError

__all__ = ["SiteError", "publish"]


def publish(out: Path, languages: Iterable[str] | None = None) -> list[Path]:
    """Write all pages of the site at `out` that aren't briefs, and remove those that are no more.

    The site has the `languages` that are given, in order, as far as they have a brief; without
    any, all that are published. Returns the files that changed; a `SiteError` says what can't be
    read, or must not be published.
    """
    reports = Reports.read(out, languages)
    if not reports.languages:
        briefs = Reports.all_of(out)
        made = [sets.root(briefs)] if briefs else []
        return _put(out, made) if made else []
    files = list(_files(reports))
    heads = {file.page.place: file.page.head() for file in files if file.page}
    files.append(File(feeds.SITEMAP, feeds.sitemap(heads | reports.heads())))
    return _put(out, files)


def _put(out: Path, files: Iterable[File]) -> list[Path]:
    changed = staging.publish(out, "", {file.path: file.data for file in files})
    return [out / name for name in changed]


def _files(reports: Reports) -> Iterator[File]:
    evidence = Evidence.read()
    yield from tables.downloads(evidence)
    for language in reports.languages:
        with in_language(language):
            yield home.page(reports, language, evidence)
            yield from claims.files(reports, language, evidence)
            yield from tables.files(reports, language, evidence)
            yield method.page(reports, language)
            yield from glossary.files(reports, language, evidence)
            yield from record.files(reports, language)
            yield from sets.files(reports, language)
    yield home.root(reports)
    yield from feeds.files(reports)
