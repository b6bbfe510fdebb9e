"""Nothing that a notebook started outlives it, in whatever way it left."""

import os
import subprocess
import sys
import time
import uuid
from contextlib import suppress
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from briefs.engine import kernels
from briefs.engine.kernels import forked, orphans

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux gives orphans to who asks for them"
)

SLEEP = "[sys.executable, '-c', 'import time; time.sleep(600)', mark]"
DAEMON = "os.fork() or (os.setsid(), os.fork() or time.sleep(600), os._exit(0))"
DEAF = "[signal.signal(n, signal.SIG_IGN) for n in (1, 2, 15)]"
LEFT = {
    "child": f"subprocess.Popen({SLEEP})",
    "session": f"subprocess.Popen({SLEEP}, start_new_session=True)",
    "bare": f"subprocess.Popen({SLEEP}, start_new_session=True, env={{}}, cwd='/')",
    "orphan": "os.fork() or (os.fork() or time.sleep(600), os._exit(0))",
    "daemon": DAEMON,
    "deaf": f"{DEAF}, {DAEMON}",
    "chain": "[os.fork() or os.setsid() for _ in range(3)], os.getpid() == me or time.sleep(600)",
    "nohup": "os.system(f'nohup setsid sh -c \"sleep 600; : {mark}\" >/dev/null 2>&1 &')",
    "death": f"{DAEMON}; time.sleep(0.3); os._exit(3)",
    "killed": f"{DAEMON}; time.sleep(0.3); os.kill(me, 9)",
    "failure": f"{DAEMON}; 1 / 0",
    "late": f"{DAEMON}; time.sleep(600)",
}
QUICK = ("daemon", "death")


def running(mark):
    """Processes that came from the notebook with this mark: in their arguments, or of a file that they hold."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (folder / "cmdline").read_text()
            held = [os.readlink(link) for link in (folder / "fd").iterdir()]
            if mark in command or any(mark in path for path in held):
                found.append((folder.name, command))
    return [one for one in found if one[0] != str(os.getpid())]


@pytest.fixture(scope="module", params=[True, False], ids=["forked", "ordinary"])
def forks(request):
    before, made = forked._warm, forked.WarmProcess() if request.param else None
    forked._warm = made
    yield request.param
    forked._warm = before
    if made:
        made.close()


@pytest.mark.parametrize(
    "what", [w if w in QUICK else pytest.param(w, marks=pytest.mark.slow) for w in LEFT]
)
def test_what_a_notebook_leaves_running_ends_with_it(forks, what, tmp_path):
    mark = uuid.uuid4().hex
    source = (
        "import os, signal, subprocess, sys, time\n"
        f"mark, me, held = {mark!r}, os.getpid(), open({str(tmp_path / mark)!r}, 'w')\n{LEFT[what]}"
    )
    nb = nbformat.from_dict(new_notebook(cells=[new_code_cell(source)], metadata={"papermill": {}}))
    kernels.configure(kernels.Limits(timeout=5 if what == "late" else None), forks=forks)
    try:
        kernels.execute(nb, tmp_path)
    except (kernels.common.KernelDied, kernels.common.TimedOut):
        assert what in ("death", "killed", "late")
    finally:
        kernels.configure(kernels.NO_LIMITS)
    end = time.monotonic() + 5  # the warm process does it, after it has said how the kernel ended
    while (left := running(mark)) and time.monotonic() < end:
        time.sleep(0.05)
    assert left == []
    assert (tmp_path / mark).exists()


def test_what_was_there_before_stays():
    before = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with orphans.adopting():
        inner = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert before.poll() is None
    before.communicate()
    inner.communicate()
    assert inner.returncode is not None
