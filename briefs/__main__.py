"""The ``briefs`` command.

Only typer is imported up here: ``briefs --help`` answers at once, and each verb imports
what it needs. Exit status: 0 all well, 1 something failed, 2 the request was wrong.
"""

import json
import os
import signal
import sys
import tempfile
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from briefs.project import project

if TYPE_CHECKING:
    from briefs.engine.cache import Cache
    from briefs.engine.matrix import Request
    from briefs.engine.provenance import Sources

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Evidence briefs from parameterized notebooks.",
)


class Kernel(StrEnum):
    """How kernels start."""

    auto = "auto"
    fork = "fork"
    spawn = "spawn"


Reports = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[REPORT]...",
        help="Only these, with all their sets; the whole matrix when none is named.",
    ),
]
Pairs = Annotated[
    list[str] | None,
    typer.Option(
        "--param",
        "-p",
        metavar="NAME=VALUE",
        help="Set a parameter: then one set is built instead of the matrix.",
    ),
]
ParamsFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Parameters in YAML or JSON; -p overrides them.")
]
MatrixFile = Annotated[
    Path | None,
    typer.Option(
        "--matrix",
        metavar="FILE",
        help="Build the named sets of this file, YAML as notebooks/matrix.yml is, or CSV "
        "with the columns report, name and any parameters.",
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME",
        help="Only sets of this name or pattern; 'default' is the one without parameters. "
        "With -p, the name to publish under.",
    ),
]
Languages = Annotated[
    str,
    typer.Option(
        "--language", metavar="en,ms", help="Instead of those of the matrix.", show_default=False
    ),
]
Formats = Annotated[
    str,
    typer.Option(metavar="html,pdf", help="Instead of those of the matrix.", show_default=False),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of the site.", show_default="reports/site"),
]
Site = Annotated[
    str | None,
    typer.Option(
        "--out",
        metavar="DIR",
        help="Folder of the site.",
        show_default="reports/site",
    ),
]
Scheduler = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help="Have the reports made by the workers of this Dask scheduler, such as tcp://10.0.0.1:8786.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else there.")]
Jobs = Annotated[
    int | None, typer.Option(min=1, help="Reports at a time.", show_default="one for each core")
]
CacheDir = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        help="What was made before is kept here; can be deleted at any time.",
        show_default="reports/.cache",
    ),
]
Timeout = Annotated[
    float | None, typer.Option(min=0, metavar="SECONDS", help="What one report may take.")
]
Memory = Annotated[
    str,
    typer.Option(
        metavar="SIZE",
        help="What the kernel of one report may hold, such as 4G.",
        show_default=False,
    ),
]


@app.command()
def build(
    reports: Reports = None,
    param: Pairs = None,
    params_file: ParamsFile = None,
    matrix: MatrixFile = None,
    names: Names = None,
    language: Languages = "",
    formats: Formats = "",
    out: Site = None,
    force: Annotated[
        bool, typer.Option("--force", help="Build what is fresh too, without the cache.")
    ] = False,
    only_failed: Annotated[
        bool, typer.Option("--only-failed", help="Only what failed last time.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be built, and why.")
    ] = False,
    jobs: Jobs = None,
    scheduler: Scheduler = "",
    timeout: Timeout = None,
    memory: Memory = "",
    retries: Annotated[int, typer.Option(min=0, help="More attempts at a report that failed.")] = 0,
    kernel: Annotated[
        Kernel, typer.Option(help="Fork kernels from a warm process, or start each.")
    ] = Kernel.auto,
    cache: CacheDir = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="Use no cache.")] = False,
    cache_size: Annotated[
        str, typer.Option(metavar="SIZE", help="What the cache may take of the disk.")
    ] = "2G",
    profile: Annotated[bool, typer.Option("--profile", help="Print where the time went.")] = False,
    as_json: Json = False,
) -> None:
    """Run notebooks and publish each as HTML and PDF with its results.

    Only what is stale is built: `briefs status` says why. Without -p the sets are those of
    notebooks/matrix.yml, each in a folder of its own below its report's.
    """
    from briefs.desk import build as batch
    from briefs.engine import plan
    from briefs.engine.cache import read_size
    from briefs.parameters import ParameterError

    start = time.perf_counter()
    try:
        folder = _place(out)
        asked = _request(folder, reports, param, params_file, matrix, names, language, formats)
        kept = None if no_cache else _cache(cache, read_size(cache_size))
        options = batch.Options(
            force,
            only_failed,
            jobs or _cores(),
            timeout,
            retries,
            read_size(memory) if memory else None,
            kernel.value,
            kept,
            scheduler,
        )
        if not dry_run:
            plan.check_writable(folder)
        sources = _sources()
    except (plan.PlanError, ParameterError, ValueError) as error:
        _stop(error, 2)

    if dry_run:
        _tell_stale(asked, folder, sources, as_json, force=force, only_failed=only_failed)
        return
    from briefs.engine.progress import Progress, profile as profiled

    try:
        with Progress(asked.total) as progress:
            report = batch.build(asked.jobs(), folder, sources, options, progress, progress.started)
    except (
        OSError,
        ValueError,
    ) as error:  # of the pages around the reports: theirs are in their results
        _stop(error, 1)
    if as_json:
        typer.echo(
            json.dumps(
                {
                    "out": out or str(folder),
                    "seconds": round(time.perf_counter() - start, 3),
                    "counts": report.count(),
                    "reports": list(report.entries()),
                },
                indent=2,
            )
        )
    if profile:
        typer.echo(profiled(report.entries(), time.perf_counter() - start, options.slots), err=True)
    typer.echo(progress.summary(), err=True)
    if progress.failed:
        _stop(
            f"{progress.failed} of {progress.done} reports failed; build.json says how to repeat each",
            1,
        )


@app.command()
def status(
    reports: Reports = None,
    matrix: MatrixFile = None,
    names: Names = None,
    language: Languages = "",
    formats: Formats = "",
    out: Site = None,
    as_json: Json = False,
) -> None:
    """Say which reports are stale, and why."""
    from briefs.engine import plan
    from briefs.parameters import ParameterError

    try:
        folder = _place(out)
        asked = _request(folder, reports, None, None, matrix, names, language, formats)
        sources = _sources()
    except (plan.PlanError, ParameterError) as error:
        _stop(error, 2)
    _tell_stale(
        asked, folder, sources, as_json, None if reports or matrix or names or language else set()
    )


@app.command()
def doctor(out: Out = None, as_json: Json = False) -> None:
    """Say what this machine has and lacks."""
    from briefs.desk import doctor as doctors
    from briefs.engine import plan

    try:
        here = project()
        found = list(doctors.examine(here, out or here.reports / "site"))
    except plan.PlanError as error:
        _stop(error, 2)
    if as_json:
        typer.echo(json.dumps([vars(finding) for finding in found], indent=2))
    else:
        for finding in found:
            typer.echo(f"{finding.state:<4}  {finding.what:<9} {finding.text}")
    if any(finding.state == "bad" for finding in found):
        raise typer.Exit(1)


@app.command()
def params(report: Annotated[str, typer.Argument(metavar="REPORT")], as_json: Json = False) -> None:
    """List the parameters of a report: name, type, default, range, unit, meaning."""
    from briefs.parameters import ParameterError, describe

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
def check(
    site: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="Also check a built site: its links, and that no edition has changed.",
        ),
    ] = None,
) -> None:
    """Hold evidence, claims, notebooks and translations to their contracts; print every breach."""
    from briefs.desk import translations
    from briefs.engine import notebooks, plan
    from briefs.parameters import reports

    problems = [*_evidence_problems()]
    try:
        for report in reports():
            problems += notebooks.problems(project().notebook(report), report)
        problems += translations.all_problems()
        problems += _site_problems(site) if site else ()
    except plan.PlanError as error:
        problems.append(str(error))
    for problem in problems:
        typer.echo(problem)
    if problems:
        _stop(f"{len(problems)} problem{'s' * (len(problems) > 1)}", 1)
    typer.echo("evidence, claims, notebooks and translations keep their contracts", err=True)


@app.command()
def serve(
    reports: Reports = None,
    names: Names = None,
    language: Languages = "",
    formats: Formats = "html",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Folder of the preview.", show_default="reports/preview"),
    ] = None,
) -> None:
    """Show the site on this machine, build again what changes, and reload the open page.

    Without --set, only the sets with default parameters are built.
    """
    from briefs.desk import serve as preview
    from briefs.engine import plan

    try:
        here = project()
        out = out or here.reports / "preview"
        _request(out, reports, None, None, None, names or [plan.DEFAULT], language, formats)
        plan.check_writable(out)
    except (plan.PlanError, ValueError) as error:
        _stop(error, 2)
    words = [
        *(reports or ()),
        *(word for name in names or [plan.DEFAULT] for word in ("--set", name)),
        *(("--language", language) if language else ()),
        "--formats",
        formats,
    ]
    try:
        preview.Preview(out, preview.watched(here), preview.command(out, words), port).run(
            lambda url: typer.echo(f"{url} (Ctrl-C ends it)", err=True)
        )
    except OSError as error:
        _stop(f"port {port}: {error.strerror}; choose another with --port", 1)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command()
def lab(
    language: Annotated[
        str, typer.Option(help="Language of the notebooks' prose and of all they show.")
    ] = "en",
    arguments: Annotated[
        list[str] | None, typer.Argument(metavar="[-- OPTION]...", help="Passed to JupyterLab.")
    ] = None,
) -> None:
    """Open the notebooks in JupyterLab; in another language, a translated working copy of them."""
    from briefs.desk import lab as room
    from briefs.engine import plan
    from briefs.parameters import ParameterError, parse

    try:
        parse("overview", {"language": language})
        folder = project().notebooks
        if language != "en":
            folder = room.working_copy(
                language, Path(tempfile.mkdtemp(prefix=f"briefs-lab-{language}-"))
            )
            typer.echo(
                f"a working copy in {folder}; changes there don't reach the notebooks", err=True
            )
    except (plan.PlanError, ParameterError) as error:
        _stop(error, 2)
    raise typer.Exit(room.start(folder, arguments or ()))


def _site_problems(out: Path) -> list[str]:
    from briefs.render import editions
    from briefs.site import links

    if not (out / "index.html").is_file():
        return [f"{out}: there is no site in this folder"]
    return [*(f"broken link: {link}" for link in links.broken(out)), *editions.breaches(out)]


def _evidence_problems() -> list[str]:
    from briefs.evidence import catalog, claims

    problems = []
    for part in (catalog.check, claims.load_claims):
        try:
            found = part()
            problems += map(str, found) if part is catalog.check else ()
        except (catalog.EvidenceError, claims.ClaimError) as error:
            problems += str(error).splitlines()
    return problems


def _request(
    out: Path,
    reports: list[str] | None,
    pairs: list[str] | None,
    params_file: Path | None,
    matrix: Path | None,
    names: list[str] | None,
    language: str,
    formats: str,
) -> "Request":
    from briefs.engine import matrix as matrices, plan

    values = {
        **(plan.read_file(params_file) if params_file else {}),
        **plan.read_pairs(pairs or ()),
    }
    return matrices.request(
        out,
        reports or (),
        values,
        file=matrix,
        names=names or (),
        formats=plan.read_formats(formats) if formats else (),
        languages=plan.read_languages(language),
    )


def _place(out: str | None) -> Path:
    """Return the folder to build in."""
    return Path(out) if out else project().reports / "site"


def _sources() -> "Sources":
    from briefs.engine import provenance

    return provenance.snapshot(project())


def _cache(folder: Path | None, limit: int) -> "Cache | None":
    """Return the cache; None, and a word on stderr, where it can't be written."""
    from briefs.engine import cache, plan

    folder = folder or project().reports / ".cache"
    try:
        plan.check_writable(folder)
    except plan.PlanError as error:
        typer.echo(f"building without a cache: {error}", err=True)
        return None
    return cache.Cache(folder.resolve(), limit)


def _cores() -> int:
    with suppress(AttributeError):  # not everywhere
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _tell_stale(
    asked: "Request",
    out: Path,
    sources: "Sources",
    as_json: bool,
    listed: set[str] | None = None,
    **options: bool,
) -> None:
    """Print the reports that must be built, each with its reasons; given a set, what is published beyond them too."""
    from briefs.desk import build as batch
    from briefs.engine.build_report import BuildReport

    count, rows, report = 0, [], BuildReport(out)
    for job, reasons in batch.examine(asked.jobs(), sources, report.failed(), **options):
        count += 1
        if listed is not None:
            listed.add(job.place)
        if reasons and as_json:
            rows.append(
                {
                    "place": job.place,
                    "report": job.report,
                    "name": job.name,
                    "language": job.parameters.language,
                    "reasons": reasons,
                    "command": job.command,
                }
            )
        elif reasons:
            rows.append(None)
            typer.echo(f"{job.place}: {'; '.join(reasons)}")
    beyond = (
        [] if listed is None else [place for place in report.published() if place not in listed]
    )
    if as_json:
        typer.echo(
            json.dumps(
                {"out": str(out), "reports": count, "stale": rows, "beyond": beyond}, indent=2
            )
        )
    for place in beyond if not as_json else ():
        typer.echo(
            f"{place}: is published, but in no set of the matrix; delete the folder if it shouldn't be"
        )
    typer.echo(
        f"{len(rows)} of {count} reports are stale" if rows else f"all {count} reports are fresh",
        err=True,
    )


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
