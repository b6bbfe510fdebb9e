"""The plain sentences of the claims on markets, on the evidence as of several days and on made-up summaries."""

import datetime as dt
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.market import answers
from briefs.display import i18n


def beyond_one(ratio):
    return f"{abs(ratio - 1):.0%}"


WRITE = {
    "shock": i18n.significant,
    "training_models": "{:.0%}".format,
    "growth": "{:.0%}".format,
    "focus": i18n.significant,
    "top_ten": beyond_one,
    "concentration": beyond_one,
    "share_change": lambda points: f"{abs(points):.1f}",
}
BOUNDS = {"share_change": "{:.0f}".format, "platform_growth": "{:.0%}".format}


def printed(main):
    found = main.estimate
    if found.bounded:
        return [BOUNDS[main.id](abs(end)) for end in (found.low, found.high)]
    return [WRITE[main.id](end) for end in (found.value, found.low, found.high)]


@pytest.mark.parametrize("language", ["en", "ms"])
@pytest.mark.parametrize("day", range(3))
def test_every_sentence_is_plain_and_has_the_headline_s_number(sentences, day, language):
    sentences.check_theme(
        sentences.known_by(sentences.days[day]).market, answers, printed, language
    )


def test_the_lead_is_the_one_headline(sentences):
    sentences.check_lead(answers.card(sentences.known_by(sentences.days[2]).market))


BOUNDED = {"bounded": True}
MORE, LESS = (1.02, 0.99, 1.06), (0.9, 0.8, 0.95)
FASTER, SLOWER = (1.2, 1.1, 1.4), (0.7, 0.6, 0.8)


@pytest.mark.parametrize(
    ("claim", "given", "words"),
    [
        (
            "market-1",
            [(3.8, 3, 5.2), (-0.13, -0.16, -0.1)],
            "3.8 times (3.0 to 5.2) as much as usual",
        ),
        ("market-1", [(3.8, 3, 5.2), (0.1, 0.05, 0.15)], "but AI-exposed shares gained 10% on the"),
        ("market-1", [(3.8, 3, 5.2)], "(3.0 to 5.2) as much as usual."),
        ("market-1", [None, (-0.13, -0.16, -0.1)], "lost 13% (10% to 16%) against the market."),
        ("market-1", [None, (-0.01, -0.03, 0.02)], "lost 1% (−3% to +2%) against the market."),
        ("market-1", [None, (0.1, 0.05, 0.15)], "gained 10% (5% to 15%) on the market."),
        ("market-1", [], "No share prices"),
        (
            "market-2",
            [(0.8, 0.7, 0.87)],
            "Of 12 notable AI models whose training chips are known, 80%",
        ),
        ("market-2", [None, (0.6, 0.5, 0.7)], "NVIDIA made 60% (50% to 70%) of"),
        ("market-2", [None, None, (0.8, 0.7, 0.9)], "Analysts put NVIDIA's share"),
        ("market-3", [(1.3, 1.1, 1.5), (0.7, 0.5, 0.9)], "grew 130% (110% to 150%) a year, and"),
        ("market-3", [(1.3, 1.1, 1.5), (1.2, 1.1, 1.3)], "but NVIDIA holds no less of them"),
        ("market-3", [(1.3, 1.1, 1.5)], "grew 130% (110% to 150%) a year."),
        ("market-3", [(-0.2, -0.3, -0.1)], "fell 20% (10% to 30%) a year."),
        ("market-3", [None, (0.7, 0.5, 0.9)], "is 70% (50% to 90%) of its share of training"),
        ("market-3", [None, None, (1.5, 0.9, 2)], "are 1.5 times (0.90 to 2.0) as common"),
        (
            "market-4",
            [(1, -6, 9, BOUNDED)],
            "since 2023 they may have moved anywhere from −6 to +9 points",
        ),
        (
            "market-5",
            [(1, 0.5, 1.5)],
            "infrastructure services have gained 1.0 (0.5 to 1.5) percentage",
        ),
        (
            "market-6",
            [(-3, -4, -2)],
            "software services have lost 3.0 (2.0 to 4.0) percentage points",
        ),
        ("market-7", [(0.2, 0.1, 0.3)] * 3, "20% (10% to 30%) in platforms and"),
        ("market-7", [(0.2, -0.1, 0.5, BOUNDED)] * 3, "−10% to 50% in platforms"),
        (
            "market-7",
            [None, None, (0.2, 0.1, 0.3)],
            "growth of software services is 20% (10% to 30%);",
        ),
        (
            "market-8",
            [(1.1, 0.9, 1.4)],
            "disagree: the ten largest stocks weigh 10% (−10% to +40%) more",
        ),
        (
            "market-8",
            [(0.9, 0.8, 1.1)],
            "disagree: the ten largest stocks weigh 10% (−20% to +10%) less",
        ),
        ("market-8", [(1.2, 1.1, 1.4)], "The ten largest stocks weigh 20% (10% to 40%) more"),
        ("market-8", [(0.8, 0.7, 0.9)], "The ten largest stocks weigh 20% (10% to 30%) less"),
        (
            "market-8",
            [None, (1.2, 1.1, 1.4)],
            "largest tenth of listed shares weighs 20% (10% to 40%) more",
        ),
        (
            "market-8",
            [None, (0.8, 0.7, 0.9)],
            "largest tenth of listed shares weighs 20% (10% to 30%) less",
        ),
        (
            "market-8",
            [None, None, (2, 1.5, 3)],
            "weighs 2.0 times (1.5 to 3.0) what it did in 1932",
        ),
        ("market-8", [], "No figure that compares"),
        ("market-9", [MORE, FASTER], "weigh 2% (−1% to +6%) more than in Mar 2024, though small"),
        ("market-9", [MORE, SLOWER], "more than in Mar 2024, and nothing shows"),
        ("market-9", [LESS, FASTER], "weigh 10% (5% to 20%) less than in Mar 2024, and small"),
        ("market-9", [LESS, SLOWER], "less than in Mar 2024, but nothing shows"),
        ("market-9", [None, FASTER], "grew 1.2 times (1.1 to 1.4) as fast"),
        ("market-9", [None, None, MORE], "number 2% (−1% to +6%) more"),
        ("market-9", [None, None, LESS], "number 10% (5% to 20%) fewer"),
    ],
)
def test_what_is_said_follows_direction_and_outcome(sentences, claim, given, words):
    name = claim.replace("-", "_")
    found = SimpleNamespace(
        **{name: sentences.assessed(claim, *given)},
        traded=pd.Timestamp("2025-06-02"),
        p=SimpleNamespace(claim_date=dt.date(2024, 3, 1)),
    )
    text = getattr(answers, name)(found)
    sentences.check(text)
    assert words in text
    with i18n.in_language("ms"):
        sentences.check(getattr(answers, name)(found))


def lead(sentences, fall, weigh):
    found = SimpleNamespace(
        market_1=sentences.assessed("market-1", None, fall),
        market_9=sentences.assessed("market-9", weigh),
        traded=pd.Timestamp("2025-06-02"),
        p=SimpleNamespace(claim_date=dt.date(2024, 3, 1)),
    )
    return answers.lead(found)


def test_the_lead_follows_what_shares_did(sentences):
    assert "gained 10% (5% to 15%)" in lead(sentences, (0.1, 0.05, 0.15), LESS)
    assert lead(sentences, (-0.1, -0.15, -0.05), LESS).endswith("weigh 10% (5% to 20%) less.")
    assert "couldn't be measured" in lead(sentences, (-0.1, -0.15, -0.05), None)
    assert lead(sentences, None, LESS).startswith("No share prices")
