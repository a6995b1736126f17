"""constant-output: a layer that normalises a single value, and gives the same for any input."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.check.words import entering
from cnncalc.layers.activation import LogSoftmax, Softmax
from cnncalc.layers.normalization import GroupNorm, LayerNorm

RELATING = ("groupnorm", "layernorm", "instancenorm", "softmax", "log_softmax")
"""Kinds that set the values of one picture in relation to each other."""


@rule("error")
def constant_output(subject: Subject) -> Iterator[Complaint]:
    """Report softmax over one channel, and norms whose mean is that of one value."""
    for layer in subject.layers_of(RELATING):
        if _values_together(layer) == 1:
            yield Complaint(layer.node, _message(layer))


def _values_together(layer: LayerReport) -> int:
    """The number of values that a layer of these kinds relates to each other."""
    shape = layer.inputs[0]
    if isinstance(layer.layer, GroupNorm):
        return shape.elements // layer.layer.groups
    if isinstance(layer.layer, LayerNorm):
        return shape.elements // layer.layer.groups(shape)
    if isinstance(layer.layer, Softmax | LogSoftmax):
        return layer.layer.parts or shape.channels
    return prod(shape.spatial)


def _message(layer: LayerReport) -> str:
    shape = entering(layer)
    if isinstance(layer.layer, Softmax | LogSoftmax):
        always = f"{layer.kind} over the 1 channel of {shape} is {int(layer.kind == 'softmax')} whatever it reads"
        return f"{always}; use sigmoid, or a channel for each class"
    offset = "its offset" if "bias" in layer.facts.weights else "0"
    return f"{layer.kind} of {shape} subtracts each value from itself and gives {offset} whatever it reads; remove it"
