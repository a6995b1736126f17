"""groups-not-depthwise-friendly: a convolution that is depthwise, or nearly, and does not say so."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.layers.convolution import Conv
from cnncalc.shapes import shorthand

NARROW = 4
"""The fewest channels of a group in usual grouped convolutions: ResNeXt-50's 32x4d."""


@rule("note")
def groups_not_depthwise_friendly(subject: Subject) -> Iterator[Complaint]:
    """Report grouped convolutions with fewer than 4 channels in each group."""
    for layer in subject.layers_of((Conv.kind,)):
        conv = layer.layer
        if isinstance(conv, Conv) and conv.groups > 1 and layer.inputs[0].channels < NARROW * conv.groups:
            yield Complaint(layer.node, _message(conv, layer.inputs[0].channels), "groups")


def _message(conv: Conv, channels: int) -> str:
    groups, width = f"{conv.groups} groups of {channels} channels", channels // conv.groups
    if width == 1:
        several = conv.filters // channels
        multiplier = f", multiplier: {several}" if several > 1 else ""
        return f"{groups} are a depthwise conv; write 'depthwise: {shorthand(conv.kernel)}{multiplier}'"
    return (
        f"{groups} have {width} channels each, too narrow for a grouped conv, and not depthwise; use {channels} "
        f"groups, which is depthwise, or at most {channels // NARROW}"
    )
