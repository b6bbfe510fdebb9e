"""What a brief says in words: its front matter, findings, verdicts and sources.

A finding's sentence is a whole message with named placeholders; every number in it comes
from an estimate, which the record carries along.
"""

import datetime as dt
import html
import math
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from briefs.display import i18n, lab
from briefs.display.forecasts import forecasts as forecasts
from briefs.display.i18n import _, verdict_word as word
from briefs.display.likelihood import confidence, grades
from briefs.display.records import Card, Column, DisplayError, Table, cited, name_sources, plain
from briefs.display.tried import axis_named, plain_estimate, recorded
from briefs.likelihood import LIKELY
from briefs.parameters import Parameters
from briefs.values import Estimate, Reading, Specifications, Verdict

__all__ = ["brief", "cited", "finding", "forecasts", "rule", "sources", "verdict", "word"]
ICONS = {
    "supported": "✔",
    "partly supported": "◐",
    "contradicted": "✘",
    "mixed": "±",
    "unresolved": "?",
    "opinion": "“",
}
#: What a claim says in each language.
_TEXTS = ("name", "statement", "said_by", "outlet", "attribution", "would_change")
_OPTIONAL = ("interest", "horizon")
#: What a list of sources shows of each.
_OF_SOURCES = (
    "source_id publisher title url published accessed license grade best_source note".split()
)


def brief(
    parameters: Parameters,
    title: str,
    subtitle: str,
    evidence_date: dt.date,
    sources: Mapping[str, str],
) -> Card:
    """Open a brief: set the language and the names of sources, and show what it is about.

    Title and subtitle are English and shown translated; the evidence was last collected on
    `evidence_date`; `sources` say how a source line names each id.
    """
    i18n.activate(parameters.language)
    lab.register(lambda judged: verdict(judged).lab_html())
    name_sources({name: i18n.name(label) for name, label in sources.items()})
    values = parameters.model_dump(mode="json")
    record = {
        "kind": "brief",
        "report": parameters.report,
        "title": _(title),
        "subtitle": _(subtitle),
        "language": parameters.language,
        "as_of": values["as_of"],
        "evidence_date": evidence_date.isoformat(),
        "parameters": [
            {"name": name, "value": values[name], "meaning": i18n.message(field.description or "")}
            for name, field in type(parameters).model_fields.items()
        ],
    }
    line = _("What was published by {date}", date=i18n.cell("date", values["as_of"]))
    return Card(
        record, f"<p><strong>{html.escape(record['subtitle'])}</strong> {html.escape(line)}.</p>"
    )


def finding(
    name: str,
    text: str,
    claim: str | None = None,
    headline: bool = False,
    **numbers: Estimate,
) -> Card:
    """State a finding: a sentence ready to show, and the numbers in it by name.

    It may speak to a claim; a headline belongs among the key findings at the top.
    """
    if not text.strip():
        raise DisplayError(f"finding {name!r} has no text")
    record = {
        "kind": "finding",
        "id": name,
        "text": text,
        "headline": headline,
        "claim": claim,
        "numbers": {key: plain_estimate(value) for key, value in numbers.items()},
    }
    return Card(record, f"<p>{html.escape(text)}</p>")


def verdict(judged: Verdict, answer: str = "") -> Card:
    """Show a verdict with its claim, its rule and its reason.

    `answer` is one plain sentence that says what was found; else the reason's first stands for it.
    """
    claim, readings = judged.claim, [_reading(r) for r in judged.readings]
    reason = [i18n.phrase(sentence) for sentence in judged.reason]
    names = ("quantity", "rule", "estimate", "probability")
    main = _reading(judged.headline) if judged.headline else {}
    record = {
        "kind": "verdict",
        "id": claim["id"],
        "verdict": judged.verdict,
        "label": word(judged.verdict),
        "cause": judged.cause,
        "answer": answer or reason[0],
        "reason": " ".join(reason),
        **{name: i18n.localized(claim[name]) for name in _TEXTS},
        "said_on": claim["said_on"],
        **{name: i18n.localized(claim[name]) if claim[name] else None for name in _OPTIONAL},
        "wording": claim["wording"]["kind"],
        "rule_history": [
            change | {"reason": i18n.localized(change["reason"])}
            for change in claim["rule_history"]
        ],
        "confidence": confidence(*grades(judged)) if readings else None,
        "reading": main.get("id"),
        **{name: main.get(name) for name in names},
        "sources": list(claim["source_ids"]),
        "readings": readings,
        "specifications": recorded(judged),
    }
    return Card(record, _lab_html(record, judged))


def _lab_html(record: Mapping[str, Any], judged: Verdict) -> str:
    """Write a verdict for JupyterLab: claim, answer and where it comes from, then its readings."""
    head = f"{ICONS[judged.verdict]} {record['label']}: {record['statement']}"
    table = lab.readings(judged.readings) if judged.readings else ""
    return (
        f"<h4>{html.escape(head)}</h4><p>{html.escape(record['answer'])}</p>{table}"
        f"<p><small>{html.escape(record['attribution'])}</small></p>"
    )


def _reading(reading: Reading) -> dict[str, Any]:
    in_supported, in_partly = reading.probabilities
    numbers = {
        "probability": reading.probability,
        "probability_supported": in_supported,
        "probability_partly": in_partly,
        "power": reading.power,
    }
    return {
        "id": reading.id,
        "quantity": i18n.localized(reading.quantity),
        "outcome": reading.outcome,
        "cause": reading.cause,
        **{name: None if math.isnan(p) else round(p, 6) for name, p in numbers.items()},
        "rule": rule(reading),
        "ranges": {
            name: [end if math.isfinite(end) else None for end in ends]
            for name, ends in (("supported", reading.supported), ("partly", reading.partly))
        },
        "estimate": plain_estimate(reading.estimate),
    }


def specifications(verdicts: Iterable[Verdict]) -> Table | Card:
    """Show what other choices make of each claim that has a grid; ``results.json`` has every combination."""
    rows, held, tested, sources = [], 0, 0, []
    for judged in verdicts:
        if not (tried := judged.specifications) or not tried.tested:
            continue
        sources += judged.claim["source_ids"]
        held, tested = held + tried.holding, tested + tried.tested
        rows.append(_specified(judged, tried))
    if not rows:
        return finding("finding-specifications", _("No claim was judged under other choices here."))
    return Table(
        id="tab-specifications",
        data=pd.DataFrame(rows, columns=["claim", "choices", "holds", "others", "low", "high"]),
        sources=tuple(sources),
        title=_(
            "The verdicts hold in {held} of {tested} combinations of other choices",
            held=i18n.number(held),
            tested=i18n.number(tested),
        ),
        subtitle=_(
            "Each claim judged under every combination of the choices that its grid declares"
        ),
        note=_("The brief's results.json holds every combination with its estimate."),
        columns=(
            Column("claim", _("Claim")),
            Column("choices", _("Choices")),
            Column("holds", _("Verdict holds")),
            Column("others", _("Other verdicts")),
            Column("low", _("Lowest estimate")),
            Column("high", _("Highest estimate")),
        ),
    )


def _specified(judged: Verdict, tried: Specifications) -> dict[str, str]:
    """Row of a claim: its choices, in how many combinations the verdict holds, and what else comes out."""
    counts = tried.rows["verdict"].value_counts()
    others = [f"{word(v)} {i18n.number(n)}" for v, n in counts.items() if v != judged.verdict]
    unit = judged.headline.estimate.unit if judged.headline else ""
    values = sorted(found.value for found in tried.rows["estimate"] if found.unit == unit)
    return {
        "claim": judged.claim["id"],
        "choices": "; ".join(axis_named(axis) for axis in judged.claim["grid"]),
        "holds": _("{k} of {n}", k=i18n.number(tried.holding), n=i18n.number(tried.tested)),
        "others": "; ".join(others) or i18n.UNKNOWN,
        "low": i18n.amount(unit, values[0]),
        "high": i18n.amount(unit, values[-1]),
    }


def rule(reading: Reading) -> str:
    """Say what supports a claim, wholly and in part."""
    supported, partly = (_range(reading, ends) for ends in (reading.supported, reading.partly))
    words = {
        "supported": supported,
        "partly": partly,
        "enough": i18n.percent(LIKELY),
        "too_little": i18n.percent(1 - LIKELY),
    }
    if reading.estimate.bounded:
        return _(
            "Supported if everything between the bounds lies in {supported}, partly if it lies in "
            "{partly}, contradicted if nothing between them does; else unresolved.",
            **words,
        )
    if reading.estimate.level is None and reading.estimate.known:
        return _(
            "Supported if all published figures lie in {supported}, partly if all lie in {partly}, "
            "contradicted if none does; else unresolved.",
            **words,
        )
    if reading.supported == reading.partly:
        return _(
            "Supported if it lies in {supported} with a probability of {enough} or more, contradicted if "
            "with {too_little} or less; else unresolved.",
            **words,
        )
    return _(
        "Supported if it lies in {supported} with a probability of {enough} or more; partly if it does in "
        "{partly}; contradicted if it lies there with {too_little} or less; else unresolved.",
        **words,
    )


def _range(reading: Reading, ends: tuple[float, float]) -> str:
    """Write a range, open or closed, in the unit of the reading."""
    return i18n.span(reading.estimate.unit, [end if math.isfinite(end) else None for end in ends])


def sources(table: pd.DataFrame, checksums: Mapping[str, str]) -> Card:
    """List the sources that the brief rests on (``catalog.sources``) and the tables it read (``catalog.reads``)."""
    rows = [
        {name: plain(value) for name, value in row.items()}
        for row in table[_OF_SOURCES].to_dict("records")
    ]
    for row in rows:
        row |= {name: _(row[name]) for name in ("license", "best_source", "note") if row[name]}
        row["publisher"] = i18n.name(row["publisher"])
    items = "".join(
        f"<li>{html.escape(str(r['publisher']))}: {lab.link(r['url'], str(r['title']))}</li>"
        for r in rows
    )
    return Card(
        {"kind": "sources", "items": rows, "checksums": dict(checksums)}, f"<ol>{items}</ol>"
    )


#: Verdicts that further evidence could settle.
_OPEN = ("unresolved", "partly supported", "mixed")


def left_open(verdicts: Iterable[Verdict]) -> Card:
    """Name the claims that the evidence can't settle, or settles in part."""
    verdicts = list(verdicts)
    names = [i18n.localized(v.claim["name"]) for v in verdicts if v.verdict in _OPEN]
    if not names:
        return finding("finding-open", _("No claim here is left open."))
    text = _(
        "{n} of {total} claims remain open, wholly or in part: {names}.",
        n=i18n.number(len(names)),
        total=i18n.number(len(verdicts)),
        names="; ".join(names),
    )
    return finding("finding-open", text)


def unsettled(verdicts: Iterable[Verdict]) -> Table:
    """List what would change the verdict on each claim, those left open first."""
    verdicts = sorted(verdicts, key=lambda v: v.verdict not in _OPEN)
    rows = [
        {
            "claim": i18n.localized(v.claim["name"]),
            "verdict": word(v.verdict),
            "would_change": i18n.localized(v.claim["would_change"]),
        }
        for v in verdicts
    ]
    return Table(
        id="tab-unsettled",
        data=pd.DataFrame(rows),
        sources=tuple(s for v in verdicts for s in v.claim["source_ids"]),
        title=_("What further evidence would change each verdict"),
        columns=(
            Column("claim", _("Claim")),
            Column("verdict", _("Verdict")),
            Column("would_change", _("What would change it")),
        ),
    )
