"""The method page: how a claim becomes a verdict, what the words mean, and how to check all of it."""

from collections.abc import Iterator
from typing import Any

import yaml

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.project import data_folder
from briefs.render import address, editions, metadata, wording
from briefs.site import claims, pages
from briefs.site.shelf import Shelf
from briefs.values import N_

FOLDER = "method"
FILE = "method.yml"

#: The terms of the briefs and the probabilities that they stand for (the scale of the IPCC's reports).
LIKELIHOODS = (
    (N_("virtually certain"), 0.99, 1.0),
    (N_("extremely likely"), 0.95, 1.0),
    (N_("very likely"), 0.90, 1.0),
    (N_("likely"), 0.66, 1.0),
    (N_("about as likely as not"), 0.33, 0.66),
    (N_("unlikely"), 0.0, 0.33),
    (N_("very unlikely"), 0.0, 0.10),
    (N_("extremely unlikely"), 0.0, 0.05),
    (N_("exceptionally unlikely"), 0.0, 0.01),
)
COMMANDS = "make reports\n.venv/bin/briefs check"


def files(shelf: Shelf, language: str) -> Iterator[tuple[str, bytes]]:
    """Write the method page of a language."""
    text = _(
        "How a claim becomes a verdict: rules fixed beforehand, intervals, readings, dates, sources, limits, and "
        "how to check or rebuild it all."
    )
    page = pages.Page(
        f"{language}/{FOLDER}",
        _("How the briefs reach their verdicts"),
        metadata.shortened(text, metadata.DESCRIPTION_LENGTH),
        shelf.languages,
        **pages.picture(shelf.front(language)[0]),
    )
    yield (
        f"{page.place}/{address.PAGE}",
        pages.render(
            "method.html.j2",
            page,
            title=page.title,
            lead=_lead(),
            sections=list(_sections(page, shelf)),
        ),
    )


def _lead() -> str:
    return _(
        "A verdict here is the output of a rule, not an opinion of the authors. The rule was written down before "
        "anything was estimated, and anyone can run it again."
    )


def _sections(page: pages.Page, shelf: Shelf) -> Iterator[dict[str, Any]]:
    """Sections in order; each has paragraphs, and some a list, a table or a command."""
    yield {
        "id": "claims",
        "title": _("From a claim to a verdict"),
        "paragraphs": [
            _(
                "Each claim is taken from one article, with who said it, when, where, and whether the wording is a quotation "
                "or a paraphrase. A claim can be read in more than one way; each reading names one quantity that can be "
                "measured."
            ),
            _(
                "Each reading has two ranges, fixed beforehand from the words of the claim alone. If the whole interval of "
                "the estimate lies in the narrower range, the reading is supported. If it lies in the wider one, it is "
                "partly supported. If no part of it lies in the wider range, it is contradicted. In every other case, and "
                "when there is no estimate, it is unresolved."
            ),
            _(
                "When all readings of a claim agree, that is its verdict. When they differ, the claim is partly supported if "
                "at least one reading is supported or partly supported, else unresolved. An opinion isn’t judged; a claim "
                "that is in part opinion is at best partly supported."
            ),
        ],
        "verdicts": [
            {"verdict": verdict, "label": wording.verdict_word(verdict), "meaning": meaning}
            for verdict, meaning in _verdicts()
        ],
    }
    yield {
        "id": "tolerance",
        "title": _("How exact a claim has to be"),
        "paragraphs": [
            _(
                "One tolerance serves every claim that names an amount or a rate: within a factor of 1.5 of what was claimed "
                "is support, within a factor of 3 is partial support. For a yearly fall the factor applies to what is left "
                "after a year. Claims without a figure have thresholds set by what their words mean, such as more than half "
                "of a market for “dominates”."
            ),
            _(
                "A rule that is changed later keeps its former date and the reason on the claim’s page. No range may be "
                "fitted to a result."
            ),
        ],
    }
    yield {
        "id": "forecasts",
        "title": _("Forecasts don’t count"),
        "paragraphs": [
            _(
                "What somebody foresaw is no evidence of what happened. Forecasts are shown beside measurements, drawn "
                "differently and named, and decide nothing."
            ),
        ],
    }
    yield {
        "id": "unresolved",
        "title": _("“Unresolved” is a result"),
        "paragraphs": [
            _(
                "It means that the evidence published so far can’t tell. Each claim’s page says what would. A verdict is "
                "never softened or sharpened to have more to report."
            ),
        ],
    }
    yield {
        "id": "intervals",
        "title": _("Intervals and the words for likelihood"),
        "paragraphs": [
            _(
                "Every estimate has an interval, its level or its basis, the number of observations and the method. Most "
                "are bootstrap or t intervals at 90%. Where only a few published figures exist, the interval is the range "
                "from the least to the greatest of them and carries no probability; it says so."
            ),
            _(
                "A word for likelihood appears only where a probability was computed, and always stands for the same band:"
            ),
        ],
        "table": {
            "caption": _("Words for likelihood"),
            "head": [_("Word"), _("Probability")],
            "rows": [
                [_(term), _("{low} to {high}", low=i18n.percent(low), high=i18n.percent(high))]
                for term, low, high in LIKELIHOODS
            ],
        },
    }
    yield {
        "id": "dates",
        "title": _("What was known when"),
        "paragraphs": [
            _(
                "Every row of evidence has the day from which it could be known. A brief as of a date is computed from those "
                "rows alone, so nobody judges a claim of January by what came out in November. The claims’ pages show how "
                "verdicts and estimates moved as evidence came in."
            ),
            _(
                "A date rests on the figure’s own publication, on the event that it records, or on the release of what it "
                "describes; the tables say which."
            ),
        ],
    }
    yield {
        "id": "sources",
        "title": _("Sources, verified and not"),
        "paragraphs": [
            _(
                "Each row names its source. “Verified” means that the figure was seen in a copy of the page or file. Figures "
                "that weren’t seen are marked; no verdict rests on them alone. Verified isn’t the same as right: a source "
                "seen may still be mistaken, and its note says what is known of its quality."
            ),
        ],
    }
    yield {
        "id": "check",
        "title": _("What you can check yourself"),
        "links": _links(page, shelf),
        "paragraphs": [
            _(
                "All tables can be downloaded with a dictionary of every column. Each brief has its figures’ data as CSV, "
                "its results as JSON with hashes of code and evidence, and the notebook that it was made from."
            ),
        ],
    }
    yield {
        "id": "rebuild",
        "title": _("How to rebuild everything"),
        "command": COMMANDS,
        "paragraphs": [
            _(
                "In a copy of the project, these commands install the exact versions, build the site and check the evidence. "
                "Only the installation needs a network. The same inputs give the same bytes."
            ),
        ],
    }
    yield {
        "id": "limits",
        "title": _("Limits"),
        "points": [
            *_own_limits(),
            _(
                "Where few figures exist, an interval can be too narrow; the number of observations is always shown."
            ),
        ],
        "paragraphs": [],
    }
    yield {
        "id": "corrections",
        "title": _("Editions and corrections"),
        "corrections": _corrections(),
        "paragraphs": [
            _(
                "An edition keeps its address and its content. Whatever is wrong in one is corrected in the open: the "
                "correction is dated and listed here and in the brief, and the feed tells of it."
            ),
        ],
    }
    yield {
        "id": "reuse",
        "title": _("Licence and citation"),
        "paragraphs": [
            wording.licence(),
            _(
                "To cite a brief, use the line at its end; it names the edition and its permanent address. To cite the "
                "whole: “{site}”, edition of {month}. {url}",
                site=metadata.site_name(),
                month=wording.edition_name(editions.current()),
                url=address.site().url(page.language),
            ),
        ],
    }


def _own_limits() -> list[str]:
    """Limits of the project's evidence, from ``method.yml`` of the data folder if there is one."""
    path = data_folder() / FILE
    found = yaml.safe_load(path.read_text(encoding="utf-8"))["limits"] if path.is_file() else ()
    return [i18n.localized(text) for text in found]


def _verdicts() -> list[tuple[str, str]]:
    return [
        ("supported", _("the whole interval lies in the range for support")),
        (
            "partly supported",
            _(
                "the whole interval lies in the wider range, or readings differ and one gives support"
            ),
        ),
        ("contradicted", _("no part of the interval lies in either range")),
        (
            "unresolved",
            _("the interval crosses the edge of the wider range, or there is no estimate"),
        ),
        ("opinion", _("nothing measurable was said")),
    ]


def _links(page: pages.Page, shelf: Shelf) -> list[dict[str, str]]:
    rows = [
        {
            "text": _("All tables, with dictionaries and sources"),
            "href": page.to(f"{page.language}/data"),
        }
    ]
    if first := next(iter(claims.known(shelf, page.language)), None):
        rows.append(
            {
                "text": _("A claim’s page, for example {id}", id=first),
                "href": page.to(claims.place_of(page.language, first)),
            }
        )
    return rows


def _corrections() -> list[str]:
    """List every logged correction, newest first; a line that says so when there is none."""
    found = [
        (c.date, i18n.localized(c.text.model_dump()))
        for e in editions.load()
        for c in e.corrections
    ]
    rows = [
        _("{date}: {text}", date=wording.date(date.isoformat()), text=text)
        for date, text in sorted(found, reverse=True)
    ]
    return rows or [_("No correction has been needed so far.")]
