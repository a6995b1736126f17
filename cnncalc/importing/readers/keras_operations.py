"""Keras: operations of keras.ops, and of TensorFlow in Keras 2, as the classes of layers that do the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from cnncalc.importing.bounds import JsonFields
from cnncalc.importing.building import one_factor
from cnncalc.importing.readers.keras_call import ACTIVATIONS, KerasCall, KerasReader
from cnncalc.shapes import letters_of

CLASSES = {"add": "Add", "multiply": "Multiply", "mul": "Multiply", "subtract": "Subtract", "sub": "Subtract",
           "truediv": "TrueDivide", "divide": "TrueDivide", "concat": "Concatenate", "maximum": "Maximum",
           "minimum": "Minimum", "add_v2": "Add",
           "reduce_mean": "Mean", "reduce_max": "Max"}  # fmt: skip
"""Classes of layers by the last word of the function's name in TensorFlow."""

EVERYTHING = {"config": {"start": None, "stop": None, "step": None}}

ARGUMENTS = {"Reshape": ("newshape", "target_shape"), "Transpose": ("axes", "dims")}
"""The argument of an operation that counts the batch, and its name in the layer."""


def rename_operation(layer: JsonFields) -> None:
    """Give a layer that is an operation the class and the configuration that a layer of Keras would have."""
    class_ = layer.text("class_name")
    if class_ in ("TFOpLambda", "SlicingOpLambda"):
        function = layer.inner("config").text("function")
        word = function.rpartition(".")[2]
        layer.data["class_name"] = CLASSES.get(word, f"{class_} {function}")
    elif ".ops." in layer.text("module"):
        word = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", class_).lower()
    else:
        return
    config = layer.inner("config").data
    if class_ in ARGUMENTS and isinstance(given := config.get(ARGUMENTS[class_][0]), list):
        layer.data |= {
            "class_name": {"Transpose": "Permute"}.get(class_, class_),
            "config": {**config, ARGUMENTS[class_][1]: given[1:]},
        }
    elif word in ACTIVATIONS and word != "softmax":
        layer.data |= {"class_name": "Activation", "config": {**config, "activation": word}}


def _mean(call: KerasCall, kind: str = "global_avgpool") -> str:
    """A pool over all of a map, if it is over its axes."""
    given: dict[Any, Any] = {**call.constants, **call.config.data}
    axes = given.get("axis")
    found = sorted(axis % (call.rank + 2) for axis in (axes if isinstance(axes, list) else [axes]) if type(axis) is int)
    first = 2 if call.has_channels_first else 1
    if not call.rank or found != list(range(first, first + call.rank)):
        return call.unknown(f"{call.class_} on axis {str(axes):.20}")
    value = call.add(kind)
    return value if given.get("keepdims") is True else call.builder.vector(value, call.at)


def _max(call: KerasCall) -> str:
    return _mean(call, "global_maxpool")


def _get_item(call: KerasCall) -> str:
    """A part of a value: a range of some axes, or one place of a sequence."""
    given, shape = call.constants.get(1), call.shape
    items = given if isinstance(given, list) else [given]
    if shape is not None and items.count(...) == 1:
        place = items.index(...)
        items[place : place + 1] = [EVERYTHING] * (shape.rank + 3 - len(items))
    if shape is None or len(items) > shape.rank + 2 or _range(items[0], 1) != (0, 1):
        return call.unknown("an index of the batch")
    letters, sizes = letters_of(shape.rank, call.builder.layout), shape.sizes(call.builder.layout)
    ranges = {"channels" if letter == "C" else letter: (_range(item, n), n)
              for letter, item, n in zip(letters, items[1:], sizes, strict=False)}  # fmt: skip
    place = type(items[-1]) is int
    if any(one is None for one, _ in ranges.values()) or (place and letters[: len(items) - 1] != ("L",)):
        return call.unknown("an index with a step, or of some axes")
    kept: dict[str, Any] = {name: one for name, (one, n) in ranges.items() if one != (0, n)}
    value = call.add("slice", **kept) if kept else call.values[0]
    return call.builder.vector(value, call.at) if place else value


def _pad(call: KerasCall) -> str:
    """Zeros around a map, or before and after the channels."""
    given, shape = call.config.items("pad_width"), call.shape
    pairs = [tuple(pair) if isinstance(pair, list) else () for pair in given]
    if shape is None or len(pairs) != shape.rank + 2 or not all(len(pair) == 2 for pair in pairs) or any(pairs[0]):
        return call.unknown("Pad")
    if call.config.text("mode", "constant") != "constant" or call.config.data.get("constant_values"):
        return call.unknown("Pad with other values than 0")
    channels = pairs.pop(1 if call.has_channels_first else -1)
    if any(channels) and any(map(any, pairs[1:])):
        return call.unknown("Pad of channels and map at once")
    if any(channels):
        return call.add("pad_channels", zeros=channels)
    return call.add("zeropad", padding=tuple(pairs[1:])) if any(map(any, pairs)) else call.values[0]


def _learned_factor(call: KerasCall) -> str:
    dims, shape = call.config.items("dims"), call.shape
    if shape is not None and set(dims) <= {1} and shape.channels > 1:
        return call.builder.add("opaque", call.values, one_factor(shape), at=call.at, label=call.name)
    if shape is None or [n for n in dims if n != 1] != [shape.channels] or dims[-1] != shape.channels:
        return call.unknown("a factor that is learned, but not one for each channel")
    return call.add("scale", call.kept("weight"), bias=False)


def _learned_product(call: KerasCall) -> str:
    """A fully connected layer that a source writes as a product."""
    dims, shape = call.config.items("dims"), call.shape
    if shape is None or len(dims) != 2 or dims[0] != shape.channels:
        return call.unknown("a product with a weight of other sizes")
    tensors = call.kept(weight=(1, 0))
    if shape.spatial:
        return call.add("conv", tensors, filters=dims[1], kernel=1, bias=False)
    return call.add("fc", tensors, features=dims[1], bias=False)


def _learned_offset(call: KerasCall) -> str:
    dims, shape = call.config.items("dims"), call.shape
    if shape is not None and dims == [shape.channels]:
        (tensor,) = call.kept("bias").values()
        if call.builder.give_bias(call.values[0], tensor):
            return call.values[0]
    if shape is None or [1] * (len(dims) == shape.rank + 1) + dims != [1, *shape.sizes(call.builder.layout)]:
        return call.unknown("an offset that is learned, but not one for each value")
    return call.add("positions", call.kept("weight"))


def _learned_tokens(call: KerasCall) -> str:
    dims, shape, first = call.config.items("dims"), call.shape, call.config.flag("before", False)
    if shape is None or shape.rank != 1 or call.config.data.get("axis") not in (1, -2) or not first:
        return call.unknown("a weight beside a value")
    if len(dims) != 3 or dims[::2] != [1, shape.channels]:
        return call.unknown("tokens of another size than the sequence has")
    return call.add("tokens", call.kept("weight"), number=dims[1])


def _range(item: object, size: int) -> tuple[int, int] | None:
    """The start and the end of a slice or a place on an axis of this size; None if it has a step."""
    if isinstance(item, int):
        return item % size, item % size + 1
    config = item.get("config") if isinstance(item, dict) else None
    if not isinstance(config, dict) or config.get("step") not in (None, 1):
        return None
    start, stop, _ = slice(config.get("start"), config.get("stop")).indices(size)
    return start, stop


READERS: Mapping[str, KerasReader] = {
    "Mean": _mean, "Max": _max, "GetItem": _get_item, "Pad": _pad, "LearnedFactor": _learned_factor,
    "LearnedOffset": _learned_offset, "LearnedTokens": _learned_tokens, "LearnedProduct": _learned_product,
}  # fmt: skip
