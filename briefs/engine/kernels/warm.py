"""A process with everything imported that does nothing but fork: its children start warm.

It never starts a thread, an event loop or a ZeroMQ context, none of which survives a fork. Each
child has a connection to the process that asked for it: when that process closes its end, or
ends in any way, the child is killed with all that it started. Without its owner this process
ends too.

The fork server of `multiprocessing` is no help here: a child of it that wants a child starts
another server, and every child runs the main module again.
"""

import ast
import ctypes
import datetime as dt
import gc
import importlib
import json
import os
import random
import resource
import select
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from multiprocessing import Pipe, reduction
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from briefs.engine.kernels import orphans
from briefs.engine.kernels.common import OPTIONS

if TYPE_CHECKING:
    from briefs.engine.kernels.direct import Cell

#: What every worker imports, to make reports of executed notebooks.
WORKER = (
    "briefs.engine.kernels.outputs",
    "papermill.parameterize",
    "briefs.render.document",
    "briefs.render.html",
    "briefs.render.pdf",
    "briefs.render.results",
    "briefs.engine.runner",
    "briefs.engine.pool",
)
#: What every kernel imports, whatever is in the notebooks.
KERNEL = (
    "briefs.engine.kernels.direct",
    "ipykernel.debugger",
    "matplotlib.backends.backend_svg",
    # imported late otherwise: as a kernel starts, or by the first tables
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.extensions.storemagic",
    "faulthandler",
    "pandas.core.methods.to_dict",
    "pandas.core.reshape.reshape",
    "seaborn",
    "sqlite3",
    "tornado.platform.asyncio",
)
_PR_SET_PDEATHSIG = 1

Task = Callable[[], None]


def main() -> None:
    """Warm up, report to the owner on standard input, and fork for it; in a child, do the child's task."""
    owner: Connection = Connection(os.dup(0))
    orphans.adopt()
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        reason = warm(Path(sys.argv[1]))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
    with suppress(OSError):  # the owner may have gone meanwhile
        owner.send(reason)
        if not reason and (task := _Server(owner).serve()):
            task()


def warm(notebooks: Path) -> str:
    """Import and read what reports need; return why this process can't be forked safely, or nothing.

    `notebooks` is a folder, or the only notebook whose kernel this process is for.
    """
    many = notebooks.is_dir()
    shown: list[object] = []
    show = warnings.showwarning
    # a kernel would put a warning on the page
    warnings.showwarning = lambda message, *_, **__: shown.append(message)
    for name in (*WORKER, *KERNEL) if many else KERNEL:
        importlib.import_module(name)
    for statement in dict.fromkeys(imports(notebooks)):
        with suppress(ImportError):  # the report that needs it will say so
            exec(statement, {})
    if many:
        read()
        copy_context().run(rehearse)
    warnings.showwarning = show
    if shown:
        return f"importing gave a warning: {shown[0]}"
    gc.collect()
    gc.freeze()  # else collecting in a child would write to, and so copy, every page it shares
    gc.set_threshold(100_000, 50, 50)  # a report leaves little behind before its process ends
    threads = len(os.listdir("/proc/self/task"))
    return "" if threads == 1 else f"{threads} threads are running"


def read() -> None:
    """Read what every report reads: the evidence, the claims, the template of the page."""
    from briefs.evidence import catalog, claims
    from briefs.render import html

    for table in catalog.tables():
        catalog.load(table)
    claims.load_claims()
    html.templates().get_template("brief.html.j2")


def rehearse() -> None:
    """Format and draw a little: what libraries set up at the first call is then there in every child."""
    from briefs.display import i18n, style

    day = dt.date(2025, 1, 20)
    for language in i18n.LOCALES:
        i18n.activate(language)
        i18n.day(day), i18n.month(day), i18n.number(1000), i18n._("Source")
    with style.house():
        figure, ax = style.canvas(2)
        days: Any = [day, day + dt.timedelta(400)]
        ax.plot(days, [1, 100])
        style.svg(figure, "rehearsal")


def imports(notebooks: Path) -> Iterator[str]:
    """Statements by which the code of the notebooks in a folder, or of one notebook, imports."""
    for path in sorted(notebooks.glob("*.ipynb")) if notebooks.is_dir() else [notebooks]:
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            with suppress(SyntaxError):  # a line of IPython's own language
                tree = ast.parse("".join(cell["source"]) if cell["cell_type"] == "code" else "")
                found = (
                    node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)
                )
                yield from map(ast.unparse, found)


@dataclass(frozen=True)
class _Child:
    pid: int
    connection: Connection

    def kill(self) -> None:
        for send in (os.killpg, os.kill):  # the group may not be there yet
            with suppress(ProcessLookupError):
                send(self.pid, signal.SIGKILL)


class _Server:
    """Forks for its clients and looks after the children, all by file descriptor."""

    def __init__(self, owner: Connection) -> None:
        self.owner = owner
        self.clients: dict[int, Connection] = {}  # requests come along these
        self.held: dict[int, _Child] = {}  # by the connection, whose other end is still open
        self.exits: dict[int, _Child] = {}  # by what says that they have ended
        self.poll = select.poll()
        self._listen(owner)

    def serve(self) -> Task | None:
        """Fork until the owner is gone; return the task in each child, nothing in this process."""
        while not self.owner.closed:
            for fd, _ in self.poll.poll():
                if fd in self.exits:
                    self._report_exit(fd)
                elif fd in self.held:
                    self.poll.unregister(fd)
                    self.held.pop(fd).kill()
                elif fd in self.clients and (task := self._answer(self.clients[fd])):
                    return task
        for child in self.exits.values():
            child.kill()
        orphans.end(())
        return None

    def _listen(self, client: Connection) -> None:
        self.clients[client.fileno()] = client
        self.poll.register(client, select.POLLIN)

    def _answer(self, client: Connection) -> Task | None:
        """Read a request and fork; return the task in the child."""
        try:
            function, arguments, asks = client.recv()
            connection: Connection = Connection(reduction.recv_handle(client))
        except Exception as error:
            if not isinstance(error, (EOFError, ConnectionError)):
                short = isinstance(error, (OSError, RuntimeError))  # the system has no file for it
                words = f"nothing forks: too many open files? {error}\n"
                sys.stderr.write(words if short else traceback.format_exc())
            self.poll.unregister(client)
            self.clients.pop(client.fileno()).close()
            return None
        connection.send("forking")  # before the child can say anything
        pipe = Pipe() if asks else ()
        parent, pid = os.getpid(), os.fork()
        if not pid:
            self._close_all(pipe[:1])
            return partial(_live, parent, partial(function, connection, *arguments, *pipe[1:]))
        for ours, theirs in [pipe] if pipe else ():
            theirs.close()
            self._listen(ours)
        self._watch(_Child(pid, connection))
        return None

    def _watch(self, child: _Child) -> None:
        end = os.pidfd_open(child.pid)
        self.exits[end] = self.held[child.connection.fileno()] = child
        self.poll.register(end, select.POLLIN)
        # what comes along it is the child's; that the other end was closed is reported in any case
        self.poll.register(child.connection, 0)

    def _close_all(self, more: Iterable[Connection]) -> None:
        """Close in a child what belongs to its parent."""
        others = [child.connection for child in self.exits.values()]
        for connection in (*self.clients.values(), *others, *more):
            connection.close()
        for end in self.exits:
            os.close(end)

    def _report_exit(self, end: int) -> None:
        """Say along the connection of a child how it ended, and close it."""
        self.poll.unregister(end)
        os.close(end)
        child = self.exits.pop(end)
        if self.held.pop(child.connection.fileno(), None):
            self.poll.unregister(child.connection)
        child.kill()  # what it started and left; before its number is free for another process
        code = os.waitstatus_to_exitcode(os.waitpid(child.pid, 0)[1])
        orphans.end({other.pid for other in self.exits.values()})
        with suppress(OSError):
            child.connection.send(("exit", code))
        child.connection.close()


def _live(parent: int, task: Task) -> None:
    """Make this child a process of its own that ends with its parent, then do its task."""
    os.setsid()
    orphans.adopt()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a build in the background ignores it
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    task()


def become_kernel(
    connection: Connection,
    cells: list["Cell"],
    folder: str,
    runtime: str,
    env: dict[str, str],
    memory: int | None,
) -> None:
    """Run the cells of a notebook, and send along the connection what comes of them."""
    from briefs.engine.kernels import direct

    for fd, name in ((1, "stdout"), (2, "stderr")):
        file = os.open(os.path.join(runtime, f"{name}.log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(file, fd)
        os.close(file)
    os.environ.clear()
    os.environ.update(env, IPYTHONDIR=os.path.join(runtime, "ipython"), TMPDIR=runtime)
    time.tzset()
    os.chdir(folder)
    if memory:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    launcher = find_spec("ipykernel_launcher")
    file_name = str(launcher.origin) if launcher else ""
    sys.argv = [file_name, "-f", os.path.join(runtime, "kernel.json"), *OPTIONS]
    direct.run(cells, lambda *message: connection.send(message), OPTIONS)
