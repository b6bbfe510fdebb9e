"""The document through a Jinja template as HTML, and what all pages of a site share with it."""

import json
import re
from functools import lru_cache
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from briefs.display import style
from briefs.display.i18n import _, in_language
from briefs.render import glossary, pictures, policy, whatif
from briefs.render.blocks import Document, FigureBlock
from briefs.render.frame import LANGUAGES
from briefs.render.svg import MARKS

#: What a drawing holds whose marks say their values when pointed at.
MARKED = f'class="{MARKS}"'


@lru_cache
def icons() -> dict[str, str]:
    """Return the outline of each verdict's icon."""
    return json.loads(policy.read("icons.json"))


def _running_head(document: Document) -> str:
    """Return the rule that names the brief and its edition at the head of every printed page."""
    words = f"{document.title} · {document.frame.edition}"
    escaped = re.sub(r"[^\w .,:;·()?!–-]", lambda match: f"\\{ord(match[0]):x} ", words)
    return f'@page {{ @top-left {{ content: "{escaped}"; }} }}\n'


@lru_cache
def _icon() -> str:
    """Return the page's icon as an address: the mark of a verdict, drawn in the accent colour."""
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#0f766e" '
        f'fill-rule="evenodd" d="{icons()["partly supported"]}"/></svg>'
    )
    return "data:image/svg+xml," + quote(drawing, safe="/:=,")


def _drawing(svg: str, alt: str, values: str = "", kind: str = "") -> Markup:
    """Place a drawing with its text alternative; `values` names the slider that walks its marks.

    `kind` is ``narrow`` or ``wide`` for one of two, of which the page shows that for which it has room.
    """
    head, _bracket, inner = svg.removeprefix("<svg ").removesuffix("</svg>").partition(">")
    # some browsers would read the words of its axes after the alternative
    return Markup(
        '<div class="{}" data-values="{}"><svg role="img" aria-label="{}" {}>'
        '<g aria-hidden="true">{}</g></svg></div>'
    ).format(
        f"chart {kind}".rstrip(),
        values or _("Values of the chart"),
        alt,
        Markup(head),
        Markup(inner),
    )


def _drawings(block: FigureBlock) -> Markup:
    """Place the drawings of a figure."""
    values = _("Values of {figure}", figure=block.number)
    if not block.wide:
        return _drawing(block.svg, block.alt, values)
    narrow = _drawing(block.svg, block.alt, values, "narrow")
    return narrow + _drawing(block.wide, block.alt, values, "wide")


def dark_colours() -> str:
    """Return the rules that put the brighter colours of dark pages into drawings."""
    rules = (
        f'.chart [{part}="{colour.lower()}"] {{ {part}: {brighter}; }}'
        for colour, brighter in style.DARK.items()
        for part in ("stroke", "fill")
    )
    return f"@media screen and (prefers-color-scheme: dark) {{ {' '.join(rules)} }}\n"


def _data_uri(text: str, mediatype: str = "text/csv") -> str:
    return f"data:{mediatype};charset=utf-8," + quote(text, safe=",:;/@+!*()")


@lru_cache
def templates() -> Environment:
    """Return the page templates with the filters and icons that they share."""
    environment = Environment(
        loader=FileSystemLoader(policy.TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "drawing": _drawing,
        "drawings": _drawings,
        "standalone": pictures.standalone,
        "embed": pictures.embed,
        "data_uri": _data_uri,
        "css": lambda verdict: "v-" + verdict.replace(" ", "-"),
    }
    environment.globals |= {"icons": icons(), "icon": _icon(), "names": LANGUAGES, "_": _}
    return environment


def render_html(document: Document) -> str:
    """Write a document as one HTML file that needs nothing else."""
    rules = Markup(policy.read("brief.css") + dark_colours() + _running_head(document))
    marked = any(isinstance(b, FigureBlock) and MARKED in b.svg for b in document.blocks)
    tried = whatif.of_page(document)
    script = Markup(policy.script(marked, bool(tried)))
    template = templates().get_template("brief.html.j2")
    with in_language(document.language):
        return template.render(
            document=document,
            terms=glossary.Marker(),
            style=rules,
            script=script,
            policy=policy.policy(rules, script),
            combinations=whatif.inline(tried) if tried else "",
        )
