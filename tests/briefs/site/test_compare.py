"""What changed for a claim between two dates."""

import json
from types import SimpleNamespace

import pytest

from briefs import site
from briefs.render import wording
from briefs.render.wording import in_language
from briefs.site import compare

pytestmark = pytest.mark.usefixtures("few_tables")

#: The claims of the made-up site: report, and place among its claims.
PLACES = [("cost-revolution", 0), *(("market-impact", at) for at in range(3))]

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


def test_home_holds_what_every_claim_came_to_as_of_every_date(made):
    """By default it shows, without a script, where the first date and the last differ."""
    for language in ("en", "ms"):
        text = (made / language / "index.html").read_text("utf-8")
        cells = json.loads(text.partition('id="cells">')[2].partition("</script>")[0])
        assert list(cells) == ["2025-02-01", "2025-12-31", "2026-11-23"]
        with in_language(language):
            for date, row in cells.items():
                name = "" if date == "2026-11-23" else f"as-of-{date}/"
                for cell, (report, at) in zip(row, PLACES, strict=True):
                    results = json.loads(
                        (made / language / report / f"{name}results.json").read_text("utf-8")
                    )
                    claim = results["claims"][at]
                    found = wording.estimate(claim["estimate"])
                    assert cell[0] == claim["verdict"]
                    assert cell[2:] == ([found.value, found.interval] if found else ["", ""])
        rows = text.partition('<table id="moves"')[2].partition("</table>")[0]
        shown = [row for row in rows.split("<tr")[2:] if not row.startswith(" hidden")]
        assert ["claims/cost-4/" in row for row in shown] == [True]


def test_home_compares_nothing_where_there_is_one_date(maker, tmp_path):
    maker.put(tmp_path)
    site.publish(tmp_path)
    assert 'id="compare' not in (tmp_path / "en/index.html").read_text("utf-8")
