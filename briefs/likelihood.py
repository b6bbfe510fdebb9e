"""Words for probabilities: the likelihood scale of the IPCC, which needs a stored probability.

M. D. Mastrandrea et al. (2010), Guidance note for lead authors of the IPCC Fifth Assessment Report
on consistent treatment of uncertainties.
"""

import math
from dataclasses import dataclass

from briefs.values import N_


@dataclass(frozen=True, slots=True)
class Likelihood:
    """A term, and the band of probability that it stands for, ends included."""

    message: str
    low: float
    high: float


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
#: Probability from which an event is likely, and with which every verdict is given: two in three.
LIKELY = 2 / 3


def likelihood(p: float) -> Likelihood:
    """Term for a probability: of the bands that hold it, the one nearest to a certainty."""
    if not (math.isfinite(p) and 0 <= p <= 1):
        raise ValueError(f"a probability lies between 0 and 1, not {p}")
    holding = (band for band in LIKELIHOODS if band.low <= p <= band.high)
    return min(holding, key=lambda band: min(band.high, 1 - band.low))
