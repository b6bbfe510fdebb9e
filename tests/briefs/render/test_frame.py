"""Edition, dates, notice and links of a page, by where it stands and what its parameters are."""

import pytest

from analysis import params
from briefs.display import i18n
from briefs.render import document, exporters
from briefs.render.blocks import Links, Notice
from briefs.render.frame import PageAddress, command, frame, history_of, page_of

NEWER = """
- id: "2027-02"
  published: 2027-02-15
  updated: 2027-02-15
  changes: {en: Prices to January., ms: Harga hingga Januari.}
- id: "2026-11"
  published: 2026-11-23
  updated: 2027-01-05
  changes: {en: First., ms: Pertama.}
  corrections:
    - {date: 2026-12-01, report: market-impact, text: {en: Not here., ms: Bukan di sini.}}
    - {date: 2027-01-05, report: cost-revolution, text: {en: A price was wrong., ms: Harga silap.}}
  reviewed: {ms: {name: A. Reader, date: 2027-01-04}}
"""


@pytest.fixture(autouse=True)
def address(monkeypatch):
    monkeypatch.setenv("BRIEFS_SITE_URL", "https://briefs.example")


def brief(**more):
    made = {
        "report": "cost-revolution",
        "title": "Cost revolution",
        "language": "en",
        "as_of": params.EVIDENCE_DATE.isoformat(),
        **more,
    }
    given = {"as_of": made["as_of"], **made.pop("changed", {})}
    return {
        **made,
        "parameters": [{"name": n, "value": v, "meaning": ""} for n, v in given.items()],
    }


def at(place, **more):
    return PageAddress(place, ("en", "ms"), ("html", "pdf"), **more)


@pytest.fixture(autouse=True)
def english():
    i18n.activate("en")


def test_the_latest_page_points_to_the_edition_that_stays():
    found = frame(brief(), at("en/cost-revolution"))
    assert found.permalink == "https://briefs.example/en/cost-revolution/2026-11/"
    assert found.notice is None
    assert found.dateline == [
        "Edition of November 2026",
        "Published and updated 23 November 2026",
        f"Data up to {i18n.day(params.EVIDENCE_DATE)}",
    ]
    assert found.citation.endswith(
        f"data up to {i18n.day(params.EVIDENCE_DATE)}. https://briefs.example/en/cost-revolution/2026-11/"
    )


def test_an_edition_is_its_own_permanent_address():
    found = frame(brief(), at("en/cost-revolution/2026-11"))
    assert found.permalink == "https://briefs.example/en/cost-revolution/2026-11/"
    assert found.notice is None


def test_an_older_edition_leads_to_the_newer(log):
    log(NEWER)
    found = frame(brief(), at("en/cost-revolution/2026-11"))
    assert found.notice == Notice(
        "older",
        ["A newer edition of this brief is available."],
        "../index.html",
        "Read the latest edition, February 2027",
    )
    assert (found.edition, found.updated) == ("November 2026", "2027-01-05")
    assert found.changes == "First."
    assert found.corrections == [("5 January 2027", "A price was wrong.")]
    # the page that moves with the times belongs to the newer edition
    assert frame(brief(), at("en/cost-revolution")).edition == "February 2027"


def test_a_page_as_of_an_earlier_day_says_so():
    found = frame(brief(as_of="2025-02-01"), at("en/cost-revolution/as-of-2025-02-01"))
    assert found.notice == Notice(
        "as-of",
        [
            "As a reader of 1 February 2025 could have known it: all that was published later is left out."
        ],
        "../index.html",
        "Read the latest edition, November 2026",
    )
    assert found.permalink == "https://briefs.example/en/cost-revolution/as-of-2025-02-01/"


def test_a_set_without_a_site_around_it_links_to_the_list_alone():
    page = at("en/cost-revolution/mine", alone=True)
    found = frame(brief(as_of="2025-02-01"), page)
    assert [(part.text, part.href) for part in found.links.parts] == [
        ("All reports", "../../../index.html")
    ]
    assert found.links.languages == {
        "en": "index.html",
        "ms": "../../../ms/cost-revolution/mine/index.html",
    }
    assert (found.links.pdf, found.links.feed, found.links.glossary) == ("brief.pdf", "", "")
    assert found.notice.href == "" and history_of("cost-1", brief(), page) == ""


def test_other_parameters_are_named():
    found = frame(
        brief(changed={"threshold": 60.0, "scenarios": ["flat"]}), at("en/cost-revolution/mine")
    )
    assert found.notice.kind == "variant"
    assert found.notice.texts == [
        'Computed with other parameters than the published edition: threshold = 60.0, scenarios = ["flat"].'
    ]
    both = frame(brief(as_of="2025-02-01", changed={"seed": 1}), at("en/cost-revolution/mine"))
    assert len(both.notice.texts) == 2


def test_at_its_own_place_a_notice_links_nowhere():
    assert frame(brief(as_of="2025-02-01"), at("en/cost-revolution")).notice.href == ""


def test_a_page_by_itself_has_no_neighbours():
    found = frame(brief(), PageAddress())
    assert found.links == Links()
    assert found.permalink == "https://briefs.example/en/cost-revolution/2026-11/"


def test_links_are_right_at_any_depth():
    links = frame(brief(), at("en/cost-revolution/2026-11")).links
    assert [part.href for part in links.parts] == [
        "../../index.html#briefs",
        "../../index.html#claims",
        "../../data/index.html",
        "../../method/index.html",
        "../../record/index.html",
    ]
    assert (links.pdf, links.feed) == ("brief.pdf", "../../../feed.en.xml")
    assert links.languages == {
        "en": "index.html",
        "ms": "../../../ms/cost-revolution/2026-11/index.html",
    }
    assert not frame(brief(), PageAddress("en/cost-revolution", ("en",), ("html",))).links.languages
    assert frame(brief(), PageAddress("en/cost-revolution", (), ("html",))).links.pdf == ""


def test_another_brief_is_that_of_the_same_edition():
    overview = brief(report="overview")
    assert page_of("market-impact", overview, at("en/overview")) == "../market-impact/index.html"
    assert (
        page_of("market-impact", overview, at("en/overview/2026-11"))
        == "../../market-impact/2026-11/index.html"
    )
    assert (
        page_of("market-impact", overview, at("en/overview/mine"))
        == "../../market-impact/index.html"
    )


def test_a_translation_says_whether_a_reader_signed_it_off(log):
    i18n.activate("ms")
    malay = brief(language="ms")
    assert frame(brief(), at("en/cost-revolution")).review == ""
    unsigned = frame(malay, at("ms/cost-revolution")).review
    log(NEWER)
    signed = frame(malay, at("ms/cost-revolution/2026-11")).review
    i18n.activate("en")
    assert unsigned and "A. Reader" in signed and "4 Januari 2027" in signed


def test_the_page_shows_it(notebook, log):
    log(NEWER)
    page = exporters.render_html(document.build(notebook, at("en/cost-revolution/2026-11")))
    assert '<p class="notice" role="note" aria-label="About this page">A newer edition' in page
    assert '<a href="../index.html">Read the latest edition, February 2027</a>' in page
    assert "A price was wrong." in page and "Not here." not in page
    assert '<link rel="alternate" type="application/atom+xml"' in page
    assert (
        'href="../../../ms/cost-revolution/2026-11/index.html" lang="ms" hreflang="ms">Bahasa Melayu</a>'
        in page
    )


def test_the_command_builds_this_very_page():
    words = (
        "briefs build cost-revolution --set 2026-11 --language en,ms --formats html "
        f"-p as_of={params.EVIDENCE_DATE} -p seed=7"
    )
    here = PageAddress("en/cost-revolution/2026-11", ("en", "ms"), ("html",))
    made = brief(changed={"seed": 7})
    assert command(made, here) == words
    listed = PageAddress("en/cost-revolution/2026-11", ("en", "ms"), ("html",), listed=True)
    assert command(made, listed) == words.partition(" -p ")[0]
    assert command(made, PageAddress("en/cost-revolution", ("en",), ("html", "pdf"))) == (
        f"briefs build cost-revolution -p as_of={params.EVIDENCE_DATE} -p seed=7"
    )
