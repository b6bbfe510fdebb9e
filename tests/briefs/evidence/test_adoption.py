"""Decisions made into files: rows withdrawn and added, everything remembered, all at once."""

import datetime as dt
import importlib
import json
import os
import random
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

from briefs.evidence import (
    catalog,
    differences,
    feeds,
    holdings,
    memory,
    transaction,
    vintages,
)
from briefs.evidence.adoption import Adoption
from briefs.evidence.feeds import FeedError

sys.path.append(str(Path(__file__).parent))
living = importlib.import_module("evidence_package")
price, DAY = living.price, living.DAY
CONNECTORS = {name: living.reading((), living.PRICES) for name in ("catalogue", "bank")}
SNAPSHOTS = {
    "catalogue": {"sha256": "ab", "version": "1.0", "dated": "2026-12-14", "looked": "2026-12-15"}
}


@pytest.fixture
def root(tmp_path):
    return living.make(tmp_path / "data")


def proposed(root, *rows):
    feed = feeds.load(root)[0]
    rows = [{**row, feeds.LOOKED: DAY.isoformat()} for row in rows]
    held = holdings.read(root, "prices")
    return differences.compare(feed, "1.0", rows, held, memory.load(root)).items


def adoption(root, reviewer="R. Viewer", reason="read the seller's page", day=DAY):
    return Adoption(root, day, SNAPSHOTS, reviewer, reason)


def adopted(root, *rows, day=DAY):
    found = adoption(root, day=day)
    for item in proposed(root, *rows):
        found.accept(item, CONNECTORS)
    found.looked(())
    found.write()


def prices(root, known=None):
    frame = catalog.load("prices", known=known, root=root)
    frame = frame[["model", "start", "end", "input", "source_id"]].sort_values(["model", "start"])
    return [tuple(row) for row in frame.astype("string").fillna("open").to_numpy()]


def test_a_new_price_ends_the_one_before_and_nothing_is_lost(root):
    before = {
        day: catalog.load("prices", known=day, root=root)
        for day in (dt.date(2026, 11, 1), dt.date(2026, 12, 14))
    }
    old_bytes = vintages.known(holdings.read(root, "prices"), dt.date(2026, 12, 14))
    adopted(root, price("one", "2026-11-15", 1.5, 8.0))
    assert [row for row in prices(root) if row[0] == "one"] == [
        ("one", "2026-01-01", "2026-11-15", "2.0", "hand"),
        ("one", "2026-11-15", "open", "1.5", "catalogue_1_0"),
    ]
    for day, frame in before.items():
        assert catalog.load("prices", known=day, root=root).equals(frame)
    assert vintages.known(holdings.read(root, "prices"), dt.date(2026, 12, 14)) == old_bytes
    assert catalog.check(root=root) == []


def test_the_package_states_the_new_files_and_the_day(root):
    adopted(root, price("one", "2026-11-15", 1.5, 8.0))
    assert catalog.evidence_date(root=root) == DAY
    assert json.loads((root / "datapackage.json").read_text())["resources"][1]["rows"] == 6


def test_an_accepted_row_is_the_machines_and_names_its_snapshot(root):
    adopted(root, price("one", "2026-11-15", 1.5, 8.0))
    (source,) = list(catalog.sources(["catalogue_1_0"], root=root).to_dict("records"))
    assert source["title"] == "Test catalogue 1.0" and source["license"] == "MIT"
    assert (source["published"], source["grade"]) == ("2026-12-14", "C")
    kept = memory.load(root)
    assert kept.machine("prices") == {"A/one/2026-11-15/list/2026-12-15"}
    (decision,) = kept.decisions
    assert (decision.decision, decision.reviewer) == ("accept", "R. Viewer")
    (item,) = proposed(root, price("one", "2026-11-15", 1.4, 8.0))
    assert item.kind == "changed" and item.needs == ()


def test_a_disputed_row_is_withdrawn_and_its_successor_keeps_its_end(root):
    adopted(root, price("two", "2026-02-01", 5.0, 16.0))
    assert [row for row in prices(root) if row[0] == "two"] == [
        ("two", "2026-02-01", "2026-06-01", "5.0", "catalogue_1_0"),
        ("two", "2026-06-01", "open", "1.0", "hand"),
    ]
    assert ("two", "2026-02-01", "2026-06-01", "4.0", "hand") in prices(root, dt.date(2026, 12, 1))


def test_two_new_prices_of_one_model_follow_one_another(root):
    adopted(root, price("one", "2026-10-01", 1.5, 8.0), price("one", "2026-11-15", 1.2, 8.0))
    assert [row[1:4] for row in prices(root) if row[0] == "one"] == [
        ("2026-01-01", "2026-10-01", "2.0"),
        ("2026-10-01", "2026-11-15", "1.5"),
        ("2026-11-15", "open", "1.2"),
    ]


def test_a_price_found_late_stands_between_those_that_we_have(root):
    adopted(root, price("two", "2026-04-01", 3.0, 16.0))
    assert [row[1:4] for row in prices(root) if row[0] == "two"] == [
        ("2026-02-01", "2026-04-01", "4.0"),
        ("2026-04-01", "2026-06-01", "3.0"),
        ("2026-06-01", "open", "1.0"),
    ]


def test_a_vanished_row_is_given_up_and_may_return(root):
    adopted(root, price("one", "2026-11-15", 1.5, 8.0))
    rest = [row for row in living.SAME if row["model"] != "one"]
    later = DAY + dt.timedelta(10)
    adopted(root, *rest, day=later)
    assert [row[3] for row in prices(root) if row[0] == "one"] == ["2.0"]
    (item,) = list(proposed(root, *living.SAME, price("one", "2026-11-15", 1.5, 8.0)))
    assert item.kind == "returned"


def test_a_curated_row_needs_a_name_and_a_rejection_a_reason(root):
    (item,) = proposed(root, price("one", "2026-01-01", 3.0, 8.0))
    with pytest.raises(FeedError, match="--reviewer: the row is curated"):
        adoption(root, reviewer="").accept(item, CONNECTORS)
    with pytest.raises(FeedError, match="--reason"):
        adoption(root, reason=" ").reject(item)


def test_what_is_held_cant_be_accepted(root):
    (item,) = proposed(root, price("one", "2026-11-15", 0.002, 8.0))
    with pytest.raises(FeedError, match="can't be accepted"):
        adoption(root).accept(item, CONNECTORS)


def test_a_rejection_changes_no_table_and_is_remembered(root):
    before = catalog.checksums(root=root)
    (item,) = proposed(root, price("one", "2026-01-01", 3.0, 8.0))
    found = adoption(root)
    found.reject(item)
    found.write()
    assert catalog.checksums(root=root) == before and catalog.evidence_date(root=root) < DAY
    assert proposed(root, price("one", "2026-01-01", 3.0, 8.0)) == []
    assert memory.load(root).decisions[0].reason == "read the seller's page"


def test_an_unmatched_name_becomes_ours_or_never_comes_again(root):
    (item,) = proposed(root, price("uno", "2026-11-15", 1.5, 8.0))
    found = adoption(root)
    found.accept(item, CONNECTORS, "A/one")
    found.write()
    (row,) = proposed(root, price("uno", "2026-11-15", 1.5, 8.0))
    assert (row.kind, row.thing) == ("appeared", "A/one")
    with pytest.raises(FeedError, match="names nothing"):
        adoption(root).accept(item, CONNECTORS, "one")


def test_a_row_that_changed_in_between_is_not_overwritten(root):
    (item,) = proposed(root, price("one", "2026-01-01", 3.0, 8.0))
    adopted(root, price("one", "2026-01-01", 2.5, 8.0))
    with pytest.raises(FeedError, match="no row A/one/2026-01-01/list/2026-11-01"):
        adoption(root, day=DAY + dt.timedelta(1)).accept(item, CONNECTORS)


def test_nothing_is_decided_on_the_day_of_an_edition(root):
    vintage = vintages.Vintage(
        edition="2026-12",
        day=DAY,
        code="",
        tables=vintages.hashes(holdings.dated(root), DAY),
        numbers={},
        verdicts={},
    )
    (root / "editions/2026-12").mkdir(parents=True)
    (root / "editions/2026-12/vintage.json").write_bytes(vintages.written(vintage))
    with pytest.raises(FeedError, match="day of an edition"):
        adopted(root, price("one", "2026-11-15", 1.5, 8.0))
    look = adoption(root)
    look.looked(())
    look.write()
    adopted(root, price("one", "2026-11-15", 1.5, 8.0), day=DAY + dt.timedelta(1))
    assert list(vintages.breaches(root)) == []


def test_an_edited_row_breaks_the_edition(root):
    day = dt.date(2026, 12, 1)
    vintage = vintages.Vintage(
        edition="2026-12",
        day=day,
        code="",
        tables=vintages.hashes(holdings.dated(root), day),
        numbers={},
        verdicts={},
    )
    (root / "editions/2026-12").mkdir(parents=True)
    (root / "editions/2026-12/vintage.json").write_bytes(vintages.written(vintage))
    assert list(vintages.breaches(root)) == []
    path = root / "prices.csv"
    path.write_text(path.read_text().replace("list,2,8", "list,3,8"))
    (said,) = vintages.breaches(root)
    assert said.startswith(
        "editions/2026-12/vintage.json: prices no longer gives what was known on 2026-12-01"
    )


def test_the_look_is_remembered_and_the_snapshot_when_nothing_is_open(root):
    found = adoption(root)
    found.looked({"catalogue"})
    found.write()
    assert memory.load(root).lock == {"catalogue": {"looked": "2026-12-15"}}
    found = adoption(root)
    found.looked(())
    found.write()
    assert memory.load(root).lock["catalogue"]["sha256"] == "ab"


# -- killed --------------------------------------------------------------------------------------


def state(root):
    """Bytes of all files of the evidence."""
    hidden = (path for path in root.rglob("*") if path.is_file())
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in hidden
        if not any(part.startswith(".") for part in path.relative_to(root).parts)
    }


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of its forks
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
@pytest.mark.parametrize("rounds", [6, pytest.param(30, marks=pytest.mark.slow)])
def test_killed_at_any_moment_the_evidence_is_the_old_or_the_new(tmp_path, rounds):
    """Forks, so that the moments fall on the writing, not on the start of Python; they gather where it is decided."""
    new = living.make(tmp_path / "new")
    old = state(new)
    start = time.perf_counter()
    adopted(new, price("one", "2026-11-15", 1.5, 8.0), price("two", "2026-04-01", 3.0, 16.0))
    latest, moments = time.perf_counter() - start, random.Random(rounds)
    outcomes = []
    for number in range(rounds):
        root = living.make(tmp_path / f"data{number}")
        child = os.fork()
        if not child:
            try:
                adopted(
                    root,
                    price("one", "2026-11-15", 1.5, 8.0),
                    price("two", "2026-04-01", 3.0, 16.0),
                )
            finally:
                os._exit(0)
        time.sleep(moments.uniform(0, latest))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert catalog.check(root=root) == []  # reading it settles what was begun
        found = state(root)
        assert found in (old, state(new))
        outcomes.append(found == old)
        latest *= 1.5 if outcomes[-1] else 0.8
        assert not (root / transaction.PENDING).exists()
        adopted(root, *living.SAME, day=DAY + dt.timedelta(1))
        assert [path.name for path in root.glob(".*")] == []
    assert rounds < 30 or set(outcomes) == {True, False}


#: Whatever a writer does to the disk.
STEPS = (("os", "rename"), ("os", "replace"), ("shutil", "copyfile"), ("shutil", "rmtree"))


def dying(number, before):
    """Let this process end, as if killed, before or after its `number`-th step on the disk."""
    done = iter(range(1, 1000))

    def step(call):
        def made(*arguments, **options):
            last = next(done) == number
            if last and before:
                os._exit(9)
            found = call(*arguments, **options)
            if last:
                os._exit(9)
            return found

        return made

    for module, name in STEPS:
        module = getattr(transaction, module)
        setattr(module, name, step(getattr(module, name)))
    transaction._write = step(transaction._write)


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of its forks
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
@pytest.mark.parametrize("before", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_killed_at_each_step_the_evidence_is_the_old_or_the_new(tmp_path, before):
    root, rows = tmp_path / "data", (price("one", "2026-11-15", 1.5, 8.0), *living.SAME)
    living.make(root)
    old, found = state(root), []
    for number in range(1, 100):
        shutil.rmtree(root)
        living.make(root)
        child = os.fork()
        if not child:
            dying(number, before)
            adopted(root, *rows)
            os._exit(0)
        died = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
        assert catalog.check(root=root) == []
        found.append(state(root))
        if not died:
            break
    new = found[-1]
    assert number > 20 and old != new
    turn = found.index(new)
    assert found == [old] * turn + [new] * (len(found) - turn) and 0 < turn < len(found) - 1
