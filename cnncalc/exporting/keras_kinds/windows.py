"""Keras: convolutions, pools, and other layers that slide a window over a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.framework import Refused, connections_of
from cnncalc.exporting.keras_kinds.base import Around, KerasWriter, cropped, zeros
from cnncalc.exporting.parts import CodePiece, fitting, short_sizes
from cnncalc.layers.windows import Window, axis_padding


def _window(layer: LayerReport, around: Around, kernel: str) -> tuple[list[CodePiece], dict[str, Any]]:
    """The pieces that pad a map, and the arguments of a window."""
    settings: Any = layer.layer
    x, windows = layer.inputs[0], settings.windows(layer.inputs[0])
    stride, size = short_sizes(settings.stride), short_sizes(settings.kernel)
    given = {kernel: size, "strides": stride}
    if settings.padding == "causal" and x.rank == 1:
        return [], {**given, "padding": "causal"}
    if not any(w.before or w.after for w in windows) and _floored(windows):
        return [], given
    if _is_same(windows):
        return [], {**given, "padding": "same"}
    return _border(layer, around, windows), given


def _border(layer: LayerReport, around: Around, windows: tuple[Window, ...]) -> list[CodePiece]:
    if getattr(layer.layer, "padding_mode", "zeros") != "zeros":
        raise Refused("ZeroPadding adds zeros only")
    if not _floored(windows):
        raise Refused("a pool of Keras rounds down, or is padded as 'same'")
    if layer.kind == "maxpool" and not around.is_not_negative(layer.node.inputs[0]):
        raise Refused("a max pool of Keras is padded as 'same' or not at all; zeros could be its largest values")
    if layer.kind == "avgpool" and not vars(layer.layer)["count_padding"]:
        raise Refused("an average pool of Keras leaves out a padding of 'same' only")
    return [zeros([(w.before, w.after) for w in windows])]


def _conv(layer: LayerReport, around: Around) -> list[CodePiece]:
    conv: Any = layer.layer
    if conv.connections is not None:
        return [CodePiece("", connections_of(layer), "connected_conv({0}, {connections}, {kernel_size})")]
    return _convolution(layer, around, f"layers.Conv{len(conv.kernel)}D", {"filters": conv.filters})


def _convolution(layer: LayerReport, around: Around, make: str, first: dict[str, Any]) -> list[CodePiece]:
    conv: Any = layer.layer
    if max(conv.stride) > 1 and max(conv.dilation) > 1:
        raise Refused("Keras has no stride beside a dilation")
    before, window = _window(layer, around, "kernel_size")
    given = {**first, **window, "padding": window.get("padding", "valid"), "dilation_rate": short_sizes(conv.dilation)}
    if layer.kind == "conv":
        given["groups"] = conv.groups
    return [*before, CodePiece(make, {**given, "use_bias": conv.bias})]


def _depthwise(layer: LayerReport, around: Around) -> list[CodePiece]:
    conv: Any = layer.layer
    if len(conv.kernel) > 2 or len({*conv.stride}) > 1:
        raise Refused("DepthwiseConv2D has one stride, and two axes at most")
    pieces = _convolution(layer, around, f"layers.DepthwiseConv{len(conv.kernel)}D", {})
    last = pieces[-1]
    return [*pieces[:-1], last._replace(arguments={**last.arguments, "depth_multiplier": conv.multiplier})]


def _deconv(layer: LayerReport, around: Around) -> list[CodePiece]:
    conv: Any = layer.layer
    if conv.groups > 1:
        raise Refused("Conv2DTranspose has no groups")
    rank, x = len(conv.kernel), layer.inputs[0]
    effective = [d * (k - 1) + 1 for k, d in zip(conv.kernel, conv.dilation, strict=True)]
    # Keras' valid makes n*stride of a kernel that is smaller than the stride.
    more = [max(s - e, 0) for s, e in zip(conv.stride, effective, strict=True)]
    pads, extras = conv.padding_pairs(x), conv.extras(x)
    cuts = [(before, after - extra + end) for (before, after), extra, end in zip(pads, extras, more, strict=True)]
    if min(n for cut in cuts for n in cut) < 0:
        raise Refused("Conv2DTranspose is cropped, and has no output_padding beyond what it computes")
    given = {"filters": conv.filters, "kernel_size": short_sizes(conv.kernel), "strides": short_sizes(conv.stride),
             "dilation_rate": short_sizes(conv.dilation), "use_bias": conv.bias}  # fmt: skip
    return [CodePiece(f"layers.Conv{rank}DTranspose", given), *([cropped(cuts)] if any(map(any, cuts)) else [])]


def _pool(layer: LayerReport, around: Around) -> list[CodePiece]:
    pool: Any = layer.layer
    if max(getattr(pool, "dilation", (1,))) > 1:
        raise Refused("a pool of Keras has no dilation")
    before, given = _window(layer, around, "pool_size")
    if layer.kind == "avgpool" and given.get("padding") == "same" and pool.count_padding:
        windows = pool.windows(layer.inputs[0])
        if any(w.before or w.after for w in windows):
            before, given = [zeros([(w.before, w.after) for w in windows])], {**given, "padding": "valid"}
    strides = None if pool.stride == pool.kernel else given["strides"]
    given = {"pool_size": given["pool_size"], "strides": strides, "padding": given.get("padding", "valid")}
    return [*before, CodePiece(f"layers.{_pooling(layer)}{len(pool.kernel)}D", given)]


def _pooling(layer: LayerReport) -> str:
    """Keras' name of a pool, without its axes."""
    return "MaxPooling" if layer.kind.endswith("maxpool") else "AveragePooling"


def _adaptive_pool(layer: LayerReport, around: Around) -> list[CodePiece]:
    sizes = list(zip(layer.inputs[0].spatial, layer.output.spatial, strict=True))
    if any(n % m for n, m in sizes):
        raise Refused("Keras pools to a size only if it divides that of the input")
    size = short_sizes([n // m for n, m in sizes])
    return [CodePiece(f"layers.{_pooling(layer)}{len(sizes)}D", {"pool_size": size, "strides": None})]


def _global_pool(layer: LayerReport, around: Around) -> list[CodePiece]:
    given = {"keepdims": not around.is_flattened(layer)}
    return [CodePiece(f"layers.Global{_pooling(layer)}{layer.inputs[0].rank}D", given)]


def _zeropad(layer: LayerReport, around: Around) -> list[CodePiece]:
    pads: Any = layer.layer.padding_pairs(layer.inputs[0])
    if vars(layer.layer)["mode"] != "zeros" or min(n for pair in pads for n in pair) < 0:
        raise Refused("ZeroPadding adds zeros only, and cuts nothing")
    return [zeros(pads)]


def _floored(windows: tuple[Window, ...]) -> bool:
    """Whether the number of windows is the one rounded down."""
    return all(window.outputs() == fitting(window._replace(rounding="floor")) for window in windows)


def _is_same(windows: tuple[Window, ...]) -> bool:
    """Whether windows are placed as by a padding of 'same'."""
    for w in windows:
        before, after = axis_padding("same", 0, w.size, w.kernel, w.stride, w.dilation)
        if w.before != before or w.outputs() != fitting(w._replace(before=before, after=after, rounding="floor")):
            return False
    return True


WRITERS: Mapping[str, KerasWriter] = {
    "conv": _conv, "depthwise": _depthwise, "deconv": _deconv, "maxpool": _pool, "avgpool": _pool,
    "adaptive_avgpool": _adaptive_pool, "adaptive_maxpool": _adaptive_pool, "global_avgpool": _global_pool,
    "global_maxpool": _global_pool, "zeropad": _zeropad,
}  # fmt: skip
"""By kind."""
