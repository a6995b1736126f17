"""Problems of a spec as people read them: a line each, on a terminal with an excerpt and a caret."""

from __future__ import annotations

from cnncalc.errors import Problem, SpecError
from cnncalc.render.screen import Part, Screen

MAX_EXCERPT = 100
"""Characters of a line in an excerpt."""


def print_problems(error: SpecError, screen: Screen) -> None:
    """Print every problem of a file: `file:line:column: message (rule)`."""
    source = error.text.splitlines()
    for problem, line in zip(error.problems, error.lines(), strict=True):
        screen.line(*_headline(error.file, problem) if screen.is_terminal else (line,))
        if screen.is_terminal and 0 < problem.line <= len(source):
            screen.line(*excerpt_text(problem.line, problem.column, problem.length, source[problem.line - 1]))


def _headline(file: str, problem: Problem) -> tuple[Part, ...]:
    return (f"{file}:{problem.line}:{problem.column}: ", "bold"), problem.message, (f" ({problem.rule})", "dim")


def excerpt_text(line: int, column: int, length: int, written: str, style: str = "bold red") -> tuple[Part, ...]:
    """A line of a file with carets under a part of it; of a long line the part around them.

    Args:
        line: the line's number, from 1.
        column: where the part starts, from 1.
        length: its characters.
        written: the line.
        style: how the carets look.
    """
    start = max(0, column - 1 - MAX_EXCERPT // 2) if len(written) > MAX_EXCERPT else 0
    part = written[start : start + MAX_EXCERPT].replace("\t", " ")
    shown = "".join(c if c.isprintable() else "?" for c in part)
    number = f"{line:>5} | "
    indent = " " * (len(number) + column - 1 - start)
    carets = "^" * max(1, min(length, len(shown) - (column - 1 - start)))
    return (number, "dim"), shown, "\n", indent, (carets, style)
