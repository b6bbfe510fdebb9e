"""The specs of a figure and of a plain sentence, for the tests of all themes."""

import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.text import Text

from analysis import overview, params
from briefs.display import i18n, records, style
from briefs.evidence import claims
from briefs.evidence.claims import load_claims
from briefs.values import Estimate

PLACES = r"\b(world|dunia|United States|Amerika Syarikat|European Union|Kesatuan Eropah|Malaysia|places|US|AS)\b"


@pytest.fixture(autouse=True)
def english_and_no_sources():
    """Language and named sources are module state: each test starts and ends with none."""
    i18n.activate("en")
    records.name_sources({})
    yield
    i18n.activate("en")
    records.name_sources({})


def check(figure, drawings):
    """Hold a figure and both of its drawings to the spec."""
    check_words(figure)
    for svg, name in ((figure.svg, figure.id), (figure.wide, f"{figure.id}-wide")):
        check_svg(svg)
        check_keys(svg)
        check_axes(drawings[name])
        check_layout(drawings[name])


def check_words(figure):
    record = figure.record()
    json.dumps(record, allow_nan=False)
    assert len(figure.title.split()) <= 12 and re.search(r"\d", figure.title), figure.title
    assert re.search(PLACES, figure.subtitle), figure.subtitle
    assert 80 <= len(figure.alt) <= 300 and re.search(r"\d", figure.alt), figure.alt
    assert not re.match(r"(?i)(image|chart|graph) of", figure.alt)
    assert len(record["rows"]) == len(figure.data)
    assert {c.kind for c in figure.columns} <= set(i18n.KINDS)
    for text in (figure.title, figure.subtitle, figure.alt, figure.note):
        assert not re.search(r"\b(nan|None|NaT)\b|[{}]", text), text
    assert not re.search(r"\b(nan|NaT|None)\b", figure.lab_html())


def check_svg(svg):
    assert len(svg.encode()) <= 150_000
    root = ET.fromstring(svg)
    texts = [node for node in root.iter() if node.tag.endswith("}text")]
    assert texts
    for node in texts:
        angle = re.search(r"rotate\(([-\d.]+)", node.get("transform", ""))
        assert angle is None or float(angle[1]) == 0, "".join(node.itertext())
    sizes = [float(size) for size in re.findall(r"font(?:-size)?:[^;\"]*?([\d.]+)px", svg)]
    assert sizes and min(sizes) >= style.TEXT_SIZE
    colours = {c.upper() for c in re.findall(r"(?:stroke|fill): ?(#\w{6})", svg)} - {
        style.QUIET,
        "#000000",
    }
    assert 1 <= len(colours) <= 4, colours


def check_keys(svg):
    """The piece of a line that leads to its label is as long as can be told, and has the line's own dash."""
    root = ET.fromstring(svg)
    parts = {}
    for group in root.iter("{http://www.w3.org/2000/svg}g"):
        part, _dash, colour = group.get("id", "").partition("-")
        if part in ("key", "line"):
            parts.setdefault(colour, {}).setdefault(part, []).append(group)
    for colour, found in parts.items():
        looks = {part: {look(group) for group in groups} for part, groups in found.items()}
        assert looks.get("key", set()) <= looks["line"], (colour, looks)
        for key in found.get("key", ()):
            assert key_length(key) is None or key_length(key) * 360 / (72 * style.WIDTH) >= 29


def look(group):
    """Dash of what a group draws, and whether it has a line at all."""
    drawn = [path for path in group if path.tag.endswith("}path")]
    dashes = [re.search(r"stroke-dasharray: ?([^;]*)", path.get("style", "")) for path in drawn]
    return tuple(dash and dash[1] for dash in dashes)


def key_length(group):
    for path in group:
        if path.tag.endswith("}path"):
            places = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d"))]
            return max(places[::2]) - min(places[::2])


def check_axes(drawing):
    assert len({ax.get_position().bounds for ax in drawing.axes}) == len(
        drawing.axes
    )  # no second vertical axis
    for ax in drawing.axes:
        titles = {"x": ax.get_xlabel(), "y": ax.get_title(loc="left")}
        for name, scale in (("x", ax.get_xscale()), ("y", ax.get_yscale())):
            named = re.search(r"\((log scale|skala log)\)", " ".join(titles[name].split()))
            assert (scale == "log") == bool(named), (name, scale, titles)
        assert not ax.get_ylabel()  # it would stand on end
        faint = [line for line in ax.lines if line.get_alpha() not in (None, 1)]
        assert not faint  # fainter than its colour fails the contrast


def visible_texts(ax):
    for axis in (ax.xaxis, ax.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in axis.get_major_ticks():
            if low - 1e-9 <= tick.get_loc() <= high + 1e-9:
                yield tick.label1
    legend = ax.get_legend()
    yield from (
        *ax.texts,
        ax.xaxis.label,
        ax.title,
        ax._left_title,
        *(legend.get_texts() if legend else ()),
    )


def check_layout(drawing):
    """No text is cut by the canvas or touches another."""
    drawing.set_dpi(72)  # that of the SVG
    drawing.draw_without_rendering()
    texts = [
        text
        for ax in drawing.axes
        for text in visible_texts(ax)
        if text.get_visible() and text.get_text().strip()
    ]
    extent = Text.get_window_extent  # without the line that leads to a label
    boxes = [(text.get_text(), extent(text).padded(-0.5)) for text in texts]
    for text, box in boxes:
        assert all(drawing.bbox.contains(*corner) for corner in box.corners()), f"{text!r} is cut"
    for i, (text, box) in enumerate(boxes):
        for other, beside in boxes[:i]:
            assert not box.overlaps(beside), f"{text!r} overlaps {other!r}"
    tight = drawing.get_tightbbox()  # in inches
    width, height = drawing.get_size_inches()
    assert (
        tight.x0 >= -0.01
        and tight.y0 >= -0.01
        and tight.x1 <= width + 0.01
        and tight.y1 <= height + 0.01
    )


def captured(monkeypatch):
    """Drawings by id of their figure, as they come to be written."""
    found, write = {}, style.svg

    def svg(figure, name):
        found[name] = figure
        return write(figure, name)

    monkeypatch.setattr(style, "svg", svg)
    return found


def drawn_once(make):
    """Return what gives all that is shown as of a day, made by `make` the first time, and the drawings."""

    @cache
    def drawn(day):
        with pytest.MonkeyPatch.context() as patch:
            drawings = captured(patch)
            return make(day), drawings

    return drawn


@pytest.fixture
def drawings(monkeypatch):
    return captured(monkeypatch)


@pytest.fixture(scope="session")
def spec():
    return SimpleNamespace(
        check=check,
        check_svg=check_svg,
        check_layout=check_layout,
        captured=captured,
        drawn_once=drawn_once,
    )


# -- plain sentences -------------------------------------------------------------------------------

DAYS = (dt.date(2025, 2, 1), dt.date(2025, 12, 31), params.EVIDENCE_DATE)
JARGON = (
    r"log odds|\bHHI\b|abnormal|abnormal return|PaaS|IaaS|SaaS|kappa|\bfactor\b|\bfaktor\b|0\.0%|"
    r"\bsupported\b|contradicted|unresolved|\bdisokong\b|bercanggah dengan|over that before"
)
#: A change whose direction a word says has no sign of its own.
SIGNED_TWICE = r"(fell|falls|fall|lost|rose|grew|gets|by|gained|turun|naik|jatuh|menjadi) [−+]"


def check_sentence(text, longest=25):
    """Hold a sentence for readers outside the field to what is asked of it."""
    assert 6 <= len(text.split()) <= longest, text
    assert text[0].isupper() and text.endswith("."), text
    assert not re.search(rf"(?i){JARGON}|\b(nan|None)\b|[{{}}×]", text), text
    assert not re.search(SIGNED_TWICE, text), text
    assert i18n.UNKNOWN not in text.split(), text


def check_theme(found, answers, printed, language):
    """Hold the sentences of a theme's claims to what is asked, each with the number of its headline reading."""
    with i18n.in_language(language):
        said = answers.answers(found)
        check_sentence(answers.lead(found).replace(". ", ", "), 40)
    assert list(said) == [judged.claim["id"] for judged in found.verdicts]
    for judged in found.verdicts:
        text, main = said[judged.claim["id"]], judged.headline
        check_sentence(text)
        if main.estimate.known:
            assert all(part in text for part in printed(main)), (text, main)
        else:
            assert not re.search(r"\d%", text), text


def check_lead(card):
    """Hold the card at the head of a brief to being its headline, with numbers that are known."""
    record = card.record()
    assert record["headline"] and record["id"] == "finding-lead"
    for found in record["numbers"].values():
        assert found["value"] is not None and found["level"] != 0


def made(value, low, high, unit="ratio", n=12, **given):
    """Return a graded estimate with draws that spread evenly over its interval; no value, none."""
    if value is None:
        return Estimate.missing(unit, "made up")
    level = None if given.get("bounded") else 0.9
    draws = np.linspace(low, high, 201) if level else None
    return Estimate(value, low, high, level, n, unit, "made up", draws, **{"grade": "A"} | given)


def assessed(claim, *estimates):
    """Judge a claim on one estimate per reading by its own rule; what isn't given is missing."""
    readings = load_claims()[claim].readings
    given = (*estimates, *[None] * (len(readings) - len(estimates)))
    return claims.assess(
        claim,
        {
            rule.id: made(None, 0, 0, rule.unit)
            if found is None
            else made(*found[:3], rule.unit, **(found[3] if found[3:] else {}))
            for rule, found in zip(readings, given, strict=True)
        },
    )


@cache
def known_by(day):
    return overview.summaries(day, 0.9, 100, 2025, "none")


@pytest.fixture(scope="session")
def sentences():
    return SimpleNamespace(
        check=check_sentence,
        check_theme=check_theme,
        check_lead=check_lead,
        assessed=assessed,
        known_by=known_by,
        days=DAYS,
        languages=("en", "ms"),
    )
