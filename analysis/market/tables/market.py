"""Tables of the market-impact brief; a sentence where there is nothing to list yet."""

from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.market.figures.cloud import LAYERS
from analysis.market.figures.event import GROUPS
from briefs.display import charts, i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Table
from briefs.values import N_, Estimate


def group_tests(
    effects: pd.DataFrame, tests: pd.DataFrame, days: int, sources: Iterable[str]
) -> Table | Card:
    """Show abnormal returns of the day and the window by group, with a test that allows for common moves."""
    rows = effects[[e.known for e in effects["day"]]].merge(tests, on="group", how="left")
    if rows.empty:
        return finding("tests-none", _("There is nothing to test yet."), "market-1")
    rows = charts.spread(rows, "window").rename(columns={"value": "window"})
    rows = rows.assign(
        name=[_(GROUPS[group]) for group in rows["group"]], day=[e.value for e in rows["day"]]
    )
    sure = int((rows["p"] < 0.05).sum())
    words = {
        "n": i18n.number(sure),
        "total": i18n.number(int(rows["p"].notna().sum())),
        "days": i18n.number(days),
    }
    return charts.table(
        "tab-event-tests",
        words,
        rows,
        sources=sources,
        title=_("{n} of {total} groups moved together beyond chance"),
        subtitle=_(
            "Abnormal returns on the day and over {days} trading days, shares of United States exchanges"
        ),
        note=_(
            "t and p: cross-sectional test of the day, adjusted for the correlation of residuals (Kolari and "
            "Pynnönen, 2010), over the shares of each group. Few shares make it weak. Low and high: interval of the "
            "sum over the window."
        ),
        columns=(
            Column("name", _("Group")),
            Column("shares", _("Shares"), "integer"),
            Column("day", _("Day"), "percent"),
            Column("t", "t", "decimal"),
            Column("p", "p", "number"),
            Column("window", _("Window"), "percent"),
            Column("low", _("Low"), "percent"),
            Column("high", _("High"), "percent"),
        ),
    )


def recovery(found: pd.DataFrame, sources: Iterable[str]) -> Table | Card:
    """Show what groups were worth at later dates, and when they were back at the close before."""
    if found.empty:
        return finding("recovery-none", _("No day after the event is known yet."), "market-1")
    rows = found.assign(change=found["level"] - 1)
    heads = {h: _("{n} days", n=i18n.number(h)) for h in sorted(rows["days"].unique())}
    heads[0] = _("On the day")
    wide = (
        rows.pivot(index="group", columns="days", values="change").reindex(GROUPS).dropna(how="all")
    )
    wide.columns = [f"d{h}" for h in wide.columns]
    back = rows.drop_duplicates("group").set_index("group")["back"]
    wide = wide.assign(
        name=[_(GROUPS[g]) for g in wide.index], back=back.reindex(wide.index)
    ).reset_index(drop=True)
    return charts.table(
        "tab-recovery",
        {"n": i18n.number(int(wide["back"].count())), "total": i18n.number(len(wide))},
        wide,
        sources=sources,
        title=_("{n} of {total} groups were back at the earlier close by the end"),
        subtitle=_(
            "Change in value since the close before the event, by trading days after it, dividends included"
        ),
        note=_(
            "Back: first close at or above the one before the event. A group that didn't fall was back at once."
        ),
        columns=(
            Column("name", _("Group")),
            *(Column(f"d{h}", head, "percent") for h, head in heads.items()),
            Column("back", _("Back"), "month"),
        ),
    )


def concentration(found: pd.DataFrame, sources: Iterable[str]) -> Table | Card:
    """Show the HHI of vendors' revenue by quarter."""
    if found.empty:
        text = _("No quarter in which three vendors disclose had been published by then.")
        return finding("hhi-none", text, "market-2")
    # where nothing is hidden the bounds meet, and are shown all the same
    index = found["estimate"]
    rows = found.assign(
        hhi=[e.value for e in index],
        low=[e.low for e in index],
        high=[e.high for e in index],
        n=[e.n for e in index],
    )
    words = {
        "low": i18n.significant(rows["low"].min()),
        "high": i18n.significant(rows["high"].max()),
    }
    return charts.table(
        "tab-chip-concentration",
        words,
        rows,
        sources=sources,
        title=_("Concentration of vendors' revenue: {low} to {high}"),
        subtitle=_(
            "Herfindahl-Hirschman index (0 to 1) of data-centre revenue, quarters in which three vendors disclose"
        ),
        note=_(
            "High: disclosed revenue alone. Low: chips that cloud providers build for themselves are as large a part "
            "as any source says, and scattered. NVIDIA's share is of disclosed revenue, the most that it can be."
        ),
        columns=(
            Column("quarter", _("Quarter from"), "month"),
            Column("hhi", "HHI", "number"),
            Column("low", _("Low"), "number"),
            Column("high", _("High"), "number"),
            Column("nvidia", _("NVIDIA at most"), "percent"),
            Column("n", _("Vendors"), "integer"),
        ),
    )


def layer_changes(moves: pd.DataFrame) -> Table | Card:
    """Show every edition's change of share and growth, by layer and year."""
    if moves.empty:
        text = _("No edition of the forecast had been published by then.")
        return finding("changes-none", text, "market-4")
    wide = moves.pivot(
        index=["published", "vintage", "source_id", "year"],
        columns="layer",
        values=["change", "growth"],
    )
    wide = wide.reset_index().sort_values(["published", "year"])
    wide.columns = ["_".join(part for part in column if part) for column in wide.columns]
    wide["vintage"] = wide["vintage"].str[:7]
    return charts.table(
        "tab-layer-changes",
        {"n": i18n.number(wide["source_id"].nunique())},
        wide,
        title=_("{n} editions, and what each expects or counts"),
        subtitle=_(
            "Change of share in the three layers on the year before, percentage points, and growth of spending, "
            "world, within each edition"
        ),
        note=_("Shares are taken within an edition, since definitions change between them."),
        columns=(
            Column("vintage", _("Edition")),
            Column("year", _("Year"), "year"),
            *(Column(f"change_{x}", _("{layer}, points", layer=x), "number") for x in LAYERS),
            *(Column(f"growth_{x}", _("{layer}, growth", layer=x), "percent") for x in LAYERS),
        ),
    )


def outcomes(found: pd.DataFrame) -> Table | Card:
    """Show forecasts of infrastructure spending beside what was counted later."""
    if found.empty:
        text = _("Nothing counted afterwards had been published by then.")
        return finding("outcomes-none", text, "market-5")
    rows = found.assign(forecast=found["forecast"] * 1e6, counted=found["counted"] * 1e6)
    over = int((rows["error"] > 0).sum())
    return charts.table(
        "tab-outcomes",
        {"over": i18n.number(over)},
        rows,
        sources=(*rows["source_id"], *rows["counted_source_id"]),
        title=_("{over} of {n} forecasts of infrastructure spending were too high"),
        subtitle=_(
            "World spending on infrastructure services by edition of the forecast, and as counted afterwards, US$"
        ),
        note=_(
            "The only layer that the publisher counted afterwards; no count was found for years after 2024."
        ),
        columns=(
            Column("year", _("Year"), "year"),
            Column("vintage", _("Edition")),
            Column("forecast", _("Forecast"), "usd"),
            Column("counted", _("Counted"), "usd"),
            Column("error", _("Forecast over count"), "percent"),
        ),
    )


_GROUPS = {
    "platform": N_("PaaS"),
    "iaas": N_("Providers, several layers"),
    "saas": N_("SaaS"),
}


def companies(found: pd.DataFrame) -> Table | Card:
    """Show the growth of each company since the claim."""
    if found.empty:
        text = _("No full year of company results since the claim had been published by then.")
        return finding("companies-none", text, "market-7")
    rows = found.assign(
        layer=[_(_GROUPS[x]) for x in found["layer"]],
        last=found["last"] * 1e6,
        segment=i18n.texts(found["segment"]),
    )
    return charts.table(
        "tab-companies",
        charts.extent(rows["growth"]),
        rows,
        title=_("{n} companies grew {low} to {high} in a year"),
        subtitle=_(
            "Revenue of the last four quarters, US$, and growth on the four before, by layer, world"
        ),
        note=_(
            "A company is not its layer. The segments of the largest providers hold infrastructure, platforms, suites "
            "and servers together, and stand for no layer."
        ),
        columns=(
            Column("layer", _("Layer")),
            Column("company", _("Company")),
            Column("segment", _("Segment")),
            Column("last", _("Revenue"), "usd"),
            Column("growth", _("Growth"), "percent"),
            Column("period_end", _("Until"), "month"),
        ),
    )


def back_test(found: pd.DataFrame) -> Table | Card:
    """Show what shift-share would have said of a counted year, beside the count."""
    if found.empty:
        text = _("No year that was counted by layer can yet be held against the method.")
        return finding("back-test-none", text, "market-4")
    rows = charts.spread(found).assign(name=[_(LAYERS[x]) for x in found["layer"]])
    return charts.table(
        "tab-back-test",
        {"held": i18n.number(int(found["held"].sum())), "total": i18n.number(len(found))},
        rows,
        sources=found["source_id"],
        title=_("The method's interval held {held} of {total} counted changes"),
        subtitle=_(
            "Change of share as the method would have put it and as counted, percentage points, world"
        ),
        note=_(
            "Without the gaps between companies and layers, which are learned from such a year. Of platforms and "
            "infrastructure the method gives bounds, which are wide, so holding them proves little."
        ),
        columns=(
            Column("name", _("Layer")),
            Column("year", _("Year"), "year"),
            Column("value", _("Method"), "number"),
            Column("low", _("Low"), "number"),
            Column("high", _("High"), "number"),
            Column("counted", _("Counted"), "number"),
        ),
    )


def benchmarks(found: Mapping[str, Estimate], sources: Iterable[str]) -> Table | Card:
    """Show the abnormal return of the day against other benchmarks."""
    known = {name: e for name, e in found.items() if e.known}
    if not known:
        text = _("There is no benchmark to compare with yet.")
        return finding("benchmarks-none", text, "market-1")
    rows = charts.spread(pd.DataFrame(known.items(), columns=["fund", "estimate"]))
    return charts.table(
        "tab-benchmarks",
        charts.extent(rows["value"]),
        rows,
        sources=sources,
        title=_("Other benchmarks give {low} to {high}"),
        subtitle=_(
            "Abnormal return of exposed shares on the day, by the fund that stands for the market"
        ),
        note=_(
            "SPY: S&P 500 by value; RSP: the same, equal weights; QQQ: Nasdaq-100; IWM: small companies. Funds by "
            "value hold the very shares in question, which hides part of the fall."
        ),
        columns=(
            Column("fund", _("Fund")),
            *charts.spread_columns("percent", _("Abnormal return")),
        ),
    )


_FACTS = {
    "nvda_market_cap_loss": N_("NVIDIA: market value lost"),
    "nvda_previous_record_loss": N_("Largest such loss before"),
    "nasdaq_composite_return": N_("Nasdaq Composite"),
    "sox_return": N_("Philadelphia Semiconductor Index"),
    "sp500_return": N_("S&P 500"),
    "avgo_market_cap_loss": N_("Broadcom: market value lost"),
    "dow_return": N_("Dow Jones Industrial Average"),
    "nvda_contribution_to_sp500": N_("NVIDIA's part of the move of the S&P 500"),
}


def facts(found: pd.DataFrame, date: pd.Timestamp) -> Table | Card:
    """Show what the press recorded of the day of the event; other days have no facts."""
    rows = found[(found["event_date"] == pd.Timestamp(date)) & found["measure"].isin(_FACTS)]
    if rows.empty:
        text = _("No facts of that day are held beside the returns.")
        return finding("facts-none", text, "market-1")
    rows = rows.sort_values(
        "measure", key=lambda measures: measures.map(list(_FACTS).index), kind="stable"
    )
    rows = rows.assign(
        what=[_(_FACTS[m]) for m in rows["measure"]],
        note=i18n.texts(rows["note"]),
        share=rows["value"].where(rows["unit"] == "share"),
        usd=(rows["value"] * 1e9).where(rows["unit"] == "USD bn"),
    )
    lost = rows.loc[rows["measure"] == "nvda_market_cap_loss", "usd"]
    return charts.table(
        "tab-event-facts",
        {"day": i18n.day(date), **charts.extent(lost, i18n.money)},
        rows,
        title=_("NVIDIA lost {low} to {high} of market value")
        if len(lost)
        else _("What the press recorded of the day"),
        subtitle=_("Index returns and market value lost on {day}, as recorded"),
        note=_("Figures for one company differ by the price and the count of shares they rest on."),
        columns=(
            Column("what", _("What")),
            Column("share", _("Return"), "percent"),
            Column("usd", "US$", "usd"),
            Column("note", _("Note")),
        ),
    )
