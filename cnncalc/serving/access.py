"""The requests that the server allows: all others are refused with a sentence before they are read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.message import Message
from hmac import compare_digest
from os.path import splitext
from typing import NamedTuple

from cnncalc.serving.service import Service

TOKEN = "X-Cnncalc-Token"
"""The header with the token of the printed address, which only its page knows. No other origin can send it."""

PAGE = "X-Cnncalc-Page"
"""The header that distinguishes one page from others."""

MAX_BODY = 10_000_000

ASK = "/ask"
TEXT, JSON = "text/plain; charset=utf-8", "application/json"

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".LICENSE": TEXT,
}

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
"""The headers of every answer: browsers keep nothing, and run and show nothing that is not of this page."""


class Reply(NamedTuple):
    """The answer to a request.

    Attributes:
        status: the status of HTTP.
        type: its type, in the words of HTTP.
        content: its bytes.
    """

    status: int
    type: str
    content: bytes


class Access:
    """The check of every request: only the page itself is answered.

    Args:
        service: the one that answers it.
        files: the files of the page, by their names.
        token: the text that it has to know.
        port: the server's.

    Attributes:
        origin: the beginning of every address here.
        token: what the page has to know.
    """

    def __init__(self, service: Service, files: Mapping[str, bytes], token: str, port: int) -> None:
        self._service = service
        self._files = {f"/{name}": Reply(200, TYPES[splitext(name)[1]], content) for name, content in files.items()}
        self._files["/"] = self._files["/index.html"]
        self.token = token
        self._host = f"127.0.0.1:{port}"
        self.origin = f"http://{self._host}"

    def refusal(self, method: str, path: str, headers: Message) -> Reply | None:
        """The refusal of a request; None if it is allowed."""
        if headers.get_all("Host", []) != [self._host]:  # a name that leads here is somebody else's
            return _refused(421, f"this page is at {self.origin} only")
        origins = headers.get_all("Origin", [])
        if origins != [self.origin] and (origins or method == "POST"):
            return _refused(403, "another page asks; this server answers its own page only")
        if path != ASK if method == "POST" else path not in self._files:
            return _refused(404, f"there is nothing at {path!r:.60}")
        if method == "POST" and not compare_digest(headers.get(TOKEN, "").encode(), self.token.encode()):
            return _refused(403, "the token is missing or wrong; open the address that 'cnncalc edit' has printed")
        return _refused_length(headers) if method == "POST" else None

    def file(self, path: str) -> Reply:
        """A file of the page; the names are in a table, and no path is ever opened."""
        return self._files[path]

    def reply(self, headers: Message, body: bytes) -> Reply:
        """The answer to what the page asks."""
        try:
            request = json.loads(body)
        except (ValueError, RecursionError):
            return _refused(400, "a request is JSON")
        return Reply(200, JSON, json.dumps(self._service.answer(headers.get(PAGE, "")[:64], request)).encode())


def length_of(headers: Message) -> int | None:
    """The announced number of a body's bytes; None if it is unclear."""
    lengths = headers.get_all("Content-Length", [])
    if len(lengths) != 1 or not lengths[0].isascii() or not lengths[0].isdecimal() or len(lengths[0]) > 15:
        return None
    return None if "Transfer-Encoding" in headers else int(lengths[0])


def _refused_length(headers: Message) -> Reply | None:
    length = length_of(headers)
    if length is None:
        return _refused(411, "a request says its length")
    if length > MAX_BODY:
        most = f"{MAX_BODY // 10**6} MB"
        return _refused(413, f"this is larger than {most}; 'cnncalc import FILE > net.yaml' reads models of any size")
    return None


def _refused(status: int, message: str) -> Reply:
    return Reply(status, JSON, json.dumps({"error": message}).encode())
