"""Layers that join several values: add, mul, concat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnncalc.executor.base import Array, Ledger
from cnncalc.executor.windows import cut
from cnncalc.layers.merging import Add, Concat, Mul


def add(layer: Add, ledger: Ledger, *inputs: Array) -> Array:
    """The sum; all inputs must have one shape."""
    first, *others = _aligned(layer.align, inputs)
    if any(x.shape != first.shape for x in others):
        raise ValueError(f"the inputs {[x.shape for x in inputs]} have no common shape")
    y = np.array(first)
    for x in others:
        np.add(y, x, out=y)
    return y


def mul(layer: Mul, ledger: Ledger, *inputs: Array) -> Array:
    """The product; numpy repeats what has size 1."""
    first, *others = _aligned(layer.align, inputs, repeats=True)
    y = np.array(first)
    for x in others:
        y = np.multiply(y, x)
    return y


def concat(layer: Concat, ledger: Ledger, *inputs: Array) -> Array:
    """The inputs behind one another along the channels."""
    return np.concatenate(_aligned(layer.align, inputs), axis=-1)


def _aligned(align: str, inputs: Sequence[Array], repeats: bool = False) -> Sequence[Array]:
    """The inputs, cropped to the smallest around their centres for `center`."""
    if align == "none":
        return inputs
    smallest = []
    for sizes in zip(*(x.shape[:-1] for x in inputs), strict=True):
        # A size of 1 that is repeated is no size to crop to.
        cropped_to = [n for n in sizes if n > 1] if repeats else sizes
        smallest.append(min(cropped_to, default=1))
    return [center(x, list(map(min, smallest, x.shape))) for x in inputs]


def center(x: Array, sizes: Sequence[int]) -> Array:
    """The middle of each spatial axis; where the border is odd, one more is cut at the end."""
    for axis, wanted in enumerate(sizes):
        border = (x.shape[axis] - wanted) // 2
        x = cut(x, axis, border, border + wanted)
    return x
