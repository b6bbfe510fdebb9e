"""The preview: a real server on this machine, and a real page that reloads itself."""

import html
import http.client
import re
import socket
import threading
import time

import pytest

from briefs.desk import serve as preview
from briefs.render.policy import policy

PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" '
    'content="{policy}">\n<title>x</title></head><body><main><h1>{text}</h1></main></body></html>\n'
)


def page(text, script=""):
    return PAGE.format(text=text, policy=html.escape(policy("", script)))


class Builder:
    """A build that copies a source into the site, or fails when the source says so."""

    def __init__(self, source, out):
        self.source, self.out, self.count = source, out, 0

    def __call__(self, changed):
        text = self.source.read_text()
        if "error" in text:
            return f"en/x: failed: {text}"
        (self.out / "en").mkdir(parents=True, exist_ok=True)
        for name in ("index.html", "en/index.html"):
            (self.out / name).write_text(page(text))
        self.count += 1
        return ""


@pytest.fixture
def running(tmp_path):
    """A preview at work: `source` is what is watched."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "a.txt").write_text("first")
    builder = Builder(folder / "a.txt", tmp_path / "site")
    running = preview.Preview(tmp_path / "site", [folder], builder)
    running.source, running.out, running.builder = folder / "a.txt", tmp_path / "site", builder
    thread = threading.Thread(target=running.run)
    thread.start()
    wait_for(lambda: builder.count == 1)
    time.sleep(0.5)  # until the folder is watched
    yield running
    running.stop()
    thread.join(10)
    assert not thread.is_alive()


def wait_for(condition, seconds=15):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it didn't come to pass"
        time.sleep(0.02)


def get(running, path="/", method="GET", **headers):
    connection = http.client.HTTPConnection(
        preview.HOST, int(running.url.split(":")[2].strip("/")), timeout=10
    )
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer, body


def test_a_change_during_the_first_build_is_built_too(tmp_path):
    source = tmp_path / "notebooks" / "a.txt"
    source.parent.mkdir()
    source.write_text("first")
    seen, changes = [], []

    def build(changed):
        seen.append(source.read_text())
        changes.append(changed)
        if len(seen) == 1:
            time.sleep(0.1)
            source.write_text("second")
            time.sleep(0.1)
        return ""

    running = preview.Preview(tmp_path / "site", [source.parent], build)
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        wait_for(lambda: seen == ["first", "second"])
        assert changes == [set(), {str(source)}]
    finally:
        running.stop()
        thread.join(10)


def test_a_change_is_built_and_served(running):
    assert "<h1>first</h1>" in get(running)[1]
    running.source.write_text("second")
    wait_for(lambda: "<h1>second</h1>" in get(running, "/en/")[1])


def test_what_reloads_the_page_is_in_the_answer_and_in_no_file(running):
    answer, body = get(running)
    assert preview.STATE in body and body.count("<script>") == 1
    assert answer.headers["Cache-Control"] == "no-store"
    assert "script" not in (running.out / "index.html").read_text()


def test_what_an_editor_leaves_behind_builds_nothing(running):
    for name in ("a.txt~", ".a.txt.swp", "x.pyc"):
        (running.source.parent / name).write_text("x")
    (running.source.parent / ".ipynb_checkpoints").mkdir()
    (running.source.parent / ".ipynb_checkpoints" / "a.txt").write_text("x")
    time.sleep(1)
    assert running.builder.count == 1


def test_only_this_machine_is_served(running):
    assert running.url.startswith("http://127.0.0.1:")
    assert get(running, Host="evil.example")[0].status == 403
    assert get(running, Host="evil.example", method="HEAD")[0].status == 403
    assert get(running, preview.STATE, Host="evil.example")[0].status == 403
    assert get(running, Host="localhost:8000")[0].status == 200
    assert get(running, "/../../etc/passwd")[0].status == 404


def raw(running, text):
    """Say something to the server that a client library wouldn't, and return the connection."""
    address = preview.HOST, int(running.url.split(":")[2].strip("/"))
    connection = socket.create_connection(address, timeout=20)
    connection.sendall(text.encode())
    return connection


@pytest.mark.parametrize(
    ("path", "host"),
    [("/" + "a" * 30_000, "127.0.0.1"), ("/", "[::1"), ("/%00", "localhost"), ("/", "a]b:c")],
)
def test_what_is_no_address_is_answered_and_not_stumbled_over(running, capfd, path, host):
    with raw(running, f"GET {path} HTTP/1.0\r\nHost: {host}\r\n\r\n") as connection:
        assert re.match(rb"HTTP/1.0 (400|403|404) ", connection.recv(100))
    assert capfd.readouterr().err == ""


def test_many_at_once_and_some_who_leave_or_never_ask(running, capfd):
    slow = [raw(running, "GET / HT") for _ in range(50)]
    for _ in range(50):
        raw(running, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n").close()
    asked = [raw(running, "GET /en/ HTTP/1.0\r\nHost: localhost\r\n\r\n") for _ in range(400)]
    assert {connection.recv(15) for connection in asked} == {b"HTTP/1.0 200 OK"}
    for connection in (*slow, *asked):
        connection.close()
    assert capfd.readouterr().err == ""


def test_nothing_outside_the_folder_is_served_and_no_folder_listed(running):
    (running.out / "out.txt").symlink_to(running.source)
    (running.out / "away").symlink_to(running.source.parent)
    for path in ("/out.txt", "/away/a.txt", "/away/"):
        answer, body = get(running, path)
        assert answer.status == 404 and "first" not in body and "a.txt" not in body
    (running.out / "data").mkdir()
    (running.out / "data" / "a.csv").write_text("x")
    answer, body = get(running, "/data/")
    assert answer.status == 404 and "a.csv" not in body
    assert get(running, "/data/a.csv")[1] == "x"
    assert get(running, "/data/", method="HEAD")[0].status == 404


def test_a_lost_reader_gets_the_page_for_that(running):
    answer, body = get(running, "/nowhere/")
    assert answer.status == 404 and "being built" in body
    (running.out / "404.html").write_text(page("Lost"))
    answer, body = get(running, "/nowhere.html")
    assert answer.status == 404 and "<h1>Lost</h1>" in body
    assert get(running, "/en")[0].status == 301


def test_the_policy_is_widened_by_one_script():
    text = preview.with_reload(page("x", script="own()"), 3)
    rules = html.unescape(re.search(r'Policy" content="([^"]*)"', text)[1]).split("; ")
    before = policy("", "own()").split("; ")
    own = next(rule for rule in before if rule.startswith("script-src"))
    after = dict(rule.split(" ", 1) for rule in rules)
    assert re.fullmatch(
        re.escape(own) + r" 'sha256-[\w+/]+='", "script-src " + after.pop("script-src")
    )
    assert after.pop("connect-src") == "'self'"
    assert after == {
        name: value for name, value in (rule.split(" ", 1) for rule in before) if name in after
    }
    assert len(rules) == len(after) + 2  # none twice, none lost


@pytest.mark.browser
def test_an_open_page_reloads_and_tells_of_a_failure(running, browser):
    context = browser.new_context()
    try:
        open_page, heard = context.new_page(), []
        open_page.on("console", lambda message: heard.append(message.text))
        open_page.goto(running.url + "en/")
        running.source.write_text("second")
        open_page.get_by_role("heading", name="second").wait_for(timeout=15_000)
        running.source.write_text("an error in cell 3")
        bar = open_page.locator("#briefs-preview", has_text="failed: an error in cell 3")
        bar.wait_for(timeout=15_000)
        assert open_page.locator("h1").inner_text() == "second"
        running.source.write_text("third")
        open_page.get_by_role("heading", name="third").wait_for(timeout=15_000)
        assert open_page.locator("#briefs-preview").count() == 0
        assert heard == []
    finally:
        context.close()
