"""groups-not-depthwise-friendly: a convolution that is depthwise, or nearly, and does not say so."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.axes import shorthand
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.convolution import Conv

NARROW = 4
"""Channels of a group from which on grouped convolutions are in use: ResNeXt-50's 32x4d."""


def find(subject: Subject) -> Iterator[Remark]:
    """Report grouped convolutions with fewer than 4 channels in each group."""
    for layer in subject.report.layers:
        conv = layer.layer
        if isinstance(conv, Conv) and conv.groups > 1 and layer.inputs[0].channels < NARROW * conv.groups:
            yield Remark(layer.node, _message(conv, layer.inputs[0].channels), "groups")


def _message(conv: Conv, channels: int) -> str:
    groups, width = f"{conv.groups} groups of {channels} channels", channels // conv.groups
    if width == 1:
        several = conv.filters // channels
        multiplier = f", multiplier: {several}" if several > 1 else ""
        return f"{groups} are a depthwise conv; write 'depthwise: {shorthand(conv.kernel)}{multiplier}'"
    return (
        f"{groups} have {width} channels each, too narrow for a grouped conv and no depthwise one; use {channels} "
        f"groups, which is depthwise, or at most {channels // NARROW}"
    )


RULE = Rule(
    id="groups-not-depthwise-friendly",
    severity="note",
    summary="A grouped convolution has one channel in each group, or only two or three.",
    reason=(
        "Frameworks have a kernel of their own for depthwise convolutions, and Keras a layer; a convolution with as "
        "many groups as channels is one, and reads better as `depthwise`. With two or three channels in each group it "
        "is neither: too narrow for the matrix units that a grouped convolution runs on, and not what the depthwise "
        "kernel takes. Often the channels were doubled and `groups` was not. ResNeXt has at least 4 channels in each "
        "group. Source: Xie et al. 2016, arXiv:1611.05431, Table 1."
    ),
    bad="input: {C: 32, H: 28, W: 28}\nlayers:\n- {conv: 32, kernel: 3, padding: 1, groups: 32}\n",
    good="input: {C: 32, H: 28, W: 28}\nlayers:\n- {depthwise: 3, padding: 1}\n",
    find=find,
)
