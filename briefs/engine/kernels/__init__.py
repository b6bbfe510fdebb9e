"""Executing a notebook: in a fork of a warm process, or by papermill's engine on an ordinary kernel.

=============  =====================================================================
``ordinary``   a kernel that Jupyter starts, with a folder of its own
``forked``     runs a notebook in a fork of the warm process, from outside
``warm``       the warm process: everything is imported, and it does nothing but fork
``direct``     in the fork: IPython runs the cells, without sockets
``outputs``    puts what ``direct`` sends into the notebook
``common``     limits, environment and ends of every kernel
``orphans``    what a notebook started and left running
=============  =====================================================================
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefs.engine.kernels import forked
from briefs.engine.kernels.common import NAME, NO_LIMITS, Limits

if TYPE_CHECKING:  # Jupyter's libraries take a while, and who only hands out reports needs none
    from nbformat import NotebookNode

INJECTED = "injected-parameters"
_log = logging.getLogger(__name__)
_limits, _forks = NO_LIMITS, False

logging.getLogger("papermill").addHandler(logging.NullHandler())  # what it logs is raised as well


def configure(limits: Limits, *, forks: bool = False) -> None:
    """Set for all that this process executes from now on: its limits, and whether kernels fork."""
    global _limits, _forks
    _limits, _forks = limits, forks


def inject(
    nb: "NotebookNode", values: dict[str, Any], environment: Mapping[str, str] | None = None
) -> "NotebookNode":
    """Add a cell that sets `values` after the one tagged ``parameters``, as papermill does.

    Variables of the environment that aren't empty are set there, too: whoever runs the notebook
    again gets the same.
    """
    from nbformat import NotebookNode
    from papermill.parameterize import parameterize_notebook

    nb.metadata.setdefault("papermill", NotebookNode())
    for cell in nb.cells:
        cell.metadata.setdefault("tags", [])  # papermill looks for them in every cell
    nb = parameterize_notebook(nb, values, kernel_name=NAME, language="python")
    for cell in nb.cells:
        if INJECTED in cell.metadata.get("tags", ()):
            cell.id = INJECTED  # papermill's would be random
            given = {name: value for name, value in (environment or {}).items() if value}
            if given:
                cell.source += f"\n__import__('os').environ.update({given!r})"
    return nb


def execute(nb: "NotebookNode", folder: Path) -> "NotebookNode":
    """Run all cells in a fresh kernel that works in `folder`; stops at a failing cell.

    That a cell has begun stands in its metadata, also when `KernelDied` or `TimedOut` comes out of
    here. Where kernels should fork and can't, they start as usual.
    """
    if _forks:
        try:
            forked.execute(nb, folder, _limits)
            return nb
        except forked.WarmProcessError as error:
            _log.info("an ordinary kernel instead of a forked one: %s", error)
    from briefs.engine.kernels import ordinary

    ordinary.execute(nb, folder, _limits)
    return nb


def tidy(nb: "NotebookNode") -> "NotebookNode":
    """Take out what differs from run to run: times, and papermill's notes besides the parameters."""
    nb.metadata["papermill"] = {"parameters": nb.metadata.papermill.get("parameters", {})}
    for cell in nb.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)
    return nb
