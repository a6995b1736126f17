"""Handouts on paper: pages with a table that repeats its head, and lines of worked solutions below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from cnncalc.drawing.picture import DrawnThing, Lettering, Picture, Surface, moved, rectangle, text_width, wrapped
from cnncalc.drawing.raster import pages_pdf
from cnncalc.drawing.svg import svg_text
from cnncalc.homework.handout import Handout, HandoutCell, Solution

PAPERS = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
"""Width and height in millimetres."""

UNIT = 96 / 25.4
"""Units of a picture for each millimetre."""

EDGE = 15 * UNIT
SIZE = 11.0
LINE = 15.0
PAD = 5.0
ANSWER = 88.0
"""The least width of a cell to write into."""
MOST_OF_A_WORD = 160.0
"""The width of a column of words at which longer words are broken."""


class _Block(NamedTuple):
    """Things that stay on one page, drawn from 0, 0, and their height."""

    things: tuple[DrawnThing, ...]
    height: float


def handout_pages(handout: Handout, paper: str) -> list[Picture]:
    """The pages of a handout, each with its title and its student; a table wider than the paper is made smaller."""
    width, height = (side * UNIT for side in PAPERS[paper])
    columns = _columns(handout, width - 2 * EDGE)
    scale = max(1.0, sum(columns) / (width - 2 * EDGE))
    width, height, edge = width * scale, height * scale, EDGE * scale
    above = _above(handout, width - 2 * edge)
    head = _row(tuple(HandoutCell(text) for text in handout.heads), columns, "block")
    blocks = [_row(row, columns) for row in handout.rows]
    pages = _filled(above, head, blocks, height - 2 * edge - 2 * LINE)
    below = [block for solution in handout.solutions for block in _solution(solution, width - 2 * edge)]
    pages += _filled(above, _Block((), 0.0), below, height - 2 * edge - 2 * LINE) if below else []
    foot = [f"{number} / {len(pages)}" for number in range(1, len(pages) + 1)]
    return [
        Picture(handout.title, width, height, (*moved(page, edge, edge), Lettering(width / 2, height - edge, text, 9)))
        for page, text in zip(pages, foot, strict=True)
    ]


def _columns(handout: Handout, room: float) -> list[float]:
    """The widths of the columns: columns of words shrink, and the remaining width is for answers."""
    columns = [*zip(*handout.rows, strict=True)]
    answers = [any(cell.kind != "words" for cell in cells) for cells in columns]
    wanted = [
        max(ANSWER * is_answer, *(text_width(cell.text, SIZE) + 2 * PAD for cell in cells), _longest(head))
        for cells, is_answer, head in zip(columns, answers, handout.heads, strict=True)
    ]
    surplus = sum(wanted) - room
    if surplus <= 0:
        return [width - surplus / sum(answers) * is_answer for width, is_answer in zip(wanted, answers, strict=True)]
    least = [
        width if is_answer else min(width, MOST_OF_A_WORD, max(map(_longest, (head, *(cell.text for cell in cells)))))
        for width, is_answer, head, cells in zip(wanted, answers, handout.heads, columns, strict=True)
    ]
    give = sum(wanted) - sum(least)
    part = min(1.0, surplus / give) if give else 0.0
    return [width - (width - low) * part for width, low in zip(wanted, least, strict=True)]


def _longest(text: str) -> float:
    """The room that the longest word of a text takes."""
    return max((text_width(word, SIZE, bold=True) for word in text.split()), default=0.0) + 2 * PAD


def _above(handout: Handout, room: float) -> _Block:
    """The title, the student, and the way to write answers."""
    facts = {"student": "_" * 24} | dict(handout.facts)
    said = " · ".join(f"{word}: {text}" for word, text in facts.items())
    things: list[DrawnThing] = []
    y = 0.0
    for text, size, bold in ((handout.title, 15.0, True), (said, SIZE, False), (handout.how, 9.0, False)):
        for line in wrapped(text, room / 1.15, size):
            y += 1.5 * size
            things.append(Lettering(0, y, line, size, "start", bold=bold))
    return _Block(tuple(things), y + 12)


def _row(cells: Sequence[HandoutCell], columns: Sequence[float], role: str = "") -> _Block:
    """A row of the table; the head has a colour."""
    texts = [_lines(cell.text, width - 2 * PAD, bold=bool(role)) for cell, width in zip(cells, columns, strict=True)]
    height = max(map(len, texts)) * LINE + 2 * PAD
    things: list[DrawnThing] = []
    left = 0.0
    for cell, lines, width in zip(cells, texts, columns, strict=True):
        fill = role or ("padding" if cell.kind == "none" else "input")
        things.append(Surface(rectangle(left, 0, width, height), fill))
        things += [
            Lettering(left + PAD, PAD + SIZE + number * LINE, line, SIZE, "start", bold=bool(role))
            for number, line in enumerate(lines)
        ]
        left += width
    return _Block(tuple(things), height)


def _lines(text: str, room: float, *, bold: bool) -> list[str]:
    """A text on lines that fit; a word that is too long is broken."""
    lines = wrapped(text, room / (1.15 if bold else 1), SIZE) or [""]
    return [part for line in lines for part in _broken(line, room, bold=bold)]


def _broken(line: str, room: float, *, bold: bool) -> Iterator[str]:
    start = 0
    for end in range(1, len(line) + 1):
        if end - start > 1 and text_width(line[start:end], SIZE, bold=bold) > room:
            yield line[start : end - 1]
            start = end - 1
    yield line[start:]


def _solution(solution: Solution, room: float) -> Iterator[_Block]:
    """The lines of a worked solution; its first two stay together."""
    lines = [(line, 0.0, True) for line in wrapped(f"{solution.layer}: {solution.what}", room / 1.2, SIZE)]
    lines += [(line, 14.0, False) for step in solution.steps for line in wrapped(step, room - 14, SIZE)]
    drawn = [Lettering(left, LINE, text, SIZE, "start", bold=bold) for text, left, bold in lines]
    first = drawn[:2]
    yield _Block(tuple(one._replace(y=LINE * (n + 1.6)) for n, one in enumerate(first)), LINE * (len(first) + 0.6))
    yield from (_Block((one,), LINE) for one in drawn[2:])


def _filled(above: _Block, head: _Block, blocks: Sequence[_Block], room: float) -> list[list[DrawnThing]]:
    """Blocks on as many pages as they need, each below the repeated blocks."""
    pages: list[list[DrawnThing]] = []
    y = room
    for block in blocks:
        if not pages or y + block.height > room:
            pages.append([*above.things, *moved(head.things, 0, above.height)])
            y = above.height + head.height
        pages[-1] += moved(block.things, 0, y)
        y += block.height
    return pages


def handouts_pdf(handouts: Sequence[Handout], paper: str) -> bytes:
    """Handouts as one PDF.

    Raises:
        MissingExtra: the extra `pictures` is not installed.
    """
    pages = [page for handout in handouts for page in handout_pages(handout, paper)]
    return pages_pdf((svg_text(page, "light") for page in pages), *PAPERS[paper])
