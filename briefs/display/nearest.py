"""The right value nearest to a wrong one, for a form and a terminal to offer."""

import datetime as dt
import difflib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from pydantic.fields import FieldInfo

from briefs.parameters import ParameterError, Parameters, bounds, choices, day, is_list

STEPS = 64


def nearest_right(model: type[Parameters], values: Mapping[str, Any], name: str) -> Any:
    """Return the value of a parameter nearest to that in `values` with which it is right.

    The other `values` stay. Numbers and days move as little as they can; of choices it is the most
    similar one, and what has no right value near it gets its default.
    """
    field, given = model.model_fields[name], values[name]

    def right(value: Any) -> bool:
        try:
            model.parse({**values, name: value})
        except ParameterError as error:
            return not any(line.startswith(f"{name}: ") for line in str(error).splitlines())
        return True

    if right(given):
        return given
    if choices(field.annotation):
        return _similar(field, given)
    ends, near = bounds(field), _ordinal(given)
    low, high = _ordinal(ends.get("ge", ends.get("gt"))), _ordinal(ends.get("le", ends.get("lt")))
    if low is None or high is None or near is None or ("gt" in ends and near <= low):
        return field.default

    def fits(at: float) -> bool:
        return right(_like(at, field.default))

    whole, start = not isinstance(field.default, float), min(max(near, low), high)
    points = [low + (high - low) * step / STEPS for step in range(STEPS + 1)]
    fit = [at for at in (map(round, points) if whole else points) if fits(at)]
    if not fit:
        return field.default
    found = _edge(start, min(fit, key=lambda at: abs(at - near)), 1 if whole else 1e-9, fits)
    short = float(f"{found:.6g}")
    return _like(short if not whole and fits(short) else found, field.default)


def _similar(field: FieldInfo, given: Any) -> Any:
    """Return the choice, or choices, most like what was given."""
    known = choices(field.annotation)
    asked = given if isinstance(given, list) else str(given).split(",")
    close = [difflib.get_close_matches(str(one), known, n=1) for one in asked]
    found = list(dict.fromkeys(match[0] for match in close if match))
    if not found:
        return field.default
    return found if is_list(field) else found[0]


def _ordinal(value: Any) -> Any:
    """Return a number or a day as a number; None where it is neither."""
    with suppress(ValueError, TypeError):
        return day(value).toordinal()
    with suppress(ValueError, TypeError):
        return float(value)
    return None


def _like(at: float, default: Any) -> Any:
    """Turn a number into what the default is: a day, a whole number, a number."""
    if isinstance(default, dt.date):
        return dt.date.fromordinal(round(at))
    return at if isinstance(default, float) else round(at)


def _edge(wrong: float, right: float, least: float, fits: Callable[[float], bool]) -> float:
    """Return what fits nearest to `wrong`, between it and `right`, as near as `least`."""
    if fits(wrong):
        return wrong
    while abs(right - wrong) > least * max(1.0, abs(right) if least < 1 else 1.0):
        middle = (wrong + right) / 2 if least < 1 else (wrong + right) // 2
        if middle in (wrong, right):
            break
        wrong, right = (wrong, middle) if fits(middle) else (middle, right)
    return right
