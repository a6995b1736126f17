"""Problems of a spec as people read them: a line each, on a terminal with an excerpt and a caret."""

from __future__ import annotations

from cnncalc.errors import Problem, SpecError
from cnncalc.render.screen import Part, Screen, cell_width

MAX_EXCERPT, MIN_EXCERPT = 100, 20
"""Characters of a line in an excerpt, at most and at least."""


def print_problems(error: SpecError, screen: Screen) -> None:
    """Print every problem of a file: `file:line:column: message (rule)`."""
    source = error.text.splitlines()
    for problem, line in zip(error.problems, error.lines(), strict=True):
        screen.say(*_headline(error.file, problem) if screen.is_terminal else (line,))
        if screen.is_terminal and 0 < problem.line <= len(source):
            print_excerpt(problem.line, problem.column, problem.length, source[problem.line - 1], screen)


def _headline(file: str, problem: Problem) -> tuple[Part, ...]:
    return (f"{file}:{problem.line}:{problem.column}: ", "bold"), problem.message, (f" ({problem.rule})", "dim")


def print_excerpt(line: int, column: int, length: int, written: str, screen: Screen, style: str = "bold red") -> None:
    """Print a line of a file with carets under a part of it; of a long line what has room around the part.

    The ends that are cut off are shown as `…`.

    Args:
        line: the line's number, from 1.
        column: where the part starts, from 1.
        length: its characters.
        written: the line.
        screen: where to.
        style: how the carets look.
    """
    number = f"{line:>5} | "
    room = max(MIN_EXCERPT, min(MAX_EXCERPT, screen.width - len(number)))
    start = max(0, min(column - 1 - room // 2, len(written) - room))
    part = written[start : start + room].replace("\t", " ")
    cut = screen.shown("…")
    part = part[: -len(cut)] + cut if start + room < len(written) else part
    part = cut + part[len(cut) :] if start else part
    shown = "".join(c if c.isprintable() else "?" for c in part)
    before, marked = shown[: column - 1 - start], shown[column - 1 - start :][:length]
    screen.line((number, "dim"), shown)
    carets = "^" * max(1, cell_width(screen.shown(marked)))
    screen.line(" " * (len(number) + cell_width(screen.shown(before))), (carets, style))
