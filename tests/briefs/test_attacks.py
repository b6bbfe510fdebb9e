"""What a stranger hands in as parameters, sets, names and claims is refused in a line, or stays a text."""

import json
import shlex
from typing import ClassVar

import pytest
import yaml
from nbformat.v4 import new_code_cell, new_notebook
from pydantic import Field
from typer.testing import CliRunner

from analysis.params import REPORTS, Common
from briefs import parameters
from briefs.__main__ import app
from briefs.desk import drafts
from briefs.engine import kernels, plan
from briefs.engine.matrix import Matrix
from briefs.evidence import claimreview
from briefs.files import OutsideError, inside
from briefs.parameters import ParameterError
from briefs.project import PlanError
from briefs.render import frame
from briefs.render.frame import PageAddress
from briefs.yaml_nodes import YamlError


class Free(Common):
    """A report with a parameter that may be any text, as another project's may."""

    report: ClassVar[str] = "free"
    text: str = Field("", description="Any text.")


def refusal(kind, call, *arguments):
    """What is said of it, in lines that can be read."""
    with pytest.raises(kind) as caught:
        call(*arguments)
    said = str(caught.value)
    assert said and all(len(line) < 900 for line in said.splitlines())
    return said


@pytest.mark.parametrize("report", REPORTS)
def test_no_parameter_takes_an_attack_for_a_value_or_a_name(attacks, report):
    for name in REPORTS[report].model_fields:
        for attack in attacks.all:
            assert refusal(ParameterError, parameters.parse, report, {name: attack}).startswith(
                f"{name}: "
            )
    for attack in attacks.all:
        refusal(ParameterError, parameters.parse, report, {attack: "1"})
        refusal(ParameterError, parameters.parse, attack, {})


def test_a_text_comes_into_a_notebook_as_itself(attacks):
    """And nothing of it is run: a cell that set more names, or ended in another state, would differ."""
    nb = new_notebook(cells=[new_code_cell("pass", metadata={"tags": ["parameters"]})])
    for attack in attacks.all:
        model = Free(text=attack)
        made = kernels.inject(nb, json.loads(json.dumps(parameters.injected(model))))
        namespace = {"__builtins__": {}}
        exec(made.cells[1].source, namespace)
        assert Free.from_cell(namespace) == model
        assert namespace.keys() == {"__builtins__", *Free.model_fields}


def test_the_command_on_a_page_hands_a_text_to_the_shell_as_one_word(attacks):
    for attack in attacks.all:
        record = {
            "report": "free",
            "language": "en",
            "parameters": [{"name": "text", "value": attack}],
        }
        said = frame.command(record, PageAddress(f"en/free/{attack}"))
        *_before, flag, word = shlex.split(said)
        assert (flag, word) == ("-p", f"text={attack}")


def test_no_set_of_a_matrix_is_called_or_holds_an_attack(attacks, tmp_path):
    path = tmp_path / "matrix.yml"
    good = {"name": "a", "as_of": "2025-02-01"}
    for attack in attacks.all:
        for report, one in (
            ("cost-revolution", {**good, "name": attack}),
            ("cost-revolution", {**good, "as_of": attack}),
            ("cost-revolution", {**good, "formats": [attack]}),
            ("cost-revolution", {**good, "languages": [attack]}),
            ("cost-revolution", {**good, attack: "1"}),
            (attack, good),
        ):
            path.write_text(yaml.safe_dump({"reports": {report: {"sets": [one]}}}))
            refusal((PlanError, YamlError), Matrix, path)
        path.write_text(
            yaml.safe_dump({"reports": {"cost-revolution": {"grid": {**good, "name": attack}}}})
        )
        refusal((PlanError, YamlError), Matrix, path)


def test_no_name_of_a_file_or_a_set_leads_out(attacks, tmp_path):
    for attack in attacks.all:
        refusal(PlanError, plan.check_name, attack, "--set")
        try:
            path = inside(tmp_path, attack)
        except OutsideError:
            continue
        assert path.is_relative_to(tmp_path) and ".." not in path.parts


def test_a_claim_of_a_strangers_becomes_lines_of_plain_text(attacks):
    """Of HTML the words are left; a draft in the file of the claims is what was read."""
    for attack in attacks.all:
        by = {"@type": "Person", "name": attack}
        review = {
            "@type": "ClaimReview",
            "claimReviewed": f"Costs fell {attack}",
            "url": attack,
            "inLanguage": attack,
        }
        review |= {"author": by, "reviewRating": {"alternateName": attack}}
        review |= {
            "itemReviewed": {"author": by, "datePublished": attack, "appearance": [{"url": attack}]}
        }
        (found,) = claimreview.read(json.dumps(review).encode())
        said = [found.statement, found.speaker, found.where, found.checker, found.rating]
        assert found.statement.startswith("Costs fell") and all(text.isprintable() for text in said)
        assert found.address.startswith(("https://", "http://")) or not found.address
        draft = drafts._draft(found, "a-1", "a")
        assert yaml.safe_load(drafts.text([draft])) == [draft]


def test_a_terminal_gets_nothing_that_moves_its_cursor(attacks, monkeypatch, capsys):
    for attack in attacks.all:
        done = CliRunner().invoke(
            app, ["params", attack, "--"] if attack[0] != "-" else ["params", "--", attack]
        )
        assert done.exit_code and all(line.isprintable() for line in done.output.split("\n"))
