"""A page that is open in the browser: its server, and what a reader does with it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import cnncalc
from cnncalc.live.answers import Desk

PAGE = Path(cnncalc.__file__).parent / "live" / "page"
TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'"
)
TRANSPORT = """window.cnncalc = {
  ask: async (request) => (await fetch("ask", { method: "POST", body: JSON.stringify(request) })).json() };"""


class Handler(BaseHTTPRequestHandler):
    desk: Desk
    lock: threading.Lock
    text: str

    def do_GET(self) -> None:
        name = self.path.strip("/") or "index.html"
        body = TRANSPORT.encode() if name == "http_transport.js" else (PAGE / name).read_bytes()
        self._send(body, TYPES[Path(name).suffix])

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.lock:
            file = {"text": self.text, "name": "net.yaml", "writable": False}
            answer = file if request["ask"] == "file" else self.desk.answer(request)
        self._send(json.dumps(answer).encode(), "application/json")

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        for name, value in (("Content-Type", kind), ("Content-Security-Policy", POLICY)):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        pass


@contextmanager
def served(text: str) -> Iterator[str]:
    """The address of a page with a text."""
    handler = type("TextHandler", (Handler,), {"desk": Desk(), "lock": threading.Lock(), "text": text})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
