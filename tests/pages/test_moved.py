"""Words follow the parameters: with every one moved, no text names what only the defaults stand for."""

import json
import re

import pytest

#: Another allowed value of every parameter, and words of the defaults that must not be left.
MOVED = {
    "cost-revolution": (
        {
            "as_of": "2026-09-30",
            "level": "0.8",
            "seed": "7",
            "other_choices": "none",
            "benchmark": "MMLU",
            "threshold": "70",
            "input_share": "0.5",
            "million_tokens": "20",
            "horizon": "2031",
            "scenarios": "claimed,flat",
            "currency": "MYR",
            "window_months": "18",
            "break_date": "2025-06-01",
        },
        # whoever counts as DeepSeek-V3's peer is told by one test, whatever the buyer asks for
        r"GPQA(?!-Diamond or were among)|\b100 million|\b2030\b|\bJan(uary)? 2025|\b90% interval"
        r"|75% of them|twelve months",
    ),
    "market-impact": (
        {
            "as_of": "2026-09-30",
            "level": "0.8",
            "seed": "7",
            "other_choices": "none",
            "event_date": "2025-04-03",
            "claim_date": "2025-06-30",
            "benchmark": "QQQ",
            "exposed": "cloud,software",
            "estimation_days": "90",
            "gap_days": "5",
            "window_days": "10",
        },
        r"\b2[78] January|\bJan(uary)? 2025|\bSPY\b|\b90% (t )?interval|\b120 days|DeepSeek",
    ),
    "regulatory-outlook": (
        {
            "as_of": "2026-09-30",
            "level": "0.8",
            "seed": "7",
            "other_choices": "none",
            "jurisdictions": "GB,KR",
            "start": "2020-01-01",
            "change_date": "2025-07-01",
            "weighting": "stringency",
            "internet_start": "1991-08-06",
            "break_date": "2025-06-01",
        },
        r"\b20 January|\b1 January 2025|\bearly 2025|\b1993\b|Mosaic|\bJan(uary)? 2019|\b90% interval",
    ),
}
SAID = ("text", "title", "subtitle", "alt", "note")
#: Says the periods that its rows have, whatever the parameters.
OF_EVIDENCE = "finding-malaysia"


def texts(folder):
    """Every text of a record but of the claims, which are as they were made, and of the evidence."""
    notebook = json.loads((folder / "notebook.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            for record in output.get("data", {}).values():
                if isinstance(record, dict) and record.get("kind") in (
                    "finding",
                    "figure",
                    "table",
                ):
                    yield from ((record["id"], record[part]) for part in SAID if record.get(part))


@pytest.mark.parametrize(
    "report",
    [
        pytest.param(report, marks=[] if report == "regulatory-outlook" else pytest.mark.slow)
        for report in MOVED
    ],
)
def test_with_every_parameter_moved_no_word_of_the_defaults_is_left(tmp_path, build, report):
    parameters, left = MOVED[report]
    folder = build(tmp_path, report, n_boot="100", **parameters)
    found = [
        (name, text)
        for name, text in texts(folder)
        if name != OF_EVIDENCE and re.search(left, text)
    ]
    assert found == []


@pytest.mark.parametrize("report", MOVED)
def test_every_parameter_is_moved(report):
    from briefs import parameters

    defaults = parameters.injected(parameters.parse(report, {}))
    moved = parameters.injected(parameters.parse(report, MOVED[report][0]))
    same = [name for name in defaults if defaults[name] == moved[name]]
    assert same == ["language", "n_boot"]
