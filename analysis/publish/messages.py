"""The catalogues of messages: brought up to date (``make messages``), and held to their rules.

A ``.po`` file names the files that a message comes from but no lines, and no dates: it changes
only when a message does.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from analysis.display.catalogue import source
from analysis.publish.plan import project_root
from analysis.values import LANGUAGES

ORIGINAL = "en"
_KEYWORDS = {"_": None, "N_": None}
_HEADER = """\
# Messages of the evidence briefs. `make messages` adds what is new and marks what changed as
# fuzzy; translate it, take the mark off, and let `briefs check` look it over.
msgid ""
msgstr ""
"Project-Id-Version: ai-cost-briefs\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def extracted(language: str = ORIGINAL) -> Catalog:
    """Return all messages of the project, in the order of its files.

    Parameters
    ----------
    language : str
        Texts that the data hold in several languages are messages where they lack this one.

    Returns
    -------
    Catalog
    """
    root = project_root()
    with (root / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    folders = {pattern.partition("/")[0] for pattern, _method in methods}
    catalogue = Catalog()
    for name, line, message, comments, context in extract_from_dir(
            root, methods, options, _KEYWORDS,
            directory_filter=lambda folder: Path(folder).relative_to(root).parts[0] in folders):
        # where one of many columns with the same unit stands tells a translator nothing
        catalogue.add(message, None, [(Path(name).as_posix(), line)], context=context,
                      auto_comments=() if message in catalogue else comments)
    for path in sorted((root / "data").glob("*.yml")):
        for text in _lacking(yaml.safe_load(path.read_text(encoding="utf-8")), language):
            catalogue.add(text, None, [(path.relative_to(root).as_posix(), 1)])
    return catalogue


def _lacking(content: Any, language: str) -> Iterator[str]:
    """English texts of a YAML file's content that stand there without one in `language`."""
    if isinstance(content, dict) and isinstance(content.get(ORIGINAL), str):
        if not content.get(language):
            yield content[ORIGINAL]
    elif isinstance(content, dict | list):
        for part in content.values() if isinstance(content, dict) else content:
            yield from _lacking(part, language)


def stored(language: str) -> Catalog:
    """Read the catalogue of `language`; an empty one where there is none yet."""
    path = source(language)
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(language: str) -> Catalog:
    """Bring the catalogue of `language` up to date: new messages empty, changed ones fuzzy."""
    catalogue = stored(language)
    catalogue.update(extracted(language))
    for message in [message for message in catalogue.obsolete.values() if not message.string]:
        catalogue.obsolete.pop(message.id)
    write(language, catalogue)
    return catalogue


def write(language: str, catalogue: Catalog) -> None:
    """Store the catalogue of `language`, whole or not at all."""
    path = source(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_suffix(".po.new")
    with scratch.open("wb") as file:
        file.write(_HEADER.format(language=language).encode())
        write_po(file, catalogue, width=0, omit_header=True, sort_by_file=True, include_previous=True,
                 include_lineno=False)
    os.replace(scratch, path)


def counted(catalogue: Catalog) -> tuple[int, int]:
    """Return how many messages have no translation, and how many changed since they were translated."""
    told = [message for message in catalogue if message.id]
    return sum(not message.string for message in told), sum(message.fuzzy for message in told)


def main() -> None:
    """Bring all catalogues up to date and say what there is to do in each."""
    for language in LANGUAGES:
        if language != ORIGINAL:
            catalogue = update(language)
            empty, fuzzy = counted(catalogue)
            print(f"{language}: {len(catalogue)} messages, {empty} to translate, {fuzzy} to look over, "
                  f"{len(catalogue.obsolete)} no longer used")


if __name__ == "__main__":
    main()
