"""The house style of drawings, set once.

Every figure is drawn twice, with text of 11 points: 4 inches wide for a phone, where it fills the
screen and its text stays above 12 pixels down to a screen of 320, and 8.8 inches wide for whatever
has room for that. A function that draws asks `wide` which it is at.

Ink follows the page's own text colour, and every colour stands out from white and from near-black,
so that a drawing serves light, dark and print; on a dark page `DARK` takes the place of some.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG, RendererSVG
from matplotlib.figure import Figure
from matplotlib.textpath import text_to_path

from briefs.display import marks

#: Width of the two drawings of a figure, inches.
WIDTH, WIDE = 4.0, 8.8
TEXT_SIZE = 11
#: Stands for the colour of the surrounding text until the drawing is saved.
INK = "#010101"
#: At least 3:1 on white and on #121212, and apart for colour-blind readers (CIEDE2000 of 17 or more).
FOUR = ("#117733", "#EE6677", "#AA3377", "#A285D1")
THREE = ("#0F766E", "#D55E00", "#A285D1")
MAIN, ACCENT, QUIET = "#0F766E", "#D55E00", "#8A8A8A"
#: What takes a colour's place on a dark page, where it would be harder to see than on a white one.
DARK = {
    "#0F766E": "#3FB8AB",
    "#117733": "#4CB56F",
    "#AA3377": "#DB6FAA",
    "#D55E00": "#F2853A",
    "#A285D1": "#B9A0E6",
}
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.5)), (0, (6, 1.5, 1.5, 1.5)), (0, (9, 3)))
MARKERS = ("o", "s", "^", "D")

_RC = {
    "font.family": "DejaVu Sans",
    "font.size": TEXT_SIZE,
    "axes.labelsize": TEXT_SIZE,
    "xtick.labelsize": TEXT_SIZE,
    "ytick.labelsize": TEXT_SIZE,
    "text.parse_math": False,  # two prices in a label are no mathematics
    "text.color": INK,
    "axes.labelcolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.edgecolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "ytick.left": False,
    "ytick.major.size": 0,
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


@cache
def _theme() -> Any:
    import seaborn as sns  # late: it takes a second, and most that import this draw nothing

    return {**sns.plotting_context("notebook"), **sns.axes_style("ticks"), **_RC}


#: Width, height and descent of a text: to measure it takes longer than to place it, and most come twice.
_measured = lru_cache(4096)(text_to_path.get_text_width_height_descent)


class _Renderer(RendererSVG):
    """Writes SVG, and measures each text once a process."""

    def get_text_width_height_descent(self, s: str, prop: Any, ismath: Any) -> Any:
        return _measured(s, prop.copy(), ismath)


_renderer: Callable[..., Any] = _Renderer  # it has no types


@cache
def _ruler() -> Any:
    return _renderer(1, 1, io.StringIO())


class _Canvas(FigureCanvasSVG):
    """A drawing that is laid out by the measures that it is written with."""

    def get_renderer(self) -> Any:
        return _ruler()


@contextmanager
def house() -> Iterator[None]:
    """Draw in the house style, and leave matplotlib as it was."""
    with mpl.rc_context(_theme()):
        yield


def canvas(height: float, panels: int | None = None, width: float = WIDTH) -> tuple[Figure, Any]:
    """Return a figure and its axes, inches: with `panels` a list of so many, of one scale.

    Panels stand side by side where the figure is wide, else one below the other.
    """
    figure = Figure(figsize=(width, height), dpi=72, layout="constrained")  # dpi: that of an SVG
    _Canvas(figure)
    if panels is None:
        return figure, figure.subplots()
    shape = (1, panels) if width > WIDTH else (panels, 1)
    return figure, list(figure.subplots(*shape, sharex=True, sharey=True, squeeze=False).flat)


def wide(ax: Axes) -> bool:
    """Whether axes are those of a figure's wide drawing."""
    return bool(whole(ax).get_figwidth() > WIDTH)


def whole(ax: Axes) -> Figure:
    """Return the drawing that axes are part of."""
    figure = ax.get_figure(root=True)
    assert isinstance(figure, Figure)
    return figure


def lay_out(figure: Figure) -> Figure:
    """Put everything where the drawing will have it, for good, without drawing; return the drawing."""
    for ax in figure.axes:
        for artist in (ax.patch, *ax.spines.values()):
            artist.set_in_layout(False)  # axes are measured as such
        for axis in (ax.xaxis, ax.yaxis):
            if not axis.get_label_text():
                # else matplotlib measures every tick label to place an empty one
                axis.set_label_coords(0, 0)
    if engine := figure.get_layout_engine():
        engine.execute(figure)
        figure.set_layout_engine("none")  # to lay out takes as long as to draw
    return figure


def svg(figure: Figure, name: str) -> str:
    """Write a figure as SVG, with the values of its marks; the same drawing and `name` give the same bytes."""
    buffer = io.StringIO()
    unsaid = dict.fromkeys(("Date", "Creator", "Type", "Format"))
    with mpl.rc_context({"svg.hashsalt": name, "svg.fonttype": "none"}):
        # not savefig: it draws twice, once only to lay out
        renderer = _renderer(*figure.bbox.size, buffer, metadata=unsaid)
        lay_out(figure).draw(renderer)
        renderer.finalize()
    text = buffer.getvalue()
    text = text[text.index("<svg") :].replace(INK, "currentColor")
    return text.replace("</svg>", marks.write(figure) + "</svg>")
