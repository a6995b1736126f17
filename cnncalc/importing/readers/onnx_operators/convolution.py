"""Convolutions and dense layers of ONNX."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.model import RefusedModel
from cnncalc.importing.readers.attention import Scores, dense, product, projected, scores
from cnncalc.importing.readers.einsum import einsum
from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed
from cnncalc.shapes import by_axis


def _conv(onnx: OnnxAdding, operator: OnnxNode, x: Viewed, kind: str = "conv") -> Viewed | None:
    weight = onnx.weight(operator, 1)
    if weight is None or len(weight) < 3:
        return None
    groups, rank = operator.attributes.get("group", 1), len(weight) - 2
    settings = onnx.window(operator, list(weight[2:]), rank)
    settings |= {"filters": weight[0], "groups": groups, "bias": operator.present(2)}
    if kind == "conv" and x.node in onnx.promised and set(weight[2:]) == {1} == set(settings["stride"]):
        seen = onnx.views.permute(x, (0, *range(2, rank + 2), 1), operator.at)
        whole = projected(onnx, seen, weight[0], settings["bias"], onnx.where(operator))
        if whole is not None:
            return onnx.views.permute(whole, (0, rank + 1, *range(1, rank + 1)), operator.at)
    if kind == "deconv":
        settings["filters"] = weight[1] * groups
        settings["output_padding"] = tuple(operator.attributes.get("output_padding") or [0] * rank)
        if operator.attributes.get("output_shape"):
            settings["padding"] = _pads_for(operator, x, settings)
    if kind == "conv" and not x.moved and type(groups) is int:
        onnx.fits(x, weight, weight[1] * groups, onnx.builder.channels(x.node), operator.at)
    return onnx.add(kind, operator, x, **settings)


def _convtranspose(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    return _conv(onnx, operator, x, "deconv")


def _gemm(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    weight, given = onnx.weight(operator, 1), operator.attributes
    if weight is None or len(weight) != 2 or given.get("transA", 0):
        return None
    features = weight[0] if given.get("transB", 0) else weight[1]
    if len(x.dims or ()) != 2:
        x = onnx.views.view(x, ((x.dims or (1,))[0], -1), operator.at)
    entering = weight[1] if given.get("transB", 0) else weight[0]
    onnx.fits(x, weight, entering, (x.dims or (0,))[-1], operator.at)
    return dense(onnx, x, features, operator.present(2), onnx.where(operator))


def _matmul(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | Scores | None:
    if operator.constant(1) is None:
        values = [one for one in operator.inputs if isinstance(one, Viewed)]
        if len(values) < 2:
            return None
        return scores(values[0], values[1]) or product(onnx, values[0], values[1], onnx.where(operator))
    weight = onnx.weight(operator, 1) or ()
    if len(weight) != 2 or not isinstance(operator.inputs[0], Viewed):
        return None
    onnx.fits(x, weight, weight[0], (x.dims or (0,))[-1], operator.at)
    return dense(onnx, x, weight[1], False, onnx.where(operator))


def _einsum(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | Scores | None:
    if len(operator.inputs) != 2:
        return None
    return einsum(onnx, str(operator.attributes.get("equation", "")), operator.inputs, onnx.where(operator))


def _pads_for(operator: OnnxNode, x: Viewed, settings: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    """The padding that gives the output_shape, as ONNX says: an odd value is first, or last with SAME_UPPER."""
    wanted, dims = operator.attributes["output_shape"], (x.dims or ())[2:]
    dilation, pads = settings.get("dilation", (1,) * len(dims)), []
    axes = zip(dims, settings["kernel"], settings["stride"], dilation, settings["output_padding"], strict=True)
    for (n, k, s, d, extra), out in zip(axes, wanted[-len(dims) :], strict=True):
        total = s * (n - 1) + d * (k - 1) + 1 + extra - out
        if total < 0:
            raise RefusedModel((operator.at, f"output_shape {by_axis(wanted)} is larger than what comes out"))
        less = total // 2
        pads.append(
            (less, total - less) if operator.attributes.get("auto_pad") == "SAME_UPPER" else (total - less, less)
        )
    return tuple(pads)


READERS: Mapping[str, Reader] = {
    "conv": _conv,
    "convtranspose": _convtranspose,
    "gemm": _gemm,
    "matmul": _matmul,
    "einsum": _einsum,
}
"""The reader of each operator, by its type in lower case."""
