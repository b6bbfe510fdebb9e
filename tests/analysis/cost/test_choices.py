"""The grids of the claims on costs: every combination gives readings, and the first is what the brief shows."""

import itertools

import pytest

from analysis import params
from analysis.cost import summary
from briefs.evidence.claims import load_claims

CLAIMS = ("cost-1", "cost-2", "cost-3", "cost-4", "cost-5")


@pytest.fixture(scope="module")
def found():
    return summary.summary(params.CostRevolution(n_boot=100))


@pytest.mark.parametrize("claim", CLAIMS)
def test_every_combination_is_judged(found, claim):
    verdict = getattr(found, claim.replace("-", "_"))
    axes = load_claims()[claim].grid
    tried = verdict.specifications
    combinations = list(itertools.product(*([c.id for c in axis.choices] for axis in axes)))
    rows = tried.rows[[axis.id for axis in axes]].itertuples(index=False, name=None)
    assert len(combinations) >= 12 and set(rows) <= set(combinations)
    assert tried.tested == len(tried.rows) >= 12
    assert tried.holding == (tried.rows["verdict"] == verdict.verdict).sum()


def first_of(verdict):
    """Estimate of the first choice of each axis of a claim."""
    rows = verdict.specifications.rows
    for axis in verdict.claim["grid"]:
        rows = rows[rows[axis["id"]] == axis["choices"][0]["id"]]
    return rows["estimate"].item()


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_first_choices_are_those_of_the_brief(found, claim):
    name = claim.replace("-", "_")
    shown = getattr(found, name).estimate
    assert first_of(getattr(found, name)) is shown
    # With a parameter changed, which says nothing of the claims, they are estimated like the others:
    again = summary.summary(params.CostRevolution(n_boot=100, horizon=2031))
    estimate = first_of(getattr(again, name))
    assert estimate is not getattr(again, name).estimate
    # Other draws, so the ends differ; the estimate from the evidence as it is doesn't, but for its weights.
    assert estimate.value == pytest.approx(shown.value, rel=0.15)


def test_choices_change_what_they_name(found):
    rows = found.cost_4.specifications.rows
    base = rows[(rows["coverage"] == "followed") & (rows["scores"] == "median")]
    base = base[(base["pooling"] == "benchmarks") & (base["sources"] == "all")]
    values = dict(zip(base["frontier"], (e.value for e in base["estimate"]), strict=True))
    assert values["cheapest"] > values["tenth"] > values["fifth"]
