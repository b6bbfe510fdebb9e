"""Findings on platform, infrastructure and software services."""

from collections.abc import Mapping

import pandas as pd

from analysis.market.figures.cloud import LAYERS
from analysis.market.shift_share import Grown
from analysis.market.vintages import typical as typical_miss
from analysis.uncertainty import point
from briefs.display import i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card
from briefs.values import N_, SHARE, SHARE_PER_YEAR, Estimate


def _points(found: Estimate) -> str:
    """Write percentage points, of which a tenth would hide too much."""
    return i18n.estimate(found, lambda points: i18n.number(points, 2))


def _parts(known: Mapping[str, str]) -> str:
    """List layers with what is said of each."""
    said = [_("{layer} {change}", layer=_(LAYERS[x]), change=text) for x, text in known.items()]
    return i18n.words(said)


def layer_change(expected: Mapping[str, Estimate], typical: Estimate, year: int) -> Card:
    """State what forecasts said of each layer's share, beside how far such forecasts move."""
    known = {layer: _points(e) for layer, e in expected.items() if e.known}
    if not known:
        text = _("Fewer than two editions of a forecast covered the year by then.")
    else:
        text = _(
            "Forecast change of share in {year}, in percentage points: {parts}. From one edition to the last, "
            "such forecasts moved by {typical} points.",
            year=i18n.cell("year", year),
            parts=_parts(known),
            typical=_points(typical),
        )
    numbers = {"revision": typical} | {f"expected_{x.lower()}": e for x, e in expected.items()}
    return finding("finding-layer-change", text, "market-4", headline=False, **numbers)


def foreseen(found: pd.DataFrame) -> Card:
    """State how far forecasts of spending on a layer missed, by how far ahead they looked."""
    near, far = (typical_miss(found.loc[at, "error"]) for at in _distance(found))
    if not far.known:
        text = _(
            "Too few years that were forecast had been counted by then to say how far off they were."
        )
    else:
        text = _(
            "Of {n} forecasts of a layer whose year has been counted since, {k} were too low. They missed by a "
            "factor of {near} in their own year and of {far} further ahead.",
            n=i18n.number(len(found)),
            k=i18n.number(int((found["error"] > 0).sum())),
            near=i18n.estimate(near),
            far=i18n.estimate(far),
        )
    return finding("finding-foreseen", text, "market-4", miss_near=near, miss_far=far)


def _distance(found: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Which forecasts were of the edition's own year, and which of a later one."""
    return found["ahead"] == 0, found["ahead"] > 0


def share_changes(measured: Mapping[str, Estimate], year: int) -> Card:
    """State how each layer's share has changed since a year, with bounds where nothing splits two."""
    known = {layer: _points(e) for layer, e in measured.items() if e.known}
    if not known:
        text = _("No full year of growth since the claim had been published by then.")
    else:
        text = _(
            "Change of share since {year}, in percentage points: {parts}. Nobody publishes platforms and "
            "infrastructure apart: theirs are bounds.",
            year=i18n.cell("year", year),
            parts=_parts(known),
        )
    numbers = {f"change_{layer.lower()}": e for layer, e in measured.items()}
    return finding("finding-share-changes", text, "market-4", headline=False, **numbers)


def layer_growth(measured: Mapping[str, Estimate], found: Grown | None) -> Card:
    """State how fast each layer has grown since the claim, and two of them together."""
    known = {layer: i18n.estimate(e) for layer, e in measured.items() if e.known}
    numbers = {f"growth_{layer.lower()}": e for layer, e in measured.items()}
    if found is None or not known:
        text = _(
            "No layer can be judged yet: no full year of growth since the claim had been published by then."
        )
    else:
        basis, method = found.basis, N_("sums of four quarters")
        numbers["combined_growth"] = point(basis.joint, 1, SHARE, method)
        text = _(
            "Growth in a year: {parts}. Platforms and infrastructure together grew {growth} from {first} to {last} by "
            "a count that doesn't split them, so theirs are bounds.",
            parts=_parts(known),
            growth=i18n.percent(basis.joint),
            first=i18n.cell("year", basis.first),
            last=i18n.cell("year", basis.last),
        )
    return finding("finding-layer-growth", text, "market-7", headline=False, **numbers)


def company(companies: pd.DataFrame, ticker: str) -> Card:
    """State one platform company's growth, and that it isn't its layer's share."""
    own = companies[companies["ticker"] == ticker]
    if own.empty:
        text = _(
            "No full year of the company's results since the claim had been published by then."
        )
        return finding("finding-company", text, "market-4")
    row = own.iloc[0]
    method = N_("last four quarters over the four before")
    growth = point(row["growth"], 8, SHARE_PER_YEAR, method)
    text = _(
        "{company}, named as an example, grew {growth} in its last four quarters to {revenue}. That is one "
        "company's growth, and says nothing of the share of its layer.",
        company=row["company"],
        growth=i18n.estimate(growth),
        revenue=i18n.money(row["last"] * 1e6),
    )
    return finding("finding-company", text, "market-4", company_growth=growth)
