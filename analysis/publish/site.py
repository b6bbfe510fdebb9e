"""The site around the briefs: what is published, every verdict at a glance, the build report.

Everything on it comes from the ``results.json`` of what stands published, so a report that
failed today is listed with its former version. Links are relative: the folder works from
``file://`` and below any address.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from analysis.display.i18n import _
from analysis.params import REPORTS
from analysis.publish import document, exporters, wording
from analysis.publish.plan import Result
from analysis.publish.runner import published
from analysis.publish.staging import write_file

BUILD = "build.json"


class SiteError(ValueError):
    """Something published can't be read."""


def publish(out: Path, outcomes: Iterable[Result]) -> None:
    """Write the index pages and the build report of the site at `out`.

    Parameters
    ----------
    out : Path
        Folder of the site.
    outcomes : iterable of Result
        What this build did; reports that it didn't touch keep their entry.
    """
    outcomes = list(outcomes)
    write_file(out / BUILD, _json({"reports": build_entries(out, outcomes)}))
    languages = sorted({path.parents[1].name for path in out.glob("*/*/results.json")})
    for language in languages:
        write_file(out / language / "index.html", index_page(out, language, "").encode())
    if languages:
        first = "en" if "en" in languages else languages[0]
        write_file(out / "index.html", index_page(out, first, f"{first}/").encode())


def build_entries(out: Path, outcomes: Iterable[Result]) -> list[dict[str, Any]]:
    """Entries of ``build.json``: this build's, and the former ones of reports not in it."""
    entries = {(e["language"], e["report"]): e for e in _read(out / BUILD).get("reports", ())}
    entries |= {(o.language, o.report): o.to_json() for o in outcomes}
    return [entries[key] for key in sorted(entries, key=lambda key: (key[0], _rank(key[1])))]


def index_page(out: Path, language: str, prefix: str) -> str:
    """Write the page that lists the briefs in `language`; `prefix` leads from it to their folders."""
    reports = sorted((path.parent.name for path in (out / language).glob("*/results.json")), key=_rank)
    with document.speaking(language):
        briefs = [_brief(out, language, report, prefix) for report in reports]
        verdicts = [verdict for brief in briefs for verdict in brief["verdicts"]]
        return exporters.templates().get_template("index.html.j2").render(
            language=language, labels=_labels(), briefs=briefs, verdicts=verdicts)


def _brief(out: Path, language: str, report: str, prefix: str) -> dict[str, Any]:
    """One published brief as the index shows it."""
    place = f"{language}/{report}"
    results = _read(out / place / "results.json")
    links = {what: prefix + path.removeprefix(f"{language}/")
             for what, path in published(out, place).items() if isinstance(path, str)}
    findings = results.get("findings", ())
    finding = next((f["text"] for f in findings if f.get("headline")), findings[0]["text"] if findings else "")
    return {
        "title": results.get("title", report), "finding": finding, "as_of": wording.date(results.get("as_of")),
        "links": links,
        # the overview's claims have their evidence on the briefs' own pages
        "verdicts": [_verdict(claim, links.get("html")) for claim in results.get("claims", ())
                     if not claim.get("page")],
    }


def _verdict(claim: dict[str, Any], page: str | None) -> dict[str, Any]:
    line = wording.telling(claim)
    return {"id": claim["id"], "verdict": claim["verdict"], "label": wording.verdict_word(claim["verdict"]),
            "statement": claim.get("statement") or claim["id"], "href": page and f"{page}#{claim['id']}",
            "summary": line["quantity"] or "", "estimate": wording.estimate(line["estimate"])}


def _labels() -> dict[str, str]:
    return {
        **wording.labels(), "title": _("Evidence briefs on the AI cost revolution"), "briefs": _("Briefs"),
        "lead": _("What was claimed, what the evidence says, and how sure one can be."), "data": _("Data"),
        "html": _("Read the brief"), "pdf": _("PDF"), "results": _("Results (JSON)"), "notebook": _("Notebook"),
        "as_of": _("As of {date}"), "empty": _("Nothing has been published yet."),
    }


def _rank(report: str) -> tuple[int, str]:
    """Order of the reports: as in `REPORTS`, unknown ones last."""
    known = list(REPORTS)
    return (known.index(report) if report in known else len(known), report)


def _read(path: Path) -> dict[str, Any]:
    """Read published JSON; nothing there is an empty mapping."""
    try:
        return json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SiteError(f"{path} is damaged ({error}); delete it and build again") from None


def _json(data: Any) -> bytes:
    return (json.dumps(data, indent=2, ensure_ascii=False) + "\n").encode()
