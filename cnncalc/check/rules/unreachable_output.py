"""unreachable-output: an input from which no output is reached, or an output that no layer makes."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject


@rule("error")
def unreachable_output(subject: Subject) -> Iterator[Complaint]:
    """Report inputs that nothing reads, and outputs that are inputs."""
    network = subject.report.network
    for name in network.inputs:
        if name not in subject.readers and name not in subject.outputs:
            key, _ = subject.spec.inputs[name]
            message = (
                f"no layer reads the input '{name}', and no output depends on it; start a path with 'from: {name}'"
            )
            yield Complaint(None, message, at=key)
    for output in subject.spec.outputs:
        if network.outputs[output.text] in network.inputs:
            message = f"the output '{output.text}' is the network's input as it came in; name a layer"
            yield Complaint(None, message, at=output)
