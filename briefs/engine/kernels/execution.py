"""Executing a notebook: in a fork of a warm process, or by papermill's engine on an ordinary kernel.

The engine saves nothing while it runs, papermill's inspection of parameters stays out of
the way, and the working folder of this process is left alone.
"""

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from briefs.engine.kernels import forked
from briefs.engine.kernels.ordinary import NAME, Kernel

INJECTED = "injected-parameters"
_START_SECONDS = 60
_log = logging.getLogger(__name__)

logging.getLogger("papermill").addHandler(logging.NullHandler())  # what it logs is raised as well


class KernelDied(RuntimeError):
    """The kernel ended, or never started; the message ends with the last line it wrote."""


class TimedOut(RuntimeError):
    """The notebook as a whole took longer than it may."""


@dataclass(frozen=True)
class Limits:
    """What one report may take; None is as much as it wants.

    Attributes
    ----------
    timeout : float
        Seconds, from the start of its kernel.
    retries : int
        How often a report that failed is tried again. One that took its worker down is tried twice
        in any case.
    memory : int
        Bytes of data that its kernel may hold; only Linux can set that.
    """

    timeout: float | None = None
    retries: int = 0
    memory: int | None = None


@dataclass
class _Settings:
    """How this process executes notebooks, and the kernel that it started ahead."""

    limits: Limits
    forks: bool = False
    keeps_ahead: bool = False
    spare: Kernel | None = None


_settings = _Settings(Limits())


def configure(limits: Limits, *, forks: bool = False, keeps_ahead: bool = False) -> None:
    """Set for all that this process executes from now on.

    Parameters
    ----------
    limits : Limits
        What one report may take.
    forks : bool
        Whether kernels fork from a warm process; where they can't, they start as usual.
    keeps_ahead : bool
        Whether the next ordinary kernel starts as soon as the notebook before it has run.
    """
    discard()
    _settings.limits, _settings.forks, _settings.keeps_ahead = limits, forks, keeps_ahead


def start_ahead(folder: Path) -> None:
    """Start an ordinary kernel for the next notebook that runs in `folder`; it comes up meanwhile."""
    if not _settings.forks:
        discard()
        _settings.spare = Kernel(folder, _settings.limits.memory)


def discard() -> None:
    """End the kernel that was started ahead, if there is one."""
    kernel, _settings.spare = _settings.spare, None
    if kernel:
        kernel.close()


def inject(nb: NotebookNode, values: dict[str, Any]) -> NotebookNode:
    """Add a cell that sets `values` after the one tagged ``parameters``, as papermill does."""
    from papermill.parameterize import parameterize_notebook

    nb.metadata.setdefault("papermill", NotebookNode())
    for cell in nb.cells:
        cell.metadata.setdefault("tags", [])  # papermill looks for them in every cell
    nb = parameterize_notebook(nb, values, kernel_name=NAME, language="python")
    for cell in nb.cells:
        if INJECTED in cell.metadata.get("tags", ()):
            cell.id = INJECTED  # papermill's would be random
    return nb


def execute(nb: NotebookNode, folder: Path) -> NotebookNode:
    """Run all cells in a fresh kernel that works in `folder`; stops at a failing cell.

    That a cell has begun stands in its metadata, also when an exception comes out of here.

    Raises
    ------
    KernelDied
        When the kernel ended under a cell, or never started.
    TimedOut
        When the time that `configure` allowed was over.
    """
    limits = _settings.limits
    if _settings.forks:
        try:
            forked.execute(nb, folder, limits.timeout, limits.memory)
            return nb
        except forked.WarmProcessError as error:
            _log.info("an ordinary kernel instead of a forked one: %s", error)
        except TimeoutError as error:
            raise TimedOut(str(error)) from None
        except ProcessLookupError as error:
            raise KernelDied(str(error)) from None
    end = time.monotonic() + (limits.timeout or float("inf"))
    kernel = _take(folder)
    try:
        _run_in(kernel, nb, end)
    finally:
        kernel.close()
        if _settings.keeps_ahead:
            start_ahead(folder)
    return nb


def _take(folder: Path) -> Kernel:
    """Return the kernel that was started ahead for `folder`, or a new one."""
    kernel = _settings.spare
    if kernel and kernel.folder == folder:
        _settings.spare = None
        return kernel
    discard()
    return Kernel(folder, _settings.limits.memory)


def _run_in(kernel: Kernel, nb: NotebookNode, end: float) -> None:
    from nbclient.exceptions import CellTimeoutError
    from papermill.engines import NBClientEngine

    timeout = _settings.limits.timeout
    try:
        NBClientEngine.execute_notebook(
            nb,
            NAME,
            km=kernel.manager,
            progress_bar=False,
            autosave_cell_every=0,
            record_timing=False,
            timeout_func=(lambda cell: max(0.01, end - time.monotonic())) if timeout else None,
            start_timeout=_START_SECONDS,
        )
    except CellTimeoutError:
        raise TimedOut(f"not done after {timeout:g} seconds") from None
    except RuntimeError as error:
        raise KernelDied(f"{error}{forked.last_line(kernel.runtime)}") from error


def tidy(nb: NotebookNode) -> NotebookNode:
    """Take out what differs from run to run: times, and papermill's notes besides the parameters."""
    nb.metadata["papermill"] = {"parameters": nb.metadata.papermill.get("parameters", {})}
    for cell in nb.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)
    return nb
