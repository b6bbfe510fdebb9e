"""The ``briefs`` command: what can be said on the command line; `briefs.desk` does it.

Only typer is imported up here: ``briefs --help`` answers at once, and each verb imports
what it needs. Exit status: 0 all well, 1 something failed, 2 the request was wrong.
"""

import datetime as dt
import json
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from typer.core import TyperGroup

from briefs import options as given
from briefs.project import TOOL, project

if TYPE_CHECKING:
    from briefs.desk.build import Options
    from briefs.desk.request import Request
    from briefs.engine.cache import Cache


class _Briefs(TyperGroup):
    """The command; what can't be done as it was asked for ends it with 2."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ValueError as error:
            if not type(error).__module__.startswith("briefs."):
                raise  # a fault of ours, not of the request
            _stop(error, 2)


app = typer.Typer(
    cls=_Briefs,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Evidence briefs from parameterized notebooks.",
)


@app.command()
def build(
    reports: given.Reports = None,
    param: given.Pairs = None,
    params_file: given.ParamsFile = None,
    matrix: given.MatrixFile = None,
    names: given.Names = None,
    language: given.Languages = "",
    formats: given.Formats = "",
    out: given.Out = None,
    force: given.Force = False,
    only_failed: given.OnlyFailed = False,
    dry_run: given.DryRun = False,
    jobs: given.Jobs = None,
    scheduler: given.Scheduler = "",
    timeout: given.Timeout = None,
    memory: given.Memory = "",
    no_fork: given.NoFork = False,
    cache: given.CacheDir = None,
    no_cache: given.NoCache = False,
    cache_size: given.CacheSize = "2G",
    as_json: given.Json = False,
) -> None:
    """Run notebooks and publish each as HTML and PDF with its results.

    Only what is stale is built: `briefs status` says why. Without -p the sets are those of
    notebooks/matrix.yml, each in a folder of its own below its report's.
    """
    from briefs.desk import build as builds, request
    from briefs.engine.staging import claim

    asked = request.read(
        out,
        reports,
        pairs=param,
        params_file=params_file,
        matrix=matrix,
        names=names,
        language=language,
        formats=formats,
    )
    kept = None if no_cache else _cache(cache, cache_size)
    options = builds.Options(
        force=force,
        only_failed=only_failed,
        slots=jobs or request.cores(),
        timeout=timeout,
        memory=_memory(memory) if memory else None,
        forks=not no_fork,
        cache=kept,
        scheduler=scheduler,
    )
    if dry_run:
        _show_status(asked, as_json, force=force, only_failed=only_failed)
        return
    claim(asked.out)
    _build(asked, options, as_json)


def _build(asked: "Request", options: "Options", as_json: bool) -> None:
    from briefs.desk import build as builds
    from briefs.engine.progress import Progress
    from briefs.engine.provenance import snapshot
    from briefs.render import address

    start, progress = time.perf_counter(), Progress(asked.total)
    try:
        report = builds.build(asked.jobs(), asked.out, snapshot(project()), options, progress)
    except (OSError, ValueError) as error:  # of the pages around: the reports' are in the results
        _stop(error, 1)
    seconds, entries = time.perf_counter() - start, list(report.entries())
    said = {"out": str(asked.out), "seconds": round(seconds, 3), "counts": report.count()}
    _print({**said, "reports": entries}, (), as_json)
    typer.echo(progress.summary(), err=True)
    if asked.scratch:
        typer.echo(f"built into {asked.out}; what is published stays as it is", err=True)
    if warning := address.warning():
        typer.echo(f"warning: {warning}", err=True)
    if progress.failed:
        failed = f"{progress.failed} of {progress.done} reports failed"
        _stop(f"{failed}; build.json says how to repeat each", 1)


@app.command()
def status(
    reports: given.Reports = None,
    matrix: given.MatrixFile = None,
    names: given.Names = None,
    language: given.Languages = "",
    formats: given.Formats = "",
    out: given.Out = None,
    as_json: given.Json = False,
) -> None:
    """Say which reports are stale, and why."""
    from briefs.desk import request

    asked = request.read(
        out, reports, matrix=matrix, names=names, language=language, formats=formats
    )
    _show_status(asked, as_json, all_of_it=not (reports or matrix or names or language))


@app.command()
def doctor(out: given.Out = None, as_json: given.Json = False) -> None:
    """Say what this machine has and lacks."""
    from briefs.desk import doctor as doctors

    found = doctors.examine(project(), out or project().reports / "site")
    lines = (f"{finding.state:<4}  {finding.what:<9} {finding.text}" for finding in found)
    _print([vars(finding) for finding in found], lines, as_json)
    if any(finding.state == "bad" for finding in found):
        raise typer.Exit(1)


@app.command()
def params(report: given.Report, as_json: given.Json = False) -> None:
    """List the parameters of a report: name, type, default, range, unit, meaning."""
    from briefs.parameters import describe

    rows = describe(report)
    _print(rows, _described(rows), as_json)


def _described(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Write parameters, two lines each: what may be given, and what it means."""
    width = max(len(row["name"]) for row in rows)
    for row in rows:
        default = ",".join(row["default"]) if isinstance(row["default"], list) else row["default"]
        unit = f" ({row['unit']})" if row["unit"] else ""
        allowed = f"; {row['allowed']}" if row["allowed"] else ""
        yield f"{row['name']:{width}}  {row['type']}{unit}; default {default}{allowed}"
        yield f"{'':{width}}  {row['meaning']}"


@app.command()
def check(site: given.Checked = None, accept: given.Accept = False) -> None:
    """Hold evidence, claims, notebooks and translations to their contracts; print every breach."""
    from briefs.desk import check as checks

    for line in checks.accept(site) if accept else ():
        typer.echo(f"accepted {line}", err=True)
    problems = checks.problems(site)
    for problem in problems:
        typer.echo(problem)
    if problems:
        _stop(f"{len(problems)} problem{'s' * (len(problems) > 1)}", 1)
    typer.echo("evidence, claims, notebooks and translations keep their contracts", err=True)


@app.command()
def serve(
    reports: given.Reports = None,
    names: given.Names = None,
    language: given.Languages = "",
    formats: given.Formats = "html",
    port: given.Port = 8000,
    out: given.Preview = None,
) -> None:
    """Show the site on this machine, build again what changes, and reload the open page.

    Without --set, only the sets with default parameters are built.
    """
    from briefs.desk import request, serve as preview
    from briefs.engine.staging import claim

    out = out or project().reports / "preview"
    names = names or ["default"]
    request.read(out, reports, names=names, language=language, formats=formats)
    claim(out)
    try:
        here = project()
        folders = here.notebooks, here.root / here.package, here.data, TOOL
        sets = [word for name in names for word in ("--set", name)]
        words = [*(reports or ()), *sets, "--language", language, "--formats", formats]
        build = preview.command(out, words)
        preview.Preview(out, folders, build, port).run(
            lambda url: typer.echo(f"{url} (Ctrl-C ends it)", err=True)
        )
    except OSError as error:
        _stop(f"port {port}: {error.strerror}; choose another with --port", 1)
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


@app.command()
def refresh(
    words: given.Feeds = None,
    only: given.Only = None,
    reason: given.Reason = "",
    reviewer: given.Reviewer = "",
    ours: given.Ours = "",
    no_impact: given.NoImpact = False,
    day: given.OnDay = None,
    as_json: given.Json = False,
) -> None:
    """Look at the upstreams of the evidence and propose; then accept or reject what was proposed.

    A look changes nothing in data/: what it found is in reports/proposals/. 'refresh accept' and
    'refresh reject' decide on the items of the last one; without --only they remember the look alone.
    """
    from briefs.desk import refresh as refreshing

    words, how = list(words or ()), refreshing.Look.now(day.date() if day else None)
    if words[:1] in (["accept"], ["reject"]):
        ruling = refreshing.Ruling(words[0] == "accept", reason, reviewer, ours)
        done = refreshing.decide([*words[1:], *(only or ())], ruling, how)
        _print(done, done, as_json)
        return
    found = refreshing.look(words, how)
    if not no_impact:
        found = refreshing.weigh(found, how)
    _propose(found, as_json)


def _propose(found: dict[str, Any], as_json: bool) -> None:
    """Keep and show what was proposed; a feed that failed makes this fail, when all the rest is done."""
    from briefs.desk import proposal, refresh as refreshing

    refreshing.keep(found)
    _print(found, proposal.lines(found), as_json)
    if refreshing.is_news(found):
        typer.echo(f"see {proposal.write(found) / proposal.PAGE}", err=True)
    else:
        typer.echo("nothing new", err=True)
    failed = [entry["feed"] for entry in found["feeds"] if entry["state"] == "failed"]
    if failed:
        _stop(f"no look at {', '.join(failed)}; the others were looked at", 1)


@app.command()
def edition(
    name: given.EditionName,
    en: given.Sentence = "",
    ms: given.Sentence = "",
    site: given.Site = None,
    day: given.OnDay = None,
    as_json: given.Json = False,
) -> None:
    """Open, build and freeze an edition: its numbers, what they changed, hashes of its results.

    One that is in data/editions.yml already and not frozen is only built and frozen.
    """
    from briefs.desk import edition as making, request
    from briefs.desk.build import Options
    from briefs.engine.staging import claim
    from briefs.render import editions

    if not editions.named(name):
        today = day.date() if day else dt.datetime.now(dt.UTC).date()
        making.open_(name, {"en": en, "ms": ms}, today)
    out = claim(site or project().reports / "site")
    asked = request.read(out, names=[name])
    options = Options(slots=request.cores(), cache=_cache(None, "2G"))
    _build(asked, options, as_json=False)
    found = making.freeze(name, out)
    _build(asked, options, as_json=False)  # what changed is known now, and stands on the pages
    moved = [f"{n['report']}: {n['number']} {n['old']} → {n['new']}" for n in found["numbers"]]
    _print(found, moved, as_json)


@app.command()
def lab(
    language: given.Language = "en",
    arguments: given.Passed = None,
) -> None:
    """Open the notebooks in JupyterLab; in another language, a translated working copy of them."""
    from briefs.desk import lab as room
    from briefs.parameters import Parameters

    Parameters.parse({"language": language})
    folder = project().notebooks
    if language != "en":
        copy = Path(tempfile.mkdtemp(prefix=f"briefs-lab-{language}-"))
        folder = room.working_copy(language, copy)
        typer.echo(f"a working copy in {copy}; changes there don't reach the notebooks", err=True)
    raise typer.Exit(room.start(folder, arguments or ()))


@app.command()
def publish(
    target: given.Target,
    site: given.Site = None,
    delete: given.Delete = False,
    as_json: given.Json = False,
) -> None:
    """Copy a built site to where readers find it; only what differs is written."""
    from briefs.desk import publish as copying

    try:
        counts = copying.publish(site or project().reports / "site", target, delete=delete)
    except OSError as error:
        _stop(error, 1)
    _print({"target": target, **counts}, (), as_json)
    typer.echo("; ".join(f"{what} {number}" for what, number in counts.items()), err=True)


def _show_status(
    asked: "Request", as_json: bool, *, all_of_it: bool = False, **options: bool
) -> None:
    """Print the reports that must be built, each with its reasons, and what is published beyond them."""
    from briefs.desk import status as states

    found = states.examine(asked, all_of_it=all_of_it, **options)
    _print(found, states.lines(found), as_json)
    typer.echo(states.summary(found), err=True)


def _cache(folder: Path | None, size: str) -> "Cache | None":
    """Return the cache; None, and a word on stderr, where it can't be written."""
    from briefs.engine.cache import Cache, read_size

    folder, limit = folder or project().reports / ".cache", read_size(size)
    try:
        return Cache.open(folder, limit)
    except OSError as error:
        typer.echo(f"building without a cache: {error}", err=True)
        return None


def _memory(text: str) -> int:
    from briefs.engine.cache import read_size
    from briefs.project import PlanError

    if size := read_size(text):
        return size
    raise PlanError(f"--memory {text}: a report can't do without any")


def _print(content: Any, lines: Iterable[str], as_json: bool) -> None:
    """Print what was found on stdout, as JSON or else line by line."""
    for line in [json.dumps(content, indent=2)] if as_json else lines:
        typer.echo(line)


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
