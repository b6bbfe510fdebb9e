"""What running cells in the forked process itself gains over a forked kernel that talks through sockets.

Run: python benchmarks/direct.py [RUNS]. Both fork from the same warm process and take turns; the
pages that they lead to are compared byte for byte.
"""

import asyncio
import os
import statistics
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from briefs.engine import kernels, notebooks, plan, provenance, runner
from briefs.engine.kernels import forked, ordinary
from briefs.parameters import injected
from briefs.project import project

REPORT = "cost-revolution"


def become_kernel(
    connection: Connection, argv: list[str], folder: str, log: str, env: dict[str, str]
) -> None:
    """Be the kernel that Jupyter would have started, in the forked process."""
    from ipykernel.kernelapp import IPKernelApp

    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(folder)
    sys.argv = argv
    app = IPKernelApp.instance()
    app.initialize()
    connection.send(("up", os.getpid()))
    app.start()


class Process:
    """A forked kernel, with what `LocalProvisioner` asks of a `subprocess.Popen`."""

    stdin = stdout = stderr = None

    def __init__(self, connection: Connection) -> None:
        self.connection, self.pid, self.returncode = connection, 0, None

    def poll(self) -> int | None:
        try:
            if self.returncode is None and self.connection.poll(0):
                what, number = self.connection.recv()
                self.pid, self.returncode = (number, None) if what == "up" else (self.pid, number)
        except (EOFError, OSError):
            self.returncode = -9
        return self.returncode

    def wait(self) -> int | None:
        while self.poll() is None:
            time.sleep(0.001)
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(9)

    def terminate(self) -> None:
        self.send_signal(15)


class Forks(LocalProvisioner):
    """Has the warm process fork the kernel."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> dict[str, Any]:
        import direct  # by this name the warm process finds it

        runtime = Path(self.parent.connection_file).parent
        self.process = Process(
            forked.warm_process().fork(
                direct.become_kernel,
                cmd[2:],
                str(options["cwd"]),
                str(runtime / "kernel.log"),
                dict(options["env"]),
            )
        )
        while not self.process.pid and self.process.poll() is None:
            await asyncio.sleep(0.001)
        self.pid = self.pgid = self.process.pid
        return self.connection_info


def used() -> float:
    """Processor seconds that this process and all forks that ended have taken."""
    time.sleep(0.5)  # until the last fork has ended
    times = Path(f"/proc/{forked.warm_process()._process.pid}/stat").read_text().split()[15:17]
    return time.process_time() + sum(map(int, times)) / os.sysconf("SC_CLK_TCK")


def timed(function: Callable[..., Any], *arguments: Any) -> tuple[tuple[float, float], Any]:
    """Seconds that a call took, by the clock and of the processor, and what it returned."""
    before, start = used(), time.perf_counter()
    found = function(*arguments)
    taken = time.perf_counter() - start
    return (taken, used() - before), found


def report(job: plan.Job, sources: provenance.Sources, kind: str) -> tuple[Any, Any, Any]:
    """Times of executing and of rendering, and the pages."""
    kernels.configure(kernels.Limits(), forks=kind == "direct")
    nb = kernels.inject(notebooks.read(job.notebook), injected(job.parameters))
    executed, nb = timed(kernels.execute, nb, job.notebook.parent)
    nb = kernels.tidy(nb)
    nb.cells = runner.stored_cells(nb)
    origin = sources.origin(runner.tables_read(nb, sources))
    rendered, pages = timed(runner.render, nb, job, origin, runner.Stages())
    return executed, rendered, pages


def main() -> None:
    """Print the median of each part of a report, and the share that goes without sockets."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)
    ordinary.LocalProvisioner = Forks
    (job,) = plan.jobs([REPORT], {}, ("html", "pdf"), Path("nowhere"))
    sources = provenance.snapshot(project())
    seconds: dict[str, list[tuple[float, float]]] = {"direct": [], "sockets": [], "render": []}
    pages = {}
    for number in range(runs + 1):
        for kind in ("direct", "sockets"):
            executed, rendered, pages[kind] = report(job, sources, kind)
            if number:  # the first of each kind waits for the warm process, and imports
                seconds[kind].append(executed)
                seconds["render"].append(rendered)
    forked.warm_process().close()
    if pages["direct"] != pages["sockets"]:
        raise SystemExit("error: the two kinds of kernel made different pages")
    print("| part of a report | seconds | processor seconds |\n|---|--:|--:|")
    middle = {}
    for name, found in seconds.items():
        middle[name] = [statistics.median(one) for one in zip(*found, strict=True)]
        print(f"| {name} | {middle[name][0]:.3f} | {middle[name][1]:.3f} |")
    shares = [
        (sockets - direct) / (sockets + render)
        for direct, sockets, render in zip(*middle.values(), strict=True)
    ]
    print(f"\n{runs} runs each. Without sockets a report takes {shares[0]:.0%} less time,")
    print(f"and {shares[1]:.0%} less of a processor's.")


if __name__ == "__main__":
    main()
