"""What a page tells machines, held against what it tells its readers."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest

from briefs.render import document, exporters, metadata, pdf
from briefs.render.frame import PageAddress

HOME = "https://briefs.example/en/cost-revolution/"


@pytest.fixture(autouse=True)
def address(monkeypatch):
    monkeypatch.setenv("BRIEFS_SITE_URL", "https://briefs.example")


@pytest.fixture
def build(sample):
    """Build the sample with its brief changed, at a place; return the document and its page."""

    def make(place="en/cost-revolution", **changes):
        cells = sample.cells()
        cells[1] = sample.code("x", sample.shown({**sample.BRIEF, **changes}))
        made = document.build(
            sample.read(cells),
            PageAddress(place, ("en", "ms")),
        )
        return made, exporters.render_html(made)

    return make


def graph(page):
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    return json.loads(text)["@graph"]


def metas(page):
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page)
    return [(name, unescape(value)) for name, value in found]


def test_titles_and_descriptions_are_unique_and_of_the_right_length(build):
    heads = [
        build(place, as_of=day)[0].head
        for place, day in [
            ("en/cost-revolution", "2026-11-23"),
            ("en/cost-revolution/2026-11", "2026-11-23"),
            ("en/cost-revolution/as-of-2025-02-01", "2025-02-01"),
            ("en/cost-revolution/mine", "2026-11-23"),
        ]
    ]
    assert [head["title"] for head in heads] == [
        "Cost revolution: evidence brief",
        "Cost revolution, edition of November 2026",
        "Cost revolution, as of 1 February 2025",
        "Cost revolution (mine)",
    ]
    assert len({head["description"] for head in heads}) == 4
    assert all(70 <= len(head["description"]) <= 160 for head in heads)


def test_long_words_are_cut_where_a_word_ends(build):
    head = build(title="A title " * 20, subtitle="Many words " * 30)[0].head
    assert len(head["title"]) <= 65 and head["title"].endswith("…")
    assert len(head["description"]) <= 160
    short = build(subtitle="")[0].head["description"]
    assert 70 <= len(short) <= 160
    assert metadata.shortened("one two three", 9) == "one two…"


NEWER = """
- id: "2027-05"
  published: 2027-05-20
  updated: 2027-05-20
  changes: {en: New prices., ms: Harga baharu.}
- id: "2026-11"
  published: 2026-11-23
  updated: 2026-11-23
  changes: {en: This is the first edition., ms: Ini edisi pertama.}
"""


def test_a_brief_and_its_newest_edition_have_one_address_for_search_engines(build, log):
    """They say the same; an older edition, and a page as of a date, say something else."""
    places = {
        "en/cost-revolution": "",
        "en/cost-revolution/2026-11": "",
        "en/cost-revolution/as-of-2025-02-01": "as-of-2025-02-01/",
    }
    for place, named in places.items():
        made, page = build(place)
        assert f'<link rel="canonical" href="{HOME}{named}">' in page
        assert made.head["card"]["url"] == f"https://briefs.example/{place}/card.png"
    log(NEWER)
    page = build("en/cost-revolution/2026-11")[1]
    assert f'<link rel="canonical" href="{HOME}2026-11/">' in page
    assert f'<link rel="canonical" href="{HOME}">' in build("en/cost-revolution/2027-05")[1]


def test_every_language_is_named_with_the_page_itself(build):
    for place in ("en/cost-revolution", "en/cost-revolution/2026-11"):
        assert re.findall(r'hreflang="([^"]+)" href="(https:[^"]+)"', build(place)[1]) == [
            ("en", "https://briefs.example/en/cost-revolution/"),
            ("ms", "https://briefs.example/ms/cost-revolution/"),
            ("x-default", "https://briefs.example/en/cost-revolution/"),
        ]


def test_previews_have_all_they_need(build):
    made, page = build()
    found = dict(metas(page))
    assert {
        "og:title",
        "og:description",
        "og:type",
        "og:url",
        "og:site_name",
        "og:image",
        "og:image:alt",
        "og:image:width",
        "og:image:height",
        "og:locale",
        "og:locale:alternate",
        "article:published_time",
        "article:modified_time",
        "twitter:card",
        "twitter:title",
        "twitter:description",
        "twitter:image",
        "twitter:image:alt",
    } <= set(found)
    assert found["og:image"] == HOME + "card.png" and found["og:url"] == HOME
    assert (found["og:locale"], found["og:locale:alternate"]) == ("en_GB", "ms_MY")
    assert made.lead in found["og:image:alt"]


def test_the_graph_says_what_the_page_says(build, sample):
    """A claim is reviewed on its own page alone: `briefs/site/test_claims`."""
    _made, page = build()
    kinds = [node["@type"] for node in graph(page)]
    assert kinds == ["Article", "Dataset", "Dataset"]
    article = graph(page)[0]
    assert article["headline"] == "Cost revolution"
    assert article["datePublished"] == "2026-11-23T00:00:00Z"
    # what has no address can't be linked to
    assert article["isBasedOn"] == [f"https://example.org/{n}" for n in (1, 2, 4, 5)]


def test_a_data_set_says_whose_it_is_what_is_in_it_and_where(build, sample):
    found = next(node for node in graph(build()[1]) if node["@type"] == "Dataset")
    assert found["license"].startswith("https://creativecommons.org/")
    assert len(found["description"]) >= 50
    assert found["temporalCoverage"] == "2023-03-14/2025-01-20"
    assert [v["name"] for v in found["variableMeasured"]] == ["date", "model", "usd_per_mtok"]
    assert found["distribution"][0]["contentUrl"] == HOME + "data/price-frontier.csv"
    assert [s["name"] for s in found["isBasedOn"]] == ["Data set 1 & more", "Data set 2 & more"]


def test_no_data_set_is_announced_that_cannot_be_described(sample):
    cells = sample.cells()
    bare = {**sample.FIGURE, "id": "bare", "subtitle": "", "alt": "Falls to 2."}
    cells.insert(-2, sample.code("x", sample.shown(bare, sample.SVG)))
    nodes = graph(exporters.render_html(document.build(sample.read(cells))))
    assert not [node for node in nodes if node.get("@id", "").endswith("#bare")]


def test_nothing_in_the_data_ends_the_script_that_holds_them(build):
    attack = "</script><script>alert(1)</script><!-- & \u2028"
    _made, page = build(title=attack)
    assert graph(page)[0]["headline"] == attack
    assert (
        page.count("</script>") == 3
    )  # of the data, of what can be tried, and of the page's own script


def test_claims_judged_elsewhere_are_linked_there(sample):
    cells = sample.cells()
    elsewhere = {**sample.VERDICTS[4], "id": "market-1", "page": "market-impact"}
    cells.insert(-2, sample.code("x", sample.shown(elsewhere)))
    made = document.build(
        sample.read(cells),
        PageAddress("en/cost-revolution"),
    )
    assert made.verdicts[-1].href == "../market-impact/index.html#market-1"


def test_the_card_is_a_picture_of_the_right_size_and_always_the_same(notebook):
    made = document.build(notebook)
    picture = pdf.render_card(made)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert (
        int.from_bytes(picture[16:20], "big"),
        int.from_bytes(picture[20:24], "big"),
    ) == (1200, 630)
    assert len(picture) <= pdf.CARD_LIMIT
    pdf._compiler.cache_clear()
    assert pdf.render_card(made) == picture
    assert pdf.render_card(replace(made, lead="Another finding.")) != picture


def test_a_card_takes_any_words(notebook):
    made = document.build(notebook)
    title = 'A very long title "of" #many $words @here ' * 6
    made = replace(made, title=title, lead="x " * 400, tally=[])
    picture = pdf.render_card(made)
    assert picture.startswith(b"\x89PNG") and len(picture) <= pdf.CARD_LIMIT
