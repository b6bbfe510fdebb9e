"""That evidence and its rules never change in one commit: else a verdict could be fitted to its data."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from briefs.evidence import claims
from briefs.evidence.memory import DECISIONS
from briefs.project import project

_CLAIMS = "claims.yml"


def mixed() -> Iterator[str]:
    """Say if the working copy, or the last commit, holds accepted rows and another rule."""
    here = project()
    decided, claimed = (_relative(here.root, here.data / name) for name in (DECISIONS, _CLAIMS))
    for before, after, words in (
        ("HEAD", "", "what isn't committed"),
        ("HEAD^", "HEAD", "the last commit"),
    ):
        if _text(here.root, before, decided) == _text(here.root, after, decided):
            continue
        was, now = (_rules(_text(here.root, at, claimed)) for at in (before, after))
        if was is not None and now is not None and was != now:
            names = sorted(
                name for name in was.keys() | now.keys() if was.get(name) != now.get(name)
            )
            yield (
                f"{words} accepts rows of an upstream and changes the rule of {', '.join(names)}: "
                "make two commits of it, the rule first"
            )


def _relative(root: Path, path: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def _text(root: Path, commit: str, name: str) -> str | None:
    """Return a file as a commit has it, or with no commit as it stands; None where it isn't."""
    if not commit:
        path = root / name
        return path.read_text("utf-8") if path.is_file() else None
    # inside a git hook these would point elsewhere
    env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        done = subprocess.run(
            ["git", "show", f"{commit}:./{name}"],
            cwd=root,
            env=env,
            capture_output=True,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.decode("utf-8") if done.returncode == 0 else None


def _rules(text: str | None) -> dict[str, Any] | None:
    """Return what decides each claim: how its readings combine, and their ranges."""
    if text is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / _CLAIMS
        path.write_text(text, "utf-8")
        try:
            found = claims.load_claims(path)
        except claims.ClaimError:  # said where the claims are checked
            return None
    return {
        name: (c.combine, [(r.id, r.unit, r.supported, r.partly) for r in c.readings])
        for name, c in found.items()
    }
