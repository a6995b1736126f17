"""Views, parts, borders and sizes of torch's graphs."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.importing.readers.aten.adding import AtenAdding, Reader
from cnncalc.importing.readers.aten.nodes import AtenNode
from cnncalc.importing.views import Viewed


def _flatten(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    rank = len(x.dims or ())
    start, end = operation.axis("start_dim", rank), operation.axis("end_dim", rank, -1)
    dims = (*(x.dims or ())[:start], -1, *(x.dims or ())[end + 1 :])
    return x if start == end else aten.views.view(x, dims, operation.at)


def _view(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    dims = operation.dims[0] if operation.dims else None
    return aten.views.view(x, dims or operation.get("size", operation.get("shape", ())), operation.at)


def _permute(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    return aten.views.permute(x, operation.get("dims", ()), operation.at)


def _transpose(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    axes, rank = list(range(len(x.dims or ()))), len(x.dims or ())
    words = ("dim0", "dim1") if operation.word != "swapaxes" else ("axis0", "axis1")
    one, other = (operation.axis(word, rank, number * (operation.word == "t")) for number, word in enumerate(words))
    axes[one], axes[other] = axes[other], axes[one]
    return aten.views.permute(x, axes, operation.at)


def _chunk(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed] | None:
    """Parts along an axis."""
    dims = x.dims or ()
    axis = operation.axis("dim", len(dims))
    sizes = [part[axis] if part and len(part) == len(dims) else 0 for part in operation.dims]
    if sum(sizes) != dims[axis] or 0 in sizes:
        return None
    parts: list[Viewed] = []
    for number, size in enumerate(sizes):
        start, one = sum(sizes[:number]), operation._replace(dims=operation.dims[number : number + 1])
        part = aten.part(x, axis, start, start + size, aten.where(one))
        if part is None:
            return None
        parts.append(part)
    return parts


def _slice(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    axis, dims = operation.axis("dim", len(x.dims or (0,))), x.dims or ()
    start, end = operation.get("start", 0), operation.get("end", dims[axis])
    if operation.get("step", 1) != 1:
        return None
    start, end = (min(n + dims[axis], dims[axis]) if n < 0 else min(n, dims[axis]) for n in (start, end))
    return aten.part(x, axis, start, end, aten.where(operation)) if start < end else None


def _narrow(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    start = operation.get("start", 0)
    stop = start + operation.get("length", 0)
    return aten.part(x, operation.axis("dim", len(x.dims or (0,))), start, stop, aten.where(operation))


def _select(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    return aten.chosen(x, operation.get("dim", 0), operation.get("index", 0), aten.where(operation))


def _unbind(aten: AtenAdding, operation: AtenNode, x: Viewed) -> list[Viewed] | None:
    """All places along an axis, each by itself."""
    dim, where = operation.axis("dim", len(x.dims or (0,))), aten.where(operation)
    parts = [aten.chosen(x, dim, index, where) for index in range((x.dims or (0,))[dim])]
    found = [part for part in parts if part is not None]
    return found if len(found) == len(parts) else None


def _expand(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    """A value that is repeated along axes of size 1, which every reader of it does by itself."""
    dims, missing = operation.dims[0] or (), len(operation.dims[0] or ()) - len(x.dims or ())
    fits = missing >= 0 and all(n in (1, m) for n, m in zip(x.dims or (), dims[missing:], strict=True))
    return x._replace(dims=dims, order=(*((),) * missing, *x.order)) if fits else None


def _roll(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    """A rolled value (torch.roll); nothing moves until the reason is known."""
    shifts, dims = operation.get("shifts", []), operation.get("dims", [])
    if len(shifts) != len(dims) or x.cut:
        return None
    rolled = dict(x.rolled)
    for shift, dim in zip(shifts, dims, strict=True):
        axis = x.axis(dim)
        if axis is None or axis < 2:
            return None
        rolled[axis] = (rolled.get(axis, 0) - shift) % x.base[axis]
    return x._replace(rolled=tuple((axis, n) for axis, n in sorted(rolled.items()) if n))


def _pad(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    pad, dims = list(operation.get("pad", operation.get("padding", []))), x.dims or ()
    mode = operation.get("mode", operation.word.partition("_pad")[0] if operation.word != "pad" else "constant")
    if len(pad) % 2 or len(pad) > 2 * len(dims) or operation.get("value", 0) != 0:
        return None
    pairs = [(pad[i], pad[i + 1]) for i in range(0, len(pad), 2)][::-1]
    words = {"reflection": "reflect", "replication": "replicate"}
    pairs = [(0, 0)] * (len(dims) - len(pairs)) + pairs
    return aten.padded(x, pairs, words.get(mode, mode), aten.where(operation))


def _upsample(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed | None:
    mode = operation.word.removeprefix("_").removeprefix("upsample_").rstrip("123d")
    corners = operation.get("align_corners", False)
    return aten.resized(x, (operation.dims[0] or ())[2:], mode, aten.where(operation), align_corners=corners)


def _channel_shuffle(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    return aten.add("shuffle", operation, x, groups=operation.get("groups", 1))


def _pixel_shuffle(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    return aten.add("depth_to_space", operation, x, block_size=operation.get("upscale_factor", 1), order="CRD")


def _pixel_unshuffle(aten: AtenAdding, operation: AtenNode, x: Viewed) -> Viewed:
    return aten.add("space_to_depth", operation, x, block_size=operation.get("downscale_factor", 1), order="CRD")


READERS: Mapping[str, Reader] = {
    "flatten": _flatten,
    **dict.fromkeys(("view", "reshape", "_unsafe_view", "squeeze", "unsqueeze", "unflatten", "reshape_as"), _view),
    "permute": _permute,
    **dict.fromkeys(("transpose", "swapaxes", "t"), _transpose),
    **dict.fromkeys(("chunk", "split", "split_with_sizes", "tensor_split"), _chunk),
    "slice": _slice,
    "narrow": _narrow,
    "select": _select,
    "unbind": _unbind,
    **dict.fromkeys(("expand", "expand_as"), _expand),
    "roll": _roll,
    **dict.fromkeys(("pad", "constant_pad_nd"), _pad),
    **{f"{word}_pad{rank}d": _pad for word in ("reflection", "replication") for rank in (1, 2, 3)},
    **{f"upsample_{word}": _upsample
       for word in ("nearest1d", "nearest2d", "nearest3d", "linear1d", "bilinear2d", "trilinear3d", "bicubic2d")},
    **dict.fromkeys(("channel_shuffle", "native_channel_shuffle"), _channel_shuffle),
    "pixel_shuffle": _pixel_shuffle,
    "pixel_unshuffle": _pixel_unshuffle,
}  # fmt: skip
"""The reader of each operation."""
