"""Federal Register of the United States: presidential documents with a word in them, to be read by a person."""

import json
from collections.abc import Iterator

from briefs.evidence.upstream.contract import Address, Connector, Layout, Row, Settings

_FIELDS = "".join(
    f"&fields[]={name}" for name in "document_number title publication_date html_url".split()
)


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the documents, newest first."""
    for found in json.loads(data)["results"]:
        about = {"number": found["document_number"], "title": found["title"]}
        yield {**about, "date": found["publication_date"], "url": found["html_url"]}


CONNECTOR = Connector(
    id="federal-register",
    title="Presidential documents",
    publisher="Federal Register",
    url="https://www.federalregister.gov/developers/documentation/api/v1",
    licence="US government work, public domain",
    rhythm=14,
    transport=Address(
        "https://www.federalregister.gov/api/v1/documents.json?conditions[type][]=PRESDOCU"
        "&conditions[term]={term}&order=newest&per_page=100" + _FIELDS,
        ("application/json",),
    ),
    layout=Layout(columns=("number", "title", "date", "url"), key=("number",)),
    extract=extract,
    watches=True,
)
