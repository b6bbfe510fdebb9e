"""``briefs new``: a project for another article, from the template that this package brings along.

Copier makes it, so that ``copier update`` can merge what a later version of the template has. For that
the project remembers where the tool comes from and at which commit, as far as that is known: a tool
that was installed from an index has no repository to look into.
"""

import importlib.util
import json
import subprocess
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import yaml

from briefs.files import write_file
from briefs.project import TOOL, PlanError

_TEMPLATE = Path(__file__).parent / "templates" / "project"
_ANSWERS = ".copier-answers.yml"


def create(folder: Path, titles: Mapping[str, str]) -> Path:
    """Make a project in a new or empty `folder`, whose name becomes that of its report.

    `titles` are those of the brief, ``title`` in English and ``title_ms`` in Malay; without them the
    name is the title. A `PlanError` says what is wrong with the name or the folder.
    """
    try:
        import copier
        from copier.errors import CopierError
    except ImportError:
        raise PlanError("`briefs new` needs copier: pip install 'copier>=9.4'") from None
    name = folder.resolve().name
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PlanError(f"{folder}: is there already; choose a new folder, or an empty one")
    package = name.replace("-", "_")
    there = importlib.util.find_spec(package) if package.isidentifier() else None
    if there and there.origin:  # a mere folder, such as the new one, has none
        raise PlanError(f"{folder}: Python has a module {package} already; choose another name")
    source, commit = _origin()
    given = {key: text for key, text in titles.items() if text}
    asked = {"name": name, "tool": _requirement(source, commit), **given}
    try:
        copier.run_copy(str(_TEMPLATE), folder, data=asked, defaults=True, quiet=True)
    except (CopierError, ValueError) as error:
        raise PlanError(f"{folder}: {error}") from None
    _remember(folder / _ANSWERS, source, commit)
    return folder


def _origin() -> tuple[str, str]:
    """Return where the tool comes from, an address or folder of a repository, and its commit; else nothing."""
    if (TOOL.parent / ".git").exists():
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"], cwd=TOOL.parent, capture_output=True, text=True
        )
        if done.returncode == 0:
            return str(TOOL.parent), done.stdout.strip()
    installed = json.loads(_distribution().read_text("direct_url.json") or "{}")
    commit = installed.get("vcs_info", {}).get("commit_id", "")
    return (installed["url"], commit) if commit else ("", "")


def _distribution() -> metadata.Distribution:
    """Return what this package was installed from."""
    (name,) = set(metadata.packages_distributions()[TOOL.name])
    return metadata.distribution(name)


def _requirement(source: str, commit: str) -> str:
    """Write for pip what the tool is installed from."""
    own = _distribution()
    name = own.metadata["Name"]
    if not source:
        return f"{name}=={own.version}"
    return (
        f"{name} @ {Path(source).as_uri()}"
        if Path(source).is_dir()
        else f"{name} @ git+{source}@{commit}"
    )


def _remember(path: Path, source: str, commit: str) -> None:
    """Note the origin of the template where ``copier update`` looks for it."""
    comment, _newline, text = path.read_text("utf-8").partition("\n")
    answers = yaml.safe_load(text)
    answers |= {"_src_path": source, "_commit": commit} if source else {}
    write_file(path, f"{comment}\n{yaml.safe_dump(answers, allow_unicode=True)}".encode())
