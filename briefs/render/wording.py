"""What the page itself says around the records: labels, and records put into sentences."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from typing import Any

from babel.dates import format_date

from briefs.display import estimates, i18n
from briefs.display.forecasts import FIT
from briefs.display.i18n import _, in_language as in_language, verdict_word as verdict_word
from briefs.project import project
from briefs.render.claim_blocks import Count, EstimateText
from briefs.render.editions import Edition
from briefs.values import LANGUAGES, UNIT_FORMATS

LICENSE_URL = "https://creativecommons.org/licenses/by/4.0/"


def date(text: str | None) -> str:
    """Write an ISO date, whole or partial: ``2025``, ``2025-01``, ``2025-01-28``."""
    text = str(text or "")
    if len(text) == 10:
        return i18n.day(dt.date.fromisoformat(text))
    return i18n.month(dt.date.fromisoformat(text + "-01")) if len(text) == 7 else text


def estimate(record: dict[str, Any] | None) -> EstimateText | None:
    """Put an estimate of ``results.json`` into words; nothing where there is none."""
    if not record or record.get("value") is None:
        return None
    count = i18n.number(record["n"]) if record.get("n") else ""
    return EstimateText(
        estimates.value(record), estimates.interval(record), count, record.get("method", "")
    )


def tick(unit: str, value: float) -> str:
    """Write a value on the axis, without needless decimals."""
    kind = UNIT_FORMATS.get(unit, "number")
    if kind in ("usd", "myr"):
        amount = i18n.round_money(abs(value), kind.upper()) if value else "0"
        return f"\u2212{amount}" if value < 0 else amount
    if kind == "percent":
        return i18n.exact(round(value * 100, 6)) + "%"
    if kind == "factor":
        return i18n.exact(value) + "×"
    return i18n.cell(kind, value) if kind in ("flop", "year") else i18n.exact(value)


def counted(tally: Sequence[Count]) -> str:
    """Say how many claims came out how: ``5 supported, 1 contradicted, of 6 claims``."""
    if not tally:
        return ""
    parts = [f"{i18n.number(part.count)} {part.label.lower()}" for part in tally]
    total = i18n.number(sum(part.count for part in tally))
    if total == "1":
        return _("The only claim: {verdict}.", verdict=tally[0].label.lower())
    return _("Of {total} claims: {parts}.", total=total, parts=i18n.words(parts))


def cause(found: dict[str, Any]) -> str:
    """Say why a claim or a reading is open; empty where it isn't."""
    return i18n.message(found["cause"]) if found.get("cause") else ""


def probabilities(reading: dict[str, Any]) -> str:
    """Write the probabilities that a reading is supported, and that it is at least in part."""
    if reading.get("probability_supported") is None:
        return ""
    full, any_ = (i18n.probability(reading[f"probability_{p}"]) for p in ("supported", "partly"))
    return full if full == any_ else _("{full}; in part {any}", full=full, any=any_)


def tried(scores: Sequence[dict[str, Any]]) -> str:
    """Say on what past dates forecasts were tried."""
    if not scores:
        return _("Too little came by this date to try a forecast on it.")
    if all(row["part"] == FIT for row in scores):
        return _(
            "How often the range held what came, of forecasts made as of past dates, with 90% intervals. "
            "No date was held out."
        )
    return _(
        "How often the range held what came, of forecasts made as of past dates that were held out, "
        "with 90% intervals."
    )


def first_verdict(changes: Iterable[dict[str, Any]]) -> str:
    """Say what the first rule made of a claim, given the changes of its rule."""
    changed = [change for change in changes if change.get("verdict")]
    if not changed:
        return ""
    word, day = verdict_word(changed[0]["verdict"]), date(changed[0]["date"])
    return _("{verdict} (until {date})", verdict=word, date=day)


def robustness(record: dict[str, Any]) -> str:
    """Say in how many combinations of other choices a verdict holds, and which choices those are."""
    tried = record.get("specifications")
    if not tried or not tried["tested"]:
        return ""
    return _(
        "The verdict holds in {k} of {n} combinations of other choices ({axes}).",
        k=i18n.number(tried["holding"]),
        n=i18n.number(tried["tested"]),
        axes=i18n.words([_inside(axis["name"]) for axis in tried["axes"]]),
    )


def _inside(name: str) -> str:
    """Write a name as it stands inside a sentence; a proper name in capitals stays as it is."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def said(record: dict[str, Any]) -> str:
    """Say who made a claim, when and where, and whether these are the words."""
    parts = [record.get("said_by"), date(record.get("said_on")), record.get("outlet")]
    kind = record.get("wording") or ""
    kind = {"quote": _("Quotation"), "paraphrase": _("Paraphrase")}.get(kind, kind)
    return " · ".join(filter(None, (", ".join(filter(None, parts)), kind)))


def accessed(day: str | None) -> str:
    """Say when a source was read, given as an ISO date; nothing where that isn't known."""
    return _("accessed {date}", date=date(day)) if day else ""


def rule_changes(record: dict[str, Any]) -> str:
    """Say when and why the rule of a claim was changed."""
    return " ".join(
        f"{date(change['date'])}: {change['reason']} {results_seen(change['results_seen'])}"
        for change in record.get("rule_history", ())
    )


def results_seen(seen: bool) -> str:
    """Say of a change of a rule whether results had been seen by then."""
    if seen:
        return _("Results had been seen by then.")
    return _("No result had been seen by then.")


def dateline(brief: dict[str, Any], edition: Edition) -> list[str]:
    """Say which edition this is, when it was published and changed, and where its data end."""
    days = (edition.published.isoformat(), edition.updated.isoformat(), brief["as_of"])
    published, updated, cutoff = map(date, days)
    return [
        _("Edition of {month}", month=edition_name(edition)),
        *(
            [_("Published and updated {date}", date=published)]
            if published == updated
            else [_("Published {date}", date=published), _("Updated {date}", date=updated)]
        ),
        _("Data up to {date}", date=cutoff),
    ]


def edition_name(edition: Edition) -> str:
    """Name an edition by its month: ``November 2026``."""
    return format_date(
        dt.date.fromisoformat(f"{edition.id}-01"), "MMMM y", locale=i18n.LOCALES[i18n.language()]
    )


def review(language: str, edition: Edition) -> str:
    """Say who signed a translation off; nothing of the language that the briefs are written in."""
    if language not in LANGUAGES or language == "en":
        return ""
    if signed := edition.reviewed.get(language):
        return _(
            "Translation reviewed by {name}, {date}.",
            name=signed.name,
            date=date(signed.date.isoformat()),
        )
    return _(
        "This translation was made with the help of a machine and has not been reviewed by a fluent reader."
    )


def citation(brief: dict[str, Any], edition: str, permalink: str) -> str:
    """Write the line by which others cite the brief."""
    return _(
        "“{title}”. {site}, edition of {month}, data up to {date}. {url}",
        site=_(project().title),
        title=brief["title"],
        month=edition,
        date=date(brief["as_of"]),
        url=permalink,
    )


def licence() -> str:
    """Say under which terms the brief may be used again."""
    return _("Free to reuse with credit; source data keep the licences of their publishers.")


def origin(found: dict[str, Any]) -> list[tuple[str, str]]:
    """Say from what code and tools a page was made: names and values; empty if unknown."""
    commit = found.get("commit")
    if commit and found.get("dirty"):
        commit = _("{commit}, with changes that were not committed", commit=commit)
    versions = found.get("versions", {}).items()
    rows = [
        (_("Commit"), commit),
        (_("Built from sources of"), found.get("built")),
        (_("SHA-256 of the code"), found.get("package_sha256")),
        (_("SHA-256 of the list of packages"), found.get("lock_sha256")),
        (_("Versions"), ", ".join(f"{name} {version}" for name, version in versions if version)),
    ]
    return [(name, value) for name, value in rows if value]


def parameter_text(value: Any) -> str:
    """Write a parameter's value as the command line takes it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def size(text: str) -> str:
    """Write the size of a download: ``1.2 kB``."""
    count = len(text.encode())
    if count < 1000:
        return _("{size} bytes", size=i18n.number(count))
    return _("{size} kB", size=i18n.number(count / 1000, 1))


def download(number: int, kind: str, text: str) -> str:
    """Write the words of a download link, which name the figure and the size."""
    if kind == "figure":
        return _("Download the data for Figure {n} (CSV, {size})", n=number, size=size(text))
    return _("Download the data for Table {n} (CSV, {size})", n=number, size=size(text))


def file_download(name: str, text: str) -> str:
    """Write the words of the link to a further file of a table."""
    if name.endswith(".ics"):
        return _("Download as a calendar (ICS, {size})", size=size(text))
    return _("Download {name} ({size})", name=name, size=size(text))


def numbered(kind: str, number: int) -> str:
    """Write the number of a figure or table: ``Figure 1``."""
    return _("Figure {n}", n=number) if kind == "figure" else _("Table {n}", n=number)
