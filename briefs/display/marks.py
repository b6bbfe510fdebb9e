"""Values that a reader finds by pointing at a chart, or by walking along it with the keys.

A chart notes where its marks are and what each says. Written as SVG, each becomes a shape
that nobody sees, with its text as ``<title>``: browsers show that by themselves, and the
page's script reads it for touch, keys and screen readers. The order of the shapes is that
of the keys, a group for each series.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

#: Radius of what answers to a pointer, in points; on a phone about as many pixels.
REACH = 10


class Marks(Artist):
    """One series of values of a chart; it draws nothing."""

    axes: Any

    def __init__(
        self, xs: Sequence[Any], ys: Sequence[Any], texts: Sequence[str], width: float = 0
    ):
        super().__init__()
        self.set_in_layout(False)
        self.xs, self.ys, self.texts, self.width = xs, ys, texts, width

    def places(self) -> np.ndarray:
        """Return x and y of each mark in pixels from the lower left; call it once the drawing is laid out."""
        places = (self.axes.convert_xunits(self.xs), self.axes.convert_yunits(self.ys))
        points = np.column_stack([np.asarray(place, float) for place in places])
        return np.asarray(self.axes.transData.transform(points))

    def shapes(self, height: float) -> Iterable[str]:
        """Write the series, in the order given; `height` is that of the drawing."""
        within = self.axes.bbox.padded(REACH)
        for (x, y), text in zip(self.places(), self.texts, strict=True):
            if not within.contains(x, y):
                continue  # the chart doesn't reach there
            point = f'circle cx="{x:.1f}" cy="{height - y:.1f}" r="{REACH}"'
            shape = self._bar(x, y, height) if self.width else point
            yield f"<{shape}><title>{escape(text)}</title></{shape.split()[0]}>"

    def _bar(self, x: float, y: float, height: float) -> str:
        (foot_x, foot), (side_x, _same) = self.axes.transData.transform([(0, 0), (self.width, 0)])
        width = side_x - foot_x
        return (
            f'rect x="{x - width / 2:.1f}" y="{height - max(y, foot):.1f}" width="{width:.1f}" '
            f'height="{max(abs(y - foot), 1):.1f}"'
        )


def mark(
    ax: Axes, xs: Iterable[Any], ys: Iterable[Any], texts: Iterable[str], width: float = 0
) -> None:
    """Say what the marks of one series are worth: what each is, when, and its value with the unit.

    Places and the `width` of bars, which stand on zero, are in the data's own units; without a
    width marks are points.
    """
    xs, ys, texts = list(xs), list(ys), list(texts)
    if not len(xs) == len(ys) == len(texts):
        raise ValueError(f"{len(xs)} and {len(ys)} coordinates for {len(texts)} texts")
    if texts:
        ax.add_artist(Marks(xs, ys, texts, width))


def write(figure: Figure) -> str:
    """Return the marks of a drawing, laid out at 72 dots per inch, as one SVG group; empty if it has none."""
    found = [artist for ax in figure.axes for artist in ax.artists if isinstance(artist, Marks)]
    groups = ["\n".join(marks.shapes(figure.bbox.height)) for marks in found]
    if not any(groups):
        return ""
    inner = "\n".join(f"<g>\n{group}\n</g>" for group in groups if group)
    return f'<g class="marks" opacity="0">\n{inner}\n</g>\n'
