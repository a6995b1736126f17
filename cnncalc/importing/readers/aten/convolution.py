"""Convolutions and dense layers of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader, each
from cnncalc.importing.readers.aten.nodes import AtenNode, Weighed
from cnncalc.importing.readers.attention import dense, projected
from cnncalc.importing.views import Viewed


def _conv(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    whole = operation.get("weight")
    if isinstance(whole, Weighed) and whole.altered and not whole.table:
        return _standardised(aten, operation, x, whole)
    if isinstance(whole, Weighed) and not aten.trained(whole):
        return aten.unknown(operation, f"{operation.target} with a weight that is not learned")
    weight = aten.weight(operation, "weight")
    if weight is None or len(weight) < 3:
        return None
    rank = len(weight) - 2
    padding = operation.get("padding", 0)
    padding = padding if isinstance(padding, str) else each(padding, rank)
    settings = {
        "filters": weight[0], "kernel": weight[2:], "padding": padding, "bias": operation.get("bias") is not None,
        "stride": each(operation.get("stride", 1), rank), "dilation": each(operation.get("dilation", 1), rank),
        "groups": operation.get("groups", 1),
    }  # fmt: skip
    if x.node in aten.promised and set(weight[2:]) == {1} and set(settings["stride"]) == {1} and not any(padding):
        seen = aten.views.permute(x, (0, *range(2, rank + 2), 1), operation.at)
        whole = projected(aten, seen, weight[0], settings["bias"], aten.where(operation))
        if whole is not None:
            return aten.views.permute(whole, (0, rank + 1, *range(1, rank + 1)), operation.at)
    if not x.moved and type(settings["groups"]) is int:
        aten.fits(x, weight, weight[1] * settings["groups"], aten.builder.channels(x.node), operation.at)
    return aten.add("conv", operation, x, **settings)


def _standardised(aten: AtenAdding, operation: AtenNode, x: Viewed, whole: Weighed) -> Viewed | None:
    """A convolution whose filters are brought to one mean and variance: their gains are a scale after it."""
    words = "weight standardisation is left out: the weights are those before it"
    aten.builder.note(words, operation.at, inexact=True)
    plain = {**operation.arguments, "weight": whole._replace(altered=False, gain=None)}
    if whole.gain is None:
        return _conv(aten, operation._replace(arguments=plain), x)
    value = _conv(aten, operation._replace(arguments=plain | {"bias": None}), x)
    given = {"weight": whole.gain, "bias": operation.get("bias")}
    bias = operation.get("bias") is not None
    if value is None:
        return None
    return aten.elementwise("scale", operation._replace(arguments=given), value, bias=bias)


def _convolution(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    return (_conv_transpose if operation.get("transposed", False) else _conv)(aten, operation, x)


def _conv_transpose(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    weight = aten.weight(operation, "weight")
    if weight is None or len(weight) < 3:
        return None
    rank, groups = len(weight) - 2, operation.get("groups", 1)
    defaults = {"stride": 1, "padding": 0, "dilation": 1, "output_padding": 0}
    sizes = {name: each(operation.get(name, default), rank) for name, default in defaults.items()}
    bias = operation.get("bias") is not None
    return aten.add(
        "deconv", operation, x, filters=weight[1] * groups, kernel=weight[2:], groups=groups, bias=bias, **sizes
    )


def _linear(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    weight = aten.weight(operation, "weight")
    if weight is None or len(weight) != 2:
        return None
    aten.fits(x, weight, weight[1], (x.dims or (0,))[-1], operation.at)
    return dense(aten, x, weight[0], operation.get("bias") is not None, aten.where(operation))


def _addmm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    weight, bias = operation.get("mat2", operation.get("other")), operation.get("self")
    if not isinstance(weight, Weighed) or operation.get("alpha", 1) != 1 or operation.get("beta", 1) != 1:
        return None
    given = {"weight": weight.transposed(), **({"bias": bias} if isinstance(bias, Weighed) else {})}
    return _linear(aten, operation._replace(arguments=given), x)


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d"), _conv),
    "convolution": _convolution,
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), _conv_transpose),
    "linear": _linear,
    **dict.fromkeys(("addmm", "mm"), _addmm),
}
"""The reader of each operation."""
