"""fc-per-position: a fully connected layer reads the sequence of a convolution or pool position by position."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import FOLLOWING, POOLING, Subject
from cnncalc.check.words import entering, leaving

SLIDING = POOLING | {"conv", "deconv", "depthwise", "local"}


@rule("warning")
def fc_per_position(subject: Subject) -> Iterator[Complaint]:
    """Report each fc on a sequence that comes from a convolution or pool, with no flatten between them."""
    for layer in subject.layers_of(("fc",)):
        apart = layer.inputs[0].spatial
        last = subject.origins(FOLLOWING)[layer.node.inputs[0]] if apart else None
        if last and last.kind in SLIDING:
            features, flat = layer.facts.output.channels, layer.inputs[0].elements
            yield Complaint(
                layer.node,
                f"fc acts at each position of {entering(layer)} ({leaving(layer)}, {layer.params:,} params); put "
                f"'- flatten' before it for one vector ({flat:,} -> {features:,}), or write "
                f"'{{conv: {features}, kernel: 1}}' if each position is meant",
            )
