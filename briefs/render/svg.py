"""Drawings: an SVG from a cell, reduced to what may stand in a page.

Only listed elements and attributes stay. Inline styles become presentation attributes,
because the page's Content-Security-Policy blocks them; ids get the figure's name in
front, because many drawings share one page. Colours that the drawing leaves open follow
the text around it, and so does the typeface: text stays text.
"""

import re
from functools import lru_cache
from xml.etree import ElementTree

_SPACE = "{http://www.w3.org/2000/svg}"
_ELEMENTS = set(
    "svg g defs path use text tspan title desc clipPath rect circle ellipse line polyline polygon "
    "pattern linearGradient radialGradient stop mask marker symbol image".split()
)
_PRESENTATION = set(
    "clip-path clip-rule color display dominant-baseline fill fill-opacity fill-rule font-size font-style "
    "font-variant font-weight font-stretch letter-spacing word-spacing marker-start marker-mid marker-end mask opacity "
    "overflow paint-order shape-rendering image-rendering stop-color stop-opacity stroke stroke-dasharray "
    "stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor "
    "text-decoration text-rendering transform-origin vector-effect visibility white-space writing-mode".split()
)
_ATTRIBUTES = _PRESENTATION | set(
    "id d x y x1 y1 x2 y2 dx dy cx cy r rx ry fx fy width height viewBox points transform rotate textLength "
    "lengthAdjust clipPathUnits patternUnits patternContentUnits patternTransform gradientUnits gradientTransform "
    "spreadMethod offset maskUnits maskContentUnits markerWidth markerHeight markerUnits orient refX refY href "
    "preserveAspectRatio style class".split()
)
#: Class of the group that holds what each mark of a chart says.
MARKS = "marks"
#: Declarations without an effect in a page, or that the page decides.
_DROPPED = set(
    "font-family -inkscape-font-specification line-height isolation mix-blend-mode cursor".split()
)
#: Attributes that hold places in the drawing, and decimals of them finer than anyone sees.
_PLACES = set("d x y x1 y1 x2 y2 width height points transform".split())
_FINE = re.compile(r"(\d\.\d\d)\d+")
_WEIGHTS = re.compile(r"^(?:bold|bolder|lighter|[1-9]00)$")
_LOCAL = re.compile(r"url\(\s*['\"]?#([^'\")\s]+)['\"]?\s*\)")

#: What may stand in brackets' company: moves, colours, and a part of the drawing itself.
_FUNCTIONS = re.compile(
    rf"{_LOCAL.pattern}|((translate|scale|rotate|matrix|skewX|skewY|rgba?|hsla?)\([^()]*\)[\s,]*)+"
)
#: Elements that a drawing may be, those that it repeats counted each time.
_MOST = 50_000


class DrawingError(ValueError):
    """A drawing holds what a page can't show, or must not."""


def clean(text: str, prefix: str) -> str:
    """Return an SVG file as one ``<svg>`` element, safe and without styles.

    Every id that the drawing refers to gets `prefix` in front. It's a `DrawingError` if it isn't
    SVG, has no size, holds active content or a style without an attribute.
    """
    if "<!ENTITY" in text:
        raise DrawingError("the drawing declares entities")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise DrawingError(f"the drawing isn't well-formed: {error}") from None
    if _local(root.tag) != "svg":
        raise DrawingError(f"the drawing is a <{_local(root.tag)}>, not an <svg>")
    shared = _shared_style(root)
    _clean(root)
    _check_size(root)
    _name(root, prefix)
    box = _box(root)
    root.attrib = {
        "xmlns": _SPACE[1:-1],
        "viewBox": " ".join(f"{v:g}" for v in box),
        "width": f"{box[2]:g}",
        "height": f"{box[3]:g}",
        "fill": "currentColor",
        **shared,
    }
    return ElementTree.tostring(root, encoding="unicode").strip()


def is_still(text: str) -> bool:
    """Whether a file is one ``<svg>`` in which nothing moves, runs or leads outside, as `clean` leaves it."""
    try:
        elements = list(ElementTree.fromstring(text).iter()) if text.startswith("<svg ") else []
        known = all(
            str(element.tag).removeprefix(_SPACE) in _ELEMENTS
            and element.attrib.keys() <= _attributes(element).keys() | {"font-family"}
            for element in elements
        )
    except (ElementTree.ParseError, DrawingError):
        return False
    return known and bool(elements)


def silent(drawing: str) -> str:
    """Leave out of a cleaned drawing what its marks say: paper can't be pointed at."""
    return re.sub(rf'(?s)<g [^>]*class="{MARKS}".*(?=</svg>)', "", drawing)


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1] if isinstance(name, str) else "#comment"


def _shared_style(root: ElementTree.Element) -> dict[str, str]:
    """Turn the rules for every element (``*{...}``, as matplotlib writes) into inherited attributes."""
    shared: dict[str, str] = {}
    for element in root.iter():
        if _local(element.tag) == "style" and (text := "".join(element.itertext()).strip()):
            rule = re.fullmatch(r"\*\s*\{([^{}]*)\}", text)
            if not rule:
                raise DrawingError(
                    "the drawing has a style sheet whose rules can't become attributes"
                )
            shared |= _declarations(rule[1])
    return shared


def _clean(element: ElementTree.Element) -> None:
    element.tag = _local(element.tag)
    element.attrib = _attributes(element)
    element.text = element.text if element.tag in ("text", "tspan", "title", "desc") else None
    for child in list(element):
        if _local(child.tag) in ("script", "foreignObject", "a", "animate", "set", "iframe"):
            raise DrawingError(f"the drawing holds a <{_local(child.tag)}>")
        if _local(child.tag) not in _ELEMENTS:
            element.remove(child)
            continue
        _clean(child)
        child.tail = child.tail if element.tag in ("text", "tspan") else "\n"


def _check_size(root: ElementTree.Element) -> None:
    """Refuse a drawing that repeats its parts until no browser could show it, or for ever."""
    named = {f"#{name}": element for element in root.iter() if (name := element.get("id"))}
    sizes: dict[int, int] = {}

    def size(element: ElementTree.Element, around: tuple[int, ...] = ()) -> int:
        if id(element) in around:
            raise DrawingError("the drawing repeats itself inside itself")
        if id(element) not in sizes:
            used = [named[target]] if (target := element.get("href")) in named else []
            inner = (size(part, (*around, id(element))) for part in (*element, *used))
            sizes[id(element)] = 1 + sum(inner)
        return sizes[id(element)]

    if size(root) > _MOST:
        raise DrawingError(
            f"the drawing has more than {_MOST} parts, repeated ones counted each time"
        )


def _attributes(element: ElementTree.Element) -> dict[str, str]:
    found = {_local(name): " ".join(value.split()) for name, value in element.attrib.items()}
    kept = {name: value for name, value in found.items() if name in _ATTRIBUTES and name != "style"}
    if kept.get("class") != MARKS:
        kept.pop("class", None)  # a page's own rules must not reach into a drawing
    for name in _PLACES & kept.keys():
        kept[name] = _FINE.sub(r"\1", kept[name])
    kept |= _declarations(found.get("style", ""))
    target = kept.get("href", "#")
    if not target.startswith(("#", "data:image/png;base64,")):
        raise DrawingError(f"the drawing refers to {target[:60]!r}, outside itself")
    for value in kept.values():
        if "\\" in value or ("(" in value and not _FUNCTIONS.fullmatch(value)):
            raise DrawingError(f"{value[:60]!r} in the drawing may lead outside itself")
    return kept


@lru_cache(1 << 10)
def _declarations(style: str) -> dict[str, str]:
    kept: dict[str, str] = {}
    for part in filter(None, map(str.strip, style.split(";"))):
        name, _, value = (text.strip() for text in part.partition(":"))
        value = value.removesuffix("!important").strip()
        if name == "font":
            kept |= _font(value)
        elif name in _PRESENTATION:
            kept[name] = re.sub(r"^(-?[\d.]+)px$", r"\1", value)
        elif name not in _DROPPED:
            raise DrawingError(f"the drawing's style {name!r} has no attribute")
    return kept


def _font(value: str) -> dict[str, str]:
    """Take the shorthand apart: ``italic bold 10px 'DejaVu Sans'``."""
    kept: dict[str, str] = {}
    for word in value.split():
        if (size := re.match(r"^([\d.]+)(px)?(/|$)", word)) and not _WEIGHTS.match(word):
            return kept | {"font-size": size[1]}
        if word in ("italic", "oblique"):
            kept["font-style"] = word
        elif _WEIGHTS.match(word):
            kept["font-weight"] = word
    return kept


def _name(root: ElementTree.Element, prefix: str) -> None:
    """Prefix ids that are referred to; drop the others, which would only clash."""
    used = {
        value[1:] for element in root.iter() if (value := element.get("href", "")).startswith("#")
    }
    for element in root.iter():
        used.update(match for value in element.attrib.values() for match in _LOCAL.findall(value))
    for element in root.iter():
        if (name := element.attrib.pop("id", None)) in used:
            element.set("id", f"{prefix}-{name}")
        for attribute, value in element.attrib.items():
            if attribute == "href" and value.startswith("#"):
                element.set("href", f"#{prefix}-{value[1:]}")
            elif "url(" in value:
                element.set(attribute, _LOCAL.sub(rf"url(#{prefix}-\1)", value))


def _box(root: ElementTree.Element) -> list[float]:
    sides = (re.sub(r"(px|pt)$", "", root.get(side, "")) for side in ("width", "height"))
    given = root.get("viewBox") or f"0 0 {' '.join(sides)}"
    try:
        box = [float(part) for part in re.split(r"[\s,]+", given.strip())]
    except ValueError:
        box = []
    if len(box) != 4 or min(box[2:]) <= 0:
        raise DrawingError("the drawing doesn't say how large it is")
    return box
