"""JupyterLab in a language, and in a browser."""

import json
import os
import subprocess
import sys
import time

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from typer.testing import CliRunner

from analysis.params import REPORTS
from briefs.__main__ import app
from briefs.desk import lab
from briefs.display import i18n
from briefs.display.messages import pseudo
from briefs.engine.notebooks import defaults
from briefs.parameters import injected, parse
from briefs.project import project
from briefs.values import PSEUDO


def test_prose_is_translated_and_the_language_set():
    parameters = new_code_cell('language = "en"\nas_of = "2026-11-23"')
    asked = parse("overview", {"language": PSEUDO})
    parameters.metadata["tags"] = ["parameters"]
    book = new_notebook(
        cells=[
            new_markdown_cell("# Title\n\nSome words.\n\n- item"),
            parameters,
            new_code_cell('language = "x"'),
        ]
    )
    lab.translate(book, "overview", PSEUDO)
    assert (
        book.cells[0].source
        == f"# {pseudo('Title')}\n\n{pseudo('Some words.')}\n\n- {pseudo('item')}"
    )
    lines = book.cells[1].source.splitlines()
    assert lines[0].startswith(f'language: str = "en-XA"  # {pseudo("Language of the brief.")} ')
    assert defaults(book.cells[1].source) == injected(asked)
    assert book.cells[2].source == 'language = "x"'
    assert i18n.language() == "en"


def test_a_working_copy_leaves_the_notebooks_alone(tmp_path):
    before = {report: project().notebook(report).read_bytes() for report in REPORTS}
    folder = lab.working_copy(PSEUDO, tmp_path / "copy")
    assert {path.stem for path in folder.iterdir()} == set(REPORTS)
    assert before == {report: project().notebook(report).read_bytes() for report in REPORTS}
    for report in REPORTS:
        copy, original = (
            json.loads(text) for text in ((folder / f"{report}.ipynb").read_bytes(), before[report])
        )
        assert [cell["cell_type"] for cell in copy["cells"]] == [
            cell["cell_type"] for cell in original["cells"]
        ]
        assert [cell["id"] for cell in copy["cells"]] == [cell["id"] for cell in original["cells"]]
        plain = [cell for cell in original["cells"] if cell["cell_type"] == "markdown"]
        assert not [
            cell for cell in plain if cell["source"] in [other["source"] for other in copy["cells"]]
        ]


def test_a_working_copy_in_english_is_the_same_prose(tmp_path):
    folder = lab.working_copy("en", tmp_path)
    for report in REPORTS:
        copy, original = (
            json.loads(path.read_text("utf-8"))
            for path in (folder / f"{report}.ipynb", project().notebook(report))
        )
        assert ["".join(cell["source"]) for cell in copy["cells"]] == [
            "".join(cell["source"]) for cell in original["cells"]
        ]


@pytest.mark.parametrize("language, copied", [("en", False), (PSEUDO, True)])
def test_the_command_opens_the_lab_in_a_language(monkeypatch, tmp_path, language, copied):
    opened = []
    monkeypatch.setattr(
        lab, "start", lambda folder, arguments: opened.append((folder, list(arguments))) or 0
    )
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    found = CliRunner().invoke(app, ["lab", "--language", language, "--", "--no-browser"])
    assert found.exit_code == 0, found.output
    ((folder, arguments),) = opened
    assert arguments == ["--no-browser"]
    assert (folder != project().notebooks) == copied
    assert (folder / "overview.ipynb").is_file()


def test_the_command_refuses_a_language_that_there_is_not():
    found = CliRunner().invoke(app, ["lab", "--language", "fr"])
    assert found.exit_code == 2
    assert "'fr' is not one of en, ms" in found.output


@pytest.fixture
def jupyterlab(tmp_path):
    """Start JupyterLab on a copy of the notebooks, with settings of its own; give its address and token."""
    settings = (
        tmp_path / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    )
    settings.parent.mkdir(parents=True)
    settings.write_text('{"windowingMode": "none"}')  # else only the cells in view are there
    runtime = tmp_path / "runtime"
    env = {
        **os.environ,
        "PYTHONPATH": str(project().root),
        "JUPYTERLAB_SETTINGS_DIR": str(tmp_path / "settings"),
        "JUPYTER_RUNTIME_DIR": str(runtime),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    with open(tmp_path / "log", "wb") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "jupyter",
                "lab",
                str(lab.working_copy("en", tmp_path / "copy")),
                "--no-browser",
                "--allow-root",
                "--ip=127.0.0.1",
                "--port=0",
                "--LabApp.news_url=None",
                "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
            ],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            end = time.monotonic() + 60
            while not (found := list(runtime.glob("jpserver-*.json"))):
                assert process.poll() is None and time.monotonic() < end, (
                    tmp_path / "log"
                ).read_text()
                time.sleep(0.1)
            server = json.loads(found[0].read_text())
            yield server["url"], server["token"]
        finally:
            process.terminate()
            process.wait(30)


@pytest.mark.slow
@pytest.mark.parametrize("report", REPORTS)
def test_all_cells_run_in_jupyterlab_and_dollars_are_no_mathematics(jupyterlab, open_page, report):
    address, token = jupyterlab
    page = open_page(f"{address}lab/tree/{report}.ipynb?token={token}", width=1400, height=1000)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator("li[data-command='runmenu:run-all']").click()
    page.wait_for_function(
        """() => [...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')]
        .every(prompt => /^\\[\\d+\\]:$/.test(prompt.textContent))""",
        timeout=120_000,
    )
    shown = page.locator(".jp-Notebook")
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    assert shown.locator(".jp-RenderedHTML").count() >= 8  # the overview has that many
    assert shown.locator("mjx-container").count() == 0
