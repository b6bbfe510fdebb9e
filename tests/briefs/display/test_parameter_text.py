"""What is said of parameters: as papermill reads it in a cell, and in the reader's language."""

from typing import ClassVar, Literal

import papermill
import pytest
from nbformat import write
from nbformat.v4 import new_code_cell, new_notebook
from pydantic import Field

from briefs.display import i18n, parameter_text
from briefs.display.messages import pseudo
from briefs.engine.notebooks import defaults
from briefs.parameters import Day, Number, Parameters, Whole, injected
from briefs.values import PSEUDO


class Bread(Parameters):
    """One parameter of each kind."""

    report: ClassVar[str] = "bread"

    baked: Day = Field("2026-01-31", ge="2025-01-01", le="2026-01-31", description="Day of baking.")
    salt: Number = Field(0.02, ge=0, le=1, description="Salt.", json_schema_extra={"unit": "share"})
    mass: Number = Field(500, gt=0, le=1e9, description="Mass of a loaf.")
    loaves: Whole | None = Field(None, description="How many.")
    kind: Literal["rye", 'oat\'s "best"'] = Field("rye", description="Kind of grain.")
    seeds: list[Literal["flax", "poppy"]] = Field(["flax"], description="Seeds on top.")
    label: str = Field("", description="What stands on its label.")


CELL = """\
language: str = "en"  # Language of the brief. One of en, ms, en-XA.
baked: str = "2026-01-31"  # Day of baking. 2025-01-01 to 2026-01-31.
salt: float = 0.02  # Salt. 0 to 1 (share).
mass: float = 500.0  # Mass of a loaf. Above 0, up to 1e+09.
loaves: int = None  # How many.
kind: str = "rye"  # Kind of grain. One of rye, oat's "best".
seeds: list[str] = ["flax"]  # Seeds on top. One or more of flax, poppy.
label: str = ""  # What stands on its label."""


def test_a_cell_has_a_line_for_each_parameter_with_its_type_meaning_range_and_unit():
    assert parameter_text.cell(Bread()) == CELL


def test_python_and_papermill_read_the_same_from_a_cell(tmp_path):
    source = parameter_text.cell(Bread(kind='oat\'s "best"', seeds=["poppy", "flax"]))
    given = {**injected(Bread()), "kind": 'oat\'s "best"', "seeds": ["poppy", "flax"]}
    assert defaults(source) == given
    namespace = {}
    exec(source, namespace)
    assert {name: namespace[name] for name in given} == given

    nb = new_notebook(cells=[new_code_cell(source, metadata={"tags": ["parameters"]})])
    nb.metadata["kernelspec"] = {"name": "python3", "language": "python", "display_name": "Python"}
    write(nb, tmp_path / "bread.ipynb")
    read = papermill.inspect_notebook(tmp_path / "bread.ipynb")
    assert {name: found["inferred_type_name"] for name, found in read.items()} == {
        "language": "str",
        "baked": "str",
        "salt": "float",
        "mass": "float",
        "loaves": "int",
        "kind": "str",
        "seeds": "list[str]",
        "label": "str",
    }
    assert read["salt"]["help"] == "Salt. 0 to 1 (share)."


def test_what_is_too_long_for_a_line_goes_on_below_it():
    seeds = Literal[tuple(f"seed-{number}" for number in range(30))]
    many = type(
        "Many",
        (Parameters,),
        {"__annotations__": {"seed": seeds}, "seed": Field("seed-0", description="A seed.")},
    )
    _language, first, *below = parameter_text.cell(many()).splitlines()
    assert first == 'seed: str = "seed-0"  # A seed.'
    assert all(line.startswith("#   ") and len(line) <= parameter_text.WIDTH for line in below)
    told = " ".join(line.removeprefix("#   ") for line in below)
    assert told == f"One of {', '.join(f'seed-{n}' for n in range(30))}."


def test_meanings_and_ranges_are_in_the_readers_language_and_names_are_not():
    with i18n.in_language(PSEUDO):
        line = parameter_text.cell(Bread()).splitlines()[2]
    between = pseudo("{low} to {high}").format(low=0, high=1)
    assert line == f"salt: float = 0.02  # {pseudo('Salt.')} {between} ({pseudo('share')})."


@pytest.mark.parametrize(
    ("value", "text"), [(["a", "b"], "a,b"), (None, ""), (0.5, "0.5"), ("x", "x")]
)
def test_a_value_is_written_as_the_command_line_takes_it(value, text):
    assert parameter_text.written(value) == text
