import datetime as dt
import json
import sys

import pytest
import yaml

from briefs.render import editions
from briefs.render.editions import EditionError
from briefs.render.frame import PageAddress

HASH, OTHER = "ab" * 32, "cd" * 32
TWO = f"""
- id: "2027-02"
  published: 2027-02-15
  updated: 2027-02-15
  changes: {{en: Prices to January., ms: Harga hingga Januari.}}
- id: "2026-11"
  published: 2026-11-23
  updated: 2027-01-05
  changes: {{en: First., ms: Pertama.}}
  corrections:
    - {{date: 2026-12-01, report: all, text: {{en: A typo., ms: Salah taip.}}}}
    - date: 2027-01-05
      report: cost-revolution
      text: {{en: A wrong price., ms: Harga yang salah.}}
      frozen: {{en/cost-revolution: {OTHER}}}
  frozen: {{en/cost-revolution: {HASH}, en/overview: {HASH}}}
"""


def test_the_newest_edition_is_the_current_one(log):
    log(TWO)
    assert editions.current().id == "2027-02"
    assert editions.named("2026-11").published == dt.date(2026, 11, 23)
    assert editions.named("2025-01") is None


def test_a_place_names_its_edition():
    assert PageAddress("en/cost-revolution/2026-11").edition.id == "2026-11"
    assert PageAddress("en/cost-revolution").edition is None
    assert PageAddress("en/cost-revolution/as-of-2026-11-01").edition is None
    assert PageAddress().edition is None


def test_corrections_concern_one_report_or_all(log):
    log(TWO)
    edition = editions.named("2026-11")
    assert [c.text.en for c in edition.corrections_of("cost-revolution")] == [
        "A typo.",
        "A wrong price.",
    ]
    assert [c.text.en for c in edition.corrections_of("overview")] == ["A typo."]
    assert edition.expected() == {"en/cost-revolution": OTHER, "en/overview": HASH}


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("updated: 2027-01-05", "updated: 2027-01-04", r"updated must be 2027-01-05"),
        ("2026-12-01", "2026-11-01", "corrections must be in order"),
        ("2026-12-01", "2027-01-06", "corrections must be in order"),
        ('2027-02"', '2026-10"', "newest first"),
        (HASH, "123a", "write <language>/<report>"),
        ("en/overview", "overview", "write <language>/<report>"),
        ('id: "2026-11"', 'id: "november"', "id: String should match"),
        (
            "changes: {en: First., ms: Pertama.}",
            "changes: {en: First.}",
            r"changes\.ms: Field required",
        ),
        ("published: 2026-11-23", "published: 23/11/2026", "published"),
    ],
)
def test_a_log_out_of_order_is_refused(log, old, new, says):
    log(TWO.replace(old, new))
    with pytest.raises(EditionError, match=says):
        editions.load()


@pytest.mark.parametrize("text", ["", "[]", "a: [", "just text"])
def test_what_is_no_log_is_refused(log, text):
    log(text)
    with pytest.raises(EditionError, match=r"editions\.yml"):
        editions.load()


def test_the_log_of_this_project_is_in_order(monkeypatch):
    monkeypatch.undo()
    assert editions.load()[-1].id == "2026-11"


def test_results_have_one_hash_whatever_processor_made_them():
    results = {"a": [1, 0.1 + 0.2, None, "x"], "provenance": {"commit": "1"}}
    assert editions.digest(results) == editions.digest(
        {"a": [1, 0.3, None, "x"], "provenance": {"commit": "2"}}
    )
    assert editions.digest(results) != editions.digest({"a": [1, 0.3001, None, "x"]})
    assert editions.digest({"a": 1, "b": 2}) == editions.digest({"b": 2, "a": 1})


@pytest.fixture
def site(tmp_path):
    """Write results of an edition and return their hash."""

    def write(place, **results):
        folder = tmp_path / place
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "results.json").write_text(json.dumps({**results, "provenance": {"commit": "x"}}))
        return editions.digest(results)

    write.out = tmp_path
    return write


def test_a_published_edition_that_changed_is_found(log, site):
    first = site("en/cost-revolution/2026-11", value=1.5)
    assert editions.breaches(site.out) == []  # nothing is frozen yet
    frozen = yaml.safe_load(TWO)
    frozen[1] |= {
        "updated": dt.date(2026, 11, 23),
        "corrections": [],
        "frozen": {"en/cost-revolution": first},
    }
    log(yaml.safe_dump(frozen))
    assert editions.breaches(site.out) == []
    second = site("en/cost-revolution/2026-11", value=1.6)
    (breach,) = editions.breaches(site.out)
    assert (
        breach.startswith("en/cost-revolution/2026-11: its results are not those published")
        and second in breach
    )
    frozen[1] |= {
        "updated": dt.date(2027, 1, 5),
        "corrections": [
            {
                "date": dt.date(2027, 1, 5),
                "report": "cost-revolution",
                "text": {"en": "a", "ms": "b"},
                "frozen": {"en/cost-revolution": second},
            }
        ],
    }
    log(yaml.safe_dump(frozen))
    assert editions.breaches(site.out) == []
    site("en/cost-revolution/2026-11", value=1.5)
    assert editions.breaches(site.out) != []  # back to what was corrected


def test_the_hashes_are_printed_as_the_log_takes_them(log, site, monkeypatch, capsys):
    digest = site("ms/overview/2026-11", value=1)
    site("ms/overview", value=2)
    monkeypatch.setattr(sys, "argv", ["editions", str(site.out)])
    editions.main()
    assert yaml.safe_load(capsys.readouterr().out) == {"frozen": {"ms/overview": digest}}
