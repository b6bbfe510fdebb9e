"""`briefs edition`: a new edition is opened, built and frozen, and what it changed is worked out from the numbers.

It comes in this order: an entry in the log and a set for each report (`open_`); a build; then
`freeze` stores what the edition was made of, the difference from the one before, its
projections and the hashes of its results. After that a second build only renders. Until somebody has
read it, `reopen` lets all that be done again.
"""

import datetime as dt
import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from briefs.desk import forecasts as projections, impact
from briefs.engine.provenance import snapshot
from briefs.evidence import catalog, forecasts, holdings, transaction, vintages
from briefs.evidence.feeds import FeedError
from briefs.evidence.vintages import Vintage
from briefs.files import write_file
from briefs.project import EDITION, MATRIX, project
from briefs.render import editions
from briefs.render.editions import FILE, Edition

_LANGUAGE = "en"
_SET = re.compile(r'(?m)^(\s*)- \{name: "(\d{4}-\d{2})", edition: true, as_of: [\d-]+\}\n')


def open_(name: str, sentence: Mapping[str, str], day: dt.date) -> list[str]:
    """Add an edition to the log and to the sets of each report; return the names of the files.

    `sentence` says in each language, for a person who reads, what it changes; the numbers are added
    when it is frozen.
    """
    if not EDITION.fullmatch(name):
        raise FeedError(f"{name!r} is no edition; write its month, as in 2026-12")
    if name <= (last := editions.current()).id:
        raise FeedError(f"{name} isn't after {last.id}, the newest edition")
    if not last.frozen:
        raise FeedError(f"{last.id} isn't frozen yet: build it, then `briefs edition {last.id}`")
    sentence = {language: sentence.get(language, "").strip() for language in project().languages}
    if lacking := [language for language, words in sentence.items() if not words]:
        raise FeedError(f"say in one sentence what changed: --{' and --'.join(lacking)}")
    here = project()
    log, matrix = here.data / FILE, here.notebooks / MATRIX
    texts = {
        log: _with_entry(log.read_text("utf-8"), name, sentence, day),
        matrix: _with_sets(matrix.read_text("utf-8"), name, last.id, catalog.evidence_date()),
    }
    for path, text in texts.items():
        write_file(path, text.encode())
    return [path.name for path in texts]


def _with_entry(text: str, name: str, sentence: Mapping[str, str], day: dt.date) -> str:
    """Put an entry above the newest one of the log, below what the file says of itself."""
    entry = {
        "id": name,
        "published": day.isoformat(),
        "updated": day.isoformat(),
        "changes": {language: " ".join(words.split()) for language, words in sentence.items()},
        "corrections": [],
        "reviewed": {},
        "frozen": {},
    }
    block = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=100)
    head, mark, rest = text.partition("\n- id:")
    return f"{head}\n{block}{mark}{rest}"


def _with_sets(text: str, name: str, before: str, as_of: dt.date) -> str:
    """Put a set above that of the edition before, in each report's."""

    def doubled(match: re.Match[str]) -> str:
        if match[2] != before:
            return match[0]
        return f'{match[1]}- {{name: "{name}", edition: true, as_of: {as_of}}}\n{match[0]}'

    found, count = _SET.sub(doubled, text), len(_SET.findall(text))
    if not count or found == text:
        raise FeedError(f"{MATRIX} has no set of edition {before} in a line of its own")
    return found


def reopen(name: str) -> list[str]:
    """Thaw an edition and those after it, which nobody has read yet; return their names, oldest first.

    What was frozen of them is dropped, to be made anew. A `FeedError` if one has a correction: that was read.
    """
    if editions.named(name) is None:
        raise FeedError(f"there is no edition {name} in {FILE}")
    found = sorted((e for e in editions.load() if e.id >= name), key=lambda e: e.id)
    if read := [e.id for e in found if e.corrections]:
        raise FeedError(f"{read[0]} was published and corrected; log another correction instead")
    root = catalog.data_root()
    text = (root / FILE).read_text("utf-8")
    for edition in found:
        frozen = _entry(edition.id) + r"\n(?:    [^\n]*\n)+"
        text = re.sub(frozen, r"\1 {}\n", text)
    write_file(root / FILE, text.encode())  # first: what isn't frozen needs none of the others
    for edition in found:
        shutil.rmtree(root / vintages.FOLDER / edition.id, ignore_errors=True)
        (root / forecasts.FOLDER / f"{edition.id}.csv").unlink(missing_ok=True)
    return [edition.id for edition in found]


# -- freezing ------------------------------------------------------------------------------------


def freeze(name: str, site: Path) -> dict[str, Any]:
    """Store what an edition was made of and what it changed; return that.

    A `FeedError` if it isn't built in full, was frozen before, or its evidence isn't that of its day.
    """
    edition = editions.named(name)
    if edition is None:
        raise FeedError(f"there is no edition {name} in {FILE}")
    if edition.frozen:
        raise FeedError(f"{name} is frozen; what was wrong with it is logged as a correction")
    built, results = editions.built(site, edition), _results(site, edition)
    _check_whole(built, edition)
    root = catalog.data_root()
    before = next((v for v in reversed(vintages.load(root)) if v.edition < name), None)
    vintage = Vintage(
        edition=name,
        day=edition.published,
        code=snapshot(project(), git=False).code,
        tables=vintages.hashes(holdings.dated(root), edition.published),
        numbers={report: found["numbers"] for report, found in results.items()},
        verdicts=_verdicts(results),
    )
    changes = changed(before, vintage, root)
    log = _with_hashes((root / FILE).read_text("utf-8"), name, built)
    transaction.write(root, {**vintages.files(vintage, changes), FILE: log.encode()})
    projections.accept(site)
    return changes


def _results(site: Path, edition: Edition) -> impact.Results:
    found = sorted((site / _LANGUAGE).glob(f"*/{edition.id}/results.json"))
    return {path.parents[1].name: json.loads(path.read_bytes()) for path in found}


def _check_whole(built: Mapping[str, str], edition: Edition) -> None:
    from briefs.desk import request

    jobs = request.read(None, names=[edition.id]).jobs()
    wanted = {f"{job.parameters.language}/{job.report}" for job in jobs}
    if lacking := sorted(wanted - built.keys()):
        raise FeedError(f"{edition.id} isn't built in full: {', '.join(lacking)} is missing")


def _verdicts(results: impact.Results) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for claim, (report, verdict) in impact.verdicts(results).items():
        found.setdefault(report, {})[claim] = verdict
    return found


def _with_hashes(text: str, name: str, built: Mapping[str, str]) -> str:
    """Put the hashes of an edition's pages into the log, leaving all else as it is written."""
    hashes = "".join(f'    {place}: "{digest}"\n' for place, digest in sorted(built.items()))
    found, count = re.subn(rf"{_entry(name)} \{{\}}\n", rf"\1\n{hashes}", text, count=1)
    if count != 1:
        raise FeedError(f"{FILE}: the entry of {name} has no line 'frozen: {{}}'")
    return found


def _entry(name: str) -> str:
    """Pattern of an edition's entry in the log, up to the word before its hashes."""
    return rf"""(?s)(\n- id: ['"]?{name}['"]?\n.*?\n  frozen:)"""


# -- what changed --------------------------------------------------------------------------------


def changed(before: Vintage | None, now: Vintage, root: Path) -> dict[str, Any]:
    """Work out what an edition changed: verdicts, numbers with their difference in half-widths, rows."""
    found: dict[str, Any] = {"edition": now.edition, "day": now.day.isoformat()}
    if before is None:
        return {**found, "before": None, "verdicts": [], "numbers": [], "tables": []}
    return {
        **found,
        "before": before.edition,
        "day_before": before.day.isoformat(),
        "verdicts": list(_turned(before, now)),
        "numbers": sorted(_moved(before, now), key=_most),
        "tables": vintages.moves(root, before.day, now.day),
        "code": before.code != now.code,
    }


def _turned(before: Vintage, now: Vintage) -> Iterator[dict[str, Any]]:
    was = {claim: v for verdicts in before.verdicts.values() for claim, v in verdicts.items()}
    for report, verdicts in now.verdicts.items():
        for claim, verdict in verdicts.items():
            if was.get(claim) != verdict:
                yield {"claim": claim, "report": report, "was": was.get(claim), "becomes": verdict}


def _moved(before: Vintage, now: Vintage) -> Iterator[dict[str, Any]]:
    """Yield the numbers of each report that moved, came or went."""
    for report in sorted(before.numbers.keys() | now.numbers.keys()):
        was, become = before.numbers.get(report, {}), now.numbers.get(report, {})
        for name in [*was, *(name for name in become if name not in was)]:
            old, new = was.get(name), become.get(name)
            row = impact.moved(old or {}, old, new)
            if row["moved"]:
                del row["calendar"], row["moved"]
                yield {
                    "report": report,
                    "number": name,
                    **row,
                    "unit": (new or old or {}).get("unit"),
                }


def _most(row: Mapping[str, Any]) -> tuple[float, str, str]:
    return -abs(row["half_widths"] or 0), row["report"], row["number"]


def unlogged(site: Path) -> Iterator[str]:
    """Say, a line each, which published numbers moved since the newest frozen edition without an entry."""
    frozen = vintages.load()
    if not frozen or editions.current().id > frozen[-1].edition:
        return  # the entry of the next edition is there, and freezing it works out what moved
    for report, numbers in frozen[-1].numbers.items():
        path = site / _LANGUAGE / report / "results.json"
        now = json.loads(path.read_bytes())["numbers"] if path.is_file() else numbers
        for name in sorted(numbers.keys() | now.keys()):
            row = impact.moved(numbers.get(name) or {}, None, now.get(name))
            if row["moved"]:
                was, become = (
                    f"{row[k]:.4g}" if row[k] is not None else "none" for k in ("old", "new")
                )
                yield (
                    f"{report}: {name} is {become}, and edition {frozen[-1].edition} has {was}: "
                    "make a new edition, or undo the change"
                )
