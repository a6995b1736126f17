"""Code in a pasted or printed text: without fences, prompts, line numbers and the output of the code.

Every line keeps its number: one that is not code is empty.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

MAX_REPAIRS = 60
MAX_PARSED = 4_000_000
"""The most characters that are parsed to clean one text."""

_FENCE = re.compile(r"^\s*(?:```|~~~)\s*(\w*)")
_PROMPT = re.compile(r"^\s*(?:In\s*)?\[(?:[\s\d*]*|None)\]\s*:\s?")
_SHELL = re.compile(r"^\s*(?:>>>|\.\.\.)(?: |$)")
_NUMBER = re.compile(r"^\s{0,6}(\d{1,5})(?:[:|.]?[ \t]|[:|.]?$)")
_TORN = re.compile(r"^\s*(?:from|import)\s.*,\s*$")
_HEADER = re.compile(r"expected an indented block after .* on line (\d+)")
_OPEN = (":", ",", "(", "[", "{", "\\")
_MAGIC = re.compile(r"^\s*[%!?]")
_CODE_LINE = re.compile(
    r"\s*(?:#|@|[)\]}'\"]|(?:import|from|class|def|if|elif|for|while|return|with|print|assert)\b|(?:try|else|finally):"
    r"|[A-Za-z_][\w.]*(?:\[[^\]]*\])?\s*(?:[+\-*/]?=(?!=)|\()|[A-Za-z_][\w, ]*=)"
)
LANGUAGES = ("", "python", "py", "python3", "ipython")


class Mended(NamedTuple):
    """Lines that are Python, and the numbers of those that were left out of them."""

    lines: list[str]
    dropped: tuple[int, ...]


class _Cell(NamedTuple):
    """A piece of code: the number of each line, from 0, and its text."""

    numbers: list[int]
    texts: list[str]


def has_cells(lines: list[str]) -> bool:
    """Whether a text has marks of pasted code."""
    return any(_FENCE.match(line) or _PROMPT.match(line) or _SHELL.match(line) for line in lines) or _is_numbered(lines)


def code_in(lines: list[str]) -> list[str]:
    """Each line of a text, or nothing for one that is outside of code."""
    found = [""] * len(lines)
    for cell in _joined(_cells(lines)):
        if _is_code(cell.texts):
            for number, text in zip(cell.numbers, cell.texts, strict=True):
                found[number] = plain(text)
    return found


def plain(line: str) -> str:
    """A line without a command of the notebook."""
    return f"{line[: _lead(line)]}pass" if _MAGIC.match(line) else line


def tree_of(text: str) -> ast.Module:
    """The tree of a text, without Python's warnings about it.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: it is not Python.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def is_python(text: str) -> bool:
    """Whether a text is Python."""
    try:
        tree_of(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _cells(lines: list[str]) -> Iterator[_Cell]:
    """The cells of a text: the lines in fences, or after prompts."""
    cell, inside, is_fenced, hanging = _Cell([], []), _is_numbered(lines), False, range(0)
    for number, line in enumerate(lines):
        prompt, start = _PROMPT.match(line), 0
        if fence := _FENCE.match(line):
            yield cell
            is_fenced = not is_fenced
            inside, hanging, cell = is_fenced and fence[1].lower() in LANGUAGES, range(0), _Cell([], [])
            continue
        if prompt and (inside or "In" in prompt[0]):
            yield cell
            inside, start, cell = True, prompt.end(), _Cell([], [])
            # Lines after a prompt may be indented by its length, unless they go on with the first line.
            hanging = range(0) if line.rstrip().endswith(_OPEN) else range(start - 1, start + 2)
        elif hanging and inside and line.strip():
            lead = _lead(line)
            hanging = range(lead, lead + 1) if lead in hanging else range(0)
            start = hanging[0] if hanging else 0
        if inside or _SHELL.match(line):
            cell.numbers.append(number)
            cell.texts.append(line[start:])
    yield cell


def _joined(cells: Iterator[_Cell]) -> Iterator[_Cell]:
    """Cells without line numbers; cells with numbers that go on after those of the cell before are joined."""
    before, last = _Cell([], []), 0
    for cell in cells:
        if not any(map(str.strip, cell.texts)):
            continue
        first, end = _numbers(cell.texts)
        if end and first == last + 1:
            after = _without_numbers(cell)
            before = _Cell(before.numbers + after.numbers, before.texts + after.texts)
        else:
            yield before
            before = _without_numbers(cell) if end else _without_prompts(cell)
        last = end
    yield before


def _numbers(lines: list[str]) -> tuple[int, int]:
    """The numbers of the first and the last line; 0 if they have none."""
    if not _is_numbered(lines):
        return 0, 0
    numbers = [int(found[1]) for line in lines if (found := _NUMBER.match(line))]
    return numbers[0], numbers[-1]


def _is_numbered(lines: list[str]) -> bool:
    """Whether lines begin with growing numbers."""
    written = [line for line in lines if line.strip()]
    numbers = [int(found[1]) for line in written if (found := _NUMBER.match(line))]
    grows = all(one < other for one, other in zip(numbers, numbers[1:], strict=False))
    return len(numbers) > 1 and grows and 10 * len(numbers) >= 8 * len(written)


def _without_numbers(cell: _Cell) -> _Cell:
    """Lines without their numbers; one that has none goes on with the one before it."""
    texts: list[str] = []
    kept = 0
    for text in cell.texts:
        found = _NUMBER.match(text)
        texts.append(text[found.end() :] if found else "")
        if found:
            kept = len(texts) - 1
        elif text.strip() and texts[kept].strip():
            texts[kept] += f" {text.strip()}"
    return _Cell(cell.numbers, _aligned(texts))


def _aligned(texts: list[str]) -> list[str]:
    """Lines indented by multiples of four; a number of two digits may have taken a blank from its line."""
    leads = [_lead(text) for text in texts if text.strip()]
    if 10 * sum(lead % 4 in (0, 3) for lead in leads) < 9 * len(leads):
        return texts
    return [f" {text}" if _lead(text) % 4 == 3 else text for text in texts]


def _without_prompts(cell: _Cell) -> _Cell:
    """The lines of a session after their prompts, without its output."""
    if not any(map(_SHELL.match, cell.texts)):
        return cell
    return _Cell(cell.numbers, [text[found.end() :] if (found := _SHELL.match(text)) else "" for text in cell.texts])


def _is_code(texts: list[str]) -> bool:
    """Whether a cell is code, as a whole or for the most part, and not the output of code."""
    written = [text for text in texts if text.strip()]
    return 2 * sum(bool(_CODE_LINE.match(text)) for text in written) >= len(written) or is_python("\n".join(texts))


def mended(lines: list[str]) -> Mended:
    """Lines without those that are not Python, such as torn lines of a page or the output of a cell."""
    lines, dropped = list(lines), list[int]()
    room = MAX_PARSED
    for _ in range(MAX_REPAIRS):
        text = "\n".join(lines)
        room -= len(text) + 1
        if room < 0:
            break
        try:
            tree_of(text)
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
    return Mended(lines, tuple(dropped))


def gathered(tree: ast.Module) -> ast.Module:
    """A tree in which lines of a method that lost their blanks, and with them their place in it, are in it again."""
    for class_ in tree.body:
        if isinstance(class_, ast.ClassDef):
            kept: list[ast.stmt] = []
            for is_plain, group in groupby(
                class_.body, lambda one: not isinstance(one, ast.FunctionDef | ast.ClassDef)
            ):
                statements = list(group)
                if is_plain and kept and isinstance(kept[-1], ast.FunctionDef) and any(map(_is_of_method, statements)):
                    kept[-1].body += statements
                else:
                    kept += statements
            class_.body = kept
    return tree


def _is_of_method(statement: ast.stmt) -> bool:
    """Whether a statement makes sense in a method only."""
    names = (one.id for one in ast.walk(statement) if isinstance(one, ast.Name))
    return isinstance(statement, ast.Return) or "self" in names


def _indented(lines: list[str], header: int) -> bool:
    """Whether the lines after one that ends in a colon, up to the next empty one, could be indented as its body."""
    number = header
    lead = _lead(lines[header - 1]) + 4
    lost = lead - _lead(lines[header]) if header < len(lines) else 0
    while number < len(lines) and lines[number].strip() and _lead(lines[number]) < lead:
        lines[number] = " " * max(lead, _lead(lines[number]) + lost) + lines[number].lstrip()
        number += 1
    return number > header


def _lead(line: str) -> int:
    """The number of blanks at the start of a line."""
    return len(line) - len(line.lstrip())
