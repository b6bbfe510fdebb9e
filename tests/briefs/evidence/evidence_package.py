"""A small data package with feeds, and an upstream that says what a test wants it to."""

import datetime as dt
import json
from dataclasses import replace

from briefs.evidence import catalog, memory
from briefs.evidence.upstream import list_prices
from briefs.evidence.upstream.contract import Connector, Layout, Package, Snapshot

DAY = dt.date(2026, 12, 15)
FIELDS = {
    "sources": "source_id publisher title url published accessed license grade best_source note",
    "prices": "provider model name start end kind input output basis published source_id",
    "rates": "year currency rate published source_id",
}
KEYS = {
    "sources": ["source_id"],
    "prices": ["provider", "model", "start", "kind"],
    "rates": ["currency", "year"],
}
NUMBERS = {"input", "output", "rate"}
DATES = {"start", "end", "accessed", "recorded", "withdrawn"}
TABLES = {
    "sources": """hand,We,By hand,,2026-11-01,2026-11-01,CC0,A,,,2026-11-01,
""",
    "prices": """A,one,One,2026-01-01,,list,2,8,announced,2026-01-01,hand,2026-11-01,
A,two,Two,2026-02-01,2026-06-01,list,4,16,announced,2026-02-01,hand,2026-11-01,
A,two,Two,2026-06-01,,list,1,4,announced,2026-06-01,hand,2026-11-01,
B,three,Three,2026-03-01,,list,0.5,1,announced,2026-03-01,hand,2026-11-01,
""",
    "rates": """2025,MYR,4.28,2026-01,hand,2026-11-01,
2026,MYR,4.02,2026-10-30,hand,2026-11-01,
""",
}
FEEDS = """
- id: catalogue
  connector: living_catalogue
  table: prices
  take: {provider: {a: A, b: B}}
  entity: [provider, model]
  when: start
  until: end
  values: [input, output]
  where: {kind: [list]}
  anywhen: true
  columns:
    provider: {from: provider}
    model: {from: model}
    name: {ours: true, from: model}
    start: {from: start}
    kind: {is: list}
    input: {from: input}
    output: {from: output}
    basis: {from: basis, words: {documented: announced, recorded: first_seen, observed: first_seen}}
    published: {from: start}
    source_id: {is: "{source}"}
  source: {id: "catalogue_{version}", grade: C, best_source: the seller's page}
  frontier: {least: [input, output], column: basis, undated: [observed, undated]}
- id: second
  connector: living_catalogue
  role: check
  table: prices
  take: {provider: {a: A}}
  entity: [provider, model]
  when: start
  values: [input, output]
  anywhen: true
  columns: {provider: {from: provider}, model: {from: model}, start: {from: start}, input: {from: input},
    output: {from: output}}
  source: {id: "second_{version}", grade: C, best_source: the seller's page}
- id: bank
  connector: living_bank
  table: rates
  entity: [currency]
  when: year
  values: [rate]
  same: 0.002
  columns: {currency: {from: currency}, year: {from: year}, rate: {from: rate}, published: {from: last},
    source_id: {is: "{source}"}}
  source: {id: "bank_{version}", grade: B, best_source: the bank's file}
"""


def field(name):
    kind = "number" if name in NUMBERS else "date" if name in DATES else "string"
    kind = "integer" if name == "year" else kind
    found = {"name": name, "type": kind}
    if name in ("published",):
        found["partialDate"] = True
    return found


def resource(name):
    names = [*FIELDS[name].split(), "recorded", "withdrawn"]
    schema = {"fields": [field(n) for n in names], "primaryKey": [*KEYS[name], "recorded"]}
    if name != "sources":
        link = {"resource": "sources", "fields": ["source_id"]}
        schema["foreignKeys"] = [{"fields": ["source_id"], "reference": link}]
    as_of = {"published": "published", "blank": []}
    return {"name": name, "path": f"{name}.csv", "schema": schema, "asOf": as_of}


def make(root, tables=TABLES, feeds=FEEDS):
    """Write the package below `root`, accepted as it is."""
    (root / "upstream").mkdir(parents=True)
    (root / "upstream/feeds.yml").write_text(feeds)
    for name, text in tables.items():
        header = ",".join([*FIELDS[name].split(), "recorded", "withdrawn"])
        (root / f"{name}.csv").write_text(f"{header}\n{text}")
    package = {"created": "2026-11-29T00:00:00Z", "resources": [resource(n) for n in FIELDS]}
    (root / "datapackage.json").write_text(json.dumps(package))
    catalog.accept(root=root)
    return root


def price(model, start, given, taken, basis="documented", provider="a"):
    day = dt.date.fromisoformat(start) if start else None
    row = {"provider": provider, "model": model, "start": day, "input": given, "output": taken}
    return {**row, "basis": basis if day else "undated"}


#: What the catalogue says when it says what we have.
SAME = (
    price("one", "2026-01-01", 2.0, 8.0),
    price("two", "2026-02-01", 4.0, 16.0),
    price("two", "2026-06-01", 1.0, 4.0),
    price("three", "2026-03-01", 0.5, 1.0, provider="b"),
)


def reading(rows, layout):
    """Connector of an upstream that has these rows."""
    return Connector(
        id="test",
        title="Test catalogue",
        publisher="Tester",
        url="https://example.org",
        licence="MIT",
        rhythm=30,
        transport=Package("pypi", "test", "data.json"),
        layout=layout,
        extract=lambda data, settings: list(rows),
        dated=lambda data: dt.date(2026, 12, 14),
    )


PRICES = replace(list_prices.layout(1), must=())
RATES = Layout(("currency", "year", "rate", "last"), ("currency", "year"))


def snapshot(rows, version="1.0", licence="l1"):
    return Snapshot("https://example.org", version, DAY, repr(list(rows)).encode(), licence)


def memory_of(root):
    return memory.load(root)
