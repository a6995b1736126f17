"""channel-mismatch-in-residual: `project` repairs channels in the middle of a stage."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import FOLLOWING, Subject
from cnncalc.check.words import leaving
from cnncalc.layers.convolution import Conv
from cnncalc.layers.merging import Add
from cnncalc.network.model import Node


@rule("note")
def channel_mismatch_in_residual(subject: Subject) -> Iterator[Complaint]:
    """Report projections that change channels only, right after another residual of the same size."""
    for layer in subject.layers_of((Conv.kind,)) if subject.layers_of((Add.kind,)) else ():
        channels, size = layer.inputs[0]
        if not _is_projection(subject, layer.node) or size != layer.facts.output.spatial:
            continue
        last = subject.origins(FOLLOWING)[layer.node.inputs[0]]
        if last and isinstance(last.layer, Add) and _is_of_residual(subject, last.node):
            message = (
                f"project changes {channels} to {layer.facts.output.channels} channels with a 1x1 conv of "
                f"{layer.params:,} params, but the map stays {leaving(layer)} and the residual before it has the same "
                f"size; if this block belongs to that stage, give its last layer {channels} filters"
            )
            yield Complaint(layer.node, message, "shortcut")


def _is_projection(subject: Subject, node: Node) -> bool:
    """Whether a layer is the 1x1 convolution that `shortcut: project` adds: it has no line of its own."""
    return node.path.rpartition("/")[2].startswith("shortcut") and _is_of_residual(subject, node)


def _is_of_residual(subject: Subject, node: Node) -> bool:
    return subject.places.kind(node).text == "residual"
