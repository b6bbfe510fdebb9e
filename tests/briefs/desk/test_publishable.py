"""What `briefs check` finds that would stop a build, or make it say something wrong, before it runs."""

import json
import shutil

import pytest

from briefs.desk import check


@pytest.fixture
def project(sample_project, tmp_path, monkeypatch):
    folder = shutil.copytree(sample_project, tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def described(project):
    """Change what the package says of the counts, or of itself."""

    def change(**fields):
        path = project / "data/datapackage.json"
        package = json.loads(path.read_text())
        package["resources"][1].update(fields)
        path.write_text(json.dumps(package))

    return change


def test_the_project_as_it_is_made_has_no_problems(project):
    assert check.problems() == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"title": ""}, "datapackage.json: table counts has no title"),
        (
            {"licenses": []},
            "datapackage.json: table counts states no licence, so it can't be published",
        ),
        (
            {"licenses": [{"name": "proprietary"}]},
            "datapackage.json: table counts has the licence 'proprietary', which isn't known to let",
        ),
    ],
)
def test_a_table_that_cannot_be_published_is_found(described, fields, said):
    described(**fields)
    assert any(problem.startswith(said) for problem in check.problems())


def test_a_table_that_nothing_describes_is_found(project):
    (project / "data/more").mkdir()
    (project / "data/more/loose.csv").write_text("a,b\n1,2\n")
    assert check.problems() == [
        "more/loose.csv: is in no resource of datapackage.json; describe it there, or take it away"
    ]


def test_a_source_of_a_claim_that_is_nowhere_is_found(project):
    path = project / "data/claims.yml"
    path.write_text(
        path.read_text("utf-8").replace("[town_counts]", "[town_counts, hearsay]"), "utf-8"
    )
    assert check.problems() == [
        "claims.yml: claim cycling-1, field source_ids: 'hearsay' is not in sources"
    ]


def test_a_column_of_sources_without_a_link_is_found(project):
    path = project / "data/datapackage.json"
    package = json.loads(path.read_text())
    del package["resources"][1]["schema"]["foreignKeys"]
    path.write_text(json.dumps(package))
    (problem,) = check.problems()
    assert "table counts: column source_id has no foreignKeys entry to sources" in problem


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "counts.csv",
            "2026-01,stated",
            "2027-01,stated",
            "counts.csv, line 4, column published: '2027-01' is",
        ),
        (
            "sources.csv",
            ",2026-01-31,",
            ",2026-02-01,",
            "sources.csv, line 2, column accessed: '2026-02-01' is",
        ),
    ],
)
def test_a_day_after_the_evidence_was_collected_is_found(project, file, old, new, said):
    path = project / "data" / file
    path.write_text(path.read_text().replace(old, new, 1))
    check.accept()
    (problem,) = check.problems()
    assert problem.startswith(said)
    assert problem.endswith(
        "later than the evidence was collected, 2026-01-31 (datapackage.json, created)"
    )


@pytest.mark.parametrize("text", ['_("Line chart of riders.")', '"Line chart of riders."'])
def test_an_alternative_text_that_can_hold_no_number_is_found(project, text):
    more = f'\n\ndef other(data):\n    """Show it."""\n    return Figure("f", "t", data, (), (), alt={text})\n'
    path = project / "cycling/counts.py"
    path.write_text(path.read_text() + more)
    found = [problem for problem in check.problems() if "alt" in problem]
    line = len(path.read_text().splitlines())
    assert found == [
        f"cycling/counts.py, line {line}: alt 'Line chart of riders.' says no number of what the figure shows"
    ]
