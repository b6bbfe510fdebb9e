"""The plain sentences of the claims on rules, on the evidence as of several days and on made-up summaries."""

import datetime as dt
from types import SimpleNamespace

import pytest

from analysis.regulation import answers
from briefs.display import i18n

WRITE = {
    "overall": lambda balance: f"{abs(100 * balance):.0f}",
    "equal_adoption": lambda year: str(int(year)),
    "price_effect": i18n.significant,
}


def printed(main):
    found = main.estimate
    return [WRITE[main.id](end) for end in (found.value, found.low, found.high)]


@pytest.mark.parametrize("language", ["en", "ms"])
@pytest.mark.parametrize("day", range(3))
def test_every_sentence_is_plain_and_has_the_headline_s_number(sentences, day, language):
    sentences.check_theme(
        sentences.known_by(sentences.days[day]).regulation, answers, printed, language
    )


def test_the_lead_is_the_one_headline(sentences):
    sentences.check_lead(answers.card(sentences.known_by(sentences.days[2]).regulation))


TIGHTER, LOOSER, EVEN = (-0.26, -0.42, -0.11), (0.3, 0.1, 0.5), (-0.12, -0.3, 0.1)
AHEAD, BEHIND = (0.3, 0.1, 0.5), (-0.6, -0.8, -0.4)
FASTER, SLOWER, OPEN = (0.5, 0.3, 0.7), (2.0, 1.5, 2.5), (1.1, 0.2, 2.0)
SHRANK, GREW = (-25, -40, -10), (25, 10, 40)


@pytest.mark.parametrize(
    ("claim", "given", "words"),
    [
        ("regulation-1", [TIGHTER, None, AHEAD], "by 26 (11 to 42) in 100 decisions, though less"),
        ("regulation-1", [TIGHTER, None, BEHIND], "by 26 (11 to 42) in 100 decisions."),
        (
            "regulation-1",
            [LOOSER, None, AHEAD],
            "eased more often than tightened since 1 June 2025",
        ),
        ("regulation-1", [LOOSER, None, AHEAD], "in 100 decisions, and more so in America."),
        ("regulation-1", [EVEN], "by 12 (−10 to +30) in 100 decisions."),
        ("regulation-1", [], "No decision on AI rules since 1 June 2025"),
        (
            "regulation-2",
            [(5, 2, 8)],
            "public that finds AI rules excessive rose 5 (2 to 8) points",
        ),
        (
            "regulation-2",
            [(-5, -8, -2)],
            "public that finds AI rules excessive fell 5 (2 to 8) points",
        ),
        ("regulation-2", [None, (5, 2, 8)], "experts who find AI rules excessive rose 5"),
        ("regulation-2", [None, (-5, -8, -2)], "experts who find AI rules excessive fell 5"),
        ("regulation-3", [(1992, 1991, 1993)], "stood in 1992 (1991 to 1993)."),
        ("regulation-3", [(2002, 1998, 2003)], "stood in 2002 (1998 to 2003), not in the early"),
        ("regulation-3", [(2002, 1998, 2003, {"grade": "D"})], "By weak sources alone"),
        ("regulation-3", [None, (6, 2, 17)], "6.0 times (2.0 to 17) as many people"),
        ("regulation-3", [None, None, (5, 1, 27)], "Federal laws on AI come 5.0 times (1.0 to 27)"),
        ("regulation-3", [], "How many people use AI hadn't been published"),
        (
            "regulation-4",
            [FASTER, SHRANK],
            "fell faster: a year on they were 0.50 times (0.30 to 0.70)",
        ),
        ("regulation-4", [SLOWER, SHRANK], "implied; America's lead over China narrowed."),
        ("regulation-4", [SLOWER, GREW], "implied; America's lead over China held."),
        (
            "regulation-4",
            [SLOWER],
            "a year on they were 2.0 times (1.5 to 2.5) what the old pace implied.",
        ),
        ("regulation-4", [OPEN], "is open: a year on, 1.1 times (0.20 to 2.0)"),
        ("regulation-4", [None, SHRANK], "lead over China shrank by 25 (10 to 40) rating points"),
        ("regulation-4", [None, GREW], "lead over China grew by 25 (10 to 40) rating points"),
        ("regulation-4", [None, None, (49, 13, 86)], "share of use rose 49 (13 to 86) points"),
        ("regulation-4", [None, None, (-9, -20, -3)], "share of use fell 9 (3 to 20) points"),
    ],
)
def test_what_is_said_follows_direction_and_outcome(sentences, claim, given, words):
    name = claim.replace("-", "_")
    found = SimpleNamespace(
        **{name: sentences.assessed(claim, *given)},
        p=SimpleNamespace(change_date=dt.date(2025, 6, 1)),
    )
    text = getattr(answers, name)(found)
    sentences.check(text)
    assert words in text
    with i18n.in_language("ms"):
        sentences.check(getattr(answers, name)(found))


@pytest.mark.parametrize(
    ("gap", "words"), [(SHRANK, "shrunk by 25"), (GREW, "grown by 25"), (None, "in 100 decisions.")]
)
def test_the_lead_follows_the_gap(sentences, gap, words):
    found = SimpleNamespace(
        regulation_1=sentences.assessed("regulation-1", TIGHTER),
        regulation_4=sentences.assessed("regulation-4", None, gap),
        p=SimpleNamespace(change_date=dt.date(2025, 6, 1)),
    )
    assert words in answers.lead(found)
