"""What the verbs of the command line share: how they print, build, and end."""

import json
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from briefs.project import PlanError, project

if TYPE_CHECKING:
    from briefs.desk.build import Options
    from briefs.desk.request import Request
    from briefs.engine.cache import Cache


def build(asked: "Request", options: "Options", as_json: bool) -> None:
    """Build what is asked for and say how it went; a report that failed ends this with 1."""
    from briefs.desk import build as builds
    from briefs.engine.progress import Progress
    from briefs.engine.provenance import snapshot
    from briefs.render import address

    start, progress = time.perf_counter(), Progress(asked.total)
    try:
        report = builds.build(asked.jobs(), asked.out, snapshot(project()), options, progress)
    except (OSError, ValueError) as error:  # of the pages around: the reports' are in the results
        stop(error, 1)
    except (KeyboardInterrupt, SystemExit):
        kept = f"{progress.built} of {asked.total} reports were built and are kept in {asked.out}"
        typer.echo(f"stopped: {kept}; the same command goes on from there", err=True)
        raise
    seconds, entries = time.perf_counter() - start, list(report.entries())
    said = {"out": str(asked.out), "seconds": round(seconds, 3), "counts": report.count()}
    show({**said, "reports": entries}, (), as_json)
    typer.echo(progress.summary(), err=True)
    if asked.scratch:
        typer.echo(f"built into {asked.out}; what is published stays as it is", err=True)
    if warning := address.warning():
        typer.echo(f"warning: {warning}", err=True)
    if progress.failed and asked.total == 1:
        raise typer.Exit(1)  # its line has said why
    if progress.failed:
        failed = f"{progress.failed} of {progress.done} reports failed"
        stop(f"{failed}; build.json says how to repeat each", 1)
    if page := asked.page():
        typer.echo(f"open {page}", err=True)


def ask(report: str, as_json: bool) -> None:
    """Ask for the parameters of a report and build it with them, into a folder of its own."""
    from briefs.desk import ask as asking, request
    from briefs.desk.build import Options
    from briefs.engine.staging import claim

    def prompt(name: str, default: str) -> str:
        return str(typer.prompt(name, default=default, err=True))

    def say(line: str) -> None:
        typer.echo(line, err=True)

    asked = request.read(None, [report], pairs=asking.pairs(report, prompt, say))
    claim(asked.out)
    build(asked, Options(slots=request.cores(), cache=open_cache(None, "2G")), as_json)


def show_status(
    asked: "Request", as_json: bool, *, all_of_it: bool = False, **options: bool
) -> None:
    """Print the reports that must be built, each with its reasons, and what is published beyond them."""
    from briefs.desk import status as states

    found = states.examine(asked, all_of_it=all_of_it, **options)
    show(found, states.lines(found), as_json)
    typer.echo(states.summary(found), err=True)


def propose(found: dict[str, Any], as_json: bool) -> None:
    """Keep and show what was proposed; a feed that failed makes this fail, when all the rest is done."""
    from briefs.desk import proposal, refresh as refreshing

    refreshing.keep(found)
    show(found, proposal.lines(found), as_json)
    if refreshing.is_news(found):
        typer.echo(f"see {proposal.write(found) / proposal.PAGE}", err=True)
    else:
        typer.echo("nothing new", err=True)
    failed = [entry["feed"] for entry in found["feeds"] if entry["state"] == "failed"]
    if failed:
        stop(f"no look at {', '.join(failed)}; the others were looked at", 1)


def open_cache(folder: Path | None, size: str) -> "Cache | None":
    """Return the cache; None, and a word on stderr, where it can't be written."""
    from briefs.engine.cache import Cache, read_size

    folder, limit = folder or project().reports / ".cache", read_size(size)
    try:
        return Cache.open(folder, limit)
    except OSError as error:
        typer.echo(f"building without a cache: {error}", err=True)
        return None


def memory(text: str) -> int:
    """Read what a report may hold, which can't be nothing."""
    from briefs.engine.cache import read_size

    if size := read_size(text):
        return size
    raise PlanError(f"--memory {text}: a report can't do without any")


def show(content: Any, lines: Iterable[str], as_json: bool) -> None:
    """Print what was found on stdout, as JSON or else line by line."""
    from briefs.characters import visible

    for line in [json.dumps(content, indent=2)] if as_json else lines:
        typer.echo(visible(line))


def stop(reason: object, code: int) -> NoReturn:
    """Say on stderr why this ends, and end with `code`."""
    from briefs.characters import visible

    for line in str(reason).splitlines():
        typer.echo(f"error: {visible(line)}", err=True)
    raise typer.Exit(code)
