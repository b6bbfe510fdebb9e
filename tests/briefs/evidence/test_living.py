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


@pytest.mark.parametrize(
    "text", ["- {report: a}", "- [", "- {report: a, looks: often, triggers: x, stops: y}"]
)
def test_a_promise_that_isnt_whole(tmp_path, text):
    root = package.make(tmp_path / "data")
    (root / "living.yml").write_text(text)
    with pytest.raises(FeedError, match=r"living\.yml"):
        living.statement("a", root)
