"""A server of `cnncalc edit` in this process, and what it answers."""

import http.client
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from threading import enumerate as enumerate_threads
from typing import Any, NamedTuple
from unittest.mock import patch

from cnncalc.check.settings import Settings
from cnncalc.serving.server import PageServer, page_server
from cnncalc.serving.spec_file import SpecFile

TEXT = """\
name: Small net
input: 3x8x8
layers:
- {conv: 4, kernel: 3}
- relu
- flatten
- {fc: 2}
"""
"""What is in the file of the fixture `served`."""


class Answered(NamedTuple):
    """An answer of HTTP."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Served:
    """A running server, asked as its page does, or as somebody else."""

    def __init__(self, server: PageServer) -> None:
        self.server = server
        self.address = server.address
        self.port = server.port
        self.headers = {
            "Host": f"127.0.0.1:{server.port}",
            "Origin": f"http://127.0.0.1:{server.port}",
            "X-Cnncalc-Token": server.address.partition("#token=")[2],
            "X-Cnncalc-Page": "page",
        }

    def send(self, method: str, path: str, body: bytes = b"", /, **changed: str | None) -> Answered:
        """What is answered with these headers in place of the page's; None for none."""
        names = {name.replace("_", "-").title(): value for name, value in changed.items()}
        headers = {**self.headers, "Content-Length": str(len(body)), **names}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                if value is not None:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answered(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def ask(self, page: str = "page", **request: object) -> Any:
        """What the page is answered."""
        answered = self.send("POST", "/ask", json.dumps(request).encode(), x_cnncalc_page=page)
        assert answered.status == 200, answered
        return answered.json


@contextmanager
def serving(path: Path, start: str = "", settings: Settings | None = None) -> Iterator[Served]:
    """A server for a file."""
    server = page_server(SpecFile(str(path), start), settings or Settings())
    before = set(enumerate_threads())
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    with patch("cnncalc.serving.service.PATIENCE", 1.0):
        try:
            yield Served(server)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            # A page that waits for changes would otherwise look at files while the next test replaces the clock.
            for answering in set(enumerate_threads()) - before:
                answering.join(20)
