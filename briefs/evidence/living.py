"""How each brief is kept alive: ``living.yml`` beside the tables says how often, why and until when.

After Cochrane's living reviews: the rhythm of looking, what leads to an update and when that ends
are fixed beforehand, and a reader sees when it was last looked though nothing came.
"""

import datetime as dt
from collections.abc import Container
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from briefs import yaml_nodes
from briefs.evidence import feeds, memory
from briefs.evidence.feeds import FeedError
from briefs.evidence.model import Strict, Text
from briefs.project import data_folder

FILE = "living.yml"


class Statement(Strict):
    """What is promised of one brief."""

    report: str
    looks: Text
    triggers: Text
    stops: Text


def statement(report: str, root: Path | None = None) -> Statement | None:
    """Return what is promised of a brief; None where nothing is."""
    path = (root or data_folder()) / FILE
    found = _load(path, path.stat().st_mtime_ns) if path.is_file() else ()
    return next((one for one in found if one.report == report), None)


@lru_cache(maxsize=8)
def _load(path: Path, modified: int) -> tuple[Statement, ...]:
    try:
        entries = yaml_nodes.values(yaml_nodes.compose(path.read_text("utf-8"), FILE))
        return tuple(Statement.model_validate(entry) for entry in entries or ())
    except (yaml_nodes.YamlError, ValidationError) as error:
        raise FeedError(f"{FILE}: {error}") from None


def looks(tables: Container[str], root: Path | None = None) -> dict[str, dt.date | None]:
    """Return the day on which each upstream of these tables was last looked at; None of one that never was."""
    folder = root or data_folder()
    lock = memory.load(folder).lock
    found = (f.id for f in feeds.load(folder) if f.table in tables and f.role != "gap")
    days = {name: lock.get(name, {}).get("looked") for name in found}
    return {name: dt.date.fromisoformat(day) if day else None for name, day in days.items()}


def last_look(tables: Container[str], root: Path | None = None) -> dt.date | None:
    """Return the day on which the upstreams of any of these tables were last looked at."""
    return max(filter(None, looks(tables, root).values()), default=None)


def taken(tables: Container[str], day: dt.date, root: Path | None = None) -> int:
    """Count the rows of these tables that were taken in from upstreams on a day."""
    decisions = memory.load(root or data_folder()).decisions
    return sum(d.day == day.isoformat() and bool(d.added) and d.table in tables for d in decisions)
