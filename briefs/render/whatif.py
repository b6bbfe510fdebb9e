"""Choices that a reader can try on a page, made from the records of grids and of verdicts.

Whatever a combination comes to is computed and put into words before: the page only looks it up.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import product, zip_longest
from string import Formatter
from typing import Any, NamedTuple

from markupsafe import Markup

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.display.records import cells
from briefs.render import claims_chart, metadata, wording
from briefs.render.blocks import Document, Grounds, Record
from briefs.render.choices import Axis, Lane, Outcome, WhatIf
from briefs.render.claims_chart import Ends, Scale
from briefs.values import VERDICTS

#: Steps of a scale.
STEPS = 1000


class Row(NamedTuple):
    """What came of a combination: its choices, its lane, the ends and middle to draw, its words."""

    choices: tuple[Any, ...]
    lane: str
    span: tuple[float | None, float | None, float | None]
    texts: tuple[str, ...]


def causes(record: Record) -> list[str]:
    """List why each combination of a verdict's record is open, if it is."""
    tried = record.get("specifications") or {}
    return [row.get("cause", "") for row in tried.get("rows", ())]


def of_claim(record: Record, why: Sequence[str]) -> WhatIf | None:
    """Make the choices of a claim, given its verdict's record, or what ``results.json`` has of it.

    `why` are the `causes` of the record; of an outline of before they were kept there are none. None
    where no other choices were tried, or only one combination could be judged; results of before
    choices had names have none to try.
    """
    tried = record.get("specifications") or {}
    if len(tried.get("rows", ())) < 2 or "choices" not in tried["axes"][0]:
        return None
    readings = {reading["id"]: reading for reading in record["readings"]}
    main = readings[record["reading"]]
    axes = [axis["id"] for axis in tried["axes"]]
    rows = [
        _claim_row(row, cause, axes, readings, main["id"])
        for row, cause in zip_longest(tried["rows"], why)
    ]
    counts = Counter(row.lane for row in rows)
    lanes = [v for v in VERDICTS if v in counts]
    counted = {
        v: _("{k} of {n}", k=i18n.number(counts[v]), n=i18n.number(len(rows))) for v in lanes
    }
    names = {v: (v, wording.verdict_word(v), counted[v]) for v in lanes}
    return _whatif(
        id=f"{record['id']}:choices",
        title=_("What if other choices had been made?"),
        hint=_(
            "The first choice of each list is the one published. Beside each verdict stands in how many of all "
            "combinations it comes out. Estimates of other choices are rougher: not each digit of them counts."
        ),
        axes=[_axis(axis, axis["choices"], 0) for axis in tried["axes"]],
        sentence=_("{quantity}: {value}. {why}"),
        slots=("quantity", "value", "why"),
        none=_("With these choices there is no estimate."),
        rows=rows,
        lanes=names,
        ranges=main.get("ranges") or {},
        unit=main["estimate"]["unit"],
    )


def _claim_row(
    row: Record, cause: str | None, axes: Iterable[str], readings: dict[str, Record], main: str
) -> Row:
    """Put a combination into words; one of another reading than the main one has no place on its scale."""
    estimate, spoken = row["estimate"], row["reading"]
    found = wording.estimate(estimate)
    assert found  # a combination without an estimate isn't listed
    words = _("{value} ({ends})", value=found.value, ends=found.interval)
    ends = (estimate["low"], estimate["value"], estimate["high"])
    return Row(
        tuple(row["choices"][axis] for axis in axes),
        row["verdict"],
        ends if spoken == main else (None, None, None),
        (
            readings[spoken]["quantity"],
            words if found.interval else found.value,
            _("Why unresolved: {cause}.", cause=i18n.message(cause)) if cause else "",
        ),
    )


def of_grid(record: Record, csv: str, download: str) -> WhatIf:
    """Make the choices of a grid's record; `csv` has its rows, `download` the words of the link to them."""
    names = [column["name"] for column in record["columns"]]
    written = cells(record)
    at, (low, value, high) = {name: names.index(name) for name in names}, record["span"]
    slots = tuple(dict.fromkeys(s for _t, s, _f, _c in Formatter().parse(record["sentence"]) if s))
    rows = [
        Row(
            tuple(row[at[axis["id"]]] for axis in record["axes"]),
            words[at[record["lane"]]],
            (row[at[low]], row[at[value]], row[at[high]]),
            tuple(texts[slot] for slot in slots),
        )
        for row, words, texts in zip(record["rows"], written, record["texts"], strict=True)
    ]
    axes = [
        _grid_axis(axis, record["columns"][at[axis["id"]]], record["chosen"])
        for axis in record["axes"]
    ]
    return _whatif(
        id=record["id"],
        title=record["title"],
        hint=record["subtitle"],
        axes=axes,
        sentence=record["sentence"],
        slots=slots,
        none=record["none"],
        rows=rows,
        lanes={row.lane: ("", row.lane, "") for row in rows},
        ranges={},
        unit=record["unit"],
        csv=csv,
        download=download,
    )


def _grid_axis(axis: Record, column: Record, chosen: Record) -> Axis:
    options = axis["options"]
    choices = [{"id": value, "name": i18n.cell(column["kind"], value)} for value in options]
    own = options.index(chosen[axis["id"]])
    return _axis({"id": axis["id"], "name": column["label"]}, choices, own)


def _axis(axis: Record, choices: Sequence[Record], own: int) -> Axis:
    options = [(_address(choice["id"]), choice["name"]) for choice in choices]
    return Axis(axis["id"], axis["name"], options, own)


def _address(value: Any) -> str:
    """Write a choice as the page's address has it."""
    return f"{value:g}" if isinstance(value, int | float) else str(value)


def _whatif(
    *,
    axes: list[Axis],
    sentence: str,
    slots: tuple[str, ...],
    rows: list[Row],
    lanes: dict[str, tuple[str, str, str]],
    ranges: dict[str, Ends],
    unit: str,
    **texts: str,
) -> WhatIf:
    """Place rows on a scale and number them; `lanes` are by what rows call them."""
    ends = [end for row in rows for end in row.span] + [e for r in ranges.values() for e in r]
    scale = Scale.of(ends)
    names = list(lanes)
    outcomes = {
        tuple(map(_address, row.choices)): Outcome(
            names.index(row.lane), _span(row.span, scale), row.texts
        )
        for row in rows
    }
    return WhatIf(
        axes=axes,
        parts=_parts(sentence, slots),
        own=outcomes.get(tuple(axis.options[axis.own][0] for axis in axes)),
        lanes=[
            Lane(*lanes[name], _places(o for o in outcomes.values() if names[o.lane] == name))
            for name in names
        ],
        partly=claims_chart.places(ranges.get("partly"), scale),
        supported=claims_chart.places(ranges.get("supported"), scale),
        scale=claims_chart.title(unit, scale),
        ticks=claims_chart.ticks(scale, unit),
        data=_data(axes, outcomes),
        **texts,
    )


def _span(ends: Sequence[float | None], scale: Scale) -> tuple[int, int, int] | None:
    """Place an estimate; an end that there isn't is the value itself."""
    low, value, high = ends
    if value is None:
        return None
    known = (value if low is None else low, value, value if high is None else high)
    at = [round(STEPS * scale.place(end)) for end in known]
    return at[0], at[1], at[2]


def _places(outcomes: Iterable[Outcome]) -> list[int]:
    return sorted({outcome.span[1] for outcome in outcomes if outcome.span})


def _parts(sentence: str, slots: Sequence[str]) -> list[str | int]:
    """Cut a sentence at its placeholders, which become numbers."""
    parts: list[str | int] = []
    for text, slot, _format, _conversion in Formatter().parse(sentence):
        parts += [text] if text else []
        parts += [slots.index(slot)] if slot else []
    return parts


def _data(axes: Sequence[Axis], outcomes: dict[tuple[str, ...], Outcome]) -> dict[str, Any]:
    """List what comes of each combination, the last choice changing first, by numbers of what differs.

    ``rows`` has the place in ``found`` of each combination's outcome, -1 without one; an outcome is its
    lane, its span or null, and the places of its texts in ``words``.
    """
    words: dict[str, int] = {}
    found: dict[Outcome, int] = {}
    rows = []
    for choices in product(*([value for value, _name in axis.options] for axis in axes)):
        outcome = outcomes.get(choices)
        rows.append(-1 if outcome is None else found.setdefault(outcome, len(found)))
    listed = [
        [o.lane, o.span, [words.setdefault(text, len(words)) for text in o.texts]] for o in found
    ]
    return {"rows": rows, "found": listed, "words": list(words)}


def of_page(document: Document) -> list[WhatIf]:
    """List what a reader can try on a page."""
    blocks = [*document.blocks, *document.sources_intro]
    grounds = [block.verdict.whatif for block in blocks if isinstance(block, Grounds)]
    return [found for found in (*grounds, *blocks) if isinstance(found, WhatIf)]


def inline(found: Iterable[WhatIf]) -> Markup:
    """Write the combinations of all of them for the page's script, by their ids."""
    return metadata.inline_json({whatif.id: whatif.data for whatif in found})
