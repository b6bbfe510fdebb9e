"""What proposed rows would do to the published numbers: the notebooks run on both states of the evidence.

Three passes keep apart what moves a number: the code (what an edition published against the same
evidence now), the calendar (the same evidence, judged on the new day), and the rows.
"""

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from briefs.evidence import holdings, vintages
from briefs.evidence.feeds import FeedError
from briefs.project import DATA_VARIABLE, TOOL

#: Digits that numbers must agree in; beyond them processors differ.
DIGITS = 9
_LANGUAGE = "en"

Results = dict[str, dict[str, Any]]


def run(
    data: Path,
    scratch: Path,
    adopt: Callable[[Path], None],
    tables: Iterable[str],
    day: dt.date,
) -> dict[str, Any]:
    """Return what moves: of every published number old, new and difference, of every verdict both.

    `adopt` puts the proposed rows into the copy of the evidence that it's given; reports that read
    none of the changed `tables` are run again only if the day has changed.
    """
    before = results(data, scratch / "before")
    changed = set(tables)
    affected = [name for name, found in before.items() if changed & read_by(found)]
    dated = _copy(data, scratch / "dated-data")
    moves = _set_day(dated, day)
    calendar = results(dated, scratch / "dated", affected) if moves and affected else before
    new = _copy(dated, scratch / "new-data")
    adopt(new)
    after = results(new, scratch / "after", affected) if affected else {}
    return {
        "day": day.isoformat(),
        "reports": affected,
        "tables": sorted(changed),
        "numbers": numbers(before, {**before, **calendar}, {**before, **after}),
        "flips": list(flips({**before, **calendar}, after, changed)),
        "flips_of_the_calendar": list(flips(before, calendar, set())) if moves else [],
        "code": by_code(data, before),
    }


def results(data: Path, out: Path, reports: Iterable[str] = ()) -> Results:
    """Build reports on the evidence in a folder; return their results."""
    words = [sys.executable, "-P", "-m", "briefs", "build", *reports, "--set", "default"]
    words += ["--language", _LANGUAGE, "--formats", "html", "--out", str(out.resolve())]
    # this very package, whatever folder stands first on the path
    paths = filter(None, (str(TOOL.parent), os.environ.get("PYTHONPATH")))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths), DATA_VARIABLE: str(data.resolve())}
    done = subprocess.run(words, capture_output=True, text=True, env=env)
    if done.returncode:
        faults = [line for line in done.stderr.splitlines() if "failed" in line or "error" in line]
        raise FeedError("the notebooks don't run on this evidence:\n" + "\n".join(faults[:10]))
    found = sorted((out / _LANGUAGE).glob("*/results.json"))
    return {path.parent.name: json.loads(path.read_bytes()) for path in found}


def read_by(found: Mapping[str, Any]) -> set[str]:
    """Return the tables that a report says it read."""
    return set(found["provenance"]["evidence"])


def numbers(before: Results, calendar: Results, after: Results) -> list[dict[str, Any]]:
    """List every published number once, those that moved most of their old half-width first."""
    rows = []
    for report, found in before.items():
        for name, old in found["numbers"].items():
            dated = calendar[report]["numbers"].get(name)
            new = after[report]["numbers"].get(name)
            rows.append({"report": report, "number": name, **moved(old, dated, new)})
    return sorted(rows, key=_most)


def _most(row: Mapping[str, Any]) -> tuple[bool, float]:
    moved = row["half_widths"] if row["half_widths"] is not None else row["difference"]
    return not row["moved"], -abs(moved or 0)


def moved(
    old: Mapping[str, Any], dated: Mapping[str, Any] | None, new: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Compare a number before, on the new day alone, and with the new rows."""
    was, then, now = (n.get("value") if n else None for n in (old, dated, new))
    difference = None if was is None or now is None else now - was
    half = None
    if None not in (old.get("low"), old.get("high")):
        half = (old["high"] - old["low"]) / 2
    return {
        "unit": old.get("unit"),
        "old": was,
        "old_low": old.get("low"),
        "old_high": old.get("high"),
        "calendar": then,
        "new": now,
        "new_low": (new or {}).get("low"),
        "new_high": (new or {}).get("high"),
        "difference": difference,
        "half_widths": difference / half if difference is not None and half else None,
        "moved": any(
            digits(old.get(name)) != digits((new or {}).get(name))
            for name in ("value", "low", "high")
        ),
    }


def digits(value: Any) -> Any:
    """Return a number as far as it is the same on all machines."""
    return f"{value:.{DIGITS}g}" if isinstance(value, float) else value


def verdicts(found: Results) -> dict[str, tuple[str, str]]:
    """Return each claim's report and verdict, from the report that judges it."""
    judged = {}
    for report, result in found.items():
        for claim in result["claims"]:
            if not claim.get("page"):
                judged[claim["id"]] = (report, claim["verdict"])
    return judged


def flips(before: Results, after: Results, changed: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the claims whose verdict would be another, with the changed tables behind it."""
    was = verdicts(before)
    for claim, (report, verdict) in verdicts(after).items():
        if was.get(claim, ("", verdict))[1] != verdict:
            tables = sorted(changed & read_by(after[report]))
            about = {"claim": claim, "report": report, "was": was[claim][1], "becomes": verdict}
            yield {**about, "tables": tables}


def by_code(data: Path, now: Results) -> list[dict[str, Any]]:
    """List the numbers that differ from the last edition's on what was known then: the code moved them."""
    if not (editions := vintages.load(data)):
        return []
    tables = list(holdings.dated(data))
    then, today = (vintages.hashes(tables, day) for day in (editions[-1].day, dt.date.max))
    if then != today:
        return []  # other rows as well: nothing can be said of the code alone
    found = []
    for report, kept in editions[-1].numbers.items():
        for name, old in kept.items():
            new = now.get(report, {}).get("numbers", {}).get(name)
            if (row := moved(old, new, new))["moved"]:
                found.append({"report": report, "number": name, **row})
    return found


def _copy(data: Path, target: Path) -> Path:
    shutil.copytree(data, target, ignore=shutil.ignore_patterns(".*"))
    return target


def _set_day(data: Path, day: dt.date) -> bool:
    """Let the evidence in a folder have been collected on a day; say whether that moved it."""
    path = data / "datapackage.json"
    package = json.loads(path.read_bytes())
    before = package["created"][:10]
    package["created"] = max(before, day.isoformat()) + package["created"][10:]
    path.write_text(json.dumps(package, indent=2, ensure_ascii=False) + "\n", "utf-8")
    return package["created"][:10] != before
