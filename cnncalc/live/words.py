"""Answers to a page about a place of the text: words, names, changes."""

from __future__ import annotations

from cnncalc.editing.actions import actions
from cnncalc.editing.completion import completions
from cnncalc.editing.hints import hints
from cnncalc.editing.hover import hover
from cnncalc.editing.lens import formatting, lens
from cnncalc.editing.names import WORD
from cnncalc.editing.places import TextPlace
from cnncalc.editing.rename import definition, rename, renamed_range
from cnncalc.editing.symbols import OutlineEntry, symbols
from cnncalc.live.open_text import OpenText
from cnncalc.live.requests import Answer, Request, number_in, text_in

ALL_LINES = 10**9


def hints_answer(text: OpenText, request: Request) -> Answer:
    """The figures beside some lines, from `first_line` to `last_line`."""
    first = text.positions.from_client(number_in(request, "first_line", 0), 0).line
    last = text.positions.from_client(number_in(request, "last_line", ALL_LINES), 0).line
    return {
        "hints": [
            {"line": text.line(hint.line), "label": hint.label, "tooltip": hint.tooltip}
            for hint in hints(text.edited, first=first, last=last)
        ]
    }


def lens_answer(text: OpenText) -> Answer | None:
    """The totals above a line; None if there are none."""
    found = lens(text.edited)
    return None if found is None else {"line": text.line(found.line), "label": found.text}


def hover_answer(text: OpenText, request: Request) -> Answer:
    """The explanation of the word at a place."""
    found = hover(text.edited, text.place(request))
    return {} if found is None else {"markdown": found.text, "range": text.range(found.range)}


def complete_answer(text: OpenText, request: Request) -> Answer:
    """The words that can be written at a place, for the one that ends there."""
    place = text.place(request)
    lines = text.edited.lines
    before = (lines[place.line] if place.line < len(lines) else "")[: place.column]
    start = TextPlace(
        place.line, next((m.start() for m in WORD.finditer(before) if m.end() == len(before)), len(before))
    )
    return {
        "items": [
            {
                "label": word.label, "sort": word.sort, "detail": word.detail, "documentation": word.doc,
                "insert": word.text or word.label, "from": text.shown_place(start),
            }
            for word in completions(text.edited, place)
        ]
    }  # fmt: skip


def actions_answer(text: OpenText, request: Request) -> Answer:
    """The actions in a part of the text."""
    found = actions(text.edited, text.asked_range(request))
    return {"actions": [{"title": action.title, "changes": text.changes(action.changes)} for action in found]}


def rename_answer(text: OpenText, request: Request) -> Answer:
    """The changes that rename the name at a place; without a name the part that would be renamed."""
    place = text.place(request)
    if "name" in request:
        return {"changes": text.changes(rename(text.edited, place, text_in(request, "name")))}
    found = renamed_range(text.edited, place)
    return {} if found is None else {"range": text.range(found)}


def definition_answer(text: OpenText, request: Request) -> Answer:
    """The definition of the name at a place."""
    found = definition(text.edited, text.place(request))
    return {} if found is None else {"range": text.range(found)}


def format_answer(text: OpenText, _: Request) -> Answer:
    """The changes that put the text into canonical layout."""
    return {"changes": text.changes(formatting(text.edited))}


def symbols_answer(text: OpenText, _: Request) -> Answer:
    """The outline of the text."""
    return {"symbols": [_symbol(text, entry) for entry in symbols(text.edited)]}


def _symbol(text: OpenText, entry: OutlineEntry) -> Answer:
    return {
        "name": entry.name, "detail": entry.detail, "sort": entry.sort, "range": text.range(entry.range),
        "word": text.range(entry.word), "inside": [_symbol(text, one) for one in entry.inside],
    }  # fmt: skip
