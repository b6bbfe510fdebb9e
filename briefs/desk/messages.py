"""The catalogues of messages: brought up to date (``make messages``), and held to their rules.

There are two for each language: the tool's, with the words that pages put around any brief, and
the project's, with what its package, notebooks and data say. A ``.po`` file names the files that
a message comes from but no lines, and no dates: it changes only when a message does.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from briefs.desk import extract
from briefs.display.messages import sources
from briefs.project import TOOL, project
from briefs.values import LANGUAGES

ORIGINAL = "en"
_KEYWORDS = {"_": None, "N_": None}
#: What holds messages of the tool, and how they are found in it.
_OWN = {f"{TOOL.name}/**.py": "python", f"{TOOL.name}/**.j2": "jinja2"}
_HEADER = """\
# Messages of {name}. `make messages` adds what is new and marks what changed as
# fuzzy; translate it, take the mark off, and let `briefs check` look it over.
msgid ""
msgstr ""
"Project-Id-Version: {name}\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def paths(language: str) -> list[Path]:
    """Catalogues of `language` that belong to this project: the tool's own only where it is developed."""
    own, *rest = sources(language)
    return [own, *rest] if TOOL.parent == project().root else [own]


def extracted(path: Path, language: str = ORIGINAL) -> Catalog:
    """Return all messages that belong in the catalogue at `path`, in the order of their files.

    Parameters
    ----------
    path : Path
        The tool's catalogue, or the project's, which leaves out what the tool's has.
    language : str
        Texts that the data hold in several languages are messages where they lack this one.
    """
    here = project()
    if path.stem == TOOL.name:
        return _extracted(TOOL.parent, _OWN)
    found = _extracted(
        here.root,
        {
            f"{here.package}/**.py": "python",
            f"{here.notebooks.relative_to(here.root)}/*.ipynb": extract.notebook,
            f"{here.data.relative_to(here.root)}/datapackage.json": extract.datapackage,
        },
    )
    found.add(here.title, None, [("pyproject.toml", 1)])
    for file in sorted(here.data.glob("*.yml")):
        for text in _lacking(yaml.safe_load(file.read_text(encoding="utf-8")), language):
            found.add(text, None, [(file.relative_to(here.root).as_posix(), 1)])
    for message in _extracted(TOOL.parent, _OWN):
        if message.id:
            found.delete(message.id)
    return found


def _extracted(root: Path, methods: dict[str, Any]) -> Catalog:
    folders = {pattern.partition("/")[0] for pattern in methods}
    catalogue = Catalog()
    for name, line, message, comments, context in extract_from_dir(
        root,
        list(methods.items()),
        {},
        _KEYWORDS,
        directory_filter=lambda folder: Path(folder).relative_to(root).parts[0] in folders,
    ):
        # where one of many columns with the same unit stands tells a translator nothing
        catalogue.add(
            message,
            None,
            [(Path(name).as_posix(), line)],
            context=context,
            auto_comments=() if message in catalogue else comments,
        )
    return catalogue


def _lacking(content: Any, language: str) -> Iterator[str]:
    """English texts of a YAML file's content that stand there without one in `language`."""
    if isinstance(content, dict) and isinstance(content.get(ORIGINAL), str):
        if not content.get(language):
            yield content[ORIGINAL]
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _lacking(part, language)


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
    for message in [message for message in catalogue.obsolete.values() if not message.string]:
        catalogue.obsolete.pop(message.id)
    write(path, language, catalogue)
    return catalogue


def write(path: Path, language: str, catalogue: Catalog) -> None:
    """Store a catalogue, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".po.new")
    with scratch.open("wb") as file:
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
    os.replace(scratch, path)


def counted(catalogue: Catalog) -> tuple[int, int]:
    """Return how many messages have no translation, and how many changed since they were translated."""
    messages = [message for message in catalogue if message.id]
    return sum(not message.string for message in messages), sum(
        message.fuzzy for message in messages
    )


def main() -> None:
    """Bring all catalogues up to date and say what there is to do in each."""
    for language in LANGUAGES:
        for path in paths(language) if language != ORIGINAL else ():
            catalogue = update(path, language)
            empty, fuzzy = counted(catalogue)
            print(
                f"{path.name}, {language}: {len(catalogue)} messages, {empty} to translate, {fuzzy} to look over, "
                f"{len(catalogue.obsolete)} no longer used"
            )


if __name__ == "__main__":
    main()
