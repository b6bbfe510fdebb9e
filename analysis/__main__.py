"""The ``briefs`` command.

Only typer is imported up here: ``briefs --help`` answers at once, and each verb imports
what it needs. Exit status: 0 all well, 1 something failed, 2 the request was wrong.
"""

import json
import signal
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from analysis.publish.plan import Job, Result

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Evidence briefs from parameterized notebooks.")


Reports = Annotated[list[str] | None, typer.Argument(metavar="[REPORT]...", help="All when none is named.")]
Pairs = Annotated[list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="Set a parameter.")]
ParamsFile = Annotated[Path | None, typer.Option(metavar="FILE", help="Parameters in YAML or JSON; -p overrides them.")]
Formats = Annotated[str, typer.Option(help="What to render.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Folder of the site.", show_default="reports/site")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else there.")]


@app.command()
def build(
    reports: Reports = None, param: Pairs = None, params_file: ParamsFile = None, formats: Formats = "html,pdf",
    out: Out = None, as_json: Json = False,
) -> None:
    """Run notebooks and publish each as HTML and PDF with its results."""
    from analysis.params import ParameterError
    from analysis.publish import plan

    try:
        values = {**(plan.read_file(params_file) if params_file else {}), **plan.read_pairs(param or ())}
        out = out or plan.project_root() / "reports" / "site"
        jobs = plan.jobs(reports or (), values, plan.read_formats(formats), out)
    except (plan.PlanError, ParameterError) as error:
        _stop(error, 2)

    from analysis.publish import runner, site  # only now: it takes longer than to find a wrong parameter

    results = [_run(job, f"[{number}/{len(jobs)}]", runner.run) for number, job in enumerate(jobs, 1)]
    try:
        site.publish(out, results)
    except (OSError, site.SiteError) as error:
        _stop(error, 1)
    if as_json:
        typer.echo(json.dumps({"out": str(out), "reports": [result.to_json() for result in results]}, indent=2))
    if failed := sum(result.status == "failed" for result in results):
        _stop(f"{failed} of {len(results)} reports failed", 1)


@app.command()
def params(report: Annotated[str, typer.Argument(metavar="REPORT")], as_json: Json = False) -> None:
    """List the parameters of a report: name, type, default, range, unit, meaning."""
    from analysis.params import ParameterError, describe

    try:
        rows = describe(report)
    except ParameterError as error:
        _stop(error, 2)
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        default = ",".join(row["default"]) if isinstance(row["default"], list) else row["default"]
        unit = f" ({row['unit']})" if row["unit"] else ""
        allowed = f"; {row['allowed']}" if row["allowed"] else ""
        typer.echo(f"{row['name']:{width}}  {row['type']}{unit}; default {default}{allowed}")
        typer.echo(f"{'':{width}}  {row['meaning']}")


@app.command()
def check() -> None:
    """Hold evidence, claims and notebooks to their contracts; print every breach."""
    from analysis.params import REPORTS
    from analysis.publish import notebooks, plan

    problems = [*_evidence_problems()]
    try:
        for report in REPORTS:
            problems += notebooks.problems(plan.path_of(report), report)
    except plan.PlanError as error:
        problems.append(str(error))
    for problem in problems:
        typer.echo(problem)
    if problems:
        _stop(f"{len(problems)} problem{'s' * (len(problems) > 1)}", 1)
    typer.echo("evidence, claims and notebooks keep their contracts", err=True)


def _evidence_problems() -> list[str]:
    from analysis.evidence import catalog, claims

    problems = []
    for part in (catalog.check, claims.load_claims):
        try:
            found = part()
            problems += map(str, found) if part is catalog.check else ()
        except (catalog.EvidenceError, claims.ClaimError) as error:
            problems += str(error).splitlines()
    return problems


def _run(job: "Job", counter: str, run: Callable[["Job"], "Result"]) -> "Result":
    """Build one report and say so on stderr."""
    name = f"{counter} {job.place}"
    with _progress(f"{name} …"):
        result = run(job)
    outcome = result.error["text"] if result.error else f"built in {result.seconds:.1f} s"
    typer.echo(f"{name}: {'failed: ' if result.error else ''}{outcome}", err=True)
    return result


def _progress(message: str) -> AbstractContextManager[Any]:
    """A spinner on a terminal, nothing elsewhere: the plain line follows anyway."""
    from rich.console import Console

    console = Console(stderr=True)
    return console.status(message) if console.is_terminal else nullcontext()


def _stop(reason: object, code: int) -> NoReturn:
    """Say on stderr why this ends, and end with `code`."""
    for line in str(reason).splitlines():
        typer.echo(f"error: {line}", err=True)
    raise typer.Exit(code)


def main() -> None:
    """Run the command; a termination cleans up as Ctrl-C does, kernels and temporary folders included."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    app(prog_name="briefs")


if __name__ == "__main__":
    main()
