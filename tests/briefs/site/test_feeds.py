"""What other programs read: valid, complete, and the same after a rebuild or a move."""

import datetime as dt
import json
import re
from xml.etree import ElementTree as ET

import pytest

from briefs import site
from briefs.evidence import vintages
from briefs.evidence.model import Text
from briefs.render import address, editions
from briefs.site import feeds
from briefs.site.reports import Reports

pytestmark = pytest.mark.usefixtures("few_tables")

A = "{http://www.w3.org/2005/Atom}"
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
X = "{http://www.w3.org/1999/xhtml}"
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
BASE = address.home().base
TAG = re.compile(r"tag:[a-z0-9.-]+,\d{4}-\d\d-\d\d:[\w/-]+")


def read(path):
    return ET.fromstring(path.read_bytes())


@pytest.mark.parametrize("language", ["en", "ms"])
def test_the_feed_has_what_atom_requires(made, language):
    feed = read(made / f"feed.{language}.xml")
    assert feed.tag == f"{A}feed"
    for element in (feed, *feed.iter(f"{A}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{A}{name}")) == 1, name
        assert TAG.fullmatch(element.findtext(f"{A}id"))
        assert STAMP.fullmatch(element.findtext(f"{A}updated"))
    assert feed.findtext(f"{A}author/{A}name")
    [own] = [link for link in feed.findall(f"{A}link") if link.get("rel") == "self"]
    assert own.get("href") == f"{BASE}feed.{language}.xml"
    entries, published = feed.findall(f"{A}entry"), editions.named("2026-11").published
    assert [e.findtext(f"{A}id") for e in entries] == [
        f"tag:{address.home().host},{published}:{language}/{report}/2026-11"
        for report in ("cost-revolution", "market-impact")
    ]
    for entry in entries:
        [page] = [link for link in entry.findall(f"{A}link") if link.get("rel") == "alternate"]
        assert page.get("href").endswith("/2026-11/")
        assert entry.findtext(f"{A}summary").startswith("Prices of")


def test_ids_and_dates_outlive_a_rebuild_and_a_move(made, maker, tmp_path, monkeypatch):
    def names(out):
        return [
            e.text for e in read(out / "feed.en.xml").iter() if e.tag in (f"{A}id", f"{A}updated")
        ]

    monkeypatch.setenv("BRIEFS_SITE_URL", "https://elsewhere.example/deep/")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "2000000000")
    other = maker.fill(tmp_path)
    site.publish(other)
    assert names(other) == names(made)
    assert (
        "https://elsewhere.example/deep/en/cost-revolution/2026-11/"
        in (other / "feed.en.xml").read_text()
    )


def test_a_correction_is_the_last_change_of_its_brief_alone(made, monkeypatch):
    reports = Reports.read(made)
    edition = editions.named("2026-11")
    corrected = edition.model_copy(
        update={
            "updated": dt.date(2027, 1, 5),
            "corrections": (
                editions.Correction(
                    date=dt.date(2027, 1, 5),
                    report="market-impact",
                    text=Text(en="A slip.", ms="Silap."),
                ),
            ),
        }
    )
    monkeypatch.setattr(editions, "load", lambda path=None: (corrected,))
    feed = ET.fromstring(feeds.feed(reports, "en"))
    assert [e.findtext(f"{A}updated")[:10] for e in feed.iter(f"{A}entry")] == [
        edition.updated.isoformat(),
        "2027-01-05",
    ]
    assert feed.findtext(f"{A}updated") == "2027-01-05T00:00:00Z"
    entries = {
        row.findtext(f"{S}loc"): row.findtext(f"{S}lastmod")
        for row in ET.fromstring(feeds.sitemap(reports.heads()))
    }
    base = f"{BASE}en"
    assert entries[f"{base}/market-impact/"] == "2027-01-05"
    assert entries[f"{base}/cost-revolution/"] == edition.updated.isoformat()


def test_the_map_lists_every_page_that_is_its_own_address(made, maker):
    entries = {row.findtext(f"{S}loc"): row for row in read(made / "sitemap.xml")}
    pages = {maker.Reader(path.read_text("utf-8")).canonical for path in made.rglob("index.html")}
    assert set(entries) == pages and len(pages) > 70
    assert f"{BASE}en/cost-revolution/" in entries
    assert not [location for location in entries if location.endswith("/2026-11/")]
    for row in entries.values():
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row.findtext(f"{S}lastmod"))
    claim = entries[f"{BASE}en/claims/cost-4/"]
    assert {link.get("hreflang"): link.get("href") for link in claim.findall(f"{X}link")} == {
        "en": f"{BASE}en/claims/cost-4/",
        "ms": f"{BASE}ms/claims/cost-4/",
        "x-default": f"{BASE}en/claims/cost-4/",
    }


def test_a_page_that_names_another_address_is_left_out(maker, tmp_path):
    outline = maker.put(tmp_path) / "outline.json"
    outline.write_text(outline.read_text().replace("/cost-revolution/", "/elsewhere/"))
    site.publish(tmp_path)
    listed = [row.findtext(f"{S}loc") for row in read(tmp_path / "sitemap.xml")]
    assert f"{BASE}en/" in listed
    assert f"{BASE}en/cost-revolution/" not in listed


def test_robots_are_let_in_and_shown_the_map(made):
    assert (made / "robots.txt").read_text() == (
        f"User-agent: *\nAllow: /\n\nSitemap: {BASE}sitemap.xml\n"
    )


def test_the_page_for_lost_readers_works_at_any_depth(made, maker, tmp_path, monkeypatch):
    page = (made / "404.html").read_text("utf-8")
    assert 'lang="en"' in page and 'lang="ms"' in page and "noindex" in page
    assert {link for link in maker.Reader(page).links if not link.startswith("data:")} == {
        f"/{language}/{place}index.html"
        for language in ("en", "ms")
        for place in ("", "data/", "method/")
    }
    monkeypatch.setenv("BRIEFS_SITE_URL", "https://elsewhere.example/a/b/")
    site.publish(maker.fill(tmp_path))
    links = maker.Reader((tmp_path / "404.html").read_text("utf-8")).links
    assert "/a/b/en/index.html" in links


def test_an_entry_says_what_its_edition_changed(maker, tmp_path, monkeypatch):
    out = maker.fill(tmp_path)
    path = out / "en/cost-revolution/2026-11/outline.json"
    told = ["Two prices were added.", "Yearly fall: 80% → 81%"]
    path.write_text(json.dumps(json.loads(path.read_text()) | {"changes": told}))
    found = {"edition": "2026-11", "numbers": [{"number": "fall", "old": 0.8, "new": 0.81}]}
    monkeypatch.setattr(vintages, "changes", lambda edition: found)
    site.publish(out)
    entries = read(out / "feed.en.xml").findall(f"{A}entry")
    first, *others = (entry.findtext(f"{A}content") for entry in entries)
    assert first.split("\n") == told and not any(text == first for text in others)
    assert json.loads((out / "data/editions/2026-11/changes.json").read_text()) == found
