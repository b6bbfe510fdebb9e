"""What a published file may run when a reader opens it: a page its own scripts, a drawing nothing."""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from html import unescape
from itertools import product
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
#: Scripts of a brief: the first is on each page, the others where there is something for them.
SCRIPTS = ("scroll.js", "hover.js", "whatif.js")
_SHA256 = r"'sha256-[A-Za-z0-9+/=]{44}'"
#: How a page begins: nothing can run before its policy is read.
_HEAD = re.compile(
    r'<!DOCTYPE html>\n<html lang="[A-Za-z-]+">\n<head>\n<meta charset="utf-8">\n'
    r'<meta http-equiv="Content-Security-Policy" content="([^"<>]*)">\n'
)


@lru_cache
def read(name: str) -> str:
    """Return the text of a file beside the templates."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def script(*wanted: bool) -> str:
    """Return the script of a page with the first of `SCRIPTS`, and those of the others that are wanted."""
    first, *others = SCRIPTS
    return "".join(map(read, [first, *(name for name, w in zip(others, wanted, strict=True) if w)]))


def policy(style: str, script: str = "") -> str:
    """Return the Content-Security-Policy of a page that holds this style sheet and this script, and nothing else.

    Nothing on the pages connects to anything. Their own host is allowed since checkers fetch
    its ``robots.txt`` from within the page, and would else report that there is none.
    """
    return _policy(_hash(style), _hash(script) if script else "")


def unsafe(files: Mapping[str, bytes]) -> str:
    """Name a file of a report that could run what isn't ours, wherever it was made; empty without."""
    from briefs.render import svg  # late: most reports that are published have no drawing

    for name, data in files.items():
        text = data.decode("utf-8", "replace") if name.endswith((".html", ".svg")) else ""
        if name.endswith(".html") and not _is_ruled(text):
            return name
        if name.endswith(".svg") and not svg.is_still(text):
            return name
    return ""


def _is_ruled(page: str) -> bool:
    """Whether a page begins with a policy that lets no scripts run but those of a brief."""
    head = _HEAD.match(page)
    said = re.sub(rf"(?<=style-src ){_SHA256}", "'style'", unescape(head[1])) if head else ""
    return said in _policies()


@lru_cache
def _policies() -> set[str]:
    return {
        _policy("'style'", _hash(script(*wanted))) for wanted in product((False, True), repeat=2)
    }


def _policy(style: str, script: str) -> str:
    allowed = f" script-src {script};" if script else ""
    return (
        f"default-src 'none'; style-src {style};{allowed} img-src data:; connect-src 'self';"
        " base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
