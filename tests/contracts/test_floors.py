"""Imports point down only: the floors of ``docs/architecture.md``, walked with ``ast``.

The rules are about folders: a new module of a room or of a theme needs no edit here.

*  ``briefs`` never imports ``analysis``; inside it, a room imports only rooms below it.
*  ``analysis`` sees of ``briefs`` what is in `FOR_SCIENCE`. In a theme, only `DRAWS` may import
   ``display``, and only ``summary`` may import ``evidence``.
*  A theme never imports another; what brings them together, the ``overview`` modules, no theme imports.
*  The command imports its rooms inside functions, so that ``briefs --help`` answers at once.
*  Nothing opens a connection but `CONNECTS`.
"""

import ast
import json
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parents[2]

#: Floors of the tool, from the ground up. Modules that stand beside the rooms are the ground floor.
GROUND = "ground"
FLOORS = (
    {GROUND},
    {"parameters"},
    {"evidence", "display"},
    {"render"},
    {"engine"},
    {"site"},
    {"desk"},
    {"console"},
    {"__main__"},
)
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
FOR_SCIENCE = {"values", "parameters"}
FOR_NOTEBOOKS = {*FOR_SCIENCE, "evidence", "display"}
DRAWS = {"figures", "tables", "findings", "answers", "words"}
TOGETHER = "overview"

NETWORK = {
    "socket",
    "urllib",
    "http",
    "requests",
    "httpx",
    "ftplib",
    "smtplib",
    "xmlrpc",
    "aiohttp",
}
ONLY_TEXT = {"urllib.parse"}  # takes addresses apart and opens nothing
CONNECTS = ("briefs.evidence.upstream",)
SERVES = {"briefs.desk.serve": "http.server"}  # answers on this machine, asks nobody

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


# -- reading a module's imports -----------------------------------------------------------------


def module_name(path):
    """``briefs/evidence/catalog.py`` -> ``briefs.evidence.catalog``; of a notebook, ``notebooks``."""
    parts = Path(path).with_suffix("").parts
    return parts[0] if parts[0] == "notebooks" else ".".join(p for p in parts if p != "__init__")


def absolute(node, path):
    """Module that a ``from`` names, its dots resolved against where the file stands."""
    if not node.level:
        return node.module
    package = Path(path).parent.parts
    return ".".join([*package[: len(package) - node.level + 1], *filter(None, [node.module])])


def imports_of(node, path):
    """Dotted names that one node of the tree imports, or reaches through a package."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{absolute(node, path)}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call):
        called = (dotted(node.func) or "").rpartition(".")[2] in ("import_module", "__import__")
        if called and node.args and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)
    elif isinstance(node, ast.Attribute):
        top, _, rest = (dotted(node) or "").partition(".")
        if top in RULES and not rest.startswith("__"):
            yield f"{top}.{rest}"


def dotted(node):
    """``a.b.c`` of such an expression; None of any other."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else None


@cache
def imports(source, path):
    return list(walk(ast.parse(source), path))


def walk(node, path, lazy=False):
    """Yield ``(line, dotted name, lazy)``; lazy means that it isn't imported when the module is."""
    for child in ast.iter_child_nodes(node):
        typing = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        inside = lazy or isinstance(child, FUNCTIONS) or typing
        names = list(imports_of(child, path))
        yield from ((child.lineno, name, inside) for name in names)
        if not (names and isinstance(child, ast.Attribute)):  # a.b.c holds a.b, the same again
            yield from walk(child, path, inside)


def notebook_source(path):
    """Code of a notebook, its cells one after another; lines in IPython's own language do nothing."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return re.sub(r"(?m)^(\s*)[%!].*", r"\1pass", "\n".join(code))


# -- the rules ----------------------------------------------------------------------------------


def room_of(name):
    """Room of a module of the tool; `GROUND` for one that stands beside the rooms."""
    room = name.split(".")[1] if "." in name else ""
    return room if room in FLOOR_OF else GROUND


def part_of(name):
    """``(theme, part)`` of a module of the science; no theme for what stands beside the themes."""
    parts = name.split(".")[1:]
    theme = parts[0] if parts and (ROOT / "analysis" / parts[0]).is_dir() else ""
    rest = parts[1:] if theme else parts
    return theme, rest[0] if rest else ""


def in_the_tool(importer, target):
    if target.partition(".")[0] == "analysis":
        return "the tool knows no article"
    here, there = room_of(importer), room_of(target)
    if here != there and FLOOR_OF[there] >= FLOOR_OF[here]:
        return f"{here} may not import {there}"
    return None


def in_the_science(importer, target):
    (theme, part), together = part_of(importer), part_of(importer)[1].startswith(TOGETHER)
    if target.partition(".")[0] == "briefs":
        seen = target.split(".")[1]
        allowed = set(FOR_SCIENCE)
        if part in DRAWS or together:
            allowed.add("display")
        if part == "summary" or together:
            allowed.add("evidence")
        return None if seen in allowed else f"{part or 'the package'} may not import briefs.{seen}"
    other, other_part = part_of(target)
    if other and theme != other and not (together and not theme):
        return f"{theme or part or 'the package'} may not import the theme {other}"
    if theme and not other and other_part.startswith(TOGETHER):
        return f"{theme} may not import what stands above it"
    if theme and other and other_part in DRAWS | {"summary"} and part not in DRAWS | {"summary"}:
        return f"{part} may not import {other_part}"
    return None


def in_a_notebook(importer, target):
    top, _, rest = target.partition(".")
    if top == "briefs" and rest.partition(".")[0] not in FOR_NOTEBOOKS:
        return f"a notebook may not import {target}"
    return None


RULES = {"briefs": in_the_tool, "analysis": in_the_science, "notebooks": in_a_notebook}


def complaint(importer, name, lazy):
    """What is wrong with one import, or None."""
    top, _, rest = name.partition(".")
    if top in ("analysis", "briefs"):
        if not rest or rest in (
            "__file__",
            "__path__",
        ):  # the package itself, not what stands in it
            return (
                None if top == importer.partition(".")[0] else complaint(importer, f"{top}.x", lazy)
            )
        if (
            importer in ("briefs.__main__", "briefs.console")
            and not lazy
            and room_of(name) not in (GROUND, "parameters", "console")
        ):
            return f"the command imports {name} at the top; do it inside the function that needs it"
        return RULES[importer.partition(".")[0]](importer, name)
    opens = top in NETWORK and ".".join(name.split(".")[:2]) not in ONLY_TEXT
    if (
        opens
        and not importer.startswith(CONNECTS)
        and not name.startswith(SERVES.get(importer, "-"))
    ):
        return f"imports {name}; only {CONNECTS[0]} may open a connection"
    return None


def violations(source, path):
    """Arrows of one module's source that point up or sideways, as ``path:line: what``."""
    importer = module_name(path)
    found = ((line, complaint(importer, name, lazy)) for line, name, lazy in imports(source, path))
    return list(dict.fromkeys(f"{path}:{line}: {text}" for line, text in found if text))


def sources():
    """``path -> source`` of every module and notebook."""
    modules = [
        path for top in ("analysis", "briefs") for path in sorted((ROOT / top).rglob("*.py"))
    ]
    found = {path: path.read_text(encoding="utf-8") for path in modules}
    found |= {path: notebook_source(path) for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    return {path.relative_to(ROOT).as_posix(): source for path, source in found.items()}


def circles(read):
    """Modules that import one another in a circle, as they are imported and not inside functions."""
    names = {module_name(path): path for path in read if path.endswith(".py")}
    graph = {}
    for name, path in names.items():
        wanted = [found for _, found, lazy in imports(read[path], path) if not lazy]
        near = {w if w in names else w.rpartition(".")[0] for w in wanted}
        # a package that gathers its own modules is imported before them, whatever they import
        graph[name] = {n for n in near if n in names and n != name and not name.startswith(f"{n}.")}
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return error.args[1]
    return []


def test_every_arrow_points_down():
    read = sources()
    assert len(read) > 60
    assert [fault for path, source in read.items() for fault in violations(source, path)] == []


def test_each_package_lists_its_modules():
    lacking = [
        module.relative_to(ROOT).as_posix()
        for package in ("analysis", "briefs")
        for words in (ROOT / package).rglob("__init__.py")
        for module in words.parent.glob("*.py")
        if module != words and f"``{module.stem}``" not in words.read_text()
    ]
    assert lacking == []


def test_no_modules_import_one_another_in_a_circle():
    assert circles(sources()) == []


def test_a_circle_is_found():
    read = {"briefs/a.py": "from briefs import b", "briefs/b.py": "import briefs.a"}
    assert set(circles(read)) == {"briefs.a", "briefs.b"}


UP_OR_SIDEWAYS = """
briefs/values.py                from briefs import parameters
briefs/values.py                import briefs.evidence.claims
briefs/parameters.py            from briefs.evidence import claims
briefs/new_module.py            from briefs.render import document
briefs/evidence/catalog.py      import briefs.display
briefs/display/new.py           from briefs.evidence import claims
briefs/display/style.py         from briefs.__main__ import main
briefs/render/document.py       from briefs.engine import plan
briefs/engine/runner.py         from briefs import site
briefs/site/home.py             from briefs.desk import build
briefs/site/home.py             from analysis import params
briefs/desk/lab.py              import analysis
briefs/engine/new/thing.py      def f(): from analysis.cost import prices
analysis/cost/prices.py         from briefs.display import i18n
analysis/cost/prices.py         from briefs.evidence.catalog import load
analysis/cost/prices.py         from briefs.engine import runner
analysis/cost/prices.py         from analysis.market.concentration import shares
analysis/cost/new.py            from analysis import market
analysis/cost/new.py            from analysis.overview import changes
analysis/cost/new.py            from analysis.cost import figures
analysis/cost/new.py            from .summary import summary
analysis/cost/figures/new.py    from briefs.render import svg
analysis/cost/figures/new.py    from ...regulation import era
analysis/cost/summary.py        from briefs.display import findings
analysis/uncertainty.py         from analysis.cost import prices
analysis/uncertainty.py         from briefs.display import i18n
analysis/__init__.py            from .cost import prices
analysis/overview.py            from briefs.engine import runner
notebooks/overview.ipynb        from briefs.engine import runner
notebooks/overview.ipynb        from briefs import site
notebooks/overview.ipynb        import requests
briefs/evidence/catalog.py      from ..display import i18n
briefs/evidence/__init__.py     from ..render import document
briefs/evidence/catalog.py      import numpy, briefs.display.i18n as i18n
briefs/evidence/catalog.py      import briefs; briefs.display.i18n.activate("en")
briefs/evidence/catalog.py      import importlib; importlib.import_module("briefs.display.i18n")
briefs/evidence/catalog.py      if TYPE_CHECKING: from briefs.display import i18n
briefs/__main__.py              from briefs.engine import runner
briefs/__main__.py              if True: import briefs.display.i18n
briefs/evidence/catalog.py      import socket
briefs/site/home.py             import urllib.request
briefs/site/home.py             from http.server import ThreadingHTTPServer
briefs/desk/serve.py            import http.client
briefs/site/home.py             from urllib import request
analysis/cost/prices.py         def f(): import requests
briefs/engine/cache.py          __import__('socket')
"""
DOWN = """
briefs/values.py                import math
briefs/files.py                 from briefs.project import project
briefs/parameters.py            from briefs.values import LANGUAGES
briefs/evidence/claims.py       from briefs.evidence import catalog
briefs/evidence/upstream/eia.py import socket, http.client
briefs/engine/runner.py         from briefs.render import document
briefs/site/new.py              from briefs.engine.staging import write_file
briefs/site/new.py              from urllib.parse import urljoin
briefs/desk/serve.py            from http.server import ThreadingHTTPServer
briefs/desk/build.py            from briefs import site
briefs/__main__.py              def build(): from briefs.desk import build
briefs/__main__.py              if TYPE_CHECKING: from briefs.engine.cache import Cache
briefs/__main__.py              from briefs.project import project
analysis/params.py              from briefs.parameters import Parameters
analysis/uncertainty.py         from briefs.values import Estimate
analysis/cost/training.py       from analysis.cost.prices import DECLINE; from analysis import uncertainty
analysis/cost/summary.py        from briefs.evidence import claims; from analysis.cost import prices
analysis/cost/figures/new.py    from briefs.display import charts; from . import training
analysis/cost/findings.py       from .figures.prices import LEAST
analysis/overview.py            from analysis.cost import summary
analysis/overview_cards.py      from briefs.display import findings
notebooks/overview.ipynb        from analysis import params; from briefs.display import report
analysis/cost/prices.py         import https, requests_like, analysis_tools
"""


def lines(table):
    return [re.split(r"\s+", line, maxsplit=1) for line in table.strip().splitlines()]


def test_an_arrow_up_or_sideways_is_caught():
    found = {f"{path} {source}": violations(source, path) for path, source in lines(UP_OR_SIDEWAYS)}
    assert [case for case, faults in found.items() if len(faults) != 1] == []


def test_an_arrow_down_is_let_through():
    assert [
        violations(source, path) for path, source in lines(DOWN) if violations(source, path)
    ] == []


def test_every_arrow_of_a_file_is_named_with_its_line():
    source = '"""Text."""\nimport socket\n\ndef f():\n    from analysis import market\n'
    assert violations(source, "analysis/cost/prices.py") == [
        "analysis/cost/prices.py:2: imports socket; only briefs.evidence.upstream may open a connection",
        "analysis/cost/prices.py:5: cost may not import the theme market",
    ]


def test_a_notebook_is_read_without_its_magics(tmp_path):
    cells = [
        {"cell_type": "code", "source": ["%matplotlib inline\n", "import numpy"]},
        {"cell_type": "markdown", "source": "import socket"},
        {"cell_type": "code", "source": "if True:\n    !ls\nfrom briefs.engine import pool"},
    ]
    path = tmp_path / "x.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    assert violations(notebook_source(path), "notebooks/x.ipynb") == [
        "notebooks/x.ipynb:5: a notebook may not import briefs.engine.pool"
    ]
