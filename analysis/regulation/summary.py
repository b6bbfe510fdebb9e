"""The brief on regulation in numbers: what its notebook and the overview both read.

Built as that on costs is: a section for each claim, numbers computed when first asked for.
"""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import params
from analysis.regulation import decisions, direction, era, rivalry
from briefs.evidence import catalog, claims
from briefs.values import N_, RATIO, Estimate, Verdict

#: What the brief reads, but for the prices behind `Summary.price_effect`.
TABLES = """
    instruments instrument-events obligations law-counts surveys adoption internet-acts
    competition
""".split()


def summary(p: params.RegulatoryOutlook, price_effect: Estimate) -> "Summary":
    """Load the evidence as of the parameters' day.

    `price_effect` is the rate of decline of prices since ``p.break_date`` relative to the rate before.
    It is the brief on costs that measures it, and no theme reads another.
    """
    return Summary(p, price_effect, {table: catalog.load(table, p.as_of) for table in TABLES})


@dataclass(frozen=True, eq=False)
class Summary:
    """What the brief on regulation finds; `evidence` maps a table's name to its rows by ``p.as_of``."""

    p: params.RegulatoryOutlook
    price_effect: Estimate
    evidence: dict[str, pd.DataFrame]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """Verdicts in the order of the claims."""
        return self.regulation_1, self.regulation_2, self.regulation_3, self.regulation_4

    # regulation-1: more accommodating rules

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """Decisions on AI, each once."""
        return decisions.decisions(self.evidence["instruments"], self.evidence["instrument-events"])

    @cached_property
    def recent(self) -> pd.DataFrame:
        """Decisions since the day of the change."""
        return decisions.since(self.decisions, self.p.change_date)

    @cached_property
    def scopes(self) -> dict[str, pd.DataFrame]:
        """Recent decisions by place."""
        return direction.scopes(self.recent)

    @cached_property
    def overall(self) -> Estimate:
        """Share of recent decisions that loosen."""
        return direction.loosening_share(self.recent, self.p.level)

    @cached_property
    def federal(self) -> Estimate:
        """Share of recent decisions in Washington that loosen."""
        return direction.loosening_share(self.scopes["us_federal"], self.p.level)

    @cached_property
    def states(self) -> Estimate:
        """Share of recent decisions in the American states that loosen."""
        return direction.loosening_share(self.scopes["us_states"], self.p.level)

    @cached_property
    def lead(self) -> Estimate:
        """Share of loosening decisions in the United States relative to elsewhere."""
        here = decisions.of_places(self.recent, decisions.UNITED_STATES)
        return direction.lead(here, self.scopes["elsewhere"], self.p.level)

    @cached_property
    def regulation_1(self) -> Verdict:
        return claims.assess(
            "regulation-1",
            verified=decisions.any_seen(self.recent),
            overall=self.overall,
            us_federal=self.federal,
            us_states=self.states,
            us_lead=self.lead,
        )

    # regulation-2: too much too early

    @cached_property
    def public_worry(self) -> Estimate:
        """Change of the public's worry about over-regulation."""
        return rivalry.worry_change(self.evidence["surveys"], experts=False, level=self.p.level)

    @cached_property
    def expert_worry(self) -> Estimate:
        """Change of experts' worry about over-regulation."""
        return rivalry.worry_change(self.evidence["surveys"], experts=True, level=self.p.level)

    @cached_property
    def regulation_2(self) -> Verdict:
        return claims.assess(
            "regulation-2", public_worry=self.public_worry, expert_worry=self.expert_worry
        )

    # regulation-3: where the internet stood

    @cached_property
    def internet(self) -> pd.DataFrame:
        """Use of the internet in the United States, year by year."""
        return era.curve(self.evidence["adoption"], "US")

    @cached_property
    def aligned(self) -> pd.DataFrame:
        """Figures on the use of AI, each against the internet at equal adoption and equal age."""
        today = era.use_today(self.evidence["adoption"], "US", self.p.as_of)
        return era.align(self.internet, today, self.p.internet_start)

    @cached_property
    def equal_adoption(self) -> Estimate:
        """Year in which the internet was used as much as AI is today."""
        return era.equal_adoption(self.aligned)

    @cached_property
    def equal_age(self) -> Estimate:
        """Use of AI relative to that of the internet at the same age."""
        return era.equal_age(self.aligned)

    @cached_property
    def law_rates(self) -> pd.DataFrame:
        """Laws a year in both eras."""
        return era.law_rates(
            self.evidence["internet-acts"],
            self.evidence["law-counts"],
            self.p.internet_start,
            self.p.as_of,
            self.p.level,
        )

    @cached_property
    def laws(self) -> Estimate:
        """Federal laws on AI a year relative to those on the internet at the same age."""
        return era.laws_ratio(self.law_rates, self.p.level)

    @cached_property
    def regulation_3(self) -> Verdict:
        return claims.assess(
            "regulation-3",
            equal_adoption=self.equal_adoption,
            equal_age=self.equal_age,
            laws=self.laws,
        )

    # regulation-4: rivalry between countries

    @cached_property
    def gap(self) -> Estimate:
        """Gap between the best models of two countries, now relative to the day of the change."""
        return rivalry.gap_ratio(self.evidence["competition"], self.p.change_date)

    @cached_property
    def regulation_4(self) -> Verdict:
        # published shares are of downloads by country, or of models released
        unknown = Estimate.missing(RATIO, N_("no share of use published for two dates"))
        return claims.assess(
            "regulation-4", price_effect=self.price_effect, gap=self.gap, open_share=unknown
        )

    # what this means for Malaysia

    @cached_property
    def steps(self) -> pd.DataFrame:
        """Decisions, and the days on which earlier ones take effect."""
        return decisions.decisions(
            self.evidence["instruments"], self.evidence["instrument-events"], repeats=True
        )

    @cached_property
    def malaysia(self) -> pd.DataFrame:
        """Malaysia's own steps."""
        return decisions.of_places(self.steps, ["MY"])
