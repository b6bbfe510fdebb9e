"""Everything a stranger says, on every page of a site, in a real browser: all of it is text."""

import csv
import io
import itertools
import json
import shutil
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from babel.messages.pofile import read_po, write_po

from briefs import site
from briefs.characters import NO_TEXT
from briefs.display import messages
from briefs.evidence import catalog, schema
from briefs.project import DATA_VARIABLE, project
from briefs.site import tables

HARMLESS = (Path(__file__).parents[2] / "harmless.js").read_text("utf-8")
#: What a reader sees of a brief's results that may come from a stranger.
SAID = "title text statement name answer reason alt publisher note license url quantity rule series lesson".split()


#: Tables of which pages are made: those with most columns of words.
TABLES = ("training-runs", "surveys", "instruments", "sources")


def spoilt(part, next_one, is_text):
    """A copy in which every text that `is_text` names is an attack."""
    if isinstance(part, dict):
        return {
            key: next_one()
            if isinstance(value, str) and is_text(part, key)
            else spoilt(value, next_one, is_text)
            for key, value in part.items()
        }
    return [spoilt(one, next_one, is_text) for one in part] if isinstance(part, list) else part


def in_words(part, key):
    """Whether a text of the data stands there in two languages."""
    return key in ("en", "ms") and isinstance(part.get("en"), str)


def free(field):
    """Whether a column holds any text."""
    return field["type"] == "string" and not {"enum", "pattern", "unique"} & {
        *field.get("constraints", {})
    }


def spoil_tables(data, line):
    package = json.loads((data / "datapackage.json").read_text())
    for resource in [one for one in package["resources"] if one["name"] in TABLES]:
        keys = {key["fields"][0] for key in resource["schema"].get("foreignKeys", ())}
        keys |= {"source_id"} if resource["name"] == "sources" else set()
        fields = [f for f in resource["schema"]["fields"] if free(f) and f["name"] not in keys]
        path = data / resource["path"]
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
        for number, row in enumerate(rows):  # which keeps keys apart
            row |= {field["name"]: f"{line()} {number}" for field in fields}
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0], lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        assert fields, resource["name"]
    said = spoilt(
        package, line, lambda part, key: key in ("title", "description") and "name" in part
    )
    (data / "datapackage.json").write_text(json.dumps(said))
    catalog.accept(root=data)


def spoil_translations(folder, next_one):
    """Catalogues in which every message is an attack, with the places to fill that the original has."""
    for number, path in enumerate(messages.sources("ms")):
        catalogue = read_po(io.BytesIO(path.read_bytes()), locale="ms")
        for message in catalogue:
            if message.id:
                message.string = " ".join([next_one(), *sorted(messages.placeholders(message.id))])
        with (folder / f"{number}.po").open("wb") as file:
            write_po(file, catalogue)
        yield folder / f"{number}.po"


def is_text(text):
    """Whether a page can hold it; YAML that can't be shown isn't read."""
    return not NO_TEXT.search(text)


def is_line(text):
    """Whether a cell of a table may be this: a line of visible characters, and no formula."""
    return text == text.strip() and text.isprintable() and not schema.is_formula(text)


def some(evidence):
    return replace(evidence, tables=[table for table in evidence.tables if table.name in TABLES])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, maker, attacks):
    """A site of which every claim, table, edition, term, result and translation was a stranger's to write."""
    data, out, words = (tmp_path_factory.mktemp(name) for name in ("data", "site", "words"))
    next_one, line = (
        itertools.cycle(filter(fits, attacks.all)).__next__ for fits in (is_text, is_line)
    )
    shutil.copytree(project().data, data, dirs_exist_ok=True)
    for name in ("claims", "editions", "glossary", "site"):
        path = data / f"{name}.yml"
        said = spoilt(yaml.safe_load(path.read_text("utf-8")), next_one, in_words)
        path.write_text(yaml.safe_dump(said, allow_unicode=True), "utf-8")
    spoil_tables(data, line)
    translations, files = (
        list(spoil_translations(words, itertools.cycle(attacks.all).__next__)),
        tables.files,
    )
    for found in maker.fill(out).rglob("results.json"):
        said = spoilt(json.loads(found.read_bytes()), next_one, lambda _part, key: key in SAID)
        found.write_text(json.dumps(said))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(messages, "sources", lambda _language: translations)
        patch.setattr(
            tables, "files", lambda reports, language, e: files(reports, language, some(e))
        )
        patch.setenv(DATA_VARIABLE, str(data))
        messages.catalogue.cache_clear()
        site.publish(out)
    messages.catalogue.cache_clear()
    return out


@pytest.mark.browser
def test_nothing_of_a_strangers_does_anything_on_any_page(hostile, browser):
    page = browser.new_page()
    heard = []
    page.on("dialog", lambda dialog: (heard.append(dialog.message), dialog.dismiss()))
    for event in ("request", "console", "pageerror"):
        page.on(event, lambda what: heard.append(str(getattr(what, "url", what))))
    found = {}
    pages = sorted(
        path for path in hostile.rglob("*.html") if b"Content-Security" in path.read_bytes()
    )
    for path in pages:
        heard.clear()
        page.goto(path.as_uri())
        faults = page.evaluate(HARMLESS) + [one for one in heard if one != path.as_uri()]
        if faults:
            found[path.relative_to(hostile).as_posix()] = faults[:5]
    page.close()
    assert found == {} and len(pages) > 20
    assert sum("&lt;script&gt;" in path.read_text("utf-8") for path in pages) > 20


def test_what_machines_read_is_whole(hostile):
    for path in hostile.rglob("*.xml"):
        kinds = {element.tag.rpartition("}")[2] for element in ET.parse(path).iter()}
        assert not kinds & {"script", "x", "e"}
    for path in hostile.rglob("*.json"):
        json.loads(path.read_bytes())
    tables = [path for path in hostile.rglob("*.csv") if path.is_file()]
    cells = [
        (p.name, c)
        for p in tables
        for row in csv.reader(io.StringIO(p.read_text("utf-8")))
        for c in row
    ]
    assert len(cells) > 1000 and [one for one in cells if schema.is_formula(one[1])] == []
