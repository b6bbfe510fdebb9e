"""The day of the evidence where notebooks repeat it: the default of ``as_of`` in their parameters cells."""

import datetime as dt
import json
import re

from briefs.engine import notebooks
from briefs.files import write_file
from briefs.project import Project

_AS_OF = re.compile(r'(?m)^(as_of\s*(?::[^=]+)?=\s*)"\d{4}-\d{2}-\d{2}"')


def redate(here: Project, day: dt.date) -> list[str]:
    """Write the day into the notebooks that have another; return their names."""
    changed = []
    for path in sorted(here.notebooks.glob("*.ipynb")):
        text = path.read_text("utf-8")
        nb = notebooks.read(path)
        source = nb.cells[notebooks.parameters_index(nb, path.name)].source
        new = _AS_OF.sub(rf'\g<1>"{day}"', source)
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
