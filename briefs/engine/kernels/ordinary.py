"""One ordinary kernel for one run, as Jupyter starts it.

Where the machine has Unix sockets they carry the messages, so no two kernels can race for a
port. A user's own configuration of Jupyter or IPython doesn't count: the output must not
depend on the machine.
"""

import os
import shutil
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_core.utils import run_sync
from traitlets.config import Config

from briefs.engine.kernels import forked
from briefs.engine.kernels.warm import OPTIONS

NAME = "python3"
#: File in the folder of each kernel, by which its process is found when its worker was killed.
PID = "pid"
_LOG = "kernel.log"
_SOCKET_PATH_LIMIT = 80  # the system's is about 104 bytes, and Jupyter appends to it


class OwnKernel(AsyncKernelManager):
    """Runs ``sys.executable`` and this package, whatever kernels the machine has registered."""

    made: Any = None
    pid = 0

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of the running interpreter, with what must be settled at its start, and no user configuration."""
        runtime = Path(self.connection_file).parent
        own = {"IPYTHONDIR": str(runtime / "ipython"), "TMPDIR": str(runtime)}
        return KernelSpec(**get_kernel_dict(), env={**forked.start_environment(), **own})

    async def _async_start_kernel(self, **options: Any) -> None:
        """Start it with a log beside the connection file instead of this process's stderr."""
        provisioner = LocalProvisioner(
            kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self
        )
        self.provisioner = provisioner
        with open(Path(self.connection_file).with_name(_LOG), "wb") as log:
            await super()._async_start_kernel(stderr=log, **options)
        self.pid = provisioner.pid or 0

    start_kernel = _async_start_kernel

    def client(self, **options: Any) -> Any:
        self.made = super().client(**options)
        return self.made

    async def _async_wait(self, pollinterval: float = 0.1) -> None:
        await super()._async_wait(min(pollinterval, 0.005))  # a killed kernel is gone in a moment


class Kernel:
    """One kernel for one run, with a folder of its own for connection file, sockets, log and temporary files."""

    def __init__(self, folder: Path, memory: int | None = None) -> None:
        self.folder = folder
        self.runtime = Path(tempfile.mkdtemp(prefix="kernel-"))
        connection = {"connection_file": str(self.runtime / "kernel.json")}
        if os.name == "posix" and len(str(self.runtime)) < _SOCKET_PATH_LIMIT:
            connection["transport"] = "ipc"
        self.manager = OwnKernel(config=Config({"OwnKernel": connection}), kernel_name=NAME)
        try:
            run_sync(self.manager.start_kernel)(cwd=str(folder), extra_arguments=list(OPTIONS))
            (self.runtime / PID).write_text(str(self.manager.pid))
            if memory and sys.platform.startswith("linux"):
                import resource

                with suppress(ProcessLookupError):  # it ended: the first cell will say so
                    resource.prlimit(self.manager.pid, resource.RLIMIT_DATA, (memory, memory))
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
