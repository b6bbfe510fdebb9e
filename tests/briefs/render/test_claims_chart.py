"""The chart of all claims: where each thing stands, worked out by hand."""

from itertools import pairwise

import pytest

from briefs.display import i18n
from briefs.render.claims_chart import Scale, chart


@pytest.fixture(autouse=True)
def english():
    i18n.activate("en")


def record(name, unit="ratio", value=5, low=4, high=6, supported=(2, 8), partly=(0, 10), **more):
    estimate = {"unit": unit, "value": value, "low": low, "high": high, **more}
    main = {"id": "main", "estimate": estimate}
    main["ranges"] = {"supported": list(supported), "partly": list(partly)}
    return {
        "id": name,
        "name": f"Name of {name}",
        "statement": "Said.",
        "verdict": "supported",
        "reading": "main",
        "readings": [{"id": "other", "estimate": None}, main],
    }


def row(*args, **more):
    ((scale,),) = (chart([(record("a", *args, **more), "#a")]),)
    return scale, scale.rows[0]


def test_places_on_a_linear_scale():
    scale, found = row()  # from 0 to 10 with 6% of air: -0.6 to 10.6
    assert scale.title == "Ratio; 1× is no difference"
    assert found.partly == (0.0536, 0.9464)  # 0.6 / 11.2 and 10.6 / 11.2
    assert found.supported == (0.2321, 0.7679)  # 2.6 / 11.2 and 8.6 / 11.2
    assert (found.span, found.at) == ((0.4107, 0.5893), 0.5)
    assert (found.needed, found.found) == ("2.0× to 8.0×", "5.0× (4.0× to 6.0×)")
    assert (found.name, found.href, found.label) == ("Name of a", "#a", "Supported")


def test_from_a_factor_of_twenty_a_scale_is_logarithmic():
    assert Scale.of([1, 19.9]).log is False and Scale.of([1, 20]).log is True
    assert Scale.of([0, 100]).log is False  # nothing has no logarithm
    scale, found = row(value=10, low=10, high=10, supported=(1, 100), partly=(1, 100))
    assert scale.title.endswith(", log scale")
    assert found.at == 0.5 and found.supported[0] == pytest.approx(1 - found.supported[1])
    # log(1.25) / log(125 / 0.8)
    assert found.supported[0] == 0.0442


def test_an_open_end_reaches_the_edge():
    _scale, found = row(supported=(8, None), partly=(None, 10))
    assert found.supported[1] == 1 and found.partly[0] == 0 and found.supported[0] > 0.5
    assert found.needed == "8.0× or more"


def test_between_bounds_no_place_is_likelier():
    _scale, found = row(bounded=True)
    assert found.at is None and found.span == (0.4107, 0.5893) and found.found == "4.0× to 6.0×"


def test_without_an_estimate_there_is_only_what_was_needed():
    unknown = record("a", value=None, low=None, high=None)
    (scale,) = chart([(unknown, ""), (record("b"), "")])
    found, known = scale.rows
    assert (found.at, found.span, found.found) == (None, None, "")
    assert found.supported == known.supported is not None


def test_a_scale_without_any_estimate_is_not_drawn():
    scale, found = row(value=None, low=None, high=None)
    assert scale.ticks == [] and (found.supported, found.partly) == (None, None)
    assert found.needed


def test_an_opinion_has_nothing_to_place():
    opinion = {"id": "o", "statement": "Too early.", "verdict": "opinion", "readings": []}
    ((scale,),) = (chart([(opinion, "#o")]),)
    assert scale.ticks == [] and scale.title == ""
    (found,) = scale.rows
    assert (found.name, found.partly, found.supported, found.at) == ("Too early.", None, None, None)


def test_claims_of_one_unit_share_a_scale():
    claims = [record("a"), record("b", "share"), record("c", value=30, high=30)]
    first, second = chart([(claim, "") for claim in claims])
    assert [[r.id for r in s.rows] for s in (first, second)] == [["a", "c"], ["b"]]
    assert first.rows[0].at < 0.5 < first.rows[1].at


@pytest.mark.parametrize(
    "unit, low, high",
    [
        ("USD", 1e3, 9e9),
        ("USD", 0, 9.5e6),
        ("share", 0, 1),
        ("ratio", 0.01, 50),
        ("year", 1998, 2031),
    ],
)
def test_ticks_are_round_and_have_room(unit, low, high):
    scale, _found = row(unit, low, low, high, (low, high), (low, high))
    assert 2 <= len(scale.ticks) <= 5
    places = [tick.place for tick in scale.ticks]
    assert places == sorted(set(places)) and 0 <= places[0] <= places[-1] <= 1
    assert "US$" not in "".join(tick.label for tick in scale.ticks)  # the title says it


@pytest.mark.parametrize(
    "length, shown", [(22, ["0%", "20%", "40%", "60%", "80%"]), (14, ["0%", "40%", "80%"])]
)
def test_every_other_label_is_spare_where_all_would_touch(length, shown):
    scale, _found = row("share", 0.3, 0.2, 0.4, (0.1, 0.5), (0, 0.85))
    ticks = [tick for tick in scale.ticks if length == 22 or not tick.spare]
    assert [tick.label for tick in ticks] == shown
    for tick, after in pairwise(ticks):
        apart = (after.place - tick.place) * length - (len(tick.label) + len(after.label)) / 2
        assert apart >= 1


def test_none_is_spare_where_all_have_room():
    scale, _found = row("ratio", 2, 1, 3, (1, 3), (0, 4))
    assert [tick.label for tick in scale.ticks] == ["0×", "1×", "2×", "3×", "4×"]
    assert not any(tick.spare for tick in scale.ticks)
