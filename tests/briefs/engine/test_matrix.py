"""The matrix: what it asks for, that it is read as a stream, and every kind of fault with its place."""

import itertools
import tracemalloc

import pytest
import yaml

from analysis import params
from briefs import yaml_nodes
from briefs.desk.request import read as request
from briefs.engine import rows
from briefs.engine.matrix import Choice, Matrix
from briefs.project import PlanError, project


@pytest.fixture
def written(tmp_path):
    """Write a matrix file."""

    def write(text, name="m.yml"):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


def places(found):
    return [job.place for job in found]


def fault(path):
    with pytest.raises(ValueError) as caught:
        Matrix(path)
    return str(caught.value).replace(f"{path.parent}/", "")


def test_defaults_sets_and_grids_in_all_languages(written, tmp_path):
    found = Matrix(
        written("""
languages: [en, ms]
reports:
  overview: {}
  cost-revolution:
    sets:
      - name: acme
        level: 0.80
        scenarios: [trend, flat]
      - {name: pdf-only, formats: [pdf], languages: [ms], as_of: 2025-06-30}
    grid:
      - name: "{benchmark}-{threshold}"
        benchmark: [MMLU, GPQA-Diamond]
        threshold: [50, 70]
""")
    )
    jobs = list(found.jobs(tmp_path / "site"))
    assert places(jobs) == [
        "en/overview",
        "ms/overview",
        "en/cost-revolution",
        "ms/cost-revolution",
        "en/cost-revolution/acme",
        "ms/cost-revolution/acme",
        "ms/cost-revolution/pdf-only",
        "en/cost-revolution/mmlu-50-0",
        "ms/cost-revolution/mmlu-50-0",
        "en/cost-revolution/mmlu-70-0",
        "ms/cost-revolution/mmlu-70-0",
        "en/cost-revolution/gpqa-diamond-50-0",
        "ms/cost-revolution/gpqa-diamond-50-0",
        "en/cost-revolution/gpqa-diamond-70-0",
        "ms/cost-revolution/gpqa-diamond-70-0",
    ]
    assert found.total == len(jobs)
    acme, single = jobs[5], jobs[6]
    assert (acme.parameters.language, acme.parameters.level, acme.parameters.scenarios) == (
        "ms",
        0.8,
        ["trend", "flat"],
    )
    assert (acme.formats, acme.languages) == (("html", "pdf"), ("en", "ms"))
    assert (single.formats, single.languages, str(single.parameters.as_of)) == (
        ("pdf",),
        ("ms",),
        "2025-06-30",
    )


def test_a_choice_of_reports_names_formats_and_languages(written, tmp_path):
    path = written("""
languages: [en, ms]
reports:
  market-impact: {sets: [{name: a}]}
  cost-revolution:
    sets: [{name: a}, {name: only-ms, languages: [ms]}]
    grid: [{name: "as-of-{as_of}", as_of: [2025-02-01, 2025-03-31], formats: [html]}]
""")

    def chosen(**what):
        found = Matrix(path, Choice(**what))
        jobs = list(found.jobs(tmp_path))
        assert found.total == len(jobs)
        return jobs

    assert places(chosen(reports=["cost-revolution"], names=["as-of-*"], languages=("en",))) == [
        "en/cost-revolution/as-of-2025-02-01",
        "en/cost-revolution/as-of-2025-03-31",
    ]
    assert places(chosen(names=["default"], languages=("ms",))) == [
        "ms/market-impact",
        "ms/cost-revolution",
    ]
    assert (
        places(chosen(names=["only-ms"], languages=("en",))) == []
    )  # a set that names its languages has no others
    assert {job.formats for job in chosen(formats=("pdf",))} == {("pdf",)}


def test_csv_has_rows_of_reports_names_and_parameters(written, tmp_path):
    path = written(
        "\ufeffreport,name,level,as_of,scenarios,formats,languages\r\n"
        'cost-revolution,acme,0.8,2025-06-30,"trend,flat",html,"en,ms"\r\n'
        "\r\n"
        "market-impact,x-1,,,,,\r\n",
        "clients.csv",
    )
    jobs = list(Matrix(path).jobs(tmp_path))
    assert places(jobs) == [
        "en/cost-revolution/acme",
        "ms/cost-revolution/acme",
        "en/market-impact/x-1",
    ]
    assert (jobs[0].parameters.level, jobs[0].parameters.scenarios, jobs[0].formats) == (
        0.8,
        ["trend", "flat"],
        ("html",),
    )
    assert jobs[2].parameters == params.MarketImpact()


@pytest.mark.parametrize("separator", [";", "\t"])
def test_csv_as_other_languages_of_excel_write_it(written, tmp_path, separator):
    text = "\ufeffreport,name,scenarios\r\ncost-revolution,acme,flat\r\n".replace(",", separator)
    (job,) = Matrix(written(text, "clients.csv")).jobs(tmp_path)
    assert (job.place, job.parameters.scenarios) == ("en/cost-revolution/acme", ["flat"])


def test_text_decides_nothing_about_a_value():
    """YAML would take these for an octal number, a number in base 60, a date, truth, and a float."""
    text = "a: 007\nb: 1:30\nc: 2025-02-01\nd: yes\ne: 0.80\nf: null\ng: 'null'\nh: ~\ni:\n"
    assert yaml_nodes.texts(yaml_nodes.compose(text, "a.yml")) == {
        "a": "007",
        "b": "1:30",
        "c": "2025-02-01",
        "d": "yes",
        "e": "0.80",
        "f": None,
        "g": "null",
        "h": None,
        "i": None,
    }


def test_an_anchor_serves_a_list_of_sets(written, tmp_path):
    path = written("""
reports:
  cost-revolution:
    sets: &sets
      - {name: a, level: 0.8}
      - {name: b, level: 0.8, seed: 7}
  market-impact:
    sets: *sets
""")
    jobs = list(Matrix(path, defaults=False).jobs(tmp_path))
    assert [(job.place, job.parameters.level, job.parameters.seed) for job in jobs] == [
        ("en/cost-revolution/a", 0.8, 2025),
        ("en/cost-revolution/b", 0.8, 7),
        ("en/market-impact/a", 0.8, 2025),
        ("en/market-impact/b", 0.8, 7),
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "cost-revolution,a,90,",
            "m.csv, line 3 (cost-revolution a): level: 90 is not between 0.5 and 0.99",
        ),
        (
            "cost-revoluton,a,,",
            "m.csv, line 3: cost-revoluton: unknown report; did you mean cost-revolution?",
        ),
        (",a,,", "m.csv, line 3: report: is empty; choose from overview"),
        ("cost-revolution,,,", "m.csv, line 3 (cost-revolution): name: a set needs one"),
        (
            "cost-revolution,A b,,",
            "m.csv, line 3 (cost-revolution A b): name: 'A b' can't be a folder's name",
        ),
        (
            "cost-revolution,../../x,,",
            "m.csv, line 3 (cost-revolution ../../x): name: '../../x' can't be",
        ),
        (
            "cost-revolution,data,,",
            "m.csv, line 3 (cost-revolution data): name: 'data' has a meaning of its own",
        ),
        (
            "cost-revolution,default,,",
            "m.csv, line 3 (cost-revolution default): name: 'default' has a meaning",
        ),
        (f"cost-revolution,{'x' * 101},,", "can't be a folder's name"),
        (
            "market-impact,a,,2030",
            "m.csv, line 3 (market-impact a): horizon: unknown parameter of market-impact",
        ),
        (
            "cost-revolution,a,,31/12/2030",
            "m.csv, line 3 (cost-revolution a): horizon: '31/12/2030' is not a whole number",
        ),
        ("cost-revolution,a,,2030,7", "m.csv, line 3: has more cells than the header"),
        (
            "cost-revolution,good,,",
            "en/cost-revolution/good is the place of another set: m.csv, line 2",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_line(written, line, expected):
    assert expected in fault(
        written(f"report,name,level,horizon\ncost-revolution,good,0.8,2030\n{line}\n", "m.csv")
    )


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("report,name,levl", "m.csv, line 1: 'levl': unknown column; did you mean level?"),
        ("report,name,level,level", "m.csv, line 1: 'level': is there twice"),
        ("name,level", "m.csv, line 1: there is no column report"),
        ("level", "m.csv, line 1: there is no column report and no column name"),
    ],
)
def test_a_bad_header_is_named(written, header, expected):
    assert fault(written(f"{header}\n", "m.csv")) == expected


def in_set(text):
    return f"reports:\n  cost-revolution:\n    sets:\n      - {text}\n"


def in_grid(text):
    return f"reports:\n  cost-revolution:\n    grid:\n      - {text}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sitee: 3", "m.yml, line 1: sitee: is nothing that a matrix has; did you mean site?"),
        (
            "3",
            "m.yml, line 1: the file: is nothing that a matrix has; begin with site, languages, reports",
        ),
        (
            "reports:\n  x: {}",
            "m.yml, line 2: reports.x: is nothing that a matrix has; choose from overview",
        ),
        (
            "reports:\n  overview:\n    set: []",
            "m.yml, line 3: reports.overview.set: is nothing that a matrix has; did you mean sets?",
        ),
        ("reports: {overview: {sets: 3}}", "m.yml, line 1: sets: write a list"),
        ("reports: 3", "m.yml, line 1: reports: is nothing"),
        ("languages: {}", "m.yml, line 1: languages: write a list of names"),
        (
            "languages: [en]\nlanguages: [ms]",
            "m.yml, line 2: not valid YAML: 'languages' is there twice",
        ),
        (
            "languages: [de]\nreports: {overview: {}}",
            "m.yml, line 2 (overview): language: 'de' is not one of en, ms",
        ),
        ("reports: {overview: [", "m.yml, line 2: not valid YAML: "),
        (
            in_set("{name: a, levl: 1}"),
            "m.yml, line 4 (cost-revolution a): levl: unknown parameter of cost-revolution; "
            "did you mean level?",
        ),
        (in_set("{level: 0.8}"), "m.yml, line 4 (cost-revolution): name: a set needs one"),
        (in_set("3"), "m.yml, line 4: write a set as name: value"),
        (in_set("{name: a, language: ms}"), "language: write languages instead"),
        (
            in_set("{name: 2026-11, edition: true}"),
            "m.yml, line 4 (cost-revolution 2026-11): edition: set as_of too",
        ),
        (
            in_set("{name: a, edition: true, as_of: 2026-11-01}"),
            "m.yml, line 4 (cost-revolution a): name: 'a' is no edition; write its month",
        ),
        (
            in_set("{name: 2026-11, as_of: 2026-11-01}"),
            "m.yml, line 4 (cost-revolution 2026-11): name: '2026-11' is kept for an edition",
        ),
        (in_set("{name: a, edition: perhaps}"), "edition: 'perhaps' is neither true nor false"),
        (in_set("{name: a, formats: [pfd]}"), "formats: pfd: unknown format; did you mean pdf?"),
        (in_set("{name: *a}"), "m.yml, line 4: not valid YAML: found undefined alias"),
        (in_grid("{level: [0.8]}"), "m.yml, line 4: a grid needs a name"),
        (
            in_grid("{name: x, level: [0.8, 0.9]}"),
            "en/cost-revolution/x is the place of another set",
        ),
        (
            in_grid("{name: 'x-{levl}', level: [0.8]}"),
            "name: 'levl' is no parameter of cost-revolution",
        ),
        (
            in_grid("{name: 'x-{level}', level: [0.8, 90]}"),
            "(cost-revolution x-{level}): level: 90 is not between",
        ),
    ],
)
def test_a_fault_in_yaml_is_named_with_its_line(written, text, expected):
    assert expected in fault(written(text))


def test_all_faults_are_listed_at_once_up_to_twenty(written):
    rows = "".join(f"cost-revolution,c-{n},{2 if n % 2 else 0.8}\n" for n in range(60))
    lines = fault(written(f"report,name,level\n{rows}", "m.csv")).splitlines()
    assert lines[0].startswith("m.csv, line 3 (cost-revolution c-1): level: 2 ")
    assert (len(lines), lines[-1]) == (21, "... and 10 more")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    assert fault(tmp_path / "none.csv") == "none.csv: No such file or directory"
    (tmp_path / "m.csv").write_bytes(b"report,name\ncost-revolution,\xff\n")
    assert fault(tmp_path / "m.csv").startswith("m.csv: is not text in UTF-8; Excel writes it as")


def test_ten_thousand_sets_of_a_table_are_a_stream(tmp_path):
    """Jobs come one at a time; what is kept while they do doesn't grow with their number."""
    with (tmp_path / "m.csv").open("w") as stream:
        stream.write("report,name,level\n")
        stream.writelines(map("cost-revolution,c-{},0.8\n".format, range(10_000)))
    found = Matrix(tmp_path / "m.csv", defaults=False)
    assert found.total == 10_000
    jobs = found.jobs(tmp_path)
    assert next(itertools.islice(jobs, 9_000, None)).name == "c-9000"
    tracemalloc.start()
    assert [job.name for job in itertools.islice(jobs, 998, None)] == ["c-9999"]
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 100_000  # a thousand jobs would take ten times as much


def test_the_projects_own_matrix_publishes_what_the_site_needs(tmp_path):
    asked = request(tmp_path)
    found = set(places(asked.jobs()))
    assert asked.total == len(found)
    for language in ("en", "ms"):
        assert {f"{language}/{report}" for report in params.REPORTS} <= found
        for edition in yaml.safe_load((project().data / "editions.yml").read_text("utf-8")):
            assert {f"{language}/{name}/{edition['id']}" for name in params.REPORTS} <= found
        dated = {
            place for place in found if place.startswith(f"{language}/") and "/as-of-" in place
        }
        assert {place.split("/")[1] for place in dated} == {
            "cost-revolution",
            "market-impact",
            "regulatory-outlook",
        }
        assert f"{language}/market-impact/as-of-2025-02-01" in dated


def test_values_ask_for_one_set_at_the_reports_own_place_or_below_it(tmp_path):
    assert places(request(tmp_path, ["overview"], pairs=["level=0.8"]).jobs()) == ["en/overview"]
    assert places(
        request(tmp_path, ["overview"], pairs=["level=0.8"], names=["default"]).jobs()
    ) == ["en/overview"]
    named = request(tmp_path, ["overview"], pairs=["level=0.8", "language=ms"], names=["acme"])
    assert places(named.jobs()) == ["ms/overview/acme"]
    both = request(tmp_path, ["overview"], pairs=["level=0.8"], language="en,ms")
    assert (places(both.jobs()), both.total) == (["en/overview", "ms/overview"], 2)


def test_a_report_alone_is_its_part_of_the_matrix(tmp_path):
    found = places(request(tmp_path, ["overview"]).jobs())
    log = yaml.safe_load((project().data / "editions.yml").read_text("utf-8"))
    named = ["", *(f"/{edition['id']}" for edition in log)]
    assert found == [f"{language}/overview{name}" for name in named for language in ("en", "ms")]


def test_without_a_matrix_each_report_is_built_with_its_defaults(tmp_path, own_project):
    for report in params.REPORTS:
        (tmp_path / "notebooks" / f"{report}.ipynb").touch()
    assert places(request(tmp_path).jobs()) == [f"en/{report}" for report in params.REPORTS]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"reports": ["overvew"]}, "overvew: unknown report; did you mean overview?"),
        ({"language": "de"}, "language: 'de' is not one of en, ms"),
        ({"names": ["nothing"]}, "is called nothing"),
        ({"pairs": ["currency=MYR"]}, "no report was named: say which, one of overview, cost-"),
        (
            {"names": ["a", "b"], "pairs": ["level=0.8"]},
            "-p and --params-file describe one set",
        ),
        (
            {"names": ["../x"], "pairs": ["level=0.8"]},
            "--set: name: '../x' can't be a folder's name",
        ),
    ],
)
def test_a_request_that_makes_no_sense_says_why(tmp_path, options, expected):
    with pytest.raises(ValueError) as caught:
        request(tmp_path, **options)
    assert expected in str(caught.value)


def test_another_matrix_is_built_without_the_default_sets(written, tmp_path):
    path = written("reports: {overview: {sets: [{name: a}]}}")
    assert places(request(tmp_path, matrix=path).jobs()) == ["en/overview/a"]
    with pytest.raises(PlanError, match="has no market-impact"):
        request(tmp_path, ["market-impact"], matrix=path)
    assert not set(rows.OWN) & {
        name for model in params.REPORTS.values() for name in model.model_fields
    }
