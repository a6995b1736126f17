"""The threads of an execution: each takes the next part of the work whenever a core is free for it.

BLAS has threads of its own. They share a product evenly and wait for one another, which costs a multiple of
the time when other programs keep the cores busy. So each product is computed by one thread, in parts here.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

import numpy as np

Part = TypeVar("Part")
Result = TypeVar("Result")


def _of_blas(name: str) -> Callable[..., int] | None:
    """A function of the OpenBLAS that numpy has; None of another BLAS, whose threads are left as they are."""
    modules = (sys.modules.get(f"numpy.{core}._multiarray_umath") for core in ("_core", "core"))
    path = next((module.__file__ for module in modules if module), None)
    try:
        library: Any = ctypes.CDLL(path)
    except (OSError, TypeError):
        return None
    names = (f"{before}openblas_{name}{after}" for before in ("scipy_", "") for after in ("64_", ""))
    return next((getattr(library, one) for one in names if hasattr(library, one)), None)


_blas_threads, _set_blas_threads = _of_blas("get_num_threads"), _of_blas("set_num_threads")


def _cores() -> int:
    """The number of threads that may run: that of BLAS, or one for each core that this process may use."""
    if _blas_threads:
        return _blas_threads()
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


CORES = min(_cores(), 16)
"""The most threads. Parts for more of them would be too small, and each thread needs memory."""


@contextmanager
def blas_alone() -> Iterator[None]:
    """Let each product be computed by the thread that asks for it; afterwards restore the setting of BLAS."""
    blas_threads = _blas_threads() if _blas_threads else 1
    if not _set_blas_threads or blas_threads == 1:
        yield
        return
    _set_blas_threads(1)
    try:
        yield
    finally:
        _set_blas_threads(blas_threads)


def spread(work: Callable[[Part], Result], parts: Sequence[Part]) -> list[Result]:
    """The results of `work` on each part, in their order.

    The caller works, too: nobody waits for a thread that has not begun.
    """
    if len(parts) < 2 or CORES < 2:
        return [work(part) for part in parts]
    results: dict[int, Result] = {}
    waiting = iter(enumerate(parts))

    def take() -> None:
        with np.errstate(all="ignore"):  # a thread has a state of its own
            for number, part in waiting:
                results[number] = work(part)

    helpers = [_pool().submit(take) for _ in range(min(CORES, len(parts)) - 1)]
    try:
        take()
    finally:
        for _ in waiting:  # after an error no thread goes on
            pass
        running = [helper for helper in helpers if not helper.cancel()]
        for helper in running:
            helper.result()
    return [results[number] for number in range(len(parts))]


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(CORES - 1, "cnncalc")
