"""Further files of a table: from the record to the page, the PDF and the folder."""

import copy
from pathlib import Path
from urllib.parse import unquote

import pandas as pd
import pytest

from analysis.params import CostRevolution
from briefs.display.records import MIME, Column, Download, Table
from briefs.engine import plan, runner
from briefs.render import document, exporters
from briefs.render.cells import PublishError

TEXT = "BEGIN:VCALENDAR\r\nSUMMARY:a & b\r\nEND:VCALENDAR\r\n"


def record(*files):
    table = Table(
        "dates",
        "One date",
        pd.DataFrame({"day": ["2027-01-01"]}),
        (Column("day", "Day", "date"),),
        ("a",),
        files=files,
    )
    return table.record()


def with_files(notebook, *files):
    """The sample notebook, its first table given files."""
    found = copy.deepcopy(notebook)
    for cell in found.cells:
        for output in cell.get("outputs", ()):
            shown = output.get("data", {}).get(MIME, {})
            if shown.get("kind") == "table":
                shown["files"] = list(files)
                return found
    raise AssertionError("the sample has no table")


def test_a_record_names_its_files_only_where_there_are_any():
    assert "files" not in record()
    assert record(Download("x.ics", "text/calendar", TEXT))["files"] == [
        {"name": "x.ics", "mediatype": "text/calendar", "text": TEXT}
    ]


@pytest.fixture
def calendar():
    return {"name": "ai-dates.ics", "mediatype": "text/calendar", "text": TEXT}


def test_the_page_links_the_file_whole(notebook, calendar):
    page = exporters.render_html(document.build(with_files(notebook, calendar)))
    start = page.index('download="ai-dates.ics" href="') + len('download="ai-dates.ics" href="')
    address = page[start : page.index('"', start)]
    head, _, body = address.partition(",")
    assert head == "data:text/calendar;charset=utf-8" and unquote(body) == TEXT
    assert "Download as a calendar (ICS, 47 bytes)" in page


def files_of(notebook, formats):
    """What the runner would write of an executed notebook."""
    job = plan.Job(
        "cost-revolution", CostRevolution(), Path("cost-revolution.ipynb"), Path("out"), formats
    )
    return runner.render(notebook, job, {}, runner.Stages())


def test_the_folder_gets_the_file(notebook, calendar):
    files = files_of(with_files(notebook, calendar), ("html", "pdf"))
    assert files["data/ai-dates.ics"] == TEXT.encode()
    assert files["brief.pdf"].startswith(b"%PDF")


def test_without_files_nothing_changes(notebook):
    page = exporters.render_html(document.build(notebook))
    assert "text/calendar" not in page
    assert all(name.endswith(".csv") for name in files_of(notebook, ()) if name.startswith("data/"))


@pytest.mark.parametrize(
    "file",
    [
        *({"name": name} for name in ["../x.ics", "X.ics", "a/b.ics", "x", ".ics", "a b.ics"]),
        *({"name": name} for name in ["fig-1.csv", "evil.html", "evil.svg"]),
        {"mediatype": "text/html"},
    ],
    ids=str,
)
def test_a_file_that_could_leave_the_folder_or_be_a_page_is_refused(notebook, calendar, file):
    with pytest.raises(PublishError, match="no calendar to download"):
        document.build(with_files(notebook, calendar | file))
