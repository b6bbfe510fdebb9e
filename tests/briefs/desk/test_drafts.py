"""Drafts of claims from ClaimReview: three forms, and what a stranger may put into them."""

import importlib
import json
import shutil
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, strategies as st
from typer.testing import CliRunner

from briefs.__main__ import app
from briefs.desk import drafts
from briefs.evidence import claimreview
from briefs.evidence.upstream import web

sys.path.append(str(Path(__file__).parents[1] / "evidence/upstream"))
test_web = importlib.import_module("test_web")

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://check.example/a",
    "claimReviewed": "Battery packs cost half of what they did",
    "inLanguage": "en-GB",
    "author": {"@type": "Organization", "name": "Check Desk"},
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "A. Minister"},
        "datePublished": "2025-12-30T10:00:00Z",
        "appearance": [{"@type": "CreativeWork", "url": "https://www.news.example/x"}],
    },
    "reviewRating": {"@type": "Rating", "ratingValue": 4, "alternateName": "Mostly true"},
}
READ = claimreview.Reviewed(
    statement="Battery packs cost half of what they did",
    language="en",
    speaker="A. Minister",
    named=True,
    said_on="2025-12-30",
    where="news.example",
    checker="Check Desk",
    address="https://check.example/a",
    rating="Mostly true",
)
ANSWER = {
    "claims": [
        {
            "text": "Satu bateri berharga separuh",
            "claimant": "Hantaran tular",
            "claimDate": "2026-01-05T00:00:00Z",
            "claimReview": [
                {
                    "publisher": {"name": "Meja Semakan", "site": "semak.example"},
                    "url": "https://semak.example/b",
                    "textualRating": "Palsu",
                    "languageCode": "ms",
                }
            ],
        }
    ],
    "nextPageToken": "x",
}


def page(*contents, language="en"):
    scripts = "".join(
        f'<script type="application/ld+json">{text}</script>' for text in map(json.dumps, contents)
    )
    return f"<!doctype html><html lang='{language}'><head>{scripts}</head><body>x</body></html>"


def read(content):
    return claimreview.read((content if isinstance(content, str) else json.dumps(content)).encode())


@pytest.fixture
def project(sample_project, tmp_path, monkeypatch):
    folder = shutil.copytree(sample_project, tmp_path / "project")
    monkeypatch.chdir(folder)
    return folder


def briefs(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.mark.parametrize(
    "content",
    [
        REVIEW,
        page({"@type": "WebPage"}, REVIEW),
        page(
            [
                {
                    "@graph": [
                        {
                            "@type": ["Review", "schema:ClaimReview"],
                            **{k: v for k, v in REVIEW.items() if k != "@type"},
                        }
                    ]
                }
            ]
        ),
        {
            "@type": "DataFeed",
            "dataFeedElement": [{"@type": "DataFeedItem", "item": [REVIEW, REVIEW]}],
        },
    ],
    ids=["alone", "page", "graph", "feed"],
)
def test_the_forms_of_schema_org_say_the_same(content):
    assert read(content) == [READ]


def test_a_page_says_the_language_that_its_script_does_not():
    silent = {key: value for key, value in REVIEW.items() if key != "inLanguage"}
    assert [one.language for one in read(page(silent, language="ms-MY"))] == ["ms"]


def test_an_answer_of_the_api_is_read_too():
    (found,) = read(ANSWER)
    assert found == claimreview.Reviewed(
        statement="Satu bateri berharga separuh",
        language="ms",
        speaker="Hantaran tular",
        said_on="2026-01-05",
        checker="Meja Semakan",
        address="https://semak.example/b",
        rating="Palsu",
    )


def changed(**fields):
    return {**REVIEW, **fields}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (changed(claimReviewed="a <b>b</b><script>alert(1)</script> &amp; c"), "a b & c"),
        (changed(claimReviewed="a\u202eb\x00c\ud800\nd"), "abc d"),
        (changed(claimReviewed="- *a: &b !!python/object:x"), "- *a: &b !!python/object:x"),
    ],
)
def test_a_statement_becomes_a_line_of_plain_text(content, expected, project):
    (found,) = read(content)
    assert found.statement == expected
    Path("review.json").write_text(json.dumps(content))
    (draft,) = drafts.from_review("review.json")
    drafts.add([draft])
    assert yaml.safe_load(Path("data/claims.yml").read_text("utf-8"))[-1] == draft


@given(st.text(max_size=200))
def test_whatever_a_text_is_it_is_written_as_it_was_read(text):
    try:
        found = read(changed(claimReviewed=text, itemReviewed=text, author=text, url=text))
    except claimreview.ReviewError:
        return
    draft = drafts._draft(found[0], "a-1", "a")
    assert yaml.safe_load(drafts.text([draft])) == [draft]
    assert all(line.isprintable() for line in found[0].statement.splitlines() or [""])


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\xff\xfe{}", "isn't text in UTF-8"),
        (b"<html></html>", "holds no ClaimReview"),
        (
            page(REVIEW).replace('"@context"', "@context").encode(),
            "holds no ClaimReview; not valid JSON",
        ),
        (b"[" * 100_000, "holds no ClaimReview; not valid JSON"),
        (b'{"a": ' * 900 + b"1" + b"}" * 900, "holds no ClaimReview$"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not valid JSON"),
        (json.dumps(changed(claimReviewed="x" * 1001)).encode(), "holds no ClaimReview"),
        (json.dumps(changed(claimReviewed=["x"], itemReviewed=3)).encode(), "holds no ClaimReview"),
    ],
)
def test_what_cannot_be_read_is_said(data, said):
    with pytest.raises(claimreview.ReviewError, match=said):
        claimreview.read(data)


@pytest.mark.parametrize("day", ["2025-02-30", "soon", 20250101, None, "2025-13"])
@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://a b", "http://[", ["x"], 7])
def test_what_is_no_date_or_address_is_left_out(day, url):
    (found,) = read(
        changed(url=url, itemReviewed={"datePublished": day, "appearance": {"url": url}})
    )
    assert (found.said_on, found.address, found.where) == ("", "", "")


def test_a_draft_is_refused_until_a_person_has_written_the_rule(project):
    (project / "page.html").write_text(page(REVIEW))
    before = (project / "data/claims.yml").read_text("utf-8")
    done = briefs("claim", "import", "page.html")
    assert done.exit_code == 0
    assert done.stdout == "cycling-2: Battery packs cost half of what they did\n"
    text = (project / "data/claims.yml").read_text("utf-8")
    assert text.startswith(before)
    (draft,) = yaml.safe_load(text)[1:]
    assert draft["said_by"] == {"en": "A. Minister", "ms": "A. Minister"}
    assert (draft["said_on"], draft["outlet"]["en"]) == ("2025-12-30", "news.example")
    assert (
        "Check Desk (https://check.example/a), which calls it “Mostly true”"
        in draft["attribution"]["en"]
    )
    done = briefs("check")
    assert done.exit_code == 1
    assert "claim cycling-2, field readings is []: must hold at least one reading" in done.stdout
    assert "claim cycling-2, field would_change.en is '': must not be empty" in done.stdout
    done = briefs("claim", "import", "page.html")
    assert done.exit_code == 2 and "no claim that isn't in claims.yml already" in done.stderr
    assert (project / "data/claims.yml").read_text("utf-8") == text


def test_a_stranger_language_leaves_the_statement_to_a_person(project):
    Path("review.json").write_text(json.dumps(changed(inLanguage="fr")))
    (draft,) = drafts.from_review("review.json")
    assert draft["statement"] == {"en": "", "ms": ""} and draft["wording"]["language"] == ""


def test_of_many_claims_those_are_taken_that_are_asked_for(project):
    Path("feed.json").write_text(
        json.dumps([changed(claimReviewed=f"Number {n} falls") for n in range(30)])
    )
    done = briefs("claim", "import", "feed.json", "--dry-run")
    assert (
        done.exit_code == 2 and "holds 30 claims, more than the 20 that are drafted" in done.stderr
    )
    done = briefs("claim", "import", "feed.json", "--about", "NUMBER 2", "--dry-run")
    assert [draft["id"] for draft in yaml.safe_load(done.stdout)] == [
        f"cycling-{n}" for n in range(2, 13)
    ]
    assert "Number 2" not in Path("data/claims.yml").read_text("utf-8")
    done = briefs("claim", "import", "feed.json", "--about", "rise")
    assert done.exit_code == 2 and "holds no claim that says 'rise'" in done.stderr


def test_an_address_is_fetched_with_the_same_care_as_an_upstream(project, monkeypatch):
    sent = test_web.sending(page(REVIEW).encode(), kind="text/html; charset=utf-8")
    with test_web.serving(sent) as (url, asked):
        (draft,) = drafts.from_review(f"{url}/{{a}}", web=web.Web(test_web.RULES))
        assert draft["wording"]["text"] == READ.statement
        assert asked[0][0] in ("/{a}", "/%7Ba%7D")
        monkeypatch.setenv("BRIEFS_CONTACT", "tests@example.org")
        done = briefs("claim", "import", f"{url}/a")
        assert done.exit_code == 2 and "refused" in done.stderr and len(asked) == 1
    picture = test_web.sending(b"x", kind="image/png")
    with (
        test_web.serving(picture) as (url, _asked),
        pytest.raises(drafts.DraftError, match="is image/png"),
    ):
        drafts.from_review(url, web=web.Web(test_web.RULES))


def test_a_file_that_is_too_large_is_not_read(project, monkeypatch):
    monkeypatch.setattr(drafts, "_MOST_BYTES", 10)
    Path("review.json").write_text(json.dumps(REVIEW))
    with pytest.raises(drafts.DraftError, match="has more than 0 MB; cut it"):
        drafts.from_review("review.json")
