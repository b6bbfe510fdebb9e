"""Imports point down only: the floors of ``analysis/__init__.py``, walked with ``ast``.

====  =======================================  ====================================================================
 6    ``__main__``                             anything, rooms only inside functions
 5    ``publish``                              params, values, evidence, display.i18n, .catalogue and .records
 4    notebooks                                evidence, science, display, params, values
 3    ``evidence`` | science | ``display``     never one another; params and values
 2    ``params``, then ``values`` under it     params takes values; values takes nothing of ours
====  =======================================  ====================================================================
"""

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# A theme that outgrew one module is several, which may import each other; themes never do.
THEMES = [
    {"cost", "price_levels", "price_tests", "training", "scenarios"},
    {"market", "market_chips", "market_cloud", "event_study", "event_tests"},
    {"regulation", "regulation_direction", "regulation_era", "regulation_rivalry"},
]
SCIENCE = set().union(*THEMES) | {"uncertainty"}
GROUND = {"params", "values"}
ROOMS = {"evidence", "display", "publish", "overview", *SCIENCE}

# Who may import what of ours: a room, or one module of a room. `""` is the package's own
# __init__, which is only the map.
MAY_IMPORT = {
    "": set(),
    "values": set(),
    "params": {"values"},
    "evidence": GROUND | {"evidence"},
    "display": GROUND | {"display"},
    "uncertainty": GROUND,
    **{module: GROUND | {"uncertainty"} | theme for theme in THEMES for module in theme},
    # it runs the notebooks' own statements, which import what they need
    "overview": GROUND,
    "notebooks": GROUND | SCIENCE | {"overview", "evidence", "display"},
    "publish": GROUND
    | {"publish", "evidence", "display.i18n", "display.catalogue", "display.records"},
    "__main__": GROUND | ROOMS,
}

# Building never touches the network: one module can, and only its room and the command call it.
CONNECTORS = "evidence.connectors"
MAY_CONNECT = {"evidence", "__main__"}
NETWORK = {"socket", "urllib", "http", "requests", "httpx"}
ONLY_TEXT = {"urllib.parse"}  # takes addresses apart and opens nothing
SERVES = {"publish.preview": "http.server"}  # answers on this machine, asks nobody

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def module_name(path):
    """``analysis/evidence/catalog.py`` -> ``evidence.catalog``; of a notebook, ``notebooks``."""
    parts = Path(path).with_suffix("").parts
    if parts[0] == "notebooks":
        return "notebooks"
    return ".".join(part for part in parts[1:] if part != "__init__")


def absolute(node, path):
    """Module that a ``from`` names, its dots resolved against where the file stands."""
    if not node.level:
        return node.module
    package = Path(path).parent.parts
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def is_type_checking(node):
    return isinstance(node, ast.If) and ast.unparse(node.test) in (
        "TYPE_CHECKING",
        "typing.TYPE_CHECKING",
    )


def called_import(node):
    """Module named in ``import_module("...")`` or ``__import__("...")``."""
    named = ast.unparse(node.func).rpartition(".")[2] in ("import_module", "__import__")
    if named and node.args and isinstance(node.args[0], ast.Constant):
        yield str(node.args[0].value)


def imports_of(node, path):
    """Dotted names that one node of the tree imports, or reaches through the package."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{absolute(node, path)}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call):
        yield from called_import(node)
    elif isinstance(node, ast.Attribute) and re.fullmatch(r"analysis(\.\w+)+", ast.unparse(node)):
        yield ast.unparse(node)


def walk(node, path, lazy=False):
    """Yield ``(line, dotted name, lazy)``; lazy means that it isn't imported when the module is."""
    for child in ast.iter_child_nodes(node):
        inside = lazy or isinstance(child, FUNCTIONS) or is_type_checking(child)
        names = list(imports_of(child, path))
        yield from ((child.lineno, name, inside) for name in names)
        if not (
            names and isinstance(child, ast.Attribute)
        ):  # a.b.c holds a.b, which says the same again
            yield from walk(child, path, inside)


def allowed(importer, target):
    """Whether the module may import ``room.module...`` of ours."""
    room, _, rest = target.partition(".")
    if (
        ".".join(target.split(".")[:2]) == CONNECTORS
        and importer.partition(".")[0] not in MAY_CONNECT
    ):
        return False
    wanted = {room, f"{room}.{rest.partition('.')[0]}"}
    return bool(wanted & MAY_IMPORT.get(importer.partition(".")[0], set()))


def complaint(importer, name, lazy):
    """What is wrong with one import, or None."""
    top, _, target = name.partition(".")
    if top == "analysis":
        if not target or target in (
            "__file__",
            "__path__",
            "__doc__",
        ):  # the package itself, not what stands in it
            return None
        if not allowed(importer, target):
            return f"{importer or 'the package'} may not import {target}"
        if importer == "__main__" and not lazy and target.partition(".")[0] in ROOMS:
            return (
                f"{importer} imports {target} at the top; do it inside the function that needs it"
            )
    elif (
        top in NETWORK
        and importer != CONNECTORS
        and ".".join(name.split(".")[:2]) not in {*ONLY_TEXT, SERVES.get(importer)}
    ):
        return f"{importer} imports {name}; only {CONNECTORS} may open a connection"
    return None


def violations(source, path):
    """Arrows of one module's source that point up or sideways, as ``path:line: what``.

    ``path`` is the module's, relative to the project: ``analysis/cost.py``.
    """
    importer = module_name(path)
    if importer.partition(".")[0] not in MAY_IMPORT:
        return [f"{path}:1: {importer} stands on no floor; give it one in MAY_IMPORT"]
    found = (
        (line, complaint(importer, name, lazy))
        for line, name, lazy in walk(ast.parse(source), path)
    )
    return list(dict.fromkeys(f"{path}:{line}: {text}" for line, text in found if text))


def notebook_source(path):
    """Code of a notebook, its cells one after another; lines in IPython's own language do nothing."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    lines = "\n".join(
        "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"
    ).split("\n")
    return "\n".join(re.sub(r"^(\s*)[%!].*", r"\1pass", line) for line in lines)


MODULES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "analysis").rglob("*.py"))
NOTEBOOKS = sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / "notebooks").glob("*.ipynb")
)


def test_there_is_something_to_walk():
    assert {
        "analysis/values.py",
        "analysis/display/records.py",
        "analysis/evidence/__init__.py",
    } <= set(MODULES)


@pytest.mark.parametrize("path", MODULES)
def test_arrows_of_a_module_point_down(path):
    assert violations((ROOT / path).read_text(encoding="utf-8"), path) == []


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_arrows_of_a_notebook_point_down(path):
    assert violations(notebook_source(ROOT / path), path) == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        # up
        ("analysis/values.py", "from analysis import params"),
        ("analysis/values.py", "import analysis.uncertainty"),
        ("analysis/params.py", "from analysis.evidence import claims"),
        ("analysis/cost.py", "import briefs.engine.runner"),
        ("analysis/display/style.py", "from briefs.__main__ import main"),
        ("analysis/__init__.py", "from briefs.values import Estimate"),
        # sideways
        ("analysis/evidence/catalog.py", "import analysis.display"),
        ("analysis/evidence/claims.py", "from analysis.uncertainty import bootstrap"),
        ("analysis/cost.py", "from analysis.display.figures import price_decline"),
        ("analysis/market.py", "from briefs.evidence.catalog import load"),
        ("analysis/display/figures.py", "from analysis import cost"),
        ("analysis/display/findings.py", "from analysis.evidence import claims"),
        ("analysis/display/figures/cost.py", "from analysis import cost"),
        # within science, only one's own theme and the methods that all themes share
        ("analysis/cost.py", "from analysis import market"),
        ("analysis/cost.py", "from analysis.market.concentration import shares"),
        ("analysis/scenarios.py", "from analysis.market.concentration import shares"),
        ("analysis/uncertainty.py", "from analysis import cost"),
        ("analysis/training.py", "from analysis import market"),
        ("analysis/training.py", "from analysis.display import i18n"),
        # from publish, past what it may see
        ("analysis/publish/site.py", "from analysis.display import figures"),
        ("analysis/publish/site.py", "from briefs.display.style import COLOURS"),
        ("analysis/publish/runner.py", "from analysis import uncertainty"),
        ("analysis/publish/site.py", "from analysis import __main__"),
        ("analysis/publish/runner.py", "from analysis.evidence import connectors"),
        ("notebooks/overview.ipynb", "from analysis.publish import runner"),
        ("notebooks/overview.ipynb", "from analysis.evidence.connectors import fetch"),
        # written otherwise
        ("analysis/cost.py", "from . import display"),
        ("analysis/cost.py", "from .display.figures import price_decline"),
        ("analysis/evidence/catalog.py", "from ..display import i18n"),
        ("analysis/evidence/__init__.py", "from ..cost import price_frontier"),
        ("analysis/evidence/catalog.py", "from .. import cost"),
        ("analysis/cost.py", "from analysis import *"),
        ("analysis/cost.py", "import numpy, analysis.display.figures as figures"),
        ("analysis/cost.py", "import analysis\nanalysis.display.figures.draw()"),
        ("analysis/cost.py", "import importlib\nimportlib.import_module('briefs.display.i18n')"),
        ("analysis/cost.py", "def f():\n    from analysis.display import i18n"),
        (
            "analysis/cost.py",
            "class A:\n    async def f(self):\n        import briefs.evidence.catalog",
        ),
        ("analysis/cost.py", "if TYPE_CHECKING:\n    from analysis.evidence import catalog"),
        (
            "analysis/cost.py",
            "try:\n    from analysis.evidence import catalog\nexcept ImportError:\n    pass",
        ),
        # the command, at the top
        ("analysis/__main__.py", "from analysis.publish import runner"),
        ("analysis/__main__.py", "from analysis import cost"),
        ("analysis/__main__.py", "class Verbs:\n    from analysis.evidence import catalog"),
        ("analysis/__main__.py", "if True:\n    import briefs.display.i18n"),
        # the network
        ("analysis/evidence/catalog.py", "import socket"),
        ("analysis/publish/site.py", "import urllib.request"),
        ("analysis/publish/site.py", "from http.server import ThreadingHTTPServer"),
        ("analysis/publish/preview.py", "import http.client"),
        ("analysis/publish/site.py", "from urllib import parse, request"),
        ("analysis/publish/site.py", "from urllib.request import urlopen"),
        ("analysis/cost.py", "def f():\n    import requests"),
        ("analysis/__main__.py", "def serve():\n    import http.server"),
        ("analysis/display/style.py", "from httpx import get"),
        ("analysis/publish/cache.py", "__import__('socket')"),
        ("notebooks/overview.ipynb", "import requests"),
        # nowhere
        ("analysis/helpers.py", "import numpy"),
        ("analysis/helpers/text.py", ""),
    ],
)
def test_an_arrow_up_or_sideways_is_caught(path, source):
    found = violations(source, path)
    assert len(found) == 1, found
    assert found[0].startswith(f"{path}:")


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("analysis/values.py", "import math\nfrom dataclasses import dataclass"),
        ("analysis/params.py", "from briefs.values import VERDICTS"),
        (
            "analysis/cost.py",
            "from analysis import uncertainty\nfrom briefs.values import Estimate",
        ),
        ("analysis/training.py", "from analysis.cost.prices import DECLINE"),
        ("analysis/scenarios.py", "from .uncertainty import bootstrap\nfrom . import params"),
        (
            "analysis/evidence/claims.py",
            "from analysis.evidence import catalog\nfrom .connectors import fetch",
        ),
        ("analysis/evidence/__init__.py", "from . import catalog"),
        (
            "analysis/evidence/connectors.py",
            "import socket, http.client\nfrom urllib.request import urlopen\nimport httpx",
        ),
        (
            "analysis/display/figures.py",
            "from analysis.display import i18n, style\nfrom . import records",
        ),
        (
            "analysis/display/figures/cost.py",
            "from ..i18n import number\nfrom ...values import Estimate",
        ),
        (
            "analysis/publish/site.py",
            "from analysis.display import i18n, records\nfrom ..display.i18n import number",
        ),
        (
            "analysis/publish/site.py",
            "from briefs.evidence.catalog import load\nfrom . import runner",
        ),
        ("analysis/publish/site.py", "import analysis.params, briefs.values"),
        ("analysis/publish/cache.py", "import analysis\nHERE = analysis.__file__"),
        ("analysis/publish/site.py", "from urllib.parse import urljoin\nfrom urllib import parse"),
        ("analysis/publish/preview.py", "from http.server import ThreadingHTTPServer"),
        (
            "analysis/__main__.py",
            "from analysis import params\ndef build():\n    from analysis.publish import runner",
        ),
        ("analysis/__main__.py", "def refresh():\n    from analysis.evidence import connectors"),
        ("analysis/__main__.py", "if TYPE_CHECKING:\n    from briefs.engine.runner import Job"),
        (
            "notebooks/overview.ipynb",
            "from analysis import cost, params\nfrom analysis.display import figures",
        ),
        ("analysis/cost.py", "import https, requests_like, analysis_tools"),
        ("analysis/cost.py", "def f(analysis):\n    return analysis"),
    ],
)
def test_an_arrow_down_is_let_through(path, source):
    assert violations(source, path) == []


def test_a_complaint_names_file_line_and_both_ends():
    source = '"""Text."""\nimport numpy\n\ndef f():\n    from analysis.display import figures\n'
    assert violations(source, "analysis/cost.py") == [
        "analysis/cost.py:5: cost may not import display.figures"
    ]


def test_every_arrow_of_a_file_is_named():
    source = (
        "from analysis import params, market\nimport socket\nfrom analysis.display import i18n\n"
    )
    assert [text.split(":")[1] for text in violations(source, "analysis/cost.py")] == [
        "1",
        "2",
        "3",
    ]


def test_a_notebook_is_read_without_its_magics(tmp_path):
    cells = [
        {"cell_type": "code", "source": ["%matplotlib inline\n", "import numpy"]},
        {"cell_type": "markdown", "source": "import socket"},
        {"cell_type": "code", "source": "if True:\n    !ls\nfrom analysis.publish import site"},
    ]
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert violations(notebook_source(path), "notebooks/x.ipynb") == [
        "notebooks/x.ipynb:5: notebooks may not import publish.site"
    ]
