"""Every call that marks or translates a message, read in the source: whole messages, named placeholders."""

import ast
import string
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path for folder in ("analysis", "briefs") for path in (ROOT / folder).rglob("*.py")
)


def calls(source):
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and node.args
            and ast.unparse(node.func) in ("_", "N_", "i18n._", "i18n.N_")
        ):
            yield node


def placeholders(text):
    return {
        name
        for _literal, name, _spec, _conversion in string.Formatter().parse(text)
        if name is not None
    }


def faults(source):
    found = []
    for call in calls(source):
        message, given = call.args[0], {keyword.arg for keyword in call.keywords}
        if isinstance(message, ast.Constant):
            known = placeholders(message.value) if given else set()
            if known - given and None not in given:
                found.append(f"line {call.lineno} doesn't fill {', '.join(sorted(known - given))}")
            if given - known - {None}:
                found.append(
                    f"line {call.lineno} has no place for {', '.join(sorted(given - known - {None}))}"
                )
        elif any(
            isinstance(node, (ast.JoinedStr, ast.BinOp))
            or isinstance(getattr(node, "value", None), str)
            for node in ast.walk(message)
        ):
            # Babel would take a text anywhere in the brackets for a message, and an f-string for none.
            found.append(f"line {call.lineno} translates what isn't a whole message")
    return found


def test_messages_are_whole_and_filled():
    found = {path.relative_to(ROOT).as_posix(): faults(path.read_text("utf-8")) for path in MODULES}
    assert len(found) > 50
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "source",
    [
        '_(f"{n} runs")',
        '_("a" + word)',
        '_(rows["survey"])',
        '_("a %s" % word)',
        '_("{n} of {total}", n=1)',
        '_("all", n=1)',
        'i18n._(NAMES["x"])',
    ],
)
def test_a_fault_is_caught(source):
    assert len(faults(source)) == 1


@pytest.mark.parametrize(
    "source",
    [
        '_("all")',
        "_(NAMES[key])",
        '_("{n} of {total}", n=1, **words)',
        'N_("{n} of {total}")',
        "_(text)",
        "_(x.message)",
    ],
)
def test_what_is_right_is_let_through(source):
    assert faults(source) == []
