"""AGORA, the collection of laws and rules on AI: its releases on Zenodo, to be read by a person.

Full texts may be used for non-commercial purposes only, so none is taken in.
"""

from collections.abc import Iterator

from briefs.evidence.upstream import yearly
from briefs.evidence.upstream.contract import Address, Connector, Layout, Row, Settings


def extract(data: bytes, settings: Settings) -> Iterator[Row]:
    """Yield the releases whose title has ``settings["title"]``, each with its day and address."""
    for found in yearly.read(data, dict)["hits"]["hits"]:
        about = found["metadata"]
        if settings["title"].lower() in about["title"].lower():
            version = about.get("version", "")
            row = {"number": str(found["id"]), "title": f"{about['title']} {version}".rstrip()}
            yield {
                **row,
                "date": about["publication_date"],
                "url": f"https://doi.org/{found['doi']}",
            }


CONNECTOR = Connector(
    id="agora",
    title="AGORA (AI GOvernance and Regulatory Archive)",
    publisher="Emerging Technology Observatory",
    url="https://eto.tech/dataset-docs/agora-dataset",
    licence="terms of the Emerging Technology Observatory; full texts non-commercial",
    rhythm=30,
    transport=Address(
        "https://zenodo.org/api/records?q=%22{title}%22&all_versions=true&sort=mostrecent&size=25",
        ("application/json",),
    ),
    layout=Layout(columns=("number", "title", "date", "url"), key=("number",)),
    extract=extract,
    watches=True,
)
