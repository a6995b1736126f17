"""The network of a table without kernels and strides: the usual windows that fit its own shapes and params."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from cnncalc.analysis.misconceptions.values import Value
from cnncalc.homework.counts import NotAnAnswer, read_count
from cnncalc.homework.sheet import SheetRow
from cnncalc.shapes import MAX_RANK

KERNELS = (3, 5, 1, 7, 11, 2, 4, 6, 9)
STRIDES = (1, 2, 4, 3)
Window = tuple[int, int]
"""The kernel and the stride of a pool."""

POOLS: tuple[Window, ...] = ((2, 2), (3, 2), (3, 3), (2, 1), (3, 1), (4, 4))
INPUTS = (28, 32, 48, 64, 96, 128, 150, 160, 180, 192, 224, 227, 256, 299)
"""Usual settings, the most usual first, and sizes of images."""

STYLES = ("valid", "same", "any")
"""Ways to pad convolutions: most people pad all of a network in one way, and a map that does not fit is wrong."""

IMAGES = (3, 1)
"""The possible channels of an image."""


class Map(NamedTuple):
    """A square map: its size and its channels; a vector has size 0."""

    size: int
    channels: int


def sizes_said(text: str) -> tuple[int, ...]:
    """The sizes of a shape without its batch: `(None, 30, 30, 32)`, `[-1, 32, 30, 30]`, `32@30x30`."""
    sizes = tuple(int(size) for size in re.findall(r"\d{1,9}", re.sub(r"\bNone\b|-1\b", "", text)))
    return sizes[1:] if len(sizes) == MAX_RANK + 1 and sizes[0] == 1 else sizes


def map_of(sizes: Sequence[int]) -> Map | None:
    """The square map, or the vector, of some sizes with the channels first or last; None if they are neither."""
    if len(sizes) == 1 or (len(sizes) == 2 and 1 in sizes):  # a vector may be a column: 120×1
        return Map(0, max(sizes))
    if len(sizes) != 3:
        return None
    first, middle, last = sizes
    return Map(middle, first) if middle == last != first else Map(first, last)


def map_said(row: SheetRow) -> Map | None:
    """The map that a row answers; None if there is none."""
    return map_of(sizes_said(row.cells["out"].text)) if "out" in row.cells else None


def input_guessed(rows: Sequence[SheetRow], stride: int, padding: int | None, is_kept: bool) -> tuple[int, ...]:
    """The image that the first layer takes; nothing if it is not a convolution with params that some image gives.

    Args:
        rows: of the layers.
        stride: of the first one; 1 if it says none.
        padding: likewise; 0 if it says none, None if it says `same`.
        is_kept: whether a first map of a usual size for images has the size of the image, as with a padding.
    """
    first = map_said(rows[0]) if rows and rows[0].kind == "conv" else None
    for channels in IMAGES if first else ():
        kernel = _kernel(rows[0], channels, first.channels) if first else 0
        if first and kernel:
            whole = first.size * stride if padding is None else (first.size - 1) * stride + kernel - 2 * padding
            size = first.size if is_kept and first.size in INPUTS and (stride, padding) == (1, 0) else whole
            return size, size, channels
    return ()


def conv_guessed(row: SheetRow, below: SheetRow | None, before: Map | None, usual: int, style: str) -> str:
    """A convolution in the words of a one-liner; empty if its filters are not known.

    Args:
        row: its answers.
        below: the row after it; its channels count if the params confirm them.
        before: the map that enters.
        usual: the kernel of the convolution above it.
        style: of `STYLES`.
    """
    after = map_said(row)
    if after is None or before is None:
        return ""
    others = map_said(below) if below is not None and below.kind not in ("conv", "fc", "flatten") else None
    said = (after.channels, *([others.channels] if others is not None else []))
    filters = next((number for number in said if _kernel(row, before.channels, number)), after.channels)
    known = _kernel(row, before.channels, filters)
    kernels = (known,) if known else (usual, *KERNELS)
    found = (
        (kernel, stride, padding)
        for kernel in kernels
        for stride in STRIDES
        for padding in _paddings(kernel, style)
        if (before.size + 2 * padding - kernel) // stride + 1 == max(after.size, 1)
    )
    kernel, stride, padding = next(found, (kernels[0], 1, _paddings(kernels[0], style)[0]))
    return f"conv {filters} {kernel} stride={stride} padding={padding}"


def _paddings(kernel: int, style: str) -> tuple[int, ...]:
    match style:
        case "valid":
            return (0,)
        case "same":
            return (kernel // 2,)
    return tuple(dict.fromkeys((kernel // 2, 0, *range(1, kernel // 2))))


def pool_guessed(kind: str, row: SheetRow, before: Map | None, window: Window | None) -> str:
    """A pool in the words of a one-liner: with a window if it is given, else the usual one that gives the map."""
    after = map_said(row)
    size = before.size if before else 0
    if after is not None and size > 1 and after.size in (0, 1) and after.channels:
        return f"global_{kind}"
    fitting = ((kernel, stride) for kernel, stride in POOLS if after and (size - kernel) // stride + 1 == after.size)
    kernel, stride = window or next(fitting, POOLS[0])
    return f"{kind} {kernel} stride={stride}"


def pooled(before: Map | None, window: Window | None) -> Map | None:
    """The map after a pool; None if the map before it or its window is not known."""
    if before is None or window is None or before.size < window[0]:
        return None
    return before._replace(size=(before.size - window[0]) // window[1] + 1)


def _kernel(row: SheetRow, channels: int, filters: int) -> int:
    """The kernel that gives the params of a row, with biases or without, or its MACs; 0 if none does."""
    params, macs, after = _counts(row, "params"), _counts(row, "macs"), map_said(row)
    weights = {kernel: kernel * kernel * channels * filters for kernel in KERNELS}
    positions = max(after.size, 1) ** 2 if after is not None else 0
    fitting = (
        *(kernel for kernel, count in weights.items() if count + filters in params),
        *(kernel for kernel, count in weights.items() if positions * count in macs),
        *(kernel for kernel, count in weights.items() if count in params),
    )
    return next(iter(fitting), 0)


def _counts(row: SheetRow, figure: str) -> list[Value]:
    """The ways to read a count of a row; none if there is no count."""
    try:
        return [one.value for one in read_count(row.cells[figure].text)] if figure in row.cells else []
    except NotAnAnswer:
        return []
