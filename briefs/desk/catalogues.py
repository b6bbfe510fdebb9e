"""The catalogues of messages: what there is to translate, and bringing them up to date (``briefs messages``).

There are two for each language: the tool's, with the words that pages put around any brief, and
the project's, with what its package, notebooks and data say. Babel finds the messages of Python
code and merges what was found into a catalogue. A ``.po`` file names the files that a message
comes from but no lines, and no dates: it changes only when a message does.
"""

import ast
import csv
import io
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from briefs import yaml_nodes
from briefs.display.messages import sources
from briefs.files import write_file
from briefs.project import SETTINGS, TOOL, Project, project
from briefs.render import markdown

ORIGINAL = "en"
#: What a data package says in words of itself and of each table.
_WORDS = ("title", "description")
_HEADER = """\
# Messages of {name}. `briefs messages` adds what is new and marks what changed as
# fuzzy; translate it, take the mark off, and let `briefs check` look it over.
msgid ""
msgstr ""
"Project-Id-Version: {name}\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""

#: Messages in the order of a file, each with a comment for translators.
Found = Iterator[tuple[str, str]]


def paths(language: str) -> list[Path]:
    """Catalogues of `language` that belong to this project: the tool's own only where it is developed."""
    own, *rest = sources(language)
    return [own, *rest] if TOOL.parent == project().root else [own]


def all_paths() -> Iterator[tuple[str, Path]]:
    """Every language that is translated into, with each of its catalogues."""
    for language in project().languages:
        if language != ORIGINAL:
            yield from ((language, path) for path in paths(language))


def extracted(path: Path, language: str = ORIGINAL) -> Catalog:
    """Return all messages that belong in the catalogue at `path`, in the order of their files.

    The project's leaves out what the tool's has. Texts that the data hold in several languages
    are messages where they lack this one.
    """
    own = Catalog()
    for message, where in _of_tool(TOOL):
        own.add(message, None, [where])
    if path.stem == TOOL.name:
        return own
    here, found = project(), Catalog()
    for message, where in _of_code(here.root / here.package):
        found.add(message, None, [where])
    for file, messages in _of_texts(here, language):
        name = file.relative_to(here.root).as_posix()
        for number, (text, comment) in enumerate(messages, 1):
            # where one of many columns with the same unit stands says nothing to a translator
            comments = [comment] if comment and text not in found else []
            found.add(text, None, [(name, number)], auto_comments=comments)
    for message in own:
        if message.id:
            found.delete(message.id)
    return found


@lru_cache
def _of_tool(folder: Path) -> list[tuple[Any, tuple[str, int]]]:
    """List the tool's messages, which every catalogue needs, once: finding them takes seconds."""
    return list(_of_code(folder))


def _of_code(folder: Path) -> Iterator[tuple[Any, tuple[str, int]]]:
    kinds = [("**.py", "python"), ("**.j2", "jinja2"), ("**.typ", "javascript")]
    keywords = {"_": None, "N_": None, "gettext": None}
    for name, line, message, *_rest in extract_from_dir(folder, kinds, keywords=keywords):
        yield message, (f"{folder.name}/{Path(name).as_posix()}", line)


def _of_texts(here: Project, language: str) -> Iterator[tuple[Path, Found]]:
    """Yield the project's other files that hold messages, and these."""
    yield here.root / SETTINGS, iter([(here.title, "")])
    for path in sorted(here.notebooks.glob("*.ipynb")):
        yield path, notebook(path)
    if (package := here.data / "datapackage.json").is_file():
        yield package, datapackage(package)
    for path in sorted(here.data.glob("*.yml")):
        yield path, texts(yaml_nodes.load(path), language)


def notebook(path: Path) -> Found:
    """Yield the pieces of a notebook's markdown cells, and the title and subtitle that open its brief."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            title, rest = markdown.split_title(text)
            yield from ((piece, "") for piece in (title, *markdown.pieces(rest)) if piece)
        else:
            yield from ((words, "") for words in _opening(text))


def _opening(code: str) -> Iterator[str]:
    """Title and subtitle that a cell gives to ``findings.brief``."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "findings.brief":
            yield from (str(part.value) for part in node.args if isinstance(part, ast.Constant))


def datapackage(path: Path) -> Found:
    """Yield what a data package says of its tables, and the cells of columns that are shown translated.

    A field's ``translate`` is ``"whole"``, ``"first clause"`` (up to a semicolon), or a list of
    the values to take.
    """
    package = json.loads(path.read_text(encoding="utf-8"))
    yield from ((package[key], key) for key in _WORDS if package.get(key))
    for part in (package, *package["resources"]):
        named = (licence.get("title") for licence in part.get("licenses", ()))
        yield from ((title, "licence") for title in named if title)
    for resource in package["resources"]:
        name, fields = resource["name"], resource["schema"]["fields"]
        yield from ((resource[key], f"{name}: {key}") for key in _WORDS if resource.get(key))
        for field in fields:
            column = f"{name}.{field['name']}"
            kinds = (key for key in ("description", "unit") if field.get(key))
            yield from ((field[key], f"{column}: {key}") for key in kinds)
        with (path.parent / resource["path"]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for field in fields:
            how, column = field.get("translate", ()), field["name"]
            cells = [row[column] for row in rows] if how else []
            if how == "first clause":
                cells = [cell.partition(";")[0] for cell in cells]
            shown = (cell for cell in cells if cell and (isinstance(how, str) or cell in how))
            yield from ((cell, f"{name}.{column}") for cell in dict.fromkeys(shown))


def texts(content: Any, language: str) -> Found:
    """Yield the English texts of a YAML file that stand there without one in `language`."""
    if isinstance(content, dict) and isinstance(content.get(ORIGINAL), str):
        if not content.get(language):
            yield content[ORIGINAL], ""
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from texts(part, language)


def stored(path: Path, language: str) -> Catalog:
    """Read a catalogue; an empty one where there is none yet."""
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(path: Path, language: str) -> Catalog:
    """Bring a catalogue up to date: new messages empty, changed ones fuzzy."""
    catalogue = stored(path, language)
    catalogue.update(extracted(path, language))
    for key in [key for key, message in catalogue.obsolete.items() if not message.string]:
        del catalogue.obsolete[key]
    write(path, language, catalogue)
    return catalogue


def write(path: Path, language: str, catalogue: Catalog) -> None:
    """Store a catalogue, whole or not at all."""
    file = io.BytesIO()
    file.write(_HEADER.format(name=path.stem, language=language).encode())
    write_po(
        file,
        catalogue,
        width=0,
        omit_header=True,
        sort_by_file=True,
        include_previous=True,
        include_lineno=False,
    )
    write_file(path, file.getvalue())


def counted(catalogue: Catalog) -> tuple[int, int]:
    """Return how many messages have no translation, and how many changed since they were translated."""
    found = [message for message in catalogue if message.id]
    return sum(not message.string for message in found), sum(message.fuzzy for message in found)


def main() -> None:
    """Bring all catalogues up to date and say what there is to do in each."""
    for language, path in all_paths():
        catalogue = update(path, language)
        empty, fuzzy = counted(catalogue)
        print(
            f"{path.name}, {language}: {len(catalogue)} messages, {empty} to translate, {fuzzy} to look over, "
            f"{len(catalogue.obsolete)} no longer used"
        )


if __name__ == "__main__":
    main()
