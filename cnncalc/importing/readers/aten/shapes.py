"""Views, parts, borders and sizes of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode
from cnncalc.importing.views import Viewed
from cnncalc.layers import LAYERS


def _flatten(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    rank = len(x.dims or ())
    start, end = operation.get("start_dim", 0) % rank, operation.get("end_dim", -1) % rank
    dims = (*(x.dims or ())[:start], -1, *(x.dims or ())[end + 1 :])
    return x if start == end else aten.views.view(x, dims, operation.at)


def _view(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    dims = operation.dims[0] if operation.dims else None
    return aten.views.view(x, dims or operation.get("size", operation.get("shape", ())), operation.at)


def _permute(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    return aten.views.permute(x, operation.get("dims", ()), operation.at)


def _transpose(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    axes, rank = list(range(len(x.dims or ()))), len(x.dims or ())
    one, other = operation.get("dim0", 0) % rank, operation.get("dim1", 0) % rank
    axes[one], axes[other] = axes[other], axes[one]
    return aten.views.permute(x, axes, operation.at)


def _chunk(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed] | None:
    """Parts of the channels."""
    axis, dims = operation.get("dim", 0), x.dims or ()
    sizes = [part[1] if part and len(part) == len(dims) else 0 for part in operation.dims]
    if axis % len(dims) != 1 or x.steps or sum(sizes) != dims[1] or 0 in sizes:
        return None
    starts = [sum(sizes[:i]) for i in range(len(sizes))]
    parts = zip(starts, sizes, operation.dims, strict=True)
    return [aten.add("slice", operation._replace(dims=[d]), x, channels=(start, start + n)) for start, n, d in parts]


def _slice(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    axis, dims = operation.get("dim", 0) % len(x.dims or (0,)), x.dims or ()
    start, end = operation.get("start", 0), operation.get("end", dims[axis])
    if operation.get("step", 1) != 1:
        return None
    start, end = (min(n + dims[axis], dims[axis]) if n < 0 else min(n, dims[axis]) for n in (start, end))
    if (start, end) == (0, dims[axis]):
        return x
    return aten.add("slice", operation, x, channels=(start, end)) if axis == 1 and not x.steps else None


def _select(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    """One position of a sequence."""
    axis, index, dims = operation.get("dim", 0), operation.get("index", 0), x.dims or ()
    if axis % len(dims) != 1 or not x.channels_last or len(dims) != 3:
        return None
    index %= dims[1]
    first = aten.builder.add("permute", [x.node], {"order": ("L", "C")}, at=operation.at)
    taken = aten.builder.add("slice", [first], {"channels": (index, index + 1)}, at=operation.at)
    return aten.views.of(aten.builder.add("flatten", [taken], at=operation.at), dims[0])


def _pad(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    pad, dims = list(operation.get("pad", [])), x.dims or ()
    if operation.get("mode", "constant") != "constant" or len(pad) % 2 or len(pad) > 2 * (len(dims) - 1) or x.steps:
        return None
    pairs = [(pad[i], pad[i + 1]) for i in range(0, len(pad), 2)][::-1]
    pairs = [(0, 0)] * (len(dims) - 1 - len(pairs)) + pairs
    if any(n < 0 for pair in pairs for n in pair):
        return None
    if any(pairs[0]):
        return aten.add("pad_channels", operation, x, zeros=pairs[0]) if not any(map(any, pairs[1:])) else None
    return aten.add("zeropad", operation, x, padding=tuple(pairs[1:])) if any(map(any, pairs)) else x


def _upsample_nearest2d(aten: AtenAdding, operation: AtenNode, x: Viewed, mode: str = "nearest") -> Viewed | None:
    dims, out = (x.dims or ())[2:], (operation.dims[0] or ())[2:]
    if mode == "nearest" and dims and len(out) == len(dims) and all(m % n == 0 for n, m in zip(dims, out, strict=True)):
        return aten.add("upsample", operation, x, factor=tuple(m // n for n, m in zip(dims, out, strict=True)))
    return (
        aten.add("resize", operation, x, size=out, mode=mode, **_aligned(operation))
        if "resize" in LAYERS and out
        else None
    )


def _upsample_bilinear2d(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    return _upsample_nearest2d(aten, operation, x, "bilinear")


def _pixel_shuffle(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    aten.builder.note(
        "pixel_shuffle is written as depth_to_space, which orders the channels otherwise",
        operation.at,
        inexact=True,
    )
    return aten.add("depth_to_space", operation, x, block_size=operation.get("upscale_factor", 1))


def _pixel_unshuffle(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    aten.builder.note(
        "pixel_unshuffle is written as space_to_depth, which orders the channels otherwise",
        operation.at,
        inexact=True,
    )
    return aten.add("space_to_depth", operation, x, block_size=operation.get("downscale_factor", 1))


def _aligned(operation: AtenNode) -> dict[str, Any]:
    return {"align_corners": True} if operation.get("align_corners", False) else {}


READERS: Mapping[str, Reader] = {
    "flatten": _flatten,
    **dict.fromkeys(("view", "reshape", "_unsafe_view", "squeeze", "unsqueeze", "unflatten"), _view),
    "permute": _permute,
    "transpose": _transpose,
    **dict.fromkeys(("chunk", "split", "split_with_sizes", "tensor_split"), _chunk),
    "slice": _slice,
    "select": _select,
    **dict.fromkeys(("pad", "constant_pad_nd"), _pad),
    **dict.fromkeys(("upsample_nearest2d", "upsample_nearest1d", "upsample_nearest3d"), _upsample_nearest2d),
    "upsample_bilinear2d": _upsample_bilinear2d,
    "pixel_shuffle": _pixel_shuffle,
    "pixel_unshuffle": _pixel_unshuffle,
}
"""The reader of each operation."""
