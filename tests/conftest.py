"""Builders of small made-up tables, shared by the tests of the science."""

import os
import shutil

import numpy as np
import pandas as pd
import pytest

from analysis import params
from analysis.cost import prices as cost
from briefs import site
from briefs.engine import plan, runner

# Made-up texts have no translation. Those of the real pages must have one: test_malay.py and test_pseudo.py.
os.environ["BRIEFS_UNTRANSLATED"] = "english"

os.environ.pop("BRIEFS_SITE_URL", None)  # a workflow that publishes has set it

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def _dates(frame, *columns):
    return frame.assign(**{column: pd.to_datetime(frame[column]) for column in columns})


def price_table(*rows, **columns):
    """Rows of (provider, model, from, to, input, output); other columns by name, the same in every row."""
    names = [
        "provider",
        "model",
        "effective_from",
        "effective_to",
        "input_usd_per_mtok",
        "output_usd_per_mtok",
    ]
    frame = _dates(pd.DataFrame(rows, columns=names), "effective_from", "effective_to")
    constant = {"price_kind": "list", "date_basis": "announced", "source_id": "made_up"} | columns
    return frame.assign(display_name=frame["model"].str.upper(), **constant)


def score_table(*rows, benchmark="GPQA-Diamond", release_date="2024-01-01"):
    """Rows of (model, score): one score per model, as `cost.scores` returns."""
    frame = pd.DataFrame(
        [(model, benchmark, float(score), release_date) for model, score in rows],
        columns=["model", "benchmark", "score", "release_date"],
    )
    return _dates(frame, "release_date")


def ladder_of(log_price, start="2024-01-01", benchmarks=None):
    """Ladder from log prices of shape (rungs, providers, months); nan stands for nothing on offer."""
    log_price = np.nan_to_num(np.asarray(log_price, float), nan=np.inf, posinf=np.inf)
    rungs, providers, months = log_price.shape
    named = pd.DataFrame(
        {
            "benchmark": benchmarks or ["GPQA-Diamond"] * rungs,
            "threshold": np.arange(rungs) * 10.0,
            "models": np.arange(rungs, 0, -1),
        }
    )
    return cost.Ladder(
        pd.date_range(start, periods=months, freq="MS"),
        tuple("ABCDEFGH"[:providers]),
        named,
        log_price,
    )


# For the session, so that hypothesis may call them many times within a test.
@pytest.fixture(scope="session")
def prices_of():
    return price_table


@pytest.fixture(scope="session")
def scored_of():
    return score_table


@pytest.fixture(scope="session")
def make_ladder():
    return ladder_of


def build_brief(out, report, **parameters):
    """Build a report as the command does; return its folder."""
    (job,) = plan.jobs([report], parameters, ("html", "pdf"), out)
    result = runner.run(job)
    assert result.error is None, result.error
    return out / "en" / report


@pytest.fixture(scope="session")
def build():
    return build_brief


@pytest.fixture(scope="session")
def cost_brief(tmp_path_factory):
    """Folder of the cost-revolution brief, built with its defaults."""
    return build_brief(tmp_path_factory.mktemp("site"), "cost-revolution")


@pytest.fixture(scope="session")
def whole_site(cost_brief):
    """Folder of the site with all briefs and the overview."""
    out = cost_brief.parents[1]
    for report in params.REPORTS:
        if report != cost_brief.name:
            build_brief(out, report)
    site.publish(out)
    return out


@pytest.fixture(scope="session")
def bilingual_site(whole_site, tmp_path_factory):
    """The site with all briefs in Malay as well; a message without a translation fails the build."""
    out = shutil.copytree(whole_site, tmp_path_factory.mktemp("both") / "site")
    before, os.environ["BRIEFS_UNTRANSLATED"] = os.environ["BRIEFS_UNTRANSLATED"], "error"
    try:
        for report in params.REPORTS:
            build_brief(out, report, language="ms")
        site.publish(out)
    finally:
        os.environ["BRIEFS_UNTRANSLATED"] = before
    return out


@pytest.fixture(scope="session")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not path and not os.environ.get("CI"):
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def open_page(browser):
    """Open an address as a reader has it; the page keeps in ``heard`` all that it asked for and said."""
    contexts = []

    def open_page(url, width=1280, scheme="light", height=800, **options):
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.heard = []
        page.on("request", lambda request: page.heard.append(("request", request.url)))
        page.on("console", lambda message: page.heard.append(("console", message.text)))
        page.on("pageerror", lambda error: page.heard.append(("error", str(error))))
        page.goto(url)
        return page

    yield open_page
    for context in contexts:
        context.close()
