"""Figures on training costs: the frontier, hardware, a fixed capability, and DeepSeek."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.cost.training import BENCHMARK, FRONTIER_RANK, SCORE_MARGIN
from analysis.uncertainty import point
from briefs.display import axes, charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_, SHARE_PER_YEAR, Estimate


def frontier_costs(runs: pd.DataFrame, growth: Estimate) -> Figure:
    """Draw what ``training.frontier_runs`` cost, with their trend: `growth`, a factor per year."""
    return charts.figure(
        charts.drawing("fig-frontier-costs", 3.0, _draw_frontier, runs, growth, wide=4.4),
        _growth_words(runs, growth),
        runs,
        title=_("Frontier training runs cost {factor} as much each year"),
        subtitle=_(
            "Amortised hardware and energy of one run, 2023 US$, models among the ten largest by compute at "
            "release, world, {first} to {last}"
        ),
        alt=_(
            "Scatter chart of the cost of {n} frontier training runs from {first} to {last} on a log scale, rising "
            "{growth} a year."
        ),
        note=_(
            "Dashed: log-linear trend, {growth} a year ({level} interval), n = {n} runs. A list of well-known "
            "models, not a census."
        ),
        columns=(
            Column("model", _("Model")),
            Column("developer", _("Developer")),
            Column("release_date", _("Released"), "date"),
            Column("training_cost_usd", _("Cost, 2023 US$"), "usd"),
        ),
    )


def _draw_frontier(ax: Axes, runs: pd.DataFrame, growth: Estimate) -> None:
    say = charts.say(
        _("{model}, {day}: {cost} for one run"),
        day="release_date:date",
        cost="training_cost_usd:usd",
    )
    ranked = runs.sort_values("training_cost_usd", ascending=False)
    known = ranked["model"].isin(["GPT-3 175B (davinci)", "GPT-4"])
    named = pd.concat([ranked[:1], ranked[known], ranked[1:]]).drop_duplicates("model")
    named = named[: 14 if style.wide(ax) else 3]
    names = named["model"].str.replace(r" \(.*\)| 175B", "", regex=True)
    dates, costs = runs["release_date"], runs["training_cost_usd"]
    ax.set_yscale("log")
    ax.plot(dates, costs, "o", color=style.MAIN, ms=5)
    ax.plot(dates, _trend(dates, costs, growth), color=style.ACCENT, ls="--")
    charts.mark_rows(ax, runs, "release_date", "training_cost_usd", say)
    ax.margins(y=0.12)  # room for the label of the most expensive
    axes.log_money(ax.yaxis)
    axes.over_time(ax, _("Cost of one run (log scale)"))
    places = named["release_date"], named["training_cost_usd"]
    axes.point_labels(ax, list(zip(*places, names, strict=True)))


def _growth_words(rows: pd.DataFrame, growth: Estimate) -> dict[str, str]:
    years = rows["release_date"].dt.year
    return charts.period(years, "year", ("first", "last")) | {
        "factor": i18n.cell("factor", growth.value),
        "growth": i18n.estimate(growth),
        "level": i18n.percent(growth.level),
    }


def _trend(dates: pd.Series, values: pd.Series, growth: Estimate) -> pd.Series:
    """Return a line of yearly `growth` through the middle of the values, on a log scale."""
    years = (dates - dates.mean()) / pd.Timedelta(days=365.25)
    return np.exp(np.log(values).mean() + years * np.log(growth.value))


_PARTS = {
    "both": N_("Both together"),
    "hardware": N_("Hardware alone"),
    "algorithms": N_("Algorithms alone"),
}
_SERIES = {
    "gpt2_medium_val_loss_2.92": N_("Speed run, medium"),
    "gpt2_small_val_loss_3.28": N_("Speed run, small"),
}


def training_declines(
    parts: pd.DataFrame, pairs: pd.DataFrame, speedruns: pd.DataFrame, claimed: float
) -> Figure:
    """Draw the yearly fall of the cost of training to a fixed capability, by kind of evidence."""
    rows = _evidence(parts, pairs, speedruns)
    height = 0.31 * len(rows) + 1.0
    unit = _("dots without a line are single pairs or series and have no interval")
    published = (*pairs["source_ids"].explode().dropna(), *speedruns["source_id"])
    words = {
        "value": i18n.percent(rows["estimate"].iloc[0].value),
        "estimate": i18n.estimate(rows["estimate"].iloc[0]),
        "claimed": i18n.percent(claimed),
    }
    return charts.figure(
        charts.drawing("fig-training-declines", height, _draw_declines, rows, claimed),
        words,
        charts.spread(rows),
        sources=("epoch_algorithms", "epoch_ml_hardware_2026_07", *published),
        title=_("Training to a fixed capability gets {value} cheaper a year"),
        subtitle=_(
            "Annual fall of the cost of training to a fixed capability, world, by kind of evidence, each over "
            "its own period"
        ),
        alt=_(
            "Dot chart of the annual fall in the cost of training to a fixed capability, where hardware and "
            "algorithms together give {estimate}, against {claimed} claimed."
        ),
        intervals=charts.interval_note(rows["estimate"], unit),
        note=_("Speed runs use one kind of chip and small models.") if len(speedruns) else "",
        columns=charts.spread_columns("percent", _("Fall in a year"), label=_("What")),
    )


def _evidence(parts: pd.DataFrame, pairs: pd.DataFrame, speedruns: pd.DataFrame) -> pd.DataFrame:
    """One row per piece of evidence; pairs and series are points without an interval."""
    rows = [
        (_(_PARTS[row.part]), style.THREE[0], row.estimate) for row in parts.iloc[::-1].itertuples()
    ]
    for row in pairs.itertuples():
        anchor = row.anchor.removesuffix(" quality").removesuffix(" class")
        label = _("{anchor}, two runs", anchor=anchor)
        rows.append((label, style.THREE[1], point(row.decline, 1, SHARE_PER_YEAR, row.bases)))
    for row in speedruns.itertuples():
        found = point(row.decline, row.records, SHARE_PER_YEAR, "first to last record")
        rows.append((_(_SERIES.get(row.series, row.series)), style.THREE[2], found))
    return pd.DataFrame(rows, columns=["label", "colour", "estimate"])


def _draw_declines(ax: Axes, rows: pd.DataFrame, claimed: float) -> None:
    charts.reference(ax, claimed, _("claimed"))
    charts.forest(ax, rows["label"], rows["estimate"], rows["colour"])
    ax.set_xlim(min(0, *(e.value - 0.05 for e in rows["estimate"])), 1)
    ax.set_xlabel(_("Fall of the cost in a year"))


_AMOUNTS = {
    "r1_stage": N_("R1: last stage"),
    "minimax_m1_contrast": N_("MiniMax-M1: last stage"),
    "v3_official": N_("V3: final run"),
    "press_6m": N_("V3 or R1, press"),
    "r1_epoch": N_("R1: with its base"),
    "wood_23m": N_("Large model (Wood)"),
    "gpu_value_61m": N_("V3: chips used"),
    "semianalysis_hw_500m": N_("Company: hardware"),
    "semianalysis_opex_944m": N_("Company: operation"),
    "amodei_1b": N_("Company: 50,000 chips"),
    "sacks_1b": N_("Company: cluster"),
    "semianalysis_capex_1_6b": N_("Company: servers"),
}


#: Marks of amounts that the developer reports, and of those of others.
_WHOSE = ("o", "s")


def published_amounts(amounts: pd.DataFrame, reported: Estimate, claimed: float) -> Figure:
    """Draw the amounts of ``deepseek-claims`` in US dollars, repeats left out; `reported` is the run's cost."""
    rows = amounts[amounts["claim_id"].isin(_AMOUNTS)]
    rows = rows.assign(
        label=[_(_AMOUNTS[name]) for name in rows["claim_id"]],
        shown=rows["amount_usd"].fillna(rows["low_usd"]),
        reported=rows["figure_kind"] == "reported",
        told=[i18n.money(amount) for amount in rows["amount_usd"].fillna(rows["low_usd"])],
        **{c: i18n.texts(rows[c]) for c in ("covers", "leaves_out", "said_by", "figure_kind")},
    )
    rows = rows.dropna(subset=["shown"]).sort_values("shown", ignore_index=True)
    height = 0.29 * len(rows) + 1.0
    words = charts.period(rows["published"]) | {
        "value": i18n.money(reported.value),
        "claimed": i18n.money(claimed),
        "ratio": i18n.cell("factor", reported.value / claimed),
        "told": i18n.number(rows["reported"].sum()),
    }
    return charts.figure(
        charts.drawing("fig-deepseek-amounts", height, _draw_amounts, rows, claimed),
        words,
        rows,
        title=_("DeepSeek's full run: {value}, {ratio} the amount claimed"),
        subtitle=_(
            "Amounts for DeepSeek's models and company, US$, by what they cover, world, published {since} to {until}"
        ),
        alt=_(
            "Dot chart of {n} published amounts for DeepSeek on a log scale, where the full run at {value} is "
            "{ratio} the {claimed} claimed."
        ),
        note=_(
            "{told} amounts are reported by the developer, the others are estimates and claims of others. Amounts of "
            "different scope are not alternatives."
        ),
        columns=(
            Column("label", _("Amount for")),
            Column("shown", "US$", "usd"),
            Column("covers", _("Covers")),
            Column("leaves_out", _("Leaves out")),
            Column("said_by", _("Said by")),
            Column("figure_kind", _("Kind")),
            Column("published", _("Published"), "date"),
        ),
    )


def _draw_amounts(ax: Axes, rows: pd.DataFrame, claimed: float) -> None:
    fields = {"what": "label", "amount": "shown:usd", "who": "said_by"}
    exact = charts.say(_("{what}: {amount} ({who})"), **fields)
    at_least = charts.say(_("{what}: at least {amount} ({who})"), **fields)

    def say(row: Any) -> str:
        return at_least(row) if pd.isna(row.amount_usd) else exact(row)

    marker = np.where(rows["reported"], *_WHOSE)
    ax.set_xscale("log")
    charts.reference(ax, claimed, _("claimed"), style.ACCENT)
    charts.dots(ax, rows.assign(marker=marker, filled=rows["reported"]), "shown", say)
    beside: Any = {"textcoords": "offset points", "ha": "right", "va": "center"}
    for place, low in rows.loc[rows["amount_usd"].isna(), "shown"].items():
        ax.annotate("≥", (low, place), (-6, 0), **beside)
    marks = [
        Line2D([], [], ls="", marker=mark, ms=7, color=style.MAIN, mfc=fill, label=label)
        for mark, fill, label in zip(
            _WHOSE, (style.MAIN, "none"), (_("developer"), _("others")), strict=True
        )
    ]
    # short: a mark far from its word would seem to be an amount
    ax.legend(
        handles=marks, loc="upper right", handlelength=0.8, handletextpad=0.2, borderaxespad=0
    )
    axes.log_money(ax.xaxis, at_most=2)
    ax.set_xlabel(_("Amount (log scale)"))


def comparable_compute(
    runs: pd.DataFrame, ratio: Estimate, without: tuple[float, float], window_months: int
) -> Figure | Card:
    """Draw ``training.comparable_runs``; `ratio` is the compared model's compute over the others' mean.

    `without` are the least and greatest ratio when any one of the others is left out.
    """
    if not ratio.known:
        text = _(
            "Too few peers with known training compute were released in that window to compare."
        )
        return finding("comparable-too-few", text, "cost-2")
    rows = runs.dropna(subset=["training_compute_flop"])
    rows = rows.sort_values("training_compute_flop", ignore_index=True)
    words = charts.period(rows["release_date"]) | {
        "share": i18n.percent(ratio.value),
        "ratio": i18n.estimate(ratio),
        "interval": _(", {level} t interval on logs", level=i18n.percent(ratio.level))
        if ratio.level
        else "",
        "n": i18n.number(ratio.n),
        "months": i18n.number(window_months),
        "margin": i18n.number(SCORE_MARGIN),
        "test": BENCHMARK,
        "rank": i18n.number(FRONTIER_RANK),
        "low": i18n.percent(without[0]),
        "high": i18n.percent(without[1]),
    }
    return charts.figure(
        charts.drawing("fig-comparable-compute", 0.29 * len(rows) + 1.0, _draw_compute, rows),
        words,
        rows,
        title=_("DeepSeek-V3 used {share} of its peers' typical training compute"),
        subtitle=_(
            "Training compute of models that score within {margin} points on {test} or were among the {rank} largest "
            "runs of the {months} months before DeepSeek-V3, FLOP, world, {since} to {until}"
        ),
        alt=_(
            "Dot chart of the training compute of DeepSeek-V3 and {n} comparable models on a log scale, where "
            "DeepSeek-V3 used {ratio} of their geometric mean."
        ),
        note=_(
            "Ratio to the geometric mean of the peers: {ratio}{interval}, n = {n} peers; {low} to {high} when any "
            "one is left out."
        ),
        columns=(
            Column("model", _("Model")),
            Column("release_date", _("Released"), "date"),
            Column("score", _("{benchmark} score", benchmark=BENCHMARK), "number"),
            Column("training_compute_flop", _("Training compute, FLOP"), "flop"),
            Column("gpu_hours", _("GPU-hours"), "integer"),
            Column("rental_usd", _("Cost on a rental basis"), "usd"),
        ),
    )


def _draw_compute(ax: Axes, rows: pd.DataFrame) -> None:
    say = charts.say(
        _("{model}, {day}: {compute} FLOP"),
        day="release_date:date",
        compute="training_compute_flop:flop",
    )
    compared = rows["compared"].astype(bool)
    colour = np.where(compared, style.ACCENT, style.MAIN)
    told = [_("{n} FLOP", n=i18n.cell("flop", v)) for v in rows["training_compute_flop"]]
    looks = {"colour": colour, "marker": np.where(compared, "D", "o"), "told": told}
    shown = rows.assign(label=rows["model"], **looks)
    peers = rows.loc[~compared, "training_compute_flop"]
    ax.set_xscale("log")
    charts.reference(ax, np.exp(np.log(peers).mean()) / 10, _("a tenth"))
    charts.dots(ax, shown, "training_compute_flop", say)
    axes.log_axis(ax.xaxis, lambda value: i18n.flop(value, 0), at_most=3)
    ax.set_xlabel(_("Training compute, FLOP (log scale)"))
