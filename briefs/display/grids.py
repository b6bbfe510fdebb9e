"""What comes of each combination of some choices: a reader of the page tries them, a notebook shows the table."""

import html
from dataclasses import dataclass, field
from typing import Any, ClassVar

from briefs.display import i18n
from briefs.display.records import DisplayError, Tabular, plain


@dataclass(frozen=True)
class Grid(Tabular):
    """Outcomes of the combinations of choices, a row each; a combination that has none has no row.

    `axes` are the columns that hold the choices, with all that can be chosen, `chosen` the page's own.
    `sentence` says what came of a row: a translated message whose placeholders get the `texts` of the
    row; `none` is said of a combination without a row. Rows are drawn on one scale of `unit`, and
    `span` names the columns of their low end, value and high end; those that share what the column
    `lane` says stand together.
    """

    axes: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    chosen: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""
    texts: tuple[dict[str, str], ...] = ()
    none: str = ""
    lane: str = ""
    span: tuple[str, str, str] = ("low", "value", "high")
    unit: str = ""

    required: ClassVar[tuple[str, ...]] = (*Tabular.required, "sentence", "none", "lane", "unit")

    def __post_init__(self) -> None:
        super().__post_init__()
        if len(self.texts) != len(self.data):
            raise DisplayError(f"{self.id!r} needs texts for each of its {len(self.data)} rows")
        try:
            [self.sentence.format(**texts) for texts in self.texts]
        except KeyError as error:
            raise DisplayError(f"{self.id!r} has a row without the text {error}") from None
        drawn = {*self.span, self.lane, *self.axes}
        if lacking := ", ".join(sorted(drawn - {c.name for c in self.columns})):
            raise DisplayError(f"{self.id!r} has no column {lacking}")
        for name, options in self.axes.items():
            if lost := {self.chosen.get(name), *self.data[name]} - set(options):
                named = ", ".join(map(str, lost))
                raise DisplayError(f"{self.id!r} has {name} {named}, which can't be chosen")

    def record(self) -> dict[str, Any]:
        own = ("sentence", "none", "lane", "unit")
        return {
            **super().record(),
            "axes": [
                {"id": name, "options": [plain(option) for option in options]}
                for name, options in self.axes.items()
            ],
            **{name: list(getattr(self, name)) for name in ("texts", "span")},
            "chosen": {name: plain(value) for name, value in self.chosen.items()},
            **{name: getattr(self, name) for name in own},
        }

    def lab_html(self) -> str:
        summary = html.escape(i18n._("All combinations"))
        return (
            f"{self._html_head()}<p><small>{self._source_line()}</small></p>"
            f"<details><summary>{summary}</summary>{self._html_table()}</details>"
        )
