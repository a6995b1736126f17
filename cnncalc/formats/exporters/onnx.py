"""Report → ONNX: the network as an ONNX model, channels first and with a batch of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnncalc.analysis.report import Report
from cnncalc.errors import ExecutionError, MissingExtra
from cnncalc.formats.exporters.onnx_operators import OPERATORS
from cnncalc.formats.exporters.onnx_operators.base import Tensor

if TYPE_CHECKING:
    from onnx import ModelProto


def onnx_model(report: Report, *, every_output: bool = False) -> ModelProto:
    """The network of a report as an ONNX model.

    A value has the path of its node as name. Weights are inputs of the graph, named `conv1/weight`:
    none is stored, so that a model is small, whatever its network.

    Args:
        report: the network with its shapes; its batch is left out.
        every_output: make the value of every node an output of the graph, not only those of the network.

    Raises:
        MissingExtra: the package onnx is not installed.
    """
    try:
        from cnncalc.formats.exporters.onnx_graph import Graph
    except ImportError as error:
        raise MissingExtra("onnx", "onnx") from error
    network, graph = report.network, Graph()
    for name, shape in network.inputs.items():
        graph.take(name, shape)
    for layer in report.layers:
        if not layer.layer.executed:
            raise ExecutionError(f"{layer.path}: ONNX has no operator for an opaque operation")
        weights = {
            name: graph.store(f"{layer.node.owner}/{name}", sizes) for name, sizes in layer.weight_shapes.items()
        }
        inputs = [Tensor(path, report.shapes[path]) for path in layer.node.inputs]
        graph.add(layer.path, OPERATORS[layer.kind](layer.layer, weights, *inputs))
    outputs = [node.path for node in network.nodes] if every_output else network.outputs.values()
    for path in dict.fromkeys(outputs):
        graph.give(path, report.shapes[path])
    return graph.model(network.name)
