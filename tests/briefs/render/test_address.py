from types import SimpleNamespace

import pytest

from briefs.project import PlanError
from briefs.render import address
from briefs.render.address import Address


@pytest.mark.parametrize(
    ("start", "end", "link"),
    [
        ("en/cost-revolution", "ms/cost-revolution", "../../ms/cost-revolution/index.html"),
        ("en/cost-revolution/2026-11", "en/cost-revolution", "../index.html"),
        ("en/cost-revolution", "en/cost-revolution", "index.html"),
        ("en/cost-revolution", "", "../../index.html"),
        ("", "en", "en/index.html"),
        ("en/", "/en/data/", "data/index.html"),
    ],
)
def test_links_between_places_are_relative_and_name_the_file(start, end, link):
    assert address.relative(start, end) == link


def test_a_link_may_name_another_file():
    assert address.relative("en/a", "", "feed.en.xml") == "../../feed.en.xml"
    assert address.relative("en/a", "en/a", "data/x y.csv") == "data/x%20y.csv"


@pytest.mark.parametrize(
    "base", ["https://briefs.example", "https://briefs.example/", "https://briefs.example//"]
)
def test_an_address_ends_in_one_slash(base):
    site = Address(base)
    assert site.url("") == "https://briefs.example/"
    assert site.url("en/a/2026-11", "card.png") == "https://briefs.example/en/a/2026-11/card.png"
    assert site.host == "briefs.example"


def test_a_site_may_stand_below_a_path():
    assert Address("http://x.example/sub/path").url("en/a") == "http://x.example/sub/path/en/a/"


@pytest.mark.parametrize(
    "base",
    [
        "",
        "briefs.example",
        "ftp://x.example",
        "https://",
        "https://x.example/?a=1",
        "https://x.example/#top",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_address_is_refused(base):
    with pytest.raises(PlanError, match="no address of a site"):
        Address(base)


def test_the_variable_comes_before_the_matrix(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    matrix = tmp_path / "notebooks" / "matrix.yml"
    matrix.write_text("site: {url: 'https://stored.example/'}")
    here = SimpleNamespace(notebooks=matrix.parent)
    monkeypatch.setattr(address, "project", lambda: here)
    assert address.site().base == "https://briefs.example/"
    monkeypatch.delenv("BRIEFS_SITE_URL")
    assert address.site().base == "https://stored.example/"
    matrix.write_text("reports: {}")
    with pytest.raises(PlanError, match=r"matrix\.yml does not say"):
        address._stored.__wrapped__(matrix, 0)
    matrix.unlink()
    assert address.site().base == address.UNKNOWN


def test_a_page_stands_at_the_same_place_in_each_language():
    assert address.alternates("ms/a", ["en", "ms"]) == {"en": "en/a", "ms": "ms/a"}
    assert address.alternates("en/a", []) == address.alternates("en/a", ["en"]) == {}
    assert address.alternates("en/a", ["ms"]) == {"en": "en/a", "ms": "ms/a"}


def test_a_reserved_name_is_told_since_it_leads_nowhere(monkeypatch):
    for url in (
        "https://briefs.example/",
        "https://example.org/x/",
        "http://a.test",
        "https://a.invalid",
    ):
        monkeypatch.setenv("BRIEFS_SITE_URL", url)
        assert "a reserved name" in address.warning()
    for url in ("https://briefs.org/example/", "https://myexample.org", "http://localhost:8000/"):
        monkeypatch.setenv("BRIEFS_SITE_URL", url)
        assert address.warning() == ""
