import io
import json

import pytest

from briefs.desk import extract, messages
from briefs.evidence import catalog


def named(content, path):
    """A file as Babel opens it: bytes, with a name."""
    path.write_bytes(content)
    return path.open("rb")


def texts(found):
    return [message for _line, _function, message, _comments in found]


def test_a_notebook_gives_its_prose_and_what_opens_the_brief():
    cells = [
        {
            "cell_type": "markdown",
            "source": ["# Title\n", "\n", "Words, and\n", "more.\n", "\n", "- item"],
        },
        {
            "cell_type": "code",
            "source": 'p = 1\nfindings.brief(p, "Brief", "What it says", catalog.labels())',
        },
        {"cell_type": "code", "source": 'tables.other("not a message")'},
    ]
    file = io.BytesIO(json.dumps({"cells": cells}).encode())
    assert texts(extract.notebook(file, {}, (), {})) == [
        "Title",
        "Words, and\nmore.",
        "item",
        "Brief",
        "What it says",
    ]


@pytest.fixture
def package(tmp_path):
    (tmp_path / "a.csv").write_text(
        "id,said,defined\n1,Often; or not,One; two\n2,,Three\n3,Often; or not,\n", "utf-8"
    )
    fields = [
        {"name": "id", "description": "Key."},
        {"name": "said", "unit": "USD", "translate": "whole"},
        {"name": "defined", "description": "Words.", "translate": "first clause"},
    ]
    content = {
        "title": "All",
        "description": "Of it.",
        "licenses": [{"name": "X-1", "title": "Licence X"}],
        "resources": [
            {
                "name": "a",
                "path": "a.csv",
                "title": "A",
                "description": "Table.",
                "schema": {"fields": fields},
            }
        ],
    }
    with named(json.dumps(content).encode(), tmp_path / "datapackage.json") as file:
        yield list(extract.datapackage(file, {}, (), {}))


def test_the_data_package_gives_what_it_says_and_the_columns_that_are_shown(package):
    assert texts(package) == [
        "All",
        "Of it.",
        "Licence X",
        "A",
        "Table.",
        "Key.",
        "USD",
        "Words.",
        "Often; or not",
        "One",
        "Three",
    ]
    assert package[-1] == (11, "", "Three", ["a.defined"])


def test_everything_that_the_pages_look_up_is_extracted():
    found = messages.extracted()
    assert "Key findings" in found  # of the code
    assert "The cost revolution" in found  # of a notebook
    assert "List price of a language model" not in found
    for table in catalog.tables():
        described = catalog.describe(table)
        assert described["description"] in found, table
        assert {field["description"] for field in described["schema"]["fields"]} <= set(
            map(str, (m.id for m in found))
        )
    surveys = catalog.load("surveys")
    assert set(surveys["question"]) <= {m.id for m in found}


def test_messages_are_whole_sentences_without_tricks():
    for message in messages.extracted():
        assert message.id == message.id.strip() or not message.id, message.id
        assert "(s)" not in message.id, message.id
        assert not message.pluralizable
