import csv
import io
import re

import pytest
from nbformat.v4 import new_output

from briefs.display import i18n
from briefs.render import document, make_blocks, pdf, results
from briefs.render.cells import PublishError
from briefs.render.claim_blocks import EstimateText


def blocks(page, kind):
    return [block for block in page.blocks if block.type == kind]


def test_the_order_is_the_readers(notebook):
    page = document.build(notebook)
    assert page.title == "Cost revolution"
    assert page.lead.startswith("The price of a given capability falls by 89% a year")
    assert page.counted.startswith(f"Of {len(page.verdicts)} claims: ")
    assert [v.id for v in page.verdicts] == [
        "cost-4",
        "cost-1",
        "cost-3",
        "cost-2",
        "cost-5",
        "cost-9",
    ]
    assert [name for name, _title in page.contents] == [
        "introduction",
        "what-a-given-capability-costs",
        "what-deepseek-spent",
        "the-other-claims",
        "what-this-leaves-out",
        "notes",
        "changes",
        "sources",
        "made",
    ]


def test_the_finding_that_opens_the_page_isnt_repeated_in_it(notebook):
    page = document.build(notebook)
    assert page.lead not in [block.text for block in blocks(page, "finding")]


def folded(sample, text):
    cell = sample.markdown(text)
    cell["metadata"]["tags"] = ["fold"]
    return cell


def test_cells_to_explore_from_are_on_no_page(notebook, sample):
    before = document.build(notebook)
    heading, table = sample.markdown("## Explore from here"), sample.code("found.to_frame()")
    table["outputs"] = [new_output("display_data", {"text/plain": "a frame"})]
    for cell in (heading, table):
        cell["metadata"]["tags"] = ["explore"]
        notebook["cells"].append(cell)
    assert document.build(notebook) == before


def test_a_fold_holds_what_stands_under_its_heading_until_the_next(sample):
    cells = sample.cells()
    cells[-1:-1] = [
        sample.markdown("## Open"),
        sample.code("t", sample.shown({**sample.TABLE, "id": "table-open"})),
        folded(sample, "### Closed\n\nWhy."),
        sample.code("u", sample.shown({**sample.TABLE, "id": "table-closed"})),
        sample.markdown("### Open again\n\nThe end."),
        folded(sample, "## All of it closed"),
        sample.code("v", sample.shown({**sample.TABLE, "id": "table-last"})),
        sample.markdown("## Sources"),
    ]
    page = document.build(sample.read(cells))
    sections = {section.id: section for section in page.sections}
    first, fold, end = sections["open"].blocks
    assert (first.id, fold.id, fold.title, end.type) == ("table-open", "closed", "Closed", "prose")
    assert [block.type for block in fold.blocks] == ["prose", "table"]
    assert fold.code == ["t", "u"] and sections["open"].code == []
    assert not sections["open"].folded and sections["all-of-it-closed"].folded
    assert {"table-open", "table-closed", "table-last"} <= {b.id for b in blocks(page, "table")}


def test_what_a_verdict_stands_on_is_folded_in_its_section(notebook):
    section = next(
        s for s in document.build(notebook).sections if s.id == "what-a-given-capability-costs"
    )
    fold = section.blocks[-1]
    assert (fold.type, fold.id) == ("fold", "what-a-given-capability-costs-how")
    assert [(block.type, block.verdict.id) for block in fold.blocks] == [("grounds", "cost-4")]


def test_the_notebooks_title_stays_out_and_its_code_goes_with_its_section(notebook):
    page = document.build(notebook)
    text = pdf.source("brief.typ", pdf.printed(page)).decode()
    assert "A title that" not in text
    assert "for the lab" not in text
    by_id = {section.id: section.blocks[-1] for section in page.sections}
    assert by_id["what-a-given-capability-costs"].code == [
        "figures.price_frontier(frontier)",
        "findings.half_life(fit)",
        "claims.assess('cost-4')",
    ]
    assert "figures.price_frontier" not in text  # code is for the page alone


def test_parameters_and_what_was_put_in_their_place_are_no_code_to_show(sample):
    cells = sample.cells()
    for tag in ("parameters", "injected-parameters"):
        cells.insert(1, sample.code("seed = 1"))
        cells[1].metadata["tags"] = [tag]
    page = document.build(sample.read(cells))
    assert b"seed = 1" not in pdf.source("brief.typ", pdf.printed(page))


def test_values_are_written_by_kind(notebook):
    figure = blocks(document.build(notebook), "figure")[0]
    assert figure.rows == [
        ["14 March 2023", 'Model A, "first"', "US$28.50"],
        ["1 February 2024", "Model B", "US$9.40"],
        ["20 January 2025", "–", "US$2.60"],
    ]
    assert [c.numeric for c in figure.columns] == [False, False, True]
    assert figure.download == "Download the data for Figure 1 (CSV, 104 bytes)"


def test_dates_and_codes_are_not_broken_at_their_hyphens():
    def whole(*values):
        record = {"columns": [{"label": "X", "kind": "text"}]}
        return [c.whole for c in make_blocks.columns(record, [[value] for value in values])]

    assert whole("2024-11-20", "2018-04", "–") == [True]
    assert whole("2024-11-20", "end of May") == [False]
    assert whole("log-linear-fit") == [False]


def test_an_estimate_is_put_into_words(notebook):
    by_id = {v.id: v.estimate for v in document.build(notebook).verdicts}
    assert by_id["cost-4"] == EstimateText(
        "89.3% a year",
        "90% interval: 75.5% to 93.0%",
        "36",
        "log-linear fit, bootstrap over providers",
    )
    spread = by_id["cost-1"].interval
    assert spread == "range of published figures: US$5.2 million to US$6.1 million"
    assert by_id["cost-5"] is None


def test_sources_are_named_with_year_and_numbered(notebook):
    table = blocks(document.build(notebook), "table")[0]
    assert [(s.number, s.publisher, s.title, s.year) for s in table.sources][:3] == [
        (1, "Publisher 1", "Data set 1 & more", "2025"),
        (2, "Publisher 2", "Data set 2 & more", "2024"),
        (3, "Publisher 3", "Data set 3 & more", "2023"),
    ]
    assert [s.number for s in table.sources][3:] == [4, 5]
    assert [s.published for s in document.build(notebook).sources][:3] == [
        "27 January 2025",
        "May 2024",
        "2023",
    ]


def test_the_command_builds_it_again(notebook):
    assert document.build(notebook).command == (
        "briefs build cost-revolution -p language=en -p as_of=2026-11-23 -p level=0.9 -p 'note=it'\"'\"'s <b>bold</b>'"
    )


def test_the_language_is_the_briefs_and_only_for_the_build(sample):
    cells = sample.cells()
    cells[1] = sample.code("x", sample.shown({**sample.BRIEF, "language": "ms"}))
    i18n.activate("en")
    page = document.build(sample.read(cells))
    assert page.language == "ms"
    assert blocks(page, "figure")[0].rows[0][0] == "14 Mac 2023"
    assert i18n.language() == "en"


poem = {"name": "x", "label": "X", "kind": "poem"}


def broken(sample, *cells, keep=None):
    return sample.read(
        [c for i, c in enumerate(sample.cells()) if keep is None or i in keep] + list(cells)
    )


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (
            lambda s: s.output("error", ename="KeyError", evalue="'x'", traceback=[]),
            r"ended with KeyError: 'x'",
        ),
        (
            lambda s: s.output("stream", name="stderr", text="UserWarning: beware\n"),
            r"wrote to stderr: 'UserWarning: beware'",
        ),
        (lambda s: s.output("stream", name="stdout", text="debug"), r"wrote to stdout: 'debug'"),
        *(
            (lambda s, data=data: s.output("display_data", data), "shows .* without a record")
            for data in (
                {"text/plain": "42"},
                {"text/html": "<table><td>1</table>", "text/plain": "  1"},
                {"application/javascript": "alert(1)"},
                {"image/png": "x"},
                {},
            )
        ),
        (lambda s: s.shown({"kind": "poem"}), "unknown kind 'poem'"),
        (lambda s: s.shown({**s.FIGURE, "id": "f"}), "figure 'f' has no drawing"),
        (lambda s: s.shown({**s.FIGURE, "id": "f", "alt": ""}, s.SVG), "figure 'f' has no alt"),
        (lambda s: s.shown({**s.FIGURE, "id": "f", "title": ""}, s.SVG), "has no title"),
        (lambda s: s.shown({**s.FIGURE, "id": "f", "sources": []}, s.SVG), "has no sources"),
        (lambda s: s.shown({**s.FIGURE, "id": "f", "rows": []}, s.SVG), "has no rows"),
        (
            lambda s: s.shown({**s.FIGURE, "id": "f", "rows": [["2025-01-01"]]}, s.SVG),
            "rows that aren't 3 values wide",
        ),
        (
            lambda s: s.shown({**s.FIGURE, "id": "f", "rows": [["x;=1+1", 1, 2]]}, s.SVG),
            "figure 'f' has a cell that a spreadsheet would run as a formula: 'x;=1\\+1'",
        ),
        (
            lambda s: s.shown({**s.FIGURE, "id": "f", "sources": ["source-a", "lost"]}, s.SVG),
            "sources record lacks: lost",
        ),
        (
            lambda s: s.shown({**s.FIGURE, "id": "f", "columns": [{"name": "x"}]}, s.SVG),
            "figure 'f' has no label, kind in columns, item 1",
        ),
        (
            lambda s: s.shown({**s.TABLE, "id": "t", "columns": [poem], "rows": [[1]]}),
            "table 't' has the kind of column 'poem', which is none of text, ",
        ),
        (
            lambda s: s.shown({**s.VERDICTS[0], "id": "v", "verdict": "maybe"}),
            "verdict 'v' has the verdict 'maybe', which is none of supported, ",
        ),
        (
            lambda s: s.shown({**s.VERDICTS[0], "id": "v", "readings": ["main"]}),
            "verdict 'v' has no outcome, quantity in readings, item 1",
        ),
        (
            lambda s: s.shown(
                {**s.VERDICTS[0], "id": "v", "readings": [{**s.READINGS[0], "outcome": "mixed"}]}
            ),
            "verdict 'v' has the outcome 'mixed', which is none of supported, ",
        ),
        (
            lambda s: s.shown({**s.VERDICTS[0], "id": "v", "verdict": "untested"}),
            "verdict 'v' has the verdict 'untested', which is none of supported, ",
        ),
        (
            lambda s: s.shown(
                {**s.VERDICTS[0], "id": "v", "rule_history": [{"date": "2026", "reason": "x"}]}
            ),
            "verdict 'v' has no results_seen in rule_history, item 1",
        ),
        (
            lambda s: s.shown(
                {**s.VERDICTS[0], "id": "v", "readings": [{**s.READINGS[0], "estimate": {"n": 1}}]}
            ),
            "verdict 'v' has an estimate without value, unit",
        ),
        (
            lambda s: s.shown({**s.VERDICTS[0], "id": "v", "estimate": {"value": 1}}),
            "verdict 'v' has an estimate without unit",
        ),
        (
            lambda s: s.shown({**s.SMALL, "id": "f", "numbers": {"x": 1}}),
            "finding 'f' has an estimate without value, unit",
        ),
        (
            lambda s: s.shown({**s.BRIEF, "parameters": [{"name": "p"}]}),
            "brief 'cost-revolution' has no value, meaning in parameters, item 1",
        ),
        (
            lambda s: s.shown({**s.BRIEF, "language": "xx"}),
            "brief 'cost-revolution' has the language 'xx', which is none of en, ms",
        ),
        (lambda s: s.shown({**s.FIGURE, "id": "../../x"}, s.SVG), "must be small letters"),
        (lambda s: s.shown({**s.FIGURE, "id": "main"}, s.SVG), "name of a part of the page"),
        (lambda s: s.shown(s.FIGURE, s.SVG), "has the id of the figure in cell 6"),
        (lambda s: s.shown(s.VERDICTS[0]), "verdict 'cost-4' has the id of the verdict in cell 8"),
        (lambda s: s.shown(s.SOURCES), "second sources record"),
        (lambda s: s.shown(s.BRIEF), "second brief record"),
        (
            lambda s: s.shown({**s.FIGURE, "id": "f"}, "<svg><script/></svg>"),
            "figure 'f': the drawing holds a <script>",
        ),
    ],
)
def test_what_must_not_be_published_names_the_cell(sample, make, says):
    nb = broken(sample, sample.code("\nresult = compute(1)\nresult", make(sample)))
    with pytest.raises(PublishError, match=says) as caught:
        document.build(nb)
    assert str(caught.value).startswith("cell 18 ('result = compute(1)'): ")
    assert (caught.value.cell, caught.value.line) == (18, "result = compute(1)")


@pytest.mark.parametrize(
    ("leak", "says"),
    [
        ("saved to |home|someone|data.csv", "a path of the machine that built it: '|home|someone"),
        ("C:~Users~someone", "a path of the machine"),
        ("file:///x/y", "a path of the machine"),
        ("Traceback (most recent call last):", "a traceback"),
        ("x.py:3: FutureWarning: soon gone", "a warning: 'FutureWarning: '"),
        ("<analysis.cost.prices.Ladder object at 0x7f0a1b2c>", "an object's address"),
        ("Out[3]: 42", "a prompt of Jupyter"),
    ],
)
def test_what_betrays_the_machine_fails_wherever_it_stands(sample, leak, says):
    # written here with other signs, since no file of the project may name such a path
    leak, says = (text.replace("|", "/").replace("~", "\\") for text in (leak, says))
    ways = {
        "markdown": sample.markdown(f"## Here\n\n{leak}"),
        "text of a finding": sample.code(
            "x", sample.shown({**sample.SMALL, "id": "f", "text": leak})
        ),
        "cell of a table": sample.code(
            "x", sample.shown({**sample.TABLE, "id": "t", "rows": [[leak, 1, 1, 1, ""]]})
        ),
        "code": sample.code(f"# {leak}\nx"),
    }
    for way, cell in ways.items():
        with pytest.raises(PublishError, match=re.escape(f"would publish {says}")) as caught:
            document.build(broken(sample, cell))
        assert caught.value.cell == 18, way


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/home/",
        "and/or",
        "/etc/hosts",
        "a Warning: take care",
        "24/7",
        "[3]: see",
        "s3://bucket/tmp/x",
    ],
)
def test_what_only_looks_like_it_is_published(sample, text):
    document.build(broken(sample, sample.markdown(f"## Here\n\n{text}")))


def test_a_notebook_without_a_brief_record(sample):
    made = sample.cells()
    last = len(made) - 1
    with pytest.raises(PublishError, match="no brief record"):
        document.build(broken(sample, keep=[last]))


def test_a_notebook_that_was_not_run_is_told_to(sample):
    with pytest.raises(PublishError, match="hasn't been run: run it first"):
        document.build(broken(sample, keep=[0]))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("see[^gone]", "footnote"),
        ("![x](y.png)", "picture"),
        ("[x](#nowhere)", "links to #nowhere, which isn't on the page"),
    ],
)
def test_a_fault_in_markdown_names_the_cell(sample, text, says):
    with pytest.raises(PublishError, match=says) as caught:
        document.build(broken(sample, sample.markdown(text)))
    assert caught.value.cell == 18


def test_a_blank_stream_is_nothing(sample):
    document.build(
        broken(sample, sample.code("x", sample.output("stream", name="stdout", text="\n")))
    )


def test_results_say_what_the_records_say(notebook, sample):
    found = results.from_records(document.build(notebook).records)
    assert found["parameters"] == {
        "language": "en",
        "as_of": "2026-11-23",
        "level": 0.9,
        "note": "it's <b>bold</b>",
    }
    assert (found["report"], found["language"], found["as_of"]) == (
        "cost-revolution",
        "en",
        "2026-11-23",
    )
    assert [(c["id"], c["verdict"]) for c in found["claims"]][:2] == [
        ("cost-4", "partly supported"),
        ("cost-1", "contradicted"),
    ]
    assert found["claims"][0]["estimate"] == sample.estimate(0.893, 0.755, 0.93)
    assert set(found["numbers"]) == {"price-decline", "run-cost", "half-life"}
    assert found["figures"][0] == {
        "id": "price-frontier",
        "title": sample.FIGURE["title"],
        "alt": sample.FIGURE["alt"],
        "csv": "data/price-frontier.csv",
        "rows": 3,
    }
    assert found["tables"][0]["rows"] == 30
    assert len(found["sources"]) == 5
    assert "provenance" not in found


def test_one_number_has_one_value(sample):
    other = {
        **sample.SMALL,
        "id": "other",
        "numbers": {"half-life": sample.estimate(4.0, 3.0, 5.0, "months")},
    }
    nb = broken(sample, sample.code("x", sample.shown(other)))
    with pytest.raises(PublishError, match="'half-life' different values"):
        results.from_records(document.build(nb).records)


def test_csv_reads_back_as_it_was(sample):
    text = results.csv(
        {
            "columns": [{"name": "day"}, {"name": "name"}, {"name": "n"}, {"name": "open"}],
            "rows": [["2025-01-28", 'a "b", c\nd', 0.1, True], [None, "é", 2, False]],
        }
    )
    assert text.split("\r\n")[0] == "day,name,n,open"
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["day", "name", "n", "open"],
        ["2025-01-28", 'a "b", c\nd', "0.1", "true"],
        ["", "é", "2", "false"],
    ]
