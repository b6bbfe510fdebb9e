"""Figures, statements and tables of the market brief, on the evidence as it was on several days."""

import datetime as dt
import json
import re

import numpy as np
import pandas as pd
import pytest

from analysis import params
from analysis.market import (
    chips,
    cloud,
    concentration as market,
    findings as statements,
    summary,
    vintages,
)
from analysis.market.figures import (
    chips as chip_figures,
    cloud as cloud_figures,
    concentration as concentration_figures,
    event as event_figures,
)
from analysis.market.tables import concentration as concentration_tables, market as market_tables
from briefs.display import i18n
from briefs.display.records import Card, Figure, Table
from briefs.evidence import catalog
from briefs.values import Estimate

EVENT, CLAIM = dt.date(2025, 1, 27), dt.date(2025, 1, 28)
DAYS = (dt.date(2025, 1, 1), dt.date(2025, 2, 1), dt.date(2026, 1, 15), catalog.evidence_date())
MISSING = Estimate.missing("share", "none")


def shown_on(day):
    """Everything that the brief draws and tabulates, as of a day."""

    def load(table):
        return catalog.load(table, day)

    found = summary.summary(params.MarketImpact.parse({"as_of": day, "n_boot": 100}))
    yield event_figures.group_returns(found.effects, found.traded, "SPY", ["gh_dsturdy_prices"])
    yield market_tables.facts(load("event-facts"), found.traded)
    offered = chips.offered(load("inference-offerings"))
    yield chip_figures.trained_on(load("training-hardware"))
    yield market_tables.published_shares(load("accelerator-shares"), catalog.labels())
    kinds = (["inference", "both"], ["inference"])
    yield chip_figures.entrants(*(chips.entrants(offered, targets) for targets in kinds), CLAIM)
    yield cloud_figures.layer_shares(found.layers)
    yield cloud_figures.layer_growth(
        cloud.each_layer(cloud.forecast_growth, found.moves, 2025),
        found.grown,
        2025,
        ("gartner_2024_11",),
    )
    yield market_tables.companies(found.companies)
    yield market_tables.back_test(found.back_test)
    yield market_tables.foreseen(vintages.against_counts(found.evidence["cloud-spending"]))
    figures, deciles = load("concentration-figures"), load("size-deciles")
    yield concentration_figures.century(deciles, figures)
    yield concentration_figures.adoption(load("ai-use-by-size"))
    yield concentration_tables.measures(market.by_measure(figures, deciles, found.index))
    yield concentration_tables.entry(load("startup-funding"))
    yield concentration_tables.malaysia(load("malaysia-market"))


@pytest.fixture(scope="module")
def drawn_on(spec):
    return spec.drawn_once(lambda day: list(shown_on(day)))


@pytest.fixture(params=DAYS, ids=str)
def every(request, drawn_on):
    return drawn_on(request.param)


def test_every_figure_meets_the_spec(every, spec):
    shown, drawings = every
    for figure in (item for item in shown if isinstance(item, Figure)):
        spec.check(figure, drawings)


def test_every_item_has_a_record_without_gaps_in_its_words(every):
    for item in every[0]:
        record = item.record()
        json.dumps(record, allow_nan=False)
        words = " ".join(
            str(record.get(part) or "") for part in ("title", "subtitle", "alt", "note", "text")
        )
        assert not re.search(r"\b(nan|None|NaT)\b|[{}]", words), words
        if isinstance(item, (Figure, Table)):
            assert len(record["rows"]) == len(item.data) > 0
            assert {c.kind for c in item.columns} <= set(i18n.KINDS)
            assert not re.search(r"\b(nan|NaT|None)\b", item.lab_html()), item.id


def test_ids_are_unique(every):
    names = [item.record()["id"] for item in every[0]]
    assert len(names) == len(set(names)) == 15


def test_in_the_edition_nothing_is_missing(drawn_on):
    shown, _ = drawn_on(catalog.evidence_date())
    assert not [item.record()["id"] for item in shown if isinstance(item, Card)]


def test_before_the_event_there_are_sentences_instead(drawn_on):
    cards = [item for item in drawn_on(DAYS[0])[0] if isinstance(item, Card)]
    assert len(cards) > 5
    assert all(item.record()["text"].endswith(".") for item in cards)


# -- statements ------------------------------------------------------------------------------------


def share(value, low, high, unit="share", n=12):
    return Estimate(value, low, high, 0.9, n, unit, "made up")


FALL, RARE = share(-0.13, -0.16, -0.10), share(0, 0, 0.0073, n=370)
YEAR = "share per year"


@pytest.mark.parametrize(
    "statement, arguments, text",
    [
        (
            statements.event,
            (FALL, RARE, EVENT),
            "Shares exposed to AI fell 13.0% (10.0% to 16.0%) against the market on 27 January 2025; as large a "
            "fall came on none of 370 other days.",
        ),
        (
            statements.event,
            (FALL, share(0.05, 0.03, 0.08, n=20), EVENT),
            "Shares exposed to AI fell 13.0% (10.0% to 16.0%) against the market on 27 January 2025; as large a "
            "fall came on 5.0% (3.0% to 8.0%) of 20 other days.",
        ),
        (
            statements.event,
            (FALL, MISSING, EVENT),
            "Shares exposed to AI fell 13.0% (10.0% to 16.0%) against the market on 27 January 2025.",
        ),
        (
            statements.event,
            (share(0.05, 0.01, 0.09), RARE, EVENT),
            "Shares exposed to AI rose 5.0% (1.0% to 9.0%) against the market on 27 January 2025.",
        ),
        (
            statements.event,
            (share(-0.003, -0.012, 0.006), RARE, EVENT),
            "Shares exposed to AI moved −0.3% (−1.2% to 0.6%) against the market on 27 January 2025; zero lies "
            "within that interval.",
        ),
        (
            statements.event,
            (MISSING, MISSING, EVENT),
            "No returns had been published by then that would show what the day did.",
        ),
        (
            statements.whole_market,
            (share(0.056, 0.0414, 0.0754, n=500),),
            "The market as a whole, of which the claim doesn't speak, did as badly on 5.6% (4.1% to 7.5%) of "
            "500 other days.",
        ),
        (
            statements.whole_market,
            (share(1, 0.99, 1, n=500),),
            "The market as a whole, of which the claim doesn't speak, did as badly on all of 500 other days.",
        ),
        (
            statements.whole_market,
            (MISSING,),
            "What the whole market did on the day can't be held against other days yet.",
        ),
        (
            statements.window,
            (share(-0.064, -0.126, -0.003), 5),
            "Over 5 trading days the exposed shares' moves beyond the market add up to −6.4% (−12.6% to −0.3%).",
        ),
        (
            statements.window,
            (share(-0.04, -0.1, 0.02), 5),
            "Over 5 trading days the exposed shares' moves beyond the market add up to −4.0% (−10.0% to 2.0%); "
            "zero lies within that interval.",
        ),
        (
            statements.window,
            (MISSING, 5),
            "The days after the event hadn't all been published by then.",
        ),
        (
            statements.shock,
            (share(3.8, 3, 5.2, "ratio", 35), share(-0.147, -0.174, -0.12), EVENT),
            "On 27 January 2025 returns of 35 technology shares lay 3.8 times (3.0 to 5.2) as far apart as "
            "on the median day before. The exposed shares fell 14.7% (12.0% to 17.4%) against the other "
            "technology shares.",
        ),
        (
            statements.chip_shares,
            (MISSING, MISSING, MISSING),
            "Neither a count of training hardware nor of shipments, nor two dated shares of revenue, had "
            "been published by then.",
        ),
        (
            statements.inference,
            (share(1.452, 0.614, 1.452, YEAR), share(0.12, 0.12, 0.12)),
            "Revenue from inference chips grew 145% (61% to 145%) a year, by inference's published parts of "
            "all revenue; only with a part below 12% would it have grown by less than a tenth.",
        ),
        (
            statements.inference,
            (Estimate.missing(YEAR, ""), MISSING),
            "What had been published by then doesn't give the growth of inference chips.",
        ),
        (
            statements.focus,
            (share(1.5, 1.2, 3, "ratio", 43),),
            "The share of new chips made for inference alone is 150% (120% to 300%) of what it was before "
            "the claim, over 43 chips.",
        ),
        (
            statements.focus,
            (Estimate.missing("ratio", ""),),
            "Too few chips before and since the claim are dated by then for a shift towards inference to be told.",
        ),
        (
            statements.foreseen,
            (pd.DataFrame({"ahead": [0, 0, 1, 2], "error": np.log([2, 0.5, 3, 3])}),),
            "Of 4 forecasts of a layer whose year has been counted since, 3 were too low. They missed by a "
            "factor of 2.0× in their own year and of 3.0× further ahead.",
        ),
        (
            statements.foreseen,
            (pd.DataFrame({"ahead": [0], "error": [0.1]}),),
            "Too few years that were forecast had been counted by then to say how far off they were.",
        ),
        (
            statements.fallen,
            (share(1.02, 0.97, 1.07, "ratio"),),
            "The ten largest stocks weigh 102% (97% to 107%) of what they did in the month of "
            "the claim; no change lies within that interval.",
        ),
        (
            statements.fallen,
            (share(0.9, 0.85, 0.95, "ratio"),),
            "The ten largest stocks weigh 90% (85% to 95%) of what they did in the month of "
            "the claim: concentration "
            "has fallen.",
        ),
        (
            statements.fallen,
            (share(1.1, 1.05, 1.15, "ratio"),),
            "The ten largest stocks weigh 110% (105% to 115%) of what they did in the month of "
            "the claim: concentration "
            "has risen.",
        ),
        (
            statements.fallen,
            (Estimate.missing("ratio", ""),),
            "The index's weights in the month of the claim and in a later quarter weren't both known by then.",
        ),
        (
            statements.small_firms,
            (Estimate.missing("ratio", ""), Estimate.missing("ratio", "")),
            "No survey by size of firm after the claim was dated by then.",
        ),
    ],
)
def test_a_statement_word_for_word(statement, arguments, text):
    assert statement(*arguments).record()["text"] == text


CHIPS, ALL, CENTRES = (
    "growth of semiconductor exports",
    "growth of all exports",
    "data centre investment approved",
)


@pytest.mark.parametrize(
    "rows, text",
    [
        (
            [
                (CHIPS, "2025-01", "2025-06", 0.157),
                (CHIPS, "2025-01", "2025-11", 0.175),
                (ALL, "2025-01", "2025-06", 0.038),
                (ALL, "2025-01", "2025-11", 0.061),
                (ALL, "2026-01", "2026-01", 0.196),
                (CENTRES, "2021", "2024-06", 90_200),
                (CENTRES, "2021", "2025", 113_800),
            ],
            "Malaysia's exports of chips grew 17.5% on the year before (Jan 2025 to Nov 2025), all its exports "
            "6.1%. Data centres worth RM114 billion have been approved there (2021 to 2025).",
        ),
        (
            [(CHIPS, "2025", "2025", 0.2), (ALL, "2025-01", "2025-11", 0.061)],
            "Malaysia's exports of chips grew 20.0% on the year before (2025).",
        ),
        (  # a year ends after any of its months
            [(CHIPS, "2025", "2025", 0.2), (CHIPS, "2025-01", "2025-06", 0.1)],
            "Malaysia's exports of chips grew 20.0% on the year before (2025).",
        ),
        (
            [("companies using AI", "2024", "2024", 0.27)],
            "No figure on Malaysia had been published by then.",
        ),
        ([], "No figure on Malaysia had been published by then."),
    ],
)
def test_malaysia_in_one_sentence(rows, text):
    found = pd.DataFrame(rows, columns=["measure", "period_start", "period_end", "value"])
    assert statements.malaysia(found).record()["text"] == text


def test_published_shares_are_told_apart(drawn_on):
    shown, _ = drawn_on(catalog.evidence_date())
    table = next(item for item in shown if item.record()["id"] == "tab-chip-shares").data
    assert len(table) > 5 and not table.duplicated(["what", "year", "basis"]).any()
    assert "All accelerators: Kaiso Research" in set(table["what"])


def test_growth_of_layers_says_what_are_bounds():
    text = statements.layer_growth(
        {
            "PaaS": Estimate.missing(YEAR, ""),
            "IaaS": share(0.3, 0.2, 0.4, YEAR),
            "SaaS": share(0.1, 0.1, 0.2, YEAR),
        },
        summary.summary(params.MarketImpact()).layer_growth,
    ).record()["text"]
    assert text.startswith(
        "Growth in a year: Infrastructure (IaaS) 30% (20% to 40%) and Software (SaaS) 10% (10% to 20%)."
    )
    assert "from 2024 to 2025 by a count that doesn't split them, so theirs are bounds." in text
    none = dict.fromkeys(("PaaS", "IaaS", "SaaS"), Estimate.missing(YEAR, ""))
    assert "can be judged yet" in statements.layer_growth(none, None).record()["text"]


def test_a_company_is_said_to_be_no_layer():
    rows = pd.DataFrame(
        [("PLTR", "Palantir", 6.16e3, 0.79)], columns=["ticker", "company", "last", "growth"]
    )
    text = statements.company(rows, "PLTR").record()["text"]
    assert (
        "79%" in text
        and "US$6.16 billion" in text
        and "says nothing of the share of its layer" in text
    )
    assert "hadn't" not in text and statements.company(rows, "SNOW").record()["text"].startswith(
        "No full year"
    )


def test_the_speaker_s_ratio_names_its_universe():
    rows = pd.DataFrame(
        {"date": pd.to_datetime(["2021-05-13", "2026-04-10"]), "top_over_p75": [33.3, 52.9]}
    )
    told = pd.DataFrame({"measure": ["top_over_p75"], "year": [2024], "value": [750.0]})
    text = statements.speakers_ratio(rows, told).record()["text"]
    assert text.startswith(
        "Within the S&P 500 alone the largest issuer was 33 times the one at the 75th percentile in "
        "May 2021 and 53 times in Apr 2026."
    )
    assert "it was 750 times in 2024" in text
    assert "all listed" not in statements.speakers_ratio(rows, told.head(0)).record()["text"]
    assert "can't be computed" in statements.speakers_ratio(rows.head(0), told).record()["text"]
