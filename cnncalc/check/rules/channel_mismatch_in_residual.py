"""channel-mismatch-in-residual: `project` repairs channels where no stage begins."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.chains import origins
from cnncalc.check.findings import Remark, Rule, Subject
from cnncalc.layers.merging import Add
from cnncalc.layers.parameters import ACTIVATIONS, NORMS
from cnncalc.network.model import Node


def find(subject: Subject) -> Iterator[Remark]:
    """Report projections that change channels only, right behind another residual of the same size."""
    before = origins(subject, {*ACTIVATIONS, *NORMS, "groupnorm", "dropout"})
    for layer in subject.report.layers:
        entering, leaving = layer.inputs[0], layer.facts.output
        if not _is_projection(subject, layer.node) or entering.spatial != leaving.spatial:
            continue
        last = before[layer.node.inputs[0]]
        if last is not None and isinstance(last.layer, Add) and _is_of(subject, last.node, "residual"):
            message = (
                f"project mends {entering.channels} to {leaving.channels} channels with a 1x1 conv of {layer.params:,} "
                f"params, but the map stays {leaving.text(layer.layout)} and the residual before it has the same size; "
                f"if this block belongs to that stage, give its last layer {entering.channels} filters"
            )
            yield Remark(layer.node, message, "shortcut")


def _is_projection(subject: Subject, node: Node) -> bool:
    """Whether a layer is the 1x1 convolution that `shortcut: project` adds: it has no line of its own."""
    return node.path.rpartition("/")[2].startswith("shortcut") and _is_of(subject, node, "residual")


def _is_of(subject: Subject, node: Node, kind: str) -> bool:
    return subject.places.kind(node).text == kind


RULE = Rule(
    id="channel-mismatch-in-residual",
    severity="note",
    summary="`shortcut: project` changes the channels in the middle of a stage.",
    reason=(
        "`project` is for the first block of a stage, where the map shrinks or the stem's few channels become many. "
        "Behind another residual of the same size the shapes should agree: a width that is off by a little (64 and 60, "
        "or a width that is multiplied in one place and not in the other) is repaired in silence by a 1x1 convolution "
        "that no paper has, and the identity path of the stage is gone. Networks that widen with each block are built "
        "so on purpose. Source: He et al. 2016, Identity mappings, arXiv:1603.05027, section 3: shortcuts with a 1x1 "
        "convolution train worse than identities."
    ),
    bad=(
        "input: {C: 64, H: 28, W: 28}\ndefaults:\n  conv: {kernel: 3, padding: 1}\nblocks:\n  block(c):\n"
        "  - residual: [{conv: c, activation: relu}, {conv: c}]\n    shortcut: project\n    activation: relu\n"
        "layers:\n- {block: 64}\n- {block: 60}\n"
    ),
    good=(
        "input: {C: 64, H: 28, W: 28}\ndefaults:\n  conv: {kernel: 3, padding: 1}\nblocks:\n  block(c):\n"
        "  - residual: [{conv: c, activation: relu}, {conv: c}]\n    shortcut: project\n    activation: relu\n"
        "layers:\n- {block: 64}\n- {block: 64}\n"
    ),
    find=find,
)
