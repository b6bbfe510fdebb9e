"""The chart of how an estimate moved: its words, its values, its bands."""

import re
from xml.etree import ElementTree as ET

import pytest

from briefs.evidence.model import ReadingRule
from briefs.render import wording
from briefs.render.wording import in_language
from briefs.site import chart

SVG = "{http://www.w3.org/2000/svg}"


def moment(date, verdict="unresolved", **found):
    estimate = {"value": None, "unit": "USD", "n": 3, **found}
    return chart.Moment.of(date, {"outcome": verdict, "estimate": estimate})


def draw(*moments, unit="USD", supported=(4e5, 9e5), partly=(2e5, 1.8e6)):
    quantity = {"en": "Cost of the run", "ms": "Kos"}
    rule = ReadingRule(
        id="run",
        quantity=quantity,
        unit=unit,
        supported=supported,
        partly=partly,
        if_right=(supported[0] or supported[1]),
    )
    with in_language("en"):
        return chart.draw("cost-1-run", moments, rule, "Cost of the run")


TWO = (
    moment("2025-02-01", "unresolved", value=5.6e6, low=5e6, high=6e6, level=0.9),
    moment("2026-11-23", "contradicted", value=5.9e6, low=5.4e6, high=6.8e6, level=0.9),
)


def texts(drawn):
    return [element.text for element in ET.fromstring(drawn.svg).iter(f"{SVG}text")]


def titles(drawn):
    return [element.text for element in ET.fromstring(drawn.svg).iter(f"{SVG}title")]


def test_the_chart_says_in_words_what_it_shows():
    found = draw(*TWO)
    assert found.alt == (
        "Dot chart with 2 dates. Cost of the run: US$5.6 million on 1 February 2025, "
        "US$5.9 million on 23 November 2026. The outcome was first “Unresolved” and is now "
        "“Contradicted”."
    )
    assert found.log


def test_each_date_says_its_verdict_and_value_one_without_an_estimate_too():
    assert titles(draw(moment("2024-12-31"), *TWO)) == [
        "31 December 2024: Unresolved",
        "1 February 2025: Unresolved, US$5.6 million (90% interval: US$5 million to US$6 million)",
        "23 November 2026: Contradicted, US$5.9 million (90% interval: US$5.4 million to US$6.8 million)",
    ]


def test_the_verdicts_stand_above_in_the_colours_of_the_page():
    icon = r'<path class="(v-[a-z-]+)"[^>]*translate\(([\d.]+) ([\d.]+)\)'
    icons = re.findall(icon, draw(*TWO).svg)
    assert [name for name, _x, _y in icons] == ["v-unresolved", "v-contradicted"]
    assert float(icons[0][1]) < float(icons[1][1]) and 0 < float(icons[0][2]) < 10


def test_a_drawing_is_safe_and_the_same_every_time():
    drawn = draw(*TWO).svg
    draw(moment("2025-02-01", value=0.6), unit="share", supported=(0.5, 0.9), partly=(0.4, 1))
    chart._drawn.cache_clear()
    assert drawn == draw(*TWO).svg
    assert "style" not in drawn and "#010101" not in drawn and "currentColor" in drawn


def test_a_verdict_that_came_back_is_not_called_a_change():
    found = draw(
        moment("2025-02-01", "unresolved", value=1e6),
        moment("2025-06-30", "supported", value=1e6),
        moment("2026-11-23", "unresolved", value=1e6),
    )
    assert found.alt.endswith("The outcome was another in between, and is “Unresolved” again.")


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ("2025-02-01", "2026-11-23", ["Feb 2025", "Jan 2026", "Nov 2026"]),
        ("2025-10-01", "2026-11-23", ["Oct 2025", "Nov 2026"]),
        ("2026-11-23", "2026-11-23", ["Nov 2026"]),
    ],
)
def test_dates_are_named_where_there_is_room(first, last, named):
    found = texts(draw(moment(first, value=1e6), moment(last, value=1e6)))
    assert [text for text in found if text in named] == named
    assert sum(bool(re.fullmatch(r"[A-Z][a-z]{2} 20\d\d", text)) for text in found) == len(named)


def test_ticks_are_round_and_have_the_unit():
    values = [moment("2025-02-01", value=0.6), moment("2026-11-23", value=0.9)]
    found = texts(draw(*values, unit="share", supported=(0.55, 0.9), partly=(0.5, 0.95)))
    assert {"50%", "60%", "70%", "80%", "90%"} <= set(found)
    money = texts(draw(*TWO))
    assert "US$500,000" in money and "US$5 million" in money
    with in_language("en"):
        assert wording.tick("share", 0.125) == "12.5%"
        assert wording.tick("USD", -2e6) == "−US$2 million"
        assert wording.tick("ratio", 0.5) == "0.5×"


def band(drawn, opacity):
    """Heights that a band reaches from and to, and those of the axes, from above."""
    path = rf'<path d="M ([^"]+)"[^>]* opacity="{opacity}"'
    ys = [float(pair.split()[1]) for pair in re.split(" [LM] ", re.search(path, drawn.svg)[1])[:4]]
    return min(ys), max(ys)


def test_a_band_covers_its_range_and_with_an_open_end_all_below():
    flat = moment("2025-02-01", value=1e6), moment("2026-11-23", value=1e6)
    supported, partly = (band(draw(*flat), opacity) for opacity in ("0.3", "0.12"))
    assert partly[0] < supported[0] < supported[1] < partly[1]
    below = draw(*flat, supported=(None, 9e5), partly=(None, 1.8e6))
    assert band(below, "0.3")[1] == band(below, "0.12")[1] > 190
