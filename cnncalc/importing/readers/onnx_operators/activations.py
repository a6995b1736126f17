"""Activations and dropout of ONNX."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from cnncalc.importing.readers.merging import merged
from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader, short
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed


def _clip(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    limits = (operator.numbers("min", 1) or [None])[0], (operator.numbers("max", 2) or [None])[0]
    if limits in ((0, 6), (0, None)):
        return onnx.elementwise("relu6" if limits[1] else "relu", operator, x)
    known = all(isinstance(limit, int | float) for limit in limits)
    return onnx.elementwise("hardtanh", operator, x, low=limits[0], high=limits[1]) if known else None


def _leakyrelu(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    return onnx.elementwise("leaky_relu", operator, x, slope=short(operator.attributes.get("alpha", 0.01)))


def _elu(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    return onnx.elementwise("elu", operator, x, alpha=short(operator.attributes.get("alpha", 1.0)))


def _prelu(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    weight, channels = onnx.weight(operator, 1), onnx.builder.channels(x.node)
    one = prod(weight or ()) == 1 != channels
    return onnx.elementwise("prelu", operator, x, **({"slopes": "one"} if one else {}))


def _hardsigmoid(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    slope = short(operator.attributes.get("alpha", 0.2))
    if abs(slope - 1 / 6) > 1e-4 or operator.attributes.get("beta", 0.5) != 0.5:
        words = f"a HardSigmoid of slope {slope:g} is written as hardsigmoid, whose slope is 1/6"
        onnx.builder.note(words, operator.at, inexact=True)
    return onnx.elementwise("hardsigmoid", operator, x)


def _softmax(onnx: OnnxAdding, operator: OnnxNode, x: Viewed, kind: str = "softmax") -> Viewed | None:
    rank = len(x.dims or ())
    # Without an axis, versions before 13 mean all from the channels on.
    return onnx.softmax(x, operator.axis(-1 if rank < 3 else 1, rank), onnx.where(operator), kind)


def _logsoftmax(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    return _softmax(onnx, operator, x, "log_softmax")


def _dropout(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> list[Viewed]:
    rate = (operator.numbers("ratio", 1) or [0.5])[0]
    if not isinstance(rate, float | int) or not 0 < rate < 1:
        return [x] * len(operator.outputs)
    return [onnx.elementwise("dropout", operator, x, rate=short(rate))] * len(operator.outputs)


def _noise(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    distribution, names = NOISES[operator.word]
    if tuple(operator.attributes.get(name, usual) for name, usual in zip(names, (0, 1), strict=True)) != (0, 1):
        return None
    return onnx.elementwise(
        "noise", operator, x, **({} if distribution == "normal" else {"distribution": distribution})
    )


def _power(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    """A value to a power; its square is the product that torch's readers make of it."""
    found = [EXPONENTS[operator.word]] if operator.word in EXPONENTS else operator.numbers("", 1) or []
    if len(found) != 1 or operator.inputs[0] is not x:
        return None
    if found[0] == 2:
        return merged(onnx, "mul", [x, x], onnx.where(operator))
    return x if found[0] == 1 else onnx.elementwise("power", operator, x, exponent=short(found[0]))


def _neg(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    return onnx.elementwise("rescale", operator, x, factor=-1)


EXPONENTS = {"Sqrt": 0.5, "Reciprocal": -1}
"""Operators that are powers."""

NOISES = {"RandomNormalLike": ("normal", ("mean", "scale")), "RandomUniformLike": ("uniform", ("low", "high"))}
"""Operators that draw values: the distribution, and the attributes that set it."""

READERS: Mapping[str, Reader] = {
    "clip": _clip,
    "leakyrelu": _leakyrelu,
    "elu": _elu,
    "prelu": _prelu,
    "hardsigmoid": _hardsigmoid,
    "softmax": _softmax,
    "logsoftmax": _logsoftmax,
    "dropout": _dropout,
    **{word.lower(): _noise for word in NOISES},
    **{word.lower(): _power for word in ("Pow", *EXPONENTS)},
    "neg": _neg,
}
"""The reader of each operator, by its type in lower case."""
