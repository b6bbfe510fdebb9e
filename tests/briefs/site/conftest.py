"""A small made-up site in two languages: what the runner leaves, without running anything."""

import json
from html import escape
from html.parser import HTMLParser
from itertools import product
from types import SimpleNamespace

import pytest

from briefs import site
from briefs.engine import staging
from briefs.render import address

LANGUAGES = ("en", "ms")
TITLES = {
    "cost-revolution": {"en": "The cost revolution", "ms": "Revolusi kos"},
    "market-impact": {"en": "Market impact", "ms": "Kesan pasaran"},
}
DATES = ("2025-02-01", "2025-12-31")
NOW = "2026-11-23"


def estimate(value, low, high, unit="share per year", n=36, level=0.9):
    return {
        "value": value,
        "low": low,
        "high": high,
        "level": level,
        "n": n,
        "unit": unit,
        "method": "a fit",
        "grade": "B",
    }


MISSING = {
    "value": None,
    "low": None,
    "high": None,
    "level": None,
    "n": 0,
    "unit": "share per year",
    "method": "",
    "grade": "",
}


def claim(name, verdict, *readings, statement="Costs <fall> & fall", cause="", **more):
    tested = [r for r in readings if r["outcome"] != "untested"] or list(readings)
    main = tested[0] if tested else {}
    return {
        "id": name,
        "statement": f"{statement} ({name})",
        "verdict": verdict,
        "cause": cause,
        "probability": main.get("probability"),
        "confidence": "medium confidence" if readings else None,
        "name": f"Name of {name}",
        "answer": f"Answer to {name}.",
        "reason": f"Reason of {name}.",
        "reading": main.get("id"),
        "estimate": main.get("estimate"),
        "readings": list(readings),
        "specifications": None,
        **more,
    }


def reading(name, outcome, found, cause="", chances=(None, None), power=None):
    return {
        "id": name,
        "quantity": f"Quantity {name}",
        "outcome": outcome,
        "cause": cause,
        "probability": chances[0],
        "probability_supported": chances[0],
        "probability_partly": chances[1],
        "power": power,
        "rule": f"Rule of {name}.",
        "estimate": found,
    }


def untested(name, unit="share per year", cause="no data"):
    return reading(name, "untested", {**MISSING, "unit": unit}, cause)


CHOICES = {"window": (12, 6, 24, 36), "peers": ("close", "large", "all")}
TRIED = {
    "holding": 5,
    "tested": 12,
    "axes": [
        {
            "id": axis,
            "name": axis.title(),
            "choices": [{"id": choice, "name": str(choice)} for choice in choices],
        }
        for axis, choices in CHOICES.items()
    ],
    "rows": [
        {
            "choices": dict(zip(CHOICES, chosen, strict=True)),
            "verdict": "supported" if place < 5 else "unresolved",
            "reading": "frontier_price",
            "estimate": estimate(0.893 - place / 100, 0.8 - place / 100, 0.9 - place / 100),
        }
        for place, chosen in enumerate(product(*CHOICES.values()))
    ],
}


def claims_of(report, as_of):
    """Verdicts that move: untested first, then open, supported at last; the first reading never tested."""
    late, middle = as_of == NOW, as_of == "2025-12-31"
    if report == "cost-revolution":
        if late:
            fall = estimate(0.893, 0.8, 0.9)
            price = reading("frontier_price", "supported", fall, "", (0.87, 0.998), 0.42)
        elif middle:
            fall = estimate(0.7, 0.5, 0.95, n=9)
            price = reading("frontier_price", "unresolved", fall, "too imprecise", (0.2, 0.5), 0.1)
        else:
            price = untested("frontier_price")
        return [
            claim(
                "cost-4",
                "supported" if late else "unresolved",
                untested("quality_adjusted"),
                price,
                cause=price["cause"],
                specifications=TRIED if late else None,
            )
        ]
    share = reading("chip_share", "contradicted", estimate(0.3, 0.2, 0.4, "share"), "", (0, 0), 0.9)
    return [
        claim("market-2", "contradicted", share),
        claim("market-3", "mixed", share, {**share, "id": "sales", "outcome": "supported"}),
        claim(
            "market-9",
            "unresolved",
            untested("small_firms", "ratio", "waits for an outcome"),
            cause="waits for an outcome",
        ),
    ]


def held(report, as_of):
    """Whether a brief has a record of forecasts: the latest on costs alone."""
    return report == "cost-revolution" and as_of == NOW


def forecasts_of(language):
    """A record of forecasts with every part: fit and held-out dates, a miss, two projections."""
    shared = {"origins": 6, "crps": 0.25, "skill_flat": 0.2, "skill_claimed": -0.1}
    shared |= {"skill_trend": None, "p_flat": 0.011, "p_claimed": 0.3, "p_trend": None}
    scores = [
        {
            "part": part,
            "horizon_months": months,
            "nominal": nominal,
            "coverage": nominal - 0.03,
            "low": nominal - 0.1,
            "high": nominal + 0.05,
            "n": 240 // months,
            "drawn": months < 18,
            **shared,
        }
        for part in ("fit", "test")
        for months in (3, 6, 12, 18)
        for nominal in (0.5, 0.8, 0.9)
    ]
    times = {"series": "Okapi <50>", "horizon_months": 12, "low": 0.2, "median": 0.6, "high": 2.1}
    misses = [{**times, "origin": "2024-03-31", "target": "2025-03-31", "came": 0.08}]
    came = {"edition": "2026-11", "series": "Okapi <50>", "made": "2026-11-23", "unit": "USD"}
    came |= {"level": 0.9, "low": 0.5, "median": 0.75, "high": 1.0}
    published = [
        {**came, "target": "2027-02-28", "came": 0.8, "inside": True},
        {**came, "target": "2027-08-31", "came": None, "inside": None},
    ]
    lesson = {"en": "Old levels fall more slowly.", "ms": "Tahap lama turun lebih perlahan."}
    return {
        "id": "prices",
        "title": {"en": "Projected prices", "ms": "Harga unjuran"}[language],
        "lesson": lesson[language],
        "scores": scores,
        "misses": misses,
        "published": published,
        "now": [],
    }


def results(report, language, as_of=NOW, **changes):
    found = claims_of(report, as_of)
    return {
        "report": report,
        "title": TITLES[report][language],
        "language": language,
        "as_of": as_of,
        "evidence_date": NOW,
        "parameters": {"language": language, "as_of": as_of, "level": 0.9},
        "claims": found,
        "numbers": {},
        "findings": [
            {
                "id": f"finding-{report}",
                "text": f"Prices of {report} fall by 89% a year & more.",
                "headline": True,
                "claim": found[0]["id"],
            }
        ],
        "figures": [
            {
                "id": f"fig-{report}",
                "title": f"A zebra chart of {report}",
                "csv": f"data/fig-{report}.csv",
                "rows": 1,
                "alt": "Line chart that falls from 9 to 3.",
            }
        ],
        "tables": [],
        "forecasts": [forecasts_of(language)] if held(report, as_of) else [],
        "sources": [
            {
                "source_id": "a16z_llmflation",
                "publisher": "A press",
                "title": "Quagga news",
                "url": "https://example.org/a",
                "published": "2024",
                "license": "",
                "note": "",
                "grade": "A",
                "best_source": "",
            }
        ],
        "provenance": {"evidence": {"model-prices": "ab" * 32}},
        **changes,
    }


PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><title>{title}</title>
<link rel="canonical" href="{url}">
</head><body><main>
<section aria-labelledby="introduction"><h2 id="introduction">Opening</h2></section>
<section aria-labelledby="evidence"><h2 id="evidence">The evidence</h2>
<p class="finding" id="finding-{report}">Prices fall.</p>
<figure id="fig-{report}"></figure><details id="prices"></details>
{claims}</section>
<section aria-labelledby="sources"><h2 id="sources">Sources</h2><ol><li id="source:1">Quagga news</li></ol></section>
</main></body></html>
"""


def listed(place):
    """The address that the page names as its own: that of the brief for its newest edition."""
    return address.site().url(place.removesuffix("/2026-11"))


def outline(report, place, claims):
    """The outline that a build leaves beside that page."""
    held = [f"finding-{report}", f"fig-{report}", *(claim["id"] for claim in claims)]
    return {
        "canonical": listed(place),
        "alternates": [],
        "sections": [
            {"id": "introduction", "title": "Opening", "text": "Some okapi prose.", "holds": []},
            {"id": "evidence", "title": "The evidence", "text": "", "holds": held},
            {"id": "sources", "title": "Sources", "text": "", "holds": []},
        ],
    }


def put(out, report="cost-revolution", language="en", name="", **changes):
    """Publish a brief as the runner leaves it; return its folder."""
    place = "/".join(filter(None, (language, report, name)))
    found = results(report, language, **changes)
    articles = "".join(
        f'<article id="{c["id"]}">{escape(c["statement"])}</article>' for c in found["claims"]
    )
    page = PAGE.format(
        language=language,
        title=escape(found["title"]),
        report=report,
        url=listed(place),
        claims=articles,
    )
    files = {
        "results.json": json.dumps(found),
        "index.html": page,
        "outline.json": json.dumps(outline(report, place, found["claims"])),
        f"data/fig-{report}.csv": "year\r\n2025\r\n",
        "notebook.ipynb": "x",
        **({} if name.startswith("as-of") else {"brief.pdf": "x"}),
    }
    staging.publish(out, place, {name: text.encode() for name, text in files.items()})
    return out / place


def fill(out, languages=LANGUAGES):
    """Publish both briefs in each language: the latest, an edition, and two earlier dates."""
    for language in languages:
        for report in TITLES:
            put(out, report, language)
            put(out, report, language, "2026-11")
            for date in DATES:
                put(out, report, language, f"as-of-{date}", as_of=date)
    return out


class Reader(HTMLParser):
    """What a page links to, loads and names."""

    def __init__(self, page):
        super().__init__()
        self.links, self.ids, self.canonical, self.alternates = [], [], None, {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        if "id" in known:
            self.ids.append(known["id"])
        if tag == "link" and known.get("rel") == "canonical":
            self.canonical = known["href"]
        elif tag == "link" and "hreflang" in known:
            self.alternates[known["hreflang"]] = known["href"]
        else:
            self.links += [known[name] for name in ("href", "src") if known.get(name)]


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """Folder of the made-up site."""
    out = fill(tmp_path_factory.mktemp("made"))
    site.publish(out)
    return out


@pytest.fixture(scope="session")
def maker():
    return SimpleNamespace(
        put=put,
        fill=fill,
        results=results,
        claim=claim,
        reading=reading,
        estimate=estimate,
        Reader=Reader,
        MISSING=MISSING,
    )


@pytest.fixture(autouse=True)
def log():
    """Leave the real log of editions in place of the one that other tests of publishing pin."""
