"""A network as a topology of SCALE-Sim: a row for each convolution and fully connected layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.exporting.export import Exported, require_said
from cnncalc.exporting.parts import identifier

HEADER = "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,"

LIMITS = (
    "a topology has no column for padding: the sizes of inputs are what the windows read, padding included",
    "a layer with groups, as a depthwise one, has a row for each group",
    "a fully connected layer is a 1x1 convolution of one pixel",
)


def written(report: Report) -> Exported:
    """The topology of a network, with notes on its limits."""
    refused = [(layer, why) for layer in report.layers if (why := _reason(layer))]
    require_said("SCALE-Sim", refused)
    rows = [row for layer in report.layers for row in _rows(layer)]
    left = Counter(layer.kind for layer in report.layers if layer.kind not in KINDS)
    others = ", ".join(f"{kind} ×{number}" for kind, number in left.items())
    notes = [*LIMITS, *([f"left out, as they have no row: {others}"] if others else [])]
    return Exported("\n".join([HEADER, *rows]) + "\n", notes)


KINDS = ("conv", "depthwise", "fc")


def _reason(layer: LayerReport) -> str:
    """The reason why a layer that multiplies has no row; empty if it has one, or multiplies nothing."""
    if layer.kind not in KINDS:
        return "" if not layer.facts.macs else f"a topology has no row for {layer.kind}"
    settings: Any = layer.layer
    if layer.kind == "fc":
        return "" if not layer.inputs[0].spatial else "a fully connected layer has a row for a vector only"
    if len(settings.kernel) != 2:
        return "a topology has rows for images only"
    if len({*settings.stride}) > 1:
        return "a row has one stride for both axes"
    if {*settings.dilation} != {1}:
        return "a row has no dilation"
    return "a row has no connections of single maps" if getattr(settings, "connections", None) else ""


def _rows(layer: LayerReport) -> Iterator[str]:
    name = identifier(layer.path)
    if layer.kind == "fc":
        yield _row(name, (1, 1), (1, 1), layer.inputs[0].channels, layer.output.channels, 1)
    elif layer.kind in KINDS:
        settings: Any = layer.layer
        # The size that the windows read: SCALE-Sim rounds up if a stride leaves a remainder.
        axes = zip(layer.output.spatial, settings.stride, settings.kernel, strict=True)
        sizes = [(n - 1) * stride + kernel for n, stride, kernel in axes]
        groups = layer.inputs[0].channels if layer.kind == "depthwise" else settings.groups
        channels, filters = layer.inputs[0].channels // groups, layer.output.channels // groups
        for group in range(1, groups + 1):
            one = f"{name}_{group}" if groups > 1 else name
            yield _row(one, sizes, settings.kernel, channels, filters, settings.stride[0])


def _row(name: str, sizes: Any, kernel: Any, channels: int, filters: int, stride: int) -> str:
    return ", ".join(map(str, (name, *sizes, *kernel, channels, filters, stride))) + ","
