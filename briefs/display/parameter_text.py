"""What is said of parameters, in the active language: for a notebook's cell, a form, a terminal."""

import json
import textwrap
from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

from pydantic.fields import FieldInfo

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.parameters import Parameters, bounds, choices, extra, injected, is_list

#: Columns of a parameters cell: what JupyterLab shows of a line on a laptop.
WIDTH = 118


def allowed(field: FieldInfo) -> str:
    """Say which values a parameter may have, with their unit: ``0.5 to 0.99 (share)``."""
    ends, found = bounds(field), choices(field.annotation)
    if "gt" in ends:
        text = _("above {low}, up to {high}", low=_plain(ends["gt"]), high=_plain(ends["le"]))
    elif ends:
        text = _("{low} to {high}", low=_plain(ends["ge"]), high=_plain(ends["le"]))
    else:
        text = ", ".join(found)
        if len(found) > 1:
            several = is_list(field)
            text = (
                _("one or more of {names}", names=text)
                if several
                else _("one of {names}", names=text)
            )
    unit = extra(field, "unit")
    return f"{text} ({_(unit)})".strip() if unit else text


def meaning(field: FieldInfo) -> str:
    """Say what a parameter means."""
    return i18n.message(field.description or "")


def told(field: FieldInfo) -> str:
    """Say what a parameter means, and in a sentence after it what is allowed."""
    return f"{meaning(field)} {_sentence(allowed(field))}".strip()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def cell(parameters: Parameters) -> str:
    """Write the source of a ``parameters`` cell: name, type, value, then what it means and allows.

    papermill and JupyterLab's page of jobs read types and meanings there, so both stand in the line
    of the value. What is too long for a line goes on in comments below it.
    """
    values = injected(parameters)
    fields = type(parameters).model_fields
    return "\n".join(line for name in fields for line in _lines(name, fields[name], values[name]))


def _lines(name: str, field: FieldInfo, value: Any) -> Iterator[str]:
    line = f"{name}: {_type(field.annotation)} = {_literal(value)}  # {meaning(field)}"
    rest = _sentence(allowed(field))
    if len(line) + len(rest) < WIDTH:
        yield f"{line} {rest}".rstrip()
        return
    yield line
    yield from textwrap.wrap(
        rest, WIDTH, initial_indent="#   ", subsequent_indent="#   ", break_on_hyphens=False
    )


def _type(annotation: Any) -> str:
    """Name the type that a value has in the cell: dates and choices are text there."""
    if get_origin(annotation) is list:
        return f"list[{_type(get_args(annotation)[0])}]"
    if get_origin(annotation) is Annotated or type(None) in get_args(annotation):
        return _type(next(a for a in get_args(annotation) if a is not type(None)))
    return annotation.__name__ if annotation in (int, float, bool) else "str"


def _literal(value: Any) -> str:
    """Write a value as Python does, with double quotes as the formatter has them."""
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _plain(value: Any) -> str:
    """Write the end of a range as it is typed: no grouping of thousands."""
    return f"{value:g}" if isinstance(value, float) else str(value)


def listing(parameters: Parameters) -> list[dict[str, str]]:
    """List the parameters: name, value, what it means and what is allowed, all as text."""
    values = injected(parameters)
    return [
        {
            "name": name,
            "value": written(values[name]),
            "told": told(field),
        }
        for name, field in type(parameters).model_fields.items()
    ]


def written(value: Any) -> str:
    """Write a value as the command line takes it."""
    return ",".join(value) if isinstance(value, list) else "" if value is None else str(value)
