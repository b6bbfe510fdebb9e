"""The calendar file, read back by a reader of RFC 5545."""

import datetime as dt

import icalendar
import pytest
from hypothesis import given, strategies as st

from analysis.regulation.ics import ics

AS_OF = dt.date(2026, 11, 23)
ENTRY = {
    "date": "2026-12-31",
    "summary": "EU: AI Act, Article 50",
    "description": "Marking; of content\nlater",
    "category": "EU",
    "fixed": True,
}


def events(*entries, title="Dates", as_of=AS_OF):
    return icalendar.Calendar.from_ical(ics(entries, title, as_of)).walk("VEVENT")


def test_an_entry_read_back():
    (event,) = events(ENTRY)
    assert event.errors == []
    assert event["SUMMARY"] == ENTRY["summary"] and event["DESCRIPTION"] == ENTRY["description"]
    assert event["CATEGORIES"].cats == ["EU"]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (dt.date(2026, 12, 31), dt.date(2027, 1, 1))
    assert event["DTSTAMP"].dt == dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    assert event["UID"] == "2d14d086c27336dfe30d45fb@regulatory-outlook"
    assert (event["STATUS"], event["TRANSP"]) == ("CONFIRMED", "TRANSPARENT")


def test_the_calendar_has_what_the_standard_demands():
    text = ics([ENTRY], "Dates; of AI", AS_OF)
    assert text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20261231\r\n" in text
    calendar = icalendar.Calendar.from_ical(text)
    assert (calendar["VERSION"], calendar["CALSCALE"]) == ("2.0", "GREGORIAN")
    assert calendar["PRODID"] == "-//Evidence briefs//Regulatory outlook//EN"
    assert calendar["X-WR-CALNAME"] == "Dates; of AI"


@pytest.mark.parametrize("fixed, status", [(True, "CONFIRMED"), (False, "TENTATIVE")])
def test_a_date_that_does_not_stand_is_tentative(fixed, status):
    assert events(ENTRY | {"fixed": fixed})[0]["STATUS"] == status


def test_the_same_entries_give_the_same_bytes_and_each_its_own_id():
    other = ENTRY | {"date": "2027-01-01"}
    assert ics([ENTRY, other], "Dates", AS_OF) == ics([ENTRY, other], "Dates", AS_OF)
    first, second = (event["UID"] for event in events(ENTRY, other))
    assert first != second
    # known again in the next edition
    (later,) = events(ENTRY, title="Later", as_of=dt.date(2027, 1, 1))
    assert later["UID"] == first


def test_an_empty_calendar_is_still_one():
    assert events() == []


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=300))
def test_lines_are_short_and_read_back(text):
    (event,) = events(ENTRY | {"summary": text})
    assert event["SUMMARY"] == text
    lines = ics([ENTRY | {"summary": text}], "Dates", AS_OF).split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
