"""A grid as a table for people, fitted to the width at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import zip_longest

from cnncalc.render.grid import Cell, Grid, Header, cell_text
from cnncalc.render.numbers import Units
from cnncalc.render.screen import UNLIMITED, Part, Screen, cell_width

SHORTEST_TEXT = 24
"""A column of words is folded to no less than this before numbers are left out."""

LONGEST_WORD = 40
"""A column of words is at least as wide as its words, up to this; only longer ones, as paths of files, are broken."""

SHORTEST_NAME = 6
"""If even what is essential does not fit, the names of rows lose their beginning, down to this."""

GAP = 2
"""Spaces between two columns."""


def print_table(grid: Grid, screen: Screen, units: Units = "exact") -> None:
    """Print a grid with its title and notes.

    Columns that do not fit are left out by their priority, and said to be; sentences and notes fold.

    Args:
        grid: the table.
        screen: where to; its width is the limit.
        units: how numbers are written.
    """
    grid = _in_words(grid, screen, units)
    left_out, widths = list[str](), natural_widths(grid)
    least = widths if table_width(widths) <= screen.width else _least_widths(grid, widths)
    while table_width(least) > screen.width and (index := grid.least_important) is not None:
        left_out.insert(0, grid.headers[index].title)
        grid = grid.without(index)
        widths, least = [[*each[:index], *each[index + 1 :]] for each in (widths, least)]
    print_title(grid.title, screen)
    fitted = _fitted_widths(grid, widths, least, screen.width)
    if fitted[0] < widths[0]:
        grid = _with_short_names(grid, fitted[0], screen.shown("…"))
    for line in _lines(grid, fitted, folds=fitted != widths or _has_breaks(grid)):
        screen.line(*line)
    notes = grid.notes
    if left_out:
        notes = (f"not shown at this width: {', '.join(left_out)}{grid.choice}", *notes)
    for note in notes:
        screen.line((_note(note, screen), "dim"))


def _note(note: str, screen: Screen) -> str:
    text = screen.shown(f" {note}")
    if not screen.is_terminal:
        return text
    from cnncalc.render.folding import folded  # show has no need of it if it is piped

    return folded(text, screen.width)


def table_text(grid: Grid) -> str:
    """A grid as text, as wide as the terminal at hand; of any width if there is none."""
    from shutil import get_terminal_size  # show has no need of it

    file = StringIO()
    print_table(grid, Screen(file, get_terminal_size((UNLIMITED, 0)).columns, terminal=False))
    return file.getvalue().rstrip("\n")


def print_title(title: str, screen: Screen) -> None:
    """Print the line above a table or above several."""
    screen.say((title, "bold"))


def table_width(widths: Sequence[int]) -> int:
    """The width of a table with such columns."""
    return sum(widths) + GAP * (len(widths) - 1)


def natural_widths(grid: Grid) -> list[int]:
    """The width of each column if nothing is cut."""
    rows = [*grid.rows, grid.totals] if grid.totals else list(grid.rows)
    columns = zip(*rows, strict=True) if rows else [()] * len(grid.headers)
    return [
        max(map(cell_width, (header.title, *_column_lines(column, header))))
        for column, header in zip(columns, grid.headers, strict=True)
    ]


def _in_words(grid: Grid, screen: Screen, units: Units) -> Grid:
    """The grid with every cell as the text that people read there."""
    rows = tuple([_shown(row, screen, units) for row in grid.rows])
    return grid._replace(rows=rows, totals=_shown(grid.totals, screen, units))


def _shown(row: Sequence[Cell], screen: Screen, units: Units) -> tuple[str, ...]:
    """The cells of a row in words; most rows can be shown as they are, and are looked at once."""
    texts = tuple([cell_text(cell, units) for cell in row])
    return texts if screen.shows("".join(texts)) else tuple(map(screen.shown, texts))


def _has_breaks(grid: Grid) -> bool:
    """Whether a cell of a column that folds has several lines."""
    folding = [index for index, header in enumerate(grid.headers) if header.may_fold]
    return any("\n" in str(row[index]) for index in folding for row in grid.rows)


def _column_lines(cells: Iterable[Cell], header: Header) -> Iterator[str]:
    """The lines of the cells of a column."""
    texts = (cell_text(cell, "exact") for cell in cells)
    return (line for text in texts for line in text.split("\n")) if header.may_fold else texts


def _folded_lines(text: str, width: int) -> list[str]:
    """The text of a cell that folds, on as many lines as it has and as a width needs."""
    return [line for part in text.split("\n") for line in _words_in(part, width)]


def _words_in(text: str, width: int) -> list[str]:
    """The lines of a text in a width; the words of a setting stay together if they have room: sentences have none."""
    if cell_width(text) <= width:
        return [text]
    from textwrap import wrap  # show has no need of it if there is room

    from cnncalc.render.folding import GLUE

    settings = text.split(", ")
    if not text[0].isupper() and max(map(cell_width, settings)) < width:
        text = ", ".join(setting.replace(" ", GLUE) for setting in settings)
    return [line.replace(GLUE, " ") for line in wrap(text, width, break_on_hyphens=False)] or [""]


def _is_name(header: Header, grid: Grid) -> bool:
    return header is grid.headers[0] and header.align == "left" and not header.may_fold


def _least_widths(grid: Grid, natural: Sequence[int]) -> list[int]:
    """The width of each column when its words fold as far as they may."""
    return [
        min(width, max(SHORTEST_TEXT, _longest_word(row[index] for row in grid.rows))) if header.may_fold else width
        for index, (header, width) in enumerate(zip(grid.headers, natural, strict=True))
    ]


def _longest_word(cells: Iterable[Cell]) -> int:
    words = (word for cell in cells for word in str(cell).split())
    return min(max(map(cell_width, words), default=0), LONGEST_WORD)


def _fitted_widths(grid: Grid, natural: Sequence[int], least: Sequence[int], available: int) -> list[int]:
    """The width of each column: natural, or less if its words do not fit; names lose their beginning at last."""
    widths = [*natural]
    for index, enough in enumerate(least):
        widths[index] -= min(max(0, table_width(widths) - available), widths[index] - enough)
    if _is_name(grid.headers[0], grid):
        widths[0] -= min(max(0, table_width(widths) - available), max(0, widths[0] - SHORTEST_NAME))
    return widths


def _with_short_names(grid: Grid, width: int, ellipsis: str) -> Grid:
    """The grid with names that do not fit without their beginning."""
    if not _is_name(grid.headers[0], grid):
        return grid
    rows = tuple([(_ending(str(row[0]), width, ellipsis), *row[1:]) for row in grid.rows])
    return grid._replace(rows=rows)


def _ending(name: str, width: int, ellipsis: str) -> str:
    excess = cell_width(name) - width
    return name if excess <= 0 else f"{ellipsis}{name[excess + len(ellipsis) :]}"


# rich.table lays out every cell by itself, which takes a millisecond a row; the widths are known here.


def _lines(grid: Grid, widths: list[int], *, folds: bool) -> Iterator[list[Part]]:
    """The table line by line, without blanks at the ends of lines; `folds` says whether a row may have several."""
    yield [(_line([header.title for header in grid.headers], grid, widths), "bold")]
    yield [("─" * table_width(widths), "dim")]
    styles = any(header.styles for header in grid.headers)
    for row in grid.rows:
        words = [*map(str, row)]
        for texts in _folded_row(words, grid, widths) if folds else (words,):
            yield _styled(texts, grid, widths) if styles else [_line(texts, grid, widths)]
    if grid.totals:
        yield []
        yield [(_line([*map(str, grid.totals)], grid, widths), "bold")]


def _folded_row(texts: Sequence[str], grid: Grid, widths: list[int]) -> Iterator[tuple[str, ...]]:
    """The lines of a row of which some cells fold."""
    cells = zip(texts, grid.headers, widths, strict=True)
    return zip_longest(
        *(_folded_lines(text, width) if header.may_fold else [text] for text, header, width in cells), fillvalue=""
    )


def _line(texts: Sequence[str], grid: Grid, widths: list[int]) -> str:
    return (" " * GAP).join(_cells(texts, grid, widths)).rstrip()


def _styled(texts: Sequence[str], grid: Grid, widths: list[int]) -> list[Part]:
    """A line of parts, of which some are in the style of their first word."""
    parts: list[tuple[str, str]] = []
    for cell, header in zip(_cells(texts, grid, widths), grid.headers, strict=True):
        word = cell.strip().partition(" ")[0].rstrip(",:")
        parts += [(cell, header.styles.get(word, "") if header.styles else ""), (" " * GAP, "")]
    while parts and not parts[-1][0].strip():
        parts.pop()
    return [*parts[:-1], *((text.rstrip(), style) for text, style in parts[-1:])]


def _cells(texts: Sequence[str], grid: Grid, widths: list[int]) -> Iterator[str]:
    """The cells of a line at their widths."""
    for text, header, width in zip(texts, grid.headers, widths, strict=True):
        blanks = " " * (width - cell_width(text))
        yield blanks + text if header.align == "right" else text + blanks
