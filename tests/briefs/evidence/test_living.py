"""What is promised of each brief, and when its upstreams were last looked at."""

import datetime as dt
import importlib
import json
import sys
from pathlib import Path

import pytest

from briefs.evidence import living
from briefs.evidence.feeds import FeedError
from briefs.parameters import reports

sys.path.append(str(Path(__file__).parent))
package = importlib.import_module("evidence_package")


def test_every_brief_says_how_it_is_kept_alive():
    for report in reports():
        found = living.statement(report)
        assert found and found.looks.en != found.looks.ms
    assert living.statement("no-such-brief") is None


def test_the_last_look_is_that_of_the_tables_read(tmp_path):
    root = package.make(tmp_path / "data")
    assert living.last_look({"prices"}, root) is None and living.statement("x", root) is None
    lock = {"catalogue": {"looked": "2026-12-01"}, "second": {"looked": "2026-12-15"}}
    (root / "upstream/lock.json").write_text(json.dumps(lock | {"bank": {"looked": "2026-12-20"}}))
    assert living.last_look({"prices"}, root) == dt.date(2026, 12, 15)
    assert living.last_look({"prices", "rates"}, root) == dt.date(2026, 12, 20)
    (root / "upstream/lock.json").write_text(json.dumps({"bank": {"looked": "2026-12-20"}}))
    assert living.looks({"prices", "rates"}, root) == {
        "catalogue": None,
        "second": None,
        "bank": dt.date(2026, 12, 20),
    }


def test_rows_taken_in_are_those_of_the_day_and_the_tables(tmp_path):
    root = package.make(tmp_path / "data")
    head = "item,feed,version,kind,table,key,decision,reason,reviewer,day,added\n"
    rows = (
        "a,catalogue,1,appeared,prices,,accept,,,2026-12-15,A/one/2026-12-01",
        "b,catalogue,1,unmatched,prices,,accept,,,2026-12-15,",
        "c,catalogue,1,appeared,prices,,accept,,,2026-12-01,A/one/2026-11-30",
        "d,bank,1,appeared,rates,,accept,,,2026-12-15,MYR/2026",
    )
    (root / "upstream/decisions.csv").write_text(head + "\n".join(rows) + "\n")
    assert living.taken({"prices"}, dt.date(2026, 12, 15), root) == 1
    assert living.taken({"prices", "rates"}, dt.date(2026, 12, 15), root) == 2
    assert living.taken({"prices"}, dt.date(2026, 12, 14), root) == 0


@pytest.mark.parametrize(
    "text", ["- {report: a}", "- [", "- {report: a, looks: often, triggers: x, stops: y}"]
)
def test_a_promise_that_isnt_whole(tmp_path, text):
    root = package.make(tmp_path / "data")
    (root / "living.yml").write_text(text)
    with pytest.raises(FeedError, match=r"living\.yml"):
        living.statement("a", root)
