"""The project's own papers agree: packages, lock, versions, entry points, and nothing of one machine."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from briefs.__main__ import app

ROOT = Path(__file__).parents[2]
LOCK, TEST_LOCK = ROOT / "requirements.lock", ROOT / "requirements-test.lock"
#: Extras of each lock; what building needs is in both, at the same versions.
LOCKS = {LOCK: ("build",), TEST_LOCK: ("build", "test", "lab", "refresh", "scheduler", "new")}
PACKAGES = ("analysis", "briefs")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
ENTRY_POINTS = [
    (group, name, value)
    for group, points in {"console_scripts": PROJECT["scripts"], **PROJECT["entry-points"]}.items()
    for name, value in points.items()
]


def bounds(lines):
    """Package -> its version bound."""
    return {canonicalize_name(need.name): str(need.specifier) for need in map(Requirement, lines)}


def declared(*extras):
    return bounds(PROJECT["dependencies"] + [line for extra in extras for line in EXTRAS[extra]])


def read_lock(text):
    """Pins of a lock, as ``(requirement, number of hashes)``."""
    lines = re.sub(r"\\\n\s*", " ", text).splitlines()
    pins = [line for line in lines if line.strip() and not line.startswith("#")]
    hashes = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
    return [(Requirement(line.split(" --hash=")[0]), len(hashes.findall(line))) for line in pins]


def lock_faults(text):
    """What makes a lock float, or tie it to one machine or one index."""
    faults = [
        f"line {number}: {line.strip()}"
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(r"://|@ |file:|^\s*(-[a-z]\b|--(?!hash=sha256:))", line)
    ]
    if not faults:
        faults = [f"{pin}: no hash" for pin, hashes in read_lock(text) if not hashes]
        faults += [
            f"{pin}: not one exact version"
            for pin, _ in read_lock(text)
            if not re.fullmatch(r"==[\w.]+", str(pin.specifier))
        ]
    return faults


@pytest.fixture(scope="module")
def conda():
    """Parse environment.yml into its head and the lines of conda's and of pip's own packages."""
    env = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    from_pip = [
        line for item in env["dependencies"] if isinstance(item, dict) for line in item["pip"]
    ]
    from_conda = [item for item in env["dependencies"] if isinstance(item, str)]
    return env, from_conda, from_pip


def test_conda_names_the_same_packages_with_the_same_bounds(conda):
    _, from_conda, from_pip = conda
    named = bounds([line for line in from_conda + from_pip if not line.startswith("-")])
    assert named.pop("python") == PROJECT["requires-python"]
    assert named.pop("pip") == ""
    assert named == declared(*LOCKS[TEST_LOCK])


def test_conda_takes_packages_from_conda_forge_alone_and_the_project_from_here(conda):
    env, _, from_pip = conda
    assert env["name"] == PROJECT["name"]
    assert set(env["channels"]) == {"conda-forge", "nodefaults"}
    assert "-e ." in from_pip
    assert any(
        line.startswith("typst") for line in from_pip
    )  # conda-forge's typst is another program


def pins_of(lock):
    """Package -> versions in a lock; more than one where they depend on the system."""
    pins = {}
    for pin, _ in read_lock(lock.read_text(encoding="utf-8")):
        version = str(pin.specifier).removeprefix("==")
        pins.setdefault(canonicalize_name(pin.name), set()).add(version)
    return pins


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_has_every_package_at_a_version_that_we_allow(lock):
    pins = pins_of(lock)
    wanted = [Requirement(f"{name}{bound}") for name, bound in declared(*LOCKS[lock]).items()]
    found = {str(need): pins.get(need.name, {"0"}) for need in wanted}
    assert [
        (need, versions)
        for need, versions in found.items()
        if not all(Requirement(need).specifier.contains(v) for v in versions)
    ] == []


def test_a_reader_of_reports_installs_nothing_for_tests_and_the_tests_what_a_reader_has():
    reader, tester = pins_of(LOCK), pins_of(TEST_LOCK)
    assert not {"pytest", "playwright", "jupyterlab", "mypy"} & reader.keys()
    assert {name: tester.get(name) for name in reader} == reader


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_pins_and_hashes_everything_names_no_place_and_serves_every_system(lock):
    text = lock.read_text(encoding="utf-8")
    pins = read_lock(text)
    assert len(pins) > 80
    assert lock_faults(text) == []
    markers = " ".join(str(pin.marker) for pin, _ in pins if pin.marker)
    assert 'sys_platform == "win32"' in markers or 'os_name == "nt"' in markers
    assert 'sys_platform == "darwin"' in markers


def test_what_pins_packages_is_pinned_itself():
    text = (ROOT / "requirements-uv.lock").read_text("utf-8")
    ((pin, hashes),) = read_lock(text)
    assert (lock_faults(text), pin.name, hashes > 5) == ([], "uv", True)
    installs = re.findall(r"(?i)pip\)? install .*", (ROOT / "Makefile").read_text("utf-8"))
    fetching = [line for line in installs if "--no-deps --no-build-isolation" not in line]
    assert len(fetching) == 3 and all("--require-hashes --only-binary" in line for line in fetching)


HASH = "--hash=sha256:" + "0" * 64


@pytest.mark.parametrize(
    "text",
    [
        "numpy==2.0.0\n",
        f"numpy>=2.0.0 {HASH}\n",
        f"numpy==2.* {HASH}\n",
        "numpy==2.0.0 --hash=sha256:0123\n",
        f"numpy==2.0.0 \\\n    {HASH}\npandas==2.2.0 \\\n    --hash=md5:0\n",
        f"numpy @ https://example.org/numpy.whl {HASH}\n",
        f"--index-url https://example.org/simple\nnumpy==2.0.0 {HASH}\n",
        f"--find-links wheels\nnumpy==2.0.0 {HASH}\n",
        f"-i x\nnumpy==2.0.0 {HASH}\n",
        f"-e .\nnumpy==2.0.0 {HASH}\n",
    ],
)
def test_a_lock_that_floats_is_caught(text):
    assert lock_faults(text)


def test_a_sound_lock_is_let_through():
    assert (
        lock_faults(
            f"# by make lock\nnumpy==2.0.0 ; python_version < '3.12' \\\n    {HASH} \\\n    {HASH}\n"
        )
        == []
    )


def test_the_version_is_one():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["version"]) == PROJECT["version"] == metadata.version(PROJECT["name"])
    assert citation["license"] == PROJECT["license"]


def test_the_citation_has_what_the_format_requires():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert str(citation["cff-version"]) == "1.2.0"
    assert citation["message"] and citation["title"]
    assert citation["authors"] == [{"name": "AI Cost Briefs contributors"}]


@pytest.mark.parametrize(
    ("group", "name", "value"), ENTRY_POINTS, ids=lambda part: part.rpartition(":")[2]
)
def test_an_entry_point_is_installed_and_loads(group, name, value):
    (point,) = metadata.entry_points(group=group, name=name)
    assert point.value == value, "installed from another pyproject.toml: run make again"
    assert callable(point.load())


def imported(source):
    """Top names of the packages that a source imports, its own and relative ones aside."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def test_every_library_that_the_packages_import_is_declared():
    paths = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    names = {name for path in paths for name in imported(path.read_text(encoding="utf-8"))}
    names -= {*sys.stdlib_module_names, *PACKAGES}
    ours = declared(*EXTRAS.keys() - {"test", "build"})
    del ours["jupyterlab"]  # is only run
    homes = metadata.packages_distributions()
    assert {"pandas", "babel"} <= names
    assert (
        sorted(
            name
            for name in names
            if not {canonicalize_name(d) for d in homes.get(name, [])} & ours.keys()
        )
        == []
    )


# Spelled so that this file doesn't hold what it looks for. An address in a citation may have
# such a folder behind its host name: hence nothing before the slash.
MACHINE_PATH = re.compile(
    r"(?<![\w.~-])/(?:home|Users)/\w|(?<![\w.~-])/(?:root)/|\b[A-Za-z]:\\+(?:Users)\\"
)
REGISTRY = re.compile(r"://[\w.-]*(?:pypi|pythonhosted|npmjs|debian|anaconda)[\w.-]*")


def places(text):
    """Paths of one machine and hosts of package registries that a text names."""
    here = [str(path) for path in (ROOT, Path.home()) if len(path.parts) > 2]
    found = [match.group() for rule in (MACHINE_PATH, REGISTRY) for match in rule.finditer(text)]
    return found + [path for path in here if path in text]


def git_files():
    """Files that are tracked, or would be by ``git add``."""
    if not shutil.which("git"):
        pytest.skip("git isn't installed")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if listing.returncode or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_file_names_a_machine_or_a_registry():
    files = git_files()
    assert ROOT / "pyproject.toml" in files
    found = [
        f"{path.relative_to(ROOT)}: {place}"
        for path in files
        for place in places(path.read_bytes().decode("utf-8", errors="ignore"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("text", "slash"),
    [
        ("|home|ana|x", "/"),
        ("see (|root|x)", "/"),
        ("'|Users|ana'", "/"),
        ("file:|||home|ana", "/"),
        ("C:|Users|ana", "\\"),
        ("C:|Users|ana", "\\\\"),
        ("https:||a-pypi.example|simple", "/"),
        ("http:||registry.npmjs.example", "/"),
    ],
)
def test_a_place_of_one_machine_is_caught(text, slash):
    assert places(text.replace("|", slash))


@pytest.mark.parametrize(
    "text",
    [
        "https://example.org/home/news",
        "https://example.org/Users/guide",
        "/usr/bin/chromium",
        "a root/leaf ratio",
    ],
)
def test_an_ordinary_address_is_let_through(text):
    assert places(text) == []


def test_nothing_built_is_tracked():
    built = {"reports", ".venv", "build", "dist", ".ruff_cache", ".pytest_cache"}
    inside = [
        path.relative_to(ROOT).as_posix()
        for path in git_files()
        if path.relative_to(ROOT).parts[0] in built
    ]
    assert inside == ["reports/README.md"]


@pytest.mark.slow
def test_the_wheel_holds_all_that_the_packages_need(tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ["pyproject.toml", "LICENSE", "README.md"]:
        if (ROOT / name).exists():
            shutil.copy(ROOT / name, tree)
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tree / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    deep = tree / "briefs/render/templates/page/parts"  # as deep as templates may lie
    deep.mkdir(parents=True)
    (deep / "x.html.j2").touch()
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index"]
    subprocess.run(
        [*command, "--no-build-isolation", "--wheel-dir", tmp_path, tree],
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(PACKAGES)}
    files = [path for package in PACKAGES for path in (tree / package).rglob("*") if path.is_file()]
    assert packed == {path.relative_to(tree).as_posix() for path in files}


def test_the_readme_names_targets_and_verbs_that_there_are():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE))
    named = set(re.findall(r"(?<![\w`.-])`?make ([a-z][a-z-]*)`?(?=[`\s,.;)])", code_of(readme)))
    assert {"reports", "test", "lab"} <= named <= targets
    verbs = {command.callback.__name__.rstrip("_") for command in app.registered_commands}
    verbs |= {part.name for part in (*app.registered_commands, *app.registered_groups) if part.name}
    asked = set(re.findall(r"(?m)(?:^|bin/)briefs ([a-z]+)\b", code_of(readme)))
    assert asked and asked <= verbs


def code_of(text):
    """What stands in code of a Markdown text, a line each."""
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    return "\n".join(blocks + re.findall(r"`([^`\n]+)`", text)) + "\n"
