"""A file from the web, taken with care: the one place that opens a connection of our own.

Only https, only public addresses, no redirect to another host, a limit on bytes and seconds, the
kind of content that was expected. The address that was checked is the one connected to, so a name
that changes its mind in between leads nowhere.
"""

import datetime as dt
import ipaddress
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import hishel
import httpx
import tenacity
from hishel.httpx import CacheTransport

from briefs.evidence.upstream.contract import Address, Listed, UpstreamError

REDIRECTS = (301, 302, 303, 307, 308)
AGAIN = (429, 500, 502, 503, 504)


@dataclass(frozen=True)
class Rules:
    """How to ask: who asks (`contact`), how patiently, how often.

    `local` takes this machine's own addresses, without TLS, and no others: for tests.
    """

    contact: str
    seconds: float = 120
    attempts: int = 3
    pause: float = 1.0
    local: bool = False


class _Later(Exception):
    """The upstream asks for patience."""

    def __init__(self, status: int, seconds: float):
        self.status, self.seconds = status, seconds
        super().__init__(f"status {status}")


class _Pinned(httpx.HTTPTransport):
    """Connects to the very address that was checked."""

    def __init__(self, rules: Rules):
        self._rules = rules
        super().__init__(verify=True, trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        address = checked_address(host, self._rules.local)
        return super().handle_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
        )


def checked_address(host: str, local: bool = False) -> str:
    """Return an address of `host`; an `UpstreamError` if any of its addresses isn't public."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UpstreamError("unreachable", f"{host}: {error}") from None
    addresses = [ipaddress.ip_address(entry[4][0]) for entry in found]
    for address in addresses:
        if not (address.is_loopback if local else address.is_global):
            raise UpstreamError("refused", f"{host} leads to {address}, which isn't public")
    return str(addresses[0])


@dataclass
class Web:
    """A client that keeps what it fetched in `cache`, asks whether that still holds, and waits between requests."""

    rules: Rules
    cache: Path | None = None
    _asked: dict[str, float] = field(default_factory=dict)

    def get(self, address: Address, settings: Mapping[str, Any]) -> tuple[str, bytes]:
        """Return the final address and the bytes there."""
        url = address.url.format(**settings)
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type((httpx.TransportError, _Later)),
            stop=tenacity.stop_after_attempt(self.rules.attempts),
            wait=self._wait,
            reraise=True,
        )
        try:
            with closing(self._client(address)) as client:
                return retrying(self._follow, client, url, address)
        except httpx.TimeoutException:
            raise UpstreamError("too slow", f"{url}: no answer in time") from None
        except _Later as error:
            raise UpstreamError("unreachable", f"{url}: {error}") from None
        except httpx.HTTPError as error:
            raise UpstreamError("unreachable", f"{url}: {error}") from None
        except httpx.InvalidURL as error:
            raise UpstreamError("refused", f"{url}: {error}") from None

    def follow(self, transport: Address | Listed, settings: Mapping[str, Any]) -> tuple[str, bytes]:
        """Return the same of a file that another one lists, or of a plain address."""
        if isinstance(transport, Address):
            return self.get(transport, settings)
        _url, listing = self.get(transport.index, settings)
        try:
            found = transport.pick(listing, settings)
        except UpstreamError:
            raise
        except Exception as error:  # whatever strange bytes can raise
            raise UpstreamError("broken", f"the list: {type(error).__name__}: {error}") from None
        return self.get(transport.file, {**settings, **found})

    def _client(self, address: Address) -> httpx.Client:
        transport: httpx.BaseTransport = _Pinned(self.rules)
        if self.cache:
            self.cache.mkdir(parents=True, exist_ok=True)
            storage = hishel.SqliteStorage(database_path=self.cache / "http.db")
            transport = CacheTransport(next_transport=transport, storage=storage, rfc=True)
        headers = {
            "User-Agent": f"evidence-briefs ({self.rules.contact})",
            "Cache-Control": "no-cache",  # a look asks whether what is kept still holds
            **address.headers,
        }
        patience = min(self.rules.seconds, 30)
        return httpx.Client(transport=transport, headers=headers, timeout=patience)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.seconds if isinstance(error, _Later) else 0.0
        return min(max(asked, self.rules.pause * 2.0**state.attempt_number), self.rules.seconds)

    def _follow(self, client: httpx.Client, url: str, address: Address) -> tuple[str, bytes]:
        """Follow redirects as far as they stay on the host."""
        started, until, here = url, time.monotonic() + self.rules.seconds, httpx.URL(url)
        for _step in range(5):
            self._check_scheme(here)
            self._be_polite(here.host)
            with client.stream("GET", here, follow_redirects=False) as response:
                if response.status_code not in REDIRECTS:
                    return str(here), self._body(response, address, until)
                there = here.join(response.headers.get("location", ""))
            if (there.host, there.port) != (here.host, here.port):
                raise UpstreamError("refused", f"{here} sends on to another host, {there.host}")
            here = there
        raise UpstreamError("refused", f"{started} sends on and on")

    def _check_scheme(self, url: httpx.URL) -> None:
        if url.scheme != ("http" if self.rules.local else "https"):
            raise UpstreamError("refused", f"{url} isn't https")

    def _be_polite(self, host: str) -> None:
        wait = self._asked.get(host, -self.rules.pause) + self.rules.pause - time.monotonic()
        time.sleep(max(wait, 0))
        self._asked[host] = time.monotonic()

    def _body(self, response: httpx.Response, address: Address, until: float) -> bytes:
        status, url = response.status_code, response.url
        if status in AGAIN:
            raise _Later(status, _seconds(response.headers.get("retry-after", "")))
        if status != 200:
            raise UpstreamError("unreachable", f"{url}: status {status}")
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in address.types:
            raise UpstreamError("refused", f"{url} is {kind or 'of no stated kind'}")
        if int(response.headers.get("content-length") or 0) > address.most_bytes:
            raise UpstreamError("too large", f"{url} says it has more than {address.most_bytes}")
        return b"".join(_limited(response, address.most_bytes, until))


def _limited(response: httpx.Response, most: int, until: float) -> Iterator[bytes]:
    taken = 0
    for part in response.iter_bytes():
        taken += len(part)  # of what is unpacked: a small answer can hold a large one
        if taken > most:
            raise UpstreamError("too large", f"{response.url} has more than {most} bytes")
        if time.monotonic() > until:
            raise UpstreamError("too slow", f"{response.url} didn't end in time")
        yield part


def _seconds(text: str) -> float:
    """Read ``Retry-After``: seconds; a date counts as none."""
    return float(text) if text.isdigit() else 0.0


def today() -> dt.date:
    """Day of a look, in UTC."""
    return dt.datetime.now(dt.UTC).date()
