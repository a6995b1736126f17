"""Views, parts, borders and sizes of ONNX."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, prod

from cnncalc.importing.readers.onnx_operators.adding import OnnxAdding, Reader, short
from cnncalc.importing.readers.onnx_operators.nodes import OnnxNode
from cnncalc.importing.views import Viewed


def _flatten(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    if operator.attributes.get("axis", 1) != 1:
        return None
    return onnx.views.view(x, ((x.dims or (1,))[0], -1), operator.at)


def _reshape(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    wanted, dims = operator.numbers("shape", 1), x.dims or ()
    if not wanted or not all(isinstance(n, int) for n in wanted) or len(wanted) > 8:
        return None
    sizes = [dims[i] if n == 0 and i < len(dims) else n for i, n in enumerate(wanted)]
    if -1 not in sizes and prod(sizes) != prod(dims) and dims[0] and prod(sizes[1:]) == prod(dims[1:]):
        sizes[0] = dims[0]
    return onnx.views.view(x, sizes, operator.at)


def _squeeze(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    dims, axes = x.dims or (), operator.numbers("axes", 1)
    gone = (
        [operator.place(int(axis), len(dims)) for axis in axes]
        if axes
        else [i for i, n in enumerate(dims) if n == 1 and i]
    )
    return onnx.views.view(x, [n for i, n in enumerate(dims) if i not in gone], operator.at)


def _unsqueeze(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    dims, axes = list(x.dims or ()), operator.numbers("axes", 1)
    rank = len(dims) + len(axes or ())
    for axis in sorted(operator.place(int(axis), rank, "output") for axis in axes or ()):
        dims.insert(axis, 1)
    return onnx.views.view(x, dims, operator.at)


def _transpose(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    axes = operator.attributes.get("perm") or list(range(len(x.dims or ())))[::-1]
    return onnx.views.permute(x, axes, operator.at)


def _slice(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    starts, ends = operator.numbers("starts", 1), operator.numbers("ends", 2)
    axes, steps = operator.numbers("axes", 3) or list(range(len(starts or ()))), operator.numbers("steps", 4) or [1]
    if not starts or not ends or not len(starts) == len(ends) == len(axes) or set(steps) != {1}:
        return None
    value: Viewed | None = x
    for first, last, number in zip(starts, ends, axes, strict=True):
        dims = value.dims if value is not None else None
        if value is None or dims is None:
            return value
        axis = operator.place(int(number), len(dims))
        start, end = (min(int(n) + dims[axis] if n < 0 else int(n), dims[axis]) for n in (first, last))
        value = onnx.part(value, axis, start, end, onnx.where(operator)) if 0 <= start < end else None
    return value


def _split(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> list[Viewed] | None:
    dims, count = x.dims or (), len(operator.outputs)
    axis = operator.axis(0, len(dims))
    sizes = operator.numbers("split", 1) or [dims[axis] // max(count, 1)] * count
    if sum(sizes) != dims[axis] or len(sizes) != count:
        return None
    parts: list[Viewed] = []
    for number, size in enumerate(sizes):
        start = sum(sizes[:number])
        part = onnx.part(x, axis, start, start + size, onnx.where(operator._replace(shapes=[])))
        if part is None:
            return None
        parts.append(part)
    return parts


def _gather(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    """One place along an axis, or several that follow one another."""
    constant, axis = operator.constant(1), operator.axis(0, len(x.dims or ()))
    indices = [int(n) % max((x.dims or ())[axis], 1) for n in constant.values or ()] if constant is not None else []
    if constant is None or not indices or indices != list(range(indices[0], indices[0] + len(indices))):
        return None
    dims = x.dims or ()
    if len(indices) == dims[axis] and len(constant.dims) > 1:
        return onnx.views.view(x, (*dims[:axis], *constant.dims, *dims[axis + 1 :]), operator.at)
    if constant.dims == ():
        return onnx.chosen(x, axis, indices[0], onnx.where(operator))
    return onnx.part(x, axis, indices[0], indices[-1] + 1, onnx.where(operator)) if len(constant.dims) == 1 else None


def _expand(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    """A value of the same size."""
    wanted, dims = operator.numbers("shape", 1), x.dims or ()
    return x if wanted and all(n in (1, m) for n, m in zip(wanted[::-1], dims[::-1], strict=False)) else None


def _pad(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    pads, rank, axes = operator.numbers("pads", 1), len(x.dims or ()), operator.numbers("axes", 3)
    value = operator.numbers("value", 2) or [0]
    places = [operator.place(int(axis), rank) for axis in axes] if axes else list(range(rank))
    if not pads or len(pads) != 2 * len(places) or value[0] != 0:
        return None
    pairs = [(0, 0)] * rank
    for number, place in enumerate(places):
        pairs[place] = int(pads[number]), int(pads[number + len(places)])
    return onnx.padded(x, pairs, operator.text("mode", "constant"), onnx.where(operator))


def _resize(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    dims, last = x.dims or (), len(operator.inputs) - 1
    scales, sizes = operator.numbers("scales", min(last, 2)), operator.numbers("sizes", 3)
    mode = operator.text("mode", "nearest")
    # A product of 32 bits is a whole number if it is nearly one.
    out = [int(n) for n in sizes or ()] or [floor(n * f + 1e-4) for n, f in zip(dims, scales or (), strict=False)]
    if len(out) != len(dims) or tuple(out[:2]) != dims[:2] or not sizes and len(scales or ()) != len(dims):
        return None
    factor = () if sizes else tuple(map(short, (scales or ())[2:]))
    kept = factor and [floor(n * f) for n, f in zip(dims[2:], factor, strict=True)] == out[2:]
    between = operator.text("coordinate_transformation_mode", "half_pixel")
    corners = between == "align_corners"
    if mode != "nearest" and between not in ("align_corners", "half_pixel", "pytorch_half_pixel"):
        words = f"Resize interpolates as {between:.20}, resize as half_pixel"
        onnx.builder.note(words, operator.at, inexact=True)
    more = {"factor": factor if kept else (), "align_corners": corners}
    return onnx.resized(x, out[2:], mode, onnx.where(operator), **more)


def _depthtospace(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    order = {"order": "CRD"} if operator.attributes.get("mode", "DCR") == "CRD" else {}
    return onnx.add("depth_to_space", operator, x, block_size=operator.attributes.get("blocksize", 1), **order)


def _spacetodepth(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    return onnx.add("space_to_depth", operator, x, block_size=operator.attributes.get("blocksize", 1))


READERS: Mapping[str, Reader] = {
    "flatten": _flatten,
    "reshape": _reshape,
    "squeeze": _squeeze,
    "unsqueeze": _unsqueeze,
    "transpose": _transpose,
    "slice": _slice,
    "split": _split,
    "gather": _gather,
    "expand": _expand,
    "pad": _pad,
    **dict.fromkeys(("resize", "upsample"), _resize),
    "depthtospace": _depthtospace,
    "spacetodepth": _spacetodepth,
}
"""The reader of each operator, by its type in lower case."""
