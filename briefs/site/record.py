"""The record of a language: how forecasts held, and verdicts as of earlier dates, for readers and machines."""

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from briefs.display import forecasts, i18n
from briefs.display.i18n import _
from briefs.display.records import plain
from briefs.evidence import track
from briefs.evidence.forecasts import load
from briefs.render import wording
from briefs.render.frame import RECORD as FOLDER
from briefs.site import claims, pages, record_tables as tables
from briefs.site.moments import moments
from briefs.site.pages import File
from briefs.site.reports import Brief, Reports

JSON, CSV = "record.json", "verdicts.csv"

Forecasts = list[tuple[Brief, dict[str, Any]]]


def files(reports: Reports, language: str) -> Iterator[File]:
    """Write the page of the record and its data as JSON and CSV."""
    place, rows = f"{language}/{FOLDER}", moments(reports, language)
    found = [
        (brief, record)
        for brief in reports.front(language)
        for record in brief.results.get("forecasts", ())
    ]
    then = rows[~rows["now"].astype(bool)]
    sections = [_section(brief, record, number) for number, (brief, record) in enumerate(found, 1)]
    page = pages.of(
        reports,
        place,
        _("How verdicts and forecasts held"),
        _(
            "Coverage of forecasts tried on past dates, the worst misses, and verdicts of earlier dates "
            "against those now."
        ),
        scripts=("scroll.js", "hover.js"),
    )
    yield pages.render(
        "record.html.j2",
        page,
        sentence=_sentence(found, then),
        sections=sections,
        stored=tables.stored(load()),
        verdicts=_verdicts(rows, then) if len(then) else None,
        judged=claims.judged(reports, language),
        files={"json": JSON, "csv": CSV},
    )
    yield File(f"{place}/{JSON}", _machines(found, rows, then))
    columns = rows.drop(columns="now")
    yield File(f"{place}/{CSV}", columns.to_csv(index=False, lineterminator="\r\n").encode())


def _sentence(found: Forecasts, then: pd.DataFrame) -> str:
    """Say in one plain sentence, or two, what the record comes to."""
    said = []
    top = [
        row["coverage"]
        for _brief, record in found
        for row in forecasts.held_out(record["scores"])
        if round(row["nominal"], 6) == max(forecasts.SHOWN)
    ]
    if top:
        said.append(
            _(
                "Tried on past dates, ranges meant to hold {level} of what came held {share} of it.",
                level=i18n.percent(max(forecasts.SHOWN)),
                share=forecasts.span(top),
            )
        )
    if len(then):
        same = int((then["verdict"] == then["verdict_now"]).sum())
        said.append(
            _(
                "Of {n} verdicts as of earlier dates, {k} are still the verdict now.",
                n=i18n.number(len(then)),
                k=i18n.number(same),
            )
        )
    return " ".join(said) or _("Nothing that was said earlier can be held against what came yet.")


def _section(brief: Brief, record: dict[str, Any], number: int) -> dict[str, Any]:
    """Gather what the page shows of one record of forecasts."""
    chart, held = None, forecasts.held_out(record["scores"])
    if held:
        # late: matplotlib takes a while, and a page without forecasts needs none
        from briefs.site import calibration

        chart = calibration.draw(f"calibration-{number}", held)
    return {
        "id": f"forecasts-{number}",
        "brief": brief,
        "record": record,
        "chart": chart,
        "note": wording.tried(record["scores"]),
        "tables": tables.of_forecasts(record, f"forecasts-{number}"),
    }


def _verdicts(rows: pd.DataFrame, then: pd.DataFrame) -> dict[str, Any]:
    scored = {event: track.borne_out(then, event) for event in track.EVENTS}
    return {
        "counts": track.against_now(then),
        "claims": then["claim"].nunique(),
        "changes": track.changes(rows).to_dict("records"),
        "steps": len(then),
        "dates": tables.dates(track.by_date(then)),
        "reliability": tables.reliability(
            {event: track.reliability(own) for event, own in scored.items()}
        ),
        "brier": tables.brier(scored),
    }


def _machines(found: Forecasts, rows: pd.DataFrame, then: pd.DataFrame) -> bytes:
    scored = {event: track.borne_out(then, event) for event in track.EVENTS}
    content = {
        "forecasts": [{"report": brief.report, **record} for brief, record in found],
        "stored": _plain(load()),
        "verdicts": {
            "against_now": {name: _share(s) for name, s in track.against_now(then).items()},
            "changes": _plain(track.changes(rows)),
            "brier": {event: _share(track.brier(own)) for event, own in scored.items()},
            "reliability": {event: _plain(track.reliability(own)) for event, own in scored.items()},
            "moments": _plain(rows),
        },
    }
    return f"{json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)}\n".encode()


def _share(found: track.Share) -> dict[str, Any]:
    return {name: plain(value) for name, value in vars(found).items()}


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    rows = frame.astype(object).to_dict("records")
    return [{str(name): plain(value) for name, value in row.items()} for row in rows]
