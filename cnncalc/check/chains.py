"""Chains of layers: what a value comes from when the layers that do not matter to a rule are passed over."""

from __future__ import annotations

from collections.abc import Container, Mapping

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.findings import Subject

KEEPING = frozenset({"flatten", "reshape", "shuffle", "slice", "crop", "zeropad", "upsample", "dropout"})
"""Kinds that hand values on as they are, or as 0."""

AVERAGING = frozenset({"avgpool", "global_avgpool", "adaptive_avgpool"})
POOLING = AVERAGING | {"maxpool", "global_maxpool", "adaptive_maxpool"}

WEIGHTED = frozenset({"conv", "deconv", "depthwise", "fc"})
"""Kinds that multiply their input by learned weights."""


def origins(subject: Subject, passed: Container[str]) -> Mapping[str, LayerReport | None]:
    """For every value, by its path, the last layer behind it whose kind is not in `passed`.

    None where that is an input of the network.
    """
    found: dict[str, LayerReport | None] = dict.fromkeys(subject.report.network.inputs)
    for layer in subject.report.layers:
        found[layer.path] = found[layer.node.inputs[0]] if layer.kind in passed else layer
    return found
