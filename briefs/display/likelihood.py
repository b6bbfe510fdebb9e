"""Words of uncertainty, produced from a stored probability or from grades: never typed.

Likelihood needs a probability. Confidence needs how good the evidence is and how far it agrees
(M. D. Mastrandrea et al., 2010, as `briefs.likelihood` has it).
"""

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.likelihood import likelihood
from briefs.values import N_, Verdict

EVIDENCE = (N_("limited"), N_("medium"), N_("robust"))
AGREEMENT = (N_("low"), N_("medium"), N_("high"))
_CONFIDENCE = (
    N_("very low confidence"),
    N_("low confidence"),
    N_("medium confidence"),
    N_("high confidence"),
    N_("very high confidence"),
)
#: Grade of the sources -> how good the evidence is: seen at its maker, in a copy, at second hand.
_OF_GRADE = {"A": "robust", "B": "medium", "C": "limited", "D": "limited"}


def term(p: float) -> str:
    """Name a probability."""
    return _(likelihood(p).message)


def with_band(p: float) -> str:
    """Name a probability, with the band that the term stands for, for first use."""
    found = likelihood(p)
    return _(
        "{term} ({low}–{high})",
        term=_(found.message),
        low=i18n.number(100 * found.low),
        high=i18n.percent(found.high),
    )


def confidence(evidence: str, agreement: str) -> str:
    """Term for a pair of grades, in the active language: one step up for each step of either."""
    if evidence not in EVIDENCE or agreement not in AGREEMENT:
        raise ValueError(
            f"evidence is one of {', '.join(EVIDENCE)}, agreement one of {', '.join(AGREEMENT)}; "
            f"not {evidence!r}, {agreement!r}"
        )
    grade = EVIDENCE.index(evidence) + AGREEMENT.index(agreement)
    return _(_CONFIDENCE[grade])


def grades(verdict: Verdict) -> tuple[str, str]:
    """Grade what a verdict rests on, by rule; for `confidence`.

    Evidence is as good as the sources of the headline estimate. Agreement is the lesser of two: how
    far the measures of one thing come out alike (high when all do, low when some support and some
    contradict), and in what part of other careful choices the verdict holds (high from two thirds
    on, low below one third). A verdict on which nothing was tested agrees with nothing. How many
    observations there are doesn't count: the interval has it already.
    """
    main = verdict.headline
    if main is None or main.outcome == "untested":
        return "limited", "low"
    steps = [_alike(verdict)]
    if (tried := verdict.specifications) and tried.tested:
        thirds = 3 * tried.holding  # whole numbers: a third is no less than a third
        steps.append((thirds >= tried.tested) + (thirds >= 2 * tried.tested))
    return _OF_GRADE[main.estimate.grade], AGREEMENT[min(steps)]


def _alike(verdict: Verdict) -> int:
    """How far measures of one thing come out alike, 0 to 2; parts and senses may well differ."""
    outcomes = {r.outcome for r in verdict.readings} - {"untested"}
    if verdict.claim["combine"] != "measures" or len(outcomes) == 1:
        return 2
    return 0 if "contradicted" in outcomes and len(outcomes - {"unresolved"}) > 1 else 1
