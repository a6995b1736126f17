"""Notebooks, and texts with cells of code, as one source: every line keeps its number, or names its cell."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cnncalc.importing.bounds import parsed_json
from cnncalc.importing.model import START, ModelPlace, RefusedModel
from cnncalc.importing.source.cleaning import code_in, has_cells, is_python, mended, plain, tree_of
from cnncalc.importing.source.printed import PrintedLine, PrintedTable, tables_in

MAX_CELLS = 2_000
MAX_PRINTED = 2_000
MAX_HEAD = 300_000
MAX_SEARCHED = 300_000_000
"""The most characters in which lines of code are looked for, over and over, to find their places."""


_NOTEBOOK = re.compile(r'\A\s*\{[\s\S]{0,200000}?"cells"\s*:')


class Lines(NamedTuple):
    """A source.

    Attributes:
        text: of it, without what is not Python.
        places: the place of each line in the file of a notebook; empty if the numbers are those of the file.
        dropped: the lines of its code that are not Python.
        tables: the summaries of models that the code has printed.
    """

    text: str
    places: list[ModelPlace]
    dropped: tuple[int, ...] = ()
    tables: tuple[PrintedTable, ...] = ()


def is_notebook(content: bytes) -> bool:
    """Whether a file is a notebook, which may hold pictures."""
    return _NOTEBOOK.match(content[:MAX_HEAD].decode("utf-8", "replace")) is not None


def source_of(text: str) -> Lines:
    """The Python of a text."""
    if _NOTEBOOK.match(text):
        return _cells(parsed_json(text.encode()), text)
    try:
        tree_of(text)
    except SyntaxError:
        lines = text.splitlines()
        if has_cells(lines):
            whole = mended(code_in(lines))
            printed = [PrintedLine(line, ModelPlace(i)) for i, line in enumerate(lines, start=1)]
            tables = tables_in(printed, range(1, len(lines) + 1))
            return Lines("\n".join(whole.lines), [], whole.dropped, tuple(tables))
    except (ValueError, RecursionError, MemoryError):
        pass
    return Lines(text, [])


def _cells(data: Any, content: str) -> Lines:
    """The code of a notebook, cell after cell; a cell that is not Python is left out."""
    cells = data.get("cells") if isinstance(data, dict) else None
    lines: list[str] = []
    places: list[ModelPlace] = []
    printed, after = list[PrintedLine](), list[int]()
    finder = _Finder(content)
    for number, cell in enumerate((cells if isinstance(cells, list) else [])[:MAX_CELLS], 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        written = cell.get("source", "")
        text = "".join(one for one in written if isinstance(one, str)) if isinstance(written, list) else str(written)
        own = [plain(line) for line in text.splitlines()]
        if is_python("\n".join(own)):
            lines += own
            places += [
                ModelPlace(finder.line(line), 1, f"cell {number} line {i}")
                for i, line in enumerate(text.splitlines(), start=1)
            ]
        shown = [
            PrintedLine(line, ModelPlace(finder.line(line), 1, f"cell {number}, output")) for line in _outputs(cell)
        ]
        printed += shown
        after += [len(lines)] * len(shown)
    if not lines:
        raise RefusedModel((START, "no cell of this notebook has Python in it"))
    return Lines("\n".join(lines), places, (), tuple(tables_in(printed, after)))


def _outputs(cell: Mapping[str, Any]) -> Iterator[str]:
    """The lines of text that a cell has printed."""
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else []:
        data = output.get("data") if isinstance(output, dict) else None
        texts = (
            output.get("text", data.get("text/plain", "") if isinstance(data, dict) else "")
            if isinstance(output, dict)
            else ""
        )
        yield from ("".join(map(str, texts)) if isinstance(texts, list) else str(texts)).splitlines()[:MAX_PRINTED]


class _Finder:
    """Finds lines of code in the JSON of a notebook, in their order.

    It looks for each line that is written in another way up to the end, so there is an end to this.
    """

    def __init__(self, content: str) -> None:
        self._content, self._at, self._line, self._room = content, 0, 1, MAX_SEARCHED

    def line(self, code: str) -> int:
        """The line of the JSON that has a line of code, or of the one before it if that is not found."""
        forms = {json.dumps(code)[1:-1], json.dumps(code, ensure_ascii=False)[1:-1]} if self._room > 0 else set[str]()
        found = [place for form in forms if form and (place := self._content.find(form, self._at)) >= 0]
        self._room -= min(found, default=len(self._content)) - self._at
        if found:
            self._line += self._content.count("\n", self._at, min(found))
            self._at = min(found)
        return self._line
