"""The command: exit codes, what goes to stdout and stderr, and bad requests before any kernel."""

import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import nbformat
import papermill
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from typer.testing import CliRunner

from analysis import params
from analysis.params import CostRevolution
from briefs.__main__ import app
from briefs.desk import doctor, publish, translations
from briefs.display import parameter_text
from briefs.engine import kernels, plan, staging
from briefs.engine.kernels import forked
from briefs.engine.progress import Progress
from briefs.evidence import claims

ROOT = Path(__file__).parents[2]
SETUP = "from briefs.display.records import Card\nfrom analysis.params import CostRevolution"
SHOW = (
    "p = CostRevolution.from_cell(globals())",
    "Card({'kind': 'brief', 'report': 'cost-revolution', 'title': f'Level {p.level}', 'language': p.language, "
    "'as_of': str(p.as_of)}, 'lab')",
    "Card({'kind': 'finding', 'id': 'first', 'text': 'Prices fall.', 'headline': True}, 'lab')",
    "Card({'kind': 'sources', 'items': [{'source_id': 'a', 'publisher': 'P', 'title': 'T', 'published': '2025'}], "
    "'checksums': {'model-prices': 'ab' * 32}}, '')",
)

#: Runs the command; a test run in the background ignores Ctrl-C.
COMMAND = """
import signal
from briefs.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
SETTINGS = f"""
[tool.briefs]
title = "Made up"
slug = "ai-cost-briefs"
package = "analysis"
parameters = "analysis.params"
locale = "{ROOT / "analysis" / "locale"}"
data = "{ROOT / "data"}"
"""


def found_project(folder):
    (folder / "notebooks").mkdir()
    (folder / "pyproject.toml").write_text(SETTINGS)
    return folder


class Second(CostRevolution):
    """Another report, to see that one's failure doesn't stop the other."""

    report: ClassVar[str] = "second"


def write_notebook(project, *sources, report="cost-revolution"):
    cells = [
        new_code_cell(SETUP),
        new_code_cell(parameter_text.cell(CostRevolution()), metadata={"tags": ["parameters"]}),
        new_markdown_cell("## Section"),
        *map(new_code_cell, sources),
    ]
    path = project / "notebooks" / f"{report}.ipynb"
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernelspec}), path)
    return path


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder of notebooks that knows one report, however many the real project has."""
    claims.load_claims()  # of all reports; they are kept
    one = {"cost-revolution": params.REPORTS["cost-revolution"]}
    monkeypatch.setattr(params, "REPORTS", one)
    monkeypatch.chdir(tmp_path)
    return found_project(tmp_path)


@pytest.fixture
def no_kernel(monkeypatch):
    monkeypatch.setattr(kernels, "execute", lambda *_: pytest.fail("a kernel was started"))


def briefs(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ["-p", "regoin=EU"],
            "error: regoin: unknown parameter of cost-revolution; choose from language, as_of",
        ),
        (
            ["-p", "levl=0.9"],
            "error: levl: unknown parameter of cost-revolution; did you mean level?\n",
        ),
        (["-p", "as_of=tomorrow"], "error: as_of: 'tomorrow' is not a date (write YYYY-MM-DD)\n"),
        (
            ["-p", "level=90"],
            "error: level: 90 is not between 0.5 and 0.99 (a share: 90% is 0.9)\n",
        ),
        (["-p", "horizon=1900"], "error: horizon: 1900 is not between 2027 and 2040\n"),
        (["-p", "level"], "error: -p level: write NAME=VALUE\n"),
        (
            ["cost-revoluton"],
            "error: cost-revoluton: unknown report; did you mean cost-revolution?\n",
        ),
        (["--formats", "html,pfd"], "error: --formats pfd: unknown format; did you mean pdf?\n"),
        (["--formats", ","], "error: --formats names none of html, pdf\n"),
        (["--params-file", "nowhere.yml"], "error: nowhere.yml: No such file or directory\n"),
        (["--matrix", "nowhere.csv"], "error: nowhere.csv: No such file or directory\n"),
        (
            ["--matrix", "m.csv", "-p", "level=0.8"],
            "error: -p and --params-file describe one set: they go with no --mat",
        ),
        (["--set", "A b", "-p", "level=0.8"], "error: --set: name: 'A b' can't be a folder's name"),
        (["--language", "de"], "error: language: 'de' is not one of en, ms"),
        (["--cache-size", "big"], "error: 'big' is no size; write 500M or 2G\n"),
        (["--memory", "big"], "error: 'big' is no size; write 500M or 2G\n"),
        (["--memory", "0"], "error: --memory 0: a report can't do without any\n"),
        (["-p", "\udcff=1"], r"error: '\udcff': unknown parameter of cost-revolution; choose"),
    ],
)
def test_a_bad_request_ends_with_2_before_any_kernel(project, no_kernel, arguments, expected):
    write_notebook(project)
    result = briefs("build", "--json", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(expected)
    assert not (project / "reports" / "site").exists()


def test_a_missing_notebook_or_folder_is_named(project, monkeypatch, tmp_path):
    result = briefs("build")
    assert result.exit_code == 2
    assert (
        result.stderr
        == f"error: no such notebook: {project / 'notebooks' / 'cost-revolution.ipynb'}\n"
    )
    (project / "pyproject.toml").unlink()
    monkeypatch.setattr("briefs.project.TOOL", tmp_path / "site-packages" / "briefs")
    result = briefs("build")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: neither {tmp_path} nor a folder above it has a pyproject.toml with [tool.briefs]: "
        "run this in a project\n"
    )


def test_a_folder_that_cannot_be_written_ends_with_2(project, no_kernel):
    write_notebook(project)
    (project / "file").write_text("")
    result = briefs("build", "--out", project / "file" / "site")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"error: cannot write into {project / 'file' / 'site'}: ")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("p.yml", "- level", "write one parameter a line, name: value"),
        ("p.yml", "level: [", "not valid YAML: "),
        ("p.json", '{"level": ', "not valid YAML: "),
        ("p.yml", "level: 90", "level: 90 is not between"),
    ],
)
def test_a_bad_parameter_file_ends_with_2(project, no_kernel, name, text, expected):
    write_notebook(project)
    (project / name).write_text(text)
    result = briefs("build", "--params-file", project / name)
    assert (result.exit_code, expected in result.stderr) == (2, True), result.stderr


def test_a_parameter_file_keeps_text_as_written(tmp_path):
    path = tmp_path / "p.yml"
    path.write_text(
        "code: 007\nas_of: 2025-02-01\nlimit: null\nflag: yes\nscenarios: [trend, flat]\nlevel: 0.80\n"
    )
    assert plan.read_file(path) == {
        "code": "007",
        "as_of": "2025-02-01",
        "limit": None,
        "flag": "yes",
        "scenarios": ["trend", "flat"],
        "level": "0.80",
    }


def test_the_command_line_goes_before_the_file(project):
    write_notebook(project)
    (project / "p.json").write_text('{"level": 0.8, "seed": 7}')
    values = {
        **plan.read_file(project / "p.json"),
        **plan.read_pairs(["seed=1", "seed=8", "as_of=2025-02-01"]),
    }
    [job] = plan.jobs([], values, ("html",), project / "site")
    assert (job.parameters.level, job.parameters.seed, str(job.parameters.as_of)) == (
        0.8,
        8,
        "2025-02-01",
    )


@pytest.mark.usefixtures("few_tables")
def test_a_failing_notebook_ends_with_1_and_the_rest_is_built(project, monkeypatch):
    monkeypatch.setattr(params, "REPORTS", {**params.REPORTS, "second": Second})
    write_notebook(project, "x = {}", "x['key']")
    write_notebook(
        project, *(line.replace("'cost-revolution'", "'second'") for line in SHOW), report="second"
    )
    result = briefs("build", "--formats", "html", "--json", "-p", "level=0.8")
    assert result.exit_code == 1
    assert result.stderr.splitlines()[0] == (
        "[1/2] en/cost-revolution: failed: cost-revolution.ipynb, cell 5 (\"x['key']\"): KeyError: 'key'"
    )
    assert result.stderr.splitlines()[1].startswith("[2/2] en/second: built in ")
    assert result.stderr.splitlines()[2].startswith("built 1; fresh 0; failed 1 (")
    assert result.stderr.splitlines()[4].startswith("warning: the site's address is ")
    assert result.stderr.splitlines()[5] == (
        "error: 1 of 2 reports failed; build.json says how to repeat each"
    )
    first, second = json.loads(result.stdout)["reports"]
    assert (first["status"], first["error"]["cell"], first["error"]["name"]) == (
        "failed",
        5,
        "KeyError",
    )
    assert (second["status"], second["paths"]["html"]) == ("built", "en/second/index.html")
    assert result.stderr.splitlines()[3] == (
        f"built into {project / 'reports' / 'scratch'}; what is published stays as it is"
    )
    site = project / "reports" / "scratch"
    assert "Level 0.8" in (site / "en" / "second" / "index.html").read_text("utf-8")
    assert "Prices fall." in (site / "index.html").read_text("utf-8")
    assert {
        e["report"]: e["status"] for e in json.loads((site / "build.json").read_text())["reports"]
    } == {"cost-revolution": "failed", "second": "built"}


@pytest.mark.slow
def test_the_command_builds_html_and_pdf_whatever_the_folder(tmp_path):
    """Everything real, in a process of its own, from a folder that holds nothing but notebooks."""
    found_project(tmp_path)
    write_notebook(tmp_path, *SHOW)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            COMMAND,
            "build",
            "cost-revolution",
            "--json",
            "--out",
            "site",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr
    [report] = json.loads(done.stdout)["reports"]
    files = {what: tmp_path / "site" / path for what, path in report["paths"].items()}
    assert files["pdf"].read_bytes().startswith(b"%PDF-")
    assert "<h1>Level 0.9</h1>" in files["html"].read_text("utf-8")
    results = json.loads(files["results"].read_text("utf-8"))
    assert results["provenance"]["evidence"] == {"model-prices": "ab" * 32}
    assert results["findings"][0]["text"] == "Prices fall."
    assert done.stderr.startswith("[1/1] en/cost-revolution: built in ")
    assert done.stderr.count("a reserved name") == 1
    assert done.stderr.splitlines()[-1] == "open site/en/cost-revolution/index.html"


@pytest.mark.skipif(os.name != "posix", reason="signals are sent as on Unix")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_build_that_is_stopped_leaves_nothing_behind(tmp_path, name, code):
    """The notebook says when it runs, then sleeps; the kernel must not outlive the command."""
    found_project(tmp_path)
    (tmp_path / "tmp").mkdir()
    write_notebook(tmp_path, "Path('running').write_text(str(os.getpid()))", "time.sleep(60)")
    nb = tmp_path / "notebooks" / "cost-revolution.ipynb"
    nb.write_text(
        nb.read_text().replace(
            "import Card", "import Card\\nimport os, time\\nfrom pathlib import Path"
        )
    )
    build = subprocess.Popen(
        [
            sys.executable,
            "-c",
            COMMAND,
            "build",
            "cost-revolution",
            "--out",
            "site",
        ],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "tmp")},
    )
    running = tmp_path / "notebooks" / "running"
    while build.poll() is None and not (running.is_file() and running.read_text()):
        time.sleep(0.05)
    build.send_signal(getattr(signal, name))
    _, said = build.communicate(timeout=30)
    assert build.returncode == code, said
    assert _ends(int(running.read_text()))
    assert list((tmp_path / "tmp").iterdir()) == []
    assert f"stopped: 0 of 1 reports were built and are kept in {Path('site')}; the same" in said
    left = [path for path in (tmp_path / "site").rglob("*") if path.is_file()]
    assert left == [tmp_path / "site" / ".briefs" / "README"]


def _ends(pid):
    """Whether a process is gone soon: ended, though perhaps nobody has collected it yet."""
    for _ in range(200):
        state = Path(f"/proc/{pid}/stat")
        try:
            os.kill(pid, 0)
            if state.is_file() and state.read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


def test_plain_papermill_refuses_a_misspelt_parameter_too(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "notebooks").mkdir()
    path = write_notebook(
        tmp_path, "p = CostRevolution.from_cell(globals())", "print(repr(p.as_of))"
    )
    run = {"input_path": str(path), "output_path": None, "progress_bar": False}
    nb = papermill.execute_notebook(parameters={"as_of": "2025-02-01"}, **run)
    assert nb.cells[-1].outputs[0].text == "datetime.date(2025, 2, 1)\n"
    with pytest.raises(
        papermill.PapermillExecutionError, match="regoin: unknown parameter of cost-revolution"
    ):
        papermill.execute_notebook(parameters={"regoin": "EU"}, **run)


@pytest.fixture
def rows(project):
    """A matrix of three sets, and a notebook that nothing runs."""
    write_notebook(project)
    path = project / "clients.csv"
    path.write_text(
        "report,name,level\n"
        + "".join(f"cost-revolution,{name},0.8\n" for name in ("a", "b", "c-1"))
    )
    return path


def test_a_dry_run_says_what_would_be_built_and_why_and_does_nothing(project, rows, no_kernel):
    before = sorted(project.rglob("*"))
    result = briefs(
        "build", "--matrix", rows, "--dry-run", "--no-cache", "--set", "a", "--set", "c-*"
    )
    assert (result.exit_code, result.stdout) == (
        0,
        "en/cost-revolution/a: is not built yet\nen/cost-revolution/c-1: is not built yet\n",
    )
    assert result.stderr == "2 of 2 reports are stale\n"
    assert sorted(project.rglob("*")) == before
    forced = json.loads(
        briefs("build", "--matrix", rows, "--dry-run", "--no-cache", "--force", "--json").stdout
    )
    assert [entry["reasons"] for entry in forced["stale"]] == [["asked for by --force"]] * 3


def test_status_says_what_is_stale_for_people_and_programs(project, rows, no_kernel):
    staging.publish(
        project / "reports" / "site", "en/cost-revolution/left", {"results.json": b"{}"}
    )
    assert briefs("status").stdout == (
        "en/cost-revolution: is not built yet\nen/cost-revolution/left: is published, but in no set of the matrix; "
        "delete the folder if it shouldn't be\n"
    )
    assert json.loads(briefs("status", "--json").stdout)["beyond"] == ["en/cost-revolution/left"]
    found = json.loads(briefs("status", "--matrix", rows, "--language", "en,ms", "--json").stdout)
    assert (found["reports"], len(found["stale"])) == (6, 6)
    assert found["stale"][1] == {
        "place": "ms/cost-revolution/a",
        "report": "cost-revolution",
        "name": "a",
        "language": "ms",
        "reasons": ["is not built yet"],
        "command": f"briefs build cost-revolution --set a --matrix {rows.relative_to(project)} "
        "--language ms --formats html,pdf "
        "--out reports/site --force",
    }
    wrong = briefs("status", "nothing")
    assert (wrong.exit_code, wrong.stdout) == (2, "")


def test_a_bad_row_ends_with_2_before_any_kernel(project, rows, no_kernel):
    rows.write_text(rows.read_text() + "cost-revolution,d,90\n")
    result = briefs("build", "--matrix", rows)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        f"error: {rows}, line 5 (cost-revolution d): level: 90 is not between 0.5 and 0.99 "
        "(a share: 90% is 0.9)\n"
    )


def test_the_command_that_a_result_names_repeats_it(project, no_kernel):
    """Its own words, given to the command, plan the very same job."""
    write_notebook(project)
    values = {"level": "0.8", "scenarios": "trend,flat", "as_of": "2025-02-01", "language": "ms"}
    [job] = plan.jobs([], values, ("pdf",), project / "a site", name="acme")
    words = shlex.split(job.command)
    assert words[:2] == ["briefs", "build"]
    [found] = json.loads(briefs(*words[1:], "--dry-run", "--json").stdout)["stale"]
    assert (found["place"], found["command"]) == ("ms/cost-revolution/acme", job.command)


def test_a_cache_that_cannot_be_written_is_done_without(project, rows, no_kernel):
    (project / "file").write_text("")
    result = briefs("build", "--matrix", rows, "--dry-run", "--cache", project / "file" / "cache")
    assert result.exit_code == 0
    assert result.stderr.startswith(
        f"building without a cache: cannot write into {project / 'file' / 'cache'}: "
    )


def test_each_report_has_a_line_and_all_a_sum(capsys):
    progress, error = Progress(3), {"text": "x.ipynb, cell 3 ('[x]'): ValueError: no"}
    for name, status, fault in (("a", "built", None), ("b", "failed", error), ("c", "fresh", None)):
        result = plan.Result("cost-revolution", "en", status, "", 1.0, {}, fault, {}, name)
        progress(result)
    assert capsys.readouterr().err.splitlines() == [
        "[1/3] en/cost-revolution/a: built in 1.0 s",
        "[2/3] en/cost-revolution/b: failed: x.ipynb, cell 3 ('[x]'): ValueError: no",
    ]
    assert progress.summary().startswith("built 1; fresh 1; failed 1 (")


def test_the_doctor_says_whether_kernels_fork(monkeypatch):
    class Unfit:
        def __init__(self, notebooks):
            raise forked.WarmProcessError("only Linux forks safely")

    class Fit:
        def __init__(self, notebooks):
            self.fork = lambda task: SimpleNamespace(close=str)
            self.close = str

    for template, state, text in (
        (Unfit, "note", "start ordinarily, "),
        (Fit, "ok", "fork from a warm process, "),
    ):
        monkeypatch.setattr(forked, "WarmProcess", template)
        found = doctor._kernels(SimpleNamespace(notebooks=ROOT / "notebooks"))
        assert (found[0], found[1][: len(text)]) == (state, text)


def test_the_doctor_names_what_is_lacking(project, monkeypatch):
    monkeypatch.setattr(doctor, "_kernels", lambda root: ("ok", ""))  # starting one takes long
    monkeypatch.setenv("PATH", "")
    found = {entry["what"]: entry for entry in json.loads(briefs("doctor", "--json").stdout)}
    assert found["git"]["text"].startswith("not installed")
    assert found["python"]["state"] == "ok"
    assert found["packages"] == {
        "what": "packages",
        "state": "note",
        "text": "there is no requirements.lock to compare with",
    }
    (project / "requirements.lock").write_text(
        "typer==0.0.1 \\\n    --hash=sha256:00\nno-such-package==1.0 \\\n"
        "winonly==1 ; sys_platform == 'win32' \\\n"
    )
    (project / "pyproject.toml").write_text(f'{SETTINGS}\n[project]\nrequires-python = ">=3.99"\n')
    result = briefs("doctor", "--json")
    found = {entry["what"]: entry for entry in json.loads(result.stdout)}
    assert result.exit_code == 1
    assert found["python"]["state"] == "bad" and ">=3.99 is needed" in found["python"]["text"]
    assert found["packages"]["state"] == "bad"
    assert "not installed: no-such-package; another version: typer " in found["packages"]["text"]
    assert "winonly" not in found["packages"]["text"]
    assert briefs("doctor").stdout.startswith("bad   python")


def test_params_lists_each_parameter(project):
    shown = briefs("params", "cost-revolution")
    assert shown.exit_code == 0
    assert "level           number (share); default 0.9; between 0.5 and 0.99\n" in shown.stdout
    rows = json.loads(briefs("params", "cost-revolution", "--json").stdout)
    assert [row["name"] for row in rows] == list(CostRevolution.model_fields)
    wrong = briefs("params", "cost-revoluton")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "did you mean cost-revolution?" in wrong.stderr


def test_check_prints_every_problem(project, monkeypatch, tmp_path):
    monkeypatch.setattr(translations, "all_problems", lambda: ["ms: not translated: Prices"])
    write_notebook(project, "import os")
    broken = tmp_path / "data"
    broken.mkdir()
    monkeypatch.setenv("BRIEFS_DATA", str(broken))
    result = briefs("check")
    assert result.exit_code == 1
    assert (
        "cost-revolution.ipynb: cell 4 imports: that belongs in the setup cell\n" in result.stdout
    )
    assert str(broken) in result.stdout and "ms: not translated: Prices\n" in result.stdout
    assert result.stderr.startswith("error: ") and "problem" in result.stderr


def test_check_is_quiet_when_all_is_well(project, monkeypatch):
    monkeypatch.setattr(
        translations, "all_problems", list
    )  # of the real project, which has its own test
    write_notebook(project, "p = CostRevolution.from_cell(globals())")
    result = briefs("check")
    assert (result.exit_code, result.stdout) == (0, ""), result.stdout


def test_help_brings_nothing_along_but_typer():
    """Counted in modules, not in seconds."""
    script = (
        "import sys\nfrom briefs.__main__ import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        "heavy = {'pandas', 'pydantic', 'yaml', 'babel', 'IPython', 'matplotlib'} & set(sys.modules)\n"
        "ours = {name for name in sys.modules if name.startswith('briefs.')}\n"
        "print(sorted(heavy), sorted(ours), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == (
        "[] ['briefs.__main__', 'briefs.console', 'briefs.options', 'briefs.project']"
    )


def test_parameters_set_by_hand_are_built_beside_what_is_published(project, no_kernel):
    write_notebook(project)
    reports = project / "reports"

    def out(*arguments):
        return json.loads(briefs("build", *arguments, "--dry-run", "--json").stdout)["out"]

    assert out() == str(reports / "site")
    assert out("-p", "level=0.8") == str(reports / "scratch")
    assert out("-p", "level=0.8", "--set", "default") == str(reports / "scratch")
    assert out("-p", "level=0.8", "--set", "mine") == str(reports / "site")
    assert out("-p", "level=0.8", "--out", reports / "x") == str(reports / "x")
    assert out("-p", "level=0.9", "--out", reports / "site") == str(reports / "site")  # the default
    done = briefs("build", "-p", "level=0.8", "--out", reports / "site")
    assert done.exit_code == 2 and "holds what is published" in done.stderr


def test_the_folder_of_a_site_is_no_address(project, no_kernel):
    write_notebook(project)
    result = briefs("build", "--out", "s3://bucket/site")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "briefs publish" in result.stderr
    assert not (project / "s3:").exists()


def test_publish_says_what_it_copied_and_what_went_wrong(project, monkeypatch):
    asked = []

    def copy(site, target, *, delete=False):
        asked.append((site, target, delete))
        return {"copied": 2, "unchanged": 5, "deleted": 0, "left": 1}

    monkeypatch.setattr(publish, "publish", copy)
    result = briefs("publish", "s3://bucket/site", "--json")
    assert (result.exit_code, result.stderr) == (
        0,
        "copied 2; unchanged 5; deleted 0; left 1\n",
    )
    assert json.loads(result.stdout)["copied"] == 2
    assert asked.pop() == (project / "reports" / "site", "s3://bucket/site", False)
    briefs("publish", "there", "--site", "here", "--delete")
    assert asked.pop() == (Path("here"), "there", True)
    monkeypatch.undo()
    monkeypatch.chdir(project)
    result = briefs("publish", project / "there")
    assert (result.exit_code, "there is no site in this folder" in result.stderr) == (2, True)
    monkeypatch.setattr(publish, "publish", lambda *_, **__: (_ for _ in ()).throw(OSError("full")))
    assert briefs("publish", "there").exit_code == 1
