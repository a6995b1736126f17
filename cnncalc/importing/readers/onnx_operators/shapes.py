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
    gone = [int(axis) % len(dims) for axis in axes] if axes else [i for i, n in enumerate(dims) if n == 1 and i]
    return onnx.views.view(x, [n for i, n in enumerate(dims) if i not in gone], operator.at)


def _unsqueeze(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    dims, axes = list(x.dims or ()), operator.numbers("axes", 1)
    for axis in sorted(int(axis) % (len(dims) + len(axes or ())) for axis in axes or ()):
        dims.insert(axis, 1)
    return onnx.views.view(x, dims, operator.at)


def _transpose(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    axes = operator.attributes.get("perm") or list(range(len(x.dims or ())))[::-1]
    return onnx.views.permute(x, axes, operator.at)


def _slice(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    dims = x.dims or ()
    starts, ends = operator.numbers("starts", 1), operator.numbers("ends", 2)
    axes, steps = operator.numbers("axes", 3) or list(range(len(starts or ()))), operator.numbers("steps", 4) or [1]
    if not starts or not ends or len(axes) != 1 or steps != [1]:
        return None
    axis = int(axes[0]) % len(dims)
    start, end = (min(int(n) + dims[axis] if n < 0 else int(n), dims[axis]) for n in (starts[0], ends[0]))
    if (start, end) == (0, dims[axis]):
        return x
    return onnx.add("slice", operator, x, channels=(start, end)) if axis == 1 and not x.steps else None


def _split(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> list[Viewed] | None:
    dims, count = x.dims or (), len(operator.outputs)
    sizes = operator.numbers("split", 1) or [dims[1] // count] * count
    if operator.axis(0, len(dims)) != 1 or sum(sizes) != dims[1] or x.steps or len(sizes) != count:
        return None
    starts = [sum(sizes[:i]) for i in range(count)]
    plain = operator._replace(shapes=[])
    return [onnx.add("slice", plain, x, channels=(start, start + n)) for start, n in zip(starts, sizes, strict=True)]


def _pad(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    pads, rank = operator.numbers("pads", 1), len(x.dims or ())
    if not pads or len(pads) != 2 * rank or operator.attributes.get("mode", "constant") != "constant" or x.steps:
        return None
    pairs = [(int(pads[i]), int(pads[i + rank])) for i in range(rank)]
    if not any(map(any, pairs)):
        return x
    if any(n < 0 for pair in pairs for n in pair) or any(pairs[0]):
        return None
    if any(pairs[1]):
        return None if any(map(any, pairs[2:])) else onnx.add("pad_channels", operator, x, zeros=pairs[1])
    return onnx.add("zeropad", operator, x, padding=tuple(pairs[2:]))


def _resize(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed | None:
    dims, last = x.dims or (), len(operator.inputs) - 1
    scales, sizes = operator.numbers("scales", min(last, 2)), operator.numbers("sizes", 3)
    mode = operator.attributes.get("mode", "nearest")
    # A product of 32 bits is a whole number if it is nearly one.
    out = [int(n) for n in sizes or ()] or [floor(n * f + 1e-4) for n, f in zip(dims, scales or (), strict=False)]
    if len(out) != len(dims) or tuple(out[:2]) != dims[:2]:
        return None
    if mode == "nearest" and all(m % n == 0 for n, m in zip(dims, out, strict=True)):
        return onnx.add("upsample", operator, x, factor=tuple(m // n for n, m in zip(dims[2:], out[2:], strict=True)))
    word = {"linear": "bilinear", "cubic": "bicubic"}.get(mode, mode)
    factor = () if sizes else tuple(map(short, (scales or ())[2:]))
    if factor and [floor(n * f) for n, f in zip(dims[2:], factor, strict=True)] == out[2:]:
        return onnx.add("resize", operator, x, factor=factor, mode=word)
    return onnx.add("resize", operator, x, size=tuple(out[2:]), mode=word)


def _depthtospace(onnx: OnnxAdding, operator: OnnxNode, x: Viewed) -> Viewed:
    if operator.attributes.get("mode", "DCR") != "DCR":
        words = "DepthToSpace of mode CRD is written as depth_to_space, whose order is DCR"
        onnx.builder.note(words, operator.at, inexact=True)
    return onnx.add("depth_to_space", operator, x, block_size=operator.attributes.get("blocksize", 1))


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
    "pad": _pad,
    **dict.fromkeys(("resize", "upsample"), _resize),
    "depthtospace": _depthtospace,
    "spacetodepth": _spacetodepth,
}
"""The reader of each operator, by its type in lower case."""
