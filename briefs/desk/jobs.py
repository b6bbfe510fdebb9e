"""Reports on JupyterLab's page of jobs: parameters checked, our HTML and PDF made (extra ``scheduler``).

`lab` starts JupyterLab with these. Elsewhere they are named in the configuration of the server:
``SchedulerApp.scheduler_class = "briefs.desk.jobs.Scheduler"`` and
``SchedulerApp.environment_manager_class = "briefs.desk.jobs.Environments"``. Notebooks that aren't
reports of the project run as they would without.
"""

from pathlib import Path
from typing import Any

import nbformat
from jupyter_scheduler.environments import CondaEnvironmentManager
from jupyter_scheduler.exceptions import SchedulerError
from jupyter_scheduler.executors import DefaultExecutionManager
from jupyter_scheduler.scheduler import Scheduler as DefaultScheduler
from traitlets import Type, default

from briefs.engine import runner
from briefs.engine.plan import Job
from briefs.parameters import ParameterError, Parameters, parse, reports
from briefs.project import project
from briefs.render.exporters import BriefHTMLExporter, BriefPDFExporter

FORMATS = {"html": "Brief (HTML)", "pdf": "Brief (PDF)", "ipynb": "Notebook"}


def checked(filename: str, given: dict[str, str] | None) -> Parameters | None:
    """Return the parameters of a job, texts with or without quotes; None where the notebook is no report."""
    report = Path(filename).stem
    if report not in reports():
        return None
    return parse(report, {name: text.strip(" '\"") for name, text in (given or {}).items()})


class Environments(CondaEnvironmentManager):
    """The environments that there are, with our formats."""

    def list_environments(self) -> list[Any]:
        formats = {"output_formats": list(FORMATS)}
        return [found.copy(update=formats) for found in super().list_environments()]

    def output_formats_mapping(self) -> dict[str, str]:
        return dict(FORMATS)


class Run(DefaultExecutionManager):
    """Runs a report as a build does, and writes it in the formats that were asked for."""

    def execute(self) -> None:
        job = self.model
        parameters = checked(job.input_filename, job.parameters)
        if parameters is None:
            super().execute()
            return
        notebook = Path(self.staging_paths["input"])
        asked = Job(parameters.report, parameters, notebook, notebook.parent)
        nb = runner.execute(asked, project().notebooks)
        made = {
            "ipynb": nbformat.writes,
            "html": lambda nb: BriefHTMLExporter().from_notebook_node(nb)[0],
            "pdf": lambda nb: BriefPDFExporter().from_notebook_node(nb)[0],
        }
        for name in job.output_formats:
            content = made[name](nb)
            data = content.encode() if isinstance(content, str) else content
            Path(self.staging_paths[name]).write_bytes(data)


class Scheduler(DefaultScheduler):
    """Refuses a job, or the definition of a recurring one, whose parameters aren't right."""

    execution_manager_class = Type(
        klass="jupyter_scheduler.executors.ExecutionManager", config=True, help="What runs a job."
    )

    @default("execution_manager_class")
    def _runs(self) -> type:
        return Run

    def create_job(self, model: Any) -> str:
        _check(model)
        return super().create_job(model)

    def create_job_definition(self, model: Any) -> str:
        _check(model)
        return super().create_job_definition(model)


def _check(model: Any) -> None:
    try:
        checked(model.input_filename, model.parameters)
    except ParameterError as error:
        raise SchedulerError(str(error)) from None
