"""A form of parameters in a notebook's shell: what it sets, what it runs again, what it says."""

import datetime as dt
from importlib import util

import ipywidgets
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from analysis.params import EVIDENCE_DATE, REPORTS, CostRevolution
from briefs.display import forms, records
from briefs.display.records import MIME

VERDICT = """\
from briefs.display.records import Card
Card({"kind": "verdict", "id": "cost-4", "verdict": "supported", "label": f"At {p.threshold:g}",
      "estimate": {"value": p.level, "low": p.level, "high": p.level, "unit": "share"}}, "")"""


@pytest.fixture
def shell():
    """Give a notebook's shell that remembers nothing on disk, without a form."""
    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    forms._open = None
    records._session = None
    InteractiveShell.clear_instance()


@pytest.fixture
def form(shell):
    """The form of a notebook in which a cell above it and one below it ran."""
    p = CostRevolution()
    shell.user_ns.update(p=p, same=p, threshold=50.0)
    shell.run_cell("above = 1", store_history=True)
    made = forms.form(p)
    with capture_output():
        for number, source in enumerate(
            ("above = 1", "threshold = 1.0", VERDICT, "n = 1 + globals().get('n', 0)")
        ):
            assert shell.run_cell(source, cell_id=f"cell-{number}").success
    return made


def test_every_parameter_has_a_widget_that_holds_its_default(shell):
    for model in REPORTS.values():
        view = forms.form(model())._view
        assert model.parse(view.values) == model()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("as_of", ipywidgets.DatePicker),
        ("currency", ipywidgets.Dropdown),
        ("scenarios", ipywidgets.SelectMultiple),
        ("threshold", ipywidgets.FloatSlider),
        ("window_months", ipywidgets.IntSlider),
        ("million_tokens", ipywidgets.BoundedFloatText),
        ("seed", ipywidgets.BoundedIntText),
    ],
)
def test_a_parameter_has_the_widget_of_its_kind(form, name, kind):
    assert type(form._view.fields[name]) is kind


def test_ends_of_ranges_and_choices_are_the_models(form):
    fields = form._view.fields
    assert (fields["as_of"].min, fields["as_of"].max) == (dt.date(2025, 1, 1), EVIDENCE_DATE)
    assert (fields["level"].min, fields["level"].max) == (0.5, 0.99)
    assert fields["currency"].options == ("USD", "MYR")


def test_a_wrong_value_is_said_and_the_nearest_right_one_is_offered(form):
    view = form._view
    view.fields["benchmark"].value = "LMArena-Elo"
    assert "threshold: 50.0 is not between 800 and 1700".replace("50.0", "50") in view.said.value
    assert view.run.disabled and view.mend.description == "threshold = 800.0"
    view.mend.click()
    assert view.values["threshold"] == 800 and not view.run.disabled and view.said.value == ""
    assert view.mend.layout.display == "none"
    view.reset.click()
    assert CostRevolution.parse(view.values) == CostRevolution()


def test_a_run_sets_the_notebooks_variables_and_runs_what_is_below_again(form, shell):
    before = shell.user_ns["above"], shell.user_ns["n"]
    form._view.fields["threshold"].value = 65.0
    with capture_output():
        form._view.run.click()
    names = shell.user_ns
    assert names["p"] is names["same"] and names["p"].threshold == names["threshold"] == 65
    assert (names["above"], names["n"]) == (before[0], before[1] + 1)
    assert "Cells run again: 2." in form._view.said.value


def test_what_came_is_kept_for_each_set_once(form):
    for threshold in (65.0, 80.0, 50.0, 65.0):
        form._view.fields["threshold"].value = threshold
        with capture_output():
            form._view.run.click()
    assert form.tried["threshold"].tolist() == [50, 65, 80]
    assert set(form.tried["claim"]) == {"cost-4"} and set(form.tried["value"]) == {0.9}
    table = form._view.tries.value
    assert "as opened" in table and "threshold=80.0" in table and "At 80: 90.0%" in table


def test_outputs_take_the_place_of_those_of_the_same_cell(form, shell, monkeypatch):
    shown = []
    monkeypatch.setattr(
        records, "publish_display_data", lambda data, _meta, **how: shown.append((data, how))
    )
    form._view.fields["threshold"].value = 65.0
    form._view.run.click()
    ((data, how),) = shown
    assert data[MIME]["label"] == "At 65"
    assert how == {"transient": {"display_id": "cell-2/verdict/cost-4"}, "update": True}
    shown.clear()
    shell.run_cell(VERDICT, cell_id="another")  # the same thing in another cell stands there
    assert shown[0][1] == {"transient": {"display_id": "another/verdict/cost-4"}, "update": False}


def test_a_failing_cell_ends_the_run_and_is_named(form, shell):
    with capture_output() as said:
        shell.run_cell("broken = 1 / (65 - p.threshold)\nlater = 1", cell_id="broken")
        form._view.fields["threshold"].value = 65.0
        form._view.run.click()
    assert (
        "Stopped at the cell that begins with: broken = 1 / (65 - p.threshold)"
        in form._view.said.value
    )
    assert "ZeroDivisionError" in said.stdout


def test_nothing_below_is_said(shell):
    made = forms.form(CostRevolution())
    made._view.run.click()
    assert "Run the cells below once" in made._view.said.value


def test_outside_of_a_notebook_it_says_how_to_set_parameters():
    said = forms.form(CostRevolution(level=0.8))
    lines = repr(said).splitlines()
    assert (
        "level           0.8  Probability content of the intervals. 0.5 to 0.99 (share)." in lines
    )
    assert lines[0].endswith("briefs build cost-revolution -p break_date=2025-01-20")
    assert ">Day at which the rate of decline" in said._repr_html_()


def test_without_ipywidgets_there_is_no_form(shell, monkeypatch):
    monkeypatch.setattr(
        forms, "find_spec", lambda name: None if name == "ipywidgets" else util.find_spec(name)
    )
    assert isinstance(forms.form(CostRevolution()), forms.HowTo)
    assert records._session is None


def test_a_front_end_without_widgets_shows_the_words(form):
    with capture_output() as said:
        form._ipython_display_()
    (output,) = said.outputs
    assert "application/vnd.jupyter.widget-view+json" in output.data
    assert "briefs build cost-revolution" in output.data["text/plain"]
