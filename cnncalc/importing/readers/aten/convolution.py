"""Convolutions and dense layers of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader, each
from cnncalc.importing.readers.aten.nodes import AtenNode, Weighed
from cnncalc.importing.views import Viewed


def _conv1d(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
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
    return aten.add("conv", operation, x, **settings)


def _convolution(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    if operation.get("transposed", False):
        return _conv_transpose2d(aten, operation, x)
    return _conv1d(aten, operation, x)


def _conv_transpose2d(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
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
    return _dense(aten, operation, x, weight[0], operation.get("bias") is not None)


def _addmm(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    weight, bias = operation.get("mat2"), operation.get("self")
    if not isinstance(weight, Weighed) or operation.get("alpha", 1) != 1 or operation.get("beta", 1) != 1:
        return None
    given = {"weight": weight.transposed(), **({"bias": bias} if isinstance(bias, Weighed) else {})}
    return _linear(aten, operation._replace(arguments=given), x)


def _dense(aten: AtenAdding, operation: AtenNode, x: Viewed, features: int, bias: bool) -> Viewed | None:
    if x.channels_last and x.dims:
        if aten.builder.rank(x.node) == 1:
            value = aten.elementwise("fc", operation, x, features=features, bias=bias)
        else:
            value = aten.elementwise("conv", operation, x, filters=features, kernel=1, bias=bias)
        return value._replace(dims=(*x.dims[:-1], features))
    if x.dims is None or len(x.dims) != 2:
        return None
    return aten.add("fc", operation, x, features=features, bias=bias)


READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d"), _conv1d),
    "convolution": _convolution,
    **dict.fromkeys(("conv_transpose2d", "conv_transpose1d", "conv_transpose3d"), _conv_transpose2d),
    "linear": _linear,
    **dict.fromkeys(("addmm", "mm"), _addmm),
}
"""The reader of each operation."""
