"""The contract of a stored notebook, one breach at a time."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from analysis import params
from briefs.display import parameter_text
from briefs.engine import notebooks
from briefs.project import project

DEFAULTS = parameter_text.cell(params.CostRevolution())


def kept():
    """Return a notebook that keeps the contract."""
    kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(
        metadata={"kernelspec": kernelspec},
        cells=[
            new_markdown_cell("# Title"),
            new_code_cell("from analysis import cost\nfrom analysis.params import CostRevolution"),
            new_code_cell(DEFAULTS, metadata={"tags": ["parameters"]}),
            new_code_cell("params = CostRevolution.from_cell(globals())"),
        ],
    )


@pytest.fixture
def problems(tmp_path):
    def of(nb):
        path = tmp_path / "cost-revolution.ipynb"
        nbformat.write(nb, path)
        return notebooks.problems(path, "cost-revolution")

    return of


def test_a_good_notebook_has_no_problems(problems):
    assert problems(kept()) == []


def test_every_notebook_of_the_project_keeps_the_contract():
    found = sorted((project().root / "notebooks").glob("*.ipynb"))
    assert {path.stem for path in found} == set(params.REPORTS)
    assert [problem for path in found for problem in notebooks.problems(path, path.stem)] == []


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = 1\nb = 2\nc = 3\n\nd = 4\ne = 5\nf = 6", "cell 4 has 6 lines; 5 at most"),
        ("def f():\n    return 1", "cell 4 defines a function or class: it belongs in the package"),
        ("f = lambda x: x", "cell 4 defines a function or class: it belongs in the package"),
        ("for i in range(3):\n    print(i)", "cell 4 loops: that belongs in the package"),
        ("while False:\n    pass", "cell 4 loops: that belongs in the package"),
        ("import os", "cell 4 imports: that belongs in the setup cell"),
        ("%matplotlib inline", "cell 4 is not plain Python: invalid syntax, line 1"),
    ],
)
def test_a_cell_only_composes(problems, source, expected):
    nb = kept()
    nb.cells[3].source = source
    assert problems(nb) == [f"cost-revolution.ipynb: {expected}"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("level: float = 0.9", "level = 0.8", "cell 3: level is 0.8; its default is 0.9"),
        ("seed: int = 2025", "#", "cell 3: seed is not set"),
        (
            "seed: int = 2025",
            "regoin = 'EU'\nseed = 2025",
            "cell 3: regoin: unknown parameter of cost-revolution; ",
        ),
        (
            "level: float = 0.9",
            "level = 90",
            "cell 3: level: 90 is not between 0.5 and 0.99 (a share: 90% is 0.9)",
        ),
        ("seed: int = 2025", "seed = int(2025)", "cell 3: seed is not a plain value"),
        ("seed: int = 2025", "print(2025)", "cell 3: line 5 is not of the form name = value"),
        ("seed: int = 2025", "seed = ", "cell 3: not plain Python: invalid syntax, line 5"),
        ("level: float", "level: int", "cell 3: says other than its model of types, units, ranges"),
        ("0.5 to 0.99", "0 to 1", "cell 3: says other than its model of types, units, ranges"),
    ],
)
def test_the_parameters_cell_is_the_models(problems, old, new, expected):
    nb = kept()
    assert old in nb.cells[2].source
    nb.cells[2].source = nb.cells[2].source.replace(old, new)
    [problem] = problems(nb)
    assert problem.startswith(f"cost-revolution.ipynb: {expected}")


def test_defaults_are_read_as_python_reads_them():
    source = "a: int | None = None  # must be >= 0\nb = 'x#y'\nc: 'list[str]' = ['=']\nd = -1.5"
    assert notebooks.defaults(source) == {"a": None, "b": "x#y", "c": ["="], "d": -1.5}


def test_output_and_another_kernel_are_breaches(problems):
    nb = kept()
    nb.metadata.kernelspec = {"name": "my-env", "display_name": "Mine"}
    nb.cells[3].execution_count = 4
    assert problems(nb) == [
        "cost-revolution.ipynb: kernelspec: name is 'my-env', not 'python3'",
        "cost-revolution.ipynb: kernelspec: language is None, not 'python'",
        "cost-revolution.ipynb: cell 4 is stored with output",
    ]


@pytest.mark.parametrize("tagged", [0, 2])
def test_exactly_one_cell_holds_the_parameters(problems, tagged):
    nb = kept()
    nb.cells[2].metadata.tags = []
    for cell in nb.cells[2 : 2 + tagged]:
        cell.metadata.tags = ["parameters"]
    assert problems(nb) == [
        f"cost-revolution.ipynb: {tagged or 'no'} cells are tagged 'parameters'; one must be"
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{not json", "x.ipynb: not a valid notebook: "),
        ("[]", "x.ipynb: not a valid notebook: "),
        (
            '{"cells": 3, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
            "x.ipynb: not a valid notebook: ",
        ),
        (
            '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}',
            "x.ipynb: notebook format 4.4; save it as 4.5 or later",
        ),
        (None, "x.ipynb: no such notebook"),
    ],
)
def test_what_is_no_notebook_is_named(tmp_path, text, expected):
    path = tmp_path / "x.ipynb"
    if text is not None:
        path.write_text(text)
    with pytest.raises(notebooks.NotebookError) as caught:
        notebooks.read(path)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_binary_and_utf16_files_are_no_notebooks(tmp_path):
    path = tmp_path / "x.ipynb"
    path.write_text(nbformat.writes(kept()), "utf-16")
    with pytest.raises(notebooks.NotebookError, match=r"^x.ipynb: not a valid notebook: .*utf-8"):
        notebooks.read(path)


@pytest.mark.parametrize(
    "path", sorted((project().root / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem
)
def test_prose_speaks_of_no_year_after_the_claims(path):
    """Markdown is the same as of any date: what came later is said by computed sentences."""
    prose = "\n".join(
        cell.source for cell in notebooks.read(path).cells if cell.cell_type == "markdown"
    )
    assert re.findall(r"\b20(?:2[6-9]|[3-9]\d)\b|(?:middle|summer|autumn|end) of 2025", prose) == []


@pytest.mark.parametrize("report", params.REPORTS)
def test_a_notebook_has_a_form_below_its_title_and_ends_with_three_cells_to_explore_from(report):
    cells = notebooks.read(project().notebook(report)).cells
    tagged = [cell for cell in cells if "explore" in cell.metadata.get("tags", ())]
    form, heading, *three = tagged
    assert form.source == "forms.form(p)" and form is cells[4]
    assert heading.source.startswith("## Explore from here") and cells[-4:] == [heading, *three]
    assert [cell.source.startswith("# ") for cell in three] == [True] * 3
    assert "read_csv" in three[-1].source
