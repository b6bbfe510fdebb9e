"""Reports on JupyterLab's page of jobs: the real extension, asked as its page asks."""

import json
import shutil
import time
import warnings
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import nbformat
import pytest

from analysis.params import CostRevolution
from briefs.project import project

with warnings.catch_warnings():  # jupyter-scheduler uses what SQLAlchemy no longer needs
    warnings.simplefilter("ignore", DeprecationWarning)
    from briefs.desk import jobs

FORMATS = ["html", "pdf", "ipynb"]


@pytest.fixture
def server(start_lab, sample_project, tmp_path, monkeypatch):
    """Start JupyterLab on the sample project; give its address and token."""
    shutil.copytree(sample_project, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return start_lab(project().notebooks, tmp_path / "project")


@pytest.fixture
def page(server):
    """Return what asks the page of jobs of the sample project."""
    address, token = server

    def ask(path, content=None):
        data = None if content is None else json.dumps(content).encode()
        headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
        with urlopen(Request(f"{address}scheduler/{path}", data, headers)) as answer:
            return json.loads(answer.read() or "null")

    return ask


def request(**changes):
    return {
        "name": "Cycling",
        "input_uri": "notebooks/cycling.ipynb",
        "runtime_environment_name": "python3",
        "output_formats": FORMATS,
        **changes,
    }


def finished(page, job):
    """Wait until a job has ended; one that hasn't begun is called stopped."""
    end = time.monotonic() + 180
    while (found := page(f"jobs/{job}"))["status"] not in ("COMPLETED", "FAILED"):
        assert time.monotonic() < end, found
        time.sleep(0.3)
    return found


def files(found):
    """What a job left, by format."""
    (staged,) = Path("../jupyter/data/scheduler_staging_area").glob(found["job_id"])
    return {path.suffix[1:]: path for path in staged.iterdir() if path.name != "cycling.ipynb"}


@pytest.mark.slow
def test_a_job_makes_the_brief_with_its_parameters_in_our_formats(page):
    (environment,) = page("runtime_environments")
    assert [found["name"] for found in environment["output_formats"]] == FORMATS
    asked = request(
        runtime_environment_name=environment["name"], parameters={"as_of": '"2025-12-31"'}
    )
    found = finished(page, page("jobs", asked)["job_id"])
    assert found["status"] == "COMPLETED", found["status_message"]
    made = files(found)
    assert "31 December 2025" in made["html"].read_text("utf-8")
    assert made["pdf"].read_bytes().startswith(b"%PDF")
    run = nbformat.read(made["ipynb"], 4)
    assert any('as_of = "2025-12-31"' in cell.source for cell in run.cells)


@pytest.mark.slow
def test_a_misspelt_parameter_is_refused_and_so_is_the_definition_of_a_recurring_job(page):
    wrong = request(parameters={"as-of": "2025-12-31"})
    for kind in ("jobs", "job_definitions"):
        with pytest.raises(HTTPError) as refused:
            page(kind, wrong | {"schedule": "0 6 1 * *"} if kind != "jobs" else wrong)
        assert "did you mean as_of?" in json.loads(refused.value.read())["message"]
        assert page(kind)["total_count"] == 0


@pytest.mark.slow
def test_a_definition_with_a_schedule_makes_jobs_with_its_parameters(page):
    monthly = request(
        parameters={"as_of": "2025-12-31"}, schedule="0 6 1 * *", timezone="Asia/Kuala_Lumpur"
    )
    name = page("job_definitions", monthly)["job_definition_id"]
    (stored,) = page("job_definitions")["job_definitions"]
    assert (stored["schedule"], stored["active"]) == ("0 6 1 * *", True)
    found = finished(page, page(f"job_definitions/{name}/jobs", {})["job_id"])
    assert found["status"] == "COMPLETED", found["status_message"]
    assert "31 December 2025" in files(found)["html"].read_text("utf-8")


@pytest.mark.slow
@pytest.mark.browser
def test_on_its_page_a_misspelt_parameter_is_refused_and_once_mended_the_job_leaves_files(
    server, open_page
):
    address, token = server
    shown = open_page(f"{address}lab/tree/notebooks/cycling.ipynb?token={token}", width=1400)
    shown.locator("[data-command='scheduling:create-from-notebook']").first.click(timeout=60_000)
    shown.get_by_role("button", name="Add new parameter").click()
    for part, text in (("name", "as_off"), ("value", "2025-12-31")):
        shown.locator(f"[name=parameter-0-{part}]").fill(text)
        shown.keyboard.press("Tab")
    end = time.monotonic() + 180
    create = shown.get_by_role("button", name="Create", exact=True)

    def create_until(wanted):
        """Press the button, again where the form was just drawn anew under it."""
        while not wanted.count():
            assert time.monotonic() < end
            if create.count() and create.is_enabled():
                create.click()
            shown.wait_for_timeout(1000)

    create_until(shown.get_by_role("alert").get_by_text("did you mean as_of?"))
    shown.locator("[name=parameter-0-name]").fill("as_of")
    shown.keyboard.press("Tab")
    reload, done = shown.get_by_role("button", name="Reload"), shown.get_by_text("Completed")
    create_until(reload)
    while not done.count():
        assert not shown.get_by_text("Failed").count() and time.monotonic() < end
        reload.click()
        shown.wait_for_timeout(500)
    shown.get_by_role("button", name="download").click()
    while {path.suffix[1:] for path in Path("reports/jobs").glob("*/cycling-*")} != set(FORMATS):
        assert time.monotonic() < end
        shown.wait_for_timeout(100)
    (html,) = Path("reports/jobs").glob("*/cycling-*.html")
    assert "31 December 2025" in html.read_text("utf-8")


def test_texts_of_a_form_are_taken_with_or_without_quotes():
    given = {"currency": '"MYR"', "threshold": "65", "scenarios": '["trend", "flat"]'}
    assert jobs.checked("cost-revolution.ipynb", given) == CostRevolution(
        currency="MYR", threshold=65, scenarios=["trend", "flat"]
    )


def test_another_notebook_is_no_report():
    assert jobs.checked("mine.ipynb", {"anything": "1"}) is None
