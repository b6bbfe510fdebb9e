"""The calendar file against RFC 5545, read back by a reader of its own."""

import datetime as dt

from hypothesis import given, strategies as st

from analysis.regulation.ics import escape, fold, ics

AS_OF = dt.date(2026, 11, 23)
ENTRY = {
    "date": "2026-12-31",
    "summary": "EU: AI Act, Article 50",
    "description": "Marking; of content\nlater",
    "category": "EU",
    "fixed": True,
}


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def test_an_entry_by_hand():
    lines = unfolded(ics([ENTRY], "Dates", AS_OF))
    assert lines[:3] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Evidence briefs//Regulatory outlook//EN",
    ]
    assert lines[-2:] == ["END:VCALENDAR", ""]
    event = lines[lines.index("BEGIN:VEVENT") : lines.index("END:VEVENT")]
    assert event[2:] == [
        "DTSTAMP:20261123T000000Z",
        "DTSTART;VALUE=DATE:20261231",
        "DTEND;VALUE=DATE:20270101",
        "SUMMARY:EU: AI Act\\, Article 50",
        "DESCRIPTION:Marking\\; of content\\nlater",
        "CATEGORIES:EU",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
    ]
    assert event[1].startswith("UID:") and event[1].endswith("@regulatory-outlook")


def test_a_date_that_does_not_stand_is_tentative():
    assert "STATUS:TENTATIVE" in unfolded(ics([ENTRY | {"fixed": False}], "Dates", AS_OF))


def test_the_same_entries_give_the_same_bytes_and_each_its_own_id():
    other = ENTRY | {"date": "2027-01-01"}
    text = ics([ENTRY, other], "Dates", AS_OF)
    assert text == ics([ENTRY, other], "Dates", AS_OF)
    ids = [line for line in unfolded(text) if line.startswith("UID")]
    assert len(set(ids)) == 2
    assert ids[0] in unfolded(
        ics([ENTRY], "Later", dt.date(2027, 1, 1))
    )  # known again in the next edition


def test_an_empty_calendar_is_still_one():
    assert unfolded(ics([], "Dates", AS_OF))[-2] == "END:VCALENDAR"


def test_what_means_something_is_escaped():
    assert escape("a\\b;c,d\r\ne") == "a\\\\b\\;c\\,d\\ne"


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=300))
def test_lines_are_short_and_fold_back(text):
    folded = fold(text)
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == text
