"""Kernels that fork from a template instead of starting Python, with everything imported.

A provisioner of `jupyter_client`, by the name of ``forked``, so any program that starts kernels
through it can have them; they run the code as it was when the first one started. Where no template
can be had (only Linux forks safely, and only a process without threads), or a kernel asks for what
is settled when Python starts, an ordinary one starts and `reason` says why.
"""

import asyncio
import os
import signal
import subprocess
import sys
from functools import lru_cache
from importlib.util import find_spec
from multiprocessing import Pipe, reduction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner

from analysis.publish import plan
from analysis.publish.template import become_kernel

#: Read only when Python or a library starts, so both kinds of kernel must start with the same. One
#: thread each: reports run side by side, and sums must not depend on the number of cores.
STARTUP = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1",
           "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYDEVD_DISABLE_FILE_VALIDATION": "1",
           "PYDEVD_USE_FRAME_EVAL": "NO"}
LAUNCHER = "ipykernel_launcher"
_MAIN = "from analysis.publish.template import main; main()"
_START_SECONDS = 60


class TemplateError(RuntimeError):
    """There is no template to fork from; the message says why."""


def settled() -> dict[str, str]:
    """Environment that a kernel must start with, this very package on its path."""
    paths = [str(Path(__file__).resolve().parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**STARTUP, "PYTHONPATH": os.pathsep.join(paths)}


class Client:
    """A line to a template."""

    def __init__(self, line: Connection) -> None:
        self.line = line

    def fork(self, function: Any, *arguments: Any, asks: bool = False) -> Connection:
        """Have a child call ``function(lease, *arguments)``; it lives while the lease returned is held.

        With `asks` it gets a line of its own to the template as one more argument.
        """
        ours, theirs = Pipe()
        try:
            with theirs:
                self.line.send((function, arguments, asks))
                reduction.send_handle(self.line, theirs.fileno(), None)
        except OSError as error:
            raise TemplateError(f"the template has ended ({error.strerror})") from error
        return ours


class Template(Client):
    """Start a template, and end it with all its children on `close`; it warms up meanwhile."""

    def __init__(self, notebooks: Path | None = None) -> None:
        if not sys.platform.startswith("linux") or not hasattr(os, "pidfd_open"):
            raise TemplateError("only Linux forks safely")
        ours, theirs = Pipe()
        super().__init__(ours)
        self._unfit: str | None = None
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _MAIN, str(notebooks or plan.project_root() / "notebooks")],
                stdin=theirs.fileno(), stdout=subprocess.DEVNULL, start_new_session=True,
                env={**os.environ, **settled()})

    def fork(self, function: Any, *arguments: Any, asks: bool = False) -> Connection:
        """Wait until it is warm, then fork.

        Raises
        ------
        TemplateError
            When it isn't fit to be forked, or has ended.
        """
        if self._unfit is None:
            try:
                self._unfit = self.line.recv() if self.line.poll(_START_SECONDS) else "the template takes too long"
            except (EOFError, OSError):
                self._unfit = "the template did not start"
            if self._unfit:
                self.close()
        if self._unfit:
            raise TemplateError(self._unfit)
        return super().fork(function, *arguments, asks=asks)

    def close(self) -> None:
        """End the template and all its children."""
        self.line.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Process:
    """A forked kernel, with what `LocalProvisioner` asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, lease: Connection) -> None:
        self.lease, self.pid, self.returncode = lease, 0, None

    def poll(self) -> int | None:
        return self._read(0)

    def wait(self) -> int | None:
        while self.returncode is None:
            self._read(None)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def _read(self, timeout: float | None) -> int | None:
        try:
            if self.returncode is None and self.lease.poll(timeout):
                what, number = self.lease.recv()
                if what == "up":
                    self.pid = number
                else:
                    self.returncode = number
        except (EOFError, OSError):  # the template went, and took the kernel along
            self.returncode = -signal.SIGKILL
        if self.returncode is not None:
            self.lease.close()
        return self.returncode


class ForkedProvisioner(LocalProvisioner):
    """Forks the kernel from the template of this process; falls back on an ordinary one."""

    reason: str | None = None

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        try:
            lease = self._fork(cmd, options)
        except TemplateError as error:
            self.reason = str(error)
            self.log.info("an ordinary kernel instead of a forked one: %s", error)
            return await super().launch_kernel(cmd, **options)
        self.process = Process(lease)
        while not self.process.pid and self.process.poll() is None:
            await asyncio.sleep(0.003)
        self.pid = self.pgid = self.process.pid
        self.cwd = options.get("cwd") or Path.cwd()
        return self.connection_info

    def _fork(self, cmd: list[str], options: dict[str, Any]) -> Connection:
        if cmd[:3] != [sys.executable, "-m", LAUNCHER]:
            raise TemplateError(f"{' '.join(cmd)} isn't a kernel of this Python")
        env, cwd = options["env"], str(options.get("cwd") or Path.cwd())
        if differing := [name for name, value in settled().items() if env.get(name, value) != value]:
            raise TemplateError(f"{', '.join(differing)} must be set before Python starts")
        log = getattr(options.get("stderr"), "name", os.devnull)
        return template().fork(become_kernel, [find_spec(LAUNCHER).origin, *cmd[3:]], dict(env), cwd, str(log))


_inherited: Client | None = None


def inherit(line: Connection) -> None:
    """Use the template that this process was itself forked from."""
    global _inherited
    _inherited = Client(line)


def template() -> Client:
    """Return the template of this process, started at the first call."""
    return _inherited or _own()


@lru_cache
def _own() -> Template:
    return Template()
