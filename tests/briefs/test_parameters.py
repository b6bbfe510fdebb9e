"""Parameters: their faults in words, and that values survive papermill."""

import datetime as dt
import json
from typing import ClassVar

import pytest
from hypothesis import example, given, settings, strategies as st
from nbformat.v4 import new_code_cell, new_notebook
from pydantic import Field

from analysis.params import REPORTS, Common, CostRevolution
from briefs import parameters
from briefs.characters import visible
from briefs.engine import kernels, plan
from briefs.engine.matrix import Choice, Matrix
from briefs.parameters import ParameterError
from briefs.project import PlanError
from briefs.yaml_nodes import YamlError


class Odd(Common):
    """Types that papermill is known to lose."""

    report: ClassVar[str] = "odd"
    code: str = Field("007", description="A code.")
    limit: int | None = Field(5, description="A limit, or none.")
    tags: list[str] = Field(["a"], description="Tags.")
    text: str = Field("", description="Any text.")


def fault(**values):
    with pytest.raises(ParameterError) as caught:
        parameters.parse("cost-revolution", values)
    return str(caught.value)


def test_an_unknown_name_with_no_near_one_lists_all():
    assert fault(zzz="EU") == (
        "zzz: unknown parameter of cost-revolution; choose from "
        + ", ".join(CostRevolution.model_fields)
    )


def test_every_fault_has_its_line():
    assert [
        line.split(":")[0] for line in fault(level=90, horizon=1900, regoin="EU").splitlines()
    ] == ["level", "horizon", "regoin"]


def test_an_unknown_report_names_the_nearest():
    with pytest.raises(
        ParameterError, match=r"^cost-revoluton: unknown report; did you mean cost-revolution\?$"
    ):
        parameters.model_for("cost-revoluton")


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ({"level": "0.8"}, {"level": 0.8}),
        ({"as_of": "2025-02-01"}, {"as_of": dt.date(2025, 2, 1)}),
        ({"as_of": dt.datetime(2025, 2, 1)}, {"as_of": dt.date(2025, 2, 1)}),
        ({"scenarios": "trend, flat"}, {"scenarios": ["trend", "flat"]}),
        ({"scenarios": '["trend", "flat"]'}, {"scenarios": ["trend", "flat"]}),
        ({"scenarios": ("trend",)}, {"scenarios": ["trend"]}),
        ({"seed": "7"}, {"seed": 7}),
    ],
)
def test_text_is_taken_for_what_the_field_is(text, typed):
    model = parameters.parse("cost-revolution", text)
    assert {name: getattr(model, name) for name in typed} == typed


def test_codes_keep_their_zeros_and_null_is_nothing():
    model = Odd.parse({"code": "002", "limit": "null", "tags": "01,02"})
    assert (model.code, model.limit, model.tags) == ("002", None, ["01", "02"])


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"as_of": dt.date(2025, 3, 4), "limit": None, "tags": ["x", "02"], "code": "0012"},
        {
            "text": 'quote " and \\ and é\nand a second line',
            "tags": [],
            "level": 0.123456789012345678 + 0.5,
        },
    ],
)
def test_values_come_through_papermill_as_themselves(values):
    model = Odd(**values)
    nb = new_notebook(cells=[new_code_cell("pass", metadata={"tags": ["parameters"]})])
    nb = kernels.inject(nb, json.loads(json.dumps(parameters.injected(model))))
    namespace = {}
    exec(nb.cells[1].source, namespace)
    assert Odd.from_cell(namespace) == model


def test_from_cell_wants_every_parameter():
    values = parameters.injected(CostRevolution())
    del values["seed"], values["level"]
    with pytest.raises(
        ParameterError, match=r"^the parameters cell of cost-revolution does not set level, seed$"
    ):
        CostRevolution.from_cell(values)


def test_from_cell_sees_a_misspelt_name_that_papermill_let_through():
    namespace = {
        **parameters.injected(CostRevolution()),
        "helper": 1,
        "regoin": "EU",
        "In": ["", "helper = 1", '# Parameters\nregoin = "EU"\nlevel = 0.9\n'],
    }
    with pytest.raises(ParameterError, match=r"^regoin: unknown parameter of cost-revolution"):
        CostRevolution.from_cell(namespace)
    del namespace["In"]
    assert CostRevolution.from_cell(namespace) == CostRevolution()


def test_a_type_name_says_what_may_be_missing():
    assert parameters.type_name(Odd.model_fields["limit"].annotation) == "whole number or nothing"


# -- whatever is given ------------------------------------------------------------------------------

odd_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=20)  # surrogates, too
plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.datetimes(),
    odd_text,
    st.sampled_from(
        ["x" * 10**5, "0.9", "2025-02-01", "trend,flat", "[]", "null", "9" * 5000, 10**400]
    ),
)
anything = st.recursive(
    plain, lambda inner: st.lists(inner) | st.dictionaries(odd_text, inner), max_leaves=5
)


def near(field):
    """Values about as a field wants them, so that many are taken."""
    if "enum" in field:
        return st.sampled_from([*field["enum"], field["enum"][0].lower()])
    if field["type"] == "array":
        choices = st.lists(near(field["items"]), max_size=3)
        return choices | choices.map(",".join)
    if field.get("format") == "date":
        days = st.dates(dt.date(2015, 1, 1), dt.date(2027, 12, 31))
        return days | days.map(str) | st.just(field["default"])
    low, high = field.get("minimum", 0), field.get("maximum", 100)
    room = (high - low) / 20
    numbers = st.floats(low - room, high + room) | st.sampled_from([low, high, field["default"]])
    if field["type"] == "integer":
        numbers = st.integers(round(low - room), round(high + room))
    return numbers | numbers.map(str)


@st.composite
def sets(draw):
    """A report, and some parameters of it or of none with values that are about right or may be anything."""
    report = draw(st.sampled_from(list(REPORTS)))
    fields = REPORTS[report].model_json_schema()["properties"]
    chosen = draw(st.lists(st.sampled_from(list(fields)), max_size=4, unique=True))
    values = {name: draw(near(fields[name])) for name in chosen}
    odd = draw(st.dictionaries(st.sampled_from(list(fields)) | odd_text, anything, max_size=2))
    return report, values | (odd if draw(st.booleans()) else {})


def given_as_is(report, values, _file):
    return values


def given_on_the_command_line(report, values, _file):
    return plan.read_pairs(f"{name}={value}" for name, value in values.items())


def given_in_a_file(report, values, file):
    file.write_text(json.dumps(values, default=str), "utf-8")
    return plan.read_file(file)


def given_in_a_matrix(report, values, file):
    """What it names in its set, whose name and place are good, all of which a job is made of."""
    content = {"reports": {report: {"sets": [{"name": "a", **values}]}}}
    file.write_text(json.dumps(content, default=str), "utf-8")
    (job,) = Matrix(file, Choice(names=["a"])).jobs(file.parent)
    return parameters.injected(job.parameters)


WAYS = (given_as_is, given_on_the_command_line, given_in_a_file, given_in_a_matrix)


#: Separators that a terminal may be given.
BLANKS = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")


def is_clear(report, values, way, file):
    """Whether parameters are typed, and then the same again, or each fault is said in a line to be read."""
    try:
        model = parameters.parse(report, way(report, values, file))
    except (ParameterError, PlanError, YamlError) as error:
        lines = visible(error).splitlines()
        assert lines and all(": " in line and len(line) < 1000 for line in lines)
        assert all(line.translate(BLANKS).isprintable() for line in lines)
        return
    again = json.loads(json.dumps(parameters.injected(model)))
    assert parameters.parse(report, again) == model


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("given") / "values.yml"


@settings(max_examples=150)
@example(("cost-revolution", {"\udcff": 1, "a\nb": 2}))
@example(("cost-revolution", {7: "a number as a name"}))
@example(("overview", {"\n": None}))
@example(("cost-revolution", {"as_of": "\uff12025-02-01"}))
@given(sets())
def test_any_set_of_parameters_is_taken_or_refused_in_clear_words(file, values):
    for way in WAYS:
        is_clear(*values, way, file)


@pytest.mark.slow
@settings(max_examples=2000)
@given(sets(), st.sampled_from(WAYS))
def test_two_thousand_sets_are_taken_or_refused_in_clear_words(file, values, way):
    is_clear(*values, way, file)
