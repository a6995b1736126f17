"""Report → ONNX: the network as an ONNX model, channels first and with a batch of one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cnncalc.analysis.report import Report
from cnncalc.errors import ExecutionError, MissingExtra
from cnncalc.formats.exporters.onnx_operators import OPERATORS
from cnncalc.formats.exporters.onnx_operators.base import Tensor

if TYPE_CHECKING:
    from onnx import ModelProto


def onnx_model(
    report: Report, *, every_output: bool = False, weights: Mapping[tuple[str, str], Any] | None = None
) -> ModelProto:
    """The network of a report as an ONNX model.

    A value has the path of its node as name. Weights are named `conv1/weight`. They are stored if they are given;
    else they are inputs of the graph, so that a model is small, whatever its network.

    Args:
        report: the network with its shapes; its batch is left out.
        every_output: make the value of every node an output of the graph, not only those of the network.
        weights: an array of numpy for each weight, by its layer's path and its name.

    Raises:
        MissingExtra: the package onnx is not installed.
    """
    try:
        from cnncalc.formats.exporters.onnx_graph import Graph
    except ImportError as error:
        raise MissingExtra("onnx", "onnx") from error
    network = report.network
    graph = Graph({f"{path}/{name}": array for (path, name), array in (weights or {}).items()})
    for name, shape in network.inputs.items():
        graph.take(name, shape)
    for layer in report.layers:
        if not layer.layer.executed:
            raise ExecutionError(f"{layer.path}: ONNX has no operator for an opaque operation")
        stored = {name: graph.store(f"{layer.node.owner}/{name}", sizes) for name, sizes in layer.weight_shapes.items()}
        inputs = [Tensor(path, report.shapes[path]) for path in layer.node.inputs]
        graph.add(layer.path, OPERATORS[layer.kind](layer.layer, stored, *inputs))
    outputs = [node.path for node in network.nodes] if every_output else network.outputs.values()
    for path in dict.fromkeys(outputs):
        graph.give(path, report.shapes[path])
    return graph.model(network.name)
