"""What differs between an upstream and our rows, as items to be decided."""

import importlib
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from briefs.evidence import differences, feeds, holdings, memory, proposals
from briefs.evidence.memory import Decision, Memory, Name
from briefs.evidence.upstream.contract import UpstreamError

sys.path.append(str(Path(__file__).parent))
living = importlib.import_module("evidence_package")
SAME, price = living.SAME, living.price


@pytest.fixture
def root(tmp_path):
    return living.make(tmp_path / "data")


def compared(root, *rows, feed="catalogue", version="1.0", known=None, day=living.DAY):
    (found,) = [one for one in feeds.load(root) if one.id == feed]
    held = holdings.read(root, found.table)
    rows = [{**row, feeds.LOOKED: str(day)} for row in rows]
    return differences.compare(found, version, rows, held, known or memory.load(root))


def kinds(found):
    return [(item.kind, item.thing, item.when) for item in found.items]


def decision(item, kind="appeared", key="", added="", decision="accept"):
    return Decision(
        item, "catalogue", "1.0", kind, "prices", key, decision, "", "", "2026-12-01", added
    )


def accepted(*added):
    """What is remembered when these rows came from the upstream."""
    return Memory(decisions=tuple(decision(f"i{n}", added=key) for n, key in enumerate(added)))


ONE = "A/one/2026-01-01/list/2026-11-01"


def test_what_we_have_proposes_nothing(root):
    found = compared(root, *SAME)
    assert found.items == [] and found.counts["same"] == 4


def test_a_value_that_stands_on_another_day_is_known(root):
    assert compared(root, price("one", "2026-01-20", 2.0, 8.0)).items == []


def test_rounding_is_no_difference(root):
    assert compared(root, price("one", "2026-01-01", 2.001, 8.0)).items == []


def test_a_curated_row_is_disputed_and_needs_a_reviewer(root):
    (item,) = compared(root, price("one", "2026-01-01", 3.0, 8.0)).items
    assert (item.kind, item.key, item.needs) == ("disputed", ONE, ("the row is curated",))
    assert (item.old, item.new) == ({"input": "2", "output": "8"}, {"input": "3", "output": "8"})
    assert item.severity == pytest.approx(0.2) and item.tier == 1


def test_a_row_of_the_machine_changes(root):
    (item,) = compared(root, price("one", "2026-01-01", 2.05, 8.0), known=accepted(ONE)).items
    assert (item.kind, item.needs) == ("changed", ())
    assert item.tier == 2 and item.row["input"] == "2.05" and item.row["name"] == "One"


@pytest.mark.parametrize(("value", "tier"), [(3.0, 1), (2.7, 2), (2.08, 2), (2.03, 3)])
def test_tiers(root, value, tier):
    """|a - b| / (a + b): 0.2, 0.149, 0.0196 and 0.0074."""
    (item,) = compared(root, price("one", "2026-01-01", value, 8.0)).items
    assert item.tier == tier


def test_a_new_price_of_a_known_model_ends_the_row_before(root):
    (item,) = compared(root, price("one", "2026-11-15", 1.5, 8.0)).items
    assert kinds(compared(root, price("one", "2026-11-15", 1.5, 8.0))) == [
        ("appeared", "A/one", "2026-11-15")
    ]
    assert item.needs == ("it ends a curated row",)
    assert item.row["end"] == "" and item.row["basis"] == "announced"
    (free,) = compared(root, price("one", "2026-11-15", 1.5, 8.0), known=accepted(ONE)).items
    assert free.needs == ()


def test_a_price_ends_where_the_upstreams_next_begins(root):
    found = compared(
        root, price("one", "2026-10-15", 1.5, 8.0), price("one", "2026-11-15", 1.2, 8.0)
    )
    assert [item.row["end"] for item in found.items] == ["2026-11-15", ""]


def test_what_holds_from_a_later_day_is_held_until_then_whatever_was_decided(root):
    later = price("one", "2027-01-01", 1.5, 8.0)
    (held,) = compared(root, later).items
    assert (held.kind, held.row) == ("held", {}) and "only from 2027-01-01" in held.reason
    decided = replace(Memory(), decisions=(decision(held.id, "held", decision="reject"),))
    assert compared(root, later, known=decided).items == []
    (now,) = compared(root, later, known=decided, day="2027-01-01").items
    assert now.kind == "appeared"


def test_a_name_that_we_dont_know_is_asked_about_once(root):
    rows = price("four", "2026-01-01", 1.0, 2.0), price("four", "2026-05-01", 1.0, 1.0)
    (item,) = compared(root, *rows).items
    assert (item.kind, item.thing, item.count, item.row) == ("unmatched", "A/four", 2, {})
    known = replace(Memory(), decisions=(decision(item.id, "unmatched", decision="reject"),))
    assert compared(root, *rows, known=known).items == []


def test_the_crosswalk_gives_a_name_or_none(root):
    rows = [price("uno", "2026-01-01", 2.0, 8.0)]
    ours = Name("catalogue", "A/uno", "A/one", "accept", "", "", "")
    assert compared(root, *rows, known=Memory(names=(ours,))).items == []
    not_ours = replace(ours, ours="", state="reject")
    found = compared(root, *rows, known=Memory(names=(ours, not_ours)))
    assert found.items == [] and found.counts["seen"] == 0


def test_a_welcome_name_gives_rows(root):
    own = Name("catalogue", "A/four", "A/four", "accept", "", "", "")
    (item,) = compared(
        root, price("four", "2026-11-01", 1.0, 2.0), known=Memory(names=(own,))
    ).items
    assert (item.kind, item.row["name"], item.needs) == ("appeared", "four", ())


def test_providers_that_arent_taken_are_left_out(root):
    assert compared(root, price("one", "2026-11-01", 9.0, 9.0, provider="host")).counts["seen"] == 0


def test_a_vanished_model_and_one_that_returned(root):
    rows, path = [row for row in SAME if row["model"] != "one"], root / "prices.csv"
    assert compared(root, *rows).items == []  # curated: it never was there
    kept = path.read_text()
    path.write_text(kept.replace("01-01,hand,2026-11-01,", "01-01,catalogue_0_9,2026-11-01,"))
    (gone,) = compared(root, *rows, known=accepted(ONE)).items
    assert (gone.kind, gone.key, gone.row) == ("vanished", ONE, {})
    path.write_text(kept.replace("01-01,hand,2026-11-01,", "01-01,hand,2026-11-01,2026-12-01"))
    given_up = Memory(decisions=(decision("v", "vanished", key=ONE),))
    (back,) = compared(root, *SAME, known=given_up).items
    assert (back.kind, back.thing, back.row["input"]) == ("returned", "A/one", "2")


def test_a_price_a_thousand_times_too_low_is_held(root):
    (item,) = compared(root, price("one", "2026-11-15", 0.002, 8.0)).items
    assert item.kind == "held" and "30 times" in item.reason
    (item,) = compared(root, price("one", "2026-01-01", 0.002, 8.0)).items
    assert item.kind == "held"


def test_a_badly_dated_row_that_would_beat_the_frontier_is_held(root):
    (item,) = compared(root, price("one", "2026-11-15", 1.5, 8.0, basis="observed")).items
    assert item.kind == "held" and "nobody says since when" in item.reason
    (dated,) = compared(root, price("one", "2026-11-15", 1.5, 8.0, basis="documented")).items
    assert dated.kind == "appeared"
    (dearer,) = compared(root, price("one", "2026-11-15", 3.0, 9.0, basis="observed")).items
    assert dearer.kind == "appeared"


def test_a_new_model_that_would_beat_the_frontier_undated_is_held(root):
    own = Memory(names=(Name("catalogue", "A/four", "A/four", "accept", "", "", ""),))
    (item,) = compared(root, price("four", "2026-11-01", 0.1, 2.0, "observed"), known=own).items
    assert item.kind == "held"
    (item,) = compared(root, price("four", "2026-11-01", 5.0, 9.0, "observed"), known=own).items
    assert item.kind == "appeared"


def test_an_undated_price_is_never_a_row(root):
    assert compared(root, price("two", "", 1.0, 4.0)).items == []
    (item,) = compared(root, price("two", "", 1.2, 4.0)).items
    assert item.kind == "held" and "no day" in item.reason


def test_an_upstream_that_only_checks_never_adds(root):
    found = compared(
        root, price("one", "2026-11-15", 1.5, 8.0), price("new", "", 1.0, 1.0), feed="second"
    )
    assert kinds(found) == [("held", "A/one", "2026-11-15")]


def test_too_much_that_moved_at_once_is_another_upstream(root):
    lines = [
        f"A,m{n},M,2026-01-01,,list,2,8,announced,2026-01-01,hand,2026-11-01,\n" for n in range(30)
    ]
    with (root / "prices.csv").open("a") as stream:
        stream.writelines(lines)
    rows = [price(f"m{n}", "2026-01-01", 3.0 if n < 10 else 2.0, 8.0) for n in range(30)]
    with pytest.raises(UpstreamError, match="10 of 30") as caught:
        compared(root, *rows)
    assert caught.value.fault == "implausible"
    rows = [price(f"m{n}", "2026-01-01", 3.0 if n < 8 else 2.0, 8.0) for n in range(30)]
    assert len(compared(root, *rows).items) == 8


def test_exchange_rates_are_compared_by_year(root):
    def rate(year, value):
        return {"currency": "MYR", "year": year, "rate": value, "last": "2026-12-14"}

    found = compared(root, rate(2025, 4.2815), rate(2026, 4.05), rate(2024, 4.5), feed="bank")
    assert kinds(found) == [("disputed", "MYR", "2026"), ("appeared", "MYR", "2024")] or kinds(
        found
    ) == [
        ("appeared", "MYR", "2024"),
        ("disputed", "MYR", "2026"),
    ]


def test_what_was_decided_is_not_asked_again_unless_it_changes(root):
    (item,) = compared(root, price("one", "2026-01-01", 3.0, 8.0)).items
    known = Memory(decisions=(decision(item.id, "disputed", decision="reject"),))
    again = compared(root, price("one", "2026-01-01", 3.0, 8.0), known=known)
    assert again.items == [] and again.counts["decided"] == 1
    (other,) = compared(root, price("one", "2026-01-01", 3.5, 8.0), known=known).items
    assert other.id != item.id


def test_the_worst_comes_first_and_what_two_say_stands_once(root):
    items = compared(
        root,
        price("one", "2026-01-01", 2.5, 8.0),
        price("two", "2026-02-01", 8.0, 16.0),
        price("three", "2026-11-01", 0.4, 1.0, provider="b"),
    ).items
    twins = [replace(item, feed="other") for item in items]
    found = proposals.merged([*items, *twins])
    assert [(item.thing, item.also) for item in found] == [
        ("A/two", ("other",)),
        ("A/one", ("other",)),
        ("B/three", ("other",)),
    ]


def test_news_are_read_once(root):
    (feed,) = [one for one in feeds.load(root) if one.id == "catalogue"]
    rows = [{"title": "An order", "date": "2026-12-01", "looked": "2026-12-15"}]
    found = differences.news(feed, "1", rows, Memory())
    (item,) = found.items
    assert (item.kind, item.thing, item.when) == ("news", "An order", "2026-12-01")
    known = Memory(decisions=(decision(item.id, "news"),))
    assert differences.news(feed, "2", rows, known).items == []
