"""The README's table of claims, written from what was built: ``make readme``."""

import json
import sys
from pathlib import Path
from typing import Any

from briefs.evidence.claims import load_claims
from briefs.project import project
from briefs.render import wording

BEGIN, END = "<!-- claims: written by make readme -->", "<!-- end of claims -->"


def claims_table(site: Path) -> str:
    """Write every claim with the verdict of the English briefs at `site`, in Markdown.

    Parameters
    ----------
    site : Path
        Folder that ``briefs build`` wrote to.

    Returns
    -------
    str
        One row per claim of ``data/claims.yml``; a claim that no brief assesses yet says so.
    """
    judged: dict[str, dict[str, Any]] = {}
    for path in sorted(site.glob("en/*/results.json")):
        judged |= {
            claim["id"]: claim for claim in json.loads(path.read_text(encoding="utf-8"))["claims"]
        }
    rows = ["| | claim | verdict | estimate |", "|---|---|---|---|"]
    for name, claim in load_claims().items():
        found = judged.get(name)
        verdict = f"**{wording.verdict_word(found['verdict'])}**" if found else "not assessed yet"
        rows.append(f"| {name} | {claim.statement.en} | {verdict} | {_estimate(found)} |")
    return "\n".join(rows)


def _estimate(found: dict[str, Any] | None) -> str:
    """What decides a claim was measured at, with its estimate."""
    line = wording.deciding_reading(found) if found else {"estimate": None}
    words = wording.estimate(line["estimate"])
    if not words:
        return ""
    measured = " ".join(filter(None, (words.value, words.interval and f"({words.interval})")))
    return f"{line['quantity']}: {measured}"


def refreshed(text: str, table: str) -> str:
    """Put a new table between the marks of a README."""
    head, mark, rest = text.partition(BEGIN)
    _old, end, tail = rest.partition(END)
    if not (mark and end):
        raise ValueError(f"README.md lacks the marks {BEGIN} and {END}")
    return f"{head}{BEGIN}\n{table}\n{END}{tail}"


def main() -> None:
    """Rewrite README.md from the site in ``reports/site``, or in the folder given."""
    root = project().root
    site = Path(sys.argv[1]) if len(sys.argv) > 1 else root / "reports" / "site"
    readme = root / "README.md"
    readme.write_text(
        refreshed(readme.read_text(encoding="utf-8"), claims_table(site)), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
