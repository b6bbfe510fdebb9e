"""The rows of a table on its page: each with an address of its own, its source and a way to dispute it.

The first stand in the page. All of them lie packed in it, for the script that filters and sorts
them: a page from a disk can't fetch anything.
"""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from markupsafe import Markup, escape

from briefs.display import i18n
from briefs.display.i18n import _
from briefs.project import project
from briefs.render import address, editions
from briefs.site import contact
from briefs.site.evidence import Evidence, Table
from briefs.site.pages import Page

#: Rows that stand in a page, and that its script shows at a time.
SHOWN = 100
GRADE = "grade"

_LONGEST = 40  # characters of a value in an address
_LONG = 48  # characters from which on a cell is broken into lines
_OUTSIDE = re.compile(r"[^A-Za-z0-9._]+")
#: Stands for the name of a row in the address of a dispute, until the row is known.
_ROW = "{row}"


def name_of(key: Sequence[str]) -> str:
    """Return the id of a row: the values of its key, and a digest where an address can't say them whole."""
    said = [_OUTSIDE.sub("-", value)[:_LONGEST].strip("-") for value in key]
    if said != list(key):
        said.append(hashlib.sha256("\0".join(key).encode()).hexdigest()[:8])
    return "row-" + "~".join(said)


@dataclass(frozen=True)
class Column:
    """A column of the page: how its cells are placed and compared."""

    name: str
    source: bool = False
    numeric: bool = False
    long: bool = False

    @property
    def look(self) -> str:
        """Class of its cells."""
        return "right" if self.numeric else "long" if self.long else ""


class Rows:
    """The rows of a table as its page shows them."""

    def __init__(self, page: Page, table: Table, evidence: Evidence) -> None:
        self._page, self._table, self._evidence = page, table, evidence

    @cached_property
    def columns(self) -> list[Column]:
        """Columns of the file in their order, then the grade; the day of withdrawal is empty in all of them."""
        types = {field["name"]: field["type"] for field in self._table.about["schema"]["fields"]}
        named = [name for name in (self._table.rows or [{}])[0] if name != GRADE]
        sources = self._table.source_columns
        return [
            Column(
                name, name in sources, types.get(name) in ("number", "integer"), self._long(name)
            )
            for name in [*named, GRADE]
        ]

    def _long(self, name: str) -> bool:
        return any(len(row[name]) > _LONG for row in self._table.rows)

    @cached_property
    def names(self) -> list[str]:
        """Id of each row."""
        return [name_of([row[column] for column in self._table.key]) for row in self._table.rows]

    @property
    def shown(self) -> int:
        """How many rows stand in the page."""
        return min(SHOWN, len(self._table.rows))

    def body(self, disputed: str) -> Markup:
        """Write the rows that stand in the page; `disputed` is what `dispute` returns.

        There are tens of thousands of cells on the site: a template would take five times as long.
        """
        address_of, dispute = escape(_("Address of the row")), escape(_("Dispute this row"))
        lines = []
        for name, row in zip(self.names, self._table.rows[:SHOWN], strict=False):
            said = escape(name[4:])
            cells = [f'<a class="mark" href="#{name}" aria-label="{address_of}: {said}">#</a>']
            cells = [f"<td>{cells[0]}</td>", *self._cells(row)]
            if disputed:
                href = escape(disputed.replace(_ROW, name))
                label = f'aria-label="{dispute}: {said}"'
                cells.append(f'<td><a href="{href}" {label}>{dispute}</a></td>')
            lines.append(f'<tr id="{name}">{"".join(cells)}</tr>')
        return Markup("\n".join(lines))

    def _cells(self, row: Mapping[str, str]) -> Iterator[str]:
        """Write the cells of a row, the first as its heading."""
        for number, column in enumerate(self.columns):
            text = escape(row[column.name])
            if column.source and row[column.name]:
                href, title = map(escape, self._sources[row[column.name]])
                text = Markup(f'<a href="{href}" title="{title}">{text}</a>')
            tag, scope = ("td", "") if number else ("th", ' scope="row"')
            look = column.look and f' class="{column.look}"'
            yield f"<{tag}{scope}{look}>{text}</{tag}>"

    @cached_property
    def _sources(self) -> dict[str, tuple[str, str]]:
        """Where each source of the table stands, and its name; one without an address is in the page's list."""
        named = {row[column] for row in self._table.rows for column in self._table.source_columns}
        found = {name: self._evidence.sources[name] for name in sorted(named) if name}
        return {
            name: (
                source["url"] or f"#source:{name}",
                f"{i18n.name(source['publisher'])}, {source['title']}",
            )
            for name, source in found.items()
        }

    def packed(self) -> str:
        """Return all rows for the script, column by column, packed with gzip as base64."""
        found = {
            "names": self.names,
            "columns": [[row[c.name] for row in self._table.rows] for c in self.columns],
            "sources": self._sources,
        }
        text = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()

    def dispute(self) -> str:
        """Return the address that disputes a row, ``{row}`` for its id; empty if there is no contact."""
        to = contact.address()
        if not to:
            return ""
        url, edition = f"{address.site().url(self._page.place)}#{_ROW}", editions.current()
        title = _("Dispute: {table}, row {row}", table=self._table.name, row=_ROW)
        body = _(
            "Row: {url}\nFile: {file}\nEdition: {edition}, evidence collected to {date}\n\nWhat is wrong, and a "
            "source that shows it:",
            url=url,
            file=self.file,
            edition=edition.id,
            date=self._evidence.collected.isoformat(),
        )
        return contact.letter(to, title, body).replace(quote(_ROW), _ROW)

    @property
    def file(self) -> str:
        """Where the file stands in the repository."""
        data, root = project().data, project().root
        folder = data.relative_to(root).as_posix() if data.is_relative_to(root) else data.name
        return f"{folder}/{self._table.about['path']}"
