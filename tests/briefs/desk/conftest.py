"""JupyterLab, started as `briefs lab` does, with settings of its own."""

import json
import os
import subprocess
import time
from contextlib import ExitStack, contextmanager
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from briefs.desk import lab
from briefs.project import TOOL

QUIET = (
    "--no-browser",
    "--allow-root",
    "--ip=127.0.0.1",
    "--port=0",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)


def _answers(url):
    try:
        with urlopen(f"{url}api"):
            return True
    except URLError:
        return False


@contextmanager
def _running(own, folder, working):
    """Run JupyterLab on a folder; its own files are in another. Give its address and token."""
    settings = (
        own / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    )
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}')  # else only the cells in view are there
    env = {
        **os.environ,
        "PYTHONPATH": str(TOOL.parent),
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_DATA_DIR": str(own / "data"),
        "IPYTHONDIR": str(own / "ipython"),
    }
    log = own / "log"
    with log.open("wb") as written:
        process = subprocess.Popen(
            lab.command(folder, QUIET),
            env=env,
            cwd=working,
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
        )
        try:
            end = time.monotonic() + 120
            while not (found := list((own / "runtime").glob("jpserver-*.json"))):
                assert process.poll() is None and time.monotonic() < end, log.read_text()
                time.sleep(0.1)
            server = json.loads(found[0].read_text())
            while not _answers(server["url"]):  # it says where it is before it listens
                assert process.poll() is None and time.monotonic() < end, log.read_text()
                time.sleep(0.1)
            yield server["url"], server["token"]
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:  # its own way of ending can hang while it starts
                process.kill()
                process.wait()


@pytest.fixture
def start_lab(tmp_path):
    """Return what starts JupyterLab on a folder, from another that is worked in."""
    with ExitStack() as stack:
        yield lambda folder, working: stack.enter_context(
            _running(tmp_path / "jupyter", folder, working)
        )
