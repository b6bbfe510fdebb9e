"""Parameters of the four notebooks: names, types, defaults, ranges, units and meaning."""

import datetime as dt
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from briefs.parameters import (
    Day,
    Number,
    ParameterError,
    Parameters,
    Whole,
    evidence_date,
    unique,
)
from briefs.values import N_, Trial

#: Day the evidence was last collected: ``created`` of data/datapackage.json.
EVIDENCE_DATE = evidence_date()

ELO = "LMArena-Elo"
Benchmark = Literal[
    "GPQA-Diamond",
    "MMLU",
    "MATH-500",
    "HumanEval",
    "LMArena-Elo",
    "SWE-bench-Verified",
    "OTIS-Mock-AIME",
]
Scenario = Literal["trend", "claimed", "half", "flat"]
Group = Literal["accelerators", "equipment", "power", "cloud", "software", "rest"]
Jurisdiction = Literal[
    "US-federal",
    "US-states",
    "EU",
    "GB",
    "CN",
    "KR",
    "IN",
    "VN",
    "SG",
    "MY",
    "ASEAN",
    "BR",
    "CA",
    "INT",
]


#: A day at which the fall of prices is tested.
BreakDay = Annotated[Day, Field(ge=dt.date(2023, 7, 1), le=dt.date(2026, 6, 30))]


class Common(Parameters):
    """Parameters of every notebook."""

    indifferent: ClassVar[tuple[str, ...]] = (*Parameters.indifferent, "other_choices")

    as_of: Day = Field(
        EVIDENCE_DATE,
        ge=dt.date(2025, 1, 1),
        le=EVIDENCE_DATE,
        description=N_("Only what had been published by this day counts."),
        json_schema_extra={"hint": f"the evidence was last collected on {EVIDENCE_DATE}"},
    )
    level: Number = Field(
        0.9,
        ge=0.5,
        le=0.99,
        description=N_("Probability content of the intervals."),
        json_schema_extra={"unit": N_("share"), "hint": "a share: 90% is 0.9"},
    )
    n_boot: Whole = Field(
        1000,
        ge=100,
        le=20_000,
        description=N_("Bootstrap draws behind each interval."),
        json_schema_extra={"unit": N_("draws")},
    )
    seed: Whole = Field(
        2025,
        ge=0,
        le=2**32 - 1,
        description=N_("Start of the random numbers; same seed, same result."),
    )
    other_choices: Literal["all", "none"] = Field(
        "all",
        description=N_("Whether each claim is also judged under all other choices of its grid."),
    )

    def tried(self, trial: Trial) -> tuple[Trial | None, bool]:
        """Return what estimates a claim under other choices, unless none are asked for.

        With it comes whether the notebook's own estimates are those of the first choices: they are
        while its parameters have their defaults.
        """
        own = {name: field.default for name, field in type(self).model_fields.items()}
        as_first = all(getattr(self, n) == own[n] for n in own if n not in Common.model_fields)
        return (trial if self.other_choices == "all" else None), as_first


class CostRevolution(Common):
    """Parameters of the cost-revolution brief."""

    report: ClassVar[str] = "cost-revolution"

    benchmark: Benchmark = Field(
        "GPQA-Diamond", description=N_("Test whose score stands for a model's capability.")
    )
    threshold: Number = Field(
        50.0,
        ge=0,
        le=1700,
        description=N_("Score that the model bought must reach."),
        json_schema_extra={
            "unit": N_("percent; rating points for LMArena-Elo"),
            "hint": f"0 to 100 for a test in percent, 800 to 1700 for {ELO}",
        },
    )
    input_share: Number = Field(
        0.75,
        ge=0,
        le=1,
        description=N_("Part of a workload's tokens that are input."),
        json_schema_extra={"unit": N_("share"), "hint": "a share: 75% is 0.75"},
    )
    million_tokens: Number = Field(
        100.0,
        gt=0,
        le=1e9,
        description=N_("Size of the workload."),
        json_schema_extra={"unit": N_("million tokens per month")},
    )
    horizon: Whole = Field(
        2030,
        ge=2027,
        le=2040,
        description=N_("Last year of the projections."),
        json_schema_extra={"unit": N_("year")},
    )
    scenarios: Annotated[list[Scenario], BeforeValidator(unique)] = Field(
        ["trend", "claimed", "half", "flat"],
        min_length=1,
        description=N_("Paths that prices may take until the horizon."),
    )
    currency: Literal["USD", "MYR"] = Field("USD", description=N_("Currency of the bills."))
    window_months: Whole = Field(
        12,
        ge=3,
        le=36,
        description=N_("Months before a training run that its peers come from."),
        json_schema_extra={"unit": N_("months")},
    )
    break_date: BreakDay = Field(
        dt.date(2025, 1, 20),
        description=N_("Day at which the rate of decline is tested for a change."),
    )

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        low, high, scale = (
            (800, 1700, "a rating") if self.benchmark == ELO else (0, 100, "scored in percent")
        )
        faults = []
        if not low <= self.threshold <= high:
            faults.append(
                f"threshold: {self.threshold:g} is not between {low} and {high} ({self.benchmark} is {scale})"
            )
        if self.horizon <= self.as_of.year:
            faults.append(f"horizon: {self.horizon} is not after the year of as_of ({self.as_of})")
        if faults:
            raise ParameterError("\n".join(faults))
        return self


class RegulatoryOutlook(Common):
    """Parameters of the regulatory-outlook brief."""

    report: ClassVar[str] = "regulatory-outlook"

    jurisdictions: Annotated[list[Jurisdiction], BeforeValidator(unique)] = Field(
        ["US-federal", "US-states", "EU", "CN"],
        min_length=1,
        description=N_("Places whose stance is followed."),
    )
    start: Day = Field(
        dt.date(2019, 1, 1),
        ge=dt.date(2016, 1, 1),
        le=dt.date(2024, 6, 30),
        description=N_("First day of the stance index, and of the time before the change."),
    )
    change_date: Day = Field(
        dt.date(2025, 1, 1),
        ge=dt.date(2024, 7, 1),
        le=dt.date(2026, 6, 30),
        description=N_("Day at which the direction of decisions is tested for a change."),
    )
    weighting: Literal["equal", "stringency"] = Field(
        "equal", description=N_("Whether a decision counts as one, or by how strict its text is.")
    )
    internet_start: Day = Field(
        dt.date(1993, 4, 22),
        ge=dt.date(1991, 1, 1),
        le=dt.date(1995, 12, 31),
        description=N_(
            "Take-off of the internet; by default the first release of the Mosaic browser."
        ),
    )
    break_date: BreakDay = Field(
        dt.date(2025, 1, 20),
        description=N_("Entry of foreign rivals: day at which the fall of prices is tested."),
    )


class MarketImpact(Common):
    """Parameters of the market-impact brief."""

    report: ClassVar[str] = "market-impact"

    event_date: Day = Field(
        dt.date(2025, 1, 27),
        ge=dt.date(2024, 8, 1),
        le=dt.date(2025, 12, 31),
        description=N_("Day of the news whose effect on share prices is studied."),
        json_schema_extra={"hint": "returns are held from January 2024 to December 2025"},
    )
    claim_date: Day = Field(
        dt.date(2025, 1, 28),
        ge=dt.date(2024, 1, 1),
        le=EVIDENCE_DATE,
        description=N_("Day of the forecasts: they are judged on what became known after it."),
    )
    benchmark: Literal["SPY", "RSP", "QQQ", "IWM"] = Field(
        "SPY", description=N_("Fund that stands for the market in the market model.")
    )
    exposed: Annotated[list[Group], BeforeValidator(unique)] = Field(
        ["accelerators", "equipment", "power"],
        min_length=1,
        description=N_("Groups of shares that count as exposed to AI."),
    )
    estimation_days: Whole = Field(
        120,
        ge=60,
        le=250,
        description=N_("Trading days that the market model is fitted on."),
        json_schema_extra={"unit": N_("trading days")},
    )
    gap_days: Whole = Field(
        10,
        ge=0,
        le=60,
        description=N_("Trading days left out between that window and the event."),
        json_schema_extra={"unit": N_("trading days")},
    )
    window_days: Whole = Field(
        5,
        ge=1,
        le=20,
        description=N_("Trading days, from the event on, over which abnormal returns add up."),
        json_schema_extra={"unit": N_("trading days")},
    )


class Overview(Common):
    """Parameters of the overview."""

    report: ClassVar[str] = "overview"

    then: Day = Field(
        dt.date(2025, 2, 1),
        ge=dt.date(2025, 1, 1),
        le=EVIDENCE_DATE,
        description=N_("Earlier day that today's verdicts are compared with."),
    )


REPORTS: dict[str, type[Common]] = {
    model.report: model for model in (Overview, CostRevolution, MarketImpact, RegulatoryOutlook)
}
