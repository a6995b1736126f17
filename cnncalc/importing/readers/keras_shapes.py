"""Keras: layers that change the size or the order of a map, and learn nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod

from cnncalc.importing.bounds import MAX_AXES
from cnncalc.importing.building import GraphBuilder
from cnncalc.importing.model import ModelPlace
from cnncalc.importing.readers.keras_call import KerasCall, KerasReader
from cnncalc.importing.views import Viewed, Views
from cnncalc.shapes import Shape, letters_of


def _flatten(call: KerasCall) -> str:
    return call.add("flatten") if call.rank else call.values[0]


def _borders(call: KerasCall, key: str) -> list[tuple[int, int]]:
    """(before, after) of each axis."""
    rank, value = call.rank, call.config.data.get(key, 1)
    items = value if isinstance(value, list) else [value] * rank
    if rank == 1 and len(items) == 2 and not isinstance(items[0], list):
        items = [items]
    pairs = [tuple(item) if isinstance(item, list) else (item, item) for item in items]
    if len(pairs) != rank or not all(len(pair) == 2 and all(type(n) is int for n in pair) for pair in pairs):
        raise call.refused(f"{key} is {str(value):.40}; numbers for {rank} axes are expected")
    return [(pair[0], pair[1]) for pair in pairs]


def _zero_padding(call: KerasCall) -> str:
    return call.add("zeropad", padding=tuple(_borders(call, "padding")))


def _cropping(call: KerasCall) -> str:
    return call.add("crop", size=tuple(_borders(call, "cropping")))


def _center_crop(call: KerasCall) -> str:
    return call.add("crop", size=(call.config.number("height"), call.config.number("width")))


def _resizing(call: KerasCall) -> str:
    mode = call.config.text("interpolation", "bilinear")
    if mode not in ("nearest", "bilinear", "bicubic"):
        return call.unknown(f"Resizing {mode:.20}")
    if call.config.flag("crop_to_aspect_ratio", False) or call.config.flag("pad_to_aspect_ratio", False):
        call.note("keep_aspect_ratio of Resizing is left out", inexact=True)
    return call.add("resize", size=(call.config.number("height"), call.config.number("width")), mode=mode)


def _permute(call: KerasCall) -> str:
    letters, order = letters_of(call.rank, call.builder.layout), call.config.items("dims")
    if call.values[0] in call.seen and sorted(map(str, order)) == [str(i + 1) for i in range(len(order))]:
        return _seen(call, order=order)
    if sorted(map(str, order)) != [str(number + 1) for number in range(len(letters))]:
        raise call.refused(f"dims {str(order):.40} do not name each of the {len(letters)} axes once")
    by_letter = dict(zip(letters, [letters[axis - 1] for axis in order], strict=True))
    return call.add("permute", order=tuple(by_letter[letter] for letter in letters_of(call.rank)))


def _up_sampling(call: KerasCall) -> str:
    factor, mode = call.config.sizes("size", call.rank, 2), call.config.text("interpolation", "nearest")
    if mode == "nearest":
        return call.add("upsample", factor=factor)
    return call.add("resize", factor=factor, mode=mode)


def _reshape(call: KerasCall) -> str:
    shape, target = call.shape, call.config.items("target_shape")[: MAX_AXES + 1]
    if shape is None or not all(type(size) is int for size in target):
        return call.unknown("Reshape")
    known = prod(size for size in target if size > 0)
    sizes = tuple(size if size > 0 else shape.elements // max(known, 1) for size in target)
    if call.values[0] in call.seen or (shape.rank == 2 and 3 < len(sizes) < 6 and not call.has_channels_first):
        return _seen(call, sizes)
    if not 1 <= len(sizes) <= 4:
        return call.unknown(f"Reshape to {len(sizes)} axes")
    if len(sizes) == 1:
        return _flatten(call)
    wanted = Shape.of(sizes, call.builder.layout)
    return call.values[0] if wanted == shape else call.add("reshape", size=wanted)


def _seen(call: KerasCall, sizes: Sequence[int] = (), order: Sequence[int] = ()) -> str:
    """A map under other axes: if they are more than a map has, nothing is added until it has its own again."""
    views, value = Views(call.builder), call.values[0]
    x = call.seen.get(value) or views.last(value)
    made = views.view(x, (1, *sizes), call.at) if sizes else views.permute(x, (0, *order), call.at)
    return named(call.builder, call.seen, made, call.at)


def named(builder: GraphBuilder, seen: dict[str, Viewed], made: Viewed, at: ModelPlace) -> str:
    """The name of a value as Keras sees it: if a view waits, its layers are added when a layer reads it."""
    views, count = Views(builder), len(made.dims or ()) - 1
    if made.dims is None or made == views.last(made.node, made.dims[0]):
        return made.node

    def plain() -> str:
        if count > 4:
            return builder.unknown(f"Reshape to {count} axes", [made.node], at)
        return views.plain(views.permute(made, (0, count, *range(1, count)), at), at)

    name = builder.promise(Shape.of(made.dims[1:5], "HWC"), plain)
    seen[name] = made
    return name


def _depth_to_space(call: KerasCall) -> str:
    return call.add("depth_to_space", block_size=call.config.sizes("block_size", call.rank, 2))


def _space_to_depth(call: KerasCall) -> str:
    return call.add("space_to_depth", block_size=call.config.sizes("block_size", call.rank, 2))


READERS: Mapping[str, KerasReader] = {
    "Flatten": _flatten, "ZeroPadding": _zero_padding, "Cropping": _cropping, "UpSampling": _up_sampling,
    "Reshape": _reshape, "CenterCrop": _center_crop, "RandomCrop": _center_crop, "Resizing": _resizing,
    "Permute": _permute, "DepthToSpace": _depth_to_space, "SpaceToDepth": _space_to_depth,
}  # fmt: skip
