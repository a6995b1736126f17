"""Keras: fully connected layers, activations, and merges of several values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cnncalc.importing.bounds import JsonFields
from cnncalc.importing.readers.keras_call import ACTIVATIONS, KerasCall, KerasReader
from cnncalc.layers import LAYERS


def _dense(call: KerasCall) -> str:
    units = call.config.number("units", call.config.number("output_dim", 0))
    bias, tensors = call.flag("use_bias"), call.kept("bias", weight=(1, 0))
    if call.rank and call.shape is not None:
        return call.activated(call.add("conv", tensors, filters=units, kernel=1, bias=bias))
    return call.activated(call.add("fc", tensors, features=units, bias=bias))


def _activation(call: KerasCall) -> str:
    word = call.config.data.get("activation")
    kind, settings = ACTIVATIONS.get(word, ("", {})) if isinstance(word, str) else ("", {})
    return call.add(kind, **settings) if kind in LAYERS else call.activated(call.values[0])


def _relu(call: KerasCall) -> str:
    most, slope = call.config.data.get("max_value"), call.config.real("negative_slope", 0)
    if call.config.real("threshold", 0) or (most is not None and slope):
        return call.unknown("ReLU with a threshold, or with max_value and a slope")
    if slope:
        return call.add("leaky_relu", slope=slope)
    if most not in (None, 6):
        return call.add("hardtanh", low=0.0, high=call.config.real("max_value", 6))
    return call.add("relu6" if most else "relu")


def _leaky_relu(call: KerasCall) -> str:
    return call.add("leaky_relu", slope=call.config.real("negative_slope", call.config.real("alpha", 0.3)))


def _prelu(call: KerasCall) -> str:
    rank = call.rank
    each = len(call.config.items("shared_axes")) < rank
    return call.add("prelu", call.kept(weight=(rank, *range(rank))), slopes="value" if each else "channel")


def _elu(call: KerasCall) -> str:
    return call.add("elu", alpha=call.real("alpha"))


def _softmax(call: KerasCall) -> str:
    axis = call.config.data.get("axis", -1)
    if axis not in _channels(call) and axis not in ([one] for one in _channels(call)):
        return call.unknown(f"Softmax on axis {str(axis):.20}")
    return call.add("softmax")


def _channels(call: KerasCall) -> tuple[int, ...]:
    """The possible numbers of the channels' axis."""
    return (1, -1) if not call.rank else (1,) if call.has_channels_first else (-1, call.rank + 1)


def _einsum(call: KerasCall) -> str:
    """The value of a fully connected layer, if the equation is one: `abc,cd->abd`."""
    equation, bias = call.config.text("equation"), call.config.data.get("bias_axes")
    match = re.fullmatch(r"(\.\.\.|[a-zA-Z]+)([a-zA-Z]),\2([a-zA-Z])->\1\3", equation.replace(" ", ""))
    shape = call.config.data.get("output_shape")
    sizes = shape if isinstance(shape, list) else [shape]
    if match is None or bias not in (None, match[3]) or type(sizes[-1]) is not int:
        return call.unknown(f"EinsumDense {equation:.40}")
    data = {**call.config.data, "units": sizes[-1], "use_bias": bias is not None}
    return _dense(call._replace(config=JsonFields(data, call.at)))


def _dropout(call: KerasCall) -> str:
    return call.add("dropout", rate=call.config.real("rate", 0.5))


def _merged(kind: str) -> KerasReader:
    """The reader of a layer that joins values, each with its counterpart."""
    return lambda call: call.add(kind) if len(call.values) > 1 else call.values[0]


def _number(call: KerasCall) -> float | None:
    """The one number that an operation has besides a value."""
    found = [one for one in call.constants.values() if isinstance(one, int | float) and not isinstance(one, bool)]
    return float(found[0]) if len(found) == 1 and len(call.values) == 1 else None


def _add(call: KerasCall) -> str:
    number = _number(call)
    return _merged("add")(call) if number is None else call.add("rescale", factor=1.0, offset=number)


def _multiply(call: KerasCall) -> str:
    number = _number(call)
    return _merged("mul")(call) if number is None else call.add("rescale", factor=number)


def _subtract(call: KerasCall) -> str:
    number, is_first = _number(call), 0 in call.constants
    if number is None:
        return _merged("subtract")(call)
    return call.add("rescale", factor=-1.0 if is_first else 1.0, offset=number if is_first else -number)


def _divide(call: KerasCall) -> str:
    number = _number(call)
    if not number or 0 in call.constants:
        return call.unknown("a division by something other than a number")
    return call.add("rescale", factor=1 / number)


def _custom_scale(call: KerasCall) -> str:
    """The layer of Keras' own Inception-ResNet: the second value, times a factor, is added to the first."""
    first, *others = call.values
    if len(others) != 1:
        return call.unknown("CustomScaleLayer")
    scaled = call.add("rescale", values=others, part="_scale", factor=call.config.real("scale", 1))
    return call.add("add", values=[first, scaled])


def _concatenate(call: KerasCall) -> str:
    axis = call.config.data.get("axis", call.config.data.get("concat_axis", -1))
    if axis not in _channels(call):
        return call.unknown(f"Concatenate on axis {str(axis):.20}")
    return _merged("concat")(call)


def _merge(call: KerasCall) -> str:
    """The one layer of Keras 1 for all merges."""
    mode = call.config.text("mode", "sum")
    readers = {
        "sum": _add,
        "mul": _multiply,
        "concat": _concatenate,
        "ave": _merged("average"),
        "max": _merged("maximum"),
    }
    return readers[mode](call) if mode in readers else call.unknown(f"Merge {mode:.20}")


def _nothing(call: KerasCall) -> str:
    return call.values[0]


READERS: Mapping[str, KerasReader] = {
    "Dense": _dense, "EinsumDense": _einsum, "Activation": _activation, "ReLU": _relu, "LeakyReLU": _leaky_relu,
    "PReLU": _prelu, "ELU": _elu, "Softmax": _softmax, "Dropout": _dropout, "SpatialDropout": _dropout, "Add": _add,
    "Multiply": _multiply, "Subtract": _subtract, "TrueDivide": _divide, "Divide": _divide,
    "Average": _merged("average"), "Maximum": _merged("maximum"), "Minimum": _merged("minimum"),
    "Concatenate": _concatenate, "Merge": _merge, "CustomScaleLayer": _custom_scale, "Identity": _nothing,
}  # fmt: skip
