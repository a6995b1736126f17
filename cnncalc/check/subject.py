"""The subject of lint rules: a spec with its figures."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.analysis.report import Report
from cnncalc.check.places import Places
from cnncalc.language.model import Spec
from cnncalc.layers import LAYERS
from cnncalc.layers.base import Unweighing, Weightless
from cnncalc.layers.facts import AxisWindows
from cnncalc.layers.parameters import ACTIVATIONS, NORMS
from cnncalc.layers.pooling import AdaptivePool, GlobalPool, Pool
from cnncalc.layers.windows import Window

KEEPING = frozenset({
    "flatten", "reshape", "permute", "shuffle", "space_to_depth", "depth_to_space", "slice", "crop", "zeropad",
    "pad_channels", "upsample", "resize", "dropout", "identity",
})  # fmt: skip
"""Kinds that hand values on as they are, or as 0."""

FOLLOWING = frozenset({*ACTIVATIONS, *NORMS, "dropout"})
"""Kinds that follow a layer with weights, and belong to it."""

SCALING = frozenset({"bn", "scale", "rescale"})
"""Kinds that are a factor and an offset when the trained network runs."""

AVERAGING = frozenset({"avgpool", "global_avgpool", "adaptive_avgpool"})
POOLING = frozenset(kind for kind, layer in LAYERS.items() if issubclass(layer, Pool | GlobalPool | AdaptivePool))

WEIGHTED = frozenset(kind for kind, layer in LAYERS.items() if not issubclass(layer, Weightless | Unweighing))
"""Kinds that multiply their input by learned weights."""


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
        """The places of the spec's words."""
        return Places(self.spec)

    @cached_property
    def _numbers(self) -> Mapping[str, list[int]]:
        """The numbers of the layers of each kind, from 0."""
        numbers: dict[str, list[int]] = {}
        for number, node in enumerate(self.report.network.nodes):
            numbers.setdefault(node.layer.kind, []).append(number)
        return numbers

    def layers_of(self, kinds: Collection[str]) -> list[LayerReport]:
        """The layers of some kinds, in the order of the network: most rules are about few layers."""
        numbers = sorted(chain.from_iterable(numbers for kind, numbers in self._numbers.items() if kind in kinds))
        return [self.report.layers[number] for number in numbers]

    @cached_property
    def readers(self) -> Mapping[str, tuple[LayerReport, ...]]:
        """The layers that read a value, by its path; a value that nothing reads is missing."""
        readers: dict[str, list[LayerReport]] = {}
        for layer in self.report.layers:
            for path in dict.fromkeys(layer.node.inputs):
                readers.setdefault(path, []).append(layer)
        return {path: tuple(layers) for path, layers in readers.items()}

    @cached_property
    def sliding(self) -> tuple[tuple[LayerReport, AxisWindows], ...]:
        """The layers that have sliding windows, each with these."""
        return tuple([(layer, windows) for layer in self.report.layers if (windows := layer.facts.windows)])

    @cached_property
    def strided(self) -> tuple[tuple[LayerReport, AxisWindows], ...]:
        """Those of them that have a stride along some axis."""
        return tuple([pair for pair in self.sliding if any(window.stride > 1 for _, window in pair[1])])

    @cached_property
    def outputs(self) -> frozenset[str]:
        """The paths of the values that the network gives."""
        return frozenset(self.report.network.outputs.values())

    def origins(self, passed: frozenset[str]) -> Mapping[str, LayerReport | None]:
        """For every value, by its path, the last layer before it whose kind is not in `passed`.

        None if that is an input of the network.
        """
        if passed not in self._origins:
            found: dict[str, LayerReport | None] = dict.fromkeys(self.report.network.inputs)
            for layer in self.report.layers:
                node = layer.node
                found[node.path] = found[node.inputs[0]] if node.layer.kind in passed else layer
            self._origins[passed] = found
        return self._origins[passed]

    @cached_property
    def _origins(self) -> dict[frozenset[str], Mapping[str, LayerReport | None]]:
        """The results of `origins`, because several rules ask for the same."""
        return {}


def is_cut(window: Window) -> bool:
    """Whether rounding down leaves values at the end of the axis unread, and none between the windows."""
    return window.stride > 1 and window.rounding == "floor" and window.unread > 0 and not window.has_gaps
