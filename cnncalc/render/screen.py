"""Lines for people. On a terminal rich writes them; elsewhere they are plain, and rich is not loaded."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import IO, TYPE_CHECKING

from cnncalc.errors import printable_lines

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

Part = str | tuple[str, str]
"""A text, or a text with its style in rich's words."""

UNLIMITED = 100_000
"""The width at which nothing is left out or cut."""

HANGING = "  "
"""The blanks before the lines of a sentence below its first."""

_NARROW = re.compile(r"[\0-\x7f×·−⌊⌋⌈⌉…→≥≤─└├│]*")
"""Letters, and the signs beyond ASCII that every table has: each is as wide as a letter."""


class Screen:
    """The target of lines.

    Args:
        file: the one that gets them.
        width: the characters of a line at most; None for the terminal's own.
        terminal: whether it shows colours; None to ask the file and the environment.
    """

    def __init__(self, file: IO[str], width: int | None = None, *, terminal: bool | None = None) -> None:
        self.file = file
        asked = _may_show_colours(file) if terminal is None else terminal
        self._console = rich_console(file, width, terminal) if asked or width is None else None
        self._missing = _missing_signs(file)
        self.is_terminal = self._console is not None and self._console.is_terminal
        self.width = self._console.width if self._console else width or UNLIMITED

    def shows(self, text: str) -> bool:
        """Whether a text of one line can be written as it is."""
        return not self._missing and text.isprintable()

    def shown(self, text: str) -> str:
        """A text as it can be written: in the signs that the encoding has, and with nothing that steers a terminal."""
        if self.shows(text):
            return text
        return printable_lines(text.translate(self._missing) if self._missing else text)

    def line(self, *parts: Part) -> None:
        """Write a line of parts; it is not folded."""
        if self._console is None:
            line = "".join(part if isinstance(part, str) else part[0] for part in parts)
            self.file.write(f"{self.shown(line)}\n")
            if self.file is sys.stderr:
                self.file.flush()  # a problem is seen before what is printed next
            return
        self._console.print(self._styled(parts), soft_wrap=True)

    def say(self, *parts: Part) -> None:
        """Write a sentence of parts; a terminal folds it between words, and indents what goes on below."""
        if self._console is None or not self.is_terminal:
            self.line(*parts)
            return
        text = self._styled(parts)
        for number, line in enumerate(text.divide(self._breaks(text.plain))):
            line.rstrip()
            self._console.print(HANGING if number else "", line, sep="", soft_wrap=True)

    def folded(self, sentence: str) -> str:
        """A sentence as `say` has it."""
        text = self.shown(sentence)
        offsets = [0, *(self._breaks(text) if self.is_terminal else []), len(text)]
        return f"\n{HANGING}".join(text[start:stop].rstrip() for start, stop in pairwise(offsets))

    def prose(self, text: str) -> None:
        """Write lines that all end with a line break; those that are too long are folded."""
        from cnncalc.render.folding import folded  # show has none

        self.file.write(folded(self.shown(text), self.width))

    def _breaks(self, text: str) -> list[int]:
        """The starts of a sentence's lines, without the first."""
        from cnncalc.render.folding import breaks  # only terminals fold

        return breaks(text, self.width, len(HANGING))

    def _styled(self, parts: Sequence[Part]) -> Text:
        from rich.text import Text

        plain = (part if isinstance(part, tuple) else (part, "") for part in parts)
        return Text.assemble(*((self.shown(text), style) for text, style in plain))


def has_every_sign(encoding: str) -> bool:
    """Whether every sign can be written in an encoding."""
    return encoding.lower().startswith("utf")


def _missing_signs(file: IO[str]) -> dict[int, str]:
    encoding = getattr(file, "encoding", None) or "utf-8"  # a text in memory has none
    if has_every_sign(encoding):
        return {}
    from cnncalc.render.signs import missing

    return missing(encoding)


def output_screen(file: IO[str] | None = None) -> Screen:
    """The screen for results: coloured on a terminal only, as wide as it needs when piped or for a file."""
    if file is not None:
        return Screen(file, UNLIMITED, terminal=False)
    return _of_stream(sys.stdout)


def problem_screen() -> Screen:
    """The screen for problems."""
    return _of_stream(sys.stderr)


def _of_stream(stream: IO[str]) -> Screen:
    columns = os.environ.get("COLUMNS", "")
    given = int(columns) if columns.isdecimal() else 0
    return Screen(stream, given or (None if stream.isatty() else UNLIMITED))


def rich_console(file: IO[str], width: int | None = None, terminal: bool | None = None) -> Console:
    """A console of rich, which prints every text as it is: no part of it is markup."""
    from rich.console import Console

    return Console(file=file, width=width, force_terminal=terminal, highlight=False, markup=False, emoji=False)


def _may_show_colours(file: IO[str]) -> bool:
    """Whether a file is a terminal, or a variable may make rich take it for one."""
    return file.isatty() or any(os.environ.get(name) for name in ("FORCE_COLOR", "TTY_COMPATIBLE"))


def cell_width(text: str) -> int:
    """The columns that a text takes: two for a wide character, none for an accent put on another."""
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
