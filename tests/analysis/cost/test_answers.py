"""The plain sentences of the claims on costs, on the evidence as of several days and on made-up summaries."""

from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.cost import answers
from briefs.display import i18n

WRITE = {
    "run_cost": i18n.money,
    "cost_ratio": "{:.0%}".format,
    "fixed_capability": "{:.0%}".format,
    "frontier_price": "{:.0%}".format,
    "served_levels": i18n.significant,
}


def printed(main):
    found, write = main.estimate, WRITE[main.id]
    with i18n.in_language("en"):
        numbers = [write(end) for end in (found.value, found.low, found.high)]
    return [number.removesuffix(" million") for number in numbers]


@pytest.mark.parametrize("language", ["en", "ms"])
@pytest.mark.parametrize("day", range(3))
def test_every_sentence_is_plain_and_has_the_headline_s_number(sentences, day, language):
    sentences.check_theme(sentences.known_by(sentences.days[day]).cost, answers, printed, language)


def test_the_lead_is_the_one_headline(sentences):
    sentences.check_lead(answers.card(sentences.known_by(sentences.days[2]).cost))


FALLS, SLOW, RISES = (0.81, 0.78, 0.85), (0.6, 0.57, 0.63), (-0.1, -0.3, -0.05)
UP, DOWN = (3.3, 2.7, 4.0), (0.3, 0.2, 0.4)
FASTER, SLOWER, OPEN = (0.5, 0.3, 0.7), (2.0, 1.5, 2.5), (1.1, 0.2, 2.0)
AMOUNT = (5.9e6, 5.4e6, 6.8e6)


@pytest.mark.parametrize(
    ("claim", "given", "words"),
    [
        ("cost-1", [AMOUNT], "US$6.8 million), 9.8 times the US$600,000 claimed."),
        ("cost-1", [(4e5, 3e5, 5e5)], "US$500,000), against the US$600,000 claimed."),
        ("cost-1", [None, (3e5, 3e5, 3e5)], "its last stage alone cost US$300,000, against"),
        ("cost-1", [], "No figure for what DeepSeek's training cost"),
        ("cost-2", [(0.15, 0.09, 0.2)], "cost 15% (9% to 20%) of what 12 comparable models did"),
        ("cost-2", [None, (0.2, 0.1, 0.3)], "20% (10% to 30%) of the computing work"),
        ("cost-2", [], "Too few comparable models"),
        ("cost-3", [FALLS, UP], "81% (78% to 85%) cheaper a year, but training the leading models"),
        ("cost-3", [FALLS, DOWN], "a year, and training the leading models costs 0.30 times"),
        ("cost-3", [FALLS], "gets 81% (78% to 85%) cheaper a year."),
        ("cost-3", [RISES, UP], "got no cheaper: its cost rose 10% (5% to 30%) a year."),
        ("cost-3", [None, UP], "costs 3.3 times (2.7 to 4.0) as much each year; for a given"),
        ("cost-3", [], "No rate at which"),
        ("cost-4", [FALLS], "81% (78% to 85%) cheaper a year at the lowest prices, close to"),
        ("cost-4", [SLOW], "60% (57% to 63%) cheaper a year at the lowest prices, more slowly"),
        ("cost-4", [(0.96, 0.95, 0.965)], "prices, faster than claimed."),
        ("cost-4", [(0.5, 0.2, 0.8)], "too uncertain to judge the rate claimed."),
        ("cost-4", [(0.1, -0.3, 0.5)], "gets 10% (−50% to +30%) cheaper"),
        ("cost-4", [RISES], "got no cheaper: prices rose 10% (5% to 30%) a year."),
        ("cost-4", [None, FALLS], "At equal quality, the average price of using AI falls 81%"),
        ("cost-4", [None, None, FALLS], "Other studies put the yearly fall"),
        ("cost-4", [], "No prices had been published by then"),
        ("cost-5", [FASTER], "probably fell faster: a year on they were 0.50 times (0.30 to 0.70)"),
        ("cost-5", [SLOWER], "probably fell more slowly: a year on they were 2.0 times (1.5 to"),
        ("cost-5", [OPEN], "is open: a year on they were 1.1 times (0.20 to 2.0) what others'"),
        ("cost-5", [None, FASTER], "After 1 June 2025 prices probably fell faster"),
        ("cost-5", [None, SLOWER], "After 1 June 2025 prices probably fell more slowly"),
        ("cost-5", [None, OPEN], "Whether prices fell faster after 1 June 2025 is open"),
        ("cost-5", [], "Too few prices from before and after 1 June 2025"),
    ],
)
def test_what_is_said_follows_direction_and_outcome(sentences, claim, given, words):
    name = claim.replace("-", "_")
    found = SimpleNamespace(
        **{name: sentences.assessed(claim, *given)},
        claimed_amount=600_000,
        date=pd.Timestamp("2025-06-01"),
    )
    text = getattr(answers, name)(found)
    sentences.check(text)
    assert words in text
    with i18n.in_language("ms"):
        sentences.check(getattr(answers, name)(found))


def test_without_a_fall_the_lead_says_what_the_claim_on_prices_does(sentences):
    found = SimpleNamespace(
        cost_1=sentences.assessed("cost-1"),
        cost_3=sentences.assessed("cost-3", FALLS),
        cost_4=sentences.assessed("cost-4", RISES),
    )
    assert answers.lead(found) == answers.cost_4(found)
