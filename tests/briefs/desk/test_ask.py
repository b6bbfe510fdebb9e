"""Parameters asked for in the terminal."""

import pytest
from typer.testing import CliRunner

from analysis.params import CostRevolution
from briefs import console
from briefs.__main__ import app
from briefs.desk import ask
from briefs.project import project


def asked(answers):
    """Answer some parameters, the others with what is offered; give the pairs, and all that was said."""
    said = []

    def prompt(name, default):
        given = answers.get(name, [])
        text = given.pop(0) if given else default
        said.append(f"{name} [{default}]: {text}")
        return text

    return ask.pairs("cost-revolution", prompt, said.append), said


def test_only_what_differs_from_the_defaults_is_passed_on():
    pairs, said = asked({})
    assert pairs == ["language=en"]
    assert "Probability content of the intervals. 0.5 to 0.99 (share)." in said
    assert [line.split(" ")[0] for line in said if "]: " in line] == list(
        CostRevolution.model_fields
    )
    pairs, _said = asked({"currency": ["MYR"], "scenarios": ["trend, flat"]})
    assert pairs == ["language=en", "scenarios=trend,flat", "currency=MYR"]


def test_a_fault_is_said_and_the_nearest_right_value_offered():
    pairs, said = asked({"threshold": ["200"], "as_of": ["soon", "2025-02-01"]})
    assert pairs == ["language=en", "as_of=2025-02-01", "threshold=100.0"]
    at = said.index("threshold: 200 is not between 0 and 100 (GPQA-Diamond is scored in percent)")
    assert said[at + 1] == "threshold [100.0]: 100.0"
    assert "as_of: 'soon' is not a date (write YYYY-MM-DD)" in said


def test_what_is_offered_goes_with_what_was_given_before():
    pairs, said = asked({"benchmark": ["LMArena-Elo"]})
    assert "threshold [800.0]: 800.0" in said
    assert pairs == ["language=en", "benchmark=LMArena-Elo", "threshold=800.0"]


@pytest.fixture
def built(monkeypatch):
    """What would be built."""
    found = []
    monkeypatch.setattr(console, "build", lambda request, options, as_json: found.append(request))
    monkeypatch.setattr("briefs.engine.staging.claim", lambda folder: folder)
    return found


def test_the_command_asks_and_builds_beside_what_is_published(built):
    typed = "\n".join(["", "2025-02-01", *[""] * (len(CostRevolution.model_fields) - 2)])
    found = CliRunner().invoke(app, ["params", "cost-revolution", "--ask"], input=f"{typed}\n")
    assert found.exit_code == 0, found.output
    (request,) = built
    assert request.out == project().reports / "scratch"
    (job,) = request.jobs()
    assert job.parameters == CostRevolution(as_of="2025-02-01")


def test_an_end_of_input_builds_nothing(built):
    found = CliRunner().invoke(app, ["params", "cost-revolution", "--ask"], input="en\n")
    assert found.exit_code == 1 and not built
