"""The names of a network's classes: a text file with one on each line."""

from __future__ import annotations

from cnncalc.errors import ExecutionError
from cnncalc.executor.files.reading import reading
from cnncalc.language.problems import one_line

MAX_CHARACTERS = 4_000_000


def read_labels(path: str) -> tuple[str, ...]:
    """The lines of a UTF-8 text file, without empty ones at its end."""
    with reading(path, "UTF-8 text"), open(path, encoding="utf-8-sig") as file:
        text = file.read(MAX_CHARACTERS + 1)
    if len(text) > MAX_CHARACTERS:
        raise ExecutionError(f"{path} has more than {MAX_CHARACTERS:,} characters; one name on each line is expected")
    return tuple(one_line(line.strip()) for line in text.rstrip().split("\n"))
