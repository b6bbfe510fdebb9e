import functools

import numpy as np
import pandas as pd
import pytest

from analysis import params
from analysis.cost import arrival, scenarios, summary, training
from analysis.cost.figures import (
    bills as bill_figures,
    prices as price_figures,
    rates as rate_figures,
    training as training_figures,
)
from analysis.cost.published import STORED
from briefs.display import i18n, style
from briefs.display.records import Card, Figure
from briefs.evidence import claims
from briefs.values import Estimate

# The spec's own checks must be able to fail.


@pytest.mark.parametrize(
    "draw, complaint",
    [
        (
            lambda ax: ax.text(0.5, 0.5, "far beyond the edge of the canvas" * 3, in_layout=False),
            "is cut",
        ),
        (lambda ax: [ax.text(0.5, 0.5, "one"), ax.text(0.52, 0.5, "other")], "overlaps"),
        (lambda ax: ax.set_xticks([0.5, 0.505], ["one", "two"]), "overlaps"),
    ],
)
def test_the_layout_check_sees(draw, complaint, spec):
    with style.house():
        drawing, ax = style.canvas(2)
    draw(ax)
    with pytest.raises(AssertionError, match=complaint):
        spec.check_layout(drawing)


def test_the_svg_check_sees_rotated_and_small_text(spec):
    with style.house():
        drawing, ax = style.canvas(2)
        ax.plot([0, 1], [0, 1], color=style.MAIN)
        text = ax.text(0.5, 0.5, "here", rotation=90)
        with pytest.raises(AssertionError, match="here"):
            spec.check_svg(style.svg(drawing, "x"))
        text.set(rotation=0, size=9)
        with pytest.raises(AssertionError):
            spec.check_svg(style.svg(drawing, "x"))


# Small made-up input.


def share(value, low, high, n=7, level=0.9, unit="share per year"):
    return Estimate(value, low, high, level, n, unit, "made up")


def days(*text):
    return pd.to_datetime(list(text))


DECLINES = pd.DataFrame(
    {
        "scope": ["all", "benchmark", "benchmark", "benchmark", "rung"],
        "benchmark": [None, "MMLU", "MATH-500", "HumanEval", "MMLU"],
        "estimate": [
            share(0.93, 0.89, 0.95),
            share(0.9, 0.85, 0.94),
            share(0.98, 0.95, 0.99),
            Estimate.missing("share per year", "none"),
            share(0.8, 0.7, 0.9),
        ],
        "first_month": days(*["2022-01-01"] * 5),
        "last_month": days(*["2026-03-01"] * 5),
    }
)
HEDONIC = share(0.9, 0.8, 0.95, 80)

DATES = pd.DataFrame(
    {
        "month": days("2024-01-01", "2024-07-01", "2025-01-01", "2025-07-01"),
        "before": [0.1, 0.2, 0.3, 0.4],
        "after": [0.2, 0.15, 0.25, 0.1],
        "ratio": [2.0, 0.75, 0.83, 0.25],
        "tested": [False, False, True, False],
    }
)
RATIO = share(0.83, 0.4, 1.9, 12, unit="ratio")

FURTHER = share(0.93, 0.6, 0.99)
RATES = pd.DataFrame(
    {
        "label": ["2023", "2024", "2025"],
        "changes": [20, 50, 60],
        "estimate": [
            share(0.13, 0.05, 0.4, 4, unit="factor per year"),
            share(0.05, 0.01, 0.3, 5, unit="factor per year"),
            share(1.8, 0.5, 7, 3, unit="factor per year"),
        ],
    }
)

BILL = pd.DataFrame(
    {
        "month": pd.date_range("2024-06-01", periods=12, freq="MS"),
        "bill": [750.0] * 5 + [96.0] * 6 + [5.5],
        "provider": "A",
        "model": "a",
        "source_id": ["one"] * 8 + ["two"] * 4,
    }
)

RUNS = pd.DataFrame(
    {
        "model": ["GPT-3 175B (davinci)", "Other", "GPT-4", "Dearest"],
        "developer": list("ABAC"),
        "source_id": "epoch",
        "release_date": days("2020-05-28", "2021-06-01", "2023-03-14", "2025-07-09"),
        "training_cost_usd": [2e6, 5e5, 4e7, 4e8],
    }
)
GROWTH = share(3.03, 2.41, 3.8, 48, unit="factor per year")


PARTS = pd.DataFrame(
    {
        "part": ["hardware", "algorithms", "both"],
        "estimate": [share(0.2, 0.15, 0.25), share(0.65, 0.5, 0.78), share(0.72, 0.61, 0.83)],
    }
)
PAIRS = pd.DataFrame(
    {
        "anchor": ["GPT-2 quality"],
        "decline": [0.6],
        "bases": ["cloud"],
        "source_ids": [("karpathy",)],
    }
)
SPEEDRUNS = pd.DataFrame(
    {
        "series": ["gpt2_small_val_loss_3.28"],
        "records": [40],
        "decline": [0.82],
        "source_id": ["jordan"],
    }
)

AMOUNTS = pd.DataFrame(
    {
        "claim_id": [
            "v3_official",
            "r1_stage",
            "amodei_1b",
            "sacks_1b",
            "article_600k",
            "press_6m",
        ],
        "amount_usd": [5.576e6, 294_000, 1e9, np.nan, 6e5, np.nan],
        "low_usd": [np.nan, np.nan, np.nan, 1.1e9, np.nan, np.nan],
        "covers": "c",
        "leaves_out": "l",
        "said_by": "s",
        "source_id": list("abcdef"),
        "figure_kind": ["reported", "reported", "claimed", "claimed", "claimed", "claimed"],
        "published": days(
            "2024-12-27", "2025-09-17", "2025-01-29", "2025-02-01", None, "2025-01-27"
        ),
    }
)
RUN_COST = Estimate(5.87e6, 5.39e6, 6.77e6, None, 5, "USD", "made up")

PEERS = pd.DataFrame(
    {
        "model": ["Llama", "Grok-2", "Claude", "Undisclosed", "DeepSeek-V3"],
        "release_date": days(*["2024-09-01"] * 5),
        "score": [50.0, 55.0, 60.0, 61.0, 57.0],
        "training_compute_flop": [3.8e25, 3e25, 2.7e25, np.nan, 3.3e24],
        "gpu_hours": [3e7, np.nan, np.nan, np.nan, 2.8e6],
        "rental_usd": [np.nan, np.nan, np.nan, np.nan, 5.6e6],
        "compared": [False, False, False, False, True],
        "source_id": "epoch",
    }
)
PEER_RATIO = share(0.11, 0.08, 0.14, 3, unit="ratio")


FELL = share(0.93, 0.89, 0.95)


def future(names=("trend", "claimed", "half", "flat"), decline=FELL, horizon=2030):
    return scenarios.project(BILL, horizon, decline, (0.85, 0.9), names)


NO_FAN = pd.DataFrame(columns=["date"])
FLOOR = pd.Series({"display_name": "Tiny", "source_id": "three", "bill": 1.5})


def fan(*ahead, shares=(0.3, 0.4, 0.6, 0.8, 1.0, 1.0, 1.1)):
    start, amount = BILL[["month", "bill"]].iloc[-1]
    dates = [start, *(start + pd.DateOffset(months=months) for months in ahead)]
    rows = {p: [amount, *[amount * s] * len(ahead)] for p, s in zip(STORED, shares, strict=True)}
    return pd.DataFrame({"date": dates} | rows)


def monthly_bill(past=BILL, later=None, currency="USD", tokens=100.0, ahead=NO_FAN):
    later = future() if later is None else later
    past = past.assign(rate_source="" if currency == "USD" else "fed_g5a")
    given = past, later, ahead, FLOOR
    return bill_figures.monthly_bill(*given, tokens, "GPQA-Diamond", 50.0, currency, 0.6)


MADE_UP = {
    "fig-price-declines": lambda: price_figures.price_declines(
        DECLINES, FURTHER, HEDONIC, "MMLU", (0.85, 0.9), ["one"]
    ),
    "fig-rates-year": lambda: rate_figures.price_rates(RATES, "year", ["one"]),
    "fig-rates-age": lambda: rate_figures.price_rates(
        RATES.assign(label=["0–6", "6–12", "24+"]), "age", ["one"]
    ),
    "fig-break-test": lambda: price_figures.break_test(DATES, RATIO, ["one"]),
    "fig-monthly-bill": monthly_bill,
    "fig-frontier-costs": lambda: training_figures.frontier_costs(RUNS, GROWTH),
    "fig-training-declines": lambda: training_figures.training_declines(
        PARTS, PAIRS, SPEEDRUNS, 0.75
    ),
    "fig-deepseek-amounts": lambda: training_figures.published_amounts(AMOUNTS, RUN_COST, 600_000),
    "fig-comparable-compute": lambda: training_figures.comparable_compute(
        PEERS, PEER_RATIO, (0.1, 0.12), 12
    ),
}
TITLES = {
    "fig-price-declines": "Inference prices at fixed capability fall 93% a year",
    "fig-rates-year": "A year leaves 0.13× of a price in 2023, 1.80× in 2025",
    "fig-rates-age": "A year leaves 0.13× of new levels' prices, 1.80× of old",
    "fig-break-test": "2 of 3 other dates show as large a speed-up",
    "fig-monthly-bill": "100 million tokens a month: US$750 then, US$5.50 now",
    "fig-frontier-costs": "Frontier training runs cost 3.0× as much each year",
    "fig-training-declines": "Training to a fixed capability gets 72% cheaper a year",
    "fig-deepseek-amounts": "DeepSeek's full run: US$5.87 million, 9.8× the amount claimed",
    "fig-comparable-compute": "DeepSeek-V3 used 11% of its peers' typical training compute",
}


@pytest.mark.parametrize("name", MADE_UP)
def test_a_figure_of_made_up_input_keeps_the_spec(name, drawings, spec):
    figure = MADE_UP[name]()
    assert (figure.id, figure.title) == (name, TITLES[name]) and figure.svg != figure.wide
    spec.check(figure, drawings)
    again = MADE_UP[name]()
    assert (figure.svg, figure.wide) == (again.svg, again.wide)


@pytest.mark.slow
@pytest.mark.parametrize("name", MADE_UP)
def test_a_figure_of_made_up_input_keeps_the_spec_in_malay(name, drawings, spec):
    i18n.activate("ms")
    figure = MADE_UP[name]()
    assert figure.title != TITLES[name]
    spec.check(figure, drawings)


def tick_labels(axis):
    low, high = sorted(axis.get_view_interval())
    return [
        tick.label1.get_text() for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high
    ]


def texts(drawing):
    return [text.get_text() for text in drawing.axes[0].texts if text.get_text()]


def test_price_declines_shows_known_rates_and_the_claimed_band(drawings):
    figure = MADE_UP["fig-price-declines"]()
    ax = drawings["fig-price-declines"].axes[0]
    assert list(figure.data["label"]) == [
        "All benchmarks",
        "Equal quality",
        "MMLU",
        "MATH-500",
    ]  # HumanEval isn't known
    band = ax.patches[0]
    assert (band.get_x(), band.get_x() + band.get_width()) == pytest.approx((0.85, 0.9))
    assert texts(drawings["fig-price-declines"]) == ["claimed"]
    assert "are cut" not in figure.note and ax.get_xlim() == pytest.approx((0.77, 1))
    assert figure.note == (
        "Lines are 90% intervals (made up); n counts benchmarks, prices for the regression, and sellers "
        "for one benchmark, n = 7 to 80. A further benchmark would lie at 60% to 99% (below zero: a rise)."
    )


def test_price_declines_says_when_it_cuts_an_interval_but_never_cuts_an_estimate(drawings, spec):
    figure = price_figures.price_declines(
        DECLINES, FURTHER, share(0.1, -0.5, 0.6), "MMLU", (0.85, 0.9), ["one"]
    )
    assert figure.note.endswith("Intervals reaching beyond the left edge are cut.")
    assert drawings["fig-price-declines"].axes[0].get_xlim()[0] == pytest.approx(0.05)
    spec.check(figure, drawings)


def test_rates_are_drawn_as_what_is_left_with_no_change_marked(drawings):
    figure = MADE_UP["fig-rates-year"]()
    ax = drawings["fig-rates-year"].axes[0]
    assert texts(drawings["fig-rates-year"]) == ["no change", "0.13×", "0.050×", "1.80×"]
    assert "0.13×\nhalves in\n4.1 months" in texts(drawings["fig-rates-year-wide"])
    assert ax.get_yscale() == "log" and ax.lines[0].get_ydata()[0] == 1
    assert figure.record()["rows"][2] == ["2025", 1.8, 0.5, 7, 3, None]
    assert figure.record()["rows"][0][-1] == pytest.approx(12 * np.log(2) / -np.log(0.13))
    assert "by year, where it is 0.13× at 2023 and 1.80× at 2025." in figure.alt


def test_rates_say_when_there_are_none():
    card = rate_figures.price_rates(RATES.iloc[:1], "age", ["one"])
    assert isinstance(card, Card) and card.record()["claim"] == "cost-4"


def test_the_break_test_counts_dates_and_marks_its_own(drawings):
    figure = MADE_UP["fig-break-test"]()  # 0.75 and 0.25 are at or below 0.83; 2.0 isn't
    assert texts(drawings["fig-break-test"]) == ["slower fall", "faster fall", "Jan 2025"]
    assert "Jan 2025 has a ratio of 0.83× (0.40× to 1.90×) and 2 of 3 other months" in figure.alt
    assert len(figure.record()["rows"]) == 4


@pytest.mark.parametrize(
    "dates, ratio",
    [
        (DATES.assign(tested=False), RATIO),
        (DATES, Estimate.missing("ratio", "none")),
        (DATES.iloc[:0], RATIO),
    ],
)
def test_the_break_test_waits_for_enough_months(dates, ratio):
    card = price_figures.break_test(dates, ratio, ["one"])
    assert isinstance(card, Card) and card.record()["text"] == (
        "Too few months have passed since that date to compare rates of decline before and after it."
    )


def test_a_bill_draws_scenarios_dashed_and_the_past_solid(drawings):
    figure = monthly_bill()
    past, *later, floor = drawings["fig-monthly-bill"].axes[0].lines[:6]
    assert floor.get_ydata()[0] == 1.5 and "no scenario goes below it" in figure.note
    assert past.get_linestyle() == "-" and past.get_color() == style.INK
    assert len({str(line._unscaled_dash_pattern) for line in later}) == 4
    assert all(line.get_linestyle() != "-" for line in later)
    assert set(texts(drawings["fig-monthly-bill"])) == {
        *("as claimed", "half as fast", "no change", "trend"),
        *("floor: US$1.50", "a", "scenarios"),
    }
    assert figure.data["scenario"].value_counts()["observed"] == 12 and len(
        figure.data
    ) == 12 + len(future())


def test_a_bill_in_ringgit_names_the_source_of_the_rate():
    assert "fed_g5a" not in monthly_bill().sources
    figure = monthly_bill(currency="MYR")
    assert set(figure.sources) == {"one", "two", "three", "fed_g5a"}
    assert (
        figure.title == "100 million tokens a month: RM750 then, RM5.50 now"
        and ", RM, world," in figure.subtitle
    )
    assert [c.kind for c in figure.columns[2:]] == ["myr"] and "60% of them input" in figure.note


@pytest.mark.parametrize("names", [("flat",), ("trend", "flat"), ("half", "claimed", "trend")])
def test_a_bill_labels_only_the_scenarios_asked_for(names, drawings, spec):
    figure = monthly_bill(later=future(names))
    labels = {
        "flat": "no change",
        "trend": "trend",
        "half": "half as fast",
        "claimed": "as claimed",
    }
    shown = {text for text in texts(drawings["fig-monthly-bill"]) if text in labels.values()}
    assert shown == {labels[name] for name in names}
    spec.check(figure, drawings)


def test_a_bill_far_ahead_keeps_a_readable_axis(drawings, spec):
    figure = monthly_bill(later=future(decline=share(0.98, 0.95, 0.999), horizon=2040))
    spec.check(figure, drawings)
    assert len(tick_labels(drawings["fig-monthly-bill"].axes[0].yaxis)) <= 5


def test_a_bill_with_a_fan_shades_it_and_lists_its_bands(drawings, spec):
    figure = monthly_bill(ahead=fan(3, 6))
    spec.check(figure, drawings)
    assert len(drawings["fig-monthly-bill"].axes[0].collections) == 3
    assert "The forecast, to" in figure.note and "none passed" not in figure.note
    assert "forecast,\nthen scenarios" in texts(drawings["fig-monthly-bill"])
    rows = figure.data[figure.data["scenario"] == "forecast, 80% band"]
    last = BILL["bill"].iloc[-1]
    assert rows["low"].to_list() == pytest.approx([last * 0.4] * 2)
    assert rows["value"].to_list() == pytest.approx([last * 0.8] * 2)
    assert [c.name for c in figure.columns[3:]] == ["low", "high"]


def test_a_bill_without_a_fan_says_that_none_passed():
    assert "no forecast is drawn, since none passed" in monthly_bill().note
    assert len(monthly_bill().columns) == 3


@pytest.mark.parametrize(
    "past, later, text",
    [
        (
            BILL.iloc[:0],
            future().iloc[:0],
            "No bill can be shown: no model on sale by then reached the score.",
        ),
        (
            BILL,
            future().iloc[:0],
            "No bill can be projected: the evidence by then gives no rate of decline.",
        ),
    ],
)
def test_a_bill_says_why_there_is_none(past, later, text):
    card = monthly_bill(past, later)
    assert isinstance(card, Card) and card.record()["text"] == text


def test_frontier_costs_labels_what_fits_and_the_trend_runs_through_the_middle(drawings):
    figure = MADE_UP["fig-frontier-costs"]()
    ax = drawings["fig-frontier-costs"].axes[0]
    assert sorted(texts(drawings["fig-frontier-costs"])) == ["Dearest", "GPT-4"]
    trend = np.log(ax.lines[1].get_ydata())
    assert trend.mean() == pytest.approx(np.log(RUNS["training_cost_usd"]).mean())
    years = (RUNS["release_date"].iloc[-1] - RUNS["release_date"].iloc[0]).days / 365.25
    assert (trend[-1] - trend[0]) / years == pytest.approx(np.log(3.03))
    assert "world, 2020 to 2025" in figure.subtitle and "n = 4 runs" in figure.note


def test_training_declines_has_a_row_for_each_piece_of_evidence(drawings):
    figure = MADE_UP["fig-training-declines"]()
    assert list(figure.data["label"]) == [
        "Both together",
        "Algorithms alone",
        "Hardware alone",
        "GPT-2, two runs",
        "Speed run, small",
    ]
    assert figure.record()["rows"][0] == ["Both together", 0.72, 0.61, 0.83, 7]
    assert (
        "against 75% claimed" in figure.alt
        and "karpathy" in figure.sources
        and "jordan" in figure.sources
    )


def test_training_declines_makes_room_for_a_rise(drawings, spec):
    figure = training_figures.training_declines(PARTS, PAIRS.assign(decline=-0.3), SPEEDRUNS, 0.75)
    assert drawings["fig-training-declines"].axes[0].get_xlim()[0] == pytest.approx(-0.35)
    spec.check(figure, drawings)


def test_amounts_leave_out_repeats_and_rows_without_any_amount(drawings):
    figure = MADE_UP["fig-deepseek-amounts"]()
    assert [row[:2] for row in figure.record()["rows"]] == [
        ["R1: last stage", 294_000],
        ["V3: final run", 5.576e6],
        ["Company: 50,000 chips", 1e9],
        ["Company: cluster", 1.1e9],
    ]
    assert figure.note.startswith("2 amounts are reported by the developer")
    assert figure.subtitle.endswith("world, published Dec 2024 to Sept 2025")
    assert texts(drawings["fig-deepseek-amounts"]) == ["claimed", "≥"]  # one lower bound
    ax = drawings["fig-deepseek-amounts"].axes[0]
    key = {
        text.get_text(): (mark.get_marker(), mark.get_markerfacecolor())
        for text, mark in zip(ax.get_legend().texts, ax.get_legend().legend_handles, strict=True)
    }
    assert key == {"developer": ("o", style.MAIN), "others": ("s", "none")}
    drawn = [(line.get_marker(), line.get_markerfacecolor()) for line in ax.lines]
    assert [drawn.count(look) for look in key.values()] == [2, 2]


def test_comparable_compute_shows_disclosed_models_smallest_first(drawings):
    figure = MADE_UP["fig-comparable-compute"]()
    assert [row[0] for row in figure.record()["rows"]] == [
        "DeepSeek-V3",
        "Claude",
        "Grok-2",
        "Llama",
    ]
    tenth = drawings["fig-comparable-compute"].axes[0].lines[0].get_xdata()[0]
    assert tenth == pytest.approx((3.8e25 * 3e25 * 2.7e25) ** (1 / 3) / 10)
    assert texts(drawings["fig-comparable-compute"]) == ["a tenth"]


def test_comparable_compute_says_when_there_are_too_few_peers():
    card = training_figures.comparable_compute(
        PEERS.iloc[:0], Estimate.missing("ratio", "none", 0), (np.nan, np.nan), 12
    )
    assert isinstance(card, Card) and card.record()["claim"] == "cost-2"
    assert card.record()["text"].startswith("Too few peers")


# The real evidence, drawn as the notebook draws it.

REAL = {
    "default": {},
    "early": {"as_of": "2025-02-01"},
    "elo": {"benchmark": "LMArena-Elo", "threshold": 1250.0},
    "ringgit": {"benchmark": "SWE-bench-Verified", "threshold": 45.0, "currency": "MYR"},
    "malay": {"language": "ms"},
}


def draw_prices(found):
    p, sources = found.p, tuple(found.offered["source_id"])
    claimed = claims.claimed("cost-4", "frontier_price")
    yield price_figures.price_declines(
        found.declines, found.further, found.hedonic, p.benchmark, claimed, sources
    )
    dates = arrival.placebo(found.market, found.date, p.level)
    yield price_figures.break_test(dates, found.change["ratio"], sources)
    later = scenarios.project(found.bill, 2030, found.decline, (0.85, 0.9))
    given = 100.0, p.benchmark, p.threshold, p.currency, p.input_share
    yield bill_figures.monthly_bill(found.bill, later, found.projection, found.floor, *given)
    yield rate_figures.price_rates(found.by_age, "age", sources)
    yield rate_figures.price_rates(found.by_year, "year", sources)


def draw_training(found):
    yield training_figures.published_amounts(
        found.evidence["deepseek-claims"], found.run_cost, found.claimed_amount
    )
    without = training.leave_one_out(found.peers, "training_compute_flop")
    yield training_figures.comparable_compute(found.peers, found.compute_ratio, without, 12)
    yield training_figures.training_declines(
        found.parts,
        training.anchored_pairs(found.evidence["training-runs"]),
        training.speedrun_declines(found.evidence["training-speedruns"]),
        claims.claimed("cost-3", "fixed_capability")[0],
    )
    yield training_figures.frontier_costs(found.frontier, found.growth)


@functools.cache
def summary_of(**given):
    return summary.summary(params.CostRevolution.parse(given))


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=pytest.mark.slow if name in ("elo", "ringgit") else [])
        for name in REAL
    ],
)
def real(request, spec):
    """Figures of the real evidence with their drawings, for one set of parameters."""
    given = {"n_boot": 100} | REAL[request.param]
    language = given.pop("language", "en")
    with pytest.MonkeyPatch.context() as patch:
        captured = spec.captured(patch)
        i18n.activate(language)
        found = summary_of(**given)
        shown = [*draw_prices(found), *draw_training(found)]
    return request.param, language, shown, captured


@pytest.mark.parametrize("place", range(9))
def test_figures_of_the_real_evidence_keep_the_spec(real, place, spec):
    name, language, shown, drawings = real
    i18n.activate(language)
    if name == "early" and place in (1, 4):
        assert isinstance(
            shown[place], Card
        )  # days after the date, or in one year, nothing to compare
        return
    assert isinstance(shown[place], Figure)
    spec.check(shown[place], drawings)


def test_the_real_figures_are_nine_with_different_ids(real):
    _name, _language, shown, _drawings = real
    assert len({part.record()["id"] for part in shown}) == len(shown) == 9
