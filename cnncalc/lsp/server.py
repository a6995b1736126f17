"""The server's answers: each request goes to the function of `editing` that knows it. No traceback leaves it."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from io import BytesIO
from typing import Any, BinaryIO, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.uris import to_fs_path

from cnncalc.editing.actions import actions
from cnncalc.editing.completion import completions
from cnncalc.editing.edited_text import EditedText
from cnncalc.editing.hover import hover
from cnncalc.editing.lens import formatting, lens
from cnncalc.editing.places import TextPlace, TextRange
from cnncalc.editing.positions import UNITS, ClientPositions
from cnncalc.editing.rename import definition, references, rename, renamed_range
from cnncalc.editing.symbols import folds, symbols
from cnncalc.errors import RewritingError, own_mistake
from cnncalc.lsp.conversion import ACTIONS, Conversion, completion
from cnncalc.lsp.session import Session

PAUSE = 0.15
"""Seconds without typing after which a text is checked."""

REFUSED = -32803
"""The protocol's number for a well-formed request that cannot be fulfilled."""

P = TypeVar("P")


class _Protocol(LanguageServerProtocol):
    """The protocol, with no traceback in its errors."""

    def _send_response(self, msg_id: Any, result: Any = None, error: types.ResponseError | None = None) -> None:
        if error is not None:
            error = types.ResponseError(error.code, error.message)
        super()._send_response(msg_id, result, error)


class Server(LanguageServer):
    """A language server on `Session`."""

    def __init__(self, version: str) -> None:
        super().__init__(
            "cnncalc", version, text_document_sync_kind=types.TextDocumentSyncKind.Full, protocol_cls=_Protocol
        )
        self._session = Session()
        self._waiting: dict[str, asyncio.TimerHandle] = {}
        for method, (answer, *options) in self._answers().items():
            self.feature(method, *options)(guarded(answer))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Report on standard error that something failed; a window in the editor might open for every key."""
        if not isinstance(error, JsonRpcException) or error.code != REFUSED:
            print(f"cnncalc lsp: {type(error).__name__}", file=sys.stderr)

    def _answers(self) -> dict[str, tuple[Any, ...]]:
        """The function that answers each method, with the options that the client gets."""
        return {
            types.TEXT_DOCUMENT_DID_OPEN: (self._changed,),
            types.TEXT_DOCUMENT_DID_CHANGE: (self._changed,),
            types.TEXT_DOCUMENT_DID_SAVE: (self._changed,),
            types.TEXT_DOCUMENT_DID_CLOSE: (self._closed,),
            types.TEXT_DOCUMENT_INLAY_HINT: (self._hints,),
            types.TEXT_DOCUMENT_HOVER: (self._hover,),
            types.TEXT_DOCUMENT_COMPLETION: (
                self._completion,
                types.CompletionOptions(trigger_characters=["{", "[", ":", ",", " ", "-"]),
            ),
            types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: (self._symbols,),
            types.TEXT_DOCUMENT_DEFINITION: (self._definition,),
            types.TEXT_DOCUMENT_REFERENCES: (self._references,),
            types.TEXT_DOCUMENT_PREPARE_RENAME: (self._prepare_rename,),
            types.TEXT_DOCUMENT_RENAME: (self._rename, types.RenameOptions(prepare_provider=True)),
            types.TEXT_DOCUMENT_CODE_ACTION: (
                self._actions,
                types.CodeActionOptions(code_action_kinds=[*ACTIONS.values()]),
            ),
            types.TEXT_DOCUMENT_FORMATTING: (self._formatting,),
            types.TEXT_DOCUMENT_CODE_LENS: (self._lens,),
            types.TEXT_DOCUMENT_FOLDING_RANGE: (self._folds,),
        }

    def _positions(self, address: str) -> ClientPositions:
        """Places in a text that is open."""
        file = self._session.file(address)
        encoding = str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))
        return ClientPositions(file.text if file is not None else "", encoding if encoding in UNITS else "utf-16")

    def _place(self, params: Any) -> tuple[EditedText | None, TextPlace, Conversion]:
        """The spec that a request is about, the place, and the conversion of its answer."""
        address = params.text_document.uri
        positions = self._positions(address)
        place = positions.from_client(params.position.line, params.position.character)
        return self._session.spec(address), place, Conversion(positions, address)

    def _changed(self, params: Any) -> None:
        """Take the text of a file, and check it after a pause."""
        address = params.text_document.uri
        text = self.workspace.get_text_document(address).source
        self._session.put(address, to_fs_path(address) or address, text)
        if (before := self._waiting.pop(address, None)) is not None:
            before.cancel()
        loop = asyncio.get_running_loop()
        self._waiting[address] = loop.call_later(PAUSE, guarded(self._publish), address)

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        address = params.text_document.uri
        if (before := self._waiting.pop(address, None)) is not None:
            before.cancel()
        self._session.remove(address)
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(address, []))

    def _publish(self, address: str) -> None:
        """Send the findings in a file, and the problems of its configuration."""
        self._waiting.pop(address, None)
        if self._session.file(address) is None:
            return
        found = self._session.findings(address)
        conversion = Conversion(self._positions(address), address)
        version = self.workspace.get_text_document(address).version
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(address, [conversion.diagnostic(one) for one in found], version)
        )
        while self._session.complaints:
            message = self._session.complaints.pop()
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, message))

    def _hints(self, params: types.InlayHintParams) -> list[types.InlayHint]:
        address = params.text_document.uri
        positions = self._positions(address)
        first, last = (positions.from_client(end.line, 0).line for end in (params.range.start, params.range.end))
        conversion = Conversion(positions, address)
        return [conversion.hint(hint) for hint in self._session.hints(address, first, last)]

    def _hover(self, params: types.HoverParams) -> types.Hover | None:
        edited, place, conversion = self._place(params)
        found = hover(edited, place) if edited is not None else None
        return conversion.hover(found) if found is not None else None

    def _completion(self, params: types.CompletionParams) -> list[types.CompletionItem]:
        edited, place, _ = self._place(params)
        words = completions(edited, place) if edited is not None else []
        return [completion(number, word) for number, word in enumerate(words)]

    def _symbols(self, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        edited, conversion = self._whole(params)
        return [conversion.symbol(entry) for entry in symbols(edited)] if edited is not None else []

    def _whole(self, params: Any) -> tuple[EditedText | None, Conversion]:
        """The spec that a request is about, and the conversion of its answer."""
        address = params.text_document.uri
        return self._session.spec(address), Conversion(self._positions(address), address)

    def _definition(self, params: types.DefinitionParams) -> types.Location | None:
        edited, place, conversion = self._place(params)
        found = definition(edited, place) if edited is not None else None
        return conversion.location(found) if found is not None else None

    def _references(self, params: types.ReferenceParams) -> list[types.Location]:
        edited, place, conversion = self._place(params)
        wanted = params.context.include_declaration
        found = references(edited, place, definition=wanted) if edited is not None else []
        return [conversion.location(range_) for range_ in found]

    def _prepare_rename(self, params: types.PrepareRenameParams) -> types.Range | None:
        edited, place, conversion = self._place(params)
        found = renamed_range(edited, place) if edited is not None else None
        return conversion.range(found) if found is not None else None

    def _rename(self, params: types.RenameParams) -> types.WorkspaceEdit | None:
        edited, place, conversion = self._place(params)
        try:
            changes = rename(edited, place, params.new_name) if edited is not None else []
        except RewritingError as error:
            raise JsonRpcException(str(error), REFUSED) from None
        return conversion.edits(changes) if changes else None

    def _actions(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        address = params.text_document.uri
        edited, conversion = self._whole(params)
        positions = self._positions(address)
        start, stop = (positions.from_client(end.line, end.character) for end in (params.range.start, params.range.end))
        found = [(one.finding, conversion.diagnostic(one)) for one in self._session.findings(address)]
        offered = actions(edited, TextRange(start, stop)) if edited is not None else ()
        return [conversion.action(action, found) for action in offered]

    def _formatting(self, params: types.DocumentFormattingParams) -> list[types.TextEdit]:
        edited, conversion = self._whole(params)
        return [conversion.edit(change) for change in formatting(edited)] if edited is not None else []

    def _lens(self, params: types.CodeLensParams) -> list[types.CodeLens]:
        edited, conversion = self._whole(params)
        found = lens(edited) if edited is not None else None
        return [conversion.lens(found)] if found is not None else []

    def _folds(self, params: types.FoldingRangeParams) -> list[types.FoldingRange]:
        edited, conversion = self._whole(params)
        found = folds(edited) if edited is not None else ()
        return [types.FoldingRange(conversion.line(first), conversion.line(last)) for first, last in found]


def guarded(answer: Callable[[P], Any]) -> Callable[[P], Any]:
    """A function that answers nothing when another one fails: its failure must not end the server."""

    def answered(params: P) -> Any:
        try:
            return answer(params)
        except JsonRpcException:
            raise
        except Exception as error:
            name = getattr(answer, "__name__", "").strip("_")
            print(own_mistake(error, f"cnncalc lsp: {name}"), file=sys.stderr)
            return None

    return answered


class _Output(BytesIO):
    """Standard output, which pygls closes at the end although others still flush it."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def write(self, data: Any) -> int:
        return self._stream.write(data)

    def flush(self) -> None:
        self._stream.flush()


def serve(version: str) -> None:
    """Answer on standard input and output until the client ends the session."""
    logging.disable(logging.CRITICAL)
    output = _Output(sys.stdout.buffer)
    with redirect_stdout(sys.stderr):  # nothing else may print there
        Server(version).start_io(stdout=output)
