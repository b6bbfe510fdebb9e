"""What changed for a claim between two dates."""

import json
from types import SimpleNamespace

import pytest

from briefs.render.wording import in_language
from briefs.site import compare

PRICE = {"unit": "share per year", "level": 0.9, "method": ""}


def judged(verdict="supported", value=None, low=None, high=None, n=0, reading="price", cause=""):
    estimate = {**PRICE, "value": value, "low": low, "high": high, "n": n}
    return {"verdict": verdict, "cause": cause, "reading": reading, "estimate": estimate}


def said(then, now, language="en"):
    history = [
        (SimpleNamespace(as_of="2025-02-01"), then),
        (SimpleNamespace(as_of="2026-11-29"), now),
    ]
    with in_language(language):
        found = json.loads(compare.changes(history))
    assert list(found) == ["2025-02-01 2026-11-29"]
    return found["2025-02-01 2026-11-29"]


OLD = judged("unresolved", 0.7, 0.5, 0.95, 9, cause="too imprecise")


@pytest.mark.parametrize(
    ("then", "now", "text"),
    [
        (
            OLD,
            judged("supported", 0.893, 0.8, 0.9, 36),
            "The verdict went from “Unresolved, too imprecise” to “Supported”. The estimate moved from 70.0% a year "
            "to 89.3% a year, within its earlier interval. It rests on 36 observations instead of 9.",
        ),
        (
            judged(value=0.4, low=0.3, high=0.5, n=9),
            judged(value=0.8, low=0.7, high=0.9, n=9),
            "The verdict is the same on both dates: Supported. The estimate moved from 40.0% a year to 80.0% a year, "
            "outside its earlier interval.",
        ),
        (
            judged("unresolved"),
            judged(value=0.8),
            "The verdict went from “Unresolved” to “Supported”. By the earlier date there was no estimate; by the "
            "later it was 80.0% a year.",
        ),
        (
            judged(value=0.8),
            judged(),
            "The verdict is the same on both dates: Supported. By the later date there was no estimate.",
        ),
        (
            judged(),
            judged(),
            "The verdict is the same on both dates: Supported. There was no estimate on either date.",
        ),
        (
            judged(value=0.8),
            judged(value=0.8),
            "The verdict is the same on both dates: Supported. The estimate is the same: 80.0% a year.",
        ),
        (
            judged(value=0.8),
            judged(value=0.8, reading="other"),
            "The verdict is the same on both dates: Supported. Another reading speaks for the claim, so the two "
            "estimates are of different things.",
        ),
    ],
)
def test_a_sentence_says_what_changed(then, now, text):
    assert said(then, now) == text


def test_it_is_said_in_the_language_of_the_page():
    assert said(OLD, OLD, "ms").startswith("Keputusan semakan sama pada kedua-dua tarikh")


def test_each_two_dates_have_a_sentence(made):
    text = (made / "en/claims/cost-4/index.html").read_text("utf-8")
    found = json.loads(text.partition('id="changes">')[2].partition("</script>")[0])
    assert list(found) == [
        "2025-02-01 2025-12-31",
        "2025-02-01 2026-11-23",
        "2025-12-31 2026-11-23",
    ]
