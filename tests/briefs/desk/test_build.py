"""A build: only what is stale is made, every reason is given, and what was done is written down."""

import datetime as dt
import json
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from analysis import params
from briefs import parameters, site
from briefs.desk import build as batch
from briefs.desk.build import Options
from briefs.engine import build_report, freshness, pool, provenance, runner, staging
from briefs.engine.cache import Cache
from briefs.engine.plan import Job
from briefs.files import WriteError
from briefs.project import FORMATS, project
from briefs.render import policy

ROOT = Path(__file__).parents[3]
SETTINGS = """
[tool.briefs]
title = "A project"
slug = "ai-cost-briefs"
package = "analysis"
parameters = "analysis.params"
locale = "analysis/locale"
"""
READS = {
    "cost-revolution": ["model-prices", "sources"],
    "regulatory-outlook": ["surveys", "sources"],
    "overview": ["model-prices", "surveys", "sources"],
    "market-impact": ["event-returns", "sources"],
}


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A project whose reports are made in a moment; `made` lists them, `broken` fail, `sites` counts the pages around.

    Everything is real but the notebooks' execution, the rendering and the site's own pages.
    """

    class World:
        root, out = tmp_path, tmp_path / "reports" / "site"
        made, broken, sites = [], set(), []
        cache = Cache(tmp_path / "cache")

        def __init__(self):
            (self.root / "pyproject.toml").write_text(SETTINGS)
            (self.root / "notebooks").mkdir()
            (self.root / "data").mkdir()
            package = {"created": params.EVIDENCE_DATE.isoformat(), "resources": []}
            (self.root / "data/datapackage.json").write_text(json.dumps(package))
            monkeypatch.chdir(self.root)
            for report in params.REPORTS:
                (self.root / "notebooks" / f"{report}.ipynb").write_text(report)

        def jobs(self, languages=("en",), formats=("html",), **values):
            return [
                Job(
                    report,
                    parameters.parse(report, {**values, "language": language}),
                    self.root / "notebooks" / f"{report}.ipynb",
                    self.out,
                    formats,
                    languages=languages,
                )
                for report in params.REPORTS
                for language in languages
            ]

        def build(self, jobs=None, sources=None, **options):
            self.made.clear()
            self.results = []
            return batch.build(
                self.jobs() if jobs is None else jobs,
                self.out,
                sources or self.sources(),
                Options(**{"cache": self.cache, **options}),
                self.results.append,
            )

        def sources(self, **changes):
            return replace(provenance.snapshot(project()), **changes)

        def reasons(self, sources=None, jobs=None):
            examined = batch.examine(
                self.jobs() if jobs is None else jobs, sources or self.sources()
            )
            return {job.place: reasons for job, reasons in examined if reasons}

    def execute(job, folder):
        if job.report in world.broken:
            raise runner.NotebookFailed(job.notebook.name, "ValueError", "no", 3, "x = 1")
        world.made.append(job.place)
        return runner.nbformat.v4.new_notebook()

    def render(nb, job, origin, stages):
        return {
            **{FORMATS[name]: job.place.encode() for name in job.formats},
            "data/fig-a.csv": b"x\r\n",
            "results.json": json.dumps({"report": job.report}).encode(),
        }

    def publish(out):
        world.sites.append(1)
        staging.publish(out, "", {"index.html": b"site"})

    world, run = World(), runner.run
    monkeypatch.setattr(runner, "execute", execute)
    monkeypatch.setattr(runner, "render", render)
    monkeypatch.setattr(policy, "unsafe", lambda files: "")  # these are no real pages
    monkeypatch.setattr(
        runner, "tables_read", lambda nb, sources: dict.fromkeys(READS[current[-1]], "ab")
    )
    monkeypatch.setattr(provenance.Sources, "still_hold", lambda self: True)
    current = []

    def one(job, **options):
        current.append(job.report)
        return run(job, **options)

    monkeypatch.setattr(runner, "run", one)
    monkeypatch.setattr(pool, "run_all", lambda jobs, run, **_: map(run, jobs))
    monkeypatch.setattr(site, "publish", publish)
    return world


def test_all_is_built_then_nothing(world):
    first = world.build()
    assert (first.count(), len(world.made), len(world.sites)) == ({"built": 4}, 4, 1)
    assert {result.reason for result in world.results} == {"is not built yet"}
    second = world.build()
    assert (second.count(), world.made, len(world.sites)) == ({"fresh": 4}, [], 1)
    entries = json.loads((world.out / "build.json").read_text())["reports"]
    assert [entry["report"] for entry in entries] == list(params.REPORTS)
    assert entries[0]["paths"] == {
        "html": "en/overview/index.html",
        "results": "en/overview/results.json",
        "notebook": "en/overview/notebook.ipynb",
        "data": ["en/overview/data/fig-a.csv"],
    }
    assert {entry["status"] for entry in entries} == {"fresh"}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda s: {"tables": {**s.tables, "surveys": "x"}},
            {
                "en/overview": ["table changed: surveys"],
                "en/regulatory-outlook": ["table changed: surveys"],
            },
        ),
        (
            lambda s: {"contracts": {**s.contracts, "model-prices": "x"}},
            {
                "en/overview": ["table changed: model-prices"],
                "en/cost-revolution": ["table changed: model-prices"],
            },
        ),
        (
            lambda s: {"notebooks": {**s.notebooks, "market-impact": "x"}},
            {"en/market-impact": ["notebook changed: market-impact"]},
        ),
        (
            lambda s: {"notebooks": {**s.notebooks, "overview": "x"}},
            {"en/overview": ["notebook changed: overview"]},
        ),
        (lambda s: {"catalogues": {"ms": "x"}}, {}),
        (lambda s: {"git": {**s.git, "commit": "1"}}, {}),
    ],
)
def test_only_the_dependents_of_a_change_are_stale(world, change, expected):
    world.build()
    sources = world.sources()
    sources = replace(sources, **change(sources))
    assert world.reasons(sources) == expected
    world.build(sources=sources)
    assert sorted(world.made) == sorted(expected)
    assert world.reasons(sources) == {}


def everything(reason):
    return {f"en/{report}": [reason] for report in params.REPORTS}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda s: {"code": "x"}, "the analysis package changed"),
        (lambda s: {"pages": "x"}, "the code that makes pages changed"),
        (lambda s: {"templates": {**s.templates, "brief.css": "x"}}, "template changed: brief.css"),
        (
            lambda s: {"templates": {**s.templates, **dict.fromkeys("abcde", "x")}},
            "template changed: a, b, c, d, e",
        ),
        (lambda s: {"data": {**s.data, "claims.yml": "x"}}, "evidence changed: claims.yml"),
        (lambda s: {"data": {**s.data, "editions.yml": "x"}}, "editions.yml changed"),
        (lambda s: {"data": {**s.data, "upstream/lock.json": "x"}}, "upstream/lock.json changed"),
        (
            lambda s: {"data": {**s.data, "editions/2026-11/changes.json": "x"}},
            "editions/2026-11/changes.json changed",
        ),
        (
            lambda s: {"data": {**s.data, "forecasts/2020-01.csv": "x"}},
            "evidence changed: forecasts/2020-01.csv",
        ),
        (lambda s: {"lock": "x"}, "requirements.lock changed"),
        (lambda s: {"versions": {**s.versions, "pandas": "9.9"}}, "pandas is 9.9, was {pandas}"),
        (lambda s: {"catalogues": {"en": "x"}}, "the translations changed"),
        (
            lambda s: {"site": "https://here.example/"},
            "the site's address is https://here.example/, was {site}",
        ),
    ],
)
def test_what_all_reports_rest_on_makes_all_stale(world, change, reason):
    sources = world.sources()
    world.build(sources=sources)
    expected = reason.format(site=sources.site, **sources.versions)
    assert world.reasons(replace(sources, **change(sources))) == everything(expected)


def test_projections_made_on_the_day_of_a_report_or_later_are_not_read_by_it(world, log):
    day, dated = params.EVIDENCE_DATE, "changes: {en: A., ms: B.}"
    days = {"2099-03": day + dt.timedelta(9), "2099-02": day, "2099-01": day - dt.timedelta(1)}
    log(
        "".join(
            f'- {{id: "{n}", published: {d}, updated: {d}, {dated}}}\n' for n, d in days.items()
        )
    )
    (job, *_others) = world.jobs()
    sources, edition = world.sources(), replace(job, name="2099-02")
    for file, read in (("2099-01", True), ("2099-02", False), ("2099-03", False)):
        more = replace(sources, data={**sources.data, f"forecasts/{file}.csv": "x"})
        for one in (job, edition):  # which share one execution
            changed = freshness.execution(one, more) != freshness.execution(one, sources)
            assert changed == read


def test_parameters_formats_languages_and_time_are_named_with_what_they_were(world, monkeypatch):
    world.build()
    reasons = world.reasons(jobs=world.jobs(("en", "ms"), ("html", "pdf"), level=0.8))
    assert reasons["ms/overview"] == ["is not built yet"]
    assert reasons["en/overview"] == [
        "formats are html, pdf, were html",
        "languages are en, ms, were en",
        "level is 0.8, was 0.9",
    ]
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1")
    assert world.reasons()["en/overview"] == ["SOURCE_DATE_EPOCH is 1, was unset"]


def test_a_template_makes_pages_anew_without_running_a_notebook(world):
    world.build()
    world.build(sources=world.sources(templates={"brief.css": "new"}))
    assert (world.made, {result.status for result in world.results}) == ([], {"built"})
    assert world.reasons(world.sources(templates={"brief.css": "new"})) == {}


def test_a_page_missing_or_changed_by_hand_is_made_good_from_the_cache(world):
    world.build()
    cost, rules = world.out / "en/cost-revolution", world.out / "en/regulatory-outlook"
    (cost / "data/fig-a.csv").unlink()
    (rules / "index.html").write_text(
        "en/regulatory_outlook"
    )  # as long as the right one, and younger
    later = time.time() + 5
    os.utime(rules / "index.html", (later, later))
    os.utime(world.out / "en/overview/index.html", (later, later))  # copied about, but the same
    assert world.reasons() == {
        "en/cost-revolution": ["data/fig-a.csv is missing"],
        "en/regulatory-outlook": ["index.html is not as it was built"],
    }
    world.build()
    assert (world.made, world.reasons()) == ([], {})
    assert (rules / "index.html").read_text() == "en/regulatory-outlook"
    (cost / freshness.RECORD).unlink()
    assert world.reasons() == {"en/cost-revolution": ["has no record of its inputs"]}


def test_what_was_made_from_changes_is_made_again_when_they_are_committed(world):
    git = {"commit": "1", "dirty": True, "committed": 1}
    world.build(sources=world.sources(git=git))
    assert world.reasons(world.sources(git=git)) == {}
    reason = "was made from changes that have been committed since"
    assert world.reasons(world.sources(git={**git, "commit": "2", "dirty": False})) == everything(
        reason
    )
    world.build(sources=world.sources(git={**git, "dirty": False}))
    assert world.made == []  # pages alone


def test_a_failure_costs_one_report_and_is_tried_again(world):
    world.build()
    before = (world.out / "en/market-impact/index.html").read_bytes()
    world.broken.add("market-impact")
    report = world.build(sources=world.sources(lock="x"))
    assert report.count() == {"built": 3, "failed": 1}
    [entry] = [
        e
        for e in json.loads((world.out / "build.json").read_text())["reports"]
        if e["status"] == "failed"
    ]
    assert (entry["report"], entry["error"]["cell"], entry["error"]["text"]) == (
        "market-impact",
        3,
        "market-impact.ipynb, cell 3 ('x = 1'): ValueError: no",
    )
    assert (
        entry["command"]
        == "briefs build market-impact -p language=en --formats html --out reports/site --force"
    )
    assert (world.out / "en/market-impact/index.html").read_bytes() == before

    world.broken.clear()
    world.build(sources=world.sources(lock="x"), only_failed=True)
    assert world.made == ["en/market-impact"]
    assert [result.reason for result in world.results] == [
        "failed last time; requirements.lock changed"
    ]
    assert world.build(sources=world.sources(lock="x"), only_failed=True).count() == {}


def test_force_runs_what_is_fresh_without_the_cache(world):
    world.build()
    assert world.build(force=True).count() == {"built": 4}
    assert len(world.made) == 4


def test_without_a_cache_all_is_made_anew(world):
    world.build(cache=None)
    (world.out / "en/overview/index.html").unlink()
    world.build(cache=None)
    assert world.made == ["en/overview"]


def test_the_cache_is_trimmed_while_a_long_build_goes_on(world, monkeypatch):
    monkeypatch.setattr(batch, "_TRIM_EVERY", 1)
    sizes = []

    def size():
        return sum(path.stat().st_size for path in world.cache.folder.rglob("*") if path.is_file())

    cache = replace(world.cache, limit=1)
    batch.build(
        world.jobs(),
        world.out,
        world.sources(),
        Options(cache=cache),
        lambda result: sizes.append(size()),
    )
    assert len(sizes) == 4
    assert max(sizes) < 2 * sizes[0]  # what the reports before left is gone
    assert size() <= 1


def test_jobs_are_taken_one_at_a_time(world, monkeypatch):
    """A thousand may wait where they come from: none is asked for before the one before is done."""
    taken, done = [], []

    def come():
        for job in world.jobs():
            assert len(taken) == len(done)
            taken.append(job.place)
            yield job

    batch.build(come(), world.out, world.sources(), Options(), done.append)
    assert len(done) == 4


def test_the_pages_around_are_written_when_something_of_them_changed(world):
    def sites():
        before = len(world.sites)
        world.build()
        return len(world.sites) - before

    assert (sites(), sites()) == (1, 0)
    (world.out / "index.html").unlink()
    assert (sites(), sites()) == (1, 0)
    (world.out / "index.html").write_text("SITE")
    os.utime(world.out / "index.html", (time.time() + 5,) * 2)
    assert sites() == 1
    world.build(sources=world.sources(data={**world.sources().data, "editions.yml": "x"}))
    assert sites() == 1
    (world.out / "en/overview/index.html").unlink()
    assert sites() == 0  # it came back as it was
    (world.out / "en/overview/inputs.json").unlink()
    assert (sites(), sites()) == (1, 0)


def test_reports_that_a_build_does_not_touch_keep_their_entry(world):
    world.build()
    world.build(jobs=world.jobs()[:1], sources=world.sources(lock="x"))
    entries = json.loads((world.out / "build.json").read_text())["reports"]
    assert [entry["status"] for entry in entries] == ["built"] * 4
    assert [entry["reason"] for entry in entries] == [
        "requirements.lock changed",
        *["is not built yet"] * 3,
    ]
    for path in (world.out / "en/market-impact").iterdir():
        path.unlink() if path.is_file() else [inner.unlink() for inner in path.iterdir()]
    world.build(jobs=world.jobs()[:1])
    assert len(json.loads((world.out / "build.json").read_text())["reports"]) == 3


@pytest.mark.parametrize(
    "record",
    [
        {"inputs": [], "git": {}, "files": {}},
        {"inputs": {"tables": 3}, "git": {"dirty": False}, "files": {}},
        {"inputs": {}, "git": None, "files": {}},
        {"inputs": {}, "git": {"dirty": False}, "files": {"index.html": 3}},
        {"inputs": {}, "git": {"dirty": False}, "files": {"index.html": ["a", "b"]}},
        [],
    ],
    ids=str,
)
def test_a_record_of_another_shape_is_none(world, record):
    world.build()
    (world.out / "en/overview/inputs.json").write_text(json.dumps(record))
    assert world.reasons()["en/overview"] == ["has no record of its inputs"]
    world.build()
    assert world.reasons() == {}


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", '{"reports": 3}', '{"reports": [{}]}', '{"reports": [], "site": null}'),
        '{"reports": [], "site": {"pages": 3}}',
    ],
)
def test_a_damaged_build_json_is_written_anew(world, text):
    world.build()
    (world.out / "build.json").write_text(text)
    world.build()
    assert {e["status"] for e in json.loads((world.out / "build.json").read_text())["reports"]} == {
        "fresh"
    }


def test_a_build_that_is_stopped_says_what_it_did(world, monkeypatch):
    def stop(jobs, run, **_):
        yield run(next(jobs))
        raise KeyboardInterrupt

    monkeypatch.setattr(pool, "run_all", stop)
    with pytest.raises(KeyboardInterrupt):
        world.build()
    assert len(json.loads((world.out / "build.json").read_text())["reports"]) == 1
    monkeypatch.setattr(pool, "run_all", lambda jobs, run, **_: map(run, jobs))
    assert world.build().count() == {"built": 3, "fresh": 1}


def test_a_full_disk_fails_a_report_from_the_cache_too(world, monkeypatch):
    world.build()
    (world.out / "en/overview/index.html").unlink()

    def refuse(job, files):
        raise WriteError(f"cannot write {job.place}: No space left on device")

    monkeypatch.setattr(batch.staging, "publish_report", refuse)
    assert world.build().count() == {"fresh": 3, "failed": 1}
    assert "No space left on device" in world.results[0].error["text"]


def test_entries_are_in_the_order_of_the_site(tmp_path):
    places = [
        "en/zzz",
        "ms/overview",
        "en/overview/b",
        "en/cost-revolution",
        "en/overview",
        "en/overview/a",
    ]
    assert sorted(places, key=build_report._order) == [
        "en/overview",
        "en/overview/a",
        "en/overview/b",
        "en/cost-revolution",
        "en/zzz",
        "ms/overview",
    ]


def test_a_fresh_build_imports_nothing_that_makes_reports(world):
    """Counted in modules, not in seconds: a heavy import added to this path is found here."""
    world.build(cache=None)
    code = """
import sys
from briefs.__main__ import app
try:
    app(["build", "--formats", "html", "--no-cache", "--json"])
except SystemExit as end:
    assert end.code in (0, None), end.code
heavy = "pandas numpy matplotlib nbconvert nbformat nbclient papermill jinja2 typst scipy zmq rich.progress".split()
sys.exit(f"imported: {found}" if (found := [name for name in heavy if name in sys.modules]) else 0)
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"] == {"fresh": 4}, done.stdout
