"""Whether every link of a built site leads somewhere, on the site itself: no address elsewhere is asked."""

from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from briefs.site.feeds import LOST


class _Reader(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if value and name == "id":
                self.ids.add(value)
            elif value and name in ("href", "src"):
                self.links.append(value)


def broken(out: Path) -> Iterator[str]:
    """List the links between pages at `out` that lead nowhere, anchors included, as ``page: link``."""

    @cache
    def read(path: Path) -> _Reader:
        return _Reader(path.read_text(encoding="utf-8"))

    for path in sorted(out.rglob("*.html")):
        if path.name == LOST:  # its links start at the root of the address
            continue
        for link in dict.fromkeys(read(path).links):
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment) if target.suffix == ".html" else ""
            if not target.is_file() or (anchor and anchor not in read(target).ids):
                yield f"{path.relative_to(out).as_posix()}: {link}"
