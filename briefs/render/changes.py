"""What an edition changed, and how its brief is kept up to date, in words.

Nothing of it comes from the notebook: the differences were worked out from the numbers when the
edition was frozen (`vintages.changes`), the promise stands in ``living.yml``.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.evidence import catalog, living, vintages
from briefs.evidence.schema import SOURCES
from briefs.render import address, editions, wording
from briefs.render.blocks import Changes, Frame, Record

#: Folder of the site with what each edition changed, as data.
FOLDER = "data/editions"
#: A row of the table that names no reading says so much of its finding.
_LONGEST = 110
#: So many numbers are shown, those that moved most.
_MOST = 12
#: What moved less, in half-widths, is written as under it.
_LEAST = 0.01


def made(
    around: Frame,
    brief: Record,
    records: Sequence[Record],
    tables: Collection[str],
    place: str | None,
) -> Changes | None:
    """Say what an edition changed of a brief, on its own pages; None of the first, and of one not frozen.

    `records` are those of the page, `tables` the names of those that it read.
    """
    found = vintages.changes(around.edition_id)
    before = editions.named(found.get("before") or "")
    if before is None or not (_is_current(around) or _is_older(around)):
        return None
    claims = {r["id"]: r.get("name") or r["id"] for r in records if r["kind"] == "verdict"}
    rows = (row for row in found["numbers"] if row["report"] == brief["report"])
    moved = list(_rows(rows, records))
    folder = f"{FOLDER}/{around.edition_id}"
    return Changes(
        before=wording.edition_name(before),
        verdicts=[_turned(row, claims) for row in found["verdicts"] if row["claim"] in claims],
        columns=[_("Published number"), _("Before"), _("Now"), _("In half-widths")],
        rows=moved[:_MOST],
        notes=[*_others(len(moved)), *_notes(found, tables)],
        file=address.relative(place, folder, vintages.CHANGES) if place else "",
    )


def _is_current(around: Frame) -> bool:
    """Whether the page shows the newest edition as it was published."""
    return around.notice is None


def _is_older(around: Frame) -> bool:
    return around.notice is not None and around.notice.kind == "older"


def _turned(row: Mapping[str, Any], claims: Mapping[str, str]) -> str:
    was, becomes = (
        i18n.verdict_word(row[k]) if row[k] else i18n.UNKNOWN for k in ("was", "becomes")
    )
    return _("{claim}: {was}, now {becomes}", claim=claims[row["claim"]], was=was, becomes=becomes)


def _others(count: int) -> Iterator[str]:
    if count > _MOST:
        yield _("{n} other numbers moved less.", n=i18n.number(count - _MOST))


def _rows(rows: Iterable[Mapping[str, Any]], records: Sequence[Record]) -> Iterator[list[str]]:
    """Write the numbers that moved, each thing once: some stand in two findings of a page."""
    names, seen = _names(records), set()
    for row in rows:
        name = names.get(row["number"], row["number"].replace("_", " "))
        cells = [name, _interval(row, "old"), _interval(row, "new"), _moved(row["half_widths"])]
        if tuple(cells) not in seen:
            seen.add(tuple(cells))
            yield cells


def _names(records: Sequence[Record]) -> dict[str, str]:
    """Name each number of a page: by the reading that it is the estimate of, else by its finding."""
    readings = {
        _same(reading["estimate"]): reading["quantity"]
        for record in records
        if record["kind"] == "verdict"
        for reading in record.get("readings") or ()
        if reading.get("estimate")
    }
    return {
        name: readings.get(_same(number)) or _shortened(finding["text"])
        for finding in records
        if finding["kind"] == "finding"
        for name, number in (finding.get("numbers") or {}).items()
    }


def _same(number: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(number.get(part) for part in ("value", "low", "high", "unit"))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST].rpartition(" ")[0] + " …"


def _interval(row: Mapping[str, Any], side: str) -> str:
    value, low, high = (row[name] for name in (side, f"{side}_low", f"{side}_high"))
    if value is None:
        return i18n.UNKNOWN
    ends = (value, low, high) if None not in (low, high) and low != high else (value,)
    value, *span = (_amount(row["unit"], end) for end in ends)
    if not span:
        return value
    return _("{value} ({low} to {high})", value=value, low=span[0], high=span[1])


def _amount(unit: str, value: float) -> str:
    """Write a value in its unit; a count has no decimals."""
    whole = unit == "1" and float(value).is_integer()
    return i18n.number(value) if whole else i18n.amount(unit, value)


def _moved(half_widths: float | None) -> str:
    if half_widths is None:
        return i18n.UNKNOWN
    if abs(half_widths) < _LEAST:
        return _("under {p}", p=i18n.number(_LEAST, 2))
    return i18n.signed(half_widths, i18n.significant)


def _notes(found: Mapping[str, Any], tables: Collection[str]) -> Iterator[str]:
    """Say of which of the `tables` rows were taken in and given up, and whether the code is another."""
    parts = [
        _(
            "{table}: {added} taken in, {withdrawn} given up",
            table=i18n.name(catalog.describe(row["table"])["title"]),
            added=i18n.number(row["added"]),
            withdrawn=i18n.number(row["withdrawn"]),
        )
        for row in found["tables"]
        if row["table"] in tables and row["table"] != SOURCES
    ]
    if parts:
        yield _("Rows of evidence: {tables}.", tables="; ".join(parts))
    if found["code"]:
        yield _("The code behind the numbers changed as well.")


def lines(changes: Changes) -> list[str]:
    """Write it line by line, for programs that show no table."""
    moved = [f"{name}: {old} → {new}" for name, old, new, _size in changes.rows]
    return [*changes.verdicts, *moved, *changes.notes]


def promise(around: Frame, brief: Record, tables: Collection[str]) -> list[tuple[str, str]]:
    """Say how often is looked, why an edition is made, when that ends, and when was looked last.

    Older editions, and pages of other dates or parameters, aren't kept up to date and promise nothing.
    """
    found = living.statement(brief["report"]) if _is_current(around) else None
    if found is None:
        return []
    return [
        (_("How often we look"), i18n.localized(found.looks.model_dump())),
        (_("What leads to an edition"), i18n.localized(found.triggers.model_dump())),
        (_("Last look"), _looked(tables)),
        (_("When it ends"), i18n.localized(found.stops.model_dump())),
    ]


def _looked(tables: Collection[str]) -> str:
    days = living.looks(tables)
    last = max(filter(None, days.values()), default=None)
    if last is None:
        return _("None has been recorded yet.")
    at = _(
        "{date}, at {k} of {n} upstreams",
        date=i18n.day(last),
        k=i18n.number(sum(day == last for day in days.values())),
        n=i18n.number(len(days)),
    )
    if taken := living.taken(tables, last):
        return _("{look}; rows taken in: {n}.", look=at, n=i18n.number(taken))
    return _("{look}; nothing that came could be taken in.", look=at)


def searched(around: Frame, brief: Record, tables: Collection[str]) -> str:
    """Return the day of the last search for evidence: when rows came, or of a later look at which none did."""
    look = living.last_look(tables) if _is_current(around) else None
    return max(str(brief.get("evidence_date") or ""), look.isoformat() if look else "")
