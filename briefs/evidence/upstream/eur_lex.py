"""Publications Office of the European Union: acts that change a given one, or rest on it, to be read by a person."""

import json
from collections.abc import Iterator
from urllib.parse import quote

from briefs.evidence.upstream.contract import (
    Address,
    Connector,
    Layout,
    Row,
    Settings,
    UpstreamError,
)

#: Properties of the Office's ontology, and what they say of the act that has them.
RELATIONS = {
    "resource_legal_amends_resource_legal": "amends it",
    "resource_legal_corrects_resource_legal": "corrects it",
    "resource_legal_repeals_resource_legal": "repeals it",
    "resource_legal_proposes_to_amend_resource_legal": "proposes to amend it",
    "resource_legal_based_on_resource_legal": "is based on it",
    "resource_legal_completes_resource_legal": "supplements it",
}
# literals there match no plain string, so they are compared as strings
_QUERY = """PREFIX cdm: <http://publications.europa.eu/ontology/cdm#>
SELECT DISTINCT ?relation ?celex WHERE {{
  ?act cdm:resource_legal_id_celex ?own . FILTER(STR(?own) = "CELEX")
  VALUES ?relation {{ {} }}
  ?other ?relation ?act ; cdm:resource_legal_id_celex ?celex .
}}""".format(" ".join(f"cdm:{name}" for name in RELATIONS))


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield each act that has to do with ``settings["celex"]``, and how."""
    for found in json.loads(data)["results"]["bindings"]:
        relation = found["relation"]["value"].rpartition("#")[2]
        if relation not in RELATIONS:
            raise UpstreamError("layout", f"{relation} wasn't asked for")
        number = found["celex"]["value"]
        about = {"number": number, "relation": RELATIONS[relation]}
        yield {**about, "title": f"{number} {RELATIONS[relation]} ({settings['celex']})"}


CONNECTOR = Connector(
    id="eur-lex",
    title="Acts of the European Union by their relations (CELLAR)",
    publisher="Publications Office of the European Union",
    url="https://publications.europa.eu/webapi/rdf/sparql",
    licence="terms of the Publications Office not read",
    rhythm=14,
    transport=Address(
        "https://publications.europa.eu/webapi/rdf/sparql?format=application%2Fsparql-results%2Bjson&query="
        + quote(_QUERY).replace("CELEX", "{celex}"),
        ("application/sparql-results+json",),
        {"Accept": "application/sparql-results+json"},
    ),
    layout=Layout(columns=("number", "relation", "title"), key=("number", "relation")),
    extract=extract,
    watches=True,
)
