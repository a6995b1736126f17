"""Attention of matrix products, and learned positions."""

from __future__ import annotations

from itertools import product
from math import copysign, log, log2, prod, sqrt

from cnncalc.formats.exporters.onnx_operators.base import (
    Initializer,
    Tensor,
    Value,
    Weights,
    apply,
    cut,
    integers,
    reshaped,
)
from cnncalc.layers.attention import Attention
from cnncalc.layers.learned import Embedding, Positions, Tokens
from cnncalc.layers.parameters import Size


def attention(layer: Attention, weights: Weights, x: Tensor, *memories: Tensor) -> Value:
    """Windows as a batch of sequences: (windows, positions, C)."""
    spatial, windows = x.shape.spatial, tuple(w or n for w, n in zip(layer.window, x.shape.spatial, strict=True))
    filled = tuple(-(-n // w) * w for n, w in zip(spatial, windows, strict=True))
    shift = tuple(s if w < n else 0 for s, w, n in zip(layer.shift, windows, filled, strict=True))
    # the channels last: (1, *filled, C)
    last: Value = apply("Transpose", x, perm=(0, *range(2, 2 + len(spatial)), 1))
    if filled != spatial:
        after = (0, *(m - n for n, m in zip(spatial, filled, strict=True)), 0)
        last = apply("Pad", last, integers(*(0,) * len(after), *after))
    parts = _parted(_rolled(last, shift, filled), windows, filled, layer.grid, x.shape.channels)
    entering: Value = parts
    if memories:
        rows = reshaped(memories[0], 1, memories[0].shape.channels, prod(memories[0].shape.spatial))
        entering = apply("Transpose", rows, perm=(0, 2, 1))
    y = _attended(
        layer,
        weights,
        parts,
        entering,
        windows,
        _regions(filled, shift, windows),
        layer.heads * layer.head_size or x.shape.channels,
    )
    whole = _whole(_projected(weights, "out", y), windows, filled, layer.grid, x.shape.channels)
    whole = _rolled(whole, tuple(m - s if s else 0 for s, m in zip(shift, filled, strict=True)), filled)
    for axis, (n, m) in enumerate(zip(spatial, filled, strict=True), start=1):
        whole = cut(whole, axis, 0, n) if n < m else whole
    return apply("Transpose", whole, perm=(0, 1 + len(spatial), *range(1, 1 + len(spatial))))


def _rolled(x: Value, shift: Size, sizes: Size) -> Value:
    """The first values of each axis moved to its end."""
    for axis, (s, n) in enumerate(zip(shift, sizes, strict=True), start=1):
        x = apply("Concat", cut(x, axis, s, n), cut(x, axis, 0, s), axis=axis) if s else x
    return x


def _split(windows: Size, filled: Size, grid: bool) -> tuple[list[int], list[int]]:
    """The sizes of each axis split in two, and the order with the numbers of windows first."""
    sizes = [n for w, m in zip(windows, filled, strict=True) for n in ((w, m // w) if grid else (m // w, w))]
    return sizes, [*range(int(grid), len(sizes), 2), *range(1 - int(grid), len(sizes), 2)]


def _parted(x: Value, windows: Size, filled: Size, grid: bool, channels: int) -> Value:
    sizes, order = _split(windows, filled, grid)
    turned = apply("Transpose", reshaped(x, *sizes, channels), perm=(*order, len(order)))
    return reshaped(turned, -1, prod(windows), channels)


def _whole(y: Value, windows: Size, filled: Size, grid: bool, channels: int) -> Value:
    sizes, order = _split(windows, filled, grid)
    split = reshaped(y, *(sizes[axis] for axis in order), channels)
    back = [order.index(axis) for axis in range(len(order))]
    return reshaped(apply("Transpose", split, perm=(*back, len(order))), 1, *filled, channels)


def _projected(weights: Weights, name: str, x: Value) -> Value:
    y = apply("MatMul", x, apply("Transpose", weights[f"{name}_weight"], perm=(1, 0)))
    return apply("Add", y, weights[f"{name}_bias"]) if f"{name}_bias" in weights else y


def _attended(
    layer: Attention, weights: Weights, parts: Value, entering: Value, windows: Size, regions: list[int], inner: int
) -> Value:
    """The values that each position reads: (windows, positions, inner)."""
    query, key, value = (
        apply("Transpose", reshaped(_projected(weights, name, given), 0, 0, layer.heads, -1), perm=(0, 2, 1, 3))
        for name, given in (("q", parts), ("k", entering), ("v", entering))
    )
    scores = _scores(layer, weights, query, key, inner)
    if layer.relative != "none":
        scores = apply("Add", scores, _relative(layer, weights, windows))
    if any(regions):
        places, size = Initializer(tuple(regions)), prod(windows)
        rows, columns = reshaped(places, -1, 1, size, 1), reshaped(places, -1, 1, 1, size)
        scores = apply("Where", apply("Equal", rows, columns), scores, Initializer(float("-inf")))
    mixed = apply("MatMul", apply("Softmax", scores, axis=-1), value)
    return reshaped(apply("Transpose", mixed, perm=(0, 2, 1, 3)), 0, 0, -1)


def _scores(layer: Attention, weights: Weights, query: Value, key: Value, inner: int) -> Value:
    if not layer.cosine:
        products = apply("MatMul", query, apply("Transpose", key, perm=(0, 1, 3, 2)))
        return apply("Div", products, Initializer(sqrt(inner // layer.heads)))
    query, key = (apply("LpNormalization", x, axis=-1, p=2) for x in (query, key))
    angles = apply("MatMul", query, apply("Transpose", key, perm=(0, 1, 3, 2)))
    factor = apply("Exp", apply("Min", weights["logit_scale"], Initializer(log(100))))
    return apply("Mul", angles, reshaped(factor, -1, 1, 1))


def _relative(layer: Attention, weights: Weights, windows: Size) -> Value:
    """The learned offsets for each distance: (heads, positions, positions)."""
    cells = list(product(*(range(1 - w, w) for w in windows)))
    if layer.relative == "table":
        table: Value = weights["relative_table"]
    else:
        parts = tuple(d / max(w - 1, 1) for cell in cells for d, w in zip(cell, windows, strict=True))
        table = _network(weights, parts, len(windows))
    number = {cell: place for place, cell in enumerate(cells)}
    places = list(product(*map(range, windows)))
    distances = [number[tuple(a - b for a, b in zip(one, other, strict=True))] for one in places for other in places]
    square = reshaped(apply("Gather", table, integers(*distances)), len(places), len(places), layer.heads)
    return apply("Transpose", square, perm=(2, 0, 1))


def _network(weights: Weights, distances: tuple[float, ...], axes: int) -> Value:
    """16 sigmoid(network of sign(d) log2(1 + 8|d|)/3)."""
    logs = tuple(copysign(log2(1 + 8 * abs(d)) / 3, d) for d in distances)
    first = apply("Transpose", weights["hidden_weight"], perm=(1, 0))
    hidden = apply("Add", apply("MatMul", reshaped(Initializer(logs), -1, axes), first), weights["hidden_bias"])
    last = apply("Transpose", weights["relative_weight"], perm=(1, 0))
    return apply("Mul", apply("Sigmoid", apply("MatMul", apply("Relu", hidden), last)), Initializer(16.0))


def _regions(filled: Size, shift: Size, windows: Size) -> list[int]:
    """For each position of each window, a number for the sides of the borders that it comes from; none if unmoved."""
    if not any(shift):
        return []
    counts = product(*(range(m // w) for m, w in zip(filled, windows, strict=True)))
    return [
        sum(
            2**axis * (number * w + place >= m - s)
            for axis, (number, place, w, m, s) in enumerate(zip(count, within, windows, filled, shift, strict=True))
        )
        for count in counts
        for within in product(*map(range, windows))
    ]


def tokens(layer: Tokens, weights: Weights, x: Tensor) -> Value:
    """Learned positions, then the sequence."""
    learned = apply("Transpose", weights["weight"], perm=(1, 0))
    return apply("Concat", apply("Unsqueeze", learned, integers(0)), x, axis=2)


def positions(layer: Positions, weights: Weights, x: Tensor) -> Value:
    """A learned offset on each value."""
    rank = x.shape.rank
    return apply("Add", x, apply("Transpose", weights["weight"], perm=(rank, *range(rank))))


def embedding(layer: Embedding, weights: Weights, x: Tensor) -> Value:
    """The row of each id."""
    rows = apply("Gather", weights["weight"], apply("Cast", x, to=INT64))
    return apply("Transpose", rows, perm=(0, 2, 1))


INT64 = 7
"""ONNX's number for the type int64."""
