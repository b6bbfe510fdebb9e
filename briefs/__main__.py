"""The ``briefs`` command: what can be said on the command line; `briefs.desk` does it.

Only typer is imported up here: ``briefs --help`` answers at once, and each verb imports
what it needs. Exit status: 0 all well, 1 something failed, 2 the request was wrong.
"""

import datetime as dt
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from briefs import console, options as given
from briefs.project import project


class _Briefs(TyperGroup):
    """The command; what can't be done as it was asked for ends it with 2."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ValueError as error:
            if not type(error).__module__.startswith("briefs."):
                raise  # a fault of ours, not of the request
            console.stop(error, 2)


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
    kept = None if no_cache else console.open_cache(cache, cache_size)
    options = builds.Options(
        force=force,
        only_failed=only_failed,
        slots=jobs or request.cores(),
        timeout=timeout,
        memory=console.memory(memory) if memory else None,
        forks=not no_fork,
        cache=kept,
        scheduler=scheduler,
    )
    if dry_run:
        console.show_status(asked, as_json, force=force, only_failed=only_failed)
        return
    claim(asked.out)
    console.build(asked, options, as_json)


@app.command()
def new(
    folder: given.NewFolder,
    title: given.Title = "",
    title_ms: given.Title = "",
    languages: given.Written = "",
) -> None:
    """Make a project for another article: one claim, one table, one notebook, made up, to be replaced."""
    from briefs.desk import new as starting

    made = starting.create(folder, {"title": title, "title_ms": title_ms, "languages": languages})
    typer.echo(f"made {made}; README.md there says how to go on", err=True)


@app.command()
def messages() -> None:
    """Bring the translators' catalogues up to date, and say what there is to translate."""
    from briefs.desk import catalogues

    catalogues.main()


claim_app = typer.Typer(no_args_is_help=True, help="Claims of the article.")
app.add_typer(claim_app, name="claim")


@claim_app.command("import")
def import_(
    source: given.Reviews,
    report: given.ForReport = "",
    about: given.About = "",
    dry_run: given.PrintOnly = False,
) -> None:
    """Draft claims from fact-checks: a page or an answer that holds ClaimReview, in a file or at an address.

    A draft says who claimed what, when and where. `briefs check` names what a person must still
    write, the rule above all.
    """
    from briefs.desk import drafts

    found = drafts.from_review(source, report, about)
    if dry_run:
        typer.echo(drafts.text(found))
        return
    for draft in found:
        typer.echo(f"{draft['id']}: {draft['wording']['text']}")
    typer.echo(f"drafted in {drafts.add(found)}; `briefs check` says what they lack", err=True)


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
    console.show_status(asked, as_json, all_of_it=not (reports or matrix or names or language))


@app.command()
def doctor(out: given.Out = None, as_json: given.Json = False) -> None:
    """Say what this machine has and lacks."""
    from briefs.desk import doctor as doctors

    found = doctors.examine(project(), out or project().reports / "site")
    lines = (f"{finding.state:<4}  {finding.what:<9} {finding.text}" for finding in found)
    console.show([vars(finding) for finding in found], lines, as_json)
    if any(finding.state == "bad" for finding in found):
        raise typer.Exit(1)


@app.command()
def params(report: given.Report, ask: given.Ask = False, as_json: given.Json = False) -> None:
    """List the parameters of a report: name, type, default, range, unit, meaning; or ask and build."""
    from briefs.parameters import describe, lines

    if ask:
        console.ask(report, as_json)
        return
    rows = describe(report)
    console.show(rows, lines(rows), as_json)


@app.command()
def check(site: given.Checked = None, accept: given.Accept = False) -> None:
    """Hold evidence, claims, notebooks and translations to their contracts; print every breach."""
    from briefs.desk import check as checks

    for line in checks.accept(site) if accept else ():
        typer.echo(f"accepted {line}", err=True)
    if problems := checks.problems(site):
        console.show(problems, problems, as_json=False)
        console.stop(f"{len(problems)} problem{'s' * (len(problems) > 1)}", 1)
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
    from briefs.desk import serve as preview

    shown = preview.prepare(out, reports or (), names or ["default"], language, formats)
    try:
        preview.show(*shown, port, lambda url: typer.echo(f"{url} (Ctrl-C ends it)", err=True))
    except OSError as error:
        console.stop(f"port {port}: {error.strerror}; choose another with --port", 1)
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
        console.show(done, done, as_json)
        return
    found = refreshing.look(words, how)
    if not no_impact:
        found = refreshing.weigh(found, how)
    console.propose(found, as_json)


@app.command()
def edition(
    name: given.EditionName,
    en: given.Sentence = "",
    ms: given.Sentence = "",
    site: given.Site = None,
    day: given.OnDay = None,
    again: given.Again = False,
    as_json: given.Json = False,
) -> None:
    """Open, build and freeze an edition: its numbers, what they changed, hashes of its results.

    One that is in data/editions.yml already and not frozen is only built and frozen.
    """
    from briefs.desk import edition as making
    from briefs.engine.staging import claim
    from briefs.render import editions

    names = making.reopen(name) if again else [name]
    if not editions.named(name):
        today = day.date() if day else dt.datetime.now(dt.UTC).date()
        making.open_(name, {"en": en, "ms": ms}, today)
    out = claim(site or project().reports / "site")
    found = [_frozen(each, out) for each in names]
    moved = (
        f"{e['edition']}: {n['report']}: {n['number']} {n['old']} → {n['new']}"
        for e in found
        for n in e["numbers"]
    )
    console.show(found, moved, as_json)


def _frozen(name: str, out: Path) -> dict[str, Any]:
    """Build and freeze an edition; return what it changed, which then stands on its pages."""
    from briefs.desk import edition as making, request
    from briefs.desk.build import Options

    asked = request.read(out, names=[name])
    options = Options(slots=request.cores(), cache=console.open_cache(None, "2G"))
    console.build(asked, options, as_json=False)
    found = making.freeze(name, out)
    console.build(asked, options, as_json=False)
    return found


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
        console.stop(error, 1)
    console.show({"target": target, **counts}, (), as_json)
    typer.echo("; ".join(f"{what} {number}" for what, number in counts.items()), err=True)


def main() -> None:
    """Run the command; a termination cleans up as Ctrl-C does, kernels and temporary folders included."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    app(prog_name="briefs")


if __name__ == "__main__":
    main()
