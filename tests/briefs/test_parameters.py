"""Parameters: their faults in words, and that values survive papermill."""

import datetime as dt
import json
from typing import ClassVar

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from pydantic import Field

from analysis.params import Common, CostRevolution
from briefs import parameters
from briefs.engine import kernels
from briefs.parameters import ParameterError


class Odd(Common):
    """Types that papermill is known to lose."""

    report: ClassVar[str] = "odd"
    code: str = Field("007", description="A code.")
    limit: int | None = Field(5, description="A limit, or none.")
    tags: list[str] = Field(["a"], description="Tags.")
    text: str = Field("", description="Any text.")


def fault(**values):
    with pytest.raises(ParameterError) as caught:
        parameters.parse("cost-revolution", values)
    return str(caught.value)


def test_an_unknown_name_with_no_near_one_lists_all():
    assert fault(zzz="EU") == (
        "zzz: unknown parameter of cost-revolution; choose from "
        + ", ".join(CostRevolution.model_fields)
    )


def test_every_fault_has_its_line():
    assert [
        line.split(":")[0] for line in fault(level=90, horizon=1900, regoin="EU").splitlines()
    ] == ["level", "horizon", "regoin"]


def test_an_unknown_report_names_the_nearest():
    with pytest.raises(
        ParameterError, match=r"^cost-revoluton: unknown report; did you mean cost-revolution\?$"
    ):
        parameters.model_for("cost-revoluton")


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ({"level": "0.8"}, {"level": 0.8}),
        ({"as_of": "2025-02-01"}, {"as_of": dt.date(2025, 2, 1)}),
        ({"as_of": dt.datetime(2025, 2, 1)}, {"as_of": dt.date(2025, 2, 1)}),
        ({"scenarios": "trend, flat"}, {"scenarios": ["trend", "flat"]}),
        ({"scenarios": '["trend", "flat"]'}, {"scenarios": ["trend", "flat"]}),
        ({"scenarios": ("trend",)}, {"scenarios": ["trend"]}),
        ({"seed": "7"}, {"seed": 7}),
    ],
)
def test_text_is_taken_for_what_the_field_is(text, typed):
    model = parameters.parse("cost-revolution", text)
    assert {name: getattr(model, name) for name in typed} == typed


def test_codes_keep_their_zeros_and_null_is_nothing():
    model = Odd.parse({"code": "002", "limit": "null", "tags": "01,02"})
    assert (model.code, model.limit, model.tags) == ("002", None, ["01", "02"])


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"as_of": dt.date(2025, 3, 4), "limit": None, "tags": ["x", "02"], "code": "0012"},
        {
            "text": 'quote " and \\ and é\nand a second line',
            "tags": [],
            "level": 0.123456789012345678 + 0.5,
        },
    ],
)
def test_values_come_through_papermill_as_themselves(values):
    model = Odd(**values)
    nb = new_notebook(cells=[new_code_cell("pass", metadata={"tags": ["parameters"]})])
    nb = kernels.inject(nb, json.loads(json.dumps(parameters.injected(model))))
    namespace = {}
    exec(nb.cells[1].source, namespace)
    assert Odd.from_cell(namespace) == model


def test_from_cell_wants_every_parameter():
    values = parameters.injected(CostRevolution())
    del values["seed"], values["level"]
    with pytest.raises(
        ParameterError, match=r"^the parameters cell of cost-revolution does not set level, seed$"
    ):
        CostRevolution.from_cell(values)


def test_from_cell_sees_a_misspelt_name_that_papermill_let_through():
    namespace = {
        **parameters.injected(CostRevolution()),
        "helper": 1,
        "regoin": "EU",
        "In": ["", "helper = 1", '# Parameters\nregoin = "EU"\nlevel = 0.9\n'],
    }
    with pytest.raises(ParameterError, match=r"^regoin: unknown parameter of cost-revolution"):
        CostRevolution.from_cell(namespace)
    del namespace["In"]
    assert CostRevolution.from_cell(namespace) == CostRevolution()


def test_a_type_name_says_what_may_be_missing():
    assert parameters.type_name(Odd.model_fields["limit"].annotation) == "whole number or nothing"
