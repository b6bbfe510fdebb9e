"""The day of the evidence where notebooks repeat it: in their parameters cells, as default and end of ranges."""

import datetime as dt
import json

from briefs.engine import notebooks
from briefs.files import write_file
from briefs.project import Project


def redate(here: Project, day: dt.date) -> list[str]:
    """Write the day into the notebooks that have another; return their names."""
    changed = []
    for path in sorted(here.notebooks.glob("*.ipynb")):
        text = path.read_text("utf-8")
        nb = notebooks.read(path)
        source = nb.cells[notebooks.parameters_index(nb, path.name)].source
        new = source.replace(notebooks.defaults(source)["as_of"], day.isoformat())
        if new == source:
            continue
        for old_line, new_line in zip(source.splitlines(), new.splitlines(), strict=True):
            # only these lines: what else a notebook's text looks like is its author's
            text = text.replace(_within(old_line), _within(new_line), 1)
        write_file(path, text.encode())
        changed.append(path.name)
    return changed


def _within(line: str) -> str:
    """Write a line as it stands inside a notebook's JSON."""
    return json.dumps(line, ensure_ascii=False)[1:-1]
