"""Jobs: where they go, the command that repeats one, and names that stay inside their folder."""

import shlex
from pathlib import Path

import pytest

from analysis import params
from briefs.engine import plan
from briefs.engine.plan import Job, Result
from briefs.project import PlanError


def job(name="", out="site", **values):
    return Job(
        "cost-revolution", params.CostRevolution(**values), Path("n.ipynb"), Path(out), name=name
    )


def test_a_job_and_its_result_stand_in_the_same_place():
    assert job().place == "en/cost-revolution"
    assert job("acme", language="ms").place == "ms/cost-revolution/acme"
    result = Result("cost-revolution", "ms", "built", "", 0, {}, None, {}, "acme")
    assert result.place == "ms/cost-revolution/acme"
    assert list(vars(result))[-2:] == ["name", "command"]


def test_a_command_names_only_what_differs_from_the_defaults():
    assert (
        job().command
        == "briefs build cost-revolution -p language=en --formats html,pdf --out site --force"
    )
    made = job("acme", "a site", scenarios=["trend", "flat"], as_of="2025-02-01")
    assert shlex.split(made.command)[2:] == [
        "cost-revolution",
        "--set",
        "acme",
        "-p",
        "language=en",
        "-p",
        "as_of=2025-02-01",
        "-p",
        "scenarios=trend,flat",
        "--formats",
        "html,pdf",
        "--out",
        "a site",
        "--force",
    ]


@pytest.mark.parametrize("name", ["a", "2026-1", "as-of-2025-02-01", "x" * 100])
def test_a_good_name_passes(name):
    plan.check_name(name, "here")


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-a",
        "a-",
        "a--b",
        "A",
        "a b",
        "a/b",
        "..",
        "a.b",
        ".git",
        "é",
        "a\n",
        "x" * 101,
        "data",
        "default",
    ],
)
def test_a_name_that_is_no_folder_of_its_own_is_refused(name):
    with pytest.raises(PlanError, match="here: name: "):
        plan.check_name(name, "here")


def test_lists_are_read_once_each_in_order():
    assert plan.read_formats("pdf, html,pdf") == ("pdf", "html")
    assert plan.read_languages(" ms,en,,ms") == ("ms", "en")


def test_one_set_in_several_languages():
    found = plan.jobs(
        ["overview"], {"level": "0.8"}, ("html",), Path("site"), languages=("en", "ms"), name="acme"
    )
    assert [made.place for made in found] == ["en/overview/acme", "ms/overview/acme"]
    assert {made.languages for made in found} == {("en", "ms")}
