"""Forked kernels: as warm as promised, and in everything else like any other kernel."""

import json
import os
import signal
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from briefs import parameters
from briefs.engine import kernels, plan, runner
from briefs.engine.kernels import common, forked, warm as warm_module
from briefs.project import project

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux forks safely"
)


@pytest.fixture(scope="module")
def warm():
    """Give this process a warm one to fork from, as a worker inherits it."""
    before, made = forked._warm, forked.WarmProcess()
    forked._warm = made
    yield made
    forked._warm = before
    made.close()


@pytest.fixture
def run(warm, tmp_path):
    """Execute cells in a kernel of either kind; return what they print."""

    def execute(*sources, forks=True, **limits):
        kernels.configure(kernels.Limits(**limits), forks=forks)
        nb = new_notebook(
            cells=[new_code_cell(source) for source in sources], metadata={"papermill": {}}
        )
        nb = nbformat.from_dict(nb)
        kernels.execute(nb, tmp_path)
        return "".join(output.get("text", "") for cell in nb.cells for output in cell.outputs)

    yield execute
    kernels.configure(kernels.Limits())


STATE = """
import json, locale, logging, os, resource, signal, sys, threading, time, warnings
import matplotlib
environment = {name: value for name, value in os.environ.items()
               if name not in ("IPYTHONDIR", "TMPDIR", "JPY_PARENT_PID", "CONNECTION_FILE")}
print(json.dumps({
    "env": environment, "cwd": os.getcwd(), "path": sys.path, "argv": [a for a in sys.argv if "json" not in a],
    "flags": str(sys.flags), "hash": hash("a"), "filters": [str(f) for f in warnings.filters],
    "main": sys.modules["__main__"].__name__,
    "backend": matplotlib.get_backend(), "locale": str(locale.getlocale()), "zone": time.tzname,
    "signals": {str(n): str(signal.getsignal(n)).split(" at ")[0] for n in (2, 15, 17, 13)}, "umask": os.umask(0o22),
    "rc": repr(sorted(matplotlib.rcParams.items(), key=str)),
    "limit": resource.getrlimit(resource.RLIMIT_DATA), "leader": os.getpid() == os.getsid(0),
    "log": logging.getLogger().level, "names": sorted(globals())}, default=str))
"""


def test_a_forked_kernel_finds_what_an_ordinary_one_does(run):
    """Environment, folder, path, arguments, hash seed, filters of warnings, signals, settings of matplotlib."""
    forks, ordinary = (json.loads(run(STATE, forks=forks)) for forks in (True, False))
    assert set(ordinary.pop("filters")) <= set(
        forks.pop("filters")
    )  # those of what is imported are there already
    assert forks == ordinary
    assert forks["env"]["OMP_NUM_THREADS"] == "1"


def test_it_is_a_fork_with_everything_imported(run, warm):
    print_parent = "import os, sys; print(os.getppid(), 'statsmodels.api' in sys.modules or 'scipy' in sys.modules)"
    assert run(print_parent).split() == [str(warm._process.pid), "True"]
    assert run(print_parent, forks=False).split() == [str(os.getpid()), "False"]


def test_each_serves_one_run_and_draws_its_own_random_numbers(run):
    draw = "import numpy, random, uuid, os; print(numpy.random.rand(), random.random(), uuid.uuid4(), os.getpid())"
    first, second = run(draw).split(), run(draw).split()
    assert not set(first) & set(second)
    assert run("x = 1", "print('x' in globals())") == "True\n"
    assert run("print('x' in globals())") == "False\n"


def test_its_memory_is_limited(run):
    assert "MemoryError" in run(
        "try:\n    b = bytearray(2**31)\nexcept MemoryError as e:\n    print(repr(e))", memory=2**30
    )


def test_all_that_a_kernel_started_ends_with_it(run, tmp_path):
    pid = int(run("import subprocess; print(subprocess.Popen(['sleep', '300']).pid)"))
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.05)
    pytest.fail("it still runs")


CELLS = (
    'print("a"); print("b", end="")',
    'import sys; print("wrong", file=sys.stderr)',
    "1 + 1",
    "None",
    "_, In[3], Out[3]",
    "print(1); print(2, file=sys.stderr); sys.stdout.flush(); sys.stderr.flush()",
    "sys.stdout.isatty()",
    'import subprocess; _ = subprocess.run(["echo", "from a program"])',
    "!echo from a shell",
    '%%capture kept\nprint("kept back")',
    "kept.stdout",
    "get_ipython().kernel is not None",
    "from IPython.display import HTML, SVG, Markdown, clear_output, display, update_display",
    'display(HTML("<b>x</b>"), display_id="d"); display({"a": 1})',
    'update_display(HTML("<i>y</i>"), display_id="d")',
    'print("gone"); clear_output(); print("stays")',
    'print("gone"); clear_output(wait=True); display(Markdown("# t"))',
    "import numpy as np, datetime",
    "display({'application/json': {'n': np.int64(3), 'd': datetime.date(2025, 1, 1)}}, raw=True)",
    "SVG(\"<svg xmlns='http://www.w3.org/2000/svg'/>\")",
    "import pandas as pd; pd.DataFrame({'a': [1.5, np.nan]})",
    "import matplotlib.pyplot as plt; plt.plot([1, 2]); plt.show()",
    "fig, ax = plt.subplots()",
    "import asyncio; await asyncio.sleep(0.01); asyncio.get_running_loop().is_running()",
    "import logging; logging.warning('logged')",
    "from comm import create_comm; _ = create_comm(target_name='t')",
    "input('name? ')",
    "1 / 0",
    "x =",
    "raise SystemExit(3)",
    "%no_such_magic",
    "%matplotlib inline\n'again'",
)


def joined(cell):
    """Put together what an ordinary kernel on a busy machine sends in pieces."""
    outputs = []
    for output in cell.get("outputs", ()):
        if outputs and output.get("name") and outputs[-1].get("name") == output.name:
            outputs[-1].text += output.text
        else:
            outputs.append(output)
    return {**cell, "outputs": outputs}


def test_what_cells_leave_is_the_same(warm, tmp_path, monkeypatch):
    """Streams, results, displays and their updates, pictures, errors, magics, coroutines, questions."""
    monkeypatch.delenv(
        "PYTEST_CURRENT_TEST"
    )  # ipykernel doesn't take what other programs print when it is set

    def executed(forks):
        kernels.configure(kernels.Limits(), forks=forks)
        cells = [
            new_code_cell(source, id=f"c{number}", metadata={"tags": ["raises-exception"]})
            for number, source in enumerate(CELLS)
        ]
        nb = nbformat.from_dict(new_notebook(cells=cells, metadata={"papermill": {}}))
        try:
            return kernels.tidy(kernels.execute(nb, tmp_path))
        finally:
            kernels.configure(kernels.Limits())

    forks, ordinary = executed(True), executed(False)
    nbformat.validate(forks)
    assert all(
        cell.outputs
        for cell in ordinary.cells
        if cell.source.startswith(("print", "1", "display", "!"))
    )
    for one, other in zip(map(joined, forks.cells), map(joined, ordinary.cells), strict=True):
        assert one == other, one["source"]
    assert forks.metadata == ordinary.metadata


@pytest.mark.parametrize(
    ("sources", "ran"),
    [
        (("x = 1", "1 / 0", "print('after')"), 2),
        (("exit()", "print('after')"), None),
        (("import os; os._exit(0)", "print('after')"), None),
        (("import os; os.kill(os.getpid(), 11)",), None),
    ],
)
def test_nothing_runs_after_a_failure_or_an_end(run, sources, ran):
    if ran is None:
        with pytest.raises(common.KernelDied, match="died"):
            run(*sources)
    else:
        assert run(*sources) == ""


def test_the_last_words_of_a_kernel_are_kept(run):
    with pytest.raises(common.KernelDied, match=r"died: no way on$"):
        run("import os; os.write(2, b'so far\\nno way on\\n'); os._exit(1)")


def test_a_kernel_that_takes_too_long_is_ended(run):
    with pytest.raises(common.TimedOut, match=r"not done after 0\.5 seconds"):
        run("import time; time.sleep(60)", timeout=0.5)


def test_without_a_warm_process_ordinary_kernels_do(run, monkeypatch, warm):
    monkeypatch.setattr(forked, "sys", SimpleNamespace(platform="darwin"))
    monkeypatch.setattr(forked, "_warm", None)
    assert run("import os; print(os.getppid())") == f"{os.getpid()}\n"


@pytest.fixture(scope="module")
def executed(warm):
    """Execute a notebook of the project in a kernel of either kind."""

    def execute(report, forks):
        kernels.configure(kernels.Limits(), forks=forks)
        try:
            job = plan.Job(
                report,
                parameters.parse(report, {"n_boot": 100}),
                project().notebook(report),
                Path("nowhere"),
            )
            return nbformat.writes(runner.execute(job))
        finally:
            kernels.configure(kernels.Limits())

    return execute


@pytest.mark.slow
@pytest.mark.parametrize(
    "report", ["cost-revolution", "market-impact"]
)  # test_reproducible has the others
def test_both_kinds_of_kernel_give_the_same_bytes(executed, report):
    assert executed(report, forks=True) == executed(report, forks=False)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
            "2 threads are running",
        ),
        ("import warnings\nwarnings.warn('mind')", "importing gave a warning: mind"),
        ("raise ValueError('broken')", "ValueError: broken"),
    ],
)
def test_a_process_that_is_unfit_is_not_forked(tmp_path, monkeypatch, code, reason):
    (tmp_path / "unfit.py").write_text(code)
    nbformat.write(new_notebook(cells=[new_code_cell("import unfit")]), tmp_path / "a.ipynb")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = _started(monkeypatch, tmp_path)
    for _ in range(2):
        with pytest.raises(forked.WarmProcessError, match=f"^{reason}$"):
            made.fork(print)


def _started(monkeypatch, notebooks):
    light = "w.WORKER, w.KERNEL, w.read, w.rehearse = (), (), int, int"
    monkeypatch.setattr(
        forked, "_MAIN", f"from briefs.engine.kernels import warm as w; {light}; w.main()"
    )
    return forked.WarmProcess(notebooks)


def test_a_stopped_process_is_asked_once_and_ended(tmp_path, monkeypatch):
    made = _started(monkeypatch, tmp_path)
    made.fork(print).close()
    os.kill(made._process.pid, signal.SIGSTOP)
    monkeypatch.setattr(forked, "_ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(forked, "_END_SECONDS", 0.1)
    for reason in ("hasn't answered for 0.1 seconds", "has ended"):
        with pytest.raises(forked.WarmProcessError, match=reason):
            made.fork(print)
    made.close()
    assert made._process.returncode == -signal.SIGKILL


def test_for_one_notebook_only_what_its_kernel_needs_is_imported(tmp_path, monkeypatch):
    for name, statement in (("a", "import wave"), ("b", "import chunked_wave")):
        (tmp_path / "chunked_wave.py").write_text("raise ValueError('of the other notebook')")
        nbformat.write(new_notebook(cells=[new_code_cell(statement)]), tmp_path / f"{name}.ipynb")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = _started(monkeypatch, tmp_path / "a.ipynb")
    with made.fork(_tell_modules) as told:
        loaded = told.recv()
    made.close()
    assert "wave" in loaded and "briefs.render.document" not in loaded


def _tell_modules(connection):
    connection.send(list(sys.modules))


def test_the_imports_of_notebooks_are_found(tmp_path):
    cells = [
        new_code_cell("%matplotlib inline\nimport os"),
        new_code_cell("import json as j, email.mime.text"),
        new_code_cell(
            "from analysis import cost, params\nfrom os import path, sep\nimport no_such_module_at_all"
        ),
    ]
    nbformat.write(new_notebook(cells=cells), tmp_path / "a.ipynb")
    assert list(warm_module.imports(tmp_path)) == [
        "import json as j, email.mime.text",
        "from analysis import cost, params",
        "from os import path, sep",
        "import no_such_module_at_all",
    ]
