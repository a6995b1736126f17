"""A graph of ONNX while it grows: the one file that needs the package onnx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from cnncalc.formats.exporters.onnx_operators.base import Initializer, Operator, Stored, Tensor, Value, apply
from cnncalc.shapes import Shape

OPSET = 22
"""The version of ONNX's operators."""

OPSET_DRAWING = 21
"""The version for a graph that draws values: ONNX Runtime has those operators in no later one."""

IR_VERSION = 10
"""The version of ONNX's file format that came with these operators; older runtimes refuse a newer one."""


class Graph:
    """The inputs, operators and outputs of a network.

    Args:
        weights: the arrays of those that are stored in it, by name.
    """

    def __init__(self, weights: Mapping[str, Any]) -> None:
        self._weights = weights
        self._inputs: list[ValueInfoProto] = []
        self._outputs: list[ValueInfoProto] = []
        self._nodes: list[NodeProto] = []
        self._initializers: list[TensorProto] = []
        self._stored: set[str] = set()

    def take(self, name: str, shape: Shape) -> None:
        """Declare an input of the network."""
        self._inputs.append(_declared(name, (1, *shape.sizes())))

    def give(self, name: str, shape: Shape) -> None:
        """Declare a value as output."""
        self._outputs.append(_declared(name, (1, *shape.sizes())))

    def store(self, name: str, sizes: Sequence[int]) -> Stored:
        """Declare a weight, once for all its uses; without an array it is a further input of the graph."""
        if name not in self._stored:
            self._stored.add(name)
            if name in self._weights:
                self._initializers.append(numpy_helper.from_array(self._weights[name], name))
            else:
                self._inputs.append(_declared(name, sizes))
        return Stored(name)

    def add(self, path: str, value: Value) -> None:
        """Compute the value of a node; intermediate values are named after it, with a number."""
        last = value if isinstance(value, Operator) else apply("Identity", value)
        names: dict[int, str] = {}
        self._compute(last, [self._name(read, path, names) for read in last.inputs], path)

    def model(self, name: str) -> ModelProto:
        """The graph as a model."""
        graph = helper.make_graph(self._nodes, name, self._inputs, self._outputs, self._initializers)
        is_drawing = any(node.op_type.startswith("Random") for node in self._nodes)
        opset = helper.make_opsetid("", OPSET_DRAWING if is_drawing else OPSET)
        return helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION, producer_name="cnncalc")

    def _name(self, value: Value, path: str, names: dict[int, str]) -> str:
        """The name of a value; a value without a name joins the graph."""
        if isinstance(value, Tensor | Stored):
            return value.name
        if id(value) not in names:
            inputs = [self._name(read, path, names) for read in value.inputs] if isinstance(value, Operator) else []
            name = names[id(value)] = f"{path}:{len(names) + 1}"
            if isinstance(value, Operator):
                self._compute(value, inputs, name)
            else:
                self._initializers.append(_initializer(value, name))
        return names[id(value)]

    def _compute(self, operator: Operator, inputs: list[str], name: str) -> None:
        unused = [f"{name}:output{number}" for number in range(operator.output)]
        node = helper.make_node(operator.kind, inputs, [*unused, name], name)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in operator.attributes.items())
        self._nodes.append(node)


def _declared(name: str, sizes: Sequence[int]) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes)


def _initializer(given: Initializer, name: str) -> TensorProto:
    """A list of numbers, or one without axes."""
    values = given.values if isinstance(given.values, tuple) else (given.values,)
    sizes = [len(values)] if isinstance(given.values, tuple) else []
    whole = all(isinstance(value, int) for value in values)
    return helper.make_tensor(name, TensorProto.INT64 if whole else TensorProto.FLOAT, sizes, values)
