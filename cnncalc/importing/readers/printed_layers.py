"""Printouts: the layer of a row in the words of the language, if its figures say it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from cnncalc.importing.readers.printed_tables import PrintedRow
from cnncalc.shapes import Shape

PLAIN = {
    "ReLU": "relu", "ReLU6": "relu6", "SiLU": "silu", "Sigmoid": "sigmoid", "Tanh": "tanh", "GELU": "gelu",
    "ELU": "elu", "Hardswish": "hardswish", "Softmax": "softmax", "Dropout": "dropout",
    "SpatialDropout": "dropout", "LeakyReLU": "leaky_relu", "Identity": "identity",
}  # fmt: skip
"""Layers without params that keep the shape."""

NAMED = ("relu6", "relu", "sigmoid", "softmax", "swish", "silu", "tanh", "gelu", "elu")
"""Functions that may be in the name of an Activation."""

KERNELS = (1, 3, 5, 7, 9, 11, 2, 4, 6, 8)
WINDOWS = "assumed: the usual windows of pools, whose settings the table does not say"
MIN_STEM = 5
"""The fewest letters of a type that was cut, to be recognised."""

STRIDES = "assumed: the usual one of several strides and paddings that fit"

Made = tuple[str, dict[str, Any], str]
"""A kind, its settings, and a note on assumptions; empty if the settings follow."""


def kind_of(row: PrintedRow, before: Shape, shape: Shape, *, keras: bool) -> Made | None:
    """The kind and the settings of a row, if the figures say them."""
    word = re.sub(r"[123][dD](?=$|Transpose)", "", row.word)
    if word in PLAIN and before == shape and not row.params:
        return PLAIN[word], {}, ""
    reader = _READERS.get(word)
    return None if reader is None else reader(row, before, shape, keras)


def full_word(word: str) -> str:
    """The type of a layer whose last letters may be cut off."""
    stem = re.sub("[123]$", "", word.rstrip("…"))
    known = [name for name in (*_READERS, *MERGES, *PLAIN) if len(stem) > MIN_STEM and name.startswith(stem)]
    return known[0] if len(known) == 1 and word != known[0] else word


def function_of(label: str) -> str:
    """The activation in the name of a layer; empty if there is none."""
    found = next((word for word in NAMED if word in label.lower()), "")
    return {"swish": "silu"}.get(found, found)


def kernel_of(shape: Shape, params: int, channels: Sequence[int]) -> tuple[int, int, bool] | None:
    """Channels, kernel and bias of a convolution with these params."""
    for inputs in channels:
        for kernel in KERNELS:
            weights = inputs * kernel**shape.rank * shape.channels
            if params in (weights, weights + shape.channels):
                return inputs, kernel, params > weights
    return None


def is_of_all(row: PrintedRow, before: Shape, shape: Shape) -> bool:
    """Whether a row is a fully connected layer on all values of a map."""
    weights = before.elements * shape.channels
    return row.word == "Linear" and not shape.spatial and row.params in (weights, weights + shape.channels)


def _norm(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    times, rest = divmod(row.params, shape.channels)
    if before != shape or rest or times not in ((2, 3, 4) if keras else (2, 4)):
        return None
    # Of four numbers for each channel Keras counts two that are not trained; of three the scale is missing.
    return "bn", ({"scale": False} if times == 3 else {"affine": False} if keras and times == 2 else {}), ""


def _layer_norm(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    return ("layernorm", {}, "") if before == shape and row.params == 2 * shape.channels else None


def _flatten(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    return ("flatten", {}, "") if before.spatial and shape == Shape(before.elements) and not row.params else None


def _reshape(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    return ("reshape", {"size": shape}, "") if before.elements == shape.elements and not row.params else None


def _dense(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    weights = before.channels * shape.channels
    if before.spatial != shape.spatial or row.params not in (weights, weights + shape.channels):
        return None
    bias = row.params > weights
    if not shape.spatial:
        return "fc", {"features": shape.channels, "bias": bias}, ""
    return ("conv", {"filters": shape.channels, "kernel": 1, "bias": bias}, "") if keras else None


def _embedding(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    ids, rest = divmod(row.params, shape.channels)
    if rest or before.spatial or shape.spatial != (before.channels,):
        return None
    return "embedding", {"ids": ids, "size": shape.channels}, ""


def _lstm(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    units = shape.channels
    steps = {"steps": "all"} if shape.spatial else {}
    if before.rank != 1 or row.params != 4 * units * (before.channels + units + 1):
        return None
    return "lstm", {"units": units, **steps}, ""


def _windowed(before: Shape, shape: Shape, kernel: int, keras: bool) -> Iterator[tuple[int, int | str]]:
    """Strides with paddings that give these sizes."""
    for stride in range(1, 5):
        for padding in ("same", 0) if keras else range(kernel // 2 + 2):
            if isinstance(padding, str):
                sizes = [-(-n // stride) for n in before.spatial]
            else:
                sizes = [(n + 2 * padding - kernel) // stride + 1 for n in before.spatial]
            if sizes == list(shape.spatial):
                yield stride, padding


def _settings(before: Shape, shape: Shape, kernel: int, keras: bool) -> tuple[dict[str, Any], str] | None:
    """Stride and padding of a window; None if several fit and none is usual."""
    fits = list(_windowed(before, shape, kernel, keras))
    usual = [(s, p) for s, p in fits if p in ("same", kernel // 2, 0) and (s <= 2 or s == kernel)]
    if not fits or (len(fits) > 1 and not usual):
        return None
    stride, padding = max(usual or fits, key=lambda one: one[1] in ("same", kernel // 2))
    is_pixel = kernel == 1 and {p for _, p in fits} <= {"same", 0} and len({s for s, _ in fits}) == 1
    said = STRIDES if len(fits) > 1 and not is_pixel else ""
    return {"kernel": kernel, "stride": stride, "padding": padding}, said


def _conv(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    found = kernel_of(shape, row.params, (before.channels,)) if before.rank == shape.rank > 0 else None
    window = None if found is None else _settings(before, shape, found[1], keras)
    if found is None or window is None:
        return None
    return "conv", {"filters": shape.channels, **window[0], "bias": found[2]}, window[1]


def _depthwise(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    if before.rank != shape.rank or not shape.rank or before.channels != shape.channels:
        return None
    found = kernel_of(shape, row.params, (1,))
    window = None if found is None else _settings(before, shape, found[1], keras)
    return None if found is None or window is None else ("depthwise", {**window[0], "bias": found[2]}, window[1])


def _pool(kind: str) -> Callable[[PrintedRow, Shape, Shape, bool], Made | None]:
    def read(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
        if not before.rank == shape.rank > 0 or row.params or before.channels != shape.channels:
            return None
        for kernel in (2, 3):
            if all((n - kernel) // 2 + 1 == m for n, m in zip(before.spatial, shape.spatial, strict=True)):
                return kind, {"kernel": kernel, "stride": 2}, WINDOWS
        if keras and all(-(-n // 2) == m for n, m in zip(before.spatial, shape.spatial, strict=True)):
            return kind, {"kernel": 3, "stride": 2, "padding": "same"}, WINDOWS
        return None

    return read


def _global(kind: str) -> Callable[[PrintedRow, Shape, Shape, bool], Made | None]:
    def read(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
        is_pooled = shape.channels == before.channels and set(shape.spatial) <= {1} and before.spatial
        return (kind, {}, "") if is_pooled and not row.params else None

    return read


def _padding(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    if before.rank != shape.rank or before.channels != shape.channels or row.params:
        return None
    added = [m - n for n, m in zip(before.spatial, shape.spatial, strict=True)]
    pairs = tuple((n // 2, n - n // 2) for n in added)
    said = "assumed: zeros on both sides, one more at the end" if any(n % 2 for n in added) else ""
    return ("zeropad", {"padding": pairs}, said) if min(added) >= 0 else None


def _larger(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    if before.rank != shape.rank or before.channels != shape.channels or row.params:
        return None
    pairs = list(zip(before.spatial, shape.spatial, strict=True))
    factor = tuple(m // n for n, m in pairs)
    said = "assumed: the nearest value when a map is made larger"
    return (
        ("upsample", {"factor": factor}, said)
        if all(n * f == m for (n, m), f in zip(pairs, factor, strict=True))
        else None
    )


def _transpose(row: PrintedRow, before: Shape, shape: Shape, keras: bool) -> Made | None:
    found = kernel_of(shape, row.params, (before.channels,)) if before.rank == shape.rank > 0 else None
    if found is None or not keras:
        return None
    strides = {m // n for n, m in zip(before.spatial, shape.spatial, strict=True)}
    settings = {"filters": shape.channels, "kernel": found[1], "bias": found[2]}
    if len(strides) != 1 or any(m % n for n, m in zip(before.spatial, shape.spatial, strict=True)):
        return None
    return "deconv", {**settings, "stride": max(strides), "padding": "same"}, "assumed: padding same of a deconv"


MERGES: Mapping[str, str] = {
    "Add": "add", "Concatenate": "concat", "Multiply": "mul", "Average": "average", "Maximum": "maximum",
    "Minimum": "minimum", "Subtract": "subtract",
}  # fmt: skip
"""Layers that join their inputs."""

_READERS: Mapping[str, Callable[[PrintedRow, Shape, Shape, bool], Made | None]] = {
    "BatchNorm": _norm, "BatchNormalization": _norm, "LayerNorm": _layer_norm,
    "LayerNormalization": _layer_norm, "Flatten": _flatten, "Reshape": _reshape, "Linear": _dense, "Dense": _dense,
    "Embedding": _embedding, "LSTM": _lstm, "Conv": _conv, "DepthwiseConv": _depthwise, "ConvTranspose": _transpose,
    "MaxPool": _pool("maxpool"), "MaxPooling": _pool("maxpool"), "AvgPool": _pool("avgpool"),
    "AveragePooling": _pool("avgpool"), "GlobalAveragePooling": _global("global_avgpool"),
    "GlobalMaxPooling": _global("global_maxpool"), "AdaptiveAvgPool": _global("global_avgpool"),
    "ZeroPadding": _padding, "UpSampling": _larger,
}  # fmt: skip
