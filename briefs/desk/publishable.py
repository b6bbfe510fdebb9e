"""What would stop a build, or make it say something wrong, found without running a notebook."""

import ast
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

from briefs.evidence import catalog, claims, feeds, forecasts
from briefs.evidence.rows import PACKAGE, Breach, EvidenceError, read_package, read_table
from briefs.evidence.schema import RECORDED, SOURCES, Package, Resource
from briefs.project import project
from briefs.site.evidence import licence_fault

#: Column of the day on which a source was read.
_ACCESSED = "accessed"
_NUMBER = re.compile(r"\d|\{[^{}]+\}")


def problems() -> Iterator[str]:
    """List tables that may not be published, loose ends of the evidence, and figures without words for them."""
    yield from _of_evidence()
    yield from _of_figures(project().root / project().package)


def _of_evidence() -> Iterator[str]:
    try:
        root = catalog.data_root()
        package = read_package(root)
    except EvidenceError:  # said by `catalog.check`
        return
    yield from _undescribed(root, package)
    yield from _of_claims(root)
    for resource in package.resources:
        about = catalog.describe(resource.name, root=root)
        faults = [f"has no {key}" for key in ("title", "description") if not about.get(key)]
        faults += filter(None, [licence_fault(about.get("licenses") or ())])
        yield from (f"{PACKAGE}: table {resource.name} {fault}" for fault in faults)
        yield from _unlinked(resource)
        yield from map(str, _of_the_future(root, resource, package.created))


def _of_claims(root: Path) -> Iterator[str]:
    """Sources of an attribution that no list of sources has."""
    try:
        known = set(catalog.sources(root=root)["source_id"])
        found = claims.load_claims(root / "claims.yml")
    except (EvidenceError, claims.ClaimError):  # said elsewhere
        return
    for claim in found.values():
        for name in claim.source_ids:
            if name not in known:
                yield f"claims.yml: claim {claim.id}, field source_ids: {name!r} is not in {SOURCES}"


def _undescribed(root: Path, package: Package) -> Iterator[str]:
    """Tables in the folder that the package doesn't know: no page shows them and nothing holds them."""
    known = {resource.path for resource in package.resources}
    for path in sorted(root.rglob("*.csv")):
        name = path.relative_to(root).as_posix()
        own = name.split("/")[0] in (feeds.FOLDER, forecasts.FOLDER) or name.startswith(".")
        if name not in known and not own:
            yield f"{name}: is in no resource of {PACKAGE}; describe it there, or take it away"


def _unlinked(resource: Resource) -> Iterator[str]:
    linked = {column for key in resource.table.foreign_keys for column in key.fields}
    for name in resource.table.names if resource.name != SOURCES else ():
        if name.endswith("source_id") and name not in linked:
            yield (
                f"{PACKAGE}: table {resource.name}: column {name} has no foreignKeys entry to {SOURCES}, "
                "so a source that isn't there would pass"
            )


def _of_the_future(root: Path, resource: Resource, created: dt.date) -> Iterator[Breach]:
    """Rows that say to have been taken in or read after the evidence was collected."""
    table = read_table(root, resource)
    day = created.isoformat()
    for column in (RECORDED, _ACCESSED):
        for line, text in table.raw[column].items() if column in table.raw else ():
            if text > day:  # a month of the same year counts from its beginning
                rule = f"is later than the evidence was collected, {day} ({PACKAGE}, created)"
                yield Breach(resource.path, line, column, text, rule)


def _of_figures(package: Path) -> Iterator[str]:
    """Alternative texts of figures in which no number can stand."""
    for path in sorted(package.rglob("*.py")):
        try:
            tree = ast.parse(path.read_text("utf-8"))
        except (SyntaxError, UnicodeDecodeError) as error:
            yield f"{path.name}: is not plain Python: {error}"
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "alt":
                text = _text(node.value)
                if text and not _NUMBER.search(text):
                    where = f"{path.relative_to(package.parent).as_posix()}, line {node.lineno}"
                    yield f"{where}: alt {text!r} says no number of what the figure shows"


def _text(node: ast.expr) -> str:
    """Return the text that stands in the code, plain or marked for translation; empty if none does."""
    if isinstance(node, ast.Call) and node.args:
        node = node.args[0]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""
