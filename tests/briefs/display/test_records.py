import datetime as dt
import json
from urllib.parse import unquote

import html5lib
import numpy as np
import pandas as pd
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.display import display
from IPython.utils.capture import capture_output
from traitlets.config import Config

from briefs.display import records
from briefs.display.records import MIME, Card, Column, DisplayError, Figure, Table

DATA = pd.DataFrame({"what": ["a", "b"], "price": [1.5, np.nan]})
COLUMNS = (Column("what", "What"), Column("price", "Price, US$", "usd"))
PARTS = {
    "id": "fig-made-up",
    "title": "Two things",
    "subtitle": "Price, US$",
    "data": DATA,
    "columns": COLUMNS,
    "sources": ("one",),
    "alt": "Dot chart of 2 things",
    "svg": "<svg/>",
    "note": "A note.",
}


def figure(**changes):
    return Figure(**PARTS | changes)


def table(**changes):
    return Table(**{k: v for k, v in PARTS.items() if k not in ("alt", "svg")} | changes)


@pytest.mark.parametrize(
    "part, empty",
    [
        ("title", ""),
        ("title", "  "),
        ("subtitle", ""),
        ("alt", ""),
        ("alt", "\n"),
        ("svg", ""),
        ("sources", ()),
        ("columns", ()),
        ("data", DATA.iloc[:0]),
    ],
)
def test_a_figure_without_a_part_is_refused_by_name(part, empty):
    with pytest.raises(DisplayError) as error:
        figure(**{part: empty})
    assert str(error.value) == f"figure 'fig-made-up' has no {part}"


def test_an_alternative_text_says_a_number():
    with pytest.raises(DisplayError, match="'fig-made-up': its alt says no number: 'Line chart of"):
        figure(alt="Line chart of prices, which fall.")


def test_all_that_lacks_is_named_at_once():
    with pytest.raises(
        DisplayError, match=r"^figure '\(no id\)' has no id, title, subtitle, alt, data$"
    ):
        figure(id="", title="", subtitle="", alt="", data=DATA.iloc[:0])


def test_a_table_needs_no_subtitle_but_a_title_and_sources():
    assert table(subtitle="").record()["subtitle"] == ""
    with pytest.raises(DisplayError, match=r"^table 'fig-made-up' has no title, sources$"):
        table(title="", sources=())


def test_a_column_that_the_data_lack_is_refused():
    with pytest.raises(
        DisplayError, match="'fig-made-up' shows columns that its data lack: pirce, size"
    ):
        figure(columns=(*COLUMNS, Column("pirce", "Price"), Column("size", "Size")))


def test_the_sources_of_most_rows_come_first_and_none_twice():
    assert figure(sources=("b", "a", "c", "a", "c", "a")).sources == ("a", "c", "b")
    assert figure(sources=("b", "a")).sources == ("b", "a")  # a tie keeps the order given


@pytest.mark.parametrize(
    "value, plain",
    [
        (None, None),
        (pd.NaT, None),
        (pd.NA, None),
        (np.nan, None),
        (np.inf, None),
        (-np.inf, None),
        (np.datetime64("NaT"), None),
        (np.int64(3), 3),
        (np.float64(0.5), 0.5),
        (np.bool_(True), True),
        (True, True),
        ("text", "text"),
        (np.str_("text"), "text"),
        (dt.date(2025, 1, 28), "2025-01-28"),
        (dt.datetime(2025, 1, 28, 12, 30), "2025-01-28"),
        (pd.Timestamp("2025-01-28"), "2025-01-28"),
        (np.datetime64("2025-01-28"), "2025-01-28"),
        (np.datetime64("2025-01-28T00:00:00", "ns"), "2025-01-28"),
    ],
)
def test_cells_become_json(value, plain):
    data = pd.DataFrame({"cell": pd.Series([value], dtype=object)})
    ((found,),) = figure(data=data, columns=(Column("cell", "Cell"),)).record()["rows"]
    assert found == plain and type(found) is type(plain)


@pytest.mark.parametrize(
    "dtype, values, rows",
    [
        ("Int64", [1, None], [[1], [None]]),
        ("boolean", [True, None], [[True], [None]]),
        ("datetime64[ns]", ["2025-01-28", None], [["2025-01-28"], [None]]),
        ("float32", [0.5, None], [[0.5], [None]]),
        ("category", ["a", None], [["a"], [None]]),
    ],
)
def test_typed_columns_become_json(dtype, values, rows):
    data = pd.DataFrame({"cell": pd.Series(values, dtype=dtype)})
    record = figure(data=data, columns=(Column("cell", "C"),)).record()
    assert record["rows"] == rows
    json.dumps(record, allow_nan=False)


def test_the_record_of_a_figure_holds_all_but_the_drawing():
    assert json.loads(json.dumps(figure().record(), allow_nan=False)) == {
        "kind": "figure",
        "id": "fig-made-up",
        "title": "Two things",
        "subtitle": "Price, US$",
        "note": "A note.",
        "sources": ["one"],
        "alt": "Dot chart of 2 things",
        "rows": [["a", 1.5], ["b", None]],
        "columns": [
            {"name": "what", "label": "What", "kind": "text"},
            {"name": "price", "label": "Price, US$", "kind": "usd"},
        ],
    }


def test_a_table_has_no_alt():
    assert "alt" not in table().record() and table().record()["kind"] == "table"


def test_making_a_record_leaves_the_data_alone():
    data = DATA.copy()
    figure(data=data).record()
    pd.testing.assert_frame_equal(data, DATA)


def test_lab_html_names_sources_writes_cells_and_escapes():
    records.name_sources({"one": "Publisher & Co (2025)"})
    shown = table(title="<b>", data=DATA.assign(what=["<i>", "b"])).lab_html()
    assert "Source: Publisher &amp; Co (2025)" in shown
    assert '<td class=n data-v="1.5">US$1.50</td><' in shown
    assert '<td class=n data-v="">\u2013</td>' in shown
    assert "<h4>&lt;b&gt;</h4>" in shown and "<td>&lt;i&gt;</td>" in shown


def test_a_source_without_a_name_goes_by_its_id():
    assert "Source: one" in table().lab_html()


DRAWN = '<svg><text fill="#f00" x="1%">"a" &amp; b</text></svg>'


def test_a_figure_publishes_one_output_with_its_drawing_as_an_image_that_has_a_text(published):
    figure(svg=DRAWN, alt='Chart of "2" <things>')._ipython_display_()
    ((data, meta),) = published
    assert set(data) == {MIME, "image/svg+xml", "text/html", "text/plain"} and not meta
    assert data["image/svg+xml"] == DRAWN and data["text/plain"] == 'Chart of "2" <things>'
    page = html5lib.parse(data["text/html"], namespaceHTMLElements=False)
    (image,) = page.iter("img")
    assert image.get("alt") == 'Chart of "2" <things>'
    kind, _, drawn = image.get("src").partition(",")
    assert kind == "data:image/svg+xml" and unquote(drawn) == DRAWN and "#" not in drawn
    said = "".join(page.itertext())
    assert all(part in said for part in ("Two things", "Price, US$", "A note. Source: one"))
    (details,) = page.iter("details")
    assert len(list(details.iter("tr"))) == 1 + len(DATA)


def test_a_table_publishes_one_output(published):
    table()._ipython_display_()
    ((data, meta),) = published
    assert set(data) == {MIME, "text/html", "text/plain"} and not meta
    assert data["text/plain"] == "Two things" and data[MIME]["id"] == "fig-made-up"


@pytest.mark.parametrize(
    "content, plain",
    [({"kind": "finding", "text": "It fell."}, "It fell."), ({"kind": "sources"}, "sources")],
)
def test_a_card_publishes_its_record(published, content, plain):
    Card(content, "<p></p>")._ipython_display_()
    ((data, _meta),) = published
    shown = '<div class="mathjax_ignore tex2jax_ignore"><p></p></div>'
    assert data == {MIME: content, "text/html": shown, "text/plain": plain}


@pytest.fixture
def shell():
    """Give a notebook's shell that remembers nothing on disk."""
    yield InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    InteractiveShell.clear_instance()


def test_ipython_shows_a_figure_by_itself(shell):
    with capture_output() as captured:
        display(figure())
    assert [sorted(output.data) for output in captured.outputs] == [
        sorted([MIME, "image/svg+xml", "text/html", "text/plain"])
    ]
    assert captured.stdout == captured.stderr == ""


def test_sources_are_cited_once_shown_in_the_order_of_showing(published):
    made = figure(sources=("b", "b", "a"))
    assert records.cited() == []  # made isn't shown
    made._ipython_display_()
    Card({"kind": "verdict", "sources": ["c", "a"]}, "")._ipython_display_()
    Card({"kind": "finding", "text": "x"}, "")._ipython_display_()
    table(sources=("d", "b"))._ipython_display_()
    assert records.cited() == ["b", "a", "c", "d"]


def test_naming_sources_starts_a_new_brief(published):
    figure()._ipython_display_()
    records.name_sources({"one": "One"})
    assert records.cited() == []
