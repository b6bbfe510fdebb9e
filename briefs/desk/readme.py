"""The README's list of claims, written from what was built: ``make readme``."""

import json
import sys
import textwrap
from pathlib import Path
from typing import Any

from briefs.evidence.claims import Claim, load_claims
from briefs.project import project
from briefs.render import wording

BEGIN, END = "<!-- claims: written by make readme -->", "<!-- end of claims -->"
WIDTH = 118


def claims_list(site: Path) -> str:
    """Write every claim of ``claims.yml`` as the English briefs at `site` judge it, in Markdown."""
    judged: dict[str, dict[str, Any]] = {}
    for path in sorted(site.glob("en/*/results.json")):
        found = json.loads(path.read_text(encoding="utf-8"))["claims"]
        judged |= {claim["id"]: claim for claim in found}
    lines = (_line(claim, judged.get(name)) for name, claim in load_claims().items())
    return "\n".join(textwrap.fill(line, WIDTH, subsequent_indent="  ") for line in lines)


def _line(claim: Claim, judged: dict[str, Any] | None) -> str:
    """Write one claim: its verdict, and why it is open or the estimate that speaks for it."""
    if judged is None:
        return f"- **Not assessed yet** ({claim.id}): {claim.statement.en}"
    word, why = wording.verdict_word(judged["verdict"]), wording.cause(judged)
    found = wording.estimate(judged["estimate"])
    said = f" {found.value}{found.interval and f' ({found.interval})'}." if found else ""
    return f"- **{word}**{why and f', {why}'} ({claim.id}): {claim.statement.en}{said}"


def refreshed(text: str, claims: str) -> str:
    """Put a new list between the marks of a README."""
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
        refreshed(readme.read_text(encoding="utf-8"), claims_list(site)), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
