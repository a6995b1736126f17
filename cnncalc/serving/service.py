"""Answers of the server: about the file itself, and for each page about the text that is open there."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from cnncalc.errors import CnnCalcError, own_mistake
from cnncalc.live.answers import Desk
from cnncalc.live.requests import Answer, Request, RequestError, text_in
from cnncalc.serving.spec_file import SpecFile

PATIENCE = 20.0
"""Seconds for which a page that asks about changes waits for an answer."""

DESKS = 8
"""The most pages open at once; the one without requests for the longest time has to send its text again."""

MAX_FILE = 7_000_000
"""The most bytes of a model file that a page sends: in base64 they are 9,333,336, below the 10 MB of a request."""


class Service:
    """Answers for the pages of one file.

    Args:
        file: the file.
        desk: makes the desk of a new page.
        note: a remark on the file when it is opened.
    """

    def __init__(self, file: SpecFile, desk: Callable[[], Desk], note: str = "") -> None:
        self._file = file
        self._new_desk = desk
        self._desks: OrderedDict[str, Desk] = OrderedDict()
        self._lock = Lock()
        self._of_file: dict[str, Callable[[Request], Answer]] = {
            "file": lambda _: (opened := file.opened()) | {"note": opened["note"] or note, "most": MAX_FILE},
            "save": lambda request: file.save(text_in(request, "text"), text_in(request, "hash")),
            "merge": lambda request: file.merged(text_in(request, "text"), text_in(request, "hash")),
            "watch": lambda request: file.awaited(text_in(request, "hash"), PATIENCE),
        }

    def answer(self, page: str, request: object) -> Answer:
        """The answer to a request of a page; it reports every failure."""
        try:
            if not isinstance(request, dict):
                raise RequestError("a request is a mapping")
            asked = text_in(request, "ask")
            if asked in self._of_file:
                return self._of_file[asked](request)
            if asked == "text" and request.get("name") == self._file.name:
                request = {**request, "name": self._file.path}  # by which the configuration knows it
            with self._lock:
                return self._desk(page).answer(request)
        except CnnCalcError as error:
            return {"error": str(error)}
        except Exception as error:  # the page goes on after any error
            message = own_mistake(error)
            print(message, file=sys.stderr)
            return {"error": message}

    def _desk(self, page: str) -> Desk:
        desk = self._desks.pop(page, None) or self._new_desk()
        self._desks[page] = desk
        while len(self._desks) > DESKS:
            self._desks.popitem(last=False)
        return desk
