"""Lines for people. On a terminal rich writes them; elsewhere they are plain, and rich is not loaded."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

from cnncalc.errors import printable_lines

if TYPE_CHECKING:
    from rich.console import Console

Part = str | tuple[str, str]
"""A text, or a text with its style in rich's words."""

UNLIMITED = 100_000
"""The width at which nothing is left out or cut."""

_NARROW = dict.fromkeys(map(ord, "×·−⌊⌋⌈⌉…→≥≤─└├│"))
"""Signs beyond ASCII that every table has; each is as wide as a letter."""


class Screen:
    """The target of lines.

    Args:
        file: that gets them.
        width: the characters of a line at most; None for the terminal's own.
        terminal: whether it shows colours; None to ask the file and the environment.
    """

    def __init__(self, file: IO[str], width: int | None = None, *, terminal: bool | None = None) -> None:
        self.file = file
        asked = _may_show_colours(file) if terminal is None else terminal
        self._console = rich_console(file, width, terminal) if asked or width is None else None
        self.is_terminal = self._console is not None and self._console.is_terminal
        self.width = self._console.width if self._console else width or UNLIMITED

    def line(self, *parts: Part) -> None:
        """Write a line of parts; it is not folded."""
        if self._console is None:
            line = "".join(part if isinstance(part, str) else part[0] for part in parts)
            self.file.write(f"{printable_lines(line)}\n")
            if self.file is sys.stderr:
                self.file.flush()  # a problem is seen before what is printed next
            return
        from rich.text import Text

        shown = (
            printable_lines(part) if isinstance(part, str) else (printable_lines(part[0]), part[1]) for part in parts
        )
        self._console.print(Text.assemble(*shown), soft_wrap=True)


def output_screen(file: IO[str] | None = None) -> Screen:
    """The screen for results: coloured on a terminal only, as wide as it needs when piped or for a file."""
    if file is not None:
        return Screen(file, UNLIMITED, terminal=False)
    columns = os.environ.get("COLUMNS", "")
    given = int(columns) if columns.isdecimal() else 0
    return Screen(sys.stdout, given or (None if sys.stdout.isatty() else UNLIMITED))


def problem_screen() -> Screen:
    """The screen for problems."""
    return Screen(sys.stderr, None if sys.stderr.isatty() else UNLIMITED)


def rich_console(file: IO[str], width: int | None = None, terminal: bool | None = None) -> Console:
    """A console of rich, which prints every text as it is: no part of it is markup."""
    from rich.console import Console

    return Console(file=file, width=width, force_terminal=terminal, highlight=False, markup=False, emoji=False)


def _may_show_colours(file: IO[str]) -> bool:
    """Whether a file is a terminal, or a variable may make rich take it for one."""
    return file.isatty() or any(os.environ.get(name) for name in ("FORCE_COLOR", "TTY_COMPATIBLE"))


def cell_width(text: str) -> int:
    """The columns that a text takes: two for a wide character, none for an accent put on another."""
    if text.isascii() or text.translate(_NARROW).isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, width: int) -> str:
    """The beginning of a text that takes this many columns."""
    if cell_width(text) == len(text):
        return text[:width]
    from rich.cells import set_cell_size

    return set_cell_size(text, width)
