"""unreachable-output: an input from which no output is reached, or an output that no layer makes."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.findings import Remark, Rule, Subject


def find(subject: Subject) -> Iterator[Remark]:
    """Report inputs that nothing reads, and outputs that are inputs."""
    network = subject.report.network
    for name in network.inputs:
        if name not in subject.readers and name not in subject.outputs:
            key, _ = subject.spec.inputs[name]
            message = (
                f"no layer reads the input '{name}', and no output depends on it; start a path with 'from: {name}'"
            )
            yield Remark(None, message, at=key)
    for output in subject.spec.outputs:
        path = network.outputs[output.text]
        if path in network.inputs:
            message = f"the output '{output.text}' is the network's input as it came in; name a layer"
            yield Remark(None, message, at=output)


RULE = Rule(
    id="unreachable-output",
    severity="error",
    summary="No path of layers leads from an input to an output.",
    reason=(
        "An input that no layer reads changes nothing, whatever is fed to it: most often the `from:` of its path is "
        "missing, or names another input. An output that is an input hands the picture on as it came. Where layers do "
        "read the input but their path ends nowhere, unused-layer says where."
    ),
    bad=(
        "inputs: {left: 3x12x12, right: 3x12x12}\nlayers:\n- {from: left, conv: 8, kernel: 3, activation: relu}\n"
        "- global_avgpool\n- flatten\n- {fc: 2}\n"
    ),
    good=(
        "inputs: {left: 3x12x12, right: 3x12x12}\nlayers:\n- {concat: [left, right]}\n"
        "- {conv: 8, kernel: 3, activation: relu}\n- global_avgpool\n- flatten\n- {fc: 2}\n"
    ),
    find=find,
)
