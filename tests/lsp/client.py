"""A client of the language server, over its standard input and output, as an editor starts it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any, Self

VS_CODE: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {
        "inlayHint": {"dynamicRegistration": True, "resolveSupport": {"properties": ["tooltip", "label.tooltip"]}},
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "completion": {"completionItem": {"snippetSupport": True, "documentationFormat": ["markdown", "plaintext"]}},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["", "quickfix", "refactor"]}}},
        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
        "publishDiagnostics": {"versionSupport": True, "tagSupport": {"valueSet": [1, 2]}},
        "rename": {"prepareSupport": True},
        "foldingRange": {"lineFoldingOnly": True},
    },
    "window": {"showMessage": {}},
}
"""What VS Code says that it can, as far as the server may care."""

NO_HINTS: dict[str, Any] = {"textDocument": {"publishDiagnostics": {}}}
"""An editor that knows diagnostics only."""


SECONDS = 300
"""After which a server is ended, however busy the machine is."""


class Client:
    """Starts the server and talks to it."""

    def __init__(self, capabilities: dict[str, Any], folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "cnncalc", "lsp", "--stdio"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self._limit = Timer(SECONDS, self._process.kill)  # no test waits for ever
        self._limit.daemon = True
        self._limit.start()
        self._folder, self._number, self._version = folder, 0, 0
        self.told: list[dict[str, Any]] = []
        """The notifications that came, in order."""
        self.capabilities = self.ask(
            "initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": capabilities}
        )["capabilities"]
        self.tell("initialized", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.errors = self.end()

    def end(self) -> str:
        """End the server; what it wrote to standard error."""
        if self._process.poll() is None:
            self.ask("shutdown", None)
            self.tell("exit", None)
        _, errors = self._process.communicate(timeout=30)
        self._limit.cancel()
        return errors.decode()

    def address(self, name: str) -> str:
        return (self._folder / name).as_uri()

    def open(self, name: str, text: str, language: str = "yaml") -> None:
        item = {"uri": self.address(name), "languageId": language, "version": 0, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": item})

    def change(self, name: str, text: str) -> None:
        self._version += 1
        document = {"uri": self.address(name), "version": self._version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def about(self, method: str, name: str, line: int = 0, character: int = 0, **more: Any) -> Any:
        """The answer about a place of a file."""
        position = {"line": line, "character": character}
        return self.ask(
            f"textDocument/{method}", {"textDocument": {"uri": self.address(name)}, "position": position, **more}
        )

    def hints(self, name: str, first: int = 0, last: int = 9999) -> list[dict[str, Any]]:
        ends = {"start": {"line": first, "character": 0}, "end": {"line": last, "character": 0}}
        found: list[dict[str, Any]] = self.about("inlayHint", name, range=ends)
        return found

    def diagnostics(self, name: str) -> list[dict[str, Any]]:
        """The diagnostics of a file that come next."""
        address = self.address(name)

        def is_it(message: dict[str, Any]) -> bool:
            return message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == address

        found: list[dict[str, Any]] = self._until(is_it)["params"]["diagnostics"]
        return found

    def ask(self, method: str, params: Any) -> Any:
        """The answer to a request.

        Raises:
            RuntimeError: the server refuses it.
        """
        self._number += 1
        number = self._number
        self._send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        answer = self._until(lambda message: message.get("id") == number and "method" not in message)
        if "error" in answer:
            raise RuntimeError(json.dumps(answer["error"]))
        return answer["result"]

    def tell(self, method: str, params: Any) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        content = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self._process.stdin.flush()

    def _until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first message that is wanted; those before are kept."""
        while True:
            message = self._receive()
            if wanted(message):
                return message
            self.told.append(message)

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        length = 0
        while line := self._process.stdout.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        if not length:
            raise EOFError("the server has ended")
        found: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return found
