"""Words of uncertainty, produced from a stored probability or a pair of grades: never typed.

The scales are those of the IPCC (M. D. Mastrandrea et al., 2010, Guidance note for lead authors of
the IPCC Fifth Assessment Report on consistent treatment of uncertainties). Likelihood needs a
probability. Confidence needs how much evidence there is and how far it agrees.
"""

import math
from dataclasses import dataclass

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.values import N_, Verdict


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A term, and the band of probability that it stands for, ends included."""

    message: str
    low: float
    high: float

    @property
    def term(self) -> str:
        return _(self.message)

    @property
    def with_band(self) -> str:
        """The term with its band, for first use."""
        return _(
            "{term} ({low}–{high})",
            term=self.term,
            low=i18n.number(100 * self.low),
            high=i18n.percent(self.high),
        )


#: The terms of the briefs, from the surest of an event to the surest of none.
LIKELIHOODS = (
    Likelihood(N_("virtually certain"), 0.99, 1.0),
    Likelihood(N_("extremely likely"), 0.95, 1.0),
    Likelihood(N_("very likely"), 0.90, 1.0),
    Likelihood(N_("likely"), 0.66, 1.0),
    Likelihood(N_("about as likely as not"), 0.33, 0.66),
    Likelihood(N_("unlikely"), 0.0, 0.33),
    Likelihood(N_("very unlikely"), 0.0, 0.10),
    Likelihood(N_("extremely unlikely"), 0.0, 0.05),
    Likelihood(N_("exceptionally unlikely"), 0.0, 0.01),
)
EVIDENCE = (N_("limited"), N_("medium"), N_("robust"))
AGREEMENT = (N_("low"), N_("medium"), N_("high"))
_CONFIDENCE = (
    N_("very low confidence"),
    N_("low confidence"),
    N_("medium confidence"),
    N_("high confidence"),
    N_("very high confidence"),
)
#: Observations behind the main reading from which evidence is medium, and robust.
MEDIUM_N, ROBUST_N = 10, 30


def likelihood(p: float) -> Likelihood:
    """Term for a probability: of the bands that hold it, the one nearest to a certainty."""
    if not (math.isfinite(p) and 0 <= p <= 1):
        raise ValueError(f"a probability lies between 0 and 1, not {p}")
    holding = (band for band in LIKELIHOODS if band.low <= p <= band.high)
    return min(holding, key=lambda band: min(band.high, 1 - band.low))


def confidence(evidence: str, agreement: str) -> str:
    """Term for a pair of grades, in the active language: one step up for each step of either."""
    if evidence not in EVIDENCE or agreement not in AGREEMENT:
        raise ValueError(
            f"evidence is one of {', '.join(EVIDENCE)}, agreement one of {', '.join(AGREEMENT)}; "
            f"not {evidence!r}, {agreement!r}"
        )
    grade = EVIDENCE.index(evidence) + AGREEMENT.index(agreement)
    return _(_CONFIDENCE[grade])


def grades(verdict: Verdict, at_most: str = "robust") -> tuple[str, str]:
    """Grade what a verdict rests on, by rule.

    Evidence is limited when a reading has no estimate or the main one fewer than 10 observations,
    robust from 30 on. Agreement is high when all readings come out alike, low when some support and
    some contradict or nothing is settled, else medium. Evidence of this kind can't have a better grade
    than `at_most`, however many its observations. Both are for `confidence`.
    """
    main, known = verdict.readings[0].estimate, all(r.estimate.known for r in verdict.readings)
    evidence = "robust" if main.n >= ROBUST_N else "medium" if main.n >= MEDIUM_N else "limited"
    evidence = min(evidence if known else "limited", at_most, key=EVIDENCE.index)
    outcomes = {r.verdict for r in verdict.readings}
    opposed = "contradicted" in outcomes and outcomes & {"supported", "partly supported"}
    if opposed or outcomes == {"unresolved"}:
        return evidence, "low"
    return evidence, "high" if len(outcomes) == 1 else "medium"
