"""Problems of a spec as people read them: a line each, on a terminal with an excerpt and a caret."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from cnncalc.errors import Problem, SpecError

MAX_EXCERPT = 100
"""Characters of a line in an excerpt."""


def print_problems(error: SpecError, console: Console) -> None:
    """Print every problem of a file: `file:line:column: message (rule)`."""
    source = error.text.splitlines()
    for problem, line in zip(error.problems, error.lines(), strict=True):
        console.print(_headline(error.file, problem) if console.is_terminal else Text(line), soft_wrap=True)
        if console.is_terminal and 0 < problem.line <= len(source):
            console.print(_excerpt(problem, source[problem.line - 1]), soft_wrap=True)


def _headline(file: str, problem: Problem) -> Text:
    return Text.assemble(
        (f"{file}:{problem.line}:{problem.column}: ", "bold"), problem.message, (f" ({problem.rule})", "dim")
    )


def _excerpt(problem: Problem, line: str) -> Text:
    """The line with a caret under the problem; of a long line the part around it."""
    start = max(0, problem.column - 1 - MAX_EXCERPT // 2) if len(line) > MAX_EXCERPT else 0
    shown = line[start : start + MAX_EXCERPT].replace("\t", " ")
    number = f"{problem.line:>5} | "
    indent = " " * (len(number) + problem.column - 1 - start)
    carets = "^" * max(1, min(problem.length, len(shown) - (problem.column - 1 - start)))
    return Text.assemble((number, "dim"), shown, "\n", indent, (carets, "bold red"))
