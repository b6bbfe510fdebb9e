"""What a reader can try on the pages: each combination says what the notebooks computed."""

import itertools
import json
import re

import nbformat
import pandas as pd
import pytest

from analysis.params import REPORTS
from briefs.display import i18n
from briefs.evidence.claims import load_claims
from briefs.render import whatif, wording
from briefs.render.cells import entries
from briefs.render.whatif import _address
from briefs.values import LANGUAGES, VERDICTS

#: Most bytes of a page that its combinations take.
MOST = 30_000
THEMES = [name for name in REPORTS if name != "overview"]
PLACES = list(itertools.product(LANGUAGES, THEMES))
GRID = "grid-workloads"


def combinations_of(folder):
    text = (folder / "index.html").read_text("utf-8")
    return re.search(r'id="combinations">(.*?)</script>', text, re.S)[1]


def causes_of(folder):
    """Why each combination of each claim is open, as its brief's notebook computed it."""
    nb = nbformat.read(folder / "notebook.ipynb", 4)
    return {e.record["id"]: whatif.causes(e.record) for e in entries(nb) if e.kind == "verdict"}


def looked_up(data, sizes, places):
    """What a page's data have for choices at these places of lists of these sizes: lane, span and words."""
    at = 0
    for size, place in zip(sizes, places, strict=True):
        at = at * size + place
    if data["rows"][at] < 0:
        return None
    lane, span, texts = data["found"][data["rows"][at]]
    return lane, span, [data["words"][text] for text in texts]


@pytest.mark.parametrize(("language", "report"), PLACES)
def test_every_combination_of_a_claim_says_what_was_computed(whole_site, language, report):
    folder = whole_site / language / report
    results = json.loads((folder / "results.json").read_text("utf-8"))
    page, causes = json.loads(combinations_of(folder)), causes_of(folder)
    told = [c for c in results["claims"] if c["specifications"] and c["specifications"]["rows"]]
    assert [f"{claim['id']}:choices" for claim in told] == [name for name in page if name != GRID]
    with wording.in_language(language):
        for claim in told:
            rows = [
                {**row, "cause": cause}
                for row, cause in zip(
                    claim["specifications"]["rows"], causes[claim["id"]], strict=True
                )
            ]
            lanes = [v for v in VERDICTS if any(row["verdict"] == v for row in rows)]
            axes = [[c.id for c in axis.choices] for axis in load_claims()[claim["id"]].grid]
            names = [axis.id for axis in load_claims()[claim["id"]].grid]
            computed = {tuple(row["choices"][name] for name in names): row for row in rows}
            readings = {reading["id"]: reading["quantity"] for reading in claim["readings"]}
            data = page[f"{claim['id']}:choices"]
            assert len(data["rows"]) == pd.Series(map(len, axes)).prod()
            for places in itertools.product(*(range(len(axis)) for axis in axes)):
                row = computed.get(tuple(axis[at] for axis, at in zip(axes, places, strict=True)))
                found = looked_up(data, map(len, axes), places)
                if row is None:
                    assert found is None
                    continue
                lane, _span, (quantity, value, why) = found
                text = wording.estimate(row["estimate"])
                assert lanes[lane] == row["verdict"] and quantity == readings[row["reading"]]
                assert value.startswith(text.value) and text.interval in value
                assert bool(why) == bool(row["cause"]) == (row["verdict"] == "unresolved")
                assert wording.cause(row) in why
            # the page's own choices, with the estimate that stands beside the verdict
            lane, _span, (_quantity, value, why) = looked_up(data, map(len, axes), [0] * len(axes))
            assert lanes[lane] == claim["verdict"] and wording.cause(claim) in why
            assert value.startswith(wording.estimate(claim["estimate"]).value)
            # the claim's own page has the same to try
            own = combinations_of(whole_site / language / "claims" / claim["id"])
            assert json.loads(own) == {f"{claim['id']}:choices": data}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_workload_says_what_was_computed(whole_site, language):
    """`tests/analysis/cost/test_workloads.py` holds the numbers to those of the briefs."""
    folder = whole_site / language / "cost-revolution"
    rows = pd.read_csv(folder / f"data/{GRID}.csv", dtype={"threshold": str})
    data = json.loads(combinations_of(folder))[GRID]
    names = ["million_tokens", "threshold", "currency", "as_of"]
    axes = [sorted(set(rows[name])) for name in names]
    computed = {tuple(row[name] for name in names): row for row in rows.to_dict("records")}
    with wording.in_language(language):
        for places in itertools.product(*(range(len(axis)) for axis in axes)):
            row = computed.pop(tuple(axis[at] for axis, at in zip(axes, places, strict=True)), None)
            found = looked_up(data, map(len, axes), places)
            assert (row is None) == (found is None)
            if row:
                money = [
                    i18n.money(row[name], row["currency"]) for name in ("bill", "half", "first")
                ]
                assert {*money, row["model"], i18n.number(row["offers"])} <= set(found[2])
    assert not computed


@pytest.mark.parametrize(("language", "report"), PLACES)
def test_combinations_take_little_of_a_page(whole_site, language, report):
    assert len(combinations_of(whole_site / language / report).encode()) <= MOST


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_buyer_finds_the_bill_by_keyboard(open_page, whole_site, language):
    folder = whole_site / language / "cost-revolution"
    page = open_page((folder / "index.html").as_uri(), 360)
    page.locator("#your-own-workload > summary, #beban-kerja-anda-sendiri > summary").press("Enter")
    box = page.locator(f"#{GRID}")
    rows = pd.read_csv(folder / f"data/{GRID}.csv", dtype={"threshold": str})
    for name, key in (("million_tokens", "ArrowDown"), ("currency", "ArrowUp")):
        box.locator(f"[name={name}]").focus()
        page.keyboard.press(key)
    chosen = {
        name: box.locator(f"[name={name}]").input_value()
        for name in ("million_tokens", "threshold", "currency", "as_of")
    }
    assert (chosen["million_tokens"], chosen["currency"]) == ("1000", "MYR")
    texts = {name: rows[name].map(_address) for name in chosen}
    (row,) = rows[
        pd.concat([texts[n] == v for n, v in chosen.items()], axis=1).all(axis=1)
    ].itertuples()
    said = box.locator(".told").inner_text()
    with wording.in_language(language):
        assert i18n.money(row.bill, "MYR") in said and i18n.money(row.half, "MYR") in said
    assert page.url.endswith(f"#{GRID}&million_tokens=1000&currency=MYR")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
