"""The project's parameters: what is let in, and what a message says."""

import datetime as dt
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from analysis import params
from analysis.params import CostRevolution
from briefs import parameters
from briefs.parameters import ParameterError

ROOT = Path(__file__).parents[2]
LATER = (params.EVIDENCE_DATE + dt.timedelta(1)).isoformat()


def fault(**values):
    with pytest.raises(ParameterError) as caught:
        parameters.parse("cost-revolution", values)
    return str(caught.value)


def test_defaults_are_valid_and_frozen():
    model = parameters.parse("cost-revolution", {})
    assert (model.as_of, model.level, model.benchmark) == (
        params.EVIDENCE_DATE,
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
            {"as_of": LATER},
            f"as_of: {LATER} is not between 2025-01-01 and {params.EVIDENCE_DATE} "
            f"(the evidence was last collected on {params.EVIDENCE_DATE})",
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
            "SWE-bench-Verified, OTIS-Mock-AIME",
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


def test_the_horizon_lies_after_the_year_of_as_of():
    assert "horizon: 2027 is not after the year of as_of" not in str(
        parameters.parse("cost-revolution", {"horizon": "2027"})
    )
    # No date allowed today reaches 2027, so the rule is shown on a model that skips the ranges.
    late = CostRevolution().model_copy(update={"as_of": dt.date(2027, 5, 1), "horizon": 2027})
    with pytest.raises(
        ParameterError, match=r"^horizon: 2027 is not after the year of as_of \(2027-05-01\)$"
    ):
        late._fit_together()


def test_describe_has_a_row_for_each_parameter_with_its_meaning():
    rows = {row["name"]: row for row in parameters.describe("cost-revolution")}
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
