"""Parameters: what is let in, what a message says, and that values survive papermill."""

import datetime as dt
import json
from pathlib import Path
from typing import ClassVar

import pytest
from nbformat.v4 import new_code_cell, new_notebook
from pydantic import Field, ValidationError

from analysis import params
from analysis.params import Common, CostRevolution, ParameterError
from briefs.engine import kernels

ROOT = Path(__file__).parents[1]


class Odd(Common):
    """Types that papermill is known to lose."""

    report: ClassVar[str] = "odd"
    code: str = Field("007", description="A code.")
    limit: int | None = Field(5, description="A limit, or none.")
    tags: list[str] = Field(["a"], description="Tags.")
    text: str = Field("", description="Any text.")


def fault(**values):
    with pytest.raises(ParameterError) as caught:
        params.parse("cost-revolution", values)
    return str(caught.value)


def test_defaults_are_valid_and_frozen():
    model = params.parse("cost-revolution", {})
    assert (model.as_of, model.level, model.benchmark) == (
        dt.date(2026, 11, 23),
        0.9,
        "GPQA-Diamond",
    )
    with pytest.raises(ValidationError, match="frozen"):
        model.level = 0.5


def test_the_evidence_date_is_the_day_the_package_was_created():
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    assert package["created"][:10] == params.EVIDENCE_DATE.isoformat()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"level": "90"}, "level: 90 is not between 0.5 and 0.99 (a share: 90% is 0.9)"),
        ({"level": "nan"}, "level: nan is not between 0.5 and 0.99 (a share: 90% is 0.9)"),
        ({"as_of": "tomorrow"}, "as_of: 'tomorrow' is not a date (write YYYY-MM-DD)"),
        ({"as_of": 20250201}, "as_of: 20250201 is not a date (write YYYY-MM-DD)"),
        ({"as_of": "2025-02-30"}, "as_of: '2025-02-30' is not a date (write YYYY-MM-DD)"),
        (
            {"as_of": "2026-11-24"},
            "as_of: 2026-11-24 is not between 2025-01-01 and 2026-11-23 "
            "(the evidence was last collected on 2026-11-23)",
        ),
        ({"horizon": 1900}, "horizon: 1900 is not between 2027 and 2040"),
        ({"horizon": "2030.5"}, "horizon: '2030.5' is not a whole number"),
        ({"n_boot": True}, "n_boot: True is not a number"),
        ({"million_tokens": "0"}, "million_tokens: 0 is not above 0 and at most 1e+09"),
        ({"input_share": "lots"}, "input_share: 'lots' is not a number"),
        (
            {"language": "fr"},
            "language: 'fr' is not one of en, ms, en-XA (en-XA is accented English, which shows what "
            "isn't translated)",
        ),
        ({"currency": "EUR"}, "currency: 'EUR' is not one of USD, MYR"),
        (
            {"benchmark": "GPQA"},
            "benchmark: 'GPQA' is not one of GPQA-Diamond, MMLU, MATH-500, HumanEval, LMArena-Elo, "
            "SWE-bench-Verified",
        ),
        (
            {"scenarios": "trend,flt"},
            "scenarios: 'flt' is not one or more of trend, claimed, half, flat; did you mean flat?",
        ),
        ({"scenarios": ["flat", "flat"]}, "scenarios: ['flat', 'flat'] names one of them twice"),
        (
            {"scenarios": ""},
            "scenarios: name at least one; it is one or more of trend, claimed, half, flat",
        ),
        (
            {"threshold": "101"},
            "threshold: 101 is not between 0 and 100 (GPQA-Diamond is scored in percent)",
        ),
        (
            {"benchmark": "LMArena-Elo"},
            "threshold: 50 is not between 800 and 1700 (LMArena-Elo is a rating)",
        ),
        ({"levl": 0.9}, "levl: unknown parameter of cost-revolution; did you mean level?"),
        (
            {"as-of": "2025-02-01"},
            "as-of: unknown parameter of cost-revolution; did you mean as_of?",
        ),
    ],
)
def test_a_fault_names_parameter_value_and_rule(values, expected):
    assert fault(**values) == expected


def test_an_unknown_name_with_no_near_one_lists_all():
    assert fault(zzz="EU") == (
        "zzz: unknown parameter of cost-revolution; choose from "
        + ", ".join(CostRevolution.model_fields)
    )


def test_every_fault_has_its_line():
    assert [
        line.split(":")[0] for line in fault(level=90, horizon=1900, regoin="EU").splitlines()
    ] == ["level", "horizon", "regoin"]


def test_the_horizon_lies_after_the_year_of_as_of():
    assert "horizon: 2027 is not after the year of as_of" not in str(
        params.parse("cost-revolution", {"horizon": "2027"})
    )
    # No date allowed today reaches 2027, so the rule is shown on a model that skips the ranges.
    late = CostRevolution().model_copy(update={"as_of": dt.date(2027, 5, 1), "horizon": 2027})
    with pytest.raises(
        ParameterError, match=r"^horizon: 2027 is not after the year of as_of \(2027-05-01\)$"
    ):
        late._fit_together()


def test_an_unknown_report_names_the_nearest():
    with pytest.raises(
        ParameterError, match=r"^cost-revoluton: unknown report; did you mean cost-revolution\?$"
    ):
        params.model_for("cost-revoluton")


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
    model = params.parse("cost-revolution", text)
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
    nb = kernels.inject(nb, json.loads(json.dumps(params.injected(model))))
    namespace = {}
    exec(nb.cells[1].source, namespace)
    assert Odd.from_cell(namespace) == model


def test_from_cell_wants_every_parameter():
    values = params.injected(CostRevolution())
    del values["seed"], values["level"]
    with pytest.raises(
        ParameterError, match=r"^the parameters cell of cost-revolution does not set level, seed$"
    ):
        CostRevolution.from_cell(values)


def test_from_cell_sees_a_misspelt_name_that_papermill_let_through():
    namespace = {
        **params.injected(CostRevolution()),
        "helper": 1,
        "regoin": "EU",
        "In": ["", "helper = 1", '# Parameters\nregoin = "EU"\nlevel = 0.9\n'],
    }
    with pytest.raises(ParameterError, match=r"^regoin: unknown parameter of cost-revolution"):
        CostRevolution.from_cell(namespace)
    del namespace["In"]
    assert CostRevolution.from_cell(namespace) == CostRevolution()


def test_describe_has_a_row_for_each_parameter_with_its_meaning():
    rows = {row["name"]: row for row in params.describe("cost-revolution")}
    assert list(rows) == list(CostRevolution.model_fields)
    assert all(row["meaning"] for row in rows.values())
    assert rows["level"] == {
        "name": "level",
        "type": "number",
        "default": 0.9,
        "allowed": "between 0.5 and 0.99",
        "unit": "share",
        "meaning": "Probability content of the intervals.",
    }
    assert (rows["as_of"]["type"], rows["scenarios"]["type"], rows["horizon"]["unit"]) == (
        "date",
        "list",
        "year",
    )
    assert rows["million_tokens"]["allowed"] == "above 0 and at most 1e+09"


def test_a_type_name_says_what_may_be_missing():
    assert params._type_name(Odd.model_fields["limit"].annotation) == "whole number or nothing"
