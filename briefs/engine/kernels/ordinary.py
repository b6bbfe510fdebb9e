"""A notebook on an ordinary kernel, as Jupyter starts it, run by papermill's engine.

Where the machine has Unix sockets they carry the messages, so no two kernels can race for a
port. A user's own configuration of Jupyter or IPython doesn't count: the output must not
depend on the machine. The engine saves nothing while it runs, and the working folder of this
process is left alone.
"""

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError
from nbformat import NotebookNode
from papermill.engines import NBClientEngine
from traitlets.config import Config

from briefs.engine.kernels import common, orphans
from briefs.engine.kernels.common import NAME, PID, KernelDied, Limits, late

_SOCKET_PATH_LIMIT = 80  # the system's is about 104 bytes, and Jupyter appends to it


class OwnKernel(AsyncKernelManager):
    """Runs ``sys.executable`` and this package, whatever kernels the machine has registered."""

    made: Any = None

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of the running interpreter, with what must be settled at its start, and no user configuration."""
        runtime = Path(self.connection_file).parent
        own = {"IPYTHONDIR": str(runtime / "ipython"), "TMPDIR": str(runtime)}
        return KernelSpec(**get_kernel_dict(), env={**common.start_environment(), **own})

    def client(self, **options: Any) -> Any:
        self.made = super().client(**options)
        return self.made

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        await super()._async_wait(min(pollinterval, 0.005))  # a killed kernel is gone in a moment


def execute(nb: NotebookNode, folder: Path, limits: Limits) -> None:
    """Run all cells of a notebook in a kernel that works in `folder`; see `kernels.execute`."""
    end = time.monotonic() + (limits.timeout or float("inf"))
    with common.own_folder() as runtime, orphans.adopting():
        connection = {"connection_file": os.path.join(runtime, "kernel.json")}
        if os.name == "posix" and len(runtime) < _SOCKET_PATH_LIMIT:
            connection["transport"] = "ipc"
        manager = OwnKernel(config=Config({"OwnKernel": connection}), kernel_name=NAME)
        try:
            _start(manager, folder, Path(runtime), limits.memory)
            _run(manager, nb, end, limits.timeout)
        except RuntimeError as error:
            raise KernelDied(f"{error}{common.last_line(Path(runtime))}") from error
        finally:
            with suppress(RuntimeError):  # it never started, or has ended
                run_sync(manager.shutdown_kernel)(now=True)
            if manager.made:
                manager.made.stop_channels()


def _start(manager: OwnKernel, folder: Path, runtime: Path, memory: int | None) -> None:
    manager.provisioner = provisioner = LocalProvisioner(
        kernel_spec=manager.kernel_spec, parent=manager
    )
    with open(runtime / "kernel.log", "wb") as log:
        run_sync(manager.start_kernel)(
            cwd=str(folder), stderr=log, extra_arguments=list(common.OPTIONS)
        )
    pid = provisioner.pid or 0
    (runtime / PID).write_text(str(pid))
    if memory and sys.platform.startswith("linux"):
        import resource

        with suppress(ProcessLookupError):  # it ended: the first cell will say so
            resource.prlimit(pid, resource.RLIMIT_DATA, (memory, memory))


def _run(manager: OwnKernel, nb: NotebookNode, end: float, timeout: float | None) -> None:
    try:
        NBClientEngine.execute_notebook(
            nb,
            NAME,
            km=manager,
            progress_bar=False,
            autosave_cell_every=0,
            record_timing=False,
            timeout_func=(lambda cell: max(0.01, end - time.monotonic())) if timeout else None,
            start_timeout=common.START_SECONDS,
        )
    except CellTimeoutError:
        raise late(timeout) from None
