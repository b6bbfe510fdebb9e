"""The README's table of claims, written from what was built: ``make readme``."""

import json
import sys
from pathlib import Path
from typing import Any

from briefs.evidence.claims import Claim, load_claims
from briefs.project import project
from briefs.render import wording

BEGIN, END = "<!-- claims: written by make readme -->", "<!-- end of claims -->"
HEAD = ("", "Claim", "Verdict", "Estimate", "Interval")
#: Kinds of interval, in what a narrow column has room for.
SHORT = {"range of published figures": "published", "90% interval": "90%"}


def claims_table(site: Path) -> str:
    """Write every claim of ``claims.yml`` as the English briefs at `site` judge it, in Markdown."""
    judged: dict[str, dict[str, Any]] = {}
    for path in sorted(site.glob("en/*/results.json")):
        found = json.loads(path.read_text(encoding="utf-8"))["claims"]
        judged |= {claim["id"]: claim for claim in found}
    rows = [HEAD, ("---",) * len(HEAD)]
    rows += [_row(claim, judged.get(name)) for name, claim in load_claims().items()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(claim: Claim, judged: dict[str, Any] | None) -> tuple[str, ...]:
    """Write one claim: its verdict, why it is open, and the estimate that speaks for it."""
    if judged is None:
        return claim.id, claim.name.en, "Not assessed yet", "", ""
    word, why = wording.verdict_word(judged["verdict"]), wording.cause(judged)
    found = wording.estimate(judged["estimate"])
    value, interval = (found.value, found.interval) if found else ("", "")
    kind, _colon, span = interval.partition(": ")
    interval = f"{SHORT.get(kind, kind)}: {span}" if span else ""
    return claim.id, claim.name.en, f"{word}{why and f', {why}'}", value, interval


def refreshed(text: str, claims: str) -> str:
    """Put a new table between the marks of a README."""
    head, mark, rest = text.partition(BEGIN)
    _old, end, tail = rest.partition(END)
    if not (mark and end):
        raise ValueError(f"README.md lacks the marks {BEGIN} and {END}")
    return f"{head}{BEGIN}\n{claims}\n{END}{tail}"


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
