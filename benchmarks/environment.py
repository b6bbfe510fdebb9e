"""An environment for the peers beside this project: same Python, same libraries, nothing left in the user's own."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ("papermill", "nbconvert", "marimo", "ploomber", "ploomber-engine")
_WHAT_VERSIONS = (
    "papermill",
    "nbclient",
    "nbconvert",
    "ipykernel",
    "marimo",
    "ploomber",
    "typst",
    "matplotlib",
    "pandas",
    "numpy",
)


@dataclass(frozen=True)
class Environment:
    """Where the peers are installed, their versions, and what couldn't be installed and why."""

    folder: Path
    versions: dict[str, str]
    missing: dict[str, str]

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.folder / "bin" / "python"


def make(folder: Path) -> Environment:
    """Make the environment, or use the one made before from the same lock and checkout.

    This project is installed editable with the versions of its lock; then each peer, held to
    the same versions.
    """
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    stamp, key = (
        folder / "made.json",
        hashlib.sha256("\0".join([lock, sys.version, str(ROOT), *PEERS]).encode()).hexdigest(),
    )
    if not stamp.is_file() or json.loads(stamp.read_text("utf-8"))["key"] != key:
        print(f"making {folder} …", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        held = folder / "held.txt"
        held.write_text("\n".join(re.findall(r"^[\w.-]+==[^\\\n]+", lock, re.MULTILINE)), "utf-8")
        if reason := _pip(folder, held, "setuptools", "psutil", ROOT):
            raise SystemExit(f"error: this project can't be installed: {reason}")
        _pip(folder, held, "--no-deps", "--no-build-isolation", "--editable", ROOT)
        missing = {peer: reason for peer in PEERS if (reason := _pip(folder, held, peer))}
        stamp.write_text(json.dumps({"key": key, "missing": missing}), "utf-8")
    return Environment(folder, _versions(folder), json.loads(stamp.read_text("utf-8"))["missing"])


def _pip(folder: Path, held: Path, *what: str | Path) -> str:
    """Install; return why that failed, or nothing."""
    done = subprocess.run(
        [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--constraint", held, *what],
        capture_output=True,
        text=True,
    )
    errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
    return "; ".join(errors)[:500] or done.stderr[-500:] if done.returncode else ""


def _versions(folder: Path) -> dict[str, str]:
    listed = subprocess.run(
        [folder / "bin" / "python", "-m", "pip", "list", "--format", "json"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    installed = {row["name"].lower(): row["version"] for row in json.loads(listed)}
    return {name: installed[name] for name in _WHAT_VERSIONS if name in installed}
