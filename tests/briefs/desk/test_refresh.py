"""`briefs refresh`: looks that fail alone, proposals that change nothing, decisions that are remembered."""

import importlib
import json
import re
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import html5lib
import mistune
import pytest

from briefs.desk import proposal, redate, refresh
from briefs.evidence import catalog, memory
from briefs.evidence.feeds import FeedError
from briefs.evidence.upstream.contract import UpstreamError

sys.path.append(str(Path(__file__).parents[1] / "evidence"))
living = importlib.import_module("evidence_package")
SAME, price = living.SAME, living.price
HARMLESS = (Path(__file__).parents[2] / "harmless.js").read_text("utf-8")
RATES = ({"currency": "MYR", "year": 2025, "rate": 4.28, "last": "2025-12-31"},)


class World:
    """The upstreams as a test has them: rows of each, and what goes wrong with it."""

    def __init__(self, root):
        self.root, self.rows, self.faults = root, {}, {}
        self.rows = {"living_catalogue": SAME, "living_bank": RATES}
        self.licence, self.version = "l1", "1.0"

    def connector(self, name):
        layout = living.PRICES if name == "living_catalogue" else living.RATES
        return replace(living.reading(self.rows[name], layout), id=name)

    def fetch(self, found, settings, version, day):
        if found.id in self.faults:
            raise self.faults[found.id]
        return living.snapshot(self.rows[found.id], version or self.version, self.licence)

    def look(self, *names, day=living.DAY):
        found = refresh.look(names, self.how(day))
        refresh.keep(found)
        return found

    def how(self, day=living.DAY):
        return refresh.Look(self.root, day, self.fetch)


@pytest.fixture
def world(tmp_path, monkeypatch):
    made = World(living.make(tmp_path / "data"))
    monkeypatch.setattr(refresh, "connector", made.connector)
    monkeypatch.setattr(refresh, "folder", lambda: tmp_path / "proposals")
    monkeypatch.setattr(proposal, "folder", lambda: tmp_path / "proposals")
    return made


def states(found):
    return {entry["feed"]: entry["state"] for entry in found["feeds"]}


def decide(world, *only, accept=True, day=living.DAY, **ruling):
    return refresh.decide(list(only), refresh.Ruling(accept, **ruling), world.how(day))


def all_files(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_look_changes_nothing_in_the_evidence(world):
    before = all_files(world.root)
    world.rows["living_catalogue"] = (*SAME, price("one", "2026-11-15", 1.5, 8.0))
    assert [item["kind"] for item in world.look()["items"]] == ["appeared"]
    assert all_files(world.root) == before


@pytest.mark.parametrize("fault", ["unreachable", "too slow", "too large", "refused", "broken"])
def test_an_upstream_that_fails_keeps_no_other_back(world, fault):
    world.faults["living_bank"] = UpstreamError(fault, "of a test")
    world.rows["living_catalogue"] = (*SAME, price("one", "2026-11-15", 1.5, 8.0))
    found = world.look()
    assert states(found) == {"catalogue": "changed", "second": "changed", "bank": "failed"}
    assert len(found["items"]) == 1 and refresh.is_news(found)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ((), "too few rows"),
        ((*SAME, SAME[0]), "repeated keys"),
        (({**SAME[0], "extra": 1},), "layout"),
        (({"provider": "a"},), "layout"),
        ((price("one", "2026-11-15", 0.000002, 8.0),), "implausible"),
    ],
)
def test_rows_of_another_layout_are_an_error_of_that_upstream(world, rows, fault):
    world.rows["living_catalogue"] = rows
    found = world.look()
    assert next((e["state"], e.get("fault")) for e in found["feeds"]) == ("failed", fault)
    assert states(found)["bank"] == "changed" and found["items"] == []


def test_fewer_rows_than_last_time_are_an_error(world):
    world.look()
    decide(world)
    world.rows["living_catalogue"] = SAME[:2]
    (entry, *_rest) = world.look()["feeds"]
    assert (entry["state"], entry["fault"]) == ("failed", "too few rows")


def test_equal_bytes_are_no_proposal(world):
    world.look()
    decide(world)
    found = world.look()
    assert set(states(found).values()) == {"equal"} and not refresh.is_news(found)


def test_the_last_look_is_remembered_though_nothing_came(world):
    world.look()
    decide(world)
    later = living.DAY.replace(day=28)
    world.look(day=later)
    decide(world, day=later)
    lock = memory.load(world.root).lock
    assert {entry["looked"] for entry in lock.values()} == {"2026-12-28"}
    assert {entry["retrieved"] for entry in lock.values()} == {"2026-12-15"}


def test_a_failed_look_is_no_look_at_its_snapshot(world):
    world.faults["living_bank"] = UpstreamError("unreachable", "of a test")
    world.look()
    decide(world)
    assert "sha256" not in memory.load(world.root).lock["bank"]


def test_another_licence_and_another_layout_are_told(world):
    world.look()
    decide(world)
    world.licence = "l2"
    rows = tuple({**row, "name": "N"} for row in SAME)
    world.rows["living_catalogue"] = rows
    (entry, *_rest) = world.look()["feeds"]
    assert [note["what"] for note in entry["notes"]] == ["licence", "layout"]
    assert entry["notes"][1]["text"] == "has besides name"


def test_another_licence_alone_is_told_too(world):
    world.look()
    decide(world)
    world.licence = "l2"
    found = world.look()
    assert [n["what"] for n in found["feeds"][0]["notes"]] == ["licence"] and refresh.is_news(found)


def test_one_feed_in_a_version_of_its_own(world):
    found = world.look("catalogue@0.9")
    assert [(e["feed"], e["version"]) for e in found["feeds"]] == [("catalogue", "0.9")]
    with pytest.raises(
        FeedError, match="there is no feed nowhere; there are catalogue, second, bank"
    ):
        world.look("nowhere")


def changed(world, *more):
    world.rows["living_catalogue"] = (
        *(row for row in SAME if row["model"] != "one"),
        price("one", "2026-01-01", 3.0, 8.0),
        *more,
    )
    return world.look()


def test_decisions_come_one_by_one_and_are_not_asked_again(world):
    found = changed(world, price("three", "2026-11-15", 0.4, 1.0, provider="b"))
    first, second = (item["id"] for item in found["items"])
    assert decide(world, first, reviewer="R. V.") == [f"accepted {first}: A/one 2026-01-01"]
    assert "sha256" not in memory.load(world.root).lock["catalogue"]  # one is open
    decide(world, second, accept=False, reason="the seller's page says 0.5")
    assert "sha256" in memory.load(world.root).lock["catalogue"]
    frame = catalog.load("prices", root=world.root)
    assert sorted(frame["input"]) == [0.5, 1, 3, 4]
    world.version = "1.1"
    world.rows["living_catalogue"] = world.rows["living_catalogue"][::-1]
    assert world.look(day=living.DAY.replace(day=20))["items"] == []


def test_all_or_none(world):
    found = changed(world, price("three", "2026-11-15", 0.001, 1.0, provider="b"))
    before = all_files(world.root)
    with pytest.raises(FeedError, match="can't be accepted"):
        decide(world, *(item["id"] for item in found["items"]), reviewer="R. V.")
    assert all_files(world.root) == before


def test_patterns_name_many_and_a_wrong_one_is_said(world):
    rows = [price(f"m{n}", "2026-11-15", 1.0, 1.0) for n in range(3)]
    world.rows["living_catalogue"] = (*SAME, *rows)
    world.look()
    assert len(decide(world, "catalogue/unmatched/*", accept=False, reason="no scores")) == 3
    with pytest.raises(FeedError, match="nothing that was proposed is called x"):
        decide(world, "x")


def test_a_name_that_became_ours_is_looked_at_again_though_nothing_new_came(world):
    new = [price(f"m{n}", "2026-11-15", 1.0, 2.0) for n in range(2)]
    world.rows["living_catalogue"] = (*SAME, *new)
    first, second = world.look()["items"]
    decide(world, first["id"], ours="A/m-0")
    decide(world, second["id"], accept=False, reason="no scores")
    (row,) = world.look()["items"]
    assert (row["kind"], row["thing"]) == ("appeared", "A/m-0")
    decide(world, row["id"], reviewer="R. V.")
    assert states(world.look())["catalogue"] == "equal"


def test_a_table_that_changed_since_is_looked_at_again(world):
    found = changed(world)
    path = world.root / "prices.csv"
    path.write_text(path.read_text().replace("B,three,Three", "B,three,Trois"))
    catalog.accept(root=world.root)
    with pytest.raises(FeedError, match="prices changed since"):
        decide(world, found["items"][0]["id"], reviewer="R. V.")


def weighed(found, *claims):
    flips = [
        {"claim": c, "was": "supported", "becomes": "mixed", "tables": ["prices"]} for c in claims
    ]
    numbers = [
        {
            "report": "r",
            "number": "n",
            "unit": "1",
            "moved": True,
            "old": 1.0,
            "old_low": 0.5,
            "old_high": 1.5,
        }
        | {
            "calendar": 1.0,
            "new": 1.25,
            "new_low": 1.0,
            "new_high": 1.5,
            "difference": 0.25,
            "half_widths": 0.5,
        }
    ]
    rest = {
        "flips_of_the_calendar": [],
        "code": [],
        "reports": ["r"],
        "tables": ["prices"],
        "day": "2026-12-15",
    }
    found = {**found, "impact": {"flips": flips, "numbers": numbers, **rest}}
    refresh.keep(found)
    return found


def free_row(world):
    """Propose a row that touches no curated one."""
    world.rows["living_catalogue"] = (*SAME, price("two", "2026-01-01", 5.0, 20.0))
    return world.look()


def test_a_verdict_that_flips_needs_a_reviewer(world):
    found = weighed(free_row(world), "cost-1")
    (item,) = found["items"]
    assert not item["needs"]
    with pytest.raises(FeedError, match=r"would flip \(cost-1\): give the --reviewer"):
        decide(world, item["id"])
    decide(world, item["id"], reviewer="R. V.")


def test_without_a_flip_the_machines_rows_need_none(world):
    found = weighed(free_row(world))
    assert decide(world, found["items"][0]["id"])


def test_an_impact_that_nobody_weighed_needs_a_reviewer(world):
    found = free_row(world)
    with pytest.raises(FeedError, match="wasn't weighed"):
        decide(world, found["items"][0]["id"])


def test_nothing_is_decided_before_a_look(world):
    with pytest.raises(FeedError, match="run `briefs refresh` first"):
        decide(world, "x")


def test_rows_that_contradict_one_another_are_weighed_without_the_second(world, monkeypatch):
    world.rows["living_catalogue"] = (
        *SAME,
        price("three", "2026-11-15", 0.4, 1.0, provider="b"),
    )
    found = world.look()
    twin = {**found["items"][0], "id": "other/appeared/1", "new": {"input": "0.3", "output": "1"}}
    found["items"].append(twin)
    given = []

    def run(data, scratch, adopt, tables, day):
        copy = scratch / "data"
        shutil.copytree(data, copy)
        adopt(copy)
        given.append(len(catalog.load("prices", root=copy)))
        return {"numbers": [], "flips": []}

    monkeypatch.setattr(refresh.impact, "run", run)
    weighed = refresh.weigh(found, world.how())
    assert given == [5] and len(weighed["impact"]["left_out"]) == 1


def test_notebooks_that_dont_run_on_the_rows_are_told(world, monkeypatch):
    def run(*arguments):
        raise FeedError("the notebooks don't run on this evidence: cell 3")

    monkeypatch.setattr(refresh.impact, "run", run)
    world.rows["living_catalogue"] = (*SAME, price("two", "2026-01-01", 5.0, 20.0))
    found = refresh.weigh(world.look(), world.how())
    assert found["impact"] is None and "cell 3" in proposal.page(found)


# -- the page ------------------------------------------------------------------------------------


def test_the_page_says_what_moves_first_and_nothing_of_it_runs(world):
    evil = "<script>alert(1)</script>"
    world.rows["living_catalogue"] = (*SAME, price(evil, "2026-11-15", 1.0, 1.0))
    page = proposal.page(weighed(world.look(), "cost-1"))
    assert "default-src &#39;none&#39;" in page
    assert "&lt;script&gt;" in page
    assert evil not in page
    order = [
        page.index(words) for words in ("What it would move", "The upstreams", "Names that we")
    ]
    assert order == sorted(order)
    assert "<strong>mixed</strong>" in page and "1 of 1 move" in page


def test_files_of_a_proposal(world, tmp_path):
    world.faults["living_bank"] = UpstreamError("unreachable", "of a test")
    target = proposal.write(weighed(changed(world), "cost-1"))
    assert target == tmp_path / "proposals/2026-12-15"
    assert json.loads((target / proposal.PROPOSAL).read_bytes())["items"][0]["kind"] == "disputed"
    text = (target / proposal.TEXT).read_text()
    assert "- **cost-1**: supported → mixed" in text and "| r | n | 1 | 1.25 | 0.5 |" in text
    assert "bank: unreachable: of a test" in text


@pytest.fixture
def hostile(world, attacks):
    """A proposal in which the upstreams wrote everything they can write."""
    rows = [price(attack, "2026-11-15", 1.0, 1.0) for attack in attacks.all]
    world.rows["living_catalogue"] = (*SAME, *rows)
    world.faults["living_bank"] = UpstreamError("unreachable", "\n".join(attacks.all))
    world.version, world.licence = attacks.all[0], attacks.all[1]
    found = weighed(world.look(), "cost-1")
    item = next(one for one in found["items"] if one["kind"] == "unmatched")
    words = ("id", "thing", "when", "reason")
    for attack in attacks.all:  # whatever an upstream's rows are made of
        said = dict.fromkeys(words, attack) | {"needs": [attack], "also": [attack]}
        found["items"].append({**item, **said, "new": {attack: attack}, "old": {attack: attack}})
    return found


@pytest.mark.browser
def test_nothing_that_an_upstream_says_does_anything_on_the_page(
    hostile, open_page, tmp_path, monkeypatch
):
    monkeypatch.setattr(proposal, "SHOWN", 10_000)
    (tmp_path / "index.html").write_text(proposal.page(hostile), "utf-8", newline="")
    page = open_page((tmp_path / "index.html").as_uri())
    assert page.evaluate(HARMLESS) == []
    assert page.heard == [("request", (tmp_path / "index.html").as_uri())]


def test_what_an_upstream_says_is_no_markdown(hostile, monkeypatch):
    monkeypatch.setattr(proposal, "SHOWN", 10_000)
    monkeypatch.setattr(proposal, "LONGEST", 10**7)
    text = proposal.text(hostile)
    made = html5lib.parse(mistune.html(text), namespaceHTMLElements=False)
    tags = {element.tag for element in made.iter()}
    ours = "html head body p ul li h2 code table thead tbody tr th td strong"
    assert tags == {*ours.split()}
    said = re.sub("`[^`]*`", "", text)  # code mentions nobody
    assert "@somebody" not in said and "@SUM" not in said and "@\u200bSUM" in said


def test_a_text_too_long_for_a_pull_request_is_cut_and_says_so(world, monkeypatch):
    monkeypatch.setattr(proposal, "LONGEST", 200)
    text = proposal.text(changed(world))
    assert len(text) < 320 and "More than fits here" in text


def test_lines_for_the_terminal(world):
    found = changed(world, price("four", "2026-11-15", 1.0, 1.0))
    said = list(proposal.lines(found))
    assert said[0].startswith("catalogue: 1.0: 5 seen, 3 same")
    assert any(
        "A/one 2026-01-01; input 2 → 3, output 8 → 8; needs a reviewer" in line for line in said
    )
    assert said[-1] == "1 unmatched: see the page"


# -- the day -------------------------------------------------------------------------------------


def test_the_day_goes_into_the_notebooks_and_nothing_else(tmp_path, monkeypatch):
    from briefs.project import project

    here = project()
    for path in here.notebooks.glob("*.ipynb"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    there = replace(here, notebooks=tmp_path)
    today = catalog.evidence_date()
    assert redate.redate(there, today) == []
    day = today.replace(year=today.year + 1)
    assert len(redate.redate(there, day)) == len(list(tmp_path.glob("*.ipynb")))
    for path in here.notebooks.glob("*.ipynb"):
        was, now = path.read_text("utf-8"), (tmp_path / path.name).read_text("utf-8")
        assert now == was.replace(today.isoformat(), day.isoformat())
