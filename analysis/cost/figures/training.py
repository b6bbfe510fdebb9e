"""Figures on training costs: the frontier, hardware, a fixed capability, and DeepSeek."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from briefs.display import charts, i18n, style
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card, Column, Figure
from briefs.values import N_, Estimate


def frontier_costs(runs: pd.DataFrame, growth: Estimate) -> Figure:
    """Draw what frontier training runs cost, with their trend.

    Parameters
    ----------
    runs : DataFrame
        As ``training.frontier_runs`` returns.
    growth : Estimate
        Factor per year.
    """
    top = runs.nlargest(1, "training_cost_usd")["model"].iloc[0]
    labels = {"GPT-3 175B (davinci)": "GPT-3", "GPT-4": "GPT-4", top: top}
    time = (runs["release_date"] - runs["release_date"].mean()) / pd.Timedelta(days=365.25)
    middle = np.log(runs["training_cost_usd"]).mean()

    def draw(ax: Axes) -> None:
        ax.set_yscale("log")
        ax.plot(runs["release_date"], runs["training_cost_usd"], "o", color=style.MAIN, ms=5)
        ax.plot(
            runs["release_date"],
            np.exp(middle + time * np.log(growth.value)),
            color=style.ACCENT,
            ls="--",
        )
        charts.mark(
            ax,
            runs["release_date"],
            runs["training_cost_usd"],
            [
                _(
                    "{model}, {day}: {cost} for one run",
                    model=r.model,
                    day=i18n.day(r.release_date),
                    cost=i18n.money(r.training_cost_usd),
                )
                for r in runs.itertuples()
            ],
        )
        ax.margins(y=0.12)  # room for the label of the dearest
        charts.log_money(ax.yaxis)
        charts.years_axis(ax)
        charts.y_title(ax, _("Cost of one run (log scale)"))
        named = runs[runs["model"].isin(labels)].sort_values("training_cost_usd", ascending=False)
        charts.point_labels(
            ax, [(r.release_date, r.training_cost_usd, labels[r.model]) for r in named.itertuples()]
        )

    years = runs["release_date"].dt.year
    words = {
        "growth": i18n.estimate(growth),
        "n": i18n.number(len(runs)),
        "first": i18n.cell("year", years.min()),
        "last": i18n.cell("year", years.max()),
    }
    return charts.finish(
        draw,
        "fig-frontier-costs",
        3.3,
        data=runs,
        sources=tuple(runs["source_id"]),
        title=_(
            "Frontier training runs cost {factor} as much each year",
            factor=i18n.cell("factor", growth.value),
        ),
        subtitle=_(
            "Amortised hardware and energy of one run, 2023 US$, models among the ten largest by compute at "
            "release, world, {first} to {last}",
            **words,
        ),
        alt=_(
            "Scatter chart of the cost of {n} frontier training runs from {first} to {last} on a log scale, rising "
            "{growth} a year.",
            **words,
        ),
        note=_(
            "Dashed: log-linear trend, {growth} a year ({level} interval), n = {n} runs. A list of well-known "
            "models, not a census.",
            level=i18n.percent(growth.level),
            **words,
        ),
        columns=(
            Column("model", _("Model")),
            Column("developer", _("Developer")),
            Column("release_date", _("Released"), "date"),
            Column("training_cost_usd", _("Cost, 2023 US$"), "usd"),
        ),
    )


def hardware_value(chips: pd.DataFrame, growth: Estimate) -> Figure:
    """Draw how much computing speed a dollar buys, chip by chip.

    Parameters
    ----------
    chips : DataFrame
        As ``training.priced_chips`` returns.
    growth : Estimate
        Factor per year.
    """
    chips = chips.assign(gflops_per_usd=chips["flops_per_usd"] / 1e9)
    time = (chips["release_date"] - chips["release_date"].mean()) / pd.Timedelta(days=365.25)
    middle = np.log(chips["gflops_per_usd"]).mean()

    def draw(ax: Axes) -> None:
        ax.set_yscale("log")
        for vendor, marker, colour in (
            ("NVIDIA", "o", style.THREE[0]),
            (None, "s", style.THREE[1]),
        ):
            rows = chips[(chips["vendor"] == "NVIDIA") == (vendor is not None)]
            ax.plot(
                rows["release_date"],
                rows["gflops_per_usd"],
                marker,
                color=colour,
                label=vendor or _("AMD and Intel"),
            )
            charts.mark(
                ax,
                rows["release_date"],
                rows["gflops_per_usd"],
                [
                    _(
                        "{chip}, {month}: {speed} gigaflops per US$",
                        chip=r.chip,
                        month=i18n.month(r.release_date),
                        speed=i18n.cell("number", r.gflops_per_usd),
                    )
                    for r in rows.itertuples()
                ],
            )
        ax.plot(
            chips["release_date"],
            np.exp(middle + time * np.log(growth.value)),
            color=style.QUIET,
            ls="--",
        )
        charts.log_axis(ax.yaxis, lambda value: i18n.significant(value, 1))
        ax.legend(loc="upper left", handletextpad=0.2)
        charts.years_axis(ax)
        charts.y_title(ax, _("Gigaflops per US$ (log scale)"))

    years = chips["release_date"].dt.year
    words = {
        "growth": i18n.estimate(growth),
        "n": i18n.number(len(chips)),
        "level": i18n.percent(growth.level),
        "first": i18n.cell("year", years.min()),
        "last": i18n.cell("year", years.max()),
    }
    return charts.finish(
        draw,
        "fig-hardware",
        3.0,
        data=chips.assign(price_basis=i18n.texts(chips["price_basis"])),
        sources=(*chips["source_id"], *chips["price_source_id"].dropna()),
        title=_(
            "A dollar buys {factor} as much chip speed each year",
            factor=i18n.cell("factor", growth.value),
        ),
        subtitle=_(
            "Peak 16-bit operations per second per US$ of purchase price, data-centre accelerators with tensor "
            "cores, world, released {first} to {last}",
            **words,
        ),
        alt=_(
            "Scatter chart of peak speed per dollar of {n} data-centre accelerators on a log scale, rising {growth} "
            "a year.",
            **words,
        ),
        note=_(
            "Dashed: log-linear trend, {growth} a year ({level} interval), n = {n} chips. The basis of prices "
            "differs from chip to chip.",
            **words,
        ),
        columns=(
            Column("chip", _("Chip")),
            Column("vendor", _("Vendor")),
            Column("release_date", _("Released"), "date"),
            Column("gflops_per_usd", _("Gigaflops per US$"), "number"),
            Column("price_usd", _("Price"), "usd"),
            Column("price_basis", _("Basis of the price")),
        ),
    )


_PARTS = {
    "both": N_("Both together"),
    "hardware": N_("Hardware alone"),
    "algorithms": N_("Algorithms alone"),
}
_SERIES = {
    "gpt2_medium_val_loss_2.92": N_("Speed run, medium"),
    "gpt2_small_val_loss_3.28": N_("Speed run, small"),
}


def _evidence_rows(
    parts: pd.DataFrame, pairs: pd.DataFrame, speedruns: pd.DataFrame
) -> pd.DataFrame:
    """One row per piece of evidence; pairs and series are points without an interval."""
    rows = [
        (_(_PARTS[row.part]), style.THREE[0], row.estimate) for row in parts.iloc[::-1].itertuples()
    ]
    for row in pairs.itertuples():
        label = _(
            "{anchor}, two runs", anchor=row.anchor.removesuffix(" quality").removesuffix(" class")
        )
        rows.append(
            (
                label,
                style.THREE[1],
                Estimate(*[row.decline] * 3, None, 1, "share per year", row.bases),
            )
        )
    for row in speedruns.itertuples():
        point = Estimate(
            *[row.decline] * 3, None, row.records, "share per year", "first to last record"
        )
        rows.append((_(_SERIES.get(row.series, row.series)), style.THREE[2], point))
    return pd.DataFrame(rows, columns=["label", "colour", "estimate"])


def training_declines(
    parts: pd.DataFrame,
    pairs: pd.DataFrame,
    speedruns: pd.DataFrame,
    claimed: float,
) -> Figure:
    """Draw how fast the cost of training to a fixed capability falls, by kind of evidence.

    Parameters
    ----------
    parts : DataFrame
        As ``training.fixed_capability`` returns.
    pairs : DataFrame
        As ``training.anchored_pairs`` returns.
    speedruns : DataFrame
        As ``training.speedrun_declines`` returns.
    claimed : float
        Share per year.
    """
    sources = (
        "epoch_algorithms",
        "epoch_ml_hardware_2026_07",
        *(s for ids in pairs["source_ids"] for s in ids),
        *speedruns["source_id"],
    )
    rows = _evidence_rows(parts, pairs, speedruns)
    main = rows["estimate"].iloc[0]

    def draw(ax: Axes) -> None:
        ax.axvline(claimed, color=style.QUIET, ls="--")
        ax.text(claimed, -0.75, _("claimed"), ha="center", va="bottom")
        charts.forest(ax, list(rows["label"]), list(rows["estimate"]), list(rows["colour"]))
        ax.set_xlim(min(0, *(e.value - 0.05 for e in rows["estimate"])), 1)
        ax.set_xlabel(_("Fall of the cost in a year"))

    return charts.finish(
        draw,
        "fig-training-declines",
        0.36 * len(rows) + 1.0,
        data=charts.spread(rows),
        sources=sources,
        title=_(
            "Training to a fixed capability gets {value} cheaper a year",
            value=i18n.percent(main.value),
        ),
        subtitle=_(
            "Annual fall of the cost of training to a fixed capability, world, by kind of evidence, each over "
            "its own period"
        ),
        alt=_(
            "Dot chart of the annual fall in the cost of training to a fixed capability, where hardware and "
            "algorithms together give {estimate}, against {claimed} claimed.",
            estimate=i18n.estimate(main),
            claimed=i18n.percent(claimed),
        ),
        note=" ".join(
            (
                charts.interval_note(
                    main,
                    _("dots without a line are single pairs or series and have no interval"),
                    list(rows["estimate"]),
                ),
                _("Speed runs use one kind of chip and small models."),
            )
        ),
        columns=(
            Column("label", _("What"), "text"),
            *charts.spread_columns("percent", _("Fall in a year")),
        ),
    )


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


def published_amounts(amounts: pd.DataFrame, reported: Estimate, claimed: float) -> Figure:
    """Draw every published amount for DeepSeek by what it covers.

    Parameters
    ----------
    amounts : DataFrame
        Table ``deepseek-claims``; repeats in the press and rows without an amount are left out.
    reported : Estimate
        The run's cost.
    claimed : float
        US dollars.
    """
    rows = amounts[amounts["claim_id"].isin(_AMOUNTS)]
    rows = rows.assign(
        label=[_(_AMOUNTS[name]) for name in rows["claim_id"]],
        shown=rows["amount_usd"].fillna(rows["low_usd"]),
    ).dropna(subset=["shown"])
    told = int((rows["figure_kind"] == "reported").sum())
    rows = rows.sort_values("shown", ignore_index=True)
    told_of = rows.assign(
        **{c: i18n.texts(rows[c]) for c in ("covers", "leaves_out", "said_by", "figure_kind")}
    )

    def draw(ax: Axes) -> None:
        ax.set_xscale("log")
        ax.axvline(claimed, color=style.ACCENT, ls="--")
        ax.text(claimed, -0.75, _("claimed"), ha="center", va="bottom")
        for row in rows.itertuples():
            known = row.figure_kind == "reported"
            ax.plot(
                row.shown,
                row.Index,
                "o" if known else "s",
                color=style.MAIN,
                ms=7,
                mfc=style.MAIN if known else "none",
            )
            if pd.isna(row.amount_usd):
                ax.annotate(
                    "",
                    (row.shown * 2.2, row.Index),
                    (row.shown * 1.1, row.Index),
                    arrowprops={"arrowstyle": "->", "color": style.MAIN},
                )
        charts.mark(
            ax,
            rows["shown"],
            rows.index,
            [
                _(
                    "{what}: at least {amount} ({who})",
                    what=r.label,
                    amount=i18n.money(r.shown),
                    who=_(r.said_by),
                )
                if pd.isna(r.amount_usd)
                else _(
                    "{what}: {amount} ({who})",
                    what=r.label,
                    amount=i18n.money(r.shown),
                    who=_(r.said_by),
                )
                for r in rows.itertuples()
            ],
        )
        ax.set_yticks(rows.index, rows["label"])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.grid(axis="x")
        ax.grid(visible=False, axis="y")
        charts.log_money(ax.xaxis, at_most=3)
        ax.set_xlabel(_("Amount (log scale)"))

    words = {
        "value": i18n.money(reported.value),
        "claimed": i18n.money(claimed),
        "ratio": i18n.cell("factor", reported.value / claimed),
        "n": i18n.number(len(rows)),
        "told": i18n.number(told),
        "since": i18n.month(rows["published"].min()),
        "until": i18n.month(rows["published"].max()),
    }
    return charts.finish(
        draw,
        "fig-deepseek-amounts",
        0.34 * len(rows) + 1.0,
        data=told_of,
        sources=tuple(rows["source_id"]),
        title=_("DeepSeek's full run: {value}, {ratio} the amount claimed", **words),
        subtitle=_(
            "Amounts for DeepSeek's models and company, US$, by what they cover, world, published {since} to "
            "{until}",
            **words,
        ),
        alt=_(
            "Dot chart of {n} published amounts for DeepSeek on a log scale, where the full run at {value} is "
            "{ratio} the {claimed} claimed and company totals are far higher.",
            **words,
        ),
        note=_(
            "Filled: {told} amounts reported by the developer; open: estimates and claims of others. An arrow marks "
            "a lower bound. Amounts of different scope are not alternatives.",
            **words,
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


def comparable_compute(runs: pd.DataFrame, ratio: Estimate, window_months: int) -> Figure | Card:
    """Draw the training compute of comparable models and of the one compared.

    Parameters
    ----------
    runs : DataFrame
        As ``training.comparable_runs`` returns.
    ratio : Estimate
        Compute of the compared model over the geometric mean of the others.

    Returns
    -------
    Figure or Card
        A sentence when there are too few models to compare.
    """
    if not ratio.known:
        text = _(
            "Too few models of similar score with known training compute were released in that window to compare."
        )
        return finding("comparable-too-few", text, claim="cost-2")
    rows = runs.dropna(subset=["training_compute_flop"]).sort_values(
        "training_compute_flop", ignore_index=True
    )
    peers = rows.loc[~rows["compared"].astype(bool), "training_compute_flop"]
    tenth = float(np.exp(np.log(peers).mean())) / 10

    def draw(ax: Axes) -> None:
        ax.set_xscale("log")
        ax.axvline(tenth, color=style.QUIET, ls="--")
        ax.text(tenth, -0.75, _("a tenth"), ha="center", va="bottom")
        for row in rows.itertuples():
            ax.plot(
                row.training_compute_flop,
                row.Index,
                "D" if row.compared else "o",
                ms=8 if row.compared else 7,
                color=style.ACCENT if row.compared else style.MAIN,
            )
        charts.mark(
            ax,
            rows["training_compute_flop"],
            rows.index,
            [
                _(
                    "{model}, {day}: {compute} FLOP",
                    model=r.model,
                    day=i18n.day(r.release_date),
                    compute=i18n.flop(r.training_compute_flop),
                )
                for r in rows.itertuples()
            ],
        )
        ax.set_yticks(rows.index, rows["model"])
        ax.set_ylim(len(rows) - 0.4, -0.6)
        ax.grid(axis="x")
        ax.grid(visible=False, axis="y")
        charts.log_axis(ax.xaxis, lambda value: i18n.flop(value, 0), at_most=3)
        ax.set_xlabel(_("Training compute, FLOP (log scale)"))

    words = {
        "ratio": i18n.estimate(ratio),
        "n": i18n.number(ratio.n),
        "months": i18n.number(window_months),
        "since": i18n.month(rows["release_date"].min()),
        "until": i18n.month(rows["release_date"].max()),
    }
    return charts.finish(
        draw,
        "fig-comparable-compute",
        0.34 * len(rows) + 1.1,
        data=rows,
        sources=tuple(rows["source_id"]),
        title=_(
            "DeepSeek-V3 used {share} of its peers' typical training compute",
            share=i18n.percent(ratio.value),
        ),
        subtitle=_(
            "Training compute of models of similar score released in the {months} months before DeepSeek-V3, "
            "FLOP, world, {since} to {until}",
            **words,
        ),
        alt=_(
            "Dot chart of the training compute of DeepSeek-V3 and {n} comparable models on a log scale, where "
            "DeepSeek-V3 used {ratio} of their geometric mean.",
            **words,
        ),
        note=_(
            "Ratio to the geometric mean of the peers: {ratio}, {level} t interval on logs, n = {n} peers.",
            level=i18n.percent(ratio.level or 0),
            **words,
        ),
        columns=(
            Column("model", _("Model")),
            Column("release_date", _("Released"), "date"),
            Column("score", _("Score"), "number"),
            Column("training_compute_flop", _("Training compute, FLOP"), "flop"),
            Column("gpu_hours", _("GPU-hours"), "integer"),
            Column("rental_usd", _("Cost on a rental basis"), "usd"),
        ),
    )
