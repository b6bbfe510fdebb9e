"""The house's checklist held against every figure of the built briefs: its words, its drawing, its marks.

It reads what readers get, the record and the drawing in the published notebook, so a figure
that somebody adds is held to it without being named here.
"""

import itertools
import json
import re
import xml.etree.ElementTree as ET

import pytest
from coloraide import Color

from analysis import params
from briefs.display import i18n, style
from briefs.display.records import MIME, NARROW_MIME

SVG, XLINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
PAPER = {"light": "#ffffff", "dark": "#121212"}
#: What a measure may be counted in, and where.
UNITS = (
    r"US\$|RM|[Ss]hare|%|percent|[Ff]all|[Gg]rowth|[Ff]actor|FLOP|decisions|[Dd]ays|[Vv]endors|[Ww]eight|return|"
    r"[Cc]hange|Laws|points"
)
PLACES = r"\bworld\b|\bUnited States\b|\bEuropean Union\b|\bMalaysia\b|\bplaces\b|\bUS\b"
#: Least width that each drawing is shown at, pixels.
LEAST = {"narrow": 320, "wide": 750}
PERIOD = r"\b(19|20)\d\d\b|each over its own period"


class Drawing:
    """A figure as published: its record, and what its narrow or its wide drawing holds."""

    def __init__(self, record, svg, kind):
        self.kind, self.record, self.svg = kind, record, svg
        self.root = ET.fromstring(svg)
        self.marks = [[title.text for title in row.iter(f"{SVG}title")] for row in self._group()]
        self.texts = ["".join(text.itertext()) for text in self.root.iter(f"{SVG}text")]
        self.rows = [
            [
                i18n.cell(column["kind"], value)
                for column, value in zip(record["columns"], row, strict=True)
            ]
            for row in record["rows"]
        ]

    def _group(self):
        return next((g for g in self.root.iter(f"{SVG}g") if g.get("class") == "marks"), ())

    @property
    def measures(self):
        """Whether it shows a quantity; a drawing of verdicts has neither a unit nor a place."""
        return any(column["kind"] != "text" for column in self.record["columns"])

    def colours(self):
        """Colours of marks and lines, without those of text and of what stays in the background."""
        found = {
            colour.lower()
            for colour in re.findall(r"(?:stroke|fill): ?(#[0-9a-fA-F]{6})", self.svg)
        }
        return found - {style.QUIET.lower(), "#000000"}

    def looks(self):
        """Colour -> the shapes and dashes that it comes in."""
        shapes = {
            path.get("id"): path.get("d") for path in self.root.iter(f"{SVG}path") if path.get("id")
        }
        found = {}
        for element in self.root.iter():
            css = dict(
                part.split(":", 1)
                for part in element.get("style", "").replace(" ", "").split(";")
                if part
            )
            shape = shapes.get(element.get(XLINK, "#")[1:])
            line = element.tag == f"{SVG}path" and css.get("fill") == "none"
            dash = css.get("stroke-dasharray", "solid") if line and not element.get("id") else None
            for colour in {css.get("stroke"), css.get("fill")} - {"none", None}:
                look = (
                    ("shape", shape, css.get("fill") == "none")
                    if shape
                    else ("dash", dash)
                    if dash
                    else None
                )
                found.setdefault(colour.lower(), set()).add(look)
        return {colour: found[colour] - {None} for colour in self.colours() if colour in found}

    def labelled(self):
        """Whether every mark, or the series that it belongs to, is named by a word in the drawing.

        The name at a line's end may be followed by its last value: ``NVIDIA, 81%``.
        """
        names = [re.sub(r",( [\d.,]+%)?$", "", text) for text in self.texts]
        named = [name.casefold() for name in names if len(name) > 2]
        return all(
            any(text in mark.casefold() for text in named) for row in self.marks for mark in row
        )


@pytest.fixture(scope="module")
def drawings(whole_site):
    """Both drawings of all figures of all briefs, by brief and by id and kind."""
    found = {}
    for report in params.REPORTS:
        notebook = json.loads((whole_site / "en" / report / "notebook.ipynb").read_text("utf-8"))
        for output in (output for cell in notebook["cells"] for output in cell.get("outputs", ())):
            record = output.get("data", {}).get(MIME)
            if record and record["kind"] == "figure":
                for kind, mime in (("wide", "image/svg+xml"), ("narrow", NARROW_MIME)):
                    svg = "".join(output["data"][mime])
                    found[report, f"{record['id']}, {kind}"] = Drawing(record, svg, kind)
    assert len(found) > 30
    return found


def failing(drawings, passes):
    """Name the figures that don't pass, so that one run tells of all."""
    return sorted(
        f"{report}: {name}" for (report, name), drawing in drawings.items() if not passes(drawing)
    )


def test_14_the_title_is_a_short_finding_with_a_number(drawings):
    assert not failing(
        drawings,
        lambda d: len(d.record["title"].split()) <= 12 and re.search(r"\d", d.record["title"]),
    )


def test_all_figures_but_that_of_verdicts_show_a_quantity(drawings):
    assert {name.partition(",")[0] for (_, name), d in drawings.items() if not d.measures} == {
        "fig-moved"
    }


@pytest.mark.parametrize("part", [UNITS, PLACES], ids=["unit", "place"])
def test_14_the_subtitle_names_unit_and_place(drawings, part):
    assert not failing(drawings, lambda d: not d.measures or re.search(part, d.record["subtitle"]))


def test_14_the_subtitle_names_measure_and_period(drawings):
    assert not failing(drawings, lambda d: re.search(PERIOD, d.record["subtitle"]))
    assert not failing(drawings, lambda d: len(d.record["subtitle"].split()) > 8)


def test_15_the_text_alternative_tells_the_finding(drawings):
    assert not failing(
        drawings,
        lambda d: (
            80 <= len(d.record["alt"]) <= 300
            and re.search(r"\d", d.record["alt"])
            and not re.match(r"(?i)(an? )?(image|chart|graph|picture) of", d.record["alt"])
        ),
    )


def test_16_every_row_of_the_data_is_a_mark_or_the_figure_says_which(drawings):
    def complete(drawing):
        marks = sum(map(len, drawing.marks))
        summary = len(drawing.rows) > 100 and "Values at a mark are" in drawing.record["note"]
        return marks >= len(drawing.rows) or summary

    assert not failing(drawings, complete)


def test_every_mark_says_a_value_of_the_data_and_no_mark_says_it_twice(drawings):
    def honest(drawing):
        values = [
            {
                value
                for value, column in zip(row, drawing.record["columns"], strict=True)
                if column["kind"] != "text" or not drawing.measures
            }
            - {i18n.UNKNOWN}
            for row in drawing.rows
        ]
        said = [mark for row in drawing.marks for mark in row]
        return said and all(any(value in mark for row in values for value in row) for mark in said)

    assert not failing(drawings, honest)
    assert not failing(
        drawings,
        lambda d: all(
            (re.search(r"\d", mark) or not d.measures)
            and not re.search(r"[{}]|\bnan\b|NaT|None", mark)
            for row in d.marks
            for mark in row
        ),
    )


def test_18_few_colours_that_stand_out_on_both_pages(drawings):
    assert not failing(drawings, lambda d: len(d.colours()) <= 4)
    assert not failing(
        drawings,
        lambda d: all(
            Color(colour).contrast(paper) >= 3 for colour in d.colours() for paper in PAPER.values()
        ),
    )


def test_19_colours_of_a_figure_differ_for_every_eye(drawings):
    def apart(drawing):
        return all(
            Color(one)
            .filter(filter, method="machado")
            .delta_e(Color(other).filter(filter, method="machado"), method="2000")
            >= 10
            if filter
            else Color(one).delta_e(other, method="2000") >= 10
            for one, other in itertools.combinations(drawing.colours(), 2)
            for filter in (None, "protan", "deutan", "tritan")
        )

    assert not failing(drawings, apart)


def test_20_series_are_told_apart_without_colour(drawings):
    def apart(drawing):
        looks = drawing.looks().values()
        return drawing.labelled() or not any(
            one & other for one, other in itertools.combinations(looks, 2)
        )

    assert not failing(drawings, apart)


def test_21_text_is_level_and_large_enough_on_the_smallest_screen(drawings):
    def legible(drawing):
        width = float(drawing.root.get("viewBox").split()[2])
        sizes = [
            float(size) for size in re.findall(r"font(?:-size)?:[^;\"]*?([\d.]+)px", drawing.svg)
        ]
        turns = " ".join(text.get("transform", "") for text in drawing.root.iter(f"{SVG}text"))
        angles = re.findall(r"rotate\(([-\d.]+)", turns)
        return min(sizes) * LEAST[drawing.kind] / width >= 12 and not any(map(float, angles))

    assert not failing(drawings, legible)


def test_22_bars_stand_on_zero(drawings):
    def grounded(drawing):
        panels = [ends for ends in map(bars, drawing._group()) if ends]
        return not panels or ("0" in drawing.texts and all(map(alike, panels)))

    def bars(row):
        """Ends of the bars of a row, of which the one of more than nothing is the foot."""
        found = [(float(bar.get("y")), float(bar.get("height"))) for bar in row.iter(f"{SVG}rect")]
        return [(top, top + height) for top, height in found if height > 1]

    def alike(panel):
        near = [{round(end) + shift for end in ends for shift in (-1, 0, 1)} for ends in panel]
        return bool(set.intersection(*near))

    assert not failing(drawings, grounded)


def test_22_a_logarithmic_axis_says_so(drawings):
    """Axis labels that grow by factors rather than steps, beside a title that names the scale."""

    def named(drawing):
        return not logarithmic(drawing.texts) or any(
            "(log scale)" in text for text in drawing.texts
        )

    assert not failing(drawings, named)
    assert sum(logarithmic(drawing.texts) for drawing in drawings.values()) >= 5


def logarithmic(texts):
    """Whether numbers among the texts of a drawing grow tenfold or more in few steps."""
    scale = {"million": 1e6, "billion": 1e9}
    found = [
        re.fullmatch(r"(?!(?:19|20)\d\d$)(?:US\$)?([\d,.]+)(?: (million|billion))?×?", text)
        for text in texts
    ]
    values = [float(match[1].replace(",", "")) * scale.get(match[2], 1) for match in found if match]
    steps = [after / before for before, after in itertools.pairwise(values) if before > 0]
    return any(abs(step / 10 - 1) < 1e-9 or step >= 99 for step in steps) or any(
        "× 10" in text for text in texts
    )


def test_23_drawn_intervals_state_level_method_and_number(drawings):
    def stated(drawing):
        names = [column["name"] for column in drawing.record["columns"]]
        ends = (
            [row[names.index("low")] for row in drawing.record["rows"]]
            if {"low", "high"} <= set(names)
            else []
        )
        level = re.search(r"\d% |without a level|no probability", drawing.record["note"])
        method = re.search(
            r"(?i)bootstrap|binomial|poisson|wilson|t interval|range|score interval|errors|coding|Knapp-Hartung",
            drawing.record["note"],
        )
        counted = re.search(r"n = [\d,]+|no probability", drawing.record["note"])
        return all(end is None for end in ends) or (level and method and counted)

    assert not failing(drawings, stated)


def test_24_text_stays_text_and_drawings_small(drawings):
    assert not failing(drawings, lambda d: len(d.texts) > 4 and len(d.svg.encode()) <= 150_000)
