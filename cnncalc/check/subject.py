"""What a lint rule looks at."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cached_property

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.check.places import Places
from cnncalc.language.model import Spec
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Unweighing, Weightless
from cnncalc.layers.derivations import Sliding
from cnncalc.layers.pooling import AdaptivePool, GlobalPool, Pool
from cnncalc.layers.windows import Window
from cnncalc.shapes import AXES

KEEPING = frozenset({
    "flatten", "reshape", "permute", "shuffle", "space_to_depth", "depth_to_space", "slice", "crop", "zeropad",
    "pad_channels", "upsample", "resize", "dropout", "identity",
})  # fmt: skip
"""Kinds that hand values on as they are, or as 0."""

SCALING = frozenset({"bn", "scale", "rescale"})
"""Kinds that are a factor and an offset when the trained network runs."""

AVERAGING = frozenset({"avgpool", "global_avgpool", "adaptive_avgpool"})
POOLING = frozenset(kind for kind, layer in LAYERS.items() if issubclass(layer, Pool | GlobalPool | AdaptivePool))

WEIGHTED = frozenset(kind for kind, layer in LAYERS.items() if not issubclass(layer, Weightless | Unweighing))
"""Kinds that multiply their input by learned weights."""

AxisWindows = tuple[tuple[str, Window], ...]
"""The letter of each axis of a layer's input, with the window that slides along it."""


@dataclass(frozen=True)
class Subject:
    """A spec that is valid, as it was written and with every figure.

    Attributes:
        spec: as it was written.
        report: its figures; also those of the network, node by node.
    """

    spec: Spec
    report: Report

    @cached_property
    def places(self) -> Places:
        """Where the words of the spec stand."""
        return Places(self.spec)

    @cached_property
    def readers(self) -> Mapping[str, tuple[LayerReport, ...]]:
        """The layers that read a value, by its path; a value that nothing reads is missing."""
        readers: dict[str, list[LayerReport]] = {}
        for layer in self.report.layers:
            for path in dict.fromkeys(layer.node.inputs):
                readers.setdefault(path, []).append(layer)
        return {path: tuple(layers) for path, layers in readers.items()}

    @cached_property
    def windows(self) -> Mapping[str, AxisWindows]:
        """The sliding windows of every layer, by its path; none for kinds without them."""
        return {layer.path: _windows(layer) for layer in self.report.layers}

    @cached_property
    def outputs(self) -> frozenset[str]:
        """The paths of the values that the network gives."""
        return frozenset(self.report.network.outputs.values())

    def origins(self, passed: Container[str]) -> Mapping[str, LayerReport | None]:
        """For every value, by its path, the last layer before it whose kind is not in `passed`.

        None if that is an input of the network.
        """
        found: dict[str, LayerReport | None] = dict.fromkeys(self.report.network.inputs)
        for layer in self.report.layers:
            found[layer.path] = found[layer.node.inputs[0]] if layer.kind in passed else layer
        return found


def _windows(layer: LayerReport) -> AxisWindows:
    if not isinstance(layer.layer, Sliding):
        return ()
    shape = layer.inputs[0]
    return tuple(zip(AXES[shape.rank], layer.layer.windows(shape), strict=True))


def is_cut(window: Window) -> bool:
    """Whether rounding down leaves values at the end of the axis unread, and none between the windows."""
    return window.rounding == "floor" and window.unread > 0 and not window.has_gaps
