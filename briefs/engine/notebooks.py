"""Stored notebooks: how to read one, and the contract they keep.

A notebook only composes: a setup cell with the imports (the first code cell besides the
parameters), a ``parameters`` cell of plain values, and short cells of calls. `problems`
lists every breach.
"""

import ast
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from briefs import parameters
from briefs.display import i18n, parameter_text

MAX_LINES = 5
#: The name is that of any environment's Python, and papermill needs the language.
_KERNELSPEC = {"name": "python3", "language": "python"}
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_IMPORTS = (ast.Import, ast.ImportFrom)


class NotebookError(ValueError):
    """A stored notebook is missing, unreadable or lacks what a run needs."""


def read(path: Path) -> NotebookNode:
    """Read and validate a notebook of format 4.5 or later.

    From there on cells have ids; ids made up at each reading would change the published bytes.
    """
    try:
        nb: NotebookNode = nbformat.reads(path.read_text("utf-8"), as_version=nbformat.NO_CONVERT)
        nbformat.validate(nb)
    except FileNotFoundError:
        raise NotebookError(f"{path}: no such notebook") from None
    except OSError as error:
        raise NotebookError(f"{path}: {error.strerror}") from None
    except (ValueError, TypeError, LookupError, AttributeError, nbformat.ValidationError) as error:
        # nbformat trips over what isn't shaped like a notebook in all these ways.
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise NotebookError(f"{path.name}: not a valid notebook: {reason}") from None
    if (nb.nbformat, nb.nbformat_minor) < (4, 5):
        raise NotebookError(
            f"{path.name}: notebook format {nb.nbformat}.{nb.nbformat_minor}; save it as 4.5 or later"
        )
    return nb


def parameters_index(nb: NotebookNode, name: str) -> int:
    """Index of the one cell tagged ``parameters``."""
    tagged = [i for i, cell in enumerate(nb.cells) if "parameters" in cell.metadata.get("tags", ())]
    if len(tagged) != 1:
        raise NotebookError(
            f"{name}: {len(tagged) or 'no'} cells are tagged 'parameters'; one must be"
        )
    return tagged[0]


def defaults(source: str) -> dict[str, Any]:
    """Read a ``parameters`` cell: ``name = literal`` or ``name: type = literal``, a line each."""
    values = {}
    for statement in ast.parse(source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                pass
            case _:
                raise NotebookError(f"line {statement.lineno} is not of the form name = value")
        try:
            values[name] = ast.literal_eval(value)
        except ValueError:
            raise NotebookError(
                f'{name} is not a plain value (a date is text: "2026-11-23")'
            ) from None
    return values


def problems(path: Path, report: str) -> list[str]:
    """List every breach of the contract by the notebook of `report`."""
    try:
        nb = read(path)
        index = parameters_index(nb, path.name)
    except NotebookError as error:
        return [str(error)]
    spec = nb.metadata.get("kernelspec", {})
    found = [
        f"kernelspec: {key} is {spec.get(key)!r}, not {expected!r}"
        for key, expected in _KERNELSPEC.items()
        if spec.get(key) != expected
    ]
    is_setup = True  # the first code cell besides the parameters
    for i, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        where = f"cell {i + 1}"
        if cell.outputs or cell.execution_count is not None:
            found.append(f"{where} is stored with output")
        if i == index:
            found += [f"{where}: {problem}" for problem in _parameter_problems(cell.source, report)]
        else:
            found += [f"{where} {problem}" for problem in _code_problems(cell.source, is_setup)]
            is_setup = False
    return [f"{path.name}: {problem}" for problem in found]


def _parameter_problems(source: str, report: str) -> list[str]:
    try:
        stored = defaults(source)
        values = parameters.injected(parameters.parse(report, stored))
    except SyntaxError as error:
        return [f"not plain Python: {error.msg}, line {error.lineno}"]
    except (NotebookError, parameters.ParameterError) as error:
        return str(error).splitlines()
    model = parameters.model_for(report)()
    expected = parameters.injected(model)
    found = [f"{name} is not set" for name in expected if name not in stored]
    found += [
        f"{name} is {values[name]!r}; its default is {expected[name]!r}"
        for name in stored
        if values[name] != expected[name]
    ]
    with i18n.in_language("en"):
        written = parameter_text.cell(model)
    if not found and source != written:
        found = [
            "says other than its model of types, units, ranges or meanings; `make cells` mends it"
        ]
    return found


def _code_problems(source: str, is_setup: bool) -> list[str]:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError as error:
        return [f"is not plain Python: {error.msg}, line {error.lineno}"]
    found = []
    lines = sum(bool(line.strip()) for line in source.splitlines())
    if lines > MAX_LINES and not is_setup:
        found.append(f"has {lines} lines; {MAX_LINES} at most")
    if any(isinstance(node, _DEFINITIONS) for node in nodes):
        found.append("defines a function or class: it belongs in the package")
    if any(isinstance(node, _LOOPS) for node in nodes):
        found.append("loops: that belongs in the package")
    if any(isinstance(node, _IMPORTS) for node in nodes) and not is_setup:
        found.append("imports: that belongs in the setup cell")
    return found
