"""Values that evidence, science and display share: languages, an estimate, a verdict."""

import math
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Language:
    """A language by the name that it calls itself.

    By its `locale` of the Unicode CLDR numbers and dates are written, as in Malaysia; previews of
    links name its `territory`.
    """

    name: str
    locale: str
    territory: str


#: Another language needs a line here, and ``analysis.po`` in its folder of ``display/locale``.
LANGUAGES = {
    "en": Language("English", "en_MY", "en_GB"),
    "ms": Language("Bahasa Melayu", "ms_MY", "ms_MY"),
}
#: Made from the English on the fly, accented and longer: what stays plain on a page isn't marked
#: for translation. Nobody's language, never published.
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


def joined(first: str | Phrase, second: str | Phrase) -> str | Phrase:
    """Put two methods into one; an empty one leaves the other."""
    if not (first and second):
        return first or second
    return Phrase(
        N_("{first}; {second}"), {"first": ("message", first), "second": ("message", second)}
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its uncertainty.

    `value` is ``nan`` when the evidence is too thin to give one. `level` is the probability content
    of the interval (0.9 is 90%), None when the ends are the least and greatest of published figures
    and carry no probability. `n` counts the independent observations; the unit ``"1"`` is that of a
    plain ratio or share. `method` says in a few words how it was made; text is a marked message.
    """

    value: float
    low: float
    high: float
    level: float | None
    n: int
    unit: str
    method: str | Phrase

    def __post_init__(self) -> None:
        for name in ("value", "low", "high"):
            object.__setattr__(self, name, float(getattr(self, name)))
        if self.low > self.high:
            raise ValueError(f"an interval runs from low to high, not {self.low} to {self.high}")
        if self.level is not None and not 0 < self.level < 1:
            raise ValueError(f"level is a probability between 0 and 1, not {self.level}")

    @classmethod
    def missing(cls, unit: str, method: str | Phrase, n: int = 0) -> "Estimate":
        """No estimate: the evidence published by the date asked for doesn't allow one."""
        return cls(math.nan, math.nan, math.nan, None, n, unit, method)

    @property
    def known(self) -> bool:
        return all(map(math.isfinite, (self.value, self.low, self.high)))

    def to_json(self) -> dict[str, Any]:
        """Plain dictionary for ``results.json``; an unknown number is ``None``."""
        plain = {
            k: None if isinstance(v, float) and not math.isfinite(v) else v
            for k, v in asdict(self).items()
        }
        return plain | {"method": str(self.method)}


VERDICTS = ("supported", "partly supported", "contradicted", "unresolved", "opinion")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a claim, with the estimate it was tested on and the outcome.

    `quantity` says in each language what is measured. Of the ranges fixed beforehand an open end is
    ``-inf`` or ``inf``. A forecast is shown, but doesn't count: what was foreseen is no evidence
    of what happened.
    """

    id: str
    quantity: dict[str, str]
    supported: tuple[float, float]
    partly: tuple[float, float]
    verdict: str
    estimate: Estimate
    forecast: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the evidence says of a claim, the claim's entry of ``claims.yml``.

    `verdict` is one of `VERDICTS`; the reason is one or two sentences with the numbers that decided;
    of the readings the first is the main one.
    """

    claim: dict[str, Any]
    verdict: str
    reason: tuple[Phrase, ...]
    readings: tuple[Reading, ...]

    @property
    def estimate(self) -> Estimate | None:
        """Estimate of the main reading; ``None`` for an opinion."""
        return self.readings[0].estimate if self.readings else None
