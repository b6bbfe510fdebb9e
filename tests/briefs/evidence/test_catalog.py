"""The catalog on small packages made by hand: what it returns, and how it refuses."""

import copy
import datetime as dt
import hashlib
import json
import os
import pickle
import subprocess
import sys
import traceback
from contextlib import suppress

import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from briefs.evidence import catalog
from briefs.evidence.catalog import Breach, EvidenceError
from briefs.evidence.rows import read_package, read_table
from briefs.evidence.schema import is_formula

PARTIAL = r"\d{4}(-\d{2}(-\d{2})?)?"
REQUIRED = {"required": True}
LINK = {"fields": ["source_id"], "reference": {"resource": "sources", "fields": ["source_id"]}}


def field(name, kind, partial=False, **constraints):
    extra = {"partialDate": True} if partial else {}
    return {"name": name, "type": kind, "constraints": constraints, **extra}


def resource(name, path, fields, key, links=(), blank=()):
    return {
        "name": name,
        "path": path,
        "title": name.title(),
        "description": f"Made-up {name}.",
        "licenses": [{"name": "CC0-1.0", "path": "https://example.org/"}],
        "schema": {"fields": fields, "primaryKey": key, "foreignKeys": list(links)},
        "asOf": {"published": "published", "blank": list(blank)},
    }


SOURCES = resource(
    "sources",
    "sources.csv",
    [
        field("source_id", "string", required=True),
        field("publisher", "string", required=True),
        field("published", "string", partial=True, pattern=PARTIAL),
        field("grade", "string", required=True, enum=["A", "B", "C", "D"]),
    ],
    ["source_id"],
)
PRICES = resource(
    "model-prices",
    "cost/prices.csv",
    [
        field("model", "string", required=True, pattern="[a-z-]+"),
        field("kind", "string", required=True, enum=["list", "promo"]),
        field("start", "date", required=True, minimum="2000-01-01"),
        field("end", "date"),
        field("usd", "number", required=True, minimum=0),
        field("runs", "integer", minimum=1),
        field("open", "boolean"),
        field("note", "string"),
        field("published", "string", partial=True, pattern=PARTIAL),
        field("source_id", "string", required=True),
        field("date_source_id", "string"),
    ],
    ["model", "start"],
    [LINK, LINK | {"fields": ["date_source_id"]}],
    ["end"],
)
PACKAGE = {"name": "small", "created": "2026-06-30T00:00:00Z", "resources": [SOURCES, PRICES]}

SOURCES_CSV = """source_id,publisher,published,grade
acme,Acme Ltd,2024-05,A
diary,A diary,,D
"""
PRICES_CSV = """model,kind,start,end,usd,runs,open,note,published,source_id,date_source_id
alpha,list,2024-01-10,2024-03-01,10,3,true,"one, two",2024-01-10,acme,
alpha,list,2024-03-01,,2.5,,false,,2024-02,acme,diary
beta,promo,2024-04-01,2027-01-01,1e-2,,,,2025,acme,acme
gamma,list,2024-05-01,,4,1,true,,,diary,
"""
HEADER = PRICES_CSV.splitlines()[0]
ROW = "alpha,list,2024-01-10,,10,3,true,,2024-01-10,acme,"


def state_files(root, package):
    """Let the package state its files as they are, in breach of their contract or not."""
    with suppress(EvidenceError):
        known = {resource.name: resource for resource in read_package(root).resources}
        stated = copy.deepcopy(package)
        for entry in stated["resources"]:
            entry |= read_table(root, known[entry["name"]]).state
        (root / "datapackage.json").write_text(json.dumps(stated))


@pytest.fixture
def make(tmp_path):
    """Write a package; ``prices`` and ``sources`` may be text or bytes, None leaves the file out."""

    def write(prices=PRICES_CSV, sources=SOURCES_CSV, package=PACKAGE):
        (tmp_path / "cost").mkdir(exist_ok=True)
        files = {
            "datapackage.json": package if isinstance(package, str) else json.dumps(package),
            "sources.csv": sources,
            "cost/prices.csv": prices,
        }
        for path, text in files.items():
            if text is not None:
                (tmp_path / path).write_bytes(text if isinstance(text, bytes) else text.encode())
        if not isinstance(package, str):
            state_files(tmp_path, package)
        return tmp_path

    return write


def breaches(root, table="model-prices"):
    with pytest.raises(EvidenceError) as caught:
        catalog.load(table, root=root)
    shown = "".join(traceback.format_exception(caught.value))
    assert (
        "pydantic" not in shown and "During handling" not in shown
    )  # nothing of the library's insides
    assert caught.value.breaches == catalog.check(root=root)
    return caught.value.breaches


def one(root):
    found = breaches(root)
    assert len(found) == 1, found
    return found[0]


# -- what comes back ---------------------------------------------------------------------------


def test_columns_have_their_types(make):
    frame = catalog.load("model-prices", root=make())
    assert [
        str(frame[c].dtype) for c in ("start", "published", "usd", "runs", "open", "grade")
    ] == ["datetime64[ns]", "datetime64[ns]", "float64", "Int64", "boolean", "str"]
    assert list(frame["usd"]) == [10.0, 2.5, 0.01, 4.0]
    assert frame["runs"].isna().tolist() == [False, True, True, False]
    assert frame.loc[0, "note"] == "one, two" and pd.isna(frame.loc[1, "note"])
    assert list(frame.columns) == [*HEADER.split(","), "grade"]


def test_a_partial_date_is_its_last_day(make):
    published = catalog.load("model-prices", root=make())["published"]
    assert published[1] == pd.Timestamp("2024-02-29")
    assert published[2] == pd.Timestamp("2025-12-31")
    assert pd.isna(published[3])


@pytest.mark.parametrize(
    ("day", "rows"),
    [
        ("2024-01-09", 0),
        ("2024-01-10", 1),
        ("2024-02-28", 1),
        ("2024-02-29", 2),
        ("2025-12-30", 2),
        ("2025-12-31", 3),
        ("2026-06-29", 3),
        ("2026-06-30", 4),
    ],
)
def test_as_of_keeps_what_was_published_by_then(make, day, rows):
    assert len(catalog.load("model-prices", dt.date.fromisoformat(day), root=make())) == rows


def test_a_row_is_as_good_as_the_worst_of_its_sources(make):
    """Of the figure and of its date alike; a date without a source of its own changes nothing."""
    assert catalog.load("model-prices", root=make())["grade"].tolist() == ["A", "D", "A", "D"]
    better = SOURCES_CSV.replace("acme,Acme Ltd,2024-05,A", "acme,Acme Ltd,2024-05,C")
    root = make(sources=better.replace(",D", ",B"))
    assert catalog.load("model-prices", root=root)["grade"].tolist() == ["C", "C", "C", "B"]
    assert catalog.load("sources", root=root)["grade"].tolist() == ["C", "B"]


def test_later_dates_are_blanked(make):
    frame = catalog.load("model-prices", dt.date(2025, 12, 31), root=make())
    assert frame["end"].isna().tolist() == [False, True, True]
    assert catalog.load("model-prices", root=make())["end"][2] == pd.Timestamp("2027-01-01")


def test_every_load_is_a_fresh_copy(make):
    root = make()
    for as_of in (None, dt.date(2030, 1, 1)):
        spoiled = catalog.load("model-prices", as_of, root=root)
        spoiled.loc[:, "usd"] = -1.0
        assert catalog.load("model-prices", as_of, root=root)["usd"].min() == 0.01


def test_a_changed_file_is_read_again(make):
    root = make()
    assert len(catalog.load("model-prices", root=root)) == 4
    make(prices=f"{HEADER}\n{ROW}\n")
    assert len(catalog.load("model-prices", root=root)) == 1
    make(sources=SOURCES_CSV.replace(",A", ",D"))
    assert set(catalog.load("model-prices", root=root)["grade"]) == {"D"}


def test_a_second_load_does_not_read(make, monkeypatch):
    root = make()
    catalog.load("model-prices", root=root)
    monkeypatch.setattr(catalog, "read_table", None)
    assert len(catalog.load("model-prices", dt.date(2024, 2, 1), root=root)) == 1


def test_sources_and_labels(make):
    root = make()
    assert catalog.sources(["diary", "acme"], root=root)["published"].tolist() == ["", "2024-05"]
    assert catalog.labels(root=root) == {"acme": "Acme Ltd (2024)", "diary": "A diary"}
    with pytest.raises(EvidenceError, match="'acmee' is no known source"):
        catalog.labels(["acmee"], root=root)


def test_what_the_package_says(make):
    root = make()
    assert catalog.tables(root=root) == ["sources", "model-prices"]
    assert catalog.evidence_date(root=root) == dt.date(2026, 6, 30)
    state = {
        "hash": f"sha256:{hashlib.sha256(PRICES_CSV.encode()).hexdigest()}",
        "bytes": len(PRICES_CSV),
        "rows": 4,
    }
    assert catalog.describe("model-prices", root=root) == PRICES | state
    assert (
        catalog.checksums(root=root)["sources"] == hashlib.sha256(SOURCES_CSV.encode()).hexdigest()
    )


def test_what_was_read_is_told_with_what_its_rows_point_to(make, monkeypatch):
    monkeypatch.setattr(catalog, "_read", set())
    root = make()
    assert catalog.reads(root=root) == {}
    catalog.load("model-prices", root=root)
    assert catalog.reads(root=root) == catalog.checksums(root=root)  # each price names its source
    catalog._read.clear()
    catalog.labels(root=root)
    assert list(catalog.reads(root=root)) == ["sources"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no forks here")
def test_a_fork_tells_only_what_it_read_itself(make):
    """A kernel forked from a process that has all tables ready must not claim to have read them."""
    code = (
        "import os, sys\nfrom pathlib import Path\nfrom briefs.evidence import catalog\n"
        "root = Path(sys.argv[1])\n"
        "catalog.load('model-prices', root=root)\n"
        "if os.fork():\n    os.wait(); print(len(catalog.reads(root=root)), flush=True)\n"
        "else:\n    print(len(catalog.reads(root=root)), flush=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(make())], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("0\n2\n", "")


def test_the_folder_can_be_named_by_the_environment(make, monkeypatch):
    monkeypatch.setenv("BRIEFS_DATA", str(make()))
    assert catalog.tables() == ["sources", "model-prices"]
    monkeypatch.setenv("BRIEFS_DATA", "/nowhere/at/all")
    with pytest.raises(
        EvidenceError, match=r"/nowhere/at/all: holds no datapackage.json: set BRIEFS_DATA"
    ):
        catalog.tables()


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
    ],
    ids=["byte order mark", "CRLF"],
)
def test_harmless_ways_of_writing_a_file(make, encode):
    root = make()
    plain = catalog.load("model-prices", root=root)
    pd.testing.assert_frame_equal(
        catalog.load("model-prices", root=make(prices=encode(PRICES_CSV))), plain
    )


def test_import_leaves_frictionless_alone():
    code = "import sys, briefs.evidence.catalog; sys.exit('frictionless' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=os.getcwd(), check=False).returncode == 0
    )


# -- what is refused ---------------------------------------------------------------------------

IN_TIME = "must be a date from 1900 to 2199"
LATE = "is later than the evidence was collected, 2026-06-30 (datapackage.json, created)"
PLAIN_NUMBER = "must be a number, written plainly with a decimal point"
VISIBLE = "must be one line of visible characters and plain blanks, without "
FORMULA = (
    "must not begin as a formula, nor go on as one after a semicolon: a spreadsheet would run it"
)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "value", "rule"),
    [
        (
            "2024-03-01,,2.5",
            "2024-02-30,,2.5",
            3,
            "start",
            "2024-02-30",
            "must be a date that exists, as YYYY-MM-DD",
        ),
        (
            "2024-03-01,,2.5",
            "20240301,,2.5",
            3,
            "start",
            "20240301",
            "must be a date that exists, as YYYY-MM-DD",
        ),
        (
            "2024-03-01,,2.5",
            "1700000000,,2.5",
            3,
            "start",
            "1700000000",
            "must be a date that exists, as YYYY-MM-DD",
        ),
        ("2024-03-01,,2.5", ",,2.5", 3, "start", "", "must not be empty"),
        (
            "2024-02,",
            "2024-13,",
            3,
            "published",
            "2024-13",
            "must be a date that exists: YYYY-MM-DD, YYYY-MM or YYYY",
        ),
        ("2024-02,", "Feb 2024,", 3, "published", "Feb 2024", rf"must match {PARTIAL}"),
        ("1e-2", "-3", 4, "usd", "-3", "must be greater than or equal to 0"),
        ("1e-2", "nan", 4, "usd", "nan", PLAIN_NUMBER),
        ("1e-2", "inf", 4, "usd", "inf", PLAIN_NUMBER),
        ("1e-2", "1e999", 4, "usd", "1e999", "must be a finite number"),
        ("1e-2", "1_0", 4, "usd", "1_0", PLAIN_NUMBER),
        ("2027-01-01,1e-2", "1677-01-01,1e-2", 4, "end", "1677-01-01", IN_TIME),
        ("2027-01-01,1e-2", "2300-01-01,1e-2", 4, "end", "2300-01-01", IN_TIME),
        ("2024-02,", "1000,", 3, "published", "1000", IN_TIME),
        ("2024-02,", "2026-07,", 3, "published", "2026-07", LATE),
        ("2.5,,false", "٢.5,,false", 3, "usd", "٢.5", PLAIN_NUMBER),
        ("one, two", "one,\x1ftwo", 2, "note", "one,\x1ftwo", VISIBLE + r"'\x1f'"),
        ("one, two", "one,\u00a0two", 2, "note", "one,\u00a0two", VISIBLE + r"'\xa0'"),
        ("one, two", "\u202eone", 2, "note", "\u202eone", VISIBLE + r"'\u202e'"),
        ("one, two", " one", 2, "note", " one", "must not begin or end with a blank"),
        ("one, two", "=1+1", 2, "note", "=1+1", FORMULA),
        ("one, two", "@SUM(A1)", 2, "note", "@SUM(A1)", FORMULA),
        ("one, two", "one;=1+1;two", 2, "note", "one;=1+1;two", FORMULA),
        ("one, two", "-2+3+cmd|' /C x'!A0", 2, "note", "-2+3+cmd|' /C x'!A0", FORMULA),
        ("4,1,true", "4,1.5,true", 5, "runs", "1.5", "must be a whole number"),
        ("4,1,true", "4,0,true", 5, "runs", "0", "must be greater than or equal to 1"),
        ("4,1,true", "4,1,yes", 5, "open", "yes", "must be true or false"),
        ("promo", "gift", 4, "kind", "gift", "must be 'list' or 'promo'"),
        ("gamma", "Gamma", 5, "model", "Gamma", "must match [a-z-]+"),
        ("diary,\n", "dairy,\n", 5, "source_id", "dairy", "is not in sources"),
        ("acme,diary", "acme,dairy", 3, "date_source_id", "dairy", "is not in sources"),
        (
            "alpha,list,2024-03-01",
            "alpha,list,2024-01-10",
            3,
            "model, start",
            "alpha, 2024-01-10",
            "repeats the key of line 2",
        ),
    ],
)
def test_a_bad_cell_is_named(make, old, new, line, column, value, rule):
    assert PRICES_CSV.count(old) == 1
    found = one(make(prices=PRICES_CSV.replace(old, new)))
    assert found == Breach("cost/prices.csv", line, column, value, rule)


@pytest.mark.parametrize("sign", [";", "\t", "\n"])
def test_a_formula_may_begin_where_a_spreadsheet_parts_cells(sign):
    for formula in ("=1+1", " =1+1", "@SUM(A1)", "-2+3+cmd|' /C x'!A0"):
        assert is_formula(f"one{sign}{formula}")
    for prose in (" -3% (p = 0.1)", "-3%", " @somebody", "https://a.example/?b=c", "x=1"):
        assert not is_formula(f"one{sign}{prose}")


def test_lines_are_counted_in_the_file_and_not_in_rows(make):
    text = PRICES_CSV.replace('"one, two"', '"one\n\ntwo"').replace("1e-2", "-3")
    found = [(breach.row, breach.column) for breach in breaches(make(prices=text))]
    assert found == [(2, "note"), (6, "usd")]


@pytest.mark.parametrize(
    ("prices", "row", "column", "rule"),
    [
        (None, None, "", "is missing"),
        (b"", None, "", "is empty"),
        (b"\xef\xbb\xbf \n", None, "", "is empty"),
        (HEADER, 1, "", "has a header but no rows"),
        (PRICES_CSV.encode("utf-16"), None, "", "must be UTF-8 text; this looks like UTF-16"),
        (PRICES_CSV.encode("utf-16-le"), None, "", "must be UTF-8 text; this looks like UTF-16"),
        (
            PRICES_CSV.replace("one, two", "façade").encode("latin-1"),
            2,
            "",
            "must be UTF-8 text; this looks like another encoding",
        ),
        (
            PRICES_CSV.replace(",usd", "")
            .replace(",10,", ",")
            .replace(",2.5,", ",")
            .replace(",1e-2,", ",")
            .replace(",4,", ","),
            1,
            "usd",
            "is missing from the header",
        ),
        (
            PRICES_CSV.replace("note", "note,source_id"),
            1,
            "source_id",
            "stands twice in the header",
        ),
        (PRICES_CSV.replace("beta,", "beta,,"), 4, "", "has 12 cells where the header has 11"),
        (PRICES_CSV.replace("beta,promo,", "beta,"), 4, "", "has 10 cells where the header has 11"),
        (PRICES_CSV.replace("beta", "\nbeta"), 4, "", "has 0 cells where the header has 11"),
        (PRICES_CSV.replace("beta", '"be"ta'), 4, "", "isn't valid CSV: ',' expected after '\"'"),
    ],
    ids=[
        "missing",
        "0 bytes",
        "blank",
        "header only",
        "utf-16",
        "utf-16 without mark",
        "latin-1",
        "column deleted",
        "column twice",
        "too many cells",
        "too few cells",
        "blank line",
        "stray quote",
    ],
)
def test_a_bad_file_is_named(make, prices, row, column, rule):
    found = one(make(prices=prices))
    assert (found.file, found.row, found.column, found.rule) == (
        "cost/prices.csv",
        row,
        column,
        rule,
    )


def test_a_renamed_column_is_both_missing_and_unknown(make):
    found = breaches(make(prices=PRICES_CSV.replace("kind", "kinds")))
    assert [(b.row, b.column, b.rule) for b in found] == [
        (1, "kinds", "is no column of the package; did you mean kind?"),
        (1, "kind", "is missing from the header"),
    ]


def test_a_table_with_unreadable_sources_is_not_loaded(make):
    found = one(make(sources=b""))
    assert (found.file, found.rule) == ("sources.csv", "is empty")


def test_breaches_of_all_tables_are_found_at_once(make):
    root = make(
        prices=PRICES_CSV.replace("1e-2", "-3")
        .replace("beta,", "alpha,")
        .replace("2024-04-01", "2024-03-01"),
        sources=SOURCES_CSV.replace(",D", ",E"),
    )
    assert [(b.file, b.row, b.column) for b in catalog.check(root=root)] == [
        ("sources.csv", 3, "grade"),
        ("cost/prices.csv", 4, "usd"),
        ("cost/prices.csv", 4, "model, start"),
    ]


def test_a_sound_package_has_no_breaches(make):
    assert catalog.check(root=make()) == []


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("model_prices", "'model_prices' is no table; did you mean model-prices?"),
        ("weather", "'weather' is no table; there are sources, model-prices"),
    ],
)
def test_an_unknown_table(make, name, says):
    with pytest.raises(EvidenceError, match=says):
        catalog.load(name, root=make())


def edited(change):
    package = copy.deepcopy(PACKAGE)
    change(package, package["resources"][1])
    return package


@pytest.mark.parametrize(
    ("package", "says"),
    [
        ('{"name": "small",\n "resources": [}', r"datapackage.json, line 2: isn't valid JSON"),
        ("", "datapackage.json: is empty"),
        ("[]", "datapackage.json: "),
        (edited(lambda p, r: p.pop("resources")), "column resources: is missing"),
        (
            edited(lambda p, r: p.update(created="soon")),
            "column created: 'soon' must be a valid date",
        ),
        (edited(lambda p, r: r.pop("asOf")), "column resources.1.asOf: is missing"),
        (
            edited(lambda p, r: r["licenses"][0].update(path="javascript:alert(1)")),
            r"column resources.1.licenses.0.path: 'javascript:alert\(1\)' must match",
        ),
        (
            edited(lambda p, r: r["asOf"].update(published="seen")),
            "names a column 'seen' that the schema lacks",
        ),
        (
            edited(lambda p, r: r.update(closed=True, updatePeriodDays=90)),
            "is closed and yet has updatePeriodDays",
        ),
        (edited(lambda p, r: r.update(updatePeriodDays=0)), "must be greater than or equal to 1"),
        (
            edited(lambda p, r: r["asOf"].update(blank=["usd"])),
            "column usd stands under asOf, so it must be a date",
        ),
        (
            edited(lambda p, r: r.update(path="../prices.csv")),
            "must be a path below the folder of the package",
        ),
        (
            edited(lambda p, r: r["schema"]["fields"][0].update(type="text")),
            "'text' must be 'string', 'number'",
        ),
        (
            edited(lambda p, r: r["schema"]["fields"][0].update(constraints={"minLength": 2})),
            "constraints.minLength",
        ),
        (
            edited(lambda p, r: r["schema"]["fields"][0].update(constraints={"pattern": "("})),
            "isn't a regular expression",
        ),
        (
            edited(lambda p, r: r["schema"]["fields"][4].update(constraints={"pattern": "1"})),
            "can't be held for a number",
        ),
        (
            edited(lambda p, r: r["schema"]["fields"][2].update(constraints={"minimum": "old"})),
            "must be a date",
        ),
        (
            edited(
                lambda p, r: r["schema"]["foreignKeys"][0]["reference"].update(resource="books")
            ),
            "leads nowhere",
        ),
        (edited(lambda p, r: p["resources"].pop(0)), "needs a table sources"),
        (
            edited(lambda p, r: p["resources"][0]["schema"]["fields"].pop()),
            "needs a table sources with grade",
        ),
        (
            edited(lambda p, r: r["schema"]["fields"].append(field("recorded", "date"))),
            "of model-prices has a column recorded and needs both of the two",
        ),
        (
            edited(lambda p, r: r["schema"]["fields"].append(field("withdrawn", "date"))),
            "of model-prices has a column withdrawn and needs both of the two",
        ),
        (
            edited(
                lambda p, r: r["schema"]["fields"].extend(
                    [field("recorded", "date", required=True), field("withdrawn", "string")]
                )
            ),
            "of model-prices: column withdrawn must be a date",
        ),
        (
            edited(
                lambda p, r: r["schema"]["fields"].extend(
                    [field("recorded", "number"), field("withdrawn", "date")]
                )
            ),
            "of model-prices: column recorded must be a date",
        ),
    ],
)
def test_a_broken_package(make, package, says):
    root = make(package=package)
    with pytest.raises(EvidenceError, match=says):
        catalog.load("model-prices", root=root)
    assert catalog.check(root=root)[0].file == "datapackage.json"


def test_at_most_twenty_breaches_are_printed():
    error = EvidenceError(
        [Breach("a.csv", n, "usd", "x" * 80, "must be a number") for n in range(2, 25)]
    )
    lines = str(error).splitlines()
    assert lines[0] == f"a.csv, line 2, column usd: '{'x' * 57}...' must be a number"
    assert len(lines) == 21 and lines[-1] == "... and 3 more"
    assert pickle.loads(pickle.dumps(error)).breaches == error.breaches


# -- what we had when --------------------------------------------------------------------------

KEPT = [field("recorded", "date", required=True), field("withdrawn", "date")]
#: The diary was found out in March; in its place came the log, and the price that it had given.
OLD_AND_NEW_SOURCES = """source_id,publisher,published,grade,recorded,withdrawn
acme,Acme Ltd,2024-05,B,2026-01-01,2026-02-01
acme,Acme Ltd,2024-05,A,2026-02-01,
diary,A diary,,D,2026-01-01,2026-03-01
log,A log,,C,2026-03-01,
"""
OLD_AND_NEW_PRICES = f"""{HEADER},recorded,withdrawn
alpha,list,2024-01-10,,10,,,,2024,acme,,2026-01-01,
beta,list,2024-01-10,,1,,,,2024,diary,,2026-01-01,2026-03-01
beta,list,2024-01-10,,2,,,,2025,log,acme,2026-03-01,
gamma,list,2024-01-10,,3,,,,2024,acme,,2026-04-01,
"""


@pytest.fixture
def remade(make):
    """Write the package whose rows say when they were taken in and given up."""
    package = copy.deepcopy(PACKAGE)
    for entry in package["resources"]:
        entry["schema"]["fields"] += KEPT

    def write(prices=OLD_AND_NEW_PRICES, sources=OLD_AND_NEW_SOURCES):
        return make(prices, sources, package)

    return write


@pytest.mark.parametrize(
    ("known", "rows"),
    [
        (None, {"alpha": (10, "A"), "beta": (2, "C"), "gamma": (3, "A")}),
        ("2026-12-31", {"alpha": (10, "A"), "beta": (2, "C"), "gamma": (3, "A")}),
        ("2026-04-01", {"alpha": (10, "A"), "beta": (2, "C"), "gamma": (3, "A")}),
        ("2026-03-31", {"alpha": (10, "A"), "beta": (2, "C")}),
        (
            "2026-03-01",
            {"alpha": (10, "A"), "beta": (2, "C")},
        ),  # the day of the change is the new's
        ("2026-02-28", {"alpha": (10, "A"), "beta": (1, "D")}),
        ("2026-01-31", {"alpha": (10, "B"), "beta": (1, "D")}),  # with the grade of then
        ("2025-12-31", {}),
    ],
)
def test_rows_are_those_that_we_had_on_a_day(remade, known, rows):
    day = known and dt.date.fromisoformat(known)
    frame = catalog.load("model-prices", known=day, root=remade())
    found = frame.set_index("model")[["usd", "grade"]].apply(tuple, axis=1)
    assert dict(found) == rows
    assert list(frame) == [*HEADER.split(","), "grade"] and list(frame.index) == [*range(len(rows))]


def test_what_the_world_knew_and_what_we_had_are_apart(remade):
    """By the end of 2024 the world had the price of a diary that we no longer believe."""
    root, then = remade(), dt.date(2024, 12, 31)
    now = catalog.load("model-prices", then, root=root)
    before = catalog.load("model-prices", then, dt.date(2026, 2, 1), root=root)
    assert list(now["model"]) == ["alpha", "gamma"] and list(before["model"]) == ["alpha", "beta"]
    again = catalog.load("model-prices", then, root=root)
    pd.testing.assert_frame_equal(now, again)


def test_what_we_had_once_is_a_fresh_copy_too(remade):
    root, day = remade(), dt.date(2026, 2, 1)
    spoiled = catalog.load("model-prices", known=day, root=root)
    spoiled.loc[:, "usd"] = -1.0
    assert catalog.load("model-prices", known=day, root=root)["usd"].min() == 1


def test_sources_given_up_are_named_no_more(remade):
    root = remade()
    assert catalog.labels(root=root) == {"acme": "Acme Ltd (2024)", "log": "A log"}
    assert catalog.sources(["acme"], root=root)["grade"].tolist() == ["A"]
    with pytest.raises(EvidenceError, match="'diary' is no known source"):
        catalog.sources(["diary"], root=root)


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "rule"),
    [
        # given up: the key is free; not given up: it is taken
        ("log,acme,2026-03-01,", "log,acme,2026-03-01,2026-03-02", None, "", ""),
        ("2026-01-01,2026-03-01", "2026-01-01,", 4, "model, start", "repeats the key of line 3"),
        ("log,acme", "diary,acme", 4, "source_id", "is not in sources"),
        ("log,acme", "log,diary", 4, "date_source_id", "is not in sources"),
        ("log,acme,2026-03-01", "log,acme,", 4, "recorded", "must not be empty"),
        ("2026-04-01,", "2026-04-01,soon", 5, "withdrawn", "must be a date that exists, as "),
    ],
)
def test_a_row_given_up_breaks_no_key_and_a_current_one_needs_current_sources(
    remade, old, new, line, column, rule
):
    assert OLD_AND_NEW_PRICES.count(old) == 1
    root = remade(OLD_AND_NEW_PRICES.replace(old, new))
    found = [(b.row, b.column) for b in catalog.check(root=root)]
    assert found[:1] == ([(line, column)] if line else [])
    if line:
        assert breaches(root)[0].rule.startswith(rule)


# -- properties --------------------------------------------------------------------------------

days = st.dates(dt.date(2023, 1, 1), dt.date(2027, 12, 31))
before = st.dates(dt.date(2023, 1, 1), dt.date(2026, 6, 30))  # the evidence was collected
texts = before.flatmap(lambda d: st.sampled_from(["", f"{d:%Y}", f"{d:%Y-%m}", f"{d:%Y-%m-%d}"]))


@settings(max_examples=50)
@given(
    published=st.lists(texts, min_size=1, max_size=8),
    ends=st.lists(days, min_size=8, max_size=8),
    asked=st.tuples(days, days),
)
def test_knowledge_only_grows(tmp_path_factory, published, ends, asked):
    root = tmp_path_factory.mktemp("package")
    (root / "cost").mkdir()
    (root / "datapackage.json").write_text(json.dumps(PACKAGE), encoding="utf-8")
    (root / "sources.csv").write_text(SOURCES_CSV, encoding="utf-8")
    rows = [
        f"m,list,2020-01-{i:02},{end},1,,,,{day},acme,"
        for i, (day, end) in enumerate(zip(published, ends, strict=False), 1)
    ]
    (root / "cost/prices.csv").write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    state_files(root, PACKAGE)

    early, late = (catalog.load("model-prices", day, root=root) for day in sorted(asked))
    assert set(early["start"]) <= set(late["start"])
    for frame, day in ((early, min(asked)), (late, max(asked))):
        for column in ("published", "end"):
            assert not (frame[column] > pd.Timestamp(day)).any()
