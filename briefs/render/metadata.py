"""What a page tells machines: search engines, previews of a link, readers of structured data.

Titles and descriptions keep to the lengths that are shown whole. The structured data
(schema.org, as JSON-LD) say nothing that the page doesn't: the article, and a data set for each
figure whose licence, sources and file are known. A claim's review stands on the claim's own page alone.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.project import project
from briefs.render import address, editions, wording
from briefs.render.blocks import Document, FigureBlock
from briefs.render.frame import PageAddress, latest
from briefs.values import LANGUAGES

CARD = "card.png"
TITLE_LENGTH, DESCRIPTION_LENGTH, HEADLINE_LENGTH = 65, 160, 110
#: Shortest description of a data set that says enough to be found by.
_DESCRIBED = 50
#: Verdicts on a scale of three; the others have no place on it.
RATINGS = {"contradicted": 1, "partly supported": 2, "supported": 3}
_TIMES = ("date", "month", "year")


def site_name() -> str:
    """Name the site."""
    return _(project().title)


def head(document: Document, brief: dict[str, Any], page: PageAddress) -> dict[str, Any]:
    """Return what stands in the head of a brief's page, in the active language."""
    home = page.home(brief)
    own, listed = address.site().url(home), _listed(brief, page)
    languages = address.alternates(listed, page.languages)
    title, description = _title_and_description(document, brief, home)
    words = _("{title}: {finding}", title=document.title, finding=document.lead)
    author = publisher(document.language)
    return {
        "title": title,
        "description": description,
        "canonical": address.site().url(listed),
        "alternates": alternates(languages),
        "type": "article",
        "card": {"url": own + CARD, "words": words},
        "territories": territories(document.language, languages),
        "site": site_name(),
        "data": inline_json(_linked_data(document, own, author)),
    }


def _listed(brief: dict[str, Any], page: PageAddress) -> str:
    """Return the place for search engines: of a brief and its newest edition, which say the same, the brief."""
    newest = page.edition and page.edition.id == editions.current().id
    return latest(brief) if newest else page.home(brief)


def alternates(places: Mapping[str, str], default: str | None = None) -> list[dict[str, str]]:
    """List the addresses of a page in all its languages, and the one for readers of any other.

    `places` are by language; `default`, for those readers, is by itself the English, else the first.
    """
    if not places:
        return []
    if default is None:
        default = places.get("en") or next(iter(places.values()))
    found = [*places.items(), ("x-default", default)]
    return [{"language": name, "href": address.site().url(place)} for name, place in found]


def territories(language: str, languages: Iterable[str]) -> list[str]:
    """Return the language of a page and its others, as Open Graph names them."""
    names = dict.fromkeys([language, *languages])
    return [LANGUAGES[name].territory if name in LANGUAGES else name for name in names]


def _title_and_description(
    document: Document, brief: dict[str, Any], place: str
) -> tuple[str, str]:
    """Say in a list of pages what this one asks and how the claims come out, as no other of the site does."""
    title, name, around = document.title, place.rpartition("/")[2], document.frame
    counts = ", ".join(f"{part.label.lower()} {i18n.number(part.count)}" for part in document.tally)
    text = document.subtitle or title
    if counts:
        text = _("{subtitle}. Verdicts: {verdicts}.", subtitle=text, verdicts=counts)
    if place == latest(brief):
        title = _("{title}: evidence brief", title=title)
    elif name == around.edition_id:
        title = _("{title}, edition of {month}", title=title, month=around.edition)
        text = _("Edition of {month}: {text}", month=around.edition, text=text)
    else:
        as_of = around.notice and around.notice.kind == "as-of"
        title = (
            _("{title}, as of {date}", title=title, date=document.as_of)
            if as_of
            else _("{title} ({name})", title=title, name=name)
        )
        text = _("As of {date}: {text}", date=document.as_of, text=text)
    if len(text) < DESCRIPTION_LENGTH // 2 and document.lead not in text:
        text = f"{text} {document.lead}"
    return shortened(title, TITLE_LENGTH), shortened(text, DESCRIPTION_LENGTH)


def shortened(text: str, limit: int) -> str:
    """Cut a text at a word where it is longer than `limit`, with an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:.–—(") + "…"


def inline_json(data: Any) -> Markup:
    """Write data so that nothing in them can end the script element that they stand in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def publisher(language: str) -> dict[str, str]:
    """Say who publishes the site."""
    url = address.site().url(language)
    return {"@type": "Organization", "name": site_name(), "url": url}


def _linked_data(document: Document, own: str, author: dict[str, str]) -> dict[str, Any]:
    records = {record["id"]: record for record in document.records if "id" in record}
    graph = [_article(document, own, author)]
    for block in document.blocks:
        if isinstance(block, FigureBlock):
            about = f"{block.subtitle}. {block.alt}" if block.subtitle else block.alt
            if len(about) >= _DESCRIBED and block.sources:
                common = {"description": about, "creator": author, "inLanguage": document.language}
                graph.append(_dataset(block, records[block.id], own) | common)
    return {"@context": "https://schema.org", "@graph": graph}


def _article(document: Document, own: str, author: dict[str, str]) -> dict[str, Any]:
    return {
        "@type": "Article",
        "@id": f"{own}#article",
        "url": own,
        "mainEntityOfPage": own,
        "headline": shortened(document.title, HEADLINE_LENGTH),
        "description": document.subtitle,
        "image": [own + CARD],
        "inLanguage": document.language,
        "version": document.frame.edition_id,
        "datePublished": f"{document.frame.published}T00:00:00Z",
        "dateModified": f"{document.frame.updated}T00:00:00Z",
        "author": author,
        "publisher": author,
        "license": document.licence_url,
        "isBasedOn": [item.url for item in document.sources if item.url],
    }


def _dataset(block: FigureBlock, record: dict[str, Any], own: str) -> dict[str, Any]:
    publishers = [{"publisher": s.publisher} if s.publisher else {} for s in block.sources]
    return {
        "@type": "Dataset",
        "@id": f"{own}#{block.id}",
        "url": f"{own}#{block.id}",
        "name": block.title,
        "license": wording.LICENSE_URL,
        "isAccessibleForFree": True,
        "isBasedOn": [
            _work(source.title, source.url) | publisher
            for source, publisher in zip(block.sources, publishers, strict=True)
        ],
        "variableMeasured": [
            {"@type": "PropertyValue", "name": column["name"], "description": column["label"]}
            for column in record["columns"]
        ],
        **_covered(record),
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": f"{own}data/{block.id}.csv",
            }
        ],
    }


def _covered(record: dict[str, Any]) -> dict[str, str]:
    """First and last date of the data, if they have dates."""
    places = [i for i, column in enumerate(record["columns"]) if column["kind"] in _TIMES]
    days = sorted(str(row[i]) for row in record["rows"] for i in places if row[i] is not None)
    return {"temporalCoverage": f"{days[0]}/{days[-1]}"} if days else {}


def review(
    said: Mapping[str, Any], statement: str, sources: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """Review a claim. Where nothing could be settled there is a word for it, and no number.

    `said` has the ``verdict``, its ``label``, and ``said_by`` and ``said_on`` as far as they are
    known; `sources` are title and address, which may be empty, of where it was made.
    """
    verdict, speaker, day = said["verdict"], said.get("said_by"), said.get("said_on")
    word = said.get("label") or wording.verdict_word(verdict)
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": word}
    if verdict in RATINGS:
        rating |= {"ratingValue": RATINGS[verdict], "worstRating": 1, "bestRating": 3}
    return {
        "@type": "ClaimReview",
        "claimReviewed": statement,
        "reviewRating": rating,
        "itemReviewed": {
            "@type": "Claim",
            "appearance": [_work(*source) for source in sources],
            **({"author": {"@type": "Thing", "name": speaker}} if speaker else {}),
            **({"datePublished": day} if day else {}),
        },
    }


def _work(title: str, url: str) -> dict[str, Any]:
    return {"@type": "CreativeWork", "name": title, **({"url": url} if url else {})}
