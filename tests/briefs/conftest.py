"""A small executed notebook with every kind of record, built in code."""

import copy
from dataclasses import replace
from itertools import product
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from briefs.display.records import LAB_ONLY, MIME
from briefs.render import editions
from briefs.site import tables

SVG = """<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="360pt" height="220pt" viewBox="0 0 360 220"
 xmlns="http://www.w3.org/2000/svg" version="1.1">
 <metadata><x xmlns="urn:rdf">made by a machine</x></metadata>
 <defs><style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style></defs>
 <g id="figure_1"><g id="axes_1">
  <path d="M 40 190 L 350 190" style="fill: none; stroke: currentColor; stroke-width: 0.8"/>
  <path d="M 40 30 L 350 30 M 40 83 L 350 83 M 40 137 L 350 137"
   style="fill: none; stroke: currentColor; stroke-opacity: 0.2; stroke-width: 0.6"/>
  <path d="M 40 40 L 117 80 L 195 120 L 272 150 L 350 176" clip-path="url(#clip1)"
   style="fill: none; stroke: #d55e00; stroke-width: 2"/>
  <defs><path id="m0" d="M -3 -3 L 3 -3 L 3 3 L -3 3 z" style="stroke: #d55e00"/></defs>
  <use xlink:href="#m0" x="40" y="40" style="fill: #d55e00"/>
  <use xlink:href="#m0" x="195" y="120" style="fill: #d55e00"/>
  <use xlink:href="#m0" x="350" y="176" style="fill: #d55e00"/>
  <text style="font: 12px 'DejaVu Sans'; text-anchor: middle" x="40" y="208">2023</text>
  <text style="font-size: 12px; font-family: 'DejaVu Sans'; text-anchor: middle" x="195" y="208">2024</text>
  <text style="font-size: 12px; font-family: 'DejaVu Sans'; text-anchor: end" x="350" y="208">2025</text>
  <text style="font-size: 12px; font-family: 'DejaVu Sans'; text-anchor: end; fill: currentColor"
   x="34" y="34">$30</text>
  <text style="font-size: 12px; font-family: 'DejaVu Sans'; text-anchor: end; fill: currentColor"
   x="34" y="194">$0</text>
  <text style="font: bold 12px 'DejaVu Sans'; fill: currentColor" x="205" y="112">Cheapest price</text>
 </g></g>
 <defs><clipPath id="clip1"><rect x="30" y="20" width="325" height="175"/></clipPath></defs>
</svg>"""


def estimate(
    value,
    low,
    high,
    unit="share per year",
    level=0.9,
    n=36,
    method="log-linear fit, bootstrap over providers",
):
    return {
        "value": value,
        "low": low,
        "high": high,
        "level": level,
        "n": n,
        "unit": unit,
        "method": method,
    }


def shown(record, svg=None, **metadata):
    data = {MIME: record, "text/html": "<p>for the lab</p>", "text/plain": "for the lab"}
    if svg:
        data["image/svg+xml"] = svg
    return new_output("display_data", data, metadata=metadata)


def code(source, *outputs):
    return new_code_cell(source, outputs=list(outputs))


def source(number, **more):
    return {
        "source_id": f"source-{chr(96 + number)}",
        "publisher": f"Publisher {number}",
        "title": f"Data set {number} & more",
        "url": f"https://example.org/{number}",
        "published": "2025-01-27",
        "accessed": "2026-11-20",
        "license": "CC BY 4.0",
        "grade": "A",
        "best_source": "",
        "note": "",
        **more,
    }


BRIEF = {
    "kind": "brief",
    "report": "cost-revolution",
    "title": "Cost revolution",
    "subtitle": "How fast the price of training and of running AI falls, and what DeepSeek’s arrival changed",
    "language": "en",
    "as_of": "2026-11-23",
    "evidence_date": "2026-11-23",
    "parameters": [
        {"name": "language", "value": "en", "meaning": "Language of the brief"},
        {
            "name": "as_of",
            "value": "2026-11-23",
            "meaning": "Only what was published by this day counts",
        },
        {"name": "level", "value": 0.9, "meaning": "Probability that an interval is made to cover"},
        {"name": "note", "value": "it's <b>bold</b>", "meaning": "Free text"},
    ],
}
SOURCES = {
    "kind": "sources",
    "items": [
        source(1),
        source(
            2,
            grade="C",
            best_source="the publisher's data file",
            published="2024-05",
            note="From a chart.",
        ),
        source(3, url="", published="2023"),
        source(4),
        source(5),
    ],
    "checksums": {"model-prices": "ab" * 32, "benchmark-scores": "cd" * 32},
}


def verdict(name, outcome, statement, **more):
    return {
        "kind": "verdict",
        "id": name,
        "verdict": outcome,
        "label": outcome.capitalize(),
        "cause": "too imprecise" if outcome == "unresolved" else "",
        "name": f"Name of {name}",
        "statement": statement,
        "answer": "Prices fall by 89% a year (76% to 93%).",
        "reason": "Prices of the cheapest model at a fixed score fell by 89% a year; the interval lies above what was "
        "claimed and within the tolerance.",
        "quantity": "Yearly fall of the cheapest list price at a fixed benchmark score",
        "said_by": "A. Speaker",
        "said_on": "2025-01-28",
        "outlet": "The Daily Example",
        "attribution": "Recalled by the interviewer, not on tape",
        "interest": "Holds shares in the companies named",
        "wording": "paraphrase",
        "rule": "Supported if it lies in 75% to 90% a year with a probability of two thirds or more",
        "rule_history": [],
        "confidence": "high confidence",
        "horizon": None,
        "specifications": None,
        "estimate": estimate(0.893, 0.755, 0.93),
        "would_change": "Prices actually paid, with discounts",
        "sources": ["source-d"],
        "readings": [],
        **more,
    }


FINDINGS = [
    {
        "kind": "finding",
        "id": "price-falls",
        "text": "The price of a given capability falls by 89% a year "
        "(90% interval 76% to 93%), a tenfold fall in about a year.",
        "headline": True,
        "claim": "cost-4",
        "numbers": {"price-decline": estimate(0.893, 0.755, 0.93)},
    },
    {
        "kind": "finding",
        "id": "deepseek-cost",
        "text": "DeepSeek’s published US$5.6 million covers one training run; "
        "US$600,000 appears in none of its papers.",
        "headline": True,
        "claim": "cost-1",
        "numbers": {"run-cost": estimate(5.6e6, 5.2e6, 6.1e6, "USD", None, 3, "published figures")},
    },
    {
        "kind": "finding",
        "id": "no-break",
        "text": "The fall didn’t measurably speed up after January 2025.",
        "headline": True,
        "claim": None,
        "numbers": {},
    },
]
SMALL = {
    "kind": "finding",
    "id": "half-life",
    "text": "At that pace a price halves every 4 months.",
    "headline": False,
    "claim": None,
    "numbers": {"half-life": estimate(3.7, 3.1, 5.9, "months")},
}
READINGS = [
    {
        "id": "pooled",
        "quantity": "All benchmarks pooled",
        "outcome": "supported",
        "cause": "",
        "probability_supported": 0.951,
        "probability_partly": 0.9996,
        "power": 0.84,
        "estimate": estimate(0.893, 0.755, 0.93),
    },
    {
        "id": "hedonic",
        "quantity": "Hedonic regression",
        "outcome": "unresolved",
        "cause": "too imprecise",
        "probability_supported": 0.004,
        "probability_partly": 0.5,
        "power": 0.2,
        "estimate": estimate(0.62, 0.31, 0.81),
    },
    {
        "id": "paid",
        "quantity": "Prices actually paid",
        "outcome": "untested",
        "cause": "no data",
        "probability_supported": None,
        "probability_partly": None,
        "power": None,
        "estimate": None,
    },
]
HISTORY = [
    {
        "date": "2026-11-23",
        "reason": "The range is wider.",
        "results_seen": False,
        "verdict": None,
    },
    {
        "date": "2026-11-29",
        "reason": "The article was read.",
        "results_seen": True,
        "verdict": "contradicted",
    },
]
CHOICES = {
    "window": {12: "12", 6.5: "6.5", 24: "24", 36: "36"},
    "peers": {"close": "the close ones", "large": "the largest & oldest", "all": "all <of> them"},
}


def combination(place, window, peers):
    """A combination: the last three come out otherwise, the last of all by the second reading."""
    verdict = "partly supported" if place < 9 else "contradicted"
    value = round(0.893 - 0.05 * place, 3)
    return {
        "choices": {"window": window, "peers": peers},
        "verdict": verdict,
        "reading": "hedonic" if place == 11 else "pooled",
        "estimate": estimate(value, value - 0.1, value + 0.04),
    }


TRIED = {
    "holding": 9,
    "tested": 12,
    "axes": [
        {"id": axis, "name": name, "choices": [{"id": i, "name": n} for i, n in named.items()]}
        for (axis, named), name in zip(CHOICES.items(), ("Window", "Who is a peer"), strict=True)
    ],
    "rows": [combination(i, *chosen) for i, chosen in enumerate(product(*CHOICES.values()))],
}
VERDICTS = [
    verdict(
        "cost-4",
        "partly supported",
        "AI inference cost falls 85–90% a year",
        readings=READINGS,
        reading="pooled",
        rule_history=HISTORY,
        specifications=TRIED,
        horizon="By the end of 2026",
    ),
    verdict(
        "cost-1",
        "contradicted",
        "DeepSeek built a high-performing model for about US$600,000",
        wording="quote",
        estimate=estimate(5.6e6, 5.2e6, 6.1e6, "USD", None, 3, "published figures"),
    ),
    verdict("cost-3", "supported", "AI training cost falls 75% a year"),
    verdict("cost-2", "mixed", "DeepSeek’s cost was a tenth of the standard"),
    verdict(
        "cost-5", "unresolved", "DeepSeek’s arrival sped the decline up", estimate=None, interest=""
    ),
    verdict(
        "cost-9",
        "opinion",
        "Over-regulating this early would hold innovation back",
        estimate=None,
        rule="",
        quantity="",
    ),
]
FIGURE = {
    "kind": "figure",
    "id": "price-frontier",
    "title": "The cheapest capable model costs a tenth of last year’s",
    "subtitle": "List price per million tokens, US$, log scale, world, 2023 to 2025",
    "note": "Whiskers: 90% interval, n = 36.",
    "alt": "Line chart of the cheapest list price at a fixed score, falling from $28 in 2023 to $2.60 in 2025.",
    "sources": ["source-a", "source-b"],
    "columns": [
        {"name": "date", "label": "Date", "kind": "date"},
        {"name": "model", "label": "Model", "kind": "text"},
        {"name": "usd_per_mtok", "label": "US$ per million tokens", "kind": "usd"},
    ],
    "rows": [
        ["2023-03-14", 'Model A, "first"', 28.5],
        ["2024-02-01", "Model B", 9.4],
        ["2025-01-20", None, 2.6],
    ],
}
TABLE = {
    "kind": "table",
    "id": "runs",
    "title": "Thirty training runs and what they cost",
    "subtitle": "US$ of 2024",
    "note": "A dash is unknown.",
    "sources": ["source-a", "source-b", "source-c", "source-d", "source-e"],
    "columns": [
        {"name": "model", "label": "Model", "kind": "text"},
        {"name": "year", "label": "Year", "kind": "year"},
        {"name": "cost", "label": "Cost, US$", "kind": "usd"},
        {"name": "share", "label": "Share of the year", "kind": "percent"},
        {"name": "open", "label": "Open weights", "kind": "text"},
    ],
    "rows": [
        [
            f"Model {n:02d} <i>#1</i>",
            2020 + n // 6,
            None if n == 7 else 1.5e5 * n**2 + 9e4,
            n / 465,
            "yes" if n % 3 else "no",
        ]
        for n in range(1, 31)
    ],
}
FORECASTS = {
    "kind": "forecasts",
    "id": "prices",
    "title": "How projected prices held",
    "lesson": "Old levels fall more slowly than new ones.",
    "scores": [
        {
            "part": part,
            "horizon_months": months,
            "nominal": nominal,
            "coverage": coverage,
            "low": coverage - 0.1,
            "high": coverage + 0.05,
            "n": n,
            "origins": n // 5,
            "crps": 0.25,
            "skill_flat": 0.2,
            "skill_claimed": 0.1,
            "skill_trend": -0.05,
            "p_flat": 0.011,
            "p_claimed": 0.3,
            "p_trend": None,
            "drawn": months == 3,
        }
        for part, months, nominal, coverage, n in (
            ("fit", 3, 0.8, 0.6, 200),
            ("test", 12, 0.8, 0.7, 20),
            ("test", 12, 0.9, 0.85, 20),
            ("test", 3, 0.5, 0.5, 80),
            ("test", 3, 0.8, 0.82, 80),
            ("test", 3, 0.9, 0.91, 80),
        )
    ],
    "misses": [
        {
            "series": "Cheapest at 50 on <GPQA>",
            "origin": "2024-03-31",
            "target": "2025-03-31",
            "horizon_months": 12,
            "low": 0.2,
            "median": 0.6,
            "high": 2.1,
            "came": 0.08,
        }
    ],
    "published": [
        {
            "edition": "2026-11",
            "series": "Cheapest at 50",
            "made": "2026-11-23",
            "target": "2027-02-28",
            "unit": "USD",
            "level": 0.9,
            "low": 0.5,
            "median": 0.75,
            "high": 1.0,
            "came": None,
            "inside": None,
        }
    ],
    "now": [
        {
            "series": "Cheapest at 50",
            "made": "2026-11-23",
            "target": "2027-02-28",
            "unit": "USD",
            "quantile": quantile,
            "value": value,
        }
        for quantile, value in ((0.05, 0.5), (0.5, 0.75), (0.95, 1.0))
    ],
}
OPENING = """# A title that the page doesn't use

What the evidence can and can't say about *three claims* made in January 2025.
"""
PRICES = """## What a given capability costs

The **cheapest** list price at or above a threshold[^blend], in `US$` per million tokens; see
[the release](https://example.org/a?b=1&c=2) and [the limits](#what-this-leaves-out). ~~Old~~ new.

- one point, with *emphasis*
- another
  1. nested
  2. list

| Benchmark | Threshold | Fall |
|:--|--:|--:|
| MMLU | 80 | 89% |
| GPQA | 50 | 91% |

### A closer look

> Prices are list prices.

[^blend]: Input and output tokens blended 3:1, see [method](https://example.org/method).
"""
NASTY = """## What this leaves out

Special: # $ * _ @ < \\ [ ] " ' \\` ~ = and `#read("/etc/passwd")` as code; #read("/etc/passwd"), $x$, @ref,
<label>, // not a comment, /* nor this */, <script>alert(1)</script>, [bad](javascript:alert(1)), and a
second note[^two].

<div onclick="evil()">raw block</div>

```
code block #let x = 1
```

[^two]: A note with `#panic("x")`.
"""


def cells():
    lab = new_output(
        "display_data", {"text/html": "<h4>title in the lab</h4>"}, metadata={LAB_ONLY: True}
    )
    return [
        new_markdown_cell(OPENING),
        code("report.brief(params)", shown(BRIEF)),
        new_markdown_cell("## Bottom line"),
        code("findings.headline()", *map(shown, FINDINGS)),
        new_markdown_cell(PRICES),
        code("figures.price_frontier(frontier)", lab, shown(FIGURE, SVG), lab),
        code("findings.half_life(fit)", shown(SMALL)),
        code("claims.assess('cost-4')", shown(VERDICTS[0])),
        new_markdown_cell("## What DeepSeek spent"),
        code("claims.assess('cost-1')", shown(VERDICTS[1])),
        code(
            "figures.runs(runs)",
            shown(
                {**FIGURE, "id": "run-costs", "title": "DeepSeek’s run sits in the cheapest tenth"},
                SVG,
            ),
        ),
        code("tables.runs(runs)", shown(TABLE)),
        new_markdown_cell("## The other claims"),
        code("claims.rest()", *map(shown, VERDICTS[2:])),
        new_markdown_cell(NASTY),
        new_markdown_cell("## Sources\n\nEvery figure names its own."),
        code("catalog.sources()", shown(SOURCES)),
    ]


def read(made):
    """Return a notebook as nbformat reads it back from a file."""
    return nbformat.reads(nbformat.writes(new_notebook(cells=made)), 4)


EDITIONS = """
- id: "2026-11"
  published: 2026-11-23
  updated: 2026-11-23
  changes: {en: This is the first edition., ms: Ini edisi pertama.}
"""


@pytest.fixture(autouse=True)
def log(tmp_path_factory, monkeypatch):
    """Pin the log of editions, so that a new one changes no test; return what writes another."""
    path = tmp_path_factory.mktemp("log") / "editions.yml"
    load = editions.load

    def write(text):
        path.write_text(text, encoding="utf-8")
        editions._load.cache_clear()

    write(EDITIONS)
    monkeypatch.setattr(editions, "load", lambda given=None: load(given or path))
    monkeypatch.setenv("BRIEFS_SITE_URL", "https://briefs.example/")
    return write


@pytest.fixture
def notebook():
    return read(cells())


@pytest.fixture
def sample():
    """Return the parts that the sample is made of, and what makes them."""
    return SimpleNamespace(
        **{
            name: copy.deepcopy(value) if name.isupper() else value
            for name, value in globals().items()
            if name.isupper() or name in ("code", "shown", "read", "verdict", "estimate", "cells")
        },
        markdown=new_markdown_cell,
        output=new_output,
    )


@pytest.fixture
def few_tables(monkeypatch):
    """Publish the pages of three tables: those of all are most of the time that a site takes."""
    files = tables.files
    monkeypatch.setattr(
        tables,
        "files",
        lambda reports, language, evidence: files(
            reports, language, replace(evidence, tables=evidence.tables[-3:])
        ),
    )
