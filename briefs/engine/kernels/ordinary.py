"""Executing a notebook: in a fork of a warm process, or by papermill's engine on an ordinary kernel.

The engine saves nothing while it runs, papermill's inspection of parameters stays out of
the way, and the working folder of this process is left alone. Where the machine has Unix
sockets they carry the messages, so no two kernels can race for a port. What a user's own
Jupyter or IPython configuration says has no say: the output must not depend on the machine.
"""

import logging
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import TYPE_CHECKING, Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from jupyter_core.utils import run_sync
from traitlets.config import Config

from briefs.engine.kernels import forked
from briefs.engine.kernels.warm import OPTIONS

if TYPE_CHECKING:
    from nbformat import NotebookNode

KERNEL = "python3"
INJECTED = "injected-parameters"
PID = (
    "pid"  # file in the folder of each kernel, for whoever clears up after a worker that was killed
)
_LOG = "kernel.log"
_SOCKET_PATH_LIMIT = 80  # the system's is about 104 bytes, and Jupyter appends to it
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


class OwnClient(AsyncKernelClient):
    """Is ready as soon as the kernel is heard, without jupyter_client's fifth of a second of listening on."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        end = time.monotonic() + (timeout or float("inf"))
        while time.monotonic() < end:
            with suppress(
                Empty
            ):  # nothing yet, or the broadcast went out before this end was listening: once more
                asked = self.kernel_info()
                while (reply := await self.shell_channel.get_msg(timeout=1))["parent_header"].get(
                    "msg_id"
                ) != asked:
                    pass
                while (await self.iopub_channel.get_msg(timeout=1))["parent_header"].get(
                    "msg_id"
                ) != asked:
                    pass
                self._handle_kernel_info_reply(reply)
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout:.0f} seconds")

    wait_for_ready = _async_wait_for_ready


class OwnKernel(AsyncKernelManager):
    """Runs ``sys.executable`` and this package, whatever kernels the machine has registered."""

    client_class = f"{__name__}.OwnClient"
    made: AsyncKernelClient | None = None

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of the running interpreter, with what must be settled at its start, and no user configuration."""
        runtime = Path(self.connection_file).parent
        return KernelSpec(
            **get_kernel_dict(),
            env={
                **forked.settled(),
                "IPYTHONDIR": str(runtime / "ipython"),
                "TMPDIR": str(runtime),
            },
        )

    async def start_kernel(self, **options: Any) -> None:
        """Start it with a log beside the connection file instead of this process's stderr."""
        self.provisioner = LocalProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        with open(Path(self.connection_file).with_name(_LOG), "wb") as log:
            await super()._async_start_kernel(stderr=log, **options)

    def client(self, **options: Any) -> AsyncKernelClient:
        self.made = super().client(**options)
        return self.made

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        await super()._async_wait(min(pollinterval, 0.005))  # a killed kernel is gone in a moment


class Kernel:
    """One kernel for one run, with a folder of its own for connection file, sockets, log and temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.runtime = Path(tempfile.mkdtemp(prefix="kernel-"))
        connection = {"connection_file": str(self.runtime / "kernel.json")}
        if os.name == "posix" and len(str(self.runtime)) < _SOCKET_PATH_LIMIT:
            connection["transport"] = "ipc"
        self.manager = OwnKernel(config=Config({"OwnKernel": connection}), kernel_name=KERNEL)
        try:
            run_sync(self.manager.start_kernel)(cwd=str(folder), extra_arguments=list(OPTIONS))
            (self.runtime / PID).write_text(str(self.manager.provisioner.pid))
            if _limits.memory and sys.platform.startswith("linux"):
                import resource

                with suppress(
                    ProcessLookupError
                ):  # what ended it will be told when it doesn't answer
                    resource.prlimit(
                        self.manager.provisioner.pid, resource.RLIMIT_DATA, (_limits.memory,) * 2
                    )
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the kernel and leave nothing of it."""
        try:
            with suppress(RuntimeError):  # it never started, or has ended
                run_sync(self.manager.shutdown_kernel)(now=True)
            if self.manager.made:
                self.manager.made.stop_channels()
        finally:
            shutil.rmtree(self.runtime, ignore_errors=True)


_limits = Limits()
_forks = False
_keeps_ahead = False
_spare: Kernel | None = None


def configure(limits: Limits, *, forks: bool = False, keeps_ahead: bool = False) -> None:
    """Set for all that this process executes from now on.

    Parameters
    ----------
    limits : Limits
        What one report may take.
    forks : bool
        Whether kernels fork from a template; where they can't, they start as usual.
    keeps_ahead : bool
        Whether the next ordinary kernel starts as soon as the notebook before it has run.
    """
    global _limits, _forks, _keeps_ahead
    discard()
    _limits, _forks, _keeps_ahead = limits, forks, keeps_ahead


def ahead(folder: Path) -> None:
    """Start an ordinary kernel for the next notebook that runs in `folder`; it comes up meanwhile."""
    global _spare
    if not _forks:
        discard()
        _spare = Kernel(folder)


def discard() -> None:
    """End the kernel that was started ahead, if there is one."""
    global _spare
    if _spare:
        _spare.close()
    _spare = None


def _take(folder: Path) -> Kernel:
    global _spare
    if _spare and _spare.folder == folder:
        kernel, _spare = _spare, None
        return kernel
    discard()
    return Kernel(folder)


def inject(nb: "NotebookNode", values: dict) -> "NotebookNode":
    """Add a cell that sets `values` after the ``parameters`` cell."""
    from nbformat import NotebookNode
    from papermill.parameterize import parameterize_notebook

    nb.metadata.setdefault("papermill", NotebookNode())
    for cell in nb.cells:
        cell.metadata.setdefault("tags", [])  # papermill looks for them in every cell
    nb = parameterize_notebook(nb, values, kernel_name=KERNEL, language="python")
    for cell in nb.cells:
        if INJECTED in cell.metadata.get("tags", ()):
            cell.id = INJECTED  # papermill's would be random
    return nb


def execute(nb: "NotebookNode", folder: Path) -> "NotebookNode":
    """Run all cells in a fresh kernel that works in `folder`; stops at a failing cell.

    That a cell has begun stands in its metadata, also when an exception comes out of here.

    Raises
    ------
    KernelDied
        When the kernel ended under a cell, or never started.
    TimedOut
        When the time that `configure` allowed was over.
    """
    if _forks:
        try:
            forked.execute(nb, folder, _limits.timeout, _limits.memory)
            return nb
        except forked.TemplateError as error:
            _log.info("an ordinary kernel instead of a forked one: %s", error)
        except TimeoutError as error:
            raise TimedOut(str(error)) from None
        except ProcessLookupError as error:
            raise KernelDied(str(error)) from None
    end = time.monotonic() + (_limits.timeout or float("inf"))
    kernel = _take(folder)
    try:
        from nbclient.exceptions import CellTimeoutError
        from papermill.engines import NBClientEngine

        left = None if not _limits.timeout else lambda cell: max(0.01, end - time.monotonic())
        NBClientEngine.execute_notebook(
            nb,
            KERNEL,
            km=kernel.manager,
            progress_bar=False,
            autosave_cell_every=0,
            record_timing=False,
            timeout_func=left,
            start_timeout=_START_SECONDS,
        )
    except CellTimeoutError:
        raise TimedOut(f"not done after {_limits.timeout:g} seconds") from None
    except RuntimeError as error:
        raise KernelDied(f"{error}{forked.last_words(kernel.runtime)}") from error
    finally:
        kernel.close()
        if _keeps_ahead:
            ahead(folder)
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
