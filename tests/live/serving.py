"""A page that is open in the browser: its server, and what a reader does with it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from browser.page import Page

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


TOOLS = """
const until = async (what, seconds = 20) => {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; await new Promise((done) => setTimeout(done, 20))) {
    const found = what();
    if (found) return found;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
};
const $ = (selector) => document.querySelector(selector);
const view = () => window.cnncalc.page.view;
const text = () => view().state.sliceDoc();
const cursor = (mark, after = false) => {
  const at = view().state.doc.toString().indexOf(mark) + (after ? mark.length : 0);
  view().dispatch({ selection: { anchor: at } });
  view().focus();
};
const change = (from, to) => {
  const at = view().state.doc.toString().indexOf(from);
  view().dispatch({ changes: { from: at, to: at + from.length, insert: to } });
};
const totals = () => $("#table tfoot")?.textContent ?? "";
const all = (selector) => [...document.querySelectorAll(selector)];
const rows = () => all("#table tbody tr").map((row) => [...row.children].map((cell) => cell.textContent));
const figure = () => $("#figure").shadowRoot?.textContent ?? "";
"""


class Live:
    """The page of a text."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def open(self, address: str, **more: Any) -> None:
        self._page.show(address=address, **more)
        self.run("until(() => totals() && figure() && $('#state').textContent !== 'Loading')")

    def run(self, script: str, **more: Any) -> Any:
        """The value of an expression that may use `TOOLS`; without an error on the console."""
        shown = self._page.show(f"(async () => {{ {TOOLS}; return await ({script}); }})()", **more)
        assert shown.errors == []
        return shown.value

    def tree(self, selector: str) -> str:
        """What a screen reader finds."""
        return str(self._page.show(tree=selector).value)
