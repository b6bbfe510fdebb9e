"""Values that evidence, science and display share: languages, an estimate, a verdict."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # late: a build in which nothing is stale gets by without them
    import numpy as np
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its own name; previews of links name its `territory`.

    By its `locale` of the Unicode CLDR numbers and dates are written, as in Malaysia.
    """

    name: str
    locale: str
    territory: str


#: Another language needs a line here, and ``analysis.po`` in its folder of ``display/locale``.
LANGUAGES = {
    "en": Language("English", "en_MY", "en_GB"),
    "ms": Language("Bahasa Melayu", "ms_MY", "ms_MY"),
}
#: Nobody's language, made from the English: what stays plain on a page isn't marked for translation.
PSEUDO = "en-XA"

#: Units of estimates, and how a value in each is written: a key of ``display.i18n.KINDS``.
UNIT_FORMATS = {
    "USD": "usd",
    "MYR": "myr",
    "1": "number",
    "ratio": "factor",
    "share": "percent",
    "share per year": "percent",
    "factor per year": "factor",
    "months": "decimal",
    "years": "decimal",
    "FLOP": "flop",
    "percentage points": "number",
    "year": "year",
}
#: The units that science gives estimates in most.
SHARE, SHARE_PER_YEAR, RATIO = "share", "share per year", "ratio"
FACTOR_PER_YEAR, POINTS, YEAR = "factor per year", "percentage points", "year"


def N_(message: str) -> str:
    """Mark `message` for translators; it's translated where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence that a page writes in its reader's language: an English message and its values.

    Each placeholder has a kind, a key of ``display.i18n.KINDS``, and a value. Kind ``"localized"``
    takes a mapping language -> text, kind ``"message"`` a marked message or another `Phrase`.
    """

    message: str
    values: dict[str, tuple[str, Any]]

    def __str__(self) -> str:
        written = {}
        for name, (kind, value) in self.values.items():
            plain = value["en"] if kind == "localized" else value
            written[name] = f"{plain:.4g}" if isinstance(plain, float) else plain
        return self.message.format(**written)


#: How near a source stands to who made the figure, best first: the publisher's own page, filing or
#: data file; a faithful copy of it; a report by others; a repost or a compilation without sources.
GRADES = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its uncertainty.

    `value` is ``nan`` when the evidence is too thin to give one. `level` is the probability content
    of the interval (0.9 is 90%), None when the ends are the least and greatest of published figures
    and carry no probability. `n` counts the independent observations; the unit ``"1"`` is that of a
    plain ratio or share. `method` says in a few words how it was made; text is a marked message.
    `draws` are equally likely values of the quantity, or, without a level, the published figures.
    `grade` is that of the sources that it rests on, of `GRADES`; empty where nobody has said.
    `bounded` says that the ends are bounds set by what isn't known: any value between them may be
    right, and nothing says which is likelier.
    """

    value: float
    low: float
    high: float
    level: float | None
    n: int
    unit: str
    method: str | Phrase
    draws: "np.ndarray | None" = field(default=None, repr=False, compare=False)
    grade: str = ""
    bounded: bool = False

    def __post_init__(self) -> None:
        for name in ("value", "low", "high"):
            object.__setattr__(self, name, float(getattr(self, name)))
        if self.low > self.high:
            raise ValueError(f"an interval runs from low to high, not {self.low} to {self.high}")
        if self.level is not None and not 0 < self.level < 1:
            raise ValueError(f"level is a probability between 0 and 1, not {self.level}")
        if self.bounded and self.level is not None:
            raise ValueError("bounds carry no probability, so they have no level")
        if self.grade and self.grade not in GRADES:
            raise ValueError(f"grade is one of {', '.join(GRADES)}, not {self.grade!r}")

    @classmethod
    def missing(cls, unit: str, method: str | Phrase, n: int = 0) -> "Estimate":
        """No estimate: the evidence published by the date asked for doesn't allow one."""
        return cls(math.nan, math.nan, math.nan, None, n, unit, method)

    def __repr__(self) -> str:
        """Value, ends and unit in a line, rounded; `to_frame` has all of it."""
        if not self.known:
            return f"Estimate(unknown, {self.unit}, n={self.n})"
        kind = "bounds" if self.bounded else f"{self.level:.0%}" if self.level else "published"
        ends = f"{self.low:.4g} to {self.high:.4g}, {kind}"
        grade = f", grade {self.grade}" if self.grade else ""
        return f"Estimate({self.value:.4g} [{ends}], {self.unit}, n={self.n}{grade})"

    def to_frame(self) -> "pd.DataFrame":
        """One row: value, low, high, level, n, unit, method, grade, bounded."""
        return _frame([self._row()])

    def _row(self) -> dict[str, Any]:
        plain = asdict(replace(self, draws=None)) | {"method": str(self.method)}
        del plain["draws"]
        return plain

    @property
    def known(self) -> bool:
        return all(map(math.isfinite, (self.value, self.low, self.high)))

    @property
    def figures(self) -> "np.ndarray":
        """What the estimate is made of: draws or published figures, by default its value and ends."""
        import numpy as np

        if self.draws is None:
            return np.array([self.low, self.value, self.high])
        return self.draws[~np.isnan(self.draws)]

    def within(self, low: float, high: float) -> float:
        """Probability that the quantity lies in a range, ends included.

        Of published figures it is the share that does; of bounds one, when all between them does, none,
        when nothing does, else a half.
        """
        if self.bounded:
            inside, outside = (
                low <= self.low and self.high <= high,
                self.high < low or high < self.low,
            )
            return 1.0 if inside else 0.0 if outside else 0.5
        return float(((self.figures >= low) & (self.figures <= high)).mean())

    def graded(self, *grades: Iterable[str]) -> "Estimate":
        """Say how good the sources are, from the grade of each row that the estimate rests on.

        That is the grade of the typical row, the median; D only where no row has a better one.
        """
        found = sorted(grade for column in grades for grade in column)
        if not found:
            return self
        typical = found[len(found) // 2]
        return replace(self, grade="C" if typical == "D" != found[0] else typical)

    def to_json(self) -> dict[str, Any]:
        """Plain dictionary for ``results.json``; an unknown number is ``None``."""
        plain = {
            k: None if isinstance(v, float) and not math.isfinite(v) else v
            for k, v in asdict(replace(self, draws=None)).items()
            if k != "draws"
        }
        return plain | {"method": str(self.method)}


def _frame(rows: Iterable[Mapping[str, Any]]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(list(rows))


#: What a claim can come out as, and what a reading of it can.
VERDICTS = ("supported", "partly supported", "mixed", "contradicted", "unresolved", "opinion")
OUTCOMES = ("supported", "partly supported", "contradicted", "unresolved", "untested")
#: Why something stays unresolved or untested.
CAUSES = (
    N_("too imprecise"),
    N_("sources disagree"),
    N_("weak sources"),
    N_("no data"),
    N_("waits for an outcome"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a claim, with the estimate it was tested on and the outcome, of `OUTCOMES`.

    `quantity` says in each language what is measured. Of the ranges of the rule an open end is
    ``-inf`` or ``inf``; `probabilities` are those that the quantity lies in the two, ``nan`` for
    published figures, which have none. `power` is the chance that evidence this precise would say
    *supported* if the claim were exactly right. `cause` says why an outcome is open, of `CAUSES`.
    """

    id: str
    quantity: dict[str, str]
    supported: tuple[float, float]
    partly: tuple[float, float]
    outcome: str
    estimate: Estimate
    probabilities: tuple[float, float] = (math.nan, math.nan)
    power: float = math.nan
    cause: str = ""

    def __repr__(self) -> str:
        return f"Reading({self.id}: {self.outcome}; {self.estimate!r})"

    def to_frame(self) -> "pd.DataFrame":
        """One row: the reading, its outcome and probabilities, then its estimate."""
        return _frame([self._row()])

    def _row(self) -> dict[str, Any]:
        within_supported, within_partly = self.probabilities
        return {
            "reading": self.id,
            "quantity": self.quantity["en"],
            "outcome": self.outcome,
            "cause": self.cause,
            "probability_supported": within_supported,
            "probability_partly": within_partly,
            "power": self.power,
            **self.estimate._row(),
        }

    @property
    def probability(self) -> float:
        """Probability of the outcome: of support, of partial support, or of none; else of partial support."""
        within_supported, within_partly = self.probabilities
        if self.outcome == "supported":
            return within_supported
        return 1 - within_partly if self.outcome == "contradicted" else within_partly


@dataclass(frozen=True, slots=True)
class Specifications:
    """What becomes of a claim under other choices that a careful analyst could have made.

    `rows` has a row per combination: a column per axis of the claim's grid, ``verdict`` with its
    ``cause`` where it is open, and the ``estimate`` of the ``reading`` that speaks for the claim.
    `holding` of the `tested` ones come to the verdict of the claim.
    """

    rows: "pd.DataFrame"
    holding: int
    tested: int

    def __repr__(self) -> str:
        return f"Specifications(verdict holds in {self.holding} of {self.tested})"

    def to_frame(self) -> "pd.DataFrame":
        """A row per combination: the choices, the verdict, then the columns of the estimate."""
        found = self.rows["estimate"]
        rows = self.rows.drop(columns="estimate").to_dict("records")
        return _frame({**row, **e._row()} for row, e in zip(rows, found, strict=True))


#: Estimates of a claim's readings by their ids, given a choice for each axis of its grid.
Trial = Callable[..., Mapping[str, Estimate]]


@dataclass(frozen=True, eq=False)
class Verdict:
    """What the evidence says of a claim, the claim's entry of ``claims.yml``.

    `verdict` is one of `VERDICTS`, `cause` says why it is open, of `CAUSES`; the reason is a few
    sentences with the numbers that decided. `tried` judges the claim under other choices.
    """

    claim: dict[str, Any]
    verdict: str
    reason: tuple[Phrase, ...]
    readings: tuple[Reading, ...]
    cause: str = ""
    tried: Callable[[], Specifications | None] = lambda: None

    def __repr__(self) -> str:
        cause = f" ({self.cause})" if self.cause else ""
        headline = f"; {self.estimate!r}" if self.estimate else ""
        return f"Verdict({self.claim['id']}: {self.verdict}{cause}{headline})"

    def to_frame(self) -> "pd.DataFrame":
        """A row per reading: the claim and its verdict, the outcome, the estimate."""
        claim = {"claim": self.claim["id"], "verdict": self.verdict}
        return _frame({**claim, **reading._row()} for reading in self.readings)

    @cached_property
    def specifications(self) -> Specifications | None:
        """What other choices would make of the claim, computed when first asked for."""
        return self.tried()

    @property
    def headline(self) -> Reading | None:
        """The reading that speaks for the claim: the first with an estimate, else the first."""
        tested = (reading for reading in self.readings if reading.outcome != "untested")
        return next(tested, self.readings[0] if self.readings else None)

    @property
    def estimate(self) -> Estimate | None:
        """Estimate of the headline; ``None`` for an opinion."""
        return self.headline.estimate if self.headline else None


class Judged:
    """Base of what a theme of an article finds: its parameters `p`, and its verdicts in order."""

    p: Any

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        raise NotImplementedError

    def __repr__(self) -> str:
        names = (name for name in dir(type(self)) if not name.startswith("_"))
        return f"{type(self).__name__} of {self.p.report} as of {self.p.as_of}: {', '.join(names)}"

    def to_frame(self) -> "pd.DataFrame":
        """A row per claim: its verdict, and the reading that speaks for it with its estimate."""
        return _frame(
            {
                "claim": judged.claim["id"],
                "verdict": judged.verdict,
                **(judged.headline._row() if judged.headline else {}),
            }
            for judged in self.verdicts
        )
