"""PyTorch: convolutions, pools, and other layers that slide a window over a map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.exporting.framework import Refused, connections_of
from cnncalc.exporting.parts import CodePiece, fitting, short_sizes, text_of
from cnncalc.exporting.torch_kinds.base import Last, TorchWriter, module, module_name, padded
from cnncalc.importing.source.torch_names import MODULES


def _conv(layer: LayerReport, last: Last) -> list[CodePiece]:
    conv: Any = layer.layer
    if conv.connections is not None:
        return [CodePiece("ConnectedConv2d", connections_of(layer))]
    pads = conv.padding_pairs(layer.inputs[0])
    if all(before == after for before, after in pads):
        return [module(layer, padding=short_sizes([before for before, _ in pads]))]
    if conv.padding_mode != "zeros":
        raise Refused("a padding that differs before and after has zeros only")
    return [padded(layer, pads), module(layer, padding=0)]


def _depthwise(layer: LayerReport, last: Last) -> list[CodePiece]:
    conv: Any = layer.layer
    channels, rank = layer.inputs[0].channels, len(conv.kernel)
    pads = conv.padding_pairs(layer.inputs[0])
    even = all(before == after for before, after in pads)
    padding = short_sizes([before for before, _ in pads]) if even else 0
    given = {"in_channels": channels, "out_channels": layer.output.channels, "padding": padding, "groups": channels}
    piece = module(layer, module_name("conv", rank), **given)
    return [piece] if even else [padded(layer, pads), piece]


def _deconv(layer: LayerReport, last: Last) -> list[CodePiece]:
    conv: Any = layer.layer
    pads, extras = conv.padding_pairs(layer.inputs[0]), conv.extras(layer.inputs[0])
    padding = [max(min(pair), 0) for pair in pads]
    axes = [(*pair, pad, extra) for pair, pad, extra in zip(pads, padding, extras, strict=True)]
    cut = [(before - pad, max(after - pad - extra, 0)) for before, after, pad, extra in axes]
    added = [max(pad + extra - after, 0) for _, after, pad, extra in axes]
    limits = (max(s, d) for s, d in zip(conv.stride, conv.dilation, strict=True))
    if any(extra >= limit for extra, limit in zip(added, limits, strict=True)):
        raise Refused(f"nn.ConvTranspose adds less than its stride at the end, not {max(added)}")
    piece = module(layer, padding=short_sizes(padding), output_padding=short_sizes(added))
    cropped = tuple((-before, -after) for before, after in cut)
    return [piece, padded(layer, cropped)] if any(map(any, cropped)) else [piece]


def _pool(layer: LayerReport, last: Last, **more: Any) -> list[CodePiece]:
    pool: Any = layer.layer
    windows = pool.windows(*layer.inputs)
    outputs = [window.outputs() for window in windows]
    before, after = [w.before for w in windows], [w.after for w in windows]
    padding, ceil = short_sizes(before), False
    if before != after or pool.rounding != "floor":
        plain = [w._replace(after=w.before) for w in windows]
        floors, ceils = ([fitting(w._replace(rounding=how)) for w in plain] for how in ("floor", "ceil"))
        if outputs not in (floors, ceils):
            raise Refused("no ceil_mode gives this size")
        ceil = outputs != floors
        padded = any(w.after > w.before for w in windows) and more.get("count_include_pad", False)
        if padded or any(w.after < w.before for w in windows):
            raise Refused("the padding of a pool is the same before and after")
    stride = None if pool.stride == pool.kernel else short_sizes(pool.stride)
    name = module_name("maxpool" if layer.kind == "unpool" else layer.kind, layer.inputs[0].rank)
    sizes = {"kernel_size": short_sizes(pool.kernel), "stride": stride, "padding": padding}
    return [module(layer, name, **sizes, ceil_mode=ceil, **more)]


def _avgpool(layer: LayerReport, last: Last) -> list[CodePiece]:
    pool: Any = layer.layer
    pads = [n for w in pool.windows(layer.inputs[0]) for n in (w.before, w.after)]
    return _pool(layer, last, count_include_pad=pool.count_padding if any(pads) else True)


def _global_avgpool(layer: LayerReport, last: Last) -> list[CodePiece]:
    kind = layer.kind.replace("global", "adaptive")
    return [module(layer, module_name(kind, layer.inputs[0].rank), output_size=1)]


def _unpool(layer: LayerReport, last: Last) -> list[CodePiece]:
    (piece,) = _pool(layer, last)
    if layer.inputs[0].rank != 2:
        raise Refused("unpool is written for images")
    given = {name: value for name, value in piece.arguments.items() if value != MODULES["MaxPool2d"].get(name)}
    arguments = "".join(f", {name}={text_of(value)}" for name, value in given.items())
    return [CodePiece("", {}, f"max_unpool({{0}}, {{1}}{arguments})")]


def _zeropad(layer: LayerReport, last: Last) -> list[CodePiece]:
    pads: Any = layer.layer.padding_pairs(layer.inputs[0])
    mode = vars(layer.layer)["mode"]
    piece = padded(layer, pads)
    words = {"reflect": "ReflectionPad", "replicate": "ReplicationPad", "circular": "CircularPad"}
    return [piece._replace(make=piece.make.replace("ZeroPad", words[mode]))] if mode != "zeros" else [piece]


WRITERS: Mapping[str, TorchWriter] = {
    "conv": _conv, "depthwise": _depthwise, "deconv": _deconv, "maxpool": _pool, "avgpool": _avgpool,
    "global_avgpool": _global_avgpool, "global_maxpool": _global_avgpool, "unpool": _unpool, "zeropad": _zeropad,
}  # fmt: skip
"""By kind."""
