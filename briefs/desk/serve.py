"""``briefs serve``: the site on this machine, built again when something changes, the open page reloaded.

Building is left to the command itself, in a process of its own, so that a change of the code
counts as well and a build that fails takes nothing down. What reloads the page is put into the
responses here and is in no file of the site.
"""

import base64
import hashlib
import io
import json
import re
import sys
import threading
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from watchfiles import DefaultFilter, watch

from briefs.desk import request
from briefs.desk.again import Builder
from briefs.engine.staging import claim
from briefs.project import TOOL, project

HOST = "127.0.0.1"
STATE = "/.briefs/state"
_PATIENCE = 30  # seconds for a reader to say what it wants
_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPT = (_TEMPLATES / "reload.js").read_text(encoding="utf-8").strip().replace("STATE", STATE)
#: Folders that editors and tools leave beside the files that count.
_IGNORED = (*DefaultFilter.ignore_dirs, ".ipynb_checkpoints", ".ruff_cache")
_WAITING = (_TEMPLATES / "waiting.html").read_text(encoding="utf-8")


class Handler(SimpleHTTPRequestHandler):
    """Serves the site, with what reloads the page put into each; `state` is what that asks for."""

    def __init__(self, *arguments: Any, state: dict[str, Any], **options: Any):
        self.state = state
        super().__init__(*arguments, **options)

    timeout = _PATIENCE

    def send_head(self) -> Any:
        """Answer GET and HEAD: send the head, and return what follows it."""
        try:
            return self._head()
        except (OSError, ValueError):  # what can't be the name of a file, or of a host
            return self.send_error(400, "no address of a page")

    def _head(self) -> Any:
        # a page from elsewhere can have its own name point at this machine
        if urlsplit(f"//{self.headers.get('Host', '')}").hostname not in (HOST, "localhost"):
            return self.send_error(403, "only this machine is served")
        if urlsplit(self.path).path == STATE:
            return self._answer(200, "application/json", json.dumps(self.state))
        path = Path(self.translate_path(self.path))
        if path.is_dir():
            if not urlsplit(self.path).path.endswith("/"):
                return super().send_head()  # sends the reader on to the address with a slash
            path = path / "index.html"
        root = Path(self.directory).resolve()
        found = path.is_file() and path.resolve().is_relative_to(root)
        if found and path.suffix != ".html":
            return super().send_head()
        shown = path if found else root / "404.html"
        page = shown.read_text(encoding="utf-8") if shown.is_file() else _WAITING
        page = with_reload(page, self.state["built"])
        return self._answer(200 if found else 404, "text/html; charset=utf-8", page)

    def _answer(self, status: int, kind: str, text: str) -> BinaryIO:
        data = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return io.BytesIO(data)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, *arguments: Any) -> None:
        """Say nothing; the builds have the terminal."""


class _Server(ThreadingHTTPServer):
    """Takes many readers at once, and says nothing of those that leave before they are answered."""

    request_queue_size = 512
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


def with_reload(page: str, built: int) -> str:
    """Put what reloads a page into it, as it stands after so many builds, and let its policy allow that."""
    script = _SCRIPT.replace("BUILT", str(built))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    head, title, rest = page.partition("<title>")
    if "script-src" in head:
        head = re.sub(r"script-src (&#\w+;|[^;])*", rf"\g<0> 'sha256-{digest}'", head)
    else:
        head = head.replace("default-src", f"script-src 'sha256-{digest}'; default-src")
    body, mark, tail = rest.rpartition("</body>")
    return f"{head}{title}{body}<script>{script}</script>{mark}{tail}"


class Preview:
    """A server of the folder `out`, built again when something in `folders` changes.

    `build` is given the files that changed, none at first, and returns what went wrong, or nothing.
    Port 0 is a free one.
    """

    def __init__(
        self,
        out: Path,
        folders: Iterable[Path],
        build: Callable[[Collection[str]], str],
        port: int = 0,
    ):
        self._folders, self._build = list(folders), build
        self._state: dict[str, Any] = {"built": 0, "text": ""}
        self._stop = threading.Event()
        out.mkdir(parents=True, exist_ok=True)
        handler = partial(Handler, directory=str(out), state=self._state)
        self._server = _Server((HOST, port), handler)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self._server.server_port}/"

    def run(self, announce: Callable[[str], None] = lambda url: None) -> None:
        """Serve, build, and build again at each change, until `stop` or an interrupt."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        try:
            announce(self.url)
            begun = False
            for changes in watch(
                *self._folders,
                watch_filter=DefaultFilter(ignore_dirs=_IGNORED),
                debounce=300,
                rust_timeout=500,
                stop_event=self._stop,
                yield_on_timeout=True,  # the first build begins when changes are being noticed
            ):
                if changes or not begun:
                    begun = True
                    self._make({path for _, path in changes})
        finally:
            self._server.shutdown()
            self._server.server_close()

    def stop(self) -> None:
        self._stop.set()

    def _make(self, changed: Collection[str]) -> None:
        self._state["text"] = "building …"
        fault = self._build(changed)
        self._state.update(text=fault, built=self._state["built"] + (not fault))


def prepare(
    out: Path | None, reports: Sequence[str], names: Sequence[str], language: str, formats: str
) -> tuple[Path, list[Path], Builder]:
    """Check what is asked for, and return the folder to show, those to watch, and what builds."""
    here = project()
    out = out or here.reports / "preview"
    request.read(out, reports, names=names, language=language, formats=formats)
    claim(out)
    folders = [here.notebooks, here.root / here.package, here.data, TOOL]
    sets = [word for name in names for word in ("--set", name)]
    words = [*reports, *sets, "--language", language, "--formats", formats]
    return out, folders, Builder(out, words)


def show(
    out: Path, folders: list[Path], builder: Builder, port: int, announce: Callable[[str], None]
) -> None:
    """Run a preview until an interrupt."""
    with closing(builder):
        Preview(out, folders, builder, port).run(announce)
