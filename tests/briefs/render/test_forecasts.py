"""The record of forecasts on a brief's page, on paper, and in its results."""

import io
import re

import pypdf
import pytest

from briefs.render import document, html, pdf, results
from briefs.render.cells import PublishError
from briefs.render.frame import PageAddress


@pytest.fixture
def made(sample):
    """Return what builds the sample with a record of forecasts, changed as asked."""

    def made(place=None, **changes):
        cells = sample.cells()
        record = {**sample.FORECASTS, **changes}
        cells[-2:-2] = [sample.code("f", sample.shown(record))]
        return document.build(sample.read(cells), PageAddress(place) if place else None)

    return made


def test_the_page_has_a_folded_table_and_leads_to_the_record(made):
    page = html.render_html(made("en/cost-revolution"))
    part = re.search(r'<details class="forecasts" id="prices">.*?</details>', page, re.S)[0]
    assert "How projected prices held" in part and "82% (72% to 87%)" in part
    assert 'href="../record/index.html"' in part and "Old levels fall more slowly" in part
    assert "held out" in part and "GPQA" not in part


def test_a_page_by_itself_leads_nowhere(made):
    page = html.render_html(made())
    part = re.search(r'<details class="forecasts".*?</details>', page, re.S)[0]
    assert "href" not in part


def test_paper_has_the_table_and_the_address(made):
    text = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.render_annex(made()))).pages
    )
    assert "How projected prices held" in text and "82% (72% to 87%)" in text
    assert "https://briefs.example/en/record/" in text


def test_results_hold_the_record_as_it_is(made, notebook, sample):
    expected = {name: value for name, value in sample.FORECASTS.items() if name != "kind"}
    assert results.from_records(made().records)["forecasts"] == [expected]
    assert results.from_records(document.build(notebook).records)["forecasts"] == []


def test_before_anything_could_be_tried_the_page_says_so(made):
    page = html.render_html(made(scores=[], misses=[], published=[], now=[]))
    part = re.search(r'<details class="forecasts".*?</details>', page, re.S)[0]
    assert "Too little came by this date" in part and "<table" not in part


def test_without_held_out_dates_the_page_says_so(made, sample):
    fit = [row for row in sample.FORECASTS["scores"] if row["part"] == "fit"]
    assert "No date was held out." in html.render_html(made(scores=fit))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"lesson": ""}, "has no lesson"),
        ({"misses": [{"series": "x"}]}, "has no origin, target, .* in misses, item 1"),
        ({"published": ["x"]}, "has no edition, .* in published, item 1"),
        ({"now": [{"quantile": 0.5}]}, "has no series, .* in now, item 1"),
        ({"id": "A b"}, "id 'A b' must be small letters"),
    ],
)
def test_a_damaged_record_names_its_fault(made, changes, fault):
    with pytest.raises(PublishError, match=fault):
        made(**changes)


def test_a_part_that_is_none_of_the_two_is_refused(made, sample):
    scores = [{**sample.FORECASTS["scores"][0], "part": "all"}]
    with pytest.raises(PublishError, match="the part of the origins 'all'"):
        made(scores=scores)


def test_a_path_of_the_machine_in_a_series_is_found(made, sample):
    misses = [{**sample.FORECASTS["misses"][0], "series": "/" + "home/me/prices.csv"}]
    with pytest.raises(PublishError, match="a path of the machine"):
        made(misses=misses)
