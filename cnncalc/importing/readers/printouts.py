"""Printouts: the tables of torchinfo, torchsummary, pytorch_model_summary and Keras' summary().

A table says what comes out of each layer and what it learns, not what it reads: rows are taken as a chain. A setting is
written if it follows from these figures; else the row is `opaque`, with its own shape and params.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cnncalc.importing.building import FORWARD, GraphBuilder
from cnncalc.importing.model import ModelGraph, ModelPlace, RefusedModel
from cnncalc.shapes import Layout, Shape

PLAIN = {
    "ReLU": "relu", "ReLU6": "relu6", "SiLU": "silu", "Sigmoid": "sigmoid", "Tanh": "tanh", "GELU": "gelu",
    "ELU": "elu", "Hardswish": "hardswish", "Softmax": "softmax", "Dropout": "dropout",
    "SpatialDropout": "dropout", "LeakyReLU": "leaky_relu",
}  # fmt: skip
"""Layers without params that keep the shape."""

KERNELS = (1, 3, 5, 7, 9, 11, 2, 4, 6, 8)
USUAL = {28, 32, 64, 224, 256, 299, 512}
"""Sizes of pictures that networks are made for."""

ASSUMED = "assumed: each row reads the one above it; the table does not say more"

_SHAPE = re.compile(r"\[[-\d, ]+\]|\((?:None|-?\d+)(?:, *(?:None|-?\d+))*,?\)")
_TORCH = re.compile(r"^\W*([A-Za-z]\w*)(?:-\d+|: \d+-\d+)?(?=\s|$)")
_KERAS = re.compile(r"^(\S+) +\((\w+)")


class PrintedRow(NamedTuple):
    """One row: the type of the layer, its depth, output shape without batch, params, and what enters if it is said."""

    word: str
    label: str
    depth: int
    sizes: tuple[int, ...]
    params: int
    line: int
    entering: tuple[int, ...] = ()


def read(content: bytes, given: Sequence[int] = ()) -> ModelGraph:
    """The graph of a table."""
    lines = content.decode("utf-8", "replace").splitlines()
    head = next(number for number, line in enumerate(lines) if "Layer (type" in line)
    trained, keras = "Tr. Param" in lines[head], any("None" in line for line in lines)
    of_inputs = "Input Shape" in lines[head] and "Output Shape" not in lines[head]
    both = re.findall(r"(Input|Output) Shape", lines[head]) == ["Input", "Output"]
    rows = list(_leaves(list(rows_of(lines[head + 1 :], head + 2, trained, both))))
    if not rows:
        raise RefusedModel((ModelPlace(head + 1), "the table has no rows with a shape and a number of params"))
    if of_inputs:
        rows = [
            row._replace(sizes=after.sizes)
            for row, after in zip(rows, [*rows[1:], rows[-1]._replace(sizes=())], strict=True)
        ]
    return _graph(rows, "HWC" if keras else "CHW", lines[head + 1 :], given)


def rows_of(lines: Sequence[str], first: int, trained: bool = False, both: bool = False) -> Iterator[PrintedRow]:
    """The rows of a table, up to its totals; `first` is the number of the first line."""
    for number, line in enumerate(lines, start=first):
        if line.startswith(("Total params", "Trainable params")):
            return
        shapes = [match for match in _SHAPE.finditer(line) if "," in match[0]]
        keras = _KERAS.match(line)
        named = keras or _TORCH.match(line)
        if not shapes or named is None:
            continue
        entering = _sizes(shapes[-2][0]) if both and len(shapes) > 1 else ()
        numbers = re.findall(r"(?<=\s)([\d,]+)(?:\.0)?(?=\s|$)", line[shapes[-1].end() :])
        params = int(numbers[-1 if trained else 0].replace(",", "")) if numbers else 0
        word = keras[2] if keras else named[1]
        depth = 0 if line.startswith(" ") else named.start(1)  # other tables align their names to the right
        yield PrintedRow(word, keras[1] if keras else "", depth, _sizes(shapes[-1][0]), params, number, entering)


def _sizes(text: str) -> tuple[int, ...]:
    """The sizes of a shape without its batch."""
    return tuple(int(size) for size in re.findall(r"-?\d+|None", text)[1:] if size != "None")


def _leaves(rows: list[PrintedRow]) -> Iterator[PrintedRow]:
    """Rows of layers: one with deeper rows below it holds these."""
    for row, after in zip(rows, [*rows[1:], None], strict=True):
        if after is None or after.depth <= row.depth or row.params:
            yield row


def _graph(rows: list[PrintedRow], layout: Layout, text: Sequence[str], given: Sequence[int]) -> ModelGraph:
    builder = GraphBuilder("printout", layout=layout, given=given)
    builder.note(ASSUMED)
    first = rows[0]
    if first.entering or (first.word == "InputLayer" and first.sizes):
        value = builder.input("input", first.entering or first.sizes, ModelPlace(first.line), layout)
    else:
        value = builder.input("input", _assumed_input(first, layout), ModelPlace(first.line), layout)
        builder.note("assumed: the input's shape, from what the first layer learns", ModelPlace(first.line))
    for row in rows:
        if row.word != "InputLayer":
            value = _entered(builder, value, row, layout)
            value = _add(builder, value, row, layout)
    total = next((match for line in text if (match := re.match(r"Trainable params: ([\d,]+)", line))), None)
    if total is not None:
        builder.totals["params"] = int(total[1].replace(",", ""))
    return builder.graph([value])


def _entered(builder: GraphBuilder, value: str, row: PrintedRow, layout: Layout) -> str:
    """The value that enters a row: what the table says, if that is not what the row above gives."""
    shape = Shape.of(row.entering, layout) if row.entering else None
    if shape is None or shape == builder.shapes[value]:
        return value
    settings = {"operation": FORWARD, "size": shape, "learned": 0}
    return builder.add("opaque", [value], settings, at=ModelPlace(row.line))


def _assumed_input(row: PrintedRow, layout: Layout) -> tuple[int, ...]:
    """The input of a first row: as many channels as its weights are for, and a usual size that gives what comes out."""
    shape = Shape.of(row.sizes or (1,), layout)
    found = _kernel(shape, row.params, (1, 3, 2, 4, 6), False) if shape.spatial else None
    if found is not None:
        channels, kernel, _ = found
        valid = tuple(n + kernel - 1 for n in shape.spatial)
        sizes = (shape.spatial, valid, tuple(2 * n for n in shape.spatial))
        usual = (one for one in sizes if set(one) <= USUAL)
        return Shape(channels, next(usual, valid)).sizes(layout)
    inputs = (row.params - shape.channels) // shape.channels if row.params else shape.channels
    return (*row.sizes[:-1], max(inputs, 1)) if not shape.spatial else row.sizes


def _kernel(shape: Shape, params: int, channels: Sequence[int], bias_first: bool) -> tuple[int, int, bool] | None:
    """Channels, kernel and bias of a convolution with these params."""
    for inputs in channels:
        for kernel in KERNELS:
            weights = inputs * kernel**shape.rank * shape.channels
            if params in (weights, weights + shape.channels):
                return inputs, kernel, params > weights
    return None


def _add(builder: GraphBuilder, value: str, row: PrintedRow, layout: Layout) -> str:
    """The value of a row."""
    at, before = ModelPlace(row.line), builder.shapes[value]
    shape = Shape.of(row.sizes, layout) if row.sizes else None
    word = re.sub(r"[123]d$|[123]D$", "", row.word)
    if shape is None:  # a table of inputs does not say what comes out last
        outputs = row.params // (before.channels + 1) if before and not before.spatial else 0
        shape = Shape(outputs) if outputs else before or Shape(1)
    made = _known(builder, word, row, before, shape) if before is not None else None
    if made is not None:
        kind, settings = made
        return builder.add(kind, [value], settings, at=at, label=row.label)
    settings = {"operation": row.word, "size": shape, "learned": row.params, "multiplied": None if row.params else 0}
    return builder.add("opaque", [value], settings, at=at, label=row.label)


def _known(
    builder: GraphBuilder, word: str, row: PrintedRow, before: Shape, shape: Shape
) -> tuple[str, dict[str, Any]] | None:
    """Kind and settings, if the figures say them."""
    if word in PLAIN and before == shape and not row.params:
        return PLAIN[word], {}
    if word.startswith("BatchNorm") and before == shape and row.params in (2 * shape.channels, 4 * shape.channels):
        return "bn", {}
    if word == "Flatten" and shape == Shape(before.elements) and not row.params:
        return ("flatten", {}) if before.spatial else None
    if word in ("Linear", "Dense") and not before.spatial and not shape.spatial:
        weights = before.channels * shape.channels
        if row.params in (weights, weights + shape.channels):
            return "fc", {"features": shape.channels, "bias": row.params > weights}
    if word == "Conv" and before.rank == shape.rank > 0:
        return _convolution(builder, row, before, shape)
    if (
        word.startswith("MaxPool")
        and before.rank == shape.rank > 0
        and not row.params
        and before.channels == shape.channels
    ):
        return (
            ("maxpool", {"kernel": 2})
            if all(n // 2 == m for n, m in zip(before.spatial, shape.spatial, strict=True))
            else None
        )
    return None


def _convolution(
    builder: GraphBuilder, row: PrintedRow, before: Shape, shape: Shape
) -> tuple[str, dict[str, Any]] | None:
    """A convolution whose kernel follows from its params, and stride and padding from the sizes.

    None if several strides and paddings fit, and none of them is usual.
    """
    found = _kernel(shape, row.params, (before.channels,), True)
    if found is None:
        return None
    _, kernel, bias = found
    fits = [
        (stride, padding)
        for stride in range(1, 5)
        for padding in range(kernel // 2 + 2)
        if all(
            (n + 2 * padding - kernel) // stride + 1 == m for n, m in zip(before.spatial, shape.spatial, strict=True)
        )
    ]
    usual = [(s, p) for s, p in fits if p in (kernel // 2, 0) and (s <= 2 or s == kernel)]
    if not fits or (len(fits) > 1 and not usual):
        return None
    stride, padding = max(usual or fits, key=lambda one: one[1] == kernel // 2)
    if len(fits) > 1:
        builder.note("assumed: the usual one of several strides and paddings that fit", ModelPlace(row.line))
    settings = {"filters": shape.channels, "kernel": kernel, "stride": stride, "padding": padding, "bias": bias}
    return "conv", settings
