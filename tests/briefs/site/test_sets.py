"""The list of many reports: all of a folder that holds nothing else, or those with parameters of their own."""

import re

import pytest

from briefs import site
from briefs.desk import request
from briefs.site import sets

pytestmark = pytest.mark.usefixtures("few_tables")
SETS = ("acme", "globex")


def rows(page):
    return re.findall(r"<tr>.*?</tr>", page.read_text("utf-8").partition("<tbody>")[2], re.DOTALL)


@pytest.fixture(scope="module")
def many(tmp_path_factory, maker):
    """A thousand sets of one report, and not the report with its defaults."""
    out = tmp_path_factory.mktemp("many")
    for number in range(1000):
        maker.put(out, "cost-revolution", "en" if number else "ms", f"set-{number:04}")
    site.publish(out)
    return out


def test_a_folder_of_nothing_but_sets_lists_them_in_all_languages(tmp_path, maker):
    for language in ("en", "ms"):
        for name in SETS:
            maker.put(tmp_path, "cost-revolution", language, name)
    assert [path.name for path in site.publish(tmp_path)] == ["index.html"]
    found = rows(tmp_path / "index.html")
    places = [re.search(r'href="([^"]+)"', row)[1] for row in found]
    assert places == [f"{n}/cost-revolution/{s}/index.html" for n in ("en", "ms") for s in SETS]
    assert "Bahasa Melayu" in found[-1] and 'lang="ms"' in found[-1]


def test_many_sets_beside_a_site_have_a_page_of_their_own(tmp_path, maker, monkeypatch):
    monkeypatch.setattr(sets, "MANY", 2)
    maker.fill(tmp_path, ["en"])
    for name in SETS:
        maker.put(tmp_path, "cost-revolution", "en", name, parameters={"threshold": 65.0})
    site.publish(tmp_path)
    found = rows(tmp_path / "en/sets/index.html")
    assert len(found) == 2 and "<code>threshold=65.0</code>" in found[0]
    index = (tmp_path / "en/index.html").read_text("utf-8")
    assert 'href="sets/index.html">' in index and "globex" not in index


@pytest.mark.browser
def test_a_thousand_are_paged_and_searched(many, open_page):
    page = open_page((many / "index.html").as_uri())
    shown = page.locator("tbody tr:visible")
    assert shown.count() == 50 and page.inner_text("#rows-told") == "Rows 1 to 50 of 1,000"
    page.click("text=Next rows")
    assert page.inner_text("#rows-told") == "Rows 51 to 100 of 1,000"
    page.fill("#rows-query", "set-0007")
    assert shown.count() == 1 and "set-0007" in shown.first.inner_text()
    page.fill("#rows-query", "nowhere")
    assert page.inner_text("#rows-told") == "No row holds “nowhere”."
    assert [heard for heard in page.heard if heard[0] != "request"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_list_serves_every_reader(tmp_path, maker, open_page, width):
    for name in SETS:
        maker.put(tmp_path, "cost-revolution", "en", name)
    site.publish(tmp_path)
    page = open_page((tmp_path / "index.html").as_uri(), width, axe=True)
    assert page.axe() == []


def test_a_set_of_another_matrix_stands_alone_until_its_report_stands_beside_it(
    sample_project, tmp_path, monkeypatch
):
    monkeypatch.chdir(sample_project)
    matrix = tmp_path / "sets.csv"
    matrix.write_text("report,name\ncycling,acme\n")

    def alone():
        return [job.alone for job in request.read(tmp_path / "out", matrix=matrix).jobs()]

    assert alone() == [True]
    front = tmp_path / "out/en/cycling/index.html"
    front.parent.mkdir(parents=True)
    front.touch()
    assert alone() == [False]
    assert not any(job.alone for job in request.read(tmp_path / "out").jobs())
