"""Files that change: their state, and waiting until it no longer changes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from time import monotonic, sleep

State = Mapping[str, tuple[int, ...]]
"""The state of each file, by its size and times; empty for one that is missing or empty."""

PAUSE = 0.2
"""Seconds between two looks at the files."""

SHARE = 10
"""The least ratio of a pause to a look, so that a folder of many files costs little."""

REST = 0.05
"""Seconds for which files must not change before they are read: a program may not have finished."""

PATIENCE = 2.0
"""Seconds for which a file may be away, as one that an editor replaces; after that, this is a change."""


def state_of(files: Iterable[str]) -> State:
    """The state of files, without reading them."""
    state: dict[str, tuple[int, ...]] = {}
    for name in files:
        try:
            found = os.stat(name)
        except (OSError, ValueError):
            continue
        if found.st_size:
            state[name] = found.st_mtime_ns, found.st_size, found.st_ino
    return state


def changed(look: Callable[[], State], seen: State, seconds: float = float("inf")) -> State:
    """The state of files after a change, once they no longer change; the old one if none changes for so long.

    Args:
        look: gives their present state.
        seen: their old state.
        seconds: the longest time to wait for a change.
    """
    begun = monotonic()
    while True:
        started = monotonic()
        if started - begun > seconds:
            return seen
        now = look()
        took = monotonic() - started
        if now != seen and (now := _at_rest(look, seen, now)) != seen:
            return now
        sleep(max(PAUSE, took * SHARE))


def _at_rest(look: Callable[[], State], seen: State, now: State) -> State:
    """The state of files once none changes any more, and none is missing that was there or `PATIENCE` is over."""
    for _ in range(round(PATIENCE / REST)):
        sleep(REST)
        before, now = now, look()
        if now == before and now.keys() >= seen.keys():
            break
    return now
