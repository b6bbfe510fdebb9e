"""Where the evidence comes from: how near each source stands to whoever made its figures."""

import re

import pandas as pd

from briefs.evidence import catalog
from briefs.evidence.schema import SOURCES

KNOWN = catalog.sources().set_index("source_id")
#: One study's daily returns, from two files: far more rows than all other tables together.
DAILY = "event-returns"


def cited():
    """Sources of all rows that count: table, column, source."""
    found = []
    for table in catalog.tables():
        frame, keys = catalog.load(table), catalog.describe(table)["schema"].get("foreignKeys", ())
        columns = [k["fields"][0] for k in keys if k["reference"]["resource"] == SOURCES]
        found += [(table, c, source) for c in columns for source in frame[c].dropna().unique()]
    return pd.DataFrame(found, columns=["table", "column", "source"])


def test_every_source_but_the_best_says_what_would_be_better():
    best = KNOWN["best_source"].fillna("")
    assert list(KNOWN.index[(KNOWN["grade"] == "A") == (best != "")]) == []
    assert set(KNOWN["grade"]) == set("ABCD")


def test_what_would_be_better_is_said_in_few_words():
    phrases = set(KNOWN["best_source"].dropna())
    assert len(phrases) <= 25
    assert all(re.fullmatch(r"the [a-z' ]{5,40}", phrase) for phrase in phrases), phrases


def test_no_row_that_counts_rests_on_memory():
    said = KNOWN[["publisher", "title", "note"]].fillna("").agg(" ".join, axis=1)
    recalled = {*KNOWN.index[said.str.contains(r"\bmemory\b", case=False)], "memory"}
    rows = cited()
    assert rows[rows["source"].isin(recalled)].to_dict("records") == []


def test_grades_tell_the_evidence_apart():
    tables = [t for t in catalog.tables() if t not in (SOURCES, DAILY)]
    shares = pd.concat([catalog.load(t)["grade"] for t in tables]).value_counts(normalize=True)
    assert (shares > 0.05).sum() >= 3, shares.round(3).to_dict()


def test_a_source_without_a_licence_is_said_to_be_so_in_one_way():
    terms = set(KNOWN["license"])
    loose = re.compile(r"\b(none|no licence|not) stated\b")
    assert {t for t in terms if loose.search(t) and not t.startswith("not stated")} == set()
    assert "press-release facts" not in terms


def test_the_article_was_read():
    article = KNOWN.loc["article_under_test"]
    assert (article["grade"], article["publisher"]) == ("A", "BigGo")
    assert "DeepSeek" in article["title"] and article["note"].startswith("Read in full")
