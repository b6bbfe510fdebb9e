"""What many tests share: small made-up tables, the real briefs built once, and a browser.

The briefs are built by the engine as `briefs build` does it, below ``build/tests``, in a folder named
after all that they are made from: the workers of a run share them, and so does the next run.
"""

import copy
import operator
import os
import shutil
from collections import defaultdict
from functools import partial, reduce
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

import axe_playwright_python
import numpy as np
import pandas as pd
import pytest
import yaml
from filelock import FileLock
from hypothesis import settings

from analysis import params
from analysis.cost import prices as cost
from briefs.desk import new

settings.register_profile(
    "untimed", deadline=None, max_examples=40
)  # a busy machine is no fault of the code
settings.load_profile("untimed")

# Made-up texts have no translation. Those of the real pages must have one: `whole_site`.
os.environ["BRIEFS_UNTRANSLATED"] = "english"

os.environ.pop("BRIEFS_SITE_URL", None)  # a workflow that publishes has set it

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
CLIPPED = (Path(__file__).parent / "clipped.js").read_text("utf-8")
ROOT = Path(__file__).parents[1]
BUILT = ROOT / "build" / "tests"
#: Files whose tests are few and long. The first builds the site, which others wait for: after it come
#: those that don't need it.
LONG = (
    "pages/test_briefs.py",
    "briefs/engine/test_kills.py",
    "briefs/engine/test_hostile.py",
    "briefs/engine/test_scarce.py",
    "briefs/engine/test_pool.py",
    "briefs/test_main.py",
    "briefs/engine/test_dask.py",
    "briefs/desk/test_lab.py",
    "sample/",
    "briefs/engine/kernels/",
    "contracts/test_as_of.py",
    "pages/",
    "briefs/site/test_site_browser.py",
)
KEPT = 3  # sites of earlier states of the sources


def pytest_collection_modifyitems(items):
    """Begin with long files, so that no worker is left with one at the end."""

    def turn(item):
        path = item.path.relative_to(Path(__file__).parent).as_posix()
        return next((i for i, start in enumerate(LONG) if path.startswith(start)), len(LONG))

    items.sort(key=turn)


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
    constant = {"price_kind": "list", "date_basis": "announced", "source_id": "made_up"}
    constant |= {"grade": "B"} | columns
    return frame.assign(display_name=frame["model"].str.upper(), **constant)


def score_table(*rows, benchmark="GPQA-Diamond", release_date="2024-01-01"):
    """Rows of (model, score): one score per model, as `cost.scores` returns."""
    frame = pd.DataFrame(
        [(model, benchmark, float(score), release_date) for model, score in rows],
        columns=["model", "benchmark", "score", "release_date"],
    ).assign(grade="B")
    return _dates(frame, "release_date")


def ladder_of(log_price, start="2024-01-01", benchmarks=None):
    """Ladder from log prices of shape (rungs, providers, months); nan stands for nothing on offer."""
    log_price = np.asarray(log_price, float)
    rungs, providers, months = log_price.shape
    named = pd.DataFrame(
        {
            "benchmark": benchmarks or ["GPQA-Diamond"] * rungs,
            "threshold": np.arange(rungs) * 10.0,
            "models": np.arange(rungs, 0, -1),
        }
    )
    offers = []
    for prices in log_price:  # a price of a month is an offer of that month alone
        seller, month = np.nonzero(np.isfinite(prices))
        price = prices[seller, month]
        order = np.argsort(price, kind="stable")
        sold = month[order][:, None] == np.arange(months)
        offers.append((price[order], seller[order], sold))
    return cost.Ladder(
        pd.date_range(start, periods=months, freq="MS"),
        tuple("ABCDEFGH"[:providers]),
        named,
        tuple(offers),
        np.ones((rungs, months), bool),
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


@pytest.fixture(scope="session")
def sources():
    """Hashes of all that the reports are made from."""
    from briefs.engine import provenance
    from briefs.project import project

    return provenance.snapshot(project())


@pytest.fixture(scope="session")
def build(sources):
    """Return what builds a report in a fork of a warm kernel; with ``fresh``, not from the cache."""
    from briefs.engine import kernels, plan, runner
    from briefs.engine.cache import Cache
    from briefs.engine.kernels import forked

    kept = Cache(BUILT / "cache", limit=2**28)

    def build(out, report, fresh=False, **parameters):
        (job,) = plan.jobs([report], parameters, ("html", "pdf"), out)
        kernels.configure(kernels.NO_LIMITS, forks=True)
        result = runner.run(job, sources, None if fresh else kept)
        kernels.configure(kernels.NO_LIMITS)
        assert result.error is None, result.error
        return out / result.place

    yield build
    kept.trim()
    if forked._warm:
        forked._warm.close()


@pytest.fixture(scope="session")
def whole_site(sources):
    """Folder of the site with all reports in English and Malay; an untranslated message fails it."""
    from briefs.engine.cache import key_of
    from briefs.engine.provenance import file_hashes

    state = {
        folder: file_hashes(ROOT / folder) for folder in ("analysis", "briefs", "data", "notebooks")
    }
    state |= {name: getattr(sources, name) for name in ("lock", "versions", "site")}
    state["epoch"] = os.environ.get("SOURCE_DATE_EPOCH")
    out = BUILT / f"site-{key_of(state)[:16]}"
    BUILT.mkdir(parents=True, exist_ok=True)
    with FileLock(BUILT / "site.lock"):
        if not (out / "build.json").is_file():
            shutil.rmtree(out, ignore_errors=True)
            _build_site(out, sources)
        os.utime(out)
        for old in sorted(BUILT.glob("site-*"), key=lambda path: -path.stat().st_mtime)[KEPT:]:
            shutil.rmtree(old)
    return out


def _build_site(out, sources):
    from briefs.desk import build
    from briefs.engine import plan

    jobs = plan.jobs(params.REPORTS, {}, ("html", "pdf"), out, languages=("en", "ms"))
    options = build.Options(slots=os.cpu_count() or 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BRIEFS_UNTRANSLATED", "error")
        report = build.build(jobs, out, sources, options)
    if errors := [entry["error"]["text"] for entry in report.entries() if entry["error"]]:
        shutil.rmtree(out)
        pytest.fail("\n".join(errors), pytrace=False)


@pytest.fixture(scope="session")
def cost_brief(whole_site):
    """Folder of the cost-revolution brief, built with its defaults."""
    return whole_site / "en" / "cost-revolution"


#: What may stand anywhere in a file of a stranger's.
ODD = [
    *(None, [], {}, "x", "", 1, -1, 1.5, True, [[[[]]]], ["x"], {"a": 1}, 10**30, float("inf")),
    *("9999-99-99", "\x1f", "x" * 3000, "<script>", "$x$", "{x.__class__}", "=1+1"),
]


@pytest.fixture(scope="session")
def reshape():
    """Return what puts something odd into a copy of a document of mappings and lists, or takes something out."""

    def paths(part, path=()):
        yield path
        if isinstance(part, dict | list):
            for name in list(part) if isinstance(part, dict) else range(len(part)):
                yield from paths(part[name], (*path, name))

    def reshape(document, rng):
        document = copy.deepcopy(document)
        *above, last = rng.choice([path for path in paths(document) if path])
        part = reduce(operator.getitem, above, document)
        match rng.randrange(4):
            case 0:
                del part[last]
            case 1 if isinstance(part, dict):
                part["odd"] = part.pop(last)
            case 1:
                part.append(part[last])
            case _:
                part[last] = copy.deepcopy(rng.choice(ODD))
        return document

    return reshape


@pytest.fixture(scope="session")
def attacks():
    """Strings of somebody who means harm: all of them, and those of each kind."""
    kinds = yaml.safe_load((Path(__file__).parent / "attacks.yml").read_text("utf-8"))
    return SimpleNamespace(of=kinds, all=list(chain.from_iterable(kinds.values())))


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


@pytest.fixture(scope="session")
def free_pages(browser):
    """Pages that no test has open, by the options of their context: a new context takes a second."""
    pages = defaultdict(list)
    yield pages
    for page in chain.from_iterable(pages.values()):
        page.context.close()


@pytest.fixture
def open_page(browser, free_pages):
    """Open an address as a reader has it; the page keeps in ``heard`` all that it asked for and said.

    ``page.clipped`` gives the numbers in tables that are broken in two, or cut off without a cue that
    there is more. With `axe` there is also ``page.axe``: violations that it finds, by its options.
    """
    taken = []

    def open_page(url, width=1280, scheme="light", height=800, axe=False, **options):
        kind = (axe, *sorted(options.items()))
        page = free_pages[kind].pop() if free_pages[kind] else _new_page(browser, axe, options)
        taken.append((kind, page))
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(media="null", color_scheme=scheme)
        page.heard.clear()
        page.goto(url)
        return page

    yield open_page
    for kind, page in taken:
        page.mouse.move(-9, -9)
        page.goto("about:blank")
        free_pages[kind].append(page)


def _new_page(browser, axe, options):
    context = browser.new_context(**options)
    if axe:
        context.add_init_script(path=AXE)  # takes a third of what it takes on an open page
    page = context.new_page()
    page.axe = partial(_violations, page)
    page.clipped = partial(page.evaluate, CLIPPED)
    page.heard = []
    page.on("request", lambda request: page.heard.append(("request", request.url)))
    page.on("console", lambda message: page.heard.append(("console", message.text)))
    page.on("pageerror", lambda error: page.heard.append(("error", str(error))))
    return page


def _violations(page, **options):
    options = {"resultTypes": ["violations"], **options}
    if "runOnly" not in options:  # by itself axe leaves out the size of targets (WCAG 2.5.8)
        options["rules"] = {"target-size": {"enabled": True}, **options.get("rules", {})}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [(v["id"], [node["html"][:200] for node in v["nodes"][:3]]) for v in found]


@pytest.fixture(scope="session")
def sample_project(tmp_path_factory):
    """A project made from the template; whoever changes it copies it first."""
    folder = tmp_path_factory.mktemp("new") / "cycling"
    titles = {"title": "Cycling in Example Town", "title_ms": "Berbasikal di Bandar Contoh"}
    return new.create(folder, titles)
