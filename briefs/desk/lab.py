"""JupyterLab on the notebooks; in another language, on a working copy of the notebooks with their prose translated.

The stored notebooks stay English, and stay as they are: what is changed in the copy doesn't
reach them.
"""

import subprocess
import sys
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

import nbformat

from briefs.display import i18n, parameter_text
from briefs.engine import notebooks
from briefs.parameters import parse, reports
from briefs.project import project
from briefs.render import markdown

_write: Callable[..., None] = nbformat.write  # it has no types


def translate(notebook: nbformat.NotebookNode, report: str, language: str) -> nbformat.NotebookNode:
    """Put a notebook's prose into `language`, in place, and make that the language of what it shows."""
    parameters = notebook.cells[notebooks.parameters_index(notebook, report)]
    with i18n.in_language(language):
        parameters.source = parameter_text.cell(parse(report, {"language": language}))
        for cell in notebook.cells:
            if cell.cell_type == "markdown":
                title, rest = markdown.split_title(cell.source)
                head = f"# {i18n._(title)}\n" if title else ""
                cell.source = head + markdown.translated(rest) if rest else head.rstrip()
    return notebook


def working_copy(language: str, folder: Path) -> Path:
    """Write all notebooks, translated, into `folder`, and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    for report in reports():
        path = project().notebook(report)
        _write(translate(notebooks.read(path), report, language), folder / path.name)
    return folder


def command(folder: Path, arguments: Sequence[str] = ()) -> list[str]:
    """Return the command that opens JupyterLab on a folder.

    In a project its root is served, so that what jobs make goes below the folder of what is built. Where
    jupyter-scheduler is installed its jobs make our reports.
    """
    here, settings = project(), []
    root, made = (here.root, here.reports) if folder == here.notebooks else (folder, folder)
    if find_spec("jupyter_scheduler"):
        jobs = "briefs.desk.jobs"
        settings = [
            f"--SchedulerApp.scheduler_class={jobs}.Scheduler",
            f"--SchedulerApp.environment_manager_class={jobs}.Environments",
            f"--BaseScheduler.output_directory={made.relative_to(root) / 'jobs'}",
        ]
    places = [f"--ServerApp.root_dir={root}", f"--FileContentsManager.preferred_dir={folder}"]
    return [sys.executable, "-m", "jupyter", "lab", *places, *settings, *arguments]


def start(folder: Path, arguments: Sequence[str] = ()) -> int:
    """Open JupyterLab on a folder and wait until it ends; return its exit status."""
    return subprocess.run(command(folder, arguments), check=False).returncode
