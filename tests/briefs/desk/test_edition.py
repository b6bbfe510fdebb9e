"""An edition is opened, frozen once, and says from its numbers what it changed."""

import datetime as dt
import json
import shutil
import subprocess
from dataclasses import replace

import pytest
import yaml

from briefs.desk import edition, impact, rules
from briefs.evidence import catalog, holdings, vintages
from briefs.evidence.feeds import FeedError
from briefs.evidence.vintages import Vintage
from briefs.project import project
from briefs.render import editions

DAY = catalog.evidence_date()
LATER = DAY + dt.timedelta(32)
LOG = f"""# The editions of the briefs, newest first.
#   published    day on which it was first published

- id: "2026-11"
  published: "{DAY}"
  updated: "{DAY}"
  changes:
    en: This is the first edition; there is none before it to compare with.
    ms: Ini edisi pertama; tiada edisi terdahulu untuk dibandingkan.
  corrections: []
  reviewed: {{}}
  frozen: {{}}
"""
MATRIX = """reports:
  overview:
    sets:
      - {name: "2026-11", edition: true, as_of: 2026-11-29}

  cost-revolution:
    sets:
      - {name: "2026-11", edition: true, as_of: 2026-11-29}
    grid: &months
      - name: as-of-{as_of}
"""
SENTENCE = {"en": "Prices of three models were added.", "ms": "Harga tiga model ditambah."}


def number(value, low=None, high=None, unit="1"):
    return {"value": value, "low": low, "high": high, "unit": unit, "n": 3}


def results(numbers, **verdicts):
    claims = [
        {"id": name.replace("_", "-"), "verdict": verdict} for name, verdict in verdicts.items()
    ]
    return {"numbers": numbers, "claims": claims, "provenance": {"evidence": {"prices": "x"}}}


def vintage(name="2026-11", day=dt.date(2026, 11, 29), numbers=None, verdicts=None, **more):
    return Vintage(
        edition=name,
        day=day,
        code="c",
        tables={},
        numbers={"cost": numbers or {}},
        verdicts={"cost": verdicts or {}},
        **more,
    )


# -- what changed --------------------------------------------------------------------------------


def test_numbers_are_compared_in_half_widths():
    before = vintage(numbers={"fall": number(0.8, 0.7, 0.9), "same": number(1.0, 0.5, 1.5)})
    now = vintage(
        "2026-12",
        dt.date(2026, 12, 31),
        {"fall": number(0.85, 0.75, 0.95), "same": number(1.0, 0.5, 1.5), "new": number(2.0)},
    )
    found = edition.changed(before, now, catalog.data_root())
    first, second = found["numbers"]
    assert (first["number"], first["old"], first["new"]) == ("fall", 0.8, 0.85)
    assert first["half_widths"] == pytest.approx(0.5) and first["difference"] == pytest.approx(0.05)
    assert (second["number"], second["old"], second["new"]) == ("new", None, 2.0)
    assert (found["before"], found["edition"], found["code"]) == ("2026-11", "2026-12", False)


def test_a_number_that_went_is_told():
    before, now = (
        vintage(numbers={"fall": number(0.8, 0.7, 0.9)}),
        vintage("2026-12", dt.date(2026, 12, 31)),
    )
    (gone,) = edition.changed(before, now, catalog.data_root())["numbers"]
    assert (gone["old"], gone["new"], gone["half_widths"]) == (0.8, None, None)


def test_the_tenth_digit_is_no_change():
    before = vintage(numbers={"fall": number(0.8, 0.7, 0.9)})
    now = vintage("2026-12", dt.date(2026, 12, 31), {"fall": number(0.8 + 1e-11, 0.7, 0.9)})
    assert edition.changed(before, now, catalog.data_root())["numbers"] == []


def test_verdicts_that_turned_are_told():
    before = vintage(verdicts={"cost-1": "supported", "cost-2": "mixed"})
    now = vintage("2026-12", dt.date(2026, 12, 31), verdicts={"cost-1": "mixed", "cost-2": "mixed"})
    assert edition.changed(before, now, catalog.data_root())["verdicts"] == [
        {"claim": "cost-1", "report": "cost", "was": "supported", "becomes": "mixed"}
    ]


def test_rows_taken_in_and_given_up_are_counted_by_table():
    """The evidence itself: what was renewed between its two days of collection."""
    moved = vintages.moves(catalog.data_root(), dt.date(2026, 11, 23), dt.date(2026, 11, 29))
    prices = next(row for row in moved if row["table"] == "model-prices")
    assert prices["added"] > 0 and prices["withdrawn"] > 0
    assert vintages.moves(catalog.data_root(), dt.date(2027, 1, 1), dt.date(2027, 2, 1)) == []


def test_the_first_edition_has_none_before_it():
    found = edition.changed(None, vintage(), catalog.data_root())
    assert found["before"] is None and found["numbers"] == []


# -- the log and the matrix ----------------------------------------------------------------------


def test_an_entry_stands_above_the_newest_and_below_the_words_of_the_file():
    text = edition._with_entry(LOG, "2026-12", SENTENCE, dt.date(2026, 12, 31))
    assert text.startswith("# The editions of the briefs, newest first.\n#   published ")
    newest, before = yaml.safe_load(text)
    assert (newest["id"], newest["published"], newest["frozen"]) == ("2026-12", "2026-12-31", {})
    assert newest["changes"] == SENTENCE and before == yaml.safe_load(LOG)[0]
    assert editions.Edition.model_validate(newest)


def test_each_report_gets_a_set_and_nothing_else_changes():
    text = edition._with_sets(MATRIX, "2026-12", "2026-11", dt.date(2026, 12, 31))
    line = '      - {name: "2026-12", edition: true, as_of: 2026-12-31}\n'
    assert text.count(line) == 2 and text.replace(line, "") == MATRIX
    with pytest.raises(FeedError, match="has no set of edition 2026-10"):
        edition._with_sets(MATRIX, "2026-12", "2026-10", dt.date(2026, 12, 31))


def test_hashes_go_into_their_entry_alone():
    text = edition._with_entry(LOG, "2026-12", SENTENCE, dt.date(2026, 12, 31))
    found = edition._with_hashes(text, "2026-12", {"en/cost": "ab", "ms/cost": "cd"})
    newest, before = yaml.safe_load(found)
    assert newest["frozen"] == {"en/cost": "ab", "ms/cost": "cd"} and before["frozen"] == {}
    older = edition._with_hashes(found, "2026-11", {"en/cost": "ef"})
    assert [entry["frozen"] for entry in yaml.safe_load(older)][1] == {"en/cost": "ef"}
    with pytest.raises(FeedError, match="no line 'frozen"):
        edition._with_hashes(older, "2026-11", {"en/cost": "ef"})


@pytest.mark.parametrize(
    ("name", "sentence", "said"),
    [
        ("december", SENTENCE, "is no edition"),
        ("2026-11", SENTENCE, "isn't after 2026-11"),
        ("2026-12", SENTENCE, "isn't frozen yet"),
    ],
)
def test_what_is_no_new_edition(name, sentence, said, log):
    log(LOG)
    with pytest.raises(FeedError, match=said):
        edition.open_(name, sentence, dt.date(2026, 12, 31))


def test_a_person_must_say_what_changed_in_both_languages(log):
    log(LOG.replace("frozen: {}", f'frozen: {{"en/cost": "{"0" * 64}"}}'))
    with pytest.raises(FeedError, match="--ms"):
        edition.open_("2026-12", {"en": "Something.", "ms": " "}, dt.date(2026, 12, 31))


# -- freezing ------------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path, monkeypatch, log):
    """A site with the edition of November built by hand, and the evidence beside it."""
    data, out = tmp_path / "data", tmp_path / "site"
    shutil.copytree(
        catalog.data_root(), data, ignore=shutil.ignore_patterns("forecasts", "editions", ".*")
    )
    (data / "editions.yml").write_text(LOG)
    log(LOG)
    monkeypatch.setenv("BRIEFS_DATA", str(data))
    for job in edition_jobs():
        numbers = {"fall": number(0.8, 0.7, 0.9)}
        path = out / job.place / "results.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(results(numbers, cost_1="mixed")))
    return data, out


def edition_jobs():
    from briefs.desk import request

    return list(request.read(None, names=["2026-11"]).jobs())


def test_freezing_stores_hashes_numbers_and_what_was_known(site, log):
    data, out = site
    assert edition.freeze("2026-11", out)["before"] is None
    (kept,) = vintages.load(data)
    assert kept.numbers["cost-revolution"]["fall"]["value"] == 0.8
    assert kept.tables == vintages.hashes(holdings.dated(data), DAY) and len(kept.tables) > 30
    assert len(editions.load(data / "editions.yml")[0].frozen) == len(edition_jobs())
    assert list(vintages.breaches(data)) == []
    log((data / "editions.yml").read_text())
    with pytest.raises(FeedError, match="is frozen"):
        edition.freeze("2026-11", out)


def test_one_that_nobody_has_read_is_frozen_anew_with_those_after_it(site, log):
    data, out = site
    edition.freeze("2026-11", out)
    before = (data / "editions.yml").read_text()
    log(edition._with_entry(before, "2026-12", SENTENCE, LATER))
    (data / "editions.yml").write_text(
        editions_text := edition._with_entry(before, "2026-12", SENTENCE, LATER)
    )
    assert edition.reopen("2026-11") == ["2026-11", "2026-12"]
    assert vintages.load(data) == () and not list(data.glob("forecasts/*"))
    assert (data / "editions.yml").read_text() == edition._with_entry(
        LOG, "2026-12", SENTENCE, LATER
    )
    log((data / "editions.yml").read_text())
    edition.freeze("2026-11", out)
    assert (data / "editions.yml").read_text() == editions_text


def test_one_that_was_corrected_is_not_frozen_anew(site, log):
    wrong = "{date: 2030-01-01, report: all, text: {en: A slip., ms: Silap.}}"
    log(
        LOG.replace("corrections: []", f"corrections: [{wrong}]").replace(
            f'updated: "{DAY}"', "updated: 2030-01-01"
        )
    )
    with pytest.raises(FeedError, match="log another correction"):
        edition.reopen("2026-11")
    with pytest.raises(FeedError, match="no edition 2020-01"):
        edition.reopen("2020-01")


def test_an_edition_that_isnt_built_in_full_is_not_frozen(site):
    data, out = site
    shutil.rmtree(out / "ms")
    with pytest.raises(FeedError, match="ms/cost-revolution"):
        edition.freeze("2026-11", out)
    assert vintages.load(data) == ()


def test_a_published_number_that_moved_without_an_entry_is_a_breach(site, log):
    data, out = site
    edition.freeze("2026-11", out)
    page = out / "en/cost-revolution/results.json"
    page.write_text(json.dumps(results({"fall": number(0.8, 0.7, 0.9)})))
    assert list(edition.unlogged(out)) == []
    page.write_text(json.dumps(results({"fall": number(0.81, 0.7, 0.9)})))
    (said,) = edition.unlogged(out)
    assert said.startswith(
        "cost-revolution: fall is 0.81, and edition 2026-11 has 0.8: make a new edition"
    )
    text = edition._with_entry(
        (data / "editions.yml").read_text(), "2026-12", SENTENCE, dt.date(2026, 12, 31)
    )
    log(text)
    assert list(edition.unlogged(out)) == []


# -- what an edition knew ------------------------------------------------------------------------


def test_an_edition_is_run_on_what_was_known_on_its_day(monkeypatch, log):
    log(LOG)
    (first, *_rest) = edition_jobs()
    assert first.known == ""  # it is of the day of the evidence, so it knows no less
    before = (DAY - dt.timedelta(1)).isoformat()
    log(LOG.replace(DAY.isoformat(), before))
    assert first.known == before and replace(first, name="").known == ""
    early = dt.date(2026, 11, 23)
    monkeypatch.setenv("BRIEFS_KNOWN", early.isoformat())
    assert catalog.load("model-prices").equals(catalog.load("model-prices", known=early))
    assert catalog.evidence_date() == early
    frame = catalog.sources()
    assert list(frame["source_id"]) == list(catalog.load("sources", known=early)["source_id"])
    monkeypatch.delenv("BRIEFS_KNOWN")
    assert len(catalog.load("model-prices")) > len(catalog.load("model-prices", known=early))


def test_the_day_stands_in_the_notebook_that_is_run():
    from briefs.engine import kernels, notebooks

    nb = notebooks.read(project().notebook("cost-revolution"))
    found = kernels.inject(nb, {"level": 0.8}, {"BRIEFS_KNOWN": "2026-11-29"})
    (cell,) = [cell for cell in found.cells if cell.id == kernels.INJECTED]
    assert "level = 0.8" in cell.source and "'BRIEFS_KNOWN': '2026-11-29'" in cell.source
    plain = kernels.inject(notebooks.read(project().notebook("overview")), {}, {"BRIEFS_KNOWN": ""})
    assert all("environ" not in cell.source for cell in plain.cells if cell.id == kernels.INJECTED)


# -- impact --------------------------------------------------------------------------------------


def test_impact_tells_rows_from_the_calendar_and_from_code(tmp_path, monkeypatch):
    """Three passes: what was, the new day alone, the new rows; a report that reads no changed table isn't run again."""
    data = tmp_path / "data"
    shutil.copytree(catalog.data_root(), data, ignore=shutil.ignore_patterns("editions", ".*"))
    runs = []

    def built(folder, out, reports=()):
        day = json.loads((folder / "datapackage.json").read_text())["created"][:10]
        adopted = (folder / "adopted").exists()
        runs.append((day, adopted, list(reports)))
        fall = 0.8 + 0.02 * (day > DAY.isoformat()) + 0.05 * adopted
        cost = results(
            {"fall": number(fall, fall - 0.1, fall + 0.1)},
            cost_1="mixed" if adopted else "supported",
        )
        other = results({"still": number(1.0)})
        other["provenance"] = {"evidence": {"hardware": "x"}}
        return {"cost": cost} if reports else {"cost": cost, "other": other}

    monkeypatch.setattr(impact, "results", built)
    found = impact.run(
        data,
        tmp_path / "scratch",
        lambda folder: (folder / "adopted").touch(),
        ["prices"],
        LATER,
    )
    assert runs == [
        (DAY.isoformat(), False, []),
        (LATER.isoformat(), False, ["cost"]),
        (LATER.isoformat(), True, ["cost"]),
    ]
    fall, still = found["numbers"]
    assert (fall["old"], fall["calendar"]) == (0.8, pytest.approx(0.82))
    assert fall["new"] == pytest.approx(0.87) and fall["half_widths"] == pytest.approx(0.7)
    assert not still["moved"]
    assert found["flips"] == [
        {
            "claim": "cost-1",
            "report": "cost",
            "was": "supported",
            "becomes": "mixed",
            "tables": ["prices"],
        }
    ]
    assert found["flips_of_the_calendar"] == [] and found["code"] == []


def test_what_the_code_moved_is_told_where_the_evidence_is_the_editions(tmp_path):
    data = tmp_path / "data"
    shutil.copytree(catalog.data_root(), data, ignore=shutil.ignore_patterns("editions", ".*"))
    day = catalog.evidence_date()
    kept = replace_tables(
        vintage(day=day, numbers={"fall": number(0.8, 0.7, 0.9)}),
        vintages.hashes(holdings.dated(data), day),
    )
    for name, content in vintages.files(kept, {}).items():
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        (data / name).write_bytes(content)
    (moved,) = impact.by_code(data, {"cost": results({"fall": number(0.83, 0.7, 0.9)})})
    assert (moved["number"], moved["old"], moved["new"]) == ("fall", 0.8, 0.83)
    assert impact.by_code(data, {"cost": results({"fall": number(0.8, 0.7, 0.9)})}) == []


def replace_tables(kept, tables):
    return kept.model_copy(update={"tables": tables})


# -- rules and evidence apart --------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path, monkeypatch):
    here, root = project(), tmp_path / "project"
    shutil.copytree(here.data, root / "data", ignore=shutil.ignore_patterns("*.csv", ".*"))
    monkeypatch.setattr(rules, "project", lambda: replace(here, root=root, data=root / "data"))

    def git(*words):
        identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
        subprocess.run(["git", *identity, *words], cwd=root, check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "first")
    return root / "data", git


def decide(data):
    path = data / "upstream/decisions.csv"
    path.write_text((path.read_text() if path.exists() else "") + "a decision\n")


def change_rule(data):
    path = data / "claims.yml"
    path.write_text(
        path.read_text("utf-8").replace("combine: measures", "combine: senses", 1), "utf-8"
    )


def test_rows_alone_and_rules_alone_are_let_through(repository):
    data, git = repository
    assert list(rules.mixed()) == []
    decide(data)
    assert list(rules.mixed()) == []
    git("add", ".")
    git("commit", "-m", "rows")
    change_rule(data)
    assert list(rules.mixed()) == []


def test_rows_and_a_rule_together_are_refused_before_and_after_the_commit(repository):
    data, git = repository
    decide(data)
    change_rule(data)
    (said,) = rules.mixed()
    assert said.startswith(
        "what isn't committed accepts rows of an upstream and changes the rule of "
    )
    git("add", ".")
    git("commit", "-m", "both")
    (said,) = rules.mixed()
    assert said.startswith("the last commit accepts rows")
