"""no-activation-between: two layers with weights and nothing non-linear between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import AVERAGING, KEEPING, SCALING, Subject
from cnncalc.notation import listed

MULTIPLYING = ("conv", "deconv", "local", "fc")
"""Kinds with weights that are linear; an lstm or attention is not."""

MIXING = frozenset({"shuffle", "permute", "space_to_depth", "depth_to_space"})
LINEAR = (KEEPING - MIXING) | AVERAGING | SCALING
"""Kinds that are linear when the trained network runs: bn is a factor and an offset then, dropout nothing.

What mixes channels or places is there on purpose: a shuffle after groups (ShuffleNet), blocks for places (ESPCN).
"""


class Chain(NamedTuple):
    """A layer with weights, and the kinds of the linear layers between it and a value."""

    layer: LayerReport
    between: tuple[str, ...] = ()


@rule("warning")
def no_activation_between(subject: Subject) -> Iterator[Complaint]:
    """Report layers with weights whose only reader, over linear layers, is another one.

    A merge ends a chain: what it joins comes from several layers.
    """
    chains: dict[str, Chain] = {}
    for layer in subject.report.layers:
        path = layer.node.inputs[0]
        alone = len(subject.readers[path]) == 1 and path not in subject.outputs
        chain = chains.get(path) if alone else None
        if layer.kind in MULTIPLYING:
            if chain and not is_deliberate(chain.layer, layer):
                yield Complaint(chain.layer.node, _message(chain, layer))
            chains[layer.path] = Chain(layer)
        elif chain and layer.kind in LINEAR:
            chains[layer.path] = Chain(chain.layer, tuple(dict.fromkeys((*chain.between, layer.kind))))


def is_deliberate(first: LayerReport, second: LayerReport) -> bool:
    """Whether two linear layers are a factorisation, cheaper than the one layer that they make together.

    A layer that works channel by channel beside one that mixes channels (Xception); an fc narrower than
    what enters and what leaves the two, or a 1x1 conv no wider than these and narrower than one of them
    (the linear bottlenecks of MobileNet); windows along different axes (1x7 and 7x1).
    """
    return _is_narrow(first, second) or _across(first, second) or _by_channel(first) or _by_channel(second)


def _is_narrow(first: LayerReport, second: LayerReport) -> bool:
    """Whether the value between two layers is so narrow that together they are of low rank."""
    width, ends = first.facts.output.channels, (first.inputs[0].channels, second.facts.output.channels)
    narrow = width < min(ends) or (first.kind == "conv" and width == min(ends) < max(ends))
    return max(_kernel(first), default=1) == 1 and narrow


def _kernel(layer: LayerReport) -> tuple[int, ...]:
    """The kernel of a convolution; empty for fc."""
    kernel: tuple[int, ...] = getattr(layer.layer, "kernel", ())
    return kernel


def _by_channel(layer: LayerReport) -> bool:
    """Whether a convolution has as many groups as channels."""
    return getattr(layer.layer, "groups", 1) == layer.inputs[0].channels > 1


def _across(first: LayerReport, second: LayerReport) -> bool:
    """Whether both have a window of more than one value, on different axes."""
    one, other = _kernel(first), _kernel(second)
    both = max(one, default=1) > 1 and max(other, default=1) > 1 and len(one) == len(other)
    return both and all(min(k, m) == 1 for k, m in zip(one, other, strict=True))


def _message(chain: Chain, second: LayerReport) -> str:
    between = f" (only {listed(chain.between)})" if chain.between else ""
    here, there = (f"{layer.kind} of {layer.facts.output.channels:,}" for layer in (chain.layer, second))
    return (
        f"nothing non-linear is between this {here} and the {there} on line {second.node.line}{between}: two "
        "linear layers in a row can do no more than one; write 'activation: relu' here, or leave one out"
    )
