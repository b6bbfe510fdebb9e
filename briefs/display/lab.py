"""HTML for JupyterLab and whatever else shows a notebook's outputs: tables, drawings, and reprs of values.

Everything that an output needs is in it: a cell that is run again, moved or saved by itself keeps
its style, and a table its sorting.
"""

import html
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import quote

from IPython.core.getipython import get_ipython

from briefs.display import estimates, i18n
from briefs.display.i18n import _, verdict_word
from briefs.values import Estimate, Reading, Specifications, Verdict

#: Kinds of columns whose cells begin at the left; the others are numbers.
_LEFT = ("text", "date", "month", "year")
#: A table of more rows scrolls in itself.
LONG = 40
_STYLE = (
    "<style>.brief-table th,.brief-table td{text-align:left!important;vertical-align:top!important;line-height:1.3}"
    ".brief-table .n{text-align:right!important}"
    ".brief-table button{all:unset;cursor:pointer;font-weight:bold}"
    ".brief-table button:focus-visible{outline:2px solid}"
    ".brief-table button::after{content:' \\2195';opacity:.4}"
    ".brief-table [aria-sort=ascending] button::after{content:' \\2191';opacity:1}"
    ".brief-table [aria-sort=descending] button::after{content:' \\2193';opacity:1}</style>"
)
#: Sorts by the column whose heading was pressed, then the other way; what is unknown stays last.
_SORT = """\
((b)=>{if(!b)return;const h=b.parentNode,i=h.cellIndex,t=h.closest('table').tBodies[0],
d=h.getAttribute('aria-sort')==='ascending'?-1:1,v=r=>r.cells[i].dataset.v??r.cells[i].textContent;
for(const o of h.parentNode.cells)o.removeAttribute('aria-sort');
h.setAttribute('aria-sort',d>0?'ascending':'descending');
t.append(...[...t.rows].sort((p,q)=>{const x=v(p),y=v(q);return x===''?1:y===''?-1:
d*(isNaN(x)||isNaN(y)?x.localeCompare(y):x-y)}))})(event.target.closest('button'))"""


def table(
    head: Iterable[tuple[str, str]],
    rows: Iterable[Sequence[str]],
    values: Iterable[Sequence[Any]] | None = None,
) -> str:
    """Return a table that sorts when a heading is pressed.

    `head` has the label and the kind of each column, a key of `i18n.KINDS`; `values` are what the
    written `rows` are sorted by, themselves where there are none.
    """
    head, rows = list(head), list(rows)
    classes = ["" if kind in _LEFT else " class=n" for _label, kind in head]
    names = "".join(
        f"<th{css}><button type=button>{html.escape(label)}</button></th>"
        for (label, _kind), css in zip(head, classes, strict=True)
    )
    body = "".join(
        f"<tr>{''.join(map(_cell, classes, row, given))}</tr>"
        for row, given in zip(rows, values or rows, strict=True)
    )
    scrolls = ";max-height:32em" if len(rows) > LONG else ""
    return (
        f'{_STYLE}<div style="overflow:auto{scrolls}"><table class="brief-table">'
        f'<thead onclick="{html.escape(_SORT)}"><tr>{names}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _cell(css: str, text: str, value: Any) -> str:
    key = "" if value is None else str(value)
    by = "" if key == text else f' data-v="{html.escape(key)}"'
    return f"<td{css}{by}>{html.escape(text)}</td>"


def drawing(svg: str, alt: str) -> str:
    """Return a drawing as an image as wide as the cell, on white: its ink is black in a dark theme too."""
    source = "data:image/svg+xml," + quote(svg, safe=" /:=,;()!*?@$+")
    style = "width:100%;max-width:72em;background:#fff"
    return f'<img alt="{html.escape(alt)}" style="{style}" src="{html.escape(source)}">'


def link(url: str | None, text: str) -> str:
    """Return a link; mere text where there is no address of the web."""
    shown = html.escape(text)
    if not url or not url.startswith(("https://", "http://")):
        return shown
    return f'<a href="{html.escape(url)}" target="_blank" rel="noopener">{shown}</a>'


# -- values by themselves ------------------------------------------------------------------------


def estimate(found: Estimate) -> str:
    """Return an estimate: value and interval, then on what it rests."""
    record = found.to_json()
    grade = _("sources of grade {grade}", grade=found.grade) if found.grade else ""
    count = _("n = {n}", n=i18n.number(found.n)) if found.n else ""
    rests = " · ".join(filter(None, (count, grade, i18n.message(found.method))))
    return (
        f"<p><strong>{html.escape(estimates.sentence(record))}</strong>"
        f"<br><small>{html.escape(rests)}</small></p>"
    )


def readings(found: Iterable[Reading]) -> str:
    """Return a table of readings: what is measured, the estimate, the range for support, the outcome."""
    head = (_("Measured"), _("Estimate"), _("Supported if in"), _("Probability"), _("Outcome"))
    rows = [
        [
            i18n.localized(reading.quantity),
            estimates.sentence(reading.estimate.to_json()),
            i18n.span(reading.estimate.unit, [_end(end) for end in reading.supported]),
            i18n.cell("probability", reading.probabilities[0]),
            verdict_word(reading.outcome),
        ]
        for reading in found
    ]
    return table([(label, "text") for label in head], rows)


def _end(end: float) -> float | None:
    return None if abs(end) == float("inf") else end


def specifications(found: Specifications) -> str:
    """Return every combination of other choices, with its verdict and estimate."""
    axes = [name for name in found.rows.columns if name not in ("verdict", "cause", "estimate")]
    rows = found.rows.to_dict("records")
    choices = [[str(row[axis]) for axis in axes] for row in rows]
    written = [
        [*chosen, _judged(row), estimates.sentence(row["estimate"].to_json())]
        for chosen, row in zip(choices, rows, strict=True)
    ]
    values = [
        [*chosen, row["verdict"], row["estimate"].to_json()["value"]]
        for chosen, row in zip(choices, rows, strict=True)
    ]
    held = _("The verdict holds in {k} of {n}.", k=found.holding, n=found.tested)
    head = [*axes, _("Verdict"), _("Estimate")]
    return f"<p>{html.escape(held)}</p>" + table([(name, "text") for name in head], written, values)


def _judged(row: dict[str, Any]) -> str:
    word, cause = verdict_word(row["verdict"]), i18n.message(row["cause"])
    return _("{verdict}, {cause}", verdict=word, cause=cause) if cause else word


def register(verdict: Callable[[Verdict], str]) -> None:
    """Have the running notebook show values by themselves as a reader would want them.

    `verdict` is what writes one. Outside of IPython nothing happens.
    """
    shell: Any = get_ipython()
    if shell is None:
        return
    shown: dict[type, Callable[[Any], str]] = {
        Estimate: estimate,
        Reading: lambda reading: readings([reading]),
        Specifications: specifications,
        Verdict: verdict,
    }
    for kind, write in shown.items():
        shell.display_formatter.formatters["text/html"].for_type(kind, write)
