"""A web server for one page on this machine, with a bound for everything that others can make it do."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler
from secrets import token_urlsafe
from socket import SHUT_RDWR, socket
from socketserver import TCPServer
from threading import BoundedSemaphore, Lock, Thread
from time import monotonic
from typing import Any

from cnncalc.check.baseline import Baseline
from cnncalc.check.settings import Settings
from cnncalc.errors import own_mistake
from cnncalc.live.answers import Desk
from cnncalc.live.page_files import page_files
from cnncalc.serving.access import HEADERS, TEXT, Access, Reply, length_of
from cnncalc.serving.service import Service
from cnncalc.serving.spec_file import SpecFile

CONNECTIONS = 64
"""The most connections at once, each with a thread; for one more, the one that is silent for longest is dropped."""

SECONDS = 10.0
"""Seconds that a request, and an answer, may take on their way."""

MAX_UNREAD = 100_000_000
"""The most bytes of a refused body that are read: clients look for an answer only after they have sent all."""


class PageServer(TCPServer):
    """Answers at a port of 127.0.0.1.

    Args:
        port: the port; 0 for one that is free.

    Attributes:
        access: the allowed requests; to be set before the first connection is taken.
        port: the port.

    Raises:
        OSError: the port is taken.
    """

    allow_reuse_address = os.name != "nt"  # there another program could listen at the same port
    request_queue_size = 128
    access: Access

    def __init__(self, port: int = 0) -> None:
        self._free = BoundedSemaphore(CONNECTIONS)
        self._lock = Lock()
        self._coming: dict[socket, float] = {}
        super().__init__(("127.0.0.1", port), _Handler)
        self.port: int = self.server_address[1]

    @property
    def address(self) -> str:
        """The address of the page, with the token, which no browser sends to any server by itself."""
        return f"{self.access.origin}/#token={self.access.token}"

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a thread; not at all if all are busy with requests that have come whole."""
        if not self._free.acquire(blocking=False):
            self._drop_oldest()
            if not self._free.acquire(timeout=1):
                self.shutdown_request(request)
                return
        with self._lock:
            self._coming[request] = monotonic()
        Thread(target=self._answer, args=(request, client_address), daemon=True).start()

    def _answer(self, request: Any, client_address: Any) -> None:
        try:
            self.finish_request(request, client_address)
        except OSError:
            pass  # it went away, or was too slow
        except Exception:
            self.handle_error(request, client_address)
        finally:
            self.has_come(request)
            self.shutdown_request(request)
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say what failed on one line; it concerns this connection alone."""
        if (error := sys.exception()) is not None:
            print(own_mistake(error, "cnncalc edit"), file=sys.stderr)

    def has_come(self, request: socket) -> None:
        """Keep a connection until it is answered: its request is whole."""
        with self._lock:
            self._coming.pop(request, None)

    def service_actions(self) -> None:
        """Drop connections whose request takes too long to come, even if it comes byte by byte."""
        late = monotonic() - SECONDS
        with self._lock:
            for request in [one for one, since in self._coming.items() if since < late]:
                self._drop(request)

    def _drop_oldest(self) -> None:
        with self._lock:
            for request in [*self._coming][:1]:
                self._drop(request)

    def _drop(self, request: socket) -> None:
        """Let the thread that reads from a connection find its end."""
        del self._coming[request]
        with suppress(OSError):  # it is gone already
            request.shutdown(SHUT_RDWR)


def page_server(
    file: SpecFile, settings: Settings, baseline: Baseline | None = None, note: str = "", port: int = 0
) -> PageServer:
    """The server of a page for a file.

    Args:
        file: the file.
        settings: those of its check.
        baseline: the findings that are accepted; None for none.
        note: a remark on it when it is opened.
        port: the port; 0 for one that is free.

    Raises:
        OSError: the port is taken.
    """
    server = PageServer(port)
    service = Service(file, partial(Desk, settings, baseline), note)
    server.access = Access(service, page_files("http"), token_urlsafe(32), server.port)
    return server


class _Handler(BaseHTTPRequestHandler):
    """One request and its answer; after that the connection ends."""

    server: PageServer
    timeout = SECONDS

    def do_GET(self) -> None:
        self.server.has_come(self.connection)
        self._send(self.server.access.refusal("GET", self.path, self.headers) or self.server.access.file(self.path))

    def do_POST(self) -> None:
        refusal = self.server.access.refusal("POST", self.path, self.headers)
        length = length_of(self.headers) or 0
        if refusal is not None:
            self._skip(min(length, MAX_UNREAD))
            self._send(refusal)
            return
        body = self.rfile.read(length)
        self.server.has_come(self.connection)
        if len(body) == length:
            self._send(self.server.access.reply(self.headers, body))

    def _skip(self, length: int) -> None:
        while length > 0 and (read := len(self.rfile.read(min(length, 65_536)))):
            length -= read

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {**HEADERS, "Content-Type": reply.type, "Content-Length": len(reply.content)}.items():
            self.send_header(name, str(value))
        if reply.status == 405:
            self.send_header("Allow", "GET, POST")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.content)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse requests that http.server does not understand; another method is not one of these."""
        reply = Reply(405, TEXT, b"GET and POST only\n") if code == 501 else Reply(code, TEXT, b"not understood\n")
        self._send(reply)

    def version_string(self) -> str:
        return "cnncalc"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as http.server calls it
        """Log nothing: the page shows its answers."""
