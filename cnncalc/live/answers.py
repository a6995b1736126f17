"""The answers to a live page, about the one text that it has open."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cnncalc.check.baseline import Baseline
from cnncalc.check.settings import Settings
from cnncalc.editing.edited_text import opened
from cnncalc.editing.positions import ClientPositions
from cnncalc.errors import CnnCalcError
from cnncalc.live.files import bundled, export, figure, imported, targets
from cnncalc.live.open_text import OpenText
from cnncalc.live.problems import broken_state, problems
from cnncalc.live.requests import Answer, Request, RequestError, text_in, word_in
from cnncalc.live.settings import settings
from cnncalc.live.table import table
from cnncalc.live.words import (
    actions_answer,
    complete_answer,
    definition_answer,
    format_answer,
    hints_answer,
    hover_answer,
    lens_answer,
    rename_answer,
    symbols_answer,
)


def _exercise(text: OpenText, request: Request) -> Answer:
    """As `exercises.exercise`: its modules are loaded only if there is a sheet, so that a page opens sooner."""
    from cnncalc.live.exercises import exercise

    return exercise(text, request)


def _mark(text: OpenText, request: Request) -> Answer:
    """As `exercises.mark`."""
    from cnncalc.live.exercises import mark

    return mark(text, request)


OF_TEXT: dict[str, Callable[[OpenText, Request], Answer]] = {
    "problems": problems,
    "hints": hints_answer,
    "table": table,
    "figure": figure,
    "hover": hover_answer,
    "complete": complete_answer,
    "actions": actions_answer,
    "rename": rename_answer,
    "format": format_answer,
    "definition": definition_answer,
    "symbols": symbols_answer,
    "export": export,
    "exercise": _exercise,
    "mark": _mark,
}
"""The answers about the open text."""

OF_NONE: dict[str, Callable[[Request], Answer]] = {"targets": targets, "bundled": bundled, "import": imported}
"""The answers that need no open text."""

ASKED = ("text", *OF_TEXT, *OF_NONE)


class Desk:
    """One open text. It is for one page, whose requests come one after another.

    Args:
        settings: those of the text's check; the usual ones if it is None.
        baseline: the findings that are accepted; None for none.
    """

    def __init__(self, settings: Settings | None = None, baseline: Baseline | None = None) -> None:
        self._settings, self._baseline = settings, baseline
        self._open: OpenText | None = None

    def answer(self, request: object) -> Answer:
        """The answer to a request, both plain data; `{"error": sentence}` for what cannot be answered.

        A page whose text is not open here is asked by `again` to send it, and to ask again.
        """
        try:
            if not isinstance(request, Mapping):
                raise RequestError("a request is a mapping")
            asked = word_in(request, "ask", ASKED)
            if asked == "text":
                return self._text(request)
            if asked in OF_NONE:
                return OF_NONE[asked](request)
            if self._open is None:
                return {"error": "no text is open; ask for 'text' first", "again": True}
            return OF_TEXT[asked](self._open, request)
        except CnnCalcError as error:
            return {"error": str(error)}

    def _text(self, request: Request) -> Answer:
        """The figures of a text that was opened or changed; of a broken one the last good ones.

        The findings of a check are in it, too, unless `check` is false and the text is good.
        """
        content, name = text_in(request, "text"), text_in(request, "name", "net.yaml")
        edited = opened(name, content, self._settings, self._open and self._open.edited)
        self._open = text = OpenText(edited, ClientPositions(content), self._baseline)
        return {
            "good": edited.report is not None,
            "settings": settings(text),
            "lens": lens_answer(text),
            **hints_answer(text, request),
            "table": table(text, request) if edited.good is not None else None,
            **(problems(text, request) if request.get("check", True) else {"state": broken_state(text)}),
        }
