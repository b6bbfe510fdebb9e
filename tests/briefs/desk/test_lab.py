"""JupyterLab in a language, and in a browser."""

import json

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
def jupyterlab(start_lab, tmp_path):
    """Start JupyterLab on a copy of the notebooks; give its address and token."""
    return start_lab(lab.working_copy("en", tmp_path / "copy"), project().root)


def test_a_project_is_served_from_its_root_and_its_jobs_go_to_what_is_built(tmp_path):
    here = project()
    words = lab.command(here.notebooks, ["--no-browser"])
    assert f"--ServerApp.root_dir={here.root}" in words and words[-1] == "--no-browser"
    assert f"--FileContentsManager.preferred_dir={here.notebooks}" in words
    assert "--BaseScheduler.output_directory=reports/jobs" in words
    assert "--BaseScheduler.output_directory=jobs" in lab.command(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("report", REPORTS)
def test_all_cells_run_in_jupyterlab_and_dollars_are_no_mathematics(jupyterlab, open_page, report):
    page, shown = run_all(open_page, jupyterlab, report)
    assert shown.locator(".jp-RenderedHTML").count() >= 8  # the overview has that many
    assert shown.locator("mjx-container").count() == 0
    cell = shown.locator(".jp-RenderedHTML").first.bounding_box()["width"]
    figures = shown.locator("img[src^='data:image/svg']")
    assert figures.count()
    for figure in figures.all():
        assert figure.bounding_box()["width"] > 0.9 * cell and figure.get_attribute("alt")
    assert page.get_by_role("button", name="Run the cells below").is_visible()


def run_all(open_page, server, report):
    """Open a notebook and run all its cells; give the page, and the notebook on it."""
    address, token = server
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
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").count() == 0
    return page, page.locator(".jp-Notebook")


@pytest.mark.slow
def test_a_form_runs_the_cells_below_again_and_their_outputs_change_in_place(jupyterlab, open_page):
    page, shown = run_all(open_page, jupyterlab, "regulatory-outlook")
    outputs = shown.locator(".jp-OutputArea-child").count()
    before = shown.locator("h4").all_text_contents()
    page.get_by_label("weighting").select_option("stringency")
    page.get_by_role("button", name="Run the cells below").click()
    page.get_by_text("Cells run again:").wait_for(timeout=120_000)
    page.wait_for_function(
        "before => [...document.querySelectorAll('.jp-Notebook h4')].some((h, i) => h.textContent !== before[i])",
        arg=before,
    )
    after = shown.locator("h4").all_text_contents()
    assert len(after) == len(before) and after != before
    rest = shown.locator(".widget-accordion .jp-OutputArea-child").count()
    assert shown.locator(".jp-OutputArea-child").count() - rest == outputs
    tries = shown.locator(".brief-table", has_text="as opened")
    assert "weighting=stringency" in tries.inner_text() and "regulation-1" in tries.inner_text()
