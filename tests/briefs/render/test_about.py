"""On what a reader's trust in a page can rest."""

import pytest

from briefs.display import i18n
from briefs.render import about

AUTHOR = "author: {en: A. Maker, ms: Pembuat}\nsubject: {en: One article., ms: Satu artikel.}\n"
SOURCES = [{"grade": "C"}, {"grade": "A"}, {"grade": "A"}, {"grade": ""}]
RULES, GRADES = "Rules changed after seeing results", "Sources by grade"


@pytest.fixture
def trust(tmp_path, monkeypatch):
    """Return what says on what trust rests, by its terms, for a project with this ``site.yml``."""
    i18n.activate("en")
    monkeypatch.setattr(about, "data_folder", lambda: tmp_path)

    def trust(site="", claims=(), sources=()):
        (tmp_path / about.PROJECT).write_text(site, encoding="utf-8")
        about._read.cache_clear()
        return dict(about.trust(claims, sources, "2026-11-23"))

    yield trust
    about._read.cache_clear()


def claim(name, *seen):
    history = [{"results_seen": by} for by in seen]
    return {"id": name.lower(), "name": name, "rule_history": history}


def test_what_is_not_known_is_left_out(trust):
    assert list(trust()) == ["Evidence last searched", "Something wrong?"]
    assert trust()["Evidence last searched"] == "23 November 2026"


def test_sources_are_counted_by_grade(trust):
    assert trust(sources=SOURCES)[GRADES] == "A 2, C 1 (A is best)"


def test_the_author_has_a_contact_or_it_says_that_there_is_none(trust):
    found = trust(AUTHOR)
    assert (found["What is tested"], found["Made by"]) == (
        "One article.",
        "A. Maker; no contact address yet",
    )
    assert trust(AUTHOR + "contact: mailto:a@b.example\n")["Made by"] == "A. Maker: a@b.example"


@pytest.mark.parametrize(
    "claims, text",
    [
        ([claim("A"), claim("B", False)], "None."),
        ([claim("A"), claim("B", False, True)], "1 of 2 claims: B."),
        ([claim(n, True) for n in "ABC"], "3 of 3 claims: A; B; C."),
        ([claim(n, True) for n in "ABCD"], "4 of 4 claims, each with its reason"),
    ],
)
def test_rules_that_changed_after_results_were_seen_are_named_up_to_three(trust, claims, text):
    assert trust(claims=claims)[RULES] == text
