"""A project in English alone: nothing asks for Malay, and its site has no other language."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from briefs.desk import new
from briefs.project import PlanError, project

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return what runs the command in a new project in English alone."""
    folder = new.create(tmp_path_factory.mktemp("new") / "cycling", {"languages": "en"})

    def run(*arguments):
        env = os.environ | {"PYTHONPATH": str(ROOT), "BRIEFS_UNTRANSLATED": "error"}
        command = [sys.executable, "-P", "-m", "briefs", *arguments]
        return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)

    run.folder = folder
    return run


def test_it_is_built_in_english_without_a_word_of_another_language(run):
    done = run("build")
    assert done.returncode == 0, done.stderr
    site = run.folder / "reports" / "site"
    pages = list(site.rglob("*.html"))
    assert {path.name for path in site.iterdir() if path.is_dir()} == {"en", "data", ".briefs"}
    assert len(pages) > 8 and site / "index.html" in pages
    for page in pages:
        text = page.read_text("utf-8")
        assert not re.search(r'hreflang|x-default|lang="ms"|Bahasa Melayu', text), page
    assert "hreflang" not in (site / "sitemap.xml").read_text("utf-8")


def test_nothing_is_to_be_translated(run):
    checked, told = run("check"), run("messages")
    assert checked.returncode == told.returncode == 0, checked.stdout + checked.stderr
    assert told.stdout == "" and not list((run.folder / "locale").rglob("*.po"))


@pytest.mark.parametrize(
    "words",
    [("build", "--language", "ms"), ("build", "-p", "language=ms"), ("lab", "--language", "ms")],
)
def test_another_language_is_refused(run, words):
    done = run(*words)
    assert done.returncode == 2 and "'ms' is not one of en, en-XA" in done.stderr


def test_an_edition_is_opened_with_a_sentence_in_english(run):
    log = run.folder / "data" / "editions.yml"
    frozen = log.read_text("utf-8").replace("frozen: {}", f"frozen: {{en/cycling: {'a' * 64}}}")
    log.write_text(frozen, "utf-8")
    assert (
        run("edition", "2026-02").stderr.strip().endswith("say in one sentence what changed: --en")
    )


@pytest.mark.parametrize("written", ['"en"', '["ms"]', '["en", "fr"]', "[]"])
def test_languages_are_a_list_of_known_ones_with_english(tmp_path, monkeypatch, written):
    here = ROOT / "pyproject.toml"
    settings = here.read_text("utf-8").replace(
        "[tool.briefs]", f"[tool.briefs]\nlanguages = {written}"
    )
    (tmp_path / "pyproject.toml").write_text(settings, "utf-8")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PlanError, match="write a list of en, ms, with en"):
        project()
