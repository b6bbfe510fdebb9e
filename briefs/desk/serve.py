"""``briefs serve``: the site on this machine, built again when something changes, the open page reloaded.

Building is left to the command itself, in a process of its own, so that a change of the code
counts as well and a build that fails takes nothing down. What reloads the page is put into the
responses here and is in no file of the site.
"""

import base64
import hashlib
import html
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from watchfiles import DefaultFilter, watch

from briefs.desk.request import Selection
from briefs.project import TOOL, Project

HOST = "127.0.0.1"
EVENTS = "/.briefs/events"
_TEMPLATES = Path(__file__).parent / "templates"
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')
_BEAT = 15.0
_SCRIPT = (_TEMPLATES / "reload.js").read_text(encoding="utf-8").strip()
_WAITING = (_TEMPLATES / "waiting.html").read_text(encoding="utf-8")


def watched(here: Project) -> tuple[Path, ...]:
    """Folders that pages are made from."""
    return here.notebooks, here.root / here.package, here.data, TOOL


class Ignored(DefaultFilter):
    """What editors and tools leave beside the files that count."""

    ignore_dirs = (*DefaultFilter.ignore_dirs, ".ipynb_checkpoints", ".ruff_cache")


@dataclass
class State:
    """How often the site was built, and what its page should say; a change wakes all that wait for one."""

    built: int = 0
    text: str = ""
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _number: int = 0
    closed: bool = False

    def set(self, text: str, *, built: bool = False) -> None:
        """Change the text, and count a build that ended well."""
        with self._changed:
            self.text, self.built, self._number = text, self.built + built, self._number + 1
            self._changed.notify_all()

    def close(self) -> None:
        """Let all go that wait."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def after(self, number: int, seconds: float) -> tuple[int, str]:
        """Wait for a change since `number`, at most so long; return the number now and the state as JSON."""
        with self._changed:
            self._changed.wait_for(lambda: self._number > number or self.closed, seconds)
            return self._number, json.dumps({"built": self.built, "text": self.text})


class Handler(SimpleHTTPRequestHandler):
    """Serves the site, with what reloads the page put into each."""

    def __init__(self, *arguments: Any, state: State, **options: Any):
        self.state = state
        super().__init__(*arguments, **options)

    def do_GET(self) -> None:
        if self._is_foreign():
            self.send_error(403, "only this machine is served")
        elif urlsplit(self.path).path == EVENTS:
            self._events()
        elif (path := self._page()) is not None:
            self._send_page(path)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing; the builds have the terminal."""

    def _is_foreign(self) -> bool:
        """Whether a page from elsewhere has its name point at this server."""
        return urlsplit(f"//{self.headers.get('Host', '')}").hostname not in (HOST, "localhost")

    def _page(self) -> Path | None:
        """Return the page asked for, the one for lost readers included; None for other files."""
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            if not urlsplit(self.path).path.endswith("/"):
                return None  # the server sends the reader on to the address with a slash
            path = path / "index.html"
        return path if path.suffix == ".html" or not path.is_file() else None

    def _send_page(self, path: Path) -> None:
        found = path.is_file()
        lost = Path(self.directory) / "404.html"
        shown = path if found else lost
        text = shown.read_text(encoding="utf-8") if shown.is_file() else _WAITING
        data = with_reload(text, self.state.built).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _events(self) -> None:
        """Send the state now and after each change, until the reader is gone."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        number = -1
        try:
            while not self.state.closed:
                latest, text = self.state.after(number, _BEAT)
                self.wfile.write(
                    f"data: {text}\n\n".encode() if latest != number else b": still here\n\n"
                )
                self.wfile.flush()
                number = latest
        except (BrokenPipeError, ConnectionResetError):
            return


def with_reload(page: str, built: int) -> str:
    """Put what reloads the page into it, and let its policy allow that.

    Parameters
    ----------
    built : int
        Number of the build that the page is of.
    """
    script = _SCRIPT.replace("BUILT", str(built)).replace("EVENTS", EVENTS)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()

    def widened(match: re.Match[str]) -> str:
        rules = [rule.strip() for rule in html.unescape(match[2]).split(";")]
        allowed = next((rule for rule in rules if rule.startswith("script-src ")), "script-src")
        rules = [rule for rule in rules if rule not in ("", allowed)]
        rules = [rule for rule in rules if not rule.startswith("connect-src ")]
        rules += [f"{allowed} 'sha256-{digest}'", "connect-src 'self'"]
        return match[1] + html.escape("; ".join(rules)) + match[3]

    head, mark, tail = _POLICY.sub(widened, page, count=1).rpartition("</body>")
    return f"{head}<script>{script}</script>{mark}{tail}"


class Preview:
    """A server of the folder `out`, and what keeps it up to date.

    Parameters
    ----------
    out : Path
        Folder of the site.
    folders : iterable of Path
        Where a change calls for a build.
    build : callable
        Builds, and returns what went wrong, or nothing.
    port : int
        0 takes a free one.
    """

    def __init__(self, out: Path, folders: Iterable[Path], build: Callable[[], str], port: int = 0):
        self.state, self._folders, self._build = State(), list(folders), build
        self._stop = threading.Event()
        out.mkdir(parents=True, exist_ok=True)
        self._server = ThreadingHTTPServer(
            (HOST, port), partial(Handler, directory=str(out), state=self.state)
        )
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        """Address of the site."""
        return f"http://{HOST}:{self._server.server_port}/"

    def run(self, announce: Callable[[str], None] = lambda url: None) -> None:
        """Serve, build, and build again at each change, until `stop` or an interrupt."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        try:
            announce(self.url)
            self._make()
            for _changes in watch(
                *self._folders,
                watch_filter=Ignored(),
                debounce=300,
                step=50,
                rust_timeout=500,
                stop_event=self._stop,
            ):
                self._make()
        finally:
            self.state.close()
            self._server.shutdown()
            self._server.server_close()

    def stop(self) -> None:
        """End `run`."""
        self._stop.set()

    def _make(self) -> None:
        self.state.set("building …")
        fault = self._build()
        self.state.set(fault, built=not fault)


def words(selection: Selection) -> list[str]:
    """Write a selection of reports as the words of a command line."""
    named = [word for name in selection.names or () for word in ("--set", name)]
    language = ["--language", selection.language] if selection.language else []
    return [*(selection.reports or ()), *named, *language, "--formats", selection.formats]


def command(out: Path, arguments: Sequence[str]) -> Callable[[], str]:
    """Return what runs ``briefs build`` into `out`, with these arguments besides."""
    # this very package, whatever folder the reader stands in
    words = [sys.executable, "-P", "-m", "briefs", "build", *arguments, "--out", str(out.resolve())]
    package = str(TOOL.parent)
    env = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (package, os.environ.get("PYTHONPATH")))),
    }

    def build() -> str:
        done = subprocess.run(
            words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=env
        )
        sys.stderr.write(done.stderr)
        if done.returncode == 0:
            return ""
        lines = done.stderr.splitlines()
        faults = [line for line in lines if ": failed: " in line or line.startswith("error: ")]
        return "\n".join(faults) or f"the build ended with {done.returncode}"

    return build
