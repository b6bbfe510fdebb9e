"""The options of the ``briefs`` command: their words, and what their help says."""

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

import typer

_YEAR = 366 * 86400


def _folder(text: str) -> Path:
    if "://" in text:
        raise typer.BadParameter("is no folder; `briefs publish` copies a built site to an address")
    return Path(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0
    if not 0 < seconds <= _YEAR:
        raise typer.BadParameter("write seconds, more than none and less than a year's")
    return seconds


def _option(*names: str, **settings: Any) -> Any:
    return typer.Option(*names, show_default=settings.pop("show_default", False), **settings)


Reports = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[REPORT]...",
        help="Only these, with all their sets; the whole matrix when none is named.",
    ),
]
Pairs = Annotated[
    list[str] | None,
    _option(
        "--param",
        "-p",
        metavar="NAME=VALUE",
        help="Set a parameter: then one set is built instead of the matrix, into reports/scratch "
        "unless --set or --out says where.",
    ),
]
ParamsFile = Annotated[
    Path | None, _option(metavar="FILE", help="Parameters in YAML or JSON; -p overrides them.")
]
MatrixFile = Annotated[
    Path | None,
    _option(
        "--matrix",
        metavar="FILE",
        help="Build the named sets of this file, YAML as notebooks/matrix.yml is, or CSV "
        "with the columns report, name and any parameters.",
    ),
]
Names = Annotated[
    list[str] | None,
    _option(
        "--set",
        metavar="NAME",
        help="Only sets of this name or pattern; 'default' is the one without parameters. "
        "With -p, the name to publish under.",
    ),
]
Languages = Annotated[
    str, _option("--language", metavar="en,ms", help="Instead of those of the matrix.")
]
Formats = Annotated[str, _option(metavar="html,pdf", help="Instead of those of the matrix.")]
Out = Annotated[
    Path | None,
    _option(
        "--out",
        metavar="DIR",
        parser=_folder,
        help="Folder of the site.",
        show_default="reports/site",
    ),
]
Site = Annotated[
    Path | None,
    _option(metavar="DIR", help="Folder of the built site.", show_default="reports/site"),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, and nothing else there.")]
Jobs = Annotated[
    int | None, _option(min=1, help="Reports at a time.", show_default="one for each core")
]
Scheduler = Annotated[
    str,
    _option(
        metavar="ADDRESS",
        help="Have the reports made by the workers of this Dask scheduler, such as tls://10.0.0.1:8786; "
        "who reaches it runs code here: see docs/threat-model.md.",
    ),
]
CacheDir = Annotated[
    Path | None,
    _option(
        "--cache",
        metavar="DIR",
        help="What was made before is kept here; can be deleted at any time.",
        show_default="reports/.cache",
    ),
]
CacheSize = Annotated[
    str, typer.Option(metavar="SIZE", help="What the cache may take of the disk.")
]
Timeout = Annotated[
    float | None,
    _option("--timeout", parser=_seconds, metavar="SECONDS", help="What one report may take."),
]
Memory = Annotated[
    str, _option(metavar="SIZE", help="What the kernel of one report may hold, such as 4G.")
]
NoFork = Annotated[
    bool, typer.Option("--no-fork", help="Start each kernel instead of forking a warm process.")
]
Force = Annotated[bool, typer.Option("--force", help="Build what is fresh too, without the cache.")]
OnlyFailed = Annotated[bool, typer.Option("--only-failed", help="Only what failed last time.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what would be built, and why.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Use no cache.")]
Report = Annotated[str, typer.Argument(metavar="REPORT")]
Checked = Annotated[
    Path | None,
    _option(
        metavar="DIR", help="Also check a built site: its links, and that no edition has changed."
    ),
]
Accept = Annotated[
    bool,
    _option(
        "--accept",
        help="Take the tables as they are now for the evidence: write their hash, bytes and rows into "
        "datapackage.json, unless they break their contracts otherwise. With --site, what its published "
        "editions project is stored in data/forecasts/.",
    ),
]
Feeds = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FEED[@VERSION]...|accept|reject]",
        help="Look at these feeds of data/upstream/feeds.yml, all when none is named; or decide.",
    ),
]
Only = Annotated[
    list[str] | None,
    _option("--only", metavar="ID", help="Items to accept or reject, by id or pattern."),
]
Reason = Annotated[str, _option(metavar="WHY", help="Why; a rejection needs it.")]
Reviewer = Annotated[
    str,
    _option(
        metavar="NAME",
        help="Who decides: needed where a curated row is replaced or ended, or a verdict flips.",
    ),
]
Ours = Annotated[
    str,
    _option("--as", metavar="NAME", help="What an unmatched thing is called here; else as there."),
]
NoImpact = Annotated[
    bool, typer.Option("--no-impact", help="Don't run the notebooks on what is proposed.")
]
OnDay = Annotated[
    dt.datetime | None,
    _option(formats=["%Y-%m-%d"], metavar="DAY", help="The day that counts as today."),
]
EditionName = Annotated[str, typer.Argument(metavar="YYYY-MM")]
Sentence = Annotated[
    str, _option(metavar="SENTENCE", help="What it changes, for a reader, in this language.")
]
Ask = Annotated[
    bool,
    _option("--ask", help="Ask for each, and build the report with them into reports/scratch."),
]
Again = Annotated[
    bool,
    _option(
        "--again",
        help="Freeze anew an edition that nobody has read yet, and those after it: its results may be others now.",
    ),
]
Preview = Annotated[
    Path | None,
    _option("--out", metavar="DIR", help="Folder of the preview.", show_default="reports/preview"),
]
Language = Annotated[
    str, typer.Option(help="Language of the notebooks' prose and of all they show.")
]
Passed = Annotated[
    list[str] | None, typer.Argument(metavar="[-- OPTION]...", help="Passed to JupyterLab.")
]
Target = Annotated[
    str, typer.Argument(metavar="TARGET", help="A folder, or an address such as s3://bucket/site.")
]
Delete = Annotated[bool, typer.Option("--delete", help="Delete there what the site no longer has.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")]
NewFolder = Annotated[
    Path,
    typer.Argument(
        metavar="NAME",
        help="A new folder, whose name becomes that of the report, as in battery-costs.",
    ),
]
Title = Annotated[str, _option(metavar="TITLE", help="Title of the brief, in this language.")]
Written = Annotated[
    str, _option(metavar="en,ms|en", help="Languages of the project, by itself both.")
]
Reviews = Annotated[
    str,
    typer.Argument(
        metavar="FILE|URL",
        help="A saved page with ClaimReview as JSON-LD, a feed of them, or an answer of the Fact "
        "Check Tools API; an address is fetched in the name of BRIEFS_CONTACT.",
    ),
]
ForReport = Annotated[
    str,
    _option(
        "--report", metavar="REPORT", help="What the claims are for; needed if there are several."
    ),
]
About = Annotated[
    str, _option(metavar="TEXT", help="Only claims whose statement has this text in it.")
]
PrintOnly = Annotated[
    bool, typer.Option("--dry-run", help="Print the drafts and leave claims.yml alone.")
]
