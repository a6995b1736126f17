"""Keras: fully connected layers, activations, and merges of several values."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.bounds import JsonFields
from cnncalc.importing.readers.keras_call import ACTIVATIONS, KerasCall, KerasReader
from cnncalc.layers import LAYERS


def _dense(call: KerasCall) -> str:
    units = call.config.number("units", call.config.number("output_dim", 0))
    bias, tensors = call.config.flag("use_bias", True), call.kept("bias", weight=(1, 0))
    if call.rank and call.shape is not None:
        return call.activated(call.add("conv", tensors, filters=units, kernel=1, bias=bias))
    return call.activated(call.add("fc", tensors, features=units, bias=bias))


def _activation(call: KerasCall) -> str:
    word = call.config.data.get("activation")
    text = word if isinstance(word, str) else JsonFields(word, call.at).text("class_name").lower()
    kind, settings = ACTIVATIONS.get(text, ("", {}))
    return call.add(kind, **settings) if kind in LAYERS else call.activation(text, call.values[0])


def _relu(call: KerasCall) -> str:
    most, slope = call.config.data.get("max_value"), call.config.real("negative_slope", 0)
    if call.config.real("threshold", 0) or most not in (None, 6, 6.0) or (most and slope):
        return call.unknown(f"ReLU with max_value {most}")
    if slope:
        return call.add("leaky_relu", slope=slope)
    return call.add("relu6" if most else "relu")


def _leaky_relu(call: KerasCall) -> str:
    return call.add("leaky_relu", slope=call.config.real("negative_slope", call.config.real("alpha", 0.3)))


def _prelu(call: KerasCall) -> str:
    rank = call.rank
    each = len(call.config.items("shared_axes")) < rank
    return call.add("prelu", call.kept(weight=(rank, *range(rank))), slopes="value" if each else "channel")


def _elu(call: KerasCall) -> str:
    return call.add("elu", alpha=call.config.real("alpha", 1.0))


def _softmax(call: KerasCall) -> str:
    return call.add("softmax")


def _dropout(call: KerasCall) -> str:
    return call.add("dropout", rate=call.config.real("rate", 0.5))


def _add(call: KerasCall) -> str:
    return call.add("add")


def _multiply(call: KerasCall) -> str:
    return call.add("mul")


def _concatenate(call: KerasCall) -> str:
    axis = call.config.data.get("axis", -1)
    if axis not in ((1,) if call.has_channels_first else (-1, call.rank + 1)):
        return call.unknown(f"Concatenate on axis {axis}")
    return call.add("concat") if len(call.values) > 1 else call.values[0]


READERS: Mapping[str, KerasReader] = {
    "Dense": _dense, "Activation": _activation, "ReLU": _relu, "LeakyReLU": _leaky_relu, "PReLU": _prelu, "ELU": _elu,
    "Softmax": _softmax, "Dropout": _dropout, "SpatialDropout": _dropout, "Add": _add, "Multiply": _multiply,
    "Concatenate": _concatenate, "Merge": _concatenate,
}  # fmt: skip
