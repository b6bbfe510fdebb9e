"""Rows that were given up, and those that took their place."""

import json

import pytest

from briefs.evidence import catalog
from briefs.evidence.rows import read_package, read_table

FIELDS = [
    {"name": "source_id", "type": "string", "constraints": {"required": True}},
    {"name": "publisher", "type": "string"},
    {"name": "grade", "type": "string"},
    {"name": "published", "type": "date"},
    {"name": "recorded", "type": "date"},
    {"name": "withdrawn", "type": "date"},
]
PACKAGE = {
    "name": "small",
    "created": "2026-06-30T00:00:00Z",
    "resources": [
        {
            "name": "sources",
            "path": "sources.csv",
            "title": "Sources",
            "description": "Made-up sources.",
            "licenses": [{"name": "CC0-1.0"}],
            "schema": {"fields": FIELDS, "primaryKey": ["source_id", "recorded"]},
            "asOf": {"published": "published", "blank": []},
        }
    ],
}
HEADER = "source_id,publisher,grade,published,recorded,withdrawn\n"


@pytest.fixture
def make(tmp_path):
    def write(rows):
        (tmp_path / "sources.csv").write_text(HEADER + rows)
        package = tmp_path / "datapackage.json"
        package.write_text(json.dumps(PACKAGE))
        resource = read_package(tmp_path).resources[0]
        stated = PACKAGE["resources"][0] | read_table(tmp_path, resource).state
        package.write_text(json.dumps(PACKAGE | {"resources": [stated]}))
        return tmp_path

    return write


def test_a_row_may_take_the_place_of_one_with_its_key(make):
    root = make("a,Acme,D,2024-01-01,2026-01-01,2026-02-01\na,Acme,A,2024-01-01,2026-02-01,\n")
    assert catalog.check(root=root) == []
    assert list(catalog.load("sources", root=root)["grade"]) == ["A"]


def test_two_rows_that_count_may_not_share_a_key_though_recorded_on_two_days(make):
    root = make("a,Acme,D,2024-01-01,2026-01-01,\na,Acme,A,2024-01-01,2026-02-01,\n")
    (breach,) = catalog.check(root=root)
    assert (breach.column, breach.value) == ("source_id", "a")
    assert breach.rule == "repeats the key of line 2"
