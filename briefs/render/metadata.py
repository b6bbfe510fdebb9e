"""What a page tells machines: search engines, previews of a link, readers of structured data.

Titles and descriptions keep to the lengths that are shown whole. The structured data
(schema.org, as JSON-LD) say nothing that the page doesn't: the article, a data set for each
figure whose licence, sources and file are known, and a review for each claim judged here.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.project import project
from briefs.render import address, wording
from briefs.render.address import Address
from briefs.render.blocks import Document, FigureBlock, SourceItem, VerdictBlock
from briefs.render.frame import PageAddress, latest
from briefs.values import LANGUAGES

CARD, CARD_SIZE = "card.png", (1200, 630)
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
    """Return what stands in the head of a brief's page, in the active language.

    Parameters
    ----------
    document, brief
        The document, all but this part of it, and its record of the kind ``brief``.
    """
    home, own = page.home(brief), page.url(brief)
    title, text = title_of(document, brief, home), description(document, brief, home)
    languages = address.alternates(home, page.languages)
    picture = page.url(brief, CARD), card_text(document)
    graph = [
        *preview(title, text, own, picture),
        ("og:type", "article"),
        *locales(document.language, languages),
        ("article:published_time", document.frame.published),
        ("article:modified_time", document.frame.updated),
    ]
    twitter = [
        ("twitter:card", "summary_large_image"),
        ("twitter:title", title),
        ("twitter:description", text),
        ("twitter:image", picture[0]),
        ("twitter:image:alt", picture[1]),
    ]
    return {
        "title": title,
        "description": text,
        "canonical": own,
        "alternates": alternates(languages, site=page.site),
        "graph": graph,
        "twitter": twitter,
        "site": site_name(),
        "data": inline_json(linked_data(document, brief, page)),
    }


def alternates(
    places: Mapping[str, str], default: str | None = None, site: Address | None = None
) -> list[dict[str, str]]:
    """List the addresses of a page in all its languages, and the one for readers of any other.

    Parameters
    ----------
    places : mapping
        Language -> place.
    default : str, optional
        Place for readers of any other language: the English page, else the first, without it.
    """
    if not places:
        return []
    if default is None:
        default = places.get("en") or next(iter(places.values()))
    found = [*places.items(), ("x-default", default)]
    site = site or address.site()
    return [{"language": name, "href": site.url(place)} for name, place in found]


def preview(
    title: str, text: str, url: str, picture: tuple[str, str] | None
) -> list[tuple[str, Any]]:
    """Return what a preview of a link to a page shows (Open Graph); the picture has an address and words."""
    rows: list[tuple[str, Any]] = [
        ("og:title", title),
        ("og:description", text),
        ("og:url", url),
        ("og:site_name", site_name()),
    ]
    if picture:
        rows += [
            ("og:image", picture[0]),
            ("og:image:type", "image/png"),
            ("og:image:width", CARD_SIZE[0]),
            ("og:image:height", CARD_SIZE[1]),
            ("og:image:alt", picture[1]),
        ]
    return rows


def locales(language: str, languages: Iterable[str]) -> list[tuple[str, Any]]:
    """Return the language of a page and its others, as Open Graph names them."""
    names = [language, *(name for name in languages if name != language)]
    kinds = ["og:locale", *["og:locale:alternate"] * (len(names) - 1)]
    territories = [LANGUAGES[name].territory if name in LANGUAGES else name for name in names]
    return list(zip(kinds, territories, strict=True))


def title_of(document: Document, brief: dict[str, Any], place: str) -> str:
    """Title of the page in a list of pages: one that no other page of the site has."""
    title, name = document.title, place.rpartition("/")[2]
    if place == latest(brief):
        text = _("{title}: evidence brief", title=title)
    elif name == document.frame.edition_id:
        text = _("{title}, edition of {month}", title=title, month=document.frame.edition)
    elif document.frame.notice and document.frame.notice.kind == "as-of":
        text = _("{title}, as of {date}", title=title, date=document.as_of)
    else:
        text = _("{title} ({name})", title=title, name=name)
    return shortened(text, TITLE_LENGTH)


def description(document: Document, brief: dict[str, Any], place: str) -> str:
    """Description of the page for a list of pages: what it asks, and how the claims come out."""
    counts = ", ".join(f"{part.label.lower()} {i18n.number(part.count)}" for part in document.tally)
    subtitle = document.subtitle or document.title
    text = (
        _("{subtitle}. Verdicts: {verdicts}.", subtitle=subtitle, verdicts=counts)
        if counts
        else subtitle
    )
    if place.endswith(f"/{document.frame.edition_id}"):
        text = _("Edition of {month}: {text}", month=document.frame.edition, text=text)
    elif place != latest(brief):
        text = _("As of {date}: {text}", date=document.as_of, text=text)
    if len(text) < DESCRIPTION_LENGTH // 2 and document.findings:
        text = f"{text} {document.findings[0].text}"
    return shortened(text, DESCRIPTION_LENGTH)


def card_text(document: Document) -> str:
    """Say in words what the picture shows that goes with a link to the page."""
    lead = document.findings[0].text if document.findings else document.subtitle
    return _("{title}: {finding}", title=document.title, finding=lead)


def shortened(text: str, limit: int) -> str:
    """Cut a text at a word where it is longer than `limit`, with an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:.–—(") + "…"


def inline_json(data: Any) -> Markup:
    """Write data so that nothing in them can end the script element that they stand in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))


def linked_data(document: Document, brief: dict[str, Any], page: PageAddress) -> dict[str, Any]:
    """Return the page's structured data: one graph of schema.org's types."""
    author = publisher(document.language, page.site)
    records = {record["id"]: record for record in document.records if record["kind"] == "figure"}
    sources = {item.id: item for item in document.sources}
    sets = [
        _dataset(block, records[block.id], sources, author, brief, page)
        for block in document.blocks
        if isinstance(block, FigureBlock)
    ]
    return {
        "@context": "https://schema.org",
        "@graph": [
            _article(document, author, brief, page),
            *filter(None, sets),
            *(
                _review(block, document, author, page.url(brief))
                for block in document.blocks
                if isinstance(block, VerdictBlock)
            ),
        ],
    }


def publisher(language: str, site: Address | None = None) -> dict[str, str]:
    """Say who publishes the site."""
    url = (site or address.site()).url(language)
    return {"@type": "Organization", "name": site_name(), "url": url}


def _article(
    document: Document,
    author: dict[str, str],
    brief: dict[str, Any],
    page: PageAddress,
) -> dict[str, Any]:
    own = page.url(brief)
    return {
        "@type": "Article",
        "@id": f"{own}#article",
        "url": own,
        "mainEntityOfPage": own,
        "headline": shortened(document.title, HEADLINE_LENGTH),
        "description": document.subtitle,
        "image": [page.url(brief, CARD)],
        "inLanguage": document.language,
        "version": document.frame.edition_id,
        "datePublished": f"{document.frame.published}T00:00:00Z",
        "dateModified": f"{document.frame.updated}T00:00:00Z",
        "author": author,
        "publisher": author,
        "license": document.licence_url,
        "isBasedOn": [item.url for item in document.sources if item.url and item.verified],
    }


def _dataset(
    block: FigureBlock,
    record: dict[str, Any],
    sources: dict[str, SourceItem],
    author: dict[str, str],
    brief: dict[str, Any],
    page: PageAddress,
) -> dict[str, Any] | None:
    """Describe the data of a figure; None unless it can be said what they are and where they come from."""
    about = f"{block.subtitle}. {block.alt}" if block.subtitle else block.alt
    based = [sources[name] for name in record["sources"]]
    if len(about) < _DESCRIBED or not based:
        return None
    own = page.url(brief)
    return {
        "@type": "Dataset",
        "@id": f"{own}#{block.id}",
        "url": f"{own}#{block.id}",
        "name": block.title,
        "description": about,
        "license": wording.LICENSE_URL,
        "creator": author,
        "isAccessibleForFree": True,
        "inLanguage": brief["language"],
        "isBasedOn": [
            {
                **_work(item.title, item.url),
                **({"publisher": item.publisher} if item.publisher else {}),
            }
            for item in based
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
                "contentUrl": page.url(brief, f"data/{block.id}.csv"),
            }
        ],
    }


def _covered(record: dict[str, Any]) -> dict[str, str]:
    """First and last date of the data, if they have dates."""
    places = [i for i, column in enumerate(record["columns"]) if column["kind"] in _TIMES]
    days = sorted(str(row[i]) for row in record["rows"] for i in places if row[i] is not None)
    return {"temporalCoverage": f"{days[0]}/{days[-1]}"} if days else {}


def _review(
    block: VerdictBlock,
    document: Document,
    author: dict[str, str],
    own: str,
) -> dict[str, Any]:
    """Describe the verdict of a block."""
    record = next(r for r in document.records if r["kind"] == "verdict" and r["id"] == block.id)
    return {
        **review(record, block.statement, [(item.title, item.url) for item in block.sources]),
        "@id": f"{own}#review:{block.id}",
        "url": f"{own}#{block.id}",
        "datePublished": document.frame.published,
        "author": author,
        "inLanguage": document.language,
    }


def review(
    said: Mapping[str, Any], statement: str, sources: Iterable[tuple[str, str]]
) -> dict[str, Any]:
    """Review a claim. Where nothing could be settled there is a word for it, and no number.

    Parameters
    ----------
    said : mapping
        ``verdict``, its ``label``, and ``said_by`` and ``said_on`` as far as they are known.
    statement : str
        The claim in words.
    sources : iterable of pair of str
        Where it was made: title, and address, which may be empty.
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
