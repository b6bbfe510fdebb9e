"""What the tests of the engine have run in its workers, which can import it by name."""

import os
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

from analysis.params import CostRevolution
from briefs.engine import pool, runner, staging
from briefs.engine.kernels import forked
from briefs.engine.plan import Job, Result

HERE = Path(__file__).parent
#: A warm process with only what these runs need: it is there in a third of the time, and all that can go
#: wrong is the same.
LIGHT = """
import sys; del sys.path[0]
from briefs.engine.kernels import warm as w
w.WORKER, w.KERNEL = ("briefs.engine.kernels.outputs", "engine_runs"), ("briefs.engine.kernels.direct",)
w.imports, w.read, w.rehearse = lambda _: [], int, int
w.main()
"""


def done(job, text=""):
    return Result(
        job.report,
        job.parameters.language,
        "built",
        job.reason,
        0.0,
        {},
        None,
        {"text": text},
        job.name,
    )


def notebook(job):
    """Execute, and publish what the cells wrote."""
    try:
        nb = runner.execute(job)
        text = "".join(
            output.get("text", "") for cell in nb.cells for output in cell.get("outputs", ())
        )
        staging.publish(job.out, job.place, {"index.html": text.encode(), "results.json": b"{}"})
    except Exception as fault:
        return runner.failed(job, fault, 0.0)
    return done(job, text)


def trivial(job):
    return done(job, str(os.getpid()))


def troubled(job):
    """Do in the worker what the name of the job says; the first time only where it ends in ``-once``."""
    what, once = job.name.removesuffix("-once"), job.name.endswith("-once")
    mark = job.out / f"{job.name}.tried"
    again = mark.exists()
    mark.touch()
    if not (once and again):
        if what == "exit":
            os._exit(3)
        if what == "kill":
            os.kill(os.getpid(), 9)
        if what == "raise":
            raise KeyError("of run itself")
        if what == "hang":
            time.sleep(600)
    return done(job, "twice" if again else "once")


def publish(job, times=10):
    """Publish some large files again and again, so that a kill is likely to meet it."""
    files = {
        name: f"{job.parameters.seed}\n".encode() * 100_000
        for name in ("index.html", "results.json", "data/a.csv", "data/b.csv", "brief.pdf")
    }
    for _ in range(times):
        staging.publish(job.out, job.place, files)
    return done(job)


def jobs(out, names, seed):
    path = out.parent / "project" / "notebooks" / "cost-revolution.ipynb"
    return [
        Job("cost-revolution", CostRevolution(seed=seed), path, out, name=name) for name in names
    ]


class Build:
    """The engine in a process of its own, all of whose descendants can be found, whatever becomes of it."""

    def __init__(self, out, run, names, *, seed=1, slots=2, kernel="auto", mark=None):
        self.mark, self.temporary = mark or uuid.uuid4().hex, Path(tempfile.mkdtemp(prefix="t-"))
        env = {
            **os.environ,
            "BRIEFS_TEST": self.mark,
            "TMPDIR": str(self.temporary),
            "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parents[2])]),
        }
        self.process = subprocess.Popen(
            [
                sys.executable,
                __file__,
                str(out),
                run,
                ",".join(names),
                str(seed),
                str(slots),
                kernel,
            ],
            env=env,
            stdout=subprocess.PIPE,
            text=True,
        )

    def alive(self):
        """Command lines of all that it started and that is there yet."""
        found = []
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if self.mark.encode() in path.read_bytes():
                    found.append((path.parent / "cmdline").read_text().replace("\0", " ")[:80])
            except OSError:
                pass
        return found

    def files(self):
        return [
            os.path.join(folder, name)
            for folder, folders, files in os.walk(self.temporary)
            for name in (*folders, *files)
        ]

    def writers(self):
        """Those that could change the site: all but the shell that clears up, which takes its seconds."""
        clearing = {"sh", "cat", "rm", "sleep"}
        return [command for command in self.alive() if command.split(" ")[0] not in clearing]

    def left(self, seconds=15):
        """Processes and temporary files that are there when time is up."""
        end = time.monotonic() + seconds
        while (left := [*self.alive(), *self.files()]) and time.monotonic() < end:
            time.sleep(0.1)
        if not left:
            self.temporary.rmdir()
        return left


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.05)


def main(out, run, names, seed, slots, kernel):
    """Run jobs as the command does, as a process of its own."""
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(
        signal.SIGINT, signal.default_int_handler
    )  # ignored where tests run in the background
    forked._MAIN = LIGHT
    made = jobs(Path(out), names.split(","), int(seed))
    print("go", flush=True)
    for result in pool.run_all(made, globals()[run], slots=int(slots), forks=kernel != "spawn"):
        print(result.name, result.status, result.error, flush=True)


if __name__ == "__main__":
    import engine_runs  # workers know what they run by this name

    engine_runs.main(*sys.argv[1:])
