"""The notebooks as all systems get them, and as Ploomber and marimo need them.

Nobody runs the cells to explore from, as this project's builds don't. Ploomber injects
variables of its own, which our check of parameters refuses, so the parameters are named one by
one. marimo takes its values from the command line instead of an injected cell, and shows by its
own protocol instead of IPython's: the same drawings, headings and tables.
"""

import json
import subprocess
from pathlib import Path

from briefs.engine.notebooks import defaults
from briefs.render.cells import EXPLORE


def stripped(stored: Path, folder: Path) -> Path:
    """Write the notebook into `folder` without the cells to explore from."""
    notebook = json.loads(stored.read_text("utf-8"))
    cells = notebook["cells"]
    notebook["cells"] = [c for c in cells if EXPLORE not in c["metadata"].get("tags", ())]
    return _write(notebook, folder / stored.name)


def named(stored: Path, folder: Path) -> Path:
    """Write the notebook into `folder`, its parameters named where it reads all of them."""
    notebook = json.loads(stored.read_text("utf-8"))
    names = ", ".join(f"{name}={name}" for name in _values(notebook))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = "".join(cell["source"]).replace("globals()", f"dict({names})")
    return _write(notebook, folder / stored.name)


def convert(adapted: Path, folder: Path, marimo: Path) -> Path:
    """Write what `named` wrote as ``<report>.py`` into `folder`, by the command `marimo`."""
    notebook = json.loads(adapted.read_text("utf-8"))
    lines = ["import adapted", "given = adapted.start()"]
    lines += [
        f"{name} = given.get({name!r}, {value!r})" for name, value in _values(notebook).items()
    ]
    _parameters(notebook)["source"] = "\n".join(lines)
    copy, written = _write(notebook, folder / adapted.name), folder / f"{adapted.stem}.py"
    subprocess.run([marimo, "convert", copy, "-o", written], check=True, capture_output=True)
    return written


def _parameters(notebook: dict) -> dict:
    return next(
        cell for cell in notebook["cells"] if "parameters" in cell["metadata"].get("tags", ())
    )


def _values(notebook: dict) -> dict[str, object]:
    return defaults("".join(_parameters(notebook)["source"]))


def _write(notebook: dict, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), "utf-8")
    return path


def start() -> dict[str, object]:
    """Teach what the notebooks show to show itself in marimo; return the given parameters."""
    import marimo

    from analysis import overview_cards
    from briefs.display import records

    def shown(self) -> tuple[str, str]:
        record = self.record()
        records.cite(record.get("sources", ()))
        return "text/html", self.lab_html()

    def drawn(self) -> tuple[str, str]:
        records.cite(self.sources)
        self.record()
        return (
            "text/html",
            f'<figure id="{self.id}">{self.wide or self.svg}</figure>{self.lab_html()}',
        )

    def listed(self) -> tuple[str, str]:
        for record in self.records():
            records.cite(record["sources"])
        return "text/html", self.lab_html()

    records.Shown._mime_, records.Figure._mime_, overview_cards.Scoreboard._mime_ = (
        shown,
        drawn,
        listed,
    )
    return marimo.cli_args().to_dict()
