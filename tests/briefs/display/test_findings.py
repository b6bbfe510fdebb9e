import datetime as dt
import json
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis import params
from briefs.display import findings, i18n, records
from briefs.display.findings import rule, verdict
from briefs.display.records import DisplayError
from briefs.values import VERDICTS, Estimate, Phrase, Reading, Specifications, Verdict

FELL = Estimate(0.93, 0.89, 0.95, 0.9, 12, "share per year", "made up", grade="B")
CLAIM = {
    "id": "cost-4",
    "name": {"en": "Prices fall", "ms": "Harga turun"},
    "statement": {"en": "Prices fall 85% to 90%.", "ms": "Harga turun 85% hingga 90%."},
    "said_by": {"en": "The article", "ms": "Artikel itu"},
    "said_on": "2025-01-28",
    "outlet": {"en": "A paper", "ms": "Akhbar"},
    "attribution": {"en": "Seen.", "ms": "Dilihat."},
    "interest": None,
    "wording": {"kind": "paraphrase", "text": "prices fall", "language": "en"},
    "would_change": {"en": "Other prices.", "ms": "Harga lain."},
    "source_ids": ("article", "prices"),
    "horizon": None,
    "combine": "measures",
    "grid": [],
    "rule_history": [
        {
            "date": "2026-11-23",
            "reason": {"en": "Clearer.", "ms": "Lebih jelas."},
            "results_seen": True,
            "verdict": "unresolved",
        }
    ],
}


def reading(
    supported=(0.8, 0.9),
    partly=(0.5, 0.95),
    estimate=FELL,
    name="main",
    outcome="partly supported",
    **more,
):
    quantity = {"en": "Fall of prices", "ms": "Kejatuhan harga"}
    return Reading(name, quantity, supported, partly, outcome, estimate, **more)


def judged(*readings, name="partly supported", cause="", tried=lambda: None, **changes):
    reason = (
        Phrase(
            "{quantity}: {value}.",
            {
                "quantity": ("localized", {"en": "Fall", "ms": "Kejatuhan"}),
                "value": ("percent", 0.93),
            },
        ),
        Phrase("That is all.", {}),
    )
    return Verdict(CLAIM | changes, name, reason, readings, cause, tried)


def test_a_finding_records_its_numbers_as_given():
    other = Estimate.missing("ratio", "none", 2)
    record = findings.finding(
        "fell", "It fell 93%.", "cost-4", headline=True, fall=FELL, ratio=other
    ).record()
    assert record == {
        "kind": "finding",
        "id": "fell",
        "text": "It fell 93%.",
        "headline": True,
        "claim": "cost-4",
        "numbers": {
            "fall": {
                "value": 0.93,
                "low": 0.89,
                "high": 0.95,
                "level": 0.9,
                "n": 12,
                "unit": "share per year",
                "method": "made up",
                "grade": "B",
                "bounded": False,
            },
            "ratio": {
                "value": None,
                "low": None,
                "high": None,
                "level": None,
                "n": 2,
                "unit": "ratio",
                "method": "none",
                "grade": "",
                "bounded": False,
            },
        },
    }
    json.dumps(record, allow_nan=False)


def test_a_finding_is_no_headline_and_speaks_to_no_claim_unless_told():
    record = findings.finding("fell", "It fell.").record()
    assert record["headline"] is False and record["claim"] is None and record["numbers"] == {}


@pytest.mark.parametrize("text", ["", "  \n"])
def test_a_finding_without_a_sentence_is_refused(text):
    with pytest.raises(DisplayError, match="finding 'fell' has no text"):
        findings.finding("fell", text)


def test_a_finding_is_escaped_in_the_lab():
    assert findings.finding("x", "a < b & c").lab_html() == "<p>a &lt; b &amp; c</p>"


def test_a_verdict_card_is_complete():
    settled = reading(probabilities=(1 / 3, 0.9), power=0.4567891)
    other = reading(
        (2, 4),
        (1, 8),
        Estimate(3, 2.5, 3.5, None, 5, "ratio", "m", grade="A"),
        "other",
        "supported",
    )
    record = verdict(judged(settled, other)).record()
    assert record == {
        "kind": "verdict",
        "id": "cost-4",
        "verdict": "partly supported",
        "label": "Partly supported",
        "cause": "",
        "rule_history": [
            {
                "date": "2026-11-23",
                "reason": "Clearer.",
                "results_seen": True,
                "verdict": "unresolved",
            }
        ],
        "name": "Prices fall",
        "answer": "Fall: 93.0%.",
        "reason": "Fall: 93.0%. That is all.",
        "statement": "Prices fall 85% to 90%.",
        "said_by": "The article",
        "said_on": "2025-01-28",
        "outlet": "A paper",
        "attribution": "Seen.",
        "interest": None,
        "horizon": None,
        "wording": "paraphrase",
        "would_change": "Other prices.",
        "confidence": "medium confidence",
        "reading": "main",
        "quantity": "Fall of prices",
        "rule": rule(settled),
        "estimate": FELL.to_json(),
        "probability": 0.9,
        "sources": ["article", "prices"],
        "specifications": None,
        "readings": [
            {
                "id": "main",
                "quantity": "Fall of prices",
                "outcome": "partly supported",
                "cause": "",
                "probability": 0.9,
                "probability_supported": 0.333333,
                "probability_partly": 0.9,
                "power": 0.456789,
                "rule": rule(settled),
                "ranges": {"supported": [0.8, 0.9], "partly": [0.5, 0.95]},
                "estimate": FELL.to_json(),
            },
            {
                "id": "other",
                "quantity": "Fall of prices",
                "outcome": "supported",
                "cause": "",
                "probability": None,
                "probability_supported": None,
                "probability_partly": None,
                "power": None,
                "rule": rule(other),
                "ranges": {"supported": [2, 4], "partly": [1, 8]},
                "estimate": other.estimate.to_json(),
            },
        ],
    }
    json.dumps(record, allow_nan=False)


def untested(name, cause="no data"):
    none = Estimate.missing("share per year", "none")
    return reading(estimate=none, name=name, outcome="untested", cause=cause)


def test_the_first_tested_reading_speaks_on_a_card():
    record = verdict(judged(untested("first"), reading(name="second"))).record()
    assert (record["reading"], record["estimate"]) == ("second", FELL.to_json())
    record = verdict(judged(untested("first"), untested("second"))).record()
    assert (record["reading"], record["estimate"]["value"]) == ("first", None)


def test_an_open_card_says_why_and_each_reading_for_itself():
    open_ = reading(name="other", outcome="unresolved", cause="sources disagree")
    made = judged(untested("first"), open_, name="unresolved", cause="sources disagree")
    record = verdict(made).record()
    assert record["cause"] == "sources disagree"
    assert [r["cause"] for r in record["readings"]] == ["no data", "sources disagree"]


GRID = [
    {
        "id": "window",
        "name": {"en": "Window", "ms": "Tempoh"},
        "choices": [{"id": 6.0, "name": None}, {"id": 12.0, "name": None}],
    },
    {
        "id": "peers",
        "name": {"en": "Peers", "ms": "Setanding"},
        "choices": [
            {"id": "close", "name": {"en": "those close by", "ms": "yang hampir"}},
            {"id": "large", "name": {"en": "the largest", "ms": "yang terbesar"}},
        ],
    },
]


def specified():
    """A verdict that holds in one of two other choices."""
    rows = [
        {"window": 6.0, "peers": "close", "verdict": "partly supported"},
        {"window": 12.0, "peers": "large", "verdict": "contradicted"},
    ]
    rows = [row | {"cause": "", "reading": "price", "estimate": FELL} for row in rows]
    tried = Specifications(pd.DataFrame(rows), 1, 2)
    return judged(reading(), tried=lambda: tried, grid=GRID)


def test_a_card_records_what_other_choices_make_of_the_claim():
    found = json.loads(json.dumps(verdict(specified()).record(), allow_nan=False))
    assert found["specifications"] == {
        "holding": 1,
        "tested": 2,
        "axes": [
            {
                "id": "window",
                "name": "Window",
                "choices": [{"id": 6, "name": "6"}, {"id": 12, "name": "12"}],
            },
            {
                "id": "peers",
                "name": "Peers",
                "choices": [
                    {"id": "close", "name": "those close by"},
                    {"id": "large", "name": "the largest"},
                ],
            },
        ],
        "rows": [
            {
                "choices": {"window": 6, "peers": "close"},
                "verdict": "partly supported",
                "cause": "",
                "reading": "price",
                "estimate": FELL.to_json(),
            },
            {
                "choices": {"window": 12, "peers": "large"},
                "verdict": "contradicted",
                "cause": "",
                "reading": "price",
                "estimate": FELL.to_json(),
            },
        ],
    }
    assert found["confidence"] == "medium confidence"  # of a copy, and half of the choices agree


def test_what_other_choices_make_of_the_claims_stands_in_one_table():
    table = findings.specifications([judged(reading()), specified(), specified()])
    assert table.title == "The verdicts hold in 2 of 4 combinations of other choices"
    assert table.id == "tab-specifications" and set(table.sources) == {"article", "prices"}
    assert table.data.to_dict("records")[0] == {
        "claim": "cost-4",
        "choices": "Window: 6, 12; Peers: those close by, the largest",
        "holds": "1 of 2",
        "others": "Contradicted 1",
        "low": "93.0%",
        "high": "93.0%",
    }
    assert len(table.data) == 2 and [c.name for c in table.columns] == list(table.data)
    i18n.activate("ms")
    assert findings.specifications([specified()]).data["choices"][0] == (
        "Tempoh: 6, 12; Setanding: yang hampir, yang terbesar"
    )


def test_where_no_other_choice_was_tried_the_page_says_so():
    found = findings.specifications([judged(reading())])
    assert found.record()["text"] == "No claim was judged under other choices here."


def test_a_verdict_card_speaks_the_active_language():
    i18n.activate("ms")
    record = verdict(
        judged(reading(), interest={"en": "Sells chips.", "ms": "Menjual cip."})
    ).record()
    assert (record["statement"], record["quantity"], record["interest"]) == (
        "Harga turun 85% hingga 90%.",
        "Kejatuhan harga",
        "Menjual cip.",
    )
    assert record["reason"].startswith("Kejatuhan: 93.0%.")


def test_an_opinion_has_no_quantity_rule_or_estimate():
    record = verdict(judged(name="opinion", combine=None)).record()
    assert record["readings"] == []
    nothing = "quantity rule estimate probability reading confidence specifications".split()
    assert {name: record[name] for name in nothing} == dict.fromkeys(nothing)


def test_the_lab_sees_icon_word_and_escaped_statement():
    shown = verdict(judged(reading(), statement={"en": "a < b"})).lab_html()
    assert "◐ Partly supported: a &lt; b" in shown and "<small>Seen.</small>" in shown


@pytest.mark.parametrize("name", VERDICTS)
def test_every_verdict_has_a_word_and_an_icon(name):
    assert findings.word(name)[0].isupper() and len(findings.ICONS[name]) == 1


def test_words_and_icons_differ():
    assert (
        len({findings.word(name) for name in VERDICTS})
        == len(set(findings.ICONS.values()))
        == len(VERDICTS)
        == 6
    )


LIKELY = "with a probability of 67% or more"


@pytest.mark.parametrize(
    "supported, partly, narrow, wide",
    [
        ((0.8, 0.9), (0.5, 0.95), "80.0% to 90.0%", "50.0% to 95.0%"),
        ((0.8, math.inf), (0.5, math.inf), "80.0% or more", "50.0% or more"),
        ((-math.inf, 0.9), (-math.inf, 0.95), "90.0% or less", "95.0% or less"),
        ((0.8, 0.9), (0.5, math.inf), "80.0% to 90.0%", "50.0% or more"),
    ],
)
def test_rules_name_their_ranges(supported, partly, narrow, wide):
    assert rule(reading(supported, partly)) == (
        f"Supported if it lies in {narrow} {LIKELY}; partly if it does in {wide}; contradicted if it "
        "lies there with 33% or less; else unresolved."
    )


@pytest.mark.parametrize(
    "ends, text", [((0.8, 0.9), "80.0% to 90.0%"), ((-math.inf, 0), "0.0% or less")]
)
def test_a_rule_whose_ranges_are_one_knows_no_part(ends, text):
    assert rule(reading(ends, ends)) == (
        f"Supported if it lies in {text} {LIKELY}, contradicted if with 33% or less; else unresolved."
    )


def test_the_rule_for_published_figures_asks_for_all_or_none():
    spread = replace(FELL, level=None)
    assert rule(reading(estimate=spread)) == (
        "Supported if all published figures lie in 80.0% to 90.0%, partly if all lie in 50.0% to 95.0%, "
        "contradicted if none does; else unresolved."
    )
    # without an estimate nobody knows yet of which kind it will be
    assert LIKELY in rule(reading(estimate=Estimate.missing("share per year", "none")))


@pytest.mark.parametrize(
    "unit, supported, text",
    [
        ("USD", (400_000, 900_000), "US$400,000 to US$900,000"),
        ("USD", (2e5, 1.8e6), "US$200,000 to US$1.8 million"),
        ("ratio", (0.0667, 0.15), "0.067× to 0.15×"),
        ("months", (3, 6), "3.0 to 6.0"),
    ],
)
def test_rules_are_written_in_the_unit_of_the_reading(unit, supported, text):
    found = Estimate.missing(unit, "none")
    assert f"lies in {text} {LIKELY}, " in rule(reading(supported, supported, found))


def sources_table():
    return pd.DataFrame(
        {
            "source_id": ["one", "two"],
            "publisher": ["P & Q", "R"],
            "title": ["T", "U"],
            "url": ["https://a.example", None],
            "published": ["2025-01", np.nan],
            "accessed": pd.to_datetime(["2026-01-31", "2026-01-31"]),
            "license": ["CC-BY-4.0", pd.NA],
            "grade": ["A", "C"],
            "best_source": [None, "the publisher's data file"],
            "note": [None, "seen"],
            "extra": [1, 2],
        }
    )


def test_sources_are_listed_with_what_is_known():
    card = findings.sources(sources_table(), {"prices": "abc"})
    record = json.loads(json.dumps(card.record(), allow_nan=False))
    assert (record["kind"], record["checksums"]) == ("sources", {"prices": "abc"})
    assert record["items"] == [
        {
            "source_id": "one",
            "publisher": "P & Q",
            "title": "T",
            "url": "https://a.example",
            "published": "2025-01",
            "accessed": "2026-01-31",
            "license": "CC-BY-4.0",
            "grade": "A",
            "best_source": None,
            "note": None,
        },
        {
            "source_id": "two",
            "publisher": "R",
            "title": "U",
            "url": None,
            "published": None,
            "accessed": "2026-01-31",
            "license": None,
            "grade": "C",
            "best_source": "the publisher's data file",
            "note": "seen",
        },
    ]
    assert card.lab_html() == (
        '<ol><li>P &amp; Q: <a href="https://a.example" target="_blank" rel="noopener">T</a></li>'
        "<li>R: U</li></ol>"
    )


def opened(**changes):
    return findings.brief(
        params.CostRevolution(**changes),
        "A title",
        "A subtitle",
        dt.date(2026, 11, 23),
        {"one": "One (2025)"},
    )


def test_a_brief_opens_with_every_parameter_and_its_meaning():
    record = opened(as_of="2025-06-30").record()
    assert {k: v for k, v in record.items() if k != "parameters"} == {
        "kind": "brief",
        "report": "cost-revolution",
        "title": "A title",
        "subtitle": "A subtitle",
        "language": "en",
        "as_of": "2025-06-30",
        "evidence_date": "2026-11-23",
    }
    assert [p["name"] for p in record["parameters"]] == list(params.CostRevolution.model_fields)
    values = {p["name"]: p["value"] for p in record["parameters"]}
    assert values["break_date"] == "2025-01-20" and values["scenarios"] == [
        "trend",
        "claimed",
        "half",
        "flat",
    ]
    assert all(p["meaning"].endswith(".") for p in record["parameters"])
    json.dumps(record, allow_nan=False)


def test_a_brief_sets_language_and_names_of_sources(published):
    i18n.activate("ms")
    findings.finding("old", "Old.")._ipython_display_()
    shown = opened()
    assert i18n.language() == "en" and records.cited() == []
    assert (
        shown.lab_html() == "<p><strong>A subtitle</strong> What was published by "
        f"{i18n.day(params.EVIDENCE_DATE)}.</p>"
    )
