"""Requests of others than the page are refused with a sentence, and write nothing."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import TEXT, Served

from cnncalc.serving import server as server_module
from cnncalc.serving.server import CONNECTIONS

SAVE = json.dumps({"ask": "save", "text": "input: 3x8x8\nlayers: [relu]\n", "hash": "x"}).encode()
ELSEWHERE = "another page asks; this server answers its own page only"
TOKEN = "the token is missing or wrong; open the address that 'cnncalc edit' has printed"


@pytest.fixture(autouse=True)
def nothing_written(served: Served, tmp_path: Path) -> Iterator[None]:
    """After every test here the folder is as it was."""
    yield
    assert [path.name for path in tmp_path.iterdir()] == ["net.yaml"]
    assert (tmp_path / "net.yaml").read_text() == TEXT


@pytest.mark.parametrize(
    ("changed", "status", "message"),
    [
        ({"origin": "http://evil.example"}, 403, ELSEWHERE),
        ({"origin": "null"}, 403, ELSEWHERE),
        ({"origin": "http://127.0.0.1:1"}, 403, ELSEWHERE),
        ({"origin": None}, 403, ELSEWHERE),
        ({"host": "evil.example"}, 421, "this page is at http://127.0.0.1:{port} only"),
        ({"host": "localhost:{port}"}, 421, "this page is at http://127.0.0.1:{port} only"),
        ({"host": None}, 421, "this page is at http://127.0.0.1:{port} only"),
        ({"x_cnncalc_token": None}, 403, TOKEN),
        ({"x_cnncalc_token": ""}, 403, TOKEN),
        ({"x_cnncalc_token": "é"}, 403, TOKEN),
        ({"content_length": None}, 411, "a request says its length"),
        ({"content_length": "-1"}, 411, "a request says its length"),
        ({"transfer_encoding": "chunked"}, 411, "a request says its length"),
    ],
)
def test_who_is_not_the_page_is_refused(
    served: Served, changed: dict[str, str | None], status: int, message: str
) -> None:
    given = {name: value and value.format(port=served.port) for name, value in changed.items()}
    answered = served.send("POST", "/ask", SAVE, **given)
    assert (answered.status, answered.json) == (status, {"error": message.format(port=served.port)})


def test_a_token_that_nearly_fits_is_refused(served: Served) -> None:
    token = served.headers["X-Cnncalc-Token"]
    assert len(token) == 43  # 32 bytes in base64
    for wrong in (token[:-1], token[:-1] + ("a" if token[-1] != "a" else "b"), token.swapcase(), token + "a"):
        assert served.send("POST", "/ask", SAVE, x_cnncalc_token=wrong).json == {"error": TOKEN}


@pytest.mark.parametrize("changed", [{"origin": "http://evil.example"}, {"host": "evil.example"}])
def test_others_do_not_even_get_the_page(served: Served, changed: dict[str, str | None]) -> None:
    assert served.send("GET", "/", **changed).status in (403, 421)


@pytest.mark.parametrize(
    "path",
    [
        "/../net.yaml", "/..%2fnet.yaml", "/%2e%2e/net.yaml", "/net.yaml", "/etc/passwd", "//etc/passwd", "/./live.js",
        "/page/live.js", "/live.js/", "/live.js?x", "/live.js%00", "/LIVE.JS", "\\..\\net.yaml", "*", "live.js",
        "http://evil.example/", "http://127.0.0.1/live.js", "/codemirror.sh", "/ask",
    ],
)  # fmt: skip
def test_no_path_leads_anywhere_else(served: Served, path: str) -> None:
    answered = served.send("GET", path)
    assert answered.status == 404
    assert answered.json["error"].startswith("there is nothing at '")


@pytest.mark.parametrize("path", ["/", "/net.yaml", "/live.js", "/ask/", "/ASK"])
def test_only_one_path_is_asked(served: Served, path: str) -> None:
    assert served.send("POST", path, SAVE).status == 404


def test_the_page_is_served_without_its_token(served: Served) -> None:
    for path, type_ in {"/": "text/html", "/live.js": "text/javascript", "/live.css": "text/css"}.items():
        answered = served.send("GET", path, x_cnncalc_token=None, origin=None)
        assert (answered.status, answered.headers["Content-Type"]) == (200, f"{type_}; charset=utf-8")
        assert answered.headers["X-Content-Type-Options"] == "nosniff"
        assert answered.headers["Referrer-Policy"] == "no-referrer"
        assert answered.headers["Cache-Control"] == "no-store"
        assert answered.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; ")
        assert "frame-ancestors 'none'" in answered.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answered.headers
        assert served.headers["X-Cnncalc-Token"].encode() not in answered.body


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "get", "X"])
def test_other_methods_are_refused(served: Served, method: str) -> None:
    answered = served.send(method, "/ask", SAVE)
    assert (answered.status, answered.headers["Allow"]) == (405, "GET, POST")
    assert "Access-Control-Allow-Origin" not in answered.headers


@pytest.mark.parametrize("length", [10_000_001, 30_000_000])
def test_a_file_of_10_mb_is_refused_with_a_sentence(served: Served, length: int) -> None:
    answered = served.send("POST", "/ask", b" " * length)
    assert answered.status == 413
    assert answered.json == {
        "error": "this is larger than 10 MB; 'cnncalc import FILE > net.yaml' reads models of any size"
    }


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[" * 1_000_000, b'{"ask": ' + b"9" * 5000 + b"}"],
    ids=["nothing", "half", "bytes", "depth", "a long number"],
)
def test_what_is_no_json_is_refused(served: Served, body: bytes) -> None:
    answered = served.send("POST", "/ask", body)
    assert (answered.status, answered.json) == (400, {"error": "a request is JSON"})


@pytest.mark.parametrize(
    "request_",
    [
        "[]", "null", "1", '{"ask": 1}', '{"ask": []}', '{"ask": "x"}', '{"ask": "save"}', '{"ask": "watch"}',
        '{"ask": "save", "text": 1, "hash": ""}', '{"ask": "save", "text": "\\ud800", "hash": "x"}',
        '{"ask": "import", "name": "../../x.yaml", "data": "AAAA"}', '{"ask": "bundled", "name": "../pyproject"}',
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_answered_with_a_sentence(served: Served, request_: str) -> None:
    answered = served.send("POST", "/ask", request_.encode())
    assert answered.status == 200
    assert answered.json.keys() & {"error", "changed"}
    assert "mistake of cnncalc" not in answered.body.decode()


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET\r\n\r\n", b"GET / HTTP/9\r\n\r\n", b"\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200,
    ],
)  # fmt: skip
def test_what_is_no_http_ends_its_connection_alone(
    served: Served, sent: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65_536):
            pass
    assert served.send("GET", "/").status == 200
    assert capsys.readouterr() == ("", "")


def connected(served: Served, count: int, sent: bytes = b"") -> list[socket.socket]:
    """So many connections that say no more than this."""
    made = []
    for _ in range(count):
        made.append(socket.create_connection(("127.0.0.1", served.port), timeout=10))
        made[-1].sendall(sent)
    return made


def threads() -> int:
    return threading.active_count()


@pytest.mark.parametrize(
    ("count", "sent"),
    [
        (100, b""),
        pytest.param(1000, b"", marks=pytest.mark.slow),
        pytest.param(1000, b"POST /ask HTTP/1.1\r\nHost: ", marks=pytest.mark.slow),
    ],
)
def test_a_thousand_connections_neither_fill_the_threads_nor_block_the_page(
    served: Served, count: int, sent: bytes
) -> None:
    before = threads()
    connections = connected(served, count, sent)
    begun = time.monotonic()
    assert served.ask(ask="file")["name"] == "net.yaml"
    assert time.monotonic() - begun < 5
    assert threads() <= before + CONNECTIONS
    for connection in connections:
        connection.close()


def test_who_sends_byte_by_byte_is_dropped(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "SECONDS", 0.3)
    (slow,) = connected(served, 1, b"POST /ask HTTP/1.1\r\n")
    until = time.monotonic() + 10

    def go_on() -> None:
        while time.monotonic() < until:
            slow.sendall(b"A")
            time.sleep(0.02)

    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        go_on()
    slow.close()


def test_so_many_pages_keep_their_texts_and_one_more_has_to_say_it_again(served: Served) -> None:
    for number in range(9):
        assert served.ask(str(number), ask="text", text=f"input: {number + 1}x8x8\nlayers: [relu]\n")["good"]
    assert "problems" in served.ask("1", ask="problems")
    assert "no text is open" in served.ask("0", ask="problems")["error"]
