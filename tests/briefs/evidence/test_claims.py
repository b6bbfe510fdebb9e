import csv
import datetime as dt
import math
import re
from pathlib import Path

import pytest
import yaml

from briefs.evidence.claims import Claim, ClaimError, assess, claimed, load_claims
from briefs.evidence.model import ReadingRule
from briefs.values import Estimate

DATA = Path(__file__).parents[3] / "data"

IDS = [
    f"{part}-{n}"
    for part, count in (("cost", 5), ("market", 9), ("regulation", 4))
    for n in range(1, count + 1)
]

# The house list of forms to avoid in Malay, as whole words.
AVOID = """biaya, pelatihan, perusahaan, regulasi, persen, miliar, triliun, unduh, perangkat lunak, perangkat keras,
    Tiongkok, Maret, Juni, Juli, Agustus, Desember, kuartal, pemerintah, kebijakan, metode, tabel, tautan, situs web,
    Uni Eropa, Amerika Serikat, investor, analis, komputasi awan, karena, bisa, chip, selang kepercayaan, klaim, uang,
    berbeda, agen, kualitas, aktivitas, informasi"""


def spread(low, high):
    """Published amounts of money."""
    return Estimate((low + high) / 2, low, high, None, 7, "USD", "made up", grade="A")


def text(en="text", ms="teks"):
    return {"en": en, "ms": ms}


def entry(**changes):
    """A claim as the file holds it: one reading, supported 2 to 4, partly 1 to 8."""
    return {
        "id": "cost-1",
        "report": "cost-revolution",
        "name": text("Prices fall", "Harga turun"),
        "kind": "measurable",
        "statement": text("Prices fell.", "Harga menurun."),
        "wording": {"kind": "paraphrase", "text": "prices fell", "language": "en"},
        "said_by": text(),
        "said_on": "2025-01-28",
        "outlet": text(),
        "attribution": text(),
        "interest": None,
        "source_ids": ["article_under_test"],
        "readings": [reading()],
        "would_change": text(),
        **changes,
    }


def reading(id="price", **changes):
    return {
        "id": id,
        "quantity": text("Price ratio", "Nisbah harga"),
        "unit": "ratio",
        "supported": [2, 4],
        "partly": [1, 8],
        "if_right": 3,
        **changes,
    }


def axis(id="window", *choices):
    return {"id": id, "name": text("Window", "Tempoh"), "choices": list(choices) or [12, 24]}


def test_assess_judges_a_claim_of_the_data_folder():
    """The claim says 600,000: 400,000 to 900,000 supports it, ten times that contradicts it."""
    none = Estimate.missing("USD", "m")
    assert assess("cost-1", {"run_cost": spread(5e5, 8e5), "last_stage": none}).verdict == (
        "supported"
    )
    verdict = assess("cost-1", {"run_cost": spread(5e6, 7e6), "last_stage": none})
    assert verdict.verdict == "contradicted"
    assert verdict.claim["statement"]["ms"].startswith("DeepSeek membina")
    assert verdict.estimate.value == 6e6
    with pytest.raises(
        ClaimError, match="there is no claim 'cost-9'; the claims are cost-1, cost-2"
    ):
        assess("cost-9", {})


def test_the_figure_claimed_is_found_by_its_reading():
    assert claimed("cost-4", "frontier_price") == (0.85, 0.9)
    assert claimed("cost-1", "run_cost") == (6e5, 6e5)
    for claim_id, name in (("cost-4", "prize"), ("market-2", "revenue_share")):
        with pytest.raises(ClaimError, match=f"{claim_id} has no reading '{name}' with a claimed"):
            claimed(claim_id, name)


# --- a file with mistakes --------------------------------------------------------------------


def write(tmp_path, content):
    path = tmp_path / "claims.yml"
    path.write_text(
        content if isinstance(content, str) else yaml.safe_dump(content), encoding="utf-8"
    )
    return path


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"kind": "fact"},
            r"claim cost-1, field kind is 'fact': must be 'measurable', 'forecast' or 'opinion'",
        ),
        ({"colour": "red"}, r"claim cost-1, field colour is 'red': is no field of a claim"),
        ({"statement": {"en": "Only English"}}, r"claim cost-1, field statement.ms: is required"),
        ({"statement": text(ms=" ")}, r"field statement.ms is ' ': must not be empty"),
        (
            {"said_on": "28/1/2025"},
            r"field said_on is '28/1/2025': must be a date: YYYY-MM-DD, YYYY-MM or YYYY",
        ),
        (
            {"said_on": "2025-02-30"},
            r"field said_on is '2025-02-30': must be a day of the calendar",
        ),
        ({"said_on": "2025-13"}, r"field said_on is '2025-13': must be a day of the calendar"),
        ({"source_ids": []}, r"field source_ids is \[\]: must not be empty"),
        (
            {"readings": []},
            r"field readings is \[\]: must hold at least one reading, .* the claim is a draft",
        ),
        ({"kind": "opinion"}, r"field readings is .*: must be empty for an opinion"),
        (
            {"readings": [reading(), reading()]},
            r"field readings is .*: must have a different id each",
        ),
        (
            {"readings": [reading(), reading("volume")]},
            r"field \(all\) is .*: must say under combine what its readings are to one another",
        ),
        ({"combine": "parts"}, r"field \(all\) is .*: must say under combine .* if several"),
        ({"combine": "any"}, r"field combine is 'any': must be 'measures', 'parts' or 'senses'"),
        ({"kind": "forecast"}, r"field \(all\) is .*: must state a horizon if it is a forecast"),
        ({"horizon": text()}, r"field \(all\) is .*: must state a horizon .* no other claim does"),
        (
            {"readings": [reading(if_right=None)]},
            r"readings\[price\] is .*: must claim a figure, or say with if_right one that is",
        ),
        (
            {"readings": [reading(if_right=5)]},
            r"readings\[price\] is .*: must claim a figure, or say with if_right one that is supp",
        ),
        (
            {"readings": [reading(supported=[2, None], partly=[1, None], if_right=1.5)]},
            r"readings\[price\] is .*: must claim a figure, or say with if_right one that is supp",
        ),
        ({"grid": [axis(), axis()]}, r"field grid is .*: must have a different id each"),
        ({"grid": [axis("window", 12)]}, r"field grid\[window\].choices is \[12\]: must"),
        (
            {"grid": [axis("window", 12, 12.0)]},
            r"field grid\[window\].choices is \[12, 12.0\]: must have a different id each",
        ),
        (
            {"grid": [axis("window", {"id": "short"}, {"id": "long", "name": text()})]},
            r"choices\[short\].* must say in both languages what the choice is",
        ),
        ({"grid": [axis("Window")]}, r"field grid\[Window\].id is 'Window': must match"),
        (
            {"readings": [reading(unit="euros")]},
            r"field readings\[price\].unit is 'euros': must be 'USD', ",
        ),
        (
            {"readings": [reading(supported=[4, 2])]},
            r"readings\[price\].supported is \[4, 2\]: must run from its low",
        ),
        (
            {"readings": [reading(supported=[None, None])]},
            r"supported is \[None, None\]: must have at least one end",
        ),
        (
            {"readings": [reading(supported=["2", 4])]},
            r"readings\[price\].supported\[0\] is '2': must be a number",
        ),
        (
            {"readings": [reading(supported=[2, math.inf])]},
            r"supported\[1\] is inf: must be a finite number; write null",
        ),
        (
            {"readings": [reading(partly=[3, 8])]},
            r"partly is \[3, 8\]: must enclose the range of 'supported', \[2.0",
        ),
        (
            {"readings": [reading(partly=[1, 3])]},
            r"partly is \[1, 3\]: must enclose the range of 'supported'",
        ),
        ({"readings": [reading(supported=[2, None])]}, r"partly is \[1, 8\]: must enclose"),
        (
            {"readings": [reading(claimed=5)]},
            r"claimed is 5: must lie within the range of 'supported'",
        ),
        (
            {"rule_history": [{"date": "2026-01", "reason": text(), "results_seen": True}]},
            r"rule_history\[0\].date is '2026-01': must be",
        ),
        (
            {"rule_history": [{"date": "2026-01-05", "results_seen": True}]},
            r"rule_history\[0\].reason: is required",
        ),
        (
            {"rule_history": [{"date": "2026-01-05", "reason": text()}]},
            r"rule_history\[0\].results_seen: is required",
        ),
        (
            {
                "rule_history": [
                    {
                        "date": "2026-01-05",
                        "reason": text(),
                        "results_seen": True,
                        "verdict": "untested",
                    }
                ]
            },
            r"rule_history\[0\].verdict is 'untested': must be 'supported', 'partly supported', 'mixed'",
        ),
    ],
)
def test_a_breach_names_file_claim_field_value_and_rule(tmp_path, changes, message):
    with pytest.raises(ClaimError, match=message) as caught:
        load_claims(write(tmp_path, [entry(**changes)]))
    assert str(caught.value).startswith("claims.yml: claim cost-1, field ")
    assert "pydantic" not in str(caught.value)


def test_every_breach_is_listed(tmp_path):
    broken = entry(kind="fact", report="weather")
    with pytest.raises(ClaimError) as caught:
        load_claims(write(tmp_path, [broken, entry(), entry(), "a claim", {"kind": "opinion"}]))
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("claims.yml: claim cost-1, field report is 'weather'")
    assert lines[1].startswith("claims.yml: claim cost-1, field kind is 'fact'")
    assert lines[2] == "claims.yml: claim cost-1, field id: each claim needs an id of its own"
    assert lines[3].startswith("claims.yml: claim number 4, field (all) is 'a claim': ")
    assert "claims.yml: claim number 5, field id: is required" in lines


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "claims.yml: must hold a list of claims"),
        ("id: cost-1", "claims.yml: must hold a list of claims"),
        (
            "- id: cost-1\n  id: cost-2\n",
            "claims.yml, line 2: not valid YAML: 'id' is there twice",
        ),
        ("- id: [cost\n- x", "claims.yml, line "),
        ("- \x00", "claims.yml: not valid YAML: "),
    ],
)
def test_a_broken_file_is_named(tmp_path, content, message):
    with pytest.raises(ClaimError, match=re.escape(message)):
        load_claims(write(tmp_path, content))


def test_a_file_in_another_encoding_or_place_is_named(tmp_path):
    path = write(tmp_path, "")
    path.write_bytes(yaml.safe_dump([entry()]).encode("utf-16"))
    with pytest.raises(ClaimError, match=r"claims.yml: must be UTF-8 text"):
        load_claims(path)
    with pytest.raises(ClaimError, match=r"nowhere.yml: there is no such file"):
        load_claims(tmp_path / "nowhere.yml")


def test_a_changed_file_is_read_again_and_callers_share_nothing(tmp_path):
    path = write(tmp_path, [entry()])
    load_claims(path).clear()
    assert list(load_claims(path)) == ["cost-1"]
    assert load_claims(path)["cost-1"] is load_claims(path)["cost-1"]
    write(tmp_path, [entry(id="cost-2", said_on=dt.date(2025, 1, 28))])
    assert load_claims(path)["cost-2"].said_on == "2025-01-28"


# --- the claims themselves -------------------------------------------------------------------


@pytest.fixture(scope="module")
def claims():
    return load_claims(DATA / "claims.yml")


def test_the_claims_are_the_eighteen_in_order(claims):
    assert list(claims) == IDS
    report = {
        "cost": "cost-revolution",
        "market": "market-impact",
        "regulation": "regulatory-outlook",
    }
    assert all(c.report == report[i.split("-")[0]] for i, c in claims.items())


def texts(value, language):
    if isinstance(value, dict):
        if set(value) == {"en", "ms"}:
            yield value[language]
        else:
            for below in value.values():
                yield from texts(below, language)
    elif isinstance(value, list):
        for below in value:
            yield from texts(below, language)


def test_every_sentence_is_in_both_languages(claims):
    for claim in claims.values():
        for words in (
            claim.statement,
            claim.attribution,
            claim.would_change,
            *(r.quantity for r in claim.readings),
        ):
            assert words.en != words.ms
        for words in (claim.statement, claim.attribution, claim.would_change):
            assert words.en.endswith(".") and words.ms.endswith(".")


def test_malay_avoids_indonesian_forms(claims):
    pattern = re.compile(r"\b({})\b".format("|".join(re.split(r",\s+", AVOID))), re.IGNORECASE)
    assert (
        pattern.search("Regulasi")
        and pattern.search("satu agen")
        and not pattern.search("ejen dan keagenan")
    )
    for claim in claims.values():
        for words in texts(claim.context(), "ms"):
            assert not pattern.search(words), words


def test_malay_keeps_the_terms_that_the_article_fixed(claims):
    terms = {
        "cost-3": "kos latihan AI",
        "cost-4": "kos inferens AI",
        "market-2": "cip latihan",
        "market-3": "cip inferens",
        "market-4": "perkhidmatan platform",
        "market-5": "perkhidmatan infrastruktur",
        "market-6": "perkhidmatan perisian",
    }
    for claim_id, term in terms.items():
        assert term.lower() in claims[claim_id].statement.ms.lower()


def test_an_interest_is_declared_wherever_the_speaker_has_one(claims):
    for claim in claims.values():
        traced = re.search(
            r"\b(ARK|Wood)\b", f"{claim.said_by.en} {claim.outlet.en} {claim.attribution.en}"
        )
        assert (
            bool(claim.interest)
            == bool(traced)
            == (
                bool(claim.interest)
                and all(f in claim.interest.en for f in ("Palantir", "Meta", "Amazon"))
            )
        )
        if {"wood_bloomberg_2025", "ark_big_ideas_2024", "adminso_wood"} & set(claim.source_ids):
            assert claim.interest
    assert {i for i, c in claims.items() if not c.interest} == {
        "cost-1",
        "cost-5",
        "market-1",
        "market-2",
        "market-9",
    }


def test_nothing_is_quoted_that_was_not_seen(claims):
    assert {c.wording.kind for c in claims.values()} == {"paraphrase"}


def test_claims_are_dated_and_no_later_than_the_article(claims):
    for claim in claims.values():
        year, *rest = map(int, claim.said_on.split("-"))
        assert dt.date(year, *[*rest, 1, 1][:2]) <= dt.date(2025, 2, 1)


def test_sources_of_the_attributions_exist(claims):
    with (DATA / "sources.csv").open(encoding="utf-8", newline="") as file:
        known = {row["source_id"] for row in csv.DictReader(file)}
    assert {s for c in claims.values() for s in c.source_ids} <= known


def test_rule_changes_are_logged_with_date_reason_and_the_verdict_before(claims):
    """All rules were changed on one day, when the article was read and results had been seen."""
    for claim in claims.values():
        days = [change.date for change in claim.rule_history]
        assert days == sorted(days) and all(c.reason.en != c.reason.ms for c in claim.rule_history)
        (revised,) = (change for change in claim.rule_history if change.date == "2026-11-29")
        assert revised.results_seen and revised.verdict


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        ({"if_right": 3}, 3),
        ({"claimed": [2, 3], "if_right": None}, 2.5),  # the middle of what is claimed
        ({"claimed": 2.5, "if_right": None}, 2.5),
        ({"claimed": [2, 3], "if_right": 4}, 4),
    ],
)
def test_what_is_right_is_said_or_the_middle_of_what_is_claimed(rule, right):
    assert ReadingRule.model_validate(reading(**rule)).right == right


def test_a_choice_is_a_number_or_a_word_that_is_named(tmp_path):
    named = {"id": "long", "name": text("two years", "dua tahun")}
    path = write(tmp_path, [entry(grid=[axis("window", 12, 6.5, named)])])
    (window,) = load_claims(path)["cost-1"].grid
    assert [choice.id for choice in window.choices] == [12, 6.5, "long"]
    assert [type(choice.id) for choice in window.choices] == [int, float, str]  # as written
    assert window.choices[0].name is None and window.choices[2].name.ms == "dua tahun"


def tolerated(claimed, factor, unit):
    """The claimed range, widened by a factor; for a decline what is left after a year is widened."""
    low, high = claimed
    if unit == "share per year":
        low, high = 1 - (1 - low) * factor, 1 - (1 - high) / factor
    else:
        low, high = low / factor, high * factor
    return tuple(float(f"{x:.4g}") for x in (low, high))


def test_the_house_tolerance_by_hand():
    assert tolerated((600000, 600000), 1.5, "USD") == (400000, 900000)
    assert tolerated((0.75, 0.75), 1.5, "share per year") == (0.625, 0.8333)
    assert tolerated((0.85, 0.9), 3, "share per year") == (0.55, 0.9667)


def test_claims_with_a_figure_follow_the_house_tolerance(claims):
    figured = {(c.id, r.id): r for c in claims.values() for r in c.readings if r.claimed}
    assert {i for i, _ in figured} == {"cost-1", "cost-2", "cost-3", "cost-4", "regulation-3"}
    for name, r in figured.items():
        assert (r.supported, r.partly) == (
            tolerated(r.claimed, 1.5, r.unit),
            tolerated(r.claimed, 3, r.unit),
        ), name


def test_the_figures_claimed_are_those_of_the_statements(claims):
    assert [[r.claimed for r in claims[f"cost-{n}"].readings] for n in (1, 2, 3, 4)] == [
        [(6e5, 6e5)] * 2,
        [(0.1, 0.1)] * 2,
        [(0.75, 0.75), (0.25, 0.25)],  # a fall, and what is left
        [(0.85, 0.9)] * 3,
    ]


def test_context_is_plain_and_complete(claims):
    context = claims["cost-2"].context()
    assert yaml.safe_load(yaml.safe_dump(context)) == context
    assert set(context) == set(Claim.model_fields)
    assert context["readings"][0]["supported"] == [0.06667, 0.15]
