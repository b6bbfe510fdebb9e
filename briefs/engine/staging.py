"""The folder that builds write: marked as theirs, with a record of every file they put there.

Nothing but what such a record names is ever replaced or deleted, so whatever else lies in the
folder stays. A reader never sees half of a file, also where a build is killed: files are made
aside first, then renamed. Once all files of a page are made, what is to be done with them is
written down beside them; whoever comes next after a kill carries on, so none is left half old.
"""

import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from briefs.engine.plan import Job
from briefs.files import OutsideError, WriteError, inside, write_file
from briefs.project import PlanError

#: Folder below the site's root that marks it, and holds records, locks and what isn't in place yet.
OWN = ".briefs"
RESULTS = "results.json"
#: Put in place after all others: the page when what it points to is there, the record of all at the very end.
LAST = ("index.html", RESULTS, "inputs.json")
_MARK = "README"
#: Folder of new files while they are made, and once it is decided that they go to their places.
_FRESH, _DECIDED = ".new", ".decided"
_LIST = "list.json"
_TEXT = """The folder around this one is written by `briefs build`. Here it keeps which files it put there:
it replaces and deletes those, and no others. Without this folder it won't build here again.
"""
_LOCK_SECONDS = 60
#: All that there is in the folder of a report, wherever it was made: nothing else of a stranger's is shown.
_OF_REPORT = re.compile(
    r"(index\.html|(outline|results|inputs)\.json|card\.png|(brief|annex)\.pdf|notebook\.ipynb"
    r"|data/[a-z0-9][a-z0-9_.-]*\.(csv|svg|png|ics))"
)

#: File in a record: its name; with the digest of its bytes while it comes or goes, when another may stand there.
_Entry = str | tuple[str, str]


def claim(out: Path) -> Path:
    """Mark a new or empty folder as one that builds write.

    It's a `PlanError` if it holds something and isn't marked, or nothing can be written there.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        if not inside(out, f"{OWN}/{_MARK}").is_file():
            if found := _strange(out):
                raise PlanError(
                    f"{out}: holds {found}, which no build put there; choose an empty or new folder, "
                    "or empty this one if nothing in it is needed"
                )
            write_file(out / OWN / _MARK, _TEXT.encode())
        with tempfile.TemporaryFile(dir=out):
            pass
    except OSError as error:
        raise PlanError(f"cannot write into {out}: {error.strerror or error}") from None
    return out


def _strange(out: Path) -> str:
    """Name something in a folder that a build didn't put there; our own mark may be half-written."""
    return min((path.name for path in out.iterdir() if path.name != OWN), default="")


def publish_report(job: Job, files: Mapping[str, bytes]) -> None:
    """Put the files of a report in place, see `publish`; an `EditionError` if that would change an edition."""
    if odd := sorted(name for name in files if not _OF_REPORT.fullmatch(name)):
        raise OutsideError(f"{odd[0]!r} is no file of a report")
    if RESULTS in files:
        from briefs.render import editions  # late: most builds publish nothing

        editions.hold(job.place, files[RESULTS])
    publish(job.out, job.place, files)


def publish(out: Path, place: str, files: Mapping[str, bytes], *, owner: str = "") -> list[str]:
    """Put files into a folder of the site, and remove those that an earlier build put there.

    Each file is the old or the new one at any moment, and one that is so already isn't touched;
    those that changed are returned. `place` is the folder of one report, empty for the pages around
    the reports; `owner` names the record of what stands there, of which each place has one.

    Raises
    ------
    WriteError
        Naming the path and the reason, also where a file stands that no build put there; what was
        published stays as far as it isn't replaced yet.
    PlanError, OutsideError
        If `out` isn't ours, or a name leads out of it.
    """
    owner = owner or _owner(place)
    claim(out)
    paths = {name: _path(out, place, name) for name in files}
    with _failing(out / place), _locked(out, owner):
        known = recorded(out, place, owner)
        changed = [name for name in sorted(files, key=_order) if _differs(paths[name], files[name])]
        for name in changed:
            if name not in known and os.path.lexists(paths[name]):
                raise WriteError(f"cannot write {paths[name]}: no build put it there; move it away")
        going = {name: _path(out, place, name) for name in known - files.keys()}
        # Recorded before it comes or goes: a build that is killed leaves nothing that nobody owns, and
        # owns nothing that comes there later.
        coming = {name: _digest(files[name]) for name in files.keys() - known}
        leaving = {
            name: _digest(path.read_bytes()) for name, path in going.items() if path.is_file()
        }
        _record(out, owner, [*sorted(known & files.keys()), *(coming | leaving).items()])
        _decide(out, owner, place, {name: files[name] for name in changed}, sorted(files))
        try:
            _carry_out(out, owner)
        except (KeyboardInterrupt, SystemExit):
            _carry_out(out, owner)
            raise
    return changed


def recorded(out: Path, place: str, owner: str = "") -> set[str]:
    """Return the files at `place` that builds put there, by their path below it."""
    found = set()
    for entry in _entries(_record_of(out, owner or _owner(place))):
        name, digest = (entry, None) if isinstance(entry, str) else entry
        if digest is None or _stands(out / place / name, digest):
            found.add(name)
    return found


def places(out: Path) -> list[str]:
    """List the folders of the reports that builds put below `out` and that still stand there."""
    owners = (path.stem for path in (out / OWN).glob("*+*.json"))
    found = (owner.replace("+", "/") for owner in owners)
    return sorted(place for place in found if (out / place / RESULTS).is_file())


def sweep(out: Path, place: str) -> None:
    """Put right what a killed build left of `place`, unless another build is at it."""
    if (out / OWN / _MARK).is_file():
        _settle(out, _owner(place))


def settle(out: Path) -> None:
    """Put right what killed builds left of any place, unless another build is at it."""
    if not (out / OWN / _MARK).is_file():
        return
    for path in list((out / OWN).iterdir()):
        if path.name.startswith(f".{_MARK}."):
            path.unlink(missing_ok=True)
        elif path.suffix in (_FRESH, _DECIDED, ".lock"):
            _settle(out, path.name.removesuffix(path.suffix).removesuffix(".json"))


def _settle(out: Path, owner: str) -> None:
    with suppress(OSError), _locked(out, owner, 0):
        pass


def _path(out: Path, place: str, name: str) -> Path:
    path = inside(out, f"{place}/{name}" if place else name)
    if path.relative_to(out).parts[0] == OWN:
        raise OutsideError(f"{path} is no place for a page")
    return path


def _order(name: str) -> tuple[int, str]:
    return LAST.index(name) + 1 if name in LAST else 0, name


def _differs(path: Path, data: bytes) -> bool:
    try:
        return path.is_symlink() or path.read_bytes() != data
    except OSError:
        return True


def _decide(
    out: Path, owner: str, place: str, files: Mapping[str, bytes], names: list[str]
) -> None:
    """Write files aside with what is to become of the place: these put there, and no others than `names` left."""
    fresh = out / OWN / f"{owner}{_FRESH}"
    try:
        fresh.mkdir()
        for number, data in enumerate(files.values()):
            (fresh / str(number)).write_bytes(data)
            (fresh / str(number)).chmod(0o644)
        todo = {"place": place, "put": list(files), "names": names}
        (fresh / _LIST).write_bytes(json.dumps(todo, ensure_ascii=False).encode())
        os.rename(fresh, out / OWN / f"{owner}{_DECIDED}")
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _carry_out(out: Path, owner: str) -> None:
    """Rename files into place in the order given and remove others, as far as that isn't done yet.

    A file of a stranger's that came meanwhile stays, and isn't ours.
    """
    decided = out / OWN / f"{owner}{_DECIDED}"
    if not (decided / _LIST).is_file():
        return
    try:
        todo = json.loads((decided / _LIST).read_bytes())
        place, ours = todo["place"], set(todo["names"])
        known = recorded(out, place, owner)
        for number, name in enumerate(todo["put"]):
            fresh, path = decided / str(number), _path(out, place, name)
            if not fresh.is_file():
                continue
            if name not in known and os.path.lexists(path):
                ours.discard(name)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            os.replace(fresh, path)
        for name in known - ours:
            _remove(out, _path(out, place, name))
        _record(out, owner, sorted(ours))
    except Exception:
        shutil.rmtree(decided, ignore_errors=True)
        raise
    (decided / _LIST).unlink()
    shutil.rmtree(decided, ignore_errors=True)


def _remove(out: Path, path: Path) -> None:
    """Remove a file that a build put there, and its folders as far as they are empty then."""
    path.unlink(missing_ok=True)
    with suppress(OSError):
        for folder in path.parents[: len(path.relative_to(out).parents) - 1]:
            folder.rmdir()


def _record(out: Path, owner: str, entries: list[_Entry]) -> None:
    path, data = _record_of(out, owner), json.dumps(entries, ensure_ascii=False).encode()
    if _differs(path, data):
        fresh = path.with_name(f"{path.name}{_FRESH}")
        fresh.write_bytes(data)
        os.replace(fresh, path)


def _entries(path: Path) -> list[_Entry]:
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):  # none yet, or damaged: then none is ours
        return []
    return [entry for entry in found if _is_entry(entry)] if isinstance(found, list) else []


def _is_entry(entry: object) -> bool:
    texts = entry if isinstance(entry, list) and len(entry) == 2 else [entry]
    return all(isinstance(text, str) for text in texts)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _stands(path: Path, digest: str) -> bool:
    return path.is_file() and not path.is_symlink() and _digest(path.read_bytes()) == digest


def _record_of(out: Path, owner: str) -> Path:
    return out / OWN / f"{owner}.json"


def _owner(place: str) -> str:
    return place.replace("/", "+") or "site"


@contextmanager
def _locked(out: Path, owner: str, seconds: float = _LOCK_SECONDS) -> Iterator[None]:
    """Be the only one to write, when what others left half done is carried on, and what they left removed."""
    path = out / OWN / f"{owner}.lock"
    with FileLock(path, timeout=seconds):
        try:
            with suppress(OSError, ValueError, LookupError, TypeError):  # damaged, or a full disk
                _carry_out(out, owner)
            for kind in (_FRESH, _DECIDED):
                shutil.rmtree(out / OWN / f"{owner}{kind}", ignore_errors=True)
            _record_of(out, owner).with_name(f"{owner}.json{_FRESH}").unlink(missing_ok=True)
            yield
        finally:
            with suppress(OSError):  # Windows removes no open file
                path.unlink()  # a build that waits for it notices, and makes a new one


@contextmanager
def _failing(target: Path) -> Iterator[None]:
    """Name the path and the reason of what can't be written."""
    try:
        yield
    except WriteError:
        raise
    except Timeout:
        raise WriteError(
            f"cannot write {target}: another build has been writing it for {_LOCK_SECONDS} seconds"
        ) from None
    except OSError as error:
        path = error.filename2 or error.filename or target
        raise WriteError(f"cannot write {path}: {error.strerror or error}") from error
