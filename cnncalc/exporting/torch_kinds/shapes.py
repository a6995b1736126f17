"""PyTorch: layers that change shapes and move values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.framework import Refused
from cnncalc.exporting.parts import CodePiece, short_sizes
from cnncalc.exporting.torch_kinds.base import TURN, Last, TorchWriter, channel_axis, module
from cnncalc.shapes import letters_of


def _flatten(layer: LayerReport, last: Last) -> list[CodePiece]:
    if vars(layer.layer)["axes"] == "spatial":
        flat = [CodePiece(form="{0}.flatten(2)")] if layer.inputs[0].rank > 1 else []
        return [*flat, TURN] if layer.path in last else flat or [CodePiece("nn.Identity")]
    return (
        [CodePiece("nn.Flatten", function="torch.flatten({0}, 1)")] if layer.inputs[0].rank else [CodePiece(form="{0}")]
    )


def _crop(layer: LayerReport, last: Last) -> list[CodePiece]:
    crop: Any = layer.layer
    cuts = zip(layer.inputs[0].spatial, crop.cuts(layer.inputs[0]), strict=True)
    return [CodePiece(form=f"{{0}}[:, :, {', '.join(f'{before}:{n - after}' for n, (before, after) in cuts)}]")]


def _slice(layer: LayerReport, last: Last) -> list[CodePiece]:
    ranges: Any = layer.layer.ranges(layer.inputs[0])  # type: ignore[attr-defined]  # it is a slice
    letters = letters_of(layer.inputs[0].rank, "HWC" if channel_axis(layer, last) == -1 else "CHW")
    places = {letter: place for place, letter in enumerate(letters, start=1)}
    axes, given = [":"] * (max(places[letter] for letter in ranges) + 1), dict[str, int]()
    for letter, (start, stop) in ranges.items():
        start_, stop_ = ("start", "stop") if letter == "C" else (f"start_{letter}", f"stop_{letter}")
        axes[places[letter]] = f"{{{start_}}}:{{{stop_}}}"
        given |= {start_: start, stop_: stop}
    return [CodePiece("", given, f"{{0}}[{', '.join(axes)}]")]


def _space_to_depth(layer: LayerReport, last: Last) -> list[CodePiece]:
    rearranged: Any = layer.layer
    x = layer.inputs[0]
    if x.rank != 2 or len({*rearranged.block_size}) > 1:
        raise Refused("PixelUnshuffle and PixelShuffle are for square blocks of images")
    piece, other = module(layer), rearranged.order != "CRD"
    if layer.kind == "depth_to_space":
        groups = rearranged.block_size[0] ** 2
        return [_shuffle(groups), piece] if other else [piece]
    return [piece, _shuffle(x.channels)] if other else [piece]


def _pad_channels(layer: LayerReport, last: Last) -> list[CodePiece]:
    before, after = vars(layer.layer)["zeros"]
    zeros = "0, " * (2 * layer.inputs[0].rank)
    return [CodePiece("", {"before": before, "after": after}, f"F.pad({{0}}, ({zeros}{{before}}, {{after}}))")]


def _reshape(layer: LayerReport, last: Last) -> list[CodePiece]:
    sizes = layer.output.sizes()
    flat = [] if layer.inputs[0].rank == 0 else [CodePiece("nn.Flatten", function="torch.flatten({0}, 1)")]
    return [*flat, CodePiece("nn.Unflatten", {"dim": 1, "unflattened_size": sizes})] if layer.output.rank else flat


def _permute(layer: LayerReport, last: Last) -> list[CodePiece]:
    places: Any = layer.layer._places(layer.inputs[0])  # type: ignore[attr-defined]  # it is a permute
    return [CodePiece(form=f"{{0}}.permute(0, {', '.join(str(place + 1) for place in places)})")]


def _upsample(layer: LayerReport, last: Last) -> list[CodePiece]:
    resized: Any = layer.layer
    given: dict[str, Any] = {"size": None, "scale_factor": None}
    if resized.size is not None or resized.rounding != "floor":
        given["size"] = short_sizes(layer.output.spatial)
    else:
        factors = [int(one) if float(one).is_integer() else float(one) for one in resized.factor]
        given["scale_factor"] = short_sizes(factors)
    rank = layer.inputs[0].rank
    linear = ("linear", "bilinear", "trilinear")[rank - 1]
    mode = linear if resized.mode in ("bilinear", "linear", "trilinear") else resized.mode
    given |= {"mode": mode, "align_corners": resized.align_corners or None}
    return [CodePiece("nn.Upsample", given)]


def _shuffle(groups: int) -> CodePiece:
    return CodePiece("nn.ChannelShuffle", {"groups": groups})


WRITERS: Mapping[str, TorchWriter] = {
    "flatten": _flatten, "crop": _crop, "slice": _slice, "space_to_depth": _space_to_depth,
    "depth_to_space": _space_to_depth, "pad_channels": _pad_channels, "reshape": _reshape, "permute": _permute,
    "upsample": _upsample, "resize": _upsample,
}  # fmt: skip
"""By kind."""
