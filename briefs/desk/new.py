"""``briefs new``: a project for another article, from the template that this package brings along.

Copier makes it, so that ``copier update`` can merge what a later version of the template has. For that
the project remembers where the tool comes from and at which commit, as far as that is known: a tool
that was installed from an index has no repository to look into.
"""

import importlib.util
import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from briefs.files import write_file
from briefs.project import TOOL, PlanError

_TEMPLATE = Path(__file__).parent / "templates" / "project"
_ANSWERS = ".copier-answers.yml"


def create(folder: Path, answers: Mapping[str, str]) -> Path:
    """Make a project in a new or empty `folder`, whose name becomes that of its report.

    `answers` are to questions of the template: the titles of the brief, ``title`` in English and
    ``title_ms`` in Malay, by themselves the name, and ``languages``, by themselves both. A `PlanError`
    says what is wrong with an answer or the folder.
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
    origin = _origin()
    given = {key: text for key, text in answers.items() if text}
    asked = {"name": name, "tool": origin.requirement, **given}
    try:
        copier.run_copy(str(_TEMPLATE), folder, data=asked, defaults=True, quiet=True)
    except (CopierError, ValueError) as error:
        raise PlanError(f"{folder}: {error}") from None
    _remember(folder / _ANSWERS, origin)
    return folder


@dataclass(frozen=True)
class _Origin:
    """What pip installs the tool from; if that is a repository, its address or folder, and the commit."""

    requirement: str
    source: str = ""
    commit: str = ""


def _origin() -> _Origin:
    """Find out where the tool comes from: from a checkout around it, else from what pip noted (PEP 610)."""
    own = _distribution()
    name, noted = own.metadata["Name"], json.loads(own.read_text("direct_url.json") or "{}")
    url, commit = noted.get("url", ""), noted.get("vcs_info", {}).get("commit_id", "")
    if commit:
        return _Origin(f"{name} @ git+{url}@{commit}", url, commit)
    for folder in (TOOL.parent, *([_folder(url)] if "dir_info" in noted else ())):
        if head := _head(folder):
            return _Origin(f"{name} @ {folder.as_uri()}", str(folder), head)
    return _Origin(f"{name} @ {url}" if url else f"{name}=={own.version}")


def _folder(url: str) -> Path:
    """Return the folder that a file: address names."""
    return Path(re.sub("^/(?=[A-Za-z]:)", "", unquote(urlsplit(url).path)))


def _head(folder: Path) -> str:
    """Return the commit that a repository is at; nothing for a folder that isn't one."""
    if not (folder / ".git").exists():
        return ""
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=folder, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def _distribution() -> metadata.Distribution:
    """Return what this package was installed from."""
    (name,) = set(metadata.packages_distributions()[TOOL.name])
    return metadata.distribution(name)


def _remember(path: Path, origin: _Origin) -> None:
    """Note the origin of the template where ``copier update`` looks for it."""
    comment, _newline, text = path.read_text("utf-8").partition("\n")
    answers = yaml.safe_load(text)
    answers |= {"_src_path": origin.source, "_commit": origin.commit} if origin.source else {}
    write_file(path, f"{comment}\n{yaml.safe_dump(answers, allow_unicode=True)}".encode())
