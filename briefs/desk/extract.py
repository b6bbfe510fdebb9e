"""What there is to translate outside the package, for Babel: prose of notebooks, texts of the evidence.

``babel.cfg`` names these extractors. A notebook gives the pieces of its markdown cells just as
`prose` looks them up, and the title and subtitle with which its code opens the brief. The data
package gives titles, descriptions and units, and the cells of each column that says
``"translate"``: ``"whole"``, or ``"first clause"`` (up to a semicolon), or the values to take.
"""

import ast
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from briefs.render import prose

Found = tuple[int, str, str, list[str]]


def notebook(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: dict[str, Any]
) -> Iterator[Found]:
    """Extract the pieces of markdown cells, and the titles of the notebook and its brief.

    Parameters
    ----------
    fileobj : file
        Of a notebook, in bytes.
    keywords, comment_tags, options
        Babel's; not needed here.

    Yields
    ------
    tuple
        Line, function, message, comments, as Babel takes them. The line counts pieces.
    """
    number = 0
    for cell in json.load(fileobj)["cells"]:
        text = "".join(cell["source"])
        for piece in _prose(text) if cell["cell_type"] == "markdown" else _opening(text):
            number += 1
            yield number, "", piece, []


def _prose(text: str) -> Iterator[str]:
    title, rest = prose.split_title(text)
    yield from filter(None, (title, *prose.pieces(rest)))


def _opening(code: str) -> Iterator[str]:
    """Title and subtitle that a cell gives to ``findings.brief``."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "findings.brief":
            yield from (
                argument.value for argument in node.args if isinstance(argument, ast.Constant)
            )


def datapackage(
    fileobj: IO[bytes], keywords: Any, comment_tags: Any, options: dict[str, Any]
) -> Iterator[Found]:
    """Extract what the data package says of its tables, and the columns that are shown translated.

    Parameters
    ----------
    fileobj : file
        Of ``datapackage.json``, in bytes; it must have a name, since the tables stand beside it.
    keywords, comment_tags, options
        Babel's; not needed here.

    Yields
    ------
    tuple
        Line, function, message, comments, as Babel takes them. The line counts messages.
    """
    package, root = json.load(fileobj), Path(fileobj.name).parent
    for number, (message, comment) in enumerate(_package(package, root), 1):
        yield number, "", message, [comment]


def _package(package: dict[str, Any], root: Path) -> Iterator[tuple[str, str]]:
    yield from ((package[key], key) for key in ("title", "description"))
    yield from (
        (licence["title"], "licence")
        for part in (package, *package["resources"])
        for licence in part.get("licenses", ())
    )
    for resource in package["resources"]:
        name, fields = resource["name"], resource["schema"]["fields"]
        yield from (
            (resource[key], f"{name}: {key}")
            for key in ("title", "description")
            if resource.get(key)
        )
        yield from (
            (field[key], f"{name}.{field['name']}: {key}")
            for field in fields
            for key in ("description", "unit")
            if field.get(key)
        )
        shown = {field["name"]: field["translate"] for field in fields if "translate" in field}
        yield from _cells(root / resource["path"], name, shown)


def _cells(path: Path, name: str, columns: dict[str, str | list[str]]) -> Iterator[tuple[str, str]]:
    if not columns:
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for column, how in columns.items():
        texts = (
            row[column].partition(";")[0] if how == "first clause" else row[column] for row in rows
        )
        listed = how if isinstance(how, list) else None
        yield from (
            (text, f"{name}.{column}")
            for text in dict.fromkeys(texts)
            if text and (listed is None or text in listed)
        )
