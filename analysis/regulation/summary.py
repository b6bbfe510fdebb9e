"""The brief on regulation in numbers: what its notebook and the overview both read.

Built as that on costs is: a section for each claim, numbers computed when first asked for.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pandas as pd

from analysis import params
from analysis.regulation import decisions, direction, era, rivalry
from analysis.uncertainty import generator
from briefs.evidence import catalog, claims
from briefs.values import Estimate, Judged, Verdict

#: What the brief reads, but for the prices behind `Summary.price_effect`.
TABLES = """
    instruments instrument-events obligations law-counts surveys adoption internet-acts
    arena-gap eci-gap token-shares agora-enacted
""".split()
#: Tables of which the brief shows no row.
SAID = ("internet-acts", "token-shares", "agora-enacted", "eci-gap")
#: Draws behind each estimate of a claim's other specifications.
TRIAL_DRAWS = 200


def summary(p: params.RegulatoryOutlook, price_effect: Estimate) -> "Summary":
    """Load the evidence as of the parameters' day.

    `price_effect` is the rate of decline of prices since ``p.break_date`` relative to the rate before.
    It is the brief on costs that measures it, and no theme reads another.
    """
    return Summary(p, price_effect, {table: catalog.load(table, p.as_of) for table in TABLES})


@dataclass(frozen=True, eq=False, repr=False)
class Summary(Judged):
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
    def directions(self) -> pd.DataFrame:
        """Net index before and since the change, by place and kind."""
        p = self.p
        return direction.directions(
            self.decisions, p.start, p.change_date, p.level, p.n_boot, p.seed
        )

    def index(self, scope: str, column: str = "estimate") -> Estimate:
        """Net index since the change of one of the scopes of `directions`, or another column there."""
        return self.directions.set_index("scope")[column][scope]

    @property
    def federal(self) -> Estimate:
        """Net index of recent decisions in Washington."""
        return self.index("us_federal")

    @property
    def states(self) -> Estimate:
        """Net index of recent decisions in the American states."""
        return self.index("us_states")

    @cached_property
    def kappa(self) -> Estimate:
        """How far two readers agree on which way decisions point."""
        rng = generator(self.p.seed, "kappa")
        return direction.kappa(self.decisions, self.p.level, self.p.n_boot, rng)

    def _net(self, size: int, **choices: str) -> dict[str, Estimate]:
        return direction.readings(self.recent, self.p.level, size, self.p.seed, **choices)

    @cached_property
    def net(self) -> dict[str, Estimate]:
        """Net index since the change: overall, in the United States, and its lead over elsewhere."""
        return self._net(self.p.n_boot)

    @cached_property
    def regulation_1(self) -> Verdict:
        def otherwise(**choices: str) -> dict[str, Estimate]:
            return self._net(TRIAL_DRAWS, **choices)

        return claims.assess("regulation-1", self.net, *self.p.tried(otherwise))

    # regulation-2: too much too early

    def _worry(self, experts: bool, **choices: Any) -> Estimate:
        return rivalry.worry_change(self.evidence["surveys"], experts, self.p.level, **choices)

    @cached_property
    def public_worry(self) -> Estimate:
        """Change of the public's worry about over-regulation."""
        return self._worry(experts=False)

    @cached_property
    def expert_worry(self) -> Estimate:
        """Change of experts' worry about over-regulation."""
        return self._worry(experts=True)

    @cached_property
    def regulation_2(self) -> Verdict:
        def otherwise(**choices: Any) -> dict[str, Estimate]:
            return {
                "public_worry": self._worry(False, **choices),
                "expert_worry": self._worry(True, **choices),
            }

        readings = {"public_worry": self.public_worry, "expert_worry": self.expert_worry}
        return claims.assess("regulation-2", readings, *self.p.tried(otherwise))

    @cached_property
    def confidence(self) -> pd.DataFrame:
        """Answers on confidence in government to regulate AI, of a survey asked twice."""
        return rivalry.confidence(self.evidence["surveys"], "US adults")

    # regulation-3: where the internet stood

    @cached_property
    def internet(self) -> pd.DataFrame:
        """Use of the internet in the United States, year by year."""
        return era.curve(self.evidence["adoption"], "US")

    def _aligned(self, **choices: Any) -> pd.DataFrame:
        today = era.use_today(self.evidence["adoption"], "US", self.p.as_of, **choices)
        return era.align(self.internet, today, self.p.internet_start)

    @cached_property
    def aligned(self) -> pd.DataFrame:
        """Figures on the use of AI, each against the internet at equal adoption and equal age."""
        return self._aligned()

    @cached_property
    def equal_adoption(self) -> Estimate:
        """Year in which the internet was used as much as AI is today."""
        return era.equal_adoption(self.aligned)

    @cached_property
    def equal_age(self) -> Estimate:
        """Use of AI relative to that of the internet at the same age."""
        return era.equal_age(self.aligned)

    @cached_property
    def laws(self) -> Estimate:
        """Federal laws on AI a year relative to those on the internet at the same age."""
        p, acts, counts = self.p, self.evidence["internet-acts"], self.evidence["law-counts"]
        return era.laws_ratio(acts, counts, p.internet_start, p.as_of, p.level)

    @cached_property
    def regulation_3(self) -> Verdict:
        align = cache(self._aligned)

        def otherwise(take_off: str, **choices: Any) -> dict[str, Estimate]:
            aligned = align(**choices)
            return {
                "equal_adoption": era.equal_adoption(aligned),
                "equal_age": era.equal_age(aligned, take_off),
                "laws": self.laws,
            }

        readings = {
            "equal_adoption": self.equal_adoption,
            "equal_age": self.equal_age,
            "laws": self.laws,
        }
        return claims.assess("regulation-3", readings, *self.p.tried(otherwise))

    # regulation-4: rivalry between countries

    @cached_property
    def leads(self) -> dict[str, pd.DataFrame]:
        """Lead of the United States over China on the Arena, as published and on one version."""
        arena = self.evidence["arena-gap"]
        return {name: rivalry.leads(arena, name) for name in ("as_published", "one_version")}

    def _gap(self, size: int, leaderboard: str = "as_published", **choices: Any) -> Estimate:
        p, rng = self.p, generator(self.p.seed, "gap")
        rows = self.leads[leaderboard]
        return rivalry.lead_change(rows, p.change_date, p.level, size, rng, **choices)

    @cached_property
    def gap(self) -> Estimate:
        """Change of the lead of the United States over China since the day of the change."""
        return self._gap(self.p.n_boot)

    @cached_property
    def gap_index(self) -> Estimate:
        """The same on the Capabilities Index, whose points are others."""
        p, rng = self.p, generator(self.p.seed, "gap index")
        rows = rivalry.index_leads(self.evidence["eci-gap"])
        content = rivalry.INDEX_LEVEL
        return rivalry.lead_change(rows, p.change_date, p.level, p.n_boot, rng, content=content)

    def _open(self, **choices: Any) -> Estimate:
        return rivalry.open_share_change(self.evidence["token-shares"], self.p.level, **choices)

    @cached_property
    def open_share(self) -> Estimate:
        """Change of the share of token use that goes to open models."""
        return self._open()

    @cached_property
    def regulation_4(self) -> Verdict:
        lead, used = cache(self._gap), cache(self._open)

        def otherwise(weeks: float, openness: str, **choices: Any) -> dict[str, Estimate]:
            return {
                "price_effect": self.price_effect,
                "gap": lead(TRIAL_DRAWS, **choices),
                "open_share": used(weeks=weeks, openness=openness),
            }

        readings = {
            "price_effect": self.price_effect,
            "gap": self.gap,
            "open_share": self.open_share,
        }
        return claims.assess("regulation-4", readings, *self.p.tried(otherwise))

    @property
    def sources(self) -> list[str]:
        """Sources of what sentences alone say: laws, use of open models, enacted documents."""
        laws = self.evidence["law-counts"]
        tables = [self.evidence[name] for name in SAID]
        rows = pd.concat([laws[laws["measure"] == era.AI_LAWS], *tables])
        return list(dict.fromkeys(rows["source_id"]))

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
