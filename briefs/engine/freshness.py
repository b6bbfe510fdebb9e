"""What a report is made from, what stands published of it, and in words what has changed since.

Beside each published report lies `RECORD`: the hash of every input, and of every file. So
whether a report is fresh needs no memory but the report itself, and it can't disagree with
what stands there. Light to import: a build of a thousand fresh reports does nothing else.
"""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from briefs.engine.cache import Cache, key_of
from briefs.engine.plan import Job
from briefs.engine.provenance import AROUND, EDITIONS, FORECASTS, Sources, epoch, sha256
from briefs.parameters import injected

RECORD = "inputs.json"
#: Change it when the same inputs come to mean another output in a way that no hash shows.
VERSION = 1
_SHORT = 32  # digits of a hash that are enough to tell a change

Inputs = dict[str, Any]


def execution(job: Job, sources: Sources) -> Inputs:
    """List what the executed notebook of `job` depends on, besides the tables that it reads."""
    notebook = job.notebook.stem
    return {
        "version": VERSION,
        "parameters": injected(job.parameters),
        "code": sources.code,
        "lock": sources.lock,
        "notebooks": {notebook: sources.notebooks.get(notebook)},
        "versions": dict(sources.versions),
        "translation": sources.catalogues.get(job.parameters.language),
        "data": {name: d for name, d in sources.data.items() if _is_read(job, name)},
        **({"known": job.known} if job.known else {}),
    }


def tables(names: Iterable[str], sources: Sources) -> dict[str, str]:
    """Hash each table together with its contract."""
    return {
        name: sha256(f"{sources.tables.get(name)}{sources.contracts.get(name)}".encode())[:_SHORT]
        for name in sorted(names)
    }


def rendering(job: Job, sources: Sources) -> Inputs:
    """List what the files of `job` depend on, besides the executed notebook."""
    return {
        "pages": sources.pages,
        "templates": dict(sources.templates),
        "formats": list(job.formats),
        "place": job.place,
        "languages": list(job.languages),
        "listed": job.listed,
        **({"alone": True} if job.alone else {}),
        "site": sources.site,
        "words": {name: d for name, d in sources.data.items() if _is_around(name)},
        "epoch": epoch(),
    }


def _is_read(job: Job, name: str) -> bool:
    """Whether a notebook may read a file of the evidence; it scores no projection of its own day or later."""
    folder, _slash, file = name.partition("/")
    if folder != FORECASTS:
        return not _is_around(name)
    from briefs.render import editions  # late: it's only asked for where there are any

    edition, as_of = editions.named(Path(file).stem), getattr(job.parameters, "as_of", None)
    return edition is None or as_of is None or edition.published < as_of


def _is_around(name: str) -> bool:
    return name in AROUND or name.startswith(f"{EDITIONS}/")


def page_key(inputs: Inputs, sources: Sources) -> str:
    """Key of a report's files in the cache; unlike freshness it counts the commit, which stands on the page."""
    return key_of({**inputs, "git": dict(sources.git), "package": sources.package})


def recall_tables(inputs: Inputs, sources: Sources, cache: Cache | None) -> bool:
    """Add to the inputs of an execution the tables that it read when it was last run; False if that isn't known."""
    reads = cache and cache.get("reads", key_of(inputs))
    if reads:
        inputs["tables"] = tables(json.loads(reads["tables"]), sources)
    return bool(reads)


def recall(job: Job, sources: Sources, cache: Cache | None) -> dict[str, bytes] | None:
    """Return the files of a report from the cache; None if they aren't there, or could run what isn't ours."""
    inputs = execution(job, sources)
    if not cache or not recall_tables(inputs, sources, cache):
        return None
    files = cache.get("pages", page_key({**inputs, **rendering(job, sources)}, sources))
    if not files:
        return None
    from briefs.render import policy  # late: where all is fresh nothing is recalled

    return None if policy.unsafe(files) else files


def keep_tables(inputs: Inputs, names: Iterable[str], cache: Cache) -> None:
    """Remember which tables an execution read, for `recall_tables`."""
    cache.put("reads", key_of(inputs), {"tables": json.dumps(sorted(names)).encode()})


def keep(job: Job, sources: Sources, cache: Cache, files: Mapping[str, bytes]) -> None:
    """Keep the files of a report that was made elsewhere, for `recall`."""
    inputs = json.loads(files[RECORD])["inputs"]
    keep_tables(execution(job, sources), inputs["tables"], cache)
    cache.put("pages", page_key(inputs, sources), files)


def record(inputs: Inputs, sources: Sources, files: Mapping[str, bytes]) -> bytes:
    """Write the record of a report: its inputs, where they come from, and its files."""
    content = {
        "inputs": inputs,
        "git": {name: sources.git.get(name) for name in ("commit", "dirty")},
        "files": {name: [len(data), sha256(data)[:_SHORT]] for name, data in files.items()},
    }
    return (json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n").encode()


def read(folder: Path) -> dict[str, Any] | None:
    """Return the record of what stands published in `folder`; None where there is none."""
    try:
        found = json.loads((folder / RECORD).read_bytes())
        inputs, files = found["inputs"], found["files"]
        whole = isinstance(inputs.get("tables", {}), dict) and "dirty" in found["git"]
        for size, digest in files.values():
            whole = whole and isinstance(size, int) and isinstance(digest, str)
        return found if whole else None
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None  # none yet, or of another shape: then it is as good as none


def altered(folder: Path) -> Iterator[str]:
    """Name the files that stand published in `folder` and aren't, byte for byte, those that were built."""
    known = read(folder)
    for name, (_size, digest) in known["files"].items() if known else ():
        path = folder / name
        if not path.is_file() or sha256(path.read_bytes())[:_SHORT] != digest:
            yield name


def stale(job: Job, sources: Sources) -> list[str]:
    """Say why `job` must be built, a reason an item; empty when what stands published is what it would give."""
    folder = job.out / job.place
    known = read(folder)
    if known is None:
        built = (folder / "results.json").is_file()
        return ["has no record of its inputs" if built else "is not built yet"]
    now = {
        **execution(job, sources),
        **rendering(job, sources),
        "tables": tables(known["inputs"].get("tables", ()), sources),
    }
    if known["inputs"] != now:
        return list(_changes(known["inputs"], now)) or ["has a record of other inputs"]
    if known["git"]["dirty"] and sources.git.get("dirty") is False:
        return ["was made from changes that have been committed since"]
    return list(_damage(folder, known["files"]))


def _changes(was: Inputs, now: Inputs) -> Iterator[str]:
    for name, words in sorted(_WORDS.items()):
        old, new = was.get(name), now.get(name)
        if old == new:
            continue
        if not isinstance(new, dict):
            yield words.format(_shown(new), _shown(old))
            continue
        old = old or {}
        parts = sorted(part for part in {**old, **new} if old.get(part) != new.get(part))
        if name in ("parameters", "versions"):  # these are short enough to be shown
            yield from (
                words.format(part, _shown(new.get(part)), _shown(old.get(part))) for part in parts
            )
        else:
            yield words.format(", ".join(parts))


#: What is said of an input that has changed.
_WORDS = {
    "parameters": "{} is {}, was {}",
    "notebooks": "notebook changed: {}",
    "tables": "table changed: {}",
    "data": "evidence changed: {}",
    "known": "what counts is what was known on {}, was {}",
    "code": "the analysis package changed",
    "translation": "the translations changed",
    "templates": "template changed: {}",
    "pages": "the code that makes pages changed",
    "words": "{} changed",
    "lock": "requirements.lock changed",
    "versions": "{} is {}, was {}",
    "formats": "formats are {}, were {}",
    "languages": "languages are {}, were {}",
    "listed": "being a set of the matrix is {}, was {}",
    "alone": "being a set without a site around it is {}, was {}",
    "place": "moved to {} from {}",
    "site": "the site's address is {}, was {}",
    "epoch": "SOURCE_DATE_EPOCH is {}, was {}",
    "version": "the way reports are made changed",
}


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "unset" if value is None else str(value)


def _damage(folder: Path, files: Mapping[str, Any]) -> Iterator[str]:
    """Find published files that are gone or not as they were; only one younger than the record is read."""
    written = os.stat(folder / RECORD).st_mtime_ns
    for name, (size, digest) in files.items():
        path = f"{folder}/{name}"  # a Path for each of thousands of files takes its time
        try:
            stat = os.stat(path)
        except FileNotFoundError:
            yield f"{name} is missing"
            continue
        same = stat.st_size == size
        if same and stat.st_mtime_ns > written:
            same = sha256(Path(path).read_bytes())[:_SHORT] == digest
        if not same:
            yield f"{name} is not as it was built"
