"""`briefs params REPORT --ask`: each parameter asked for in turn, until what is given is right."""

from collections.abc import Callable, Mapping
from typing import Any

from briefs.display.nearest import nearest_right
from briefs.display.parameter_text import told, written
from briefs.parameters import ParameterError, Parameters, injected, model_for

#: Takes a name and what is meant when nothing is typed; returns what was typed.
Prompt = Callable[[str, str], str]
#: Takes a line that the asked should read.
Say = Callable[[str], None]


def pairs(report: str, prompt: Prompt, say: Say) -> list[str]:
    """Return ``name=value`` of the language and of each parameter that isn't to have its default."""
    model = model_for(report)
    defaults = injected(model())
    values = dict(defaults)
    for name, field in model.model_fields.items():
        say(told(field))
        values[name] = _right(model, values, name, prompt, say)
    while faults := _faults(model, values):  # what was given later doesn't go with it
        for name, fault in faults.items():
            say(fault)
            values[name] = _right(model, values, name, prompt, say)
    given = injected(model.parse(values))
    chosen = (n for n, value in given.items() if n == "language" or value != defaults[n])
    return [f"{name}={written(given[name])}" for name in chosen]


def _right(
    model: type[Parameters], values: Mapping[str, Any], name: str, prompt: Prompt, say: Say
) -> str:
    """Ask for one parameter until it goes with the others; the nearest right value is offered."""
    offered = nearest_right(model, values, name)
    while True:
        given = {**values, name: prompt(name, written(offered))}
        fault = _faults(model, given).get(name)
        if fault is None:
            return str(given[name])
        say(fault)
        offered = nearest_right(model, given, name)


def _faults(model: type[Parameters], values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong, by the parameter that it is wrong with."""
    try:
        model.parse(values)
    except ParameterError as error:
        return {line.partition(":")[0]: line for line in str(error).splitlines()}
    return {}
