"""What published editions project is stored on request, and its lack is a breach."""

import json
import shutil

import pytest

from briefs.desk import check, forecasts as desk, translations
from briefs.evidence import catalog, forecasts
from briefs.evidence.catalog import EvidenceError
from briefs.render import editions

LOG = """
- id: "2026-11"
  published: 2026-11-23
  updated: 2026-11-23
  changes: {{en: This is the first edition., ms: Ini edisi pertama.}}
  frozen: {frozen}
"""


@pytest.fixture
def site(sample, log, tmp_path, monkeypatch):
    """A site with an edition in two languages that projects something; returns what freezes it."""
    data, out = tmp_path / "data", tmp_path / "site"
    shutil.copytree(catalog.data_root(), data, ignore=shutil.ignore_patterns("forecasts"))
    monkeypatch.setenv("BRIEFS_DATA", str(data))
    frozen = {}
    for language in ("ms", "en"):
        now = [{**row, "series": f"{row['series']} {language}"} for row in sample.FORECASTS["now"]]
        results = {"forecasts": [{**sample.FORECASTS, "now": now}]}
        path = out / language / "cost-revolution/2026-11/results.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(results))
        frozen[f"{language}/cost-revolution"] = editions.digest(results)
    out.joinpath("index.html").write_text("<p>")
    log(LOG.format(frozen="{}"))
    return out, lambda: log(LOG.format(frozen=json.dumps(frozen)))


def test_an_edition_that_is_not_published_is_left_alone(site):
    out, _freeze = site
    assert desk.accept(out) == [] and desk.problems(out) == []


def test_a_published_edition_is_stored_in_one_language(site):
    out, freeze = site
    freeze()
    (said,) = desk.problems(out)
    assert said.startswith("forecasts/2026-11.csv: 3 of 3 published projections aren't stored")
    assert desk.accept(out) == ["forecasts/2026-11.csv: 3 rows (0 before)"]
    assert desk.problems(out) == [] and desk.accept(out) == []
    stored = forecasts.load()
    assert stored["series"].unique().tolist() == ["Cheapest at 50 en"]
    assert stored["report"].unique().tolist() == ["cost-revolution"]
    assert stored["value"].tolist() == [0.5, 0.75, 1.0]


def test_the_check_of_a_site_says_it_and_that_of_the_data_reads_the_files(site, monkeypatch):
    monkeypatch.setattr(translations, "all_problems", list)  # they have their own test
    out, freeze = site
    freeze()
    assert any("published projections" in line for line in check._site(out))
    check.accept(out)
    assert not [line for line in check._site(out) if "projections" in line]
    path = catalog.data_root() / "forecasts/2026-11.csv"
    path.write_text(path.read_text().replace("0.75", "0.1"))
    assert any("is less than that of a lower quantile" in line for line in check.problems())


def test_another_value_than_the_one_stored_is_refused(site):
    out, freeze = site
    freeze()
    desk.accept(out)
    path = out / "en/cost-revolution/2026-11/results.json"
    path.write_text(path.read_text().replace('"value": 0.75', '"value": 0.8'))
    assert len(desk.problems(out)) == 1
    with pytest.raises(EvidenceError, match=r"is stored as 0\.75 USD"):
        desk.accept(out)
