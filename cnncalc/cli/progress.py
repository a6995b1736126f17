"""A progress bar for what takes long; none when piped."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

from cnncalc.render.screen import rich_console

T = TypeVar("T")

PATIENCE = 0.5
"""Seconds before a bar appears."""

BAR = 20
"""Columns of a bar, so that there is room for words."""


def with_progress(items: Iterable[T], total: int, what: str, before: str = "") -> Iterator[T]:
    """The items; a terminal shows a bar if they take longer than `PATIENCE`, and then takes it away.

    Args:
        items: what is being made.
        total: how many there will be.
        what: the word for them.
        before: what comes before this word: how many such bars were and will be.
    """
    if not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield from items
        return
    iterator, start, done = iter(items), time.monotonic(), 0
    for item in iterator:
        yield item
        done += 1
        if time.monotonic() - start > PATIENCE and done < total:
            break
    else:
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(before + what), BarColumn(BAR), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=rich_console(sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=total, completed=done)
        for item in iterator:
            yield item
            bar.advance(task)
