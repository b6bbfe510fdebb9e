"""The web, taken with care: a server on this machine that misbehaves in every way we could think of."""

import gzip
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from briefs.evidence.upstream import fetch, web
from briefs.evidence.upstream.contract import Address, UpstreamError
from briefs.evidence.upstream.model_prices import CONNECTOR

RULES = web.Rules("tests@example.org", seconds=1.5, attempts=2, pause=0.01, local=True)
CSV = ("text/csv",)


@contextmanager
def serving(answer):
    """Serve what `answer(handler)` sends; yield the address and the requests' headers."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append((self.path, self.headers))
            answer(self)

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()


def sending(body, status=200, kind="text/csv", **headers):
    def answer(handler):
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def got(answer, rules=RULES, path="/file", cache=None, most=1000):
    with serving(answer) as (url, asked):
        address = Address(f"{url}{path}", CSV, most_bytes=most)
        return web.Web(rules, cache).get(address, {}), asked


def fault(answer, **options):
    with pytest.raises(UpstreamError) as caught:
        got(answer, **options)
    return caught.value.fault, caught.value.text


def test_a_file_comes_with_its_address_and_we_say_who_asks():
    (url, data), asked = got(sending(b"a,b\n1,2\n"))
    assert data == b"a,b\n1,2\n" and url.endswith("/file")
    assert asked[0][1]["User-Agent"] == "evidence-briefs (tests@example.org)"


def test_settings_stand_in_the_address():
    with serving(sending(b"x")) as (url, asked):
        web.Web(RULES).get(Address(f"{url}/{{cik}}.json", CSV), {"cik": "0001"})
    assert asked[0][0] == "/0001.json"


def test_without_a_contact_the_web_is_not_asked():
    there = replace(CONNECTOR, transport=Address("https://example.org/x", CSV))
    with pytest.raises(UpstreamError, match="BRIEFS_CONTACT"):
        fetch(there, {}, "", web.today())


def test_an_upstream_that_is_down():
    with serving(sending(b"")) as (url, _asked):
        pass
    with pytest.raises(UpstreamError) as caught:
        web.Web(RULES).get(Address(f"{url}/x", CSV), {})
    assert caught.value.fault == "unreachable"


def test_a_page_of_html_where_a_file_should_be():
    page = b"<html>" + b" " * 800
    said = fault(sending(page, kind="text/html; charset=utf-8"))
    assert said[0] == "refused" and "text/html" in said[1]
    assert fault(sending(page, status=404, kind="text/html"))[0] == "unreachable"


def test_a_file_larger_than_allowed_is_refused_as_stated_and_as_sent():
    assert fault(sending(b"x" * 1001))[0] == "too large"

    def chunked(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for _number in range(3):
            handler.wfile.write(b"1f4\r\n" + b"x" * 500 + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    assert fault(chunked)[0] == "too large"


def test_a_small_answer_that_unpacks_to_a_large_one():
    packed = gzip.compress(b"0" * 1_000_000)
    assert len(packed) < 2000
    assert fault(sending(packed, Content_Encoding="gzip"), most=2000)[0] == "too large"


def test_half_a_file_is_none():
    tries = []

    def broken_off(handler):
        tries.append(1)
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.send_header("Content-Length", "900")
        handler.end_headers()
        handler.wfile.write(b"half")
        handler.close_connection = True

    assert fault(broken_off)[0] == "unreachable"
    assert len(tries) == RULES.attempts


def test_one_that_dribbles_for_ever_is_given_up():
    def dribble(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/csv")
        handler.send_header("Content-Length", "900")
        handler.end_headers()
        try:
            for _number in range(100):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.1)
        except OSError:
            pass

    start = time.monotonic()
    assert fault(dribble)[0] == "too slow"
    assert time.monotonic() - start < 5


def test_one_that_never_answers_is_given_up():
    def silent(handler):
        time.sleep(3)

    assert (
        fault(silent, rules=web.Rules("t", seconds=0.3, attempts=2, pause=0.01, local=True))[0]
        == "too slow"
    )


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_upstream_is_asked_again(status):
    answers = iter([sending(b"", status=status), sending(b"there")])
    (_url, data), asked = got(lambda handler: next(answers)(handler))
    assert data == b"there" and len(asked) == 2


def test_an_upstream_that_stays_busy_is_unreachable():
    assert fault(sending(b"", status=503, Retry_After="0"))[0] == "unreachable"


def test_redirects_on_the_host_are_followed_and_others_are_not():
    def moved(handler):
        if handler.path == "/file":
            sending(b"", status=302, Location="/new")(handler)
        else:
            sending(b"there")(handler)

    (url, data), _asked = got(moved)
    assert data == b"there" and url.endswith("/new")
    assert "another host" in fault(sending(b"", status=302, Location="http://example.org/x"))[1]
    assert "another host" in fault(sending(b"", status=302, Location="http://127.0.0.1:1/x"))[1]
    assert "on and on" in fault(sending(b"", status=302, Location="/file"))[1]


def test_what_is_there_already_is_asked_for_by_its_tag(tmp_path):
    def tagged(handler):
        if handler.headers.get("If-None-Match") == '"1"':
            handler.send_response(304)
            handler.send_header("ETag", '"1"')
            handler.end_headers()
        else:
            sending(b"first", ETag='"1"', Cache_Control="max-age=60")(handler)

    with serving(tagged) as (url, asked):
        address, client = Address(f"{url}/file", CSV), web.Web(RULES, tmp_path)
        assert [client.get(address, {})[1] for _time in range(2)] == [b"first", b"first"]
    assert [headers.get("If-None-Match") for _path, headers in asked] == [None, '"1"']


def test_requests_to_a_host_keep_a_distance():
    rules = web.Rules("t", pause=0.2, local=True)
    with serving(sending(b"x")) as (url, _asked):
        client, start = web.Web(rules), time.monotonic()
        for _time in range(3):
            client.get(Address(f"{url}/file", CSV), {})
    assert time.monotonic() - start >= 0.4


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "10.0.0.1", "192.168.1.1", "169.254.169.254", "::1", "0.0.0.0"],
)
def test_addresses_that_are_not_public_are_refused(host):
    with pytest.raises(UpstreamError, match="isn't public") as caught:
        web.checked_address(host)
    assert caught.value.fault == "refused"


def test_a_name_is_connected_to_at_the_address_that_was_checked(monkeypatch):
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    resolve = web.socket.getaddrinfo
    monkeypatch.setattr(
        web.socket,
        "getaddrinfo",
        lambda host, *rest, **more: (
            [(2, 1, 6, "", (next(answers)[0], 0))]
            if host == "upstream.example"
            else resolve(host, *rest, **more)
        ),
    )
    with serving(sending(b"there")) as (url, asked):
        there = url.replace("127.0.0.1", "upstream.example")
        assert web.Web(RULES).get(Address(f"{there}/x", CSV), {})[1] == b"there"
        assert asked[0][1]["Host"].startswith("upstream.example:")
        with pytest.raises(UpstreamError, match="isn't public"):
            web.Web(RULES).get(Address(f"{there}/x", CSV), {})


def test_only_https_is_spoken_to_the_world():
    with pytest.raises(UpstreamError, match="isn't https"):
        web.Web(web.Rules("t")).get(Address("http://example.org/x", CSV), {})
