"""Another project, far from this article, builds with the tool alone and gets its Malay words for free."""

import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import nbformat
import pytest
from pypdf import PdfReader

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SHOWS_FORECASTS = 'findings.forecasts(id="riders", **forecasts.record(table))'


def with_forecasts(project):
    """Add to a new project what most do without: a record of forecasts."""
    shutil.copy(HERE / "forecasts.py", project / "cycling")
    messages = project / "locale/ms/LC_MESSAGES/cycling.po"
    messages.write_text(
        messages.read_text("utf-8") + "\n" + (HERE / "forecasts.po").read_text("utf-8")
    )
    path = project / "notebooks/cycling.ipynb"
    notebook = nbformat.read(path, as_version=4)
    at = next(i for i, cell in enumerate(notebook.cells) if cell.source == "counts.table(table)")
    setup = notebook.cells[2]
    setup.source = setup.source.replace("import counts,", "import counts, forecasts,")
    notebook.cells.insert(at + 1, nbformat.v4.new_code_cell(SHOWS_FORECASTS))
    nbformat.write(notebook, path)
    return project


@pytest.fixture(scope="module")
def run(tmp_path_factory, sample_project):
    """Return what runs the command in a copy of the project, where nothing of this article can be imported."""
    alone = tmp_path_factory.mktemp("tool")
    (alone / "briefs").symlink_to(ROOT / "briefs")
    (alone / "analysis.py").write_text("raise ImportError('the tool knows no article')\n")
    copied = shutil.copytree(sample_project, tmp_path_factory.mktemp("sample") / "project")
    project = with_forecasts(copied)

    def run(*arguments, module="briefs"):
        command = [sys.executable, "-P", "-m", module, *arguments]
        env = os.environ | {"PYTHONPATH": str(alone), "BRIEFS_UNTRANSLATED": "error"}
        done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run.project = project
    return run


@pytest.fixture(scope="module")
def site(run):
    entries = json.loads(run("build", "--json"))["reports"]
    assert sorted((e["language"], e["status"]) for e in entries) == [
        ("en", "built"),
        ("ms", "built"),
    ]
    return run.project / "reports" / "site"


def text_of(page):
    text = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", page.read_text("utf-8"), flags=re.S)
    return " ".join(unescape(text).split())


def test_each_language_has_its_page_and_its_pdf(site):
    for language, title in (
        ("en", "Cycling in Example Town"),
        ("ms", "Berbasikal di Bandar Contoh"),
    ):
        folder = site / language / "cycling"
        pdf = PdfReader(folder / "brief.pdf")
        assert title in text_of(folder / "index.html")
        assert title in "".join(page.extract_text() for page in pdf.pages).replace("\n", " ")
        assert pdf.trailer["/Root"]["/Lang"].partition("-")[0] == language


def test_the_claim_is_judged_by_its_rule(site):
    (claim,) = json.loads((site / "en/cycling/results.json").read_text("utf-8"))["claims"]
    assert claim["id"] == "cycling-1" and claim["verdict"] == "supported"
    # By hand: 1690/820 = 2.061, 900/430 = 2.093, 980/510 = 1.922, 1330/640 = 2.078.
    found = claim["estimate"]
    assert found["value"] == pytest.approx((1690 / 820 + 1330 / 640) / 2)
    assert (found["low"], found["high"]) == pytest.approx((980 / 510, 900 / 430))


def test_a_flipped_byte_of_a_published_file_is_found(run, site):
    page = site / "ms/cycling/annex.pdf"
    whole, stat = page.read_bytes(), page.stat()
    page.write_bytes(whole[:-9] + bytes([whole[-9] ^ 1]) + whole[-8:])
    os.utime(page, ns=(stat.st_atime_ns, stat.st_mtime_ns))  # as a failing disk leaves it
    with pytest.raises(AssertionError, match=r"annex\.pdf: isn't as it was built"):
        run("check", "--site", str(site))
    page.write_bytes(whole)


def test_forecasts_are_kept_and_shown_and_not_stored_before_an_edition_is_published(run, site):
    results = json.loads((site / "en/cycling/results.json").read_text("utf-8"))
    (kept,) = results["forecasts"]
    # By hand: 6 of 8 yearly factors lie within 1.35 to 1.5 (not 1.5625 and 1.33), all within 1.3 to 1.6.
    assert [row["coverage"] for row in kept["scores"]] == [0.75, 1.0]
    assert len(kept["now"]) == 20 and kept["now"][0]["value"] == pytest.approx(1.3 * 1690)
    assert "80% range held 90% range held Forecasts 12 75% 100% 8" in text_of(
        site / "en/cycling/index.html"
    )
    record = text_of(site / "ms/record/index.html")
    assert "Penunggang tahun hadapan" in record and "riders" not in record
    run("check", "--site", str(site), "--accept")
    assert not (run.project / "data/forecasts").exists()  # nothing is published yet


def test_the_tool_brings_its_own_malay_and_the_project_only_its_own(site):
    text = text_of(site / "ms/cycling/index.html")
    for own in ("Semua bilangan penunggang", "Satu ucapan"):
        assert own in text
    catalogue = (ROOT / "briefs/display/locale/ms/LC_MESSAGES/briefs.po").read_text("utf-8")
    mine = (site.parents[1] / "locale/ms/LC_MESSAGES/cycling.po").read_text("utf-8")
    for english, malay in (
        ("Supported", "Disokong bukti"),
        ("How we know", "Cara kami mengetahuinya"),
    ):
        assert f'msgid "{english}"\nmsgstr "{malay}"' in catalogue and f'"{english}"' not in mine
        assert malay in text and english not in text


def test_nothing_of_this_article_is_on_any_page(site):
    pages = [path for path in site.rglob("*") if path.suffix in (".html", ".json", ".xml", ".txt")]
    assert len(pages) > 10
    article = re.compile(
        r"DeepSeek|AI cost|ai-cost|Nvidia|token|cost-revolution|overview", re.IGNORECASE
    )
    found = {
        path.relative_to(site).as_posix(): article.search(path.read_text("utf-8")) for path in pages
    }
    assert {path: hit[0] for path, hit in found.items() if hit} == {}


def test_the_other_commands_work_in_it_too(run, site):
    run("check")
    assert "as_of" in run("params", "cycling")
    assert run("status") == ""  # nothing is stale


def test_its_own_tests_pass(run):
    assert "6 passed" in run("-q", "-p", "no:cacheprovider", module="pytest")
