"""What editions foresaw against counts, on rows worked out by hand, and on the evidence."""

import math

import pandas as pd
import pytest

from analysis.market import vintages
from briefs.evidence import catalog

#: source, published, layer, year, spending, status
ROWS = [
    ("gartner_2021", "2021-04-21", "IaaS", 2020, 50.0, "estimate"),
    ("gartner_2021", "2021-04-21", "IaaS", 2021, 80.0, "forecast"),
    ("gartner_2021", "2021-04-21", "IaaS", 2022, 100.0, "forecast"),
    ("gartner_2021", "2021-04-21", "Total", 2022, 900.0, "forecast"),
    ("gartner_2022", "2022-04-19", "IaaS", 2021, 88.0, "estimate"),
    ("gartner_2022", "2022-04-19", "IaaS", 2022, 130.0, "forecast"),
    ("gartner_actual", "2023-07-01", "IaaS", 2022, 120.0, "actual"),
    ("gartner_2023", "2023-11-01", "IaaS", 2022, 121.0, "estimate"),
    ("gartner_2023", "2023-11-01", "IaaS", 2024, 200.0, "forecast"),
    ("idc_2022", "2022-06-01", "IaaS", 2021, 60.0, "actual"),
]


@pytest.fixture
def spending():
    names = "source_id published segment year spending_usd_m status".split()
    rows = pd.DataFrame(ROWS, columns=names)
    day = pd.to_datetime(rows["published"])
    return rows.assign(vintage=rows["published"].str[:7], published=day)


def test_each_forecast_is_held_against_the_last_count_of_its_publisher(spending):
    found = vintages.against_counts(spending)
    columns = ["source_id", "year", "ahead", "foreseen", "came", "basis", "counted_by"]
    assert found[columns].to_numpy().tolist() == [
        # another publisher's count of 2021 doesn't count
        ["gartner_2021", 2021, 0, 80.0, 88.0, "estimate", "gartner_2022"],
        # what is called actual comes before a later estimate; a total is no layer
        ["gartner_2021", 2022, 1, 100.0, 120.0, "actual", "gartner_actual"],
        ["gartner_2022", 2022, 0, 130.0, 120.0, "actual", "gartner_actual"],
    ]
    assert found["error"].tolist() == pytest.approx(
        [math.log(1.1), math.log(1.2), math.log(120 / 130)]
    )


def test_nothing_is_compared_before_its_year_is_counted(spending):
    early = spending[spending["published"] < "2022-01-01"]
    assert vintages.against_counts(early).empty
    assert vintages.against_counts(spending[:0]).empty


def test_the_order_of_rows_does_not_matter(spending):
    mixed = spending.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(vintages.against_counts(mixed), vintages.against_counts(spending))


def test_the_typical_miss_is_a_factor():
    found = vintages.typical(pd.Series([math.log(2), -math.log(4)]))
    # root mean square of ln 2 and 2 ln 2 is ln 2 times the root of 2.5
    assert found.value == pytest.approx(2 ** math.sqrt(2.5))
    assert (found.low, found.high, found.n) == (pytest.approx(2), pytest.approx(4), 2)
    assert not vintages.typical(pd.Series([0.1])).known


def test_in_the_evidence_every_forecast_came_before_its_count():
    spending = catalog.load("cloud-spending")
    found = vintages.against_counts(spending)
    published = spending.groupby("source_id")["published"].max()
    assert len(found) > 20 and set(found["layer"]) == {"IaaS", "PaaS", "SaaS"}
    assert (found["counted_by"].map(published) > found["published"]).all()
    assert (found["ahead"] >= 0).all()
