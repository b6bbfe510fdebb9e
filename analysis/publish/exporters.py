"""Exporters: the document through a Jinja template as HTML, and through Typst as PDF.

Both are nbconvert exporters (``jupyter nbconvert --to brief_html``, and JupyterLab's
*Save and Export* menu). Who has the document already calls `render_html` and
`render_pdf`, which do no more than the rendering.
"""

import base64
import hashlib
import json
import os
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import typst
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from traitlets import default

from analysis.publish import document as documents
from analysis.publish.markdown import to_html

TEMPLATES = Path(__file__).parent / "templates"
_PRINT_INK = "#1c1b1a"


@lru_cache
def _icons() -> dict[str, str]:
    return json.loads((TEMPLATES / "icons.json").read_text(encoding="utf-8"))


@lru_cache
def _style() -> Markup:
    """Return the style sheet of the page; it stands in the page as it is, its hash in the policy."""
    return Markup((TEMPLATES / "brief.css").read_text(encoding="utf-8"))


@lru_cache
def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"


def _drawing(svg: str, alt: str) -> Markup:
    """Put a cleaned drawing into the page as one image with its text alternative."""
    return Markup('<svg role="img" aria-label="{}" {}').format(alt, Markup(svg.removeprefix("<svg ")))


def _data_uri(text: str, mediatype: str = "text/csv") -> str:
    return f"data:{mediatype};charset=utf-8," + quote(text, safe=",:;/@+!*()")


@lru_cache
def templates() -> Environment:
    """Return the page templates with the style sheet, icons and filters that they share."""
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"prose": to_html, "drawing": _drawing, "data_uri": _data_uri,
                            "css": lambda verdict: "v-" + verdict.replace(" ", "-")}
    environment.globals |= {"icons": _icons(), "style": _style(), "policy": _policy()}
    return environment


def render_html(document: dict[str, Any]) -> str:
    """Write a document as one HTML file that needs nothing else."""
    with documents.speaking(document["language"]):
        return templates().get_template("brief.html.j2").render(document=document, labels=document["labels"])


@lru_cache
def _compiler() -> typst.Compiler:
    # Fonts come from the typst wheel and from matplotlib, which draws with DejaVu Sans: a
    # bare machine has none of its own, and pages must not depend on the machine.
    import matplotlib
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(Path(matplotlib.get_data_path()) / "fonts/ttf")])
    return typst.Compiler(TEMPLATES / "brief.typ", root=TEMPLATES, font_paths=fonts, ignore_system_fonts=True)


def _for_typst(document: dict[str, Any], dated: bool) -> str:
    def figure(block: dict[str, Any]) -> dict[str, Any]:
        kept = {name: value for name, value in block.items() if name not in ("csv", "files")}
        if "svg" in block:
            kept["svg"] = block["svg"].replace("<svg ", f'<svg color="{_PRINT_INK}" font-family="DejaVu Sans" ', 1)
        return kept
    sections = [{**section, "blocks": [figure(b) for b in section["blocks"]]} for section in document["sections"]]
    small = {name: value for name, value in document.items() if name not in ("records", "verdicts")}
    return json.dumps({**small, "sections": sections, "verdicts": document["verdicts"], "icons": _icons(),
                       "dated": dated}, ensure_ascii=False)


def render_pdf(document: dict[str, Any]) -> bytes:
    """Write a document as a PDF/UA-1 file; the same document gives the same bytes.

    Its creation date is ``SOURCE_DATE_EPOCH``; without that variable it has none.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return _compiler().compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(epoch) if epoch else None,
                                   sys_inputs={"document": _for_typst(document, bool(epoch))})
    except typst.TypstError as error:
        raise documents.PublishError(f"Typst can't set {document['report']!r}: {error.message}"
                                     f" {' '.join(error.hints)}".rstrip()) from error


class _BriefExporter(Exporter):
    """What both exporters share: few preprocessors, and errors that nbconvert reports."""

    @default("default_preprocessors")
    def _default_preprocessors(self):
        return ["nbconvert.preprocessors.TagRemovePreprocessor", "nbconvert.preprocessors.ExecutePreprocessor"]

    @default("optimistic_validation")
    def _optimistic_validation(self):
        return True

    def _render(self, document: dict[str, Any]) -> str | bytes:
        raise NotImplementedError

    def from_notebook_node(self, nb, resources=None, **kw):
        """Convert an executed notebook; a notebook that must not be published is a ``ConversionException``."""
        nb, resources = super().from_notebook_node(nb, resources, **kw)
        try:
            return self._render(documents.build(nb)), resources
        except documents.PublishError as error:
            raise ConversionException(str(error)) from error


class BriefHTMLExporter(_BriefExporter):
    """Evidence brief as one HTML file."""

    export_from_notebook = "Evidence brief (HTML)"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension(self):
        return ".html"

    def _render(self, document):
        return render_html(document)


class BriefPDFExporter(_BriefExporter):
    """Evidence brief as PDF."""

    export_from_notebook = "Evidence brief (PDF)"
    output_mimetype = "application/pdf"

    @default("file_extension")
    def _file_extension(self):
        return ".pdf"

    def _render(self, document):
        return render_pdf(document)
