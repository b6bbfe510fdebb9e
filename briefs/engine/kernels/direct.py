"""A kernel without sockets: IPython runs the cells of one notebook in this very process.

It is the application that Jupyter would start, with the same shell, settings and messages; only
what it would send is handed to a function. So what a cell leaves is the same to the byte, and no
time goes into the talk of two processes about every cell.
"""

import asyncio
import io
import os
import sys
from collections.abc import Callable, Iterable
from typing import Any

from ipykernel.displayhook import ZMQDisplayHook
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.session import Session

#: Index, id and source of a cell, and whether it may fail.
Cell = tuple[int, str, str, bool]
#: Takes the type of a message, and its content as it would be sent.
Receive = Callable[[str, bytes], None]


class _Session(Session):
    """Hands over what it should send."""

    receive: Receive

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:
        if isinstance(msg_or_type, dict):
            msg_or_type, content = msg_or_type["header"]["msg_type"], msg_or_type["content"]
        self.receive(msg_or_type, self.pack(content or {}))


class _Stream(io.TextIOBase):
    """Standard output or error of the notebook, with what other programs write there."""

    encoding, errors = "UTF-8", "strict"

    def __init__(self, session: _Session, name: str, fd: int) -> None:
        self._session, self.name, self._fd = session, name, fd
        self._written: list[str] = []
        self._others = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY)

    def fileno(self) -> int:
        return self._fd

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        for other in (sys.stdout, sys.stderr):  # so that the order of both is kept
            if other is not self:
                other.flush()
        self._written.append(text)
        return len(text)

    def flush(self) -> None:
        text, self._written = "".join(self._written), []
        while part := os.read(self._others, 1 << 20):
            text += part.decode("utf-8", "replace")
        if text:
            self._session.send(None, "stream", {"name": self.name, "text": text})


class _Kernel(IPythonKernel):
    """Runs cells one after the other, and is never interrupted."""

    def _cancel_on_sigint(self, future: Any) -> Any:
        return self._dummy_context_manager(future)


class _App(IPKernelApp):
    """The kernel's application, without a way to reach it."""

    kernel_class = _Kernel

    def _leave_out(self, **_: Any) -> None:
        """Do nothing about connections."""

    init_connection_file = init_poller = init_sockets = init_heartbeat = _leave_out
    write_connection_file = log_connection_info = init_signal = _leave_out

    def init_io(self) -> None:
        sys.stdout, sys.stderr = (
            _Stream(self.session, "stdout", 1),
            _Stream(self.session, "stderr", 2),
        )
        self.displayhook = sys.displayhook = ZMQDisplayHook(self.session, None)
        self.patch_io()

    def init_kernel(self) -> None:
        self.kernel = _Kernel.instance(
            parent=self,
            session=self.session,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        self.kernel.shell_channel_thread = self
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count

    parent_thread = None  # as if of a thread that passes on interrupts


def run(cells: Iterable[Cell], send: Callable[..., None], arguments: Iterable[str] = ()) -> None:
    """Run cells until one fails that may not; `arguments` are the kernel's, as on its command line.

    `send` is called with ``"language", info`` first, then for each cell with ``"begun", index,
    count``, ``"output", index, type, content`` for each message and ``"done", index, succeeded``.
    """
    at = [0]
    app = _App.instance(session=_Session())
    app.session.receive = lambda *_: None  # what comes before the first cell belongs to none
    app.initialize(list(arguments))
    app.session.receive = lambda kind, content: send("output", at[0], kind, content)
    send("language", app.kernel.language_info)
    loop = asyncio.new_event_loop()  # asyncio.run would see to Ctrl-C, which is the notebook's
    asyncio.set_event_loop(loop)
    loop.run_until_complete(_run(app, cells, at, send))


async def _run(app: _App, cells: Iterable[Cell], at: list[int], send: Callable[..., None]) -> None:
    shell = app.kernel.shell
    for at[0], name, source, may_fail in cells:
        send("begun", at[0], shell.execution_count)
        reply = await app.kernel.do_execute(source, silent=False, store_history=True, cell_id=name)
        sys.stdout.flush()
        sys.stderr.flush()
        send("done", at[0], reply["status"] == "ok")
        if shell.exit_now or (reply["status"] != "ok" and not may_fail):
            break
