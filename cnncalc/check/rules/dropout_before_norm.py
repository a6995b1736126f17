"""dropout-before-norm: batch norm gathers its statistics from values that dropout has spread."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.chains import KEEPING, POOLING, origins
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.activation import Dropout
from cnncalc.layers.parameters import ACTIVATIONS


def find(subject: Subject) -> Iterator[Remark]:
    """Report batch norms behind a dropout, with no weights between them."""
    before = origins(subject, (KEEPING - {"dropout"}) | POOLING | frozenset(ACTIVATIONS))
    for layer in subject.report.layers:
        dropout = before[layer.node.inputs[0]] if layer.kind == "bn" else None
        if dropout is not None and isinstance(dropout.layer, Dropout) and dropout.layer.rate:
            yield Remark(layer.node, _message(dropout.layer.rate, dropout.node.line))


def _message(rate: float, line: int) -> str:
    shift = f"{1 / (1 - rate):.2f} times as large in training as in use"
    return (
        f"bn gathers its variance behind dropout {rate:g} (line {line}): {shift}, for values of mean 0; "
        "put the dropout behind the last bn"
    )


RULE = Rule(
    id="dropout-before-norm",
    severity="warning",
    summary="Batch norm stands behind a dropout, and learns a variance that is not there when the network is used.",
    reason=(
        "Dropout scales the values that it keeps by 1/(1 - rate), which keeps their mean but not their variance. Batch "
        "norm gathers that variance in training and divides by it afterwards, when nothing is dropped: every value "
        "comes out too small, and the layers behind it were not trained for that. The paper measures it on four "
        "networks and puts dropout behind the last bn. It shifts the variance through a convolution between them too, "
        "but the less the wider that is; here only a dropout with no weights in between is a finding. Norms without "
        "running statistics are not affected. Source: Li et al. 2018, arXiv:1801.05134."
    ),
    bad="input: {C: 1024}\nlayers:\n- {fc: 512, activation: relu}\n- {dropout: 0.4}\n- bn\n- {fc: 10}\n",
    good="input: {C: 1024}\nlayers:\n- {fc: 512, activation: relu}\n- bn\n- {dropout: 0.4}\n- {fc: 10}\n",
    find=find,
)
