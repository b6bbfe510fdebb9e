"""The right value nearest to a wrong one."""

import datetime as dt

import pytest

from analysis.params import EVIDENCE_DATE, CostRevolution, RegulatoryOutlook
from briefs.display.nearest import nearest_right
from briefs.parameters import ParameterError


@pytest.mark.parametrize(
    ("name", "values", "right"),
    [
        ("threshold", {"threshold": 200}, 100.0),
        ("threshold", {"benchmark": "LMArena-Elo"}, 800.0),
        ("threshold", {"benchmark": "LMArena-Elo", "threshold": 1e6}, 1700.0),
        ("threshold", {"threshold": 65}, 65),
        ("level", {"level": "90"}, 0.99),
        ("level", {"level": "lots"}, 0.9),
        ("n_boot", {"n_boot": 7}, 100),
        ("horizon", {"horizon": 2020}, 2027),
        ("million_tokens", {"million_tokens": 0}, 100.0),
        ("million_tokens", {"million_tokens": "2e9"}, 1e9),
        ("as_of", {"as_of": "2031-01-01"}, EVIDENCE_DATE),
        ("as_of", {"as_of": dt.date(2020, 1, 1)}, dt.date(2025, 1, 1)),
        ("currency", {"currency": "usd"}, "USD"),
        ("benchmark", {"benchmark": "MATH"}, "MATH-500"),
        ("scenarios", {"scenarios": ["trnd", "flt", "flat"]}, ["trend", "flat"]),
        ("scenarios", {"scenarios": []}, ["trend", "claimed", "half", "flat"]),
    ],
)
def test_what_is_offered_is_right_and_near(name, values, right):
    given = {name: getattr(CostRevolution(), name), **values}
    found = nearest_right(CostRevolution, given, name)
    assert found == right and type(found) is type(right)
    CostRevolution.parse({**given, name: found})


def test_other_faults_stay_and_do_not_matter():
    values = {"level": 7, "start": "2015-01-01"}
    assert nearest_right(RegulatoryOutlook, values, "start") == dt.date(2016, 1, 1)
    with pytest.raises(ParameterError, match=r"^level: 7 is not between"):
        RegulatoryOutlook.parse({**values, "start": dt.date(2016, 1, 1)})
