"""What changed between any two dates: for a claim in a sentence or three, for all in a table."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from briefs.display.i18n import _
from briefs.render import metadata, wording
from briefs.site.reports import Brief, Reports

if TYPE_CHECKING:
    from briefs.site.claims import Judged

#: What a claim came to, as a page shows it: verdict, its cause, value and interval.
Cell = tuple[str, str, str, str]


@dataclass(frozen=True)
class Board:
    """What each of the `claims` came to as of each of the `dates`, the earliest first; None before it was judged."""

    claims: tuple["Judged", ...]
    dates: tuple[str, ...]
    cells: dict[str, list[Cell | None]]

    @property
    def ends(self) -> list[tuple["Judged", Cell | None, Cell | None, bool]]:
        """Each claim, what it came to as of the first date and the last, and whether these are alike."""
        first, last = self.cells[self.dates[0]], self.cells[self.dates[-1]]
        return [
            (claim, then, now, (then and then[::2]) == (now and now[::2]))
            for claim, then, now in zip(self.claims, first, last, strict=True)
        ]

    @property
    def json(self) -> str:
        return metadata.inline_json(self.cells)


def board(reports: Reports, claims: Collection["Judged"]) -> Board:
    """Gather what the claims of a language came to as of each date that any of them was judged as of."""
    told = [
        {brief.as_of: _cell(result) for brief, result in reports.history(row.brief, row.claim.id)}
        for row in claims
    ]
    dates = tuple(sorted({date for cells in told for date in cells}))
    return Board(
        tuple(claims), dates, {date: [cells.get(date) for cells in told] for date in dates}
    )


def _cell(result: dict[str, Any]) -> Cell:
    found = wording.estimate(result.get("estimate"))
    value, interval = (found.value, found.interval) if found else ("", "")
    return result["verdict"], wording.cause(result), value, interval


def changes(history: Sequence[tuple[Brief, dict[str, Any]]]) -> str:
    """Return as JSON what changed between each two dates of a claim, under ``<earlier> <later>``."""
    said = {
        f"{a.as_of} {b.as_of}": " ".join(_changes(then, now))
        for (a, then), (b, now) in combinations(history, 2)
    }
    return metadata.inline_json(said)


def _changes(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    yield _verdicts(then, now)
    if then.get("reading") != now.get("reading"):
        yield _(
            "Another reading speaks for the claim, so the two estimates are of different things."
        )
        return
    yield from _estimates(then.get("estimate") or {}, now.get("estimate") or {})


def _verdicts(then: dict[str, Any], now: dict[str, Any]) -> str:
    was, became = (_judged(claim) for claim in (then, now))
    if was == became:
        return _("The verdict is the same on both dates: {verdict}.", verdict=was)
    return _("The verdict went from “{was}” to “{became}”.", was=was, became=became)


def _judged(claim: dict[str, Any]) -> str:
    word, cause = wording.verdict_word(claim["verdict"]), wording.cause(claim)
    return _("{verdict}, {cause}", verdict=word, cause=cause) if cause else word


def _estimates(then: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    before, after = wording.estimate(then), wording.estimate(now)
    if not after:
        yield (
            _("By the later date there was no estimate.")
            if before
            else _("There was no estimate on either date.")
        )
        return
    if not before:
        yield _(
            "By the earlier date there was no estimate; by the later it was {after}.",
            after=after.value,
        )
        return
    words = {"before": before.value, "after": after.value}
    if before.value == after.value:
        yield _("The estimate is the same: {after}.", **words)
    elif None in (then.get("low"), then.get("high")):
        yield _("The estimate moved from {before} to {after}.", **words)
    elif then["low"] <= now["value"] <= then["high"]:
        yield _(
            "The estimate moved from {before} to {after}, within its earlier interval.", **words
        )
    else:
        yield _(
            "The estimate moved from {before} to {after}, outside its earlier interval.", **words
        )
    if before.n and after.n and before.n != after.n:
        yield _(
            "It rests on {after} observations instead of {before}.", before=before.n, after=after.n
        )
