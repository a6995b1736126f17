"""Work over several processes, with results in the order of the items."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, TypeVar

T = TypeVar("T")
R = TypeVar("R")

CHUNKS = 16
"""The fewest batches of items for each process, if there are enough: all processes end at about the same time."""

MAX_CHUNK = 64
"""The most items of a batch: a bar moves on, and an interruption is soon noticed."""


def in_order(work: Callable[[T], R], items: Sequence[T], jobs: int | None, worthwhile: int) -> Iterator[R]:
    """The results of `work` on each item, in the order of the items.

    Args:
        work: a function of a module, or a partial one; what it is bound to is handed over once.
        items: its arguments.
        jobs: processes at once; None for one for each processor if there are many items.
        worthwhile: the fewest items for which processes save more than it costs to start them.
    """
    if jobs is None:
        jobs = available_processors() if len(items) >= worthwhile else 1
    if jobs == 1:
        yield from map(work, items)
        return
    # Only many items need other processes.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    done, chunk = 0, min(MAX_CHUNK, len(items) // (jobs * CHUNKS) + 1)
    with ProcessPoolExecutor(min(jobs, len(items)), initializer=_Worker.begin, initargs=(work,)) as pool:
        try:
            for result in pool.map(_Worker.do, items, chunksize=chunk):
                done += 1
                yield result
        except BrokenProcessPool:
            # A process was killed, most likely for its memory: one at a time the items may pass.
            yield from map(work, items[done:])
        finally:
            pool.shutdown(cancel_futures=True)


class _Worker:
    """The work of one process: it is handed over once, when the process starts."""

    work: ClassVar[Callable[[Any], Any]]

    @classmethod
    def begin(cls, work: Callable[[Any], Any]) -> None:
        """Keep the work; Ctrl-C is answered by the process that reports."""
        cls.work = work
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    @classmethod
    def do(cls, item: Any) -> Any:
        """The result of the work on an item."""
        return cls.work(item)


def available_processors() -> int:
    """The processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
