"""Findings on share prices on the day of the news."""

import pandas as pd

from briefs.display import i18n
from briefs.display.findings import finding
from briefs.display.i18n import _
from briefs.display.records import Card
from briefs.values import N_, Estimate


def _tenths(share: float) -> str:
    """Write a share of which whole percent would hide too much."""
    return i18n.percent(share, 1)


def _fine(found: Estimate) -> str:
    return i18n.estimate(found, _tenths)


def _days(found: Estimate) -> str:
    """Write what part of other days a placebo counts."""
    if found.value == 0:
        return _("none of {n} other days", n=i18n.number(found.n))
    if found.value == 1:
        return _("all of {n} other days", n=i18n.number(found.n))
    return _("{share} of {n} other days", share=_fine(found), n=i18n.number(found.n))


def event(day: Estimate, placebo: Estimate, date: pd.Timestamp) -> Card:
    """State what the day did to exposed shares, and how rare such a day is."""
    words = {
        "fall": i18n.size(day, _tenths),
        "rise": _fine(day),
        "date": i18n.day(date),
        "days": _days(placebo) if placebo.known else "",
    }
    if not day.known:
        text = N_("No returns had been published by then that would show what the day did.")
    elif day.low <= 0 <= day.high:
        text = N_(
            "Shares exposed to AI moved {rise} against the market on {date}; zero lies within that interval."
        )
    elif day.value > 0:
        text = N_("Shares exposed to AI rose {rise} against the market on {date}.")
    elif placebo.known:
        text = N_(
            "Shares exposed to AI fell {fall} against the market on {date}; as large a fall came on {days}."
        )
    else:
        text = N_("Shares exposed to AI fell {fall} against the market on {date}.")
    numbers = {"abnormal_return": day, "placebo": placebo}
    return finding("finding-event", _(text, **words), "market-1", headline=False, **numbers)


def shock(ratio: Estimate, excess: Estimate, date: pd.Timestamp) -> Card:
    """State how far technology shares moved apart, and how far the exposed fell behind the others."""
    words = {
        "ratio": i18n.times(ratio),
        "n": i18n.number(ratio.n),
        "date": i18n.day(date),
        "excess": i18n.size(excess, _tenths),
    }
    if not ratio.known:
        text = N_(
            "What had been published by then doesn't show how far technology shares moved apart."
        )
    elif excess.known and excess.value < 0:
        text = N_(
            "On {date} returns of {n} technology shares lay {ratio} as far apart as on the median day before. The "
            "exposed shares fell {excess} against the other technology shares."
        )
    elif excess.known:
        text = N_(
            "On {date} returns of {n} technology shares lay {ratio} as far apart as on the median day before. The "
            "exposed shares rose {excess} against the other technology shares."
        )
    else:
        text = N_(
            "On {date} returns of {n} technology shares lay {ratio} as far apart as on the median day before."
        )
    numbers = {"spread_ratio": ratio, "excess_return": excess}
    return finding("finding-shock", _(text, **words), "market-1", headline=False, **numbers)


def whole_market(placebo: Estimate) -> Card:
    """State how rare the day was for the market as a whole, which the claim doesn't speak of."""
    words = {"days": _days(placebo) if placebo.known else ""}
    if placebo.known:
        text = N_(
            "The market as a whole, of which the claim doesn't speak, did as badly on {days}."
        )
    else:
        text = N_("What the whole market did on the day can't be held against other days yet.")
    return finding("finding-whole-market", _(text, **words), "market-1", market_fall=placebo)


def window(cumulative: Estimate, days: int) -> Card:
    """State how much of the abnormal fall was left after the event window."""
    words = {"days": i18n.number(days), "value": _fine(cumulative)}
    if not cumulative.known:
        text = N_("The days after the event hadn't all been published by then.")
    elif cumulative.low < 0 < cumulative.high:
        text = N_(
            "Over {days} trading days the exposed shares' moves beyond the market add up to {value}; zero lies within "
            "that interval."
        )
    else:
        text = N_(
            "Over {days} trading days the exposed shares' moves beyond the market add up to {value}."
        )
    numbers = {"cumulative_abnormal_return": cumulative}
    return finding("finding-event-window", _(text, **words), "market-1", headline=False, **numbers)
