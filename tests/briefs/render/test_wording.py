"""What pages say of a verdict besides its reason: why it is open, how sure it is, what changed."""

import pytest

from briefs.display import i18n
from briefs.render import wording
from briefs.values import CAUSES, OUTCOMES, VERDICTS


@pytest.fixture(autouse=True)
def english():
    i18n.activate("en")
    yield
    i18n.activate("en")


@pytest.mark.parametrize("cause", CAUSES)
def test_what_is_open_says_why_in_either_language(cause):
    assert wording.cause({"cause": cause}) == cause
    i18n.activate("ms")
    assert wording.cause({"cause": cause}) not in ("", cause)


@pytest.mark.parametrize("found", [{}, {"cause": ""}, {"cause": None}])
def test_what_is_settled_has_no_cause(found):
    assert wording.cause(found) == ""


def test_verdicts_and_outcomes_have_words_of_their_own():
    names = {*VERDICTS, *OUTCOMES}
    for language in ("en", "ms"):
        i18n.activate(language)
        assert len({wording.verdict_word(name) for name in names}) == len(names) == 7


@pytest.mark.parametrize(
    ("supported", "partly", "written"),
    [
        (0.95, 0.99, "95%; in part 99%"),
        (0.951, 0.951, "95%"),  # one range, one probability
        (0.951, 0.9505, "95%"),
        (0.0, 0.5, "under 1%; in part 50%"),
        (0.0, 0.0, "under 1%"),
        (0.00999, 0.01, "under 1%; in part 1%"),
        (0.99, 0.9901, "99%; in part over 99%"),
        (1.0, 1.0, "over 99%"),
        (2 / 3, 1.0, "67%; in part over 99%"),
        (None, None, ""),  # published figures have none
    ],
)
def test_probabilities_are_never_none_or_all(supported, partly, written):
    reading = {"probability_supported": supported, "probability_partly": partly}
    assert wording.probabilities(reading) == written
    assert wording.probabilities({}) == ""


def change(date, verdict, seen=True):
    return {"date": date, "reason": f"Of {date}.", "results_seen": seen, "verdict": verdict}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([], ""),
        ([change("2026-11-01", None)], ""),  # nothing had been judged by then
        ([change("2026-11-29", "mixed")], "Mixed (until 29 November 2026)"),
        (
            [
                change("2026-11-01", None),
                change("2026-11-20", "unresolved"),
                change("2026-11-29", "contradicted"),
            ],
            "Unresolved (until 20 November 2026)",
        ),
    ],
)
def test_the_first_verdict_is_that_of_the_first_rule_that_gave_one(changes, said):
    assert wording.first_verdict(changes) == said


def test_every_change_of_a_rule_is_told_with_what_was_known():
    history = [change("2026-11-01", None, seen=False), change("2026-11-29", "mixed")]
    assert wording.rule_changes({"rule_history": history}) == (
        "1 November 2026: Of 2026-11-01. No result had been seen by then. "
        "29 November 2026: Of 2026-11-29. Results had been seen by then."
    )
    assert wording.rule_changes({}) == ""


def tried(holding, tested, *axes):
    named = [{"id": axis.lower(), "name": axis} for axis in axes]
    return {"specifications": {"holding": holding, "tested": tested, "axes": named, "rows": []}}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({}, ""),
        ({"specifications": None}, ""),
        (tried(0, 0, "Window"), ""),  # no combination allowed an estimate
        (
            tried(0, 12, "Window"),
            "The verdict holds in 0 of 12 combinations of other choices (window).",
        ),
        (
            tried(1, 2, "NVIDIA's share", "Window"),
            "The verdict holds in 1 of 2 combinations of other choices (NVIDIA's share and window).",
        ),
        (
            tried(1200, 1500, "Window", "Peers", "Months before"),
            "The verdict holds in 1,200 of 1,500 combinations of other choices (window, peers and months "
            "before).",
        ),
    ],
)
def test_robustness_counts_the_combinations_and_names_the_choices(record, said):
    assert wording.robustness(record) == said
