"""unlearned-norm: an instancenorm that learns nothing because the spec does not say that it does."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject
from cnncalc.layers.normalization import InstanceNorm

LEARNED = ("affine", "scale", "center")


@rule("note")
def unlearned_norm(subject: Subject) -> Iterator[Complaint]:
    """Report each instancenorm that leaves its learned values to the default."""
    for layer in subject.layers_of((InstanceNorm.kind,)):
        if not subject.places.gives(layer.node, LEARNED):
            channels = layer.facts.output.channels
            message = (
                f"instancenorm learns nothing by default, as in PyTorch; 'affine: true' gives its {channels} channels "
                f"a factor and an offset each, {2 * channels} params; write which of both is meant"
            )
            yield Complaint(layer.node, message, "norm", inherited=True)
