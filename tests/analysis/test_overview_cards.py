"""What the overview says of all claims together."""

import pytest

from analysis import overview_cards
from briefs.display import i18n


@pytest.mark.parametrize("language", ["en", "ms"])
@pytest.mark.parametrize("day", range(3))
def test_the_lead_says_what_became_of_prices_and_of_shares(sentences, day, language):
    now = sentences.known_by(sentences.days[day])
    with i18n.in_language(language):
        text = overview_cards.lead(now)
    assert len(text.split()) <= 45 and f"{-now.market.fall['exposed'].value:.0%}" in text
    assert f"{now.cost.decline.value:.0%}" in text
    assert overview_cards.card(now).record()["headline"]


def test_the_scoreboard_says_of_each_claim_what_its_brief_says(sentences):
    now = sentences.known_by(sentences.days[2])
    said = overview_cards.answers(now)
    assert list(said) == [judged.claim["id"] for judged in now.verdicts]
    board = overview_cards.scoreboard(now.verdicts, said)
    assert {record["id"]: record["answer"] for record in board.records} == said
    assert all(text.split(",")[0] in board.lab_html() for text in said.values() if "'" not in text)
