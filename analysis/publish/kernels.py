"""Executing a notebook: papermill's engine on a kernel of this very interpreter.

The engine saves nothing while it runs, papermill's inspection of parameters stays out of
the way, and the working folder of this process is left alone. Where the machine has Unix
sockets they carry the messages, so no two kernels can race for a port. What a user's own
Jupyter or IPython configuration says has no say: the output must not depend on the machine.
"""

import os
import tempfile
from pathlib import Path
from typing import Any

from ipykernel.kernelspec import get_kernel_dict
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbformat import NotebookNode
from papermill.engines import NBClientEngine
from papermill.parameterize import parameterize_notebook
from traitlets.config import Config

KERNEL = "python3"
INJECTED = "injected-parameters"
_LOG = "kernel.log"
_SOCKET_PATH_LIMIT = 80  # the system's is about 104 bytes, and Jupyter appends to it


class KernelDied(RuntimeError):
    """The kernel ended, or never started; the message ends with the last line it wrote."""


class OwnKernel(AsyncKernelManager):
    """Runs ``sys.executable`` and this package, whatever kernels the machine has registered."""

    @property
    def kernel_spec(self) -> KernelSpec:
        """The kernel of the running interpreter, with a fixed hash seed and no user configuration."""
        package = str(Path(__file__).resolve().parents[2])
        paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
        return KernelSpec(**get_kernel_dict(), env={
            "IPYTHONDIR": str(Path(self.connection_file).parent / "ipython"),
            "PYTHONPATH": os.pathsep.join(paths), "PYTHONHASHSEED": "0", "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        })

    async def start_kernel(self, **options: Any) -> None:
        """Start it with a log beside the connection file instead of this process's stderr."""
        with open(Path(self.connection_file).with_name(_LOG), "wb") as log:
            await super()._async_start_kernel(stderr=log, **options)


def inject(nb: NotebookNode, values: dict) -> NotebookNode:
    """Add a cell that sets `values` after the ``parameters`` cell."""
    nb.metadata.setdefault("papermill", NotebookNode())
    for cell in nb.cells:
        cell.metadata.setdefault("tags", [])  # papermill looks for them in every cell
    nb = parameterize_notebook(nb, values, kernel_name=KERNEL, language="python")
    for cell in nb.cells:
        if INJECTED in cell.metadata.get("tags", ()):
            cell.id = INJECTED  # papermill's would be random
    return nb


def execute(nb: NotebookNode, folder: Path) -> NotebookNode:
    """Run all cells in a fresh kernel that works in `folder`; stops at a failing cell.

    papermill leaves the state of each cell in its metadata, also when the kernel dies and
    an exception comes out of here.
    """
    with tempfile.TemporaryDirectory(prefix="brief-") as runtime:
        connection = {"connection_file": str(Path(runtime) / "kernel.json")}
        if os.name == "posix" and len(runtime) < _SOCKET_PATH_LIMIT:
            connection["transport"] = "ipc"
        try:
            NBClientEngine.execute_notebook(
                nb, KERNEL, progress_bar=False, autosave_cell_every=0, record_timing=False,
                kernel_manager_class=OwnKernel, config=Config({"OwnKernel": connection}),
                shutdown_kernel="immediate", resources={"metadata": {"path": str(folder)}})
        except RuntimeError as error:
            log = Path(runtime, _LOG).read_text("utf-8", "replace").strip().splitlines()
            raise KernelDied(f"{error}{': ' + log[-1] if log else ''}") from error
    return nb


def tidy(nb: NotebookNode) -> NotebookNode:
    """Take out what differs from run to run: times, and papermill's notes besides the parameters."""
    nb.metadata["papermill"] = {"parameters": nb.metadata.papermill.get("parameters", {})}
    for cell in nb.cells:
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)
    return nb
