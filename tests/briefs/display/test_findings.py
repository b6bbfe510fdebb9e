import datetime as dt
import json
import math

import numpy as np
import pandas as pd
import pytest

from analysis import params
from briefs.display import findings, i18n, records
from briefs.display.findings import rule, verdict
from briefs.display.records import DisplayError
from briefs.values import VERDICTS, Estimate, Phrase, Reading, Verdict

FELL = Estimate(0.93, 0.89, 0.95, 0.9, 12, "share per year", "made up")
CLAIM = {
    "id": "cost-4",
    "statement": {"en": "Prices fall 85% to 90%.", "ms": "Harga turun 85% hingga 90%."},
    "said_by": {"en": "The article", "ms": "Artikel itu"},
    "said_on": "2025-01-28",
    "outlet": {"en": "A paper", "ms": "Akhbar"},
    "attribution": {"en": "Seen.", "ms": "Dilihat."},
    "interest": None,
    "wording": {"kind": "paraphrase", "text": "prices fall", "language": "en"},
    "would_change": {"en": "Other prices.", "ms": "Harga lain."},
    "source_ids": ("article", "prices"),
    "rule_history": [{"date": "2026-11-23", "reason": {"en": "Clearer.", "ms": "Lebih jelas."}}],
}


def reading(
    supported=(0.8, 0.9), partly=(0.5, 0.95), estimate=FELL, name="main", judged="partly supported"
):
    return Reading(
        name, {"en": "Fall of prices", "ms": "Kejatuhan harga"}, supported, partly, judged, estimate
    )


def judged(*readings, name="partly supported", **changes):
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
    return Verdict(CLAIM | changes, name, reason, readings)


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
            },
            "ratio": {
                "value": None,
                "low": None,
                "high": None,
                "level": None,
                "n": 2,
                "unit": "ratio",
                "method": "none",
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
    other = reading(
        (2, 4), (1, 8), Estimate(3, 2.5, 3.5, 0.9, 5, "ratio", "made up"), "other", "supported"
    )
    record = verdict(judged(reading(), other)).record()
    assert record == {
        "kind": "verdict",
        "id": "cost-4",
        "verdict": "partly supported",
        "label": "Partly supported",
        "rule_history": [{"date": "2026-11-23", "reason": "Clearer."}],
        "reason": "Fall: 93.0%. That is all.",
        "statement": "Prices fall 85% to 90%.",
        "said_by": "The article",
        "said_on": "2025-01-28",
        "outlet": "A paper",
        "attribution": "Seen.",
        "interest": None,
        "wording": "paraphrase",
        "would_change": "Other prices.",
        "quantity": "Fall of prices",
        "rule": "Supported if the whole interval lies in 80.0% to 90.0%; partly if it lies in 50.0% to 95.0%; "
        "contradicted if none of it does; else unresolved.",
        "sources": ["article", "prices"],
        "estimate": FELL.to_json(),
        "readings": [
            {
                "id": "main",
                "quantity": "Fall of prices",
                "verdict": "partly supported",
                "rule": rule(reading()),
                "forecast": False,
                "estimate": FELL.to_json(),
            },
            {
                "id": "other",
                "quantity": "Fall of prices",
                "verdict": "supported",
                "rule": "Supported if the whole interval lies in 2.0× to 4.0×; partly if it lies in 1.00× to 8.0×; "
                "contradicted if none of it does; else unresolved.",
                "forecast": False,
                "estimate": other.estimate.to_json(),
            },
        ],
    }
    json.dumps(record, allow_nan=False)


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
    record = verdict(judged(name="opinion")).record()
    assert (record["quantity"], record["rule"], record["estimate"], record["readings"]) == (
        None,
        None,
        None,
        [],
    )


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
        == 5
    )


@pytest.mark.parametrize(
    "supported, partly, text",
    [
        (
            (0.8, 0.9),
            (0.5, 0.95),
            "lies in 80.0% to 90.0%; partly if it lies in 50.0% to 95.0%; contradicted",
        ),
        (
            (0.8, math.inf),
            (0.5, math.inf),
            "lies in 80.0% or more; partly if it lies in 50.0% or more; contradicted",
        ),
        (
            (-math.inf, 0.9),
            (-math.inf, 0.95),
            "lies in 90.0% or less; partly if it lies in 95.0% or less; contradicted",
        ),
        (
            (0.8, 0.9),
            (0.5, math.inf),
            "lies in 80.0% to 90.0%; partly if it lies in 50.0% or more; contradicted",
        ),
        ((0.8, 0.9), (0.8, 0.9), "lies in 80.0% to 90.0%; contradicted"),
        ((-math.inf, 0), (-math.inf, 0), "lies in 0.0% or less; contradicted"),
    ],
)
def test_rules_name_their_ranges(supported, partly, text):
    assert f"Supported if the whole interval {text} if none of it does; else unresolved." == rule(
        reading(supported, partly)
    )


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
    assert f"lies in {text};" in rule(reading(supported, supported, found))


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
            "verified": [True, False],
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
            "verified": True,
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
            "verified": False,
            "note": "seen",
        },
    ]
    assert card.lab_html() == "<ol><li>P &amp; Q: T</li><li>R: U</li></ol>"


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
        shown.lab_html()
        == "<p><strong>A subtitle</strong> What was published by 23 November 2026.</p>"
    )
