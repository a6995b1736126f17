"""Networks that several tests need and that are not bundled, and what is wrong with others."""

import pytest

import cnncalc
from cnncalc.layers.base import Layer, make
from cnncalc.layers.merging import Add
from cnncalc.network.model import Network, Node, Row
from cnncalc.shapes import Shape

MNIST_NET = """
name: MNIST-Net
source: the network of torchsummaryX's README and torchinfo's tests; relu and pooling are functions there
input: 1x28x28
layers:
- {conv: 10, kernel: 5}
- {maxpool: 2}
- relu
- {conv: 20, kernel: 5}
- {maxpool: 2}
- relu
- flatten
- {fc: 50, activation: relu}
- {fc: 10}
expect: {params: 21840}
"""

EXAMPLE_NET = MNIST_NET.replace("1x28x28", "3x224x224").replace("21840", "2815340").replace("MNIST-Net", "torchstat's")


def one_layer(layer: Layer, *inputs: Shape) -> Network:
    """A network of one layer that is called by its kind, with an input for each shape: `a`, `b`, ..."""
    names = "abcdefgh"[: len(inputs)]
    node, row = Node(layer.kind, layer, tuple(names), 1), Row(layer.kind, "", 1, 0, 1, layer.kind)
    shapes = dict(zip(names, inputs, strict=True))
    return Network(layer.kind, "", "", False, "CHW", shapes, (node,), (row,), {layer.kind: layer.kind})


def of_one_layer(layer: Layer, *shapes: Shape, times: int = 10) -> Network:
    """A network by hand: the node `layer`, on inputs of these shapes that are some times as large before.

    Inputs are drawn from -1 to 1, where a relu6 or a hardswish does not show what it is.
    """
    inputs = {f"input{number}": shape for number, shape in enumerate(shapes, start=1)}
    larger = make(Add, shapes[0].rank)
    nodes = [Node(f"{name}_{times}", larger, (name,) * times, line=1) for name in inputs]
    nodes.append(Node("layer", layer, tuple(node.path for node in nodes), line=1))
    rows = tuple(Row(node.path, "", 1, number, number + 1, node.path) for number, node in enumerate(nodes))
    return Network("one layer", "", "", False, "CHW", inputs, tuple(nodes), rows, {"layer": "layer"})


def problems_of(text: str) -> list[str]:
    """What is wrong in a spec's text: `line:column: message` for each problem."""
    with pytest.raises(cnncalc.SpecError) as caught:
        cnncalc.analyze(text=text)
    return [f"{p.line}:{p.column}: {p.message}" for p in caught.value.problems]
