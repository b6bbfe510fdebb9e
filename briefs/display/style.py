"""The house style of drawings, set once.

A drawing is 4.5 inches wide with text of 11 points: on a phone it fills the screen and its
text stays at 12 pixels. Ink follows the page's own text colour, and every colour stands out
from white and from near-black, so that one drawing serves light, dark and print.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from briefs.display import marks

WIDTH = 4.5
TEXT_SIZE = 11
#: Stands for the colour of the surrounding text until the drawing is saved.
INK = "#010101"
#: At least 3:1 on white and on #121212, and apart for colour-blind readers (CIEDE2000 of 17 or more).
FOUR = ("#117733", "#EE6677", "#AA3377", "#A285D1")
THREE = ("#0F766E", "#D55E00", "#A285D1")
MAIN, ACCENT, QUIET = "#0F766E", "#D55E00", "#8A8A8A"
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)), (0, (9, 3)))
MARKERS = ("o", "s", "^", "D")

_RC = {
    "font.family": "DejaVu Sans",
    "font.size": TEXT_SIZE,
    "axes.labelsize": TEXT_SIZE,
    "xtick.labelsize": TEXT_SIZE,
    "ytick.labelsize": TEXT_SIZE,
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "ytick.major.size": 0,
    "ytick.minor.size": 0,
    "xtick.minor.size": 0,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": QUIET,
    "grid.alpha": 0.35,
    "grid.linewidth": 0.6,
    "lines.linewidth": 2,
    "lines.markersize": 6,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "legend.frameon": False,
    "axes.titley": 1.0,
}


@contextmanager
def house() -> Iterator[None]:
    """Draw in the house style, and leave matplotlib as it was."""
    import seaborn as sns  # late: it takes a second, and most that import this draw nothing

    with mpl.rc_context():
        sns.set_theme(style="ticks", rc=_RC)
        yield


def canvas(height: float, panels: int | None = None) -> tuple[Figure, Any]:
    """Return a figure of the house's width and its axes: with `panels` a list of so many, of one scale."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    if panels is None:
        return figure, figure.subplots()
    return figure, list(figure.subplots(panels, sharex=True, sharey=True, squeeze=False)[:, 0])


def lay_out(ax: Axes) -> Figure:
    """Put everything where the drawing will have it, without drawing; return the drawing."""
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    if engine := figure.get_layout_engine():
        engine.execute(figure)
    return figure


def svg(figure: Figure, name: str) -> str:
    """Write a figure as SVG, with the values of its marks; the same drawing and `name` give the same bytes."""
    buffer = io.StringIO()
    figure.set_dpi(72)  # that of an SVG: the layout of the marks is that of the drawing
    for axis in (axis for ax in figure.axes for axis in (ax.xaxis, ax.yaxis)):
        if not axis.get_label_text():
            # else matplotlib measures every tick label to place an empty one
            axis.set_label_coords(0, 0)
    page: Any = FigureCanvasSVG(figure)
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        # not savefig: it draws twice, once only to lay out
        page.print_svg(buffer, metadata=dict.fromkeys(("Date", "Creator", "Type", "Format")))
    text = buffer.getvalue()
    text = text[text.index("<svg") :].replace(INK, "currentColor")
    return text.replace("</svg>", marks.write(figure) + "</svg>")
