"""Holding evidence, claims, notebooks, translations and a built site to their contracts."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from briefs.desk import publishable, rules, translations
from briefs.engine import freshness, notebooks, staging
from briefs.evidence import catalog, claims, feeds, forecasts, living, memory, vintages
from briefs.evidence.rows import PACKAGE
from briefs.parameters import reports
from briefs.project import project
from briefs.render import editions, glossary
from briefs.site import contact


def accept(site: Path | None = None) -> list[str]:
    """Take the tables of the evidence as they are now, if nothing else is wrong with them.

    What the published editions at `site` project is stored, too.
    """
    from briefs.desk import forecasts as projections

    lines: list[str] = []
    with suppress(catalog.EvidenceError):  # said by `problems`
        lines += catalog.accept()
    return lines + (projections.accept(site) if site else [])


def problems(site: Path | None = None) -> list[str]:
    """List every breach, a line each; of the site in a folder too, if one is given."""
    found = [str(breach) for breach in catalog.check()]
    # what the package says is what other parts go by; without it they would only stumble
    parts = _texts if any(line.startswith(PACKAGE) for line in found) else _all
    found += [line for part in parts() for line in _said(part)]
    if site:
        found += _said(partial(_site, site))
    return list(dict.fromkeys(found))


def _said(part: Callable[[], Iterable[str]]) -> list[str]:
    """Return what a part of the check finds; a file that it can't read is a breach too."""
    try:
        return list(part())
    except ValueError as error:
        if not type(error).__module__.startswith("briefs."):
            raise  # a fault of ours
        return str(error).splitlines()


def _texts() -> list[Callable[[], Iterable[str]]]:
    """List the parts of the check that need no table."""
    return [
        *(_reading(feeds.load), _reading(partial(living.statement, ""))),
        *(_reading(claims.load_claims), _reading(editions.load), contact.problems),
    ]


def _all() -> list[Callable[[], Iterable[str]]]:
    """List all parts of the check but that of the tables."""
    return [
        *(*_texts(), _reading(forecasts.load), _reading(lambda: memory.load(catalog.data_root()))),
        *(publishable.problems, vintages.breaches, rules.mixed),
        *(_notebooks, translations.all_problems, glossary.problems),
    ]


def _reading(read: Callable[[], object]) -> Callable[[], Iterable[str]]:
    """Make a part of the check of what only reads, and raises for a breach."""

    def part() -> Iterable[str]:
        read()
        return ()

    return part


def _notebooks() -> Iterator[str]:
    for report in reports():
        yield from notebooks.problems(project().notebook(report), report)


def _site(site: Path) -> Iterator[str]:
    """Broken links, and editions that changed after they were published."""
    from briefs.desk import edition, forecasts as projections
    from briefs.site import links

    if not (site / "index.html").is_file():
        yield f"{site}: there is no site in this folder"
        return
    yield from (f"broken link: {link}" for link in links.broken(site))
    for place in staging.places(site):
        for name in freshness.altered(site / place):
            yield f"{place}/{name}: isn't as it was built; build it again"
    yield from editions.breaches(site)
    yield from projections.problems(site)
    yield from edition.unlogged(site)
