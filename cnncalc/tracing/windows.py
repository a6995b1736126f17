"""The places of the input that a window reads, and those of them that are padding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from cnncalc.layers.windows import Window
from cnncalc.shapes import AXES
from cnncalc.tracing.trace import MOST_TERMS

AXIS_PLURALS = {"H": "rows", "W": "columns", "D": "slices", "L": "places"}


class Tap(NamedTuple):
    """One tap of a window: its place in the kernel, and that of the input that it reads; None for a zero."""

    kernel: tuple[int, ...]
    source: tuple[int, ...] | None


def taps(windows: tuple[Window, ...], place: tuple[int, ...], mode: str = "zeros") -> list[Tap]:
    """Every tap of the window at a place of the output, row by row."""
    found = []
    for kernel in product(*(range(w.kernel) for w in windows)):
        along = [
            _read(p * w.stride - w.before + tap * w.dilation, w.size, mode)
            for p, w, tap in zip(place, windows, kernel, strict=True)
        ]
        inside = tuple(index for index in along if index is not None)
        found.append(Tap(kernel, inside if len(inside) == len(along) else None))
    return found


def _read(index: int, n: int, mode: str) -> int | None:
    """The place of an axis that an index reads; None outside of it."""
    if 0 <= index < n:
        return index
    match mode:
        case "replicate":
            return min(max(index, 0), n - 1)
        case "circular":
            return index % n
        case "reflect":
            return -index if index < 0 else 2 * (n - 1) - index
    return None


def shown(read: Sequence[Tap]) -> Sequence[Tap]:
    """The taps whose products are written: of many only those that are not padding."""
    return read if len(read) <= MOST_TERMS else [tap for tap in read if tap.source is not None]


def window_lines(windows: tuple[Window, ...], place: tuple[int, ...], read: Sequence[Tap]) -> Iterator[tuple[str, str]]:
    """The words for the range of the window."""
    words = []
    for letter, p, w in zip(AXES[len(windows)], place, windows, strict=True):
        start = p * w.stride - w.before
        end = start + w.effective - 1
        gaps = f" in steps of {w.dilation}" if w.dilation > 1 and w.kernel > 1 else ""
        words.append(f"{AXIS_PLURALS[letter]} {start} to {end}{gaps}".replace("-", "−"))
    zeros = sum(tap.source is None for tap in read)
    padding = f"; {zeros:,} of {len(read):,} places are padding" if zeros else ""
    yield "window", ", ".join(words) + padding
