"""The nbconvert exporters: ``jupyter nbconvert --to brief_html``, and JupyterLab's *Save and Export* menu."""

from collections.abc import Callable
from typing import Any

from nbconvert.exporters import Exporter
from nbconvert.utils.exceptions import ConversionException
from nbformat import NotebookNode, ValidationError, validate
from traitlets import Bool, List, Unicode

from briefs.render import document as documents
from briefs.render.blocks import Document
from briefs.render.cells import PublishError
from briefs.render.html import render_html
from briefs.render.pdf import render_pdf


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
        try:
            validate(nb)
            nb, resources = super().from_notebook_node(nb, resources, **kw)
            return self._render(documents.build(nb)), resources
        except ValidationError as error:
            raise ConversionException(f"not a valid notebook: {error.message}") from error
        except PublishError as error:
            raise ConversionException(str(error)) from error
        except Exception as error:  # the records are whoever made the notebook's
            why = f"{type(error).__name__}: {error}"
            raise ConversionException(f"holds what a page can't show ({why})") from error


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
