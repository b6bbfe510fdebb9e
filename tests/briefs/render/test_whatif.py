"""Choices to try on a page: what each combination comes to, and how a reader gets there."""

import itertools
import json
import re

import pandas as pd
import pytest

from briefs.display import i18n
from briefs.display.grids import Grid
from briefs.display.records import Column, DisplayError
from briefs.render import document, exporters, whatif
from briefs.render.choices import Lane


@pytest.fixture(autouse=True)
def english():
    i18n.activate("en")


@pytest.fixture
def tried(sample):
    return of_claim(sample.VERDICTS[0])


def of_claim(record):
    return whatif.of_claim(record, whatif.causes(record))


def looked_up(found, *places):
    """What the page shows of a combination, given the place of each choice in its list, as its script finds it."""
    at = 0
    for axis, place in zip(found.axes, places, strict=True):
        at = at * len(axis.options) + place
    row = found.data["rows"][at]
    if row < 0:
        return None
    lane, span, texts = found.data["found"][row]
    words = [found.data["words"][text] for text in texts]
    said = "".join(part if isinstance(part, str) else words[part] for part in found.parts)
    return found.lanes[lane].label, span, said


# -- of a claim ---------------------------------------------------------------------------------


def test_every_combination_of_a_claim_is_there_in_words(tried, sample):
    rows = iter(sample.TRIED["rows"])
    for places in itertools.product(range(4), range(3)):
        row = next(rows)
        value, low, high = (
            f"{row['estimate'][end] * 100:.1f}%" for end in ("value", "low", "high")
        )
        quantity = {"pooled": "All benchmarks pooled", "hedonic": "Hedonic regression"}
        label, span, said = looked_up(tried, *places)
        assert label.lower() == row["verdict"]
        assert said == (
            f"{quantity[row['reading']]}: {value} a year (90% interval: {low} to {high}). "
        )
        assert (span is None) == (row["reading"] == "hedonic")


def test_estimates_lie_on_one_scale_of_what_the_claim_is_measured_by(tried):
    """From 0.293 to 0.933, with 6% of air at either end: the second reading has no place there."""
    _label, span, _said = looked_up(tried, 0, 0)
    low, length = 0.293 - 0.06 * 0.64, 0.64 * 1.12
    assert list(span) == [round(1000 * (at - low) / length) for at in (0.793, 0.893, 0.933)]
    assert [(lane.verdict, lane.count, len(lane.places)) for lane in tried.lanes] == [
        ("partly supported", "9 of 12", 9),
        ("contradicted", "3 of 12", 2),
    ]
    assert tried.own.texts == (
        "All benchmarks pooled",
        "89.3% a year (90% interval: 79.3% to 93.3%)",
        "",
    )
    assert tried.scale == "Change in a year" and len(tried.ticks) > 1


def test_choices_have_names_for_readers_and_short_ones_for_the_address(tried):
    assert [axis.options for axis in tried.axes] == [
        [("12", "12"), ("6.5", "6.5"), ("24", "24"), ("36", "36")],
        [("close", "the close ones"), ("large", "the largest & oldest"), ("all", "all <of> them")],
    ]


def test_a_combination_that_could_not_be_judged_says_so(sample):
    record = sample.VERDICTS[0]
    del record["specifications"]["rows"][0]
    found = of_claim(record)
    assert looked_up(found, 0, 0) is None and found.own is None
    assert looked_up(found, 0, 1) is not None and found.data["rows"].count(-1) == 1
    assert found.lanes[0].count == "8 of 11"


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Why unresolved: sources disagree."),
        ("ms", "Sebab belum dapat dipastikan: sumber tidak sepakat."),
    ],
)
def test_a_combination_that_stays_open_says_why(sample, language, said):
    i18n.activate(language)
    record = sample.VERDICTS[0]
    record["specifications"]["rows"][1] |= {"verdict": "unresolved", "cause": "sources disagree"}
    found = of_claim(record)
    assert looked_up(found, 0, 1)[2].endswith(f". {said}")
    assert [said in looked_up(found, *places)[2] for places in ((0, 0), (0, 2))] == [False] * 2
    # an outline of before causes were kept says nothing, and the verdict is there
    assert looked_up(whatif.of_claim(record, ()), 0, 1)[2].endswith("). ")


@pytest.mark.parametrize("rows", [0, 1])
def test_with_less_than_two_combinations_there_is_nothing_to_try(sample, rows):
    record = sample.VERDICTS[0]
    record["specifications"]["rows"] = record["specifications"]["rows"][:rows]
    assert of_claim(record) is None
    assert of_claim(sample.VERDICTS[1]) is None


def test_results_of_before_choices_had_names_have_nothing_to_try(sample):
    record = sample.VERDICTS[0]
    for axis in record["specifications"]["axes"]:
        del axis["choices"]
    assert of_claim(record) is None


# -- of a grid ----------------------------------------------------------------------------------


def grid(**more):
    rows = [
        {"size": size, "seller": seller, "low": 2.0 * size, "value": 3.0 * size, "high": 9.0 * size}
        for size in (1, 10)
        for seller in ("A", "B & <b>")
        if (size, seller) != (10, "A")
    ]
    data = pd.DataFrame(rows)
    given = {
        "id": "grid-bills",
        "title": "What would it cost?",
        "subtitle": "At list prices",
        "data": data,
        "columns": (
            Column("size", "Size", "number"),
            Column("seller", "Seller"),
            *(Column(end, end.title(), "usd") for end in ("low", "value", "high")),
        ),
        "sources": ("source-a",),
        "axes": {"size": (1, 10), "seller": ("A", "B & <b>")},
        "chosen": {"size": 1, "seller": "B & <b>"},
        "sentence": "{seller} asks for {bill}.",
        "texts": tuple({"seller": r["seller"], "bill": f"${r['value']:g}"} for r in rows),
        "none": "Nobody sells that.",
        "lane": "seller",
        "unit": "USD",
    }
    return Grid(**given | more)


def test_every_combination_of_a_grid_is_there_in_its_words():
    found = whatif.of_grid(grid().record(), "csv", "Download")
    assert [axis.own for axis in found.axes] == [0, 1]
    assert found.own.texts == ("B & <b>", "$3")
    said = [looked_up(found, *places) for places in itertools.product(range(2), range(2))]
    assert [row and (row[0], row[2]) for row in said] == [
        ("A", "A asks for $3."),
        ("B & <b>", "B & <b> asks for $3."),
        None,
        ("B & <b>", "B & <b> asks for $30."),
    ]
    assert said[0][1] == said[1][1] != said[3][1]
    assert found.lanes == [
        Lane("", "A", "", [said[0][1][1]]),
        Lane("", "B & <b>", "", [said[1][1][1], said[3][1][1]]),
    ]


def test_what_is_chosen_may_have_no_outcome():
    found = grid(
        axes={"size": (0.5, 1, 10), "seller": ("A", "B & <b>")}, chosen={"size": 0.5, "seller": "A"}
    )
    tried = whatif.of_grid(found.record(), "csv", "Download")
    assert tried.own is None and looked_up(tried, 0, 0) is None
    assert looked_up(tried, 1, 0)[2] == "A asks for $3."


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"texts": ()}, "needs texts for each of its 3 rows"),
        ({"sentence": "{buyer} pays {bill}."}, "a row without the text 'buyer'"),
        ({"span": ("low", "middle", "high")}, "has no column middle"),
        ({"chosen": {"size": 1}}, "has seller None, which can't be chosen"),
        (
            {"axes": {"size": (1,), "seller": ("A", "B & <b>")}},
            "has size 10, which can't be chosen",
        ),
        ({"none": " "}, "has no none"),
    ],
)
def test_a_grid_that_a_page_could_not_show_is_refused(more, fault):
    with pytest.raises(DisplayError, match=fault):
        grid(**more)


def test_a_notebook_shows_a_grid_as_a_table(sample):
    assert grid().lab_html().count("<tr>") == 4
    record = json.loads(json.dumps(grid().record(), allow_nan=False))
    assert record["kind"] == "grid" and record["chosen"] == {"size": 1, "seller": "B & <b>"}


# -- on the page --------------------------------------------------------------------------------


@pytest.fixture
def made(sample):
    cells = sample.cells()
    cells.insert(7, sample.code("tables.bills()", sample.shown(grid().record())))
    return document.build(sample.read(cells))


@pytest.fixture
def opened(made, open_page, tmp_path):
    path = tmp_path / "brief.html"
    path.write_text(exporters.render_html(made), encoding="utf-8", newline="")

    def opened(hash="", width=360, **options):
        page = open_page("about:blank", width, **options)
        page.goto(path.as_uri() + hash)
        return page

    return opened


def told(page, name):
    return " ".join(page.locator(f'[id="{name}"] .told').inner_text().split())


def test_the_data_hold_nothing_that_a_page_would_run(made):
    text = exporters.render_html(made)
    data = re.search(r'id="combinations">(.*?)</script>', text, re.S)[1]
    assert "<" not in data and json.loads(data)["grid-bills"]["words"] == [
        "A",
        "$3",
        "B & <b>",
        "$30",
    ]


@pytest.mark.browser
def test_choices_are_made_by_keyboard_and_kept_in_the_address(opened):
    page = opened("#cost-4:choices")
    ours = "Partly supported 9 of 12 All benchmarks pooled: 89.3% a year (90% interval: 79.3% to 93.3%)."
    assert told(page, "cost-4:choices") == ours
    box = page.locator('[id="cost-4:choices"]')
    dot = box.locator(".lanes > .on .at")
    before = dot.bounding_box()["x"]
    box.locator("select").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    said = "All benchmarks pooled: 69.3% a year (90% interval: 59.3% to 73.3%)."
    assert told(page, "cost-4:choices") == f"Partly supported 9 of 12 {said}"
    assert dot.bounding_box()["x"] < before
    assert page.url.endswith("#cost-4:choices&window=6.5&peers=large")
    assert box.locator("[role=status]").count() == 1
    again = opened("#cost-4:choices&window=36&peers=all")
    assert told(again, "cost-4:choices").startswith(
        "Contradicted 3 of 12 Hedonic regression: 34.3%"
    )
    lane = again.locator('[id="cost-4:choices"] .lanes > .on')
    assert lane.count() == 1
    assert lane.locator(".at:visible").count() == 0  # it has no place on this scale
    box.get_by_role("button").press("Enter")
    assert told(page, "cost-4:choices") == ours and page.url.endswith("#cost-4:choices")
    assert page.evaluate("document.activeElement.name") == "window"
    assert [heard for heard in page.heard if heard[0] != "request"] == []


@pytest.mark.browser
def test_a_combination_without_an_outcome_says_so_and_the_next_one_speaks_again(opened):
    page = opened("#grid-bills&size=10&seller=A")
    assert told(page, "grid-bills") == "Nobody sells that."
    assert page.locator('[id="grid-bills"] .on').count() == 0
    page.locator('[id="grid-bills"] [name=size]').select_option("1")
    assert told(page, "grid-bills") == "A A asks for $3."


@pytest.mark.browser
def test_an_address_with_choices_that_are_not_there_opens_ours(opened):
    page = opened("#grid-bills&size=7&seller=%3Cscript%3E")
    assert told(page, "grid-bills") == "B & <b> B & <b> asks for $3."


@pytest.mark.browser
def test_without_script_ours_is_there(opened):
    page = opened("#grid-bills", java_script_enabled=False)
    assert told(page, "grid-bills") == "B & <b> B & <b> asks for $3."
    assert not page.locator('[id="grid-bills"] select').first.is_visible()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_it_is_accessible_and_fits(opened, width, scheme):
    page = opened("#grid-bills", width, scheme=scheme, axe=True)
    for detail in page.locator("details").all():
        detail.evaluate("part => { part.open = true; }")
    assert page.axe() == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
