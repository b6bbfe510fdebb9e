import csv
import dataclasses
import datetime as dt
import itertools
import math
import re
import string
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, strategies as st

from briefs.display import i18n
from briefs.evidence.claims import Claim, ClaimError, assess, combine, judge, load_claims
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


def estimate(low, high, unit="ratio", level=0.9):
    return Estimate((low + high) / 2, low, high, level, 7, unit, "made up")


def text(en="text", ms="teks"):
    return {"en": en, "ms": ms}


def entry(**changes):
    """A claim as the file holds it: one reading, supported 2 to 4, partly 1 to 8."""
    return {
        "id": "cost-1",
        "report": "cost-revolution",
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
        **changes,
    }


def claim(*readings, **changes):
    return Claim.model_validate(entry(readings=list(readings) or [reading()], **changes))


def verdict_of(low, high, **ranges):
    return judge(claim(reading(**ranges)), {"price": estimate(low, high)}).verdict


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (
            Estimate.missing("ratio", "none yet"),
            "unresolved",
        ),  # the forecast alone would support it
        (estimate(9, 10), "contradicted"),
        (estimate(2.5, 3), "supported"),
    ],
)
def test_a_forecast_is_shown_and_decides_nothing(outcome, expected):
    found = judge(
        claim(reading(), reading("foreseen", forecast=True)),
        {"price": outcome, "foreseen": estimate(5, 6)},
    )
    assert found.verdict == expected
    assert [r.verdict for r in found.readings][1] == "partly supported"
    assert "A forecast decides nothing" in " ".join(map(str, found.reason))


# --- the rule, by hand: supported 2 to 4, partly 1 to 8 ---------------------------------------


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (2.5, 3.5, "supported"),
        (2, 4, "supported"),  # the ends belong to the range
        (3, 3, "supported"),
        (1.9, 3, "partly supported"),  # over an edge of supported, within partly
        (1, 8, "partly supported"),
        (5, 6, "partly supported"),  # outside supported altogether
        (0.2, 0.9, "contradicted"),
        (8.1, 9, "contradicted"),
        (0.5, 1, "unresolved"),  # touches the edge of partly, so it isn't disjoint
        (8, 9, "unresolved"),
        (0.9, 3, "unresolved"),  # over an edge of partly
        (0.1, 100, "unresolved"),
    ],
)
def test_rule_of_one_reading(low, high, expected):
    assert verdict_of(low, high) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(-50, 1, "supported"), (0.5, 1.1, "unresolved"), (1.01, 2, "contradicted")],
)
def test_an_open_low_end(low, high, expected):
    assert verdict_of(low, high, supported=[None, 1.0], partly=[None, 1.0]) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.1, 99, "supported"),
        (0.05, 0.2, "partly supported"),
        (0, 0.2, "partly supported"),
        (-0.1, 0.2, "unresolved"),
        (-0.2, -0.1, "contradicted"),
    ],
)
def test_an_open_high_end(low, high, expected):
    assert verdict_of(low, high, supported=[0.1, None], partly=[0, None]) == expected


S, P, C, U = "supported", "partly supported", "contradicted", "unresolved"


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([S, S], S),
        ([C, C, C], C),
        ([U, U], U),
        ([P, P], P),
        ([S, P], P),
        ([S, C], P),
        ([P, C], P),
        ([S, U], P),
        ([P, U], P),
        ([C, U], U),
        ([C, U, S], P),
        ([C, C, U], U),
    ],
)
def test_verdict_of_several_readings(verdicts, expected):
    assert combine(verdicts) == expected
    assert combine(verdicts[::-1]) == expected


def test_missing_estimate_is_unresolved():
    verdict = judge(claim(), {"price": Estimate.missing("ratio", "too few prices")})
    assert verdict.verdict == "unresolved"
    assert [str(p) for p in verdict.reason] == [
        "Price ratio: the evidence allows no estimate, which leaves it open."
    ]


def test_an_endless_interval_is_no_estimate():
    assert (
        judge(claim(), {"price": Estimate(3, 2, math.inf, 0.9, 3, "ratio", "m")}).verdict
        == "unresolved"
    )


def test_a_missing_second_reading_holds_support_back():
    verdict = judge(
        claim(reading(), reading("volume")),
        {"price": estimate(2, 3), "volume": Estimate.missing("ratio", "m")},
    )
    assert verdict.verdict == "partly supported"
    assert [r.verdict for r in verdict.readings] == ["supported", "unresolved"]


def test_unverified_figures_settle_nothing():
    verdict = judge(
        claim(reading(), reading("volume")),
        {"price": estimate(2, 3), "volume": estimate(20, 30)},
        verified=False,
    )
    assert verdict.verdict == "unresolved"
    assert {r.verdict for r in verdict.readings} == {"unresolved"}
    assert "sources that were not seen" in str(verdict.reason[-1])


def test_an_opinion_is_not_judged():
    verdict = judge(Claim.model_validate(entry(kind="opinion", readings=[])), {})
    assert (verdict.verdict, verdict.readings, verdict.estimate) == ("opinion", (), None)


@pytest.mark.parametrize(
    ("ends", "expected"), [((2, 3), P), ((1, 2), P), ((9, 10), C), ((7, 9), U)]
)
def test_a_part_that_is_opinion_caps_support(ends, expected):
    verdict = judge(claim(opinion_part=text()), {"price": estimate(*ends)})
    assert verdict.verdict == expected
    assert str(verdict.reason[-1]) == "The rest of the claim is opinion, not tested."


# --- the reason ------------------------------------------------------------------------------


def reasons(verdict):
    return [str(p) for p in verdict.reason]


def test_reason_names_estimate_interval_level_and_range():
    assert reasons(judge(claim(), {"price": estimate(2, 3)})) == [
        "Price ratio: 2.5 (90% interval 2 to 3).",
        "All of that lies between 2 and 4, fixed in advance for support.",
    ]
    assert reasons(judge(claim(), {"price": estimate(1, 3)}))[1] == (
        "All of that lies between 1 and 8, fixed in advance for partial support."
    )
    assert reasons(judge(claim(), {"price": estimate(9, 10)}))[1] == (
        "None of that lies between 1 and 8, fixed in advance for any support."
    )
    assert reasons(judge(claim(), {"price": estimate(7, 10)}))[1] == (
        "Only part of that lies between 1 and 8, fixed in advance for any support."
    )


def test_reason_of_published_figures_claims_no_level():
    assert reasons(judge(claim(), {"price": estimate(2, 3, level=None)}))[0] == (
        "Price ratio: 2.5 (from 2 to 3 in published figures)."
    )


def test_reason_tells_the_reading_that_differs():
    both = claim(reading(), reading("volume", quantity=text("Volume ratio", "Nisbah isi padu")))
    assert reasons(judge(both, {"price": estimate(2, 3), "volume": estimate(9, 11)}))[2:] == [
        "Volume ratio: 10 (9 to 11), which contradicts it.",
        "Together the readings support it in part.",
    ]
    assert reasons(judge(both, {"price": estimate(7, 9), "volume": estimate(9, 11)}))[2:] == [
        "Volume ratio: 10 (9 to 11), which contradicts it.",
        "Together the readings leave it open.",
    ]
    assert reasons(judge(both, {"price": estimate(9, 10), "volume": estimate(9, 11)}))[2:] == [
        "The 2 readings agree."
    ]
    assert reasons(judge(both, {"price": estimate(7, 9), "volume": estimate(7, 9)}))[2:] == [
        "None of the 2 readings settles it."
    ]


def test_reason_reads_well_in_percent_and_money():
    fall = claim(reading(unit="share per year", supported=[0.625, 0.8333], partly=[0.25, 0.9167]))
    sentences = [
        i18n.phrase(p)
        for p in judge(fall, {"price": estimate(-1.6, -1.2, "share per year")}).reason
    ]
    assert sentences == [
        "Price ratio: −140.0% (90% interval −160.0% to −120.0%).",
        "None of that lies between 25.0% and 91.7%, fixed in advance for any support.",
    ]
    cost = claim(reading(unit="USD", supported=[4e5, 9e5], partly=[2e5, 1.8e6]))
    sentences = [
        i18n.phrase(p) for p in judge(cost, {"price": estimate(4.8e6, 6.4e6, "USD")}).reason
    ]
    assert (
        sentences[0]
        == "Price ratio: US$5.6 million (90% interval US$4.8 million to US$6.4 million)."
    )


def outcomes(reading):
    """An interval for each verdict that a reading can give, and none."""
    low, high = (
        x if x is not None else -y for x, y in zip(reading.partly, (1e3, -1e3), strict=True)
    )
    inside = [
        x if x is not None else y for x, y in zip(reading.supported, (low, high), strict=True)
    ]
    step = 123.456 * (1 + abs(high - low))
    yield from (
        estimate(*inside, reading.unit),
        estimate(low, high, reading.unit),
        estimate(low - step, high + step, reading.unit),
        estimate(low - step, low + step, reading.unit, None),
        estimate(low - 2 * step, low - step, reading.unit),
        Estimate.missing(reading.unit, "m"),
    )


@pytest.mark.parametrize("claim_id", IDS)
def test_no_reason_is_longer_than_60_words(claim_id):
    claim = load_claims(DATA / "claims.yml")[claim_id]
    for estimates in itertools.product(*(outcomes(r) for r in claim.readings)):
        for verified in (True, False):
            verdict = judge(
                claim,
                {r.id: e for r, e in zip(claim.readings, estimates, strict=True)},
                verified=verified,
            )
            for phrase in verdict.reason:
                placeholders = {
                    name for _, name, _, _ in string.Formatter().parse(phrase.message) if name
                }
                assert placeholders == set(phrase.values)
                assert {kind for kind, _ in phrase.values.values()} <= {*i18n.KINDS, "localized"}
            for translation in ("en", "ms"):
                words = " ".join(str(p) for p in verdict.reason)
                for r in claim.readings:
                    words = words.replace(r.quantity.en, getattr(r.quantity, translation))
                assert len(words.split()) <= 60, words


# --- properties ------------------------------------------------------------------------------

ends = st.floats(-100, 100, allow_nan=False)
intervals = st.tuples(ends, ends).map(sorted)


@st.composite
def rules(draw):
    a, b, c, d = sorted(draw(st.tuples(ends, ends, ends, ends)))
    return reading(
        supported=[b, c],
        partly=[draw(st.sampled_from([a, None])), draw(st.sampled_from([d, None]))],
    )


def decided(rule, interval, **other):
    made = dataclasses.replace(estimate(*interval), **other)
    return judge(claim(rule), {"price": made}).verdict


@given(
    rules().filter(lambda r: r["partly"] != [None, None]),
    intervals,
    st.floats(-1e3, 1e3),
    st.integers(0, 99),
    st.sampled_from([None, 0.5, 0.99]),
)
def test_only_the_ends_of_the_interval_decide(rule, interval, value, n, level):
    assert decided(rule, interval) == decided(
        rule, interval, value=value, n=n, level=level, method="another"
    )


@given(rules().filter(lambda r: r["partly"] != [None, None]), intervals, intervals)
def test_narrowing_an_interval_settles_but_never_reverses(rule, wide, narrow):
    assume(wide[0] <= narrow[0] and narrow[1] <= wide[1])
    before, after = decided(rule, wide), decided(rule, narrow)
    assert (before, after) not in {(S, C), (S, P), (S, U), (P, C), (P, U), (C, S), (C, P), (C, U)}


@given(rules().filter(lambda r: r["partly"] != [None, None]), st.floats(0, 1), st.floats(0, 1))
def test_an_interval_within_the_range_is_always_supported(rule, x, y):
    low, high = rule["supported"]
    inside = sorted(min(max(low + u * (high - low), low), high) for u in (x, y))
    assert decided(rule, inside) == S


@given(st.lists(st.sampled_from([S, P, C, U]), min_size=1, max_size=5), st.randoms())
def test_the_order_of_readings_decides_nothing(verdicts, random):
    shuffled = list(verdicts)
    random.shuffle(shuffled)
    assert combine(shuffled) == combine(verdicts)


# --- calling it wrong ------------------------------------------------------------------------


def test_wrong_estimates_are_named():
    with pytest.raises(ClaimError, match=r"cost-1 has no reading prize; its readings are price"):
        judge(claim(), {"price": estimate(1, 2), "prize": estimate(1, 2)})
    with pytest.raises(
        ClaimError, match=r"cost-1 needs an estimate for price; give Estimate.missing"
    ):
        judge(claim(), {})
    with pytest.raises(
        ClaimError, match=r"cost-1, reading price: the rule is in 'ratio', the estimate in 'USD'"
    ):
        judge(claim(), {"price": estimate(1, 2, "USD")})
    with pytest.raises(ClaimError, match=r"its readings are none"):
        judge(Claim.model_validate(entry(kind="opinion", readings=[])), {"price": estimate(1, 2)})


def test_assess_judges_a_claim_of_the_data_folder():
    """The claim says 600,000: 400,000 to 900,000 supports it, ten times that contradicts it."""
    assert assess("cost-1", run_cost=estimate(5e5, 8e5, "USD")).verdict == "supported"
    assert (
        assess("cost-1", run_cost=estimate(5e5, 8e5, "USD"), verified=False).verdict == "unresolved"
    )
    verdict = assess("cost-1", run_cost=estimate(5e6, 7e6, "USD"))
    assert verdict.verdict == "contradicted"
    assert verdict.claim["statement"]["ms"].startswith("DeepSeek membina")
    assert verdict.estimate.value == 6e6
    with pytest.raises(
        ClaimError, match="there is no claim 'cost-9'; the claims are cost-1, cost-2"
    ):
        assess("cost-9")


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
            r"field readings is \[\]: must be empty for an opinion and hold at least one reading",
        ),
        ({"kind": "opinion"}, r"field readings is .*: must be empty for an opinion"),
        (
            {"readings": [reading(), reading()]},
            r"field readings is .*: must have a different id each",
        ),
        (
            {"readings": [reading(unit="euros")]},
            r"field readings\[price\].unit is 'euros': must be 'USD', ",
        ),
        (
            {"readings": [reading("verified")]},
            r"field readings\[verified\].id is 'verified': must differ",
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
            {"rule_history": [{"date": "2026-01", "reason": text()}]},
            r"rule_history\[0\].date is '2026-01': must be",
        ),
        ({"rule_history": [{"date": "2026-01-05"}]}, r"rule_history\[0\].reason: is required"),
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


def test_rule_changes_are_logged_with_date_and_reason(claims):
    for claim in claims.values():
        for change in claim.rule_history:
            assert dt.date.fromisoformat(change.date) and change.reason.en and change.reason.ms


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
        [(6e5, 6e5)],
        [(0.1, 0.1)] * 2,
        [(0.75, 0.75)] * 2,
        [(0.85, 0.9)] * 2,
    ]


def test_context_is_plain_and_complete(claims):
    context = claims["cost-2"].context()
    assert yaml.safe_load(yaml.safe_dump(context)) == context
    assert set(context) == set(Claim.model_fields)
    assert context["readings"][0]["supported"] == [0.06667, 0.15]
