"""Tables on concentration and entry in the market-impact brief, and on Malaysia."""

from functools import partial

import pandas as pd

from briefs.display import charts, i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Table
from briefs.values import N_

_MEASURES = {
    "top10": N_("Ten largest stocks"),
    "top1": N_("Largest stock"),
    "tenth": N_("Largest tenth of firms"),
    "decile": N_("Firms above the 90th percentile by size"),
}
_EVIDENCE = {
    "newly_funded_ai_companies": N_("Newly funded AI companies"),
    "ai_unicorns": N_("AI companies worth over US$1 billion"),
    "ai_unicorns_founded_since_2023": N_("Of these, founded since 2023"),
    "share_of_startup_funding_in_100m_plus_rounds": N_(
        "Start-up funding in rounds of US$100 million and more"
    ),
    "share_of_global_venture_to_openai_and_anthropic": N_(
        "Venture funding that went to two AI firms"
    ),
    "q1_share_of_global_venture_to_top4_companies": N_(
        "Venture funding that went to four firms, first quarter"
    ),
    "foundation_model_share_of_ai_funding": N_(
        "AI funding that went to makers of foundation models"
    ),
    "share_of_funding_to_top_10pct_startups": N_("Funding that a tenth of start-ups received"),
}
#: What speaks for easier entry, or neither way; the other figures speak against it.
_SPEAKS = {
    "newly_funded_ai_companies": N_("for"),
    "ai_unicorns_founded_since_2023": N_("for"),
    "ai_unicorns": N_("neither"),
}


def _ranked(order: list[str], column: pd.Series) -> pd.Series:
    """Key for sorting: measures in a given order, other columns as they are."""
    return column.map(order.index) if column.name == "measure" else column


def measures(found: pd.DataFrame) -> Table | Card:
    """Show concentration in four eras by each measure."""
    if found.empty:
        return finding("measures-none", _("No measure covers two eras by then."), "market-8")
    rows = found.assign(
        name=[_(_MEASURES[m]) for m in found["measure"]],
        universe=[", ".join(i18n.texts(names.split(", "))) for names in found["universe"]],
    )
    known = rows["ratio"].dropna()
    return charts.table(
        "tab-measures",
        {"n": i18n.number(len(known)), **charts.extent(known, i18n.factor)},
        rows,
        sources=tuple(s for ids in rows["sources"] for s in ids),
        title=_("Now against the 1930s: from {low} to {high}, by measure")
        if len(known) > 1
        else _("{n} of the measures reaches back to the 1930s"),
        subtitle=_("Share of market value, peak of each era and latest, United States"),
        note=_(
            "Ten largest of the US market: the source says in words that the 1930s resembled the early 1960s, and "
            "that figure stands for them. The largest tenth is a lower bound. Firms above the 90th percentile were "
            "a tenth of all firms then and a twentieth now. A dash: no figure was found."
        ),
        columns=(
            Column("name", _("Measure")),
            Column("universe", _("Of")),
            Column("1930s", _("1930s"), "percent"),
            Column("1960s and 1970s", _("1960s and 1970s"), "percent"),
            Column("2000", _("2000"), "percent"),
            Column("now", _("Latest"), "percent"),
            Column("ratio", _("Latest over 1930s"), "factor"),
        ),
    )


def entry(funding: pd.DataFrame) -> Table | Card:
    """Show figures for and against easier entry."""
    rows = funding[
        funding["measure"].isin(_EVIDENCE) & (funding["place"] == "World")
        | funding["measure"].eq("share_of_funding_to_top_10pct_startups")
    ]
    rows = rows[(rows["year"] >= 2022) | (rows["measure"] != "newly_funded_ai_companies")]
    if rows.empty:
        text = _("No figure on the funding of AI companies is dated by then.")
        return finding("entry-none", text, "market-9")
    rows = rows.sort_values(["measure", "year"], key=partial(_ranked, list(_EVIDENCE)))
    against = N_("against")
    rows = rows.assign(
        what=[_(_EVIDENCE[m]) for m in rows["measure"]],
        speaks=[_(_SPEAKS.get(m, against)) for m in rows["measure"]],
        share=(rows["value"] / 100).where(rows["unit"] == "percent"),
        count=rows["value"].where(rows["unit"] != "percent"),
    )
    return charts.table(
        "tab-entry",
        {},
        rows,
        title=_("{n} figures on AI companies and who funds them"),
        subtitle=_(
            "Published figures on start-ups and their funding, by whether they speak for easier entry, world"
        ),
        note=_(
            "No figure here says why a company was founded, so none can show that falling costs were the reason."
        ),
        columns=(
            Column("what", _("What")),
            Column("year", _("Year"), "year"),
            Column("count", _("Count"), "integer"),
            Column("share", _("Share"), "percent"),
            Column("speaks", _("Speaks")),
        ),
    )


_MALAYSIA = {
    "data centre investment approved": N_("Data-centre investment approved"),
    "data centre and cloud investment approved": N_("Data-centre and cloud investment approved"),
    "information and communication investment approved": N_(
        "Information and communication investment approved"
    ),
    "electrical and electronic exports": N_("Electrical and electronic exports"),
    "growth of electrical and electronic exports": N_(
        "Growth of electrical and electronic exports"
    ),
    "growth of semiconductor exports": N_("Growth of semiconductor exports"),
    "growth of all exports": N_("Growth of all exports"),
    "organisations fully ready for AI": N_("Organisations fully ready for AI"),
    "companies using AI": N_("Companies using AI"),
}


def malaysia(found: pd.DataFrame) -> Table | Card:
    """Show what was found on Malaysia: data centres, chips, adoption."""
    if found.empty:
        text = _("Nothing on Malaysia had been published by then, as far as sources are dated.")
        return finding("malaysia-none", text, "market-9")
    rows = found.sort_values(["measure", "period_end"], key=partial(_ranked, list(_MALAYSIA)))
    rows = rows.assign(
        what=[_(_MALAYSIA[m]) for m in rows["measure"]],
        amount=(rows["value"] * 1e6).where(rows["unit"] == "RM million"),
        share=rows["value"].where(rows["unit"] == "share"),
        note=i18n.texts(rows["note"]),
    )
    return charts.table(
        "tab-malaysia",
        {},
        rows,
        title=_("Malaysia: {n} figures on data centres, chips and AI"),
        subtitle=_(
            "Approved investment and exports in ringgit, growth on the year before, shares of organisations, Malaysia"
        ),
        note=_(
            "Approved is not built. Two counts of data centres differ because one adds cloud services. The share of "
            "companies using AI comes from a page that doesn't name its survey."
        ),
        columns=(
            Column("what", _("What")),
            Column("period_start", _("From")),
            Column("period_end", _("To")),
            Column("amount", _("RM"), "myr"),
            Column("share", _("Share"), "percent"),
            Column("note", _("Note")),
        ),
    )
