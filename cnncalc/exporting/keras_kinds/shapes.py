"""Keras: layers that change shapes and move values."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.framework import Refused
from cnncalc.exporting.keras_kinds.base import Around, KerasWriter, cropped
from cnncalc.exporting.parts import CodePiece, short_sizes
from cnncalc.shapes import letters_of


def _flatten(layer: LayerReport, around: Around) -> list[CodePiece]:
    x = layer.inputs[0]
    before = around.layers.get(layer.node.inputs[0])
    if vars(layer.layer)["axes"] == "spatial":
        return [CodePiece("layers.Reshape", {"target_shape": (prod(x.spatial), x.channels)})]
    if not x.rank or (before is not None and before.kind.startswith("global_") and around.is_flattened(before)):
        return [CodePiece(form="{0}")]
    free = x.channels == 1 or set(x.spatial) == {1} or around.feeds_fc(layer)
    turned = [] if free else [CodePiece("layers.Permute", {"dims": (x.rank + 1, *range(1, x.rank + 1))})]
    return [*turned, CodePiece("layers.Flatten")]


def _crop(layer: LayerReport, around: Around) -> list[CodePiece]:
    crop: Any = layer.layer
    return [cropped(crop.cuts(layer.inputs[0]))]


def _slice(layer: LayerReport, around: Around) -> list[CodePiece]:
    ranges: Any = layer.layer.ranges(layer.inputs[0])  # type: ignore[attr-defined]  # it is a slice
    axes, given = [":"], dict[str, int]()
    for letter in letters_of(layer.inputs[0].rank, "HWC"):
        start, stop = ("start", "stop") if letter == "C" else (f"start_{letter}", f"stop_{letter}")
        axes.append(f"{{{start}}}:{{{stop}}}" if letter in ranges else ":")
        given |= dict(zip((start, stop), ranges.get(letter, ()), strict=False))
    if set(ranges) == {"C"}:
        axes = ["...", axes[-1]]
    while axes[-1] == ":":
        axes.pop()
    return [CodePiece("", given, f"{{0}}[{', '.join(axes)}]")]


def _shuffle(layer: LayerReport, around: Around) -> list[CodePiece]:
    x, groups = layer.inputs[0], vars(layer.layer)["groups"]
    if x.rank == 2:
        return [CodePiece("", {"groups": groups}, "channel_shuffle({0}, {groups})")]
    axes = tuple(range(1, x.rank + 1))
    return [
        CodePiece("layers.Reshape", {"target_shape": (*x.spatial, groups, x.channels // groups)}),
        CodePiece("layers.Permute", {"dims": (*axes, x.rank + 2, x.rank + 1)}),
        CodePiece("layers.Reshape", {"target_shape": (*x.spatial, x.channels)}),
    ]


def _space_to_depth(layer: LayerReport, around: Around) -> list[CodePiece]:
    settings: Any = layer.layer
    if layer.inputs[0].rank != 2 or settings.order != "DCR":
        raise Refused("blocks are written for images, with the order of Keras and TensorFlow")
    rows, columns = settings.block_size
    return [CodePiece("", {"rows": rows, "columns": columns}, "space_to_depth({0}, {rows}, {columns})")]


def _pad_channels(layer: LayerReport, around: Around) -> list[CodePiece]:
    before, after = vars(layer.layer)["zeros"]
    others = "(0, 0), " * (layer.inputs[0].rank + 1)
    form = f"keras.ops.pad({{0}}, [{others}({{before}}, {{after}})])"
    return [CodePiece("", {"before": before, "after": after}, form)]


def _reshape(layer: LayerReport, around: Around) -> list[CodePiece]:
    """The pieces of a reshape: its order of values is that of channels first, which Keras has after a Permute."""
    x, out = layer.inputs[0], layer.output
    first = [CodePiece("layers.Permute", {"dims": (x.rank + 1, *range(1, x.rank + 1))})] if x.rank else []
    last = [CodePiece("layers.Permute", {"dims": (*range(2, out.rank + 2), 1)})] if out.rank else []
    return [*first, CodePiece("layers.Reshape", {"target_shape": out.sizes()}), *last]


def _upsample(layer: LayerReport, around: Around) -> list[CodePiece]:
    resized: Any = layer.layer
    sizes = list(zip(layer.inputs[0].spatial, layer.output.spatial, strict=True))
    whole = all(m % n == 0 for n, m in sizes)
    plain = resized.mode == "nearest" or (resized.mode in ("bilinear", "linear") and len(sizes) == 2)
    if not whole or not plain or resized.align_corners:
        raise Refused("UpSampling has whole factors, nearest or bilinear, and does not align corners")
    mode = "nearest" if resized.mode == "nearest" else "bilinear"
    given = {"size": short_sizes([m // n for n, m in sizes])} | ({"interpolation": mode} if len(sizes) == 2 else {})
    return [CodePiece(f"layers.UpSampling{len(sizes)}D", given)]


WRITERS: Mapping[str, KerasWriter] = {
    "flatten": _flatten, "crop": _crop, "slice": _slice, "shuffle": _shuffle, "space_to_depth": _space_to_depth,
    "pad_channels": _pad_channels, "reshape": _reshape, "upsample": _upsample, "resize": _upsample,
}  # fmt: skip
"""By kind."""
