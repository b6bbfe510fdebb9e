"""A proposal for those who decide: one offline page, and the text of a pull request."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import ChainableUndefined, FileSystemLoader
from markupsafe import Markup

from briefs.desk.refresh import PROPOSAL, folder
from briefs.evidence.differences import FACTOR
from briefs.evidence.proposals import KINDS, TIERS
from briefs.files import write_file
from briefs.render import html, policy
from briefs.site.pages import TEMPLATES as SITE

PAGE, TEXT = "index.html", "pull-request.md"
#: So many items of a kind are shown on the page; all are in the JSON.
SHOWN = 60
#: So long may the text of a pull request be.
LONGEST = 60_000
_TEMPLATES = Path(__file__).parent / "templates"
_ESCAPED = str.maketrans(
    {mark: f"\\{mark}" for mark in "\\`*_[]#|~"}
    | {"<": "&lt;", ">": "&gt;", "@": "@\u200b"}  # no mention calls anybody
)
HEADINGS = {
    "changed": "Rows of an upstream that changed",
    "disputed": "Curated rows that an upstream disputes",
    "appeared": "Rows that appeared",
    "returned": "Rows that came back",
    "vanished": "Rows that vanished",
    "held": "Held back",
    "unmatched": "Names that we don't know",
    "news": "To be read",
}


def write(found: Mapping[str, Any]) -> Path:
    """Write the proposal as JSON, page and text into the folder of its day; return that folder."""
    target = folder() / found["day"]
    data = f"{json.dumps(found, indent=1, ensure_ascii=False)}\n"
    write_file(target / PROPOSAL, data.encode())
    write_file(target / PAGE, page(found).encode())
    write_file(target / TEXT, text(found).encode())
    return target


def page(found: Mapping[str, Any]) -> str:
    """Write the page: what moves claims and numbers first, then rows, the worst first, then the rest."""
    style = policy.read("brief.css") + (SITE / "site.css").read_text("utf-8") + _style()
    return _template().render(
        found=found,
        impact=found.get("impact"),
        moved=[n for n in (found.get("impact") or {}).get("numbers", ()) if n["moved"]],
        groups=list(groups(found["items"])),
        headings=HEADINGS,
        limits=TIERS,
        factor=FACTOR,
        style=Markup(style),
        policy=policy.policy(style),
    )


def groups(items: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield each kind that has items, with those that are shown and how many are not."""
    items = list(items)
    for kind in KINDS:
        if found := [item for item in items if item["kind"] == kind]:
            yield {"kind": kind, "items": found[:SHOWN], "n": len(found)}


def lines(found: Mapping[str, Any]) -> Iterator[str]:
    """Say it in the terminal, a line for each feed and each item that changes a row."""
    for entry in found["feeds"]:
        yield f"{entry['feed']}: {state(entry)}"
        yield from (
            f"{entry['feed']}: {note['what']}: {note['text']}" for note in entry.get("notes", ())
        )
    for item in found["items"]:
        if item["kind"] not in ("unmatched", "news"):
            yield f"{item['id']}: {said(item)}"
    for group in groups(found["items"]):
        if group["kind"] in ("unmatched", "news"):
            yield f"{group['n']} {group['kind']}: see the page"


def state(entry: Mapping[str, Any]) -> str:
    """Say what became of looking at one upstream."""
    if entry["state"] in ("failed", "gap"):
        return f"{entry['fault']}: {entry['text']}"
    if entry["state"] == "equal":
        return f"{entry['version']} is what was dealt with before"
    counts = ", ".join(f"{n} {name}" for name, n in entry["counts"].items())
    return f"{entry['version']}: {counts}"


def said(item: Mapping[str, Any]) -> str:
    """Say what an item proposes."""
    values = ", ".join(
        f"{name} {item['old'].get(name, '')} → {value}".replace("  ", " ")
        if item["old"]
        else f"{name} {value}"
        for name, value in item["new"].items()
    )
    parts = [f"{item['thing']} {item['when']}".strip(), values, item["reason"]]
    parts += [f"needs a reviewer: {'; '.join(item['needs'])}"] if item["needs"] else []
    parts += [f"{', '.join(item['also'])} says so too"] if item["also"] else []
    return "; ".join(filter(None, parts))


def text(found: Mapping[str, Any]) -> str:
    """Write the text of a pull request; what doesn't fit stands on the page."""
    whole = "\n".join(_markdown(found))
    if len(whole) <= LONGEST:
        return whole + "\n"
    cut = whole[:LONGEST].rpartition("\n")[0]
    return f"{cut}\n\nMore than fits here: see the page and `{PROPOSAL}`.\n"


def _markdown(found: Mapping[str, Any]) -> Iterator[str]:
    yield f"Proposed on {found['day']}. Nothing in `data/` has changed but the day of the look."
    if impact := found.get("impact"):
        yield from ("", "## Claims and numbers", "")
        yield from (f"- **{f['claim']}**: {f['was']} → {f['becomes']}" for f in impact["flips"])
        moved = [n for n in impact["numbers"] if n["moved"]]
        yield f"- {len(impact['flips'])} verdicts flip; {len(moved)} of {len(impact['numbers'])} numbers move"
        yield from ("", "| report | number | old | new | half-widths |", "|---|---|---|---|---|")
        for n in moved:
            cells = (
                n["report"],
                n["number"],
                figure(n["old"]),
                figure(n["new"]),
                figure(n["half_widths"]),
            )
            yield f"| {' | '.join(cells)} |"
    yield from ("", "## Upstreams", "")
    yield from (f"- {entry['feed']}: {_plain(state(entry))}" for entry in found["feeds"])
    for group in groups(found["items"]):
        yield from ("", f"## {HEADINGS[group['kind']]} ({group['n']})", "")
        yield from (
            f"- `{item['id'].replace('`', '')}` {_plain(said(item))}" for item in group["items"]
        )


def _plain(words: str) -> str:
    """Keep what an upstream says from being read as Markdown or HTML."""
    return " ".join(words.translate(_ESCAPED).split())


def figure(value: Any) -> str:
    """Write a number with four digits."""
    return "–" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)


@lru_cache
def _style() -> str:
    return (_TEMPLATES / "proposal.css").read_text("utf-8")


@lru_cache
def _template() -> Any:
    # what a proposal lacks is shown as nothing
    environment = html.templates().overlay(
        loader=FileSystemLoader(_TEMPLATES), undefined=ChainableUndefined
    )
    environment.filters = {**environment.filters, "figure": figure, "state": state, "said": said}
    return environment.get_template("proposal.html.j2")
