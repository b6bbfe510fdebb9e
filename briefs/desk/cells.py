"""The notebooks' parameters cells, written from the models (``make cells``): types, defaults, meanings, ranges."""

from collections.abc import Callable

import nbformat

from briefs.display import parameter_text
from briefs.engine import notebooks
from briefs.parameters import reports
from briefs.project import project

_write: Callable[..., None] = nbformat.write  # it has no types


def main() -> None:
    """Bring every parameters cell up to date, and say which were changed."""
    for report, model in reports().items():
        path = project().notebook(report)
        nb = notebooks.read(path)
        cell = nb.cells[notebooks.parameters_index(nb, path.name)]
        if cell.source != (source := parameter_text.cell(model())):
            cell.source = source
            _write(nb, path)
            print(path.name)


if __name__ == "__main__":
    main()
