"""The data pages: nothing left out, and what they say is what the files hold."""

import datetime as dt
import hashlib
import json
import re
from collections import Counter

import frictionless
import pytest

from briefs.display import i18n
from briefs.evidence import catalog
from briefs.render import address
from briefs.render.wording import in_language
from briefs.site import evidence, pages


def page(made, table="model-prices", language="en"):
    return (made / language / "data" / table / "index.html").read_text("utf-8")


def test_each_table_has_a_page_and_its_file_byte_for_byte(made):
    for name in catalog.tables():
        path = catalog.data_root() / catalog.describe(name)["path"]
        assert (made / "data" / f"{name}.csv").read_bytes() == path.read_bytes()
        assert hashlib.sha256(path.read_bytes()).hexdigest() in page(made, name)


@pytest.mark.slow
def test_the_published_package_is_valid_where_it_stands(made):
    package = frictionless.Package(str(made / "data" / "datapackage.json"))
    assert {resource.path for resource in package.resources} == {
        f"{n}.csv" for n in catalog.tables()
    }
    report = frictionless.validate(str(made / "data" / "datapackage.json"), limit_rows=50)
    assert [e.message for task in report.tasks for e in task.errors] == []


def test_every_column_is_explained(made):
    for name in catalog.tables():
        text = page(made, name)
        for field in catalog.describe(name)["schema"]["fields"]:
            assert f"<dt><code>{field['name']}</code>" in text


def test_a_page_says_licence_rows_and_unit(made):
    text = page(made)
    assert '<a rel="license" href="https://creativecommons.org/licenses/by/4.0/">' in text
    assert f"<dd>{len(catalog.load('model-prices'))}</dd>" in text
    assert "number · USD per million tokens" in text


def test_a_page_names_the_briefs_that_read_the_table(made):
    assert 'href="../../cost-revolution/index.html">The cost revolution</a>' in page(
        made, "model-prices"
    )
    assert 'href="../../cost-revolution/index.html">The cost revolution</a>' not in page(
        made, "capability"
    )


def test_english_texts_of_the_package_are_marked_on_malay_pages(made, monkeypatch):
    with in_language("ms"):
        monkeypatch.setattr(pages, "_", lambda text: {"Rows": "Baris"}.get(text, text))
        assert pages.in_language("Rows") == {"text": "Baris", "language": "ms"}
        assert pages.in_language("Not translated") == {"text": "Not translated", "language": "en"}
    with in_language("en"):
        assert pages.in_language("Rows of it")["language"] == "en"


def test_sources_are_counted_row_by_row():
    faults = []
    for table in evidence.Evidence.read().tables:
        rows = catalog.load(table.name)[table.source_columns].itertuples(index=False, name=None)
        counted = Counter(source for row in rows for source in set(row))
        said = [(source["source_id"], source["rows"]) for source in table.sources]
        if any(counted[source] != number for source, number in said):
            faults.append((table.name, "number"))
        if said != sorted(said, key=lambda source: -source[1]):
            faults.append((table.name, "order"))
    assert faults == []


class Licensed(evidence.Table):
    """A table of which nothing is known but its licences."""

    def __init__(self, licences):
        self.name, self.about = "x", {} if licences is None else {"licenses": licences}


@pytest.mark.parametrize(
    ("licences", "fault"),
    [
        (None, "table x states no licence"),
        ([], "table x states no licence"),
        (
            [{"name": "CC-BY-ND-4.0", "title": "No derivatives"}],
            "table x has the licence 'CC-BY-ND-4.0', which isn't",
        ),
        ([{"name": "CC-BY-4.0"}, {"title": "All rights reserved"}], "table x has the licence None"),
    ],
)
def test_a_licence_must_let_others_pass_the_table_on(licences, fault):
    with pytest.raises(evidence.SiteError, match=fault):
        Licensed(licences).check()
    Licensed([{"name": "CC-BY-4.0"}]).check()


def test_a_page_says_how_its_rows_are_graded(made):
    for name in ("model-prices", "surveys"):
        counts = catalog.load(name)["grade"].value_counts().sort_index()
        with in_language("en"):
            shares = [f"{grade} {i18n.percent(n / counts.sum())}" for grade, n in counts.items()]
        assert f"<dt>Rows by grade of source</dt><dd>{' · '.join(shares)}</dd>" in page(made, name)


def test_each_source_on_a_page_has_its_grade(made):
    (table,) = (t for t in evidence.Evidence.read().tables if t.name == "model-prices")
    listed = re.search(r'<h2 id="sources">.*?</section>', page(made), re.S)[0]
    rows = re.findall(r'<tr[^>]*><th scope="row">(.*?)</th>', listed, re.S)
    shown = [re.search(r'<span class="quiet">\(grade (.)\)</span>$', row)[1] for row in rows]
    assert shown == [source["grade"] for source in table.sources] and len(set(shown)) > 1


class Dated(evidence.Table):
    """A table with one row of a given day."""

    def __init__(self, day, period, closed=False):
        import pandas as pd

        self.name, self.about = (
            "x",
            {"updatePeriodDays": period, "closed": closed, "asOf": {"published": "published"}},
        )
        self.frame = pd.DataFrame({"published": pd.to_datetime([day])})


def test_freshness_compares_the_last_row_with_the_day_of_collection():
    collected = dt.date(2026, 11, 23)
    found = Dated("2026-07-03", 90).freshness(collected)
    assert (found.age, found.overdue, found.next) == (143, True, dt.date(2026, 10, 1))
    assert not Dated("2026-08-25", 90).freshness(collected).overdue  # ninety days to the day
    assert Dated("2026-08-24", 90).freshness(collected).overdue
    assert not Dated("2001-01-01", None).freshness(collected).overdue
    assert not Dated("2001-01-01", None, closed=True).freshness(collected).overdue
    assert Dated("2027-01-01", 90).freshness(collected).age == 0  # announced for later
    assert Dated(None, 90).freshness(collected).last is None


def test_a_page_says_how_old_the_last_row_is(made):
    read = evidence.Evidence.read()
    for table in read.tables:
        found = table.freshness(read.collected)
        with in_language("en"):
            day, age = i18n.day(found.last), i18n.number(found.age)
            period = found.expected and i18n.number(found.expected)
        start = f"Expected every {period} days; last" if period else "Last"
        said = f"{start} row of {day}, {age} days before the evidence was collected."
        if found.closed:
            said = f"Last row of {day}; the table is about what is over."
        assert said in page(made, table.name)


def test_the_data_set_for_machines_has_what_catalogues_ask_for(made):
    [data] = json.loads(re.search(r'ld\+json">(.*?)</script>', page(made), re.S)[1])["@graph"]
    assert data["@type"] == "Dataset" and 50 <= len(data["description"]) <= 5000
    assert data["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    [file] = data["distribution"]
    assert file["contentUrl"] == address.home().url("data", "model-prices.csv")
    assert file["sha256"] == catalog.checksums()["model-prices"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d/\d{4}-\d\d-\d\d", data["temporalCoverage"])
    assert len(data["variableMeasured"]) == len(
        catalog.describe("model-prices")["schema"]["fields"]
    )
