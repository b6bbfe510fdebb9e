"""Holding evidence, claims, notebooks, translations and a built site to their contracts."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from briefs.desk import publishable, rules, translations
from briefs.engine import notebooks
from briefs.evidence import catalog, claims, feeds, forecasts, living, memory, vintages
from briefs.parameters import reports
from briefs.project import PlanError, project


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
    from briefs.render import glossary
    from briefs.site import contact

    found = list(_evidence())
    try:
        for report in reports():
            found += notebooks.problems(project().notebook(report), report)
        found += translations.all_problems()
        found += [*contact.problems(), *glossary.problems()]
        found += _site(site) if site else ()
    except PlanError as error:
        found.append(str(error))
    return found


def _evidence() -> Iterator[str]:
    yield from map(str, catalog.check())
    yield from publishable.problems()
    try:
        feeds.load()
        living.statement("")
        memory.load(catalog.data_root())
        yield from vintages.breaches()
    except ValueError as error:  # evidence that can't be read is said above
        yield from () if isinstance(error, catalog.EvidenceError) else str(error).splitlines()
    yield from rules.mixed()
    try:
        forecasts.load()
    except catalog.EvidenceError as error:
        yield from str(error).splitlines()
    try:
        claims.load_claims()
    except (catalog.EvidenceError, claims.ClaimError) as error:
        yield from str(error).splitlines()


def _site(site: Path) -> Iterator[str]:
    """Broken links, and editions that changed after they were published."""
    from briefs.desk import edition, forecasts as projections
    from briefs.render import editions
    from briefs.site import links

    if not (site / "index.html").is_file():
        yield f"{site}: there is no site in this folder"
        return
    yield from (f"broken link: {link}" for link in links.broken(site))
    yield from editions.breaches(site)
    yield from projections.problems(site)
    yield from edition.unlogged(site)
