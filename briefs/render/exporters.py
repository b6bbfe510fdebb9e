"""Exporters: the document through a Jinja template as HTML, and through Typst as PDF.

Both are nbconvert exporters (``jupyter nbconvert --to brief_html``, and JupyterLab's
*Save and Export* menu). Code that has the document already calls `render_html` and
`render_pdf`, which do no more than the rendering.
"""

import base64
import dataclasses
import hashlib
import json
import os
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode
from traitlets import Bool, List, Unicode

from briefs.display.i18n import _, in_language
from briefs.render import document as documents
from briefs.render.blocks import Document, FigureBlock
from briefs.render.cells import PublishError
from briefs.render.frame import LANGUAGES
from briefs.render.svg import MARKS, silent

TEMPLATES = Path(__file__).parent / "templates"
#: What a drawing holds whose marks say their values when pointed at.
MARKED = f'class="{MARKS}"'
#: What the printed page has no use for.
_UNPRINTED = ("records", "head", "csv", "files", "cited", "links")
_PRINTED_DRAWING = '<svg color="#1c1b1a" font-family="DejaVu Sans" '


@lru_cache
def icons() -> dict[str, str]:
    """Return the outline of each verdict's icon."""
    return json.loads((TEMPLATES / "icons.json").read_text(encoding="utf-8"))


@lru_cache
def _file(name: str) -> str:
    return (TEMPLATES / name).read_text(encoding="utf-8")


def _running_head(document: Document) -> str:
    """Return the rule that names the brief and its edition at the head of every printed page."""
    words = f"{document.title} · {document.frame.edition}"
    escaped = re.sub(r"[^\w .,:;·()?!–-]", lambda match: f"\\{ord(match[0]):x} ", words)
    return f'@page {{ @top-left {{ content: "{escaped}"; }} }}\n'


def policy(style: str, script: str = "") -> str:
    """Return the Content-Security-Policy of a page that holds this style sheet and this script, and nothing else.

    Nothing on the pages connects to anything. Their own host is allowed since checkers fetch
    its ``robots.txt`` from within the page, and would else report that there is none.
    """
    allowed = f" script-src {_hash(script)};" if script else ""
    return (
        f"default-src 'none'; style-src {_hash(style)};{allowed} img-src data:; connect-src 'self';"
        " base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@lru_cache
def _icon() -> str:
    """Return the page's icon as an address: the mark of a verdict, drawn in the accent colour."""
    drawing = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path fill="#0f766e" '
        f'fill-rule="evenodd" d="{icons()["partly supported"]}"/></svg>'
    )
    return "data:image/svg+xml," + quote(drawing, safe="/:=,")


def _drawing(svg: str, alt: str) -> Markup:
    """Put a cleaned drawing into the page as one image with its text alternative."""
    return Markup('<div class="chart"><svg role="img" aria-label="{}" {}</div>').format(
        alt, Markup(svg.removeprefix("<svg "))
    )


def _data_uri(text: str, mediatype: str = "text/csv") -> str:
    return f"data:{mediatype};charset=utf-8," + quote(text, safe=",:;/@+!*()")


@lru_cache
def templates() -> Environment:
    """Return the page templates with the style sheet, icons and filters that they share."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "drawing": _drawing,
        "data_uri": _data_uri,
        "css": lambda verdict: "v-" + verdict.replace(" ", "-"),
    }
    environment.globals |= {"icons": icons(), "icon": _icon(), "names": LANGUAGES, "_": _}
    return environment


def render_html(document: Document) -> str:
    """Write a document as one HTML file that needs nothing else."""
    style = Markup(_file("brief.css") + _running_head(document))
    marked = any(isinstance(b, FigureBlock) and MARKED in b.svg for b in document.blocks)
    script = Markup(_file("hover.js")) if marked else ""
    template = templates().get_template("brief.html.j2")
    with in_language(document.language):
        return template.render(
            document=document,
            style=style,
            script=script,
            policy=policy(style, script),
        )


@lru_cache
def _compiler() -> typst.Compiler:
    # Fonts come from the typst wheel and from matplotlib, which draws with DejaVu Sans: a
    # bare machine has none of its own, and pages must not depend on the machine.
    import matplotlib

    folder = str(Path(matplotlib.get_data_path()) / "fonts/ttf")
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[folder])
    return typst.Compiler(b"", root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _fields(part: Any) -> dict[str, Any]:
    """Return what the printed page needs of a part of the document."""
    # not by `dataclasses.asdict`, which copies every cell of every table
    names = [field.name for field in dataclasses.fields(part)]
    found = {name: getattr(part, name) for name in names if name not in _UNPRINTED}
    if isinstance(part, FigureBlock):
        found["svg"] = silent(part.svg).replace("<svg ", _PRINTED_DRAWING, 1)
    return found


def render_pdf(document: Document) -> bytes:
    """Write a document as a PDF/UA-1 file; the same document gives the same bytes.

    Its creation date is ``SOURCE_DATE_EPOCH``; without that variable it has none.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return typeset(
        repr(document.report),
        source("brief.typ", printed(document, dated=bool(epoch))),
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=int(epoch) if epoch else None,
    )


def printed(document: Document, dated: bool = False) -> dict[str, Any]:
    """Return what the printed page needs of a document, and its own words in that language."""
    messages = re.findall(r'gettext\("([^"]+)"\)', _file("brief.typ"))
    with in_language(document.language):
        words = {message: _(message) for message in messages}
    return {**_fields(document), "messages": words, "dated": dated}


def source(template: str, content: dict[str, Any]) -> bytes:
    """Write a template of Typst with its content before it, there called ``doc``."""
    # Not by `sys.inputs`: when they change, Typst forgets all that it could use again.
    text = json.dumps({**content, "icons": icons()}, ensure_ascii=False, default=_fields)
    quoted = text.replace("\\", r"\\").replace('"', r"\"")
    return f'#let doc = json(bytes("{quoted}"))\n{_file(template)}'.encode()


def typeset(name: str, source: bytes, **options: Any) -> bytes:
    """Have Typst make one file, called `name` where it can't."""
    try:
        made = _compiler().compile(source, **options)
    except typst.TypstError as error:
        hints = " ".join(error.hints)
        raise PublishError(f"Typst can't set {name}: {error.message} {hints}".rstrip()) from error
    if not isinstance(made, bytes):
        raise PublishError(f"Typst can't set {name} as one file")
    return made


class _BriefExporter(Exporter):
    """What both exporters share: few preprocessors, and errors that nbconvert reports."""

    default_preprocessors = List(
        [
            "nbconvert.preprocessors.TagRemovePreprocessor",
            "nbconvert.preprocessors.ExecutePreprocessor",
        ]
    ).tag(config=True)
    optimistic_validation = Bool(True).tag(config=True)
    _render: Callable[[Document], str | bytes]

    def from_notebook_node(
        self, nb: NotebookNode, resources: Any = None, **kw: Any
    ) -> tuple[Any, Any]:
        """Convert an executed notebook; a notebook that must not be published is a ``ConversionException``."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        try:
            return self._render(documents.build(nb)), resources
        except PublishError as error:
            raise ConversionException(str(error)) from error


class BriefHTMLExporter(_BriefExporter):
    """Evidence brief as one HTML file."""

    export_from_notebook = "Evidence brief (HTML)"
    output_mimetype = "text/html"
    file_extension = Unicode(".html").tag(config=True)
    _render = staticmethod(render_html)


class BriefPDFExporter(_BriefExporter):
    """Evidence brief as PDF."""

    export_from_notebook = "Evidence brief (PDF)"
    output_mimetype = "application/pdf"
    file_extension = Unicode(".pdf").tag(config=True)
    _render = staticmethod(render_pdf)
