"""unused-layer: the value of a layer is never read, and is not an output."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.analysis.layer_report import LayerReport
from cnncalc.check.findings import Fix
from cnncalc.check.rule import Complaint, rule
from cnncalc.check.subject import Subject


@rule("error")
def unused_layer(subject: Subject) -> Iterator[Complaint]:
    """Report each layer at which a path ends, with all the layers that lead only there.

    A layer that leads to several ends counts for the first of them.
    """
    if subject.report.shapes.keys() - subject.report.network.inputs.keys() <= subject.readers.keys() | subject.outputs:
        return  # no path ends before an output
    end: dict[str, str] = {}
    found: dict[str, list[LayerReport]] = {}
    for layer in reversed(subject.report.layers):
        readers = subject.readers.get(layer.path, ())
        if layer.path not in subject.outputs and all(reader.path in end for reader in readers):
            end[layer.path] = end[readers[0].path] if readers else layer.path
            found.setdefault(end[layer.path], []).append(layer)
    for layers in reversed(found.values()):
        # Layers are listed from the end: the first is where the path ends.
        places = {(layer.node.line, layer.node.column) for layer in layers}
        fixes = tuple(Fix("remove its line", *place) for place in places) if len(places) == 1 else ()
        yield Complaint(layers[0].node, _message(layers), fixes=fixes)


def _message(layers: list[LayerReport]) -> str:
    params, macs = sum(layer.params for layer in layers), sum(layer.facts.macs for layer in layers)
    cost = f" with {params:,} params and {macs:,} MACs" if params else ""
    lost = f"{len(layers)} layers{cost} are" if len(layers) > 1 else f"one layer{cost} is"
    return (
        f"nothing reads '{layers[0].path}' and it is not an output, so that {lost} for nothing; read it further down, "
        "name it in 'outputs:', or remove it"
    )
