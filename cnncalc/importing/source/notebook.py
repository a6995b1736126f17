"""Notebooks, and texts with cells of code, as one source: every line keeps its number, or names its cell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from cnncalc.importing.bounds import parsed_json
from cnncalc.importing.model import START, RefusedModel

MAX_CELLS = 2_000
MAX_REPAIRS = 60
MAX_PARSED = 4_000_000
"""Characters that are parsed to mend one text."""

_NOTEBOOK = re.compile(r'\A\s*\{[\s\S]{0,200000}?"cells"\s*:')
_FENCE = re.compile(r"^\s*(?:```|~~~)\s*(\w*)")
_PROMPT = re.compile(r"^\s*(?:In\s*)?\[(?:None|[\s\d*]*)\]\s*:\s?")
_TORN = re.compile(r"^\s*(?:from|import)\s.*,\s*$")
_HEADER = re.compile(r"expected an indented block after .* on line (\d+)")
_OPEN = (":", ",", "(", "[", "{", "\\")
_MAGIC = re.compile(r"^\s*[%!?]")


class Lines(NamedTuple):
    """A source.

    Attributes:
        text: of it, without what is not Python.
        places: for each line, what it is called; empty if the numbers are those of the file.
        dropped: the lines of its code that are no Python.
    """

    text: str
    places: list[str]
    dropped: tuple[int, ...] = ()


def source_of(text: str) -> Lines:
    """The Python of a text."""
    if _NOTEBOOK.match(text):
        return _cells(parsed_json(text.encode()))
    try:
        ast.parse(text)
    except SyntaxError:
        lines = text.splitlines()
        if any(_FENCE.match(line) or _PROMPT.match(line) for line in lines):
            return _mended(list(code_of(lines)))
    except (ValueError, RecursionError, MemoryError):
        pass
    return Lines(text, [])


def _cells(data: Any) -> Lines:
    """The code of a notebook, cell after cell; a cell that is no Python is left out."""
    cells = data.get("cells") if isinstance(data, dict) else None
    lines: list[str] = []
    places: list[str] = []
    for number, cell in enumerate((cells if isinstance(cells, list) else [])[:MAX_CELLS], 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        written = cell.get("source", "")
        text = "".join(one for one in written if isinstance(one, str)) if isinstance(written, list) else str(written)
        own = [_plain(line) for line in text.splitlines()]
        if is_python("\n".join(own)):
            lines += own
            places += [f"cell {number} line {i}" for i in range(1, len(own) + 1)]
    if not lines:
        raise RefusedModel((START, "no cell of this notebook has Python in it"))
    return Lines("\n".join(lines), places)


def _plain(line: str) -> str:
    """A line without a command of the notebook."""
    return f"{line[: len(line) - len(line.lstrip())]}pass" if _MAGIC.match(line) else line


def is_python(text: str) -> bool:
    """Whether a text is Python."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def code_of(lines: list[str]) -> Iterator[str]:
    """Each line of a text, or nothing for one outside of the cells of code."""
    inside, is_fenced, hanging = False, False, range(0)
    for line in lines:
        prompt = _PROMPT.match(line)
        if fence := _FENCE.match(line):
            is_fenced = not is_fenced
            inside, hanging = is_fenced and fence[1].lower() in ("", "python", "py", "python3"), range(0)
            yield ""
        elif prompt and (inside or "In" in prompt[0]):
            inside, width = True, prompt.end()
            # What follows a prompt may be indented as far as the prompt is long, unless it goes on with the first line.
            hanging = range(0) if line.rstrip().endswith(_OPEN) else range(width - 1, width + 2)
            yield _plain(line[width:])
        elif inside:
            lead = len(line) - len(line.lstrip())
            if hanging and line.strip():
                hanging = range(lead, lead + 1) if lead in hanging else range(0)
            yield _plain(line[hanging[0] if hanging and lead >= hanging[0] else 0 :])
        else:
            yield ""


def _mended(lines: list[str]) -> Lines:
    """Lines of which those that are no Python, as what a page has torn or a cell has printed, are left out."""
    dropped: list[int] = []
    size = sum(map(len, lines)) + 1
    for _ in range(min(MAX_REPAIRS, MAX_PARSED // size)):
        try:
            ast.parse("\n".join(lines))
            break
        except SyntaxError as error:
            number, error_text = min(max(error.lineno or 1, 1), len(lines)) - 1, error.msg
        before = max(number - 1, 0)
        if (header := _HEADER.search(error_text)) is not None and _indented(lines, int(header[1])):
            continue
        torn = next((i for i in (number, before) if _TORN.match(lines[i])), None)
        if torn is not None:
            lines[torn] = lines[torn].rstrip() + " \\"
        elif lines[number].strip():
            lines[number] = ""
            dropped.append(number + 1)
        else:
            lines[before] = ""
            dropped.append(before + 1)
    return Lines("\n".join(lines), [], tuple(dropped))


def _indented(lines: list[str], header: int) -> bool:
    """Whether the lines after one that ends in a colon, up to the next empty one, could be indented as its body."""
    number = header
    lead = " " * (len(lines[header - 1]) - len(lines[header - 1].lstrip()) + 4)
    while number < len(lines) and lines[number].strip() and not lines[number].startswith(lead):
        lines[number] = lead + lines[number]
        number += 1
    return number > header
